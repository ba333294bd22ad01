"""The evaluation session: the fold over signed entries, its stages' guards and its steps."""
