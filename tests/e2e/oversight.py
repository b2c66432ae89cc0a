"""What people have made of a month of decisions: golden cases, second verdicts, mandates, other rules, a shadow."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from importlib.resources import files

from sqlalchemy.orm import Session

from photogate.access.tables import User
from photogate.applicants.master_keys import Kms
from photogate.applications import policies
from photogate.applications.tables import DecisionRecord
from photogate.database import new_id
from photogate.mandates import queries as mandates
from photogate.mandates.tables import Change, Mandate, Standing
from photogate.promotions import service as promotions
from photogate.promotions import shadows
from photogate.promotions.queries import in_force
from photogate.promotions.service import Change as RulesChange
from photogate.promotions.tables import Slot
from photogate.quality.tables import GoldenCase
from photogate.reviews.tables import ReviewTask, ReviewVerdict, Seat
from photogate.screening.measurements import Measurements
from photogate.screening.reasons import ReasonCode
from photogate.screening.risk import Risk, Tally, Truth
from photogate.screening.verdicts import Verdict

WEEKS = 26
GOLDEN, PAIRS, JUDGED, BAD = 150, 120, 260, 36
"""How many decisions' photos are golden, judged by two people, and in the samples of a good and of a bad model."""
SLIPS = (0.03, 0.06, 0.1)
"""How often each of three people is wrong; of the last one it is more each week."""
DISAGREE = 0.12
APPROVED, REJECTED = Verdict.APPROVED, Verdict.REJECTED
EVIDENCE = "0" * 64
BEFORE = "student@3.2.0"


def profile(version: int, *changes: tuple[str, str]) -> str:
    """The profile `demo` in another version, as TOML, with some of its words exchanged."""
    words = (files("photogate.screening") / "profiles/demo.toml").read_text()
    for before, after in (("version = 1", f"version = {version}"), *changes):
        assert before in words, before
        words = words.replace(before, after, 1)
    return words


def four_eyed(*groups: str) -> tuple[str, str]:
    """The change by which two people look at accusations, and at groups of cases."""
    rule = f'reasons = ["DIGITALLY_EDITED"]\ngroups = {list(groups)}\nshare = 0\nseed = "pairs"'
    return "[deadlines]", f"[four_eyes]\n{rule}\n\n[deadlines]"


def fill_quality(session: Session, made: Sequence[DecisionRecord], people: Sequence[User], admin: User) -> None:
    """Half a year in which three people were shown golden cases, and judged others in pairs."""
    draw = random.Random(7)
    for decision in made[:GOLDEN]:
        answer = APPROVED if decision.verdict is APPROVED else REJECTED
        codes = [] if answer is APPROVED else [ReasonCode.PLACEHOLDER_IMAGE.value]
        of = {"photo_id": decision.photo_id, "decision_id": decision.id}
        session.add(
            GoldenCase(**of, answer=answer, codes=codes, provenance="Drawn for the purpose.", added_by=admin.id)
        )
        for place, person in enumerate(people):
            late = draw.random()
            wrong = draw.random() < SLIPS[place] * (1 + 3 * late * (place == len(people) - 1))
            _says(session, _shown(session, decision, _ago(late), person), Seat.FIRST, person, answer, wrong=wrong)
    for decision in made[GOLDEN : GOLDEN + PAIRS]:
        _pair(session, decision, people, draw)


def fill_mandates(session: Session, made: Sequence[DecisionRecord]) -> None:
    """What people said of the sample: a model that keeps its bound, and the one before it, which was suspended."""
    live, *_ = mandates.current(session)
    now = live.mandate
    before = Mandate(policy="demo@0", model=BEFORE, risk=now.risk, guarantee=now.guarantee, created_at=_ago(0.5))
    session.add(before)
    _judged(session, before, made[:BAD], wrong_each=7, placeholder_each=1)
    _judged(session, now, made[BAD : BAD + JUDGED], wrong_each=1000, placeholder_each=12)


