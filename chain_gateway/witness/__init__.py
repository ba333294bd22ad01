"""Witnessing the other centres' logs: mirrors, cosignatures, comparison."""
