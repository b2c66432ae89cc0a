"""`photogate models measure`: labelled photos as the live model and another one see them, for the gate of fairness."""

import shutil

import pytest
from sqlalchemy import select
from typer.testing import CliRunner

from cli.measuring import read_labels
from cli.models import models
from photogate.access.tables import Role
from photogate.audit.tables import Event, EventKind
from photogate.errors import Conflict, NotFound, Unprocessable
from photogate.fairness.labelled import digest_of
from photogate.fairness.tables import LabelledMeasurement
from photogate.screening.risk import Truth
from tests.factories import jpeg, user
from tests.guards.tree import ROOT
from tests.integration.photogate.promoted import STUDENT, adopted
from tests.unit.models.artifact_made import write_artifact

LABELS = "file,label,sex,age_band\ncollins.jpg,real,male,30 to 59\ngrey.jpg,placeholder,,\n"


@pytest.fixture
def labels(database, settings, monkeypatch, tmp_path):
    write_artifact(tmp_path / "own", version="1.0.0")
    here = settings.model_copy(update={"models_folder": tmp_path / "own"})
    for module in ("cli.rules", "cli.model_rules"):
        monkeypatch.setattr(f"{module}.get_settings", lambda: here)
    user(database, Role.ADMIN, "ann@example.org")
    shutil.copy(ROOT / "samples/portrait_collins.jpg", tmp_path / "collins.jpg")
    (tmp_path / "grey.jpg").write_bytes(jpeg())
    written = tmp_path / "faces.csv"
    written.write_text(LABELS)
    return written


def measure(labels, *more):
    asked = ["measure", str(labels), "--by", "ann@example.org", *more]
    return CliRunner().invoke(models, asked, catch_exceptions=False)


def test_photos_are_measured_by_what_decides_and_by_another_model(database, labels):
    adopted(database)
    done = measure(labels, "--model", "bright@1.0.0")
    assert done.exit_code == 0, done.output
    assert "2 photos of faces.csv, SHA-256 " in done.output
    with database.transaction() as session:
        now, then = session.scalars(select(LabelledMeasurement).order_by(LabelledMeasurement.created_at)).all()
        told = session.scalars(select(Event).where(Event.kind == EventKind.PHOTOS_MEASURED).order_by(Event.id)).all()
    assert [one.details["measured"] for one in told] == [digest_of(now), digest_of(then)]
    assert (now.model, then.model) == (STUDENT.reference, "bright@1.0.0")
    assert now.sha256 == then.sha256
    portrait, grey = now.photos
    assert (portrait["shows"], portrait["groups"]) == ("real", {"sex": "male", "age_band": "30 to 59"})
    assert (grey["shows"], grey["groups"], grey["found"]["faces"]) == ("placeholder", {}, [])
    assert portrait["found"]["p_real"] > 0.9
    assert portrait["found"]["p_real"] != then.photos[0]["found"]["p_real"]


def test_nothing_is_measured_before_anything_decides(labels):
    with pytest.raises(Conflict, match="Nothing decides yet"):
        measure(labels)


@pytest.mark.parametrize(
    ("written", "refusal", "sentence"),
    [
        ("file,sex\n", Unprocessable, "must begin with a line that names file, label, and a group or more"),
        ("file,label\n", Unprocessable, "must begin with a line that names file, label, and a group or more"),
        (
            "file,label,sex\ncollins.jpg,face,male\n",
            Unprocessable,
            "is labelled 'face'; a photo is placeholder or real",
        ),
        ("file,label,sex\nnowhere.jpg,real,male\n", NotFound, "There is no file"),
        ("file,label,sex\ncollins.jpg,real\n", Unprocessable, "has fewer or more columns than the first line"),
        ("file,label,sex\ncollins.jpg,real,male,old\n", Unprocessable, "has fewer or more columns"),
    ],
)
def test_labels_that_cannot_be_meant_are_refused_in_one_sentence(labels, written, refusal, sentence):
    labels.write_text(written)
    with pytest.raises(refusal, match=sentence) as refused:
        read_labels(labels)
    assert refused.value.detail.endswith(".")


def test_what_is_no_table_or_nowhere_is_refused(labels, tmp_path):
    with pytest.raises(NotFound):
        read_labels(tmp_path / "nowhere.csv")
    labels.write_bytes(jpeg())
    with pytest.raises(Unprocessable, match="no table of words"):
        read_labels(labels)


def test_a_line_says_what_a_photo_shows_and_of_whom(labels, tmp_path):
    portrait, grey = read_labels(labels)
    assert (portrait.path, portrait.shows) == (tmp_path / "collins.jpg", Truth.REAL)
    assert grey.groups == {}
