"""The consortium's own chain, from one members file: genesis, configuration, start commands for each engine."""
