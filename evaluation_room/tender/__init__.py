"""What is evaluated: the tender's definition, its review items, seats and undertaking."""
