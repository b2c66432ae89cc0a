"""The parts of the OpenAPI document that cannot be read off the code: bodies that are read as streams, and problems."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
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
    410: "There was a picture, and there is none any more",
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


def accepted() -> dict[int | str, dict[str, Any]]:
    """What the answer to an accepted photo carries besides its body."""
    location = {"description": "Where the application's status is.", "schema": {"type": "string"}}
    replayed = {"description": "`true` when this is the first answer again.", "schema": {"type": "string"}}
    headers = {"Location": location, "Idempotent-Replayed": replayed}
    return {202: {"description": "The photo is kept and will be decided", "headers": headers}}


def curl(command: str) -> dict[str, Any]:
    """The call as a person would try it."""
    return {"x-codeSamples": [{"lang": "Shell", "label": "curl", "source": command}]}


def document(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document, made once, with the form of problems among its schemas."""
    if app.openapi_schema is None:
        made = get_openapi(title=app.title, version=app.version, summary=app.summary, routes=app.routes)
        schema = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
        made["components"]["schemas"] |= {**schema.pop("$defs"), "Problem": schema}
        app.openapi_schema = made
    return app.openapi_schema


def _photo_body(fields: dict[str, Any], optional: dict[str, Any] | None = None) -> dict[str, Any]:
    photo = {"type": "string", "format": "binary", "description": "JPEG, PNG, WebP or HEIC, at most 20 MB and 40 MP."}
    form = {
        "type": "object",
        "required": ["photo", *fields],
        "properties": {"photo": photo, **fields, **(optional or {})},
    }
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

_ATTRIBUTES = {
    "type": "string",
    "contentMediaType": "application/json",
    "description": "What you say of the applicant so that groups can be compared, as a JSON object: the names and"
    " values of the issuer's profile. Kept sealed, erased with the applicant, shown to no reviewer and to no model.",
    "examples": ['{"age_band": "30 to 44", "sex": "female"}'],
}

PHOTO_ALONE = _photo_body({})
PHOTO_WITH_REFERENCE = _photo_body({"reference": _REFERENCE}, {"attributes": _ATTRIBUTES})

_AS_CLIENT = 'curl -H "Authorization: Bearer $PHOTOGATE_KEY"'
_APPLICATIONS = "$PHOTOGATE/v1/applications"
_RELEASES = "$PHOTOGATE/v1/print-releases"

SUBMIT = f"""{_AS_CLIENT} -H "Idempotency-Key: A-2026-004711-1" \\
  -F reference=A-2026-004711 -F photo=@portrait.jpg {_APPLICATIONS}"""
RESUBMIT = f"""{_AS_CLIENT} -H "Content-Type: image/jpeg" \\
  --data-binary @better.jpg {_APPLICATIONS}/$ID/photos"""
READ = f"{_AS_CLIENT} {_APPLICATIONS}/$ID"
ANNOTATED = f'{_AS_CLIENT} -H "Accept-Language: fr" --output photo.svg {_APPLICATIONS}/$ID/photos/1/annotated'
CHECK = f"{_AS_CLIENT} -F photo=@portrait.jpg $PHOTOGATE/v1/checks"
RELEASE = f"""SHA256=$(sha256sum portrait.jpg | cut -c1-64)
{_AS_CLIENT} -H "Content-Type: application/json" \\
  -d "{{\\"application_id\\": \\"$ID\\", \\"photo_sha256\\": \\"$SHA256\\"}}" {_RELEASES}"""
DECISIONS = f'{_AS_CLIENT} "$PHOTOGATE/v1/decisions?outcome=rejected&from=2026-11-01"'
QUALITY = f'{_AS_CLIENT} "$PHOTOGATE/v1/quality?from=2026-06-01"'
CHECKPOINT = f"{_AS_CLIENT} $PHOTOGATE/v1/audit/checkpoint >checkpoint.txt"
PROOF = f"{_AS_CLIENT} $PHOTOGATE/v1/audit/events/$EVENT_ID/proof >proof.json"
EXPORT = f"""{_AS_CLIENT} -OJ "$PHOTOGATE/v1/decisions?from=2026-11-01&format=csv"
{_AS_CLIENT} $PHOTOGATE/v1/decisions/exports/$EXPORT_ID"""
ERASE = f'{_AS_CLIENT} -X DELETE "$PHOTOGATE/v1/applicants/A-2026-004711?dry_run=true"'
HOLD = f"""{_AS_CLIENT} -H "Content-Type: application/json" \\
  -d '{{"reason": "court order 17/2026"}}' $PHOTOGATE/v1/applicants/A-2026-004711/legal-hold"""
RELEASE_HOLD = f"{_AS_CLIENT} -X POST $PHOTOGATE/v1/applicants/A-2026-004711/legal-hold/released"
EXPORT_APPLICANT = f"{_AS_CLIENT} -OJ $PHOTOGATE/v1/applicants/A-2026-004711/export"
ISSUED = f"{_AS_CLIENT} -X POST {_RELEASES}/$RELEASE_ID/issued"
REVOKED = f"{_AS_CLIENT} --output revoked.jwt {_RELEASES}/revoked"
KEYS = "curl --output keys.json $PHOTOGATE/v1/print-keys"
