"""The desk of two cities: one line per report, one turn at a time, keys where they belong, nothing signed unseen."""

from datetime import timedelta
from pathlib import Path

import pytest

from records import canonical
from records.errors import (
    ConflictError,
    EvidenceMismatchError,
    InvalidRecordError,
    NotFoundError,
    NotPermittedError,
    UnavailableError,
    WrongStageError,
)
from records.ids import SeatId, SessionId, digest
from signing.keys.identity import Identity
from signing.pdf.intents import Opinion
from signing.pdf.verify import RequiredSigners
from signing.report.document import draft
from tests.integration.signing.centres import (
    JN,
    PIN,
    SEATS,
    SESSION,
    XA,
    Cities,
    City,
    SealOverWire,
    city,
    failed,
    newest,
    person,
)
from tests.integration.signing.conftest import Played
from tests.unit.signing.material import FONTS, report_data

FIRST, GUEST = SeatId("JN-1"), SeatId("XA-1")


def types(one: City) -> list[str]:
    return [entry.type for entry in one.journal.find(session=SESSION)]


# ---- the draft


def test_both_cities_draft_the_same_report(cities: Cities) -> None:
    assert cities.host.desk.state(SESSION).report_digest == cities.guest.desk.state(SESSION).report_digest
    assert cities.host.desk.report(SESSION) == draft(report_data(), fonts=FONTS).pdf


def test_the_same_draft_again_says_nothing_new(cities: Cities) -> None:
    before = types(cities.guest)

    cities.guest.desk.take_draft(SESSION, report_data())

    assert types(cities.guest) == before == ["report.drafted.v1"]


def test_other_data_for_the_same_session_are_refused(cities: Cities) -> None:
    with pytest.raises(ConflictError, match="report-already-drafted"):
        cities.host.desk.take_draft(SESSION, report_data() | {"tenderer": "另一个"})


def test_a_session_that_went_back_drafts_anew_and_the_signatures_before_count_no_more(cities: Cities) -> None:
    desk = cities.host.desk
    first = desk.state(SESSION).report_digest
    desk.certify(SESSION)
    changed = report_data() | {"tenderer": "另一个"}
    second = desk.take_draft(SESSION, changed, anew=True)
    assert desk.take_draft(SESSION, changed, anew=True) == second != first
    state = desk.state(SESSION)
    assert (state.report_digest, state.certified) == (second, False)
    assert all(signer.certificate is None for signer in state.signers)
    assert desk.report(SESSION) == draft(changed, fonts=FONTS).pdf
    desk.certify(SESSION)
    assert desk.state(SESSION).certified


def test_a_report_that_is_not_there_is_not_found(cities: Cities) -> None:
    with pytest.raises(NotFoundError, match="report-unknown"):
        cities.host.desk.state(SessionId("E3701000076012345001-9"))


def test_a_file_changed_on_disk_is_an_alarm(cities: Cities, tmp_path: Path) -> None:
    digest = cities.host.desk.state(SESSION).report_digest
    (tmp_path / "JN" / "files" / digest.removeprefix("sha256:")).write_bytes(b"another report")

    with pytest.raises(EvidenceMismatchError, match="file-changed"):
        cities.host.desk.report(SESSION)


# ---- the whole line


def test_the_journal_tells_the_line_in_order(played: Played) -> None:
    applied = played.cities.host.journal.find(type="report.signature-applied.v1", session=SESSION)

    assert [entry.body["field"] for entry in applied] == [
        "platform", "expert-JN-1", "expert-JN-2", "expert-JN-3", "expert-XA-1", "expert-XA-2", "seal-XA", "seal-JN",
    ]  # fmt: skip
    assert types(played.cities.host)[-1] == "report.sealed.v2"


def test_the_record_of_the_seal_names_digests_and_signers(played: Played) -> None:
    (entry,) = played.cities.host.journal.find(type="report.sealed.v2", session=SESSION)
    state = played.cities.host.desk.state(SESSION)

    assert entry.body == {
        "sealed_digest": state.sealed_digest,
        "report_digest": state.report_digest,
        "data_digest": digest(canonical.encode(report_data())),
        "size": len(played.pdf),
        "signatures": [one.field for one in state.signers],
        "host": "JN",
        "guests": ["XA"],
        "title": state.title,
    }


def test_no_record_of_signing_names_a_person(played: Played) -> None:
    entries = played.cities.host.journal.find(session=SESSION)

    assert not any("示例专家".encode() in entry.record for entry in entries)


