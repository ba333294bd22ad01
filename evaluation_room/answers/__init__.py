"""The models of what the room's routes answer."""
