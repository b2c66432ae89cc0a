"""An event's bytes are those of RFC 8785, whichever way they are made."""

import json
from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

import pytest
import rfc8785
from hypothesis import example, given
from hypothesis import strategies as st

from photogate.audit.leaves import Unloggable, leaf

ID, APPLICATION = UUID(int=1), UUID(int=2)
AT = datetime(2026, 11, 1, 12, 30, 0, 250, tzinfo=timezone(timedelta(hours=1)))

letters = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
words = st.text(letters, max_size=8) | st.text(st.characters(max_codepoint=127, exclude_characters="\0"), max_size=8)
numbers = st.integers(min_value=-(2**53), max_value=2**53) | st.floats(allow_nan=False, allow_infinity=False)
values = st.recursive(
    st.none() | st.booleans() | words | numbers,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
    max_leaves=6,
)


def written(details: str, actor: str = "system") -> bytes:
    return leaf(id=ID, kind="decision_made", actor=actor, application_id=APPLICATION, details=details, created_at=AT)


@given(details=st.dictionaries(words, values, max_size=4), actor=words)
@example(details={"verdict": "approved", "reasons": ["A", "B"], "note": '\x7f\x01"\\\n\t'}, actor="user:1")
@example(details={"\ufb33": None, "\U0001f600": None}, actor="clerk")
@example(details={"found": 50, "rows": [1.0, 0.1, 1e21, -0.0]}, actor="clïent")
def test_the_bytes_are_the_canonical_json_of_the_event(details, actor):
    event = {
        "id": str(ID),
        "kind": "decision_made",
        "actor": actor,
        "application_id": str(APPLICATION),
        "details": json.loads(json.dumps(details), parse_int=float),
        "created_at": "2026-11-01T11:30:00.000250Z",
    }
    assert written(json.dumps(details, ensure_ascii=False), actor) == rfc8785.dumps(event)


def test_what_belongs_to_no_application_says_so():
    made = leaf(
        id=ID, kind="signed_in", actor="user:1", application_id=None, details="{}", created_at=AT.astimezone(UTC)
    )
    assert json.loads(made)["application_id"] is None


def test_a_number_that_no_double_holds_is_refused():
    with pytest.raises(Unloggable, match="Event 00000000-0000-0000-0000-000000000001 holds a number"):
        written('{"rows": 1e999}')
