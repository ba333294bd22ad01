"""The form of records: bytes read alike by centres, chain and public. Pure: no network, clock or randomness."""
