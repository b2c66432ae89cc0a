"""Checkpoints and proofs over HTTP."""

from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from photogate.access.tables import Scope
from photogate.audit import service as audit
from photogate.audit.log import EVENTS
from photogate.audit.notes import Kind, PrivateKey, new_key
from photogate.audit.proofs import ConsistencyProof, InclusionProof, ProofRefused
from photogate.audit.statement import Statement
from photogate.audit.tables import EventKind
from tests.integration.api.exchange import refusal
from worker.sequencing import Sequencer


@pytest.fixture
def settings(settings, tmp_path):
    """With a witness that the log knows."""
    new_key(tmp_path / "witness.key", "witness.example", Kind.WITNESS)
    return settings.model_copy(update={"witness_keys": str(tmp_path / "witness.key.pub")})


@pytest.fixture
def witness(settings, tmp_path):
    return PrivateKey.load(tmp_path / "witness.key")


@pytest.fixture
def key(settings):
    return PrivateKey.load(settings.checkpoint_key_file).public


@pytest.fixture
def auditor(connect):
    return connect(Scope.AUDIT_READ, client="court")


@pytest.fixture
def keep_log(settings, database):
    """Write some events, have them logged and signed; returns the ids of all."""

    def kept(count: int) -> list[UUID]:
        with database.transaction() as session:
            for number in range(count):
                audit.append(session, EventKind.SIGNED_IN, f"user:{number}")
        Sequencer(settings, database).turn()
        with database.transaction() as session:
            return list(session.scalars(select(EVENTS.c.id)))

    return kept


def signed(auditor, key):
    return Statement.signed(auditor.get("/v1/audit/checkpoint").text, key)


def test_every_event_is_proven_to_be_in_the_log(auditor, keep_log, key):
    for event in keep_log(5):
        answer = auditor.get(f"/v1/audit/events/{event}/proof")
        proof = InclusionProof.read(answer.content)
        assert proof.verify(key).size >= 5
        assert str(event) in proof.event


def test_a_proof_of_another_event_does_not_hold(auditor, keep_log, key):
    view = auditor.get(f"/v1/audit/events/{keep_log(5)[0]}/proof").json()
    changed = InclusionProof(view["event"] + " ", view["sequence"], (), view["checkpoint"])
    with pytest.raises(ProofRefused):
        changed.verify(key)


def test_asking_for_a_proof_is_an_event(auditor, keep_log, database):
    event = keep_log(1)[0]
    auditor.get(f"/v1/audit/events/{event}/proof")
    with database.transaction() as session:
        asked = session.execute(select(EVENTS).where(EVENTS.c.kind == EventKind.PROOF_ASKED)).one()
    assert (asked.actor, asked.details) == ("client:court", {"event": str(event)})


def test_an_event_that_is_not_signed_yet_says_so(auditor, database):
    with database.transaction() as session:
        audit.append(session, EventKind.SIGNED_IN, "user:1")
        event = session.scalars(select(EVENTS.c.id).where(EVENTS.c.actor == "user:1")).one()
    assert refusal(auditor.get(f"/v1/audit/events/{event}/proof")) == (409, "NOT_YET_SIGNED")


def test_what_is_not_there_is_not_found(auditor, keep_log):
    assert refusal(auditor.get("/v1/audit/checkpoint")) == (404, "NOT_FOUND")
    assert refusal(auditor.get(f"/v1/audit/events/{uuid4()}/proof")) == (404, "NOT_FOUND")
    keep_log(2)
    assert refusal(auditor.get("/v1/audit/checkpoint?size=1")) == (404, "NOT_FOUND")


def test_a_later_log_is_proven_to_begin_with_an_earlier_one(auditor, keep_log, key):
    keep_log(3)
    old = signed(auditor, key)
    keep_log(300)
    new = signed(auditor, key)
    answer = auditor.get("/v1/audit/consistency", params={"from": old.size, "to": new.size})
    proof = ConsistencyProof.read(answer.content)
    proof.verify(old, new)
    with pytest.raises(ProofRefused, match="history was rewritten"):
        proof.verify(Statement(old.origin, old.size, bytes(32)), new)
    with pytest.raises(ProofRefused, match="not for these checkpoints"):
        proof.verify(new, old)
    assert auditor.get(f"/v1/audit/checkpoint?size={old.size}").text.startswith(str(old))


@pytest.mark.parametrize("sizes", [(0, 1), (2, 1), (1, 10**9), (-1, 1), (1, 2**63), ("x", 1)])
def test_sizes_that_cannot_be_compared_are_refused(auditor, keep_log, sizes):
    keep_log(2)
    answer = auditor.get("/v1/audit/consistency", params=dict(zip(("from", "to"), sizes, strict=True)))
    assert refusal(answer)[0] == 422


def test_a_witness_that_is_known_signs_beside_the_log(auditor, keep_log, key, witness):
    keep_log(2)
    note = auditor.get("/v1/audit/checkpoint").text
    line = witness.sign(str(Statement.signed(note, key)), time_s=1)
    for _ in range(2):
        assert auditor.post("/v1/audit/checkpoint/cosignatures", content=note + line).status_code == 204
    assert auditor.get("/v1/audit/checkpoint").text == note + line


def test_nobody_else_signs_and_nothing_else_is_signed(auditor, keep_log, key):
    keep_log(2)
    stranger = PrivateKey("witness.example", Kind.WITNESS, bytes(32))
    note = auditor.get("/v1/audit/checkpoint").text
    other = Statement(key.name, Statement.signed(note, key).size, bytes(32))
    bodies = [
        note + stranger.sign(str(Statement.signed(note, key)), time_s=1),
        note,
        f"{other}\n{stranger.sign(str(other))}",
        "no note",
        "",
    ]
    for body in bodies:
        answer = auditor.post("/v1/audit/checkpoint/cosignatures", content=body)
        assert refusal(answer) == (422, "NOTE_REFUSED")
    assert auditor.get("/v1/audit/checkpoint").text == note


def test_bodies_that_are_no_text_or_too_long_are_refused(auditor):
    assert refusal(auditor.post("/v1/audit/checkpoint/cosignatures", content=b"\xff")) == (400, "MALFORMED_BODY")
    long = auditor.post("/v1/audit/checkpoint/cosignatures", content="x" * 100_000)
    assert refusal(long) == (413, "BODY_TOO_LARGE")


def test_only_auditors_may_ask(connect):
    integrator = connect(Scope.PHOTO_WRITE, Scope.APPLICATION_READ)
    for path in ("checkpoint", f"events/{uuid4()}/proof", "consistency?from=1&to=1"):
        assert refusal(integrator.get(f"/v1/audit/{path}")) == (403, "FORBIDDEN")
    assert refusal(integrator.post("/v1/audit/checkpoint/cosignatures", content="x")) == (403, "FORBIDDEN")
