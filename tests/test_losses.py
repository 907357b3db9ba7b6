"""What a pass adds up is what the neuron's formulas say, example by example."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sklearn_neuron.homes.arrays import total
from sklearn_neuron.homes.costs import MANY_SCORES
from sklearn_neuron.losses import SIGMOID

SOME = st.sampled_from([1, 2, 3, 15, 17, 100, MANY_SCORES // 2, MANY_SCORES, MANY_SCORES + 1, MANY_SCORES + 17])


def made(seed, n, K, dtype, spread):
    rng = np.random.default_rng(seed)
    return (spread * rng.normal(size=(n, K))).astype(dtype), rng.random((n, K)) < 0.4, rng


@given(
    seed=st.integers(0, 2**16),
    n=SOME,
    K=st.integers(1, 3),
    dtype=st.sampled_from([np.float32, np.float64]),
    spread=st.sampled_from([0, 1e-3, 1, 30, 1e6]),
    alike=st.booleans(),
)
def test_sums_are_those_of_the_formulas(seed, n, K, dtype, spread, alike):
    z, y, rng = made(seed, n, K, dtype, spread)
    shares = np.full((1, 1), 1 / n, dtype) if alike else rng.uniform(0.5, 2, (n, 1)).astype(dtype)
    loss, slope, bend = SIGMOID.sums_of_many(z.copy(), y, shares, bent=True)
    each, residual = SIGMOID.value_and_slope(z.astype(np.float64), y)
    eps = np.finfo(dtype).eps
    np.testing.assert_allclose(loss, total(shares * each), rtol=30 * eps)  # of 16 numbers made one, in turn
    assert {slope.dtype, bend.dtype} == {np.dtype(dtype)}
    tiny = np.finfo(dtype).tiny  # what is less has fewer digits
    np.testing.assert_allclose(slope, shares * residual, rtol=10 * eps, atol=tiny)
    np.testing.assert_allclose(bend, shares * SIGMOID.beliefs(z.astype(np.float64)), rtol=10 * eps, atol=tiny)


@pytest.mark.parametrize("margin", [5.0, 30.0, 300.0])
def test_no_loss_is_too_small_to_be_added(margin):
    n = 2 * MANY_SCORES
    loss, *_ = SIGMOID.sums_of_many(np.full((n, 1), margin), np.ones((n, 1), dtype=bool), np.full((1, 1), 1 / n))
    assert loss[0] == pytest.approx(np.log1p(np.exp(-margin)), rel=1e-14)


def test_curvatures_are_told_only_when_asked_for():
    z, y, _ = made(0, 10, 1, np.float64, 1)
    assert len(SIGMOID.sums_of_many(z, y, np.full((1, 1), 0.1))) == 2
