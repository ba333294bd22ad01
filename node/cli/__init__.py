"""The `tongping` command."""
