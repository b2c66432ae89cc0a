"""`photogate audit witness` against the API: signs what only grew, and nothing else."""

import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url

from cli.witnessing import Witness
from photogate.access.tables import Scope
from photogate.audit import service as audit
from photogate.audit.notes import KeyRefused, Kind, PrivateKey, is_signed_by, new_key
from photogate.audit.proofs import ProofRefused
from photogate.audit.tables import EventKind
from photogate.database import Database
from photogate.errors import Unavailable
from worker.sequencing import Sequencer


@pytest.fixture
def settings(settings, tmp_path):
    """With a witness that the log knows."""
    new_key(tmp_path / "witness.key", "witness.example", Kind.WITNESS)
    return settings.model_copy(update={"witness_keys": str(tmp_path / "witness.key.pub")})


@pytest.fixture
def grow(settings, database):
    """Let more events happen and be signed."""

    def grown(count: int) -> None:
        with database.transaction() as session:
            for number in range(count):
                audit.append(session, EventKind.SIGNED_IN, f"user:{number}")
        Sequencer(settings, database).turn()

    return grown


@pytest.fixture
def witness(address, new_api_key, settings, tmp_path):
    """Somebody who remembers what they signed last."""
    log_key = settings.checkpoint_key_file.with_name("checkpoint.key.pub")
    api_key = new_api_key(Scope.AUDIT_READ)
    return Witness(address, api_key, tmp_path / "witness.key", log_key, tmp_path / "seen.txt")


def put_another_history(services, database_urls):
    """Have a superuser replace the whole log, so that the sequencer signs a new one from the beginning."""
    name = make_url(database_urls.app).database
    superuser = Database(make_url(services.superuser_url).set(database=name).render_as_string(hide_password=False))
    with superuser.transaction() as session:
        session.execute(text("TRUNCATE events, log_entries, log_nodes, checkpoints CASCADE"))
    superuser.close()


def test_a_log_that_only_grows_is_witnessed_each_time(witness, grow, connect, tmp_path):
    grow(3)
    assert "Witnessed" in witness.sign()
    grow(300)
    assert "only grew" in witness.sign()
    assert "only grew" in witness.sign()
    note = connect(Scope.AUDIT_READ).get("/v1/audit/checkpoint").text
    stated, _, lines = note.partition("\n\n")
    key = PrivateKey.load(tmp_path / "witness.key").public
    assert is_signed_by(lines.splitlines()[-1], stated + "\n", key)


@pytest.mark.parametrize(("after", "reason"), [(2, "cut off"), (40, "rewritten"), (400, "rewritten")])
def test_a_rewritten_log_is_not_witnessed(witness, grow, services, database_urls, tmp_path, after, reason):
    grow(39)
    witness.sign()
    seen = (tmp_path / "seen.txt").read_text()
    size = int(seen.splitlines()[1])
    put_another_history(services, database_urls)
    # The key that the witness shows was recorded in the first history only.
    grow(size if after == 40 else after)
    with pytest.raises(ProofRefused, match=reason):
        witness.sign()
    assert (tmp_path / "seen.txt").read_text() == seen


def test_a_logs_key_is_no_witnesss(settings, tmp_path):
    log = settings.checkpoint_key_file
    with pytest.raises(KeyRefused, match="--witness"):
        Witness("http://127.0.0.1:1", "x", log, log.with_name("checkpoint.key.pub"), tmp_path / "seen.txt")


def test_an_api_that_is_away_or_refuses_is_said_in_one_sentence(witness, settings, tmp_path):
    with pytest.raises(Unavailable, match="404 to GET /v1/audit/checkpoint"):
        witness.sign()
    key, log_key = tmp_path / "witness.key", settings.checkpoint_key_file.with_name("checkpoint.key.pub")
    with pytest.raises(Unavailable, match="cannot be reached"):
        Witness("http://127.0.0.1:1", "x", key, log_key, tmp_path / "seen.txt").sign()
