"""Walks that share a pass: on other examples each, under a penalty each, one penalty after the other."""

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given
from hypothesis import strategies as st

from sklearn_neuron.homes.counted import Counted
from sklearn_neuron.homes.memory import InMemory
from sklearn_neuron.homes.moments import moments
from sklearn_neuron.objective import Needs, Objective
from sklearn_neuron.solvers.coordinates import Plain, Standardised, Whitened
from sklearn_neuron.solvers.path import walk_path
from sklearn_neuron.solvers.span import Gram

ALL = Needs.GRADIENT | Needs.DIAGONAL | Needs.HESSIAN


def side_by_side(rng, n=40, p=3, W=4, sparse=False, has_bias=True, **options):
    """J of walks of which each counts examples in its own way and pays its own penalty; and those J by themselves."""
    X = rng.normal(1, 2, (n, p)) * (rng.random((n, p)) < 0.7)
    X = sp.csr_array(X) if sparse else X
    truths = rng.random((n, W)) < 0.4
    shares = rng.uniform(0.5, 2, (n, W)) * (rng.random((n, W)) < 0.8)
    shares /= shares.sum(axis=0)
    penalties = rng.uniform(0.001, 0.1, W)
    together = Objective(Counted(InMemory(X, truths, shares, has_bias, **options)), penalties)
    alone = [Objective(Counted(InMemory(X, truths[:, [k]], shares[:, k], has_bias)), penalties[k]) for k in range(W)]
    return together, alone


@pytest.mark.parametrize("sparse", [False, True])
@pytest.mark.parametrize("block_size", [30, 400_000])
def test_walks_on_other_examples_see_what_each_would_see_alone(rng, sparse, block_size):
    together, alone = side_by_side(rng, sparse=sparse, block_size=block_size)
    theta = rng.normal(size=(4, 4))
    here, weights = together.at(theta, ALL), together.hessian_weights(theta)
    for k, J in enumerate(alone):
        mine = theta[:, [k]]
        there = J.at(mine, ALL)
        # the same numbers, added up in another order
        for name in ("loss", "gradient", "diagonal", "hessian"):
            np.testing.assert_allclose(getattr(here, name)[..., [k]], getattr(there, name), rtol=1e-12, atol=1e-14)
        np.testing.assert_allclose(together.hessian(theta)[..., [k]], there.hessian, rtol=1e-12, atol=1e-14)
        product, own = together.hessian_product(theta, weights), J.hessian_product(mine, J.hessian_weights(mine))
        np.testing.assert_allclose(product[:, [k]], own, rtol=1e-12, atol=1e-14)


def test_some_of_the_walks_count_and_pay_as_before(rng):
    together, alone = side_by_side(rng)
    theta = rng.normal(size=(4, 4))
    some = together.neurons([3, 1]).at(theta[:, [3, 1]], ALL)
    for k, place in ((3, 0), (1, 1)):
        there = alone[k].at(theta[:, [k]], ALL)
        np.testing.assert_allclose(some.loss[place], there.loss[0], rtol=1e-12)
        np.testing.assert_allclose(some.hessian[..., [place]], there.hessian, rtol=1e-12, atol=1e-14)


def test_shares_of_some_examples_add_up_to_1_for_every_walk(rng):
    together, _ = side_by_side(rng)
    few = together.home.take(np.arange(0, 40, 2))
    np.testing.assert_allclose(few.shares.sum(axis=0), 1, rtol=1e-12)


def test_features_are_measured_by_what_examples_count_on_average(rng):
    together, _ = side_by_side(rng)
    home = together.home
    average = InMemory(home.X, home.y[:, :1], home.shares.mean(axis=1))
    np.testing.assert_allclose(moments(home).spread, moments(average).spread, rtol=1e-12)
    assert home.least_share == pytest.approx(home.shares.mean(axis=1).min(), rel=1e-12)


@pytest.mark.parametrize("coordinates", [Plain(), Standardised(), Whitened(), Gram()], ids=lambda c: type(c).__name__)
def test_another_penalty_is_seen_in_coordinates_as_if_it_had_been_there_from_the_start(rng, coordinates):
    together, _ = side_by_side(rng, n=6, p=8)
    weights = rng.normal(size=(9, 4))
    other = together.paying(np.array([0.3, 0.1, 0.02, 1.0]))
    anew = coordinates(other, weights)
    once_more = coordinates.once_more(coordinates(together, weights), other, weights)
    theta = rng.normal(size=anew.from_weights(weights).shape)
    here, there = anew.at(theta, ALL), once_more.at(theta, ALL)
    for name in ("loss", "gradient", "diagonal", "hessian"):
        np.testing.assert_array_equal(getattr(here, name), getattr(there, name))
    np.testing.assert_array_equal(anew.to_weights(theta), once_more.to_weights(theta))


def test_what_was_learned_of_the_examples_is_not_read_again(rng):
    together, _ = side_by_side(rng)
    seen = Standardised()(together)
    before = together.home.passes
    Standardised().once_more(seen, together.paying(2.0), None)
    assert together.home.passes == before


def ends(objective, penalties, tol=1e-6, solver="auto", **options):
    start = np.zeros((objective.home.n_parameters, objective.home.n_walks))
    return list(walk_path(objective, penalties, start, solver, tol, **options))


@pytest.mark.parametrize("solver", ["auto", "newton", "lazy-newton", "newton-cg", "lbfgs", "newton-gram"])
@given(seed=st.integers(0, 2**32 - 1))
def test_a_path_leads_to_the_minimum_under_every_penalty(solver, seed):
    rng = np.random.default_rng(seed)
    together, alone = side_by_side(rng, n=30)
    penalties = [np.array([1, 0.5, 2, 1]) * strength for strength in (1.0, 0.1, 1e-3)]
    for walked, penalty in zip(ends(together, penalties, solver=solver), penalties, strict=True):
        assert all(why.converged for why in walked.arrival.outcomes)
        for k, J in enumerate(alone):
            (own,) = ends(J, penalty[[k]], tol=1e-9, solver="newton")
            # what tol means: J is at most about tol^2 above its minimum, whatever the way
            assert abs(walked.arrival.loss[k] - own.arrival.loss[0]) <= 1e-12


def test_walks_share_passes(rng):
    together, alone = side_by_side(rng, n=200)
    penalties = [1.0, 0.1, 0.01]
    ends(together, penalties, solver="newton")
    for J in alone:
        ends(J, penalties, solver="newton")
    # as many as the slowest alone, and what is asked of the doubtful; not as many as all of them
    assert together.home.passes < 0.5 * sum(J.home.passes for J in alone)


def test_a_walk_without_a_penalty_starts_at_zero_again(rng):
    X = rng.normal(size=(8, 2))
    X = np.column_stack([X, X, rng.normal(size=(8, 1))])  # twins: the least norm shares weights evenly
    home = InMemory(X, np.array([[0, 1, 0, 1, 1, 0, 1, 0]], dtype=bool).T, np.full(8, 1 / 8))
    J = Objective(Counted(home), 1.0)
    *_, last = ends(J, [0.1, 0.0], solver="newton", max_iter=6)
    (alone,) = ends(J, [0.0], solver="newton", max_iter=6)
    np.testing.assert_array_equal(last.arrival.weights, alone.arrival.weights)


def test_no_step_is_taken_where_none_is_allowed(rng):
    together, _ = side_by_side(rng)
    for walked in ends(together, [1.0, 0.1], max_iter=0):
        assert not walked.arrival.weights.any()
