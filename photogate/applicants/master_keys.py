"""The keys above all applicants' keys: a small interface for key services, and the one that reads a folder of files."""

import base64
import binascii
import hmac
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from photogate.applicants.sealing import KEY_BYTES, DataKey
from photogate.errors import Unavailable

ENDING = ".key"
REFERENCES = "references.hmac"
MAKE_ONE = "`photogate privacy new-master-key` makes one"


class KeyMissing(Unavailable):
    """A key that is needed is not at hand; nothing is lost as long as it exists somewhere."""

    code, title = "KEY_MISSING", "A key that protects applicants' data is missing"


@dataclass(frozen=True, slots=True)
class WrappedKey:
    """An applicant's key, sealed with the master key that has this id."""

    master_key_id: str
    wrapped: bytes = field(repr=False)


class Kms(Protocol):
    """What Photogate asks of whoever holds the master keys; each may raise KeyMissing."""

    def wrap(self, key: DataKey, place: str) -> WrappedKey:
        """Seal an applicant's key with the newest master key."""

    def unwrap(self, wrapped: WrappedKey, place: str) -> DataKey:
        """Open what `wrap` sealed, also under an older master key; raises SealBroken for another place's."""

    def digest(self, text: str) -> bytes:
        """HMAC-SHA-256 of `text`: finds a reference again that lies nowhere in the clear."""


class KeyFolder:
    """Master keys as files of a folder: the last one by name wraps, the others only unwrap.

    A file that comes or goes is noticed at the next use, so that no program needs a restart.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._names: frozenset[str] = frozenset()
        self._keys: Mapping[str, DataKey] = {}
        self._references = b""

    @property
    def newest(self) -> str:
        """The id of the master key that wraps; raises KeyMissing."""
        return max(self._current())

    def ids(self) -> list[str]:
        """Every master key in the folder, oldest first; raises KeyMissing."""
        return sorted(self._current())

    def made_at(self, master_key_id: str) -> float:
        """When a master key came into the folder, in seconds since 1970; raises KeyMissing."""
        try:
            return self._path(master_key_id).stat().st_mtime
        except OSError as error:
            raise KeyMissing(f"The master key {master_key_id} is not in the folder of master keys.") from error

    def destroy(self, master_key_id: str) -> None:
        """Delete a master key for ever; nothing that it wrapped opens again."""
        self._path(master_key_id).unlink()

    def wrap(self, key: DataKey, place: str) -> WrappedKey:
        """Seal an applicant's key with the newest master key; raises KeyMissing."""
        newest = self.newest
        return WrappedKey(newest, self._keys[newest].seal(key.secret, place))

    def unwrap(self, wrapped: WrappedKey, place: str) -> DataKey:
        """Open what `wrap` sealed; raises KeyMissing, SealBroken."""
        master = self._current().get(wrapped.master_key_id)
        if master is None:
            raise KeyMissing(f"The master key {wrapped.master_key_id} is not in the folder of master keys.")
        return DataKey(master.open(wrapped.wrapped, place))

    def digest(self, text: str) -> bytes:
        """HMAC-SHA-256 under the key for references, which stays when master keys change; raises KeyMissing."""
        self._current()
        return hmac.digest(self._references, text.encode(), "sha256")

    def _path(self, master_key_id: str) -> Path:
        return self._folder / f"{master_key_id}{ENDING}"

    def _current(self) -> Mapping[str, DataKey]:
        try:
            # By their names, which takes a few µs: a clock's tick is too coarse to tell a change by.
            names = frozenset(path.name for path in self._folder.iterdir())
            if names != self._names:
                self._references = _read(self._folder / REFERENCES)
                self._keys = {path.stem: DataKey(_read(path)) for path in self._folder.glob(f"*{ENDING}")}
                self._names = names
        except OSError as error:
            raise KeyMissing(f"The folder of master keys cannot be read; {MAKE_ONE}.") from error
        if not self._keys:
            raise KeyMissing(f"There is no master key in the folder of master keys; {MAKE_ONE}.")
        return self._keys


def new_master_key(folder: Path) -> str:
    """Add a master key, newer than all others, to `folder` and return its id; the first makes folder and digest key.

    Files have the mode 0600, the folder 0700.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not (folder / REFERENCES).exists():
        _write(folder / REFERENCES)
    made = datetime.now(UTC).strftime("%Y-%m-%dT%H%M%S.%fZ")
    _write(folder / f"{made}{ENDING}")
    return made


def _write(path: Path) -> None:
    """Under another name first: whoever reads the folder meanwhile finds a whole key or none."""
    unfinished = path.with_suffix(".new")
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(base64.b64encode(os.urandom(KEY_BYTES)) + b"\n")
        file.flush()
        os.fsync(file.fileno())
    unfinished.rename(path)


def _read(path: Path) -> bytes:
    try:
        secret = base64.b64decode(path.read_bytes().strip(), validate=True)
    except binascii.Error:
        secret = b""
    if len(secret) != KEY_BYTES:
        raise KeyMissing(f"{path.name} is not a master key: {KEY_BYTES} bytes in base 64 are expected.")
    return secret
