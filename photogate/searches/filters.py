"""What an auditor looks for, as values that can be kept, logged and asked again."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple, Self
from uuid import UUID

from photogate.screening.reasons import ReasonCode
from photogate.screening.verdicts import Verdict

_EPOCH, _MICROSECOND = datetime(1970, 1, 1, tzinfo=UTC), timedelta(microseconds=1)


class Place(NamedTuple):
    """Where a decision stands in the order of time."""

    decided_at: datetime
    id: UUID

    def to_word(self) -> str:
        """The place as an opaque word for an address."""
        since = (self.decided_at - _EPOCH) // _MICROSECOND
        return base64.urlsafe_b64encode(since.to_bytes(8) + self.id.bytes).decode()

    @classmethod
    def from_word(cls, word: str) -> Self:
        """Read what `to_word` wrote; raises ValueError for anything else."""
        kept = base64.b64decode(word, altchars=b"-_", validate=True)
        try:
            return cls(_EPOCH + int.from_bytes(kept[:8]) * _MICROSECOND, UUID(bytes=kept[8:]))
        except OverflowError as error:
            raise ValueError("No time is as late as this.") from error


@dataclass(frozen=True, slots=True)
class Filters:
    """Everything that must be true of a decision; what is None or empty is not asked.

    `applicants` are all whom any client calls by the reference that was asked for; an empty set finds nothing. `since`
    is included, `until` is not. `actor` is written as events write it: `user:ID` or `policy:NAME@VERSION`.
    """

    applicants: frozenset[UUID] | None = None
    application: UUID | None = None
    photo_sha256: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    outcome: Verdict | None = None
    reason: ReasonCode | None = None
    actor: str | None = None
    model: str | None = None
    policy: str | None = None

    @property
    def terms(self) -> tuple[str, ...]:
        """The words of the index that a decision must have, the rarer kinds first."""
        words = {
            "photo": self.photo_sha256,
            "reason": self.reason,
            "actor": self.actor,
            "model": self.model,
            "policy": self.policy,
            "outcome": self.outcome,
        }
        return tuple(f"{kind}:{word}" for kind, word in words.items() if word is not None)

    @property
    def is_about_somebody(self) -> bool:
        """Whether an applicant or an application is named; there are few decisions about one."""
        return self.applicants is not None or self.application is not None

    def to_json(self) -> dict[str, Any]:
        """The form kept in events and saved searches; it holds no applicant's reference."""
        kept: dict[str, Any] = {name: value for name, value in self._asked() if isinstance(value, str)}
        kept |= {name: value.isoformat() for name, value in self._asked() if isinstance(value, datetime)}
        kept |= {name: str(value) for name, value in self._asked() if isinstance(value, UUID)}
        if self.applicants is not None:
            kept["applicants"] = sorted(map(str, self.applicants))
        return kept

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        """Read what `to_json` wrote."""
        read: dict[str, Any] = {
            "applicants": lambda ids: frozenset(map(UUID, ids)),
            "application": UUID,
            "since": datetime.fromisoformat,
            "until": datetime.fromisoformat,
            "outcome": Verdict,
            "reason": ReasonCode,
        }
        return cls(**{name: read.get(name, str)(value) for name, value in kept.items()})

    def _asked(self) -> list[tuple[str, object]]:
        return [(name, value) for name in self.__slots__ if (value := getattr(self, name)) is not None]
