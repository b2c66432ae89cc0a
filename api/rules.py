"""Which policy and which models decide, what is proposed, and what decided before; people change it, not programs."""

from datetime import datetime
from typing import Annotated, Any, Self
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import Field
from sqlalchemy.orm import Session

from api.authentication import AUDIT_READ
from api.connections import Connected
from api.openapi import problems
from api.views import View
from photogate.applications import policies
from photogate.promotions import queries
from photogate.promotions.changes import changes
from photogate.promotions.differences import Difference
from photogate.promotions.queries import InForce, Rules
from photogate.promotions.tables import Promotion, Settlement, Slot

router = APIRouter(prefix="/v1/rules", tags=["Audit"], dependencies=[AUDIT_READ])


class RulesView(View):
    """A policy and the models that it hears."""

    policy: str = Field(examples=["default@6"])
    model: str = Field(description="Tells real faces from placeholders.", examples=["student@4.0.0"])
    camera: str | None = Field(description="Tells photos from generated pictures.", examples=["real_vs_ai@1.0.0"])

    @classmethod
    def of(cls, rules: Rules | None) -> Self | None:
        """Rules as they travel; nothing of a shadow that ended."""
        return None if rules is None else cls(policy=rules.policy, model=rules.model, camera=rules.camera)


class InForceView(View):
    """Rules, and since when they are in force."""

    number: int
    rules: RulesView | None
    since: datetime


class PromotedView(InForceView):
    """Rules that were put in force, and by whom."""

    proposed_by: str = Field(description="As events name them.", examples=["user:018f…", "system"])
    because: str
    approved_by: str
    approved_because: str
    fairness: dict[str, Any] | None = Field(
        description="The photos and the error rates of groups by which the gate of fairness let it pass, and its "
        "limits; None where the profile asks for none."
    )


class ChangeView(View):
    """One thing that other rules would change, in words; a side is empty where it is not asked for there."""

    part: str = Field(examples=["Real photo"])
    what: str = Field(examples=["approve from"])
    before: str = Field(examples=["0.98"])
    after: str = Field(examples=["0.985"])

    @classmethod
    def of(cls, difference: Difference) -> Self:
        """A difference as it travels."""
        return cls(part=difference.part, what=difference.what, before=difference.before, after=difference.after)


class ProposalView(View):
    """Rules that wait for a second person."""

    id: UUID
    slot: Slot = Field(description="`live` to decide, `shadow` to judge beside without deciding.")
    rules: RulesView | None = Field(description="None to end what judges beside.")
    changes: list[ChangeView] = Field(description="Of the live rules.")
    stale: bool = Field(description="Other rules were approved since; it must be proposed anew.")
    proposed_by: str
    because: str
    created_at: datetime


class Standing(View):
    """What is live, what judges beside it, and what waits for a second person."""

    live: InForceView | None = Field(description="None before the first worker has started.")
    shadow: InForceView | None
    proposals: list[ProposalView]


@router.get("", summary="What decides", response_description="Live, beside, and proposed", responses=problems(401, 403))
def read_rules(connected: Connected) -> Standing:
    """By exact version; each decision names those that made it."""
    with connected.database.transaction() as session:
        live, shadow = (queries.in_force(session, slot) for slot in Slot)
        proposals = [_proposal(session, one, live) for one in queries.waiting(session)]
    return Standing(live=_in_force(live), shadow=_in_force(shadow), proposals=proposals)


@router.get(
    "/history",
    summary="What decided before",
    response_description="Newest first",
    responses=problems(401, 403, 422),
)
def read_history(
    connected: Connected,
    before: Annotated[int | None, Query(ge=1, le=2**31 - 1, description="The last number of the page before.")] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> list[PromotedView]:
    """Every promotion with who proposed it, who approved it, and why."""
    with connected.database.transaction() as session:
        return [_promoted(one) for one in queries.approved(session, Slot.LIVE, before=before, limit=limit)]


@router.get(
    "/policies/{reference}",
    summary="A policy as it is on record",
    response_description="The profile's parts",
    responses=problems(401, 403, 404, 409, 422),
)
def read_policy(connected: Connected, reference: str) -> dict[str, Any]:
    """By `name@version`, as it decided for ever."""
    with connected.database.transaction() as session:
        return policies.recorded(session, reference).to_json()


def _in_force(there: InForce | None) -> InForceView | None:
    if there is None:
        return None
    return InForceView(number=there.number, rules=RulesView.of(there.rules), since=there.since)


def _promoted(settled: Settlement) -> PromotedView:
    return PromotedView(
        number=settled.number or 0,
        rules=RulesView.of(queries.rules_of(settled.promotion)),
        since=settled.created_at,
        proposed_by=settled.proposed_by,
        because=settled.promotion.because,
        approved_by=settled.settled_by,
        approved_because=settled.because,
        fairness=settled.fairness,
    )


def _proposal(session: Session, wanted: Promotion, live: InForce | None) -> ProposalView:
    rules = queries.rules_of(wanted)
    return ProposalView(
        id=wanted.id,
        slot=wanted.slot,
        rules=RulesView.of(rules),
        changes=[ChangeView.of(one) for one in changes(session, live.rules, rules)] if live else [],
        stale=wanted.after != queries.newest_number(session, wanted.slot),
        proposed_by=wanted.proposed_by,
        because=wanted.because,
        created_at=wanted.created_at,
    )
