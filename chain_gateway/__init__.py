"""The gateway: proves what was recorded and when, by checkpoints on the chain, proofs, bundles and public pages."""

import sys

# py_ecc, which comes with web3, lifts the interpreter's recursion limit to 100,000 when it is imported. A deeply nested
# JSON text would then overflow the C stack and end the process, instead of raising RecursionError. It is imported here,
# before anything else can, and the limit is put back.
_limit = sys.getrecursionlimit()
import py_ecc  # noqa: E402, F401 - for its side effect, undone below

sys.setrecursionlimit(_limit)
