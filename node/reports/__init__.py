"""The report on its way through the centres: drawn up, signed, sealed, handed over."""
