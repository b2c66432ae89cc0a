from pathlib import Path

import pytest

from benchmarks.figures.promise import Context, NotMeasured, Promise, Proof

ANYWHERE = Context(Path())


@pytest.mark.parametrize(
    ("promise", "value", "line", "holds"),
    [
        (Promise("demo", "s", most=40), 31.24, "demo: 31.24 (≤ 40 s)", True),
        (Promise("demo", "s", most=40), 40.1, "demo: 40.1 (≤ 40 s)", False),
        (Promise("ratio", "×", least=60), 60, "ratio: 60 (≥ 60 ×)", True),
        (Promise("ratio", "×", least=60), 59.9, "ratio: 59.9 (≥ 60 ×)", False),
        (Promise("photos lost", least=0, most=0), 0, "photos lost: 0 (0)", True),
        (Promise("photos lost", least=0, most=0), 1, "photos lost: 1 (0)", False),
        (Promise("room", "°C", least=18, most=24), 25, "room: 25 (≥ 18 ≤ 24 °C)", False),
    ],
)
def test_a_value_is_held_to_its_bounds(promise, value, line, holds):
    figure = promise.measured(value)
    assert str(figure) == line
    assert figure.ok is holds


def test_what_is_no_number_is_said_in_words():
    figure = Promise("samples as expected", "all").found("all", ok=True)
    assert str(figure) == "samples as expected: all (all)"


def test_a_measurement_that_cannot_be_made_keeps_none_of_its_promises():
    def without_pictures(_context):
        raise NotMeasured("there are no pictures.")

    proof = Proof("both", [Promise("BPCER", "%", most=1), Promise("APCER", "%", most=1)], without_pictures)
    assert [str(figure) for figure in proof.figures(ANYWHERE)] == [
        "BPCER: not measured: there are no pictures. (≤ 1 %)",
        "APCER: not measured: there are no pictures. (≤ 1 %)",
    ]
    assert not any(figure.ok for figure in proof.figures(ANYWHERE))
