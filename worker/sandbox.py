"""Decoding untrusted photos in a process of its own, under limits that the kernel holds."""

import fcntl
import os
import select
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from models.decoding import MAX_BYTES, MAX_PIXELS, PhotoTooLarge, UnreadablePhoto
from models.detection.load import DetectorChoice
from models.preparation import Prepared
from photogate.settings import Settings
from worker.wire import ANSWER, REQUEST, Refusal, WireError, lengths, unpack

ROOT = Path(__file__).parents[1]
START_S = 60
WALL_S_PER_CPU_S = 4
"""A busy machine gives a process a part of each second only; what takes longer than this is stuck."""

_PIPE_BYTES = 1 << 20

_ENVIRONMENT = {
    # Nothing of ours, for it holds the passwords of the database and the store.
    "PYTHONPATH": str(ROOT),
    "PYTHONDONTWRITEBYTECODE": "1",
    "MALLOC_ARENA_MAX": "1",
    "OMP_NUM_THREADS": "1",
}
_FAULT_OF_THE_PHOTO = {
    -signal.SIGXCPU,
    -signal.SIGSEGV,
    -signal.SIGBUS,
    -signal.SIGABRT,
    -signal.SIGFPE,
    -signal.SIGILL,
    -signal.SIGXFSZ,
}


class SandboxFailed(Exception):
    """The box failed and the photo is not known to be the cause: another attempt may succeed."""


@dataclass(frozen=True, slots=True)
class SandboxLimits:
    """What one photo may cost: CPU seconds, megabytes on top of the empty process, bytes, pixels."""

    cpu_s: int = 5
    memory_mb: int = 512
    max_bytes: int = MAX_BYTES
    max_pixels: int = MAX_PIXELS

    @property
    def wall_s(self) -> float:
        """How long the answer is waited for; the kernel counts CPU in whole seconds and may allow one more."""
        return (self.cpu_s + 1) * WALL_S_PER_CPU_S

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """The limits that the operator set."""
        return cls(
            settings.decode_cpu_s, settings.decode_memory_mb, settings.max_photo_bytes, settings.max_photo_pixels
        )


class Sandbox:
    """Prepares photos in one child process, which is replaced when it dies; use it from one thread."""

    def __init__(self, limits: SandboxLimits | None = None, detector: DetectorChoice | None = None) -> None:
        self._limits = limits or SandboxLimits()
        self._detector = detector or DetectorChoice()
        self._box: _Box | None = None

    def start(self) -> None:
        """Have a child ready, so that the next photo need not wait for one; raises SandboxFailed."""
        self._started()

    def prepare(self, photo: bytes) -> Prepared:
        """Decode, crop and measure one photo in the child.

        Raises PhotoTooLarge or UnreadablePhoto when it is the photo's fault, SandboxFailed when that is not known.
        """
        try:
            said = self._ask(photo)
        except BaseException:
            self.close()  # its answer may still be under way: nobody may take it for the next photo's
            raise
        if isinstance(said, Prepared):
            return said
        if said.kind == "limits":
            self.close()
            raise self._beyond_limits()
        raise _error_of(said)

    def _ask(self, photo: bytes) -> Prepared | Refusal:
        try:
            return self._started().ask(photo, within_s=self._limits.wall_s)
        except _BoxDied as death:
            if death.returncode in _FAULT_OF_THE_PHOTO:
                raise self._beyond_limits() from death
            raise SandboxFailed(f"the box ended with {death.returncode}") from death

    def _started(self) -> "_Box":
        if self._box is None or not self._box.is_alive:
            self.close()
            self._box = _Box(self._limits, self._detector)
        return self._box

    def _beyond_limits(self) -> UnreadablePhoto:
        return UnreadablePhoto(
            "The file could not be decoded within the limits of "
            f"{self._limits.cpu_s} s and {self._limits.memory_mb} MB."
        )

    def close(self) -> None:
        """End the child; the next photo starts another."""
        if self._box is not None:
            self._box.end()
            self._box = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _error_of(refusal: Refusal) -> Exception:
    if refusal.kind == "too_large":
        return PhotoTooLarge(refusal.detail)
    if refusal.kind == "unreadable":
        return UnreadablePhoto(refusal.detail)
    return SandboxFailed(f"preparing failed with {refusal.detail}")


