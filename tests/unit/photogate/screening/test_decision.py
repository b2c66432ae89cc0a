"""What the policy makes of measurements."""

from dataclasses import replace

import pytest

from photogate.applications.profiles import load_profile
from photogate.screening.decision import decide
from photogate.screening.measurements import BoundingBox, Face, Measurements
from photogate.screening.profile import ProfileError, RealPhoto, parse_profile
from photogate.screening.reasons import Audience, Disposition, Reason, ReasonCode
from photogate.screening.verdicts import Verdict

FACE = Face(BoundingBox(10, 20, 100, 120), score=0.9)
PORTRAIT = Measurements(width=600, height=800, faces=(FACE,), p_real=0.999, models={"student@1": "ab"})
PROFILE = load_profile("default")


def judged(found: Measurements) -> tuple[Verdict, list[ReasonCode]]:
    decision = decide(found, PROFILE)
    return decision.verdict, [reason.code for reason in decision.reasons]


def test_a_confident_portrait_is_approved():
    assert judged(PORTRAIT) == (Verdict.APPROVED, [])


def test_a_confident_placeholder_asks_for_another_photo_whatever_faces_were_seen_in_it():
    for faces in ((), (FACE,), (FACE, FACE), None):
        found = replace(PORTRAIT, p_real=0.001, faces=faces)
        assert judged(found) == (Verdict.RESUBMISSION_REQUESTED, [ReasonCode.PLACEHOLDER_IMAGE])


def test_what_lies_between_goes_to_people():
    assert judged(replace(PORTRAIT, p_real=0.5)) == (Verdict.IN_REVIEW, [ReasonCode.LOW_CONFIDENCE])


def test_the_limits_themselves_belong_to_the_clear_sides():
    real_photo = PROFILE.real_photo
    assert judged(replace(PORTRAIT, p_real=real_photo.approve_at))[0] is Verdict.APPROVED
    assert judged(replace(PORTRAIT, p_real=real_photo.refuse_at))[0] is Verdict.RESUBMISSION_REQUESTED


@pytest.mark.parametrize(
    ("faces", "code"), [((), ReasonCode.FACE_NOT_FOUND), ((FACE, FACE), ReasonCode.MULTIPLE_FACES)]
)
def test_a_real_photo_without_exactly_one_face_goes_to_people(faces, code):
    assert judged(replace(PORTRAIT, faces=faces)) == (Verdict.IN_REVIEW, [code])


def test_a_check_that_did_not_run_is_never_a_pass():
    not_run = [ReasonCode.CHECK_NOT_ASSESSED]
    assert judged(replace(PORTRAIT, p_real=None)) == (Verdict.IN_REVIEW, not_run)
    assert judged(replace(PORTRAIT, faces=None)) == (Verdict.IN_REVIEW, not_run)
    assert judged(Measurements()) == (Verdict.IN_REVIEW, not_run * 2)


def test_an_unreadable_file_asks_for_another_and_says_why():
    decision = decide(Measurements(unreadable="The file ends too early."), PROFILE)
    assert decision.verdict is Verdict.RESUBMISSION_REQUESTED
    assert decision.reasons[0].detail == "The file ends too early."


def test_a_reason_carries_what_an_auditor_asks_for():
    (reason,) = decide(replace(PORTRAIT, p_real=0.01), PROFILE).reasons
    assert (reason.native, reason.threshold, reason.model_version) == (0.01, PROFILE.real_photo.refuse_at, "student@1")
    (several,) = decide(replace(PORTRAIT, faces=(FACE, FACE)), PROFILE).reasons
    assert (several.source.standard, several.source.id) == ("ISO/IEC 29794-5", "4C")


def test_the_models_uncertainty_stays_in_the_house():
    (reason,) = decide(replace(PORTRAIT, p_real=0.5), PROFILE).reasons
    assert reason.audience is Audience.INTERNAL


def test_kept_forms_read_back_as_they_were():
    assert Measurements.from_json(PORTRAIT.to_json()) == PORTRAIT
    reason = Reason(ReasonCode.NOT_SHARP, Disposition.FINAL, native=0.1, threshold=0.2)
    assert Reason.from_json(reason.to_json()) == reason


def test_a_decision_names_the_exact_policy():
    assert decide(PORTRAIT, PROFILE).policy == f"default@{PROFILE.version}"


@pytest.mark.parametrize(
    ("toml", "says"),
    [
        ("name =", "not valid TOML"),
        ('name = "x"', "wants exactly"),
        (
            'name="x"\nversion=1\nmin_short_side_px=1\nmax_resubmissions=1\n[real_photo]\napprove_at=0.1\nrefuse_at=0.2',
            "must lie below",
        ),
    ],
)
def test_a_broken_profile_is_refused_in_one_sentence(toml, says):
    with pytest.raises(ProfileError, match=says):
        parse_profile(toml)


def test_an_unknown_profile_or_a_path_is_refused():
    for name in ("nobody", "../default", ""):
        with pytest.raises(ProfileError, match="no issuer profile"):
            load_profile(name)


def test_limits_outside_zero_and_one_are_refused():
    with pytest.raises(ProfileError):
        RealPhoto(approve_at=1.2, refuse_at=0.1)
