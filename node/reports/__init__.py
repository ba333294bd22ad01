"""The report's way through the centres: drawn up, signed, sealed, handed over."""
