"""Sending what is in the outbox: signed as Standard Webhooks says, to public addresses, and nowhere else."""

import json
import socket
import ssl
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import httpx
import structlog
from standardwebhooks import Webhook

from photogate.applicants.master_keys import KeyFolder
from photogate.database import Database
from photogate.outbox import service as outbox
from photogate.outbox.addresses import AddressRefused, checked_url, is_public
from photogate.outbox.service import Delivery
from photogate.releases import service as releases
from photogate.settings import Settings
from worker.turns import Turn

log = structlog.get_logger()

AT_ONCE = 16
TIMEOUT_S = 10
LEASE = timedelta(minutes=2)
"""Longer than any delivery takes: resolving, connecting, writing and the wait for an answer."""

MOST_EXPIRED_A_TURN = 100


class NotDelivered(Exception):
    """The endpoint did not take the message; the message says why, without the address."""


class Sender:
    """Delivers what is due, several at once, so that a slow endpoint holds up nobody else; any number may run."""

    def __init__(self, settings: Settings, database: Database) -> None:
        self._allow_private = settings.webhook_private_addresses
        self._database = database
        self._kms = KeyFolder(settings.master_keys)
        self._trusted = ssl.create_default_context()

    def turn(self) -> int:
        """Deliver some of what is due; returns how many were tried."""
        with self._database.transaction() as session:
            due = outbox.claim(session, self._kms, lease=LEASE, limit=AT_ONCE)
        if due:
            with ThreadPoolExecutor(len(due), "webhook") as pool:
                list(pool.map(self._deliver, due))
        return len(due)

    def _deliver(self, delivery: Delivery) -> None:
        """Send outside any transaction: a slow endpoint must hold no row."""
        try:
            self._send(delivery)
        except NotDelivered as failure:
            log.warning("not_delivered", message=str(delivery.message_id), attempt=delivery.attempt, why=str(failure))
            with self._database.transaction() as session:
                outbox.failed(session, delivery, str(failure))
        else:
            with self._database.transaction() as session:
                outbox.delivered(session, delivery)

    def _send(self, delivery: Delivery) -> None:
        try:
            url = httpx.URL(checked_url(delivery.url, allow_private=self._allow_private))
            # To the address that was looked at: asked again, the name could lead into the operator's network.
            pinned = url.copy_with(host=self._address(url))
            body = json.dumps(delivery.payload, separators=(",", ":"))
            headers = {"Host": url.netloc.decode("ascii"), **_signed(delivery, body)}
            with (
                httpx.Client(verify=self._trusted, trust_env=False, timeout=TIMEOUT_S) as client,
                client.stream(
                    "POST", pinned, content=body, headers=headers, extensions={"sni_hostname": url.host}
                ) as answer,
            ):
                status = answer.status_code  # the body is never read
        except (AddressRefused, httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
            raise NotDelivered(type(error).__name__) from error
        if not httpx.codes.is_success(status):
            raise NotDelivered(f"it answered {status}")

    def _address(self, url: httpx.URL) -> str:
        port = url.port or {"https": 443, "http": 80}[url.scheme]
        found = [str(place[4][0]) for place in socket.getaddrinfo(url.host, port, type=socket.SOCK_STREAM)]
        if not self._allow_private and not all(map(is_public, found)):
            raise AddressRefused("The webhook's name leads into a private network.")
        return found[0]


def print_gate(settings: Settings, database: Database) -> Iterator[Turn]:
    """What the print gate does by itself: ends releases whose time is up, and tells clients what became of theirs."""
    yield Turn(lambda: expire(database), settings.relay_interval_s)
    yield Turn(Sender(settings, database).turn, settings.relay_interval_s)


def expire(database: Database) -> None:
    """End the releases whose time is up."""
    with database.transaction() as session:
        releases.expire(session, limit=MOST_EXPIRED_A_TURN)


def _signed(delivery: Delivery, body: str) -> dict[str, str]:
    message_id, now = str(delivery.message_id), datetime.now(UTC)
    return {
        "Content-Type": "application/json",
        "User-Agent": "photogate",
        "webhook-id": message_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(delivery.secret).sign(message_id, now, body),
    }
