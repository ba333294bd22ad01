"""What can be said in the room: one module for each subject, and the registry of all kinds."""
