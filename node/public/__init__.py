"""The public part of a centre: explorer, log and mirrors."""
