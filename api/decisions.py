"""Auditors' questions about decisions: page by page, or all that fit as a file."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response, StreamingResponse
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session

from api.audited import AuditedDecision, AuditedPage, Manifest
from api.authentication import AUDIT_READ, Auditor
from api.connections import Connected, Connections
from api.openapi import DECISIONS, EXPORT, curl, problems
from api.refusals import InvalidRequest, Wrong
from api.views import SHA256
from photogate.access.keys import Client
from photogate.applicants.master_keys import Kms
from photogate.applicants.queries import ids_by_reference
from photogate.audit.proofs import InclusionProof, NotYetSigned, prove_inclusion
from photogate.screening.reasons import ReasonCode
from photogate.screening.verdicts import Verdict
from photogate.searches import export, service
from photogate.searches.export import MEDIA_TYPES, Format
from photogate.searches.filters import Filters, Place

router = APIRouter(prefix="/v1/decisions", tags=["Audit"])

WORD = r"^[\x21-\x7e]{1,200}$"
ACTOR = r"^(user:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|policy:[\x21-\x7e]{1,200})$"


class Answer(StrEnum):
    """How the answer is written."""

    JSON = "json"
    CSV = "csv"
    NDJSON = "ndjson"


class Question(BaseModel):
    """What an auditor asks; a parameter that is not known is refused, or a slip of the pen would answer everything."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    reference: str | None = Field(None, max_length=200, description="The applicant as any client calls them.")
    application: UUID | None = None
    photo_sha256: str | None = Field(None, pattern=SHA256)
    since: datetime | None = Field(None, alias="from", description="Included; UTC unless it says otherwise.")
    until: datetime | None = Field(None, alias="to", description="Not included.")
    outcome: Verdict | None = None
    reason: ReasonCode | None = None
    actor: str | None = Field(None, pattern=ACTOR, description="`user:ID` or `policy:NAME@VERSION`.")
    model: str | None = Field(None, pattern=WORD, description="`name@version`.")
    policy: str | None = Field(None, pattern=WORD, description="`name@version`.")
    cursor: str | None = Field(None, max_length=64, description="From `next` of the page before.")
    limit: int = Field(50, ge=1, le=200)
    form: Answer | None = Field(None, alias="format", description="What `Accept` asks for, unless this says otherwise.")

    def filters(self, session: Session, kms: Kms) -> Filters:
        """The question without the applicant's reference; raises KeyMissing."""
        return Filters(
            applicants=None if self.reference is None else frozenset(ids_by_reference(session, kms, self.reference)),
            application=self.application,
            photo_sha256=self.photo_sha256 and self.photo_sha256.lower(),
            since=_in_a_zone(self.since),
            until=_in_a_zone(self.until),
            outcome=self.outcome,
            reason=self.reason,
            actor=self.actor,
            model=self.model,
            policy=self.policy,
        )


@router.get(
    "",
    summary="Search every decision",
    response_model=AuditedPage,
    response_description="One page, or with `format=csv` or `format=ndjson` (or `Accept`) all that fit as a file",
    openapi_extra=curl(DECISIONS),
    responses=problems(401, 403, 422, 503),
)
def search(
    client: Auditor,
    request: Request,
    connected: Connected,
    question: Annotated[Question, Query()],
) -> Response:
    """Of all clients, newest first; what is asked is itself recorded, with the filters and without the answers.

    An export holds everything that fits, oldest first. Its `Link` leads to the manifest, which is there once the last
    byte was sent; of an export that was cut off there is none.
    """
    with connected.database.transaction() as session:
        filters = question.filters(session, connected.kms)
    wanted = question.form or _accepted(request)
    if wanted is not Answer.JSON:
        return _file(client, connected, filters, Format(wanted))
    return _page(client, connected, filters, question, request)


@router.get(
    "/exports/{export_id}",
    summary="What an export holds",
    dependencies=[AUDIT_READ],
    response_description="The manifest",
    openapi_extra=curl(EXPORT),
    responses=problems(401, 403, 404, 422, 503),
)
def read_manifest(export_id: UUID, connected: Connected) -> Manifest:
    """Filters, number of rows and SHA-256 of a finished export, with the proof that the log has them."""
    with connected.database.transaction() as session:
        return Manifest.of(export.manifest(session, export_id), _proof(session, export_id))


def _page(client: Client, connected: Connections, filters: Filters, question: Question, request: Request) -> Response:
    before = _place(question.cursor)
    with connected.database.transaction() as session:
        page = service.search(session, client.actor, filters, before=before, limit=question.limit)
    following = None if page.next is None else _next(request, page.next.to_word())
    view = AuditedPage(decisions=[AuditedDecision.of(found) for found in page.decisions], next=following)
    return Response(view.model_dump_json(), media_type="application/json")


def _file(client: Client, connected: Connections, filters: Filters, form: Format) -> Response:
    with connected.database.transaction() as session:
        begun = export.begin(session, client.actor, filters, form)
    headers = {
        "Content-Disposition": f'attachment; filename="{begun.file_name}"',
        "Link": f'</v1/decisions/exports/{begun.id}>; rel="describedby"',
    }
    return StreamingResponse(export.stream(connected.database, begun), media_type=MEDIA_TYPES[form], headers=headers)


def _proof(session: Session, export_id: UUID) -> InclusionProof | None:
    try:
        return prove_inclusion(session, export_id)
    except NotYetSigned:
        return None


def _place(cursor: str | None) -> Place | None:
    try:
        return None if cursor is None else Place.from_word(cursor)
    except ValueError as error:
        raise InvalidRequest([Wrong("query.cursor", "Use the address in `next` of the page before.")]) from error


def _in_a_zone(at: datetime | None) -> datetime | None:
    return at.replace(tzinfo=UTC) if at and at.tzinfo is None else at


def _accepted(request: Request) -> Answer:
    """The first kind that the caller accepts and that there is; JSON where they do not say."""
    kinds = {media_type: Answer(form) for form, media_type in MEDIA_TYPES.items()} | {"application/json": Answer.JSON}
    named = [part.partition(";")[0].strip().lower() for part in request.headers.get("accept", "").split(",")]
    return next((kinds[name] for name in named if name in kinds), Answer.JSON)


def _next(request: Request, cursor: str) -> str:
    asked = [pair for pair in request.query_params.multi_items() if pair[0] != "cursor"]
    return f"{request.url.path}?{urlencode([*asked, ('cursor', cursor)])}"
