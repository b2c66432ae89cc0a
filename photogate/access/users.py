"""People: their passwords, their sign-in links and the sessions of their browsers."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from photogate.access.secrets import fingerprint, new_token
from photogate.access.tables import Role, SignInLink, User, UserSession
from photogate.audit import service as audit
from photogate.audit.tables import EventKind
from photogate.errors import Conflict, NotFound, Unauthenticated

MIN_PASSWORD_LENGTH = 12
MAX_FAILED_SIGN_INS = 10
LOCKED_FOR = timedelta(minutes=15)
LINK_LIVES = timedelta(hours=24)

REFUSAL = "The e-mail address or the password is not right, or the account is locked for a while."


def create_user(
    session: Session, email: str, name: str, role: Role, password: str | None = None, *, actor: str
) -> User:
    """Add a person; raises Conflict when the address is taken or the password is shorter than 12 characters."""
    email = email.strip().lower()
    if session.scalar(select(User.id).where(User.email == email)):
        raise Conflict("A user with this e-mail address exists already.")
    if password is not None and len(password) < MIN_PASSWORD_LENGTH:
        raise Conflict(f"A password needs at least {MIN_PASSWORD_LENGTH} characters.")
    user = User(email=email, name=name, role=role, password_hash=password and PasswordHasher().hash(password))
    session.add(user)
    session.flush()
    audit.append(session, EventKind.USER_CREATED, actor, user=str(user.id), role=role.value)
    return user


def change_role(session: Session, email: str, role: Role, *, actor: str) -> None:
    """Give a person another role, from their next request on; raises NotFound."""
    user = _enabled(session, email)
    before, user.role = user.role, role
    audit.append(session, EventKind.ROLE_CHANGED, actor, user=str(user.id), role=role.value, before=before.value)


def disable_user(session: Session, email: str, *, actor: str) -> None:
    """Shut a person out, from their next request on; raises NotFound."""
    user = _enabled(session, email)
    user.disabled_at = datetime.now(UTC)
    audit.append(session, EventKind.USER_DISABLED, actor, user=str(user.id))


def _enabled(session: Session, email: str) -> User:
    found = find_user(session, email)
    if found is None:
        raise NotFound("There is no enabled user with this e-mail address.")
    return found


def find_user(session: Session, email: str) -> User | None:
    """The enabled person with this address."""
    return session.scalar(select(User).where(User.email == email.strip().lower(), User.disabled_at.is_(None)))


def names_of(session: Session, user_ids: Iterable[UUID]) -> Mapping[UUID, str]:
    """The names of these people, the disabled ones too: history goes on naming who did what."""
    found = session.execute(select(User.id, User.name).where(User.id.in_(user_ids)))
    return {row.id: row.name for row in found}


def check_password(session: Session, email: str, password: str) -> User | None:
    """The person whose address and password these are, or None; ten failures lock the account for 15 minutes.

    Returns instead of raising, so that the transaction which counts the failure commits.
    """
    user = find_user(session, email)
    if user is None or user.password_hash is None:
        PasswordHasher().hash(password)  # as long as a real check takes, so that time does not tell who exists
        _record_failure(session, user)
        return None
    is_right = _is_right(user.password_hash, password)  # asked of a locked account too, again because of the time
    is_locked = user.locked_until is not None and user.locked_until > datetime.now(UTC)
    if is_locked or not is_right:
        _record_failure(session, user)
        if not is_locked:
            _count_failure(session, user)
        return None
    user.failed_sign_ins, user.locked_until = 0, None
    return user


def _record_failure(session: Session, user: User | None) -> None:
    """Whom somebody tried to be, if there is such a person; what was typed may be a password in the wrong field."""
    audit.append(session, EventKind.SIGN_IN_FAILED, "system", user=user and str(user.id))


def _is_right(password_hash: str, password: str) -> bool:
    try:
        return PasswordHasher().verify(password_hash, password)
    except VerificationError:
        return False


def _count_failure(session: Session, user: User) -> None:
    """Count in SQL, so that two guesses at once are two."""
    failures = session.scalar(
        update(User)
        .where(User.id == user.id)
        .values(failed_sign_ins=User.failed_sign_ins + 1)
        .returning(User.failed_sign_ins)
    )
    if failures is not None and failures % MAX_FAILED_SIGN_INS == 0:
        session.execute(update(User).where(User.id == user.id).values(locked_until=func.now() + LOCKED_FOR))


def create_link(session: Session, user: User, *, actor: str) -> str:
    """A token that signs `user` in once within 24 hours."""
    token = new_token()
    audit.append(session, EventKind.SIGN_IN_LINK_MADE, actor, user=str(user.id))
    session.add(SignInLink(user_id=user.id, token_sha256=fingerprint(token), expires_at=datetime.now(UTC) + LINK_LIVES))
    return token


def redeem_link(session: Session, token: str) -> User:
    """The person whom the link signs in; raises Unauthenticated when it is unknown, used or too old."""
    user_id = session.scalar(
        update(SignInLink)
        .where(
            SignInLink.token_sha256 == fingerprint(token),
            SignInLink.used_at.is_(None),
            SignInLink.expires_at > func.now(),
        )
        .values(used_at=func.now())
        .returning(SignInLink.user_id)
    )
    user = session.get(User, user_id) if user_id else None
    if user is None or user.disabled_at is not None:
        raise Unauthenticated("This sign-in link is not known, has been used, or is too old.")
    return user


def sign_in(session: Session, user: User) -> str:
    """Open a session for `user` and return the token for the cookie."""
    token = new_token()
    session.add(UserSession(user_id=user.id, token_sha256=fingerprint(token), csrf_token=new_token()))
    audit.append(session, EventKind.SIGNED_IN, f"user:{user.id}")
    return token


def current_session(session: Session, token: str, *, idle: timedelta, lifetime: timedelta) -> UserSession | None:
    """The live session of this cookie, marked as seen just now; None when it ended, idled out or is too old."""
    found = session.scalar(
        select(UserSession)
        .join(UserSession.user)
        .where(
            UserSession.token_sha256 == fingerprint(token),
            UserSession.ended_at.is_(None),
            UserSession.seen_at > func.now() - idle,
            UserSession.created_at > func.now() - lifetime,
            User.disabled_at.is_(None),
        )
    )
    if found is not None:
        session.execute(update(UserSession).where(UserSession.id == found.id).values(seen_at=func.now()))
    return found


def sign_out(session: Session, signed_in: UserSession) -> None:
    """End this session for good."""
    session.execute(update(UserSession).where(UserSession.id == signed_in.id).values(ended_at=func.now()))
    audit.append(session, EventKind.SIGNED_OUT, f"user:{signed_in.user_id}")
