"""The consortium's own chain, made from one members file: genesis, configuration, start commands for each engine."""
