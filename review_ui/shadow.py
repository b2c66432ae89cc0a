"""Where the rules that judge beside differ from what was decided."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from photogate.audit import service as audit
from photogate.audit.tables import EventKind
from photogate.errors import NotFound, Unprocessable
from photogate.promotions import queries, shadows
from photogate.promotions.shadows import Place
from photogate.promotions.tables import Slot
from review_ui.audit import actor_of
from review_ui.pages import page
from review_ui.program import Here
from review_ui.sessions import Auditor, auditor
from review_ui.shadow_view import AT_ONCE, shadow_view

router = APIRouter(prefix="/audit/rules/beside", dependencies=[Depends(auditor)])


@router.get("")
def show_differences(
    request: Request,
    here: Here,
    reader: Auditor,
    number: Annotated[int | None, Query(ge=1, le=2**31 - 1)] = None,
    before: Annotated[str, Query(max_length=100)] = "",
) -> Response:
    """How often both agree, and page by page the photos about which they do not; of an earlier shadow by its number."""
    with here.database.transaction() as session:
        settled = queries.numbered(session, Slot.SHADOW, number) if number else queries.newest_shadow(session)
        if settled is None or queries.rules_of(settled.promotion) is None:
            raise NotFound("Nothing has judged beside what decides.")
        audit.append(session, EventKind.AUDIT_QUERIED, actor_of(reader), page="differences", promotion=settled.number)
        found = shadows.differences(session, settled.promotion_id, before=_place(before), limit=AT_ONCE + 1)
        view = shadow_view(session, settled, found)
    return page(request, "beside.html", view)


def _place(written: str) -> Place | None:
    try:
        at, _, decision_id = written.partition("~")
        return Place(datetime.fromisoformat(at), UUID(decision_id)) if written else None
    except ValueError as error:
        raise Unprocessable("There is no such page of differences.") from error
