"""Benchmarks: every figure is a ratio to a peer, measured side by side in one run."""
