"""What applicants read: whether every sentence is there in every language, and nothing internal among it."""

import random
from itertools import product

from benchmarks.figures.promise import Context, Figure, Promise, Proof
from photogate.messages.catalogues import catalogue, entries, written
from photogate.messages.composing import messages
from photogate.messages.drawing import Shown, annotated
from photogate.messages.languages import ENGLISH, LANGUAGES
from photogate.messages.words import Counted, msgids
from photogate.screening.facts import facts
from photogate.screening.measurements import BoundingBox
from photogate.screening.reasons import NEVER_TOLD, PLAIN_WORDS, Audience, Disposition, Reason, ReasonCode
from photogate.screening.verdicts import Verdict

DECISIONS = 1_000
MARK, MARKED_FIGURE = "inner words", 0.4711
PHOTO = Shown(b"\xff\xd8\xff\xd9", 600, 800, (BoundingBox(200, 100, 48, 60),))

MISSING = Promise("sentences that French or Arabic lacks", "of the sentences in the code", least=0, most=0)
ANSWERS = Promise("messages, pictures and webhooks made of random decisions", least=8_000)
LEAKED = Promise("of them with a word, code or figure of a reason that is internal", least=0, most=0)


def read_by_applicants(context: Context) -> list[Figure]:
    """Count what is missing, and look for what was hidden in `DECISIONS` random decisions."""
    draw = random.Random(23)
    decisions = [_reasons(draw) for _ in range(context.share(DECISIONS))]
    leaks = [_leaks(kept, answer) for kept in decisions for answer in _answers(kept)]
    return [MISSING.measured(_missing()), ANSWERS.measured(len(leaks)), LEAKED.measured(sum(map(bool, leaks)))]


def _missing() -> int:
    translated = [language for language in LANGUAGES.values() if language != ENGLISH]
    there = {language: entries(written(language)) for language in translated if catalogue(language)}
    keys = [f"{said.one}\0{said.many}" if isinstance(said, Counted) else said for said in msgids()]
    return sum(key not in there[language] for key, language in product(keys, translated))


def _reasons(draw: random.Random) -> list[dict[str, object]]:
    """A few reasons, most of them hidden and marked; some say that they are public and must not be."""
    return [
        Reason(
            draw.choice(list(ReasonCode)),
            draw.choice(list(Disposition)),
            audience := draw.choice(list(Audience)),
            native=MARKED_FIGURE if audience is Audience.INTERNAL else 3.0,
            threshold=MARKED_FIGURE if audience is Audience.INTERNAL else 1.0,
            detail=MARK,
            model_version=MARK,
        ).to_json()
        for _ in range(draw.randint(0, 5))
    ]


def _answers(kept: list[dict[str, object]]) -> list[str]:
    verdict = Verdict.RESUBMISSION_REQUESTED if len(kept) % 2 else Verdict.IN_REVIEW
    said = {language: messages(kept, verdict, language) for language in LANGUAGES.values()}
    pictures = [annotated(PHOTO, shown, language).decode() for language, shown in said.items()]
    rejected = messages(kept, Verdict.REJECTED, ENGLISH)
    return [*map(str, said.values()), *pictures, str(rejected), str([fact.to_json() for fact in facts(kept)])]


def _leaks(kept: list[dict[str, object]], answer: str) -> list[str]:
    shown = {reason["code"] for reason in kept if reason["audience"] == Audience.PUBLIC} - NEVER_TOLD
    hidden = [ReasonCode(str(reason["code"])) for reason in kept if reason["code"] not in shown]
    marks = [MARK, "4711", *(code.value for code in hidden), *(PLAIN_WORDS[code] for code in hidden)]
    return [mark for mark in marks if mark in answer]


MESSAGES = Proof("what applicants read", (MISSING, ANSWERS, LEAKED), read_by_applicants)
