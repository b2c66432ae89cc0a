from rich.console import Console

from benchmarks.pipeline import compare, table
from benchmarks.timing import Lap

NAIVE = Lap(cpu_ms=4000, wall_ms=4000, stages_ms={"decode": 80, "detect": 3400, "classify": 520})
OURS = Lap(cpu_ms=40, wall_ms=50, stages_ms={"decode": 40, "classify": 10})


def test_the_ratio_is_naive_over_ours_in_processor_time():
    compared = compare(12, b"photo", {"naive": [NAIVE], "ours": [OURS]})
    assert compared.ratio == 100


def test_the_table_shows_the_ratio_and_where_the_time_goes():
    console = Console(record=True, width=160)
    console.print(table([compare(12, b"photo" * 500_000, {"naive": [NAIVE], "ours": [OURS]})]))
    shown = console.export_text()
    assert "12 MP, 2.5 MB" in shown
    assert "100×" in shown
    assert "detect 85%, classify 13%, decode 2%" in shown
    assert "decode 80%, classify 20%" in shown
