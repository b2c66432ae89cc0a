"""The table beside every folder of pictures: where each came from, under which licence, and what is known of it."""

import csv
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from models.training.errors import TrainingError

MANIFEST = "manifest.csv"
NEEDED = ("file", "label", "source_repo", "licence", "sha256")
LABELS = ("real", "placeholder", "other_no_face", "ai_generated")


class ManifestError(TrainingError):
    """The table is missing or is none."""


@dataclass(frozen=True, slots=True)
class Row:
    """One picture's line; the columns that docs/data.md calls optional may be empty."""

    file: str
    label: str
    source_repo: str
    licence: str
    sha256: str
    commit: str = ""
    original_path: str = ""
    width: str = ""
    height: str = ""
    person_id: str = ""
    attributes: str = ""
    processing: str = ""
    yunet_box_xywh: str = ""
    yunet_landmarks5: str = ""
    phash: str = ""


def read_manifest(data: Path) -> list[Row]:
    """Every line of a folder's table; ManifestError where there is none, it is empty, or a needed column lacks."""
    path = data / MANIFEST
    try:
        with path.open(encoding="utf-8", newline="") as lines:
            table = csv.DictReader(lines)
            missing = [name for name in NEEDED if name not in (table.fieldnames or ())]
            if missing:
                raise ManifestError(f"{path} lacks the column{'s'[: len(missing) > 1]} {', '.join(missing)}")
            rows = [_row(line) for line in table]
    except FileNotFoundError:
        raise ManifestError(f"There is no {MANIFEST} in {data}") from None
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise ManifestError(f"{path} cannot be read: {error}") from None
    if not rows:
        raise ManifestError(f"{path} names no picture")
    return rows


def write_manifest(data: Path, rows: Iterable[Row]) -> None:
    """Write a folder's table."""
    with (data / MANIFEST).open("w", encoding="utf-8", newline="") as lines:
        table = csv.DictWriter(lines, [field.name for field in fields(Row)])
        table.writeheader()
        table.writerows(asdict(row) for row in rows)


def _row(line: dict[str, str | None]) -> Row:
    return Row(**{field.name: (line.get(field.name) or "").strip() for field in fields(Row)})
