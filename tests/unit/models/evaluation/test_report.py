import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import numpy as np
import pytest

from models.evaluation.compare import compare
from models.evaluation.comparison_report import Row, write_comparison
from models.evaluation.cost import Loaded, cost
from models.evaluation.evaluation import Wanted, evaluate, prepared_ground
from models.evaluation.measured import measure
from models.evaluation.report import write_report
from models.evaluation.robustness import DAMAGES
from models.evaluation.routing import Route, routed
from tests.unit.models.evaluation.made import Fixed, drawn_folder, silent

HOSTILE = "<script>alert(1)</script>/alohe"


def by_score(_photo, p_real, _strangeness):
    return Route.APPROVED if p_real >= 0.5 else Route.REFUSED


class Resources(HTMLParser):
    """Everything that a page would fetch or run."""

    def __init__(self):
        super().__init__()
        self.wanted, self.tags = [], set()

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.wanted += [value for name, value in attrs if name in {"src", "srcset", "href", "action"}]


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    folder = drawn_folder(tmp_path_factory.mktemp("report") / "data")
    manifest = folder / "manifest.csv"
    manifest.write_text(manifest.read_text().replace("twbs/icons", HOSTILE[:31]).replace("alohe/avatars", "Agg/icons"))
    (folder / "placeholder/twbs_icons_0.png").write_bytes(b"broken")
    return folder


@pytest.fixture(scope="module")
def ground(data):
    with pytest.MonkeyPatch.context() as fewer:
        fewer.setattr("models.evaluation.drawn.KINDS", ("silhouette", "initials"))
        return prepared_ground(Wanted(data, drawn_per_kind=1), silent)


@pytest.fixture(scope="module")
def report(ground, tmp_path_factory):
    blur = next(damage for damage in DAMAGES if damage.name == "blur")
    with pytest.MonkeyPatch.context() as fewer:
        fewer.setattr("models.evaluation.robustness.DAMAGES", (replace(blur, strengths=(0, 4)),))
        found = evaluate(Loaded(Fixed(), 12.0), ground, by_score, silent)
    return write_report(found, ground, "default@1", tmp_path_factory.mktemp("written") / "new")


def test_the_page_needs_nothing_but_itself_and_runs_nothing(report):
    page = report.html.read_text()
    resources = Resources()
    resources.feed(page)
    assert resources.wanted
    assert [url[:40] for url in resources.wanted if not url.startswith(("data:image/", "#"))] == []
    assert resources.tags & {"script", "link", "iframe", "object", "form"} == set()
    assert "url(" not in page
    assert "@import" not in page


def test_every_picture_says_in_words_what_it_shows_and_plots_come_for_light_and_dark(report):
    page = report.html.read_text()
    assert len(re.findall(r"<img ", page)) == len(re.findall(r'<img [^>]*alt="[^"]+"', page))
    assert page.count('media="(prefers-color-scheme: dark)"') == page.count("<picture>") == 5 + 1


def test_what_a_manifest_says_is_text_and_never_markup(report):
    page = report.html.read_text()
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_the_figures_are_json_that_any_reader_accepts_and_say_what_the_page_says(report):
    def refuse(constant):
        raise AssertionError(constant)

    figures = json.loads(report.json.read_text(), parse_constant=refuse)
    assert figures["pictures"] == {"real": 6, "other": 5}
    assert [skipped["file"] for skipped in figures["skipped"]] == ["placeholder/twbs_icons_0.png"]
    assert len(figures["operating_points"]) == 4
    assert {part["name"] for part in figures["drawn_kinds"]} == {"silhouette", "initials"}
    assert len(figures["robustness"]) == 2
    assert f"{figures['roc_auc']:.5f}" in report.html.read_text()
    confusion = figures["confusion"]
    assert sum(confusion.values()) == 11
    assert len(figures["wrong"]) == confusion["real_refused"] + confusion["other_accepted"]
    assert figures["cost"]["memory_mb"] == 12.0


def test_a_comparison_is_one_page_too(ground, tmp_path):
    class Stricter(Fixed):
        name = "stricter@1.0.0"

        def score(self, crops):
            return np.clip(super().score(crops) - 0.2, 0, 1)

    scorers = [Fixed(), Stricter()]
    compared = compare([measure(scorer, ground.pictures) for scorer in scorers], replicates=20)
    rows = [
        Row(each, routed(each.measured, by_score), cost(Loaded(scorer, None), ground.pictures))
        for each, scorer in zip(compared, scorers, strict=True)
    ]
    written = write_comparison(rows, ground, "default@1", tmp_path)
    figures = json.loads(written.json.read_text())
    assert [model["model"] for model in figures["models"]] == ["fixed@1.0.0", "stricter@1.0.0"]
    assert figures["models"][0]["against_first"] == {}
    assert set(figures["models"][1]["against_first"]) == {"apcer", "bpcer", "auc"}
    page = written.html.read_text()
    assert "stricter@1.0.0" in page
    assert "<script" not in page
