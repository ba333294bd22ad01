"""The evaluation rooms of this centre: from the office's data to sessions, seats and venue links."""
