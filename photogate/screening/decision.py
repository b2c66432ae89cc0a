"""The one place where measurements become a verdict."""

from collections.abc import Iterator
from dataclasses import dataclass

from photogate.screening.measurements import Measurements
from photogate.screening.profile import IssuerProfile
from photogate.screening.reasons import Disposition, Reason
from photogate.screening.verdicts import Verdict


@dataclass(frozen=True, slots=True)
class Decision:
    """A verdict with everything that speaks against approval, under one version of one profile."""

    verdict: Verdict
    reasons: tuple[Reason, ...]
    policy: str


def decide(found: Measurements, profile: IssuerProfile) -> Decision:
    """Turn what the models measured into a verdict under one issuer's profile.

    Whatever was not assessed is a reason for review, never a pass.
    """
    reasons = tuple(_reasons(found, profile))
    return Decision(_verdict({reason.disposition for reason in reasons}), reasons, profile.reference)


def _reasons(found: Measurements, profile: IssuerProfile) -> Iterator[Reason]:
    for check in profile.checks:
        if reason := check.judge(found):
            yield reason
            if reason.disposition is not Disposition.REVIEW:
                return  # it takes another photo: what the later checks would say of this one helps nobody


def _verdict(dispositions: set[Disposition]) -> Verdict:
    if Disposition.FINAL in dispositions:
        return Verdict.REJECTED
    if Disposition.REVIEW in dispositions:
        return Verdict.IN_REVIEW
    if Disposition.RETRY in dispositions:
        return Verdict.RESUBMISSION_REQUESTED
    return Verdict.APPROVED
