"""The audit pages: searching every decision, keeping searches, exporting what was found."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import RedirectResponse, Response, StreamingResponse
from sqlalchemy.orm import Session

from photogate.access import users
from photogate.access.tables import User
from photogate.errors import NotFound, Unprocessable
from photogate.searches import aggregates, export, service
from photogate.searches.aggregates import Kind
from photogate.searches.filters import Place
from review_ui.audit_form import Asked, Kept, Looked, Wanted
from review_ui.audit_view import AuditView, Known, found_rows, kept_searches, lists, manifest_view
from review_ui.history_view import actors
from review_ui.pages import page
from review_ui.program import Here
from review_ui.sessions import Auditor, auditor

router = APIRouter(prefix="/audit", dependencies=[Depends(auditor)])

ROWS = 50


@router.get("")
def search(request: Request, here: Here, reader: Auditor, asked: Annotated[Looked, Query()]) -> Response:
    """The newest decisions that fit, or those behind the cursor."""
    with here.database.transaction() as session:
        found = service.search(session, actor_of(reader), asked.filters, before=_place(asked), limit=ROWS)
        kept = service.saved(session, reader.id)
        known = _known(session)
    view = AuditView(
        asked=asked,
        lists=lists(asked, known),
        rows=found_rows(found.decisions, known.people),
        older=asked.address(cursor=found.next.to_word()) if found.next else "",
        kept=kept_searches(kept),
        is_first=asked.cursor is None,
    )
    return page(request, "audit.html", view)


@router.post("/find")
def find(here: Here, reader: Auditor, reference: Annotated[str, Form(max_length=200)]) -> Response:
    """Go to an applicant's decisions; sent as a form, so that the reference stands in no address and no log."""
    with here.database.transaction() as session:
        called = service.applicants_called(session, here.kms, actor_of(reader), reference)
    if not called:
        raise NotFound("Nobody is called so by any client, or they have been erased.")
    return RedirectResponse(Asked(applicant=sorted(called)).address(), 303)


@router.post("/searches")
def keep(here: Here, reader: Auditor, kept: Annotated[Kept, Form()]) -> Response:
    """Keep a search under a name, for the person who asked it."""
    with here.database.transaction() as session:
        service.save(session, reader.id, kept.name, kept.filters)
    return RedirectResponse(kept.address(), 303)


@router.post("/searches/{search_id}/remove")
def remove(here: Here, reader: Auditor, search_id: UUID) -> Response:
    """Let go of a kept search."""
    with here.database.transaction() as session:
        service.remove(session, reader.id, search_id)
    return RedirectResponse("/audit", 303)


@router.get("/export")
def export_found(here: Here, reader: Auditor, asked: Annotated[Wanted, Query()]) -> Response:
    """Everything that fits, as a file."""
    with here.database.transaction() as session:
        begun = export.begin(session, actor_of(reader), asked.filters, asked.form)
    headers = {"Content-Disposition": f'attachment; filename="{begun.file_name}"'}
    return StreamingResponse(
        export.stream(here.database, begun), media_type=export.MEDIA_TYPES[begun.format], headers=headers
    )


@router.get("/exports/{export_id}")
def show_manifest(request: Request, here: Here, export_id: UUID) -> Response:
    """What an export holds, and the SHA-256 that its file must have."""
    with here.database.transaction() as session:
        manifest = export.manifest(session, export_id)
        names = users.names_of(session, actors([manifest]))
    return page(request, "manifest.html", manifest_view(manifest, {str(who): name for who, name in names.items()}))


def actor_of(user: User) -> str:
    """How events name this person."""
    return f"user:{user.id}"


def _known(session: Session) -> Known:
    people = users.names_of(session, map(UUID, aggregates.words(session, Kind.REVIEWER)))
    return Known(
        {str(person): name for person, name in people.items()},
        aggregates.words(session, Kind.POLICY),
        aggregates.words(session, Kind.MODEL),
    )


def _place(asked: Looked) -> Place | None:
    try:
        return asked.before
    except ValueError as error:
        raise Unprocessable("The list goes on from no such place; begin again from its first page.") from error
