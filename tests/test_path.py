"""Walks that share a pass: on other examples each, under a penalty each, one penalty after the other."""

from types import SimpleNamespace

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given
from hypothesis import strategies as st
from sklearn.datasets import load_breast_cancer, load_iris
from sklearn.exceptions import ConvergenceWarning
from sklearn.preprocessing import StandardScaler
from sklearn.svm import l1_min_c

from sklearn_neuron import SigmoidNeuronClassifier, neuron_path
from sklearn_neuron.homes.counted import Counted
from sklearn_neuron.homes.memory import InMemory
from sklearn_neuron.homes.moments import moments
from sklearn_neuron.objective import Needs, Objective
from sklearn_neuron.solvers.coordinates import Plain, Standardised, Whitened
from sklearn_neuron.solvers.path import walk_path
from sklearn_neuron.solvers.span import Gram

BOTH = ["ovr", "multinomial"]
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


def test_the_least_share_is_that_by_which_features_were_measured_whoever_still_walks(rng):
    together, _ = side_by_side(rng)
    assert together.home.neurons([0]).least_share == together.home.least_share


def test_no_walk_is_bent_more_than_smoothness_says(rng):
    together, alone = side_by_side(rng)
    for k, J in enumerate(alone):
        assert J.smoothness - J.penalty <= together.smoothness
        assert np.linalg.eigvalsh(together.hessian(np.zeros((4, 4)))[..., k])[-1] - J.penalty <= together.smoothness


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


@pytest.mark.parametrize("coordinates", [Standardised(), Gram()], ids=lambda c: type(c).__name__)
@pytest.mark.parametrize("has_bias", [True, False])
@pytest.mark.parametrize("l1_ratio", [0.0, 0.5, 1.0])
def test_where_a_walk_ended_is_known_under_the_next_penalty_without_a_look(rng, coordinates, has_bias, l1_ratio):
    together, _ = side_by_side(rng, n=6, p=8, has_bias=has_bias)
    if l1_ratio and isinstance(coordinates, Gram):
        return  # kinks are along features
    together = together.paying(together.penalty_term.strength, l1_ratio)
    seen = coordinates(together, None)
    theta = rng.normal(size=(seen.home.n_parameters, 4))
    here = seen.at(theta, Needs.GRADIENT | Needs.HESSIAN)
    arrival = SimpleNamespace(theta=theta, loss=here.loss, gradient=here.gradient, hessian=here.hessian)
    other = seen.paying(np.array([0.3, 1e-4, 20.0, 1.0]), l1_ratio)
    before = together.home.passes
    place = other.again(seen, arrival)
    assert together.home.passes == before
    there = other.at(place.theta, Needs.GRADIENT | Needs.HESSIAN)
    for name in ("loss", "gradient", "hessian"):  # the digits that a penalty, far stronger or weaker, leaves
        np.testing.assert_allclose(getattr(place, name), getattr(there, name), rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(other.to_weights(place.theta), seen.to_weights(theta), rtol=1e-12)


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


def test_a_layer_walks_along_a_path_too():
    X, y = load_iris(return_X_y=True)
    path = neuron_path(X, y, multi_class="multinomial", Cs=[0.01, 1, 100], tol=1e-8)
    for k, C in enumerate(path.Cs):
        alone = SigmoidNeuronClassifier(C=C, multi_class="multinomial", tol=1e-8).fit(X, y)
        np.testing.assert_allclose(path.coefs[k], alone.coef_, rtol=1e-5, atol=1e-7)


# neuron_path --------------------------------------------------------------------------------------------------


@given(seed=st.integers(0, 2**32 - 1), K=st.integers(2, 4), has_bias=st.booleans(), multi_class=st.sampled_from(BOTH))
def test_a_path_under_kinks_begins_where_the_first_weight_leaves_zero(seed, K, has_bias, multi_class):
    rng = np.random.default_rng(seed)
    X = rng.normal(1, 2, (40, 5)) * 10 ** rng.uniform(-1, 1, 5)
    y = np.append(np.arange(K), rng.integers(0, K, 40 - K))
    weight = rng.uniform(0.5, 2, 40)
    options = {"l1_ratio": 0.7, "fit_intercept": has_bias, "multi_class": multi_class, "tol": 1e-9}
    Cs = neuron_path(X, y, Cs=3, sample_weight=weight, **options).Cs
    path = neuron_path(X, y, Cs=[0.999 * Cs[0], Cs[0], 1.001 * Cs[0]], sample_weight=weight, **options)
    assert [bool(coef.any()) for coef in path.coefs] == [False, False, True]
    if has_bias and K == 2:
        share = weight[y == 1].sum() / weight.sum()
        assert path.intercepts[0, 0] == pytest.approx(np.log(share / (1 - share)), rel=1e-6)


@pytest.mark.parametrize("load", [load_breast_cancer, load_iris])
def test_where_weights_leave_zero_is_what_scikit_learn_says(load):
    X, y = load(return_X_y=True)
    (least,) = neuron_path(X, y, Cs=1, l1_ratio=1, fit_intercept=False).Cs
    assert least == pytest.approx(l1_min_c(X, y, loss="log", fit_intercept=False), rel=1e-8)


@pytest.mark.parametrize("multi_class", BOTH)
@pytest.mark.parametrize("solver", ["auto", "nesterov"])
def test_a_path_under_kinks_is_what_neurons_learn_at_every_c(solver, multi_class):
    X, y = load_iris(return_X_y=True)
    X = StandardScaler().fit_transform(X)  # for the plain rule
    options = {"l1_ratio": 0.5, "multi_class": multi_class, "solver": solver, "tol": 1e-7}
    path = neuron_path(X, y, Cs=[0.01, 0.1, 1], **options)
    for k, C in enumerate(path.Cs):
        alone = SigmoidNeuronClassifier(C=C, **options).fit(X, y)
        np.testing.assert_allclose(path.coefs[k], alone.coef_, rtol=1e-4, atol=1e-6)  # where 1e-7 in J's metric leads
        np.testing.assert_array_equal(path.coefs[k] == 0, alone.coef_ == 0)
        np.testing.assert_allclose(path.losses[k], alone.loss_curve_[-1], rtol=1e-10)


@pytest.mark.parametrize("load", [load_breast_cancer, load_iris])
@pytest.mark.parametrize("fit_intercept", [True, False])
def test_the_path_is_what_neurons_learn_at_every_c(load, fit_intercept):
    X, y = load(return_X_y=True)
    weight = np.linspace(0.5, 2, len(y))
    options = {"fit_intercept": fit_intercept, "class_weight": "balanced", "tol": 1e-8}
    path = neuron_path(X, y, Cs=[10, 0.1, 1], sample_weight=weight, **options)
    np.testing.assert_array_equal(path.Cs, [0.1, 1, 10])
    for k, C in enumerate(path.Cs):
        alone = SigmoidNeuronClassifier(C=C, **options).fit(X, y, weight)
        np.testing.assert_allclose(path.coefs[k], alone.coef_, rtol=1e-4, atol=1e-7)  # where 1e-8 in J's metric leads
        np.testing.assert_allclose(path.intercepts[k], alone.intercept_, rtol=1e-4, atol=1e-7)
        np.testing.assert_allclose(path.losses[k], alone.loss_curve_[-1], rtol=1e-10)
    assert path.converged.all()
    assert path.n_iter.shape == path.intercepts.shape == path.losses.shape == (3, *path.coefs.shape[1:2])


@given(seed=st.integers(0, 2**32 - 1), p=st.integers(1, 12), has_bias=st.booleans())
def test_the_range_that_is_found_leads_from_hardly_any_weight_to_all_there_is(seed, p, has_bias):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(60, p)) * 10 ** rng.uniform(-1.5, 1.5, p)
    y = rng.random(60) < 0.5
    path = neuron_path(X, y, Cs=4, fit_intercept=has_bias, tol=1e-6)
    scores = np.abs(np.einsum("np,ckp->cn", X - (X.mean(axis=0) if has_bias else 0), path.coefs))
    free = neuron_path(X, y, Cs=[1e3 * path.Cs[-1]], fit_intercept=has_bias, tol=1e-6)
    # a tenth of the slope at most, for the penalty bends J ten times as much as the examples can
    assert np.square(scores[0]).mean() <= 0.2**2
    # and a thousandth of what the examples bend along any feature changes J little
    assert path.losses[-1] - free.losses[-1] <= 0.05
    assert (np.diff(path.losses[:, 0]) <= 1e-9).all()  # the weaker the penalty, the lower J can be


