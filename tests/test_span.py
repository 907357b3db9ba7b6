"""Coordinates in the span of the examples: the same J of n features instead of p."""

import pickle
import warnings

import numpy as np
import pytest
import scipy.sparse as sp
from conftest import fourth_order, random_problem, without_warnings
from hypothesis import given
from hypothesis import strategies as st
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression

from sklearn_neuron import SeparationWarning, SigmoidNeuronClassifier
from sklearn_neuron.homes.memory import InMemory
from sklearn_neuron.objective import Objective
from sklearn_neuron.solvers.directions import LBFGS, Steepest
from sklearn_neuron.solvers.recipes import Recipe
from sklearn_neuron.solvers.span import Gram, Span, factor_of_products
from sklearn_neuron.solvers.step_sizes import Backtracking, InverseSmoothness


def wide(rng, n=30, p=200, K=1, **options):
    """More features than examples, of different sizes and far from zero."""
    J, theta = random_problem(rng, n, p, K, **options)
    X = J.home.X * rng.uniform(0.1, 10, p).astype(J.home.dtype) + 5
    return Objective(InMemory(X, J.home.y, J.home.shares[:, 0], J.home.has_bias), 0.5), theta


@pytest.mark.parametrize("K", [1, 3])
@pytest.mark.parametrize("has_bias", [True, False])
def test_j_and_its_slopes_are_the_same_in_the_span(rng, has_bias, K):
    J, _ = wide(rng, K=K, has_bias=has_bias)
    seen = Gram()(J)
    u = rng.normal(size=(seen.home.n_parameters, K))
    here, plain = seen.at(u), J.at(seen.to_weights(u))
    np.testing.assert_allclose(here.loss, plain.loss, rtol=1e-11)  # a Cholesky factor of condition 1e3 lies between
    np.testing.assert_allclose(
        here.weights_gradient, plain.gradient, rtol=1e-7, atol=1e-9 * np.abs(plain.gradient).max()
    )
    np.testing.assert_allclose(here.gradient_norm, np.linalg.norm(plain.gradient, axis=0), rtol=1e-7)
    for j in range(0, len(u), 7):
        toward = np.zeros_like(u)
        toward[j] = 1
        along = fourth_order(lambda t, d=toward: seen.at(u + t * d).loss, 0.0)
        np.testing.assert_allclose(here.gradient[j], along, rtol=1e-7, atol=1e-9)


@pytest.mark.parametrize("has_bias", [True, False])
def test_there_and_back_again(rng, has_bias):
    J, _ = wide(rng, K=2, has_bias=has_bias)
    seen = Gram()(J)
    u = rng.normal(size=(seen.home.n_parameters, 2)) * (seen.T.scale > 0)
    np.testing.assert_allclose(seen.from_weights(seen.to_weights(u)), u, rtol=1e-7, atol=1e-9)


def test_the_basis_is_orthonormal_and_what_is_orthogonal_to_it_is_dropped(rng):
    J, theta = wide(rng)
    span = Span(J.home)
    Q = span.to_features(np.eye(span.home.shape[1]))
    np.testing.assert_allclose(Q.T @ Q, np.eye(Q.shape[1]), atol=1e-9)  # eps times the condition of K
    np.testing.assert_allclose(span.from_features(theta[:-1]), Q.T @ theta[:-1], rtol=1e-7, atol=1e-9)
    np.testing.assert_allclose((J.home.X - span.center) @ Q, span.home.X, rtol=1e-8, atol=1e-8)


@pytest.mark.parametrize("C", [1e-3, 1, 1e3])
@pytest.mark.parametrize("classes", [2, 3])
@pytest.mark.parametrize(("n", "solver"), [(40, "newton-gram"), (260, "newton-cg-gram")])
def test_the_minimum_is_that_of_newton_cholesky(rng, C, classes, n, solver):
    X = rng.normal(3, 2, (n, n + 110)) * rng.uniform(0.1, 10, n + 110)
    y = rng.integers(classes, size=n)
    neuron = SigmoidNeuronClassifier(C=C, tol=1e-9).fit(X, y)
    assert neuron.solver_ == solver
    for k, row in enumerate(neuron.coef_):
        truth = y == (neuron.classes_[k] if classes > 2 else 1)
        model = LogisticRegression(C=C, solver="newton-cholesky", tol=1e-12, max_iter=1000)
        best = without_warnings(model.fit, X, truth)
        apart = np.linalg.norm(row - best.coef_[0]) / np.linalg.norm(best.coef_[0])
        assert apart < 1e-6  # newton-cholesky's own accuracy where C = 1e3


