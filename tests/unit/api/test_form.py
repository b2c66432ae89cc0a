"""A form that arrives in pieces."""

from contextlib import suppress
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.form import Form
from photogate.errors import PhotogateError

HEAD = b'--gate\r\nContent-Disposition: form-data; name="reference"\r\n\r\nZo\xc3\xab\r\n'
PHOTO_HEAD = b'--gate\r\ncontent-disposition: form-data; name="photo"; filename="a.jpg"\r\nX-Other: 1\r\n\r\n'
END = b"\r\n--gate--\r\n"


def form(*pieces: bytes) -> Form:
    made = Form("multipart/form-data; boundary=gate", file="photo", fields=frozenset({"reference"}))
    for piece in pieces:
        made.take(piece)
    return made


@given(photo=st.binary(max_size=300), cuts=st.lists(st.integers(0, 600), max_size=8))
def test_however_it_is_cut_the_form_is_the_same(photo, cuts):
    body = HEAD + PHOTO_HEAD + photo.replace(b"--gate", b"") + END
    places = [0, *sorted(cuts), len(body)]
    made = form(*(body[start:end] for start, end in pairwise(places)))
    assert (made.photo(), made.text("reference")) == (photo.replace(b"--gate", b""), "Zoë")


@given(st.lists(st.sampled_from([HEAD, PHOTO_HEAD, END, b"--gate", b"\r\n", b"--", b":", b"x", b"\xff"]), max_size=12))
def test_no_body_meets_anything_but_a_typed_answer(pieces):
    with suppress(PhotogateError):
        made = form(*pieces)
        assert isinstance(made.photo(), bytes)
        assert made.text("reference") != ""


def test_a_field_that_was_not_sent_is_none():
    assert form(PHOTO_HEAD, b"x", END).text("reference") is None


def test_a_form_without_its_end_has_no_photo():
    with pytest.raises(PhotogateError, match="ends before its closing boundary"):
        form(PHOTO_HEAD, b"x").photo()
