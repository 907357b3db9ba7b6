"""Weights that pay for their size: the minimum, exact zeros, and all that a user sees of them."""

import contextlib
import pickle
import warnings
from itertools import islice, repeat

import numpy as np
import pytest
import scipy.sparse as sp
from conftest import TABLES, random_problem, without_warnings
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.base import clone
from sklearn.datasets import load_breast_cancer, load_iris
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.utils.estimator_checks import parametrize_with_checks

from sklearn_neuron import Outcome, Recipe, SigmoidNeuronClassifier, explain, gradient_check
from sklearn_neuron.descent import descend
from sklearn_neuron.homes.memory import InMemory
from sklearn_neuron.neuron import example_loss, residual
from sklearn_neuron.objective import Objective
from sklearn_neuron.solvers.coordinates import Plain, Standardised, Whitened
from sklearn_neuron.solvers.directions import (
    LBFGS,
    ProximalGradient,
    ProximalNesterov,
    ProxNewton,
    Steepest,
    WorkingSets,
)
from sklearn_neuron.solvers.recipes import NAMED
from sklearn_neuron.solvers.step_sizes import Backtracking, Constant, InverseSmoothness

BEARING = ("auto", "gd", "nesterov", "prox-newton")
ENOUGH = {"gd": {"max_iter": 200}, "nesterov": {"max_iter": 200}}  # they need thousands to arrive


def paying(l1_ratio):
    """How LogisticRegression is told of an L1 penalty: before scikit-learn 1.8 by its name, too."""
    if "deprecated" in str(LogisticRegression().penalty):
        return {"l1_ratio": l1_ratio}
    return {"penalty": "l1"} if l1_ratio == 1 else {"penalty": "elasticnet", "l1_ratio": l1_ratio}


@parametrize_with_checks(
    [
        SigmoidNeuronClassifier(
            solver=solver, l1_ratio=l1_ratio, multi_class=multi_class, **ENOUGH.get(solver, {"tol": 1e-6})
        )
        for multi_class in ("ovr", "multinomial")
        for l1_ratio in (0.5, 1)
        for solver in BEARING[1:]
    ]
)
def test_what_scikit_learn_demands(estimator, check):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        check(estimator)


# What is minimised ---------------------------------------------------------------------------------------------


def J_and_slopes(X, y, weight, w, b, C, l1_ratio):
    """J of one neuron and the least of its slopes along each weight, and along the bias, from the formulas alone."""
    total = weight.sum()
    shares, z = weight / total, X @ w + b
    l1, l2 = l1_ratio / (C * total), (1 - l1_ratio) / (C * total)
    r = shares * residual(z, y)
    g = X.T @ r + l2 * w
    least = np.where(w == 0, np.sign(g) * np.maximum(np.abs(g) - l1, 0), g + l1 * np.sign(w))
    return shares @ example_loss(z, y) + l1 * np.abs(w).sum() + l2 / 2 * w @ w, least, r.sum()


def gap_at_most(X, y, weight, w, b, C, l1_ratio):
    """How far J may be above its minimum, by convexity: ``J - J* <= v'(theta - theta*)`` for every slope v of it.

    Of the minimum it is known that its weights pay no more than J; its bias lies where some example is undecided.
    """
    J, v, of_bias = J_and_slopes(X, y, weight, w, b, C, l1_ratio)
    longest = J * C * weight.sum() / l1_ratio  # |w*|_1
    farthest = np.abs(b) + np.abs(X).max() * longest + 50
    return np.abs(v) @ np.abs(w) + np.abs(v).max() * longest + abs(of_bias) * farthest, J


