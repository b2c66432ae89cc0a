"""People take cases and decide them, and let a model decide alone again."""

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from photogate.database import new_id
from photogate.mandates import service as mandates
from photogate.reviews import service as reviews
from photogate.screening.reasons import ReasonCode
from photogate.screening.verdicts import Verdict
from tests.integration.lifecycle.chances import leases, people, refusals, verdicts, which
from tests.integration.lifecycle.house import LEASE
from tests.integration.lifecycle.steps import Steps, some


class Reviewing(Steps):
    """What reviewers and an adjudicator do, and admins who say whether a model decides alone again."""

    def __init__(self) -> None:
        super().__init__()
        self.is_suspended = False

    @precondition(some(lambda one: one.task))
    @rule(number=which, person=people, said=verdicts)
    def review(self, number, person, said):
        """A reviewer takes a case and decides it."""
        self.take(number, person, LEASE)
        self.say(number, person, said)

    @precondition(some(lambda one: one.task))
    @rule(number=which, person=people, lease=leases)
    def take(self, number, person, lease):
        one, who = self.any_of(number, lambda one: one.task), self.house.reviewers[person]
        with self.step("taken") as session:
            reviews.claim(session, one.task or new_id(), who, lease)
            assert not one.is_claimed or one.claimed_by == who.id

    @precondition(some(lambda one: one.task))
    @rule(number=which, person=people)
    def see_through(self, number, person):
        """A person sees a placeholder where the machine would perhaps have approved one, and it falls back."""
        self.review(number, person, (Verdict.REJECTED, (ReasonCode.PLACEHOLDER_IMAGE,)))

    @precondition(some(lambda one: one.claimed_by))
    @rule(number=which, person=people)
    def return_case(self, number, person):
        one = self.any_of(number, lambda one: one.claimed_by)
        with self.step("returned") as session:
            reviews.give_back(session, one.task or new_id(), self.house.reviewers[person])

    @precondition(some(lambda one: one.task))
    @rule(number=which, person=people, said=verdicts)
    def say(self, number, person, said):
        one, who = self.any_of(number, lambda one: one.task), self.house.reviewers[person]
        with self.step("decided") as session:
            made = reviews.decide(session, one.task or new_id(), who, *said)
            assert one.claimed_by == who.id
            self.house.counted["first verdicts" if made is None else f"decided after {one.verdicts}"] += 1
        self.is_suspended = bool(self.house.may_not_approve())

    @precondition(some(lambda one: one.verdict == "approved"))
    @rule(number=which, person=people, said=refusals)
    def take_back(self, number, person, said):
        one = self.any_of(number, lambda one: one.verdict == "approved")
        with self.step("taken back") as session:
            reviews.take_back(session, one.id, self.house.reviewers[person], *said)
            assert one.verdict == "approved"

    @precondition(lambda self: self.is_suspended)
    @rule(by=st.sampled_from(["admin", "admin", "reviewer"]))
    def resume(self, by):
        person = self.house.admins[0] if by == "admin" else self.house.reviewers[0]
        policy, model = min(self.house.may_not_approve())
        with self.step("resumed") as session:
            mandates.resume(session, policy, model, person, "It was looked at.")
            assert by == "admin"
            self.is_suspended = False
