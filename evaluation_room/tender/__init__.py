"""The subject of an evaluation: the tender's definition, its review items, seats and undertaking."""
