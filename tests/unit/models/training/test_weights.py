import hashlib
import pickle

import pytest
import safetensors.torch
import torch
from torch import nn

from models.training.errors import TrainingError
from models.training.weights import start_from


def network(outputs: int = 1) -> nn.Module:
    return nn.Sequential(nn.Linear(4, 3), nn.ReLU(), nn.Linear(3, outputs))


@pytest.fixture
def checkpoint(tmp_path):
    path = tmp_path / "thousand.pth"
    torch.save(network(outputs=1000).state_dict(), path)
    return path


def test_a_checkpoint_of_another_task_loads_but_for_its_last_layer(checkpoint):
    wanted, own = torch.load(checkpoint, weights_only=True), network()
    last = own[2].weight.clone()
    start_from(own, str(checkpoint), hashlib.sha256(checkpoint.read_bytes()).hexdigest())
    assert torch.equal(own[0].weight, wanted["0.weight"])
    assert torch.equal(own[2].weight, last)


def test_safetensors_load_too(tmp_path):
    trained = network()
    safetensors.torch.save_file(trained.state_dict(), tmp_path / "own.safetensors")
    own = network()
    start_from(own, str(tmp_path / "own.safetensors"), "")
    assert torch.equal(own[2].weight, trained[2].weight)


def test_another_hash_is_refused(checkpoint):
    with pytest.raises(TrainingError, match=f"has the SHA-256 .*, not {'0' * 64}; it is not loaded"):
        start_from(network(), str(checkpoint), "0" * 64)


class Dangerous:
    def __reduce__(self):
        return print, ("it ran",)


@pytest.mark.parametrize("content", [pickle.dumps(Dangerous()), pickle.dumps({"0.weight": [1.0]})])
def test_a_pickle_is_not_run(tmp_path, content, capsys):
    (tmp_path / "weights.pth").write_bytes(content)
    with pytest.raises(TrainingError, match=r"weights\.pth (holds more than tensors|holds no weights|is no table)"):
        start_from(network(), str(tmp_path / "weights.pth"), "")
    assert capsys.readouterr().out == ""


def test_a_pickled_module_is_not_loaded(tmp_path):
    torch.save(network(), tmp_path / "module.pth")
    with pytest.raises(TrainingError, match="holds more than tensors; such a pickle can run code"):
        start_from(network(), str(tmp_path / "module.pth"), "")


@pytest.mark.parametrize(
    ("name", "content"), [("empty.pth", b""), ("text.pth", b"hello"), ("broken.safetensors", b"\x08" + b"\0" * 20)]
)
def test_a_broken_file_is_named(tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(TrainingError, match=name):
        start_from(network(), str(tmp_path / name), "")


def test_another_networks_weights_are_refused_with_the_first_name_that_does_not_fit(tmp_path):
    torch.save(nn.Sequential(nn.Linear(5, 3)).state_dict(), tmp_path / "other.pth")
    with pytest.raises(TrainingError, match=r"of another network: 0\.weight is missing or of another shape"):
        start_from(network(), str(tmp_path / "other.pth"), "")


def test_an_address_needs_its_hash_and_a_file_has_to_be_there(tmp_path):
    with pytest.raises(TrainingError, match="need their SHA-256"):
        start_from(network(), "https://example.org/weights.pth", "")
    with pytest.raises(TrainingError, match="cannot be read"):
        start_from(network(), str(tmp_path / "nowhere.pth"), "")
