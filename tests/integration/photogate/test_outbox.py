"""A message commits with its cause, is sent by one at a time, and is tried for three days."""

import base64
import contextlib
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import ProgrammingError

from photogate.applicants.sealing import SealBroken
from photogate.audit.tables import Event, EventKind
from photogate.database import new_id
from photogate.errors import Conflict, NotFound
from photogate.outbox import endpoints
from photogate.outbox import service as outbox
from photogate.outbox.addresses import AddressRefused
from photogate.outbox.tables import Message, WebhookEndpoint
from tests.keys import KMS

URL = "https://printer.example.org/hooks?key=very-secret"
LEASE = timedelta(minutes=1)
SWAP = """
UPDATE webhook_endpoints SET sealed_secret = (SELECT sealed_secret FROM webhook_endpoints WHERE id = :from)
WHERE id = :id
"""


@pytest.fixture
def endpoint(database):
    return add(database)


def add(database, client="ministry", url=URL):
    with database.transaction() as session:
        return endpoints.add(session, KMS, client, url, allow_private=False, actor="system")


def tell(database, client="ministry", number=0):
    with database.transaction() as session:
        outbox.tell(session, client, "print_release.issued", {"id": str(number)})


def claim(database, limit=10, lease=LEASE):
    with database.transaction() as session:
        return outbox.claim(session, KMS, lease=lease, limit=limit)


def settle(database, how, *arguments):
    with database.transaction() as session:
        how(session, *arguments)


def message(database) -> Message:
    with database.transaction() as session:
        return session.scalars(select(Message)).one()


def make_due(database):
    with database.transaction() as session:
        session.execute(update(Message).where(Message.due_at.is_not(None)).values(due_at=func.now()))


def events(database, kind):
    with database.transaction() as session:
        return session.scalars(select(Event.details).where(Event.kind == kind)).all()


def test_a_message_goes_to_every_endpoint_of_its_client_and_to_nobody_else(database, endpoint):
    also = add(database, url="https://second.example.org/")
    add(database, client="harbour office")
    tell(database)
    taken = claim(database)
    assert {(delivery.url, delivery.secret) for delivery in taken} == {
        (URL, endpoint.secret),
        ("https://second.example.org/", also.secret),
    }
    assert taken[0].payload["type"] == "print_release.issued"
    assert taken[0].payload["data"] == {"id": "0"}


def test_what_is_undone_is_not_told(database, endpoint):
    with contextlib.suppress(ConnectionError), database.transaction() as session:
        outbox.tell(session, "ministry", "print_release.issued", {})
        raise ConnectionError
    assert claim(database) == []


def test_two_senders_never_hold_the_same_message(database, endpoint):
    for number in range(20):
        tell(database, number=number)
    with ThreadPoolExecutor(4) as senders:
        taken = [delivery.message_id for due in senders.map(lambda _: claim(database, 6), range(4)) for delivery in due]
    assert len(taken) == len(set(taken)) == 20


def test_a_message_whose_sender_died_is_sent_by_another_and_the_dead_ones_word_is_not_heard(database, endpoint):
    tell(database)
    [lost] = claim(database, lease=timedelta(0))
    [found] = claim(database)
    assert (found.message_id, found.attempt) == (lost.message_id, 2)
    settle(database, outbox.failed, lost, "too late")
    settle(database, outbox.delivered, lost)
    assert message(database).delivered_at is None
    settle(database, outbox.delivered, found)
    after = message(database)
    assert (after.due_at, after.delivered_at is None) == (None, False)
    assert claim(database) == []


def test_a_failure_is_tried_again_for_three_days_and_then_given_up(database, endpoint):
    tell(database)
    waits = []
    while (found := message(database)).due_at is not None:
        make_due(database)
        [delivery] = claim(database)
        settle(database, outbox.failed, delivery, "it answered 500")
        after = message(database)
        if after.due_at is not None:
            with database.transaction() as session:
                waits.append(after.due_at - session.scalars(select(func.now())).one())
    assert len(waits) + 1 == found.attempts == 10
    assert timedelta(days=3) < sum(waits, timedelta()) < timedelta(days=4)
    assert waits == sorted(waits)
    assert (found.delivered_at, found.last_failure, found.given_up_at is None) == (None, "it answered 500", False)
    assert [told["message"] for told in events(database, EventKind.WEBHOOK_GIVEN_UP)] == [str(found.id)]


def test_an_endpoint_that_was_removed_hears_nothing_more(database, endpoint):
    tell(database)
    with database.transaction() as session:
        endpoints.remove(session, endpoint.id, actor="system")
    tell(database)
    assert claim(database) == []
    with pytest.raises(NotFound), database.transaction() as session:
        endpoints.remove(session, endpoint.id, actor="system")
    with database.transaction() as session:
        assert endpoints.standings(session) == []


def test_the_list_shows_what_waits_and_what_was_given_up(database, endpoint):
    for _ in range(2):
        tell(database)
    with database.transaction() as session:
        [standing] = endpoints.standings(session)
    assert (standing.endpoint.id, standing.waiting, standing.given_up) == (endpoint.id, 2, 0)


def test_an_address_is_added_once_and_only_a_good_one(database, endpoint):
    with pytest.raises(Conflict):
        add(database)
    with pytest.raises(AddressRefused):
        add(database, url="http://printer.example.org/")
    with pytest.raises(NotFound), database.transaction() as session:
        endpoints.remove(session, new_id(), actor="system")


def test_a_secret_lies_sealed_for_its_endpoint_alone_and_goes_with_it(database, endpoint):
    def rows():
        with database.transaction() as session:
            return session.execute(text("SELECT * FROM webhook_endpoints ORDER BY id")).mappings().all()

    other = add(database, url="https://second.example.org/")
    for row, added in zip(rows(), (endpoint, other), strict=True):
        raw = base64.b64decode(added.secret.removeprefix("whsec_"))
        assert len(raw) == 32
        assert not any(
            hidden in str(value).encode() for value in row.values() for hidden in (raw, added.secret.encode())
        )
        assert raw not in bytes(row["sealed_secret"])
    with database.transaction() as session:
        swapped = {"id": other.id, "from": endpoint.id}
        session.execute(text(SWAP), swapped)
    tell(database)
    with pytest.raises(SealBroken):
        claim(database)
    with database.transaction() as session:
        endpoints.remove(session, other.id, actor="system")
    assert [row["sealed_secret"] for row in rows()][1] is None
    [delivery] = claim(database)
    assert delivery.secret == endpoint.secret
    assert endpoint.secret not in repr(delivery)


def test_no_event_holds_the_secret_or_the_whole_address(database, endpoint):
    with database.transaction() as session:
        endpoints.remove(session, endpoint.id, actor="system")
    told = [*events(database, EventKind.WEBHOOK_ADDED), *events(database, EventKind.WEBHOOK_REMOVED)]
    assert [one["endpoint"] for one in told] == [str(endpoint.id)] * 2
    assert "very-secret" not in str(told)
    assert endpoint.secret not in str(told)


@pytest.mark.parametrize("column", [WebhookEndpoint.url, WebhookEndpoint.client, Message.payload])
def test_what_was_written_is_not_turned_to_another_purpose(database, endpoint, column):
    tell(database)
    with pytest.raises(ProgrammingError, match="permission denied"), database.transaction() as session:
        session.execute(update(column.class_).values({column.key: column}))