def hard_table(seed):
    """Units, offsets, twins, rare levels, outliers, constants, zeros; classes that overlap or do not."""
    rng = np.random.default_rng(seed)
    n, p = rng.integers(10, 120), rng.choice([1, 3, 10, 40])
    X = rng.normal(size=(n, p)) @ (np.eye(p) + rng.choice([0, 1]) * rng.normal(size=(p, p)) / np.sqrt(p))
    score = X @ rng.normal(size=p) * rng.choice([0, 1, 5])
    kind = seed % 10
    if kind == 1:
        X *= 10 ** rng.uniform(-4, 4, size=p)
    if kind == 2:
        X += 10 ** rng.uniform(0, 3, size=p)
    if kind == 3:
        X[:, p // 2 :] = X[:, : p - p // 2]
    if kind == 4:
        X[:, rng.random(p) < 0.3] = 0
    if kind == 5:
        X[:, rng.random(p) < 0.3] = 7.5
    if kind == 6:
        X = (rng.random((n, p)) < 0.1).astype(float)
    if kind == 7:
        X *= rng.random((n, p)) < 0.1
    if kind == 8:
        X[0] *= 1e4
    y = (score + rng.logistic(size=n) * rng.choice([0, 1]) > np.quantile(score, 0.4)).astype(int)
    y[:2] = 0, 1
    return X, y


@pytest.mark.parametrize("seed", range(50))
def test_it_is_the_minimum(seed):
    """By the slopes at what is returned, which are looked at by nothing that walked there."""
    X, y = hard_table(seed)
    rng = np.random.default_rng(seed)
    C, l1_ratio = 10 ** rng.uniform(-2, 2), rng.choice([1.0, 0.5, 0.05])
    weight = rng.integers(1, 4, size=len(y)).astype(float)
    seen = sp.csr_array(X) if seed % 3 == 0 else X
    neuron = SigmoidNeuronClassifier(C=C, l1_ratio=l1_ratio, tol=1e-9)
    without_warnings(neuron.fit, seen, y, weight)
    w, b = neuron.coef_[0], neuron.intercept_[0]
    _, v, of_bias = J_and_slopes(X, y, weight, w, b, C, l1_ratio)
    J = neuron.loss_curve_[-1]
    size = np.maximum(X.std(axis=0) + np.abs(X.mean(axis=0)), np.finfo(float).tiny)
    assert np.abs(v / size).max() <= 1e-8  # in units of the features: tol, and noise of sums of numbers so large
    assert abs(of_bias) <= 1e-9
    assert J_and_slopes(X, y, weight, w, b, C, l1_ratio)[0] == pytest.approx(J, rel=1e-10)


@pytest.mark.parametrize("seed", range(0, 50, 10))
def test_no_j_is_lower_by_convexity(seed):
    X, y = hard_table(seed)
    neuron = SigmoidNeuronClassifier(C=0.3, l1_ratio=0.7, tol=1e-10).fit(X, y)
    gap, J = gap_at_most(X, y, np.ones(len(y)), neuron.coef_[0], neuron.intercept_[0], 0.3, 0.7)
    assert gap <= 1e-8 * J


@pytest.mark.parametrize("C", [0.1, 1, 10])
def test_liblinear_finds_no_lower_one_without_a_bias(C):
    """With one it would pay for that."""
    X, y = load_breast_cancer(return_X_y=True)
    X = (X - X.mean(axis=0)) / X.std(axis=0)
    neuron = SigmoidNeuronClassifier(C=C, l1_ratio=1, fit_intercept=False, tol=1e-9).fit(X, y)
    other = LogisticRegression(C=C, **paying(1), fit_intercept=False, solver="liblinear", tol=1e-10, max_iter=100_000)
    other.fit(X, y)
    ours, theirs = (J_and_slopes(X, y, np.ones(len(y)), w, 0, C, 1)[0] for w in (neuron.coef_[0], other.coef_[0]))
    assert ours <= theirs * (1 + 1e-9)
    assert ours == pytest.approx(theirs, rel=1e-8)


@pytest.mark.parametrize("multi_class", ["ovr", "multinomial"])
@pytest.mark.parametrize("l1_ratio", [1, 0.5])
@pytest.mark.parametrize("C", [0.1, 1])
def test_saga_finds_the_same(C, l1_ratio, multi_class):
    X, y = load_iris(return_X_y=True)
    X = (X - X.mean(axis=0)) / X.std(axis=0)
    neuron = SigmoidNeuronClassifier(C=C, l1_ratio=l1_ratio, multi_class=multi_class, tol=1e-9).fit(X, y)
    saga = LogisticRegression(C=C, **paying(l1_ratio), solver="saga", tol=1e-12, max_iter=100_000)
    if multi_class == "multinomial":
        expected = saga.fit(X, y).coef_
    else:
        expected = np.vstack([clone(saga).fit(X, y == k).coef_ for k in range(3)])
    np.testing.assert_allclose(neuron.coef_, expected, atol=1e-6 * np.abs(expected).max())
    np.testing.assert_array_equal(neuron.coef_ == 0, np.abs(expected) < 1e-9)


# Laws ----------------------------------------------------------------------------------------------------------


def tables():
    return st.integers(0, 2**31).map(lambda seed: hard_table(10 * seed))  # in kind units


@settings(max_examples=20)
@given(tables())
def test_a_penalty_strong_enough_holds_every_weight_and_leaves_the_log_odds(table):
    X, y = table
    pull = np.abs(X.T @ (y - y.mean())).max()
    neuron = SigmoidNeuronClassifier(C=0.99 / pull if pull else 1.0, l1_ratio=1).fit(X, y)
    assert not neuron.coef_.any()
    assert neuron.n_iter_[0] == 0
    assert neuron.intercept_[0] == pytest.approx(np.log(y.mean() / (1 - y.mean())), abs=1e-9)
    if pull:  # and just above, one is let go
        assert SigmoidNeuronClassifier(C=1.01 / pull, l1_ratio=1, tol=1e-8).fit(X, y).coef_.any()


@settings(max_examples=20)
@given(tables(), st.sampled_from([0.1, 1.0, 10.0]))
def test_hardly_any_l1_is_l2(table, C):
    X, y = table
    plain, hardly = (
        SigmoidNeuronClassifier(C=C, l1_ratio=r, tol=1e-9, solver=solver).fit(X, y)
        for r, solver in ((0, "newton"), (1e-12, "auto"))
    )
    np.testing.assert_allclose(hardly.coef_, plain.coef_, atol=1e-7 * max(np.abs(plain.coef_).max(), 1))


@settings(max_examples=20)
@given(tables(), st.sampled_from([1.0, 0.4]), st.randoms(use_true_random=False))
def test_laws_of_weights_rows_and_features(table, l1_ratio, random):
    X, y = table
    rng = np.random.default_rng(random.randrange(2**32))
    neuron = SigmoidNeuronClassifier(C=0.5, l1_ratio=l1_ratio, tol=1e-9)
    times, order, features = rng.integers(1, 3, size=len(y)), rng.permutation(len(y)), rng.permutation(X.shape[1])
    weighted = clone(neuron).fit(X, y, times)
    repeated = clone(neuron).fit(np.repeat(X, times, axis=0), np.repeat(y, times))
    assert repeated.loss_curve_[-1] == pytest.approx(weighted.loss_curve_[-1], rel=1e-11)
    here = clone(neuron).fit(X, y)
    assert clone(neuron).fit(X[order], y[order]).loss_curve_[-1] == pytest.approx(here.loss_curve_[-1], rel=1e-11)
    permuted = clone(neuron).fit(X[:, features], y)
    assert permuted.loss_curve_[-1] == pytest.approx(here.loss_curve_[-1], rel=1e-11)
    size = 1e-6 * max(np.abs(here.coef_).max(), 1e-3)
    np.testing.assert_allclose(permuted.coef_[0], here.coef_[0, features], atol=size)
    swapped = clone(neuron).fit(X, 1 - y)
    np.testing.assert_allclose(swapped.coef_, -here.coef_, atol=size)
    np.testing.assert_allclose(swapped.intercept_, -here.intercept_, atol=1e-5)


@settings(max_examples=20)
@given(tables(), st.sampled_from([1e-3, 7.0, 1e4]))
def test_other_units_with_a_penalty_in_them(table, unit):
    """Features a times as large want weights a times as small, which pay as much if C is as much smaller."""
    X, y = table
    here = SigmoidNeuronClassifier(C=0.5, l1_ratio=1, tol=1e-9).fit(X, y)
    there = SigmoidNeuronClassifier(C=0.5 / unit, l1_ratio=1, tol=1e-9).fit(X * unit, y)
    assert there.loss_curve_[-1] == pytest.approx(here.loss_curve_[-1], rel=1e-10)
    np.testing.assert_allclose(there.coef_ * unit, here.coef_, atol=1e-6 * max(np.abs(here.coef_).max(), 1e-3))


@pytest.mark.parametrize("solver", ["gd", "nesterov", "prox-newton"])
def test_neurons_side_by_side_are_neurons_alone(solver):
    X, y = load_iris(return_X_y=True)
    neuron = SigmoidNeuronClassifier(C=0.1, l1_ratio=0.8, solver=solver, tol=1e-4, max_iter=400)
    with without_converging():
        together = clone(neuron).fit(X, y)
        for k in range(3):
            alone = clone(neuron).fit(X, y == k)
            # one pass for all adds up in another order
            np.testing.assert_allclose(together.coef_[k], alone.coef_[0], rtol=1e-6, atol=1e-9)
            assert together.n_iter_[k] == alone.n_iter_[0]


def without_converging():
    stack = contextlib.ExitStack()
    stack.enter_context(warnings.catch_warnings())
    warnings.simplefilter("ignore", ConvergenceWarning)
    return stack


@pytest.mark.parametrize("kind", [np.asarray, sp.csr_array, sp.csc_array])
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_wherever_the_numbers_lie(rng, kind, dtype):
    X = rng.normal(size=(300, 40)) * (rng.random((300, 40)) < 0.3)
    y = X[:, 0] - X[:, 1] + rng.logistic(size=300) > 0
    expected = SigmoidNeuronClassifier(C=0.3, l1_ratio=0.9, tol=1e-8).fit(X, y)
    neuron = SigmoidNeuronClassifier(C=0.3, l1_ratio=0.9, tol=1e-6).fit(kind(X.astype(dtype)), y)
    assert neuron.coef_.dtype == dtype
    np.testing.assert_allclose(neuron.coef_, expected.coef_, atol=1e-5 if dtype == np.float64 else 1e-4)
    np.testing.assert_array_equal(neuron.coef_ == 0, expected.coef_ == 0)


# Nearly the same, and far from zero ---------------------------------------------------------------------------


def start_and_end(rng):
    start, took = 1.7e9 + 3e7 * rng.random(200), rng.exponential(60.0, 200)
    return np.column_stack([start, start + took]), took + 20 * rng.logistic(size=200) > 50


def powers(rng):
    t = np.sort(rng.random(200))[:, None]
    return t ** np.arange(1, 16), np.sin(9 * t[:, 0]) + 0.5 * rng.logistic(size=200) > 0


def near_twins(rng):
    z, d = rng.normal(size=(2, 60, 2))
    return np.hstack([z, z + 1e-5 * d]), d[:, 0] + rng.logistic(size=60) > 0


def far_away(rng):
    z = rng.normal(size=(60, 3))
    return z + 1e6, z[:, 0] + rng.logistic(size=60) > 0


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(
    ("table", "options"),
    [
        (start_and_end, {}),
        (powers, {"C": 1e6}),
        (near_twins, {"C": 1e5}),
        (far_away, {"C": 100, "fit_intercept": False}),
    ],
)
def test_the_floor_is_found_where_a_diagonal_sees_none(table, options, seed):
    """A parabola that was solved as far as the diagonal could tell had told of a floor: J was 0.32 above it."""
    X, y = table(np.random.default_rng(seed))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # that digits are lost, far away
        ours = SigmoidNeuronClassifier(l1_ratio=1.0, **options).fit(X, y)
        floor = SigmoidNeuronClassifier(l1_ratio=1.0, **options, tol=1e-9, max_iter=1_000).fit(X, y)
        other = SigmoidNeuronClassifier(**options).fit(X, y)
    n, w = len(y), other.coef_[0]
    paid = (np.abs(w).sum() - w @ w / 2) / (options.get("C", 1.0) * n)  # J of the other penalty's weights, of this one
    assert ours.loss_curve_[-1] <= other.loss_curve_[-1] + paid + 1e-8
    assert ours.loss_curve_[-1] <= floor.loss_curve_[-1] + 1e-8


@pytest.mark.parametrize("l1_ratio", [0.1, 1.0])
@pytest.mark.parametrize("multi_class", ["ovr", "multinomial"])
def test_who_is_cut_short_does_not_say_that_it_has_arrived(rng, l1_ratio, multi_class):
    X = rng.normal(size=(60, 3))
    X = np.column_stack([X, X[:, 0] + 1e-4 * rng.normal(size=60)]) * [1, 1e6, 1e-6, 1]
    y = (X[:, :3] / [1, 1e6, 1e-6] + rng.gumbel(size=(60, 3))).argmax(axis=1)
    options = {"C": 1e4, "l1_ratio": l1_ratio, "multi_class": multi_class}
    floor = SigmoidNeuronClassifier(**options, tol=1e-9, max_iter=1_000)
    floor = without_warnings(floor.fit, X, y).loss_curve_[-1]
    for most in range(12):
        neuron = without_warnings(SigmoidNeuronClassifier(**options, max_iter=most).fit, X, y)
        above = np.atleast_1d(neuron.loss_curve_[-1] - floor)
        assert all(gap <= 2e-8 or not why.converged for gap, why in zip(above, neuron.outcomes_, strict=True))


# Theorems ------------------------------------------------------------------------------------------------------


def long_walk(J, direction, count, theta=None):
    theta = np.zeros((J.home.n_parameters, J.home.n_neurons)) if theta is None else theta
    return list(islice(descend(repeat(J), theta, direction(InverseSmoothness()), Constant(1.0)), count))


def penalised(rng, l1=0.02, penalty=0.01):
    J, _ = random_problem(rng, n=80, p=6)
    return Objective(J.home, penalty, l1=l1)


def test_proximal_gradient_descends_as_fast_as_is_proved(rng):
    """``J_k - J* <= L |theta_0 - theta*|^2 / 2k`` (Beck and Teboulle, 2009, theorem 3.1), and never rises."""
    J = penalised(rng)
    floor = floor_of(J)
    steps = long_walk(J, ProximalGradient, 300)
    losses = np.array([step.here.loss[0] for step in steps])
    assert (np.diff(losses) <= 1e-15).all()
    bound = J.smoothness * (floor.theta**2).sum() / (2 * np.arange(1, 300))
    assert (losses[1:] - floor.loss[0] <= bound).all()
    assert (steps[-1].here.theta == 0).any()


def test_fista_is_as_fast_as_is_proved(rng):
    """``J(x_k) - J* <= 2 L |theta_0 - theta*|^2 / (k + 1)^2`` (theorem 4.4), before the points are carried on."""
    J = penalised(rng)
    floor = floor_of(J)
    steps = long_walk(J, ProximalNesterov, 200)
    for k, step in enumerate(steps[1:], 1):
        gap = J.at(step.memory.last).loss[0] - floor.loss[0]
        assert gap <= 2 * J.smoothness * (floor.theta**2).sum() / (k + 1) ** 2


def floor_of(J):
    seen = Standardised()(J)
    *_, last = islice(descend(repeat(seen), np.zeros((J.home.n_parameters, 1)), ProxNewton(), Backtracking()), 15)
    return J.at(last.here.weights)


def test_prox_newton_ends_quadratically(rng):
    J = Standardised()(penalised(rng))
    steps = islice(descend(repeat(J), np.zeros((7, 1)), ProxNewton(), Backtracking()), 12)
    decrements = [ProxNewton().decrement(step.here, step.heading).length[0] for step in steps]
    small = [k for k, d in enumerate(decrements) if 1e-7 < d < 0.1]
    assert small
    assert all(decrements[k + 1] <= 5 * decrements[k] ** 2 + 1e-12 for k in small)


# Passes --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("l1_ratio", [0.5, 0.99, 1])
@pytest.mark.parametrize("C", [1, 100, 1e4])
def test_a_layer_takes_few_steps_however_weak_the_penalty_on_what_its_neurons_share(C, l1_ratio):
    """Held there by a hundredth of a curvature, they needed 12 times as many; the most here are 21."""
    X, y = load_iris(return_X_y=True)
    neuron = SigmoidNeuronClassifier(C=C, l1_ratio=l1_ratio, multi_class="multinomial", tol=1e-6).fit(X, y)
    assert neuron.n_iter_[0] <= 25


@pytest.mark.parametrize(("C", "most"), [(0.1, 16), (1, 20), (100, 30)])
def test_passes_over_x(C, most):
    neuron = SigmoidNeuronClassifier(C=C, l1_ratio=1).fit(*load_breast_cancer(return_X_y=True))
    assert neuron.converged_
    assert neuron.history_.passes[-1] <= most


def test_of_many_features_few_are_looked_at(rng):
    """A working set costs its part of X: the passes are those that tell J and all its slopes, and little more."""
    X = rng.normal(size=(100, 4_000))
    y = X[:, :3].sum(axis=1) + rng.logistic(size=100) > 0
    neuron = SigmoidNeuronClassifier(C=0.1, l1_ratio=1).fit(X, y)
    assert neuron.converged_
    assert 0 < np.count_nonzero(neuron.coef_) <= 100
    assert neuron.history_.passes[-1] <= neuron.n_iter_[0] + 4


@pytest.mark.parametrize("solver", BEARING)
def test_every_step_is_one_of_descend(solver, monkeypatch):
    def nothing(*args, **kwargs):
        raise RuntimeError("there is no other path")

    monkeypatch.setattr("sklearn_neuron.solvers.walk.descend", nothing)
    with pytest.raises(RuntimeError, match="no other path"):
        SigmoidNeuronClassifier(solver=solver, l1_ratio=0.5).fit(*load_iris(return_X_y=True))


# Tables that are not kind --------------------------------------------------------------------------------------


@pytest.mark.parametrize("l1_ratio", [1, 0.5])
@pytest.mark.parametrize(
    "table",
    [
        lambda rng: (rng.normal(size=(20, 400)), None),  # more features than examples
        lambda rng: (np.repeat(rng.normal(size=(60, 3)), 2, axis=1), None),  # twins
        lambda rng: (np.linspace(-1, 1, 40)[:, None], np.arange(40) >= 20),  # separated
        lambda rng: (np.column_stack([np.zeros(50), np.ones(50), rng.normal(size=50)]), None),
        lambda rng: (rng.normal(size=(60, 3)) * [1e-140, 1, 1e140], None),
        lambda rng: (rng.normal(size=(60, 3)) + 1e8, None),
        lambda rng: (np.zeros((30, 2)), np.arange(30) < 7),
        lambda rng: (np.full((30, 2), 5.0), np.arange(30) < 7),
    ],
)
def test_unkind_tables_have_a_minimum_too(rng, table, l1_ratio):
    X, y = table(rng)
    y = rng.random(len(X)) < 0.5 if y is None else y
    for fit_intercept in (True, False):
        neuron = SigmoidNeuronClassifier(C=5, l1_ratio=l1_ratio, fit_intercept=fit_intercept)
        without_warnings(neuron.fit, X, y)
        digits_are_lost = not fit_intercept and np.abs(X).min() > 1e7  # what features differ by, then that is said
        assert neuron.converged_ or digits_are_lost
        assert neuron.loss_curve_[-1] <= np.log(2) * (1 + 1e-12)


def test_twins_pay_together_what_one_would(rng):
    X = rng.normal(size=(80, 3))
    y = X[:, 0] + rng.logistic(size=80) > 0
    one, two = (SigmoidNeuronClassifier(C=1, l1_ratio=1, tol=1e-8).fit(Z, y) for Z in (X, np.hstack([X, X])))
    assert two.loss_curve_[-1] == pytest.approx(one.loss_curve_[-1], rel=1e-12)
    np.testing.assert_allclose(two.coef_[0, :3] + two.coef_[0, 3:], one.coef_[0], atol=1e-6)


@pytest.mark.parametrize("fewest", [1, 3, 100])
@pytest.mark.parametrize("multi_class", ["ovr", "multinomial"])
def test_those_who_choose_find_what_those_who_look_at_all_do(fewest, multi_class):
    X, y = TABLES["wine"](return_X_y=True)
    X = np.hstack([X / X.std(axis=0), np.random.default_rng(0).normal(size=(len(X), 60))])
    options = {"C": 0.2, "l1_ratio": 0.9, "multi_class": multi_class, "tol": 1e-8}
    one = SigmoidNeuronClassifier(solver=Recipe(ProxNewton(), Backtracking(), Standardised()), **options).fit(X, y)
    other = SigmoidNeuronClassifier(solver=Recipe(WorkingSets(fewest), Backtracking(), Standardised()), **options)
    other.fit(X, y)
    np.testing.assert_allclose(other.coef_, one.coef_, atol=1e-7 * np.abs(one.coef_).max())
    np.testing.assert_array_equal(other.coef_ == 0, one.coef_ == 0)


def test_without_a_penalty_its_kind_means_nothing():
    X, y = load_iris(return_X_y=True)
    here, there = (SigmoidNeuronClassifier(C=np.inf, l1_ratio=r).fit(X, y > 1) for r in (0.0, 0.7))
    np.testing.assert_array_equal(here.coef_, there.coef_)


# What a user sees ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("solver", [solver for solver in NAMED if solver not in BEARING])
def test_who_does_not_bear_kinks_names_who_does(solver):
    neuron = SigmoidNeuronClassifier(solver=solver, l1_ratio=0.5)
    with pytest.raises(
        ValueError, match=rf"solver='{solver}' does not bear; use 'auto', 'gd', 'nesterov' or 'prox-new"
    ):
        neuron.fit(*load_iris(return_X_y=True))


@pytest.mark.parametrize(
    ("recipe", "told"),
    [
        (
            Recipe(LBFGS(), Backtracking(), Standardised()),
            r"\(LBFGS, Backtracking, Standardised\) does not bear; compose",
        ),
        (Recipe(Steepest(), InverseSmoothness()), r"ProximalGradient with Constant\(1\); or Prox"),
        (Recipe(ProximalGradient(InverseSmoothness()), Constant(0.5)), r"ProximalGradient with Constant\(1\)"),
        (Recipe(ProximalGradient(InverseSmoothness()), Constant(1), Whitened()), "in coordinates Plain or Standard"),
        (Recipe(ProxNewton(), Backtracking(stretch=0.5), Standardised()), "ProxNewton with Backtracking"),
    ],
)
def test_recipes_that_know_nothing_of_kinks_are_refused(recipe, told):
    with pytest.raises(ValueError, match=told):
        SigmoidNeuronClassifier(solver=recipe, l1_ratio=0.5).fit(*load_iris(return_X_y=True))


def test_a_learning_rate_is_not_for_whole_steps():
    with pytest.raises(
        ValueError, match="ProxNewton and Constant do not go together: a step of ProxNewton ends at kinks"
    ):
        SigmoidNeuronClassifier(solver="prox-newton", learning_rate=0.1).fit(*load_iris(return_X_y=True))


@pytest.mark.parametrize("coordinates", [Plain(), Standardised()], ids=lambda piece: type(piece).__name__)
@pytest.mark.parametrize("step_size", [Constant(0.05), InverseSmoothness()], ids=lambda piece: type(piece).__name__)
@pytest.mark.parametrize("direction", [ProximalGradient, ProximalNesterov])
def test_what_bears_kinks_arrives(rng, direction, step_size, coordinates):
    X = rng.normal(size=(90, 5))
    y = X[:, 0] + rng.logistic(size=90) > 0
    expected = SigmoidNeuronClassifier(C=0.2, l1_ratio=0.8, tol=1e-9).fit(X, y)
    recipe = Recipe(direction(step_size), Constant(1.0), coordinates)
    neuron = SigmoidNeuronClassifier(C=0.2, l1_ratio=0.8, solver=recipe, tol=1e-7).fit(X, y)
    assert neuron.converged_
    assert neuron.loss_curve_[-1] == pytest.approx(expected.loss_curve_[-1], abs=1e-12)
    np.testing.assert_array_equal(neuron.coef_ == 0, expected.coef_ == 0)


def test_a_learning_rate_is_the_plain_rule_and_what_kinks_leave_of_it(rng):
    """``w <- prox(w - 0.1 dJ/dw)``, in so many lines."""
    X = rng.normal(size=(50, 3))
    y = X[:, 0] + rng.logistic(size=50) > 0
    neuron = SigmoidNeuronClassifier(C=0.1, l1_ratio=0.6, learning_rate=0.1, max_iter=25)
    with without_converging():
        neuron.fit(X, y)
    assert neuron.solver_ == "gd"
    w, b, paid = np.zeros(3), 0.0, 1 / (0.1 * 50)
    for _ in range(25):
        wrong = residual(X @ w + b, y) / 50
        w = w - 0.1 * (X.T @ wrong + 0.4 * paid * w)
        w, b = np.sign(w) * np.maximum(np.abs(w) - 0.1 * 0.6 * paid, 0), b - 0.1 * wrong.sum()
    np.testing.assert_allclose(neuron.coef_[0], w, rtol=1e-10)
    np.testing.assert_allclose(neuron.intercept_[0], b, rtol=1e-10)
    np.testing.assert_array_equal(neuron.history_.rate[1:], 0.1)


@pytest.mark.parametrize("solver", ["gd", "nesterov"])
def test_a_schedule_is_followed_and_told(rng, solver):
    X = rng.normal(size=(50, 3))
    y = X[:, 0] + rng.logistic(size=50) > 0
    neuron = SigmoidNeuronClassifier(l1_ratio=0.6, solver=solver, learning_rate=lambda k: 1 / (k + 2), max_iter=5)
    with without_converging():
        neuron.fit(X, y)
    np.testing.assert_array_equal(neuron.history_.rate[1:], 1 / np.arange(2, 7))


def test_too_large_a_rate_trips_and_is_told():
    X, y = load_breast_cancer(return_X_y=True)
    neuron = SigmoidNeuronClassifier(l1_ratio=1, learning_rate=1.0, max_iter=50)
    with pytest.warns(ConvergenceWarning, match="The largest safe learning rate on these data is"):
        neuron.fit(X, y)
    assert neuron.outcomes_ == [Outcome.DIVERGED]


@pytest.mark.parametrize("name", ["breast_cancer", "iris"])
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_a_sparse_neuron_answers_as_a_dense_one(name, dtype):
    X, y = TABLES[name](return_X_y=True)
    X = X.astype(dtype)
    neuron = SigmoidNeuronClassifier(l1_ratio=0.9, C=0.1).fit(X, y)
    expected, coef = neuron.decision_function(X), neuron.coef_
    sparse = pickle.loads(pickle.dumps(neuron)).sparsify()
    assert sp.issparse(sparse.coef_)
    assert sparse.coef_.nnz == np.count_nonzero(coef)
    for seen in (X, sp.csr_array(X), sp.csc_matrix(X)):
        np.testing.assert_allclose(sparse.decision_function(seen), expected, rtol=1e-5, atol=1e-5)
        for method in ("predict", "predict_proba", "predict_log_proba"):
            np.testing.assert_allclose(getattr(sparse, method)(seen), getattr(neuron, method)(X), rtol=1e-4, atol=1e-6)
    of_class = {} if len(coef) == 1 else {"class_of_interest": 1}
    assert str(explain(sparse, X[:1], **of_class)) == str(explain(neuron, X[:1], **of_class))
    assert sp.issparse(sparse.coef_)  # it was only looked at
    np.testing.assert_array_equal(sparse.densify().densify().coef_, coef)


def test_a_sparse_neuron_is_where_the_next_fit_starts():
    X, y = load_breast_cancer(return_X_y=True)
    neuron = SigmoidNeuronClassifier(l1_ratio=1, warm_start=True).fit(X, y).sparsify().fit(X, y)
    assert isinstance(neuron.coef_, np.ndarray)
    assert neuron.n_iter_[0] <= 1


def test_a_warm_start_along_the_path_is_the_shorter_way():
    X, y = load_breast_cancer(return_X_y=True)
    X = (X - X.mean(axis=0)) / X.std(axis=0)
    neuron = SigmoidNeuronClassifier(C=0.5, l1_ratio=1, warm_start=True).fit(X, y).set_params(C=0.6)
    cold = SigmoidNeuronClassifier(C=0.6, l1_ratio=1).fit(X, y)
    neuron.fit(X, y)
    assert neuron.n_iter_[0] < cold.n_iter_[0]
    assert neuron.loss_curve_[-1] == pytest.approx(cold.loss_curve_[-1], abs=1e-8)


def test_the_journey_is_told(capsys):
    X, y = load_breast_cancer(return_X_y=True)
    neuron = SigmoidNeuronClassifier(l1_ratio=1, record="path", verbose=2).fit(X, y)
    assert "bias" in capsys.readouterr().out
    history = neuron.history_
    np.testing.assert_allclose(history.weights[-1], np.append(neuron.coef_, neuron.intercept_))
    J = neuron.objective(X, y)
    losses = [J.at(weights[:, None]).loss[0] for weights in history.weights]
    np.testing.assert_allclose(losses, neuron.loss_curve_, rtol=1e-9)
    assert (np.diff(neuron.loss_curve_) < 0).all()
    assert history.gradient_norm[-1] < 1e-4 * history.gradient_norm[0]  # of the least slopes: gradients would stay


def test_slopes_are_right_beside_the_kinks():
    X, y = load_iris(return_X_y=True)
    neuron = SigmoidNeuronClassifier(l1_ratio=0.5).fit(X, y == 1)
    gradient_check(neuron, X, y == 1)


@given(st.integers(0, 2**31))
def test_some_features_are_the_same_home(seed):
    rng = np.random.default_rng(seed)
    n, p = rng.integers(2, 40), rng.integers(1, 12)
    X = rng.normal(size=(n, p)) * (rng.random((n, p)) < 0.6)
    y, center, which = rng.random((n, 1)) < 0.5, rng.normal(size=p), np.flatnonzero(rng.random(p) < 0.5)
    which = which if len(which) else np.arange(1)
    far = rng.random(p) < rng.choice([0, 0.5])
    theta = rng.normal(size=(len(which) + 1, 1))
    whole = np.zeros((p + 1, 1))
    whole[[*which, p]] = theta
    for kept, block_size in ((X, 400_000), (X, 2 * p), (sp.csr_array(X), 400_000)):
        home = InMemory(kept, y, np.full(n, 1 / n), block_size=block_size)
        for seen in (home, home.centred(center, far)):
            few = Objective(seen.of_features(which))
            here, there = Objective(seen).at(whole), few.at(theta)
            np.testing.assert_allclose(there.loss, here.loss, rtol=1e-12)
            np.testing.assert_allclose(there.gradient, here.gradient[[*which, p]], rtol=1e-9, atol=1e-12)
            hessian = Objective(seen).hessian(whole)[np.ix_([*which, p], [*which, p])]
            np.testing.assert_allclose(few.hessian(theta), hessian, rtol=1e-9, atol=1e-12)


def test_many_features_are_chosen_from():
    """Their whole Hessian would not fit into memory."""
    rng = np.random.default_rng(0)
    X = sp.random(50, 30_000, density=0.01, random_state=0, format="csr")
    y = rng.random(50) < 0.5
    for solver in ("auto", "prox-newton"):
        neuron = SigmoidNeuronClassifier(l1_ratio=1, C=10, solver=solver).fit(X, y)
        assert neuron.converged_
        assert neuron.coef_.any()


@pytest.mark.parametrize("multi_class", ["ovr", "multinomial"])
def test_parabolas_that_are_not_written_out_have_the_same_floor(monkeypatch, multi_class):
    X, y = TABLES["wine"](return_X_y=True)
    recipe = Recipe(WorkingSets(), Backtracking(), Standardised())
    neuron = SigmoidNeuronClassifier(C=0.3, l1_ratio=0.8, multi_class=multi_class, solver=recipe, tol=1e-7)
    written_out = clone(neuron).fit(X, y)
    monkeypatch.setattr("sklearn_neuron.solvers.prox_newton.WRITTEN_OUT", 3)
    neuron.fit(X, y)
    assert neuron.converged_
    np.testing.assert_allclose(neuron.loss_curve_[-1], written_out.loss_curve_[-1], rtol=1e-11)
    np.testing.assert_array_equal(neuron.coef_ == 0, written_out.coef_ == 0)
