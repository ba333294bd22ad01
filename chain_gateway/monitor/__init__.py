"""What must never happen, and whoever is told when it does."""
