"""Random histories of one print gate: an issuer whose staff change their minds, an office that prints, and forgers.

A history runs in one transaction that is undone at its end, so that ten thousand of them begin alike. A printer takes
part that never misses a list of what was revoked, and one that relies on the list it saved some time ago.
"""

import hashlib
from collections import Counter
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import ClassVar, NamedTuple
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import select

from photogate.access.keys import Client
from photogate.applications import decisions
from photogate.applications.tables import DecisionRecord
from photogate.database import Database, new_id
from photogate.errors import Conflict, NotFound
from photogate.releases import service
from photogate.releases.keys import key_set
from photogate.releases.tables import PrintRelease, ReleaseState
from photogate.releases.token import ReleaseClaims, Signer
from photogate.screening.decision import Decision
from photogate.screening.verdicts import Verdict
from printing.ledger import Ledger
from printing.verifier import KeySet, Refused, Revoked, read_revoked, verify

HOUR, PAST = timedelta(hours=1), timedelta(seconds=-1)
OURS = [Ed25519PrivateKey.generate() for _ in range(2)]
FORGER = Signer(Ed25519PrivateKey.generate())
ENDS = [ReleaseState.ISSUED, ReleaseState.CANCELLED, ReleaseState.FAILED]

RIGHT, OTHER = 0, 1

which = st.integers(min_value=0, max_value=30)
right_or_other = st.sampled_from([RIGHT, RIGHT, RIGHT, OTHER])
seldom = st.sampled_from([False, False, False, False, True])
lifetimes = st.sampled_from([HOUR, HOUR, HOUR, PAST])
verdicts = st.sampled_from([Verdict.APPROVED, Verdict.APPROVED, Verdict.REJECTED, Verdict.IN_REVIEW])


@dataclass
class Office:
    """What every history begins with, and what was counted in all of them."""

    database: Database
    client: Client
    stranger: Client
    approved: DecisionRecord
    reviewer: UUID
    photos: Mapping[UUID, bytes]
    ledger: Path
    counted: Counter[str] = field(default_factory=Counter)


class Made(NamedTuple):
    """A token as it was really made: for which bytes, on which decision."""

    token: str
    content: bytes
    decision_id: UUID


