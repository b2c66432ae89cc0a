"""The `photogate` command: quick to list, one sentence when something is wrong."""

import json
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from cli.main import COMMANDS, program
from tests.guards.tree import ROOT


def photogate(*arguments, **environment):
    return subprocess.run(
        [sys.executable, "-m", "cli.main", *arguments],
        check=False,
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", **environment},
        capture_output=True,
        text=True,
    )


def test_the_list_names_every_command():
    listed = photogate("--help")
    assert listed.returncode == 0
    assert [name for name in COMMANDS if f" {name} " not in listed.stdout] == []


LIST_AND_TELL = """
import json, sys
from cli.main import main

sys.argv[1:] = ["--help"]
try:
    main()
finally:
    print(json.dumps(list(sys.modules)), file=sys.stderr)
"""


def test_listing_the_commands_loads_none_of_them():
    listed = subprocess.run([sys.executable, "-c", LIST_AND_TELL], check=True, cwd=ROOT, capture_output=True, text=True)
    loaded = set(json.loads(listed.stderr))
    assert "cli.main" in loaded
    assert loaded & {"celery", "sqlalchemy", "onnxruntime", "cv2", "fastapi", "minio"} == set()


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command):
    explained = CliRunner().invoke(program([command]), [command, "--help"])
    assert explained.exit_code == 0
    assert "Usage" in explained.stdout


@pytest.mark.parametrize(
    ("arguments", "environment", "sentence"),
    [
        (["worker"], {"PHOTOGATE_CLASSIFIER": "nobody"}, "There is no model called 'nobody' here"),
        (["check", "README.md"], {"PHOTOGATE_CLASSIFIER": "nobody"}, "There is no model called 'nobody' here"),
        (["relay"], {"PHOTOGATE_ISSUER_PROFILE": "nobody"}, "There is no issuer profile called 'nobody'"),
        (["relay"], {"PHOTOGATE_LEASE_S": "soon"}, "PHOTOGATE_LEASE_S"),
        (["migrate"], {"PHOTOGATE_OWNER_DATABASE_URL": "postgresql+psycopg2://x@127.0.0.1:1/x"}, "The database"),
    ],
)
def test_what_cannot_work_is_one_sentence_and_no_stack_trace(arguments, environment, sentence):
    failed = photogate(*arguments, **environment)
    assert failed.returncode == 1
    assert sentence in failed.stderr
    assert "Traceback" not in failed.stderr
    assert len(failed.stderr.strip().splitlines()) == 1


def test_an_unknown_queue_is_named_with_those_there_are():
    failed = photogate("worker", "--queues", "prepare,print")
    assert failed.returncode == 2
    assert "print" in failed.stderr
    assert "classify" in failed.stderr
