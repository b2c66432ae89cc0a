"""What a checkpoint says (C2SP tlog-checkpoint): whose log, how many events, which root."""

import binascii
import re
from base64 import b64decode, b64encode
from dataclasses import dataclass
from typing import Self

from photogate.audit.notes import NoteRefused, PublicKey, divided, signer_of
from photogate.audit.tree import HASH_BYTES

_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")
_LINES = 3


@dataclass(frozen=True, slots=True)
class Statement:
    """The first `size` events of the log `origin` have this root."""

    origin: str
    size: int
    root: bytes

    def __str__(self) -> str:
        return f"{self.origin}\n{self.size}\n{b64encode(self.root).decode()}\n"

    @classmethod
    def signed(cls, note: str, *keys: PublicKey) -> Self:
        """Read a checkpoint that the log has signed, with one key or, over the years, another; raises NoteRefused."""
        key, stated = signer_of(note, *keys), cls.parse(divided(note)[0])
        if stated.origin != key.name:
            raise NoteRefused(f"The checkpoint is of the log {stated.origin}, and not of {key.name}.")
        return stated

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a checkpoint's text, whoever signed it; raises NoteRefused."""
        lines = text.split("\n")
        if len(lines) <= _LINES or not lines[0] or not _SIZE.fullmatch(lines[1]):
            raise NoteRefused("The note is no checkpoint: origin, size and root are wanted, a line for each.")
        try:
            root = b64decode(lines[2], validate=True)
        except (binascii.Error, ValueError) as error:
            raise NoteRefused("The checkpoint's root cannot be read.") from error
        if len(root) != HASH_BYTES:
            raise NoteRefused("The checkpoint's root has the wrong length.")
        return cls(lines[0], int(lines[1]), root)
