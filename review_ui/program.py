"""What every page stands on: settings, database and store, made once a process."""

from dataclasses import dataclass, field
from datetime import timedelta
from threading import BoundedSemaphore
from typing import Annotated, Self, cast

from fastapi import Depends, Request

from photogate.database import Database
from photogate.settings import Settings
from photogate.storage import PhotoStore, S3PhotoStore

PASSWORDS_AT_ONCE = 4


@dataclass(frozen=True, slots=True)
class Program:
    """The review pages' own surroundings.

    `password_turn` bounds how many passwords are checked at once: each check takes 64 MiB on purpose.
    """

    settings: Settings
    database: Database
    store: PhotoStore
    password_turn: BoundedSemaphore = field(default_factory=lambda: BoundedSemaphore(PASSWORDS_AT_ONCE))

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Open what the settings name; nothing is asked of it yet."""
        return cls(settings, Database(settings.database_url), S3PhotoStore(settings))

    @property
    def review_lease(self) -> timedelta:
        """How long a reviewer holds a case without a sign of life."""
        return timedelta(seconds=self.settings.review_lease_s)


def _of(request: Request) -> Program:
    return cast("Program", request.app.state.program)


Here = Annotated[Program, Depends(_of)]
