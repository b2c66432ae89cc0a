"""The print gate, from the first release to the card."""

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule
from sqlalchemy import select

from photogate.releases import service as releases
from photogate.releases.tables import PrintRelease, ReleaseState
from tests.factories import CLIENT
from tests.integration.lifecycle.chances import ENDS, lifetimes, seldom, which
from tests.integration.lifecycle.sight import Seen
from tests.integration.lifecycle.steps import some
from tests.integration.lifecycle.working import Working


class Printing(Working):
    """What the issuer and the printer do."""

    @precondition(some(lambda one: not one.is_erased))
    @rule(number=which, hold=st.booleans(), lasts=lifetimes, is_right=st.sampled_from([True, True, True, False]))
    def release(self, number, hold, lasts, is_right):
        one = self.any_of(number, lambda one: one.status == "approved")
        sha256 = self.file().sha256 if is_right else "ab" * 32
        with self.step("held" if hold else "released") as session:
            releases.release(session, self.house.signer, CLIENT, one.id, sha256, valid_for=lasts, hold=hold)
            self.require_printable(one)
            assert is_right

    @precondition(some(lambda one: one.released_on))
    @rule(number=which, lasts=lifetimes)
    def let_go(self, number, lasts):
        made = self.any_release(number)
        with self.step("let go") as session:
            before = made.state
            releases.let_go(session, self.house.signer, CLIENT, made.id, valid_for=lasts)
            if before is ReleaseState.HELD:
                self.require_printable(self.seen[made.application_id])

    @precondition(some(lambda one: one.released_on))
    @rule(number=which, state=st.sampled_from(ENDS))
    def mark(self, number, state):
        with self.step(state.value) as session:
            releases.mark(session, CLIENT, self.any_release(number).id, state)

    @precondition(some(lambda one: one.released_on))
    @rule(is_meant=seldom)
    def let_time_pass(self, is_meant):
        if is_meant:
            with self.step("run out") as session:
                releases.expire(session, limit=100)

    def require_printable(self, one: Seen) -> None:
        """What the gate let through was approved, by a person or by a model that may approve alone."""
        assert (one.status, one.verdict, one.issued_at) == ("approved", "approved", None)
        if one.actor_kind == "policy":
            assert not {(one.policy, model) for model in one.models} & self.house.may_not_approve()

    def any_release(self, number: int) -> PrintRelease:
        with self.house.database.transaction() as session:
            known = session.scalars(
                select(PrintRelease).where(PrintRelease.application_id.in_(self.seen)).order_by(PrintRelease.id.desc())
            ).all()
        return known[number % len(known)]
