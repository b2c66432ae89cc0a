"""The three services start together, keep their data, keep their secrets, and never stay behind."""

import os
import signal
import stat
import subprocess
import sys
import time
from contextlib import closing, suppress
from pathlib import Path

import psutil
import psycopg2
import pytest
import redis
from sqlalchemy.engine import make_url

from embedded.errors import EmbeddedError
from embedded.provision import connect
from embedded.services import EmbeddedServices

ROOT = Path(__file__).parents[3]


def processes_of(directory):
    """Every process that has this directory on its command line or, like Redis, as the place where it works.

    By process id, with those words.
    """
    found = {}
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            places = [*process.cmdline(), process.cwd()]
            if any(str(directory) in place for place in places) and process.status() != psutil.STATUS_ZOMBIE:
                found[process.pid] = places
    return found


def none_left(directory):
    deadline = time.monotonic() + 15
    while (left := processes_of(directory)) and time.monotonic() < deadline:
        time.sleep(0.05)
    return not left


def keep_something(services):
    with closing(connect(make_url(services.superuser_url))) as connection, connection.cursor() as cursor:
        cursor.execute("CREATE TABLE kept AS SELECT 'a row' AS what")
    with redis.Redis.from_url(services.redis_url) as client:
        client.set("kept", "a message")


def kept(services):
    with closing(connect(make_url(services.superuser_url))) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT what FROM kept")
        row = cursor.fetchone()[0]
    with redis.Redis.from_url(services.redis_url) as client:
        return row, client.get("kept").decode()


def test_a_second_run_finds_data_and_credentials_of_the_first(directory, capfd):
    with EmbeddedServices(directory) as first:
        keep_something(first)
        access = (first.s3_access_key, first.s3_secret_key)
    assert none_left(directory)
    with EmbeddedServices(directory) as second:
        assert kept(second) == ("a row", "a message")
        assert (second.s3_access_key, second.s3_secret_key) == access
    assert capfd.readouterr() == ("", "")


def test_secrets_are_on_no_command_line_and_for_nobody_else_to_read(directory):
    with EmbeddedServices(directory) as services:
        secrets = {make_url(services.redis_url).password, services.s3_secret_key}
        words = {word for places in processes_of(directory).values() for word in places}
        assert words
        assert not [word for word in words if any(secret in word for secret in secrets)]
        holders = [file for folder in ("redis", "s3") for file in (directory / folder).iterdir() if file.is_file()]
        holders = [file for file in holders if any(secret.encode() in file.read_bytes() for secret in secrets)]
        assert sorted(file.name for file in holders) == ["password", "proxy-server.conf", "redis.conf", "secret-key"]
        assert {stat.S_IMODE(file.stat().st_mode) for file in holders} == {0o600}


def test_redis_lets_nobody_in_without_the_password(directory):
    with EmbeddedServices(directory) as services:
        url = make_url(services.redis_url)
        with redis.Redis(url.host, url.port) as stranger, pytest.raises(redis.AuthenticationError):
            stranger.ping()


def test_two_instances_with_directories_of_their_own_do_not_meet(directory):
    with EmbeddedServices(directory / "one") as one, EmbeddedServices(directory / "two") as two:
        keep_something(one)
        with pytest.raises(psycopg2.errors.UndefinedTable):
            kept(two)


def test_a_second_instance_on_the_same_directory_is_one_sentence_and_does_no_harm(directory):
    with EmbeddedServices(directory) as first:
        keep_something(first)
        with pytest.raises(EmbeddedError, match=f"^{directory} is already in use by process {os.getpid()}; stop that"):
            EmbeddedServices(directory).start()
        assert kept(first) == ("a row", "a message")


def test_a_directory_too_deep_for_a_socket_works_too(directory):
    with EmbeddedServices(directory / ("deep" * 25)) as services:
        keep_something(services)
    Path(make_url(services.superuser_url).query["host"]).rmdir()


def test_a_first_start_that_was_cut_short_is_made_good(directory):
    (directory / "postgres.new" / "base").mkdir(parents=True)
    with EmbeddedServices(directory) as services:
        keep_something(services)
    assert not (directory / "postgres.new").exists()


def test_a_service_that_cannot_start_stops_the_others(directory):
    (directory / "postgres").mkdir(parents=True)
    with pytest.raises(EmbeddedError, match=r"^postgres ended with exit status 1; .*postgres\.log ends with: "):
        EmbeddedServices(directory).start()
    assert none_left(directory)


def test_stopping_what_never_started_is_harmless(directory):
    EmbeddedServices(directory).stop()
    assert not directory.exists()


def test_a_server_of_ones_own_takes_the_place_of_an_embedded_one(directory):
    with (
        EmbeddedServices(directory / "one") as one,
        EmbeddedServices(directory / "two", superuser_url=one.superuser_url, redis_url=one.redis_url) as two,
    ):
        keep_something(two)
        assert kept(one) == ("a row", "a message")
        assert sorted(file.name for file in (directory / "two" / "run").iterdir()) == ["s3.lock"]


PARENT = """
import sys
from pathlib import Path
from embedded.services import EmbeddedServices

with EmbeddedServices(Path(sys.argv[1])) as services:
    print("serving", flush=True)
    services.supervisor.watch()
"""


@pytest.fixture
def parent(directory):
    """A process that runs the services on `directory`, in a session of its own as in a terminal."""
    command = [sys.executable, "-c", PARENT, directory]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, start_new_session=True)
    try:
        assert process.stdout.readline() == "serving\n"
        assert len(processes_of(directory)) > 3
        yield process
    finally:
        process.kill()
        process.communicate()


def guard_of(parent):
    return next(child for child in psutil.Process(parent.pid).children() if "guard.py" in child.cmdline()[-1])


def test_ctrl_c_in_the_terminal_leaves_nothing_behind(parent, directory):
    os.killpg(parent.pid, signal.SIGINT)
    parent.wait()
    assert none_left(directory)
    assert "database system is shut down" in (directory / "logs" / "postgres.log").read_text()


@pytest.mark.parametrize("last_signal", [signal.SIGTERM, signal.SIGKILL])
def test_a_parent_that_is_killed_leaves_nothing_behind_and_loses_nothing(last_signal, parent, directory):
    os.killpg(parent.pid, last_signal)
    parent.wait()
    assert none_left(directory)
    with EmbeddedServices(directory) as services:
        keep_something(services)


def test_the_next_start_replaces_servers_that_outlived_parent_and_guard(parent, directory):
    guard_of(parent).kill()
    parent.kill()
    parent.wait()
    stale = set(processes_of(directory))
    assert stale
    with EmbeddedServices(directory) as services:
        keep_something(services)
        assert not stale & set(processes_of(directory))
    assert none_left(directory)


def test_the_next_start_does_not_wait_for_the_guard_to_finish(parent, directory):
    os.killpg(parent.pid, signal.SIGKILL)
    parent.wait()
    with EmbeddedServices(directory) as services:
        keep_something(services)
    assert none_left(directory)
