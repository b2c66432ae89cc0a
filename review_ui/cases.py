"""A case: looking at it, taking it, giving it back, deciding it."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Header, Query, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel
from sqlalchemy.orm import Session

from photogate.access import users
from photogate.access.tables import User
from photogate.applications import attempts
from photogate.applications import queries as applications
from photogate.applications.attempts import ResubmissionLimit
from photogate.applications.notes import Note
from photogate.applications.tables import DecisionRecord
from photogate.audit import queries as audit
from photogate.errors import NotFound, Unprocessable
from photogate.promotions.policy import live_profile
from photogate.reviews import queries
from photogate.reviews import service as reviews
from photogate.reviews.evidence import EvidenceChanged, tag
from photogate.reviews.verdicts import given_by, judged_blind
from photogate.screening.reasons import ReasonCode
from photogate.screening.verdicts import Verdict
from review_ui import looks
from review_ui.blinding import Veil, name_of, shown, veil
from review_ui.case_view import CaseView, Looking, case_view, measurements
from review_ui.decision_form import DecisionForm
from review_ui.history_view import actors, history
from review_ui.pages import page
from review_ui.personal import notes, reference
from review_ui.preview import Preview, preview, spoken
from review_ui.program import Here, Program
from review_ui.queue import to_next
from review_ui.same_pictures import alike
from review_ui.sessions import Reviewer, SignedIn, may_decide

router = APIRouter(prefix="/cases/{case_id}")


@router.get("")
def show_case(
    request: Request, case_id: UUID, here: Here, signed_in: SignedIn, after: Annotated[UUID | None, Query()] = None
) -> Response:
    """Everything that is known about the case; `after` is the one that was just decided."""
    return _page(request, _view(here, case_id, signed_in.user, DecisionForm(), after))


@router.post("/claim")
def claim(case_id: UUID, here: Here, reviewer: Reviewer) -> Response:
    """Take the case, or say that one is still looking at it."""
    with here.database.transaction() as session:
        reviews.claim(session, case_id, reviewer, here.review_lease)
    return RedirectResponse(f"/cases/{case_id}", 303)


@router.post("/return")
def give_back(case_id: UUID, here: Here, reviewer: Reviewer) -> Response:
    """Leave the case to somebody else."""
    with here.database.transaction() as session:
        reviews.give_back(session, case_id, reviewer)
    return RedirectResponse("/", 303)


class Typed(BaseModel):
    """The decision form as it was sent."""

    verdict: Verdict
    reasons: list[ReasonCode] = []
    note: str = ""
    evidence: str = ""


@router.post("/decision")
def decide(
    request: Request,
    case_id: UUID,
    here: Here,
    reviewer: Reviewer,
    typed: Annotated[Typed, Form()],
    if_match: Annotated[str, Header()] = "",
) -> Response:
    """Record the verdict and go on to the next case; what cannot be recorded comes back as it was typed.

    It holds for the evidence that the page showed: its tag comes with the form, or as `If-Match`.
    """
    form = DecisionForm(frozenset(typed.reasons), typed.note)
    seen = if_match.strip('"') or typed.evidence
    try:
        form.check(typed.verdict)
        with here.database.transaction() as session:
            reviews.decide(session, case_id, reviewer, typed.verdict, typed.reasons, _note(here, form), seen=seen)
    except (Unprocessable, ResubmissionLimit, EvidenceChanged) as error:
        return _page(request, _view(here, case_id, reviewer, form.refused(error.detail)), error.status)
    except reviews.ClaimLost:
        if not _decided_so_before(here, case_id, reviewer, typed.verdict):
            raise
    return to_next(here, reviewer, after=case_id)


@router.get("/preview")
def leave_preview(case_id: UUID) -> Response:
    """Back to the case: a preview lives as long as its page."""
    return RedirectResponse(f"/cases/{case_id}", 303)


class Previewed(BaseModel):
    """The decision form as it was sent for a preview in one language."""

    reasons: list[ReasonCode] = []
    note: str = ""
    language: str = ""


@router.post("/preview")
def show_preview(
    request: Request, case_id: UUID, here: Here, reviewer: Reviewer, typed: Annotated[Previewed, Form()]
) -> Response:
    """The case with what the applicant would read; nothing is recorded, and the form stays as it was filled in."""
    form = DecisionForm(frozenset(typed.reasons), typed.note)
    try:
        with here.database.transaction() as session:
            seen = preview(session, _measured(session, case_id), typed.reasons, spoken(typed.language))
    except Unprocessable as error:
        return _page(request, _view(here, case_id, reviewer, form.refused(error.detail)), error.status)
    return _page(request, _view(here, case_id, reviewer, form, applicants=seen))


def _measured(session: Session, case_id: UUID) -> DecisionRecord:
    """The ground of a case of which one may see what was measured; raises Unprocessable, NotFound."""
    task = queries.task(session, case_id)
    if case_id in judged_blind(session, [task]):
        raise Unprocessable("A message shows what was measured, and this photo is judged by itself.")
    return task.decision


def _page(request: Request, view: CaseView, status: int = 200) -> Response:
    response = page(request, "case.html", view, status=status)
    response.headers["ETag"] = f'"{view.evidence}"'
    return response


def _note(here: Program, form: DecisionForm) -> Note | None:
    return Note(form.clean_note, here.kms) if form.clean_note else None


def _decided_so_before(here: Program, case_id: UUID, reviewer: User, verdict: Verdict) -> bool:
    """Whether this is the second press of a double click."""
    with here.database.transaction() as session:
        made, given = queries.outcome(session, case_id), given_by(session, case_id, reviewer.id)
    so_decided = made is not None and made.user_id == reviewer.id and made.verdict is verdict
    return so_decided or (given is not None and given.verdict is verdict)


def _view(
    here: Program,
    case_id: UUID,
    user: User,
    form: DecisionForm,
    after: UUID | None = None,
    applicants: Preview | None = None,
) -> CaseView:
    with here.database.transaction() as session:
        task = queries.task(session, case_id)
        if task.golden_for not in {None, user.id} and may_decide(user):
            raise NotFound("There is no such case.")
        said = queries.verdicts_about(session, task.application_id)
        now_said = [one for one in said if (one.task_id, one.round) == (task.id, task.round)]
        hidden = veil(
            task,
            user,
            is_blind=case_id in judged_blind(session, [task]),
            has_spoken=any(one.user_id == user.id for one in now_said),
        )
        events = shown(audit.history(session, task.application_id), hidden)
        looks.record(session, user, task.application_id, "case", case_id)
        records = [*applications.decisions(session, task.application_id)]
        names, evidence = users.names_of(session, actors(events)), tag(session, task)
        like = alike(session, task.photo_id, measurements(task), user)
        is_last = attempts.is_last(session, task.photo_id, task.decision.policy)
        profile = live_profile(session, here.settings.issuer_profile)
    heartbeat_s = max(1, int(here.settings.review_lease_s / 3))
    written = notes(here.kms, task.application, [*records, *said])
    looking = Looking(
        user=user,
        profile=profile,
        form=form,
        heartbeat_s=heartbeat_s,
        after=after,
        alike=like,
        evidence=evidence,
        said=now_said,
        notes=written,
        veil=hidden,
        is_last_photo=is_last,
        preview=applicants,
    )
    called = reference(here.kms, task.application) if hidden is Veil.NONE else name_of(task)
    return case_view(task, called, history(events, written, names), looking)
