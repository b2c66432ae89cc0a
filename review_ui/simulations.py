"""The simulator: what other rules would have decided, asked for here and found out by the relay."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel, ConfigDict, model_validator
from sqlalchemy.orm import Session

from photogate.access import users
from photogate.applications import policies
from photogate.applications.profiles import load_profile
from photogate.audit import service as audit
from photogate.audit.tables import EventKind
from photogate.errors import Unprocessable
from photogate.promotions import queries as promotions
from photogate.screening.errors import ProfileError
from photogate.screening.profile import IssuerProfile, parse_profile
from photogate.searches.filters import Place
from photogate.simulation import asking
from photogate.simulation.changes import changes, days_of_changes
from photogate.simulation.counts import Counts
from photogate.simulation.service import Question
from photogate.simulation.tables import Simulation
from review_ui.audit import actor_of
from review_ui.pages import page
from review_ui.program import Here, Program
from review_ui.sessions import Auditor, auditor
from review_ui.simulations_view import Choices, Found, changes_view, list_view, simulation_view

router = APIRouter(prefix="/audit/simulations", dependencies=[Depends(auditor)])

SHOWN, ROWS = 20, 50
USUAL_DAYS = 30


class Wanted(BaseModel):
    """The form: rules on record by their name, or others written out; a model on trial; and for how many days."""

    model_config = ConfigDict(frozen=True)

    policy: str = ""
    toml: str = ""
    model: str | None = None
    days: int = USUAL_DAYS

    @model_validator(mode="before")
    @classmethod
    def _without_blanks(cls, sent: Mapping[str, Any]) -> Mapping[str, Any]:
        return {name: value for name, value in sent.items() if value != ""}


@router.get("")
def show_simulations(request: Request, here: Here) -> Response:
    """The form, and the simulations that were asked for last."""
    with here.database.transaction() as session:
        asked = asking.newest(session, limit=SHOWN)
        names = users.names_of(session, {one.asked_by for one in asked})
        on_record = asking.references(session)
        models = [one.reference for one in promotions.models(session)]
    own = load_profile(here.settings.issuer_profile).reference
    return page(request, "simulations.html", list_view(asked, names, Choices.of([own, *on_record], models), USUAL_DAYS))


@router.post("")
def ask(here: Here, reader: Auditor, wanted: Annotated[Wanted, Form()]) -> Response:
    """Have the rules tried on the last days; raises Unprocessable for a profile that cannot be used, NotFound."""
    with here.database.transaction() as session:
        model = wanted.model and promotions.model(session, wanted.model).reference
        question = Question.last(wanted.days, _profile(session, here, wanted), _today(), model)
        asked = asking.ask(session, reader, question)
    return RedirectResponse(f"/audit/simulations/{asked.id}", 303)


@router.get("/{simulation_id}")
def show_simulation(request: Request, here: Here, reader: Auditor, simulation_id: UUID) -> Response:
    """How far it is, and then what came out."""
    with here.database.transaction() as session:
        asked = asking.simulation(session, simulation_id)
        if asked.counts:
            _record(session, actor_of(reader), asked)
    return page(request, "simulation.html", simulation_view(asked))


@router.get("/{simulation_id}/changes")
def show_changes(
    request: Request,
    here: Here,
    reader: Auditor,
    simulation_id: UUID,
    cursor: Annotated[str | None, Query(max_length=64)] = None,
) -> Response:
    """The cases about which these rules decide otherwise, oldest first, page by page."""
    after = None if cursor is None else _place(cursor)
    with here.database.transaction() as session:
        asked = asking.simulation(session, simulation_id)
        if asked.counts is None:
            raise Unprocessable("This simulation is not done yet.")
        _record(session, actor_of(reader), asked)
        days = days_of_changes(Counts.from_json(asked.counts))
        found = changes(session, asking.question_of(asked), days, after=after, limit=ROWS)
    further = found.next and Place(*found.next).to_word()
    return page(request, "changes.html", changes_view(asked, Found(found.changes, further or "", after is None)))


def _profile(session: Session, here: Program, wanted: Wanted) -> IssuerProfile:
    own = load_profile(here.settings.issuer_profile)
    if wanted.toml:
        try:
            return parse_profile(wanted.toml)
        except (ProfileError, TypeError) as error:
            raise Unprocessable(f"The profile cannot be used: {error}.") from error
    return own if wanted.policy in {"", own.reference} else policies.recorded(session, wanted.policy)


def _record(session: Session, actor: str, asked: Simulation) -> None:
    """Whoever looks at decisions leaves a trace."""
    about = {"since": str(asked.since), "until": str(asked.until)}
    audit.append(session, EventKind.AUDIT_QUERIED, actor, filters=about, simulation=str(asked.id), page="simulation")


def _place(cursor: str) -> Place:
    try:
        return Place.from_word(cursor)
    except ValueError as error:
        raise Unprocessable("The list goes on from no such place; begin again from its first page.") from error


def _today() -> date:
    return datetime.now(UTC).date()
