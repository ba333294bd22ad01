"""The form of records: bytes that centres, chain and public read alike. Pure: no network, clock or chance."""
