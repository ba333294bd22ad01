"""From score sheets to the tally, with the check of the locked sheets in between."""
