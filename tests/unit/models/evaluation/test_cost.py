from dataclasses import replace

from models.evaluation.cost import Loaded, cost
from models.evaluation.pictures import Pictures
from tests.unit.models.evaluation.made import Fixed, example, prepared


def test_a_picture_without_a_face_does_not_make_quality_look_free():
    with_face = replace(prepared(), ms={"detect": 2.0, "quality": 3.0})
    without = replace(prepared(faces=()), ms={"detect": 9.0, "quality": 0.0})
    pictures = Pictures((example(real=True),) * 3, (with_face, without, without))
    assert cost(Loaded(Fixed(), None), pictures).prepare_ms == {"detect": 2.0, "quality": 3.0}
    alone = Pictures((example(real=False),), (without,))
    assert cost(Loaded(Fixed(), None), alone).prepare_ms == {"detect": 9.0, "quality": 0.0}
