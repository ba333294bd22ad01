"""`python -m tests.faults.dying OWNER FUNCTION ARGUMENTS…`: the command, killed as by kill -9 after the function."""

import sys
from importlib import import_module

from node.cli.cli import main
from tests.faults.killing import deadly


def die() -> None:
    owner, name, *arguments = sys.argv[1:]
    module, _, kind = owner.rpartition(".")
    deadly((getattr(import_module(module), kind), name, True))
    sys.argv = ["tongping", *arguments]
    main()


die()
