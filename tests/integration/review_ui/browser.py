"""A browser without scripts: it keeps cookies, follows redirects and sends the forms that a page holds."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser

import httpx
from fastapi import FastAPI
from sqlalchemy import event

PASSWORD = "correct horse battery staple"


@dataclass
class PageForm:
    """A form as the page holds it: where it goes, what it would send, and its buttons by their words.

    `elsewhere` is where a button sends it instead.
    """

    action: str
    fields: dict[str, list[str]] = field(default_factory=dict)
    ticks: dict[str, tuple[str, str]] = field(default_factory=dict)
    buttons: dict[str, tuple[str, str]] = field(default_factory=dict)
    elsewhere: dict[str, str] = field(default_factory=dict)


class Forms(HTMLParser):
    """Reads the forms of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[PageForm] = []
        self._button: tuple[str, str] | None = None
        self._leads_to = ""
        self._textarea = ""
        self._tick: tuple[str, str] | None = None
        self._in_form = False
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        has = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.found.append(PageForm(has["action"]))
            self._in_form = True
        elif not self._in_form:
            return
        elif tag == "input" and has.get("type") == "checkbox":
            self._tick = (has["name"], has["value"])
            if "checked" in has:
                self._form.fields.setdefault(has["name"], []).append(has["value"])
        elif tag == "input":
            self._form.fields[has["name"]] = [has.get("value", "")]
        elif tag == "textarea":
            self._textarea = has["name"]
            self._form.fields[self._textarea] = [""]
        elif tag == "button" and "disabled" not in has:
            self._button = (has.get("name", ""), has.get("value", ""))
            self._leads_to = has.get("formaction", "")

    def handle_data(self, data):
        if not data.strip() or not self._in_form:
            return
        if self._button is not None:
            self._form.buttons[data.strip()] = self._button
            if self._leads_to:
                self._form.elsewhere[data.strip()] = self._leads_to
        elif self._textarea:
            self._form.fields[self._textarea] = [data]
        elif self._tick:
            self._form.ticks[data.strip()] = self._tick

    def handle_endtag(self, tag):
        if tag == "form":
            self._in_form = False
        elif tag == "button":
            self._button = None
        elif tag == "textarea":
            self._textarea = ""
        elif tag == "label":
            self._tick = None

    @property
    def _form(self) -> PageForm:
        return self.found[-1]


class Browser:
    """One person's browser; `page` is what it shows."""

    page: httpx.Response

    def __init__(self, address: str) -> None:
        self.http = httpx.Client(base_url=address, follow_redirects=True, timeout=30)

    def open(self, path: str) -> httpx.Response:
        """Go to an address."""
        self.page = self.http.get(path)
        return self.page

    def press(self, button: str, *ticked: str, **typed: str) -> httpx.Response:
        """Tick and type into the form that has this button, and press it."""
        form = next((form for form in self.forms if button in form.buttons), None)
        assert form is not None, f"there is no button {button!r} on {self.page.url}"
        sent = {**form.fields, **{name: [value] for name, value in typed.items()}}
        for words in ticked:
            name, value = form.ticks[words]
            sent.setdefault(name, []).append(value)
        name, value = form.buttons[button]
        if name:
            sent[name] = [value]
        self.page = self.http.post(form.elsewhere.get(button, form.action), data=sent)
        return self.page

    def sign_in(self, email: str, password: str = PASSWORD) -> "Browser":
        """Sign in by password from wherever this browser is."""
        self.open("/sign-in")
        self.press("Sign in", email=email, password=password)
        return self

    @property
    def forms(self) -> list[PageForm]:
        """The forms of the page."""
        return Forms(self.page.text).found

    @property
    def buttons(self) -> set[str]:
        """The words on all buttons of the page, without the ones to sign out and to choose a language."""
        return {words for form in self.forms for words in form.buttons if words not in form.elsewhere} - {"Sign out"}

    @property
    def path(self) -> str:
        """Where this browser is."""
        return self.page.url.path

    def form_token(self) -> str:
        """The token in the page's first form."""
        return self.forms[0].fields["form_token"][0]


@contextmanager
def counted_statements(app: FastAPI) -> Iterator[list[str]]:
    """What the application asks the database meanwhile."""
    statements: list[str] = []
    engine = app.state.program.database.engine

    def count(conn, cursor, statement, *rest):
        statements.append(statement)

    event.listen(engine, "before_cursor_execute", count)
    yield statements
    event.remove(engine, "before_cursor_execute", count)
