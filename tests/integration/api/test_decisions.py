"""Auditors over HTTP: pages, exports, manifests, and what is refused."""

import csv
import hashlib
import json

import pytest
from sqlalchemy import select

from photogate.access.tables import Scope
from photogate.audit import checkpoints, sequencing
from photogate.audit.notes import Kind, PrivateKey, new_key
from photogate.audit.proofs import InclusionProof
from photogate.audit.tables import Event, EventKind
from photogate.database import new_id
from photogate.searches import export
from tests.factories import PLACEHOLDER, PORTRAIT, TWO_PEOPLE, decided
from tests.integration.api.exchange import refusal

HERE = "/v1/decisions"


@pytest.fixture
def auditor(connect):
    return connect(Scope.AUDIT_READ, client="court")


def kinds(database):
    with database.transaction() as session:
        return session.scalars(select(Event.kind).where(Event.actor == "client:court").order_by(Event.created_at)).all()


def manifest_of(auditor, exported):
    address, _, relation = exported.headers["link"].partition(";")
    assert relation.strip() == 'rel="describedby"'
    return auditor.get(address.strip("<>"))


def test_an_auditor_reads_the_decisions_of_all_clients_newest_first(auditor, database):
    first, second = decided(database, PORTRAIT), decided(database, TWO_PEOPLE, reference="SECRET-2")
    page = auditor.get(HERE)
    assert page.status_code == 200
    assert [found["id"] for found in page.json()["decisions"]] == [str(second.id), str(first.id)]
    told = page.json()["decisions"][0]
    assert (told["outcome"], told["client"], told["actor"]) == ("in_review", "ministry", f"policy:{first.policy}")
    assert told["reasons"][0] | {"code": "MULTIPLE_FACES", "native": 2, "threshold": 1} == told["reasons"][0]
    assert "SECRET" not in page.text


def test_next_leads_through_all_of_them_with_the_same_filters(auditor, database):
    made = [str(decided(database, PORTRAIT, reference=f"A-{number}").id) for number in range(5)]
    decided(database, PLACEHOLDER, reference="A-5")
    found, address = [], f"{HERE}?outcome=approved&limit=2"
    while address:
        page = auditor.get(address).json()
        found += [decision["id"] for decision in page["decisions"]]
        address = page["next"]
    assert found == made[::-1]


def test_an_applicant_is_found_by_reference(auditor, database):
    decided(database, PORTRAIT, reference="A-1")
    wanted = decided(database, PORTRAIT, reference="A-2")
    found = auditor.get(HERE, params={"reference": "A-2"}).json()["decisions"]
    assert [decision["id"] for decision in found] == [str(wanted.id)]
    assert auditor.get(HERE, params={"reference": "A-9"}).json() == {"decisions": [], "next": None}


def test_an_export_is_whole_and_its_manifest_says_so(auditor, database):
    made = [decided(database, found, reference=f"A-{number}") for number, found in enumerate((PORTRAIT, TWO_PEOPLE))]
    exported = auditor.get(HERE, params={"format": "csv"})
    assert exported.headers["content-type"].startswith("text/csv")
    rows = list(csv.DictReader(exported.text.splitlines()))
    assert [row["decision_id"] for row in rows] == [str(record.id) for record in made]
    assert (rows[1]["outcome"], rows[1]["reasons"], rows[1]["supersedes"]) == ("in_review", "MULTIPLE_FACES", "")
    assert rows[0]["decided_at"].endswith("Z")
    manifest = manifest_of(auditor, exported).json()
    assert manifest["sha256"] == hashlib.sha256(exported.content).hexdigest()
    assert (manifest["rows"], manifest["size_bytes"]) == (2, len(exported.content))
    assert manifest["fields"] == list(rows[0])
    assert manifest["proof"] is None


