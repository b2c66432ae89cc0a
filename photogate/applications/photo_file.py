"""What can be known of a submitted file without decoding it: its type, its dimensions, its digest."""

import hashlib
import io
from dataclasses import dataclass
from functools import cached_property

import imagesize

from photogate.errors import PhotogateError
from photogate.screening.profile import IssuerProfile
from photogate.settings import Settings

MAX_HEADER_READS, MAX_HEADER_BYTES = 10_000, 1_000_000
"""Far more than any camera's header takes (some 50 reads, some 500 bytes); a hostile one has no end."""

HEIF_BRANDS = (b"heic", b"heix", b"hevc", b"hevx", b"mif1", b"msf1", b"heim", b"heis")


class TypeUnsupported(PhotogateError):
    """Not one of the four formats, whatever its name or Content-Type says."""

    status, code, title = 415, "FILE_TYPE_UNSUPPORTED", "This is not a photo in a supported format"


class FileTooLarge(PhotogateError):
    """More bytes than the limit."""

    status, code, title = 413, "FILE_SIZE", "The file is too large"


class DimensionsRefused(PhotogateError):
    """More or fewer pixels than can be used."""

    status, code, title = 422, "IMAGE_TOO_LARGE", "The picture has too many pixels"


class TooSmall(DimensionsRefused):
    """Too few pixels for a face on a card."""

    code, title = "IMAGE_TOO_SMALL", "The picture is too small"


class FileUnreadable(PhotogateError):
    """The beginning looks right, but the header tells no dimensions."""

    status, code, title = 422, "FILE_UNREADABLE", "The file cannot be read as a photo"


@dataclass(frozen=True)
class PhotoFile:
    """A file that passed intake: nothing of it has been decoded. `width` and `height` are pixels as stored."""

    content: bytes
    media_type: str
    width: int
    height: int

    @cached_property
    def sha256(self) -> str:
        """The digest that the photo goes by from here to the printer."""
        return hashlib.sha256(self.content).hexdigest()


def inspect(content: bytes, settings: Settings, profile: IssuerProfile) -> PhotoFile:
    """Check size, type by magic bytes and header dimensions; raises the error that names what is wrong."""
    if len(content) > settings.max_photo_bytes:
        raise FileTooLarge(f"The file has {len(content):,} bytes; at most {settings.max_photo_bytes:,} are accepted.")
    media_type = sniff(content)
    width, height = _dimensions(content)
    if width * height > settings.max_photo_pixels:
        raise DimensionsRefused(
            f"The picture has {width} × {height} pixels; at most {settings.max_photo_pixels:,} in all are accepted."
        )
    if min(width, height) < profile.min_short_side_px:
        raise TooSmall(
            f"The picture has {width} × {height} pixels; each side needs at least {profile.min_short_side_px}."
        )
    return PhotoFile(content, media_type, width, height)


def sniff(content: bytes) -> str:
    """The media type by the first bytes; raises TypeUnsupported."""
    if not content:
        raise TypeUnsupported("The file is empty.")
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    if content[4:8] == b"ftyp" and content[8:12] in HEIF_BRANDS:
        return "image/heic"
    raise TypeUnsupported("The file is not a JPEG, PNG, WebP or HEIC photo.")


def _dimensions(content: bytes) -> tuple[int, int]:
    try:
        width, height = imagesize.get(_Header(content), exif_rotation=False)
    except Exception as error:  # the parser meets hostile bytes and documents no closed list of errors
        raise FileUnreadable("The file's header is broken.") from error
    if width <= 0 or height <= 0:
        raise FileUnreadable("The file's header does not tell the picture's dimensions.")
    return width, height


class _Header(io.BytesIO):
    """A file that gives so many answers and no more."""

    def __init__(self, content: bytes) -> None:
        super().__init__(content)
        self._reads_left, self._bytes_left = MAX_HEADER_READS, MAX_HEADER_BYTES

    def read(self, size: int | None = -1, /) -> bytes:
        piece = super().read(size)
        self._reads_left -= 1
        self._bytes_left -= len(piece)
        if min(self._reads_left, self._bytes_left) < 0:
            raise ValueError
        return piece
