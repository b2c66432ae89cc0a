"""Where a program waits a few seconds for a worker's one answer; it is kept in Redis alone, and not for long."""

import json
from typing import Any
from uuid import UUID

from redis import Redis

from photogate.errors import PhotogateError, Unavailable

ANSWER_LIVES_S = 15


class Answers:
    """Both ends of the waiting: a program waits for an answer by the id of its question, a worker gives it."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    def wait(self, asked_id: UUID, timeout_s: float) -> dict[str, Any]:
        """The answer or refusal; raises Unavailable when none comes in time, RedisError."""
        answered = self._redis.blpop([_key(asked_id)], timeout=timeout_s)
        if answered is None:
            raise Unavailable(f"No worker answered within {timeout_s:g} seconds; please try again in a moment.")
        answer: dict[str, Any] = json.loads(answered[1])
        return answer

    def give(self, asked_id: UUID, answer: dict[str, Any]) -> None:
        """Hand the answer to whoever waits."""
        with self._redis.pipeline(transaction=True) as both:
            both.rpush(_key(asked_id), json.dumps(answer))
            both.expire(_key(asked_id), ANSWER_LIVES_S)
            both.execute()

    def refuse(self, asked_id: UUID, refusal: PhotogateError) -> None:
        """Tell whoever waits why there is no answer."""
        self.give(asked_id, {"refused": refusal.code, "detail": refusal.detail})


def _key(asked_id: UUID) -> str:
    return f"answer:{asked_id}"
