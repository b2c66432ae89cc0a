"""Where the benchmarks leave their numbers for whoever reads them next."""

import json
from dataclasses import asdict, is_dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "out"


def save(name: str, numbers: object) -> Path:
    """Write numbers (dataclasses, lists, dicts) to out/`name`.json."""
    FOLDER.mkdir(exist_ok=True)
    path = FOLDER / f"{name}.json"
    path.write_text(json.dumps(numbers, indent=2, ensure_ascii=False, default=_plain) + "\n")
    return path


def saved(name: str) -> Any:  # noqa: ANN401 - JSON has no narrower type
    """Read out/`name`.json; raises `FileNotFoundError` when no benchmark wrote it."""
    return json.loads((FOLDER / f"{name}.json").read_text())


def forget(name: str) -> None:
    """Remove out/`name`.json, so that an old number cannot pass for a new one."""
    (FOLDER / f"{name}.json").unlink(missing_ok=True)


def _plain(value: object) -> dict[str, object]:
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    raise TypeError(f"{type(value).__name__} is not written to JSON.")
