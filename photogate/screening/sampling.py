"""Drawing a share of something by chance that anybody can repeat: always the same ones, and nothing of them matters."""

import hashlib
import hmac

from photogate.screening.errors import ProfileError


def is_drawn(what: bytes, *, share: float, seed: str) -> bool:
    """Whether `what` belongs to the share that the seed draws; a larger share holds all that a smaller one does."""
    drawn = hmac.digest(seed.encode(), what, hashlib.sha256)
    return int.from_bytes(drawn[:8]) < share * 2**64


def require_share(name: str, share: object) -> None:
    """Raise ProfileError unless it is a number within 0 and 1."""
    is_number = isinstance(share, int | float) and not isinstance(share, bool)
    if not is_number or not 0 <= share <= 1:  # type: ignore[operator]  # a number by now
        raise ProfileError(f"{name} {share} must lie within 0 and 1")


def require_seed(name: str, seed: object) -> None:
    """Raise ProfileError unless it is a text."""
    if not isinstance(seed, str) or not seed:
        raise ProfileError(f"{name} must be a text that is not empty, so that a sample can be drawn by it")
