"""The evaluation as one HTML page that needs nothing else, and as JSON."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from models.evaluation import plots
from models.evaluation.curves import coverage_at_risk
from models.evaluation.evaluation import Evaluation, Ground
from models.evaluation.figures import figures
from models.evaluation.gallery import worst
from models.evaluation.groups import LEAST_PICTURES, largest_gap
from models.evaluation.words import FILTERS

HTML, JSON = "report.html", "report.json"
_TEMPLATES = Path(__file__).with_name("templates")


@dataclass(frozen=True, slots=True)
class Written:
    """Where a report is."""

    html: Path
    json: Path


def write_report(found: Evaluation, ground: Ground, policy: str, out: Path) -> Written:
    """Write report.html and report.json into `out`, which is made if need be."""
    page = rendered(
        "report.html",
        found=found,
        ground=ground,
        policy=policy,
        gap=largest_gap(found.groups),
        least_pictures=LEAST_PICTURES,
        coverage=coverage_at_risk(found.risk_coverage, 0.001),
        refused=worst(found.measured, real=True),
        accepted=worst(found.measured, real=False),
        plots=_plots(found),
        robustness=plots.robustness_plots(found.suffered),
    )
    return written(out, page, figures(found, ground))


def rendered(template: str, **shown: Any) -> str:  # noqa: ANN401 - a template takes anything
    """A page of the templates folder; escapes whatever a manifest may hold."""
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(FILTERS)
    return environment.get_template(template).render(now=datetime.now(UTC), **shown)


def written(out: Path, page: str, values: Mapping[str, Any]) -> Written:
    """Put page and figures into the folder."""
    out.mkdir(parents=True, exist_ok=True)
    places = Written(out / HTML, out / JSON)
    places.html.write_text(page, encoding="utf-8")
    places.json.write_text(json.dumps(values, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return places


def _plots(found: Evaluation) -> dict[str, plots.Plot]:
    return {
        "roc": plots.roc_plot({found.measured.model: found.roc}),
        "precision_recall": plots.precision_recall_plot(found.precision_recall),
        "scores": plots.score_plot(found.measured),
        "reliability": plots.reliability_plot(found.bins, found.ece),
        "risk_coverage": plots.risk_coverage_plot(found.risk_coverage),
    }
