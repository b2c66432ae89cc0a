"""Decisions computed again for somebody who waits: a page asks, a worker that has the models does it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Self
from uuid import UUID

from kombu.exceptions import OperationalError
from redis import Redis
from redis.exceptions import RedisError

from photogate.database import new_id
from photogate.errors import PhotogateError, Unavailable
from photogate.jobs.answers import ANSWER_LIVES_S, Answers
from photogate.jobs.publisher import Publisher

RECORD_CHANGED = "RECORD_CHANGED"
"""The code of the one refusal that is a finding: the decision's row and the log tell different stories."""


@dataclass(frozen=True, slots=True)
class Told:
    """What came out once: the scores by name, None where a model was not asked, the verdict and the reasons' codes."""

    scores: Mapping[str, float | None]
    verdict: str
    reasons: Sequence[str]


@dataclass(frozen=True, slots=True)
class Replayed:
    """A decision as it was recorded, and as it comes out now."""

    agrees: bool
    policy: str
    models: Sequence[str]
    then: Told
    now: Told

    def to_json(self) -> dict[str, Any]:
        """The form that travels."""
        return asdict(self)

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> Self:
        """Read what `to_json` wrote."""
        return cls(**{**told, "then": Told(**told["then"]), "now": Told(**told["now"])})


@dataclass(frozen=True, slots=True)
class NotReplayed:
    """Why a decision could not be computed again, in one sentence."""

    code: str
    detail: str


class Replays:
    """Both ends: a program asks and waits, a worker takes and answers."""

    def __init__(self, redis_url: str) -> None:
        self._redis = Redis.from_url(redis_url, socket_timeout=20, socket_connect_timeout=3)
        self._answers = Answers(self._redis)

    def ask(self, publisher: Publisher, decision_id: UUID, *, timeout_s: float) -> Replayed | NotReplayed:
        """Have a worker compute a decision again; raises Unavailable when none answers in time."""
        asked_id = new_id()
        try:
            self._redis.set(_key(asked_id), str(decision_id), ex=ANSWER_LIVES_S)
            publisher.ask_replay(asked_id)
            answer = self._answers.wait(asked_id, timeout_s)
        except (RedisError, OperationalError) as error:
            raise Unavailable("Nothing can be computed again right now; please try again in a moment.") from error
        if "refused" in answer:
            return NotReplayed(answer["refused"], answer["detail"])
        return Replayed.from_json(answer)

    def take(self, asked_id: UUID) -> UUID | None:
        """The decision that is asked for, removed as it is taken; None when nobody waits for it any more."""
        taken = self._redis.getdel(_key(asked_id))
        return UUID(taken.decode()) if isinstance(taken, bytes) else None

    def answer(self, asked_id: UUID, replayed: Replayed) -> None:
        """Hand the answer to whoever waits."""
        self._answers.give(asked_id, replayed.to_json())

    def refuse(self, asked_id: UUID, refusal: PhotogateError) -> None:
        """Tell whoever waits why there is no answer."""
        self._answers.refuse(asked_id, refusal)

    def close(self) -> None:
        """Give the connections back."""
        self._redis.close()


def _key(asked_id: UUID) -> str:
    return f"replay:{asked_id}"
