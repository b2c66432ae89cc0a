"""The decision form by itself."""

import pytest

from photogate.errors import Unprocessable
from photogate.screening.reasons import REVIEWER_CODES, ReasonCode
from photogate.screening.verdicts import Verdict
from review_ui.decision_form import MAX_NOTE_LENGTH, DecisionForm


def test_every_reason_of_a_reviewer_can_be_ticked():
    choices = list(DecisionForm(frozenset({ReasonCode.NOT_SHARP})).choices)
    assert [choice.code for choice in choices] == list(REVIEWER_CODES)
    assert [choice.code for choice in choices if choice.is_ticked] == ["NOT_SHARP"]


def test_line_ends_of_a_browser_do_not_count_as_characters():
    form = DecisionForm(note=" one\r\ntwo ")
    assert form.clean_note == "one\ntwo"
    DecisionForm(note="a\r\n" * (MAX_NOTE_LENGTH // 2)).check(Verdict.APPROVED)


def test_a_note_has_an_end():
    with pytest.raises(Unprocessable, match="2,000 characters"):
        DecisionForm(note="a" * (MAX_NOTE_LENGTH + 1)).check(Verdict.REJECTED)


def test_nothing_speaks_against_what_is_approved():
    with pytest.raises(Unprocessable):
        DecisionForm(frozenset({ReasonCode.NOT_SHARP})).check(Verdict.APPROVED)


def test_what_is_wrong_changes_nothing_of_what_was_typed():
    form = DecisionForm(frozenset({ReasonCode.NOT_SHARP}), "note")
    again = form.refused("why")
    assert (again.ticked, again.note, again.problem) == (form.ticked, form.note, "why")
