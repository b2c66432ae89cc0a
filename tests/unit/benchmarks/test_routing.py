"""The figures of the routing fail when the routing does."""

import numpy as np
import pytest

from benchmarks.figures import routing_fall_back, routing_guarantee, routing_messages
from benchmarks.figures.promise import Context, Promise
from benchmarks.figures.routing_fall_back import FALL_BACK
from benchmarks.figures.routing_guarantee import GUARANTEE, Scores
from benchmarks.figures.routing_messages import MESSAGES
from photogate.screening.confidence import ErrorBound


@pytest.fixture(autouse=True)
def few_years(monkeypatch):
    monkeypatch.setattr(routing_fall_back, "YEARS", 60)
    monkeypatch.setattr(routing_guarantee, "DRAWS", 60)


@pytest.fixture
def context(tmp_path):
    return Context(tmp_path)


def test_a_test_that_never_refutes_misses_every_bad_model(context, monkeypatch):
    assert [turned.theory.at_latest for turned in routing_fall_back.TURNED] == [325, 686]
    monkeypatch.setattr(ErrorBound, "is_refuted", lambda *_: False)
    missed, *_ = FALL_BACK.figures(context)
    assert (missed.value, missed.ok) == (60, False)


def test_a_test_that_looks_as_if_only_once_stops_good_models(context, monkeypatch):
    """Two standard errors are enough for whoever looks once, and too few for whoever looks every day."""
    assert [turned.theory.at_latest for turned in routing_fall_back.TURNED] == [325, 686]

    def is_rash(bound, seen):
        expected = bound.at_most * seen.judged
        return seen.errors > expected + 2 * expected**0.5

    monkeypatch.setattr(ErrorBound, "is_refuted", is_rash)
    monkeypatch.setattr(routing_fall_back, "WRONGLY", Promise("stopped wrongly", most=0.05 * 60))
    assert not FALL_BACK.figures(context)[-1].ok


def test_without_pictures_the_guarantee_is_not_measured(context):
    assert all("not measured: there are no pictures" in figure.value for figure in GUARANTEE.figures(context))


def test_scores_that_do_not_tell_the_classes_apart_keep_the_promise_and_a_broken_calibration_does_not(
    context, monkeypatch
):
    draw = np.random.default_rng(1)
    scores = Scores(draw.random(4_000), np.arange(4_000) % 2 == 0)
    monkeypatch.setattr(routing_guarantee, "_scores", lambda _: scores)
    assert [figure.value <= 0.1 * 60 for figure in GUARANTEE.figures(context)] == [True, True]
    monkeypatch.setattr(routing_guarantee, "threshold_above", lambda drawn, most, _: np.quantile(drawn, 1 - most))
    assert GUARANTEE.figures(context)[1].value > 0.25 * 60


def test_too_few_pictures_are_not_measured(context, monkeypatch):
    monkeypatch.setattr(routing_guarantee, "_scores", lambda _: Scores(np.full(40, 0.5), np.arange(40) % 2 == 0))
    assert all("pictures cannot show a rate" in figure.value for figure in GUARANTEE.figures(context))


def test_a_sentence_that_is_missing_and_a_reason_that_leaks_are_counted(monkeypatch, tmp_path):
    tried = Context(tmp_path, size=0.02)
    assert [figure.value for figure in MESSAGES.figures(tried)] == [0, 160, 0]
    monkeypatch.setattr(routing_messages, "entries", lambda _: {})
    monkeypatch.setattr(routing_messages, "_answers", lambda kept: [str(kept)] * 8)
    missing, _, leaked = MESSAGES.figures(tried)
    assert missing.value > 50
    assert leaked.value > 80
