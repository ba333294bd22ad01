"""A consortium on one machine: a chain, its centres as separate processes, and their sign-in codes.

The demo and the end-to-end tests use it. There are no shortcuts: keys, trust file, contracts and configuration are made
in the operator's way, and the centres run `tongping up`.
"""

import http.client
import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

from cryptography.hazmat.primitives.serialization import Encoding

from chain_gateway.checkpoints import CentreEntry, origin_of
from chain_gateway.ledger.engines import profile
from chain_gateway.ledger.ledger import Ledger
from chain_gateway.ledger.rpc import address_of
from node import config as configuration
from node.demo.chains import Chain, EmbeddedChain
from node.demo.plan import OPERATOR, SUPERVISOR, Account, City, Plan
from node.foundation import open_access, open_journal, open_signing
from node.keys import CentreKeys, open_keys
from node.office.catalogue import experts
from records.actors import Role
from records.errors import UnavailableError
from records.ids import CentreCode, PersonId, instant
from signing.keys.authority import POLICIES, Profile, open_authority

START_SECONDS = 180.0
STOP_SECONDS = 10.0
VALIDITY = timedelta(days=365 * 10)
PIN_DIGITS = 6
COSIGNATURES = 1
"""The trust file's requirement: of the other two members one runs a centre here."""
AUTHORITY_NAME = "同评示例根证书"


@dataclass(slots=True, kw_only=True)
class World:
    """All processes of the consortium. `with World(plan) as world:` leaves nothing behind, whatever happens inside."""

    plan: Plan
    accounts: list[Account] = field(default_factory=list)
    chain: Chain | None = None
    """The folder of the contracts; without a chain, a ganache is started at the plan's port."""
    anchor_address: str = ""
    registry_address: str = ""
    _processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    def start(self) -> None:
        """Start from scratch: an earlier world in the same folder is removed first."""
        shutil.rmtree(self.plan.root, ignore_errors=True)
        self.plan.root.mkdir(parents=True)
        self.found()
        self.issue_codes()
        for city in self.plan.running:
            self.launch(city)
        for city in self.plan.running:
            self.await_answer(city)

    def found(self) -> None:
        """Make keys, start the chain, deploy the contracts, write the trust file and the configurations."""
        keys = {city.code: open_keys(self.plan.folder(city) / "keys", city.code) for city in self.plan.members}
        accounts = {code: address_of(key.chain_secret) for code, key in keys.items()}
        self.chain = self.chain or EmbeddedChain(port=self.plan.chain_port)
        self.chain.start(self.plan.root / "chain", self.plan.members, accounts)
        now = datetime.now(UTC)
        founding = [_entry(city, keys[city.code], now) for city in self.plan.members]
        ledger = Ledger.deploy(
            self.chain.rpc(self.plan.host.code),
            chain_id=self.chain.chain_id,
            account_key=keys[self.plan.host.code].chain_secret,
            engine=profile(self.chain.engine),
            founding=founding,
        )
        self.anchor_address, self.registry_address = ledger.anchor_address, ledger.registry_address
        _write_trust(self.plan, keys, ledger, now)
        for city in self.plan.running:
            _write_config(self.plan, city, keys, self._chain_section(city))

    def _chain_section(self, city: City) -> dict[str, str | int]:
        assert self.chain is not None
        return {
            "rpc": self.chain.rpc(city.code),
            "chain_id": self.chain.chain_id,
            "anchor": self.anchor_address,
            "registry": self.registry_address,
            "engine": self.chain.engine,
        }

    def launch(self, city: City) -> None:
        """Start a centre's process, in its own group so that it can be stopped by its id."""
        log = (self.plan.folder(city) / "node.log").open("ab")
        command = [sys.executable, "-m", "node", "up", "--config", str(self.plan.config(city))]
        with log:
            self._processes[city.code] = subprocess.Popen(  # noqa: S603 - the command is ours
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )

    def await_answer(self, city: City) -> None:
        """Wait until a centre answers. UnavailableError: node-died, node-silent."""
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if self._processes[city.code].poll() is not None:
                raise UnavailableError("node-died", centre=city.code, log=str(self.plan.folder(city) / "node.log"))
            if _answers(city):
                return
            time.sleep(0.1)
        raise UnavailableError("node-silent", centre=city.code, seconds=int(START_SECONDS))

    def kill(self, city: City) -> None:
        """SIGKILL: the same end as in a power cut."""
        process = self._processes[city.code]
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def end(self, city: City) -> None:
        """SIGTERM, and wait until the process has ended."""
        _end(self._processes[city.code])

    def restart(self, city: City) -> None:
        self.launch(city)
        self.await_answer(city)

    def issue_codes(self) -> None:
        """A new one-time sign-in code for everybody; PINs stay as first issued."""
        pins = {(one.centre, one.person): one.pin for one in self.accounts}
        issued = [account for city in self.plan.running for account in _issue_codes(self.plan, city)]
        self.accounts = [replace(one, pin=one.pin or pins.get((one.centre, one.person), "")) for one in issued]

    def account(self, centre: str, person: str) -> Account:
        """A person's sign-in code and PIN."""
        return next(one for one in self.accounts if one.centre == centre and one.person == person)

    def check(self) -> None:
        """Raise when a part has ended by itself."""
        if self.chain is not None:
            self.chain.check()
        for city in self.plan.running:
            process = self._processes.get(city.code)
            if process is not None and process.poll() is not None:
                raise UnavailableError("node-died", centre=city.code, log=str(self.plan.folder(city) / "node.log"))

    def stop(self) -> None:
        """Stop every process and wait for it. Stopping twice does nothing."""
        for process in self._processes.values():
            _signal(process, signal.SIGTERM)
        for process in self._processes.values():
            _end(process)
        self._processes.clear()
        if self.chain is not None:
            self.chain.stop()


