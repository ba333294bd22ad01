"""The pages' data: the console's cockpit and one expert's room."""
