"""What every answer carries."""

from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.types import Message, Send

ALWAYS: Final = {
    "Content-Security-Policy": "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}


def safely(send: Send) -> Send:
    """Add the headers to what `send` sends; an answer that sets no cache rule of its own is stored nowhere."""

    async def send_safely(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers.update(ALWAYS)
            headers.setdefault("Cache-Control", "no-store")
        await send(message)

    return send_safely
