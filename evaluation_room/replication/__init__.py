"""How room entries travel between browsers and venues: the channel is transport, never the record."""
