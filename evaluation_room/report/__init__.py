"""The report's data, its completeness, and what it says of interruptions."""
