"""Every classifier network by its name."""

import importlib
from typing import cast

from torch import nn

BUILDERS = {
    "student": "models.networks.student:Student",
    "student_large": "models.networks.student:large",
    "real_vs_placeholder": "models.networks.real_vs_placeholder:real_vs_placeholder",
    "inception_style": "models.networks.inception_style:inception_style",
    "resnet_style": "models.networks.resnet_style:resnet_style",
    "inception_resnet_v1": "models.networks.inception_resnet_v1:inception_resnet_v1",
    "resnet50": "models.networks.resnet50:resnet50",
}
"""Where each network's builder is, as `module:function`; all take (N, 3, H, W) float32 and give (N,) logits."""


class UnknownNetwork(Exception):
    """A network that nobody wrote; the message is one sentence."""


def build(name: str) -> nn.Module:
    """Build a network with fresh weights; raises `UnknownNetwork`."""
    if name not in BUILDERS:
        raise UnknownNetwork(f"There is no network called {name!r}; there are {', '.join(BUILDERS)}.")
    module, _, function = BUILDERS[name].partition(":")
    return cast("nn.Module", getattr(importlib.import_module(module), function)())
