"""Submitting a photo, sending another one, and asking where an application stands."""

from collections.abc import Callable
from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, BackgroundTasks, Path, Query
from fastapi.responses import JSONResponse, Response
from sqlalchemy.orm import Session

from api.authentication import Reader, Submitter
from api.connections import Connected, Connections
from api.languages import Spoken, headers
from api.openapi import ANNOTATED, PHOTO_ALONE, PHOTO_WITH_REFERENCE, READ, RESUBMIT, SUBMIT, accepted, curl, problems
from api.replay import Again, Keep, Named, once
from api.upload import Photo, Submitted, Upload
from api.views import ApplicationPage, ApplicationView, DecisionList, DecisionView, cursor_of, place_of
from photogate.access.keys import Client
from photogate.applicants.service import reference_of
from photogate.applications import queries, service
from photogate.applications.idempotency import KeptAnswer
from photogate.database import new_id
from photogate.mandates.queries import as_they_stood
from photogate.messages import service as pictures
from photogate.messages.drawing import MEDIA_TYPE, POLICY
from photogate.screening.verdicts import ApplicationStatus

MAX_ATTEMPT = 1_000_000

router = APIRouter(prefix="/v1/applications", tags=["Applications"])


@router.post(
    "",
    summary="Submit an applicant's first photo",
    status_code=202,
    response_model=ApplicationView,
    openapi_extra={**PHOTO_WITH_REFERENCE, **curl(SUBMIT)},
    responses={**accepted(), **problems(400, 401, 403, 408, 409, 413, 415, 422, 503)},
)
def submit(client: Submitter, upload: Submitted, connected: Connected, later: BackgroundTasks) -> JSONResponse:
    """The answer comes as soon as the photo is kept; the decision follows within seconds: ask for it at `Location`."""
    application_id = new_id()

    def record(session: Session, intake: service.Intake) -> service.Submitted:
        return service.submit(
            session, intake, upload.reference, application_id=application_id, attributes=upload.attributes
        )

    act = _intake(connected, later, application_id, client, upload, record)
    return once(connected.database, _named(connected, client, upload), act, _whole(connected, client))


@router.post(
    "/{application_id}/photos",
    summary="Send another photo",
    status_code=202,
    response_model=ApplicationView,
    openapi_extra={**PHOTO_ALONE, **curl(RESUBMIT)},
    responses={**accepted(), **problems(400, 401, 403, 404, 408, 409, 413, 415, 422, 503)},
)
def resubmit(
    client: Submitter, upload: Photo, application_id: UUID, connected: Connected, later: BackgroundTasks
) -> JSONResponse:
    """For an application whose status is `resubmission_requested`; 409 for any other, and when the limit is reached."""

    def record(session: Session, intake: service.Intake) -> service.Submitted:
        return service.resubmit(session, intake, application_id, connected.profile)

    act = _intake(connected, later, application_id, client, upload, record)
    return once(connected.database, _named(connected, client, upload), act, _whole(connected, client))


@router.get(
    "/{application_id}",
    summary="Where an application stands",
    response_description="The application as it stands",
    openapi_extra=curl(READ),
    responses=problems(401, 403, 404, 422, 503),
)
def read_application(client: Reader, application_id: UUID, connected: Connected, language: Spoken) -> ApplicationView:
    """Build on `status`: reasons grow over time. `received` and `processing` end by themselves, within seconds."""
    with connected.database.transaction() as session:
        found = queries.application(session, client.name, application_id)
        return ApplicationView.whole(connected.kms, found, connected.profile, language)