class PrintGate(RuleBasedStateMachine):
    """One application with two photos, of which the first one is approved."""

    office: ClassVar[Office]

    def __init__(self) -> None:
        super().__init__()
        self.ending = ExitStack()
        self.session = self.ending.enter_context(self.office.database.transaction())
        self.current = self.office.approved
        self.signer = Signer(OURS[0])
        self.keys = KeySet.parse(key_set([key.public_key() for key in OURS]))
        self.saved_list = self.current_list = self.list_of_now()
        self.has_changed = True
        self.released: dict[str, bytes] = {}
        self.tokens: list[Made] = []
        self.printed: list[str] = []

    @initialize(hold=seldom)
    def begin(self, hold):
        self.ask(RIGHT, hold=hold, is_stranger=False, lasts=HOUR)

    @rule(photo=right_or_other, hold=st.booleans(), is_stranger=seldom, lasts=lifetimes)
    def ask(self, photo, hold, is_stranger, lasts):
        self.has_changed = True
        client = self.office.stranger if is_stranger else self.office.client
        with suppress(Conflict, NotFound):
            given = service.release(
                self.session,
                self.signer,
                client,
                self.current.application_id,
                hashlib.sha256(self.content(photo)).hexdigest(),
                valid_for=lasts,
                hold=hold,
            )
            assert not is_stranger
            self.keep(given.row)

    @rule(number=which, lasts=lifetimes)
    def let_go(self, number, lasts):
        self.has_changed = True
        with suppress(Conflict, NotFound):
            client = self.office.client
            self.keep(service.let_go(self.session, self.signer, client, self.any_release(number), valid_for=lasts))

    @rule(number=which, state=st.sampled_from(ENDS))
    def mark(self, number, state):
        self.has_changed = True
        with suppress(Conflict, NotFound):
            service.mark(self.session, self.office.client, self.any_release(number), state)

    @rule(verdict=verdicts, photo=right_or_other)
    def decide_anew(self, verdict, photo):
        self.has_changed = True
        grounds = decisions.Grounds(self.photo(photo), None, self.current.models)
        anew = Decision(verdict, (), self.current.policy)
        application, reviewer = self.current.application_id, self.office.reviewer
        self.current = decisions.append(self.session, application, anew, grounds, user_id=reviewer)
        service.withdraw_superseded(self.session, self.current)
        self.office.counted["decisions superseded"] += 1

    @rule(what=st.sampled_from(["the list is saved", "another key signs", "time is up"]))
    def meanwhile(self, what):
        match what:
            case "the list is saved":
                self.saved_list = self.current_list
            case "another key signs":
                self.signer = next(Signer(key) for key in OURS if Signer(key).key_id != self.signer.key_id)
            case "time is up":
                self.has_changed = True
                service.expire(self.session, limit=10)

    @precondition(lambda self: self.tokens)
    @rule(number=which, photo=right_or_other | st.binary(max_size=8), is_careful=st.booleans())
    def print(self, number, photo, is_careful):
        """Somebody brings a token and a photo; a careful printer has the list of this moment."""
        token, its_own, _ = self.tokens[-1 - number % len(self.tokens)]
        other = next(content for content in self.office.photos.values() if content != its_own)
        content = photo if isinstance(photo, bytes) else (its_own, other)[photo]
        self.try_to_print(token, content, is_careful=is_careful)

    @precondition(lambda self: self.tokens)
    @rule(is_careful=st.booleans())
    def print_as_intended(self, is_careful):
        """The printing office brings the newest token with its photo, as on any other day; perhaps once more."""
        token, content, _ = self.tokens[-1]
        self.try_to_print(token, content, is_careful=is_careful)

    @rule(photo=st.binary(max_size=8), number=which, how=st.sampled_from(["signs", "changes", "swaps"]))
    def forge(self, photo, number, how):
        """Somebody makes a token for bytes of their own."""
        self.try_to_print(self.forged(photo, number, how), photo, is_careful=False)

    @invariant()
    def at_most_one_token_can_be_printed_and_on_the_decision_in_force_alone(self):
        if not self.has_changed:
            return
        self.current_list, self.has_changed, now = self.list_of_now(), False, datetime.now(UTC)
        holding = [made for made in self.tokens if self.holds(made.token, self.current_list, now)]
        is_superseded = any(made.decision_id != self.current.id for made in holding)
        self.office.counted["double releases"] += len(holding) > 1
        self.office.counted["releases of superseded decisions"] += is_superseded
        assert len(holding) <= 1
        assert not is_superseded

    def teardown(self):
        self.session.rollback()
        self.ending.close()
        self.office.counted["histories"] += 1

    def try_to_print(self, token: str, content: bytes, *, is_careful: bool) -> None:
        self.office.counted["prints tried"] += 1
        listed, now = self.current_list if is_careful else self.saved_list, datetime.now(UTC)
        try:
            found = verify(token, content, self.keys, now=now, revoked=listed)
            Ledger(self.office.ledger).use(found, now=now)
        except Refused:
            return
        is_foreign = self.released.get(found.release_id) != content
        self.office.counted["foreign bytes accepted"] += is_foreign
        self.office.counted["second prints"] += found.release_id in self.printed
        self.office.counted["prints"] += 1
        assert not is_foreign
        assert found.release_id not in self.printed
        self.printed.append(found.release_id)
        if is_careful:
            row = self.session.get_one(PrintRelease, UUID(found.release_id))
            assert (row.state, row.decision_id) == (ReleaseState.RELEASED, self.current.id)

    def holds(self, token: str, listed: Revoked, now: datetime) -> bool:
        return any(self.is_allowed(token, content, listed, now) for content in self.office.photos.values())

    def is_allowed(self, token: str, content: bytes, listed: Revoked, now: datetime) -> bool:
        try:
            verify(token, content, self.keys, now=now, revoked=listed)
        except Refused:
            return False
        return True

    def forged(self, photo: bytes, number: int, how: str) -> str:
        token = self.tokens[number % len(self.tokens)].token if self.tokens else "a.b.c"
        made = FORGER.sign(
            ReleaseClaims(
                new_id(),
                self.current.application_id,
                hashlib.sha256(photo).hexdigest(),
                self.current.id,
                self.current.models,
                self.current.policy,
                datetime.now(UTC),
                datetime.now(UTC) + HOUR,
            )
        )
        if how == "signs":
            return made
        _, claims, signature = made.split(".")
        return f"{token.split('.')[0]}.{claims}.{token.split('.')[2] if how == 'changes' else signature}"

    def keep(self, row: PrintRelease) -> None:
        """Remember what was really released, for which bytes."""
        if row.token is not None and str(row.id) not in self.released:
            assert row.decision_id == self.current.id
            self.released[str(row.id)] = self.office.photos[self.current.photo_id]
            self.tokens.append(Made(row.token, self.released[str(row.id)], row.decision_id))
            self.office.counted["releases"] += 1

    def photo(self, wanted: int) -> UUID:
        """The photo of the decision in force, or the application's other one."""
        return next(photo for photo in self.office.photos if (photo == self.current.photo_id) == (wanted == RIGHT))

    def content(self, wanted: int) -> bytes:
        return self.office.photos[self.photo(wanted)]

    def any_release(self, number: int) -> UUID:
        known = self.session.scalars(select(PrintRelease.id).order_by(PrintRelease.id.desc())).all()
        return known[number % len(known)] if known else new_id()

    def list_of_now(self) -> Revoked:
        return read_revoked(service.revoked(self.session, self.signer), self.keys, now=datetime.now(UTC))
