"""All decisions that fit, as a stream of bytes that an event of the log vouches for.

The stream is read piece by piece, each in a transaction of its own: history is only added to, so the pieces belong
together, and a slow reader holds nothing open.
"""

import csv
import hashlib
import io
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, String, cast, func, literal_column, select
from sqlalchemy.orm import Session

from photogate.applications.tables import Application, DecisionRecord, Photo
from photogate.audit import service as audit
from photogate.audit.checkpoints import last_signed
from photogate.audit.tables import Event, EventKind
from photogate.database import Database, new_id, table_of
from photogate.errors import NotFound
from photogate.searches import queries
from photogate.searches.filters import Filters, Place
from photogate.searches.queries import Walk
from photogate.searches.service import record

ROWS_A_PIECE = 5_000

_DECISIONS, _PHOTOS, _APPLICATIONS = table_of(DecisionRecord), table_of(Photo), table_of(Application)
_CODES = "jsonb_path_query_array(decisions.reasons, '$[*].code')"

FIELDS: dict[str, ColumnElement[Any]] = {
    "decision_id": _DECISIONS.c.id,
    "decided_at": func.to_char(func.timezone("UTC", _DECISIONS.c.created_at), 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
    "application_id": _DECISIONS.c.application_id,
    "client": _APPLICATIONS.c.client,
    "attempt": _PHOTOS.c.attempt,
    "photo_sha256": _PHOTOS.c.sha256,
    "outcome": _DECISIONS.c.verdict,
    "actor": func.coalesce("user:" + cast(_DECISIONS.c.user_id, String), "policy:" + _DECISIONS.c.policy),
    "policy": _DECISIONS.c.policy,
    "supersedes": _DECISIONS.c.supersedes_id,
    "reasons": _DECISIONS.c.reasons,
    "models": _DECISIONS.c.models,
}
"""What an export says of a decision; no applicant's reference and no reviewer's note, for it leaves the house."""


class Format(StrEnum):
    """How an export is written: a table for people, with the reasons' codes, or one JSON object a line, with all."""

    CSV = "csv"
    NDJSON = "ndjson"


MEDIA_TYPES: Mapping[Format, str] = {Format.CSV: "text/csv", Format.NDJSON: "application/x-ndjson"}


@dataclass(frozen=True, slots=True)
class Export:
    """One export that was begun; its manifest is the event with the same id."""

    id: UUID
    actor: str
    filters: Filters
    format: Format

    @property
    def file_name(self) -> str:
        """What the file is called; it leads to the manifest."""
        return f"decisions-{self.id}.{self.format}"


@dataclass(slots=True)
class Tally:
    """What went out so far."""

    rows: int = 0
    size_bytes: int = 0
    digest: Any = field(default_factory=hashlib.sha256)

    def count(self, content: bytes, rows: int = 0) -> bytes:
        """Count a piece, and hand it on."""
        self.rows += rows
        self.size_bytes += len(content)
        self.digest.update(content)
        return content


def begin(session: Session, actor: str, filters: Filters, form: Format) -> Export:
    """Record that an export was asked for; it ends with the decisions of this moment."""
    now: datetime = session.scalars(select(func.clock_timestamp())).one()
    bounded = replace(filters, until=min(filters.until or now, now))
    export = Export(new_id(), actor, bounded, form)
    record(session, actor, bounded, export=str(export.id), format=form)
    return export


def stream(database: Database, export: Export) -> Iterator[bytes]:
    """The export in pieces; when the last one is taken, the manifest is recorded. One that is cut off has none."""
    tally = Tally()
    if export.format is Format.CSV:
        yield tally.count(_table([list(FIELDS)]))
    for rows in _pieces(database, export):
        yield tally.count(_written(export.format, [row[2:] for row in rows]), len(rows))
    with database.transaction() as session:
        _finish(session, export, tally)


def manifest(session: Session, export_id: UUID) -> Event:
    """The event that vouches for a finished export; raises NotFound."""
    event = session.get(Event, export_id)
    if event is None or event.kind is not EventKind.DECISIONS_EXPORTED:
        raise NotFound("There is no such export, or it was not finished.")
    return event


def _finish(session: Session, export: Export, tally: Tally) -> None:
    checkpoint = last_signed(session)
    audit.append(
        session,
        EventKind.DECISIONS_EXPORTED,
        export.actor,
        event_id=export.id,
        filters=export.filters.to_json(),
        format=export.format,
        fields=list(FIELDS),
        rows=tally.rows,
        size_bytes=tally.size_bytes,
        sha256=tally.digest.hexdigest(),
        checkpoint=checkpoint and checkpoint.note,
    )


def _pieces(database: Database, export: Export) -> Iterator[Sequence[Any]]:
    """The rows, piece by piece; the database reads the next one while somebody writes this one."""
    with ThreadPoolExecutor(1, "export") as ahead:
        coming = ahead.submit(_rows, database, export, None)
        while rows := coming.result():
            place = Place(rows[-1][0], UUID(rows[-1][1]))
            coming = ahead.submit(_rows, database, export, place)
            yield rows


def _rows(database: Database, export: Export, after: Place | None) -> Sequence[Any]:
    # The id as text: making an object of each costs as much as all the rest.
    wanted = [_DECISIONS.c.created_at, cast(_DECISIONS.c.id, String), *_COLUMNS[export.format]]
    with database.transaction() as session:
        return queries.rows(session, export.filters, Walk(after, oldest_first=True), ROWS_A_PIECE, wanted)


def _written(form: Format, rows: Sequence[Sequence[str]]) -> bytes:
    return _table(rows) if form is Format.CSV else ("\n".join(line for (line,) in rows) + "\n").encode()


def _table(rows: Sequence[Sequence[str]]) -> bytes:
    kept = io.StringIO()
    csv.writer(kept, lineterminator="\r\n").writerows(rows)  # RFC 4180
    return kept.getvalue().encode()


_CSV = {
    **FIELDS,
    "reasons": literal_column(f"array_to_string(ARRAY(SELECT jsonb_array_elements_text({_CODES})), ' ')"),
    "models": cast(_DECISIONS.c.models, String),
}
_COLUMNS: dict[Format, list[ColumnElement[Any]]] = {
    # As text: the database writes it faster than it could be read here and written again.
    Format.CSV: [cast(column, String) for column in _CSV.values()],
    Format.NDJSON: [
        cast(func.json_build_object(*(part for pair in FIELDS.items() for part in pair)), String),
    ],
}
