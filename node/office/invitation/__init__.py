"""The request for cooperation between a host and a guest centre (要约)."""
