"""An issuer for the printer's tests: keys, tokens as the core signs them, and tokens as nobody should."""

import base64
import hashlib
import json
from datetime import UTC, datetime, timedelta
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from photogate.database import new_id
from photogate.releases.keys import key_id, key_set
from photogate.releases.token import ReleaseClaims, Signer
from printing.verifier import KeySet

PHOTO = b"the approved bytes"
NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
KEY = Ed25519PrivateKey.generate()
SIGNER = Signer(KEY)
KEYS = KeySet.parse(key_set([KEY.public_key()]))


def claims(**changed: object) -> ReleaseClaims:
    """A release of PHOTO, signed at NOW for an hour."""
    written = {
        "release_id": new_id(),
        "application_id": new_id(),
        "photo_sha256": hashlib.sha256(PHOTO).hexdigest(),
        "decision_id": new_id(),
        "models": {"student@1": "ab" * 32},
        "policy": "default@1",
        "issued_at": NOW,
        "expires_at": NOW + timedelta(hours=1),
    }
    return ReleaseClaims(**{**written, **changed})


def token(**changed: object) -> str:
    return SIGNER.sign(claims(**changed))


def revoked_list(*releases: UUID, at: datetime = NOW) -> str:
    return SIGNER.sign_revoked(releases, at, timedelta(hours=24))


def forged(header: object, body: object, key: Ed25519PrivateKey = KEY) -> str:
    """A token of any content with a good signature of `key`."""
    signed = f"{part(header)}.{part(body)}"
    return f"{signed}.{encoded(key.sign(signed.encode()))}"


def rewritten(original: str, *, header: dict | None = None, body: dict | None = None) -> str:
    """A token with other content under the issuer's good signature; None takes a member away."""
    kept = [json.loads(base64.urlsafe_b64decode(one + "==")) for one in original.split(".")[:2]]
    changed = [{**old, **(new or {})} for old, new in zip(kept, (header, body), strict=True)]
    return forged(*[{name: value for name, value in one.items() if value is not None} for one in changed])


def part(content: object) -> str:
    return encoded(content if isinstance(content, bytes) else json.dumps(content).encode())


def encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def own_key_id(key: Ed25519PrivateKey) -> str:
    return key_id(key.public_key())
