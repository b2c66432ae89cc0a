"""What was printed once is never printed again, whoever asks and however often."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from printing.ledger import Ledger
from printing.verifier import Refused, Unusable, verify
from tests.unit.printing.issuer import KEYS, NOW, PHOTO, token


def a_release():
    return verify(token(), PHOTO, KEYS, now=NOW)


@pytest.fixture
def path(tmp_path):
    Ledger.create(tmp_path / "ledger.db")
    return tmp_path / "ledger.db"


def test_a_second_print_is_refused_by_any_program_with_the_same_ledger(path):
    release = a_release()
    Ledger(path).use(release, now=NOW)
    for _ in range(2):
        with pytest.raises(Refused, match="used at this printer already"):
            Ledger(path).use(release, now=NOW + timedelta(minutes=5))
    Ledger(path).use(a_release(), now=NOW)


def test_of_twenty_prints_at_once_one_is_allowed(path):
    release = a_release()

    def use(_) -> bool:
        try:
            Ledger(path).use(release, now=NOW)
        except Refused:
            return False
        return True

    with ThreadPoolExecutor(20) as programs:
        assert sorted(programs.map(use, range(20))) == [False] * 19 + [True]


def test_a_clock_that_was_set_back_is_noticed(path):
    Ledger(path).use(a_release(), now=NOW)
    with pytest.raises(Refused, match="set back"):
        Ledger(path).use(a_release(), now=NOW - timedelta(seconds=61))
    Ledger(path).use(a_release(), now=NOW - timedelta(seconds=60))


def test_a_ledger_is_never_begun_twice(path):
    with pytest.raises(Unusable, match="cannot be begun"):
        Ledger.create(path)


def test_without_its_ledger_nothing_is_printed(tmp_path):
    with pytest.raises(Unusable, match="no ledger"):
        Ledger(tmp_path / "ledger.db").use(a_release(), now=NOW)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", [b"x" * 5000, b"SQLite format 3\0" + b"\xff" * 5000], ids=["text", "half written"])
def test_a_broken_ledger_is_said_in_one_sentence(tmp_path, content):
    broken = tmp_path / "ledger.db"
    broken.write_bytes(content)
    with pytest.raises(Unusable, match="cannot be used") as caught:
        Ledger(broken).use(a_release(), now=NOW)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("version", [0, 2])
def test_a_ledger_of_another_version_is_refused(path, version):
    with sqlite3.connect(path) as lines:
        lines.execute(f"PRAGMA user_version = {version}")
    lines.close()
    with pytest.raises(Unusable, match=f"version {version}"):
        Ledger(path).use(a_release(), now=NOW)
