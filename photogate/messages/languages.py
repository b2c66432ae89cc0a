"""The languages in which applicants are spoken to, and which of them a request asks for."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

WESTERN = "0123456789"
_RANGE = re.compile(r"([a-z]{1,8}(?:-[a-z0-9]{1,8})*|\*)(?:\s*;\s*q\s*=\s*(0(?:\.\d{0,3})?|1(?:\.0{0,3})?))?", re.ASCII)
_MAX_DECIMALS = 4


@dataclass(frozen=True, slots=True)
class Language:
    """A language by its tag (BCP 47), its own name for itself, its direction, and how it writes numbers."""

    tag: str
    name: str
    direction: str = "ltr"
    digits: str = WESTERN
    decimal_sign: str = "."
    percent: str = "{} %"

    def number(self, value: float, decimals: int = 0) -> str:
        """A number with so many decimals at most; zeros at its end are left out."""
        written = f"{value:.{decimals}f}"
        short = written.rstrip("0").rstrip(".") if decimals else written
        return short.translate(str.maketrans(f"{WESTERN}.", f"{self.digits}{self.decimal_sign}"))

    def share(self, value: float, decimals: int = 0) -> str:
        """A share of 1 in per cent."""
        return self.percent.format(self.number(value * 100, decimals))

    def told_apart(self, value: float, limit: float) -> tuple[str, str]:
        """Two shares in per cent with as few decimals as show that they differ, where they do."""
        for decimals in range(_MAX_DECIMALS):
            both = self.share(value, decimals), self.share(limit, decimals)
            if both[0] != both[1]:
                return both
        return self.share(value, _MAX_DECIMALS), self.share(limit, _MAX_DECIMALS)


ENGLISH = Language("en", "English", percent="{}\N{NO-BREAK SPACE}%")
FRENCH = Language("fr", "Français", decimal_sign=",", percent="{}\N{NARROW NO-BREAK SPACE}%")
ARABIC = Language(
    "ar",
    "العربية",
    direction="rtl",
    digits="٠١٢٣٤٥٦٧٨٩",
    decimal_sign="\N{ARABIC DECIMAL SEPARATOR}",
    percent="{}\N{ARABIC PERCENT SIGN}",
)

LANGUAGES: Mapping[str, Language] = MappingProxyType({spoken.tag: spoken for spoken in (ENGLISH, FRENCH, ARABIC)})
"""By tag; English, in which the messages are written, comes first."""


def negotiate(accepted: str | None) -> Language:
    """The language that an `Accept-Language` header likes best; English where it names none of ours (RFC 9110, 12.5.4).

    A range stands for what it begins with too, `fr-CA` for French (RFC 4647, Lookup); parts that are no range count as
    not said.
    """
    ranges = dict(_ranges(accepted or ""))
    named = {name.partition("-")[0] for name in ranges}
    for name in sorted(ranges, key=lambda name: -ranges[name]):  # of equals, the one that was named first
        if ranges[name] and (spoken := _meant(name, named)):
            return spoken
    return ENGLISH


def _ranges(accepted: str) -> Iterator[tuple[str, float]]:
    for part in accepted.lower().split(","):
        if found := _RANGE.fullmatch(part.strip()):
            name, quality = found.groups()
            yield name, 1.0 if quality is None else float(quality)


def _meant(name: str, named: set[str]) -> Language | None:
    """The language that a range means; `*` is the first one that the header does not name."""
    if name == "*":
        return next((spoken for tag, spoken in LANGUAGES.items() if tag not in named), None)
    return LANGUAGES.get(name.partition("-")[0])
