"""A photo on its way in: as a form or as the body itself, measured before anything is stored."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends, Header, Query, Request

from api.body import Limits, media_type, read
from api.connections import Connected, Connections
from api.form import ROOM, Form
from api.refusals import InvalidRequest, MediaTypeUnsupported, Wrong
from photogate.applicants.attributes import checked
from photogate.applications.photo_file import FileTooLarge, PhotoFile, inspect

MAX_REFERENCE_CHARS = 200
MAX_KEY_CHARS = 200


@dataclass(frozen=True, slots=True)
class Arrived:
    """The photo's bytes as they came, what came beside them of the applicant, and the caller's idempotency key."""

    content: bytes
    reference: str | None
    idempotency_key: str | None
    attributes: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Upload:
    """A photo that passed the checks at the door, and the digest that tells this request from another."""

    file: PhotoFile
    reference: str
    idempotency_key: str | None
    request_sha256: str
    attributes: Mapping[str, str]


IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        max_length=MAX_KEY_CHARS,
        pattern=r"^[\x21-\x7e]+$",
        description="Names this request for 24 hours: sent again, it gets the first answer and changes nothing.",
    ),
]


async def _with_reference(
    request: Request,
    connected: Connected,
    idempotency_key: IdempotencyKey = None,
    reference: Annotated[
        str | None, Query(description="The applicant as your system knows them; for a photo that is the body itself.")
    ] = None,
) -> Arrived:
    content, form = await _received(request, connected, frozenset({"reference", "attributes"}))
    if form is None:
        return Arrived(content, _reference(reference), idempotency_key)
    return Arrived(content, _reference(form.text("reference")), idempotency_key, _attributes(form.text("attributes")))


async def _alone(request: Request, connected: Connected, idempotency_key: IdempotencyKey = None) -> Arrived:
    content, _ = await _received(request, connected, frozenset())
    return Arrived(content, None, idempotency_key)


def _measured_with_reference(
    request: Request, connected: Connected, arrived: Annotated[Arrived, Depends(_with_reference)]
) -> Upload:
    return _measured(request, connected, arrived)


def _measured_alone(request: Request, connected: Connected, arrived: Annotated[Arrived, Depends(_alone)]) -> Upload:
    return _measured(request, connected, arrived)


Submitted = Annotated[Upload, Depends(_measured_with_reference)]
"""A photo with the applicant's reference."""

Photo = Annotated[Upload, Depends(_measured_alone)]
"""A photo and nothing else."""


async def _received(request: Request, connected: Connections, fields: frozenset[str]) -> tuple[bytes, Form | None]:
    """The photo's bytes, and the form that they came in if it was one; other kinds of body are refused unread."""
    settings, kind = connected.settings, media_type(request)
    too_large = FileTooLarge(f"At most {settings.max_photo_bytes:,} bytes are accepted.")
    if kind == "multipart/form-data":
        form = Form(request.headers["content-type"], file="photo", fields=fields)
        await read(request, Limits(settings.max_photo_bytes + ROOM, settings.upload_timeout_s, too_large), form.take)
        return form.photo(), form
    if kind != "application/octet-stream" and not kind.startswith("image/"):
        raise MediaTypeUnsupported("Send the photo as multipart/form-data, image/… or application/octet-stream.")
    content = bytearray()
    await read(request, Limits(settings.max_photo_bytes, settings.upload_timeout_s, too_large), content.extend)
    return bytes(content), None


def _measured(request: Request, connected: Connections, arrived: Arrived) -> Upload:
    file = inspect(arrived.content, connected.settings, connected.profile)
    reference = arrived.reference or ""
    attributes = checked(connected.profile.fairness, arrived.attributes) if arrived.attributes else {}
    said = hashlib.sha256()
    # Not what is said of the applicant itself: whoever has the photo's digest could guess it.
    of_whom = [reference, json.dumps(attributes, sort_keys=True)] if attributes else [reference]
    digests = [connected.kms.digest(words).hex() for words in of_whom]
    for part in (request.method, request.url.path, *digests, file.sha256):
        said.update(f"{len(part)}:{part}".encode())
    return Upload(file, reference, arrived.idempotency_key, said.hexdigest(), attributes)


def _reference(sent: str | None) -> str:
    reference = (sent or "").strip()
    if not 1 <= len(reference) <= MAX_REFERENCE_CHARS or not reference.isprintable():
        expected = f"Send 1 to {MAX_REFERENCE_CHARS} printable characters."
        raise InvalidRequest([Wrong("reference", expected)])
    return reference


def _attributes(sent: str | None) -> Mapping[str, object]:
    try:
        attributes = json.loads(sent or "{}")
    except (ValueError, RecursionError):
        attributes = None
    if not isinstance(attributes, dict):
        raise InvalidRequest([Wrong("body.attributes", "Send a JSON object of attributes and their values.")])
    return attributes
