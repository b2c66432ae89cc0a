"""Webhooks arrive signed, at the endpoint and nowhere else, and whatever an endpoint does, the sender goes on."""

import json
import socket
import ssl
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from sqlalchemy import select
from standardwebhooks import Webhook
from structlog.testing import capture_logs

from photogate.outbox import endpoints
from photogate.outbox import service as outbox
from photogate.outbox.tables import Message
from tests.integration.worker.listening import at, listening
from tests.keys import KMS
from worker.webhooks import Sender


@pytest.fixture
def tell(database) -> Callable[..., str]:
    """Adds an endpoint at this address and leaves a message for it; returns the endpoint's secret."""

    def told(url: str) -> str:
        with database.transaction() as session:
            endpoint = endpoints.add(session, KMS, "ministry", url, allow_private=True, actor="system")
            outbox.tell(session, "ministry", "print_release.withdrawn", {"id": "1"})
            return endpoint.secret

    return told


@pytest.fixture
def send(settings, database) -> Callable[..., Message]:
    """Lets a sender take one turn and returns the message as it stands then."""

    def sent(*, allow_private: bool = True) -> Message:
        chosen = settings.model_copy(update={"webhook_private_addresses": allow_private})
        assert Sender(chosen, database).turn() == 1
        with database.transaction() as session:
            return session.scalars(select(Message)).one()

    return sent


def test_a_message_arrives_signed(tell, send):
    with listening() as listener:
        secret = tell(at(listener))
        message = send()
    [(path, headers, body)] = listener.heard
    assert path == "/hooks?of=gate"
    assert headers["Host"] == f"127.0.0.1:{listener.server_address[1]}"
    assert Webhook(secret).verify(body, headers) == message.payload
    assert headers["webhook-id"] == str(message.id)
    assert message.payload["type"] == "print_release.withdrawn"
    assert (message.due_at, message.delivered_at is None, message.attempts) == (None, False, 1)


@pytest.mark.parametrize("status", [300, 400, 404, 429, 500, 503])
def test_what_is_not_taken_is_tried_again(tell, send, status):
    with listening(status) as listener:
        tell(at(listener))
        message = send()
    assert (message.delivered_at, message.last_failure) == (None, f"it answered {status}")
    assert timedelta(0) < message.due_at - datetime.now(UTC) < timedelta(seconds=6)


def test_nobody_is_followed_anywhere(tell, send):
    with listening() as elsewhere, listening(302, Location=at(elsewhere)) as listener:
        tell(at(listener))
        assert send().last_failure == "it answered 302"
    assert elsewhere.heard == []


def test_a_private_address_hears_nothing_unless_a_setting_allows_it(tell, send, certified):
    with listening(tls=certified) as listener:
        tell(at(listener, "https", "localhost"))
        assert send(allow_private=False).last_failure == "AddressRefused"
    assert listener.heard == []


@pytest.fixture
def resolved(monkeypatch) -> Callable[..., list[str]]:
    """Has every name under `example.org` lead to these addresses; returns the list of names that were asked for."""

    def lead_to(*addresses: str) -> list[str]:
        asked, original = [], socket.getaddrinfo

        def resolve(host, port, *further, **how):
            if not str(host).endswith("example.org"):
                return original(host, port, *further, **how)
            asked.append(host)
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]

        monkeypatch.setattr(socket, "getaddrinfo", resolve)
        return asked

    return lead_to


def test_every_address_of_a_name_must_be_public(tell, send, resolved):
    resolved("93.184.216.34", "10.0.0.1")
    tell("https://printer.example.org/")
    assert send(allow_private=False).last_failure == "AddressRefused"


def test_the_address_that_was_looked_at_is_the_one_that_is_called(tell, send, resolved):
    asked = resolved("127.0.0.1")
    with listening() as listener:
        tell(at(listener, host="printer.example.org"))
        assert send().delivered_at is not None
    assert asked == ["printer.example.org"], "asked again, the name could lead elsewhere"
    assert listener.heard[0][1]["Host"] == f"printer.example.org:{listener.server_address[1]}"


@pytest.fixture
def certified(tmp_path, monkeypatch) -> ssl.SSLContext:
    """A server's certificate for `localhost`, trusted as an operator's own authority would be."""
    key, name, now = generate_private_key(SECP256R1()), x509.Name([]), datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=True)
        .sign(key, SHA256())
    )
    (tmp_path / "certificate.pem").write_bytes(certificate.public_bytes(Encoding.PEM))
    (tmp_path / "key.pem").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "certificate.pem"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "certificate.pem", tmp_path / "key.pem")
    return context


def test_over_tls_the_certificate_must_be_the_names(tell, send, certified):
    with listening(tls=certified) as listener:
        tell(at(listener, "https", "localhost"))
        assert send().delivered_at is not None
    assert len(listener.heard) == 1


def test_a_certificate_of_another_name_is_no_delivery(tell, send, certified):
    with listening(tls=certified) as listener:
        tell(at(listener, "https", "127.0.0.1"))
        assert send().last_failure == "ConnectError"
    assert listener.heard == []


@pytest.mark.parametrize(
    ("url", "failure"),
    [
        ("http://127.0.0.1:1/", "ConnectError"),
        ("http://nowhere.invalid/", "gaierror"),
        (f"http://{'a' * 70}.example/", "UnicodeError"),
    ],
)
def test_an_endpoint_that_cannot_be_reached_is_a_word_and_no_stack_trace(tell, send, url, failure):
    tell(url)
    with capture_logs() as lines:
        assert send().last_failure in {failure, "UnicodeEncodeError", "InvalidURL"}
    [line] = lines
    assert line["event"] == "not_delivered"
    assert url not in json.dumps(line)
