"""The centre on the chain: gateway, membership, witnessing and monitoring."""