@router.get(
    "",
    summary="Your own applications",
    response_description="One page",
    responses=problems(401, 403, 422, 503),
)
def list_applications(
    client: Reader,
    connected: Connected,
    language: Spoken,
    status: ApplicationStatus | None = None,
    cursor: Annotated[str | None, Query(max_length=64, description="From `next` of the page before.")] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> ApplicationPage:
    """Oldest first, page by page: follow `next` until it is null."""
    after = None if cursor is None else place_of(cursor)
    with connected.database.transaction() as session:
        found = queries.applications(session, client.name, status=status, after=after, limit=limit + 1)
        page = [
            ApplicationView.whole(connected.kms, application, connected.profile, language)
            for application in found[:limit]
        ]
    further = len(found) > limit
    return ApplicationPage(applications=page, next=_next(page[-1].id, status, limit) if further else None)


@router.get(
    "/{application_id}/decisions",
    summary="Every decision about an application",
    response_description="The decisions",
    responses=problems(401, 403, 404, 422, 503),
)
def list_decisions(client: Reader, application_id: UUID, connected: Connected, language: Spoken) -> DecisionList:
    """Oldest first; the last one is in force. Reasons that are meant for reviewers only do not appear."""
    with connected.database.transaction() as session:
        queries.application(session, client.name, application_id)
        records = queries.decisions(session, application_id)
        stood = as_they_stood(session, records)
        return DecisionList(decisions=[DecisionView.of(record, language, stood.get(record.id)) for record in records])


@router.get(
    "/{application_id}/photos/{attempt}/annotated",
    summary="A photo as the applicant should see it",
    response_class=Response,
    response_description="An SVG with the photo, the faces that were found, the place for the face, and the messages",
    openapi_extra=curl(ANNOTATED),
    responses={200: {"content": {MEDIA_TYPE: {}}}, **problems(401, 403, 404, 409, 410, 422, 503)},
)
def read_annotated(
    client: Reader,
    application_id: UUID,
    attempt: Annotated[int, Path(ge=1, le=MAX_ATTEMPT, description="1 for the first photo.")],
    connected: Connected,
    language: Spoken,
) -> Response:
    """It needs no script and refers to nothing; that it was taken is on record. 409 when nothing is to be said."""
    kept = pictures.Kept(connected.store, connected.kms)
    with connected.database.transaction() as session:
        picture = pictures.of_client(session, kept, client, application_id, attempt, language)
    return Response(picture, media_type=MEDIA_TYPE, headers={"Content-Security-Policy": POLICY, **headers(language)})


def _intake(
    connected: Connections,
    later: BackgroundTasks,
    application_id: UUID,
    client: Client,
    upload: Upload,
    record: Callable[[Session, service.Intake], service.Submitted],
) -> Callable[[Keep], KeptAnswer]:
    """Keeps the bytes, then `record`s them under their key together with the answer, then has a worker told."""

    def act(keep: Keep) -> KeptAnswer:
        with (
            service.kept_original(connected.store, application_id, upload.file) as kept,
            connected.database.transaction() as session,
        ):
            intake = service.Intake(client, upload.file, kept, connected.kms)
            application, photo, reference = record(session, intake)
            answer = _answer(ApplicationView.of(application, reference, photo))
            keep(session, KeptAnswer(answer.status, answer.headers, {**answer.body, "reference": None}))
        # After the commit: a worker must find the row. After the answer: the broker may be slow or dead.
        later.add_task(connected.publisher.publish, photo.id, photo.stage)
        connected.metrics.submitted("first" if photo.attempt == 1 else "further")
        return answer

    return act


def _answer(view: ApplicationView) -> KeptAnswer:
    return KeptAnswer(202, {"Location": view.links["self"]}, view.model_dump(mode="json"))


def _whole(connected: Connections, client: Client) -> Again:
    """Adds the applicant's reference, which lies sealed and nowhere else, to an answer that is given again."""

    def again(session: Session, kept: KeptAnswer) -> KeptAnswer:
        application = queries.application(session, client.name, UUID(kept.body["id"]))
        reference = reference_of(connected.kms, application.applicant)
        return KeptAnswer(kept.status, kept.headers, {**kept.body, "reference": reference})

    return again


def _named(connected: Connections, client: Client, upload: Upload) -> Named | None:
    if upload.idempotency_key is None:
        return None
    # Clients name requests after applicants, too.
    return Named(client.name, connected.kms.digest(upload.idempotency_key).hex(), upload.request_sha256)


def _next(last: UUID, status: ApplicationStatus | None, limit: int) -> str:
    wanted = {"status": status.value} if status else {}
    return f"/v1/applications?{urlencode({**wanted, 'cursor': cursor_of(last), 'limit': limit})}"
