"""Conditions that must never occur, and the alarms about them."""
