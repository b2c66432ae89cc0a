"""A photo on its way in: as a form or as the body itself, measured before anything is stored."""

import hashlib
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Header, Query, Request

from api.body import Limits, media_type, read
from api.connections import Connected, Connections
from api.form import ROOM, Form
from api.refusals import InvalidRequest, MediaTypeUnsupported, Wrong
from photogate.applications.photo_file import FileTooLarge, PhotoFile, inspect

MAX_REFERENCE_CHARS = 200
MAX_KEY_CHARS = 200


@dataclass(frozen=True, slots=True)
class Arrived:
    """The photo's bytes as they came, the applicant's reference if one came too, and the caller's idempotency key."""

    content: bytes
    reference: str | None
    idempotency_key: str | None


@dataclass(frozen=True, slots=True)
class Upload:
    """A photo that passed the checks at the door, and the digest that tells this request from another."""

    file: PhotoFile
    reference: str
    idempotency_key: str | None
    request_sha256: str


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
    content, form = await _received(request, connected, frozenset({"reference"}))
    return Arrived(content, _reference(form.text("reference") if form else reference), idempotency_key)


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
    said = hashlib.sha256()
    # Not the reference itself: whoever has the photo's digest could guess it.
    for part in (request.method, request.url.path, connected.kms.digest(reference).hex(), file.sha256):
        said.update(f"{len(part)}:{part}".encode())
    return Upload(file, reference, arrived.idempotency_key, said.hexdigest())


def _reference(sent: str | None) -> str:
    reference = (sent or "").strip()
    if not 1 <= len(reference) <= MAX_REFERENCE_CHARS or not reference.isprintable():
        expected = f"Send 1 to {MAX_REFERENCE_CHARS} printable characters."
        raise InvalidRequest([Wrong("reference", expected)])
    return reference
