"""How people and models judge, for auditors."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Self
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import Field

from api.authentication import Auditor
from api.connections import Connected
from api.openapi import QUALITY, curl, problems
from api.refusals import InvalidRequest, Wrong
from api.views import View
from photogate.audit import service as audit
from photogate.audit.tables import EventKind
from photogate.quality import figures
from photogate.quality.agreement import Agreement, Rate
from photogate.quality.figures import Drift, Model, Quality, Reviewer

router = APIRouter(prefix="/v1/quality", tags=["Audit"])

USUAL_DAYS, MOST_DAYS = 182, 3660


class RateView(View):
    """So many errors among so many, and the rates that this leaves standing at 95 % (Clopper-Pearson)."""

    errors: int
    judged: int
    low: float
    high: float

    @classmethod
    def of(cls, found: Rate) -> Self:
        """A rate as it was counted."""
        return cls(errors=found.errors, judged=found.judged, low=found.low, high=found.high)


class AgreementView(View):
    """Cohen's kappa with its interval at 95 %; null where chance alone explains everything, or there is nothing."""

    pairs: int
    alike: int
    kappa: float | None
    low: float | None
    high: float | None

    @classmethod
    def of(cls, found: Agreement) -> Self:
        """An agreement as it was counted."""
        return cls(pairs=found.pairs, alike=found.alike, kappa=found.kappa, low=found.low, high=found.high)


class ReviewerView(View):
    """One person's figures; `drift` has a rate for each week, null where they judged nothing of the kind."""

    id: UUID
    approved_wrongly: RateView = Field(description="Golden cases that should be refused.")
    refused_wrongly: RateView = Field(description="Golden cases that should be approved.")
    agreement: AgreementView = Field(description="With the answers of golden cases, as approved or not.")
    overruled: RateView = Field(description="Of two verdicts on one case, those that did not prevail.")
    golden_drift: list[RateView | None]
    overruled_drift: list[RateView | None]

    @classmethod
    def of(cls, one: Reviewer, drift: Drift) -> Self:
        """A person's figures as they were counted."""
        return cls(
            id=one.id,
            approved_wrongly=RateView.of(one.approved_wrongly),
            refused_wrongly=RateView.of(one.refused_wrongly),
            agreement=AgreementView.of(one.agreement),
            overruled=RateView.of(one.overruled),
            golden_drift=_rates(drift.golden),
            overruled_drift=_rates(drift.overruled),
        )


class ModelView(View):
    """One model's errors under one policy, by people's word on the sample."""

    policy: str
    model: str
    placeholders_approved: RateView
    reals_refused: RateView

    @classmethod
    def of(cls, one: Model) -> Self:
        """A model's errors as they were counted."""
        return cls(
            policy=one.policy,
            model=one.model,
            placeholders_approved=RateView.of(one.placeholders_approved),
            reals_refused=RateView.of(one.reals_refused),
        )


class QualityView(View):
    """All figures of a time; `weeks` are the days on which its weeks begin, in UTC."""

    weeks: list[date]
    agreement: AgreementView = Field(description="Of first and second verdicts on the same case.")
    reviewers: list[ReviewerView]
    models: list[ModelView]

    @classmethod
    def of(cls, found: Quality) -> Self:
        """All figures as they were counted."""
        drift: Mapping[UUID, Drift] = found.drift
        return cls(
            weeks=list(found.edges[:-1]),
            agreement=AgreementView.of(found.agreement),
            reviewers=[ReviewerView.of(one, drift[one.id]) for one in found.reviewers],
            models=[ModelView.of(one) for one in found.models],
        )


@router.get(
    "",
    summary="How people and models judge",
    response_description="Agreement, error rates with intervals, and drift week by week",
    openapi_extra=curl(QUALITY),
    responses=problems(401, 403, 422, 503),
)
def read_quality(
    client: Auditor,
    connected: Connected,
    since: Annotated[date | None, Query(alias="from", description="Included; half a year ago by default.")] = None,
    until: Annotated[date | None, Query(alias="to", lt=date.max, description="Included; today by default.")] = None,
) -> QualityView:
    """By golden cases, by second verdicts and by the sample; that it was asked for is recorded."""
    edges = _weeks(since, until)
    with connected.database.transaction() as session:
        asked = {"from": edges[0].isoformat(), "to": edges[-1].isoformat()}
        audit.append(session, EventKind.AUDIT_QUERIED, client.actor, quality=asked)
        return QualityView.of(figures.quality(session, edges))


def _weeks(since: date | None, until: date | None) -> list[date]:
    last = until or datetime.now(UTC).date()
    first = since or last - timedelta(days=USUAL_DAYS - 1)
    days = (last - first).days + 1
    if not 1 <= days <= MOST_DAYS:
        raise InvalidRequest([Wrong("query.from", "Choose at most ten years that do not end before they begin.")])
    return [*(first + timedelta(days=day) for day in range(0, days, 7)), last + timedelta(days=1)]


def _rates(found: Sequence[Rate | None]) -> list[RateView | None]:
    return [None if rate is None else RateView.of(rate) for rate in found]