def test_sealing_again_changes_nothing(played: Played) -> None:
    before = types(played.cities.host)

    again = played.cities.host.desk.seal(SESSION, {})

    assert again == played.cities.host.desk.state(SESSION).sealed_digest
    assert types(played.cities.host) == before


# ---- turns


def test_a_member_does_not_sign_before_the_certification(tmp_path: Path) -> None:
    cities = Cities.open(tmp_path)
    cities.draft()

    with pytest.raises(WrongStageError, match="signature-not-yet"):
        cities.sign(FIRST)


def test_nobody_seals_before_all_members_have_signed(cities: Cities) -> None:
    cities.sign(FIRST)

    with pytest.raises(WrongStageError, match="signature-not-yet"):
        cities.seal()


def test_nobody_signs_twice(cities: Cities) -> None:
    cities.sign(FIRST)

    with pytest.raises(ConflictError, match="already-signed"):
        cities.sign(FIRST)


def test_while_one_signs_the_others_wait(cities: Cities) -> None:
    cities.host.desk.begin(SESSION, "expert-JN-1", cities.host.desk.signers.identity(person(FIRST)))

    with pytest.raises(ConflictError, match="report-busy"):
        cities.sign(GUEST)


def test_a_turn_not_used_ends_by_itself_and_is_lost(cities: Cities) -> None:
    desk = cities.host.desk
    signer = desk.signers.open(person(FIRST), PIN)
    offer = desk.begin(SESSION, "expert-JN-1", signer.identity)
    cities.clock.pass_by(timedelta(seconds=61))

    cities.sign(GUEST)

    with pytest.raises(ConflictError, match="signature-not-begun"):
        desk.finish(SESSION, "expert-JN-1", signer.sign(offer.to_be_signed, document=b"", field=""))


def test_a_turn_is_not_prolonged_by_beginning_again(cities: Cities) -> None:
    desk = cities.host.desk
    identity = desk.signers.identity(person(FIRST))
    for _ in range(5):
        desk.begin(SESSION, "expert-JN-1", identity)
        cities.clock.pass_by(timedelta(seconds=13))

    cities.sign(GUEST)

    assert [one.field for one in desk.state(SESSION).signers if one.signed] == ["expert-XA-1"]


def test_whoever_let_a_turn_pass_stands_back_while_others_may_sign(cities: Cities) -> None:
    desk = cities.host.desk
    identity = desk.signers.identity(person(FIRST))
    desk.begin(SESSION, "expert-JN-1", identity)
    cities.clock.pass_by(timedelta(seconds=61))

    with pytest.raises(ConflictError, match="report-busy"):
        desk.begin(SESSION, "expert-JN-1", identity)
    cities.clock.pass_by(timedelta(seconds=60))
    cities.sign(FIRST)

    assert [one.field for one in desk.state(SESSION).signers if one.signed] == ["expert-JN-1"]


def test_what_was_only_begun_leaves_no_file(cities: Cities) -> None:
    desk = cities.host.desk
    folder = desk._files.directory
    before = {path.name for path in folder.iterdir()}
    desk.begin(SESSION, "expert-JN-1", desk.signers.identity(person(FIRST)))
    cities.clock.pass_by(timedelta(seconds=1))

    cities.sign(FIRST)

    added = {path.name for path in folder.iterdir()} - before
    assert len(added) == 1  # the revision with the signature


def test_a_signature_begun_twice_is_finished_on_the_second(cities: Cities) -> None:
    desk = cities.host.desk
    signer = desk.signers.open(person(FIRST), PIN)
    desk.begin(SESSION, "expert-JN-1", signer.identity)
    cities.clock.pass_by(timedelta(seconds=1))

    cities.sign(FIRST)

    assert [one.field for one in desk.state(SESSION).signers if one.signed] == ["expert-JN-1"]


def test_a_signature_that_is_not_the_signers_is_refused_and_the_turn_goes_on(cities: Cities) -> None:
    desk = cities.host.desk
    identity = desk.signers.identity(person(FIRST))
    offer = desk.begin(SESSION, "expert-JN-1", identity)
    other = desk.signers.open(person(SeatId("JN-2")), PIN)

    with pytest.raises(EvidenceMismatchError, match="signature-invalid"):
        desk.finish(SESSION, "expert-JN-1", other.sign(offer.to_be_signed, document=b"", field=""))

    own = desk.signers.open(person(FIRST), PIN)
    desk.finish(SESSION, "expert-JN-1", own.sign(offer.to_be_signed, document=b"", field=""))
    assert desk.state(SESSION).signers[0].signed


