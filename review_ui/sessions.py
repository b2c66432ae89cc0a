"""Who is looking: the session behind the cookie, and what that person may do."""

from datetime import timedelta
from typing import Annotated

from fastapi import Depends, Request, Response

from photogate.access import users
from photogate.access.tables import Role, User, UserSession
from photogate.errors import Forbidden, Unauthenticated
from photogate.settings import Settings
from review_ui.program import Here

SESSION = "photogate"


def cookie(name: str, settings: Settings) -> str:
    """The cookie's full name; `__Host-` makes browsers insist on TLS, this very host and no other path."""
    return f"__Host-{name}" if settings.secure_cookies else name


def set_cookie(response: Response, name: str, value: str, settings: Settings) -> None:
    """Give the browser a cookie that no script reads and no other site sends along with a form."""
    response.set_cookie(
        cookie(name, settings), value, httponly=True, samesite="lax", secure=settings.secure_cookies, path="/"
    )


def drop_cookie(response: Response, name: str, settings: Settings) -> None:
    """Take the cookie back."""
    response.delete_cookie(
        cookie(name, settings), httponly=True, samesite="lax", secure=settings.secure_cookies, path="/"
    )


def signed_in(request: Request, here: Here) -> UserSession:
    """The live session of this browser; raises Unauthenticated."""
    found = find_session(request, here)
    if found is None:
        raise Unauthenticated("You are not signed in, or your session has ended.")
    request.state.signed_in = found
    return found


def find_session(request: Request, here: Here) -> UserSession | None:
    """The live session of this browser, if there is one."""
    token = request.cookies.get(cookie(SESSION, here.settings))
    if token is None:
        return None
    with here.database.transaction() as session:
        return users.current_session(
            session,
            token,
            idle=timedelta(minutes=here.settings.session_idle_minutes),
            lifetime=timedelta(hours=here.settings.session_hours),
        )


SignedIn = Annotated[UserSession, Depends(signed_in)]


def may_decide(user: User) -> bool:
    """Reviewers, adjudicators and admins decide; auditors look."""
    return user.role is not Role.AUDITOR


def reviewer(session: SignedIn) -> User:
    """The person, if they may decide cases; raises Forbidden."""
    if not may_decide(session.user):
        raise Forbidden("Auditors look at cases and do not decide them.")
    return session.user


Reviewer = Annotated[User, Depends(reviewer)]


def may_audit(user: User) -> bool:
    """Auditors and admins read everything."""
    return user.role in {Role.AUDITOR, Role.ADMIN}


def auditor(session: SignedIn) -> User:
    """The person, if they may read everything; raises Forbidden."""
    if not may_audit(session.user):
        raise Forbidden("The audit pages are for auditors.")
    return session.user


Auditor = Annotated[User, Depends(auditor)]


def may_hold(user: User) -> bool:
    """Admins place and release legal holds."""
    return user.role is Role.ADMIN


def admin(session: SignedIn) -> User:
    """The person, if they may do what neither reviewers nor auditors do; raises Forbidden."""
    if not may_hold(session.user):
        raise Forbidden("Legal holds are for admins.")
    return session.user


Admin = Annotated[User, Depends(admin)]
