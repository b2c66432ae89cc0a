"""No profile is in force under a bound for which its classifier gives no guarantee."""

from dataclasses import replace
from pathlib import Path

import pytest

from models.registry import Registry
from photogate.applications.profiles import load_profile
from photogate.promotions.models import supporting
from photogate.promotions.refusals import BoundUnsupported
from worker.policy import facts

STUDENT = facts("student", Registry(Path("nowhere")))
DEFAULT = load_profile("default")


def bounded(**parts):
    return replace(DEFAULT, risk=replace(DEFAULT.risk, **parts))


def test_the_default_classifier_promises_what_the_default_profile_bounds():
    assert supporting(DEFAULT, STUDENT) == STUDENT.guarantee
    assert supporting(bounded(placeholders_approved=0.02, delta=0.1), STUDENT) == STUDENT.guarantee


@pytest.mark.parametrize(
    ("profile", "manifest"),
    [
        (bounded(placeholders_approved=0.009), STUDENT),
        (bounded(reals_refused=0.004), STUDENT),
        (bounded(delta=0.04), STUDENT),
        (replace(DEFAULT, real_photo=replace(DEFAULT.real_photo, approve_at=0.9)), STUDENT),
        (replace(DEFAULT, real_photo=replace(DEFAULT.real_photo, refuse_at=0.06)), STUDENT),
        (DEFAULT, replace(STUDENT, guarantee=None)),
    ],
    ids=["alpha", "beta", "delta", "approves laxer", "refuses laxer", "no guarantee"],
)
def test_a_bound_that_the_artifact_does_not_promise_is_refused_with_one_sentence(profile, manifest):
    with pytest.raises(BoundUnsupported) as refused:
        supporting(profile, manifest)
    assert refused.value.detail.endswith(".")
    assert refused.value.detail.count(". ") == 0