class _BoxDied(Exception):
    def __init__(self, returncode: int) -> None:
        super().__init__(returncode)
        self.returncode = returncode


class _Box:
    """The child process and its two pipes."""

    def __init__(self, limits: SandboxLimits, detector: DetectorChoice) -> None:
        childs_input, self._questions = os.pipe()
        self._answers, childs_output = os.pipe()
        try:
            self._process = _spawn(limits, detector, childs_input, childs_output)
        finally:
            os.close(childs_input)
            os.close(childs_output)
        for pipe in (self._questions, self._answers):
            os.set_blocking(pipe, False)
            fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)
        self._await_ready()

    def _await_ready(self) -> None:
        try:
            self._read(1, time.monotonic() + START_S)
        except BaseException as error:
            self.end()
            if isinstance(error, _BoxDied):
                raise SandboxFailed(f"the box did not start: it ended with {error.returncode}") from error
            raise

    @property
    def is_alive(self) -> bool:
        return self._process.poll() is None

    def ask(self, photo: bytes, *, within_s: float) -> Prepared | Refusal:
        """Hand a photo over and wait for the answer; raises _BoxDied, SandboxFailed when none comes in time."""
        deadline = time.monotonic() + within_s
        self._write(REQUEST.pack(len(photo)), deadline)
        self._write(photo, deadline)
        try:
            parts = [self._read(length, deadline) for length in lengths(self._read(ANSWER.size, deadline))]
            return unpack(*parts)
        except WireError as error:
            raise SandboxFailed(str(error)) from error

    def end(self) -> None:
        """Kill the child, wherever it is, and close the pipes."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._questions, self._answers):
            os.close(pipe)

    def _write(self, content: bytes, deadline: float) -> None:
        rest = memoryview(content)
        while rest:
            _wait_for(self._questions, select.POLLOUT, deadline)
            try:
                rest = rest[os.write(self._questions, rest) :]
            except BrokenPipeError as error:
                raise _BoxDied(self._process.wait()) from error

    def _read(self, length: int, deadline: float) -> bytes:
        content = bytearray()
        while len(content) < length:
            _wait_for(self._answers, select.POLLIN, deadline)
            more = os.read(self._answers, length - len(content))
            if not more:
                raise _BoxDied(self._process.wait())
            content += more
        return bytes(content)


def detector_of(settings: Settings) -> DetectorChoice:
    """The face detector that the operator chose."""
    weights = settings.face_detector_weights
    return DetectorChoice(
        settings.face_detector, Path(weights) if weights else None, settings.face_detector_sha256 or None
    )


def _spawn(
    limits: SandboxLimits, detector: DetectorChoice, childs_input: int, childs_output: int
) -> subprocess.Popen[bytes]:
    numbers = (limits.cpu_s, limits.memory_mb, limits.max_bytes, limits.max_pixels, os.getpid())
    weights = str(detector.weights.absolute()) if detector.weights else ""
    arguments = (*numbers, detector.name, weights, detector.sha256 or "")
    return subprocess.Popen(
        [sys.executable, "-m", "worker.box", *map(str, arguments)],
        stdin=childs_input,
        stdout=childs_output,
        cwd=ROOT,
        env=_ENVIRONMENT,
    )


def _wait_for(pipe: int, event: int, deadline: float) -> None:
    ready = select.poll()
    ready.register(pipe, event)
    if not ready.poll(max(0, deadline - time.monotonic()) * 1000):
        raise SandboxFailed("the box did not answer in time")
