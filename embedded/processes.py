"""Programs started side by side, watched, and stopped in the reverse order; none outlives whoever started it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from types import TracebackType
from typing import NoReturn, Self, TextIO
from urllib.parse import urlsplit

from embedded import guard
from embedded.errors import EmbeddedError
from embedded.locks import FileLock, HeldElsewhere

POLL_S = 0.02
LAST_LINES = 5

Probe = Callable[["Process"], bool]


def answers(url: str) -> Probe:
    """Ready when a GET of this http:// URL succeeds."""
    where = urlsplit(url)

    def probe(_: "Process") -> bool:
        connection = HTTPConnection(where.netloc, timeout=1)
        try:
            connection.request("GET", where.path or "/")
            return connection.getresponse().status < HTTPStatus.BAD_REQUEST
        except (OSError, HTTPException):
            return False
        finally:
            connection.close()

    return probe


def says(words: str) -> Probe:
    """Ready when these words stand in what the program wrote since its start."""
    return lambda process: words in process.output()


def runs(process: "Process") -> bool:
    """Ready as soon as it runs."""
    return process.is_running


@dataclass(frozen=True)
class Program:
    """What to run: variables of `env` are added to ours; `stop_signal` asks for an end, which may take `grace_s`."""

    name: str
    command: Sequence[str | Path]
    env: Mapping[str, str] = field(default_factory=dict, repr=False)
    ready: Probe = runs
    stop_signal: signal.Signals = signal.SIGTERM
    grace_s: float = 10
    uid: int | None = None
    gid: int | None = None


class Guard:
    """Our end of the pipe to `embedded/guard.py`, which ends what we leave behind when we are killed."""

    def __init__(self) -> None:
        orders, self._pipe = _text_pipe()
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-S", guard.__file__],
            stdin=orders,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # so that neither Ctrl-C nor the death of our group reaches it
        )
        os.close(orders)

    def watch(self, pid: int, stop_signal: signal.Signals) -> None:
        """End this process group when we are gone."""
        self._tell(f"watch {pid} {int(stop_signal)}")

    def forget(self, pid: int) -> None:
        """This process group has ended."""
        self._tell(f"forget {pid}")

    def close(self) -> None:
        """Have it end whatever is still watched, and wait for that."""
        with suppress(BrokenPipeError):
            self._pipe.close()
        self._process.wait()

    def _tell(self, order: str) -> None:
        # Had somebody killed the guard, we would still stop the programs; only our own kill -9 would leave them.
        with suppress(BrokenPipeError):
            self._pipe.write(order + "\n")


def _text_pipe() -> tuple[int, TextIO]:
    reading, writing = os.pipe()
    return reading, os.fdopen(writing, "w", buffering=1)


