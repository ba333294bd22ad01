"""The other centres: signed requests to and from them, and the messages they must receive."""
