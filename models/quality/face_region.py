"""Which pixels of the aligned picture are face, cheek and background, as far as five landmarks tell."""

from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from models.quality.alignment import REFERENCE, Window

OUTLINE: tuple[tuple[int, int], ...] = (
    *((173, 288), (176, 322), (181, 356), (188, 390), (199, 421), (219, 447), (246, 470), (275, 488), (307, 494)),
    *((340, 488), (369, 470), (396, 447), (416, 421), (427, 390), (434, 356), (439, 322), (442, 288)),
    *((414, 255), (399, 240), (376, 234), (352, 235), (283, 237), (263, 235), (239, 234), (216, 240), (201, 255)),
)
"""Jaw and brows of the median of 43 faces with 68 landmarks (dlib's examples), aligned and made symmetric.

The standard takes the hull of the face's own landmarks; this is an average face's, for want of more than five.
"""

CHIN_PER_MOUTH = 1.83
"""Eyes' midpoint to chin over eyes' midpoint to mouth: median of the same 43 faces, standard deviation 0.11."""

FACE = Window(left=172, top=233, zoom=1, width_px=272, height_px=263)
"""Holds the outline at the aligned picture's own size."""

_GRADIENTS_AT = 354 / 492
BACKGROUND = (
    Window(left=62, top=0, zoom=_GRADIENTS_AT, width_px=90, height_px=292),
    Window(left=429, top=0, zoom=_GRADIENTS_AT, width_px=90, height_px=292),
)
"""Left and right of the head, in the size that the standard takes gradients in.

The standard looks at what lies between them too: the aligned picture less 62 pixels on both sides and 210 below.
"""

_HEAD = ((307, 290), (185, 255))
"""Centre and half axes of an ellipse around a head with its hair; what lies outside is taken for background."""

_MARGIN_PX = 4
_CHEEK_SIDE = 0.3
_EVERY = 3


@cache
def face_mask() -> NDArray[np.uint8]:
    """1 inside the outline, 0 outside, in the FACE window: (263, 272) uint8."""
    mask = np.zeros((FACE.height_px, FACE.width_px), np.uint8)
    points = np.array(OUTLINE) - (round(FACE.left), round(FACE.top))
    cv2.fillConvexPoly(mask, cv2.convexHull(points.astype(np.int32)), 1)
    return mask


@cache
def face_samples() -> NDArray[np.intp]:
    """Every third pixel of every third row inside the outline, as positions in the flattened FACE window.

    A histogram over a ninth of 50,000 pixels has the shape of the whole; averaging instead would narrow it.
    """
    sampled = np.zeros_like(face_mask())
    sampled[::_EVERY, ::_EVERY] = 1
    return np.flatnonzero(face_mask() & sampled)


@cache
def cheeks() -> tuple[tuple[slice, slice], tuple[slice, slice]]:
    """The squares under the eyes at the viewer's left and right, as rows and columns of the FACE window."""
    (left_x, eye_y), (right_x, _), _, (_, mouth_y), _ = REFERENCE
    side = round(_CHEEK_SIDE * (right_x - left_x))
    top, left, right = (
        round(eye_y + (mouth_y - eye_y) / 2 - FACE.top),
        round(left_x - FACE.left),
        round(right_x - FACE.left),
    )
    rows = slice(top, top + side)
    return (rows, slice(left - side, left)), (rows, slice(right, right + side))


@cache
def background_mask(window: Window) -> NDArray[np.uint8]:
    """1 where a window of the BACKGROUND shows what is behind the head, shrunk by the standard's margin."""
    mask = np.ones((window.height_px, window.width_px), np.uint8)
    (x, y), axes = _HEAD
    centre = (round((x - window.left) * window.zoom), round((y - window.top) * window.zoom))
    half_axes = (round(axes[0] * window.zoom), round(axes[1] * window.zoom))
    cv2.ellipse(mask, centre, half_axes, 0, 0, 360, 0, thickness=-1)
    return shrunk(mask)


def shrunk(mask: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The mask without a margin of 4 pixels' erosion, against what reaches in from the subject or the border."""
    return cv2.erode(mask, np.ones((_MARGIN_PX, _MARGIN_PX), np.uint8)).astype(np.uint8, copy=False)
