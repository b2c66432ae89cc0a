"""What running processes cost, as Linux accounts for it in /proc."""

import os
from pathlib import Path

_TICKS_PER_S = os.sysconf("SC_CLK_TCK")
_PROC = Path("/proc")


def tree(root: int) -> list[int]:
    """Return a process and everything below it that is alive now, root first."""
    children: dict[int, list[int]] = {}
    for process in _alive():
        if stat := _stat(process):
            children.setdefault(int(stat[1]), []).append(process)
    found = [root]
    for process in found:  # grows while it is walked
        found += children.get(process, [])
    return found


def parent(process: int) -> int:
    """Return the process that started this one; raises `ProcessLookupError` when it is gone."""
    if stat := _stat(process):
        return int(stat[1])
    raise ProcessLookupError(f"There is no process {process}.")


def running(root: int, words: str) -> list[int]:
    """Return the processes of a tree whose command line holds these words."""
    return [process for process in tree(root) if words in _command_line(process)]


def cpu_ms(root: int) -> float:
    """Processor time, user and system, of a process tree since it started, with the children it has outlived."""
    return sum(_cpu_ticks(process) for process in tree(root)) / _TICKS_PER_S * 1000


def memory_mb(root: int) -> float:
    """Memory of a process tree in MB, pages that several processes share counted once (proportional set size)."""
    return sum(_kilobytes(process, "Pss:") for process in tree(root)) * 1024 / 1e6


def resident_mb(process: int) -> float:
    """Resident memory of one process in MB, shared pages counted in full."""
    return _kilobytes(process, "Rss:") * 1024 / 1e6


def _alive() -> list[int]:
    return [int(entry.name) for entry in _PROC.iterdir() if entry.name.isdigit()]


def _stat(process: int) -> list[str] | None:
    """Return the fields of proc(5) stat from the state on; the name before it may hold spaces and brackets."""
    try:
        return (_PROC / str(process) / "stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None  # ended since it was listed


def _command_line(process: int) -> str:
    try:
        return (_PROC / str(process) / "cmdline").read_text().replace("\0", " ")
    except (FileNotFoundError, ProcessLookupError):
        return ""  # ended since it was listed


def _cpu_ticks(process: int) -> int:
    stat = _stat(process)
    return sum(map(int, stat[11:15])) if stat else 0  # utime, stime, cutime, cstime


def _kilobytes(process: int, field: str) -> int:
    try:
        lines = (_PROC / str(process) / "smaps_rollup").read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return 0  # ended since it was listed
    return next((int(line.split()[1]) for line in lines if line.startswith(field)), 0)


def running_ms(process: int) -> float:
    """Return the processor milliseconds of one process alone, to the microsecond; Linux says so."""
    nanoseconds, *_ = Path(f"/proc/{process}/schedstat").read_text().split()
    return int(nanoseconds) / 1e6
