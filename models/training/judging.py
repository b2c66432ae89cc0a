"""How good a network is on crops as the service makes them."""

from dataclasses import dataclass

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from models.pixels import Pixels
from models.training.material import Chosen
from models.training.pictures import serving_crop
from models.training.recipe import Recipe

_BATCH = 128


@dataclass(frozen=True, slots=True)
class Judged:
    """(N, size, size, 3) uint8 crops, what they show, and where they come from."""

    crops: Pixels
    shows_face: NDArray[np.bool_]
    sources: list[str]

    @classmethod
    def of(cls, chosen: Chosen, size_px: int) -> "Judged":
        """Crop every picture as serving would, once."""
        crops = [_shrunk(serving_crop(chosen.pictures, int(place)), size_px) for place in chosen.places]
        return cls(np.stack(crops), chosen.shows_face, chosen.sources)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Loss and errors at logit 0; `worst` is the source with the highest error."""

    loss: float
    accuracy: float
    bpcer: float
    apcer: float
    worst: str
    worst_error: float


class Normal:
    """uint8 to float32 of about unit spread; the manifest tells serving the same numbers."""

    def __init__(self, recipe: Recipe, device: torch.device) -> None:
        """Keep the recipe's numbers where the network is."""
        self._device = device
        self._mean = torch.tensor(recipe.mean, device=device).reshape(3, 1, 1)
        self._std = torch.tensor(recipe.std, device=device).reshape(3, 1, 1)

    def __call__(self, pixels: Tensor) -> Tensor:
        """(N, 3, H, W) uint8 -> float32, channels last, on the network's device."""
        moved = pixels.to(self._device, non_blocking=True).float()
        return ((moved - self._mean) / self._std).contiguous(memory_format=torch.channels_last)


@torch.no_grad()
def judge(network: nn.Module, judged: Judged, normal: Normal) -> Verdict:
    """Score every crop; both classes must be there."""
    network.eval()
    batches = torch.from_numpy(judged.crops.transpose(0, 3, 1, 2)).split(_BATCH)
    logits = torch.cat([network(normal(batch)).float().cpu() for batch in batches])
    is_real = judged.shows_face
    wrong = ((logits > 0).numpy() != is_real).astype(float)
    loss = nn.functional.binary_cross_entropy_with_logits(logits, torch.from_numpy(is_real).float())
    by_source = {source: wrong[[s == source for s in judged.sources]].mean() for source in sorted(set(judged.sources))}
    worst = max(by_source, key=lambda source: by_source[source])
    return Verdict(
        loss=round(float(loss), 5),
        accuracy=round(float(1 - wrong.mean()), 5),
        bpcer=round(float(wrong[is_real].mean()), 5),
        apcer=round(float(wrong[~is_real].mean()), 5),
        worst=worst,
        worst_error=round(float(by_source[worst]), 5),
    )


def _shrunk(crop: Pixels, size_px: int) -> Pixels:
    return np.asarray(cv2.resize(crop, (size_px, size_px), interpolation=cv2.INTER_AREA), np.uint8)
