"""`photogate check`: any files in, a verdict for each out."""

import io
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from PIL import Image

from tests.guards.tree import ROOT
from tests.hostile import scan_bomb

SAMPLES = ROOT / "samples"


def command(*arguments):
    return [sys.executable, "-m", "cli.main", "check", *map(str, arguments)]


def check(*arguments):
    return subprocess.run(command(*arguments), check=False, cwd=ROOT, capture_output=True, text=True)


def lines(*arguments):
    checked = check("--json", *arguments)
    assert checked.returncode == 0, checked.stderr
    return [json.loads(line) for line in checked.stdout.splitlines()]


@pytest.fixture
def inbox(tmp_path) -> Path:
    """A folder as people have them: photos, folders in it, and things that are no photos."""
    inbox = tmp_path / "inbox"
    (inbox / "more").mkdir(parents=True)
    shutil.copy(SAMPLES / "portrait_collins.jpg", inbox / "b.jpg")
    shutil.copy(SAMPLES / "initials.png", inbox / "more" / "a.png")
    shutil.copy(SAMPLES / "truncated.jpg", inbox / "c.jpg")
    (inbox / "a.txt").write_text("hello")
    (inbox / "empty").write_bytes(b"")
    return inbox


def test_every_file_of_a_folder_is_one_line_in_order(inbox):
    told = lines(inbox)
    assert [Path(one["file"]).relative_to(inbox).as_posix() for one in told] == [
        "a.txt",
        "b.jpg",
        "c.jpg",
        "empty",
        "more/a.png",
    ]
    assert [one["verdict"] for one in told] == [
        "refused",
        "approved",
        "resubmission_requested",
        "refused",
        "resubmission_requested",
    ]
    assert [[reason["code"] for reason in one["reasons"]] for one in told] == [
        ["FILE_TYPE_UNSUPPORTED"],
        [],
        ["FILE_UNREADABLE"],
        ["FILE_TYPE_UNSUPPORTED"],
        ["PLACEHOLDER_IMAGE"],
    ]


def test_the_table_shows_the_same_to_people(inbox):
    shown = check(inbox)
    assert shown.returncode == 0
    for word in ("b.jpg", "approved", "PLACEHOLDER_IMAGE", "FILE_UNREADABLE", "refused"):
        assert word in shown.stdout


def test_a_drawing_is_made_of_the_review_copy_and_keeps_the_folders(inbox, tmp_path):
    check("--draw", tmp_path / "drawn", inbox)
    assert sorted(path.relative_to(tmp_path / "drawn").as_posix() for path in (tmp_path / "drawn").rglob("*.*")) == [
        "b.jpg",
        "more/a.png.jpg",
    ]
    drawn = (tmp_path / "drawn/b.jpg").read_bytes()
    with Image.open(io.BytesIO(drawn)) as picture, Image.open(inbox / "b.jpg") as original:
        assert picture.format == "JPEG"
        assert not picture.getexif()
        assert picture.width / picture.height == pytest.approx(original.width / original.height, rel=0.01)
        yellow = sum(red > 200 and green > 160 and blue < 90 for red, green, blue in picture.get_flattened_data())
    assert yellow > 200


def test_a_path_that_is_not_there_is_a_sentence_and_exit_code_2(tmp_path):
    failed = check(tmp_path / "nothing", SAMPLES / "tiny.png")
    assert (failed.returncode, failed.stdout) == (2, "")
    assert failed.stderr == f"There is no file or folder {tmp_path / 'nothing'}.\n"


def test_a_hostile_name_cannot_reach_the_terminal(tmp_path):
    hostile = tmp_path / "\x1b[31mred\x1b[0m [bold]\n.jpg"
    hostile.write_text("hello")
    for shown in (check(hostile), check("--json", hostile)):
        assert shown.returncode == 0
        assert "\x1b" not in shown.stdout
        assert "[bold]" in shown.stdout
    assert len(lines(hostile)) == 1


def test_a_closed_pipe_ends_it_quietly(inbox):
    running = subprocess.Popen(
        command("--json", inbox, inbox, inbox), cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    running.stdout.readline()
    running.stdout.close()
    assert "Traceback" not in running.stderr.read()
    running.stderr.close()
    assert running.wait(60) in {0, 1}


def test_ctrl_c_ends_it_quietly_and_leaves_no_process(tmp_path):
    (tmp_path / "bomb.jpg").write_bytes(scan_bomb(2000))
    running = subprocess.Popen(
        command("--json", SAMPLES / "portrait_collins.jpg", tmp_path),
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    running.stdout.readline()
    time.sleep(0.2)
    os.killpg(running.pid, signal.SIGINT)
    rest, complaints = running.communicate(timeout=60)
    assert (rest, running.returncode) == ("", 130)
    assert "Traceback" not in complaints
    with pytest.raises(ProcessLookupError):
        os.killpg(running.pid, 0)
