"""The reason that keeps a signer from starting is named."""

from pathlib import Path

import pytest

from chain_gateway.consortium.geth import PROGRAM_VARIABLE, Signer, cached_program, program
from records.errors import UnavailableError
from tests.unit.chain_gateway.consortium.made_members import with_keys


def signer(folder: Path) -> Signer:
    return Signer(members=with_keys(), member=with_keys().members[0], folder=folder)


def script(path: Path, text: str) -> Path:
    path.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    path.chmod(0o700)
    return path


def test_a_missing_geth_is_named_with_where_it_was_looked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PROGRAM_VARIABLE, str(tmp_path / "geth"))
    with pytest.raises(UnavailableError, match="geth-missing: path="):
        program()
    with pytest.raises(UnavailableError, match="geth-missing"):
        signer(tmp_path).start()


def test_the_build_lies_in_the_users_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cached_program() == tmp_path / "tongping" / "geth-1.13.15" / "geth"


def test_a_genesis_that_geth_refuses_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PROGRAM_VARIABLE, str(script(tmp_path / "geth", "exit 1")))
    with pytest.raises(UnavailableError, match="geth-died: centre=JN status=1"):
        signer(tmp_path).start()


def test_a_port_in_use_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PROGRAM_VARIABLE, str(script(tmp_path / "geth", "echo 'Fatal: bind: address already in use'")))
    (tmp_path / "data" / "geth" / "chaindata").mkdir(parents=True)
    one = signer(tmp_path)
    one.start()
    with pytest.raises(UnavailableError, match="port-in-use: centre=JN"):
        one.await_answer()
    one.stop()
    assert one.pid is None


def test_one_that_ended_by_itself_is_dead_and_stopping_it_again_does_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(PROGRAM_VARIABLE, str(script(tmp_path / "geth", "exit 3")))
    (tmp_path / "data" / "geth" / "chaindata").mkdir(parents=True)
    one = signer(tmp_path)
    one.start()
    with pytest.raises(UnavailableError, match="geth-died: centre=JN status=3"):
        one.await_answer()
    one.kill()
    one.stop()
