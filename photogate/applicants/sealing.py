"""Sealing with AES-256-GCM (NIST SP 800-38D): what was sealed opens with its key and in its place only."""

import os
from dataclasses import dataclass, field
from typing import Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from photogate.errors import PhotogateError

KEY_BYTES = 32
NONCE_BYTES = 12
FORMAT = b"\x01"
"""The first byte of everything sealed, so that another cipher can follow this one."""


class SealBroken(PhotogateError):
    """What was kept does not open: it was changed, or it lies where something else belongs."""

    status, code, title = 500, "SEAL_BROKEN", "What was kept cannot be read"


@dataclass(frozen=True, slots=True)
class DataKey:
    """A 256-bit key; `secret` appears in no log."""

    secret: bytes = field(repr=False)

    @classmethod
    def new(cls) -> Self:
        """A key that nobody has seen."""
        return cls(os.urandom(KEY_BYTES))

    def seal(self, plain: bytes, place: str) -> bytes:
        """Encrypt `plain` for one place, such as `decisions.sealed_note/ID`: format, nonce, ciphertext, tag."""
        nonce = os.urandom(NONCE_BYTES)
        return FORMAT + nonce + AESGCM(self.secret).encrypt(nonce, plain, place.encode())

    def open(self, sealed: bytes, place: str) -> bytes:
        """What `seal` was given for this place; raises SealBroken."""
        nonce, rest = sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
        if sealed[:1] != FORMAT:
            raise SealBroken("What was kept is in a format that this version does not know.")
        try:
            return AESGCM(self.secret).decrypt(nonce, rest, place.encode())
        except (InvalidTag, ValueError) as error:
            raise SealBroken(
                "What was kept does not open with its key: it was changed or belongs elsewhere."
            ) from error
