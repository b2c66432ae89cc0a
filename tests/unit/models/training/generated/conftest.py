"""A small data folder of drawn faces: smooth ones of one source, chequered ones of each generator."""

from pathlib import Path

import numpy as np
import pytest
import simplejpeg

from models.training.generated.sources import GENERATORS, PAIRED_REAL

PER_SOURCE = 40
HEADER = "file,label,source_repo,original_path,attributes,yunet_box_xywh,sha256\n"


def face(rng: np.random.Generator, *, chequered: bool) -> np.ndarray:
    coarse = rng.integers(60, 200, (8, 8, 3)).astype(np.float32)
    picture = np.kron(coarse, np.ones((32, 32, 1), np.float32)) + rng.normal(0, 4, (256, 256, 3))
    if chequered:
        picture += 14 * ((np.indices((256, 256)).sum(axis=0) % 2) * 2 - 1)[..., None]
    return np.clip(picture, 0, 255).astype(np.uint8)


@pytest.fixture(scope="session")
def drawn_faces(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("faces")
    rng = np.random.default_rng(0)
    sources = [("real", PAIRED_REAL), ("real", "ropensci/roweb3"), ("real", "18F/18f.gsa.gov")]
    sources += [("ai_generated", source) for source in GENERATORS]
    rows = []
    for label, source in sources:
        for number in range(PER_SOURCE):
            name = f"{label}_{source.partition('/')[0]}_{number}.jpg"
            picture = face(rng, chequered=label == "ai_generated")
            (folder / name).write_bytes(simplejpeg.encode_jpeg(picture, quality=95, colorsubsampling="444"))
            rows.append(f'{name},{label},{source},{number}.jpg,,"[70, 60, 110, 140]",{len(rows):064x}\n')
    (folder / "manifest.csv").write_text(HEADER + "".join(rows), encoding="utf-8")
    return folder
