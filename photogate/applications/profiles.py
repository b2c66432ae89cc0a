"""The issuer profiles that come with Photogate."""

from functools import lru_cache
from importlib.resources import files

from photogate.screening.errors import ProfileError
from photogate.screening.profile import IssuerProfile, parse_profile


@lru_cache
def load_profile(name: str) -> IssuerProfile:
    """The profile called `name`; raises ProfileError when there is none or it cannot be used."""
    found = files("photogate.screening") / "profiles" / f"{name}.toml"
    if not name.isidentifier() or not found.is_file():
        message = f"there is no issuer profile called {name!r}"
        raise ProfileError(message)
    return parse_profile(found.read_text())
