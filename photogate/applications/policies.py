"""Policies on record: what a version of a profile said when it first decided, for ever."""

import hashlib

import rfc8785
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from photogate.applications.tables import Policy
from photogate.audit import service as audit
from photogate.audit.tables import EventKind
from photogate.database import table_of
from photogate.errors import Conflict, NotFound
from photogate.screening.errors import ProfileError
from photogate.screening.profile import IssuerProfile, read_profile


class PolicyChanged(Conflict):
    """A version that decided already says something else now; whoever changes a profile raises its version."""

    code, title = "POLICY_CHANGED", "This version of the policy is on record with other content"


class PolicyUnreadable(Conflict):
    """What is on record under a policy's name cannot be decided by."""

    code, title = "POLICY_UNREADABLE", "The policy on record cannot be used"


_POLICIES = table_of(Policy)
_ADD = insert(_POLICIES).on_conflict_do_nothing().returning(_POLICIES.c.reference)


def record(session: Session, profile: IssuerProfile) -> None:
    """Put a profile on record before its first decision; again changes nothing. Raises PolicyChanged."""
    digest = digest_of(profile)
    row = {"reference": profile.reference, "body": profile.to_json(), "sha256": digest}
    if session.execute(_ADD, row).one_or_none():
        audit.append(session, EventKind.POLICY_ADOPTED, "system", policy=profile.reference, sha256=digest)
    elif session.scalars(select(Policy.sha256).where(Policy.reference == profile.reference)).one() != digest:
        raise PolicyChanged(f"The policy {profile.reference} is on record with other content; give it a new version.")


def recorded(session: Session, reference: str) -> IssuerProfile:
    """The policy called `name@version` as it decided; raises NotFound, PolicyUnreadable."""
    kept = session.get(Policy, reference)
    if kept is None:
        raise NotFound(f"The policy {reference} is not on record.")
    try:
        profile = read_profile(kept.body)
    except (ProfileError, TypeError) as error:
        raise PolicyUnreadable(f"This version of Photogate cannot read the policy {reference}: {error}.") from error
    if (profile.reference, digest_of(profile)) != (reference, kept.sha256):
        raise PolicyUnreadable(f"The policy {reference} on record does not have the SHA-256 that it was recorded with.")
    return profile


def digest_of(profile: IssuerProfile) -> str:
    """SHA-256 of a profile's canonical JSON (RFC 8785), in hexadecimal."""
    return hashlib.sha256(rfc8785.dumps(profile.to_json())).hexdigest()
