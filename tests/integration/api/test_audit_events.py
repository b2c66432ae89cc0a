"""The log as a stream: what it sends, offline verification takes."""

from photogate.access.tables import Scope
from photogate.audit import checkpoints, exports, sequencing
from photogate.audit.notes import Kind, PrivateKey, new_key
from photogate.audit.tables import EventKind
from tests.factories import PORTRAIT, decided
from tests.integration.api.exchange import refusal

HERE = "/v1/audit/events"


def test_the_stream_is_the_export_byte_for_byte(connect, database, tmp_path, monkeypatch):
    monkeypatch.setattr(exports, "BATCH", 2)
    decided(database, PORTRAIT)
    auditor = connect(Scope.AUDIT_READ, client="court")
    public = new_key(tmp_path / "log.key", "example.org/photogate", Kind.LOG)
    with database.transaction() as session:
        sequencing.sequence(session, most=1000)
        checkpoints.sign(session, lambda: PrivateKey.load(tmp_path / "log.key"))
    exports.export(database, tmp_path / "export", public, lambda _done, _of: None)
    streamed = auditor.get(HERE)
    assert streamed.headers["content-type"].startswith("application/x-ndjson")
    assert streamed.content == (tmp_path / "export" / exports.EVENTS_FILE).read_bytes()
    assert auditor.get(HERE, params={"from": 2}).text.splitlines() == streamed.text.splitlines()[2:]
    address = streamed.headers["link"].partition(";")[0].strip("<>")
    assert auditor.get(address).text == (tmp_path / "export" / exports.CHECKPOINTS_FILE).read_text().strip("\n") + "\n"
    assert EventKind.AUDIT_QUERIED not in streamed.text  # what was asked now comes under the next checkpoint


def test_a_log_that_nothing_signed_is_not_sent(connect):
    assert refusal(connect(Scope.AUDIT_READ).get(HERE)) == (404, "NOT_FOUND")
    assert refusal(connect(Scope.PRINT_RELEASE).get(HERE)) == (403, "FORBIDDEN")