def test_a_line_of_an_export_holds_reasons_with_what_was_measured(auditor, database):
    decided(database, TWO_PEOPLE, reference="SECRET-1")
    exported = auditor.get(HERE, headers={"Accept": "application/x-ndjson"})
    [line] = exported.text.splitlines()
    told = json.loads(line)
    assert told["reasons"][0]["threshold"] == 1
    assert told["models"] == {"student@1": "ab" * 32}
    assert "SECRET" not in line


def test_an_export_of_several_pieces_has_every_decision_once(auditor, database, monkeypatch):
    monkeypatch.setattr(export, "ROWS_A_PIECE", 2)
    made = [str(decided(database, PORTRAIT, reference=f"A-{number}").id) for number in range(5)]
    exported = auditor.get(HERE, params={"format": "ndjson", "outcome": "approved"})
    assert [json.loads(line)["decision_id"] for line in exported.text.splitlines()] == made


def test_an_export_of_nothing_has_a_manifest_too(auditor):
    exported = auditor.get(HERE, params={"format": "ndjson"})
    assert exported.content == b""
    assert manifest_of(auditor, exported).json()["rows"] == 0


def test_the_log_vouches_for_a_manifest(auditor, database, tmp_path):
    decided(database, PORTRAIT)
    exported = auditor.get(HERE, params={"format": "csv"})
    public = new_key(tmp_path / "log.key", "example.org/photogate", Kind.LOG)
    with database.transaction() as session:
        sequencing.sequence(session, most=1000)
        checkpoints.sign(session, lambda: PrivateKey.load(tmp_path / "log.key"))
    manifest = manifest_of(auditor, exported).json()
    proof = InclusionProof.read(json.dumps(manifest["proof"]).encode())
    assert proof.verify(public).size == manifest["proof"]["sequence"] + 1
    assert manifest["sha256"] in proof.event


def test_an_export_that_is_cut_off_has_no_manifest(auditor, database, monkeypatch):
    monkeypatch.setattr(export, "ROWS_A_PIECE", 1)
    for number in range(3):
        decided(database, PORTRAIT, reference=f"A-{number}")
    with database.transaction() as session:
        begun = export.begin(session, "client:court", export.Filters(), export.Format.CSV)
    pieces = export.stream(database, begun)
    next(pieces), next(pieces)
    pieces.close()
    assert refusal(auditor.get(f"{HERE}/exports/{begun.id}")) == (404, "NOT_FOUND")
    assert kinds(database) == [EventKind.AUDIT_QUERIED]


def test_every_question_leaves_an_event(auditor, database):
    decided(database, PORTRAIT)
    auditor.get(HERE)
    auditor.get(HERE, params={"format": "csv"})
    assert kinds(database) == [EventKind.AUDIT_QUERIED, EventKind.AUDIT_QUERIED, EventKind.DECISIONS_EXPORTED]


@pytest.mark.parametrize(
    "asked",
    [
        {"outcome": "perhaps"},
        {"reason": "BAD_HAIR"},
        {"actor": "ada"},
        {"photo_sha256": "abc"},
        {"application": "1"},
        {"from": "yesterday"},
        {"cursor": "nowhere"},
        {"cursor": "ÿ"},
        {"limit": "0"},
        {"format": "xlsx"},
        {"model": "a b"},
        {"outcom": "approved"},
    ],
)
def test_what_cannot_be_understood_is_refused_and_not_answered_with_everything(auditor, database, asked):
    assert refusal(auditor.get(HERE, params=asked)) == (422, "INVALID_REQUEST")
    assert kinds(database) == []


def test_who_may_not_audit_is_refused(api, database):
    decided(database, PORTRAIT)
    assert refusal(api.get(HERE)) == (403, "FORBIDDEN")
    assert refusal(api.get(f"{HERE}/exports/{new_id()}")) == (403, "FORBIDDEN")


def test_an_event_that_is_no_export_is_no_manifest(auditor, database):
    auditor.get(HERE)
    with database.transaction() as session:
        question = session.scalars(select(Event.id).where(Event.kind == EventKind.AUDIT_QUERIED)).one()
    assert refusal(auditor.get(f"{HERE}/exports/{question}")) == (404, "NOT_FOUND")
