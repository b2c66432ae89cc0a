"""The statistics of decisions over time, for auditors."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field, model_validator

from photogate.access import users
from photogate.errors import Unprocessable
from photogate.searches import aggregates, service
from photogate.searches.aggregates import Edges, Kind
from photogate.searches.filters import Filters
from review_ui import plots
from review_ui.audit import actor_of
from review_ui.pages import page
from review_ui.program import Here
from review_ui.sessions import Auditor
from review_ui.statistics_view import Counted, statistics_view

router = APIRouter(prefix="/audit/statistics")

USUAL_DAYS, MOST_DAYS = 30, 3660


class Period(BaseModel):
    """From which day to which, both included, in UTC."""

    model_config = ConfigDict(frozen=True)

    since: date | None = Field(default=None, alias="from")
    until: date | None = Field(default=None, alias="to", lt=date.max)

    @model_validator(mode="before")
    @classmethod
    def _without_blanks(cls, sent: Mapping[str, Any]) -> Mapping[str, Any]:
        return {name: value for name, value in sent.items() if value != ""}

    def days(self, today: date, usual: int = USUAL_DAYS) -> tuple[date, date]:
        """The first day and the last; raises Unprocessable for a period that ends before it begins, or is too long."""
        until = self.until or today
        since = self.since or until - timedelta(days=usual - 1)
        if not 0 <= (until - since).days < MOST_DAYS:
            raise Unprocessable("Choose a period of at most ten years that does not end before it begins.")
        return since, until


@router.get("")
def show_statistics(request: Request, here: Here, reader: Auditor, period: Annotated[Period, Query()]) -> Response:
    """Decisions by outcome, reason, reviewer, policy and model, how often people overrule, and how long it takes."""
    since, until = period.days(datetime.now(UTC).date())
    edges = plots.edges(since, until)
    with here.database.transaction() as session:
        service.record(session, actor_of(reader), _filters(edges), page="statistics")
        words = aggregates.counts(session, edges)
        names = users.names_of(session, map(UUID, words[Kind.REVIEWER]))
        found = Counted(words, {str(person): name for person, name in names.items()}, aggregates.times(session, edges))
    return page(request, "statistics.html", statistics_view(since, until, edges, found))


def _filters(edges: Edges) -> Filters:
    since, until = (datetime.combine(edge, time(), UTC) for edge in (edges[0], edges[-1]))
    return Filters(since=since, until=until)
