"""The other centres: signed requests to them and from them, and what they must be told."""
