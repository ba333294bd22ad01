"""What the benches measure against: the same work done the bare or the usual way."""
