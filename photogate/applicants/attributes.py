"""What clients say of applicants so that groups can be compared: sealed with everything else about them."""

import json
from collections.abc import Mapping
from uuid import UUID

from photogate.applicants.sealing import DataKey
from photogate.errors import Unprocessable
from photogate.screening.fairness import Fairness


class AttributesRefused(Unprocessable):
    """An attribute or a value that the issuer's profile does not know."""

    code, title = "ATTRIBUTES_REFUSED", "The profile does not know these attributes"


def checked(known: Fairness | None, sent: Mapping[str, object]) -> dict[str, str]:
    """The attributes as they may be kept; raises AttributesRefused."""
    if known is None:
        raise AttributesRefused("The issuer's profile asks for no attributes of applicants.")
    if unknown := sent.keys() - known.attributes.keys():
        raise AttributesRefused(f"There is no attribute {min(unknown)!r}; there are {', '.join(known.attributes)}.")
    for name, value in sent.items():
        if value not in known.attributes[name]:
            raise AttributesRefused(f"The attribute {name} is one of: {', '.join(known.attributes[name])}.")
    return {name: str(value) for name, value in sent.items()}


def seal(key: DataKey, applicant_id: UUID, attributes: Mapping[str, str]) -> bytes:
    """The attributes as an applicant's row keeps them."""
    return key.seal(json.dumps(attributes, sort_keys=True).encode(), _place(applicant_id))


def unseal(key: DataKey, applicant_id: UUID, sealed: bytes) -> dict[str, str]:
    """What `seal` was given; raises SealBroken."""
    opened: dict[str, str] = json.loads(key.open(sealed, _place(applicant_id)))
    return opened


def _place(applicant_id: UUID) -> str:
    return f"applicants.sealed_attributes/{applicant_id}"
