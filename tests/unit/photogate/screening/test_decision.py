"""What the policy makes of measurements."""

import json
from dataclasses import replace

import pytest

from photogate.applications.profiles import load_profile
from photogate.screening.checks import CameraPhoto, RealPhoto, UsualPhoto
from photogate.screening.decision import decide
from photogate.screening.errors import ProfileError
from photogate.screening.likeness import NOWHERE
from photogate.screening.measurements import BoundingBox, Face, Measurements
from photogate.screening.profile import parse_profile
from photogate.screening.reasons import Audience, Disposition, Reason, ReasonCode
from photogate.screening.verdicts import Verdict

FACE = Face(BoundingBox(10, 20, 100, 120), score=0.99)
UNSUSPECTED = {"strangeness": 0.3, "p_ai_generated": 0.1, "seen": NOWHERE, "models": {"student@1": "ab"}}
PORTRAIT = Measurements(width=600, height=800, faces=(FACE,), p_real=0.999, **UNSUSPECTED)
PROFILE = load_profile("default")


COMPLETE = """name="x"
version=1
min_short_side_px=1
max_resubmissions=1
[real_photo]
approve_at=0.9
refuse_at=0.1
[single_face]
smallest_share=0.2
sure_from=0.8
"""


def judged(found: Measurements) -> tuple[Verdict, list[ReasonCode]]:
    decision = decide(found, PROFILE)
    return decision.verdict, [reason.code for reason in decision.reasons]


def test_a_confident_portrait_is_approved():
    assert judged(PORTRAIT) == (Verdict.APPROVED, [])


def test_a_confident_placeholder_asks_for_another_photo_whatever_faces_were_seen_in_it():
    for faces in ((), (FACE,), (FACE, FACE), None):
        found = replace(PORTRAIT, p_real=0.001, faces=faces)
        assert judged(found) == (Verdict.RESUBMISSION_REQUESTED, [ReasonCode.PLACEHOLDER_IMAGE])


def test_where_two_see_no_face_another_photo_is_asked_for():
    real_photo = PROFILE.real_photo
    doubtful = replace(PORTRAIT, p_real=real_photo.refuse_faceless_at, faces=())
    assert judged(doubtful) == (Verdict.RESUBMISSION_REQUESTED, [ReasonCode.FACE_NOT_FOUND])
    for faces in ((FACE,), None):
        assert judged(replace(doubtful, faces=faces))[0] is Verdict.IN_REVIEW
    rather_real = replace(doubtful, p_real=real_photo.refuse_faceless_at + 0.01)
    assert judged(rather_real) == (Verdict.IN_REVIEW, [ReasonCode.LOW_CONFIDENCE, ReasonCode.FACE_NOT_FOUND])
    nobody_asked = replace(PROFILE, real_photo=replace(real_photo, refuse_faceless_at=None))
    assert decide(doubtful, nobody_asked).verdict is Verdict.IN_REVIEW


@pytest.mark.parametrize("refuse_faceless_at", [0.05, 0.95])
def test_asking_again_where_no_face_is_lies_between_the_other_limits(refuse_faceless_at):
    with pytest.raises(ProfileError, match="must lie within refuse_at and approve_at"):
        RealPhoto(approve_at=0.9, refuse_at=0.1, refuse_faceless_at=refuse_faceless_at)


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


def test_a_face_that_is_lost_in_the_photo_is_told_from_none_and_goes_to_people():
    far_away = replace(FACE, box=BoundingBox(300, 400, 30, 40))
    assert judged(replace(PORTRAIT, faces=(far_away,))) == (Verdict.IN_REVIEW, [ReasonCode.HEAD_SIZE])
    (reason,) = decide(replace(PORTRAIT, faces=(far_away,)), PROFILE).reasons
    assert (reason.native, reason.threshold) == (0.05, PROFILE.single_face.smallest_share)
    assert (reason.source.standard, reason.source.id) == ("ISO/IEC 29794-5", "53")


def test_a_face_that_the_detector_is_not_sure_of_goes_to_people_and_stays_in_the_house():
    doubtful = replace(PORTRAIT, faces=(replace(FACE, score=PROFILE.single_face.sure_from - 0.01),))
    assert judged(doubtful) == (Verdict.IN_REVIEW, [ReasonCode.MODEL_DISAGREEMENT])
    assert decide(doubtful, PROFILE).reasons[0].audience is Audience.INTERNAL
    sure = replace(PORTRAIT, faces=(replace(FACE, score=PROFILE.single_face.sure_from),))
    assert judged(sure) == (Verdict.APPROVED, [])