def test_it_reads_x_a_few_times_whatever_the_number_of_steps(rng):
    X, y = rng.normal(size=(50, 2000)), rng.integers(2, size=50)
    neuron = SigmoidNeuronClassifier(C=300).fit(X, y)
    assert neuron.n_iter_[0] > 8
    # center, products, every step's gradient in the units of X, and what it costs to read the 50 x 49 table of scores
    assert neuron.history_.passes[-1] <= neuron.n_iter_[0] + 5


@pytest.mark.parametrize(("rank", "most"), [(20, 20), (19, 19), (12, 19), (1, 20)])
@pytest.mark.parametrize("n", [20, 120])
def test_the_factor_of_products_is_a_factor_and_lower_triangular_in_its_pivots(rng, n, rank, most):
    rank, most = rank * n // 20, most * n // 20
    F = rng.normal(size=(n, rank)) @ rng.normal(size=(rank, 500))
    factor, pivots = factor_of_products(F @ F.T, most, n * 2e-16 * (F @ F.T).max())
    assert factor.shape == (n, rank)
    np.testing.assert_allclose(factor @ factor.T, F @ F.T, rtol=1e-9, atol=1e-9 * np.abs(F @ F.T).max())
    assert not np.triu(factor[pivots], 1).any()


@pytest.mark.parametrize("twins", [1, 49])
def test_examples_that_repeat_others_add_no_coordinates(rng, twins):
    X = rng.normal(size=(50, 300))
    X[50 - twins :] = X[0]
    y = rng.integers(2, size=50)
    y[:2] = 0, 1
    J = Objective(InMemory(X, y[:, None] == 1, np.full(50, 0.02)), 0.1)
    assert Span(J.home).home.shape == (50, max(49 - twins, 1))
    one, other = (SigmoidNeuronClassifier(solver=name, tol=1e-9).fit(X, y) for name in ("newton-gram", "lbfgs"))
    assert one.loss_curve_[-1] == pytest.approx(other.loss_curve_[-1], rel=1e-9)


def test_examples_that_are_all_the_same_leave_nothing_but_the_bias():
    X, y = np.full((4, 9), 2.5), [0, 1, 1, 1]
    neuron = SigmoidNeuronClassifier(solver="newton-gram").fit(X, y)
    assert not neuron.coef_.any()
    np.testing.assert_allclose(neuron.predict_proba(X)[:, 1], 0.75, rtol=1e-6)  # tol**2 in J


def test_float32_and_weights_and_a_warm_start(rng):
    X, y, weight = rng.normal(2, 1, (40, 90)), rng.integers(2, size=40), rng.uniform(0.5, 2, 40)
    single = SigmoidNeuronClassifier().fit(X.astype(np.float32), y, weight)
    double = SigmoidNeuronClassifier(warm_start=True).fit(X, y, weight)
    assert single.coef_.dtype == np.float32
    np.testing.assert_allclose(single.coef_, double.coef_, rtol=0, atol=1e-4 * np.abs(double.coef_).max())
    assert double.fit(X, y, weight).n_iter_[0] <= 1


@pytest.mark.parametrize("direction", [Steepest(), LBFGS()])
def test_any_direction_walks_in_the_span(rng, direction):
    X, y = rng.normal(size=(30, 60)), rng.integers(2, size=30)
    step_size = InverseSmoothness() if isinstance(direction, Steepest) else Backtracking()
    walked = SigmoidNeuronClassifier(C=0.01, solver=Recipe(direction, step_size, Gram())).fit(X, y)
    direct = SigmoidNeuronClassifier(C=0.01, tol=1e-8).fit(X, y)
    assert walked.loss_curve_[-1] == pytest.approx(direct.loss_curve_[-1], abs=1e-7)
    np.testing.assert_array_equal(pickle.loads(pickle.dumps(walked)).coef_, walked.coef_)


def test_the_path_is_told_in_the_units_of_x(rng):
    X, y = rng.normal(size=(20, 50)), rng.integers(2, size=20)
    neuron = SigmoidNeuronClassifier(record="path").fit(X, y)
    assert neuron.history_.weights.shape == (len(neuron.history_), 51)
    np.testing.assert_array_equal(neuron.history_.weights[-1], np.r_[neuron.coef_[0], neuron.intercept_])


