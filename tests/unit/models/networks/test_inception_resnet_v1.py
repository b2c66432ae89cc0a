import torch

from models.networks.inception_resnet_v1 import InceptionResnetV1

CONVOLUTIONS = {
    "conv2d_1a", "conv2d_2a", "conv2d_2b", "conv2d_3b", "conv2d_4a", "conv2d_4b",
    "mixed_6a.branch0", "mixed_6a.branch1.0", "mixed_6a.branch1.1", "mixed_6a.branch1.2",
    "mixed_7a.branch0.0", "mixed_7a.branch0.1", "mixed_7a.branch1.0", "mixed_7a.branch1.1",
    "mixed_7a.branch2.0", "mixed_7a.branch2.1", "mixed_7a.branch2.2",
}  # fmt: skip
DEPTHS = {"repeat_1": (5, 2, 3), "repeat_2": (10, 1, 3), "repeat_3": (5, 1, 3)}
"""How many blocks, how many branches beside the 1×1 one, and how long the last of them is."""


def facenets_keys() -> set[str]:
    """Names in a checkpoint of facenet-pytorch, written down from its naming."""
    convolutions = set(CONVOLUTIONS)
    residuals = {
        "block8.conv2d",
        *(f"{name}.{n}.conv2d" for name, (blocks, *_) in DEPTHS.items() for n in range(blocks)),
    }
    for name, (blocks, branches, longest) in DEPTHS.items():
        for block in range(blocks):
            convolutions.add(f"{name}.{block}.branch0")
            for branch in range(1, branches + 1):
                length = longest if branch == branches else 2
                convolutions |= {f"{name}.{block}.branch{branch}.{step}" for step in range(length)}
    convolutions |= {"block8.branch0", *(f"block8.branch1.{step}" for step in range(3))}
    norm = ("weight", "bias", "running_mean", "running_var", "num_batches_tracked")
    return {
        "last_linear.weight", "logits.weight", "logits.bias",
        *(f"last_bn.{part}" for part in norm),
        *(f"{name}.conv.weight" for name in convolutions),
        *(f"{name}.bn.{part}" for name in convolutions for part in norm),
        *(f"{name}.{part}" for name in residuals for part in ("weight", "bias")),
    }  # fmt: skip


def test_the_state_has_facenets_names():
    assert set(InceptionResnetV1().state_dict()) == facenets_keys()


def test_a_face_of_160_px_ends_in_3_by_3_features_and_a_512_number_embedding():
    network = InceptionResnetV1().eval()
    with torch.inference_mode():
        assert network.features(torch.zeros(1, 3, 160, 160)).shape == (1, 1792, 3, 3)
        assert network.embedding(torch.zeros(3, 3, 80, 80)).shape == (3, 512)