class Process:
    """One run of a program after another, in a process group of its own, with its output in a log file."""

    def __init__(self, program: Program, directory: Path, guard: Guard) -> None:
        self.program = program
        self.log = directory / "logs" / f"{program.name}.log"
        self._lock_file = directory / "run" / f"{program.name}.lock"
        self._guard = guard
        self._running: subprocess.Popen[bytes] | None = None
        self._log_start = 0

    @property
    def is_running(self) -> bool:
        """Whether it was started and has not ended."""
        return self._running is not None and self._running.poll() is None

    @property
    def pid(self) -> int | None:
        """The process id, which is the group's too; None when it is not started."""
        return self._running.pid if self._running else None

    def start(self) -> None:
        """Start the program without waiting for it, after ending what a killed run left of it; raises EmbeddedError."""
        lock = self._take_lock()
        try:
            self._running = self._spawn(lock)
            lock.name_holder(self._running.pid)
        except OSError as error:
            raise EmbeddedError(f"{self.program.name} cannot be started: {error}.") from error
        finally:
            lock.close()  # from here on the program alone holds it
        self._guard.watch(self._running.pid, self.program.stop_signal)

    def wait_until_ready(self, timeout_s: float = 60) -> None:
        """Ask until the program says that it is ready; raises EmbeddedError when it ends or takes too long."""
        deadline = time.monotonic() + timeout_s
        while not self.program.ready(self):
            self.check()
            if time.monotonic() > deadline:
                raise EmbeddedError(f"{self.program.name} was not ready within {timeout_s:g} s; {self._last_words()}")
            time.sleep(POLL_S)
        self.check()

    def check(self) -> None:
        """Raise EmbeddedError with the last lines of its log when the program has ended by itself."""
        if self._running is not None and (status := self._running.poll()) is not None:
            how = f"was killed by {signal.Signals(-status).name}" if status < 0 else f"ended with exit status {status}"
            raise EmbeddedError(f"{self.program.name} {how}; {self._last_words()}")

    def stop(self) -> None:
        """Ask the program to end, give it its grace, then kill what is left of its group."""
        if self._running is not None:
            self._running.send_signal(self.program.stop_signal)
            with suppress(subprocess.TimeoutExpired):
                self._running.wait(self.program.grace_s)
            self.kill()

    def kill(self) -> None:
        """Kill the whole process group with SIGKILL, at once."""
        if self._running is not None:
            with suppress(*guard.GONE):
                os.killpg(self._running.pid, signal.SIGKILL)
            self._running.wait()
            self._guard.forget(self._running.pid)
            self._running = None

    def output(self) -> str:
        """What the program wrote since its last start."""
        with self.log.open("rb") as log:
            log.seek(self._log_start)
            return log.read().decode(errors="replace")

    def _spawn(self, lock: FileLock) -> subprocess.Popen[bytes]:
        program = self.program
        with self.log.open("ab") as log:
            self._log_start = log.tell()
            return subprocess.Popen(
                program.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env={**os.environ, **program.env},
                start_new_session=True,  # Ctrl-C reaches us alone, and we stop everything in order
                pass_fds=[lock.fileno],
                user=program.uid,
                group=program.gid,
                extra_groups=None if program.uid is None else [],
            )

    def _take_lock(self) -> FileLock:
        self._lock_file.parent.mkdir(mode=0o700, exist_ok=True)
        self.log.parent.mkdir(mode=0o700, exist_ok=True)
        deadline = time.monotonic() + guard.GRACE_S
        while True:
            try:
                return FileLock(self._lock_file)
            except HeldElsewhere as leftover:
                if leftover.pid == 0 or time.monotonic() > deadline:
                    raise EmbeddedError(
                        f"An earlier {self.program.name} still runs and cannot be stopped."
                    ) from leftover
                guard.end({leftover.pid: self.program.stop_signal})
                time.sleep(POLL_S)  # children in groups of their own, as Postgres has, follow a moment later

    def _last_words(self) -> str:
        lines = [line.strip() for line in self.output().splitlines() if line.strip()]
        return f"{self.log} ends with: {' | '.join(lines[-LAST_LINES:])}" if lines else f"{self.log} says nothing."


class Supervisor:
    """All programs of one data directory, which nobody else may use meanwhile: logs in `logs/`, locks in `run/`."""

    def __init__(self, directory: Path) -> None:
        """Make the directory where it is missing and take it; raises EmbeddedError when another instance has it."""
        self.directory = directory.resolve()
        self._processes: list[Process] = []
        self._lock = _take_directory(self.directory)
        self._guard = Guard()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def launch(self, program: Program) -> Process:
        """Start a program without waiting for it; raises EmbeddedError."""
        process = Process(program, self.directory, self._guard)
        self._processes.append(process)
        process.start()
        return process

    def wait_until_ready(self, timeout_s: float = 60) -> None:
        """Wait until every launched program is ready; raises EmbeddedError."""
        for process in self._processes:
            process.wait_until_ready(timeout_s)

    def check(self) -> None:
        """Raise EmbeddedError when one of the programs has ended by itself."""
        for process in self._processes:
            process.check()

    def watch(self) -> NoReturn:
        """Block until a program ends by itself, which raises EmbeddedError, or until Ctrl-C."""
        while True:
            self.check()
            time.sleep(0.2)

    def stop(self) -> None:
        """Stop every program, the youngest first, and give the directory back; harmless when repeated."""
        try:
            while self._processes:
                self._processes[-1].stop()
                self._processes.pop()
        finally:
            self._guard.close()  # when a second Ctrl-C cut the above short, the guard ends the rest
            self._lock.close()


def _take_directory(directory: Path) -> FileLock:
    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = FileLock(directory / "lock")
    except OSError as error:
        raise EmbeddedError(f"{directory} cannot be used: {error.strerror}.") from error
    except HeldElsewhere as other:
        raise EmbeddedError(
            f"{directory} is already in use by process {other.pid}; stop that or name another directory."
        ) from other
    lock.name_holder(os.getpid())
    return lock
