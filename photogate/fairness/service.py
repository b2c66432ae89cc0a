"""The gate of fairness: a promotion that treats a group of applicants worse is refused with the figures."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from photogate.applicants.master_keys import Kms
from photogate.errors import Conflict
from photogate.fairness.evidence import Evidence, Source, kept
from photogate.fairness.hearing import Hearing
from photogate.fairness.labelled import of_labelled
from photogate.fairness.rates import GroupErrors, Rate, group_errors
from photogate.screening.decision import Decision, decide
from photogate.screening.fairness import Fairness
from photogate.screening.risk import Truth
from photogate.simulation.cases import Stretch, cases
from photogate.simulation.counts import Counts

KINDS = {Truth.REAL: "real faces refused", Truth.PLACEHOLDER: "placeholders approved"}


class Unfair(Conflict):
    """The rules that are proposed would treat a group of applicants worse than the live profile allows."""

    code, title = "UNFAIR", "A group of applicants would be treated worse"


def require_fair(session: Session, live: Hearing, proposed: Hearing, kms: Kms) -> Mapping[str, Any] | None:
    """Decide the photos that people judged by both rules; returns the evidence as it is kept with a promotion.

    The limits are those of the live profile, so that no proposal lifts them for itself; those of the proposed one where
    the live one has none. Without any nobody asks, and there is no evidence. Raises Unfair when a group is treated
    worse by it, and KeyMissing.
    """
    rules = live.profile.fairness or proposed.profile.fairness
    if rules is None:
        return None
    found = [of_applicants(judged_by_both(session, live, proposed, rules.days, kms), rules)]
    if more := of_labelled(session, live, proposed, rules):
        found.append(more.besides(found[0]))
    refuse_worsened(found, rules)
    return kept(found, rules)


def judged_by_both(session: Session, live: Hearing, proposed: Hearing, days: int, kms: Kms) -> Counts:
    """What both rules say, by themselves, of the photos that people judged within the last days.

    Where other models are proposed, of those photos that the models of both scored, deciding or beside.
    """
    counts, now = Counts(), session.scalars(select(func.clock_timestamp())).one()
    lately, models = Stretch(now - timedelta(days=days), now), proposed.without(live)
    before = _decided(session, lately, live, live.without(proposed)) if models else None
    for case in cases(session, lately, kms, judged=True, models=models):
        was = decide(case.found, live.profile) if before is None else before.get(case.decision_id)
        if was is not None:
            counts.judge(case._replace(was=was.verdict, reasons=was.reasons), decide(case.found, proposed.profile))
    counts.left_out = 0 if before is None else len(before) - counts.said.total()
    return counts


def of_applicants(counts: Counts, rules: Fairness) -> Evidence:
    """What such counts say of every group of which people judged enough photos."""
    groups = group_errors(counts.judged_groups, rules.least_cases)
    return Evidence(Source.APPLICANTS, counts.judged.total(), groups, counts.left_out)


def refuse_worsened(found: Sequence[Evidence], rules: Fairness) -> None:
    """Raise Unfair when a group of enough photos is treated worse than the rules allow; all evidence shares alpha."""
    shared = replace(rules, alpha=rules.alpha / len(found))
    if worse := [(one, group) for one in found for group in one.groups if is_refused(group, shared)]:
        raise Unfair(_sentence(worse, rules))


def is_refused(one: GroupErrors, rules: Fairness) -> bool:
    """Whether a group's rate rises by more than is allowed, and not by chance."""
    enough = one.becomes.judged >= rules.least_cases
    return enough and one.rise > rules.worsens_at_most and one.worsens < rules.alpha


def _decided(session: Session, lately: Stretch, rules: Hearing, models: Sequence[str]) -> Mapping[str, Decision]:
    """What a profile says of every photo that people judged and that these models scored, by its decision."""
    found = cases(session, lately, judged=True, models=models)
    return {case.decision_id: decide(case.found, rules.profile) for case in found}


def _sentence(found: Sequence[tuple[Evidence, GroupErrors]], rules: Fairness) -> str:
    (evidence, worst), *others = found
    among = f"among the labelled photos {evidence.data.name}, " if evidence.data else ""
    more = f", and {len(others)} further rates rise too much" if others else ""
    return (
        f"Of the group {worst.attribute}: {worst.value}, {among}{KINDS[worst.of]} would rise from {_rate(worst.was)} to"
        f" {_rate(worst.becomes)}, by more than the {100 * rules.worsens_at_most:.3g} points that are allowed"
        f" (chance explains it with p = {worst.worsens:.2g}){more}."
    )


def _rate(rate: Rate) -> str:
    low, high = rate.interval
    return f"{100 * rate.value:.3g} % ({rate.errors} of {rate.judged}; {100 * low:.3g} to {100 * high:.3g} %)"
