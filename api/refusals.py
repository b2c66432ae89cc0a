"""The refusals that only exist in HTTP; those of the domain live beside what they protect."""

from collections.abc import Sequence
from dataclasses import dataclass

from photogate.errors import NotFound, PhotogateError, Unavailable, Unprocessable


@dataclass(frozen=True, slots=True)
class Wrong:
    """One thing that is wrong with a request: where it stands and what is expected there."""

    where: str
    problem: str


class InvalidRequest(Unprocessable):
    """Something in the path, query, headers or body is missing or out of bounds; `errors` says what and where."""

    code, title = "INVALID_REQUEST", "The request is not complete or not well formed"

    def __init__(self, errors: Sequence[Wrong]) -> None:
        super().__init__(" ".join(f"{wrong.where}: {wrong.problem}" for wrong in errors))
        self.errors = errors


class NoSuchAddress(NotFound):
    """No route has this path."""

    detail = "There is nothing at this address; /docs lists what there is."

    def __init__(self) -> None:
        super().__init__(self.detail)


class MethodNotAllowed(PhotogateError):
    """The path exists, the method does not."""

    status, code, title = 405, "METHOD_NOT_ALLOWED", "This address does not take that method"

    def __init__(self, allowed: Sequence[str]) -> None:
        super().__init__(f"Allowed here: {', '.join(allowed)}.")
        self.allowed = allowed


class MalformedBody(PhotogateError):
    """The body ends early, or is not the form or the JSON that it claims to be."""

    status, code, title = 400, "MALFORMED_BODY", "The body cannot be read"


class MediaTypeUnsupported(PhotogateError):
    """The body is declared as something that this address does not take."""

    status, code, title = 415, "MEDIA_TYPE_UNSUPPORTED", "This kind of body is not taken here"


class BodyTooLarge(PhotogateError):
    """More bytes than a request without a photo can need."""

    status, code, title = 413, "BODY_TOO_LARGE", "The body is too large"


class UploadTooSlow(PhotogateError):
    """The body did not arrive in time."""

    status, code, title = 408, "UPLOAD_TIMEOUT", "The upload took too long"


class NotReady(Unavailable):
    """Something that the API depends on does not answer; `checks` says what."""

    code, title = "NOT_READY", "Not everything that is needed answers"

    def __init__(self, checks: dict[str, str]) -> None:
        super().__init__(f"No answer from {', '.join(name for name, state in checks.items() if state != 'ok')}.")
        self.checks = checks


class Unexpected(PhotogateError):
    """A mistake of ours; the log has the details under the problem's `instance`."""

    status, code, title = 500, "INTERNAL_ERROR", "Something went wrong on our side"

    def __init__(self) -> None:
        super().__init__("The request could not be carried out; quote the instance when you report this.")
