"""The words for what was decided and where an application stands."""

from enum import StrEnum


class Verdict(StrEnum):
    """What a decision says; machine and people use the same four."""

    APPROVED = "approved"
    IN_REVIEW = "in_review"
    RESUBMISSION_REQUESTED = "resubmission_requested"
    REJECTED = "rejected"


class ApplicationStatus(StrEnum):
    """What integrators build on; reason codes may grow, these do not."""

    RECEIVED = "received"
    PROCESSING = "processing"
    IN_REVIEW = "in_review"
    PENDING_SECOND_REVIEW = "pending_second_review"
    APPROVED = "approved"
    REJECTED = "rejected"
    RESUBMISSION_REQUESTED = "resubmission_requested"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    ERASED = "erased"
