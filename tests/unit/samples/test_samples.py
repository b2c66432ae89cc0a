import hashlib
import re
import tomllib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageOps

SAMPLES = Path(__file__).parents[3] / "samples"
EXPECTED = tomllib.loads((SAMPLES / "expected.toml").read_text(encoding="utf-8"))
NOT_SAMPLES = {"expected.toml", "PROVENANCE.md", "make.py", "landscape.py"}
VERDICTS = {"approved", "in_review", "resubmission_requested"}


def placeholders() -> list[str]:
    return [file for file, outcome in EXPECTED.items() if "PLACEHOLDER_IMAGE" in outcome.get("reasons", [])]


def test_every_file_in_the_folder_has_an_expected_outcome_and_none_is_missing():
    on_disk = {path.name for path in SAMPLES.iterdir() if path.is_file()} - NOT_SAMPLES
    assert set(EXPECTED) == on_disk


def test_an_outcome_is_a_verdict_with_reasons_or_a_refusal():
    for file, outcome in EXPECTED.items():
        if "refused" in outcome:
            assert set(outcome) == {"refused"}, file
        else:
            assert outcome["verdict"] in VERDICTS, file
            assert (outcome["verdict"] == "approved") != bool(outcome.get("reasons")), file


def test_the_provenance_names_every_file_by_its_true_digest():
    text = (SAMPLES / "PROVENANCE.md").read_text(encoding="utf-8")
    named = dict(re.findall(r"^\| (\S+) \| .+ \| `([0-9a-f]{64})` \|$", text, flags=re.MULTILINE))
    assert named == {file: hashlib.sha256((SAMPLES / file).read_bytes()).hexdigest() for file in EXPECTED}


def test_the_folder_stays_small_enough_to_clone():
    assert sum(path.stat().st_size for path in SAMPLES.iterdir() if path.is_file()) <= 1_500_000


def test_there_are_two_portraits_and_at_least_ten_placeholders():
    assert sum(file.startswith("portrait_") for file in EXPECTED) >= 2
    assert len(placeholders()) >= 10


@pytest.mark.parametrize("file", placeholders())
def test_a_placeholder_opens_as_a_picture(file):
    with Image.open(SAMPLES / file) as picture:
        picture.load()
        assert min(picture.size) >= 300


def test_the_sideways_portrait_stands_upright_only_after_its_exif_tag_is_obeyed():
    with Image.open(SAMPLES / "sideways.jpg") as lying, Image.open(SAMPLES / "portrait_hopper.jpg") as portrait:
        assert lying.getexif()[0x0112] in {6, 8}
        assert lying.size == portrait.size[::-1]
        upright = np.asarray(ImageOps.exif_transpose(lying), dtype=float)
        assert np.abs(upright - np.asarray(portrait, dtype=float)).mean() < 3


def test_the_truncated_file_has_a_whole_header_and_half_a_picture():
    with Image.open(SAMPLES / "truncated.jpg") as picture:
        assert picture.size == (700, 900)
        with pytest.raises(OSError, match="truncated"):
            picture.load()


def test_the_text_file_is_text_and_the_tiny_one_is_tiny():
    assert (SAMPLES / "text_file.jpg").read_bytes().isascii()
    with Image.open(SAMPLES / "tiny.png") as picture:
        assert max(picture.size) < 120
