"""Plots: what is drawn is what was counted, to scale and inside the picture."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from review_ui.plots import HEIGHT, MOST_SERIES, OTHERS, WIDTH, lined, scale, scale_of_time, stacked

counts = st.lists(st.integers(0, 10_000), min_size=4, max_size=4)
LABELS = ["Mon", "Tue", "Wed", "Thu"]


@settings(deadline=None)
@given(st.dictionaries(st.text(min_size=1), counts, max_size=12))
def test_bars_are_as_high_as_their_counts_and_stand_on_each_other(series):
    plot = stacked(LABELS, series)
    highest = max((sum(column) for column in zip(*series.values(), strict=True)), default=0)
    assert len(plot.names) <= MOST_SERIES + 1
    for place in range(len(LABELS)):
        bars = [bar for bar in plot.bars if int(bar.x // (WIDTH / len(LABELS))) == place]
        total = sum(values[place] for values in series.values())
        assert sum(bar.height for bar in bars) == pytest.approx(HEIGHT * total / scale(highest), abs=0.1)
        tops = sorted(bar.y for bar in bars)
        assert all(0 <= top <= HEIGHT for top in tops)


def test_the_smallest_series_are_taken_together_and_nothing_is_lost():
    plot = stacked(["Mon"], {f"model {number}": [number + 1] for number in range(10)})
    assert plot.names[0] == "model 9"
    assert plot.names[-1] == OTHERS
    [(label, numbers)] = plot.rows
    assert label == "Mon"
    assert sum(map(int, numbers)) == sum(range(1, 11))


def test_a_line_breaks_where_there_is_no_value():
    plot = lined(LABELS, {"rate": [10.0, 20.0, None, 20.0]}, lambda value: f"{value:g} %")
    [line] = plot.lines
    assert len(line.paths) == 1
    assert [title for _, _, title in line.points] == ["Mon: 10 %", "Tue: 20 %", "Thu: 20 %"]
    assert [y for _, y, _ in line.points] == [HEIGHT / 2, 0, 0]
    assert plot.rows[2] == ("Wed", ("–",))


@settings(deadline=None)
@given(st.floats(1e-6, 1e12))
def test_a_scale_holds_what_is_drawn_and_is_at_most_two_and_a_half_times_as_long(largest):
    assert largest <= scale(largest) <= 2.5 * largest * (1 + 1e-9)


@pytest.mark.parametrize(
    ("largest_s", "end_s"),
    [(0.4, 0.4), (4.3, 6), (59, 60), (61, 120), (5 * 60, 360), (13 * 3600, 20 * 3600), (9e5, 20 * 86_400)],
)
def test_a_scale_of_time_ends_in_whole_units(largest_s, end_s):
    assert scale_of_time(largest_s) == pytest.approx(end_s)


def test_nothing_has_a_scale_too():
    assert scale(0) == 1
    assert stacked([], {}).bars == ()
