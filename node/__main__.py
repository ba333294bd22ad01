"""`python -m node` is the `tongping` command."""

from node.cli import main

main()
