"""The port on which a centre's figures are read."""

import secrets
from pathlib import Path

import pytest

from node.centre import open_centre
from node.operations.metrics import serve
from records.errors import UnavailableError
from tests.integration.node.node_centres import free_port
from tests.unit.node.one_centre import centre_config


def test_a_port_in_use_is_named(tmp_path: Path) -> None:
    centre = open_centre(centre_config(tmp_path), randomness=secrets.token_bytes)
    port = free_port()
    end = serve(centre, port)
    try:
        with pytest.raises(UnavailableError) as caught:
            serve(centre, port)
    finally:
        end()

    assert caught.value.code == "port-in-use"