def test_values_of_c_are_evenly_spaced_and_never_too_far_apart(plants):
    path = neuron_path(plants.data * [1e-8, 1e8], plants.target, Cs=7)
    ratio = path.Cs[1:] / path.Cs[:-1]
    np.testing.assert_allclose(ratio, ratio[0], rtol=1e-9)
    assert path.Cs[-1] / path.Cs[0] == pytest.approx(1e12, rel=1e-9)
    assert len(neuron_path(np.ones((4, 2)), [0, 1, 0, 1], Cs=3).Cs) == 3  # features that say nothing


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"Cs": 0}, "one number of C or more"),
        ({"Cs": [1, -1]}, r"numbers above 0, one or more of them; got \[1.0, -1.0\]"),
        ({"tol": -1}, "The 'tol' parameter of neuron_path"),
        ({"solver": "sag"}, "The 'solver' parameter of neuron_path"),
    ],
)
def test_what_no_path_leads_along_is_refused_in_words(plants, options, words):
    with pytest.raises(ValueError, match=words):
        neuron_path(plants.data, plants.target, **options)


def test_numbers_that_are_none_are_refused(plants):
    X = plants.data.copy()
    X[3, 1] = np.nan
    with pytest.raises(ValueError, match="NaN"):
        neuron_path(X, plants.target)


def test_who_has_not_arrived_along_the_path_is_told_of_once(plants):
    with pytest.warns(ConvergenceWarning, match=r"at 2 of 3 values of C \(from 1 to 100\); mostly") as told:
        path = neuron_path(plants.data, plants.target, Cs=[1e-9, 1, 100], max_iter=1)
    assert len(told) == 1
    assert told[0].filename == __file__
    np.testing.assert_array_equal(path.converged, [True, False, False])


def test_a_path_warms_up(cancer):
    X, y, _ = cancer
    Cs = np.logspace(-4, 4, 10)
    cold = sum(SigmoidNeuronClassifier(C=C, solver="newton").fit(X, y).n_iter_[0] for C in Cs)
    assert neuron_path(X, y, Cs=Cs, solver="newton").n_iter.sum() <= 0.6 * cold
