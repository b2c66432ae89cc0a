"""What bounds the risk of a decision that a machine made alone, with the evidence of that time."""

from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field

from photogate.mandates.tables import Standing
from photogate.screening.risk import Estimate, Risk


class Part(BaseModel):
    """One of the two error rates: what the policy allows, what calibration promised, and what people have seen."""

    model_config = ConfigDict(frozen=True)

    at_most: float = Field(description="The policy's bound on this error rate.", examples=[0.01])
    promised: float = Field(description="What the model's artifact promises, from its calibration pictures.")
    calibration_pictures: int
    calibration_errors: int
    judged: int = Field(description="Photos of this class in the sample that people had judged by then.")
    errors: int = Field(description="Of these, how many the machine would have treated wrongly by itself.")
    low: float = Field(description="The error rate lay between this")
    high: float = Field(description="and this, by people's verdicts, with a confidence that holds at all times.")
    suspended: bool = Field(description="Whether people decided this instead of the machine.")

    @classmethod
    def of(cls, seen: Estimate, promised: dict[str, Any], *, suspended: bool) -> Self:
        """One half of a mandate as it stood."""
        return cls(
            at_most=seen.at_most,
            promised=promised["at_most"],
            calibration_pictures=promised["pictures"],
            calibration_errors=promised["errors"],
            judged=seen.judged,
            errors=seen.errors,
            low=seen.low,
            high=seen.high,
            suspended=suspended,
        )


class BoundView(BaseModel):
    """The bound in force when a machine decided, and its evidence at that time."""

    model_config = ConfigDict(frozen=True)

    model: str = Field(examples=["student@4.0.0"])
    confidence: float = Field(description="With which both bounds hold together.", examples=[0.95])
    holds_for: str = Field(description="The pictures that the artifact's promise is about.")
    placeholders_approved: Part
    reals_refused: Part

    @classmethod
    def of(cls, stood: Standing) -> Self:
        """A mandate as it stood at some time."""
        risk, promised = Risk(**stood.mandate.risk), stood.mandate.guarantee
        seen = risk.estimates(stood.tally)
        approved, refused = (promised[name] for name in ("placeholders_approved", "reals_refused"))
        return cls(
            model=stood.model,
            confidence=1 - risk.delta,
            holds_for=promised["holds_for"],
            placeholders_approved=Part.of(seen.placeholders_approved, approved, suspended=stood.approvals_suspended),
            reals_refused=Part.of(seen.reals_refused, refused, suspended=stood.refusals_suspended),
        )
