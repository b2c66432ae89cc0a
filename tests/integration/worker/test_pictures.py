"""A worker knows a picture again, and what it found is part of what is replayed."""

import io
from dataclasses import replace

import pytest
from PIL import Image

from models.registry import Registry
from photogate.applicants.master_keys import KeyFolder
from photogate.pictures.service import SAME_BITS
from photogate.pictures.tables import PictureFingerprint
from photogate.screening.known_pictures import KnownPictures
from photogate.screening.verdicts import Verdict
from tests.factories import PROFILE
from tests.guards.tree import ROOT
from worker import policy, tasks
from worker.replay import Kept, replay

PORTRAIT = (ROOT / "samples/portrait_collins.jpg").read_bytes()
ASKING = replace(PROFILE, name="asking", known_pictures=KnownPictures(SAME_BITS))


@pytest.fixture
def asking(tools, monkeypatch):
    monkeypatch.setattr(policy, "load_profile", lambda _name: ASKING)
    return tools


def decision_about(desk, content, reference="A-1"):
    photo_id = desk.submit(content, tell=False, reference=reference)
    tasks.prepare(str(photo_id))
    return desk.decision(photo_id)


def smaller(content):
    kept = io.BytesIO()
    with Image.open(io.BytesIO(content)) as opened:
        opened.convert("RGB").resize((opened.width // 2, opened.height // 2)).save(kept, "JPEG", quality=80)
    return kept.getvalue()


def test_the_same_picture_smaller_and_compressed_goes_to_people_and_is_replayed(
    desk, asking, database, settings, store
):
    first, second = decision_about(desk, PORTRAIT), decision_about(desk, smaller(PORTRAIT), "A-2")
    assert first.verdict is Verdict.APPROVED
    assert [reason["code"] for reason in second.reasons] == ["DUPLICATE_PICTURE"]
    seen = desk.measured(second.photo_id)["seen"]["elsewhere"]
    assert seen["id"] == str(first.photo_id)
    assert seen["bits"] <= SAME_BITS
    kept = Kept(store, KeyFolder(settings.master_keys), Registry(settings.models_folder))
    with database.transaction() as session:
        assert all(replay(session, kept, made.id).agrees for made in (first, second))


def test_every_crop_leaves_a_fingerprint_and_an_embedding(desk, tools, database, settings):
    made = decision_about(desk, PORTRAIT)
    with database.transaction() as session:
        taken = session.get_one(PictureFingerprint, made.photo_id)
    assert (len(taken.perceptual), len(taken.signs)) == (256, 128)
    assert taken.embedder in made.models
    assert len(taken.bands) > 0


def test_an_unreadable_photo_leaves_none(desk, asking, database):
    made = decision_about(desk, PORTRAIT[:400])
    assert [reason["code"] for reason in made.reasons] == ["FILE_UNREADABLE"]
    with database.transaction() as session:
        assert session.get(PictureFingerprint, made.photo_id) is None
