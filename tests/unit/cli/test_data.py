"""`photogate data` as somebody types it."""

import hashlib
import json
import os
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner

from cli.main import program
from models.drawings import draw
from models.training.avatars import packages as registry
from models.training.avatars.gather import opened
from models.training.manifest import Row, read_manifest, write_manifest

EMOJI = [
    {"unified": "1F9D1", "category": "People & Body", "subcategory": "person", "skin_variations": {}},
    {"unified": "1F431", "category": "Animals & Nature", "subcategory": "animal-mammal"},
    {"unified": "1F600", "category": "Smileys & Emotion", "subcategory": "face-smiling"},
    {"unified": "1F6D1", "category": "Travel & Places", "subcategory": "transport-ground"},
]


def run(*arguments):
    typed = ["data", *map(str, arguments)]
    return CliRunner().invoke(program(typed), typed)


@pytest.fixture
def data(tmp_path):
    """Three drawings of a source that tests, with their table."""
    folder, rows = tmp_path / "data", []
    folder.mkdir()
    for seed in range(3):
        file = folder / f"{seed}.png"
        draw("cartoon_face", np.random.default_rng(seed), 120).save(file)
        digest = hashlib.sha256(file.read_bytes()).hexdigest()
        rows.append(Row(file.name, "placeholder", "alohe/avatars", "MIT", digest))
    write_manifest(folder, rows)
    return folder


def test_a_faultless_folder_is_told_so_with_its_splits(data):
    done = run("check", "--data", data)
    assert (done.exit_code, done.stdout) == (0, "3 pictures are in order: 0 train, 0 calibration, 3 test.\n")


def test_a_changed_picture_is_named_and_the_exit_code_says_so(data):
    first = read_manifest(data)[0].file
    with (data / first).open("ab") as picture:
        picture.write(b"more")
    done = run("check", "--data", data)
    assert done.exit_code == 1
    assert f"{first}: does not have the SHA-256 that the table gives." in done.stderr


@pytest.mark.parametrize("content", [None, "", "a,b\n1,2\n", "file,label,source_repo,licence,sha256\n"])
def test_no_table_or_a_broken_one_is_one_sentence(tmp_path, content):
    if content is not None:
        (tmp_path / "manifest.csv").write_text(content)
    done = run("check", "--data", tmp_path)
    assert done.exit_code == 2
    assert done.stderr.count("\n") == 1
    assert done.stderr.endswith(".\n")


def test_avatars_never_mix_with_what_is_there(data):
    done = run("avatars", "--out", data)
    assert done.exit_code == 2
    assert "is not an empty folder." in done.stderr


@pytest.fixture
def programs(tmp_path, monkeypatch):
    """Stand-ins for npm and node, found on the PATH: the registry is somebody else's."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}/usr/bin:/bin")

    def put(name, script):
        (folder / name).write_text(f"#!/bin/sh\n{script}\n")
        (folder / name).chmod(0o755)

    return put


def test_without_npm_the_sentence_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda _: None)
    done = run("avatars", "--out", tmp_path / "out")
    assert (done.exit_code, done.stderr) == (2, "Npm is needed to fetch and draw avatars and is not installed.\n")


def test_what_npm_complains_about_is_passed_on(tmp_path, programs):
    programs("npm", "echo 'npm error code E404' >&2; exit 1")
    done = run("avatars", "--out", tmp_path / "out", "--work", tmp_path / "work")
    assert (done.exit_code, done.stderr) == (2, "Npm failed: npm error code E404.\n")


def test_pictures_are_gathered_with_their_table(tmp_path, programs, monkeypatch):
    emoji = registry.Emoji("emoji-kit", "1.0.0", "MIT", "img/*.png", people=1, faces=1, animals=1, things=0)
    drawn = registry.Drawn("draws", "2.0.0", "MIT", each=2)
    monkeypatch.setattr(registry, "packages", lambda: registry.Packages((), "emoji-kit", (emoji,), (drawn,)))
    kit = tmp_path / "work/node_modules/emoji-kit"
    (kit / "img").mkdir(parents=True)
    (kit / "emoji.json").write_text(json.dumps(EMOJI))
    for entry in EMOJI:
        Image.new("RGBA", (64, 64), (200, 40, 90, 128)).save(kit / "img" / f"{entry['unified'].lower()}.png")
    programs("npm", "exit 0")
    square = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><rect width="5" height="5" fill="red"/></svg>'
    programs("node", f"mkdir -p $4/style; for n in 1 2; do echo '{square}' > $4/style/$n.svg; done")

    out = tmp_path / "out"
    done = run("avatars", "--out", out, "--work", tmp_path / "work")

    assert (done.exit_code, done.stderr.strip()) == (0, "")
    assert done.stdout == f"5 pictures of 2 styles are in {out}.\n"
    rows = read_manifest(out)
    assert {row.source_repo for row in rows} == {"npm:emoji-kit/emoji-kit", "npm:draws/style"}
    assert {row.label for row in rows} == {"placeholder"}
    for row in rows:
        with Image.open(out / row.file) as picture:
            assert picture.mode == "RGB"
            assert min(picture.size) >= 96


def test_the_letters_of_initials_are_drawn_whatever_fonts_a_machine_has(tmp_path):
    initials = tmp_path / "initials.svg"
    initials.write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><rect width="9" height="9" fill="red"/>'
        '<text x="1" y="7" font-family="Nowhere, sans-serif" font-size="6" fill="white">AB</text></svg>'
    )
    assert len(opened(initials).convert("RGB").getcolors()) > 2


def test_the_list_of_packages_pins_versions_and_names_licences():
    listed = registry.packages()
    assert all(package.version and package.licence for package in listed.all)
    assert not any("twitter" in name or "twemoji" in name for name in listed.specifications)
    script = (Path(registry.__file__).with_name("draw.mjs")).read_text()
    assert all(f"'{package.package}'" in script or f"{package.package}:" in script for package in listed.drawn)


def test_a_table_from_elsewhere_may_have_more_columns(data):
    table = data / "manifest.csv"
    lines = table.read_text().splitlines()
    table.write_text("\n".join(f"{line},so" for line in lines))
    assert len(read_manifest(data)) == len(lines) - 1
