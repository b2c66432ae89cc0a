"""The report's plots: each drawn twice, for light and for dark pages, as PNG in a data URI."""

import base64
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from models.evaluation.curves import Curve
from models.evaluation.measured import Measured
from models.evaluation.reliability import Bin
from models.evaluation.robustness import Suffered

_INCHES = (4.2, 3.0)
_DPI = 150
_FONT_PT = 10
_LEAST_SHARE = 5e-4
_NEARLY_ALL = 0.99
_HISTOGRAM_BINS = 40
_ROOM_ABOVE = 1.15


@dataclass(frozen=True, slots=True)
class Look:
    """The colours of one scheme; those of the review pages."""

    card: str
    ink: str
    soft: str
    line: str
    real: str
    other: str
    accent: str


LIGHT = Look("#ffffff", "#1a1e23", "#545d67", "#d9dde2", "#17693a", "#a5232c", "#0a5a8c")
DARK = Look("#1c2024", "#e7eaed", "#a2abb4", "#31373d", "#67c78f", "#f28d8f", "#74bceb")


@dataclass(frozen=True, slots=True)
class Plot:
    """One plot for both schemes, with the sentence that stands for it where it is not seen."""

    title: str
    alt: str
    light: str
    dark: str
    width: int = round(_INCHES[0] * _DPI)
    height: int = round(_INCHES[1] * _DPI)


def roc_plot(curves: dict[str, Curve]) -> Plot:
    """The share of real faces accepted over APCER, which is logarithmic: all that matters lies in its left corner."""

    def draw(axes: Axes, look: Look) -> None:
        for (name, curve), colour in zip(curves.items(), _colours(look, len(curves)), strict=True):
            x = np.maximum(curve.x, _LEAST_SHARE)
            axes.plot(x, curve.y, color=colour, label=f"{name} {curve.area:.5f}", drawstyle="steps-post")
        axes.set_xscale("log")
        axes.set_xlim(_LEAST_SHARE, 1)
        axes.set_ylim(min(0.9, *(float(np.interp(0.01, c.x, c.y)) for c in curves.values())) - 0.005, 1.002)
        axes.xaxis.set_major_formatter(_percent())
        axes.yaxis.set_major_formatter(_percent())
        axes.set_xlabel("APCER: other pictures accepted")
        axes.set_ylabel("real faces accepted")
        _legend(axes, look, "AUC")

    areas = ", ".join(f"{name} {curve.area:.5f}" for name, curve in curves.items())
    return _plot("ROC", f"ROC curve; area under it: {areas}", draw)


def precision_recall_plot(curve: Curve) -> Plot:
    """Precision over recall."""

    def draw(axes: Axes, look: Look) -> None:
        axes.plot(curve.x, curve.y, color=look.accent)
        axes.set_xlim(0, 1.01)
        axes.set_ylim(min(0.9, float(curve.y[curve.x >= _NEARLY_ALL][0])) - 0.005, 1.002)
        axes.xaxis.set_major_formatter(_percent())
        axes.yaxis.set_major_formatter(_percent())
        axes.set_xlabel("recall: real faces accepted")
        axes.set_ylabel("precision: real among accepted")

    return _plot("Precision and recall", f"Precision-recall curve; average precision {curve.area:.5f}", draw)


def score_plot(measured: Measured) -> Plot:
    """How p_real is spread over real faces and everything else."""

    def draw(axes: Axes, look: Look) -> None:
        edges = np.linspace(0, 1, _HISTOGRAM_BINS + 1)
        for name, which, colour in _classes(measured, look):
            counts, _ = np.histogram(measured.p_real[which], edges)
            axes.stairs(counts, edges, color=colour, fill=True, alpha=0.25)
            axes.stairs(counts, edges, color=colour, label=name)
        axes.axvline(measured.threshold, color=look.soft, linestyle="--", linewidth=1)
        axes.set_yscale("symlog", linthresh=1)
        axes.yaxis.set_major_formatter(FuncFormatter(lambda count, _: f"{count:g}"))
        axes.set_xlim(0, 1)
        axes.set_ylim(bottom=0)
        axes.set_xlabel(f"p(real), threshold {measured.threshold:g} dashed")
        axes.set_ylabel("pictures")
        _legend(axes, look)

    return _plot("Scores", "Histogram of p(real) for real faces and other pictures", draw)


