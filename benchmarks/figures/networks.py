"""Whether the networks of the field are as large, and as much work, as their cards here say."""

from typing import NamedTuple

from benchmarks.figures.promise import Context, Figure, Promise, Proof
from models.networks.build import build
from models.networks.counting import count


class Stated(NamedTuple):
    """What a card says of a network at its source's input size."""

    size_px: int
    parameters: int
    gmac: float


STATED = {
    "real_vs_placeholder": Stated(224, 30_796_417, 29.79),
    "inception_style": Stated(224, 25_462_081, 3.36),
    "resnet_style": Stated(224, 11_177_025, 1.81),
    "inception_resnet_v1": Stated(160, 23_483_137, 1.42),
    "resnet50": Stated(224, 23_510_081, 4.09),
}

PARAMETERS = {
    name: Promise(f"networks: parameters of {name}", f"{stated.parameters:,}") for name, stated in STATED.items()
}
GMAC = {
    name: Promise(
        f"networks: multiply-accumulates of {name} at {stated.size_px} px",
        "billion",
        least=round(stated.gmac - 0.005, 3),
        most=round(stated.gmac + 0.005, 3),
    )
    for name, stated in STATED.items()
}


def sizes(_context: Context) -> list[Figure]:
    """Build every network and send one empty picture through it."""
    return [figure for name, stated in STATED.items() for figure in _sizes(name, stated)]


def _sizes(name: str, stated: Stated) -> list[Figure]:
    counted = count(build(name), stated.size_px)
    parameters = PARAMETERS[name].found(f"{counted.parameters:,}", ok=counted.parameters == stated.parameters)
    return [parameters, GMAC[name].measured(round(counted.gmac, 3))]


PROOFS = [Proof("the size of the networks", [*PARAMETERS.values(), *GMAC.values()], sizes)]
