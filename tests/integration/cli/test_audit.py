"""`photogate audit`: from the log to a folder, and what is said of it there."""

import json
from uuid import uuid4

import pytest
from sqlalchemy import select
from typer.testing import CliRunner

from cli.audit import audit
from photogate.audit import service
from photogate.audit.log import EVENTS
from photogate.audit.tables import EventKind
from photogate.audit.tree import leaf_hash
from photogate.errors import NotFound
from worker.sequencing import Sequencer


@pytest.fixture
def photogate(settings, monkeypatch):
    """Run `photogate audit …`; returns exit code and what was said."""
    monkeypatch.setattr("cli.audit.get_settings", lambda: settings)

    def run(*arguments):
        ended = CliRunner().invoke(audit, [str(argument) for argument in arguments])
        if ended.exception and not isinstance(ended.exception, SystemExit):
            raise ended.exception
        return ended.exit_code, ended.output.strip()

    return run


@pytest.fixture
def events(settings, database):
    """Three events of a signed log, by id."""
    with database.transaction() as session:
        for number in range(3):
            service.append(session, EventKind.SIGNED_IN, f"user:{number}")
    Sequencer(settings, database).turn()
    with database.transaction() as session:
        return list(session.scalars(select(EVENTS.c.id).order_by(EVENTS.c.id)))


@pytest.fixture
def public_key(settings):
    return f"{settings.checkpoint_key_file}.pub"


def test_an_export_is_verified_and_leaves_an_event(photogate, events, database, public_key, tmp_path):
    assert photogate("export", tmp_path / "log")[0] == 0
    code, said = photogate("verify", tmp_path / "log", "--key", public_key)
    assert code == 0
    assert "All 3 events are whole and in order" in said
    assert "it cannot prove that" in said
    with database.transaction() as session:
        asked = session.execute(select(EVENTS).where(EVENTS.c.kind == EventKind.LOG_EXPORTED)).one()
    assert (asked.actor, asked.details) == ("user:command-line", {"events": 3})


def test_a_changed_event_is_named_with_exit_code_1(photogate, events, tmp_path):
    photogate("export", tmp_path / "log")
    file = tmp_path / "log/events.ndjson"
    file.write_bytes(file.read_bytes().replace(b"user:1", b"user:9"))
    assert photogate("verify", tmp_path / "log") == (
        1,
        f"Event number 1 (id {events[1]}) was changed after it was signed.",
    )


def test_an_earlier_export_names_the_event_that_was_rewritten_with_its_hash(
    photogate, events, settings, database, tmp_path
):
    photogate("export", tmp_path / "earlier")
    with database.transaction() as session:
        service.append(session, EventKind.SIGNED_OUT, "user:1")
    Sequencer(settings, database).turn()
    photogate("export", tmp_path / "log")
    file, hashes = tmp_path / "log/events.ndjson", tmp_path / "log/hashes.bin"
    lines = file.read_bytes().replace(b"user:1", b"user:9", 1).splitlines()
    file.write_bytes(b"\n".join(lines) + b"\n")
    hashes.write_bytes(b"".join(map(leaf_hash, lines)))
    code, said = photogate("verify", tmp_path / "log")
    assert (code, "among the numbers 0 to 2; an export from before it tells which" in said) == (1, True)
    said = photogate("verify", tmp_path / "log", "--earlier", tmp_path / "earlier")
    assert said == (1, f"Event number 1 (id {events[1]}) was changed after it was signed.")
    accused = photogate("verify", tmp_path / "earlier", "--earlier", tmp_path / "log")
    assert accused == (2, f"{tmp_path / 'log'} does not hold by itself, so it shows nothing about another export.")


def test_a_checkpoint_kept_elsewhere_counts(photogate, events, settings, database, tmp_path):
    photogate("export", tmp_path / "log")
    (tmp_path / "kept.txt").write_text(photogate("checkpoint")[1])
    code, said = photogate("verify", tmp_path / "log", "--against", tmp_path / "kept.txt")
    assert (code, "3 of them by a checkpoint kept elsewhere" in said) == (0, True)
    with database.transaction() as session:
        service.append(session, EventKind.SIGNED_OUT, "user:1")
    Sequencer(settings, database).turn()
    (tmp_path / "later.txt").write_text(photogate("checkpoint")[1] + "\n")
    code, said = photogate("verify", tmp_path / "log", "--against", tmp_path / "later.txt")
    assert (code, said.partition(":")[0]) == (1, "The log was cut off or an old state was put back")


