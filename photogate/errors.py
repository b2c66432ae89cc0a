"""The errors that a caller may meet: each knows its HTTP status and says in one sentence what is wrong."""


class PhotogateError(Exception):
    """A refusal with a reason; programs turn it into problem+json, an exit code or a message on a page."""

    status: int = 400
    code: str = "BAD_REQUEST"
    title: str = "The request cannot be carried out"

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


class NotFound(PhotogateError):
    """No such thing, or none that this caller may see: the two are not told apart."""

    status, code, title = 404, "NOT_FOUND", "Not found"


class Conflict(PhotogateError):
    """The thing is not in a state in which this can be done."""

    status, code, title = 409, "CONFLICT", "Not possible in the present state"


class Unprocessable(PhotogateError):
    """Well formed, but the content cannot be accepted."""

    status, code, title = 422, "UNPROCESSABLE", "The content cannot be accepted"


class Unauthenticated(PhotogateError):
    """Nobody, or nobody known, is asking."""

    status, code, title = 401, "UNAUTHENTICATED", "Authentication is needed"


class Forbidden(PhotogateError):
    """The caller is known and may not do this."""

    status, code, title = 403, "FORBIDDEN", "Not allowed"


class Unavailable(PhotogateError):
    """Something this depends on does not answer; trying again later may help."""

    status, code, title = 503, "UNAVAILABLE", "Not available right now"
