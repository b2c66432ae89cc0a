import torch

from models.networks.real_vs_placeholder import RealVsPlaceholder


def test_the_cards_own_layer_list_has_30_796_417_parameters_and_not_the_26_7_million_it_claims():
    assert sum(weights.numel() for weights in RealVsPlaceholder().parameters()) == 30_796_417


def test_every_picture_gets_one_logit():
    with torch.inference_mode():
        logits = RealVsPlaceholder().eval()(torch.zeros(2, 3, 64, 64))
    assert logits.shape == (2,)
    assert torch.isfinite(logits).all()


def test_three_pools_hand_an_eighth_of_the_side_to_the_head():
    with torch.inference_mode():
        features = RealVsPlaceholder().eval().features(torch.zeros(1, 3, 64, 64))
    assert features.shape == (1, 512, 8, 8)
