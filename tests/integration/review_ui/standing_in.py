"""A thread that stands in for the worker's task, for one thing that somebody waits for."""

import threading
import time
from contextlib import contextmanager
from uuid import UUID


@contextmanager
def standing_in(redis, pattern, post, answer):
    """Take from `post` the first that waits under `pattern`, and answer; an error in an answer's place is a refusal.

    What was taken is in the list that comes with the block.
    """
    taken = []

    def work():
        while not (waiting := list(redis.scan_iter(pattern))):
            time.sleep(0.002)
        asked_id = UUID(waiting[0].split(b":")[1].decode())
        taken.append(post.take(asked_id))
        (post.refuse if isinstance(answer, Exception) else post.answer)(asked_id, answer)

    thread = threading.Thread(target=work)
    thread.start()
    yield taken
    thread.join()
