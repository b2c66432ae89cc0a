"""Rules, and the people who check them, in a real browser: two admins, two reviewers, golden cases, simulations."""

from collections.abc import Callable, Iterator
from uuid import UUID

import pytest
from playwright.sync_api import expect
from sqlalchemy import func, select, update

from photogate.access.tables import Role
from photogate.applications.tables import Application
from photogate.database import Database
from photogate.quality import golden
from photogate.quality.golden import Mixing
from photogate.quality.tables import GoldenCase
from photogate.reviews.tables import ReviewTask
from photogate.screening.verdicts import Verdict
from tests.e2e.chromium import Tab
from tests.e2e.history import fill_history
from tests.e2e.house import PATIENCE_S, becomes, person, reviewer, send
from tests.e2e.oversight import four_eyed, profile
from tests.e2e.reading import PHONE, faults

PATIENCE_MS = PATIENCE_S * 1000
DAYS = 14
OF_ADMINS = (
    "/audit/quality",
    "/audit/rules",
    "/audit/rules/beside",
    "/audit/simulations",
    "/audit/open-cases?actor=applicant",
    "/audit/mandates",
    "/audit/statistics",
    "/known-pictures",
)
EDITED = "The photo looks edited"


@pytest.fixture(scope="session")
def history(stack, api, whole_database) -> None:
    """Two weeks of decisions and what people made of them."""
    fill_history(stack, whole_database, api, DAYS)


@pytest.fixture
def waiting(history, api, whole_database) -> Iterator[ReviewTask]:
    """A case that waits for a person; nothing is left open afterwards."""
    sent = becomes(api, send(api, "EMP-2041"), "in_review")
    with whole_database.transaction() as session:
        yield session.scalars(select(ReviewTask).where(ReviewTask.application_id == UUID(sent["id"]))).one()
    with whole_database.transaction() as session:
        session.execute(update(ReviewTask).where(ReviewTask.closed_at.is_(None)).values(closed_at=func.now()))


@pytest.fixture
def signed_in(tab: Callable[..., Tab], whole_database: Database) -> Callable[..., Tab]:
    """Somebody who has just signed in."""

    def fresh(name: str, role: Role = Role.REVIEWER, *, scripts: bool = True) -> Tab:
        opened = tab(scripts=scripts)
        opened.page.goto(person(whole_database, name, role)[1])
        opened.page.get_by_role("button", name="Sign in").click()
        expect(opened.page.get_by_role("button", name="Sign out")).to_be_visible()
        return opened

    return fresh


@pytest.mark.parametrize(("scheme", "scripts"), [("light", False), ("dark", True)])
def test_every_page_can_be_read_and_used_on_a_phone(history, signed_in, scheme, scripts):
    tab = signed_in("Ann Berg", Role.ADMIN, scripts=scripts)
    tab.page.emulate_media(color_scheme=scheme)
    tab.page.set_viewport_size(PHONE)
    for path in OF_ADMINS:
        tab.page.goto(path)
        assert faults(tab.page) == [], path
    assert tab.complaints == []


def test_what_one_admin_proposes_decides_once_another_approves(history, signed_in):
    ann, ben = (signed_in(name, Role.ADMIN, scripts=False) for name in ("Ann Berg", "Ben Osei"))
    for tab in (ann, ben):
        tab.page.goto("/audit/rules")
    ann.page.get_by_text("Propose other rules").click()
    ann.page.get_by_text("Or a new version of a profile").click()
    stricter = profile(7, four_eyed("approved_against_machine"), ("approve_at = 0.98", "approve_at = 0.991"))
    ann.page.get_by_label("The profile as TOML").fill(stricter)
    because = ann.page.locator("form").filter(has=ann.page.get_by_role("button", name="Propose", exact=True))
    because.get_by_label("Why").fill("Errors doubled in May.")
    ann.page.get_by_role("button", name="Propose", exact=True).click()
    own = ann.page.get_by_role("region", name="Proposal").filter(has_text="Errors doubled in May.")
    expect(own).to_contain_text("Another admin approves it; you can withdraw it.")
    expect(own.get_by_role("button", name="Approve")).to_have_count(0)

    ben.page.reload()
    proposed = ben.page.get_by_role("region", name="Proposal").filter(has_text="Errors doubled in May.")
    expect(proposed.get_by_role("row").filter(has_text="0.991")).to_contain_text("approve from")
    proposed.get_by_label("Why").fill("Agreed.")
    proposed.get_by_role("button", name="Approve").click()
    expect(ben.page.get_by_role("region", name="Live")).to_contain_text("demo@7")
    expect(ben.page.get_by_role("region", name="History").get_by_role("row", name="demo@7")).to_contain_text("Agreed.")
    assert ann.complaints + ben.complaints == []


