"""The answers of a box: read exactly as they were written, refused when a box was taken over."""

import json

import numpy as np
import pytest

from models.detection.face import Face
from models.preparation import Prepared
from models.quality.measure import NOT_ASSESSED, Measure
from worker.wire import ANSWER, Refusal, WireError, lengths, pack, unpack

EYES_NOSE_MOUTH = ((5.5, 7.0), (9.0, 7.25), (7.0, 9.5), (6.0, 12.0), (8.5, 12.0))

PREPARED = Prepared(
    crop=np.random.default_rng(1).integers(0, 255, (224, 224, 3), np.uint8),
    review_copy=b"\xff\xd8\xff picture",
    width_px=3000,
    height_px=4000,
    faces=(Face(1, 2, 30, 40, 12.5), Face(5, 6, 7, 8, 3.0, EYES_NOSE_MOUTH)),
    quality={"dynamic_range": Measure(7.04, 88.0, approximate=True), "eyes_open": NOT_ASSESSED},
    ms={"decode": 1.25},
)


def read(answer):
    rest, parts = answer[ANSWER.size :], []
    for length in lengths(answer[: ANSWER.size]):
        parts.append(rest[:length])
        rest = rest[length:]
    assert rest == b""
    return unpack(*parts)


def facts(**changed):
    written = {"width_px": 1, "height_px": 1, "faces": [], "quality": {}, "ms": {}} | changed
    return json.dumps(written).encode()


def test_what_was_prepared_arrives_unchanged():
    arrived = read(pack(PREPARED))
    assert np.array_equal(arrived.crop, PREPARED.crop)
    assert arrived.review_copy == PREPARED.review_copy
    assert (arrived.faces, arrived.quality, arrived.ms) == (PREPARED.faces, PREPARED.quality, PREPARED.ms)
    assert (arrived.width_px, arrived.height_px) == (3000, 4000)


def test_a_refusal_arrives_with_its_sentence():
    refusal = Refusal("unreadable", "The photo is damaged.")
    assert read(pack(refusal)) == refusal


@pytest.mark.parametrize("header", [(1 << 30, 0, 0), (10, 1, 0), (10, 150_529, 0), (10, 150_528, 1 << 30)])
def test_an_answer_of_impossible_size_is_not_even_read(header):
    with pytest.raises(WireError):
        lengths(ANSWER.pack(*header))


@pytest.mark.parametrize(
    "said",
    [
        b"no json",
        b"[]",
        b"null",
        b"{}",
        b"[" * 100_000,
        b'{"refused": 3}',
        facts(width_px="wide"),
        facts(faces=[{"x": 1}]),
        facts(faces=[{"x": 1, "y": 1, "width": 1, "height": 1, "score": "high", "landmarks": None}]),
        facts(faces=[{"x": 1, "y": 1, "width": 1, "height": 1, "score": 1, "landmarks": [[1, 2]]}]),
        facts(faces=[{"x": 1, "y": 1, "width": 1, "height": 1, "score": 1, "landmarks": [[1, float("nan")]] * 5}]),
        facts(quality={"dynamic_range": 88.0}),
        facts(quality={"dynamic_range": {"native": float("nan"), "score": 1, "approximate": True}}),
        facts(quality={"dynamic_range": {"native": 1}}),
        facts(ms=[1, 2]),
    ],
)
def test_an_answer_that_means_nothing_is_refused(said):
    with pytest.raises(WireError):
        unpack(said, PREPARED.crop.tobytes(), b"")


def test_a_crop_of_another_size_is_refused():
    with pytest.raises(WireError):
        unpack(facts(), b"", b"")
