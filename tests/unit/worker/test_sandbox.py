"""Photos are decoded in a process of their own: whatever they do to it, the worker goes on."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from models.decoding import PhotoTooLarge, UnreadablePhoto
from photogate.settings import Settings
from tests.factories import jpeg
from tests.guards.tree import ROOT
from tests.hostile import memory_bomb, scan_bomb
from worker.sandbox import Sandbox, SandboxFailed, SandboxLimits, detector_of

PORTRAIT = (ROOT / "samples/portrait_collins.jpg").read_bytes()


@pytest.fixture
def sandbox():
    with Sandbox() as sandbox:
        sandbox.start()
        yield sandbox


def box() -> int:
    """The process id of the one box that this test runs."""
    running = [pid for pid in children() if b"worker.box" in Path(f"/proc/{pid}/cmdline").read_bytes()]
    assert len(running) == 1
    return running[0]


def children() -> list[int]:
    return [int(pid) for task in Path("/proc/self/task").iterdir() for pid in (task / "children").read_text().split()]


def is_gone(pid: int, within_s: float = 20) -> bool:
    deadline = time.monotonic() + within_s
    while Path(f"/proc/{pid}").exists() and "Z" not in Path(f"/proc/{pid}/stat").read_text().split()[2]:
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def test_a_portrait_comes_back_prepared(sandbox):
    prepared = sandbox.prepare(PORTRAIT)
    assert prepared.crop.shape == (224, 224, 3)
    assert len(prepared.faces) == 1
    assert prepared.review_copy.startswith(b"\xff\xd8\xff")
    assert prepared.quality
    assert set(prepared.ms) >= {"decode", "detect", "crop"}


def test_one_box_serves_photo_after_photo(sandbox):
    first = box()
    for photo in (PORTRAIT, jpeg(), PORTRAIT):
        sandbox.prepare(photo)
    assert box() == first


@pytest.mark.parametrize("broken", [b"", b"hello", PORTRAIT[:3000], b"\xff\xd8\xff" + b"\0" * 5000])
def test_a_broken_file_is_unreadable_and_the_box_lives_on(sandbox, broken):
    before = box()
    with pytest.raises(UnreadablePhoto):
        sandbox.prepare(broken)
    assert sandbox.prepare(PORTRAIT).faces
    assert box() == before


def test_too_many_pixels_are_refused_by_the_header(sandbox):
    with pytest.raises(PhotoTooLarge):
        sandbox.prepare(memory_bomb(7000))


def test_a_detector_that_cannot_be_had_stops_the_box_in_a_sentence(capfd):
    chosen = detector_of(Settings(face_detector="yunet", face_detector_weights="/nowhere/yunet_n_dynamic.onnx"))
    with Sandbox(detector=chosen) as sandbox, pytest.raises(SandboxFailed, match="did not start"):
        sandbox.start()
    assert capfd.readouterr().err == "The model file /nowhere/yunet_n_dynamic.onnx cannot be read.\n"


def test_more_bytes_than_the_limit_are_refused():
    with Sandbox(SandboxLimits(max_bytes=1000)) as sandbox, pytest.raises(PhotoTooLarge):
        sandbox.prepare(PORTRAIT)


def test_a_photo_that_takes_too_much_memory_is_not_decoded_and_the_next_one_is():
    with Sandbox(SandboxLimits(memory_mb=60)) as sandbox:
        with pytest.raises((UnreadablePhoto, PhotoTooLarge)):
            sandbox.prepare(memory_bomb(5000))
        assert sandbox.prepare(PORTRAIT).faces


def test_a_photo_that_takes_too_much_time_ends_its_box_and_the_next_one_gets_another():
    with Sandbox(SandboxLimits(cpu_s=1)) as sandbox:
        sandbox.start()
        first = box()
        with pytest.raises(UnreadablePhoto) as refused:
            sandbox.prepare(scan_bomb(1000))
        assert refused.value.detail == "The file could not be decoded within the limits of 1 s and 512 MB."
        assert is_gone(first)
        assert sandbox.prepare(PORTRAIT).faces
        assert box() != first


def end_with_a_photo_in_its_hands(pid: int, how: signal.Signals) -> threading.Timer:
    """Hold the box, so that it has the photo when it ends."""
    os.kill(pid, signal.SIGSTOP)

    def end():
        os.kill(pid, how)
        os.kill(pid, signal.SIGCONT)

    timer = threading.Timer(0.3, end)
    timer.start()
    return timer


@pytest.mark.parametrize("crash", [signal.SIGSEGV, signal.SIGABRT, signal.SIGBUS])
def test_a_decoder_that_crashes_is_the_photos_fault(sandbox, crash):
    end_with_a_photo_in_its_hands(box(), crash)
    with pytest.raises(UnreadablePhoto):
        sandbox.prepare(PORTRAIT)
    assert sandbox.prepare(PORTRAIT).faces


def test_a_box_that_somebody_killed_is_not_held_against_the_photo(sandbox):
    timer = end_with_a_photo_in_its_hands(box(), signal.SIGKILL)
    with pytest.raises(SandboxFailed):
        sandbox.prepare(PORTRAIT)
    timer.join()
    assert sandbox.prepare(PORTRAIT).faces


def test_a_box_that_hangs_is_given_up_and_replaced(monkeypatch):
    monkeypatch.setattr("worker.sandbox.WALL_S_PER_CPU_S", 0.1)
    with Sandbox(SandboxLimits(cpu_s=2)) as sandbox:
        sandbox.start()
        stuck = box()
        os.kill(stuck, signal.SIGSTOP)
        with pytest.raises(SandboxFailed):
            sandbox.prepare(PORTRAIT)
        assert is_gone(stuck)


def test_the_box_knows_none_of_our_secrets(sandbox, monkeypatch):
    environment = Path(f"/proc/{box()}/environ").read_text()
    assert "PHOTOGATE" not in environment
    assert os.environ["PATH"] not in environment


def test_the_box_can_write_no_file_and_open_few(sandbox):
    limits = Path(f"/proc/{box()}/limits").read_text()
    bounds = {line[:26].strip(): line[26:].split()[:2] for line in limits.splitlines()[1:]}
    assert bounds["Max file size"] == ["0", "0"]
    assert bounds["Max core file size"] == ["0", "0"]
    assert int(bounds["Max open files"][1]) <= 16
    assert int(bounds["Max address space"][1]) < 2_000_000_000


def test_the_box_ends_with_its_parent_even_in_the_middle_of_a_photo():
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT], stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, cwd=ROOT, text=True
    )
    pid = int(parent.stdout.readline())
    os.kill(pid, signal.SIGSTOP)  # it cannot notice that its pipe was closed
    parent.kill()
    parent.wait()
    parent.stdout.close()
    assert is_gone(pid)


PARENT = """
import time
from pathlib import Path
from worker.sandbox import Sandbox

sandbox = Sandbox()
sandbox.start()
print(Path("/proc/self/task/", str(__import__("os").getpid()), "children").read_text(), flush=True)
time.sleep(60)
"""
