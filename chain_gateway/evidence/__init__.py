"""The evidence bundle: what belongs into it, its container and its proofs."""
