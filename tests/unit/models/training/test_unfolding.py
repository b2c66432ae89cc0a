import pytest
import torch

from models.artifacts import load_artifact, newest_version
from models.networks.student import Student
from models.training.unfolding import folded_student, unfolded


@pytest.fixture(scope="module")
def pictures():
    torch.manual_seed(2)
    return torch.randn(16, 3, 112, 112)


@pytest.fixture(scope="module")
def folded():
    return folded_student(load_artifact(newest_version("student")).model)


def test_unfolded_it_says_the_same_in_both_modes_but_for_the_new_branches(folded, pictures):
    student = unfolded(folded, pictures)
    with torch.inference_mode():
        student.dropout.p = 0.0
        assert torch.allclose(student(pictures), folded(pictures), atol=0.02)
        assert torch.allclose(student.train()(pictures), folded(pictures), atol=0.02)


def test_it_learns_and_folds_again(folded, pictures):
    student = unfolded(folded, pictures).train()
    student(pictures).sum().backward()
    assert all(weight.grad is not None and weight.grad.abs().sum() > 0 for weight in student.parameters())
    with torch.inference_mode():
        again = unfolded(folded, pictures).folded()
        assert torch.allclose(again(pictures), folded(pictures), atol=0.02)


def test_the_weights_fit_a_fresh_student(folded, pictures):
    Student().load_state_dict(unfolded(folded, pictures).state_dict())
