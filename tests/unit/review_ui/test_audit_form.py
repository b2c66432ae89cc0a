"""The search form: what was typed, asked, kept and asked again."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from photogate.screening.reasons import ReasonCode
from photogate.screening.verdicts import Verdict
from photogate.searches.filters import Filters
from review_ui.audit_form import Asked

days = st.dates(datetime(2000, 1, 1, tzinfo=UTC).date(), datetime(2100, 1, 1, tzinfo=UTC).date())
asked = st.builds(
    lambda **sent: Asked.model_validate({name: value for name, value in sent.items() if value is not None}),
    **{
        "applicant": st.lists(st.uuids(), max_size=3, unique=True).map(sorted),
        "application": st.none() | st.uuids(),
        "photo": st.none() | st.just("ab" * 32),
        "from": st.none() | days,
        "to": st.none() | days,
        "outcome": st.none() | st.sampled_from(Verdict),
        "reason": st.none() | st.sampled_from(ReasonCode),
        "policy": st.none() | st.just("default@3"),
    },
)


@settings(deadline=None)
@given(asked)
def test_a_search_that_is_kept_asks_the_same_again(form):
    kept = Filters.from_json(form.filters.to_json())
    assert kept == form.filters
    assert Asked.of(kept) == form


def test_both_days_are_included():
    form = Asked.model_validate({"from": "2026-11-01", "to": "2026-11-01"})
    assert form.filters.since == datetime(2026, 11, 1, tzinfo=UTC)
    assert form.filters.until == datetime(2026, 11, 2, tzinfo=UTC)


def test_an_address_carries_what_was_filled_in_and_nothing_else():
    form = Asked.model_validate({"outcome": "rejected", "reason": "", "photo": "  ", "from": "2026-11-01"})
    assert form.address() == "/audit?from=2026-11-01&outcome=rejected"
    assert Asked().address() == "/audit"


@pytest.mark.parametrize("sent", [{"photo": "zz"}, {"outcome": "maybe"}, {"to": "9999-12-31"}, {"actor": "a b"}])
def test_what_is_no_question_is_refused(sent):
    with pytest.raises(ValidationError):
        Asked.model_validate(sent)
