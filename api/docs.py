"""The page at /docs: the OpenAPI document as plain HTML, with nothing from elsewhere and no script at all."""

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse
from fastapi.staticfiles import StaticFiles
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup, escape

from api.openapi import document

HERE = Path(__file__).parent
POLICY = "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


def install(app: FastAPI) -> None:
    """Serve the page and its stylesheet, and our own OpenAPI document."""
    app.openapi = partial(document, app)  # type: ignore[method-assign]  # the way that FastAPI names for it
    app.mount("/static", StaticFiles(directory=HERE / "static"))
    page = _page()

    def docs(request: Request) -> HTMLResponse:
        made = document(request.app)
        html = page.render(document=made, tags=_by_tag(made), schemas=made["components"]["schemas"])
        return HTMLResponse(html, headers={"Content-Security-Policy": POLICY})

    app.add_api_route("/docs", docs, include_in_schema=False)


def _page() -> Template:
    loader = FileSystemLoader(HERE / "templates")
    environment = Environment(loader=loader, autoescape=True, undefined=StrictUndefined)
    environment.filters |= {"marked": _marked, "schema_name": _schema_name, "type_of": _type_of}
    return environment.get_template("docs.html")


def _by_tag(made: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """The operations under their tag, in the order of the code."""
    tags: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for operation in _operations(made):
        tags[operation["tags"][0]].append(operation)
    return tags


def _operations(made: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for path, methods in made["paths"].items():
        for method, operation in methods.items():
            scopes = [scope for needed in operation.get("security", []) for scope in next(iter(needed.values()))]
            yield {**operation, "method": method.upper(), "path": path, "scopes": scopes}


def _marked(words: str) -> Markup:
    """Words with what stands between backticks as code."""
    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(words))))  # noqa: S704  # escaped just here


def _schema_name(schema: dict[str, Any]) -> str | None:
    """The schema that this one refers to, directly or as a list's items."""
    reference = schema.get("$ref") or schema.get("items", {}).get("$ref")
    return reference.rpartition("/")[2] if reference else None


def _type_of(schema: dict[str, Any]) -> str:
    """A schema's type in a few words."""
    if "anyOf" in schema:
        return " or ".join(_type_of(choice) for choice in schema["anyOf"])
    if name := _schema_name(schema):
        return f"list of {name}" if "items" in schema else name
    if "items" in schema:
        return f"list of {_type_of(schema['items'])}"
    if schema.get("type") == "object" and isinstance(schema.get("additionalProperties"), dict):
        return f"object of {_type_of(schema['additionalProperties'])}"
    return str(schema.get("format") or schema.get("type", "any"))
