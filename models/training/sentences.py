"""How the programs of this folder end when what they were given is at fault: with one sentence and exit code 2."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from models.artifacts import ArtifactError
from models.calibration.risk_control import CannotPromise
from models.evaluation.pictures import EvaluationError
from models.training.errors import TrainingError

BAD_INPUT = 2


@contextmanager
def ends_in_a_sentence() -> Iterator[None]:
    """Tell the fault to whoever started the program; a fault of the program itself still shows where it is."""
    try:
        yield
    except (ArtifactError, CannotPromise, EvaluationError, TrainingError) as error:
        words = str(error)
    except OSError as error:
        words = f"{error.filename or 'A file'} cannot be used: {error.strerror or error}"
    else:
        return
    print(f"{words.rstrip('.')}.", file=sys.stderr)
    sys.exit(BAD_INPUT)
