"""A method or the indicators on a file, without a room."""
