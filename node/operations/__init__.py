"""Running a centre: whether it is well, its figures, comparison and recovery."""
