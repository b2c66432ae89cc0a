import json
import signal

import pytest
from rich.console import Console

from benchmarks import out, proving
from benchmarks.figures.classifier import UNSEEN_SOURCES
from benchmarks.figures.promise import Context, Promise, Proof

KEPT, MISSED = Promise("photos lost", least=0, most=0), Promise("demo", "s", most=40)


@pytest.fixture(autouse=True)
def out_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(out, "FOLDER", tmp_path / "out")


@pytest.fixture(autouse=True)
def signals():
    """A run listens for SIGTERM; the tests' own process goes on as it did."""
    before = signal.getsignal(signal.SIGTERM)
    yield
    signal.signal(signal.SIGTERM, before)


def settled(monkeypatch, *proofs, arguments=()):
    monkeypatch.setattr("sys.argv", ["prove_way", *arguments])
    with pytest.raises(SystemExit) as ended:
        proving.settle("way", proofs, "Measure.", can_be_tried=bool(arguments))
    return ended.value.code


def test_it_prints_every_figure_and_ends_well_when_all_hold(monkeypatch, capsys):
    proof = Proof("kills", [KEPT], lambda _: [KEPT.measured(0)])
    assert settled(monkeypatch, proof) == 0
    assert "photos lost: 0 (0)" in capsys.readouterr().out
    assert out.saved("way") == [{"figure": "photos lost", "value": 0, "target": "0", "ok": True}]


def test_one_figure_that_misses_ends_it_with_1_and_the_others_are_still_measured(monkeypatch, capsys):
    slow = Proof("demo", [MISSED], lambda _: [MISSED.measured(41.5)])
    fine = Proof("kills", [KEPT], lambda _: [KEPT.measured(0)])
    assert settled(monkeypatch, slow, fine) == 1
    assert [figure["ok"] for figure in out.saved("way")] == [False, True]
    assert "1 of 2 figures hold" in capsys.readouterr().out


def test_a_try_measures_a_share_says_so_and_is_kept_apart(monkeypatch, capsys):
    proof = Proof("kills", [KEPT], lambda context: [KEPT.measured(context.share(1_000) - 20)])
    assert settled(monkeypatch, proof, arguments=["--size", "0.02"]) == 0
    assert "Tried at 0.02 of the size: these are not the figures that are promised." in capsys.readouterr().out
    assert out.saved("way_tried")[0]["ok"] is True
    with pytest.raises(FileNotFoundError):
        out.saved("way")


def test_what_breaks_takes_no_other_figure_along(monkeypatch, capsys):
    broken = Proof("demo", [MISSED], lambda _: [MISSED.measured(1 / 0)])
    assert settled(monkeypatch, broken, Proof("kills", [KEPT], lambda _: [KEPT.measured(0)])) == 1
    assert [figure["ok"] for figure in out.saved("way")] == [False, True]
    said = capsys.readouterr()
    assert "demo: not measured: ZeroDivisionError, as shown above." in said.out
    assert "division by zero" in said.err


def test_a_run_that_is_told_to_end_takes_down_what_it_put_up(monkeypatch):
    ended = []

    def told_to_end(_context):
        try:
            signal.raise_signal(signal.SIGTERM)
        finally:
            ended.append("cleaned up")

    assert settled(monkeypatch, Proof("kills", [KEPT], told_to_end)) == 128 + signal.SIGTERM
    assert ended == ["cleaned up"]


def test_without_pictures_the_classifier_s_figures_say_so(tmp_path):
    figures = list(proving.prove([UNSEEN_SOURCES], Context(tmp_path), Console(quiet=True)))
    assert len(figures) == 6
    assert not any(figure.ok for figure in figures)
    assert all("not measured: there are no pictures" in figure.value for figure in figures)


def test_an_old_number_does_not_pass_for_a_new_one():
    out.save("kills", {"lost": 0})
    out.forget("kills")
    with pytest.raises(FileNotFoundError):
        out.saved("kills")


def test_only_numbers_and_records_are_written():
    out.save("way", [KEPT.measured(0)])
    assert json.loads((out.FOLDER / "way.json").read_text())[0]["ok"] is True
    with pytest.raises(TypeError, match="object is not written to JSON"):
        out.save("way", object())
