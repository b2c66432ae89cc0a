"""Several processes train one network, as torchrun starts them."""

import csv
import hashlib
import json
import subprocess
import sys

import numpy as np

from models.drawings import draw
from tests.guards.tree import ROOT


def test_two_processes_train_one_network(tmp_path):
    rows = []
    for label, kind in (("real", "cartoon_face"), ("placeholder", "icon")):
        for number in range(10):
            file = tmp_path / f"{label}{number}.png"
            draw(kind, np.random.default_rng(number), 64).save(file)
            digest = hashlib.sha256(file.read_bytes()).hexdigest()
            row = {"file": file.name, "label": label, "source_repo": "mine", "sha256": digest, "yunet_box_xywh": ""}
            rows.append(row)
    with (tmp_path / "manifest.csv").open("w", newline="") as out:
        table = csv.DictWriter(out, rows[0])
        table.writeheader()
        table.writerows(rows)

    changes = ["network=student", "input_px=32", "epochs=2", "batch=4"]
    options = [part for change in changes for part in ("--set", change)]
    torchrun = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2"]
    train = ["-m", "cli.main", "train", "real_vs_placeholder", "--data", str(tmp_path), "--out", str(tmp_path / "run")]
    ran = subprocess.run(
        [*torchrun, *train, "--threads", "1", *options],
        check=False,
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.count("ended by all epochs") == 1
    metrics = json.loads((tmp_path / "run" / "metrics.json").read_text())
    assert [note["views"] for note in metrics["history"]] == [16, 16]
