"""The tasks: thin, safe to run twice; a message brings an id and nothing else."""

from dataclasses import replace
from uuid import UUID

import structlog

from models.preparation import Prepared
from photogate.applications.tables import Stage
from photogate.errors import PhotogateError, Unavailable
from photogate.jobs import service as jobs
from photogate.jobs.names import Task
from photogate.jobs.service import Job
from photogate.pictures.service import look_up
from photogate.screening.decision import decide
from photogate.screening.measurements import Measurements
from worker import screening
from worker.app import app
from worker.checks import look_at
from worker.claims import claimed
from worker.crops import CropBroken, from_png, to_png
from worker.sandbox import SandboxFailed
from worker.screening import Examination
from worker.tools import Live, Tools, tools

log = structlog.get_logger()


@app.task(name=Task.PREPARE)
def prepare(photo_id: str) -> None:
    """Decode, detect, crop and measure one photo; score and decide it too, or hand it to the classifier's queue."""
    at_hand = tools()
    at_hand.sandbox.start()  # a box that died is replaced before the claim, so that no lease runs meanwhile
    with claimed(at_hand, UUID(photo_id), Stage.PREPARE) as job:
        if job is None:
            return  # done, or somebody else holds the lease: the message came twice
        live = _live(at_hand, scores=at_hand.settings.inline_classify)
        found, prepared = screening.prepare(at_hand.sandbox, at_hand.photos(job.keys).get(job.original_key))
        if prepared is None:
            _finish(at_hand, job, live, Examination(found))
            return
        # The pictures are stored before the row moves on: a row that names them can rely on them.
        pictures = _keep(at_hand, job, prepared)
        if at_hand.settings.inline_classify:
            _finish(at_hand, job, live, screening.examine(live.judges, found, prepared.crop), **pictures)
        else:
            _pass_on(at_hand, job, found, **pictures)


@app.task(name=Task.CLASSIFY)
def classify(photo_id: str) -> None:
    """Score the crop of a prepared photo and decide it."""
    at_hand = tools()
    with claimed(at_hand, UUID(photo_id), Stage.CLASSIFY) as job:
        if job is None:
            return
        if job.crop_key is None or job.prepared is None:
            raise CropBroken("the photo came to the classifier without a crop")
        live = _live(at_hand, scores=True)
        crop = from_png(at_hand.photos(job.keys).get(job.crop_key))
        _finish(at_hand, job, live, screening.examine(live.judges, Measurements.from_json(job.prepared), crop))


@app.task(name=Task.CHECK)
def check(check_id: str) -> None:
    """Measure and judge one photo for somebody who waits, and keep nothing of it."""
    at_hand, waiting = tools(), UUID(check_id)
    asked = at_hand.checks.take(waiting)
    if asked is None:
        return  # nobody waits any more
    at_hand.look_for_rules()
    try:
        at_hand.checks.answer(waiting, look_at(asked, at_hand))
        at_hand.announce_models()
    except PhotogateError as refusal:
        at_hand.checks.refuse(waiting, refusal)
    except SandboxFailed:
        at_hand.checks.refuse(waiting, Unavailable("The check could not be carried out; please try again in a moment."))
        raise


def _live(at_hand: Tools, *, scores: bool) -> Live:
    """What decides this photo, from its first step to its last; raises RulesNotHere before any work is done."""
    live = at_hand.live
    if scores:
        _ = live.judges
    return live


def _keep(at_hand: Tools, job: Job, prepared: Prepared) -> dict[str, str]:
    folder = f"{job.application_id}/{job.photo_id}"
    crop_key, review_key = f"{folder}/crop.png", f"{folder}/review.jpg"
    photos = at_hand.photos(job.keys)
    photos.put(crop_key, to_png(prepared.crop))
    photos.put(review_key, prepared.review_copy)
    return {"crop_key": crop_key, "review_key": review_key}


def _pass_on(at_hand: Tools, job: Job, found: Measurements, *, crop_key: str, review_key: str) -> None:
    with at_hand.database.transaction() as session:
        jobs.advance(session, job, crop_key=crop_key, review_key=review_key, prepared=found)
    # After the commit: a worker that is told of a row must find it.
    at_hand.publisher.publish(job.photo_id, Stage.CLASSIFY)


def _finish(
    at_hand: Tools,
    job: Job,
    live: Live,
    examined: Examination,
    *,
    crop_key: str | None = None,
    review_key: str | None = None,
) -> None:
    found = examined.found
    with at_hand.database.transaction() as session:
        # In the transaction that remembers the picture, so that of two that are the same one sees the other.
        sighting = look_up(session, job.keys.applicant_id, examined.fingerprint) if examined.fingerprint else None
        found = replace(found, seen=sighting.seen if sighting else None)
        decision = decide(found, live.profile, job.application_id, job.attempt)
        made = jobs.finish(
            session,
            job,
            found,
            decision,
            crop_key=crop_key,
            review_key=review_key,
            sighting=sighting,
            under=live.number,
            review_due_in=at_hand.review_due_in,
        )
    log.info(
        "decided",
        photo=str(job.photo_id),
        verdict=made.verdict.value,
        reasons=[reason["code"] for reason in made.reasons],
        ms=round(sum(found.ms.values()), 1),
    )
