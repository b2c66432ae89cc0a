"""How long `make demo ONCE=1` takes once everything is installed, on a data directory that does not exist yet."""

import json
import shutil

from benchmarks.figures.programs import ROOT, run
from benchmarks.figures.promise import Context, Figure, NotMeasured, Promise, Proof
from embedded.ports import free_port

DIRECTORY = ROOT / ".photogate" / "prove-way"

WHOLE = Promise("demo from its start to its end, nothing prepared", "s", most=40)
DECIDED = Promise("all samples submitted and decided", "s", most=10)
EXPECTED = Promise("samples with the verdict that samples/expected.toml names", "all")


def demo(_context: Context) -> list[Figure]:
    """Run the demo once and read the summary that it leaves."""
    shutil.rmtree(DIRECTORY, ignore_errors=True)
    ended = run(
        *("-m", "cli.main", "demo", "--once", "--directory", DIRECTORY),
        *("--api-port", str(free_port()), "--review-port", str(free_port())),
        timeout_s=300,
    )
    summary_file = DIRECTORY / "summary.json"
    if not summary_file.exists():
        raise NotMeasured(f"the demo left no summary. It said: {ended.last_words}")
    summary = json.loads(summary_file.read_text())
    shutil.rmtree(DIRECTORY)
    return [
        WHOLE.measured(round(ended.seconds, 1)),
        DECIDED.measured(summary["decided_s"]),
        EXPECTED.found("all" if summary["ok"] else "not all", ok=summary["ok"] and ended.status == 0),
    ]


DEMO = Proof("the demo", (WHOLE, DECIDED, EXPECTED), demo)
