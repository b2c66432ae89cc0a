"""What every answer carries."""

from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.types import Message, Send

POLICY: Final = "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"

ALWAYS: Final = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}

ALLOWS_OWN_PICTURES: Final = {"Content-Security-Policy": f"{POLICY}; img-src 'self' data:"}
"""For the one page that brings its pictures along: so that they have no address, and nothing keeps them."""


def safely(send: Send) -> Send:
    """Add the headers to what `send` sends; an answer that sets no cache rule of its own is stored nowhere.

    An answer may set a policy of its own.
    """

    async def send_safely(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in ALWAYS.items():
                headers.setdefault(name, value)
            headers.setdefault("Cache-Control", "no-store")
        await send(message)

    return send_safely
