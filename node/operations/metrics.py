"""The centre's figures for Prometheus, on a port of the loopback interface: sizes, lags and counts, never a name."""

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Final

from prometheus_client import CollectorRegistry, start_http_server
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from chain_gateway.monitor.alarms import AlarmName, Severity, severity
from node.centre import Centre
from node.operations.log_lines import follower_name
from records.errors import UnavailableError

LOOPBACK: Final = "127.0.0.1"


class Figures(Collector):
    """Read anew at every request; the chain's values are those of the monitor's last round."""

    def __init__(self, centre: Centre) -> None:
        self._centre = centre

    def describe(self) -> Iterator[Metric]:
        """Nothing is read before the first request."""
        return iter(())

    def collect(self) -> Iterator[Metric]:
        yield from self._log()
        yield from self._alarms()
        yield from self._followers()

    def _log(self) -> Iterator[Metric]:
        memory, sweep = self._centre.monitor_loop.monitor.memory, self._centre.monitor_loop.monitor.sweep
        latest = self._centre.gateway.anchor.latest() if self._centre.gateway else None
        size, anchored = self._centre.journal.size(), latest.size if latest else 0
        yield _gauge("tongping_entries", "Entries of the journal.", size)
        yield _gauge("tongping_anchored_entries", "Entries under the last anchored checkpoint.", anchored)
        yield _gauge("tongping_anchor_lag_entries", "Entries not anchored yet.", size - anchored)
        if memory.head is not None:
            yield _gauge(
                "tongping_chain_head_entries", "Size of the head on the chain, as last read.", memory.head.size
            )
        cosigned = GaugeMetricFamily(
            "tongping_cosigned_entries", "Size of the head that a witness cosigned last.", labels=["witness"]
        )
        for one in memory.cosignatures:
            cosigned.add_metric([one.witness], one.size)
        yield cosigned
        yield _gauge(
            "tongping_sweep_position", "Entries that the present check of the journal has read.", sweep.position
        )
        passes = CounterMetricFamily("tongping_sweep_passes", "Finished checks of the whole journal.")
        passes.add_metric([], sweep.passes)
        yield passes

    def _alarms(self) -> Iterator[Metric]:
        """Every name, even with none open: an absent figure would look like good news."""
        opened = Counter((alarm.name, alarm.severity) for alarm in self._centre.alarms.open())
        family = GaugeMetricFamily("tongping_alarms", "Open alarms.", labels=["alarm", "severity"])
        usual = {(name, severity(name, "")) for name in AlarmName} | {(AlarmName.KEY_EXPIRY, Severity.WARNING)}
        for name, level in sorted(usual | set(opened)):
            family.add_metric([name, level], opened[name, level])
        yield family

    def _followers(self) -> Iterator[Metric]:
        """The messages to all other centres as one: who waits for one alone is the guest of an evaluation."""
        position = GaugeMetricFamily("tongping_follower_position", "Entries handled.", labels=["follower"])
        lag = GaugeMetricFamily("tongping_follower_lag", "Entries still to come.", labels=["follower"])
        stopped = GaugeMetricFamily("tongping_follower_stopped", "1 when an error stopped it.", labels=["follower"])
        states = [follower.state for follower in self._centre.followers]
        for name in dict.fromkeys(follower_name(state.name) for state in states):
            found = [state for state in states if follower_name(state.name) == name]
            position.add_metric([name], min(state.position for state in found))
            lag.add_metric([name], max(state.lag for state in found))
            stopped.add_metric([name], int(any(state.stopped is not None for state in found)))
        yield from (position, lag, stopped)


def _gauge(name: str, help_: str, value: int) -> Metric:
    family = GaugeMetricFamily(name, help_)
    family.add_metric([], value)
    return family


def serve(centre: Centre, port: int) -> Callable[[], None]:
    """Serve `http://127.0.0.1:<port>/metrics` until the returned function is called.

    Never behind the centre's own port: behind a proxy every client would look like this machine.
    UnavailableError("port-in-use").
    """
    registry = CollectorRegistry()
    registry.register(Figures(centre))
    try:
        server, thread = start_http_server(port, addr=LOOPBACK, registry=registry)
    except OSError as error:
        raise UnavailableError("port-in-use", host=LOOPBACK, port=port) from error

    def end() -> None:
        server.shutdown()
        server.server_close()
        thread.join()

    return end
