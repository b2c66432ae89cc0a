"""Keys and people: who is known, who is not, and what a guess costs."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from photogate.access import keys, users
from photogate.access.tables import ApiKey, Role, Scope, User
from photogate.audit.tables import Event, EventKind
from photogate.errors import Conflict, Forbidden, NotFound, Unauthenticated
from tests.factories import user

PASSWORD = "correct horse battery staple"
HOUR = timedelta(hours=1)


def new_key(database, *scopes):
    with database.transaction() as session:
        return keys.create_key(session, "ministry", scopes, actor="user:test")


def known(database, key):
    with database.transaction() as session:
        return keys.authenticate(session, key)


def test_a_key_names_its_client_and_what_it_may_do(database):
    client = known(database, new_key(database, Scope.PHOTO_WRITE))
    assert client.name == "ministry"
    client.require(Scope.PHOTO_WRITE)
    with pytest.raises(Forbidden):
        client.require(Scope.PRINT_RELEASE)


def test_the_database_does_not_hold_the_key(database):
    key = new_key(database, Scope.PHOTO_WRITE)
    with database.transaction() as session:
        row = session.scalars(select(ApiKey)).one()
    assert key.rpartition("_")[2] not in f"{row.prefix} {row.secret_sha256}"


def test_a_key_that_is_not_exactly_right_is_not_known(database):
    key = new_key(database, Scope.PHOTO_WRITE)
    for wrong in ("", "pg", "pg__", key[:-1], key + "x", key.replace("pg_", "xx_"), "pg_nobody_secret", key.upper()):
        with pytest.raises(Unauthenticated):
            known(database, wrong)


def test_a_revoked_key_ends_at_once(database):
    key = new_key(database, Scope.PHOTO_WRITE)
    prefix = key.split("_")[1]
    with database.transaction() as session:
        keys.revoke_key(session, prefix, actor="user:test")
    with pytest.raises(Unauthenticated):
        known(database, key)
    with database.transaction() as session, pytest.raises(NotFound):
        keys.revoke_key(session, prefix, actor="user:test")


def check(database, password, email="ada@example.org"):
    with database.transaction() as session:
        return users.check_password(session, email, password)


def test_a_password_lets_in_whoever_knows_it(database):
    user(database, password=PASSWORD)
    assert check(database, PASSWORD, " Ada@Example.ORG ").name == "Ada"
    assert check(database, "wrong") is None
    assert check(database, PASSWORD, "nobody@example.org") is None


def test_ten_wrong_guesses_lock_the_account_even_for_the_right_one(database):
    user(database, password=PASSWORD)
    for _ in range(users.MAX_FAILED_SIGN_INS):
        assert check(database, "wrong") is None
    assert check(database, PASSWORD) is None
    with database.transaction() as session:
        assert session.scalars(select(User.locked_until)).one() is not None


def test_a_short_password_and_a_taken_address_are_refused(database):
    user(database)
    with pytest.raises(Conflict, match="exists already"):
        user(database, email="ADA@example.org")
    with pytest.raises(Conflict, match="12 characters"):
        user(database, email="ben@example.org", password="short")


def test_a_link_signs_in_once(database):
    ada = user(database, Role.ADMIN)
    with database.transaction() as session:
        link = users.create_link(session, ada, actor="user:test")
    with database.transaction() as session:
        assert users.redeem_link(session, link).id == ada.id
    for token in (link, "nonsense"):
        with database.transaction() as session, pytest.raises(Unauthenticated):
            users.redeem_link(session, token)


def signed_in(database, token, idle=HOUR, lifetime=HOUR):
    with database.transaction() as session:
        return users.current_session(session, token, idle=idle, lifetime=lifetime)


def test_a_session_lives_until_it_is_ended_idle_or_old(database):
    ada = user(database)
    with database.transaction() as session:
        token = users.sign_in(session, ada)
    found = signed_in(database, token)
    assert found.user.id == ada.id
    assert signed_in(database, token + "x") is None
    assert signed_in(database, token, idle=timedelta(0)) is None
    assert signed_in(database, token, lifetime=timedelta(0)) is None
    with database.transaction() as session:
        users.sign_out(session, found)
    assert signed_in(database, token) is None


def told(database, kind):
    """Who did it and what else was said, each time."""
    with database.transaction() as session:
        found = session.scalars(select(Event).where(Event.kind == kind).order_by(Event.id))
        return [(event.actor, event.details) for event in found]


def test_a_refused_sign_in_leaves_a_trace_without_what_was_typed(database):
    ada = user(database, password=PASSWORD)
    check(database, "wrong, and still a secret")
    check(database, PASSWORD, "my password by mistake")
    assert told(database, EventKind.SIGN_IN_FAILED) == [("system", {"user": str(ada.id)}), ("system", {"user": None})]
    check(database, PASSWORD)
    assert len(told(database, EventKind.SIGN_IN_FAILED)) == 2


def test_a_locked_account_leaves_a_trace_for_the_right_password_too(database):
    user(database, password=PASSWORD)
    for _ in range(users.MAX_FAILED_SIGN_INS):
        check(database, "wrong")
    assert check(database, PASSWORD) is None
    assert len(told(database, EventKind.SIGN_IN_FAILED)) == users.MAX_FAILED_SIGN_INS + 1


def test_another_role_holds_at_once_and_is_recorded(database):
    ada = user(database)
    with database.transaction() as session:
        users.change_role(session, ada.email, Role.AUDITOR, actor="user:test")
    with database.transaction() as session:
        assert users.find_user(session, ada.email).role is Role.AUDITOR
    changed = {"user": str(ada.id), "role": "auditor", "before": "reviewer"}
    assert told(database, EventKind.ROLE_CHANGED) == [("user:test", changed)]


def test_whoever_is_shut_out_is_gone_at_once(database):
    ada = user(database, password=PASSWORD)
    with database.transaction() as session:
        users.disable_user(session, ada.email, actor="user:test")
    assert check(database, PASSWORD) is None
    assert told(database, EventKind.USER_DISABLED) == [("user:test", {"user": str(ada.id)})]
    for refused in (users.disable_user, lambda *known, actor: users.change_role(*known, Role.ADMIN, actor=actor)):
        with database.transaction() as session, pytest.raises(NotFound):
            refused(session, ada.email, actor="user:test")


def test_a_sign_in_link_says_who_made_it(database):
    ada = user(database)
    with database.transaction() as session:
        users.create_link(session, ada, actor="user:command-line")
    assert told(database, EventKind.SIGN_IN_LINK_MADE) == [("user:command-line", {"user": str(ada.id)})]
