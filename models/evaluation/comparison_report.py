"""Models side by side as one HTML page and as JSON."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from models.evaluation import plots
from models.evaluation.compare import REPLICATES, Compared
from models.evaluation.cost import Cost
from models.evaluation.errors import SMALL, Rate
from models.evaluation.evaluation import Ground
from models.evaluation.figures import ground_figures, plain
from models.evaluation.report import Written, rendered, written
from models.evaluation.routing import Routed


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """One model's line of the comparison."""

    compared: Compared
    routed: Routed
    cost: Cost

    @property
    def model(self) -> str:
        """Network and version."""
        return self.compared.measured.model


def write_comparison(rows: Sequence[Row], ground: Ground, policy: str, out: Path) -> Written:
    """Write report.html and report.json into `out`."""
    curves = {row.model: row.compared.roc for row in rows}
    page = rendered(
        "comparison.html",
        rows=rows,
        ground=ground,
        policy=policy,
        replicates=REPLICATES,
        sources=_by_source(rows),
        roc=plots.roc_plot(curves),
    )
    return written(out, page, _figures(rows, ground))


def _by_source(rows: Sequence[Row]) -> list[tuple[str, str, list[Rate]]]:
    """Every source with each model's rate, the highest first and small sources last."""
    rates: dict[tuple[str, str], list[Rate]] = {}
    for row in rows:
        for part in row.compared.sources:
            rates.setdefault((part.label, part.name), []).append(part.at[0])
    found = [(label, name, some) for (label, name), some in rates.items() if any(rate.wrong for rate in some)]
    return sorted(found, key=lambda source: (source[2][0].of < SMALL, -max(rate.value for rate in source[2])))


def _figures(rows: Sequence[Row], ground: Ground) -> Mapping[str, Any]:
    return {
        **ground_figures(ground),
        "replicates": REPLICATES,
        "models": [
            {
                "model": row.model,
                "sha256": row.compared.measured.sha256,
                "threshold": row.compared.measured.threshold,
                "roc_auc": plain(row.compared.roc.area),
                "ece": plain(row.compared.ece),
                "operating_points": plain(row.compared.points),
                "automatic": plain(row.routed.automatic),
                "wrong_of_automatic": plain(row.routed.wrong),
                "cost": plain(row.cost),
                "against_first": plain(row.compared.against_first),
                "sources": plain(row.compared.sources),
            }
            for row in rows
        ],
    }