def fill_rules(session: Session, ann: User, ben: User, kms: Kms, share: float) -> None:
    """Rules in force since two admins agreed, others that judge beside, and a proposal that waits.

    `share` of what comes in is drawn for the sample from now on.
    """
    live = four_eyed(), ("approve_at = 0.98", "approve_at = 0.985"), ("sample_share = 0 ", f"sample_share = {share} ")
    wanted = _proposed(session, ann, profile(2, *live), "Fewer placeholders get through; two look at an accusation.")
    promotions.approve(session, ben, wanted, "Agreed; the queue can bear it.", kms)
    beside = profile(3, ("approve_at = 0.98", "approve_at = 0.95"), ("refuse_at = 0.02", "refuse_at = 0.05"))
    wanted = _proposed(session, ben, beside, "Half the work? To be seen before it decides.", Slot.SHADOW)
    promotions.approve(session, ann, wanted, "A month of it, then we talk.", kms)
    again = _proposed(session, ann, profile(4, ("max_resubmissions = 5", "max_resubmissions = 1")), "Fewer rounds.")
    promotions.withdraw(session, ben, again, "The help desk would drown.")
    stricter = four_eyed("rejected", "approved_against_machine"), ("approve_at = 0.98", "approve_at = 0.99"), live[2]
    _proposed(session, ann, profile(5, *stricter), "The sample says so, and so do golden cases.")


def fill_shadow(session: Session, made: Sequence[DecisionRecord]) -> None:
    """What the rules that judge beside say of the month."""
    beside = in_force(session, Slot.SHADOW)
    rules = policies.recorded(session, beside.rules.policy)
    found = ((one, Measurements.from_json(one.assessment.measurements)) for one in made)
    shadows.keep(session, [shadows.judged(beside, one, measured, rules) for one, measured in found])


def _proposed(session: Session, person: User, toml: str, because: str, slot: Slot = Slot.LIVE):
    change = RulesChange(promotions.put_profile(session, toml).reference)
    return promotions.propose(session, person, change, because, slot).id


def _pair(session: Session, decision: DecisionRecord, people: Sequence[User], draw: random.Random) -> None:
    first, second, last = draw.sample(people, 3)
    said = APPROVED if decision.verdict is APPROVED else REJECTED
    task, disagree = _shown(session, decision, _ago(draw.random())), draw.random() < DISAGREE
    _says(session, task, Seat.FIRST, first, said)
    _says(session, task, Seat.SECOND, second, said, wrong=disagree)
    if disagree:
        _says(session, task, Seat.ADJUDICATOR, last, said)


def _shown(session: Session, decision: DecisionRecord, at: datetime, golden_for: User | None = None) -> ReviewTask:
    of = {"application_id": decision.application_id, "photo_id": decision.photo_id, "decision_id": decision.id}
    task = ReviewTask(id=new_id(), **of, golden_for=golden_for and golden_for.id, opened_at=at, closed_at=at)
    session.add(task)
    session.flush()
    return task


def _says(session: Session, task: ReviewTask, seat: Seat, person: User, right: Verdict, *, wrong: bool = False) -> None:
    verdict = {APPROVED: REJECTED, REJECTED: APPROVED}[right] if wrong else right
    codes = [] if verdict is APPROVED else [ReasonCode.PLACEHOLDER_IMAGE.value]
    said = {"seat": seat, "user_id": person.id, "verdict": verdict, "codes": codes}
    session.add(ReviewVerdict(task_id=task.id, round=0, **said, evidence=EVIDENCE, created_at=task.opened_at))


def _judged(
    session: Session, mandate: Mandate, made: Sequence[DecisionRecord], *, wrong_each: int, placeholder_each: int
) -> None:
    """One in so many photos is a placeholder, and one in so many of those the machine approves."""
    risk, tally = Risk(**mandate.risk), Tally()
    for number, decision in enumerate(made, 1):
        is_placeholder = number % placeholder_each == 0
        shows = Truth.PLACEHOLDER if is_placeholder else Truth.REAL
        is_approved = not is_placeholder or number % wrong_each == 0
        machine = APPROVED if is_approved else Verdict.RESUBMISSION_REQUESTED
        tally = tally.counting(shows, machine)
        seen = {"photo_id": decision.photo_id, "decision_id": decision.id, "shows": shows, "machine": machine}
        session.add(_standing(mandate, number, risk, tally, seen, _ago(number / len(made) / 2 + 0.5)))


def _standing(
    mandate: Mandate, version: int, risk: Risk, tally: Tally, seen: Mapping[str, object], at: datetime
) -> Standing:
    is_refuted = risk.estimates(tally).placeholders_approved.is_refuted
    return Standing(
        policy=mandate.policy,
        model=mandate.model,
        version=version,
        round=0,
        change=Change.JUDGED,
        approvals_suspended=is_refuted,
        refusals_suspended=False,
        created_at=at,
        **seen,
        **asdict(tally),
    )


def _ago(late: float) -> datetime:
    """A time of the last half year, from its begin at 0 to yesterday at 1."""
    return datetime.now(UTC) - timedelta(days=1) - timedelta(weeks=WEEKS) * (1 - late)
