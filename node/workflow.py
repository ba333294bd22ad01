"""The order of the process after the experts have scored: WHEN a session is in this state, THEN this command follows.

Check-in, briefing and scoring are started by people. From the last locked sheet on the centres continue by themselves:
each computes on its own, the host steps when all have reported the same.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from evaluation_room.desk import RoomDesk
from evaluation_room.session.session import Session
from evaluation_room.stages import UNATTENDED, Stage
from node.reports.signing_line import SigningLine
from records.errors import ConflictError, WrongStageError
from records.ids import CentreCode, SessionId


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One line of the table. `when` looks at the session as it is now, `then` is idempotent and changes that."""

    stage: Stage
    when: Callable[[Session], bool]
    then: Callable[[SessionId], object]


class Workflow:
    """Applies the table to a session whenever it has a new entry."""

    def __init__(self, *, room: RoomDesk, centre: CentreCode, signing: SigningLine) -> None:
        self._room = room
        self._centre = centre
        self._signing = signing
        self._rules: Sequence[Rule] = (
            Rule(stage=Stage.PRICE, when=self._tally_is_missing, then=room.compute_tally),
            Rule(stage=Stage.SCORE_CHECK, when=self._tally_is_old, then=room.compute_tally),
            Rule(stage=Stage.REPORT_DRAFT, when=self._report_is_missing, then=self._draw_up_report),
            Rule(stage=Stage.SIGNING, when=self._certification_is_missing, then=signing.certify),
            Rule(stage=Stage.SIGNING, when=self._all_members_signed, then=self._seal),
            *(Rule(stage=stage, when=self._host_may_go_on, then=self._go_on) for stage in UNATTENDED),
        )

    def advance(self, session: SessionId) -> None:
        """Apply every rule that holds, until none does. A finished step is not repeated."""
        while (rule := self._next(known := self._room.committed(session))) is not None:
            try:
                rule.then(session)
            except (WrongStageError, ConflictError):
                if self._room.frontier(session) == known.frontier:
                    raise
                # people moved the session meanwhile: look at it again

    def _next(self, session: Session) -> Rule | None:
        return next((rule for rule in self._rules if session.stage is rule.stage and rule.when(session)), None)

    # --- when ---------------------------------------------------------------------------------------------------

    def _is_host(self, session: Session) -> bool:
        return session.definition.host.code == self._centre

    def _host_may_go_on(self, session: Session) -> bool:
        return self._is_host(session) and not session.waiting_for()

    def _tally_is_missing(self, session: Session) -> bool:
        return session.state.all_locked and session.state.centres[self._centre].tally is None

    def _tally_is_old(self, session: Session) -> bool:
        """A mark was corrected since this centre computed."""
        state = session.state
        return state.all_locked and state.centres[self._centre].tally != state.tally().digest

    def _report_is_missing(self, session: Session) -> bool:
        return session.state.centres[self._centre].report is None

    def _certification_is_missing(self, session: Session) -> bool:
        return self._is_host(session) and not self._signing.is_certified(session)

    def _all_members_signed(self, session: Session) -> bool:
        waiting = {one.what for one in session.waiting_for()}
        return self._is_host(session) and waiting == {"report-not-sealed"}

    # --- then ---------------------------------------------------------------------------------------------------

    def _go_on(self, session: SessionId) -> None:
        known = self._room.session(session)
        target = known.definition.after(known.stage)
        assert target is not None
        self._room.enter_stage(session, target)

    def _draw_up_report(self, session: SessionId) -> None:
        report = self._signing.draw_up(self._room.session(session))
        self._room.confirm_report(session, report)

    def _seal(self, session: SessionId) -> None:
        sealed = self._signing.seal(self._room.session(session))
        report = self._room.session(session).state.report
        self._room.author(session, "report-sealed", {"report_digest": str(report), "sealed_digest": sealed})
