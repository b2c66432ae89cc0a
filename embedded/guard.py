"""Stops what a killed parent left behind: `python guard.py` reads orders from a pipe that only the parent holds open.

`watch PID SIGNAL` names the leader of a process group and how to end it gently, `forget PID` takes it back. When the
pipe closes, however the parent ended, whatever is still watched is ended. A death signal (PR_SET_PDEATHSIG) would do
this on Linux only, would fire when the *thread* that made the child ends, and would not reach grandchildren.
"""

import os
import signal
import sys
import time
from collections.abc import Iterable
from contextlib import suppress

GRACE_S = 5
GONE = (ProcessLookupError, PermissionError)  # macOS answers "not permitted" for a group of which only zombies are left


def main() -> None:
    """Follow orders until the pipe closes, then end every group that is still watched, the youngest first."""
    watched: dict[int, int] = {}
    for line in sys.stdin:
        order, leader, *stop_signal = line.split()
        if order == "watch":
            watched[int(leader)] = int(stop_signal[0])
        else:
            watched.pop(int(leader), None)
    end(dict(reversed(watched.items())))


def end(groups: dict[int, int]) -> None:
    """Ask every leader to stop, wait a little for their groups to empty, and kill the rest."""
    for leader, stop_signal in groups.items():
        with suppress(*GONE):
            os.kill(leader, stop_signal)
    deadline = time.monotonic() + GRACE_S
    while any_alive(groups) and time.monotonic() < deadline:
        time.sleep(0.02)
    for leader in groups:
        with suppress(*GONE):
            os.killpg(leader, signal.SIGKILL)


def any_alive(groups: Iterable[int]) -> bool:
    """Whether any process of these groups is left."""
    return any(is_alive(group) for group in groups)


def is_alive(group: int) -> bool:
    """Whether any process of this group is left; signal 0 asks without disturbing."""
    try:
        os.killpg(group, 0)
    except GONE:
        return False
    return True


if __name__ == "__main__":
    main()
