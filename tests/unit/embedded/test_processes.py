import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from embedded.errors import EmbeddedError
from embedded.ports import HOST, free_port
from embedded.processes import Program, Supervisor, answers, says


@pytest.fixture
def supervisor(tmp_path):
    with Supervisor(tmp_path / "data") as running:
        yield running


def shell(name, script, **options):
    return Program(name, ["sh", "-c", script], **options)


def python(name, script, **options):
    return Program(name, [sys.executable, "-I", "-S", "-c", script], **options)


def is_alive(group):
    """Whether a process of this group runs; one that has ended and waits for init to notice does not."""
    for process in psutil.process_iter():
        with suppress(psutil.NoSuchProcess, ProcessLookupError):
            if os.getpgid(process.pid) == group and process.status() != psutil.STATUS_ZOMBIE:
                return True
    return False


def gone(group, within_s=10):
    deadline = time.monotonic() + within_s
    while (left := is_alive(group)) and time.monotonic() < deadline:
        time.sleep(0.02)
    return not left


def wait_for(path):
    deadline = time.monotonic() + 10
    while not path.exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    return path.read_text()


def test_a_program_gets_its_environment_and_writes_to_its_log(supervisor):
    relay = supervisor.launch(
        shell("relay", "echo up as $ROLE; sleep 60", env={"ROLE": "relay"}, ready=says("up as relay"))
    )
    supervisor.wait_until_ready()
    assert relay.is_running
    assert (supervisor.directory / "logs" / "relay.log").read_text() == "up as relay\n"


def test_a_web_program_is_ready_when_it_answers(supervisor):
    port = free_port()
    server = [sys.executable, "-m", "http.server", str(port), "--bind", HOST]
    program = Program("api", server, ready=answers(f"http://{HOST}:{port}/"))
    supervisor.launch(program).wait_until_ready()
    assert not answers(f"http://{HOST}:{port}/missing")(supervisor.launch(shell("other", "sleep 60")))


def test_a_program_that_dies_while_starting_is_named_with_its_last_lines(supervisor):
    supervisor.launch(shell("worker", "echo no model; echo giving up; exit 3", ready=says("ready")))
    with pytest.raises(
        EmbeddedError, match=r"^worker ended with exit status 3; .*worker\.log ends with: no model \| giving up$"
    ):
        supervisor.wait_until_ready()


def test_a_program_that_dies_later_is_noticed(supervisor):
    supervisor.launch(shell("api", "sleep 60"))
    worker = supervisor.launch(shell("worker", "sleep 60"))
    supervisor.check()
    os.kill(worker.pid, signal.SIGKILL)
    with pytest.raises(EmbeddedError, match=r"^worker was killed by SIGKILL; .*worker\.log says nothing\.$"):
        supervisor.watch()


def test_a_program_that_never_gets_ready_is_not_waited_for_forever(supervisor):
    slow = supervisor.launch(shell("slow", "echo loading; sleep 60", ready=says("ready")))
    with pytest.raises(EmbeddedError, match=r"^slow was not ready within 0\.3 s; .* loading$"):
        slow.wait_until_ready(timeout_s=0.3)


def test_a_command_that_does_not_exist_is_one_sentence(supervisor):
    with pytest.raises(EmbeddedError, match=r"^relay cannot be started: .*no-such-program"):
        supervisor.launch(Program("relay", ["no-such-program"]))


def test_programs_stop_in_reverse_order_and_each_is_asked_first(supervisor, tmp_path):
    order = tmp_path / "order"
    for name in ("database", "api", "worker"):
        script = f"trap 'echo {name} >> {order}; exit 0' TERM; echo up; while :; do sleep 0.02; done"
        supervisor.launch(shell(name, script, ready=says("up")))
    supervisor.wait_until_ready()
    supervisor.stop()
    assert order.read_text().split() == ["worker", "api", "database"]


def test_a_program_that_ignores_the_request_is_killed_with_its_children(supervisor):
    script = "trap '' TERM; sleep 60 & echo up; wait; sleep 60"
    deaf = supervisor.launch(shell("deaf", script, ready=says("up"), grace_s=0.2))
    supervisor.wait_until_ready()
    group = deaf.pid
    supervisor.stop()
    assert gone(group)


