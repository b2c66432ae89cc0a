"""Who is asking, and whether they may."""

from collections.abc import Callable
from typing import Annotated

from fastapi import Depends, Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from api.connections import Connected
from photogate.access.keys import Client, authenticate
from photogate.access.tables import Scope
from photogate.errors import Unauthenticated

bearer = HTTPBearer(
    scheme_name="API key",
    bearerFormat="pg_PREFIX_SECRET",
    description="An API key from `photogate key create`. Its scopes say what it may do.",
    auto_error=False,
)


def require(scope: Scope) -> Callable[..., Client]:
    """A dependency: the client whose key came with the request.

    Raises Unauthenticated without a good key, Forbidden when the key does not have `scope`. The look-up's connection is
    given back before any body is read.
    """

    def client(
        request: Request, connected: Connected, shown: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]
    ) -> Client:
        if shown is None:
            raise Unauthenticated("Send an API key in the header `Authorization: Bearer pg_PREFIX_SECRET`.")
        with connected.database.transaction() as session:
            found = authenticate(session, shown.credentials)
        request.state.client = found.name
        found.require(scope)
        return found

    return client


PHOTO_WRITE = Security(require(Scope.PHOTO_WRITE), scopes=[Scope.PHOTO_WRITE.value])
AUDIT_READ = Security(require(Scope.AUDIT_READ), scopes=[Scope.AUDIT_READ.value])

Submitter = Annotated[Client, PHOTO_WRITE]
Reader = Annotated[Client, Security(require(Scope.APPLICATION_READ), scopes=[Scope.APPLICATION_READ.value])]
Auditor = Annotated[Client, AUDIT_READ]
Admin = Annotated[Client, Security(require(Scope.ADMIN), scopes=[Scope.ADMIN.value])]
Printer = Annotated[Client, Security(require(Scope.PRINT_RELEASE), scopes=[Scope.PRINT_RELEASE.value])]
