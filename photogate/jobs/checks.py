"""One-off checks: a photo goes through Redis for a few seconds and is kept nowhere."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from kombu.exceptions import OperationalError
from redis import Redis
from redis.exceptions import RedisError

from photogate.database import new_id
from photogate.errors import PhotogateError, Unavailable, Unprocessable
from photogate.jobs.answers import ANSWER_LIVES_S, Answers
from photogate.jobs.publisher import Publisher

_INSTALLED = "checks:installed-models"


class ModelUnknown(Unprocessable):
    """No model of this name is installed at the workers."""

    code, title = "MODEL_UNKNOWN", "There is no such model"


@dataclass(frozen=True, slots=True)
class Wish:
    """What the answer shall hold besides the findings.

    `model` judges in the place of the one that judges applications; `pictures` are the worker's own, for showing.
    """

    model: str | None = None
    heat_map: bool = False
    pictures: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """A photo to check, and what its sender wants to know."""

    photo: bytes
    wish: Wish


class Checks:
    """Both ends of a one-off check: a program asks and waits, a worker takes and answers."""

    def __init__(self, redis_url: str) -> None:
        self._redis = Redis.from_url(redis_url, socket_timeout=10, socket_connect_timeout=3)
        self._answers = Answers(self._redis)

    def ask(
        self, publisher: Publisher, content: bytes, *, timeout_s: float, wish: Wish | None = None
    ) -> dict[str, Any]:
        """Have a worker check `content` and return its answer.

        Raises Unavailable when none comes in time or the worker failed, ModelUnknown for a model it does not have.
        """
        check_id = new_id()
        try:
            self._put(check_id, content, wish or Wish())
            publisher.ask_check(check_id)
            answer = self._wait(check_id, timeout_s)
        except (RedisError, OperationalError) as error:
            raise Unavailable("Checks cannot be taken right now; please try again in a moment.") from error
        if "refused" in answer:
            raise _REFUSALS.get(answer["refused"], Unavailable)(answer["detail"])
        return answer

    def take(self, check_id: UUID) -> Asked | None:
        """What is to be checked, removed as it is taken; None when nobody waits for it any more."""
        with self._redis.pipeline(transaction=True) as both:
            both.hgetall(_photo(check_id))
            both.delete(_photo(check_id))
            asked, _ = both.execute()
        return Asked(asked[b"photo"], Wish(**json.loads(asked[b"wish"]))) if asked else None

    def answer(self, check_id: UUID, answer: dict[str, Any]) -> None:
        """Hand the answer to whoever waits."""
        self._answers.give(check_id, answer)

    def refuse(self, check_id: UUID, refusal: PhotogateError) -> None:
        """Tell whoever waits why there is no answer."""
        self._answers.refuse(check_id, refusal)

    def announce(self, models: Sequence[str]) -> None:
        """Say which models a check can ask for, the one that judges applications first; raises RedisError."""
        self._redis.set(_INSTALLED, json.dumps(list(models)))

    def installed(self) -> tuple[str, ...]:
        """The models that the worker which started last announced; none when nobody did or nobody answers."""
        try:
            announced = self._redis.get(_INSTALLED)
        except RedisError:
            return ()
        return tuple(json.loads(announced)) if isinstance(announced, bytes) else ()

    def close(self) -> None:
        """Give the connections back."""
        self._redis.close()

    def _wait(self, check_id: UUID, timeout_s: float) -> dict[str, Any]:
        try:
            return self._answers.wait(check_id, timeout_s)
        finally:
            self._redis.delete(_photo(check_id))

    def _put(self, check_id: UUID, content: bytes, wish: Wish) -> None:
        # Together, so that no photo stays without its end.
        with self._redis.pipeline(transaction=True) as both:
            both.hset(_photo(check_id), mapping={"photo": content, "wish": json.dumps(asdict(wish))})
            both.expire(_photo(check_id), ANSWER_LIVES_S)
            both.execute()


_REFUSALS: dict[str, type[PhotogateError]] = {ModelUnknown.code: ModelUnknown}


def _photo(check_id: UUID) -> str:
    return f"check:{check_id}:photo"
