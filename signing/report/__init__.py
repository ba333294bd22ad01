"""The evaluation report as typst sets it: texts, tables, annexes, signature page."""
