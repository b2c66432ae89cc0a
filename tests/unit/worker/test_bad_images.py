"""Pictures that break decoders: each is prepared or refused in one sentence, and the same box takes the next one."""

import re
from pathlib import Path

import pytest

from models.decoding import PhotoError
from models.preparation import Prepared
from tests.guards.tree import ROOT
from worker.sandbox import Sandbox

COLLECTION = ROOT.parent / "shared/bad_images"
MADE_TO_BREAK = re.compile(r"crash|timeout|oom|bomb|corrupt|trunc|broken|invalid|overflow|/x[0-9a-z]+\.png|\.hei[cf]$")
EVERY = 4


def selection() -> list[Path]:
    files = sorted(path for path in COLLECTION.rglob("*") if path.is_file())
    return [path for number, path in enumerate(files) if MADE_TO_BREAK.search(str(path)) or number % EVERY == 0]


@pytest.fixture(scope="module")
def sandbox():
    with Sandbox() as sandbox:
        yield sandbox


def outcome(sandbox, content):
    try:
        return sandbox.prepare(content)
    except PhotoError as error:
        return error


def test_every_picture_is_prepared_or_refused_in_a_sentence(sandbox):
    outcomes = {path: outcome(sandbox, path.read_bytes()) for path in selection()}
    refused = [found for found in outcomes.values() if isinstance(found, PhotoError)]
    prepared = [found for found in outcomes.values() if isinstance(found, Prepared)]
    assert len(refused) > 50
    assert len(prepared) > 50
    assert len(refused) + len(prepared) == len(outcomes)
    assert all(error.detail.endswith(".") for error in refused)
    assert all(found.crop.shape == (224, 224, 3) and found.review_copy for found in prepared)


@pytest.mark.parametrize("way", ["Portrait", "Landscape"])
def test_every_exif_orientation_comes_out_upright(sandbox, way):
    upright = {
        (prepared.width_px > prepared.height_px)
        for number in range(9)
        if (prepared := sandbox.prepare((COLLECTION / f"exif-orientation/{way}_{number}.jpg").read_bytes()))
    }
    assert upright == {way == "Landscape"}
