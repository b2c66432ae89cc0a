import os
import subprocess
import sys

import pytest

from benchmarks import processes


@pytest.fixture
def run_python():
    started = []

    def run(program):
        process = subprocess.Popen([sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        started.append(process)
        process.stdout.readline()
        return process

    yield run
    for process in started:
        process.communicate()


BURN = "import time\nwhile time.process_time() < 0.3: pass\n"
WAIT = "print('ready', flush=True); input()"


def test_a_tree_is_a_process_and_its_children(run_python):
    child = run_python(WAIT)
    assert child.pid in processes.tree(os.getpid())
    assert processes.tree(child.pid) == [child.pid]
    assert processes.parent(child.pid) == os.getpid()


def test_a_process_is_found_below_its_parent_by_what_it_runs(run_python):
    child = run_python(f"'the needle'\n{WAIT}")
    assert processes.running(os.getpid(), "the needle") == [child.pid]


def test_processor_time_counts_a_living_child(run_python):
    parent = run_python(f"import subprocess, sys\nsubprocess.run([sys.executable, '-c', {BURN + WAIT!r}])\n{WAIT}")
    assert processes.cpu_ms(parent.pid) >= 290


def test_processor_time_counts_a_child_that_has_ended(run_python):
    parent = run_python(f"import subprocess, sys\nsubprocess.run([sys.executable, '-c', {BURN!r}])\n{WAIT}")
    assert processes.tree(parent.pid) == [parent.pid]
    assert processes.cpu_ms(parent.pid) >= 290


def test_memory_of_a_tree_is_less_than_what_its_processes_count_each(run_python):
    child = run_python(f"import subprocess, sys\nsubprocess.run([sys.executable, '-c', {WAIT!r}])")
    tree = processes.tree(child.pid)
    assert len(tree) == 2
    assert 0 < processes.memory_mb(child.pid) < sum(processes.resident_mb(process) for process in tree)


def test_a_process_that_is_gone_costs_nothing_and_has_no_parent():
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    assert processes.cpu_ms(gone.pid) == 0
    assert processes.memory_mb(gone.pid) == 0
    with pytest.raises(ProcessLookupError, match=f"no process {gone.pid}"):
        processes.parent(gone.pid)
