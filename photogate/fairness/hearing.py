"""The rules that are compared: a profile, and whom it hears."""

from collections.abc import Sequence
from dataclasses import dataclass

from photogate.screening.profile import IssuerProfile


@dataclass(frozen=True, slots=True)
class Hearing:
    """A profile, and the models that it hears, each by its exact name@version."""

    profile: IssuerProfile
    model: str
    camera: str | None = None

    def without(self, other: "Hearing") -> Sequence[str]:
        """The models that only this one hears."""
        return sorted({name for name in (self.model, self.camera) if name} - {other.model, other.camera})
