"""One-off checks: a photo goes through Redis for a few seconds and is kept nowhere."""

import json
from typing import Any
from uuid import UUID

from kombu.exceptions import OperationalError
from redis import Redis
from redis.exceptions import RedisError

from photogate.database import new_id
from photogate.errors import Unavailable
from photogate.jobs.publisher import Publisher

PHOTO_LIVES_S = 15


class Checks:
    """Both ends of a one-off check: the API asks and waits, a worker takes and answers."""

    def __init__(self, redis_url: str) -> None:
        self._redis = Redis.from_url(redis_url, socket_timeout=10, socket_connect_timeout=3)

    def ask(self, publisher: Publisher, content: bytes, *, timeout_s: float) -> dict[str, Any]:
        """Have a worker check `content` and return its answer; raises Unavailable when none comes in time."""
        check_id = new_id()
        try:
            self._redis.set(_photo(check_id), content, ex=PHOTO_LIVES_S)
            publisher.ask_check(check_id)
            answered = self._redis.blpop([_answer(check_id)], timeout=timeout_s)
            self._redis.delete(_photo(check_id))
        except (RedisError, OperationalError) as error:
            raise Unavailable("Checks cannot be taken right now; please try again in a moment.") from error
        if answered is None:
            raise Unavailable(f"No worker answered within {timeout_s:g} seconds; please try again in a moment.")
        answer: dict[str, Any] = json.loads(answered[1])
        return answer

    def take(self, check_id: UUID) -> bytes | None:
        """The photo to check, removed as it is taken; None when nobody waits for it any more."""
        taken = self._redis.getdel(_photo(check_id))
        return taken if isinstance(taken, bytes) else None

    def answer(self, check_id: UUID, answer: dict[str, Any]) -> None:
        """Hand the answer to whoever waits."""
        key = _answer(check_id)
        self._redis.rpush(key, json.dumps(answer))
        self._redis.expire(key, PHOTO_LIVES_S)


def _photo(check_id: UUID) -> str:
    return f"check:{check_id}:photo"


def _answer(check_id: UUID) -> str:
    return f"check:{check_id}:answer"
