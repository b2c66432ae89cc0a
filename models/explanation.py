"""What mattered to a classifier: every part of a crop is covered in turn, and the score asked again.

Occlusion sensitivity after Zeiler and Fergus, "Visualizing and Understanding Convolutional Networks" (ECCV 2014).
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from models.classifier import Scorer
from models.pixels import Pixels

GRID = 7
"""49 covered crops cost the default student some 100 ms on one core."""

_CELLS_COVERED = 2
"""A patch spans two cells a side: of one cell's loss a face recovers, so that nothing seems to matter."""


def occlusion(scorer: Scorer, crop: Pixels, rows: int = GRID, columns: int = GRID) -> NDArray[np.float64]:
    """How much each part of a (H, W, 3) uint8 RGB crop spoke for a real photo: (rows, columns) logits.

    A value is what the logit loses when a patch of twice the cell's sides around the cell has the crop's mean colour:
    above 0 the part spoke for a real photo, below 0 against one. The uncovered crop and all covered ones are scored
    in one batch.
    """
    logits = scorer.logits(np.stack([crop, *_covered(crop, rows, columns)]))
    return (logits[0] - logits[1:]).reshape(rows, columns)


def _covered(crop: Pixels, rows: int, columns: int) -> Iterator[Pixels]:
    height, width = crop.shape[:2]
    colour = np.rint(crop.mean(axis=(0, 1))).astype(np.uint8)
    for top, bottom in _spans(height, rows):
        for left, right in _spans(width, columns):
            covered = crop.copy()
            covered[top:bottom, left:right] = colour
            yield covered


def _spans(length: int, cells: int) -> Iterator[tuple[int, int]]:
    """Where the patch around each cell begins and ends, within the picture."""
    for cell in range(cells):
        middle, reach = cell + 0.5, _CELLS_COVERED / 2
        begin, end = max(0.0, middle - reach), min(float(cells), middle + reach)
        yield round(begin * length / cells), round(end * length / cells)
