"""What makes a page unreadable is found on a page that has all of it."""

import pytest

from tests.e2e.reading import PHONE, faults

BAD = """
<style>
  .wide { width: 400px } .pale { color: #aaaaaa; background: #ffffff } a:focus { outline: none }
  .small { width: 12px; height: 12px; padding: 0 } :focus-visible { outline: 3px solid blue }
</style>
<main><h1>One</h1><h3>Three</h3><p class="wide">x</p><p class="pale">Pale</p><a href="#">Here</a>
  <input name="nameless" style="height: 2rem"><button class="small">x</button></main>
"""
GOOD = (
    "<style>:focus-visible { outline: 3px solid blue }</style><main><h1>One</h1><h2>Two</h2><a href='#'>Here</a></main>"
)


@pytest.fixture
def page(browser):
    opened = browser.new_page(viewport=PHONE)
    yield opened
    opened.close()


def test_every_kind_of_fault_is_found(page):
    page.set_content(BAD)
    found = "\n".join(faults(page))
    for kind in ("px wide", "hard to read: Pale", "without a name", "too small to hit", "headings: [3, 1]", "not seen"):
        assert kind in found, found


def test_none_is_found_where_there_is_none(page):
    page.set_content(GOOD)
    assert faults(page) == []