def test_a_check_that_did_not_run_is_never_a_pass():
    not_run = [ReasonCode.CHECK_NOT_ASSESSED]
    assert judged(replace(PORTRAIT, p_real=None)) == (Verdict.IN_REVIEW, not_run)
    assert judged(replace(PORTRAIT, faces=None)) == (Verdict.IN_REVIEW, not_run)
    assert judged(Measurements()) == (Verdict.IN_REVIEW, not_run * 5)


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
    with_landmarks = replace(
        PORTRAIT, faces=(replace(FACE, landmarks=((30.5, 60.0), (80.0, 60.0)) * 2 + ((55.0, 80.0),)),)
    )
    assert Measurements.from_json(json.loads(json.dumps(with_landmarks.to_json()))) == with_landmarks
    reason = Reason(ReasonCode.NOT_SHARP, Disposition.FINAL, native=0.1, threshold=0.2)
    assert Reason.from_json(reason.to_json()) == reason


def test_faces_kept_before_there_were_landmarks_are_still_read():
    kept = PORTRAIT.to_json()
    kept["faces"] = [{"box": kept["faces"][0]["box"], "score": 0.99}]
    assert Measurements.from_json(kept) == PORTRAIT


def test_a_decision_names_the_exact_policy():
    assert decide(PORTRAIT, PROFILE).policy == f"default@{PROFILE.version}"


@pytest.mark.parametrize(
    ("toml", "says"),
    [
        ("name =", "not valid TOML"),
        ('name = "x"', "wants exactly"),
        (
            'name="x"\nversion=1\nmin_short_side_px=1\nmax_resubmissions=1\n[real_photo]\napprove_at=0.1\nrefuse_at=0.2',
            "single_face",
        ),
        (COMPLETE.replace("0.9", "0.05"), "must lie below"),
        (COMPLETE.replace("0.2", "1.2"), "smallest_share 1.2 must lie within 0 and 1"),
        (COMPLETE.replace("smallest_share", "largest_share"), "SingleFace wants exactly"),
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


ASKS_MORE = replace(PROFILE, usual_photo=UsualPhoto(strange_above=1), camera_photo=CameraPhoto(flag_at=0.9))
USUAL = replace(PORTRAIT, strangeness=0.4, p_ai_generated=0.1)


def test_a_usual_photo_of_a_camera_passes_an_issuer_who_asks():
    assert decide(USUAL, ASKS_MORE).verdict is Verdict.APPROVED


@pytest.mark.parametrize(
    ("found", "code", "native", "threshold"),
    [
        (replace(USUAL, strangeness=1.5), ReasonCode.OUT_OF_DISTRIBUTION, 1.5, 1),
        (replace(USUAL, p_ai_generated=0.9), ReasonCode.AI_GENERATED_SUSPECTED, 0.9, 0.9),
    ],
)
def test_the_strange_and_the_suspected_go_to_people_and_nobody_else_hears_of_it(found, code, native, threshold):
    decision = decide(found, ASKS_MORE)
    (reason,) = decision.reasons
    assert decision.verdict is Verdict.IN_REVIEW
    assert (reason.code, reason.native, reason.threshold) == (code, native, threshold)
    assert reason.audience is Audience.INTERNAL


@pytest.mark.parametrize("missing", ["strangeness", "p_ai_generated"])
def test_what_an_issuer_asks_for_and_no_model_measured_is_no_pass(missing):
    (reason,) = decide(replace(USUAL, **{missing: None}), ASKS_MORE).reasons
    assert reason.code is ReasonCode.CHECK_NOT_ASSESSED


def test_nobody_is_held_up_by_a_check_that_the_issuer_does_not_ask_for():
    asks_nothing = replace(ASKS_MORE, usual_photo=None, camera_photo=None)
    assert decide(replace(USUAL, strangeness=9, p_ai_generated=1), asks_nothing).verdict is Verdict.APPROVED


def test_a_sure_placeholder_is_asked_for_a_photo_however_strange_it_is():
    decision = decide(replace(USUAL, p_real=0.001, strangeness=50), ASKS_MORE)
    assert [reason.code for reason in decision.reasons] == [ReasonCode.PLACEHOLDER_IMAGE]


def test_a_limit_that_nothing_or_everything_would_meet_is_refused():
    for limit in (0, -1):
        with pytest.raises(ProfileError):
            UsualPhoto(strange_above=limit)
        with pytest.raises(ProfileError):
            CameraPhoto(flag_at=limit)


def test_an_assessment_from_before_strangeness_was_measured_reads_back():
    kept = PORTRAIT.to_json()
    del kept["strangeness"]
    assert Measurements.from_json(kept) == replace(PORTRAIT, strangeness=None)
