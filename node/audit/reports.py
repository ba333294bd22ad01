"""The signing tables as derived from the records, and the files of reports and bids under their digests."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature

from journal.expected_rows import Derived, Key, Row, read
from records import facts
from records.alteration import ABSENT, Alteration
from records.errors import TongpingError
from signing.keys.holders import public_key
from signing.keys.identity import Identity
from signing.report.signature_page import PLATFORM_FIELD

Found = Any
"""Any: the value of a column."""


class Reports:
    """Takes records in their order; afterwards it knows reports and signatures."""

    def __init__(self) -> None:
        self._drafted: dict[str, tuple[int, bytes, dict[str, Any]]] = {}
        self._signed: dict[str, list[tuple[int, bytes, dict[str, Any]]]] = {}
        self._sealed: dict[str, tuple[int, bytes, dict[str, Any]]] = {}
        self._writes: dict[str, int] = {}
        """How often at least a session's row was written for superseded drafts."""
        self.derives = {
            facts.REPORT_DRAFTED: self._draft,
            facts.REPORT_SIGNATURE_APPLIED: self._signature,
            **dict.fromkeys(facts.SEALINGS, self._seal),
        }

    def _draft(self, index: int, record: bytes, salt: bytes) -> None:
        """A second draft belongs to a session that went back: the signatures before it no longer count."""
        value = read(record)
        session = value["session"]
        if session in self._drafted:
            self._writes[session] = self._writes.get(session, 0) + 1 + len(self._signed.pop(session, []))
        self._drafted[session] = (index, salt, value)

    def _signature(self, index: int, record: bytes, salt: bytes) -> None:
        value = read(record)
        self._signed.setdefault(value["session"], []).append((index, salt, value))

    def _seal(self, index: int, record: bytes, salt: bytes) -> None:
        value = read(record)
        self._sealed[value["session"]] = (index, salt, value)

    @property
    def reports(self) -> dict[Key, Derived]:
        return {(session,): self._report(session) for session in self._drafted}

    def _report(self, session: str) -> Derived:
        index, salt, drafted = self._drafted[session]
        body, steps, sealed = drafted["body"], self._signed.get(session, []), self._sealed.get(session)
        current = steps[-1][2]["body"]["revision"] if steps else body["report_digest"]
        columns: dict[str, object] = {
            "session": session,
            "data": body["data_digest"],
            "draft": body["report_digest"],
            "current": current,
            "sealed": "",
        }
        before = self._writes.get(session, 0)
        written = before + 1 + len(steps)
        if steps:
            index, salt = steps[-1][0], steps[-1][1]
        if sealed is not None:
            index, salt, value = sealed
            digest = value["body"]["sealed_digest"]
            excused = value["body"].get("excused", [])
            columns |= {"current": digest, "sealed": digest, "excused": json.dumps(excused)}
            if value["type"] == facts.REPORT_SEALED:
                columns["data"] = value["body"]["data_digest"]
            written += 1
            most = written + len(excused) + (1000 if before else 0)
        else:
            most = written + 1000
        columns["version"] = lambda found: found if written <= found <= most else written
        return Derived(index=index, salt=salt, columns=columns)

    @property
    def signatures(self) -> dict[Key, Derived]:
        return {
            (session, value["body"]["field"]): Derived(
                index=index,
                salt=salt,
                columns={
                    "session": session,
                    "field": value["body"]["field"],
                    "place": place,
                    "at": value["at"],
                    "identity": _identity(value["body"]["certificate"]),
                },
            )
            for session, steps in self._signed.items()
            for place, (index, salt, value) in enumerate(steps)
        }


def _identity(fingerprint: str) -> object:
    """The column holds the certificate named by the record, with the issuers and lists that really issued it."""

    def expected(found: Found) -> object:
        try:
            identity = Identity.from_wire(json.loads(found))
            same = json.dumps(identity.to_wire()) == found
            if same and identity.fingerprint == fingerprint and _issued(identity):
                return found
        except (TongpingError, ValueError, TypeError, AttributeError, KeyError, InvalidSignature):
            pass
        return f"the certificate {fingerprint}, issued by its chain"

    return expected


def _issued(identity: Identity) -> bool:
    """Every certificate, up to the self-signed root, and every list is signed by its issuer."""
    line = [identity.x509, *(x509.load_der_x509_certificate(issuer) for issuer in identity.chain)]
    for below, above in zip(line, [*line[1:], line[-1]], strict=True):
        below.verify_directly_issued_by(above)  # the root issues itself
    lists = [x509.load_der_x509_crl(crl) for crl in identity.crls]
    issuers = {one.subject: one.public_key() for one in line[1:]}
    return all(crl.issuer in issuers and crl.is_signature_valid(issuers[crl.issuer]) for crl in lists)  # type: ignore[arg-type]  # a key of a kind that issues


def signed_for_two(rows: Iterable[Row]) -> Iterator[Alteration]:
    """Signatures of one report under one key that are two people's or centres'; the host's seal also certified it."""
    by_session: dict[str, dict[str, Identity]] = {}
    for row in rows:
        try:
            identity = Identity.from_wire(json.loads(row["identity"]))
        except (TongpingError, ValueError, TypeError, AttributeError):
            continue  # reported where the row is compared with its record
        by_session.setdefault(row["session"], {})[row["field"]] = identity
    for session, signed in by_session.items():
        first: dict[bytes, str] = {}
        for name, identity in signed.items():
            if name == PLATFORM_FIELD:
                continue
            other = first.setdefault(public_key(identity.certificate), name)
            if other != name:
                found = f"the key that also signed {other}"
                where = f"table signing_signature, report {session}, {name}"
                yield Alteration(where=where, field="identity", expected="a key of its own", found=found)


def report_files(rows: Iterable[Row], directory: Path) -> Iterator[Alteration]:
    """The files that the reports name, under their digests."""
    for row in rows:
        for name in ("data", "draft", "current", "sealed"):
            if row[name]:
                yield from _file(directory / str(row[name]).removeprefix("sha256:"), f"report {row['session']}", name)


def bid_files(tenders: Iterable[Mapping[str, Any]], directory: Path) -> Iterator[Alteration]:
    """The bid files that the registered tenders name (any: as the table holds them)."""
    for tender in tenders:
        for bidder in tender.get("bidders", []):
            for document in bidder.get("documents", []):
                digest = str(document.get("sha256", "")).removeprefix("sha256:")
                yield from _file(directory / f"{digest}.pdf", f"bid file of {tender.get('project')}", "file")


def _file(path: Path, where: str, field: str) -> Iterator[Alteration]:
    try:
        found = hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        found = ABSENT
    if found != path.stem:
        yield Alteration(where=f"{where}, {path.name[:16]}…", field=field, expected=path.stem, found=found)
