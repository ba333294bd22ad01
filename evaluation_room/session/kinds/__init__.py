"""All kinds of entry: one module for each subject, and their registry."""
