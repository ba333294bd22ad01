"""Checking a bundle offline against a trust file, by named checks."""
