"""The committee: the election of the lead, recusal, replacement, more time."""