def _end(process: subprocess.Popen[bytes]) -> None:
    _signal(process, signal.SIGTERM)
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        _signal(process, signal.SIGKILL)
        process.wait()


def _signal(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    try:
        os.killpg(process.pid, number)
    except ProcessLookupError:
        return


def _answers(city: City) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", city.port, timeout=2)
    try:
        connection.request("GET", "/api/v1/access/me")
        return connection.getresponse().status > 0
    except OSError:
        return False
    finally:
        connection.close()


def _entry(city: City, keys: CentreKeys, now: datetime) -> CentreEntry:
    account = address_of(keys.chain_secret)
    return CentreEntry(
        code=city.code,
        log_account=account,
        witness_account=account,
        endpoint=city.url,
        verifier_key=keys.log_verifier,
        witness_key=keys.witness_verifier,
        valid_from=now - timedelta(days=1),
        valid_until=now + VALIDITY,
    )


def _write_trust(plan: Plan, keys: dict[CentreCode, CentreKeys], ledger: Ledger, now: datetime) -> None:
    authority = open_authority(plan.root / "authority", name=AUTHORITY_NAME, now=now)
    root = authority.certificate.public_bytes(Encoding.PEM).decode()
    centres = [
        {
            "code": city.code,
            "name_zh": city.name_zh,
            "name_en": city.name_en,
            "origin": origin_of(city.code),
            "log_key": keys[city.code].log_verifier,
            "witness_keys": [_witness_key(keys[city.code], now)],
            "entry_key": keys[city.code].entry_point,
            "valid_from": instant(now - timedelta(days=1)),
            "valid_until": instant(now + VALIDITY),
            "issues": {
                "ca": [root],
                "expert_policies": [POLICIES[Profile.EXPERT]],
                "seal_policies": [POLICIES[Profile.SEAL]],
            },
        }
        for city in plan.members
    ]
    chain = {
        "chain_id": ledger.chain_id,
        "genesis": ledger.genesis,
        "anchor": ledger.anchor_address,
        "registry": ledger.registry_address,
    }
    trust = {"centres": centres, "ca": [root], "tsa": [root], "chain": chain, "policy": {"cosignatures": COSIGNATURES}}
    plan.trust.write_text(json.dumps(trust, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def _witness_key(keys: CentreKeys, now: datetime) -> dict[str, str]:
    return {
        "key": keys.witness_verifier,
        "valid_from": instant(now - timedelta(days=1)),
        "valid_until": instant(now + VALIDITY),
    }


def _write_config(plan: Plan, city: City, keys: dict[CentreCode, CentreKeys], chain: dict[str, str | int]) -> None:
    storage: dict[str, str | int] = {"database": "node.db", "files": "files", "keys": "keys"}
    if plan.samples is not None:
        storage["samples"] = str(plan.samples.resolve())
    sections: list[tuple[str, dict[str, str | int]]] = [
        ("[centre]", _names(city)),
        ("[server]", {"port": city.port, "origin": city.origin}),
        ("[storage]", storage),
        ("[seal]", {"authority": str((plan.root / "authority").resolve())}),
        ("[chain]", chain),
    ]
    sections += [
        (
            "[[peers]]",
            {
                **_names(peer),
                "url": peer.url,
                "entry_key": keys[peer.code].entry_point,
                "log_key": keys[peer.code].log_verifier,
                "witness_key": keys[peer.code].witness_verifier,
            },
        )
        for peer in plan.running
        if peer != city
    ]
    top = f'# {city.name_en}: all that tells it from any other.\ndemo = true\ntrust = "../trust.json"\n'
    body = "".join(f"\n{title}\n" + "".join(f"{k} = {_toml(v)}\n" for k, v in rows.items()) for title, rows in sections)
    plan.config(city).write_text(top + body, encoding="utf-8")


def _names(city: City) -> dict[str, str | int]:
    return {
        "code": city.code,
        "name_zh": city.name_zh,
        "name_en": city.name_en,
        "city_zh": city.city_zh,
        "city_en": city.city_en,
    }


def _toml(value: str | int) -> str:
    return json.dumps(value, ensure_ascii=False)  # a JSON string or integer is a TOML one


def _issue_codes(plan: Plan, city: City) -> list[Account]:
    """One-time codes for the staff and every expert of the city; a first code comes with a signing key and its PIN."""
    settings = configuration.load(plan.config(city), environment={})
    journal = open_journal(settings)
    access, signing = open_access(settings, journal), open_signing(settings, journal)
    try:
        issued = []
        for one in _people(settings.storage.samples, city):
            code = access.issue_code(person=one.person, name=one.name, role=one.role)
            pin = ""
            if one.role is Role.EXPERT and not signing.signers.has(one.person):
                pin = _new_pin()
                signing.enrol_signer(one.person, name=one.name, pin=pin)
            issued.append(replace(one, code=code, pin=pin))
        return issued
    finally:
        journal.engine.dispose()


def _new_pin() -> str:
    return f"{secrets.randbelow(10**PIN_DIGITS):0{PIN_DIGITS}}"


def _people(samples: Path, city: City) -> list[Account]:
    return [
        Account(centre=city.code, person=PersonId(OPERATOR), name=f"{city.city_zh}经办人", role=Role.OPERATOR),
        Account(centre=city.code, person=PersonId(SUPERVISOR), name=f"{city.city_zh}监督人员", role=Role.SUPERVISOR),
        *(
            Account(centre=city.code, person=one.id, name=one.name, role=Role.EXPERT)
            for one in experts.read(samples / f"experts-{city.code.lower()}.json").all()
        ),
    ]
