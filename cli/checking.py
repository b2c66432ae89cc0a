"""Screening the files that `photogate check` was given, one after the other."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from models.registry import Registry
from photogate.applications.photo_file import FileTooLarge, FileUnreadable, inspect
from photogate.applications.profiles import load_profile
from photogate.errors import PhotogateError
from photogate.screening.decision import decide
from photogate.screening.measurements import Measurements
from photogate.settings import Settings
from worker.opinions import Opinion
from worker.report import Report
from worker.sandbox import Sandbox, SandboxFailed, SandboxLimits, detector_of
from worker.screening import measure
from worker.tools import judges_for, serving_classifier


@dataclass(frozen=True, slots=True)
class PhotoPath:
    """A file to check, and its place under the folder that was asked for."""

    path: Path
    place: Path


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of one file; `review_copy` is the worker's own JPEG of it, None when there is none."""

    file: PhotoPath
    report: Report
    review_copy: bytes | None


def files_under(paths: Sequence[Path]) -> Iterator[PhotoPath]:
    """The files among `paths` and all that lie in the folders among them, sorted within each."""
    for path in paths:
        if path.is_dir():
            found = sorted(inside for inside in path.rglob("*") if inside.is_file())
            yield from (PhotoPath(inside, inside.relative_to(path)) for inside in found)
        else:
            yield PhotoPath(path, Path(path.name))


class Checker:
    """Intake's checks, the box, the classifier and the policy, without any service; a context manager."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._profile = load_profile(settings.issuer_profile)
        self._sandbox = Sandbox(SandboxLimits.of(settings), detector_of(settings))
        classifier = serving_classifier(settings)
        self._judges = judges_for(self._profile, classifier, Registry(settings.models_folder))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._sandbox.close()

    def check(self, file: PhotoPath) -> Checked:
        """Screen one file; whatever is wrong with it is part of the report."""
        try:
            content = self._content(file.path)
            inspect(content, self._settings, self._profile)
        except PhotogateError as error:
            return Checked(file, Report.of_refusal(error), None)
        found, review_copy = self._measured(content)
        decision = decide(found, self._profile.outside_applications)
        return Checked(file, Report.of(found, decision, self._opinions(found)), review_copy)

    def _opinions(self, found: Measurements) -> tuple[Opinion, ...]:
        if found.p_real is None:
            return ()
        return (Opinion.of(self._judges.classifier, found.p_real, found.ms["classify"]),)

    def _content(self, path: Path) -> bytes:
        try:
            size = path.stat().st_size
            if size > self._settings.max_photo_bytes:
                raise FileTooLarge(
                    f"The file has {size:,} bytes; at most {self._settings.max_photo_bytes:,} are accepted."
                )
            return path.read_bytes()
        except OSError as error:
            raise FileUnreadable(f"The file cannot be opened: {error.strerror}.") from error

    def _measured(self, content: bytes) -> tuple[Measurements, bytes | None]:
        try:
            found, prepared = measure(self._sandbox, self._judges, content)
        except SandboxFailed:
            return Measurements(), None  # not assessed, which the policy sends to people
        return found, prepared.review_copy if prepared else None
