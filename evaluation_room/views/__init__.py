"""What people see: the console's cockpit and one expert's room."""
