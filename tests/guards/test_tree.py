import re
from pathlib import Path

from tests.guards.tree import ROOT, committed, committed_text

ONE_MACHINE = re.compile(r"(?<![\w./-])/(?:tmp|work|farm|home|Users|root)/")
LEFT_OVER = re.compile(r"\b(?:TODO|FIXME|XXX)\b")
NOT_RUN = re.compile(r"pytest\.(?:skip|importorskip|xfail|mark\.(?:skip|skipif|xfail))")
THIS_FILE = Path(__file__).relative_to(ROOT)


def places(pattern: re.Pattern[str], suffixes: frozenset[str] = frozenset()) -> list[str]:
    """`file:line` of everything committed that matches, in files with one of `suffixes` or in all."""
    return [
        f"{path}:{number}"
        for path, text in committed_text()
        if path != THIS_FILE and (not suffixes or path.suffix in suffixes)
        for number, line in enumerate(text.splitlines(), 1)
        if pattern.search(line)
    ]


def test_no_committed_file_names_a_folder_of_one_machine():
    assert places(ONE_MACHINE) == []


def test_nothing_is_left_over_to_be_done():
    assert places(LEFT_OVER) == []


def test_no_test_is_skipped_or_expected_to_fail():
    assert places(NOT_RUN, frozenset({".py"})) == []


def test_the_weights_stay_small_enough_to_clone():
    weights = [path for path in committed() if path.is_relative_to(ROOT / "models/weights")]
    assert sum(path.stat().st_size for path in weights) <= 15_000_000


def test_code_files_stay_short_enough_to_read():
    code = [(path, text) for path, text in committed_text() if path.suffix == ".py" and "versions" not in path.parts]
    assert [str(path) for path, text in code if len(text.splitlines()) > 300] == []


def test_every_link_in_the_documents_leads_somewhere():
    broken = [
        f"{path}: {target}"
        for path, text in committed_text()
        if path.suffix == ".md"
        for target in re.findall(r"\]\((?!https?://|mailto:|#)([^)#\s]+)", text)
        if not (ROOT / path.parent / target).exists()
    ]
    assert broken == []


def test_every_document_can_be_found_from_the_index():
    index = (ROOT / "docs/index.md").read_text()
    documents = {path.name for path in committed() if path.parent == ROOT / "docs" and path.suffix == ".md"}
    assert {name for name in documents - {"index.md"} if f"({name})" not in index} == set()
