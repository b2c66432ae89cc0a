import pytest
import torch
from torch import nn

from models.networks.build import build
from models.training.errors import TrainingError
from models.training.learner import Learner, fresh_network, loss_of, set_phase
from models.training.recipe import Recipe


def recipe(name: str = "real_vs_placeholder", **changes) -> Recipe:
    return Recipe.read(name, [f"{key}={value}" for key, value in changes.items()])


def test_smoothed_targets_lie_a_twentieth_from_the_ends():
    loss = loss_of(recipe(balanced_loss="false"), real_share=0.9)
    best = torch.tensor([0.95]).logit()
    assert loss(best, torch.tensor([1.0])) < loss(best + 0.1, torch.tensor([1.0]))
    assert loss(best, torch.tensor([1.0])) < loss(best - 0.1, torch.tensor([1.0]))


def test_a_balanced_loss_weighs_both_classes_alike_however_many_there_are():
    loss = loss_of(recipe(label_smoothing=0), real_share=0.75)
    logits = torch.zeros(4)
    of_reals = 3 * loss(logits[:1], torch.ones(1))
    of_others = loss(logits[:1], torch.zeros(1))
    assert of_reals == pytest.approx(of_others.item())


def test_the_learning_rate_falls_when_the_validation_loss_stays():
    network = nn.Linear(2, 1)
    learner = Learner.begin(network, recipe(plateau_patience=1), steps=10, pictures=8)
    for loss in (1.0, 1.0, 1.0):
        learner.end_epoch(loss)
    assert learner.learning_rate == pytest.approx(1e-5)


def test_one_cycle_rises_to_the_peak_and_falls_to_next_to_nothing():
    network = nn.Linear(2, 1)
    learner = Learner.begin(network, recipe("student"), steps=20, pictures=8)
    rates = []
    for _ in range(20):
        rates.append(learner.learning_rate)
        learner.step(network(torch.ones(1, 2)).sum(), clip_norm=0)
    assert max(rates) == pytest.approx(2e-3)
    assert rates[0] < 2e-4
    assert rates[-1] < 1e-6


def test_the_average_is_judged_where_the_recipe_keeps_one():
    network = nn.Linear(2, 1)
    assert Learner.begin(network, recipe(), steps=5, pictures=8).judged is network
    averaged = Learner.begin(network, recipe("student"), steps=5, pictures=8)
    start = network.weight.detach().clone()
    for _ in range(4):
        averaged.step(network(torch.ones(1, 2)).sum(), clip_norm=0)
    moved = (network.weight - start).abs().max()
    assert 0 < (averaged.judged.weight - network.weight).abs().max() < moved


def test_clipping_holds_the_gradient():
    network = nn.Linear(2, 1)
    Learner.begin(network, recipe(), steps=5, pictures=8).step(1e6 * network(torch.ones(1, 2)).sum(), clip_norm=1.0)
    assert sum(weights.grad.norm() ** 2 for weights in network.parameters()) ** 0.5 <= 1.0001


def test_feature_extraction_comes_first_and_fine_tuning_after():
    wanted = recipe("resnet50", head_only_epochs=2)
    network = build("resnet50")
    set_phase(network, wanted, epoch=1)
    assert not network.layer1[0].conv1.weight.requires_grad
    set_phase(network, wanted, epoch=2)
    assert network.layer1[0].conv1.weight.requires_grad


def test_what_only_resnet50_knows_is_refused_elsewhere_and_so_is_a_network_that_is_not_there():
    with pytest.raises(TrainingError, match="Only resnet50 knows feature extraction"):
        set_phase(nn.Linear(2, 1), recipe(head_only_epochs=2), epoch=0)
    with pytest.raises(TrainingError, match="no network called 'vgg'"):
        fresh_network(recipe(network="vgg"), torch.device("cpu"))
