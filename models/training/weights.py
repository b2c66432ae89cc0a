"""Weights from files and addresses: only with the right SHA-256, only tensors, never a pickled module."""

import hashlib
import io
import pickle
import urllib.error
import urllib.request
import warnings
from collections.abc import Mapping
from pathlib import Path

import safetensors.torch
import torch
from torch import Tensor, nn

from models.training.errors import TrainingError

_TIMEOUT_S = 60


def start_from(network: nn.Module, where: str, sha256: str) -> None:
    """Load a checkpoint, but for a last layer of another size; raises `TrainingError`.

    `where` is a path or an https address; an address needs its SHA-256, a path may have one.
    """
    if where.startswith("https://") and not sha256:
        raise TrainingError(f"Weights from an address need their SHA-256; start_sha256 for {where} is not given.")
    content = _content(where)
    found = hashlib.sha256(content).hexdigest()
    if sha256 and found != sha256.lower():
        raise TrainingError(f"{where} has the SHA-256 {found}, not {sha256}; it is not loaded.")
    _load(network, tensors_of(content, where), where)


def tensors_of(content: bytes, where: str) -> dict[str, Tensor]:
    """Read safetensors, or a torch checkpoint that holds nothing but tensors; raises `TrainingError`."""
    try:
        if where.endswith(".safetensors"):
            return safetensors.torch.load(content)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # of a foreign pickle's dialect, before it is refused
            state = torch.load(io.BytesIO(content), map_location="cpu", weights_only=True)
    except pickle.UnpicklingError as error:
        raise TrainingError(
            f"{where} holds more than tensors; such a pickle can run code and is not loaded."
        ) from error
    except Exception as error:  # a broken file ends in any of a dozen errors of either library
        raise TrainingError(f"{where} holds no weights that can be read.") from error
    if not isinstance(state, dict) or not all(isinstance(value, Tensor) for value in state.values()):
        raise TrainingError(f"{where} is no table of weights by name.")
    return state


def _content(where: str) -> bytes:
    try:
        if where.startswith("https://"):
            with urllib.request.urlopen(where, timeout=_TIMEOUT_S) as answer:  # noqa: S310 - https only, see above
                return bytes(answer.read())
        return Path(where).read_bytes()
    except (OSError, urllib.error.URLError) as error:
        raise TrainingError(f"The weights {where} cannot be read: {error}.") from error


def _load(network: nn.Module, state: Mapping[str, Tensor], where: str) -> None:
    """Everything has to fit but the last layer, which answers another question in a checkpoint of another task."""
    own = network.state_dict()
    last_layer = list(own)[-1].rpartition(".")[0]
    fitting = {name: tensor for name, tensor in state.items() if name in own and tensor.shape == own[name].shape}
    strange = [name for name in own.keys() - fitting.keys() if name.rpartition(".")[0] != last_layer]
    if strange:
        raise TrainingError(
            f"{where} holds the weights of another network: {min(strange)} is missing or of another shape."
        )
    network.load_state_dict(fitting, strict=False)
