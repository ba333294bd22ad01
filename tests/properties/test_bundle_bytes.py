"""Whatever single byte of a bundle is changed, the verifier says so, except in the fields named as meaning nothing."""

import struct
from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st

from chain_gateway.verifier.checks import check_bundle
from records.proof import Verdict
from tests.examples import share
from tests.unit.chain_gateway import made_evidence as made

BUNDLE = made.made_bundle()
TRUST = made.trust()


@cache
def meaningless() -> frozenset[int]:
    """The places of the packer's version and the file attributes in every line of the directory."""
    places: set[int] = set()
    start = struct.unpack_from("<I", BUNDLE, len(BUNDLE) - 6)[0]
    while BUNDLE[start : start + 4] == b"PK\x01\x02":
        places |= {start + 4, start + 5, *range(start + 36, start + 42)}
        start += 46 + struct.unpack_from("<H", BUNDLE, start + 28)[0]
    return frozenset(places)


@settings(max_examples=share(400), deadline=None)
@given(place=st.integers(0, len(BUNDLE) - 1), change=st.integers(1, 255))
def test_any_changed_byte_is_found(place: int, change: int) -> None:
    data = bytearray(BUNDLE)
    data[place] ^= change

    assert Verdict(check_bundle(bytes(data), TRUST)).ok == (place in meaningless() and _harmless(data))


def _harmless(data: bytearray) -> bool:
    """The one attribute that has two legal values (text or binary) takes no third."""
    start = struct.unpack_from("<I", data, len(data) - 6)[0]
    while data[start : start + 4] == b"PK\x01\x02":
        if struct.unpack_from("<H", data, start + 36)[0] > 1:
            return False
        start += 46 + struct.unpack_from("<H", data, start + 28)[0]
    return True


@settings(max_examples=share(60), deadline=None)
@given(place=st.sampled_from(sorted(meaningless())), change=st.integers(1, 255))
def test_a_changed_attribute_changes_nothing_that_is_read(place: int, change: int) -> None:
    data = bytearray(BUNDLE)
    data[place] ^= change

    assert Verdict(check_bundle(bytes(data), TRUST)).ok == _harmless(data)


@settings(max_examples=share(200), deadline=None)
@given(data=st.binary(max_size=2000))
def test_the_verifier_never_raises_on_bytes_from_anywhere(data: bytes) -> None:
    assert not Verdict(check_bundle(data, TRUST)).ok


@settings(max_examples=share(200), deadline=None)
@given(start=st.integers(0, len(BUNDLE)), length=st.integers(1, 3000), filling=st.binary(max_size=64))
def test_the_verifier_never_raises_on_a_bundle_with_a_part_exchanged(start: int, length: int, filling: bytes) -> None:
    data = BUNDLE[:start] + filling + BUNDLE[start + length :]

    assert data == BUNDLE or not Verdict(check_bundle(data, TRUST)).ok
