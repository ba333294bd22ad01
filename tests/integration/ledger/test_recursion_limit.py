"""The gateway's imports leave the interpreter as they found it."""

import subprocess
import sys

SCRIPT = """
import sys
before = sys.getrecursionlimit()
import chain_gateway.ledger.ledger, node.app
assert sys.getrecursionlimit() == before, sys.getrecursionlimit()
"""


def test_importing_the_gateway_keeps_the_recursion_limit() -> None:
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=False)

    assert (done.returncode, done.stderr) == (0, "")
