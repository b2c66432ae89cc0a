"""What `photogate evaluate` does once it knows what is wanted, with an issuer's profile as the policy."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from models.classifier import Scorer
from models.evaluation.compare import compare
from models.evaluation.comparison_report import Row, write_comparison
from models.evaluation.cost import cost, load_measured
from models.evaluation.default import DefaultFigures, measure_held_out
from models.evaluation.evaluation import Evaluation, Ground, Track, Wanted, evaluate, prepared_ground
from models.evaluation.measured import measure
from models.evaluation.pictures import EvaluationError, Watch
from models.evaluation.report import Written, write_report
from models.evaluation.routing import Policy, Route, routed
from models.preparation import Prepared
from models.registry import Registry
from models.runtimes.loading import load_from, load_scorer
from models.training.splits import Split
from photogate.applications.profiles import load_profile
from photogate.screening.decision import decide
from photogate.screening.profile import IssuerProfile
from photogate.screening.verdicts import Verdict
from photogate.settings import get_settings
from worker.opinions import can_judge
from worker.screening import measured

DEFAULT_PROFILE = "default"

_ROUTES = {
    Verdict.APPROVED: Route.APPROVED,
    Verdict.IN_REVIEW: Route.TO_PEOPLE,
    Verdict.RESUBMISSION_REQUESTED: Route.REFUSED,
    Verdict.REJECTED: Route.REFUSED,
}


@dataclass(frozen=True, slots=True)
class Evaluated:
    """What was measured of one model, on what, and where the report is."""

    found: Evaluation
    ground: Ground
    written: Written


@dataclass(frozen=True, slots=True)
class SideBySide:
    """Several models on the same pictures, and where the report is."""

    rows: Sequence[Row]
    ground: Ground
    written: Written


def evaluate_one(model: str, wanted: Wanted, profile_name: str, out: Path, track: Track) -> Evaluated:
    """Measure one model and write its report; raises `EvaluationError`, `ArtifactError` or `ProfileError`."""
    profile = load_profile(profile_name)
    loaded = load_measured(partial(scorer, model))
    ground = prepared_ground(wanted, track)
    found = evaluate(loaded, ground, policy_of(profile), track)
    return Evaluated(found, ground, write_report(found, ground, profile.reference, out))


def evaluate_several(models: Sequence[str], wanted: Wanted, profile_name: str, out: Path, track: Track) -> SideBySide:
    """Compare models on the same pictures and write the report; raises as `evaluate_one` does."""
    profile = load_profile(profile_name)
    loaded = [load_measured(partial(scorer, model)) for model in models]
    ground = prepared_ground(replace(wanted, robustness=0, drawn_per_kind=0, labelled=0), track)
    compared = compare([measure(each.scorer, ground.pictures) for each in loaded])
    policy = policy_of(profile)
    rows = [
        Row(each, routed(each.measured, policy), cost(one, ground.pictures))
        for each, one in zip(compared, loaded, strict=True)
    ]
    return SideBySide(rows, ground, write_comparison(rows, ground, profile.reference, out))


def measure_default(data: Path, watch: Watch | None = None) -> DefaultFigures:
    """The shipped classifier under the default profile on the held-out sources; raises `EvaluationError`."""
    return measure_held_out(data, policy_of(load_profile(DEFAULT_PROFILE)), watch)


def policy_of(profile: IssuerProfile) -> Policy:
    """The routes that this profile sends pictures on, decided by the very code that decides for applicants."""
    # What another model or the database is asked is measured by itself.
    of_the_classifier = replace(profile, camera_photo=None, known_pictures=None)

    def route(photo: Prepared, p_real: float, strangeness: float | None) -> Route:
        found = replace(measured(photo), p_real=p_real, strangeness=strangeness)
        return _ROUTES[decide(found, of_the_classifier).verdict]

    return route


def split_called(name: str) -> Split:
    """The split of that name; raises `EvaluationError` for another word."""
    try:
        return Split(name)
    except ValueError as error:
        raise EvaluationError(f"There is no split called {name!r}; there are {', '.join(Split)}.") from error


def scorer(model: str) -> Scorer:
    """The network or ensemble that somebody named; raises `ArtifactError`, `EvaluationError` for another question's."""
    found = _named(model)
    if not can_judge(found.name):
        raise EvaluationError(
            f"{found.name} says whether a generator made a face, which is measured by its own program."
        )
    return found


def _named(model: str) -> Scorer:
    """A folder, name@version or a name."""
    registry = Registry(get_settings().models_folder)
    if Path(model).is_dir():
        return load_from(Path(model), registry)
    if Path(model).is_file():
        raise EvaluationError(f"{model} is a file; a model is named as name@version, name, or an artifact's folder.")
    return load_scorer(model, registry)
