"""Running a centre: its health, its figures, comparison and recovery."""
