"""The check form: a picture that is read into memory and no further, and what is asked about it."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from fastapi import Request
from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect

from photogate.applications.photo_file import FileTooLarge
from photogate.errors import PhotogateError
from photogate.settings import Settings
from review_ui.examples import EXAMPLES
from review_ui.words import file_size

MAX_FIELDS, MAX_FIELD_BYTES = 10, 4096
ON = "yes"


class FormBroken(PhotogateError):
    """Not the form that the page sends, or not all of it."""

    status, code, title = 400, "FORM_BROKEN", "The form did not arrive whole"


class UploadTooSlow(PhotogateError):
    """The form did not arrive in time."""

    status, code, title = 408, "UPLOAD_TIMEOUT", "The upload took too long"


@dataclass(frozen=True, slots=True)
class Sent:
    """What the form brought; `photo` is None where no file was chosen, `problem` says why it cannot be used."""

    form_token: str = ""
    photo: bytes | None = None
    example: str = ""
    model: str = ""
    heat_map: bool = False
    problem: PhotogateError | None = None


@dataclass(frozen=True, slots=True)
class CheckForm:
    """The form as it is shown; `problem` says why it is shown again."""

    models: tuple[str, ...]
    model: str
    heat_map: bool
    examples: tuple[tuple[str, str], ...]
    example: str
    max_bytes: int
    at_most: str
    problem: str = ""

    @classmethod
    def of(cls, sent: Sent, installed: Sequence[str], max_bytes: int, problem: str = "") -> Self:
        """The form with what was chosen before."""
        return cls(
            models=tuple(installed),
            model=sent.model,
            heat_map=sent.heat_map,
            examples=tuple(EXAMPLES.items()),
            example=sent.example,
            max_bytes=max_bytes,
            at_most=file_size(max_bytes),
            problem=problem,
        )


async def receive(request: Request, settings: Settings) -> Sent:
    """Read the form; raises FormBroken, UploadTooSlow. A file beyond the limit is heard out and not kept."""
    parser = _InMemory(request, settings.max_photo_bytes)
    try:
        async with asyncio.timeout(settings.upload_timeout_s):
            typed = await parser.parse()
    except TimeoutError as error:
        raise UploadTooSlow(f"The picture did not arrive within {settings.upload_timeout_s:g} seconds.") from error
    except (MultiPartException, KeyError, ClientDisconnect) as error:
        raise FormBroken("The form did not arrive whole. Load the page again and try once more.") from error
    photo = await _photo(typed)
    await typed.close()
    too_large = FileTooLarge(f"The file is larger than {file_size(settings.max_photo_bytes)}, which is the limit.")
    return Sent(
        form_token=_text(typed, "form_token"),
        photo=photo,
        example=_text(typed, "example"),
        model=_text(typed, "model"),
        heat_map=_text(typed, "heat_map") == ON,
        problem=too_large if parser.is_too_large else None,
    )


class _InMemory(MultiPartParser):
    """Never spools a file to disk, and drops what goes beyond the limit."""

    spool_max_size = 0  # Python's word for: never

    def __init__(self, request: Request, max_bytes: int) -> None:
        super().__init__(
            request.headers, request.stream(), max_files=1, max_fields=MAX_FIELDS, max_part_size=MAX_FIELD_BYTES
        )
        self._bytes_left = max_bytes
        self.is_too_large = False

    def on_part_data(self, data: bytes, start: int, end: int) -> None:
        """Keep the piece, unless it belongs to a file that is too large already."""
        if self._current_part.file is not None:
            self._bytes_left -= end - start
            self.is_too_large = self._bytes_left < 0
        if not self.is_too_large:
            super().on_part_data(data, start, end)


def _text(typed: FormData, name: str) -> str:
    value = typed.get(name, "")
    return value if isinstance(value, str) else ""


async def _photo(typed: FormData) -> bytes | None:
    """The file's bytes; a browser sends a nameless empty one where none was chosen."""
    file = typed.get("photo")
    if not isinstance(file, UploadFile) or not (file.filename or file.size):
        return None
    return await file.read()
