from pathlib import Path

import pytest

from models.training.generated.sources import PAIRED_REAL, Part, Portrait, portraits

HEADER = "file,label,source_repo,original_path,attributes,yunet_box_xywh,sha256\n"
TILES = "SelfishGene/SFHQ-T2I-dataset"


def row(number: int, label: str, source: str, path: str, box: str = '"[60, 50, 100, 140]"') -> str:
    return f"{label}/{number}.jpg,{label},{source},{path},,{box},{number:064x}\n"


def written(folder: Path, rows: list[str]) -> Path:
    (folder / "manifest.csv").write_text(HEADER + "".join(rows), encoding="utf-8")
    return folder


def test_every_portrait_has_exactly_one_use(tmp_path):
    data = written(tmp_path, [row(n, "real", PAIRED_REAL, f"real/{n}.jpg") for n in range(60)])
    used = [portrait.file for part in Part for portrait in portraits(data, part)]
    assert sorted(used) == sorted(f"real/{n}.jpg" for n in range(60))
    assert all(portraits(data, part) for part in (Part.TRAIN, Part.CALIBRATION, Part.HELD_OUT))


def test_tiles_of_one_mosaic_stay_together(tmp_path):
    rows = [row(n, "ai_generated", TILES, f"figures/{n % 9}.jpg#box={n}") for n in range(90)]
    data = written(tmp_path, rows)
    mosaics = [{portrait.cut_from for portrait in portraits(data, part)} for part in Part]
    assert sum(map(len, mosaics)) == len(set().union(*mosaics)) == 9


@pytest.mark.parametrize("source", ["nysenate/OpenLegislation", "muxspace/facial_expressions", "somebody/new"])
def test_photos_of_other_sources_are_never_learnt_from(tmp_path, source):
    data = written(tmp_path, [row(n, "real", source, f"{n}.jpg") for n in range(40)])
    assert len(portraits(data, Part.UNSEEN)) == 40


def test_staff_portraits_calibrate_as_a_whole(tmp_path):
    data = written(tmp_path, [row(n, "real", "18F/18f.gsa.gov", f"{n}.jpg") for n in range(40)])
    assert len(portraits(data, Part.CALIBRATION)) == 40


def test_placeholders_and_portraits_without_a_face_take_no_part(tmp_path):
    rows = [row(1, "placeholder", "a/icons", "1.png"), row(2, "real", PAIRED_REAL, "2.jpg", box="")]
    assert [p for part in Part for p in portraits(written(tmp_path, rows), part)] == []


def test_a_generated_face_carries_the_name_of_what_made_it():
    portrait = Portrait("a.jpg", TILES, "diffusion", "f.jpg", "0" * 64, (0, 0, 9, 9))
    assert not portrait.is_photo
