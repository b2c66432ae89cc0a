"""Which portraits teach, calibrate and judge the real-vs-AI network.

Files are divided within each generator and each training source by a hash of what they were cut from, so that two tiles
of one mosaic never stand on both sides. The sources that test the default classifier stay unseen here too.
"""

import csv
import hashlib
import json
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

_SEED = "real-vs-ai 1"
_TWENTIETHS_HELD_OUT, _TWENTIETHS_CALIBRATION = 5, 2

GENERATORS = {
    "karan-monga/AI-Generated-Face-Detection-Evaluation": "stylegan",
    "hmdghoul/generated-faces": "generated_photos",
    "SelfishGene/SFHQ-T2I-dataset": "diffusion",
}
"""Repository of generated faces -> what made them; `diffusion` is a mix of FLUX.1, SDXL and DALL-E 3."""

PAIRED_REAL = "karan-monga/AI-Generated-Face-Detection-Evaluation"
"""FFHQ at 256 px, in the same repository as the StyleGAN faces and told from them by neither file nor colour."""

_TEACHING = {PAIRED_REAL, "middleyuan/All-Age-Faces-Dataset", "xerow03/UTKFace", "mysociety/theyworkforyou"}
_CALIBRATING = {"18F/18f.gsa.gov"}


class Part(StrEnum):
    """What a portrait is used for; `UNSEEN` are whole real sources that nothing was fitted or chosen on."""

    TRAIN = "train"
    CALIBRATION = "calibration"
    HELD_OUT = "held_out"
    UNSEEN = "unseen"


@dataclass(frozen=True, slots=True)
class Portrait:
    """One face of the data folder; `face_box` is (x, y, width, height) in its pixels, a pseudo-label."""

    file: str
    source: str
    generator: str | None
    cut_from: str
    sha256: str
    face_box: tuple[float, float, float, float]

    @property
    def is_photo(self) -> bool:
        """Whether a camera took it."""
        return self.generator is None

    @property
    def part(self) -> Part:
        """What it is used for: by hash within sources that teach, by source elsewhere."""
        if self.is_photo and self.source in _CALIBRATING:
            return Part.CALIBRATION
        if self.is_photo and self.source not in _TEACHING:
            return Part.UNSEEN
        digest = hashlib.sha256(f"{_SEED}/{self.source}/{self.cut_from}".encode()).digest()
        twentieth = int.from_bytes(digest[:4], "big") % 20
        if twentieth < _TWENTIETHS_HELD_OUT:
            return Part.HELD_OUT
        return Part.CALIBRATION if twentieth < _TWENTIETHS_HELD_OUT + _TWENTIETHS_CALIBRATION else Part.TRAIN


def portraits(data: Path, part: Part) -> list[Portrait]:
    """The real and the generated faces of one part, in the manifest's order."""
    with (data / "manifest.csv").open(encoding="utf-8", newline="") as lines:
        everything = [_portrait(row) for row in csv.DictReader(lines) if _shows_a_face(row)]
    return [portrait for portrait in everything if portrait.part is part]


def _shows_a_face(row: dict[str, str]) -> bool:
    return row["label"] in {"real", "ai_generated"} and bool(row["yunet_box_xywh"])


def _portrait(row: dict[str, str]) -> Portrait:
    made_by = GENERATORS.get(row["source_repo"], row["source_repo"]) if row["label"] == "ai_generated" else None
    x, y, width, height = json.loads(row["yunet_box_xywh"])
    mosaic = row["original_path"].partition("#")[0]
    return Portrait(row["file"], row["source_repo"], made_by, mosaic, row["sha256"], (x, y, width, height))