@pytest.mark.parametrize("form", [sp.csr_array, sp.csc_array])
def test_sparse_examples_have_the_same_span(rng, form):
    X, y = np.where(rng.random((40, 200)) < 0.1, rng.normal(1, 1, (40, 200)), 0), rng.integers(2, size=40)
    dense, sparse = (SigmoidNeuronClassifier(solver="newton-gram", tol=1e-8).fit(one, y) for one in (X, form(X)))
    np.testing.assert_allclose(sparse.coef_, dense.coef_, rtol=0, atol=1e-9 * np.abs(dense.coef_).max())


@pytest.mark.parametrize("form", [np.asarray, sp.csr_array, sp.csc_array])
@pytest.mark.parametrize("unit", [1e-12, 1.0, 1e12])
def test_no_coordinate_is_made_of_rounding(rng, form, unit):
    """Sparse examples are multiplied before they are centred: a last pivot of what was lost there had become one."""
    for n in range(6, 30):
        X, y = rng.normal(size=(n, n + 20)) * unit, rng.integers(2, size=(n, 1)) == 1
        assert Span(InMemory(form(X), y, np.full(n, 1 / n))).home.shape[1] == n - 1
        assert Span(InMemory(form(X), y, np.full(n, 1 / n), has_bias=False)).home.shape[1] == n


@pytest.mark.parametrize("multi_class", ["ovr", "multinomial"])
@pytest.mark.parametrize("unit", [1.0, 1e12, 1e18])
def test_j_of_what_is_returned_is_that_of_the_walk_in_any_units_and_under_a_weak_penalty(rng, unit, multi_class):
    """It had been 107 times J(0), and said that it had converged."""
    for n in range(6, 30):
        X, y = rng.normal(size=(n, n + 15)) * unit, np.arange(n) % 3
        neuron = SigmoidNeuronClassifier(solver="newton-gram", multi_class=multi_class, C=1e9)
        own = y[:, None] == np.arange(3)
        z = neuron.fit(sp.csr_array(X), y).decision_function(X)
        assert (z[own] > np.where(own, -np.inf, z).max(axis=1)).all()  # features put every example on its own side


def test_without_a_penalty_the_message_says_what_serves():
    X, y = np.eye(4, 9), [0, 1, 0, 1]
    with pytest.raises(ValueError, match="use solver='lbfgs'"):
        SigmoidNeuronClassifier(solver="newton-gram", C=np.inf).fit(X, y)
    with pytest.warns(SeparationWarning, match="Use a finite C"):
        assert SigmoidNeuronClassifier(C=np.inf).fit(X, y).solver_ == "lbfgs"  # "auto" knows


# Far from zero ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("multi_class", ["ovr", "multinomial"])
@pytest.mark.parametrize("solver", ["newton-gram", "newton-cg-gram"])
def test_a_constant_feature_far_away_has_no_weight_and_moves_no_bias(rng, solver, multi_class):
    """A sum of 1e9 times shares that cancel had left it a weight of 2e-7, and a bias of 239 instead of 0.2."""
    X, y = rng.normal(size=(20, 30)), np.arange(20) % 3
    options = {"solver": solver, "multi_class": multi_class, "tol": 1e-7}
    without = SigmoidNeuronClassifier(**options).fit(X, y)
    neuron = SigmoidNeuronClassifier(**options).fit(np.column_stack([X, np.full(20, 1e9)]), y)
    assert not neuron.coef_[:, -1].any()
    np.testing.assert_allclose(neuron.intercept_, without.intercept_, rtol=1e-9)
    if multi_class == "multinomial":
        assert abs(neuron.intercept_.sum()) <= 1e-12 * np.abs(neuron.intercept_).max()


FORMS = {
    "dense": np.asarray,
    "csr": sp.csr_array,
    "csc": sp.csc_array,
    "float32": lambda X: np.asarray(X, dtype=np.float32),
}


