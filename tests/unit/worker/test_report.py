"""The form in which a check is told is a promise: its names stand in docs/check.md."""

import json
import re

from photogate.applications.photo_file import TooSmall
from photogate.screening.decision import decide
from photogate.screening.measurements import Measurements
from tests.factories import PLACEHOLDER, PORTRAIT, PROFILE
from tests.guards.tree import ROOT
from worker.report import Report

NAMES = (
    "file verdict reasons p_real p_ai_generated strangeness faces box landmarks".split()  # noqa: SIM905
    + "quality models heat_map ms model".split()  # noqa: SIM905
)


def report(found):
    return Report.of(found, decide(found, PROFILE)).to_json("photo.jpg")


def test_the_names_are_those_that_are_documented():
    documented = re.findall(r"^\| `(\w+)` \|", (ROOT / "docs/check.md").read_text(), re.MULTILINE)
    assert list(report(PORTRAIT)) == documented == NAMES


def test_a_portrait_is_reported_with_its_box():
    told = report(PORTRAIT)
    assert (told["verdict"], told["reasons"], told["faces"]) == ("approved", [], 1)
    assert told["box"] == [10, 20, 100, 120]
    assert (told["p_real"], told["p_ai_generated"], told["model"]) == (0.999, 0.1, "student@1")


def test_a_placeholder_is_reported_with_what_was_measured_and_the_limit():
    (reason,) = report(PLACEHOLDER)["reasons"]
    assert (reason["code"], reason["native"], reason["threshold"]) == ("PLACEHOLDER_IMAGE", 0.001, 0.02)


def test_what_was_not_assessed_is_null_and_never_a_number():
    told = report(Measurements(unreadable="The photo is damaged."))
    assert [told[name] for name in ("p_real", "p_ai_generated", "faces", "box", "model")] == [None] * 5
    assert [reason["code"] for reason in told["reasons"]] == ["FILE_UNREADABLE"]


def test_what_intake_refuses_has_the_same_form():
    told = Report.of_refusal(TooSmall("Too small.")).to_json("photo.jpg")
    assert list(told) == NAMES
    assert told["verdict"] == "refused"
    assert [reason["code"] for reason in told["reasons"]] == ["IMAGE_TOO_SMALL"]


def test_without_a_file_there_is_no_name_and_every_report_is_json():
    told = Report.of(PORTRAIT, decide(PORTRAIT, PROFILE)).to_json()
    assert "file" not in told
    assert json.loads(json.dumps(told)) == told
