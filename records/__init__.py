"""What is said: the bytes that all centres, the chain and the public read alike. Pure: no network, clock or chance."""
