"""What signs webhooks: made here, sealed under the master key, opened for sending alone."""

import base64
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from photogate.applicants.master_keys import Kms, WrappedKey
from photogate.applicants.sealing import DataKey
from photogate.outbox.tables import WebhookEndpoint


def written(secret: DataKey) -> str:
    """The secret as Standard Webhooks writes it."""
    return f"whsec_{base64.b64encode(secret.secret).decode()}"


def sealed(kms: Kms, endpoint_id: UUID, secret: DataKey) -> WrappedKey:
    """The secret as it is kept; raises KeyMissing."""
    return kms.wrap(secret, _place(endpoint_id))


def opened(kms: Kms, endpoint_id: UUID, kept: WrappedKey) -> DataKey:
    """The secret that was sealed for this endpoint; raises KeyMissing, SealBroken."""
    return kms.unwrap(kept, _place(endpoint_id))


def outdated(session: Session, newest: str) -> int:
    """How many secrets another master key than the newest seals."""
    return session.scalars(select(func.count()).where(WebhookEndpoint.master_key_id != newest)).one()


def reseal(session: Session, kms: Kms, newest: str) -> int:
    """Seal every secret anew that an older master key seals; returns how many. Raises KeyMissing, SealBroken."""
    old = session.scalars(select(WebhookEndpoint).where(WebhookEndpoint.master_key_id != newest).with_for_update())
    return sum(1 for endpoint in old.all() if _reseal_one(kms, endpoint))


def _reseal_one(kms: Kms, endpoint: WebhookEndpoint) -> bool:
    if endpoint.master_key_id is None or endpoint.sealed_secret is None:
        return False
    secret = opened(kms, endpoint.id, WrappedKey(endpoint.master_key_id, endpoint.sealed_secret))
    anew = sealed(kms, endpoint.id, secret)
    endpoint.sealed_secret, endpoint.master_key_id = anew.wrapped, anew.master_key_id
    return True


def _place(endpoint_id: UUID) -> str:
    return f"webhook_endpoints.sealed_secret/{endpoint_id}"
