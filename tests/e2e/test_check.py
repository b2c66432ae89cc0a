"""Reality Check in a real browser: with and without scripts, by mouse, keyboard, dropping and pasting."""

import base64
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from photogate.database import Database
from tests.e2e.chromium import Tab
from tests.e2e.house import PATIENCE_S, TWO_PEOPLE, reviewer

PATIENCE_MS = PATIENCE_S * 1000
MIN_TARGET_PX = 24

DELIVER = """([content, kind]) => {
  const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
  const transfer = new DataTransfer();
  transfer.items.add(new File([bytes], "<b>holiday</b>.jpg", { type: "image/jpeg" }));
  const event = kind === "paste"
    ? new ClipboardEvent("paste", { clipboardData: transfer, bubbles: true })
    : new DragEvent("drop", { dataTransfer: transfer, bubbles: true, cancelable: true });
  document.body.dispatchEvent(event);
}"""


@pytest.fixture
def at_check(tab: Callable[..., Tab], whole_database: Database) -> Callable[..., Tab]:
    """Somebody who has signed in and gone to the page."""

    def fresh(*, scripts: bool = True) -> Tab:
        opened = tab(scripts=scripts)
        opened.page.goto(reviewer(whole_database, "Rita Okafor")[1])
        opened.page.get_by_role("button", name="Sign in").click()
        opened.page.get_by_role("link", name="Reality Check").click()
        expect(opened.page.get_by_role("heading", name="Reality Check")).to_be_visible()
        return opened

    return fresh


def answer_of(page: Page):
    """The headline of the answer."""
    return page.locator(".verdict h2")


def pixels_of(page: Page, picture: str) -> list[int]:
    """Width and height of a picture as the browser decoded it."""
    return page.locator(picture).evaluate("async (it) => (await it.decode(), [it.naturalWidth, it.naturalHeight])")


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_an_example_is_judged_and_explained(at_check, scripts):
    tab = at_check(scripts=scripts)
    page = tab.page
    page.get_by_label("Show what mattered").check()
    page.get_by_role("button", name="Portrait", exact=True).click()
    expect(answer_of(page)).to_have_text("Clearly a real photo", timeout=PATIENCE_MS)
    expect(page.locator(".check-photo .face")).to_have_count(1)
    expect(page.get_by_text("orange parts")).to_be_visible()
    expect(page.get_by_label("Show what mattered")).to_be_checked()
    if scripts:
        assert pixels_of(page, ".mattered figure:nth-child(2) img") == [448, 448]
    page.get_by_role("button", name="Silhouette").click()
    expect(answer_of(page)).to_have_text("Clearly not a real photo", timeout=PATIENCE_MS)
    assert tab.complaints == []


def test_a_chosen_file_is_sent_and_both_faces_are_shown(at_check):
    page = at_check(scripts=False).page
    page.get_by_label("Choose a picture").set_input_files(TWO_PEOPLE)
    page.get_by_role("button", name="Check this picture").click()
    expect(page.get_by_text("More than one face was found.")).to_be_visible(timeout=PATIENCE_MS)
    expect(page.locator(".check-photo .face")).to_have_count(2)
    page.get_by_label("2 faces were found").uncheck()
    expect(page.locator(".check-photo .face").first).to_be_hidden()


@pytest.mark.parametrize("kind", ["drop", "paste"])
def test_a_picture_that_is_dropped_or_pasted_is_shown_and_can_be_sent(at_check, kind):
    tab = at_check()
    page = tab.page
    expect(page.get_by_text("or drop one here, or paste it")).to_be_visible()  # the script listens
    page.evaluate(DELIVER, [base64.b64encode(TWO_PEOPLE.read_bytes()).decode(), kind])
    expect(page.locator(".drop-preview")).to_be_visible()
    page.get_by_role("button", name="Check this picture").click()
    expect(page.get_by_text("More than one face was found.")).to_be_visible(timeout=PATIENCE_MS)
    assert "holiday" not in page.content()
    assert tab.complaints == []


def test_a_file_that_is_too_large_is_said_before_it_is_sent_and_after(at_check, tmp_path):
    large = tmp_path / "large.jpg"
    large.write_bytes(b"\xff\xd8\xff" + bytes(21_000_000))
    page = at_check().page
    page.get_by_label("Choose a picture").set_input_files(large)
    expect(page.get_by_role("alert")).to_have_text("This file is larger than 20.0 MB, which is the limit.")
    plain = at_check(scripts=False).page
    plain.get_by_label("Choose a picture").set_input_files(large)
    plain.get_by_role("button", name="Check this picture").click()
    expect(plain.get_by_text("The file is larger than 20.0 MB, which is the limit.")).to_be_visible(timeout=PATIENCE_MS)


def test_the_keyboard_alone_gets_an_answer(at_check):
    page = at_check().page
    page.get_by_label("Show what mattered").focus()
    page.keyboard.press("Space")
    for _ in range(5):  # past the button of the form to the fourth example
        page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Silhouette")).to_be_focused()
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    expect(answer_of(page)).to_have_text("Clearly not a real photo", timeout=PATIENCE_MS)


@pytest.mark.parametrize("width", [360, 768, 1280])
def test_the_page_fits_its_window_and_everything_can_be_hit(at_check, width):
    page = at_check().page
    page.set_viewport_size({"width": width, "height": 800})
    for answered in (False, True):
        if answered:
            page.get_by_role("button", name="Two people").click()
            expect(answer_of(page)).to_be_visible(timeout=PATIENCE_MS)
        assert page.evaluate("document.documentElement.scrollWidth") == width
        sizes = page.locator("main button, main .tick, main input[type=file], main summary").evaluate_all(
            "found => found.map((it) => [it.textContent.trim(), it.getBoundingClientRect()])"
        )
        assert [words for words, box in sizes if min(box["width"], box["height"]) < MIN_TARGET_PX] == []