def test_a_restart_between_begin_and_finish_loses_nothing(cities: Cities, tmp_path: Path) -> None:
    signer = cities.host.desk.signers.open(person(FIRST), PIN)
    offer = cities.host.desk.begin(SESSION, "expert-JN-1", signer.identity)

    restarted = city(tmp_path / "JN", JN, cities.clock).desk
    restarted.finish(SESSION, "expert-JN-1", signer.sign(offer.to_be_signed, document=b"", field=""))

    assert restarted.state(SESSION).signers[0].signed


def test_without_time_there_is_no_signature_and_the_turn_goes_on(
    cities: Cities, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = cities.host.desk
    signer = desk.signers.open(person(FIRST), PIN)
    offer = desk.begin(SESSION, "expert-JN-1", signer.identity)
    signature = signer.sign(offer.to_be_signed, document=b"", field="")
    with monkeypatch.context() as cut:
        cut.setattr(desk, "_timestamps", lambda _: b"")
        with pytest.raises(UnavailableError, match="timestamp-unavailable"):
            desk.finish(SESSION, "expert-JN-1", signature)

    desk.finish(SESSION, "expert-JN-1", signature)

    assert desk.state(SESSION).signers[0].signed


def test_a_signer_without_a_revocation_list_is_refused(cities: Cities) -> None:
    bare = Identity.from_wire(cities.host.desk.signers.identity(person(FIRST)).to_wire() | {"crls": []})

    with pytest.raises(InvalidRecordError, match="revocation-list-missing"):
        cities.host.desk.begin(SESSION, "expert-JN-1", bare)


def test_a_field_that_is_not_on_the_report_is_not_found(cities: Cities) -> None:
    with pytest.raises(NotFoundError, match="field-unknown"):
        cities.host.desk.begin(SESSION, "expert-DL-1", cities.host.desk.seal_identity)


# ---- seals, refusals, dissent


def test_sealing_goes_on_where_it_was_interrupted(cities: Cities) -> None:
    for seat in SEATS:
        cities.sign(seat)
    with pytest.raises(NotPermittedError, match="seal-missing"):
        cities.host.desk.seal(SESSION, {})

    pdf = cities.seal()

    assert failed(pdf, cities.roots) == set()


def test_a_member_who_refused_is_sealed_without(cities: Cities) -> None:
    for seat in SEATS:
        if seat != GUEST:
            cities.sign(seat)
    excused = frozenset({"expert-XA-1"})

    cities.host.desk.seal(SESSION, {XA: SealOverWire(cities.guest.desk)}, excused=excused)

    pdf = cities.host.desk.sealed(SESSION)
    (record,) = cities.host.journal.find(type="report.sealed.v2", session=SESSION)
    fields = tuple(one.field for one in cities.host.desk.state(SESSION).signers)
    assert record.body["excused"] == ["expert-XA-1"]
    assert failed(pdf, cities.roots, RequiredSigners(fields=fields, excused=excused)) == set()
    assert "pdf.required-signers" in failed(pdf, cities.roots)


def test_a_dissent_stands_in_the_signature_itself(cities: Cities) -> None:
    cities.sign(GUEST, Opinion.read("dissent", "对 B2 的业绩认定有不同意见"))

    signed = newest(cities)
    (signature,) = [one for one in signed.embedded_signatures if one.field_name == "expert-XA-1"]
    assert signature.sig_object["/Reason"] == "持不同意见：对 B2 的业绩认定有不同意见"


@pytest.mark.parametrize(
    ("decision", "reason"), [("dissent", " "), ("refuse", "no"), ("", ""), ("dissent", "长" * 1001)]
)
def test_an_opinion_that_is_none_is_refused(decision: str, reason: str) -> None:
    with pytest.raises(InvalidRecordError, match="opinion-invalid"):
        Opinion.read(decision, reason)


def test_the_guest_keeps_the_sealed_file_of_its_own_report(played: Played) -> None:
    kept = played.cities.guest.desk.take_sealed(SESSION, played.pdf)

    assert played.cities.guest.desk.sealed(SESSION) == played.pdf
    assert played.cities.guest.desk.take_sealed(SESSION, played.pdf) == kept
    assert types(played.cities.guest) == ["report.drafted.v1", "report.sealed.v2"]


def test_the_guest_does_not_keep_a_seal_on_another_report(cities: Cities) -> None:
    other = draft(report_data() | {"tenderer": "另一个"}, fonts=FONTS)

    with pytest.raises(EvidenceMismatchError, match="not-our-report"):
        cities.guest.desk.take_sealed(SESSION, other.pdf)
