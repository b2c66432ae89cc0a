"""Asking the API without a server and without services: for what needs none."""

import asyncio

import httpx

from api.main import create_app
from photogate.settings import Settings


def ask(path: str, method: str = "GET", **request: object) -> httpx.Response:
    """What a fresh API answers."""

    async def asked() -> httpx.Response:
        transport = httpx.ASGITransport(create_app(Settings()))
        async with httpx.AsyncClient(transport=transport, base_url="http://gate") as client:
            return await client.request(method, path, **request)

    return asyncio.run(asked())
