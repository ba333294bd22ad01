"""What a centre shows to anybody: explorer, log and mirrors."""
