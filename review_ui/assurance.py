"""Quality assurance: how people and models judge; whoever decides sees their own figures."""

from datetime import UTC, date, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from photogate.access import users
from photogate.access.tables import User
from photogate.audit import service as audit
from photogate.audit.tables import EventKind
from photogate.quality import figures
from review_ui.assurance_view import AssuranceView, assurance_view
from review_ui.audit import actor_of
from review_ui.pages import page
from review_ui.program import Here
from review_ui.sessions import SignedIn, may_audit
from review_ui.statistics import Period

router = APIRouter(prefix="/audit/quality")

USUAL_DAYS, DAYS_A_STRETCH, MOST_STRETCHES = 182, 7, 31


@router.get("")
def show_quality(request: Request, here: Here, signed_in: SignedIn, period: Annotated[Period, Query()]) -> Response:
    """Agreement, error rates and drift: of everybody for auditors, of oneself for everybody else."""
    since, until = _days(period, signed_in.user)
    return page(request, "assurance.html", _view(here, signed_in.user, since, until))


def _days(period: Period, user: User) -> tuple[date, date]:
    """The days that are counted.

    For oneself they end yesterday: who sees a figure move with a verdict has found a golden case.
    """
    today = datetime.now(UTC).date()
    last = today if may_audit(user) else today - timedelta(days=1)
    since, until = period.days(last, usual=USUAL_DAYS)
    return min(since, last), min(until, last)


def _view(here: Here, user: User, since: date, until: date) -> AssuranceView:
    of, edges = (None if may_audit(user) else user.id), _edges(since, until)
    with here.database.transaction() as session:
        found = figures.quality(session, edges, of)
        names = users.names_of(session, [one.id for one in found.reviewers])
        asked = {"page": "quality", "from": since.isoformat(), "to": until.isoformat()}
        audit.append(session, EventKind.AUDIT_QUERIED, actor_of(user), quality=asked)
    return assurance_view(found, names, is_own=of is not None)


def _edges(since: date, until: date) -> list[date]:
    """Stretches of whole weeks, as few as make at most 31; the last one may be shorter."""
    days = (until - since).days + 1
    step = DAYS_A_STRETCH * max(1, -(-days // (DAYS_A_STRETCH * MOST_STRETCHES)))
    return [*(since + timedelta(days=day) for day in range(0, days, step)), until + timedelta(days=1)]
