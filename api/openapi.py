"""The parts of the OpenAPI document that cannot be read off the code: bodies that are read as streams, and problems."""

from typing import Any

from pydantic import BaseModel, Field


class WrongView(BaseModel):
    """One thing that is wrong with a request."""

    where: str = Field(examples=["query.limit"])
    problem: str = Field(examples=["Input should be less than or equal to 200."])


class Problem(BaseModel):
    """A refusal (RFC 9457). Build on `status` and `code`; `title` and `detail` are for people."""

    type: str = Field(examples=["urn:photogate:problem:FILE_TYPE_UNSUPPORTED"])
    title: str = Field(examples=["This is not a photo in a supported format"])
    status: int = Field(examples=[415])
    detail: str = Field(examples=["The file is not a JPEG, PNG, WebP or HEIC photo."])
    code: str = Field(examples=["FILE_TYPE_UNSUPPORTED"])
    instance: str = Field(examples=["urn:uuid:01933c5e-7d2a-7c31-9f2e-0e6b1a2f4c55"])
    errors: list[WrongView] | None = Field(None, description="What is wrong with the request, for INVALID_REQUEST.")
    checks: dict[str, str] | None = Field(None, description="What answers and what does not, for NOT_READY.")


_MEANINGS = {
    400: "The body cannot be read",
    401: "No API key, or one that is not known or was revoked",
    403: "The API key does not have the scope",
    404: "There is no such thing, or it is another client's",
    408: "The body took too long to arrive",
    409: "Not possible in the present state, or the first request with this idempotency key is still running",
    413: "The body is too large",
    415: "This kind of body or file is not taken",
    422: "The request or the photo cannot be accepted",
    503: "Something needed does not answer; try again after `Retry-After` seconds",
}


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The refusals that an endpoint may answer, for its documentation."""
    return {
        status: {
            "description": _MEANINGS[status],
            "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
        for status in statuses
    }


def json_body(wanted: type[BaseModel]) -> dict[str, Any]:
    """A JSON body that the endpoint reads by itself, so that nobody unknown can send a large one."""
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": wanted.model_json_schema()}}}}


def _photo_body(fields: dict[str, Any]) -> dict[str, Any]:
    photo = {"type": "string", "format": "binary", "description": "JPEG, PNG, WebP or HEIC, at most 20 MB and 40 MP."}
    form = {"type": "object", "required": ["photo", *fields], "properties": {"photo": photo, **fields}}
    content = {
        "multipart/form-data": {"schema": form},
        "image/*": {"schema": photo},
        "application/octet-stream": {"schema": photo},
    }
    return {"requestBody": {"required": True, "content": content}}


_REFERENCE = {
    "type": "string",
    "minLength": 1,
    "maxLength": 200,
    "description": "The applicant as your system knows them.",
    "examples": ["A-2026-004711"],
}

PHOTO_ALONE = _photo_body({})
PHOTO_WITH_REFERENCE = _photo_body({"reference": _REFERENCE})
