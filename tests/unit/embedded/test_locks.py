import subprocess

import pytest

from embedded.errors import EmbeddedError
from embedded.locks import FileLock, HeldElsewhere


def test_who_finds_a_lock_taken_learns_who_holds_it(tmp_path):
    mine = FileLock(tmp_path / "lock")
    mine.name_holder(4711)
    with pytest.raises(HeldElsewhere) as refused:
        FileLock(tmp_path / "lock")
    assert refused.value.pid == 4711
    mine.close()
    FileLock(tmp_path / "lock").close()


def test_a_child_keeps_the_lock_when_its_parent_let_go(tmp_path):
    lock = FileLock(tmp_path / "lock")
    child = subprocess.Popen(["sleep", "60"], pass_fds=[lock.fileno])
    lock.close()
    with pytest.raises(HeldElsewhere):
        FileLock(tmp_path / "lock")
    child.kill()
    child.wait()
    FileLock(tmp_path / "lock").close()


def test_a_place_where_nothing_can_be_written_is_said_in_one_sentence(tmp_path):
    (tmp_path / "lock").mkdir()
    with pytest.raises(EmbeddedError, match=r"lock cannot be written: Is a directory\.$"):
        FileLock(tmp_path / "lock")