def test_a_killed_worker_can_be_started_again_and_appends_to_its_log(supervisor):
    worker = supervisor.launch(shell("worker", "sleep 60 & echo up $$; wait", ready=says("up")))
    worker.wait_until_ready()
    first = worker.pid
    worker.kill()
    assert gone(first)
    supervisor.check()
    worker.start()
    worker.wait_until_ready()
    assert worker.pid != first
    assert worker.log.read_text() == f"up {first}\nup {worker.pid}\n"


def test_ready_means_ready_since_this_start(supervisor, tmp_path):
    once = tmp_path / "once"
    worker = supervisor.launch(shell("worker", f"test -e {once} || (touch {once}; echo up); sleep 9", ready=says("up")))
    worker.wait_until_ready()
    worker.kill()
    worker.start()
    with pytest.raises(EmbeddedError, match="worker was not ready"):
        worker.wait_until_ready(timeout_s=0.2)


def test_ctrl_c_reaches_no_program_before_we_stop_it(supervisor):
    api = supervisor.launch(shell("api", "sleep 60"))
    assert os.getpgid(api.pid) == api.pid
    assert os.getsid(api.pid) != os.getsid(0)


def test_a_second_supervisor_of_the_same_directory_is_told_who_has_it(supervisor):
    with pytest.raises(EmbeddedError, match=f"^{supervisor.directory} is already in use by process {os.getpid()};"):
        Supervisor(supervisor.directory)


def test_a_directory_that_cannot_be_made_is_one_sentence(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(EmbeddedError, match=r"data cannot be used: Not a directory\.$"):
        Supervisor(tmp_path / "file" / "data")


PARENT = """
import sys, time
from pathlib import Path
from embedded.processes import Program, Supervisor, says

directory = Path(sys.argv[1])
supervisor = Supervisor(directory)
worker = supervisor.launch(Program("worker", ["sh", "-c", sys.argv[2]], ready=says("up")))
worker.wait_until_ready()
(directory / "group.new").write_text(str(worker.pid))
(directory / "group.new").rename(directory / "group")
time.sleep(60)
"""


@pytest.fixture
def parent_of(tmp_path):
    """Start a process that supervises one worker; the process and the worker's group."""
    parents = []

    def start(script):
        command = [sys.executable, "-c", PARENT, tmp_path, script]
        parents.append(subprocess.Popen(command, cwd=Path(__file__).parents[3], stderr=subprocess.DEVNULL))
        return parents[-1], int(wait_for(tmp_path / "group"))

    yield start
    for parent in parents:
        parent.kill()
        parent.wait()


def guard_of(parent):
    return next(child for child in psutil.Process(parent.pid).children() if "guard.py" in child.cmdline()[-1])


@pytest.mark.parametrize("last_signal", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_nothing_is_left_when_the_parent_is_ended_by(last_signal, parent_of):
    parent, worker = parent_of("trap 'kill $!; exit' TERM; sleep 60 & echo up; wait")
    parent.send_signal(last_signal)
    parent.wait()
    assert gone(worker)


def test_a_worker_that_is_deaf_to_the_guard_is_killed_with_its_children(parent_of):
    parent, worker = parent_of("trap '' TERM; sleep 60 & echo up; wait; sleep 60")
    parent.kill()
    assert gone(worker)


def test_what_a_killed_guard_left_behind_is_ended_by_the_next_start(parent_of, tmp_path):
    parent, worker = parent_of("trap 'kill $!; exit' TERM; sleep 60 & echo up; wait")
    guard_of(parent).kill()
    parent.kill()
    parent.wait()
    assert is_alive(worker)
    with Supervisor(tmp_path) as supervisor:
        supervisor.launch(shell("worker", "echo new; sleep 60", ready=says("new"))).wait_until_ready()
        assert gone(worker)


def test_an_orderly_stop_leaves_nothing_and_may_be_repeated(tmp_path):
    supervisor = Supervisor(tmp_path)
    supervisor.stop()
    supervisor.stop()
    Supervisor(tmp_path).stop()
