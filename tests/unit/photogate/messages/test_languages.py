"""Which language a request asks for, and how each writes its numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from photogate.messages.languages import ARABIC, ENGLISH, FRENCH, LANGUAGES, negotiate

TAGS = st.sampled_from(["en", "fr", "ar", "de", "fr-CA", "ar-EG", "*", "zh-Hant-TW"])
RANGES = st.tuples(TAGS, st.sampled_from(["", ";q=0", ";q=0.001", ";q=0.5", ";q=1", ";q=1.000"]))


@pytest.mark.parametrize(
    ("accepted", "spoken"),
    [
        (None, ENGLISH),
        ("", ENGLISH),
        ("fr", FRENCH),
        ("AR", ARABIC),
        ("fr-CA, en;q=0.8", FRENCH),
        ("en;q=0.2, ar;q=0.9, fr;q=0.5", ARABIC),
        ("de, ar-EG;q=0.1", ARABIC),
        ("de-CH, ja", ENGLISH),
        ("*", ENGLISH),
        ("en;q=0, *", FRENCH),
        ("en;q=0.1, *;q=0.8", FRENCH),
        ("fr;q=0", ENGLISH),
        ("fr ; q=0.5 , ar ; q=0.6", ARABIC),
        ("fr;q=2, ar;q=0.1", ARABIC),
        ("fr;q=0.12345", ENGLISH),
        ("fr, ar", FRENCH),
        ("ar, fr", ARABIC),
        (";;,,fr_FR,\x00,fr", FRENCH),
    ],
)
def test_the_best_liked_language_that_there_is_answers(accepted, spoken):
    assert negotiate(accepted) is spoken


@given(st.text(max_size=200))
def test_whatever_the_header_says_some_language_answers(accepted):
    assert negotiate(accepted) in LANGUAGES.values()


@given(st.lists(RANGES, unique_by=lambda part: part[0].partition("-")[0].lower()))
def test_no_language_that_is_refused_answers_while_another_one_is_accepted(parts):
    answer = negotiate(", ".join(name + quality for name, quality in parts))
    said = {name.partition("-")[0]: quality != ";q=0" for name, quality in parts}
    if any(said.get(tag) for tag in LANGUAGES):
        assert said.get(answer.tag, said.get("*"))


@pytest.mark.parametrize(
    ("language", "shares"),
    [
        (ENGLISH, ("6\N{NO-BREAK SPACE}%", "10\N{NO-BREAK SPACE}%")),
        (FRENCH, ("6\N{NARROW NO-BREAK SPACE}%", "10\N{NARROW NO-BREAK SPACE}%")),
        (ARABIC, ("٦٪", "١٠٪")),
    ],
)
def test_a_share_is_written_as_the_language_writes_it(language, shares):
    assert language.told_apart(0.06, 0.1) == shares


@given(value=st.floats(0, 1), limit=st.floats(0, 1))
def test_figures_that_differ_are_written_differently_as_far_as_anybody_would_care(value, limit):
    one, other = FRENCH.told_apart(value, limit)
    assert one != other or abs(value - limit) <= 1e-6


def test_decimals_follow_the_language():
    assert [spoken.number(1234.50, 2) for spoken in LANGUAGES.values()] == ["1234.5", "1234,5", "١٢٣٤٫٥"]
