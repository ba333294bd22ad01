"""Keys that lie in another city: nothing is signed there unseen, by an expert's key or by the centre's seal."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from pyhanko.pdf_utils.generic import StreamObject

from records.errors import EvidenceMismatchError, UnavailableError
from records.ids import SeatId, SessionId
from signing.keys.identity import Identity
from signing.line import Offer
from signing.pdf.intents import AGREED, Opinion
from tests.integration.signing.centres import PIN, SESSION, Cities, newest, person
from tests.integration.signing.tampering import with_page_entry

FIRST, GUEST = SeatId("JN-1"), SeatId("XA-1")


@dataclass(frozen=True, slots=True)
class Dishonest:
    """A host that offers the guest a wrong document."""

    cities: Cities
    kind: str

    def begin(self, session: SessionId, field: str, identity: Identity, opinion: Opinion) -> Offer:
        desk = self.cities.host.desk
        if self.kind == "other-opinion":
            return desk.begin(session, field, identity, Opinion.read("dissent", "never said"))
        if self.kind == "changed-report":
            return on_changed_report(self.cities, field, identity)
        offer = desk.begin(session, field, identity, opinion)
        if self.kind == "other-bytes":
            return Offer(document=offer.document, to_be_signed=offer.to_be_signed[:-1] + b"\x00")
        if self.kind == "other-report":
            return Offer(document=desk.report(session), to_be_signed=offer.to_be_signed)
        self.cities.clock.pass_by(timedelta(minutes=6))
        return offer

    def finish(self, session: SessionId, field: str, signature: bytes) -> None:
        self.cities.host.desk.finish(session, field, signature)


def on_changed_report(cities: Cities, field: str, identity: Identity) -> Offer:
    """A signature begun on the certified report, a page of which was replaced by an update."""
    desk = cities.host.desk
    certified = newest(cities).stream
    certified.seek(0)
    changed = with_page_entry(certified.read(), "/Contents", StreamObject(stream_data=b"BT (B2 won) Tj ET"))
    data = desk._data(desk._load(SESSION))
    begun = desk._begin_on(changed, cities.clock(), data=data, field=field, identity=identity, opinion=AGREED)
    return Offer(document=begun.document, to_be_signed=begun.to_be_signed)


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("other-opinion", "not-our-signature"),
        ("other-bytes", "not-our-signature"),
        ("other-report", "not-our-report"),
        ("changed-report", "changed-report"),
    ],
)
def test_a_guests_key_signs_only_what_the_guest_would_have_made(cities: Cities, kind: str, code: str) -> None:
    with pytest.raises(EvidenceMismatchError) as caught:
        cities.guest.desk.sign_as(person(GUEST), PIN, SESSION, GUEST, host=Dishonest(cities, kind), opinion=AGREED)

    assert caught.value.code == code
    assert not any(one.signed for one in cities.host.desk.state(SESSION).signers)


def test_a_signature_of_another_time_is_begun_anew(cities: Cities) -> None:
    with pytest.raises(UnavailableError, match="signature-time-off"):
        cities.guest.desk.sign_as(person(GUEST), PIN, SESSION, GUEST, host=Dishonest(cities, "late"), opinion=AGREED)

    assert not any(one.signed for one in cities.host.desk.state(SESSION).signers)


def test_the_guests_seal_does_not_sign_another_field(cities: Cities) -> None:
    identity = cities.guest.desk.signers.identity(person(GUEST))
    offer = cities.host.desk.begin(SESSION, "expert-XA-1", identity)

    with pytest.raises(EvidenceMismatchError, match="not-our-signature"):
        cities.guest.desk.sign_seal(SESSION, offer.document, offer.to_be_signed)
