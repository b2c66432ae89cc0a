"""Around every request: an id, the headers that keep browsers careful, a line in the log, a number for Prometheus."""

import time
import traceback
from collections.abc import Callable, MutableMapping
from typing import Any

import structlog
from fastapi import Request
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api import problems
from api.metrics import Metrics
from photogate.database import new_id

HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
"""For every answer that does not say otherwise itself."""

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

log = structlog.get_logger()


class Observed:
    """Watches one application; the last net for errors too, so that no stack trace reaches a caller."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request (ASGI)."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        watched = _Watched(scope, send, self._tell)
        try:
            await self._answer(scope, receive, watched)
        finally:
            watched.tell()

    async def _answer(self, scope: Scope, receive: Receive, watched: "_Watched") -> None:
        try:
            await self._app(scope, receive, watched.send)
        except Exception as error:  # noqa: BLE001  # whatever nobody foresaw ends here
            _log_unforeseen(scope, error)
            if watched.status is None:
                await problems.answer(problems.as_refusal(error), _request_id(scope))(scope, receive, watched.send)

    def _tell(self, scope: Scope, status: int | None, seconds: float) -> None:
        """Method, route template, status and time; never the path, the query, a key or anything of the applicant."""
        method = scope["method"] if scope["method"] in METHODS else "other"
        route = getattr(scope.get("route"), "path", "none")
        self._metrics.answered(method, route, status or 0, seconds)
        log.info(
            "request",
            method=method,
            route=route,
            status=status,
            ms=round(seconds * 1000, 1),
            client=scope["state"].get("client"),
            request_id=_request_id(scope),
        )


class _Watched:
    """Sends an answer on with our headers; has it told once, as its last piece goes out or when none ever will."""

    def __init__(self, scope: Scope, send: Send, tell: Callable[[Scope, int | None, float], None]) -> None:
        scope.setdefault("state", {})["request_id"] = str(new_id())
        self._scope, self._send, self._tell = scope, send, tell
        self._began = time.perf_counter()
        self._is_told = False
        self.status: int | None = None

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self._add_headers(message)
        elif not message.get("more_body", False):
            self.tell()
        await self._send(message)

    def tell(self) -> None:
        if not self._is_told:
            self._is_told = True
            self._tell(self._scope, self.status, time.perf_counter() - self._began)

    def _add_headers(self, message: MutableMapping[str, Any]) -> None:
        headers = MutableHeaders(scope=message)
        for name, value in {**HEADERS, "X-Request-Id": _request_id(self._scope)}.items():
            headers.setdefault(name, value)


def _request_id(scope: Scope) -> str:
    found: str = Request(scope).state.request_id
    return found


def _log_unforeseen(scope: Scope, error: Exception) -> None:
    """Where it happened and what kind it was; its words may hold an applicant's data and stay out."""
    frames = traceback.extract_tb(error.__traceback__)
    log.error(
        "unforeseen_error",
        error=type(error).__qualname__,
        cause=type(error.__cause__ or error.__context__).__qualname__,
        where=[f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames[-12:]],
        request_id=_request_id(scope),
    )
