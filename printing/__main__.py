"""`python -m printing`: verify a release before a card is printed; 0 allows it, 1 refuses it, 2 says what is amiss."""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from printing.ledger import Ledger
from printing.verifier import KeySet, Refused, Release, Unusable, read_revoked, verify


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return the exit code."""
    wanted = _options().parse_args(arguments)
    try:
        print(_begin(wanted) if wanted.command == "begin" else _verify(wanted))  # noqa: T201 - the answer
    except Refused as refusal:
        print(refusal, file=sys.stderr)  # noqa: T201
        return 1
    except Unusable as unusable:
        print(unusable, file=sys.stderr)  # noqa: T201
        return 2
    return 0


def _options() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(prog="python -m printing", description=__doc__)
    commands = options.add_subparsers(dest="command", required=True)
    begin = commands.add_parser("begin", help="begin an empty ledger")
    begin.add_argument("ledger", type=Path)
    check = commands.add_parser("verify", help="verify a token for the bytes of a photo, and note that it is used")
    check.add_argument("token", help="the token, or @FILE to read it from a file")
    check.add_argument("photo", type=Path)
    check.add_argument("--keys", type=Path, required=True, help="a saved copy of /v1/print-keys")
    check.add_argument("--revoked", type=Path, help="a saved copy of /v1/print-releases/revoked")
    use = check.add_mutually_exclusive_group(required=True)
    use.add_argument("--ledger", type=Path, help="what this printer has printed")
    use.add_argument("--look-only", action="store_true", help="nothing is printed, so nothing is noted")
    return options


def _begin(wanted: argparse.Namespace) -> str:
    Ledger.create(wanted.ledger)
    return f"Begun: {wanted.ledger}"


def _verify(wanted: argparse.Namespace) -> str:
    now = datetime.now(UTC)
    keys = KeySet.parse(_read(wanted.keys))
    revoked = read_revoked(_text(wanted.revoked), keys, now=now) if wanted.revoked else None
    token = _text(Path(wanted.token[1:])) if wanted.token.startswith("@") else wanted.token
    release = verify(token, _read(wanted.photo), keys, now=now, revoked=revoked)
    if wanted.ledger:
        Ledger(wanted.ledger).use(release, now=now)
    return _shown(release)


def _shown(release: Release) -> str:
    return json.dumps(asdict(release), default=lambda moment: moment.isoformat())


def _text(path: Path) -> str:
    """The file's text without blanks around it; what is no ASCII is no token, and is refused as one."""
    return _read(path).decode("ascii", "replace").strip()


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise Unusable(f"{path} cannot be read: {error.strerror}.") from error


if __name__ == "__main__":
    sys.exit(main())
