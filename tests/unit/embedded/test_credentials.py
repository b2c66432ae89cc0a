import os
import stat

from embedded.credentials import kept, write_private


def test_a_secret_stays_what_it_was_at_first(tmp_path):
    assert kept(tmp_path / "password", "first") == "first"
    assert kept(tmp_path / "password", "second") == "first"


def test_nobody_else_may_read_a_secret_whatever_the_umask(tmp_path):
    before = os.umask(0)
    try:
        write_private(tmp_path / "password", "secret")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "password").stat().st_mode) == 0o600
    assert [file.name for file in tmp_path.iterdir()] == ["password"]
