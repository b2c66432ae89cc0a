"""The search form: what was asked, in words for an address, and as filters."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Self
from urllib.parse import urlencode
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator

from photogate.screening.reasons import ReasonCode
from photogate.screening.verdicts import Verdict
from photogate.searches.export import Format
from photogate.searches.filters import Filters, Place

WORD = r"^[\x21-\x7e]{1,240}$"


class Asked(BaseModel):
    """A search as its address says it; both days are included, in UTC. Of the applicant, the id and not the name."""

    model_config = ConfigDict(frozen=True)

    applicant: list[UUID] = []
    application: UUID | None = None
    photo: str | None = Field(default=None, pattern=r"^[0-9a-fA-F]{64}$")
    since: date | None = Field(default=None, alias="from")
    until: date | None = Field(default=None, alias="to", lt=date.max)
    outcome: Verdict | None = None
    reason: ReasonCode | None = None
    actor: str | None = Field(default=None, pattern=WORD)
    model: str | None = Field(default=None, pattern=WORD)
    policy: str | None = Field(default=None, pattern=WORD)

    @model_validator(mode="before")
    @classmethod
    def _without_blanks(cls, sent: Mapping[str, Any]) -> Mapping[str, Any]:
        """A form sends its empty fields too."""
        stripped = {name: value.strip() if isinstance(value, str) else value for name, value in sent.items()}
        return {name: value for name, value in stripped.items() if value != ""}

    @classmethod
    def of(cls, filters: Filters) -> Self:
        """The form that asks for what a kept search asks for."""
        return cls.model_validate(
            {
                "applicant": sorted(filters.applicants or ()),
                "application": filters.application,
                "photo": filters.photo_sha256,
                "from": filters.since and filters.since.date(),
                "to": filters.until and filters.until.date() - timedelta(days=1),
                "outcome": filters.outcome,
                "reason": filters.reason,
                "actor": filters.actor,
                "model": filters.model,
                "policy": filters.policy,
            }
        )

    @property
    def filters(self) -> Filters:
        """What is to be found."""
        return Filters(
            applicants=frozenset(self.applicant) or None,
            application=self.application,
            photo_sha256=self.photo and self.photo.lower(),
            since=None if self.since is None else _begin(self.since),
            until=None if self.until is None else _begin(self.until + timedelta(days=1)),
            outcome=self.outcome,
            reason=self.reason,
            actor=self.actor,
            model=self.model,
            policy=self.policy,
        )

    @property
    def fields(self) -> Mapping[str, str | list[str]]:
        """What was filled in, by the names of the form's fields."""
        kept = self.model_dump(mode="json", by_alias=True, exclude_defaults=True, include=set(Asked.model_fields))
        return {name: value for name, value in kept.items() if value}

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """What was filled in, as an address or a form carries it."""
        return [
            (name, one) for name, many in self.fields.items() for one in ([many] if isinstance(many, str) else many)
        ]

    def address(self, path: str = "/audit", **more: str) -> str:
        """Where the answer stands."""
        query = urlencode([*self.pairs, *more.items()])
        return f"{path}?{query}" if query else path


class Looked(Asked):
    """A search and the place from which its page goes on."""

    cursor: str | None = Field(default=None, max_length=64)

    @property
    def before(self) -> Place | None:
        """The place; raises ValueError for a word that is none."""
        return None if self.cursor is None else Place.from_word(self.cursor)


class Wanted(Asked):
    """A search whose answer is to be a file."""

    form: Format = Field(alias="format")


class Kept(Asked):
    """A search to be kept, and the name that it gets."""

    name: str = ""


def _begin(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
