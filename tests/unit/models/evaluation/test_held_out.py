import pytest

from models.evaluation.default import measure_held_out
from models.evaluation.held_out import as_metrics, held_out, summary
from models.evaluation.routing import Route
from tests.unit.models.evaluation.made import drawn_folder, example, of_examples, silent


def test_held_out_sources_are_measured_each_and_together(tmp_path):
    found = held_out(drawn_folder(tmp_path / "data", per_source=2), watch=silent)
    assert {(part.label, part.name, part.at[0].of) for part in found.per_source} == {
        ("real", "nysenate/OpenLegislation", 2),
        ("real", "ropensci/roweb3", 2),
        ("placeholder", "alohe/avatars", 2),
        ("placeholder", "twbs/icons", 2),
    }
    assert found.bpcer.value == 1  # drawings that only say they are real
    assert found.apcer.value == 0
    assert found.worst_source.label == "real"


def test_small_sources_are_told_as_one_before_the_worst_is_named():
    pictures = [example(real=True, number=n) for n in range(20)]
    pictures += [example(real=False, source=f"small/{n}") for n in range(10)]
    found = summary(of_examples(pictures, [0.9] * 18 + [0.1] * 2 + [0.9] + [0.1] * 9))
    assert [(part.name, part.at[0].wrong, part.at[0].of) for part in found.nameable] == [
        ("reals/one", 2, 20),
        ("10 small sources", 1, 10),
    ]
    metrics = as_metrics(found)
    assert metrics["worst_source"] == "real/reals/one"
    assert metrics["per_source"]["placeholder/10 small sources"] == {"pictures": 10, "error": 0.1}


def test_the_default_is_measured_under_a_policy_and_by_group(tmp_path):
    figures = measure_held_out(
        drawn_folder(tmp_path / "data", per_source=1), lambda _photo, _p_real, _strangeness: Route.TO_PEOPLE, silent
    )
    assert figures.routed.automatic.value == 0
    assert figures.auc == pytest.approx(0.5, abs=0.5)
    assert figures.worst_group is None  # nobody is a group of fifty