def quietly(X, y, weight=None, **options):
    """A neuron, fitted; far from zero it may warn that digits are lost."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        return SigmoidNeuronClassifier(**options).fit(X, y, weight)


@given(
    seed=st.integers(0, 2**32 - 1),
    decade=st.integers(0, 9),
    unit=st.sampled_from([1e-12, 1.0, 1e12]),
    form=st.sampled_from(["dense", "csr", "csc"]),
    multi_class=st.sampled_from(["ovr", "multinomial"]),
)
def test_what_all_features_are_from_zero_moves_the_bias_alone(seed, decade, unit, form, multi_class):
    rng = np.random.default_rng(seed)
    X, y, far = rng.normal(size=(15, 25)) * unit, rng.permutation(np.arange(15) % 3), 10.0**decade
    options = {"solver": "newton-gram", "multi_class": multi_class, "tol": 1e-6, "C": unit**-2.0}
    near, moved = quietly(X, y, **options), X + far * unit
    there = quietly(FORMS[form](moved), y, **options)
    lost = 16 * np.finfo(float).eps * far  # of a feature, whose weights are of about 0.1 each, in their units
    np.testing.assert_allclose(there.coef_ * unit, near.coef_ * unit, atol=lost + 1e-9)
    z, expected = there.decision_function(moved), near.decision_function(X)
    np.testing.assert_allclose(z, expected, atol=25 * lost + 1e-9)


@given(
    seed=st.integers(0, 2**32 - 1),
    constant=st.sampled_from([1e-3, 1.0, -1e3, 1e6, 1e9, -1e12]),
    unit=st.sampled_from([1e-12, 1.0, 1e12]),
    form=st.sampled_from(sorted(FORMS)),
    solver=st.sampled_from(["newton-gram", "newton-cg-gram"]),
    multi_class=st.sampled_from(["ovr", "multinomial"]),
    is_weighted=st.booleans(),
)
def test_a_constant_feature_weighs_nothing_and_leaves_the_minimum_where_it_was(
    seed, constant, unit, form, solver, multi_class, is_weighted
):
    """The oracle is Newton's, without that feature and in units of its own."""
    rng = np.random.default_rng(seed)
    X, y = rng.normal(size=(15, 25)), rng.permutation(np.arange(15) % 3)
    X = X.astype(np.float32).astype(float) if form == "float32" else X
    weight = rng.integers(1, 4, size=15).astype(float) if is_weighted else None
    given = FORMS[form](np.column_stack([X[:, :9] * unit, np.full(15, constant), X[:, 9:] * unit]))
    tol = 1e-3 if form == "float32" else 1e-7
    neuron = quietly(given, y, weight, solver=solver, multi_class=multi_class, tol=tol, C=unit**-2.0)
    best = quietly(X, y, weight, solver="newton", multi_class=multi_class, tol=1e-9)
    assert not neuron.coef_[:, 9].any()
    # J is above its floor by tol**2 / 2 at most, and bends by 1 / n at least along weights: so far may those be away
    near = 2 * tol * np.sqrt(15 if weight is None else weight.sum())
    np.testing.assert_allclose(np.delete(neuron.coef_, 9, axis=1) * unit, best.coef_, atol=near)
    np.testing.assert_allclose(neuron.intercept_, best.intercept_, atol=5 * near)


@given(
    seed=st.integers(0, 2**32 - 1),
    decade=st.integers(0, 9),
    unit=st.sampled_from([1e-12, 1.0, 1e12]),
    C=st.sampled_from([1e-4, 1.0, 1e10]),
    form=st.sampled_from(sorted(FORMS)),
    wide=st.booleans(),
)
def test_weights_and_biases_of_a_layer_add_up_to_nothing(seed, decade, unit, C, form, wide):
    """By whatever solver, where a penalty holds them: what they share costs something and changes no belief."""
    rng = np.random.default_rng(seed)
    n, p = (12, 20) if wide else (40, 4)
    X, y = rng.normal(size=(n, p)) * unit, rng.permutation(np.arange(n) % 3)
    X[:, 0] += 10.0**decade * unit
    layer = quietly(FORMS[form](X), y, multi_class="multinomial", C=C)
    lost = 8 * np.finfo(layer.coef_.dtype).eps  # of the largest of three numbers that are added up
    for shared in (layer.coef_.T, layer.intercept_[None]):
        assert (abs(shared.sum(axis=1)) <= lost * abs(shared).max(axis=1)).all()


@pytest.mark.parametrize("multi_class", ["ovr", "multinomial"])
@pytest.mark.parametrize("form", [sp.csr_array, sp.csc_array])
def test_a_sparse_column_that_is_full_and_far_away_costs_no_pass(rng, form, multi_class):
    """One of 1e9 hid all others, and a detour around the span took 68 passes instead of 6."""
    X, y = np.where(rng.random((100, 3000)) < 0.02, rng.normal(size=(100, 3000)), 0), rng.integers(3, size=100)
    options = {"solver": "newton-gram", "multi_class": multi_class}
    near, far = (
        SigmoidNeuronClassifier(**options).fit(form(np.column_stack([X, np.full(100, c)])), y) for c in (1.0, 1e9)
    )
    assert far.history_.passes[-1] == near.history_.passes[-1]
    np.testing.assert_array_equal(far.n_iter_, near.n_iter_)
    np.testing.assert_allclose(far.coef_, near.coef_, rtol=0, atol=1e-12 * np.abs(near.coef_).max())
