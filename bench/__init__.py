"""How fast, and against whom: every figure a ratio measured side by side in one run."""
