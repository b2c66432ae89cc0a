"""The pictures that one can try the check page with: those of the repository's samples that say most."""

from collections.abc import Mapping
from pathlib import Path

from photogate.errors import NotFound

SAMPLES = Path(__file__).parents[1] / "samples"

EXAMPLES: Mapping[str, str] = {
    "portrait_collins.jpg": "Portrait",
    "portrait_hopper.jpg": "Cap and glasses",
    "two_people.jpg": "Two people",
    "silhouette.png": "Silhouette",
    "initials.png": "Initials",
    "cartoon_face.png": "Drawn face",
    "robot.png": "Robot",
    "id_card_without_face.jpg": "Card, no face",
    "landscape_no_face.jpg": "Landscape",
}
"""File name to words, in the order of the page; samples/PROVENANCE.md says where each comes from."""

_MEDIA_TYPES = {".jpg": "image/jpeg", ".png": "image/png"}


def content(name: str) -> bytes:
    """The example's bytes; raises NotFound for any other name."""
    if name not in EXAMPLES:
        raise NotFound("There is no such example.")
    return (SAMPLES / name).read_bytes()


def media_type(name: str) -> str:
    """What kind of file the example is."""
    return _MEDIA_TYPES[Path(name).suffix]
