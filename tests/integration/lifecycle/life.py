"""Random lives of applications: everybody who may do something does, in any order, with the real services."""

from hypothesis.stateful import initialize, precondition, rule

from photogate.privacy import erasure, holds
from tests.factories import PORTRAIT
from tests.integration.lifecycle.assuring import SETTLED, Assuring
from tests.integration.lifecycle.chances import APPROVED, maybe, measured, profiles, seldom
from tests.integration.lifecycle.printing import Printing
from tests.integration.lifecycle.ruling import Ruling
from tests.integration.lifecycle.sight import Seen
from tests.integration.lifecycle.steps import some
from tests.keys import KMS


class Life(Printing, Assuring, Ruling):
    """One applicant's whole life, from the first photo to the erasure that ends it."""

    @initialize(found=measured, profile=profiles, is_drawn=maybe, has_another=maybe, has_golden=maybe)
    def begin(self, found, profile, is_drawn, has_another, has_golden):
        self.in_force = self.house.begins(profile)
        self.submit(is_drawn)
        self.work(0, found)
        if has_another:
            self.submit(not is_drawn)
            self.work(0, PORTRAIT)
        if has_golden:
            self.begin_with_a_golden_case()

    def begin_with_a_golden_case(self):
        """The first photo is known to be good where anybody says so, and comes before the second one."""
        if some(lambda one: one.status in SETTLED)(self):
            self.make_golden(0, 0, APPROVED)
        if self.has_golden and some(lambda one: one.task)(self):
            self.ask_for_a_case(0, APPROVED, is_left=False)

    @precondition(some(lambda one: not one.is_erased))
    @rule(is_meant=seldom)
    def legal_hold(self, is_meant):
        if is_meant:
            self.hold(is_wanted=not self.is_held)

    def hold(self, *, is_wanted):
        with self.step("hold placed" if is_wanted else "hold released") as session:
            if is_wanted:
                holds.hold(session, KMS, self.applicant(session), "court order", "client:ministry")
            else:
                holds.release_hold(session, self.applicant(session), "client:ministry")

    @precondition(some(lambda one: not one.is_erased))
    @rule(is_meant=seldom)
    def erase(self, is_meant):
        if is_meant:
            self.forget()

    def forget(self):
        is_held = self.is_held
        with self.step("erased") as session:
            erasure.erase(session, self.applicant(session), "client:ministry")
            assert not is_held

    def lives_on(self, one: Seen) -> bool:
        """Whether somebody could meet it in another life."""
        return not one.is_erased and bool(one.task or one.undecided or one.released_on or self.has_golden)

    @property
    def is_held(self) -> bool:
        return any(one.is_held for one in self.seen.values())

    def teardown(self):
        """Nobody meets a case of a life that has ended."""
        if any(self.lives_on(one) for one in self.seen.values()):
            if self.is_held:
                self.hold(is_wanted=False)
            self.forget()
        self.house.log.verify()
        self.house.counted["lives"] += 1
