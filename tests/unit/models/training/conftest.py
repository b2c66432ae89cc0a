"""A data folder of drawn pictures with a source for every split; what is called real only says so."""

import csv
import hashlib
from pathlib import Path

import numpy as np
import pytest

from models.drawings import draw

SOURCES = {
    "real": ("train/faces", "18F/18f.gsa.gov", "nysenate/OpenLegislation"),
    "placeholder": ("zoo/icons", "SimpleMachines/SMF", "alohe/avatars"),
}


@pytest.fixture
def pictures_folder(tmp_path) -> Path:
    folder = tmp_path / "data"
    rows = []
    for label, sources in SOURCES.items():
        (folder / label).mkdir(parents=True)
        for source in sources:
            for number in range(5):
                file = f"{label}/{source.replace('/', '_')}_{number}.png"
                kind = "cartoon_face" if label == "real" else "icon"
                draw(kind, np.random.default_rng((number, len(rows))), 64).save(folder / file)
                digest = hashlib.sha256((folder / file).read_bytes()).hexdigest()
                rows.append(
                    {"file": file, "label": label, "source_repo": source, "sha256": digest, "yunet_box_xywh": ""}
                )
    write_manifest(folder, rows)
    return folder


def write_manifest(folder: Path, rows: list[dict[str, str]]) -> None:
    with (folder / "manifest.csv").open("w", newline="", encoding="utf-8") as out:
        table = csv.DictWriter(out, rows[0])
        table.writeheader()
        table.writerows(rows)


@pytest.fixture
def keep_only(pictures_folder):
    """Rewrite the folder's manifest with the rows of some labels alone."""

    def keep(*labels: str) -> Path:
        with (pictures_folder / "manifest.csv").open(newline="", encoding="utf-8") as lines:
            rows = [row for row in csv.DictReader(lines) if row["label"] in labels]
        write_manifest(pictures_folder, rows)
        return pictures_folder

    return keep
