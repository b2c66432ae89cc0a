"""The release token: an EdDSA-signed statement that these bytes may be printed; verified without any network."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from photogate.errors import Conflict, PhotogateError

ISSUER = "photogate"
AUDIENCE = "photogate-print"
REQUIRED = ["exp", "iat", "iss", "aud", "sub", "jti", "photo_sha256", "decision", "models", "policy"]


class ReleaseRefused(Conflict):
    """This token does not allow these bytes to be printed."""

    code, title = "RELEASE_REFUSED", "The photo must not be printed"


class SigningKeyMissing(PhotogateError):
    """No usable key is configured."""

    status, code, title = 503, "SIGNING_KEY_MISSING", "Print releases cannot be signed"


@dataclass(frozen=True, slots=True)
class ReleaseClaims:
    """What a token says: whose photo, which bytes, on which decision, by which models and policy, until when."""

    release_id: UUID
    application_id: UUID
    photo_sha256: str
    decision_id: UUID
    models: Mapping[str, str]
    policy: str
    issued_at: datetime
    expires_at: datetime


class Signer:
    """Signs releases with one Ed25519 key."""

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key
        self.key_id = key_id(key.public_key())

    @classmethod
    def load(cls, path: Path) -> "Signer":
        """Read the PEM file that `photogate release new-key` wrote; raises SigningKeyMissing."""
        try:
            key = load_pem_private_key(path.read_bytes(), password=None)
        except (OSError, ValueError) as error:
            raise SigningKeyMissing("The signing key for print releases is missing or unreadable.") from error
        if not isinstance(key, Ed25519PrivateKey):
            raise SigningKeyMissing("The signing key for print releases is not an Ed25519 key.")
        return cls(key)

    def sign(self, claims: ReleaseClaims) -> str:
        """A compact JWS (RFC 7515) with the header `kid` of this key."""
        return jwt.encode(_written(claims), self._key, algorithm="EdDSA", headers={"kid": self.key_id})


def new_key(path: Path) -> Path:
    """Write a new private key to `path` (mode 0600) and the public one beside it; returns the public key's path.

    Raises Conflict rather than replace a key.
    """
    key = Ed25519PrivateKey.generate()
    public = path.with_suffix(".pub.pem")
    try:
        path.touch(mode=0o600, exist_ok=False)
    except FileExistsError as error:
        raise Conflict(f"{path} exists already; a signing key is never replaced.") from error
    path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    public.write_bytes(key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    return public


def key_id(key: Ed25519PublicKey) -> str:
    """The name of a key: the first 16 hex digits of the SHA-256 of its 32 bytes."""
    return hashlib.sha256(key.public_bytes(Encoding.Raw, PublicFormat.Raw)).hexdigest()[:16]


def verify(token: str, photo: bytes, public_key_pem: bytes) -> ReleaseClaims:
    """Check offline that `token` is genuine, not expired and made for exactly the bytes of `photo`.

    Raises ReleaseRefused with the reason in one sentence.
    """
    claims = _read(token, public_key_pem)
    if hashlib.sha256(photo).hexdigest() != claims.photo_sha256:
        raise ReleaseRefused("The release is for another photo: the bytes differ.")
    return claims


def _read(token: str, public_key_pem: bytes) -> ReleaseClaims:
    try:
        key = load_pem_public_key(public_key_pem)
    except ValueError as error:
        raise ReleaseRefused("The public key cannot be read.") from error
    if not isinstance(key, Ed25519PublicKey):
        raise ReleaseRefused("The public key is not an Ed25519 key.")
    try:
        written = jwt.decode(
            token, key, algorithms=["EdDSA"], audience=AUDIENCE, issuer=ISSUER, options={"require": REQUIRED}
        )
        return _claims(written)
    except jwt.ExpiredSignatureError as error:
        raise ReleaseRefused("The release has expired.") from error
    except jwt.InvalidSignatureError as error:
        raise ReleaseRefused("The release was not signed with this key.") from error
    except (jwt.InvalidTokenError, ValueError, TypeError, AttributeError) as error:
        raise ReleaseRefused("The release token is malformed.") from error


def _written(claims: ReleaseClaims) -> dict[str, Any]:
    return {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "jti": str(claims.release_id),
        "sub": str(claims.application_id),
        "photo_sha256": claims.photo_sha256,
        "decision": str(claims.decision_id),
        "models": dict(claims.models),
        "policy": claims.policy,
        "iat": claims.issued_at,
        "exp": claims.expires_at,
    }


def _claims(written: Mapping[str, Any]) -> ReleaseClaims:
    return ReleaseClaims(
        release_id=UUID(written["jti"]),
        application_id=UUID(written["sub"]),
        photo_sha256=str(written["photo_sha256"]),
        decision_id=UUID(written["decision"]),
        models=dict(written["models"]),
        policy=str(written["policy"]),
        issued_at=datetime.fromtimestamp(written["iat"], UTC),
        expires_at=datetime.fromtimestamp(written["exp"], UTC),
    )
