import hashlib
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from typer.testing import CliRunner

from cli.download import DownloadFailed, fetched
from cli.models import models
from models.artifacts import ArtifactError
from models.known import Pulled
from photogate.settings import get_settings
from tests.unit.models.artifact_made import write_artifact

CONTENT = bytes(range(256)) * 64
SHA256 = hashlib.sha256(CONTENT).hexdigest()


class Publisher(BaseHTTPRequestHandler):
    """Gives CONTENT, from where it is asked to; /cut gives half and hangs up, /whole knows no ranges."""

    asked: list[str | None]

    def do_GET(self) -> None:
        wanted = self.headers.get("Range")
        self.asked.append(wanted)
        if self.path == "/missing":
            self.send_error(404)
            return
        start = int(wanted[6:-1]) if wanted and self.path != "/whole" else 0
        if start >= len(CONTENT):
            self.send_error(416)
            return
        self.send_response(206 if start else 200)
        self.send_header("Content-Length", str(len(CONTENT) - start))
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(CONTENT) - 1}/{len(CONTENT)}")
        self.end_headers()
        end = len(CONTENT) // 2 if self.path == "/cut" and not start else len(CONTENT)
        self.wfile.write(CONTENT[start:end])

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def publisher() -> Iterator[str]:
    Publisher.asked = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Publisher)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Iterator[Path]:
    """The operator's folder, as the settings name it."""
    monkeypatch.setenv("PHOTOGATE_MODELS_FOLDER", str(tmp_path / "own"))
    get_settings.cache_clear()
    yield tmp_path / "own"
    get_settings.cache_clear()


def run(*arguments: str) -> tuple[int, str]:
    said = CliRunner().invoke(models, arguments)
    return said.exit_code, said.output


def test_a_file_comes_whole_and_under_its_own_name(publisher, tmp_path):
    fetched(f"{publisher}/weights", tmp_path / "here/weights.onnx", SHA256)
    assert (tmp_path / "here/weights.onnx").read_bytes() == CONTENT
    assert [path.name for path in (tmp_path / "here").iterdir()] == ["weights.onnx"]


def test_what_was_interrupted_goes_on_where_it_stopped(publisher, tmp_path):
    target = tmp_path / "weights.onnx"
    with pytest.raises(DownloadFailed, match="could not be fetched"):
        fetched(f"{publisher}/cut", target, SHA256)
    assert not target.exists()
    fetched(f"{publisher}/cut", target, SHA256)
    assert target.read_bytes() == CONTENT
    assert Publisher.asked == [None, f"bytes={len(CONTENT) // 2}-"]


def test_a_publisher_that_knows_no_ranges_is_asked_for_everything_again(publisher, tmp_path):
    target = tmp_path / "weights.onnx"
    (tmp_path / f"weights.onnx.{SHA256[:12]}.part").write_bytes(b"half of it")
    fetched(f"{publisher}/whole", target, SHA256)
    assert target.read_bytes() == CONTENT


def test_a_part_that_is_whole_already_only_wants_its_hash(publisher, tmp_path):
    (tmp_path / f"weights.onnx.{SHA256[:12]}.part").write_bytes(CONTENT)
    fetched(f"{publisher}/weights", tmp_path / "weights.onnx", SHA256)
    assert (tmp_path / "weights.onnx").read_bytes() == CONTENT


@pytest.mark.parametrize(
    ("where", "says"),
    [
        ("{publisher}/missing", "404"),
        ("http://127.0.0.1:9/nobody", "could not be fetched"),
        ("http://host:port/", "no address"),
        ("/no/such/file", "No such file"),
    ],
)
def test_what_cannot_be_fetched_is_one_sentence(publisher, tmp_path, where, says):
    with pytest.raises(DownloadFailed, match=says):
        fetched(where.format(publisher=publisher), tmp_path / "weights.onnx", SHA256)
    assert not (tmp_path / "weights.onnx").exists()


def test_a_file_with_another_hash_is_removed(publisher, folder):
    code, said = run("pull", "yunet", f"{publisher}/weights", "--sha256", "0" * 64)
    assert code == 2
    assert "not the one that was asked for; it is not kept" in said.replace("\n", " ")
    assert [path for path in folder.rglob("*") if path.is_file()] == []


def test_pulled_weights_are_there_and_verified_whenever_they_are_asked_for(folder, tmp_path):
    (tmp_path / "their.onnx").write_bytes(CONTENT)
    assert run("pull", "yunet", str(tmp_path / "their.onnx"), "--sha256", SHA256.upper())[0] == 0
    path = Pulled(folder).path("yunet")
    assert path.read_bytes() == CONTENT
    path.write_bytes(CONTENT[1:])
    with pytest.raises(ArtifactError, match="SHA-256"):
        Pulled(folder).path("yunet")
    code, said = run("verify")
    assert code == 1
    assert "SHA-256" in said


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("pull", "vgg", "x", "--sha256", SHA256), "Nothing called 'vgg'"),
        (("pull", "yunet", "x", "--sha256", "abc"), "64 hexadecimal digits"),
        (("promote", "student@0.0.1"), "no version 0.0.1"),
        (("promote", "nobody"), "no model called"),
    ],
)
def test_a_mistake_is_one_sentence_and_exit_code_2(folder, arguments, says):
    code, said = run(*arguments)
    assert (code, says in said.replace("\n", " ")) == (2, True)


def test_the_list_names_what_serves_and_what_can_be_pulled(folder):
    write_artifact(folder)
    code, said = run("list")
    assert code == 0
    for name in ("student@", "bright@1.0.0", "retinaface_resnet50"):
        assert name in said


def test_verifying_starts_what_comes_with_the_code_and_says_what_is_broken(folder):
    write_artifact(folder)
    code, said = run("verify")
    assert code == 0
    assert "bright@1.0.0: every file has the SHA-256" in said
    (folder / "bright/1.0.0/model.onnx").write_bytes(b"")
    assert run("verify", "bright")[0] == 1
    assert run("verify", "student")[0] == 0


def test_a_promoted_version_serves_from_then_on(folder):
    for version in ("1.0.0", "2.0.0"):
        write_artifact(folder, version=version)
    code, said = run("promote", "bright@1.0.0")
    assert code == 0
    assert "before: 2.0.0" in said
