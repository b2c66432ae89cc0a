"""What was measured and decided, read as far as it takes to decide again."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from photogate.applicants import service as applicants
from photogate.applicants.attributes import unseal
from photogate.applicants.master_keys import Kms
from photogate.screening.measurements import Measurements
from photogate.screening.reasons import Reason, ReasonCode
from photogate.screening.risk import Truth, truth
from photogate.screening.verdicts import Verdict
from photogate.simulation.trials import heard, named

ROWS_AT_ONCE = 2_000


class Said(NamedTuple):
    """A person's last word about a photo."""

    verdict: Verdict
    codes: frozenset[ReasonCode]

    @property
    def shows(self) -> Truth | None:
        """What the photo shows by this word; None where it does not settle that."""
        return truth(self.verdict, self.codes)


class Case(NamedTuple):
    """One photo: what a policy decided about it, what it decided by, what people said, and of whom.

    `attributes` are what the client says of the applicant; empty where it says nothing, or nobody may know.
    """

    decision_id: str
    application_id: UUID
    decided_at: datetime
    client: str
    was: Verdict
    reasons: tuple[Reason, ...]
    said: Said | None
    found: Measurements
    attributes: Mapping[str, str] = {}

    @property
    def attempt(self) -> int | None:
        """The photo's number where the decision tells it: when it was the last that the policy of then allowed."""
        numbers = (reason.native for reason in self.reasons if reason.code is ReasonCode.RESUBMISSION_LIMIT)
        return next((int(number) for number in numbers if number is not None), None)


class Stretch(NamedTuple):
    """Policies' decisions from `since` on, or those behind the place `after`, until `until`, which is not included."""

    since: datetime
    until: datetime
    after: tuple[datetime, UUID] | None = None


# Quality measures, times and landmarks are most of an assessment, and no check reads them (a test holds that).
_CASES = """
    SELECT decided.id::text, decided.application_id::text, decided.created_at, applications.client, decided.verdict,
        decided.reasons::text, said.verdict, said.reasons::text,
        ({measured} - CAST('{{quality,ms}}' AS text[]) #- '{{faces,0,landmarks}}')::text,
        applicants.id::text, sealed_attributes, master_key_id, wrapped_key
    FROM decisions AS decided
    JOIN assessments ON assessments.id = decided.assessment_id
    JOIN applications ON applications.id = decided.application_id
    LEFT JOIN applicants ON applicants.id = applications.applicant_id AND sealed_attributes IS NOT NULL AND :of_whom
    {judged} JOIN LATERAL (
        SELECT verdict, reasons FROM decisions AS later
        WHERE later.application_id = decided.application_id AND later.photo_id = decided.photo_id
            AND later.actor_kind = 'person'
        ORDER BY later.id DESC LIMIT 1
    ) AS said ON true
    {heard}
    WHERE decided.actor_kind = 'policy' AND decided.created_at < :until AND {begins}
    ORDER BY decided.created_at, decided.id
"""
_DECIDED = text("""
    SELECT count(*) FROM decisions
    WHERE actor_kind = 'policy' AND assessment_id IS NOT NULL AND created_at >= :since AND created_at < :until
""")
_ALL, _JUDGED = "LEFT", "INNER"
_SINCE, _BEHIND = "decided.created_at >= :since", "(decided.created_at, decided.id) > (:since, CAST(:behind AS uuid))"
_STREAMED = {"stream_results": True, "yield_per": ROWS_AT_ONCE}


def cases(
    session: Session, stretch: Stretch, kms: Kms | None = None, *, judged: bool = False, models: Sequence[str] = ()
) -> Iterator[Case]:
    """Every case of a stretch in the order of time, of which a few thousand are in memory at once.

    With `kms`, also what is said of the applicants; raises KeyMissing. With `judged`, only those that people decided.
    With `models`, only those that each of them scored, with its scores in the place of what was heard then.
    """
    since, behind = stretch.after or (stretch.since, None)
    asked = {"since": since, "behind": behind and str(behind), "until": stretch.until, "of_whom": kms is not None}
    parts = {"begins": _BEHIND if behind else _SINCE, "judged": _JUDGED if judged else _ALL}
    statement = text(_CASES.format(**parts, **heard(models)))
    rows = session.execute(statement, {**asked, **named(models)}, execution_options=_STREAMED)
    return (_case(kms, *row) for row in rows)


def decided(session: Session, stretch: Stretch) -> int:
    """How many cases a stretch has, whichever models scored them."""
    counted: int = session.scalars(_DECIDED, {"since": stretch.since, "until": stretch.until}).one()
    return counted


def _case(  # noqa: PLR0913, PLR0917 - a row has as many columns
    kms: Kms | None,
    decision_id: str,
    application_id: str,
    decided_at: datetime,
    client: str,
    was: str,
    reasons: str,
    said: str | None,
    because: str | None,
    measured: str,
    *of_whom: Any,  # noqa: ANN401 - the columns that `_attributes` takes
) -> Case:
    return Case(
        decision_id,
        UUID(application_id),
        decided_at,
        client,
        _VERDICTS[was],
        _reasons(reasons),
        None if said is None else Said(_VERDICTS[said], frozenset(reason.code for reason in _reasons(because))),
        found_of(measured),
        _attributes(kms, *of_whom),
    )


def _attributes(
    kms: Kms | None, applicant_id: str | None, sealed: bytes | None, master_key_id: str | None, wrapped: bytes | None
) -> Mapping[str, str]:
    if kms is None or applicant_id is None or sealed is None or wrapped is None:
        return {}
    whose = UUID(applicant_id)
    return unseal(applicants.unwrapped(kms, whose, master_key_id, bytes(wrapped)), whose, bytes(sealed))


_VERDICTS: Mapping[str, Verdict] = {verdict.value: verdict for verdict in Verdict}


_READ = json.JSONDecoder().raw_decode
"""What `json.loads` comes to for a text that the database wrote, which begins with no blank and no mark."""


def _reasons(kept: str | None) -> tuple[Reason, ...]:
    return () if kept is None or kept == "[]" else tuple(map(Reason.from_json, json.loads(kept)))


def found_of(measured: str) -> Measurements:
    """What an assessment says, of which quality and times were left out."""
    kept, _ = _READ(measured)
    kept["quality"] = {}
    return Measurements.from_json(kept)
