import csv
import hashlib
import json
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch

from models.artifacts import load_artifact
from models.drawings import draw
from models.networks.student import INPUT_PX, Student
from models.training import export as exporting
from models.training.evaluate import PolicyErrors, held_out
from models.training.export import data_digest, export
from models.training.onnx_graph import onnx_of
from models.training.pictures import Invented, gather
from models.training.splits import Split, examples
from models.training.train import Recipe, Views, train

TINY = Recipe(epochs=2, views_per_epoch=16, batch=8, drawings=6, renders=2)
SOURCES = {
    "real": ("train/faces", "18F/18f.gsa.gov", "nysenate/OpenLegislation"),
    "placeholder": ("zoo/icons", "SimpleMachines/SMF", "alohe/avatars"),
}


@pytest.fixture
def data(tmp_path) -> Path:
    """A data folder of drawn pictures with a source for every split; what is called real only says so."""
    folder = tmp_path / "data"
    rows = []
    for label, sources in SOURCES.items():
        (folder / label).mkdir(parents=True)
        for source in sources:
            for number in range(4):
                file = f"{label}/{source.replace('/', '_')}_{number}.png"
                kind = "cartoon_face" if label == "real" else "icon"
                draw(kind, np.random.default_rng((number, len(rows))), 120).save(folder / file)
                digest = hashlib.sha256((folder / file).read_bytes()).hexdigest()
                rows.append(
                    {"file": file, "label": label, "source_repo": source, "sha256": digest, "yunet_box_xywh": ""}
                )
    with (folder / "manifest.csv").open("w", newline="") as out:
        table = csv.DictWriter(out, rows[0])
        table.writeheader()
        table.writerows(rows)
    return folder


def silent(some: Iterable, _total: int) -> Iterable:
    return some


def test_a_run_trains_logs_every_epoch_and_goes_on_where_it_stopped(data, tmp_path):
    out = tmp_path / "run"
    weights = train(data, out, TINY)
    log = [json.loads(line) for line in (out / "log.jsonl").read_text().splitlines()]
    assert [note["epoch"] for note in log] == [1, 2]
    Student().load_state_dict(torch.load(weights, weights_only=True))
    before = weights.read_bytes()
    train(data, out, TINY)
    assert len((out / "log.jsonl").read_text().splitlines()) == 2
    assert weights.read_bytes() == before


def test_the_onnx_graph_gives_the_folded_networks_logits_for_any_batch():
    torch.manual_seed(3)
    folded = Student().eval().folded()
    session = onnxruntime.InferenceSession(onnx_of(folded), providers=["CPUExecutionProvider"])
    for size in (1, 5):
        pictures = torch.randn(size, 3, INPUT_PX, INPUT_PX)
        with torch.inference_mode():
            wanted = folded(pictures).numpy()
        (logits,) = session.run(None, {"pictures": pictures.numpy()})
        assert logits.shape == (size,)
        assert logits == pytest.approx(wanted, abs=1e-4)


def test_the_same_weights_export_to_the_same_bytes():
    torch.manual_seed(3)
    folded = Student().eval().folded()
    assert onnx_of(folded) == onnx_of(folded)


def test_an_export_is_an_artifact_that_loads_and_can_be_measured(data, tmp_path, monkeypatch):
    monkeypatch.setattr(exporting, "WEIGHTS", tmp_path / "weights")
    torch.save(Student().state_dict(), tmp_path / "student.pt")
    directory = export(tmp_path / "student.pt", data, "9.9.9")
    manifest = load_artifact(directory).manifest
    assert directory == tmp_path / "weights/student/9.9.9"
    assert manifest.data_digest == data_digest(data)
    exporting.add_test_metrics(directory, data)
    assert set(load_artifact(directory).manifest.metrics) == {"calibration", "test"}


def test_held_out_sources_are_measured_each_and_together(data):
    measured = held_out(data, split=Split.TEST, watch=silent)
    assert measured.under_policy(approve_at=0, refuse_at=-1).bpcer == 0
    assert measured.under_policy(approve_at=2, refuse_at=1) == PolicyErrors(bpcer=1, apcer=0, real_to_people=0)
    assert {(source.label, source.source, source.pictures) for source in measured.per_source} == {
        ("real", "nysenate/OpenLegislation", 4),
        ("placeholder", "alohe/avatars", 4),
    }
    assert measured.bpcer == 1.0  # drawings that only say they are real
    assert measured.apcer == 0.0
    assert measured.worst_source.startswith("real/")
    assert len(measured.missed) == 4


def test_half_of_what_is_seen_is_real_however_few_real_pictures_there_are(data, tmp_path):
    pictures = gather(tmp_path / "few.bin", examples(data, Split.TRAIN)[:5], data, Invented(30, 10, 1), silent)
    views = Views(pictures, Recipe(views_per_epoch=600, batch=100), epoch=1)
    chosen = [pictures.entries[index].label for batch in views.indices for index in batch]
    assert len(views) == 6
    assert 0.5 < chosen.count("real") / len(chosen) < 0.7  # nothing here is other_no_face: its share goes to the rest
    assert chosen.count("renders") > 20