def test_the_second_person_judges_without_a_trace_of_the_first(waiting, signed_in):
    rita, carl, address = signed_in("Rita Okafor"), signed_in("Carl Weiss", scripts=False), f"/cases/{waiting.id}"
    judge(rita, address, EDITED, "Reject", note="The edge of the hair.")
    rita.page.goto(address)
    expect(rita.page.get_by_role("heading", name="Your verdict is recorded")).to_be_visible()

    carl.page.goto("/")
    carl.page.get_by_role("link", name=f"Case {waiting.id.hex[-6:]}").click()
    expect(carl.page.get_by_text("Judge this photo by itself.")).to_be_visible()
    for trace in ("Rita", "hair", EDITED, "More than one face was found.", "EMP-2041"):
        assert trace not in carl.page.locator("main").inner_text(), trace
    assert carl.page.locator(".face").count() == 0
    assert carl.page.request.get(f"/pictures/{waiting.photo_id}/crop.png").status == 403
    carl.page.set_viewport_size(PHONE)
    assert faults(carl.page) == []

    judge(carl, address, EDITED, "Reject")
    carl.page.goto(address)
    expect(carl.page.get_by_text("Rita Okafor had said: Rejected")).to_be_visible()
    assert rita.complaints + carl.complaints == []


def test_who_settles_a_disagreement_sees_both_verdicts_and_no_names(waiting, signed_in):
    address = f"/cases/{waiting.id}"
    judge(signed_in("Rita Okafor"), address, EDITED, "Reject", note="The edge of the hair.")
    judge(signed_in("Carl Weiss"), address, "", "Approve")
    last = signed_in("Imani Cole", Role.ADJUDICATOR)
    last.page.goto(address)
    both = last.page.get_by_role("region", name="Two people disagree, and you settle it")
    expect(both).to_contain_text("The edge of the hair.")
    expect(both).to_contain_text("Approved")
    assert "Rita" not in last.page.locator("main").inner_text()
    last.page.set_viewport_size(PHONE)
    assert faults(last.page) == []
    judge(last, address, "", "Approve")
    last.page.goto(address)
    expect(last.page.get_by_role("region", name="History")).to_contain_text("Carl Weiss had said: Approved")
    assert last.complaints == []


def test_a_golden_case_is_answered_like_any_other_and_counts_for_the_person_alone(
    waiting, signed_in, tab, whole_database
):
    rita, link = reviewer(whole_database, "Rita Mendes")
    with whole_database.transaction() as session:
        case = golden.in_place_of(session, waiting.id, rita, Mixing(1, "golden"))
        shown = session.get_one(ReviewTask, case)
        before = session.get_one(Application, shown.application_id).current_decision_id
        answer = session.scalars(select(GoldenCase.answer).where(GoldenCase.photo_id == shown.photo_id)).one()
    judging = tab()
    judging.page.goto(link)
    judging.page.get_by_role("button", name="Sign in").click()
    judge(judging, f"/cases/{case}", "", "Approve")
    judging.page.goto(f"/cases/{case}")
    expect(judging.page.get_by_role("heading", name="Your verdict is recorded")).to_be_visible()
    with whole_database.transaction() as session:
        assert session.get_one(Application, shown.application_id).current_decision_id == before

    auditor = signed_in("Olga Petrova", Role.AUDITOR)
    auditor.page.goto("/audit/quality")
    wrong = "0 of 1" if answer is Verdict.APPROVED else "1 of 1"
    expect(auditor.page.get_by_role("row", name="Rita Mendes")).to_contain_text(wrong)
    assert judging.complaints + auditor.complaints == []


def test_what_other_rules_would_have_decided_is_asked_and_seen(history, signed_in):
    tab = signed_in("Olga Petrova", Role.AUDITOR, scripts=False)
    page = tab.page
    page.goto("/audit/simulations")
    page.get_by_text("Write other rules instead").click()
    page.get_by_label("A profile as TOML").fill(profile(8, ("approve_at = 0.98", "approve_at = 0.9999")))
    page.get_by_role("button", name="Try these rules").click()
    page.get_by_role("link", name="change: look at them").wait_for(timeout=PATIENCE_MS)
    page.set_viewport_size(PHONE)
    assert faults(page) == []
    expect(page.get_by_role("row", name="Approved → Sent to a person")).to_be_visible()
    page.get_by_role("link", name="change: look at them").click()
    expect(page.get_by_role("row").nth(1)).to_contain_text("Sent to a person")
    assert faults(page) == []
    assert tab.complaints == []


def test_a_picture_that_came_again_becomes_known_and_is_forgotten_with_a_reason(history, signed_in):
    tab = signed_in("Rita Okafor", scripts=False)
    page = tab.page
    page.get_by_role("link", name="Known pictures").click()
    again = page.get_by_role("region", name="Came from several applicants").get_by_role("listitem")
    again.filter(has_text="by 2 applicants").get_by_role("button", name="It is a placeholder").first.click()
    bank = page.get_by_role("region", name="Known placeholders").get_by_role("listitem")
    expect(bank).to_contain_text("From a case, by Rita Okafor: Came from several applicants.")
    page.set_viewport_size(PHONE)
    assert faults(page) == []
    bank.get_by_label("Why").fill("It is a caricature of a person.")
    bank.get_by_role("button", name="Remove").click()
    expect(bank).to_contain_text("Removed by Rita Okafor: It is a caricature of a person.")
    expect(bank.get_by_role("img")).to_have_count(0)
    assert tab.complaints == []


def judge(tab: Tab, address: str, because: str, verdict: str, note: str = "") -> None:
    """Take a case and say something of it."""
    tab.page.goto(address)
    tab.page.get_by_role("button", name="Claim").click()
    if because:
        tab.page.get_by_label(because).check()
    tab.page.get_by_label("Note").fill(note)
    tab.page.get_by_role("button", name=verdict).click()
    expect(tab.page.get_by_text("Your decision was recorded.")).to_be_visible()
