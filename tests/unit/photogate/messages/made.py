"""Reasons of every kind, told ones and hidden ones, with marks that must not show."""

from hypothesis import strategies as st

from photogate.screening.reasons import NEVER_TOLD, PLAIN_WORDS, Audience, Disposition, Reason, ReasonCode, told

INNER_WORDS, INNER_FIGURE = "inner words", 0.4711

PUBLIC = st.builds(
    Reason,
    code=st.sampled_from(sorted(set(ReasonCode) - NEVER_TOLD)),
    disposition=st.sampled_from(Disposition),
    native=st.sampled_from([None, 0.0, 0.06, 3.0]),
    threshold=st.sampled_from([None, 0.1, 1.0, 6.0]),
).map(Reason.to_json)

INTERNAL = st.builds(
    Reason,
    code=st.sampled_from(ReasonCode),
    disposition=st.sampled_from(Disposition),
    audience=st.just(Audience.INTERNAL),
    native=st.just(INNER_FIGURE),
    score=st.just(INNER_FIGURE),
    threshold=st.just(INNER_FIGURE),
    model_version=st.just("inner_model@1"),
    detail=st.just(INNER_WORDS),
).map(Reason.to_json)

MISLABELLED = st.builds(
    Reason,
    code=st.sampled_from(sorted(NEVER_TOLD)),
    disposition=st.sampled_from(Disposition),
    native=st.just(INNER_FIGURE),
).map(Reason.to_json)

UNLABELLED = INTERNAL.flatmap(
    lambda reason: st.sampled_from([None, "", "anybody", "PUBLIC"]).map(
        lambda audience: {**reason, "audience": audience}
    )
)

LABELLED = st.lists(st.one_of(PUBLIC, INTERNAL, MISLABELLED), max_size=6)
"""Reasons as they can be decided by."""

REASONS = st.lists(st.one_of(PUBLIC, INTERNAL, MISLABELLED, UNLABELLED), max_size=6)
"""These, and others that somebody wrote into the database."""


def leaks(kept, answer):
    """What of the hidden reasons an answer shows; the answer is text."""
    shown = {reason["code"] for reason in told(kept)}
    hidden = {reason["code"] for reason in kept} - shown
    marks = [INNER_WORDS, "4711", "inner_model", *hidden, *(PLAIN_WORDS[ReasonCode(code)] for code in hidden)]
    return [mark for mark in marks if mark in answer]
