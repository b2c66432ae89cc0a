"""What a test counted, left where the benchmarks read it."""

import json
from collections.abc import Mapping

from tests.guards.tree import ROOT


def write(name: str, counted: Mapping[str, int]) -> None:
    """Keep the counts of this run in benchmarks/out, in the place of an earlier run's."""
    path = ROOT / "benchmarks" / "out" / f"{name}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(counted) + "\n")
