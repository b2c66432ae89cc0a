"""A photo's way through real workers: submitted, told to the broker, decided."""

import base64
import io

import pytest
from PIL import Image

from models.decoding import UnreadablePhoto
from photogate.applications.tables import Stage
from photogate.jobs.checks import Checks, Wish
from photogate.jobs.publisher import Publisher
from photogate.screening.verdicts import Verdict
from tests.factories import PROFILE, jpeg
from tests.guards.tree import ROOT
from tests.hostile import scan_bomb
from worker import tasks

PORTRAIT = (ROOT / "samples/portrait_collins.jpg").read_bytes()
SECRET_PLACE = b"51.4778"


def with_metadata(photo: bytes) -> bytes:
    """The photo as a phone would send it: with the place and the phone's name, and lying on its side."""
    with Image.open(io.BytesIO(photo)) as picture:
        exif = picture.getexif()
        exif[0x010F] = "Camera of " + SECRET_PLACE.decode()
        exif[0x0112] = 6
        exif.get_ifd(0x8825)[2] = (51.0, 28.0, 40.12)
        written = io.BytesIO()
        picture.rotate(90, expand=True).save(written, "JPEG", exif=exif, comment=SECRET_PLACE)
    return written.getvalue()


def test_a_submitted_photo_is_decided_by_a_worker(desk, launch):
    launch("worker", "--concurrency", "1")
    photo_id = desk.submit(PORTRAIT)
    desk.wait_for([photo_id])
    photo, decision = desk.photo(photo_id), desk.decision(photo_id)
    assert photo.stage is Stage.DECIDED
    assert decision.models
    assert decision.policy == PROFILE.reference


def test_a_prepared_photo_goes_on_to_the_classifiers_queue_and_gets_the_same_score(desk, launch, tools):
    launch("worker", "--queues", "prepare", name="prepares", inline_classify=False)
    launch("worker", "--queues", "classify", "--pool", "solo", name="scores")
    one_after_the_other = desk.submit(PORTRAIT)
    desk.wait_for([one_after_the_other])
    at_once = desk.submit(PORTRAIT, tell=False)
    tasks.prepare(str(at_once))
    assert desk.measured(one_after_the_other)["p_real"] == desk.measured(at_once)["p_real"]
    assert desk.decision(one_after_the_other).verdict is desk.decision(at_once).verdict


@pytest.mark.parametrize("inline_classify", [True, False])
def test_nothing_that_a_camera_wrote_is_in_what_is_kept_for_people(desk, tools, inline_classify):
    tools.settings = tools.settings.model_copy(update={"inline_classify": inline_classify})
    photo_id = desk.submit(with_metadata(PORTRAIT), tell=False)
    tasks.prepare(str(photo_id))
    photo = desk.photo(photo_id)
    assert SECRET_PLACE in desk.kept(photo_id, photo.original_key)
    for key in (photo.crop_key, photo.review_key):
        kept = desk.kept(photo_id, key)
        assert SECRET_PLACE not in kept
        with Image.open(io.BytesIO(kept)) as picture:
            assert not picture.getexif()
            assert not set(picture.info) & {"exif", "comment", "xmp", "icc_profile"}


def test_a_photo_that_lies_on_its_side_is_kept_upright(desk, tools):
    photo_id = desk.submit(with_metadata(jpeg((300, 400))), tell=False)
    tasks.prepare(str(photo_id))
    with Image.open(io.BytesIO(desk.kept(photo_id, desk.photo(photo_id).review_key))) as picture:
        assert picture.size == (300, 400)


def test_an_unreadable_photo_is_a_decision_and_no_failure(desk, tools):
    photo_id = desk.submit(jpeg((800, 800))[:2000], tell=False)
    tasks.prepare(str(photo_id))
    decision = desk.decision(photo_id)
    assert decision.verdict is Verdict.RESUBMISSION_REQUESTED
    assert [reason["code"] for reason in decision.reasons] == ["FILE_UNREADABLE"]
    assert desk.photo(photo_id).attempts == 1


def test_a_photo_beyond_the_limits_is_a_decision_too(desk, tools, monkeypatch):
    def too_much(_photo):
        raise UnreadablePhoto("The file could not be decoded within the limits of 5 s and 512 MB.")

    monkeypatch.setattr(tools.sandbox, "prepare", too_much)
    photo_id = desk.submit(jpeg(), tell=False)
    tasks.prepare(str(photo_id))
    assert "limits of 5 s and 512 MB" in desk.decision(photo_id).reasons[0]["detail"]


def test_a_one_off_check_is_answered_by_a_worker_and_leaves_nothing(desk, launch, settings, store):
    launch("worker", "--queues", "checks", "--concurrency", "1")
    checks = Checks(settings.redis_url)
    wish = Wish(heat_map=True, pictures=True)
    answer = checks.ask(Publisher(settings.redis_url), PORTRAIT, timeout_s=20, wish=wish)
    assert answer["faces"] == 1
    assert answer["model"] == answer["models"][0]["name"] == answer["heat_map"]["model"] == checks.installed()[0]
    assert base64.b64decode(answer["shown"]["review_copy"]).startswith(b"\xff\xd8\xff")
    assert list(store.keys("")) == []
    assert desk.machine_decisions() == {}


def test_a_check_that_nobody_waits_for_any_more_is_let_go(tools):
    tasks.check("01890000-0000-7000-8000-000000000000")


def test_a_worker_lives_on_through_every_broken_photo(desk, launch):
    worker = launch("worker", "--queues", "prepare", "--concurrency", "1", decode_cpu_s=1)
    truncated = (ROOT / "samples/truncated.jpg").read_bytes()
    broken = [desk.submit(photo) for photo in (truncated, scan_bomb(1000), PORTRAIT[:9000], truncated)]
    healthy = desk.submit(PORTRAIT)
    desk.wait_for([*broken, healthy])
    assert {desk.decision(photo_id).verdict for photo_id in broken} == {Verdict.RESUBMISSION_REQUESTED}
    assert desk.measured(healthy)["faces"]
    assert worker.is_running
