"""The answers to a search, in words."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from photogate.audit.tables import Event
from photogate.screening.reasons import PLAIN_WORDS
from photogate.searches.filters import Filters
from photogate.searches.queries import FoundDecision
from photogate.searches.tables import SavedSearch
from review_ui.audit_form import Asked
from review_ui.words import VERDICTS, Moment, actor, file_size, moment, plain_words

SHOWN_OF_A_DIGEST = 12


@dataclass(frozen=True, slots=True)
class FoundRow:
    """One decision of the answer."""

    application_id: UUID
    client: str
    decided: Moment
    outcome: str
    tone: str
    reasons: tuple[str, ...]
    who: str
    policy: str
    models: str
    photo: str
    photo_sha256: str


@dataclass(frozen=True, slots=True)
class Known:
    """What the lists of the form offer."""

    people: Mapping[str, str]
    policies: Sequence[str]
    models: Sequence[str]


@dataclass(frozen=True, slots=True)
class Choice:
    """One line of a list; `value` is what the form sends."""

    value: str
    words: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class KeptSearch:
    """A search that the reader keeps."""

    id: UUID
    name: str
    address: str


@dataclass(frozen=True, slots=True)
class AuditView:
    """The search page; `older` is empty on the last page."""

    asked: Asked
    lists: Mapping[str, tuple[Choice, ...]]
    rows: tuple[FoundRow, ...]
    older: str
    kept: tuple[KeptSearch, ...]
    is_first: bool


@dataclass(frozen=True, slots=True)
class ManifestView:
    """The page of a finished export."""

    id: UUID
    finished: Moment
    who: str
    until: Moment
    rows: str
    size: str
    sha256: str
    format: str
    filters: tuple[tuple[str, str], ...]
    checkpoint: str


def found_rows(decisions: Iterable[FoundDecision], people: Mapping[str, str]) -> tuple[FoundRow, ...]:
    """The decisions as rows; `people` holds names by id."""
    return tuple(_row(found, people) for found in decisions)


def lists(asked: Asked, known: Known) -> Mapping[str, tuple[Choice, ...]]:
    """The form's lists by the names of their fields, with what was chosen."""
    offered = {
        "outcome": {verdict.value: words for verdict, words in VERDICTS.items()},
        "reason": {code.value: words.rstrip(".") for code, words in PLAIN_WORDS.items()},
        "actor": {f"user:{person}": name for person, name in known.people.items()}
        | {f"policy:{policy}": f"Policy {policy}" for policy in known.policies},
        "policy": {policy: policy for policy in known.policies},
        "model": {model: model for model in known.models},
    }
    chosen = asked.fields
    return {
        field: tuple(Choice(value, words, value == chosen.get(field)) for value, words in choices.items())
        for field, choices in offered.items()
    }


def kept_searches(kept: Iterable[SavedSearch]) -> tuple[KeptSearch, ...]:
    """The reader's searches with their addresses."""
    return tuple(
        KeptSearch(search.id, search.name, Asked.of(Filters.from_json(search.filters)).address()) for search in kept
    )


def manifest_view(event: Event, people: Mapping[str, str]) -> ManifestView:
    """What the event of a finished export says; `people` holds names by id."""
    said = event.details
    return ManifestView(
        id=event.id,
        finished=moment(event.created_at),
        who=actor(event.actor, people),
        until=moment(datetime.fromisoformat(said["filters"]["until"])),
        rows=f"{said['rows']:,}",
        size=file_size(said["size_bytes"]),
        sha256=said["sha256"],
        format=said["format"],
        filters=tuple((name, str(value)) for name, value in said["filters"].items() if name != "until"),
        checkpoint=said["checkpoint"] or "",
    )


def _row(found: FoundDecision, people: Mapping[str, str]) -> FoundRow:
    return FoundRow(
        application_id=found.application_id,
        client=found.client,
        decided=moment(found.decided_at),
        outcome=VERDICTS[found.verdict],
        tone=found.verdict.value,
        reasons=plain_words(reason["code"] for reason in found.reasons),
        who=actor(found.actor, people),
        policy=found.policy,
        models=", ".join(found.models),
        photo=found.photo_sha256[:SHOWN_OF_A_DIGEST],
        photo_sha256=found.photo_sha256,
    )
