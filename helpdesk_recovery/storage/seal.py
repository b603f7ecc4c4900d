"""Secrets at rest: AES-256-GCM under a key derived from SECRET_KEY, bound to what they belong to."""

from __future__ import annotations

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from helpdesk_recovery.errors import ConfigurationInvalid

_NONCE = 12


class Sealer:
    """Seals and opens short texts; *owner* (an id) is bound in, so that a sealed value can't be moved."""

    def __init__(self, secret_key: str) -> None:
        derive = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"helpdesk-recovery secrets at rest")
        self._box = AESGCM(derive.derive(secret_key.encode()))

    def seal(self, text: str, owner: str) -> bytes:
        """Encrypt *text*; sealing the same text twice gives different bytes."""
        nonce = os.urandom(_NONCE)
        return nonce + self._box.encrypt(nonce, text.encode(), owner.encode())

    def open(self, sealed: bytes, owner: str) -> str:
        """Decrypt; raise ConfigurationInvalid when SECRET_KEY is not the one it was sealed with."""
        try:
            return self._box.decrypt(sealed[:_NONCE], sealed[_NONCE:], owner.encode()).decode()
        except InvalidTag:
            raise ConfigurationInvalid(
                "HELPDESK_RECOVERY_SECRET_KEY is not the key that the stored secrets were encrypted with: "
                "set the old key again, or run connect --update for each connection."
            ) from None
