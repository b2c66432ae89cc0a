"""What `photogate models` shows of an artifact."""

from collections.abc import Iterator, Mapping, Sequence

from rich.table import Table

from models.artifacts import MANIFEST, ArtifactError, Manifest
from models.ensemble import EnsembleManifest, is_ensemble
from models.registry import Listed, Registry, verify
from photogate.screening.checks import RealPhoto


def models_table(listed: Sequence[Listed], pulled: Sequence[str]) -> Table:
    """One row a model; what cannot be read says so."""
    table = Table("model", "serves", "from", "forms", "promise", header_style="bold", box=None)
    for one in listed:
        table.add_row(
            one.reference, "yes" if one.serves else "", "the code" if one.is_ours else str(one.directory), *_cells(one)
        )
    for name in pulled:
        table.add_row(name, "", "pulled", "", "")
    return table


def verified_lines(reference: str, registry: Registry, limits: RealPhoto) -> Iterator[str]:
    """Verify one model and say what it promises, and whether a policy stays within it; raises `ArtifactError`."""
    manifest = verify(registry.find(reference), registry)
    yield f"{manifest.reference}: every file has the SHA-256 that its manifest names, every network starts."
    if isinstance(manifest, Manifest) and manifest.int8:
        eight = manifest.int8
        yield (
            f"  In eight bits {eight.speed:.1f} times as fast (with {eight.faster_with or 'no gain'}), "
            f"losing {eight.loss_points:.2f} points."
        )
    if manifest.guarantee is None:
        yield "  It promises nothing."
        return
    yield f"  {manifest.guarantee.sentence}"
    for risk, what in (
        (manifest.guarantee.placeholders_approved, "approved"),
        (manifest.guarantee.reals_refused, "refused"),
    ):
        worst = risk.worst_source
        yield (
            f"  Worst of {risk.sources} sources: {worst.source}, {worst.errors} of {worst.pictures} {what}, "
            f"which allows up to {worst.upper:.2%}."
        )
    yield f"  {_compared(limits, manifest.thresholds)}"


def _compared(limits: RealPhoto, thresholds: Mapping[str, float]) -> str:
    """Whether a policy is at least as strict as the thresholds that the promise is about."""
    approve, refuse = thresholds["approve_at_or_above"], thresholds["refuse_below"]
    within = limits.approve_at >= approve and limits.refuse_at <= refuse
    return (
        f"The profile approves from {limits.approve_at} and refuses up to {limits.refuse_at}: "
        f"{'within' if within else 'LAXER THAN'} the promise, which holds from {approve} and up to {refuse}."
    )


def _cells(one: Listed) -> tuple[str, str]:
    try:
        manifest = _manifest(one)
    except ArtifactError as error:
        return "", str(error)
    promise = manifest.guarantee.sentence if manifest.guarantee else "none"
    if isinstance(manifest, EnsembleManifest):
        return f"ensemble of {len(manifest.members)}", promise
    return "32 and 8 bits" if manifest.int8 else "32 bits", promise


def _manifest(one: Listed) -> Manifest | EnsembleManifest:
    path = one.directory / MANIFEST
    return EnsembleManifest.read(path) if is_ensemble(one.directory) else Manifest.read(path)
