"""What may stand in a text: names in one form, and the signs that a report can show."""
