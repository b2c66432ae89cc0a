"""The annotated picture stands alone, says what the messages say, and nothing else."""

import base64
import hashlib
import re
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from photogate.messages.composing import messages
from photogate.messages.drawing import POLICY, STYLE, WIDTH, Shown, annotated, wanted_place
from photogate.messages.languages import ARABIC, ENGLISH, LANGUAGES
from photogate.screening.measurements import BoundingBox
from photogate.screening.reasons import Disposition, Reason, ReasonCode
from photogate.screening.verdicts import Verdict
from tests.unit.photogate.messages.made import REASONS, leaks

SVG = "{http://www.w3.org/2000/svg}"
JPEG = b"\xff\xd8 a picture \xff\xd9"
FACE = BoundingBox(200, 100, 48, 60)
PHOTO = Shown(JPEG, 600, 800, (FACE,))
SMALL = [Reason(ReasonCode.HEAD_SIZE, Disposition.RETRY, native=0.06, threshold=0.1).to_json()]


def picture(kept=SMALL, language=ENGLISH, photo=PHOTO, verdict=Verdict.RESUBMISSION_REQUESTED):
    return annotated(photo, messages(kept, verdict, language), language)


def read(svg):
    return ET.fromstring(svg)


def words(svg):
    return " ".join(text.text for text in read(svg).iter(f"{SVG}text"))


@pytest.mark.parametrize("language", LANGUAGES.values(), ids=lambda language: language.tag)
def test_it_shows_the_photo_the_face_its_place_and_the_message_in_words(language):
    svg = read(picture(language=language))
    [image] = svg.iter(f"{SVG}image")
    assert base64.b64decode(image.get("href").partition(",")[2]) == JPEG
    [found] = [box for box in svg.iter(f"{SVG}rect") if box.get("class") == "found" and box.get("height") == "60"]
    assert (found.get("x"), found.get("y"), found.get("width")) == ("200", "100", "48")
    assert any(place.get("class") == "wanted" for place in svg.iter(f"{SVG}ellipse"))
    [message] = messages(SMALL, Verdict.RESUBMISSION_REQUESTED, language)
    for sentence in (message.title, message.text, message.action):
        assert sentence in words(picture(language=language))
        assert sentence in svg.find(f"{SVG}desc").text


def test_it_says_its_language_and_direction_and_begins_lines_where_the_language_does():
    svg = read(picture(language=ARABIC))
    assert (svg.get("lang"), svg.get("direction"), svg.get("role")) == ("ar", "rtl", "img")
    assert all(float(text.get("x")) > WIDTH / 2 for text in svg.iter(f"{SVG}text"))
    assert all(float(text.get("x")) < WIDTH / 2 for text in read(picture()).iter(f"{SVG}text"))


def test_it_runs_nothing_and_refers_to_nothing():
    written = picture().decode()
    assert re.findall(r"<script|\bon\w+=|url\(|@import|<foreignObject|<a\b|<use", written) == []
    assert re.findall(r'href="(?!data:image/jpeg;base64,)', written) == []
    assert re.findall(r"https?://(?!www\.w3\.org/2000/svg)", written) == []


def test_the_policy_allows_its_own_style_and_its_own_picture_alone():
    digest = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
    assert f"<style>{STYLE}</style>" in picture().decode()
    assert (
        f"default-src 'none'; img-src data:; style-src 'sha256-{digest}'; frame-ancestors 'none'; sandbox"
    ) == POLICY


def test_no_line_of_text_is_wider_than_the_picture():
    everything = [Reason(code, Disposition.RETRY, native=7.0, threshold=6).to_json() for code in ReasonCode]
    for language in LANGUAGES.values():
        svg = read(picture(everything, language))
        assert max(len(text.text) for text in svg.iter(f"{SVG}text")) <= 68
        lowest = max(float(text.get("y")) for text in svg.iter(f"{SVG}text"))
        assert float(svg.get("viewBox").split()[3]) > lowest


@given(width=st.integers(16, 20_000), height=st.integers(16, 20_000))
def test_the_place_for_the_face_lies_within_the_photo(width, height):
    place = {name: float(value) for name, value in wanted_place(width, height).items()}
    assert 0 <= place["cx"] - place["rx"] < place["cx"] + place["rx"] <= width
    assert 0 <= place["cy"] - place["ry"] < place["cy"] + place["ry"] <= height


def test_a_photo_that_is_only_blurred_shows_no_place_for_the_face():
    svg = read(picture([Reason(ReasonCode.NOT_SHARP, Disposition.RETRY).to_json()]))
    assert not list(svg.iter(f"{SVG}ellipse"))


@given(kept=REASONS, language=st.sampled_from(list(LANGUAGES.values())), verdict=st.sampled_from(Verdict))
def test_nothing_internal_is_in_any_picture(kept, language, verdict):
    assert leaks(kept, picture(kept, language, verdict=verdict).decode()) == []
