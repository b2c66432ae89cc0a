"""The page of differences: both scores and reasons, the person's word, and the older ones page by page."""

from dataclasses import replace

import pytest

from photogate.access.tables import Role
from photogate.applications import policies
from photogate.promotions import shadows
from photogate.promotions.service import Change
from photogate.promotions.tables import Slot
from photogate.screening.checks import RealPhoto
from photogate.screening.measurements import Measurements
from review_ui import shadow_view
from tests.factories import PORTRAIT, PROFILE, decided, user
from tests.integration.photogate.mandated import judged_by
from tests.integration.photogate.promoted import STRICTER, adopted, approved, on_record, proposed, two_admins

UNSURE = replace(PORTRAIT, p_real=0.983)


@pytest.fixture
def judged(database):
    """Three photos that the stricter policy would send to a person, and one about which both agree."""
    adopted(database)
    on_record(database)
    ann, bob = two_admins(database)
    force = approved(database, bob, proposed(database, ann, Change(policy=STRICTER.reference), Slot.SHADOW))
    for number in range(3):
        decided(database, UNSURE, reference=f"A-{number}")
    decided(database, PORTRAIT, reference="A-9")
    judge(database, force, STRICTER)
    return force


def judge(database, force, profile):
    with database.transaction() as session:
        rows = [
            shadows.judged(force, made, Measurements.from_json(made.assessment.measurements), profile)
            for made in shadows.due(session, force, 10)
        ]
        shadows.keep(session, rows)


@pytest.fixture
def auditor(person):
    return person("aud", Role.AUDITOR)


def test_differences_are_counted_and_shown_with_both_sides(auditor, judged):
    page = auditor.open("/audit/rules/beside").text
    for words in (
        STRICTER.reference,
        "4 photos judged, <b>3</b>",
        "0.983",
        "Sent to a person",
        "nobody yet",
        "/crop.png",
    ):
        assert words in page


def test_a_person_s_word_stands_beside_both_and_is_counted(auditor, database):
    adopted(database)
    laxer = replace(PROFILE, name="laxer", risk=None, real_photo=RealPhoto(approve_at=0.9, refuse_at=0.02))
    with database.transaction() as session:
        policies.record(session, laxer)
    ann, bob = two_admins(database)
    force = approved(database, bob, proposed(database, ann, Change(policy=laxer.reference), Slot.SHADOW))
    made = decided(database, replace(PORTRAIT, p_real=0.95))
    judge(database, force, laxer)
    judged_by(database, user(database), made)
    page = auditor.open("/audit/rules/beside").text
    assert "with what judges beside on <b>1</b>" in page
    assert "nobody yet" not in page


def test_older_differences_are_on_the_next_page(auditor, judged, monkeypatch):
    monkeypatch.setattr(shadow_view, "AT_ONCE", 2)
    monkeypatch.setattr("review_ui.shadow.AT_ONCE", 2)
    first = auditor.open("/audit/rules/beside").text
    assert first.count("/crop.png") == 2
    address = first.split('href="/audit/rules/beside?')[1].split('"')[0].replace("&amp;", "&")
    assert auditor.open(f"/audit/rules/beside?{address}").text.count("/crop.png") == 1


def test_without_a_shadow_there_is_a_calm_page(auditor, database):
    assert auditor.open("/audit/rules/beside").status_code == 404
    adopted(database)
    assert "Where they differ" not in auditor.open("/audit/rules").text


def test_a_broken_address_is_a_calm_page_and_a_reviewer_sees_none(auditor, ada, judged):
    assert auditor.open("/audit/rules/beside?before=yesterday").status_code == 422
    assert auditor.open("/audit/rules/beside?number=9").status_code == 404
    assert ada.open("/audit/rules/beside").status_code == 403
