"""A multipart form collected in memory while it arrives: one file and a few short fields, nothing on disk."""

from dataclasses import dataclass, field

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from api.refusals import InvalidRequest, MalformedBody, Wrong

MAX_FIELD_BYTES = 4_096
ROOM = 16_384
"""What a form may have in bytes beyond its photo: boundaries, part headers and fields."""


@dataclass(slots=True)
class Part:
    """One part of the form, on its way or complete."""

    name: str
    is_file: bool
    content: bytearray = field(default_factory=bytearray)


class Form:
    """Takes the pieces of a `multipart/form-data` body and keeps the parts that were asked for.

    Raises MalformedBody when it is no such body, InvalidRequest for a part that is unknown, repeated or too long.
    """

    def __init__(self, content_type: str, *, file: str, fields: frozenset[str]) -> None:
        self._file, self._fields = file, fields
        self._parts: dict[str, Part] = {}
        self._part: Part | None = None
        self._header, self._value, self._disposition = bytearray(), bytearray(), b""
        self._is_complete = False
        self._parser = self._parser_for(content_type)

    def take(self, piece: bytes) -> None:
        """Parse the next piece of the body."""
        try:
            self._parser.write(piece)
        except FormParserError as error:
            raise MalformedBody("The body is not a well-formed multipart form.") from error

    def photo(self) -> bytes:
        """The file that was sent; raises MalformedBody when the form did not end, InvalidRequest without a file."""
        if not self._is_complete:
            raise MalformedBody("The form ends before its closing boundary.")
        if self._file not in self._parts:
            raise _wrong(self._file, "Send the photo as a file part of this name.")
        return bytes(self._parts[self._file].content)

    def text(self, name: str) -> str | None:
        """The value of one field, if it was sent; raises InvalidRequest when it is not UTF-8."""
        if name not in self._parts:
            return None
        try:
            return self._parts[name].content.decode()
        except UnicodeDecodeError as error:
            raise _wrong(name, "The text must be UTF-8.") from error

    def _parser_for(self, content_type: str) -> MultipartParser:
        boundary = parse_options_header(content_type)[1].get(b"boundary")
        if not boundary:
            raise MalformedBody("The Content-Type of the form names no boundary.")
        try:
            return MultipartParser(
                boundary,
                {
                    "on_part_begin": self._begin_part,
                    "on_header_field": lambda data, start, end: self._header.extend(data[start:end]),
                    "on_header_value": lambda data, start, end: self._value.extend(data[start:end]),
                    "on_header_end": self._end_header,
                    "on_headers_finished": self._name_part,
                    "on_part_data": self._add,
                    "on_end": self._end,
                },
            )
        except FormParserError as error:
            raise MalformedBody("The form's boundary is too long.") from error

    def _begin_part(self) -> None:
        self._part, self._disposition = None, b""

    def _end_header(self) -> None:
        if self._header.lower() == b"content-disposition":
            self._disposition = bytes(self._value)
        self._header.clear()
        self._value.clear()

    def _name_part(self) -> None:
        options = parse_options_header(self._disposition)[1]
        name = options.get(b"name", b"").decode(errors="replace")
        is_file = b"filename" in options
        if not is_file and name == self._file:
            raise _wrong(name, "Send the photo as a file part, with a file name.")
        if name not in {self._file, *self._fields} or is_file != (name == self._file):
            expected = ", ".join(sorted({self._file, *self._fields}))
            raise InvalidRequest([Wrong("body", f"The form may have these parts: {expected}.")])
        if name in self._parts:
            raise _wrong(name, "The part comes twice.")
        self._part = self._parts[name] = Part(name, is_file)

    def _add(self, data: bytes, start: int, end: int) -> None:
        part = self._part
        if part is None:
            raise MalformedBody("A part of the form has no headers.")
        if not part.is_file and len(part.content) + end - start > MAX_FIELD_BYTES:
            raise _wrong(part.name, f"At most {MAX_FIELD_BYTES:,} bytes.")
        part.content += memoryview(data)[start:end]

    def _end(self) -> None:
        self._is_complete = True


def _wrong(name: str, problem: str) -> InvalidRequest:
    return InvalidRequest([Wrong(f"body.{name}", problem)])
