"""Whether what judges is held apart from what teaches, as make prove-models counts it."""

from benchmarks.figures.promise import Context
from benchmarks.figures.splits import HELD_APART
from tests.unit.models.evaluation.made import drawn_folder


def test_what_leaks_is_counted_and_does_not_remain(tmp_path):
    data = drawn_folder(tmp_path / "data")
    table = data / "manifest.csv"
    table.write_text(table.read_text().replace("alohe/avatars", "zoo/icons"))
    copied, tested = (data / "placeholder" / f"{name}_0.png" for name in ("alohe_avatars", "twbs_icons"))
    copied.write_bytes(tested.read_bytes())
    left_out, leaking = HELD_APART.figures(Context(data))
    assert left_out.value == "1 of 3"
    assert (leaking.value, leaking.ok) == (0, True)


def test_without_a_table_nothing_is_claimed(tmp_path):
    assert all("not measured" in str(figure) and not figure.ok for figure in HELD_APART.figures(Context(tmp_path)))
