"""What to say of an error to whoever typed a command: one sentence where it is no fault of the program."""

from pydantic import ValidationError
from sqlalchemy.exc import OperationalError

from embedded.errors import EmbeddedError
from models.artifacts import ArtifactError
from photogate.errors import PhotogateError
from photogate.screening.errors import ProfileError


def sentence_for(error: Exception) -> str | None:
    """The sentence, or None for an error that nobody expects and whose stack trace is wanted."""
    match error:
        case PhotogateError() | EmbeddedError() | ArtifactError() | ProfileError():
            return _as_sentence(str(error))
        case ValidationError(title="Settings"):
            return "; ".join(f"PHOTOGATE_{'.'.join(map(str, e['loc'])).upper()}: {e['msg']}" for e in error.errors())
        case OperationalError():
            return _as_sentence(f"The database cannot be used: {str(error.orig).strip().splitlines()[0]}")
    return None


def _as_sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:].rstrip('.')}."
