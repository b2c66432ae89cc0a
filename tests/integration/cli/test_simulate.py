"""`photogate simulate`: the tables, the JSON, and what is refused in one sentence."""

import json
import sys
from dataclasses import replace
from datetime import timedelta

import pytest

from cli.main import main
from photogate.applications import policies
from photogate.settings import get_settings
from tests.factories import PLACEHOLDER, PORTRAIT, PROFILE, decided, user
from tests.integration.photogate.promoted import BETTER
from tests.integration.photogate.test_fairness import photographed
from tests.integration.photogate.test_simulation import TODAY
from tests.integration.photogate.tried import judged_beside, shadow_of

STRICT = """name = "strict"
version = 1
min_short_side_px = 120
max_resubmissions = 5
[real_photo]
approve_at = 0.9999
refuse_at = 0.02
[single_face]
smallest_share = 0.1
"""


@pytest.fixture
def photogate(settings, database, monkeypatch, capsys, tmp_path):
    monkeypatch.setenv("PHOTOGATE_DATABASE_URL", settings.database_url)
    monkeypatch.setenv("PHOTOGATE_MASTER_KEYS", str(settings.master_keys))
    monkeypatch.setenv("COLUMNS", "240")
    (tmp_path / "strict.toml").write_text(STRICT)
    monkeypatch.chdir(tmp_path)

    def run(*arguments):
        get_settings.cache_clear()
        monkeypatch.setattr(sys, "argv", ["photogate", "simulate", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        written = capsys.readouterr()
        return ended.value.code, written.out, written.err

    yield run
    get_settings.cache_clear()


def test_what_changes_is_shown_as_tables(photogate, database):
    decided(database, PORTRAIT)
    decided(database, PLACEHOLDER, reference="A-2")
    code, shown, _ = photogate("strict.toml", "--days", "7")
    assert code == 0
    for words in ("2 photos", "strict@1", "1 change", "no bound", "LOW_CONFIDENCE", "ministry"):
        assert words in shown


def test_programs_read_it_as_json_and_name_what_is_on_record(photogate, database):
    decided(database, PORTRAIT)
    with database.transaction() as session:
        policies.record(session, PROFILE)
    for named in (PROFILE.reference, PROFILE.name):
        code, shown, _ = photogate(named, "--json")
        told = json.loads(shown)
        assert (code, told["profile"], told["photos"], told["changed"]) == (0, PROFILE.reference, 1, 0)


def test_a_model_is_tried_under_the_live_profile_on_what_it_judged_beside(photogate, database):
    beside = shadow_of(database, BETTER)
    judged_beside(database, beside, decided(database, PORTRAIT), replace(PORTRAIT, p_real=0.5))
    decided(database, PORTRAIT, reference="A-2")
    code, shown, _ = photogate("--model", BETTER.reference)
    assert code == 0
    assert f"1 photos (1 left out, which the model did not score), {TODAY - timedelta(days=89)}" in shown
    assert f"by {PROFILE.reference} with {BETTER.reference}" in shown
    told = json.loads(photogate(PROFILE.name, "--model", BETTER.reference, "--json")[1])
    assert (told["model"], told["photos"], told["left_out"], told["changed"]) == (BETTER.reference, 1, 1, 1)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--model", "nobody@1"], "The model nobody@1 is not on record."),
        (["nowhere.toml"], "There is no file nowhere.toml."),
        (["nobody"], "There is no issuer profile called 'nobody'."),
        (["nobody@3"], "The policy nobody@3 is not on record."),
        (["strict.toml", "--days", "0"], "Choose between 1 and 3,660 days."),
        (["broken.toml"], "The profile is not valid TOML"),
        (["unclear.toml"], "Refuse_at 0.02 must lie below approve_at 0.01"),
    ],
)
def test_what_cannot_be_simulated_is_refused_in_one_sentence(photogate, tmp_path, arguments, sentence):
    (tmp_path / "broken.toml").write_text("name =")
    (tmp_path / "unclear.toml").write_text(STRICT.replace("0.9999", "0.01"))
    code, _, refused = photogate(*arguments)
    assert code == 1
    assert sentence in refused
    assert len(refused.splitlines()) == 1


def test_errors_of_groups_are_shown_with_their_intervals(photogate, database):
    person = user(database)
    photographed(database, person, PORTRAIT, {"sex": "female"}, "F-1")
    _, shown, _ = photogate("strict.toml")
    assert "sex: female" in shown
    assert "real faces refused" in shown
    assert "0.00% (0 of 1; 0.00% to 97.50%)" in shown
    [told] = json.loads(photogate("strict.toml", "--json")[1])["group_errors"]
    assert (told["attribute"], told["of"], told["becomes"]["judged"]) == ("sex", "real", 1)
