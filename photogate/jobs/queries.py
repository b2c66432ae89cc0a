"""What is done to every photo, as statements that are built once: composing them anew costs more than running them."""

from datetime import timedelta
from typing import Any

from sqlalchemy import BindParameter, Interval, bindparam, func, insert, update

from photogate.applications.photo_keys import KEYS, OWNER
from photogate.applications.tables import Application, Assessment, Photo, Stage
from photogate.database import table_of
from photogate.screening.verdicts import ApplicationStatus

_PHOTOS = table_of(Photo)
_APPLICATIONS = table_of(Application)
_OF_THIS_STAGE = (_PHOTOS.c.id == bindparam("photo_id")) & (_PHOTOS.c.stage == bindparam("at_stage"))

JOB = (
    _PHOTOS.c.id,
    _PHOTOS.c.application_id,
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


CLAIM = (
    update(_PHOTOS)
    .where(
        _OF_THIS_STAGE,
        OWNER,
        _PHOTOS.c.attempts < bindparam("max_attempts"),
        _PHOTOS.c.lease_until.is_(None) | (_PHOTOS.c.lease_until < func.now()),
    )
    .values(claimed(bindparam("lease", type_=Interval)))
    .returning(*CLAIMED)
)

SHOW_PROCESSING = (
    update(_APPLICATIONS)
    .where(_APPLICATIONS.c.id == bindparam("application_id"), _APPLICATIONS.c.status == ApplicationStatus.RECEIVED)
    .values(status=ApplicationStatus.PROCESSING)
)

FINISH = (
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
)

ASSESS = insert(table_of(Assessment))
