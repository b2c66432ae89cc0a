"""A person's reasons as they are recorded."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from photogate.applications import attempts
from photogate.applications.tables import DecisionRecord
from photogate.errors import Unprocessable
from photogate.screening.reasons import NEVER_TOLD, REVIEWER_CODES, Audience, Disposition, Reason, ReasonCode
from photogate.screening.verdicts import Verdict

_ASKS_FOR = {Verdict.REJECTED: Disposition.FINAL, Verdict.RESUBMISSION_REQUESTED: Disposition.RETRY}


def given(
    session: Session, verdict: Verdict, codes: Sequence[ReasonCode], ground: DecisionRecord
) -> tuple[Reason, ...]:
    """The reasons for a verdict on `ground`, with what was measured where the machine had found the same.

    A rejection at the limit of photos says so too. Raises Unprocessable for a refusal without a reason from the list,
    ResubmissionLimit for asking for more photos than the profile allows.
    """
    if verdict is Verdict.APPROVED:
        return ()
    if verdict not in _ASKS_FOR:
        raise Unprocessable("A reviewer can approve, reject or ask for another photo.")
    if not codes or any(code not in REVIEWER_CODES for code in codes):
        raise Unprocessable("A refusal needs at least one reason from the list.")
    if verdict is Verdict.RESUBMISSION_REQUESTED:
        attempts.require_another(session, ground.photo_id, ground.policy)
    measured = {reason.code: reason for reason in map(Reason.from_json, ground.reasons)}
    at_limit = (ReasonCode.RESUBMISSION_LIMIT,) if ReasonCode.RESUBMISSION_LIMIT in measured else ()
    return tuple(_confirmed(code, verdict, measured.get(code)) for code in (*codes, *at_limit))


def _confirmed(code: ReasonCode, verdict: Verdict, measured: Reason | None) -> Reason:
    audience = Audience.INTERNAL if code in NEVER_TOLD else Audience.PUBLIC
    found = measured or Reason(code, _ASKS_FOR[verdict])
    return Reason(code, _ASKS_FOR[verdict], audience, found.native, found.score, found.threshold)
