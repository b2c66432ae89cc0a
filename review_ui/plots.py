"""Numbers as shapes: stacked bars and lines in the units of an SVG's own box."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

WIDTH, HEIGHT = 640, 200
"""The area of the plot itself; scales stand outside it."""

MOST_SERIES, MOST_STRETCHES = 7, 31
OTHERS = "Others"


@dataclass(frozen=True, slots=True)
class Tick:
    """A line across the plot, or a mark below it, with its words."""

    at: float
    words: str


@dataclass(frozen=True, slots=True)
class Bar:
    """One piece of a bar; `series` picks its colour."""

    x: float
    y: float
    width: float
    height: float
    series: int
    title: str


@dataclass(frozen=True, slots=True)
class Line:
    """One series as a line, broken where it has no value; a point is (x, y, title)."""

    series: int
    paths: tuple[str, ...]
    points: tuple[tuple[float, float, str], ...]


@dataclass(frozen=True, slots=True)
class Plot:
    """A plot and the same numbers as a table: a row a stretch, a column a series."""

    names: tuple[str, ...]
    bars: tuple[Bar, ...]
    lines: tuple[Line, ...]
    ticks: tuple[Tick, ...]
    marks: tuple[Tick, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]


Words = Callable[[float], str]


def stacked(labels: Sequence[str], series: Mapping[str, Sequence[int]]) -> Plot:
    """Counts on top of each other, the largest series at the bottom; beyond seven, the smallest are taken together."""
    shown = _largest(series)
    top = scale(max((sum(column) for column in zip(*shown.values(), strict=True)), default=0))
    bars = []
    below = [0.0] * len(labels)
    for number, (name, counts) in enumerate(shown.items()):
        for place, count in enumerate(counts):
            if count:
                title = f"{labels[place]}: {count:,} {name}"
                bars.append(_bar(place, len(labels), below[place], count, top, number, title))
                below[place] += count
    return Plot(tuple(shown), tuple(bars), (), _ticks(top, _count), _marks(labels), _rows(labels, shown, _count))


def lined(
    labels: Sequence[str], series: Mapping[str, Sequence[float | None]], words: Words, *, is_time: bool = False
) -> Plot:
    """Values side by side, each series a line; times are in seconds."""
    largest = max((value for values in series.values() for value in values if value is not None), default=0)
    top = scale_of_time(largest) if is_time else scale(largest)
    lines = tuple(_line(number, labels, values, top, words) for number, values in enumerate(series.values()))
    return Plot(tuple(series), (), lines, _ticks(top, words), _marks(labels), _rows(labels, series, words))


def edges(since: date, until: date) -> list[date]:
    """The first days of at most 31 stretches of the same whole number of days, and the day after the last of them.

    The last stretch may be shorter.
    """
    days = (until - since).days + 1
    step = -(-days // MOST_STRETCHES)
    return [*(since + timedelta(days=day) for day in range(0, days, step)), until + timedelta(days=1)]


def scale(largest: float) -> float:
    """The end of a scale that holds `largest`: 1 or an even digit times a power of ten."""
    if largest <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(largest))
    return next(step * power for step in (1, 2, 4, 6, 8, 10) if step * power >= largest)


def scale_of_time(largest_s: float) -> float:
    """The same for seconds, whole in days, hours or minutes where there are any."""
    unit_s = next((length_s for length_s in (86_400, 3_600, 60) if largest_s >= length_s), 1)
    return unit_s * scale(largest_s / unit_s)


def _largest(series: Mapping[str, Sequence[int]]) -> dict[str, Sequence[int]]:
    ordered = sorted(series.items(), key=lambda item: sum(item[1]), reverse=True)
    shown, rest = dict(ordered[:MOST_SERIES]), [counts for _, counts in ordered[MOST_SERIES:]]
    if rest:
        shown[OTHERS] = [sum(column) for column in zip(*rest, strict=True)]
    return shown


def _bar(place: int, places: int, below: float, count: float, top: float, series: int, title: str) -> Bar:
    step = WIDTH / places
    height = HEIGHT * count / top
    return Bar(
        x=round(step * (place + 0.1), 2),
        y=round(HEIGHT * (1 - below / top) - height, 2),
        width=round(step * 0.8, 2),
        height=round(height, 2),
        series=series,
        title=title,
    )


def _line(number: int, labels: Sequence[str], values: Sequence[float | None], top: float, words: Words) -> Line:
    step = WIDTH / len(labels)
    runs: list[list[str]] = [[]]
    points = []
    for place, value in enumerate(values):
        if value is None:
            runs.append([])
            continue
        x, y = round(step * (place + 0.5), 2), round(HEIGHT * (1 - value / top), 2)
        runs[-1].append(f"{x},{y}")
        points.append((x, y, f"{labels[place]}: {words(value)}"))
    return Line(number, tuple(" ".join(run) for run in runs if len(run) > 1), tuple(points))


def _ticks(top: float, words: Words) -> tuple[Tick, ...]:
    return tuple(Tick(round(HEIGHT * (1 - part), 2), words(top * part)) for part in (0, 0.5, 1))


def _marks(labels: Sequence[str]) -> tuple[Tick, ...]:
    """About six of the labels, from the first on."""
    every = max(1, math.ceil(len(labels) / 6))
    step = WIDTH / max(1, len(labels))
    return tuple(Tick(round(step * (place + 0.5), 2), labels[place]) for place in range(0, len(labels), every))


def _rows(
    labels: Sequence[str], series: Mapping[str, Sequence[float | None]], words: Words
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    columns = zip(*series.values(), strict=True) if series else ((),) * len(labels)
    said = (tuple("–" if value is None else words(value) for value in column) for column in columns)
    return tuple(zip(labels, said, strict=True))


def _count(value: float) -> str:
    return f"{value:,.0f}" if value == round(value) else f"{value:,.1f}"
