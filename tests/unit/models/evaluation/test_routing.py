from dataclasses import replace

import numpy as np

from models.evaluation.routing import Route, routed
from tests.unit.models.evaluation.made import measured


def banded(_photo, p_real, _strangeness):
    return Route.APPROVED if p_real >= 0.9 else Route.REFUSED if p_real <= 0.1 else Route.TO_PEOPLE


def test_every_picture_goes_one_way_and_what_nobody_looks_at_counts_as_automatic():
    found = routed(measured(real=[0.95, 0.95, 0.5, 0.05], other=[0.95, 0.5, 0.05, 0.05, 0.05, 0.05]), banded)
    assert found.real == {Route.APPROVED: 2, Route.REFUSED: 1, Route.TO_PEOPLE: 1}
    assert found.other == {Route.APPROVED: 1, Route.REFUSED: 4, Route.TO_PEOPLE: 1}
    assert (found.automatic.wrong, found.automatic.of) == (8, 10)
    assert (found.wrong.wrong, found.wrong.of) == (2, 8)
    assert (found.real_refused.value, found.real_to_people.value) == (0.25, 0.25)
    assert found.other_approved.wrong == 1


def test_how_strange_a_picture_is_goes_to_the_policy_too():
    strange = replace(measured(real=[0.95, 0.95], other=[0.95]), strangeness=np.array([0.5, 2.0, 3.0]))
    found = routed(strange, lambda _photo, _p, strangeness: Route.TO_PEOPLE if strangeness > 1 else Route.APPROVED)
    assert (found.real[Route.TO_PEOPLE], found.other[Route.TO_PEOPLE]) == (1, 1)
