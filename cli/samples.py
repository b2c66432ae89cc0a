"""Submitting `samples/` through the public API, and holding what came of it to `samples/expected.toml`."""

import time
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx

from photogate.applications import queries
from photogate.database import Database
from photogate.screening.measurements import Measurements

UNDECIDED = {"received", "processing"}
POLL_S = 0.1
PATIENCE_S = 60


@dataclass(frozen=True, slots=True)
class Expected:
    """What should become of one sample: a verdict, or the problem code with which intake refuses it."""

    file: str
    verdict: str
    reasons: frozenset[str]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one sample; `found` is None where intake refused it or nothing was decided in time."""

    expected: Expected
    verdict: str
    reasons: Sequence[str]
    found: Measurements | None

    @property
    def is_as_expected(self) -> bool:
        """The same verdict, and every expected reason among those given."""
        return self.verdict == self.expected.verdict and self.expected.reasons <= set(self.reasons)


def read_expected(folder: Path) -> list[Expected]:
    """The samples in the order of `expected.toml`."""
    written = tomllib.loads((folder / "expected.toml").read_text())
    return [_expected(file, wanted) for file, wanted in written.items()]


def _expected(file: str, wanted: Mapping[str, Any]) -> Expected:
    if "refused" in wanted:
        return Expected(file, "refused", frozenset({wanted["refused"]}))
    return Expected(file, wanted["verdict"], frozenset(wanted.get("reasons", [])))


class SampleRun:
    """One pass of all samples through a running Photogate."""

    def __init__(self, api: httpx.Client, database: Database, folder: Path) -> None:
        self._api, self._database, self._folder = api, database, folder

    def outcomes(self, samples: Sequence[Expected], on_each: Callable[[], None]) -> list[Outcome]:
        """Submit all, wait until each is decided, and tell `on_each` whenever one is."""
        submitted = {sample.file: self._submit(sample.file) for sample in samples}
        return [self._outcome(sample, answer) for sample, answer in self._decided(samples, submitted, on_each)]

    def _submit(self, file: str) -> httpx.Response:
        with (self._folder / file).open("rb") as photo:
            return self._api.post("/v1/applications", data={"reference": file}, files={"photo": (file, photo)})

    def _decided(
        self, samples: Sequence[Expected], submitted: Mapping[str, httpx.Response], on_each: Callable[[], None]
    ) -> Iterator[tuple[Expected, httpx.Response]]:
        deadline = time.monotonic() + PATIENCE_S
        for sample in samples:
            answer = submitted[sample.file]
            if answer.is_success:
                answer = self._wait(answer.json()["id"], deadline)
            on_each()
            yield sample, answer

    def _wait(self, application_id: str, deadline: float) -> httpx.Response:
        while True:
            answer = self._api.get(f"/v1/applications/{application_id}")
            if answer.is_error or answer.json()["status"] not in UNDECIDED or time.monotonic() > deadline:
                return answer
            time.sleep(POLL_S)

    def _outcome(self, sample: Expected, answer: httpx.Response) -> Outcome:
        if answer.is_error:
            return Outcome(sample, "refused", [answer.json()["code"]], None)
        application = answer.json()
        reasons, found = self._ground(UUID(application["id"]))
        return Outcome(sample, application["status"], reasons, found)

    def _ground(self, application_id: UUID) -> tuple[list[str], Measurements | None]:
        """Reasons and scores come from the record: a client is not told what is internal."""
        with self._database.transaction() as session:
            decisions = queries.decisions(session, application_id)
            if not decisions or decisions[-1].assessment is None:
                return [], None
            reasons = [reason["code"] for reason in decisions[-1].reasons]
            return reasons, Measurements.from_json(decisions[-1].assessment.measurements)
