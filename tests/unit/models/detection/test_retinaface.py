import hashlib

import numpy as np
import pytest
import torch
from torch import nn

from models.artifacts import ArtifactError
from models.detection.retinaface import (
    RetinaFaceDetector,
    decode_boxes,
    decode_landmarks,
)
from models.networks.retinaface import STRIDES_PX, RetinaFace, anchors


class SeesAFaceAt(nn.Module):
    """Stands in for the network: sure of a face at the named anchors of a square, with no offset from them."""

    def __init__(self, size_px, *indices):
        super().__init__()
        self.classes = torch.tensor([5.0, -5.0]).repeat(len(anchors(size_px, size_px)), 1)
        for rank, index in enumerate(indices):
            self.classes[index] = torch.tensor([-5.0 + rank, 5.0])

    def forward(self, images):
        count = len(self.classes)
        return torch.zeros(1, count, 4), self.classes[None], torch.zeros(1, count, 10)


def index_of(size_px, anchor):
    return int((anchors(size_px, size_px) == torch.tensor(anchor)).all(dim=1).nonzero())


def saved(tmp_path, content):
    path = tmp_path / "weights.pth"
    torch.save(content, path)
    return path, hashlib.sha256(path.read_bytes()).hexdigest()


def test_boxes_come_back_in_pixels_of_the_picture_not_of_the_square_it_was_shrunk_into():
    detector = RetinaFaceDetector(SeesAFaceAt(256, index_of(256, [72, 72, 64, 64])), size_px=256)
    [face] = detector.detect(np.zeros((1024, 512, 3), np.uint8))
    assert (face.x, face.y, face.width, face.height) == (160, 160, 256, 256)
    assert face.score > 0.99
    assert face.landmarks == ((288, 288),) * 5


def test_the_largest_face_comes_first_and_none_leaves_the_picture():
    small, large = index_of(256, [36, 36, 32, 32]), index_of(256, [176, 176, 256, 256])
    detector = RetinaFaceDetector(SeesAFaceAt(256, small, large), size_px=256)
    first, second = detector.detect(np.zeros((256, 256, 3), np.uint8))
    assert (first.x, first.y, first.width, first.height) == (48, 48, 208, 208)
    assert (second.width, second.height) == (32, 32)


def test_one_face_seen_twice_is_one_face():
    twice = index_of(256, [72, 72, 64, 64]), index_of(256, [88, 72, 64, 64])
    assert len(RetinaFaceDetector(SeesAFaceAt(256, *twice), size_px=256).detect(np.zeros((256, 256, 3), np.uint8))) == 1


def test_a_picture_without_a_face_has_none():
    detector = RetinaFaceDetector(SeesAFaceAt(64), size_px=64)
    assert detector.detect(np.full((80, 60, 3), 127, np.uint8)) == []


def test_offsets_move_a_box_by_a_tenth_of_its_anchor_and_grow_it_exponentially():
    priors = torch.tensor([[100.0, 50.0, 40.0, 20.0]])
    offsets = torch.tensor([[1.0, -1.0, 5 * np.log(2), 0.0]], dtype=torch.float32)
    assert torch.allclose(decode_boxes(offsets, priors), torch.tensor([[64.0, 38.0, 144.0, 58.0]]))


def test_landmarks_move_by_a_tenth_of_their_anchor():
    priors = torch.tensor([[100.0, 50.0, 40.0, 20.0]])
    points = decode_landmarks(torch.arange(10.0)[None], priors)
    assert points.shape == (1, 5, 2)
    assert points[0, 2].tolist() == pytest.approx([116.0, 60.0])


def test_a_checkpoint_with_the_right_hash_is_loaded(tmp_path):
    torch.manual_seed(3)
    network = RetinaFace()
    nn.init.constant_(network.ClassHead[2].conv1x1.bias[1], 5.0)  # an untrained network is sure of nothing
    path, sha256 = saved(tmp_path, network.state_dict())
    pixels = np.random.default_rng(1).integers(0, 255, (64, 64, 3), dtype=np.uint8)
    faces = RetinaFaceDetector.from_checkpoint(path, sha256, size_px=64).detect(pixels)
    assert faces
    assert faces == RetinaFaceDetector(network, size_px=64).detect(pixels)


def test_a_checkpoint_with_another_hash_is_refused_in_a_sentence(tmp_path):
    path, _ = saved(tmp_path, {})
    with pytest.raises(ArtifactError, match=r"has the SHA-256 [0-9a-f]{64}, not 0{64}; it is not loaded\."):
        RetinaFaceDetector.from_checkpoint(path, "0" * 64)


def test_a_pickled_program_is_refused_even_when_its_hash_is_right(tmp_path):
    path, sha256 = saved(tmp_path, nn.Linear(1, 1))
    with pytest.raises(ArtifactError, match="holds no weights of a RetinaFace"):
        RetinaFaceDetector.from_checkpoint(path, sha256)


def test_weights_of_another_network_are_refused(tmp_path):
    path, sha256 = saved(tmp_path, nn.Conv2d(3, len(STRIDES_PX), 1).state_dict())
    with pytest.raises(ArtifactError, match="holds no weights of a RetinaFace"):
        RetinaFaceDetector.from_checkpoint(path, sha256)
