"""Making and recognising secrets: 256 random bits outside, SHA-256 inside."""

import hashlib
import secrets


def new_token() -> str:
    """256 random bits, safe in URLs and cookies."""
    return secrets.token_urlsafe(32)


def fingerprint(token: str) -> str:
    """The SHA-256 of a token in hex; enough for 256 random bits, which no dictionary holds."""
    return hashlib.sha256(token.encode()).hexdigest()


def matches(token: str, kept: str) -> bool:
    """Whether `token` is the one whose fingerprint was kept, in constant time."""
    return secrets.compare_digest(fingerprint(token), kept)
