"""The process in which untrusted photos are decoded: `python -m worker.box`, started and fed by `worker.sandbox`.

It reads photos from its standard input and writes answers to its standard output until its parent closes the pipe or
dies. It holds no secret and no connection, can write no file, and the kernel ends it when a photo takes too much.
"""

import ctypes
import math
import os
import resource
import signal
import sys
import time
from pathlib import Path
from typing import BinaryIO

import cv2

from models.allocator import keep_freed_memory
from models.artifacts import ArtifactError
from models.decoding import PhotoError, PhotoTooLarge
from models.detection.face import FaceDetector
from models.detection.load import load_detector
from models.preparation import Limits, prepare
from worker.wire import REQUEST, Refusal, pack

MB = 1_000_000
_PR_SET_PDEATHSIG = 1
_PR_SET_NO_NEW_PRIVS = 38


def main() -> None:
    """Serve photos until there are no more; the arguments are what `Sandbox` passes."""
    cpu_s, memory_mb, max_bytes, max_pixels, parent = (int(argument) for argument in sys.argv[1:6])
    name, weights, sha256 = sys.argv[6:]
    _die_with(parent)
    keep_freed_memory()
    questions, answers = _private_pipes()
    cv2.setNumThreads(1)  # threads would share the memory limit and escape the measured milliseconds
    try:
        detector = load_detector(name, Path(weights) if weights else None, sha256 or None)
    except ArtifactError as error:
        sys.exit(str(error))
    _to_nowhere(2)  # only now, so that the sentence above reaches the operator
    _confine(memory_mb)
    _write(answers, b"\n")  # ready: what goes wrong from here on is a photo's doing
    while (photo := _next_photo(questions)) is not None:
        _allow_cpu(cpu_s)
        _write(answers, pack_answer(photo, detector, Limits(max_bytes, max_pixels)))


def pack_answer(photo: bytes, detector: FaceDetector, limits: Limits) -> bytes:
    """Prepare one photo and write down what came of it, whatever that is."""
    try:
        return pack(prepare(photo, detector, limits))
    except PhotoTooLarge as error:
        return pack(Refusal("too_large", error.detail))
    except PhotoError as error:
        return pack(Refusal("unreadable", error.detail))
    except MemoryError:
        return pack(Refusal("limits", ""))
    except Exception as error:  # noqa: BLE001 - a fault of ours is not the photo's, and its text may quote the photo
        return pack(Refusal("failed", type(error).__name__))


def _die_with(parent: int) -> None:
    """Have the kernel end this process with its parent; the pipe would end it too, but only between photos."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    if os.getppid() != parent:
        sys.exit(1)
    for signal_number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(signal_number, signal.SIG_IGN)  # they are for the parent, which finishes its photo first


def _private_pipes() -> tuple[BinaryIO, BinaryIO]:
    """Keep the pipes for ourselves: a decoder that prints something must not be taken for an answer."""
    questions, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb", buffering=0)
    _to_nowhere(0, 1)
    return questions, answers


def _to_nowhere(*standard: int) -> None:
    nowhere = os.open(os.devnull, os.O_RDWR)
    for number in standard:
        os.dup2(nowhere, number)
    os.close(nowhere)


def _confine(memory_mb: int) -> None:
    present = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()
    limits = {
        resource.RLIMIT_AS: present + memory_mb * MB,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_NOFILE: 16,
    }
    for limit, value in limits.items():
        resource.setrlimit(limit, (value, value))


def _allow_cpu(seconds: int) -> None:
    """Let the kernel end this process (SIGXCPU) after so many more seconds of CPU."""
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(time.process_time()) + seconds, hard))


def _next_photo(questions: BinaryIO) -> bytes | None:
    header = questions.read(REQUEST.size)
    if len(header) < REQUEST.size:
        return None
    (length,) = REQUEST.unpack(header)
    photo = questions.read(length)
    return photo if len(photo) == length else None


def _write(answers: BinaryIO, answer: bytes) -> None:
    rest = memoryview(answer)
    while rest:
        rest = rest[answers.write(rest) :]


if __name__ == "__main__":
    main()
