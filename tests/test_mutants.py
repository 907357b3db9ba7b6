"""What nobody noticed when it was broken (see mutations.py)."""

import numpy as np
import pytest
from conftest import random_problem

from sklearn_neuron.objective import Needs


@pytest.mark.parametrize("K", [1, 3])
def test_curvature_alone_is_that_of_a_place(rng, K):
    J, theta = random_problem(rng, K=K)
    here = J.at(theta, Needs.GRADIENT | Needs.DIAGONAL | Needs.HESSIAN)
    # the same sums over the same blocks: nothing but the order of two factors differs
    np.testing.assert_allclose(J.hessian(theta), here.hessian, rtol=1e-12)
    np.testing.assert_allclose(J.diagonal(theta), here.diagonal, rtol=1e-12)
