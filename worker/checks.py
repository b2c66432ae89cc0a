"""One photo looked at for somebody who waits: every installed model's opinion, and on request what mattered to one."""

import base64
import time
from dataclasses import replace
from typing import Any

from models.classifier import Scorer
from models.explanation import occlusion
from models.preparation import Prepared
from photogate.jobs.checks import Asked, ModelUnknown
from photogate.screening.decision import decide
from photogate.screening.measurements import Measurements
from worker import screening
from worker.crops import to_png
from worker.heat_map import HeatMap
from worker.opinions import Opinion, can_judge, opinion
from worker.report import Report, box_of, landmarks_of
from worker.tools import Tools


def look_at(asked: Asked, at_hand: Tools) -> dict[str, Any]:
    """Everything that was asked for, as JSON; raises ModelUnknown, SandboxFailed."""
    lead = _lead(asked.wish.model, at_hand)
    found, prepared = screening.measure(at_hand.sandbox, replace(at_hand.judges, classifier=lead), asked.photo)
    opinions = _opinions(lead, at_hand, found, prepared) if prepared else ()
    heat_map = _heat_map(lead, prepared) if prepared and asked.wish.heat_map else None
    report = Report.of(found, decide(found, at_hand.profile.outside_applications), opinions, heat_map)
    shown = _pictures(found, prepared, heat_map) if prepared and asked.wish.pictures else None
    return {**report.to_json(), **({"shown": shown} if shown else {})}


def _lead(wanted: str | None, at_hand: Tools) -> Scorer:
    name = wanted or at_hand.classifier.name
    able = [installed for installed in at_hand.scorers if can_judge(installed)]
    if name not in able:
        raise ModelUnknown(f"No model that can judge is called {name}. Installed are {', '.join(able)}.")
    return at_hand.scorers[name]


def _opinions(lead: Scorer, at_hand: Tools, found: Measurements, prepared: Prepared) -> tuple[Opinion, ...]:
    # Whether a generator made the face is no question where there is none.
    asked = [name for name in at_hand.scorers if name != lead.name and (prepared.faces or can_judge(name))]
    first = () if found.p_real is None else (Opinion.of(lead, found.p_real, found.ms["classify"]),)
    return (*first, *(opinion(at_hand.scorers[name], prepared) for name in asked))


def _heat_map(scorer: Scorer, prepared: Prepared) -> HeatMap:
    started = time.perf_counter()
    importances = occlusion(scorer, prepared.crop)
    return HeatMap(scorer.name, importances, (time.perf_counter() - started) * 1000)


def _pictures(found: Measurements, prepared: Prepared, heat_map: HeatMap | None) -> dict[str, Any]:
    """What a page needs to show the photo: our own pictures in base 64, and every face."""
    return {
        "width": found.width,
        "height": found.height,
        "faces": [{"box": box_of(face), "landmarks": landmarks_of(face)} for face in found.faces or ()],
        "review_copy": _base64(prepared.review_copy),
        "crop": _base64(to_png(prepared.crop)),
        "heat_map": heat_map and _base64(to_png(heat_map.over(prepared.crop))),
    }


def _base64(picture: bytes) -> str:
    return base64.b64encode(picture).decode()
