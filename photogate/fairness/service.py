"""The gate of fairness: a promotion that treats a group of applicants worse is refused with the figures."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from photogate.applicants.master_keys import Kms
from photogate.errors import Conflict
from photogate.fairness.rates import GroupErrors, Rate, group_errors
from photogate.screening.decision import decide
from photogate.screening.fairness import Fairness
from photogate.screening.profile import IssuerProfile
from photogate.screening.risk import Truth
from photogate.simulation.cases import Stretch, cases
from photogate.simulation.counts import Counts

KINDS = {Truth.REAL: "real faces refused", Truth.PLACEHOLDER: "placeholders approved"}


class Unfair(Conflict):
    """The rules that are proposed would treat a group of applicants worse than the live profile allows."""

    code, title = "UNFAIR", "A group of applicants would be treated worse"


def require_fair(session: Session, live: IssuerProfile, proposed: IssuerProfile, kms: Kms) -> None:
    """Decide the photos that people judged by both profiles, and raise Unfair when a group is treated worse by it.

    The limits are those of the live profile, so that no proposal lifts them for itself; those of the proposed one where
    the live one has none. Without any, and where nobody said anything of applicants, nothing is refused. Raises
    KeyMissing.
    """
    rules = live.fairness or proposed.fairness
    if rules is None:
        return
    refuse_worsened(judged_by_both(session, live, proposed, rules.days, kms), rules)


def judged_by_both(session: Session, live: IssuerProfile, proposed: IssuerProfile, days: int, kms: Kms) -> Counts:
    """What both profiles say, by themselves, of the photos that people judged within the last days."""
    counts, now = Counts(), session.scalars(select(func.clock_timestamp())).one()
    for case in cases(session, Stretch(now - timedelta(days=days), now), kms, judged=True):
        before = decide(case.found, live)
        counts.judge(case._replace(was=before.verdict, reasons=before.reasons), decide(case.found, proposed))
    return counts


def refuse_worsened(counts: Counts, rules: Fairness) -> None:
    """Raise Unfair when a group of enough photos is treated worse than the rules allow."""
    found = group_errors(counts.judged_groups, rules.least_cases)
    if worse := [one for one in found if is_refused(one, rules)]:
        raise Unfair(_sentence(worse, rules))


def is_refused(one: GroupErrors, rules: Fairness) -> bool:
    """Whether a group's rate rises by more than is allowed, and not by chance."""
    enough = one.becomes.judged >= rules.least_cases
    return enough and one.rise > rules.worsens_at_most and one.worsens < rules.alpha


def _sentence(found: Sequence[GroupErrors], rules: Fairness) -> str:
    worst, *others = found
    more = f", and {len(others)} further rates rise too much" if others else ""
    return (
        f"Of the group {worst.attribute}: {worst.value}, {KINDS[worst.of]} would rise from {_rate(worst.was)} to"
        f" {_rate(worst.becomes)}, by more than the {100 * rules.worsens_at_most:.3g} points that are allowed"
        f" (chance explains it with p = {worst.worsens:.2g}){more}."
    )


def _rate(rate: Rate) -> str:
    low, high = rate.interval
    return f"{100 * rate.value:.3g} % ({rate.errors} of {rate.judged}; {100 * low:.3g} to {100 * high:.3g} %)"
