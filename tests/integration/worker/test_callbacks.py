"""The printer's callback: what becomes of a release reaches its client, through the relay as it runs everywhere."""

import json
import time
from datetime import timedelta

import pytest

from photogate.outbox import endpoints
from photogate.releases import service as releases
from photogate.releases.keys import new_key
from photogate.releases.token import Signer
from photogate.reviews import service as reviews
from photogate.screening.reasons import ReasonCode
from photogate.screening.verdicts import Verdict
from tests.factories import CLIENT, PORTRAIT, decided, photo_file, user
from tests.integration.worker.listening import at, listening
from tests.keys import KMS

PATIENCE_S = 60
HOUR, AT_ONCE = timedelta(hours=1), timedelta(0)


@pytest.fixture
def signer(tmp_path) -> Signer:
    new_key(tmp_path / "release.pem")
    return Signer.load(tmp_path / "release.pem")


def release(database, signer, reference, valid_for):
    approved = decided(database, PORTRAIT, reference=reference)
    with database.transaction() as session:
        return releases.release(
            session, signer, CLIENT, approved.application_id, photo_file().sha256, valid_for=valid_for
        ).row


def heard(listener) -> set[tuple[str, str]]:
    told = [json.loads(body) for _, _, body in list(listener.heard)]
    return {(one["type"], one["data"]["id"]) for one in told if one["type"].startswith("print_release.")}


def test_the_printer_hears_of_what_was_withdrawn_and_of_what_expired(database, signer, launch):
    with listening() as listener:
        with database.transaction() as session:
            endpoints.add(session, KMS, CLIENT.name, at(listener), allow_private=True, actor="system")
        withdrawn = release(database, signer, "A-1", HOUR)
        expired = release(database, signer, "A-2", AT_ONCE)
        with database.transaction() as session:
            ada = session.merge(user(database))
            codes = [ReasonCode.NOT_SHARP]
            reviews.take_back(session, withdrawn.application_id, ada, Verdict.REJECTED, codes)
        relay = launch("relay", webhook_private_addresses=True)
        due = {("print_release.withdrawn", str(withdrawn.id)), ("print_release.expired", str(expired.id))}
        until = time.monotonic() + PATIENCE_S
        while not due <= heard(listener) and time.monotonic() < until:
            time.sleep(0.05)
        assert due <= heard(listener)
    assert "of=gate" not in relay.output(), "a client's address may hold a secret"
