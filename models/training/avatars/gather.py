"""A folder of placeholders from avatar and emoji libraries, with a manifest like every other folder of pictures."""

import hashlib
import io
import json
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
from numpy.random import Generator
from PIL import Image, ImageOps, UnidentifiedImageError

from models.training.avatars.packages import AvatarError, Drawn, Emoji, Packages, draw, install
from models.training.duplicates import fingerprint
from models.training.manifest import Row, write_manifest

Watch = Callable[[list[Path], str], Iterable[Path]]
"""Shows progress over the files of one package."""

_SMALLEST_PX = 96
_ENLARGED_PX = 128
_DRAWN_PX = 224
_FONT = "DejaVu Sans"
_PEOPLE = frozenset({"person", "person-role", "person-fantasy", "person-gesture", "person-sport", "person-activity"})
_ANIMAL_FACES = frozenset({"monkey-face", "cat-face"})


def gather(wanted: Packages, out: Path, place: Path, watch: Watch, seed: int = 7) -> list[Row]:
    """Install under `place`, draw, and write OUT/PACKAGE/*.png with OUT/manifest.csv; AvatarError where that fails."""
    out.mkdir(parents=True, exist_ok=True)
    install(wanted, place)
    names = place / "node_modules" / wanted.emoji_names / "emoji.json"
    subjects = subjects_of(json.loads(names.read_text(encoding="utf-8"))) if wanted.emoji else {}
    rng = np.random.default_rng(seed)
    rows: list[Row] = []
    for package in wanted.all:
        files = chosen(package, place, subjects, rng) if isinstance(package, Emoji) else draw(package, place)
        if not files:
            raise AvatarError(f"{package.package} {package.version} holds none of the pictures that were expected")
        rows += [_kept(file, package, out, rng) for file in watch(files, package.package)]
    write_manifest(out, rows)
    return rows


def subjects_of(names: list[dict[str, object]]) -> dict[str, str]:
    """Code points, without variation selectors → people, faces, animals or things; `names` is emoji-data's table."""
    found = {}
    for emoji in names:
        subject = _subject(str(emoji["category"]), str(emoji["subcategory"]))
        tones = emoji.get("skin_variations", {}) if subject == "people" else {}
        for form in (emoji, *(tones.values() if isinstance(tones, dict) else ())):
            found[_code_points(str(form["unified"]))] = subject
    return found


def chosen(package: Emoji, place: Path, subjects: dict[str, str], rng: Generator) -> list[Path]:
    """As many files of each subject as the package's entry asks for, drawn by lot."""
    here = place / "node_modules" / package.package
    files = {_code_points(file.stem): file for file in sorted(here.glob(package.pictures))}
    taken = []
    for subject in ("people", "faces", "animals", "things"):
        of_it = [file for code, file in files.items() if subjects.get(code) == subject]
        order = rng.permutation(len(of_it))[: getattr(package, subject)]
        taken += [of_it[index] for index in sorted(order)]
    return taken


def on_paper(picture: Image.Image, rng: Generator) -> Image.Image:
    """Lay a picture with transparent parts on white, grey, a colour or a gradient; RGB, at least 96 px each way."""
    picture = picture.convert("RGBA")
    if min(picture.size) < _SMALLEST_PX:
        picture = ImageOps.contain(picture, (_ENLARGED_PX, _ENLARGED_PX), Image.Resampling.LANCZOS)
    ground = Image.new("RGB", picture.size, _colour(rng))
    if rng.random() < 0.25:  # noqa: PLR2004 a quarter
        ramp = Image.linear_gradient("L").rotate(rng.uniform(0, 360)).resize(picture.size)
        ground.paste(_colour(rng), mask=ramp)
    ground.paste(picture, mask=picture.getchannel("A"))
    return ground


def _kept(file: Path, package: Emoji | Drawn, out: Path, rng: Generator) -> Row:
    """Write one picture into the folder of its style, and its line for the table."""
    style = file.parent.name if isinstance(package, Drawn) else package.package.lstrip("@").replace("/", "-")
    path = out / style / f"{file.stem}.png"
    path.parent.mkdir(parents=True, exist_ok=True)
    picture = on_paper(opened(file), rng)
    written = io.BytesIO()
    picture.save(written, "PNG")
    path.write_bytes(written.getvalue())
    return Row(
        file=path.relative_to(out).as_posix(),
        label="placeholder",
        source_repo=f"npm:{package.package}/{style}",
        licence=package.licence,
        sha256=hashlib.sha256(written.getvalue()).hexdigest(),
        commit=package.version,
        original_path=file.name,
        width=str(picture.width),
        height=str(picture.height),
        phash=f"{fingerprint(np.asarray(picture)).phash:016x}",
    )


def opened(file: Path) -> Image.Image:
    """A picture of a package, drawn where it is an SVG; raises `AvatarError`."""
    try:
        if file.suffix == ".svg":
            return Image.open(io.BytesIO(_rendered(file.read_text(encoding="utf-8"))))
        return Image.open(file)
    except (OSError, UnidentifiedImageError, ValueError) as error:
        raise AvatarError(f"{file.name} of a package cannot be drawn: {error}") from None


def _rendered(svg: str) -> bytes:
    """A PNG of an SVG, 224 px high and wide; all letters are of the font that comes with matplotlib.

    Without a font for the family that an SVG asks for, its letters would be missing without a word.
    """
    try:
        import matplotlib as mpl  # noqa: PLC0415 its font is needed here alone
        from resvg_py import svg_to_bytes  # noqa: PLC0415 and so is the renderer
    except ImportError:
        raise AvatarError("resvg-py or matplotlib is not installed; both come with the train extra") from None
    font = Path(mpl.get_data_path()) / "fonts/ttf/DejaVuSans.ttf"
    drawn = svg_to_bytes(
        svg_string=svg,
        width=_DRAWN_PX,
        height=_DRAWN_PX,
        skip_system_fonts=True,
        font_files=[str(font)],
        font_family=_FONT,
        sans_serif_family=_FONT,
        serif_family=_FONT,
        monospace_family=_FONT,
    )
    return bytes(drawn)


def _subject(category: str, subcategory: str) -> str:
    if subcategory in _ANIMAL_FACES or subcategory.startswith("animal-"):
        return "animals"
    if subcategory in _PEOPLE:
        return "people"
    if subcategory.startswith("face-"):
        return "faces"
    return "flags" if category == "Flags" else "things"


def _code_points(name: str) -> str:
    return "-".join(point for point in name.lower().split("-") if point != "fe0f")


def _colour(rng: Generator) -> tuple[int, ...]:
    """White, a grey, any colour or a pale one, as grounds of avatars are."""
    kind = rng.random()
    if kind < 0.3:  # noqa: PLR2004 white is the most common
        return (255, 255, 255)
    if kind < 0.5:  # noqa: PLR2004 then grey
        return (int(rng.integers(0, 256)),) * 3
    paleness = 0.35 if rng.random() < 0.5 else 1.0  # noqa: PLR2004 as often pale as full
    return tuple(int(255 - (255 - level) * paleness) for level in rng.integers(0, 256, 3))
