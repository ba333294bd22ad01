"""The office work, one folder per stage; no stage imports another."""
