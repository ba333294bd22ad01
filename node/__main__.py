"""`python -m node` is the `tongping` command."""

from node.cli.cli import main

main()
