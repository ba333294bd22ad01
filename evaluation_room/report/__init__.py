"""The report's data, its completeness, and its account of interruptions."""
