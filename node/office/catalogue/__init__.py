"""The experts this centre may seat, and who sits where."""
