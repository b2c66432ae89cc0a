"""Admins change what decides, two at a time, and have other rules judge beside."""

from enum import Enum, auto
from typing import NamedTuple
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from photogate.access.tables import User
from photogate.promotions import queries, shadows
from photogate.promotions import service as promotions
from photogate.promotions.queries import Rules
from photogate.promotions.tables import Slot
from photogate.screening.measurements import Measurements
from tests.integration.lifecycle.chances import admins, changes, seconds, which
from tests.integration.lifecycle.house import BECAUSE, PROFILES
from tests.integration.lifecycle.steps import Steps
from tests.keys import KMS

AT_ONCE = 32
FEW = 2
"""So many proposals wait in a life at most: the rest of it is not about rules."""


class Wish(Enum):
    """What an admin may propose."""

    OTHER_RULES = auto()
    A_SHADOW = auto()
    NO_SHADOW = auto()
    WHAT_WAS_BEFORE = auto()


class Proposed(NamedTuple):
    """What waits for a second person, as this life remembers it; without rules it ends the shadow."""

    id: UUID
    by: User
    slot: Slot
    rules: Rules | None
    after: int


class Ruling(Steps):
    """What admins propose and approve, and a worker that judges beside."""

    def __init__(self) -> None:
        super().__init__()
        self.proposed: list[Proposed] = []
        self.shadow: Rules | None = None
        self.has_promoted = False

    @precondition(lambda self: len(self.proposed) < FEW)
    @rule(person=admins, wish=st.sampled_from(Wish), change=changes)
    def propose(self, person, wish, change):
        """A proposal changes nothing by itself, not even one to roll back."""
        who, before = self.house.admins[person], max(1, self.in_force.number - 1)
        with self.step_aside(f"proposed {wish.name.lower()}") as session:
            if wish is Wish.NO_SHADOW:
                wanted, rules = promotions.propose_no_shadow(session, who, BECAUSE), None
            elif wish is Wish.WHAT_WAS_BEFORE:
                wanted = promotions.roll_back(session, who, before, BECAUSE)
                rules = queries.rules_of(queries.numbered(session, Slot.LIVE, before).promotion)
            else:
                slot = Slot.SHADOW if wish is Wish.A_SHADOW else Slot.LIVE
                wanted = promotions.propose(session, who, change, BECAUSE, slot)
                rules = change.of(self.in_force.rules)
            self.proposed.append(Proposed(wanted.id, who, wanted.slot, rules, self.in_force.number))

    @precondition(lambda self: self.proposed)
    @rule(number=which, person=admins)
    def approve(self, number, person):
        wanted, who = self.proposed[number % len(self.proposed)], self.house.admins[person]
        with self.step(f"approved {wanted.slot}") as session:
            made = promotions.approve(session, who, wanted.id, BECAUSE, KMS)
            assert who != wanted.by, "somebody approved their own proposal"
            assert (made and made.rules) == wanted.rules
            self.has_promoted = True
            if wanted.slot is Slot.SHADOW:
                self.shadow = wanted.rules
            else:
                assert wanted.after == self.in_force.number, "other rules are live than when it was proposed"
                self.in_force = made
            live = promotions.live(session)
            assert (live.number, live.rules) == (self.in_force.number, self.in_force.rules)

    @precondition(lambda self: self.proposed)
    @rule(number=which, person=admins)
    def withdraw(self, number, person):
        wanted = self.proposed.pop(number % len(self.proposed))
        with self.step_aside("withdrawn") as session:
            promotions.withdraw(session, self.house.admins[person], wanted.id, BECAUSE)

    @precondition(lambda self: not self.has_promoted)
    @rule(wish=st.sampled_from([Wish.OTHER_RULES, Wish.OTHER_RULES, Wish.A_SHADOW]), change=changes, second=seconds)
    def change_rules(self, wish, change, second):
        """Two admins agree at once; or one tries it alone."""
        before = len(self.proposed)
        self.propose(0, wish, change)
        if len(self.proposed) > before:
            self.approve(-1, second)

    @precondition(lambda self: self.shadow)
    @rule()
    def judge_beside(self):
        """What other rules say of decided photos changes nothing about them."""
        with self.step_aside("judged beside") as session:
            beside = queries.in_force(session, Slot.SHADOW)
            assert beside is not None
            assert beside.rules == self.shadow
            profile = PROFILES[beside.rules.policy]
            for made in shadows.due(session, beside, AT_ONCE):
                found = Measurements.from_json(made.assessment.measurements)
                shadows.keep(session, [shadows.judged(beside, made, found, profile)])
                self.house.counted["judgements beside"] += 1
