"""Translations: `locale/*.po` as translators edit them, read once a process and looked up by the standard library.

There is no compiled file that could be forgotten or differ: a catalogue is compiled in memory, in two milliseconds.
"""

import io
import json
import struct
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from gettext import GNUTranslations, NullTranslations
from importlib.resources import files
from itertools import accumulate

from photogate.messages.languages import ENGLISH, Language

_MAGIC, _HEADER_BYTES = 0x950412DE, 28


class CatalogueError(ValueError):
    """A .po file that cannot be read; the sentence names the line."""


@cache
def catalogue(language: Language) -> NullTranslations:
    """What translates into a language; English stands in the code."""
    return NullTranslations() if language == ENGLISH else compiled(entries(written(language)))


def written(language: Language) -> str:
    """The language's .po file."""
    return (files("photogate.messages") / "locale" / f"{language.tag}.po").read_text("utf-8")


def entries(po: str) -> dict[str, str]:
    """What a .po file translates, in the form of a .mo file: singular, plural and the plural's forms joined by NUL.

    What is marked as fuzzy, or has no translation, is left out. Raises CatalogueError.
    """
    found = {}
    for number, block in enumerate(po.strip().split("\n\n"), 1):
        lines = [line for line in block.splitlines() if line and not line.startswith("#")]
        if lines and "fuzzy" not in "".join(line for line in block.splitlines() if line.startswith("#,")):
            fields = _fields(lines, number)
            said = [text for name, text in fields.items() if name.startswith("msgstr")]
            if all(said):
                found["\0".join(_ids(fields))] = "\0".join(said)
    return found


def compiled(translated: Mapping[str, str]) -> GNUTranslations:
    """The catalogue behind entries, in the binary form of GNU gettext."""
    pairs = sorted((name.encode(), text.encode()) for name, text in translated.items())
    names, texts = zip(*pairs, strict=True)
    tables_end = _HEADER_BYTES + 16 * len(pairs)
    names_end = tables_end + sum(len(name) + 1 for name in names)
    header = struct.pack("<7I", _MAGIC, 0, len(pairs), _HEADER_BYTES, _HEADER_BYTES + 8 * len(pairs), 0, 0)
    tables = _table(names, tables_end) + _table(texts, names_end)
    return GNUTranslations(io.BytesIO(header + tables + b"".join(part + b"\0" for part in (*names, *texts))))


def _table(parts: Iterable[bytes], start: int) -> bytes:
    lengths = [len(part) for part in parts]
    places = accumulate((length + 1 for length in lengths), initial=start)
    return b"".join(struct.pack("<2I", length, place) for length, place in zip(lengths, places, strict=False))


def _fields(lines: list[str], number: int) -> dict[str, str]:
    """`msgid`, `msgid_plural` and each `msgstr` of one entry; what is quoted on further lines belongs to the last."""
    fields: dict[str, str] = {}
    for line in lines:
        name, _, quoted = line.partition(" ") if not line.startswith('"') else (next(reversed(fields), ""), "", line)
        try:
            fields[name] = fields.get(name, "") + json.loads(quoted)
        except ValueError as error:
            raise CatalogueError(f"Entry {number} has a line that is not quoted as it should be: {line}") from error
    if "msgid" not in fields:
        raise CatalogueError(f"Entry {number} has no msgid.")
    return fields


def _ids(fields: Mapping[str, str]) -> Iterator[str]:
    yield fields["msgid"]
    if "msgid_plural" in fields:
        yield fields["msgid_plural"]
