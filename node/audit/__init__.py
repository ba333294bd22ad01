"""The audit of a centre: everything it keeps against everything else that binds it."""
