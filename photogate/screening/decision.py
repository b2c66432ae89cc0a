"""The one place where measurements become a verdict."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID

from photogate.screening.measurements import Measurements
from photogate.screening.profile import IssuerProfile
from photogate.screening.reasons import Audience, Disposition, Reason, ReasonCode
from photogate.screening.risk import REFUSED
from photogate.screening.verdicts import Verdict

_WAITING = {ReasonCode.QUALITY_SAMPLE, ReasonCode.AUTOMATION_SUSPENDED, ReasonCode.RESUBMISSION_LIMIT}


@dataclass(frozen=True, slots=True)
class Decision:
    """A verdict with everything that speaks against approval, under one version of one profile."""

    verdict: Verdict
    reasons: tuple[Reason, ...]
    policy: str


def decide(
    found: Measurements, profile: IssuerProfile, application_id: UUID | None = None, attempt: int | None = None
) -> Decision:
    """Turn what the models measured into a verdict under one issuer's profile.

    Whatever was not assessed is a reason for review, never a pass. An application that the profile draws for its sample
    waits for a person's word, whatever the verdict, and so does one whose `attempt`, counted from 1, was the last photo
    that the profile allows: no other can be asked for.
    """
    alone = _decision(_reasons(found, profile), profile.reference)
    drawn = application_id is not None and profile.risk is not None and profile.risk.draws(application_id)
    decision = waiting(alone, ReasonCode.QUALITY_SAMPLE) if drawn and found.p_real is not None else alone
    asks_again = alone.verdict is Verdict.RESUBMISSION_REQUESTED
    return _at_the_limit(decision, profile, attempt) if asks_again and attempt is not None else decision


def waiting(decision: Decision, because: ReasonCode) -> Decision:
    """The decision, if the machine would make it alone, as one that waits for a person; `machine_verdict` remembers."""
    if decision.verdict is Verdict.IN_REVIEW:
        return decision
    reasons = *decision.reasons, Reason(because, Disposition.REVIEW, Audience.INTERNAL)
    return Decision(Verdict.IN_REVIEW, reasons, decision.policy)


def machine_verdict(reasons: Iterable[Reason]) -> Verdict:
    """What the machine would have decided alone, of the reasons that it gave."""
    return _verdict({reason.disposition for reason in reasons if reason.code not in _WAITING})


def suspended(decision: Decision, *, approvals: bool, refusals: bool) -> Decision:
    """The decision under a mandate of which parts are suspended: what the machine may not decide alone waits."""
    is_meant = (approvals and decision.verdict is Verdict.APPROVED) or (refusals and decision.verdict in REFUSED)
    return waiting(decision, ReasonCode.AUTOMATION_SUSPENDED) if is_meant else decision


def _at_the_limit(decision: Decision, profile: IssuerProfile, attempt: int) -> Decision:
    if attempt <= profile.max_resubmissions:
        return decision
    allowed = profile.max_resubmissions + 1
    limit = Reason(ReasonCode.RESUBMISSION_LIMIT, Disposition.REVIEW, native=attempt, threshold=allowed)
    return Decision(Verdict.IN_REVIEW, (*decision.reasons, limit), decision.policy)


def _decision(found: Iterator[Reason], policy: str) -> Decision:
    reasons = tuple(found)
    return Decision(_verdict({reason.disposition for reason in reasons}), reasons, policy)


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
