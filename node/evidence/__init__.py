"""Evidence bundles: assembled here, and verified from end to end."""
