import pytest
import torch
from torch import nn

from models.networks.student import INPUT_PX, LARGE, RepBlock, Student, widened


def lived_in(module: nn.Module) -> nn.Module:
    """Give every normalisation statistics and weights as after a training run."""
    torch.manual_seed(4)
    for norm in module.modules():
        if isinstance(norm, nn.BatchNorm2d):
            nn.init.normal_(norm.running_mean, std=0.3)
            nn.init.uniform_(norm.running_var, 0.5, 2)
            nn.init.normal_(norm.weight, 1, 0.2)
            nn.init.normal_(norm.bias, std=0.2)
    return module.eval()


@pytest.mark.parametrize(("channels", "stride"), [((3, 8), 2), ((8, 8), 1), ((8, 8), 2), ((8, 12), 1)])
def test_a_folded_block_computes_what_its_branches_computed(channels, stride):
    block = lived_in(RepBlock(*channels, stride))
    features = torch.randn(2, channels[0], 14, 14)
    with torch.inference_mode():
        torch.testing.assert_close(block.folded()(features), block(features), rtol=1e-4, atol=1e-5)


def test_the_folded_network_gives_the_same_logits_from_nine_plain_convolutions():
    network = lived_in(Student())
    pictures = torch.randn(3, 3, INPUT_PX, INPUT_PX)
    folded = network.folded()
    with torch.inference_mode():
        torch.testing.assert_close(folded(pictures), network(pictures), rtol=1e-4, atol=1e-5)
    assert len(folded.convolutions()) == 9
    assert not any(isinstance(module, nn.BatchNorm2d) for module in folded.modules())


def test_the_folded_network_has_under_a_million_parameters():
    assert sum(weights.numel() for weights in Student().folded().parameters()) == 836_961


def test_folding_leaves_the_trained_network_as_it_was():
    network = lived_in(Student())
    before = {name: values.clone() for name, values in network.state_dict().items()}
    network.folded()
    assert all(torch.equal(before[name], values) for name, values in network.state_dict().items())


def test_channels_last_training_steps_run_and_learn():
    torch.manual_seed(1)
    network = Student()
    network.to(memory_format=torch.channels_last)
    optimizer = torch.optim.AdamW(network.parameters(), lr=1e-3)
    pictures = torch.randn(4, 3, INPUT_PX, INPUT_PX).contiguous(memory_format=torch.channels_last)
    wanted = torch.tensor([1.0, 0.0, 1.0, 0.0])
    losses = []
    for _ in range(6):
        loss = nn.functional.binary_cross_entropy_with_logits(network(pictures), wanted)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(float(loss.detach()))
    assert losses[-1] < losses[0]


def test_the_accuracy_step_has_four_times_the_parameters():
    assert sum(weights.numel() for weights in Student(LARGE).folded().parameters()) == 3_344_321


def test_a_widened_network_starts_with_the_same_logits():
    network = lived_in(Student())
    pictures = torch.randn(2, 3, 64, 64)
    with torch.inference_mode():
        torch.testing.assert_close(widened(network, 2)(pictures), network(pictures), rtol=1e-4, atol=1e-5)


def test_noise_sets_the_copies_of_a_widened_channel_apart():
    torch.manual_seed(1)
    first = widened(Student(), 2, noise=0.1).convolutions()[0].weight
    assert not torch.equal(first[:24], first[24:])
    torch.testing.assert_close(first[:24], first[24:], rtol=1.5, atol=0.05)
