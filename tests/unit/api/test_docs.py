"""The page at /docs, the OpenAPI document behind it, and docs/api.md beside it."""

import re
from html.parser import HTMLParser
from pathlib import Path

from api import main
from photogate.errors import PhotogateError
from tests.unit.api.asking import ask

GUIDE = (Path(__file__).parents[3] / "docs/api.md").read_text()
NEVER_OVER_HTTP = {
    "UNPROCESSABLE",
    "EXPORT_BROKEN",
    "LOG_STALLED",
    "EVENT_UNLOGGABLE",
    "PROOF_REFUSED",
    "POLICY_CHANGED",
    "POLICY_UNREADABLE",
}
NOUNS = ("applicants", "applications", "audit", "jobs", "messages", "privacy", "releases")
FOR_ANYBODY = {"/v1/print-keys"}


class Addresses(HTMLParser):
    """Everything on a page that a browser would load or that would run."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.loaded, self.tags, self.attributes = [], set(), set()
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attributes}
        self.loaded += [value for name, value in attributes if name == "src" or (tag == "link" and name == "href")]


def kinds_of(error: type[PhotogateError]) -> set[type[PhotogateError]]:
    return {error}.union(*map(kinds_of, error.__subclasses__()))


def test_the_page_loads_nothing_from_elsewhere_and_runs_nothing():
    answer = ask("/docs")
    page = Addresses(answer.text)
    assert page.loaded == ["/static/docs.css"]
    assert {"script", "style", "iframe", "img"} & page.tags == set()
    assert {name for name in page.attributes if name == "style" or name.startswith("on")} == set()
    assert answer.headers["content-security-policy"].startswith("default-src 'self';")
    assert "unsafe" not in answer.headers["content-security-policy"]
    style = ask("/static/docs.css")
    assert style.headers["content-type"].startswith("text/css")
    assert "url(" not in style.text
    assert "@import" not in style.text


def test_the_page_has_every_operation_with_its_scope_and_every_link_leads_somewhere():
    page, document = ask("/docs").text, ask("/openapi.json").json()
    operations = [operation for path in document["paths"].values() for operation in path.values()]
    assert len(operations) > 20
    assert [
        operation["summary"] for operation in operations if operation["summary"] not in page.replace("&#39;", "'")
    ] == []
    assert {"photo.write", "application.read", "print.release"} <= set(re.findall(r'class="scope">([^<]+)<', page))
    anchors = set(re.findall(r'id="([^"]+)"', page))
    assert {link for link in re.findall(r'href="#([^"]+)"', page) if link not in anchors} == set()


def test_the_document_describes_every_refusal_as_a_problem():
    document = ask("/openapi.json").json()
    assert {"Problem", "WrongView"} <= document["components"]["schemas"].keys()
    assert "HTTPValidationError" not in document["components"]["schemas"]
    for path, methods in document["paths"].items():
        for operation in methods.values():
            refusals = {status: answer for status, answer in operation["responses"].items() if status >= "400"}
            assert all(list(answer["content"]) == ["application/problem+json"] for answer in refusals.values()), path


def test_the_document_says_which_key_each_address_wants():
    document = ask("/openapi.json").json()
    for path, methods in document["paths"].items():
        for operation in methods.values():
            is_open = path in FOR_ANYBODY or not path.startswith("/v1/")
            assert bool(operation.get("security")) != is_open, path


def test_the_guide_says_what_to_do_about_every_refusal():
    explained = dict(re.findall(r"^\| (?:\d+) \| `(\w+)` \| (\S.*) \|$", GUIDE, re.MULTILINE))
    of_the_api = ("api.", "photogate.errors", *(f"photogate.{noun}." for noun in NOUNS))
    kinds = kinds_of(PhotogateError) - {PhotogateError}
    codes = {kind.code for kind in kinds if f"{kind.__module__}.".startswith(of_the_api)}
    assert main.create_app
    assert codes - NEVER_OVER_HTTP == explained.keys()


def test_the_guide_names_every_status():
    document = ask("/openapi.json").json()
    statuses = document["components"]["schemas"]["ApplicationStatus"]["enum"]
    assert [status for status in statuses if f"`{status}`" not in GUIDE] == []
