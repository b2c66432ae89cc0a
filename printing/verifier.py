"""Whether a photo may be printed: a token is genuine, current, not revoked, and made for exactly these bytes.

Tokens are compact JWS (RFC 7515) signed with Ed25519 (RFC 8037); the keys are a saved copy of `/v1/print-keys`, the
list of what no longer holds one of `/v1/print-releases/revoked`.
"""

import base64
import binascii
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

ISSUER, AUDIENCE, VERSION = "photogate", "photogate-print", 1
RELEASE_TYPE, REVOKED_TYPE = "photogate-release+jwt", "photogate-revoked+jwt"
CLOCK_SKEW = timedelta(seconds=60)
MAX_TOKEN_CHARACTERS = 20_000
MAX_LIST_CHARACTERS = 200_000_000

_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_WORD = re.compile(r"[A-Za-z0-9_-]+")


class Refused(Exception):
    """This photo must not be printed; the message says why in one sentence."""


class Unusable(Exception):
    """A file that the printer's side relies on cannot be used; the message says why in one sentence."""


@dataclass(frozen=True, slots=True)
class Release:
    """What a genuine token allows: these bytes, on this decision, until then."""

    release_id: str
    application_id: str
    photo_sha256: str
    decision_id: str
    models: Mapping[str, str]
    policy: str
    issued_at: datetime
    expires_at: datetime
    key_id: str


@dataclass(frozen=True, slots=True)
class Revoked:
    """Releases that no longer hold, as the issuer's list of one moment names them."""

    release_ids: frozenset[str]
    issued_at: datetime


class KeySet:
    """The issuer's public keys by their ids."""

    def __init__(self, keys: Mapping[str, Ed25519PublicKey]) -> None:
        self._keys = dict(keys)

    @classmethod
    def parse(cls, text: str | bytes) -> "KeySet":
        """Read a JSON Web Key Set (RFC 7517); keys of other kinds are passed over. Raises Unusable."""
        try:
            return cls(dict(_public_key(key) for key in json.loads(text)["keys"] if key.get("crv") == "Ed25519"))
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise Unusable("The key set cannot be read.") from error

    def key(self, key_id: object) -> Ed25519PublicKey:
        """The key of this id; raises Refused."""
        if not isinstance(key_id, str) or key_id not in self._keys:
            raise Refused("The token was signed with a key that is not in the key set.")
        return self._keys[key_id]


def verify(token: str, photo: bytes, keys: KeySet, *, now: datetime, revoked: Revoked | None = None) -> Release:
    """What `token` allows, if it allows these bytes to be printed at `now` (with its zone); raises Refused."""
    header, claims = _opened(token, keys, RELEASE_TYPE, MAX_TOKEN_CHARACTERS)
    release = _release(header, claims)
    _require_time(release.issued_at, release.expires_at, now, "release")
    if revoked is not None and release.release_id in revoked.release_ids:
        raise Refused("The release has been revoked, or a card was issued with it.")
    if hashlib.sha256(photo).hexdigest() != release.photo_sha256:
        raise Refused("The release is for another photo: the bytes differ.")
    return release


def read_revoked(token: str, keys: KeySet, *, now: datetime) -> Revoked:
    """The signed list of what no longer holds; raises Refused when it is not genuine or too old to rely on."""
    _, claims = _opened(token, keys, REVOKED_TYPE, MAX_LIST_CHARACTERS)
    listed = claims.get("revoked")
    if not isinstance(listed, list) or not all(isinstance(one, str) and _ID.fullmatch(one) for one in listed):
        raise Refused("The list of revoked releases is malformed.")
    issued_at = _time(claims, "iat")
    _require_time(issued_at, _time(claims, "exp"), now, "list of revoked releases")
    return Revoked(frozenset(listed), issued_at)


def _opened(token: str, keys: KeySet, kind: str, max_characters: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """Header and claims of a genuine token of one kind; nothing of the claims is read before the signature holds."""
    parts = token.split(".") if len(token) <= max_characters else []
    if len(parts) != 3 or not all(map(_WORD.fullmatch, parts)):  # noqa: PLR2004 - header, claims, signature
        raise Refused("The token is malformed.")
    header = _json(parts[0])
    if header.get("alg") != "EdDSA" or "crit" in header:
        raise Refused("The token is signed in a way that is not allowed.")
    if header.get("typ") != kind:
        raise Refused("The token is of another kind or of an unknown version.")
    try:
        keys.key(header.get("kid")).verify(_bytes(parts[2]), f"{parts[0]}.{parts[1]}".encode())
    except InvalidSignature as error:
        raise Refused("The token was not signed with the issuer's key, or was changed since.") from error
    return header, _ours(_json(parts[1]))


def _ours(claims: dict[str, Any]) -> dict[str, Any]:
    if claims.get("iss") != ISSUER or claims.get("aud") != AUDIENCE:
        raise Refused("The token was made by somebody else or for another purpose.")
    if claims.get("version") != VERSION:
        raise Refused(f"The token has a version that this verifier does not know; it knows version {VERSION}.")
    return claims


def _release(header: Mapping[str, Any], claims: Mapping[str, Any]) -> Release:
    models, policy = claims.get("models"), claims.get("policy")
    if not isinstance(models, dict) or not isinstance(policy, str):
        raise Refused("The token is malformed.")
    return Release(
        release_id=_text(claims, "jti", _ID),
        application_id=_text(claims, "sub", _ID),
        photo_sha256=_text(claims, "photo_sha256", _SHA256),
        decision_id=_text(claims, "decision", _ID),
        models=models,
        policy=policy,
        issued_at=_time(claims, "iat"),
        expires_at=_time(claims, "exp"),
        key_id=header["kid"],
    )


def _require_time(issued_at: datetime, expires_at: datetime, now: datetime, what: str) -> None:
    # A clock that is behind would print what has expired, so only a small difference is forgiven, and none at the end.
    if issued_at - now > CLOCK_SKEW:
        raise Refused(f"The {what} was signed in the future: this machine's clock is more than a minute behind.")
    if now >= expires_at:
        raise Refused(f"The {what} has expired.")


def _public_key(key: Mapping[str, Any]) -> tuple[str, Ed25519PublicKey]:
    raw = base64.urlsafe_b64decode(key["x"] + "=" * (-len(key["x"]) % 4))
    key_id = hashlib.sha256(raw).hexdigest()[:16]
    if key["kty"] != "OKP" or key["kid"] != key_id:
        raise ValueError(key_id)
    return key_id, Ed25519PublicKey.from_public_bytes(raw)


def _text(claims: Mapping[str, Any], name: str, form: re.Pattern[str]) -> str:
    found = claims.get(name)
    if not isinstance(found, str) or not form.fullmatch(found):
        raise Refused("The token is malformed.")
    return found


def _time(claims: Mapping[str, Any], name: str) -> datetime:
    found = claims.get(name)
    try:
        if isinstance(found, int) and not isinstance(found, bool):
            return datetime.fromtimestamp(found, UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise Refused("The token is malformed.") from error
    raise Refused("The token is malformed.")


def _json(part: str) -> dict[str, Any]:
    try:
        found = json.loads(_bytes(part))
    except (ValueError, RecursionError) as error:
        raise Refused("The token is malformed.") from error
    if not isinstance(found, dict):
        raise Refused("The token is malformed.")
    return found


def _bytes(part: str) -> bytes:
    try:
        return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
    except (ValueError, binascii.Error) as error:
        raise Refused("The token is malformed.") from error
