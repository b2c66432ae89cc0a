"""Every colour that carries words stands out from its ground (WCAG 2.2: 4.5 for text, 3 for borders and marks)."""

import re

import pytest

from review_ui.pages import STATIC

CSS = (STATIC / "parts.css").read_text()
LIGHT, DARK = (dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", block)) for block in CSS.split("@media", 2)[:2])
SCHEMES = {"light": LIGHT, "dark": LIGHT | DARK}

TEXT = [
    *[(words, ground) for words in ("ink", "soft", "accent") for ground in ("card", "paper")],
    *[(words, "card") for words in ("good", "ask", "bad")],
    ("ink", "well"),
    ("bad", "paper"),
    *[("ink", f"{tone}-wash") for tone in ("good", "ask", "bad")],
    *[(tone, f"{tone}-wash") for tone in ("ask", "bad")],
    *[("on-fill", f"{tone}-fill") for tone in ("accent", "good")],
]
MARKS = [("edge", "card"), ("edge", "well"), ("good", "card"), ("bad", "card"), ("accent", "paper"), ("edge", "paper")]
MARKS += [(tone, "well") for tone in ("accent", "good", "bad")]


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_contrast_is_reckoned_as_the_guidelines_do():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(("pairs", "least"), [(TEXT, 4.5), (MARKS, 3)], ids=["text", "marks"])
def test_words_and_marks_stand_out(scheme, pairs, least):
    tokens = SCHEMES[scheme]
    ratios = {pair: round(contrast(tokens[pair[0]], tokens[pair[1]]), 2) for pair in pairs}
    assert {pair: ratio for pair, ratio in ratios.items() if ratio < least} == {}
