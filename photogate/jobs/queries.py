"""What is done to every photo, as statements that are built once: composing them anew costs more than running them."""

from datetime import timedelta
from typing import Any

from sqlalchemy import BindParameter, Interval, bindparam, func, insert, select, update

from photogate.applications.photo_keys import KEYS, OWNER
from photogate.applications.tables import Application, Assessment, Photo, Stage
from photogate.audit import service as audit
from photogate.database import given, table_of
from photogate.mandates.queries import SUSPENDED
from photogate.pictures.queries import remembered_by
from photogate.promotions.queries import LIVE_NUMBER
from photogate.screening.verdicts import ApplicationStatus

_PHOTOS = table_of(Photo)
_APPLICATIONS = table_of(Application)
_ASSESSMENTS = table_of(Assessment)
_OF_THIS_STAGE = (_PHOTOS.c.id == bindparam("photo_id")) & (_PHOTOS.c.stage == bindparam("at_stage"))

JOB = (
    _PHOTOS.c.id,
    _PHOTOS.c.application_id,
    _PHOTOS.c.attempt,
    _PHOTOS.c.stage,
    _PHOTOS.c.fencing_token,
    _PHOTOS.c.attempts,
    _PHOTOS.c.original_key,
    _PHOTOS.c.crop_key,
    _PHOTOS.c.prepared,
)
"""The columns of a `Job`, in its order; those of its `PhotoKeys` follow."""

CLAIMED = (*JOB, *KEYS)

FENCE = _OF_THIS_STAGE & (_PHOTOS.c.fencing_token == bindparam("token"))
"""True of the row whose claim nobody has overtaken."""


def claimed(lease: timedelta | BindParameter[timedelta]) -> dict[str, Any]:
    """What a claim writes."""
    until = func.now() + lease
    return {
        "lease_until": until,
        "due_at": until,
        "fencing_token": _PHOTOS.c.fencing_token + 1,
        "attempts": _PHOTOS.c.attempts + 1,
    }


_CLAIMED = (
    update(_PHOTOS)
    .where(
        _OF_THIS_STAGE,
        OWNER,
        _PHOTOS.c.attempts < bindparam("max_attempts"),
        _PHOTOS.c.lease_until.is_(None) | (_PHOTOS.c.lease_until < func.now()),
    )
    .values(claimed(bindparam("lease", type_=Interval)))
    .returning(*CLAIMED)
    .cte("claimed")
)
_SHOWN = (
    update(_APPLICATIONS)
    .where(_APPLICATIONS.c.id == _CLAIMED.c.application_id, _APPLICATIONS.c.status == ApplicationStatus.RECEIVED)
    .values(status=ApplicationStatus.PROCESSING)
    .cte("shown")
)
CLAIM = select(_CLAIMED).add_cte(_SHOWN)
"""Claims a photo and shows its application as being processed."""

_FINISHED = (
    update(_PHOTOS)
    .where(FENCE)
    .values(
        stage=Stage.DECIDED,
        due_at=None,
        lease_until=None,
        crop_key=func.coalesce(bindparam("new_crop_key"), _PHOTOS.c.crop_key),
        review_key=func.coalesce(bindparam("new_review_key"), _PHOTOS.c.review_key),
    )
    .returning(_PHOTOS.c.id)
    .cte("finished")
)
_ASSESSED = (
    insert(_ASSESSMENTS)
    .from_select(["id", "measurements", "photo_id"], select(*given(_ASSESSMENTS, "id", "measurements"), _FINISHED.c.id))
    .cte("assessed")
)
FINISH = select(_FINISHED, SUSPENDED.label("suspended"), LIVE_NUMBER.label("promotion")).add_cte(
    _ASSESSED, remembered_by(_FINISHED), audit.told_by(_FINISHED)
)
"""Ends a photo's job, keeps what was measured, its fingerprint and event; no row when the claim was overtaken.

Says also what the machine may not decide alone by now, and which promotion is live, at no round trip of its own.
"""

_DUE = (
    select(_PHOTOS.c.id)
    .where(
        _PHOTOS.c.stage == bindparam("at_stage"),
        _PHOTOS.c.due_at <= func.now(),
        _PHOTOS.c.attempts < bindparam("max_attempts"),
    )
    .order_by(_PHOTOS.c.due_at)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
    .cte()  # runs once whatever the planner thinks; a subquery may run again and take more than its limit
)
TAKE_DUE = (
    update(_PHOTOS)
    .where(_PHOTOS.c.id.in_(select(_DUE.c.id)))
    .values(due_at=func.now() + bindparam("again_after", type_=Interval))
    .returning(_PHOTOS.c.id)
)
