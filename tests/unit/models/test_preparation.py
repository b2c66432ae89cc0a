import io
from pathlib import Path

import numpy as np
import pytest
from PIL import ExifTags, Image

from models.decoding import PhotoTooLarge
from models.detection.compact import CompactDetector
from models.detection.face import Face
from models.drawings import draw
from models.preparation import CROP_PX, Limits, face_crop, prepare
from models.quality.measure import MEASURES, NOT_ASSESSED

SAMPLES = Path(__file__).parents[3] / "samples"


@pytest.fixture(scope="module")
def detector() -> CompactDetector:
    return CompactDetector.load()


def jpeg(picture: Image.Image, **options: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=92, **options)
    return out.getvalue()


def portrait(size: tuple[int, int] = (512, 600)) -> Image.Image:
    return Image.open(SAMPLES / "portrait_hopper.jpg").convert("RGB").resize(size)


def test_a_portrait_becomes_a_crop_a_review_copy_a_box_and_its_quality(detector):
    prepared = prepare(jpeg(portrait()), detector)
    assert prepared.crop.shape == (CROP_PX, CROP_PX, 3)
    assert prepared.crop.dtype == np.uint8
    assert (prepared.width_px, prepared.height_px) == (512, 600)
    assert len(prepared.faces) == 1
    assert tuple(prepared.quality) == MEASURES
    assert prepared.quality["luminance_mean"].score > 50
    assert prepared.quality["compression_artifacts"].native == pytest.approx(92, abs=2)
    assert prepared.quality["eyes_open"] == NOT_ASSESSED
    assert set(prepared.ms) == {"decode", "detect", "crop", "quality", "review_copy"}


def test_a_picture_without_a_face_is_kept_whole_and_has_no_face_quality(detector):
    blank = draw("text_page", np.random.default_rng(2), 300)
    prepared = prepare(jpeg(blank), detector)
    assert prepared.faces == ()
    assert prepared.quality == {}
    assert prepared.crop.shape == (CROP_PX, CROP_PX, 3)


def test_boxes_are_in_pixels_of_the_full_photo_though_a_smaller_one_was_searched(detector):
    (small,) = prepare(jpeg(portrait((512, 600))), detector).faces
    (large,) = prepare(jpeg(portrait((2560, 3000))), detector).faces
    assert large.width / 5 == pytest.approx(small.width, rel=0.15)
    assert large.y / 5 == pytest.approx(small.y, abs=40)


def test_a_sideways_phone_photo_gives_the_crop_of_the_upright_one(detector):
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    sideways = jpeg(portrait().transpose(Image.Transpose.ROTATE_90), exif=exif.tobytes())
    turned, upright = prepare(sideways, detector), prepare(jpeg(portrait()), detector)
    assert (turned.width_px, turned.height_px) == (512, 600)
    assert np.abs(turned.crop.astype(int) - upright.crop).mean() < 12


def test_the_review_copy_is_small_enough_upright_and_carries_no_metadata(detector):
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 8
    exif[ExifTags.Base.Make] = "a camera"
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitudeRef] = "N"
    stored = Image.new("RGB", (4000, 1200), "olive")
    prepared = prepare(jpeg(stored, exif=exif.tobytes(), comment=b"taken at home"), detector)
    copy = Image.open(io.BytesIO(prepared.review_copy))
    assert copy.format == "JPEG"
    assert max(copy.size) <= 1600
    assert copy.size[0] < copy.size[1]
    assert not copy.getexif()
    assert b"taken at home" not in prepared.review_copy
    assert b"a camera" not in prepared.review_copy


def test_the_same_photo_gives_the_same_crop_and_copy_byte_for_byte(detector):
    data = jpeg(portrait())
    first, again = prepare(data, detector), prepare(data, detector)
    assert first.crop.tobytes() == again.crop.tobytes()
    assert first.review_copy == again.review_copy


def test_limits_are_the_callers(detector):
    with pytest.raises(PhotoTooLarge):
        prepare(jpeg(portrait()), detector, Limits(max_pixels=100_000))


@pytest.mark.parametrize("size", [(1, 1), (1, 3000), (2000, 3), (17, 40)])
def test_a_tiny_or_thin_picture_still_gives_a_crop(detector, size):
    assert prepare(jpeg(Image.new("RGB", size)), detector).crop.shape == (CROP_PX, CROP_PX, 3)


def test_a_face_at_the_edge_is_cropped_inside_the_picture_and_never_padded():
    pixels = np.zeros((400, 400, 3), np.uint8)
    pixels[:200, :200] = 255
    crop = face_crop(pixels, [Face(0, 0, 100, 100, score=9)])
    assert (crop == 255).all()


def test_a_narrow_and_a_wide_box_of_the_same_area_show_the_same_head():
    pixels = np.random.default_rng(1).integers(0, 256, (400, 400, 3), np.uint8)
    narrow, wide = Face(160, 150, 80, 100, score=9), Face(150, 160, 100, 80, score=9)
    assert np.array_equal(face_crop(pixels, [narrow]), face_crop(pixels, [wide]))


def test_the_crop_has_room_around_the_face():
    pixels = np.zeros((400, 400, 3), np.uint8)
    pixels[150:250, 150:250] = 255
    share = (face_crop(pixels, [Face(150, 150, 100, 100, score=9)]) > 127).mean()
    assert share == pytest.approx(1 / 1.775**2, abs=0.02)
