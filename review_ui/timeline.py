"""The timeline of one application, for auditors."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from photogate.access import users
from photogate.applications import policies
from photogate.applications import queries as applications
from photogate.applications.tables import DecisionRecord
from photogate.audit import queries as audit
from photogate.errors import PhotogateError
from photogate.mandates.queries import as_they_stood
from photogate.privacy.holds import hold_reason
from photogate.reviews.queries import verdicts_about
from photogate.screening.profile import IssuerProfile
from photogate.searches import queries
from review_ui import looks
from review_ui.history_view import actors
from review_ui.pages import page
from review_ui.personal import notes, reference
from review_ui.program import Here
from review_ui.sessions import Auditor
from review_ui.timeline_view import Known, timeline_view

router = APIRouter(prefix="/audit/applications/{application_id}")


@router.get("")
def show_timeline(request: Request, application_id: UUID, here: Here, reader: Auditor) -> Response:
    """Pictures, scores, limits as they were, decisions, and who saw what and when; the reader is among them now."""
    with here.database.transaction() as session:
        application = queries.application(session, application_id)
        looks.record(session, reader, application_id, "timeline", application_id)
        events = audit.history(session, application_id)
        decisions = applications.decisions(session, application_id)
        said = verdicts_about(session, application_id)
        names, as_they_were = users.names_of(session, actors(events)), _policies(session, decisions)
        stood = as_they_stood(session, decisions)
    known = Known(
        reference=reference(here.kms, application),
        hold_reason=hold_reason(here.kms, application.applicant),
        notes=notes(here.kms, application, [*decisions, *said]),
        names=names,
        policies=as_they_were,
        mandates=stood,
    )
    return page(request, "timeline.html", timeline_view(application, decisions, events, known))


def _policies(session: Session, decisions: Iterable[DecisionRecord]) -> Mapping[str, IssuerProfile]:
    """The policies as they decided; one that is not on record, or no longer readable, has no limits to show."""
    found: dict[str, IssuerProfile] = {}
    for name in {made.policy for made in decisions}:
        try:
            found[name] = policies.recorded(session, name)
        except PhotogateError:
            continue
    return found
