"""Whatever is shown to the decision record that should not be: a typed refusal in one sentence, never a stack trace."""

import base64
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from cli.main import main
from photogate.access.tables import Scope
from photogate.applicants.sealing import DataKey, SealBroken
from photogate.audit.exports import CHECKPOINTS_FILE, EVENTS_FILE, HASHES_FILE, KEY_FILE
from photogate.audit.notes import Kind, PrivateKey
from photogate.audit.tree import inclusion_proof, leaf_hash, root
from photogate.releases.keys import key_set
from photogate.releases.token import Signer
from printing.__main__ import main as printer
from tests.integration.api.exchange import refusal
from tests.unit.photogate.audit import made
from tests.unit.printing import issuer

DOES_NOT_HOLD, CANNOT_BE_TOLD = 1, 2
EVENTS = [made.event(number) for number in range(12)]
STRANGER = PrivateKey("log.example", Kind.LOG, bytes([7]) * 32)
DEEPER_THAN_ANY_PARSER = "[" * 100_000


@pytest.fixture
def photogate(monkeypatch, capsys):
    """The command line as it is typed: exit code, and what was said on standard error."""

    def typed(*arguments: object) -> tuple[int, str]:
        monkeypatch.setattr("sys.argv", ["photogate", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        return ended.value.code, capsys.readouterr().err.strip()

    return typed


def is_a_sentence(said: str) -> bool:
    return said.endswith(".") and "\n" not in said and "Traceback" not in said and len(said) < 500


def proof(**changed: object) -> dict[str, object]:
    """The proof that event 5 of 12 is in the log, as it travels, with members changed."""
    hashes = [leaf_hash(event) for event in EVENTS]
    path = inclusion_proof(5, 12, lambda start, end: root(hashes[start:end]))
    whole = {
        "event": EVENTS[5].decode(),
        "sequence": 5,
        "hashes": [base64.b64encode(hashed).decode() for hashed in path],
        "checkpoint": made.signed(EVENTS),
    }
    return {**whole, **changed}


MALFORMED_PROOFS = {
    "nothing": "",
    "no JSON": "proof",
    "bytes that are no text": b"\xff\xfe\x00",
    "a list": "[]",
    "a number": "7",
    "deeper than any parser": DEEPER_THAN_ANY_PARSER,
    "cut in the middle": json.dumps(proof())[:200],
    "without hashes": {name: part for name, part in proof().items() if name != "hashes"},
    "hashes that are a word": proof(hashes="word"),
    "hashes that are no base64": proof(hashes=["%%%"]),
    "hashes that are numbers": proof(hashes=[1, 2, 3]),
    "a place that is a word": proof(sequence="five"),
    "a place beyond all numbers": json.dumps(proof()).replace('"sequence": 5', '"sequence": 1e999'),
    "a place that is no number": json.dumps(proof()).replace('"sequence": 5', '"sequence": NaN'),
    "a checkpoint that is none": proof(checkpoint="checkpoint"),
    "a checkpoint without a signature": proof(checkpoint=made.signed(EVENTS).partition("\n\n")[0] + "\n\n"),
    "an event of half a letter": proof(event="\ud800"),
    "a checkpoint of half a letter": proof(checkpoint="\ud800" + made.signed(EVENTS)),
    "a checkpoint of another log": proof(checkpoint=made.signed(EVENTS, STRANGER)),
    "a checkpoint of unknown size": proof(checkpoint=made.signed(EVENTS).replace("\n12\n", "\n-1\n")),
}


@pytest.mark.parametrize("written", MALFORMED_PROOFS.values(), ids=MALFORMED_PROOFS.keys())
def test_a_malformed_proof_cannot_be_told_about(photogate, tmp_path, written):
    code, said = shown(photogate, tmp_path, written)
    assert (code, is_a_sentence(said)) == (CANNOT_BE_TOLD, True), said


FALSE_PROOFS = {
    "another event": proof(event=EVENTS[6].decode()),
    "a changed event": proof(event=EVENTS[5].decode().replace("user:", "USER:")),
    "another place": proof(sequence=6),
    "a place before the first": proof(sequence=-1),
    "a place after the last": proof(sequence=12),
    "a place beyond any log": proof(sequence=10**30),
    "no hashes": proof(hashes=[]),
    "too many hashes": proof(hashes=[*proof()["hashes"], base64.b64encode(bytes(32)).decode()]),
    "hashes of one byte": proof(hashes=["AA=="] * 4),
    "a checkpoint of fewer events": proof(checkpoint=made.signed(EVENTS[:6])),
}


@pytest.mark.parametrize("written", FALSE_PROOFS.values(), ids=FALSE_PROOFS.keys())
def test_a_false_proof_does_not_hold(photogate, tmp_path, written):
    code, said = shown(photogate, tmp_path, written)
    assert (code, is_a_sentence(said)) == (DOES_NOT_HOLD, True), said


def shown(photogate, folder: Path, written: object) -> tuple[int, str]:
    """What `photogate audit verify` says of a proof."""
    content = written if isinstance(written, bytes | str) else json.dumps(written)
    (folder / "proof").write_bytes(content if isinstance(content, bytes) else content.encode())
    (folder / "log.pub").write_text(f"{made.KEY.public}\n")
    return photogate("audit", "verify", folder / "proof", "--key", folder / "log.pub")


@pytest.fixture
def export(tmp_path):
    """A whole export of 12 events, signed after 5 and after all."""
    made.write(tmp_path / "export", EVENTS, [5, 12])
    return tmp_path / "export"


def cut(file: Path, size: int) -> None:
    file.write_bytes(file.read_bytes()[:size])


HALF_WRITTEN = {
    "nothing in it": lambda folder: [file.unlink() for file in folder.iterdir()],
    "no events": lambda folder: (folder / EVENTS_FILE).unlink(),
    "no checkpoints": lambda folder: (folder / CHECKPOINTS_FILE).unlink(),
    "no key": lambda folder: (folder / KEY_FILE).unlink(),
    "checkpoints not begun": lambda folder: cut(folder / CHECKPOINTS_FILE, 0),
    "a checkpoint cut in its text": lambda folder: cut(folder / CHECKPOINTS_FILE, 20),
    "a checkpoint cut in its signature": lambda folder: cut(folder / CHECKPOINTS_FILE, -20),
    "half a hash": lambda folder: cut(folder / HASHES_FILE, -5),
    "half an event": lambda folder: cut(folder / EVENTS_FILE, -5),
    "half a key": lambda folder: cut(folder / KEY_FILE, 30),
    "a key and half a key": lambda folder: (folder / KEY_FILE).write_text(f"{made.KEY.public}\n{STRANGER.public}"[:-9]),
    "checkpoints that are no text": lambda folder: (folder / CHECKPOINTS_FILE).write_bytes(b"\xff\xfe\x00\n\n\n"),
    "checkpoints of another log": lambda folder: (folder / CHECKPOINTS_FILE).write_text(made.signed(EVENTS, STRANGER)),
    "a folder for a file": lambda folder: ((folder / EVENTS_FILE).unlink(), (folder / EVENTS_FILE).mkdir()),
    "a size beyond any log": lambda folder: (folder / CHECKPOINTS_FILE).write_text(
        made.signed(EVENTS).replace("\n12\n", "\n99999999999999999999\n")
    ),
    "checkpoints in disorder": lambda folder: (folder / CHECKPOINTS_FILE).write_text(
        f"{made.signed(EVENTS)}\n{made.signed(EVENTS[:5])}\n"
    ),
}


@pytest.mark.parametrize("damage", HALF_WRITTEN.values(), ids=HALF_WRITTEN.keys())
def test_a_half_written_export_cannot_be_told_about(photogate, export, damage):
    damage(export)
    code, said = photogate("audit", "verify", export)
    assert (code, is_a_sentence(said)) == (CANNOT_BE_TOLD, True), said


INCOMPLETE = {
    "no events any more": lambda folder: cut(folder / EVENTS_FILE, 0),
    "an event less": lambda folder: made.put(folder, EVENTS[:-1]),
    "an event more": lambda folder: made.put(folder, [*EVENTS, made.event(99)]),
    "an empty line": lambda folder: made.put(folder, [*EVENTS[:3], b"", *EVENTS[3:]]),
    "bytes that are no event": lambda folder: made.put(folder, [*EVENTS[:3], b"\xff\x00", *EVENTS[4:]]),
    "an event deeper than any parser": lambda folder: made.put(folder, [DEEPER_THAN_ANY_PARSER.encode(), *EVENTS[1:]]),
    "a hash less": lambda folder: cut(folder / HASHES_FILE, 11 * 32),
    "line ends of another system": lambda folder: made.put(folder, [event + b"\r" for event in EVENTS]),
}


@pytest.mark.parametrize("damage", INCOMPLETE.values(), ids=INCOMPLETE.keys())
def test_an_incomplete_export_does_not_hold(photogate, export, damage):
    damage(export)
    code, said = photogate("audit", "verify", export)
    assert (code, is_a_sentence(said)) == (DOES_NOT_HOLD, True), said


FOREIGN_KEYS = {
    "another log's": f"{STRANGER.public}\n",
    "a witness's": f"{PrivateKey('log.example', Kind.WITNESS, bytes(32)).public}\n",
    "of an unknown kind": "log.example+00000000+" + base64.b64encode(bytes([9]) + bytes(32)).decode(),
    "of a future length": "log.example+00000000+" + base64.b64encode(bytes([1]) + bytes(57)).decode(),
    "a private one": "PRIVATE+KEY+log.example+00000000+" + base64.b64encode(bytes([1]) + bytes(32)).decode(),
    "with another's id": str(made.KEY.public).replace("+", "+0", 1),
    "empty": "",
    "no text": "\ud800",
}


@pytest.mark.parametrize("key", FOREIGN_KEYS.values(), ids=FOREIGN_KEYS.keys())
def test_a_foreign_key_proves_nothing(photogate, export, tmp_path, key):
    (tmp_path / "key").write_bytes(key.encode(errors="surrogatepass"))
    code, said = photogate("audit", "verify", export, "--key", tmp_path / "key")
    assert (code, is_a_sentence(said)) == (CANNOT_BE_TOLD, True), said


@pytest.mark.parametrize("kept", [made.signed(EVENTS, STRANGER), "", "\n\n\n", "checkpoint", "\ud800", "x" * 200_000])
def test_a_foreign_checkpoint_proves_nothing(photogate, export, tmp_path, kept):
    (tmp_path / "kept").write_bytes(kept.encode(errors="surrogatepass"))
    code, said = photogate("audit", "verify", export, "--against", tmp_path / "kept")
    assert (code, is_a_sentence(said)) == (CANNOT_BE_TOLD, True), said


NOW = datetime.now(UTC)
LATER = {"issued_at": NOW + timedelta(days=1), "expires_at": NOW + timedelta(days=2)}
EARLIER = {"issued_at": NOW - timedelta(hours=2), "expires_at": NOW - timedelta(seconds=1)}
IN_TIME = {"issued_at": NOW, "expires_at": NOW + timedelta(days=1)}


def unknown(**changed: object) -> str:
    return issuer.rewritten(issuer.token(**IN_TIME), **changed)


BAD_TOKENS = {
    "of a foreign issuer": Signer(Ed25519PrivateKey.generate()).sign(issuer.claims(**IN_TIME)),
    "for the printer of somebody else": unknown(body={"aud": "another-printer"}),
    "of a clock that is ahead": issuer.token(**LATER),
    "of a clock that is behind": issuer.token(**EARLIER),
    "of the next version": unknown(body={"version": 2}),
    "without a version": unknown(body={"version": None}),
    "of another kind": unknown(header={"typ": "photogate-release+v9"}),
    "signed by nobody": unknown(header={"alg": "none"}),
    "of four parts": issuer.token(**IN_TIME) + ".AA",
    "cut in the middle": issuer.token(**IN_TIME)[:-30],
    "that is an API key": "pg_0123456789ab_" + "x" * 43,
    "that is a checkpoint": made.signed(EVENTS).replace("\n", " "),
}


@pytest.mark.parametrize("token", BAD_TOKENS.values(), ids=BAD_TOKENS.keys())
def test_a_token_that_the_printer_must_not_take(tmp_path, capsys, token):
    for name, content in {"photo": issuer.PHOTO, "token": token.encode()}.items():
        (tmp_path / name).write_bytes(content)
    (tmp_path / "keys").write_text(key_set([issuer.KEY.public_key()]))
    arguments = ["verify", f"@{tmp_path / 'token'}", tmp_path / "photo", "--keys", tmp_path / "keys", "--look-only"]
    code = printer([str(argument) for argument in arguments])
    assert (code, is_a_sentence(said := capsys.readouterr().err.strip())) == (1, True), said


QUESTIONS = (
    "/v1/audit/checkpoint",
    f"/v1/audit/events/{uuid4()}/proof",
    "/v1/audit/consistency?from=1&to=1",
    "/v1/decisions",
)
FOREIGN_KEYS_TO_THE_DOOR = {
    "a release": issuer.token(**IN_TIME),
    "a key that was never made": "pg_0123456789ab_" + "x" * 43,
    "a word": "auditor",
    "a key of another length": "pg_0123456789ab_x",
}


@pytest.mark.parametrize("token", FOREIGN_KEYS_TO_THE_DOOR.values(), ids=FOREIGN_KEYS_TO_THE_DOOR.keys())
def test_a_foreign_token_opens_no_audit(address, token):
    with httpx.Client(base_url=address, headers={"Authorization": f"Bearer {token}"}) as stranger:
        assert {refusal(stranger.get(question)) for question in QUESTIONS} == {(401, "UNAUTHENTICATED")}


def test_an_integrator_is_no_auditor(api):
    assert {refusal(api.get(question)) for question in QUESTIONS} == {(403, "FORBIDDEN")}


@pytest.mark.parametrize(
    "question",
    [
        "/v1/decisions?cursor=tomorrow",
        "/v1/decisions?cursor=" + "A" * 60,
        "/v1/decisions?cursor=%00",
        "/v1/decisions?from=yesterday",
        "/v1/decisions?outcome=perhaps",
        "/v1/decisions?reason=REASON_OF_TOMORROW",
        "/v1/decisions?actor=root",
        "/v1/decisions?photo_sha256=abc",
        "/v1/decisions?model=%00",
        "/v1/decisions?limit=0",
        "/v1/decisions?format=parquet",
        "/v1/decisions?photo=abc",
        "/v1/audit/events/tuesday/proof",
        "/v1/audit/consistency?from=5&to=3",
        "/v1/audit/consistency?from=1",
        "/v1/audit/checkpoint?size=1e3",
    ],
)
def test_a_question_that_makes_no_sense_is_refused(connect, question):
    assert refusal(connect(Scope.AUDIT_READ).get(question))[0] == 422


def test_what_was_sealed_by_a_later_version_is_not_opened():
    key = DataKey.new()
    sealed = key.seal(b"a portrait", "objects/crop")
    for other in (b"\x02" + sealed[1:], sealed[:-1], sealed[:5], b"", b"\x01" * 60):
        with pytest.raises(SealBroken, match=r"\.$"):
            key.open(other, "objects/crop")
