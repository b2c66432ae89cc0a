"""What chance decides in a random life: who, how long, what is measured and what is said."""

from datetime import timedelta

from hypothesis import strategies as st

from photogate.promotions.service import Change
from photogate.releases.tables import ReleaseState
from photogate.screening.measurements import Measurements
from photogate.screening.reasons import ReasonCode
from photogate.screening.verdicts import Verdict
from tests.factories import PLACEHOLDER, PORTRAIT, TWO_PEOPLE
from tests.integration.lifecycle.house import ALONE, BETTER, LEASE, PAST, USUAL, WATCHED

HOUR = timedelta(hours=1)
ENDS = [ReleaseState.ISSUED, ReleaseState.ISSUED, ReleaseState.CANCELLED, ReleaseState.FAILED]

APPROVED = (Verdict.APPROVED, ())

which = st.integers(min_value=0, max_value=5)
people = st.sampled_from([0, 0, 0, 1, 1, 2, 3])
admins = st.sampled_from([0, 0, 1, 1, 2])
seconds = st.sampled_from([1, 1, 1, 0])
changes = st.sampled_from(
    [
        Change(policy=WATCHED.reference),
        Change(policy=ALONE.reference),
        Change(policy=ALONE.reference, model=BETTER.reference),
        Change(model=USUAL.reference),
        Change(model=BETTER.reference),
    ]
)
leases = st.sampled_from([LEASE, LEASE, LEASE, PAST])
lifetimes = st.sampled_from([HOUR, HOUR, HOUR, PAST])
profiles = st.sampled_from([WATCHED, ALONE])
maybe = st.booleans()
seldom = st.sampled_from([False, False, True])
measured = st.sampled_from([PORTRAIT, PORTRAIT, PORTRAIT, TWO_PEOPLE, PLACEHOLDER, Measurements()])
verdicts = st.sampled_from(
    [
        APPROVED,
        APPROVED,
        (Verdict.REJECTED, (ReasonCode.PLACEHOLDER_IMAGE,)),
        (Verdict.RESUBMISSION_REQUESTED, (ReasonCode.EYES_CLOSED,)),
        (Verdict.REJECTED, ()),
    ]
)
refusals = verdicts.filter(lambda said: said != APPROVED)
