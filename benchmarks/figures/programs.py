"""Runs the programs that measure, one at a time, each in a process of its own."""

import os
import re
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from benchmarks.figures.promise import NotMeasured

ROOT = Path(__file__).parents[2]


class Stories(NamedTuple):
    """How many tests ran, and how many of them failed."""

    tried: int
    failed: int


@dataclass(frozen=True, slots=True)
class Ended:
    """How a program ended, what it printed and how long it ran."""

    command: str
    status: int
    output: str
    seconds: float

    @property
    def last_words(self) -> str:
        """The last line that it printed."""
        return (self.output.strip() or "nothing").splitlines()[-1]

    def stories(self) -> Stories:
        """Read pytest's last line, `2 failed, 14 passed in 3.2s`; raises `NotMeasured` when tests could not run."""
        passed, failed, broken = (self._counted(outcome) for outcome in ("passed", "failed", "error"))
        if broken or not passed + failed:
            self.require_success()
            raise NotMeasured(f"`{self.command}` ran no test to its end.")
        return Stories(passed + failed, failed)

    def _counted(self, outcome: str) -> int:
        found = re.search(rf"(\d+) {outcome}", self.last_words)
        return int(found[1]) if found else 0

    def require_success(self) -> None:
        """Raise `NotMeasured` with its last words when it failed."""
        if self.status != 0:
            raise NotMeasured(f"`{self.command}` ended with status {self.status} and said: {self.last_words}")


def run(*arguments: str | Path, timeout_s: float, **variables: str) -> Ended:
    """Run `python ARGUMENTS…` in the repository's root, with these variables added to ours.

    Raises `NotMeasured` when it does not end in time.
    """
    command = " ".join(map(str, ("python", *arguments)))
    started = time.perf_counter()
    try:
        ended = subprocess.run(
            [sys.executable, *arguments],
            cwd=ROOT,
            env={**os.environ, **variables},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=timeout_s,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise NotMeasured(f"`{command}` did not end within {timeout_s:g} s.") from error
    return Ended(command, ended.returncode, ended.stdout, time.perf_counter() - started)


def run_tests(file: str, *, timeout_s: float) -> Ended:
    """Run one file of tests; its last line counts what passed and failed."""
    return run("-m", "pytest", "-q", "-p", "no:cacheprovider", file, timeout_s=timeout_s)
