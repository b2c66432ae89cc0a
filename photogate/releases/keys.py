"""The Ed25519 keys of print releases: one signs, and every key that may have signed is published."""

import base64
import hashlib
import json
from collections.abc import Iterable
from pathlib import Path

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


class SigningKeyMissing(PhotogateError):
    """No usable key is configured."""

    status, code, title = 503, "SIGNING_KEY_MISSING", "Print releases cannot be signed"


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


def signing_key(path: Path) -> Ed25519PrivateKey:
    """The private key that `photogate release new-key` wrote; raises SigningKeyMissing."""
    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
    except (OSError, ValueError) as error:
        raise SigningKeyMissing("The signing key for print releases is missing or unreadable.") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise SigningKeyMissing("The signing key for print releases is not an Ed25519 key.")
    return key


def published_keys(signing: Path, folder: Path) -> list[Ed25519PublicKey]:
    """The key that signs, then the public keys in `folder`: those that signed before and those that will sign next.

    The folder need not exist. Raises SigningKeyMissing when one of them cannot be read: a printer would refuse what it
    signed.
    """
    further = [_public_key(path) for path in sorted(folder.glob("*.pub.pem"))]
    return list({key_id(key): key for key in (signing_key(signing).public_key(), *further)}.values())


def key_set(keys: Iterable[Ed25519PublicKey]) -> str:
    """The keys as a JSON Web Key Set (RFC 7517, RFC 8037), for printers."""
    return json.dumps({"keys": [_published(key) for key in keys]}, separators=(",", ":"))


def key_id(key: Ed25519PublicKey) -> str:
    """The name of a key: the first 16 hex digits of the SHA-256 of its 32 bytes."""
    return hashlib.sha256(key.public_bytes_raw()).hexdigest()[:16]


def _published(key: Ed25519PublicKey) -> dict[str, str]:
    x = base64.urlsafe_b64encode(key.public_bytes_raw()).decode().rstrip("=")
    return {"kty": "OKP", "crv": "Ed25519", "x": x, "kid": key_id(key), "use": "sig", "alg": "EdDSA"}


def _public_key(path: Path) -> Ed25519PublicKey:
    try:
        key = load_pem_public_key(path.read_bytes())
    except (OSError, ValueError) as error:
        raise SigningKeyMissing(f"The published key {path.name} cannot be read.") from error
    if not isinstance(key, Ed25519PublicKey):
        raise SigningKeyMissing(f"The published key {path.name} is not an Ed25519 key.")
    return key
