"""Deadlines make sense, or are refused in one sentence."""

from dataclasses import asdict

import pytest

from photogate.applications.profiles import load_profile
from photogate.screening.deadlines import USUAL, Deadlines
from photogate.screening.errors import ProfileError
from photogate.screening.profile import read_profile

DEFAULT = load_profile("default")


@pytest.mark.parametrize("name", asdict(USUAL))
@pytest.mark.parametrize("days", [0, -1, 3651, 1.5, "60", True, None, float("nan")])
def test_a_deadline_out_of_range_is_refused(name, days):
    with pytest.raises(ProfileError, match=f"^{name} .* must be a whole number between 1 and 3650$"):
        Deadlines(**{**asdict(USUAL), name: days})


@pytest.mark.parametrize("name", asdict(USUAL))
def test_a_section_with_a_part_missing_is_refused(name):
    written = {part: days for part, days in asdict(USUAL).items() if part != name}
    with pytest.raises(ProfileError, match="Deadlines wants exactly"):
        read_profile({**DEFAULT.to_json(), "deadlines": written})


def test_a_profile_that_erases_applicants_before_their_deadline_contradicts_itself():
    written = DEFAULT.to_json()
    written["retention"] = {"original_days": 10, "picture_days": 10, "applicant_days": 59}
    with pytest.raises(ProfileError, match="must not outlast"):
        read_profile(written)


def test_a_profile_without_deadlines_reads_back_as_it_was_recorded():
    written = {name: part for name, part in DEFAULT.to_json().items() if name != "deadlines"}
    assert read_profile(written).to_json() == written
    assert read_profile(DEFAULT.to_json()) == DEFAULT