@pytest.mark.parametrize("broken", ["half a line", "no checkpoints", "another key", "no checkpoint elsewhere"])
def test_what_cannot_be_told_has_exit_code_2_and_one_sentence(photogate, events, tmp_path, broken):
    folder = tmp_path / "log"
    photogate("export", folder)
    photogate("new-key", "other.example", tmp_path / "other.key")
    (tmp_path / "empty.txt").write_bytes(b"\xff\n")
    options = {
        "another key": ["--key", tmp_path / "other.key.pub"],
        "no checkpoint elsewhere": ["--against", tmp_path / "empty.txt"],
    }
    if broken == "half a line":
        (folder / "events.ndjson").write_bytes((folder / "events.ndjson").read_bytes()[:-3])
    if broken == "no checkpoints":
        (folder / "checkpoints.txt").unlink()
    code, said = photogate("verify", folder, *options.get(broken, []))
    assert code == 2
    assert said.endswith(".")
    assert "Traceback" not in said


def test_one_event_is_proven_by_itself(photogate, events, public_key, tmp_path):
    (tmp_path / "proof.json").write_text(photogate("proof", events[1])[1])
    code, said = photogate("verify", tmp_path / "proof.json", "--key", public_key)
    assert (code, f"{events[1]}" in said, "number 1 of the 3" in said) == (0, True, True)


@pytest.mark.parametrize(
    ("changed", "code"),
    [({"event": "{}"}, 1), ({"sequence": 2}, 1), ({"hashes": []}, 1), ({"hashes": ["!"]}, 2), ({"checkpoint": ""}, 2)],
)
def test_a_proof_that_was_tampered_with_is_refused(photogate, events, public_key, tmp_path, changed, code):
    proof = json.loads(photogate("proof", events[1])[1])
    (tmp_path / "proof.json").write_text(json.dumps(proof | changed))
    ended, said = photogate("verify", tmp_path / "proof.json", "--key", public_key)
    assert ended == code
    assert said.endswith(".")


@pytest.mark.parametrize("written", [b"", b"[]", b"{}", b"\xff", b"[" * 100_000, b'{"event":1,"sequence":"x"}'])
def test_what_is_no_proof_is_refused_in_one_sentence(photogate, public_key, tmp_path, written):
    (tmp_path / "proof.json").write_bytes(written)
    code, said = photogate("verify", tmp_path / "proof.json", "--key", public_key)
    assert (code, said) == (2, "This is no proof as `photogate audit proof` writes it.")


def test_a_proof_is_not_verified_with_a_key_that_nobody_gave(photogate, events, tmp_path):
    (tmp_path / "proof.json").write_text(photogate("proof", events[0])[1])
    assert photogate("verify", tmp_path / "proof.json")[0] == 2


def test_a_later_log_is_shown_to_begin_with_an_earlier_one(photogate, events, settings, database, public_key, tmp_path):
    for name in ("old", "new"):
        (tmp_path / name).write_text(photogate("checkpoint")[1] + "\n")
        with database.transaction() as session:
            service.append(session, EventKind.SIGNED_OUT, "user:1")
        Sequencer(settings, database).turn()
    proof, kept = tmp_path / "proof.json", ["--against", tmp_path / "old", "--against", tmp_path / "new"]
    proof.write_text(photogate("consistency", 3, 4)[1])
    code, said = photogate("verify", proof, "--key", public_key, *kept)
    assert (code, "The log of 4 events begins with the 3" in said) == (0, True)
    proof.write_text(json.dumps(json.loads(proof.read_text()) | {"hashes": []}))
    assert photogate("verify", proof, "--key", public_key, *kept)[0] == 1
    assert photogate("verify", proof, "--key", public_key, *kept[:2])[0] == 2
    proof.write_text("[]")
    assert photogate("verify", proof, "--key", public_key, *kept)[0] == 2


def test_what_is_not_there_is_said(photogate, database):
    for arguments in (("checkpoint",), ("proof", uuid4()), ("export", "nowhere")):
        with pytest.raises(NotFound):
            photogate(*arguments)


def test_a_log_that_needs_no_rebase_is_left_alone(photogate, events):
    assert photogate("rebase") == (0, "Nothing had to be done.")
