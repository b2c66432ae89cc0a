"""What every step of a random life is made of: a use case in a transaction, and a look at all that must hold.

Every step is committed as in production, and every life has an applicant of its own. A step that is refused is no
fault; one that succeeds although it should not is, and so is whatever `sight` finds afterwards.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import ClassVar
from uuid import UUID

from hypothesis.stateful import RuleBasedStateMachine
from sqlalchemy.orm import Session

from photogate.applicants import queries as applicants
from photogate.applicants.tables import Applicant
from photogate.database import new_id
from photogate.errors import Conflict, Forbidden, NotFound, Unprocessable
from photogate.jobs.service import LeaseLost, RulesChanged
from photogate.promotions.queries import InForce
from tests.factories import CLIENT
from tests.integration.lifecycle.house import House
from tests.integration.lifecycle.sight import Seen, look, require_what_must_hold
from tests.keys import KMS

REFUSALS = (Conflict, NotFound, Unprocessable, Forbidden, LeaseLost, RulesChanged)


def some(condition: Callable[[Seen], object]) -> Callable[["Steps"], bool]:
    """Whether any application is one about which this step could do something."""
    return lambda life: any(condition(one) for one in life.seen.values())


class Steps(RuleBasedStateMachine):
    """One applicant with one or two applications, under the rules that are in force."""

    house: ClassVar[House]
    in_force: InForce

    def __init__(self) -> None:
        super().__init__()
        self.reference = f"L-{new_id()}"
        self.applications: list[UUID] = []
        self.seen: dict[UUID, Seen] = {}

    @contextmanager
    def step(self, name: str) -> Iterator[Session]:
        """One use case, committed or refused as a whole; then everything that must hold is looked at."""
        try:
            with self.house.database.transaction() as session:
                yield session
        except REFUSALS:
            self.house.counted["refused"] += 1
        else:
            self.house.counted[name] += 1
        self.look()

    @contextmanager
    def step_aside(self, name: str) -> Iterator[Session]:
        """A step that leaves everything about the applications as it is."""
        before = self.seen
        with self.step(name) as session:
            yield session
        assert self.seen == before, f"{name}, and an application is another one since"

    def look(self) -> None:
        self.seen = look(self.house.eye, self.applications)
        require_what_must_hold(self.house.eye, self.seen.values())
        for one in self.seen.values():
            assert one.promotion == self.in_force.number, "the rules changed, and nobody approved others"

    def any_of(self, number: int, condition: Callable[[Seen], object] = lambda _: True) -> Seen:
        """One application that fits; any where none does, so that somebody tries what is not their turn."""
        fitting = [one for one in self.seen.values() if condition(one)] or list(self.seen.values())
        return fitting[number % len(fitting)]

    def applicant(self, session: Session) -> Applicant:
        return applicants.by_reference(session, KMS, CLIENT.name, self.reference, hold=True)
