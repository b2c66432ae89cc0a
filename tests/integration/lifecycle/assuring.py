"""Golden cases: some photos of this life become ones, and whoever asks for a case may be shown them."""

from typing import NamedTuple
from uuid import UUID

from hypothesis.stateful import precondition, rule

from photogate.access.tables import User
from photogate.quality import golden
from photogate.quality.golden import Mixing
from photogate.reviews import queries
from photogate.reviews import service as reviews
from photogate.reviews.tables import ReviewTask
from photogate.screening.four_eyes import Said
from tests.integration.lifecycle.chances import admins, people, seldom, verdicts, which
from tests.integration.lifecycle.house import LEASE
from tests.integration.lifecycle.reviewing import Reviewing
from tests.integration.lifecycle.steps import some

SETTLED = {"approved", "rejected", "resubmission_requested"}
ALWAYS = Mixing(1.0, "life")
"""Whoever asks for a case is shown a golden one, where there is one for them."""


class Shown(NamedTuple):
    """A golden case, and to whom it was shown."""

    task: UUID
    photo: UUID
    to: UUID


class Assuring(Reviewing):
    """What admins and reviewers do about golden cases."""

    def __init__(self) -> None:
        super().__init__()
        self.has_golden, self.shown = False, list[Shown]()

    @precondition(lambda self: not self.has_golden and some(lambda one: one.status in SETTLED)(self))
    @rule(number=which, person=admins, said=verdicts)
    def make_golden(self, number, person, said):
        one = self.any_of(number, lambda one: one.status in SETTLED)
        with self.step_aside("made golden") as session:
            golden.add(session, one.id, Said(*said), "It was looked at.", self.house.admins[person])
            assert one.status in SETTLED
            self.has_golden = True

    @precondition(lambda self: self.has_golden and some(lambda one: one.task)(self))
    @rule(person=people, said=verdicts, is_left=seldom)
    def ask_for_a_case(self, person, said, is_left):
        """As the review pages do it; a golden one is judged at once or left."""
        who, before = self.house.reviewers[person], len(self.shown)
        with self.step("asked for") as session:
            task_id = queries.next_task_id(session, who)
            if task_id is not None:
                task_id = golden.in_place_of(session, task_id, who, ALWAYS) or task_id
                reviews.claim(session, task_id, who, LEASE)
                self.note_what_is_shown(session.get_one(ReviewTask, task_id), who)
        if len(self.shown) > before and not is_left:
            self.judge_golden(-1, person, said)

    def note_what_is_shown(self, task: ReviewTask, who: User) -> None:
        if task.golden_for is None:
            return
        shown = Shown(task.id, task.photo_id, task.golden_for)
        assert shown.to == who.id, "somebody was shown another person's golden case"
        assert task.application_id in self.seen, "a case of a life that has ended was shown"
        if shown not in self.shown:
            assert who.id not in (self.seen[task.application_id].spoken or ()), "they knew the photo"
            assert shown[1:] not in {one[1:] for one in self.shown}, "they were shown the photo before"
            self.shown.append(shown)
            self.house.counted["golden shown"] += 1

    @precondition(lambda self: self.shown)
    @rule(number=which, person=people, said=verdicts)
    def judge_golden(self, number, person, said):
        shown, who = self.shown[number % len(self.shown)], self.house.reviewers[person]
        with self.step_aside("golden judged") as session:
            reviews.claim(session, shown.task, who, LEASE)
            made = reviews.decide(session, shown.task, who, *said)
            assert (made, who.id) == (None, shown.to)