def reliability_plot(found: Sequence[Bin], ece: float) -> Plot:
    """The share that is real over the p_real that was claimed; larger dots hold more pictures."""

    def draw(axes: Axes, look: Look) -> None:
        axes.plot([0, 1], [0, 1], color=look.soft, linestyle="--", linewidth=1)
        sizes = [12 + 60 * np.sqrt(each.pictures / max(b.pictures for b in found)) for each in found]
        claimed, real = [each.mean_p_real for each in found], [each.share_real for each in found]
        axes.vlines(claimed, claimed, real, color=look.other, linewidth=1)
        axes.scatter(claimed, real, s=sizes, color=look.accent, zorder=3)
        axes.set_xlim(-0.03, 1.03)
        axes.set_ylim(-0.03, 1.03)
        axes.set_xlabel("mean p(real) of the bin")
        axes.set_ylabel("share that is real")

    return _plot("Reliability", f"Reliability diagram; expected calibration error {ece:.4f}", draw)


def risk_coverage_plot(curve: Curve) -> Plot:
    """The share of wrong answers over the share answered, surest first."""

    def draw(axes: Axes, look: Look) -> None:
        axes.plot(curve.x, curve.y, color=look.accent)
        axes.set_xlim(0, 1.01)
        axes.set_ylim(0, max(0.005, float(curve.y.max()) * _ROOM_ABOVE))
        axes.xaxis.set_major_formatter(_percent())
        axes.yaxis.set_major_formatter(_percent())
        axes.set_xlabel("coverage: answered, surest first")
        axes.set_ylabel("risk: wrong among answered")

    return _plot("Risk and coverage", f"Risk-coverage curve; mean risk {curve.area:.5f}", draw)


def robustness_plots(found: Sequence[Suffered]) -> list[Plot]:
    """One plot a damage: both errors over its strength."""
    return [_suffered_plot(name, list(some)) for name, some in groupby(found, key=lambda each: each.damage)]


def _suffered_plot(name: str, found: list[Suffered]) -> Plot:
    def draw(axes: Axes, look: Look) -> None:
        places = range(len(found))
        for label, rates, colour in (
            ("BPCER", [each.bpcer for each in found], look.real),
            ("APCER", [each.apcer for each in found], look.other),
        ):
            axes.fill_between(places, [r.low for r in rates], [r.high for r in rates], color=colour, alpha=0.15, lw=0)
            axes.plot(places, [r.value for r in rates], color=colour, marker="o", markersize=4, label=label)
        axes.set_xticks(list(places), [f"{each.strength:g}" for each in found])
        axes.set_ylim(0, max(0.1, *(max(each.bpcer.high, each.apcer.high) for each in found)))
        axes.yaxis.set_major_formatter(_percent())
        axes.set_xlabel(found[0].unit)
        _legend(axes, look)

    worst = max(found, key=lambda each: each.bpcer.value)
    alt = (
        f"BPCER and APCER under {name}; BPCER is highest, {worst.bpcer.value:.1%}, at {worst.strength:g} ({worst.unit})"
    )
    return _plot(f"{name[0].upper()}{name[1:]}", alt, draw)


def _plot(title: str, alt: str, draw: Callable[[Axes, Look], None]) -> Plot:
    return Plot(title, alt, _png(draw, LIGHT), _png(draw, DARK))


def _png(draw: Callable[[Axes, Look], None], look: Look) -> str:
    figure = Figure(figsize=_INCHES, dpi=_DPI, layout="constrained")
    axes = figure.add_subplot()
    draw(axes, look)
    _dress(axes, look)
    written = io.BytesIO()
    figure.savefig(written, format="png", transparent=True, metadata={"Software": None})
    return f"data:image/png;base64,{base64.b64encode(written.getvalue()).decode()}"


def _dress(axes: Axes, look: Look) -> None:
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    for side in ("left", "bottom"):
        axes.spines[side].set_color(look.line)
    axes.grid(visible=True, color=look.line, linewidth=0.6)
    axes.set_axisbelow(True)
    axes.tick_params(which="both", colors=look.soft, labelsize=_FONT_PT, length=0, pad=6)
    for label in (axes.xaxis.label, axes.yaxis.label):
        label.set_color(look.soft)
        label.set_fontsize(_FONT_PT)


def _legend(axes: Axes, look: Look, title: str | None = None) -> None:
    legend = axes.legend(
        title=title,
        facecolor=look.card,
        edgecolor="none",
        fontsize=_FONT_PT,
        title_fontsize=_FONT_PT,
        labelcolor=look.ink,
    )
    legend.get_title().set_color(look.soft)


def _classes(measured: Measured, look: Look) -> tuple[tuple[str, np.ndarray, str], ...]:
    return ("real faces", measured.is_real, look.real), ("other pictures", ~measured.is_real, look.other)


def _colours(look: Look, number: int) -> list[str]:
    few = [look.accent, look.other, look.real, look.soft]
    return [few[place % len(few)] for place in range(number)]


def _percent() -> FuncFormatter:
    return FuncFormatter(lambda share, _: f"{100 * share:g} %" if share >= _LEAST_SHARE else f"{100 * share:.2g} %")
