import io

import numpy as np
import pytest
from PIL import Image

from models.quality.compression import compression_score, jpeg_quality, seen_quality
from tests.guards.tree import ROOT


def portrait():
    return Image.open(ROOT / "samples/portrait_hopper.jpg").convert("RGB").resize((350, 450))


def jpeg(quality, **options):
    written = io.BytesIO()
    portrait().save(written, "JPEG", quality=quality, **options)
    return written.getvalue()


@pytest.mark.parametrize("quality", [5, 10, 30, 50, 75, 90])
def test_a_jpeg_tells_its_quality_by_its_tables(quality):
    assert jpeg_quality(jpeg(quality)) == pytest.approx(quality, abs=1)


def test_tables_of_16_bits_are_read_too():
    table = b"\x10" + b"".join((32 * 16).to_bytes(2, "big") for _ in range(64))
    segment = b"\xff\xdb" + (len(table) + 2).to_bytes(2, "big") + table
    assert jpeg_quality(b"\xff\xd8" + segment) < 2


def test_blocks_tell_the_quality_where_the_file_does_not():
    seen = [seen_quality(np.asarray(Image.open(io.BytesIO(jpeg(quality))))) for quality in (5, 20, 50, 90)]
    assert seen == sorted(seen)
    assert seen[0] < 15
    assert seen[-1] > 80


def test_blocks_are_seen_wherever_the_grid_begins():
    pixels = np.asarray(Image.open(io.BytesIO(jpeg(20))))
    assert seen_quality(pixels[3:, 5:]) == pytest.approx(seen_quality(pixels), abs=5)


def test_harder_compression_never_scores_better():
    scores = [compression_score(quality) for quality in range(1, 101)]
    assert scores == sorted(scores)
    assert scores[0] < 5
    assert scores[-1] == 100


@pytest.mark.parametrize("size", [(1, 1, 3), (20, 300, 3)])
def test_a_picture_of_too_few_blocks_is_not_judged(size):
    assert seen_quality(np.zeros(size, np.uint8)) is None


def test_a_flat_picture_shows_no_blocks():
    assert seen_quality(np.full((64, 64, 3), 90, np.uint8)) == 95


@pytest.mark.parametrize(
    "file",
    [
        b"",
        b"\xff",
        b"\xff\xd8",
        b"\xff\xd8\xff\xdb",
        b"\xff\xd8\xff\xdb\x00\x00",
        b"\xff\xd8\xff\xdb\x00\x03\x00",
        b"\xff\xd8\xff\xdb\x00\x04\x10\x01",
        b"\xff\xd8\xff\xdb\xff\xff" + bytes(10),
        b"\xff\xd8\xff\xdb\x00\x43\x00" + bytes(64),
        b"\x89PNG\r\n\x1a\n",
    ],
)
def test_bytes_without_a_usable_table_tell_nothing(file):
    assert jpeg_quality(file) is None


def test_a_file_cut_anywhere_raises_nothing():
    whole = jpeg(75)[:700]
    for length in range(len(whole)):
        jpeg_quality(whole[:length])
