"""The quick tiers run without a network: who asks for one is refused, and the test fails for it."""

import socket
from contextlib import suppress

import pytest

from tests.conftest import NETWORK, NOBODY, TESTS, tier


def asked() -> list[str]:
    """What was asked for so far, forgotten: this test asks on purpose."""
    found, NETWORK.asked = NETWORK.asked, []
    return found


@pytest.mark.parametrize(("family", "address"), [(socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")])
def test_a_unit_test_listens_nowhere(family: socket.AddressFamily, address: str) -> None:
    with socket.socket(family) as opened, pytest.raises(ConnectionRefusedError):
        opened.bind((address, 0))

    assert [one.split()[0] for one in asked()] == ["socket.bind"]


def test_a_refusal_that_the_code_swallows_is_found_all_the_same() -> None:
    with socket.socket() as opened:
        opened.settimeout(0.1)
        with suppress(OSError):
            opened.connect(("127.0.0.1", 80))

    assert [one.split()[0] for one in asked()] == ["socket.connect"]


def test_nobody_answers_at_the_port_of_nobody() -> None:
    with socket.socket() as opened, pytest.raises(ConnectionRefusedError):
        opened.connect(("127.0.0.1", NOBODY))

    assert asked() == []


def test_two_ends_in_one_process_are_no_network() -> None:
    near, far = socket.socketpair()
    with near, far:
        near.sendall(b"here")
        assert far.recv(4) == b"here"


@pytest.mark.parametrize(
    ("path", "marker"), [("unit/records/test_ids.py", "unit"), ("properties/test_review.py", "property")]
)
def test_a_test_has_the_marker_of_its_folder(path: str, marker: str) -> None:
    assert tier(TESTS / path) == marker
