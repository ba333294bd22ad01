"""Evidence bundles: put together here, and verified from end to end."""
