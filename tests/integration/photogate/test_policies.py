"""A policy goes on record before it decides, and the record is what a later replay judges by."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, text

from photogate.applications import policies
from photogate.applications.policies import PolicyChanged, PolicyUnreadable
from photogate.applications.tables import Policy
from photogate.audit.tables import Event, EventKind
from photogate.errors import NotFound
from photogate.screening.checks import CameraPhoto, RealPhoto, SingleFace, UsualPhoto
from photogate.screening.profile import IssuerProfile, read_profile
from tests.factories import PROFILE

STRICTER = replace(PROFILE, real_photo=RealPhoto(approve_at=0.99, refuse_at=0.02))

SHARE = st.floats(0.001, 0.999)
PROFILES = st.builds(
    IssuerProfile,
    name=st.from_regex(r"[a-z_]{1,20}", fullmatch=True),
    version=st.integers(1, 1000),
    min_short_side_px=st.integers(1, 5000),
    max_resubmissions=st.integers(0, 50),
    real_photo=st.tuples(SHARE, SHARE)
    .filter(lambda limits: limits[0] != limits[1])
    .map(lambda limits: RealPhoto(max(limits), min(limits))),
    single_face=SHARE.map(SingleFace),
    usual_photo=st.none() | SHARE.map(UsualPhoto),
    camera_photo=st.none() | SHARE.map(CameraPhoto),
)


def put_on_record(database, profile):
    with database.transaction() as session:
        policies.record(session, profile)


def test_a_policy_is_read_back_as_it_decided(database):
    put_on_record(database, PROFILE)
    with database.transaction() as session:
        assert policies.recorded(session, PROFILE.reference) == PROFILE


@given(PROFILES)
def test_what_is_kept_of_any_profile_is_all_of_it(profile):
    again = read_profile(profile.to_json())
    assert again == profile
    assert policies.digest_of(again) == policies.digest_of(profile)


def test_the_first_use_of_a_policy_is_an_event_with_its_digest_and_later_uses_are_none(database):
    put_on_record(database, PROFILE)
    put_on_record(database, PROFILE)
    with database.transaction() as session:
        [adopted] = session.scalars(select(Event).where(Event.kind == EventKind.POLICY_ADOPTED)).all()
        assert adopted.details == {"policy": PROFILE.reference, "sha256": policies.digest_of(PROFILE)}


def test_another_body_under_the_same_version_is_refused(database):
    put_on_record(database, PROFILE)
    with pytest.raises(PolicyChanged, match=f"{PROFILE.reference} is on record with other content"):
        put_on_record(database, STRICTER)
    put_on_record(database, replace(STRICTER, version=PROFILE.version + 1))


def test_a_policy_that_never_decided_is_not_on_record(database):
    with pytest.raises(NotFound, match="default@999 is not on record"), database.transaction() as session:
        policies.recorded(session, "default@999")


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ("jsonb_set(body, '{real_photo,approve_at}', '0.6')", "does not have the SHA-256"),
        ("""body || '{"telepathy": {"at": 0.5}}'""", "cannot read the policy"),
        ("jsonb_set(body, '{real_photo,approve_at}', '\"high\"')", "cannot read the policy"),
        ("jsonb_set(body, '{real_photo}', '7')", "cannot read the policy"),
    ],
)
def test_a_policy_that_is_not_what_it_was_decides_nothing(database, change, complaint):
    with database.transaction() as session:
        policies.record(session, PROFILE)
        kept = session.get_one(Policy, PROFILE.reference)
        other = session.scalars(text(f"SELECT {change} FROM policies")).one()
        session.expunge(kept)
        session.add(Policy(reference="default@1000", body=other, sha256=kept.sha256))
        with pytest.raises(PolicyUnreadable, match=complaint):
            policies.recorded(session, "default@1000")
