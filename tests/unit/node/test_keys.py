"""A centre's keys: made once, found again, readable by nobody else."""

import stat
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path

import pytest

from chain_gateway.checkpoints import origin_of
from node import keys
from node.keys import Rotated, make_next, next_keys, open_keys, promote
from records.errors import InvalidRecordError, UnavailableError
from records.ids import CentreCode, unb64u
from records.log.checkpoint import parse_verifier_key
from records.log.cosignature import parse_cosigner_key

JN = CentreCode("JN")
UNTIL = datetime(2027, 1, 1, tzinfo=UTC)


def test_keys_are_made_once_and_found_again(tmp_path: Path) -> None:
    first, again = open_keys(tmp_path / "keys", JN), open_keys(tmp_path / "keys", JN)

    assert first.entry_point == again.entry_point
    assert first.log_verifier == again.log_verifier
    assert first.witness_verifier == again.witness_verifier
    assert first.chain_secret == again.chain_secret
    assert (len(unb64u(first.entry_point)), len(first.chain_secret)) == (65, 32)


def test_nobody_else_reads_them(tmp_path: Path) -> None:
    open_keys(tmp_path / "keys", JN)

    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "keys").iterdir()}
    assert modes == {"log.pem": 0o600, "witness.pem": 0o600, "entry.pem": 0o600, "chain.pem": 0o600}
    assert stat.S_IMODE((tmp_path / "keys").stat().st_mode) == 0o700


def test_a_key_half_written_before_a_crash_is_made_anew(tmp_path: Path) -> None:
    (tmp_path / "log.new").write_bytes(b"-----BEGIN")

    open_keys(tmp_path, JN)

    assert not (tmp_path / "log.new").exists()


def test_a_broken_key_is_named_and_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "entry.pem").write_bytes(b"nonsense")

    with pytest.raises(InvalidRecordError) as raised:
        open_keys(tmp_path, JN)

    assert (raised.value.code, raised.value.values["file"]) == ("key-unreadable", "entry.pem")
    assert (tmp_path / "entry.pem").read_bytes() == b"nonsense"


def test_a_key_of_another_kind_is_refused(tmp_path: Path) -> None:
    open_keys(tmp_path, JN)
    (tmp_path / "entry.pem").write_bytes((tmp_path / "log.pem").read_bytes())

    with pytest.raises(InvalidRecordError):
        open_keys(tmp_path, JN)


def test_a_witness_key_of_another_kind_is_named(tmp_path: Path) -> None:
    open_keys(tmp_path, JN)
    (tmp_path / "witness.pem").write_bytes((tmp_path / "entry.pem").read_bytes())

    with pytest.raises(InvalidRecordError) as raised:
        open_keys(tmp_path, JN)

    assert raised.value.values["file"] == "witness.pem"


def test_a_directory_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "keys").write_bytes(b"")

    with pytest.raises(UnavailableError):
        open_keys(tmp_path / "keys" / "jn", JN)


def test_the_log_key_travels_as_a_verifier_key(tmp_path: Path) -> None:
    keys = open_keys(tmp_path, JN)

    assert keys.log_verifier.startswith("jn.tongping+")
    assert origin_of(JN) == "jn.tongping"
    parse_verifier_key(keys.log_verifier)


def test_the_witness_key_is_another_one_under_a_name_of_its_own(tmp_path: Path) -> None:
    keys = open_keys(tmp_path, JN)

    assert parse_cosigner_key(keys.witness_verifier).name == "jn.tongping/witness"
    assert parse_cosigner_key(keys.witness_verifier).key != parse_verifier_key(keys.log_verifier).key


def test_next_keys_wait_beside_the_present_ones_and_are_the_same_when_asked_for_again(tmp_path: Path) -> None:
    before = open_keys(tmp_path, JN)

    following = make_next(tmp_path, JN, [Rotated.LOG, Rotated.CHAIN])

    assert make_next(tmp_path, JN, [Rotated.LOG, Rotated.CHAIN]).log_verifier == following.log_verifier
    waiting = next_keys(tmp_path, JN)
    assert waiting is not None
    assert (waiting.log_verifier, waiting.chain_secret) == (following.log_verifier, following.chain_secret)
    assert (waiting.witness_verifier, waiting.entry_point) == (before.witness_verifier, before.entry_point)
    assert open_keys(tmp_path, JN).log_verifier == before.log_verifier


def test_no_key_waits_before_a_rotation(tmp_path: Path) -> None:
    open_keys(tmp_path, JN)

    assert next_keys(tmp_path, JN) is None


def test_promoted_keys_are_present_and_the_old_log_key_is_kept_for_the_overlap(tmp_path: Path) -> None:
    before, following = open_keys(tmp_path, JN), make_next(tmp_path, JN, [Rotated.LOG, Rotated.WITNESS])

    promote(tmp_path, UNTIL)

    after = open_keys(tmp_path, JN)
    assert (after.log_verifier, after.witness_verifier) == (following.log_verifier, following.witness_verifier)
    assert after.chain_secret == before.chain_secret
    assert after.previous_log is not None
    assert after.previous_log.private_bytes_raw() == before.log.private_bytes_raw()
    assert after.overlap_until == UNTIL
    assert next_keys(tmp_path, JN) is None


@pytest.mark.parametrize("writes", [1, 2, 3, 4])
def test_a_promotion_killed_between_two_files_is_finished_by_the_next_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, writes: int
) -> None:
    before, following = open_keys(tmp_path, JN), make_next(tmp_path, JN, list(Rotated))
    left = [writes]

    def killed(path: Path, data: bytes) -> None:
        if left[0] == 0:
            raise KeyboardInterrupt
        left[0] -= 1
        path.write_bytes(data)

    with monkeypatch.context() as patched:
        patched.setattr(keys, "_write_private", killed)
        with pytest.raises(KeyboardInterrupt) if writes < 4 else nullcontext():
            promote(tmp_path, UNTIL)
    open_keys(tmp_path, JN)
    promote(tmp_path, UNTIL)

    after = open_keys(tmp_path, JN)
    assert (after.log_verifier, after.witness_verifier) == (following.log_verifier, following.witness_verifier)
    assert after.chain_secret == following.chain_secret
    assert after.previous_log is not None
    assert after.previous_log.private_bytes_raw() == before.log.private_bytes_raw()


def test_an_overlap_that_is_no_time_is_named(tmp_path: Path) -> None:
    open_keys(tmp_path, JN)
    (tmp_path / "overlap-until").write_text("soon", encoding="ascii")

    with pytest.raises(InvalidRecordError, match="key-unreadable: file=overlap-until"):
        open_keys(tmp_path, JN)
