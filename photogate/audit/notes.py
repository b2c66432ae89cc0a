"""Signed notes (C2SP signed-note) and the keys that sign and verify them: Ed25519, of a log or of a witness."""

import binascii
from base64 import b64decode, b64encode
from dataclasses import dataclass, field
from enum import IntEnum
from hashlib import sha256
from pathlib import Path
from typing import Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from photogate.errors import Conflict, PhotogateError, Unprocessable

SIGNATURE_BEGINS = "\u2014 "
PRIVATE = "PRIVATE+KEY+"
KEY_ID_BYTES, SEED_BYTES, SIGNATURE_BYTES, TIME_BYTES = 4, 32, 64, 8
LONGEST_NOTE = 64_000


class NoteRefused(Unprocessable):
    """This note is malformed, or was not signed by whom it should be."""

    code, title = "NOTE_REFUSED", "The signed note cannot be trusted"


class KeyRefused(PhotogateError):
    """This text or file is no key for notes."""

    status, code, title = 503, "NOTE_KEY_REFUSED", "The key for signed notes cannot be used"


class Kind(IntEnum):
    """What a key signs: a log its checkpoints, a witness other people's checkpoints with the time."""

    LOG = 0x01
    WITNESS = 0x04


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A verifier key, written `NAME+ID+BASE64`."""

    name: str
    kind: Kind
    public: bytes = field(repr=False)

    @property
    def id(self) -> bytes:
        """Four bytes that tell keys of one name apart."""
        named = self.name.encode() + b"\n" + bytes([self.kind]) + self.public
        return sha256(named).digest()[:KEY_ID_BYTES]

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{b64encode(bytes([self.kind]) + self.public).decode()}"

    @classmethod
    def parse(cls, written: str) -> Self:
        """Read `NAME+ID+BASE64`; raises KeyRefused."""
        name, kind, public = _parts(written.strip())
        key = cls(name, kind, public)
        if str(key) != written.strip():
            raise KeyRefused("The public key's parts do not belong together.")
        return key

    def verifies(self, signature: bytes, text: str) -> bool:
        """Whether these bytes, without the key's id, sign `text` with this key."""
        if self.kind is Kind.WITNESS:
            text, signature = _with_time(text, signature[:TIME_BYTES]), signature[TIME_BYTES:]
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, text.encode())
        except (InvalidSignature, ValueError):
            return False
        return True


@dataclass(frozen=True, slots=True)
class PrivateKey:
    """A signer's key, kept in a file of one line: `PRIVATE+KEY+NAME+ID+BASE64`."""

    name: str
    kind: Kind
    seed: bytes = field(repr=False)

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read the file that `photogate audit new-key` wrote; raises KeyRefused."""
        try:
            written = path.read_text("utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise KeyRefused(f"The key {path} is missing or unreadable.") from error
        name, kind, seed = _parts(written.removeprefix(PRIVATE))
        return cls(name, kind, seed)

    @property
    def public(self) -> PublicKey:
        """The key that verifies what this one signs."""
        public = Ed25519PrivateKey.from_private_bytes(self.seed).public_key()
        return PublicKey(self.name, self.kind, public.public_bytes_raw())

    def sign(self, text: str, *, time_s: int = 0) -> str:
        """The signature line under `text`; a witness's says when it was given, in seconds since 1970."""
        time = time_s.to_bytes(TIME_BYTES) if self.kind is Kind.WITNESS else b""
        signed = _with_time(text, time) if time else text
        signature = Ed25519PrivateKey.from_private_bytes(self.seed).sign(signed.encode())
        return f"{SIGNATURE_BEGINS}{self.name} {b64encode(self.public.id + time + signature).decode()}\n"


def new_key(path: Path, name: str, kind: Kind) -> PublicKey:
    """Write a new private key to `path` (mode 0600) and its public key to `path`.pub.

    Raises Conflict rather than replace a key, KeyRefused for a name with spaces or plus signs.
    """
    if not name or any(letter.isspace() or letter == "+" for letter in name):
        raise KeyRefused("A key's name has no spaces and no plus signs.")
    key = PrivateKey(name, kind, Ed25519PrivateKey.generate().private_bytes_raw())
    try:
        path.touch(mode=0o600, exist_ok=False)
    except FileExistsError as error:
        raise Conflict(f"{path} exists already; a signing key is never replaced.") from error
    secret = b64encode(bytes([kind]) + key.seed).decode()
    path.write_text(f"{PRIVATE}{name}+{key.public.id.hex()}+{secret}\n", "utf-8")
    path.with_name(path.name + ".pub").write_text(f"{key.public}\n", "utf-8")
    return key.public


def public_keys(path: Path) -> list[PublicKey]:
    """The public keys in a file, one on each line; raises KeyRefused, also where there is none."""
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise KeyRefused(f"The public keys in {path} are missing or unreadable.") from error
    keys = [PublicKey.parse(line) for line in lines if line.strip()]
    if not keys:
        raise KeyRefused(f"{path} holds no key.")
    return keys


def signer_of(note: str, *keys: PublicKey) -> PublicKey:
    """The first of these keys that signed a note; raises NoteRefused when none has, or the note is malformed."""
    divided(note)  # refuses what is no note, before anything is said of its signatures
    found = next((key for key in keys if has_signed(key, note)), None)
    if found is None:
        known = " or ".join(f"{key.name}+{key.id.hex()}" for key in keys)
        raise NoteRefused(f"The note is not signed by {known}.")
    return found


def has_signed(key: PublicKey, note: str) -> bool:
    """Whether one of a note's signatures is this key's; raises NoteRefused for what is no note."""
    text, lines = divided(note)
    return any(is_signed_by(line, text, key) for line in lines)


def is_signed_by(line: str, text: str, key: PublicKey) -> bool:
    """Whether a signature line is this key's and signs `text`."""
    name, _, written = line.removeprefix(SIGNATURE_BEGINS).partition(" ")
    try:
        signature = b64decode(written, validate=True)
    except (binascii.Error, ValueError):
        return False
    is_plain = b64encode(signature).decode() == written  # base64 can say the same in other letters
    is_of_key = is_plain and name == key.name and signature[:KEY_ID_BYTES] == key.id
    return is_of_key and key.verifies(signature[KEY_ID_BYTES:], text)


def divided(note: str) -> tuple[str, list[str]]:
    """The text of a note, with its last line's end, and its signature lines; raises NoteRefused."""
    text, blank, signatures = note.rpartition("\n\n")
    *lines, end = signatures.split("\n")
    if (
        len(note) > LONGEST_NOTE
        or not (blank and lines)
        or end
        or not all(line.startswith(SIGNATURE_BEGINS) for line in lines)
    ):
        raise NoteRefused("This is no signed note: a text, an empty line, and signature lines are wanted.")
    return text + "\n", lines


def _with_time(text: str, time: bytes) -> str:
    """What a witness signs (C2SP tlog-cosignature, version 1)."""
    return f"cosignature/v1\ntime {int.from_bytes(time)}\n{text}"


def _parts(written: str) -> tuple[str, Kind, bytes]:
    """Take `NAME+ID+BASE64` apart, whose id is checked by whoever knows the public key; raises KeyRefused."""
    try:
        name, _, coded = written.split("+", 2)
        kind, *key = b64decode(coded, validate=True)
        known = Kind(kind)
    except ValueError as error:
        raise KeyRefused("This is no key for signed notes.") from error
    if len(key) != SEED_BYTES or not name:
        raise KeyRefused("This is no Ed25519 key for signed notes.")
    return name, known, bytes(key)
