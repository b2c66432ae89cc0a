"""Fetching a file of a known SHA-256: with a progress bar, going on where it stopped, and in one step into place."""

import hashlib
import shutil
from pathlib import Path

import httpx
from rich.console import Console
from rich.progress import DownloadColumn, Progress, TimeRemainingColumn, TransferSpeedColumn

_CHUNK_BYTES = 1 << 20
_TIMEOUT_S = 30.0
_PARTIAL_CONTENT, _RANGE_NOT_SATISFIABLE = 206, 416


class DownloadFailed(Exception):
    """A file that could not be fetched, or that is not the one that was asked for; the message is one sentence."""


def fetched(where: str, target: Path, sha256: str) -> None:
    """Bring a file from a path or an http(s) address to `target`; raises `DownloadFailed`.

    What was interrupted stays beside the target as `.part`, and the next call goes on from there.
    """
    part = target.with_name(f"{target.name}.{sha256[:12]}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        if where.startswith(("http://", "https://")):
            _download(where, part)
        else:
            shutil.copyfile(where, part)
        _require(part, sha256, where)
        part.replace(target)
    except httpx.HTTPError as error:
        why = str(error)
        raise DownloadFailed(f"{where} could not be fetched: {why or type(error).__name__}.") from error
    except httpx.InvalidURL as error:
        raise DownloadFailed(f"{where} is no address.") from error
    except OSError as error:
        raise DownloadFailed(f"{where} could not be kept in {target.parent}: {error.strerror or error}.") from error


def _download(url: str, part: Path) -> None:
    there = part.stat().st_size if part.exists() else 0
    headers = {"Accept-Encoding": "identity", **({"Range": f"bytes={there}-"} if there else {})}
    with httpx.stream("GET", url, headers=headers, follow_redirects=True, timeout=_TIMEOUT_S) as answer:
        if answer.status_code == _RANGE_NOT_SATISFIABLE:
            return  # all of it is there already; the hash will tell
        answer.raise_for_status()
        goes_on = answer.status_code == _PARTIAL_CONTENT and _begins_at(answer) == there
        _write(answer, part, there if goes_on else 0)


def _begins_at(answer: httpx.Response) -> int | None:
    """The first byte of a partial answer, as in `Content-Range: bytes 100-199/200`."""
    first = answer.headers.get("Content-Range", "").removeprefix("bytes ").partition("-")[0]
    return int(first) if first.isdigit() else None


def _write(answer: httpx.Response, part: Path, there: int) -> None:
    length = answer.headers.get("Content-Length", "")
    columns = *Progress.get_default_columns()[:2], DownloadColumn(), TransferSpeedColumn(), TimeRemainingColumn()
    with (
        part.open("ab" if there else "wb") as out,
        Progress(*columns, console=Console(stderr=True), transient=True) as progress,
    ):
        bar = progress.add_task("Fetching", total=there + int(length) if length.isdigit() else None, completed=there)
        for chunk in answer.iter_bytes():  # as they come: what arrived before a line broke is kept
            out.write(chunk)
            progress.advance(bar, len(chunk))


def _require(part: Path, sha256: str, where: str) -> None:
    digest = hashlib.sha256()
    with part.open("rb") as content:
        while chunk := content.read(_CHUNK_BYTES):
            digest.update(chunk)
    if digest.hexdigest() != sha256:
        part.unlink()
        raise DownloadFailed(
            f"{where} has the SHA-256 {digest.hexdigest()}, not the one that was asked for; it is not kept."
        )
