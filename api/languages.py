"""Which language an answer's messages are in: the one that `Accept-Language` likes best."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import Depends, Header, Response

from photogate.messages.languages import Language, negotiate


def _spoken(
    response: Response,
    accept_language: Annotated[
        list[str] | None,
        Header(
            description="In which language `messages` are: `en`, `fr` or `ar`; English where none of them is named."
        ),
    ] = None,
) -> Language:
    language = negotiate(",".join(accept_language or ()))
    response.headers.update(headers(language))
    return language


def headers(language: Language) -> Mapping[str, str]:
    """What an answer in this language says of it."""
    return {"Content-Language": language.tag, "Vary": "Accept-Language"}


Spoken = Annotated[Language, Depends(_spoken)]
"""The language of the answer's messages, for an endpoint; the answer's headers say which."""
