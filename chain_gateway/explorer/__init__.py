"""The public pages: what happened in an evaluation, and how anybody can check it."""
