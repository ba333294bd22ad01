"""The audit of a centre: everything it stores, checked against everything that binds it."""
