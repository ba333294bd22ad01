"""Anchoring the own log: when a checkpoint is due, and its way to the chain."""
