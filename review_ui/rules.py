"""What decides, what somebody wants to decide instead, and the second person who agrees or does not."""

from enum import StrEnum
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel

from photogate.access.tables import Role
from photogate.promotions import service
from photogate.promotions.service import Change
from photogate.promotions.tables import Slot
from review_ui.pages import page
from review_ui.program import Here
from review_ui.rules_view import rules_view
from review_ui.sessions import Auditor, auditor

router = APIRouter(prefix="/audit/rules", dependencies=[Depends(auditor)])

HERE = "/audit/rules"
Words = Annotated[str, Form(max_length=service.MOST_WORDS)]


class Word(StrEnum):
    """What becomes of a proposal."""

    APPROVE = "approve"
    WITHDRAW = "withdraw"


class Wanted(BaseModel):
    """The form of a proposal as it was sent; `profile` is a new version of a policy as TOML, else empty."""

    policy: str = ""
    model: str = ""
    camera: str = ""
    profile: str = ""
    slot: Slot = Slot.LIVE
    because: str


@router.get("")
def show_rules(
    request: Request, here: Here, reader: Auditor, before: Annotated[int | None, Query(ge=1)] = None
) -> Response:
    """What is live and since when, the proposals with what they would change, and what was in force before."""
    with here.database.transaction() as session:
        view = rules_view(session, reader, before, may_change=reader.role is Role.ADMIN)
    return page(request, "rules.html", view)


@router.post("/proposals")
def propose(here: Here, reader: Auditor, wanted: Annotated[Wanted, Form()]) -> Response:
    """Propose other rules; raises Forbidden unless the reader is an admin, and what cannot be proposed."""
    with here.database.transaction() as session:
        policy = service.put_profile(session, wanted.profile).reference if wanted.profile.strip() else wanted.policy
        change = Change(policy or None, wanted.model or None, wanted.camera or None)
        service.propose(session, reader, change, wanted.because, wanted.slot)
    return RedirectResponse(HERE, 303)


@router.post("/proposals/{promotion_id}")
def settle(promotion_id: UUID, here: Here, reader: Auditor, word: Annotated[Word, Form()], because: Words) -> Response:
    """Put a proposal in force as somebody else than its author, or take it back."""
    with here.database.transaction() as session:
        if word is Word.APPROVE:
            service.approve(session, reader, promotion_id, because, here.kms)
        else:
            service.withdraw(session, reader, promotion_id, because)
    return RedirectResponse(HERE, 303)


@router.post("/roll-back")
def roll_back(here: Here, reader: Auditor, number: Annotated[int, Form(ge=1)], because: Words) -> Response:
    """Propose what was live before."""
    with here.database.transaction() as session:
        service.roll_back(session, reader, number, because)
    return RedirectResponse(HERE, 303)


@router.post("/shadow/end")
def end_shadow(here: Here, reader: Auditor, because: Words) -> Response:
    """Propose that nothing judges beside what decides any more."""
    with here.database.transaction() as session:
        service.propose_no_shadow(session, reader, because)
    return RedirectResponse(HERE, 303)
