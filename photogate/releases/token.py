"""What is signed for printers: releases, and the list of those that no longer hold. `printing/` verifies both."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from photogate.releases.keys import key_id, signing_key

ISSUER = "photogate"
AUDIENCE = "photogate-print"
VERSION = 1
RELEASE_TYPE, REVOKED_TYPE = "photogate-release+jwt", "photogate-revoked+jwt"
"""Types of their own (RFC 8725, 3.11), so that neither document can be taken for the other."""


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
    """Signs with one Ed25519 key."""

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key
        self.key_id = key_id(key.public_key())

    @classmethod
    def load(cls, path: Path) -> "Signer":
        """Read the PEM file that `photogate release new-key` wrote; raises SigningKeyMissing."""
        return cls(signing_key(path))

    def sign(self, claims: ReleaseClaims) -> str:
        """A release as a compact JWS (RFC 7515) with the header `kid` of this key."""
        return self._signed(RELEASE_TYPE, _written(claims), claims.issued_at, claims.expires_at)

    def sign_revoked(self, releases: Collection[UUID], issued_at: datetime, holds_for: timedelta) -> str:
        """The ids of releases that no longer hold, as a compact JWS like that of a release."""
        written = {"revoked": sorted(map(str, releases))}
        return self._signed(REVOKED_TYPE, written, issued_at, issued_at + holds_for)

    def _signed(self, kind: str, claims: Mapping[str, Any], issued_at: datetime, expires_at: datetime) -> str:
        common = {"iss": ISSUER, "aud": AUDIENCE, "version": VERSION, "iat": issued_at, "exp": expires_at}
        headers = {"kid": self.key_id, "typ": kind}
        return jwt.encode({**common, **claims}, self._key, algorithm="EdDSA", headers=headers)


def _written(claims: ReleaseClaims) -> dict[str, Any]:
    return {
        "jti": str(claims.release_id),
        "sub": str(claims.application_id),
        "photo_sha256": claims.photo_sha256,
        "decision": str(claims.decision_id),
        "models": dict(claims.models),
        "policy": claims.policy,
    }
