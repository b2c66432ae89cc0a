"""Labelled photos that are nobody's application: what models measured on them, and what rules decide by it."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import rfc8785
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, aliased

from photogate.access.tables import Role, User
from photogate.audit import service as audit
from photogate.audit.tables import EventKind
from photogate.errors import Forbidden, Unprocessable
from photogate.fairness.evidence import Data, Evidence, Source
from photogate.fairness.hearing import Hearing
from photogate.fairness.rates import group_errors
from photogate.fairness.tables import LabelledMeasurement
from photogate.screening.decision import decide
from photogate.screening.fairness import Fairness
from photogate.screening.measurements import Measurements
from photogate.screening.risk import Truth
from photogate.screening.verdicts import Verdict


@dataclass(frozen=True, slots=True)
class LabelledPhoto:
    """A photo by its SHA-256, what it shows and to which groups it belongs by its labels, and what was measured."""

    sha256: str
    shows: Truth
    groups: Mapping[str, str]
    found: Measurements

    def to_json(self) -> dict[str, Any]:
        """The form that is kept; `from_json` reads it back."""
        labels = {"sha256": self.sha256, "shows": self.shows.value, "groups": dict(self.groups)}
        return {**labels, "found": self.found.to_json()}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        """Read what `to_json` wrote."""
        return cls(kept["sha256"], Truth(kept["shows"]), kept["groups"], Measurements.from_json(kept["found"]))


@dataclass(frozen=True, slots=True)
class Measured:
    """Labelled photos under the name that people gave them, as a model, and one for generated pictures, see them."""

    name: str
    model: str
    camera: str | None
    photos: Sequence[LabelledPhoto]

    @property
    def sha256(self) -> str:
        """Of the photos and their labels, whichever models measured them and in which order they came."""
        photos = sorted(self.photos, key=lambda one: one.sha256)
        return _digest([[one.sha256, one.shows.value, dict(one.groups)] for one in photos])


def record(session: Session, person: User, measured: Measured) -> LabelledMeasurement:
    """Keep what was measured, for good; raises Forbidden unless the person is an admin, Unprocessable."""
    if person.role is not Role.ADMIN:
        raise Forbidden("Only admins put labelled photos on record.")
    if len({one.sha256 for one in measured.photos}) < max(len(measured.photos), 1):
        raise Unprocessable("Labelled photos must be some, and each of them another file.")
    row = LabelledMeasurement(
        name=measured.name,
        sha256=measured.sha256,
        model=measured.model,
        camera=measured.camera,
        photos=[one.to_json() for one in measured.photos],
        measured_by=person.id,
    )
    session.add(row)
    session.flush()
    told: dict[str, Any] = {"name": row.name, "sha256": row.sha256, "model": row.model, "camera": row.camera}
    told |= {"photos": len(row.photos), "measured": digest_of(row)}
    audit.append(session, EventKind.PHOTOS_MEASURED, f"user:{person.id}", **told)
    return row


def digest_of(row: LabelledMeasurement) -> str:
    """SHA-256 of all that was measured, so that the log holds the row to what it was."""
    return _digest(row.photos)


def of_labelled(session: Session, live: Hearing, proposed: Hearing, rules: Fairness) -> Evidence | None:
    """What both rules say of the newest labelled photos that the models of both measured; None where there are none."""
    found = _newest(session, live, proposed)
    if found is None:
        return None
    before, after = found
    judged = _judged(_verdicts(before, live), after, proposed, rules)
    data = Data(after.name, after.sha256, (digest_of(before), digest_of(after)))
    return Evidence(Source.LABELLED, len(after.photos), group_errors(judged, rules.least_cases), data=data)


def _newest(
    session: Session, live: Hearing, proposed: Hearing
) -> tuple[LabelledMeasurement, LabelledMeasurement] | None:
    before, after = aliased(LabelledMeasurement), aliased(LabelledMeasurement)
    row = session.execute(
        select(before, after)
        .where(before.sha256 == after.sha256, _by(before, live), _by(after, proposed))
        .order_by(func.least(before.created_at, after.created_at).desc(), before.id, after.id)
        .limit(1)
    ).one_or_none()
    return None if row is None else (row[0], row[1])


def _by(row: type[LabelledMeasurement], rules: Hearing) -> ColumnElement[bool]:
    return (row.model == rules.model) & row.camera.is_not_distinct_from(rules.camera)


def _verdicts(row: LabelledMeasurement, rules: Hearing) -> Mapping[str, Verdict]:
    """What rules say of each photo, by its SHA-256; nobody applies with it, so it is compared with nobody's."""
    profile = rules.profile.outside_applications
    photos = map(LabelledPhoto.from_json, row.photos)
    return {one.sha256: decide(one.found, profile).verdict for one in photos}


def _judged(
    before: Mapping[str, Verdict], after: LabelledMeasurement, proposed: Hearing, rules: Fairness
) -> Counter[tuple[str, str, Truth, Verdict, Verdict]]:
    now = _verdicts(after, proposed)
    return Counter(
        (*group, Truth(one["shows"]), before[one["sha256"]], now[one["sha256"]])
        for one in after.photos
        for group in _known(one["groups"], rules)
    )


def _known(groups: Mapping[str, str], rules: Fairness) -> Iterable[tuple[str, str]]:
    """The groups that the profile knows; labels may tell more."""
    return ((name, value) for name, value in groups.items() if value in rules.attributes.get(name, ()))


def _digest(value: Sequence[Any]) -> str:
    return hashlib.sha256(rfc8785.dumps(list(value))).hexdigest()
