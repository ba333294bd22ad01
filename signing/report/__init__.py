"""The evaluation report as typst sets it: words, tables, annexes, signature page."""
