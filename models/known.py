"""Weights of other people's networks that can be pulled: what they are for, and where a pulled one lies.

Nothing here says that an address works or that a file is right: whoever pulls names the address and the SHA-256.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from models.artifacts import ArtifactError, HashedFile, verified_bytes

_FOLDER, _NOTE = "pulled", "pulled.json"
_SHA256 = re.compile(r"[0-9a-f]{64}")

Fetch = Callable[[str, Path, str], None]
"""Brings a file from an address or a path to a path, only with the SHA-256 that is named."""


@dataclass(frozen=True, slots=True)
class Known:
    """A network whose weights are not ours to ship."""

    purpose: str
    size: str
    suffix: str


KNOWN: Mapping[str, Known] = {
    "yunet": Known("a face detector with five landmarks, 75,856 parameters", "0.3 MB", ".onnx"),
    "retinaface_resnet50": Known("a slow, thorough face detector with five landmarks", "110 MB", ".pth"),
    "resnet50": Known("the ImageNet backbone that the recipe resnet50 starts from", "98 MB", ".pth"),
}


class Pulled:
    """The pulled weights in a folder of the operator's."""

    def __init__(self, folder: Path) -> None:
        """`folder` need not exist yet."""
        self._folder = folder / _FOLDER

    def present(self) -> list[str]:
        """The names that were pulled."""
        return [name for name in KNOWN if (self._folder / name / _NOTE).exists()]

    def path(self, name: str) -> Path:
        """The verified weights of a pulled network; raises `ArtifactError`."""
        file = self._file(name)
        verified_bytes(self._folder / name, file)
        return self._folder / name / file.file

    def sha256(self, name: str) -> str:
        """What the weights were pulled as; raises `ArtifactError`."""
        return self._file(name).sha256

    def keep(self, name: str, where: str, sha256: str, fetch: Fetch) -> Path:
        """Fetch weights and keep them; raises `ArtifactError` and whatever `fetch` raises."""
        known, digest = _known(name), sha256.strip().lower()
        if not _SHA256.fullmatch(digest):
            raise ArtifactError("A SHA-256 has 64 hexadecimal digits; this one has not.")
        folder = self._folder / name
        file = HashedFile(f"weights{known.suffix}", digest)
        fetch(where, folder / file.file, digest)
        # The note comes last: what it names is there.
        (folder / _NOTE).write_text(json.dumps({"file": file.file, "sha256": digest, "from": where}), encoding="utf-8")
        return folder / file.file

    def _file(self, name: str) -> HashedFile:
        _known(name)
        try:
            note = json.loads((self._folder / name / _NOTE).read_text(encoding="utf-8"))
            return HashedFile(str(note["file"]), str(note["sha256"]))
        except FileNotFoundError as error:
            raise ArtifactError(
                f"The weights of {name} are not here; `photogate models pull {name}` fetches them."
            ) from error
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ArtifactError(f"What was pulled as {name} cannot be understood; pull it again.") from error


def _known(name: str) -> Known:
    if name not in KNOWN:
        raise ArtifactError(f"Nothing called {name!r} can be pulled; there are {', '.join(KNOWN)}.")
    return KNOWN[name]
