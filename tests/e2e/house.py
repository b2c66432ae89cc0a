"""What outsiders do with the whole house: send a photo, ask how it stands, sign somebody in."""

import json
import time
from pathlib import Path
from uuid import uuid4

import httpx

from embedded.stack import Stack
from photogate.access import users
from photogate.access.keys import create_key
from photogate.access.tables import Role, Scope, User
from photogate.database import Database

SAMPLES = Path(__file__).parents[2] / "samples"
TWO_PEOPLE = SAMPLES / "two_people.jpg"
PATIENCE_S = 60


def client_of(stack: Stack, database: Database) -> httpx.Client:
    """An integrator's client with a key of its own."""
    scopes = [Scope.PHOTO_WRITE, Scope.APPLICATION_READ, Scope.PRINT_RELEASE]
    with database.transaction() as session:
        key = create_key(session, "ministry", scopes, actor="system")
    headers = {"Authorization": f"Bearer {key}"}
    return httpx.Client(base_url=stack.settings.api_url, headers=headers, timeout=30)


def send(api: httpx.Client, reference: str, photo: Path = TWO_PEOPLE, **attributes: str) -> str:
    """Submit a photo, by default that of two people, which goes to review, and return the application's id."""
    form = {"reference": reference, "attributes": json.dumps(attributes)}
    sent = api.post("/v1/applications", data=form, files={"photo": photo.read_bytes()})
    assert sent.status_code == 202, sent.text
    return sent.json()["id"]


def becomes(api: httpx.Client, application_id: str, wanted: str) -> dict[str, str]:
    """Ask until the application has this status."""
    until = time.monotonic() + PATIENCE_S
    while (answer := api.get(f"/v1/applications/{application_id}").json())["status"] != wanted:
        assert time.monotonic() < until, f"still {answer['status']}, not {wanted}"
        time.sleep(0.1)
    return answer


def reviewer(database: Database, name: str) -> tuple[User, str]:
    """Somebody who may decide, and the address that signs them in."""
    return person(database, name, Role.REVIEWER)


def person(database: Database, name: str, role: Role) -> tuple[User, str]:
    """Somebody with this role, and the address that signs them in."""
    with database.transaction() as session:
        user = users.create_user(session, f"{uuid4()}@example.org", name, role, actor="system")
        return user, f"/sign-in/link?token={users.create_link(session, user, actor='user:test')}"
