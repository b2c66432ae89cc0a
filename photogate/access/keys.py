"""API keys of the form `pg_PREFIX_SECRET`."""

import secrets
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.orm import Session

from photogate.access.secrets import fingerprint, matches, new_token
from photogate.access.tables import ApiKey, Scope
from photogate.audit import service as audit
from photogate.audit.tables import EventKind
from photogate.database import table_of
from photogate.errors import Forbidden, NotFound, Unauthenticated

PREFIX_BYTES = 6


@dataclass(frozen=True, slots=True)
class Client:
    """An authenticated program: whose key it showed and what that key allows."""

    name: str
    scopes: frozenset[Scope]

    @property
    def actor(self) -> str:
        """How events name this client."""
        return f"client:{self.name}"

    def require(self, scope: Scope) -> None:
        """Raise Forbidden unless the key has `scope`; `admin` has them all."""
        if scope not in self.scopes and Scope.ADMIN not in self.scopes:
            raise Forbidden(f"This API key does not have the scope {scope.value}.")


_KEYS = table_of(ApiKey)
_LIVE_KEY = select(_KEYS.c.client, _KEYS.c.secret_sha256, _KEYS.c.scopes).where(
    _KEYS.c.prefix == bindparam("prefix"), _KEYS.c.revoked_at.is_(None)
)


def create_key(session: Session, client: str, scopes: Collection[Scope], *, actor: str) -> str:
    """Make a key for `client` and return it; it is shown this once and cannot be read back."""
    prefix, secret = secrets.token_hex(PREFIX_BYTES), new_token()
    session.add(ApiKey(client=client, prefix=prefix, secret_sha256=fingerprint(secret), scopes=sorted(scopes)))
    audit.append(session, EventKind.API_KEY_CREATED, actor, client=client, prefix=prefix, scopes=sorted(scopes))
    return f"pg_{prefix}_{secret}"


def authenticate(session: Session, key: str) -> Client:
    """The client that `key` belongs to; raises Unauthenticated for a malformed, unknown, wrong or revoked key."""
    kind, _, rest = key.partition("_")
    prefix, _, secret = rest.partition("_")
    found = session.execute(_LIVE_KEY, {"prefix": prefix}).one_or_none() if secret else None
    if kind != "pg" or found is None or not matches(secret, found.secret_sha256):
        raise Unauthenticated("The API key is not known or has been revoked.")
    return Client(found.client, frozenset(Scope(scope) for scope in found.scopes))


def revoke_key(session: Session, prefix: str, *, actor: str) -> None:
    """End a key at once; raises NotFound when no live key has this prefix."""
    ended = session.execute(
        update(ApiKey).where(ApiKey.prefix == prefix, ApiKey.revoked_at.is_(None)).values(revoked_at=func.now())
    )
    if not ended.rowcount:  # type: ignore[attr-defined]  # a CursorResult, as of every UPDATE
        raise NotFound("No live API key has this prefix.")
    audit.append(session, EventKind.API_KEY_REVOKED, actor, prefix=prefix)
