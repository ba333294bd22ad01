"""Carries room entries between browsers and venues: the channel is transport, never the record."""
