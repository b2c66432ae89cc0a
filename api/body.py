"""Reading a body while it arrives, with an end to both its size and its patience."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from fastapi import Request
from pydantic import BaseModel, ValidationError
from starlette.requests import ClientDisconnect

from api.refusals import BodyTooLarge, InvalidRequest, MalformedBody, MediaTypeUnsupported, UploadTooSlow, Wrong
from photogate.errors import PhotogateError

MAX_JSON_BYTES = 16_384

Wanted = TypeVar("Wanted", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Limits:
    """How many bytes may come, how long they may take, and what is said when there are more."""

    max_bytes: int
    timeout_s: float
    too_large: PhotogateError


async def read(request: Request, limits: Limits, take: Callable[[bytes], object]) -> None:
    """Hand every piece of the body to `take` as it arrives; nothing is kept here.

    Raises `limits.too_large` at the first byte too many (at once when the body's declared length already says so),
    UploadTooSlow when time is up, MalformedBody when the sender goes away.
    """
    if _declared_bytes(request) > limits.max_bytes:
        raise limits.too_large
    try:
        async with asyncio.timeout(limits.timeout_s):
            await _pass_on(request, limits, take)
    except TimeoutError as error:
        raise UploadTooSlow(f"The body did not arrive within {limits.timeout_s:g} seconds.") from error
    except ClientDisconnect as error:
        raise MalformedBody("The upload ended before the body was complete.") from error


async def read_json(request: Request, wanted: type[Wanted], timeout_s: float) -> Wanted:
    """A small JSON body as `wanted`; raises MediaTypeUnsupported, MalformedBody, BodyTooLarge or InvalidRequest."""
    if media_type(request) != "application/json":
        raise MediaTypeUnsupported("The body must be JSON with Content-Type: application/json.")
    content = bytearray()
    too_large = BodyTooLarge(f"At most {MAX_JSON_BYTES:,} bytes of JSON are taken.")
    await read(request, Limits(MAX_JSON_BYTES, timeout_s, too_large), content.extend)
    try:
        return wanted.model_validate_json(bytes(content))
    except ValidationError as error:
        raise _unusable(error) from error


def media_type(request: Request) -> str:
    """The declared type of the body in lower case, without parameters; empty when there is none."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


async def _pass_on(request: Request, limits: Limits, take: Callable[[bytes], object]) -> None:
    received = 0
    async for piece in request.stream():
        received += len(piece)
        if received > limits.max_bytes:
            raise limits.too_large
        take(piece)


def _declared_bytes(request: Request) -> int:
    declared = request.headers.get("content-length", "")
    return int(declared) if declared.isascii() and declared.isdigit() else 0


def _unusable(error: ValidationError) -> PhotogateError:
    found = error.errors(include_input=False, include_url=False, include_context=False)
    if any(wrong["type"] == "json_invalid" for wrong in found):
        return MalformedBody("The body is not valid JSON.")
    return InvalidRequest([Wrong(".".join(["body", *map(str, wrong["loc"])]), f"{wrong['msg']}.") for wrong in found])
