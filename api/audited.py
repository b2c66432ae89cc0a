"""What auditors see of decisions: everything that was kept, but no applicant's reference."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Self
from uuid import UUID

from pydantic import Field

from api.audit import ProofView
from api.views import SourceView, View
from photogate.audit.proofs import InclusionProof
from photogate.audit.tables import Event
from photogate.screening.reasons import PLAIN_WORDS, Audience, Disposition, ReasonCode
from photogate.screening.verdicts import Verdict
from photogate.searches.queries import FoundDecision


class FindingView(View):
    """One reason with what was measured and the limit that it met, as they were."""

    code: str = Field(examples=["LOW_CONFIDENCE"])
    message: str
    disposition: Disposition
    audience: Audience
    source: SourceView
    native: float | None
    score: float | None
    threshold: float | None
    assessed: bool
    model_version: str | None
    detail: str | None

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Self:
        """A reason as it was kept."""
        return cls(message=PLAIN_WORDS[ReasonCode(kept["code"])], **kept)


class AuditedDecision(View):
    """One decision, in force or superseded, of any client's application."""

    id: UUID
    decided_at: datetime
    outcome: Verdict
    actor: str = Field(description="`user:ID` or `policy:NAME@VERSION`.", examples=["policy:default@3"])
    reasons: list[FindingView]
    policy: str = Field(examples=["default@3"])
    models: dict[str, str] = Field(description="The SHA-256 of every model that measured, by its name@version.")
    application_id: UUID
    client: str
    attempt: int
    photo_sha256: str
    supersedes: UUID | None

    @classmethod
    def of(cls, found: FoundDecision) -> Self:
        """A decision as it was found."""
        return cls(
            id=found.id,
            decided_at=found.decided_at,
            outcome=found.verdict,
            actor=found.actor,
            reasons=[FindingView.of(reason) for reason in found.reasons],
            policy=found.policy,
            models=found.models,
            application_id=found.application_id,
            client=found.client,
            attempt=found.attempt,
            photo_sha256=found.photo_sha256,
            supersedes=found.supersedes_id,
        )


class AuditedPage(View):
    """Some decisions, newest first; `next` is the address of the following page, null on the last one."""

    decisions: list[AuditedDecision]
    next: str | None


class Manifest(View):
    """What an export holds: the log has it as the event `id`, so nobody can change it unseen."""

    id: UUID
    finished_at: datetime
    actor: str
    filters: dict[str, Any]
    format: str
    fields: list[str]
    rows: int
    size_bytes: int
    sha256: str = Field(description="Of the file as it was sent; `sha256sum` says the same.")
    checkpoint: str | None = Field(description="The log's last signed checkpoint when the export was finished.")
    proof: ProofView | None = Field(
        description="That this manifest is in the log; null until the next checkpoint, about a second."
    )

    @classmethod
    def of(cls, event: Event, proof: InclusionProof | None) -> Self:
        """The manifest in an event of the log."""
        proven = None if proof is None else ProofView.of(proof)
        return cls(id=event.id, finished_at=event.created_at, actor=event.actor, proof=proven, **event.details)
