"""The detector's closer look: is this square a face after all, and where exactly do its box and landmarks lie?

The second stage of a cascade as in Zhang et al., Joint Face Detection and Alignment (MTCNN, 2016), arXiv 1604.02878.
"""

import torch
from torch import Tensor, nn

from models.detection.refinement import VALUES
from models.networks.face_detector import conv

_MEAN_BOX = (0.0, 0.0, 0.0, 0.0)
_MEAN_SHAPE = (-0.23, -0.12, 0.23, -0.12, 0.0, 0.08, -0.19, 0.23, 0.19, 0.23)
"""Where landmarks lie in an average square, in box sides from its middle: what an untrained head says."""


class FaceRefinerNet(nn.Module):
    """(N, 3, 64, 64) float32 in -1…1 -> (N, 15): face logit, then box and points in units of the square's 1/1.5.

    Box is centre x, y from the square's middle and log width, height; points are five x, y from the middle.
    """

    def __init__(self) -> None:
        super().__init__()
        self.features = nn.Sequential(
            conv(3, 16, 2), conv(16, 32, 2), conv(32, 32), conv(32, 64, 2), conv(64, 64), conv(64, 88, 2)
        )
        self.head = nn.Linear(88 * 16, VALUES)
        nn.init.normal_(self.head.weight, std=0.01)
        self.head.bias = nn.Parameter(torch.tensor([0.0, *_MEAN_BOX, *_MEAN_SHAPE]))

    def forward(self, squares: Tensor) -> Tensor:
        """(N, 3, 64, 64) -> (N, 15)."""
        return self.head(self.features(squares).flatten(1))
