"""The keys of one signer: made here for a trial, or by each member itself; only public values are shared."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from eth_account import Account
from eth_keys.datatypes import PrivateKey

_LIGHT_SCRYPT: Final = 4096
"""The password is kept beside the key file: stretching it longer would protect nothing."""
_SECRET: Final = 32
_PASSWORD: Final = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class SignerSecrets:
    """`seal` signs blocks, `node` names the node among its peers."""

    seal: bytes
    node: bytes
    password: str

    @classmethod
    def make(cls, randomness: Callable[[int], bytes]) -> "SignerSecrets":
        return cls(seal=randomness(_SECRET), node=randomness(_SECRET), password=randomness(_PASSWORD).hex())

    @property
    def signer(self) -> str:
        """The address that seals."""
        return str(Account.from_key(self.seal).address)

    @property
    def node_id(self) -> str:
        return bytes(PrivateKey(self.node).public_key.to_bytes()).hex()

    def geth_files(self) -> dict[str, str]:
        """Key files of geth, by their names in the signer's folder."""
        stored = Account.encrypt(self.seal, self.password, kdf="scrypt", iterations=_LIGHT_SCRYPT)
        return {
            "keystore/signer.json": json.dumps(stored) + "\n",
            "nodekey": self.node.hex(),
            "password": self.password + "\n",
        }

    def besu_files(self) -> dict[str, str]:
        """Key file of Besu: under QBFT the node's key is the validator's."""
        return {"key": self.node.hex()}
