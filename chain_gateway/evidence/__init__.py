"""The evidence bundle: its content, its container and its proofs."""
