"""What intake knows of a file without decoding it."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from photogate.applications.photo_file import inspect
from photogate.applications.profiles import load_profile
from photogate.errors import PhotogateError
from photogate.settings import Settings

SETTINGS, PROFILE = Settings(), load_profile("default")


def encoded(media: str, size: tuple[int, int] = (200, 300)) -> bytes:
    kept = io.BytesIO()
    Image.new("RGB", size, "grey").save(kept, media)
    return kept.getvalue()


@pytest.mark.parametrize(
    ("media", "media_type"), [("JPEG", "image/jpeg"), ("PNG", "image/png"), ("WEBP", "image/webp")]
)
def test_a_photo_is_known_by_its_bytes(media, media_type):
    file = inspect(encoded(media), SETTINGS, PROFILE)
    assert (file.media_type, file.width, file.height) == (media_type, 200, 300)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "FILE_TYPE_UNSUPPORTED"),
        (b"plain text", "FILE_TYPE_UNSUPPORTED"),
        (b"GIF89a" + bytes(50), "FILE_TYPE_UNSUPPORTED"),
        (b"\xff\xd8\xff", "FILE_UNREADABLE"),
        (b"\x89PNG\r\n\x1a\n", "FILE_UNREADABLE"),
        (encoded("PNG", (60, 900)), "IMAGE_TOO_SMALL"),
        (encoded("PNG", (119, 119)), "IMAGE_TOO_SMALL"),
    ],
)
def test_what_cannot_be_a_portrait_is_refused_by_name(content, code):
    with pytest.raises(PhotogateError) as refused:
        inspect(content, SETTINGS, PROFILE)
    assert refused.value.code == code
    assert refused.value.detail.endswith(".")


def test_a_bomb_is_refused_by_its_header():
    header = bytearray(encoded("PNG")[:33])
    header[16:24] = (10_000).to_bytes(4, "big") * 2
    with pytest.raises(PhotogateError, match=r"10000 × 10000 pixels") as refused:
        inspect(bytes(header), SETTINGS, PROFILE)
    assert refused.value.code == "IMAGE_TOO_LARGE"


def test_a_header_that_does_not_come_to_the_point_is_refused():
    jpeg, empty_segment = encoded("JPEG"), b"\xff\xe0\x00\x02"
    assert inspect(jpeg[:2] + empty_segment * 100 + jpeg[2:], SETTINGS, PROFILE).width == 200
    with pytest.raises(PhotogateError) as refused:
        inspect(jpeg[:2] + empty_segment * 100_000 + jpeg[2:], SETTINGS, PROFILE)
    assert refused.value.code == "FILE_UNREADABLE"


def test_the_sides_are_those_of_the_stored_pixels():
    kept, exif = io.BytesIO(), Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (200, 300), "grey").save(kept, "JPEG", exif=exif)
    file = inspect(kept.getvalue(), SETTINGS, PROFILE)
    assert (file.width, file.height) == (200, 300)


def test_too_many_bytes_are_refused():
    with pytest.raises(PhotogateError) as refused:
        inspect(bytes(SETTINGS.max_photo_bytes + 1), SETTINGS, PROFILE)
    assert refused.value.status == 413


@given(
    st.binary(max_size=400),
    st.sampled_from([b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF....WEBP", b"....ftypheic"]),
)
def test_no_bytes_meet_anything_but_a_typed_answer(noise, magic):
    try:
        file = inspect(magic + noise, SETTINGS, PROFILE)
    except PhotogateError:
        return
    assert min(file.width, file.height) >= PROFILE.min_short_side_px
