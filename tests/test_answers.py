"""Inputs on which a wrong answer once called itself converged; each is here with the answer that is right."""

import warnings

import numpy as np
import pytest
import scipy.sparse as sp
from conftest import without_warnings
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.datasets import load_breast_cancer
from sklearn.exceptions import ConvergenceWarning

from sklearn_neuron import DivergenceWarning, SeparationWarning, SigmoidNeuronClassifier
from sklearn_neuron.homes.memory import InMemory
from sklearn_neuron.homes.moments import moments
from sklearn_neuron.solvers.stopping import Outcome


def J(neuron, X, y):
    """J at what is returned, in long double."""
    X = np.asarray(X.toarray() if sp.issparse(X) else X).astype(np.longdouble)
    w = neuron.coef_[0].astype(np.longdouble)
    z = X @ w + np.longdouble(neuron.intercept_[0])
    losses = np.logaddexp(0, np.where(y == neuron.classes_[1], -z, z))
    return float(losses.mean() + w @ w / (2 * neuron.C * len(y)))


# A rate that is too large ---------------------------------------------------------------------------------


@pytest.mark.parametrize("rate", [1.0, 10.0, 100.0, 1e6])
@pytest.mark.parametrize("solver", ["gd", "nesterov", "newton", "lazy-newton"])
def test_nobody_arrives_above_where_the_walk_began(solver, rate):
    """Past all examples nothing bends J, so that a decrement looks small, or a Hessian has no factor."""
    X, y = load_breast_cancer(return_X_y=True)
    told = (DivergenceWarning, SeparationWarning)  # the table is separable, and a rate of 1 shows it to Newton
    with pytest.warns(told if solver.endswith("newton") else DivergenceWarning):
        neuron = SigmoidNeuronClassifier(solver=solver, learning_rate=rate, C=np.inf).fit(X, y)
    assert not neuron.converged_
    assert J(neuron, X, y) <= np.log(2) * (1 + 1e-12)


@pytest.mark.parametrize("C", [1.0, np.inf])
@pytest.mark.parametrize("solver", ["gd", "nesterov"])
@pytest.mark.parametrize("far", [1e4, 1e6])
def test_the_rule_alone_does_not_arrive_far_from_zero(rng, solver, far, C):
    """There the diagonal of the Hessian is far**2 / 4, whatever the features say; J was 0.27 above its minimum."""
    X = rng.normal(size=(120, 5))
    y = X[:, 0] + rng.logistic(size=120) > 0
    with pytest.warns(ConvergenceWarning, match="Subtract from each its average"):
        neuron = SigmoidNeuronClassifier(solver=solver, C=C, max_iter=50).fit(X + far, y)
    assert neuron.outcomes_ == [Outcome.DOUBTFUL]
    assert neuron.history_.passes[-1] <= neuron.n_iter_[0] + 10  # by no other direction: a look at the floor is short
    centred = SigmoidNeuronClassifier(solver=solver, C=C).fit(X - X.mean(axis=0), y)
    assert centred.converged_


@pytest.mark.parametrize("solver", ["gd", "nesterov"])
@pytest.mark.parametrize("multi_class", ["ovr", "multinomial"])
@pytest.mark.parametrize("l1_ratio", [0.0, 0.5, 1.0])
@settings(max_examples=12)
@given(
    seed=st.integers(0, 2**32 - 1), decade=st.integers(-1, 2), kind=st.sampled_from(["twin", "near", "far", "plain"])
)
def test_by_gradients_alone_nobody_arrives_before_the_curvature_says_so(
    solver, multi_class, l1_ratio, seed, decade, kind
):
    """By its diagonal alone, "nesterov" said so at 36 tol beside a twin and a constant feature."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(60, 3))
    y = (X @ rng.normal(size=(3, 3)) + rng.gumbel(size=(60, 3))).argmax(axis=1)
    y[:3] = [0, 1, 2]
    others = {
        "twin": [X[:, 0], np.full(60, 3.0)],
        "near": [X[:, 0] + 0.01 * rng.normal(size=60)],
        "far": [10 + rng.normal(size=60)],
        "plain": [],
    }
    X = np.column_stack([X, *others[kind]])
    options = {"C": 10.0**decade, "l1_ratio": l1_ratio, "multi_class": multi_class}
    floor = SigmoidNeuronClassifier(**options, tol=1e-8).fit(X, y).loss_curve_[-1]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # of those who have not
        neuron = SigmoidNeuronClassifier(**options, solver=solver, max_iter=5_000).fit(X, y)
    said = np.array([why.converged for why in neuron.outcomes_])
    above = np.atleast_1d(neuron.loss_curve_[-1] - floor)
    assert (above[said] <= 1.1 * 1e-4**2).all()  # 1.4 tol, where J is a parabola; a tenth more where it is not


@pytest.mark.parametrize("solver", ["gd", "nesterov"])
@pytest.mark.parametrize("C", [1.0, 100.0, np.inf])
@pytest.mark.parametrize("l1_ratio", [0.0, 0.5])
@pytest.mark.parametrize("sure", [10, 16, 19, 25])
def test_by_gradients_alone_an_example_far_out_hides_nothing(solver, C, l1_ratio, sure):
    """It bends J so much that the decrement was small, by the whole Hessian too; J was 0.27 above its minimum."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(200, 2))
    y = (2 * X[:, 1] + rng.logistic(size=200) > 0).astype(int)
    X[0, 1], y[0] = 1e9, 1
    floor = SigmoidNeuronClassifier(C=C, l1_ratio=l1_ratio, tol=1e-9).fit(X, y).loss_curve_[-1]
    others = SigmoidNeuronClassifier(C=C).fit(X[1:, :1], y[1:])
    neuron = SigmoidNeuronClassifier(C=C, l1_ratio=l1_ratio, solver=solver, warm_start=True, max_iter=0)
    without_warnings(neuron.fit, X, y)
    neuron.coef_, neuron.intercept_ = np.array([[others.coef_[0, 0], sure / 1e9]]), others.intercept_
    without_warnings(neuron.set_params(max_iter=100).fit, X, y)
    assert not neuron.converged_ or neuron.loss_curve_[-1] <= floor + 1e-4**2


@pytest.mark.parametrize("solver", ["newton-gram", "newton-cg-gram"])
@pytest.mark.parametrize("seed", range(4))
def test_shares_that_add_up_to_a_little_more_than_one_hold_nobody_back(solver, seed):
    """Those of twelve float32 examples are 3e-8 too many, and J at no weights as much above log 2."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(12, 1)).astype(np.float32)
    y = X[:, 0] + rng.logistic(size=12) > 0
    neuron = SigmoidNeuronClassifier(solver=solver, C=1e-12, fit_intercept=False).fit(X, y)
    assert neuron.converged_
    assert neuron.n_iter_ <= 3


@pytest.mark.parametrize("solver", ["gd", "nesterov", "newton", "lbfgs"])
@pytest.mark.parametrize("l1_ratio", [0.0, 0.5])
def test_features_whose_squares_are_no_numbers_are_named(rng, solver, l1_ratio):
    if l1_ratio and solver in ("newton", "lbfgs"):
        solver = "prox-newton"
    X = rng.normal(size=(40, 3)) * [1, 1e160, 1]
    with pytest.raises(ValueError, match="Feature 1 of X is so large"):
        SigmoidNeuronClassifier(solver=solver, l1_ratio=l1_ratio).fit(X, X[:, 0] > 0)


def test_what_neurons_ask_of_the_curvature_touches_no_step(rng):
    X = rng.normal(size=(120, 4))
    X = np.column_stack([X, X[:, 0] + 0.1 * rng.normal(size=120)])
    y = X[:, 0] + rng.logistic(size=120) > 0
    short, long = (SigmoidNeuronClassifier(solver="nesterov", tol=tol).fit(X, y) for tol in (1e-3, 1e-5))
    assert short.n_iter_ < long.n_iter_
    n = len(short.history_)
    np.testing.assert_array_equal(short.loss_curve_, long.loss_curve_[:n])


# Features of unlike size ----------------------------------------------------------------------------------


@pytest.mark.parametrize("solver", ["auto", "newton-gram", "newton-cg-gram"])
def test_one_column_of_populations_beside_a_hundred_others(solver):
    rng = np.random.default_rng(0)
    W = rng.normal(size=(60, 100))
    y = (W[:, 0] + rng.logistic(size=60) > 0).astype(int)
    X = np.c_[W, 10 ** rng.uniform(4, 9, 60)]
    neuron = SigmoidNeuronClassifier(solver=solver).fit(X, y)
    assert neuron.converged_
    assert J(neuron, X, y) == pytest.approx(0.119057521989, abs=5e-8)  # in 50 digits; 5 tol**2
    assert neuron.loss_curve_[-1] == pytest.approx(J(neuron, X, y), rel=1e-9)


@pytest.mark.parametrize("form", [np.asarray, sp.csr_array, sp.csc_array])
def test_seconds_since_1970_beside_a_hundred_others(form):
    rng = np.random.default_rng(5)
    W = rng.normal(size=(60, 100))
    y = (W[:, 0] + rng.logistic(size=60) > 0).astype(int)
    X = form(np.c_[W, 1.7e9 + rng.uniform(0, 1e7, 60)])
    neuron = SigmoidNeuronClassifier().fit(X, y)
    newton = SigmoidNeuronClassifier(solver="newton", tol=1e-9).fit(X, y)
    assert J(neuron, X, y) - J(newton, X, y) < 5e-8
    assert neuron.loss_curve_[-1] == pytest.approx(J(neuron, X, y), rel=1e-6)


# Far from zero --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", [np.asarray, sp.csr_array, sp.csc_array])
@pytest.mark.parametrize(("offset", "dtype"), [(1e3, np.float32), (1e7, float), (3e7, float), (1e9, float)])
def test_a_feature_far_from_zero_is_learned_as_if_it_were_near(form, offset, dtype):
    rng = np.random.default_rng(0)
    Z = rng.normal(size=(500, 2))
    y = (3 * Z[:, 0] + rng.logistic(size=500) > 0).astype(int)
    near = SigmoidNeuronClassifier().fit(Z, y)
    X = (Z + np.array([offset, 0])).astype(dtype)
    neuron = SigmoidNeuronClassifier().fit(form(X), y)
    rounding = 2e-4 if dtype == np.float32 else 1e-5  # of X itself
    np.testing.assert_allclose(neuron.coef_, near.coef_, rtol=rounding)
    np.testing.assert_allclose(neuron.predict_proba(form(X)), near.predict_proba(Z), atol=30 * rounding)


def test_predictions_of_float32_far_from_zero_are_those_of_the_walk():
    rng = np.random.default_rng(2)
    Z = rng.normal(size=(400, 1)) * 4
    X = (Z + 1e6).astype(np.float32)
    y = (X[:, 0] - 1e6 + rng.logistic(size=400) > 0).astype(int)
    neuron = SigmoidNeuronClassifier().fit(X, y)
    exact = SigmoidNeuronClassifier().fit(X.astype(float) - 1e6, y)
    assert neuron.coef_.dtype == np.float32
    np.testing.assert_allclose(neuron.predict_proba(X), exact.predict_proba(X.astype(float) - 1e6), atol=1e-5)


def test_an_outlier_in_the_first_row_hides_nothing():
    rng = np.random.default_rng(1)
    X = rng.standard_normal(size=(100_000, 2), dtype=np.float32)
    y = (2 * X[:, 0] + rng.logistic(size=len(X)) > 0).astype(int)
    X[0, 0] = -9999
    one, other = (SigmoidNeuronClassifier().fit(X[::way], y[::way]) for way in (1, -1))
    np.testing.assert_allclose(one.coef_, other.coef_, rtol=1e-3, atol=1e-4)
    assert one.score(X, y) > 0.75


def test_a_weightless_outlier_in_the_first_row_hides_nothing():
    rng = np.random.default_rng(1)
    X = rng.normal(size=(2_000, 2))
    y = (2 * X[:, 0] + rng.logistic(size=len(X)) > 0).astype(int)
    neuron = SigmoidNeuronClassifier(tol=1e-6)
    without = neuron.fit(X[1:], y[1:]).coef_
    X[0, 0], weight = 1e8, np.ones(2_000)
    weight[0], y[0] = 1e-12, 1
    np.testing.assert_allclose(neuron.fit(X, y, weight).coef_, without, rtol=1e-4)


@pytest.mark.parametrize("solver", ["auto", "newton-gram", "lazy-newton", "lbfgs"])
def test_arrived_is_each_neuron_by_itself_where_few_examples_far_out_are_in_doubt(solver):
    """What they say of the bias they say of the weight, too: the penalty is less than a bias of its own would be."""
    rng = np.random.default_rng(20)
    groups = list(zip(rng.normal(0, 30, 3), rng.integers(5, 40, 3), strict=True))
    X = np.concatenate([rng.normal(0, 0.1, 700), *(rng.normal(at, 0.1, count) for at, count in groups)])[:, None]
    y = np.concatenate([np.zeros(700, dtype=int), *(rng.choice(rng.choice(4, 2), count) for _, count in groups)])
    neuron, floor = (SigmoidNeuronClassifier(C=0.1, solver=solver, tol=tol).fit(X, y) for tol in (1e-4, 1e-8))
    assert neuron.converged_
    assert (neuron.history_.loss[-1] <= floor.history_.loss[-1] + neuron.tol**2).all()


@pytest.mark.parametrize("form", [np.asarray, sp.csr_array])
def test_constant_means_all_equal(form):
    """Spreads of one unit in the last place, of features that are otherwise the same number, and of none."""
    rng = np.random.default_rng(0)
    n = 300
    step = np.spacing(1e9)
    X = np.c_[np.full(n, 0.1), np.full(n, 1e9), 1e9 + step * rng.integers(2, size=n), np.zeros(n), rng.normal(size=n)]
    shares = rng.uniform(size=n)
    rows = InMemory(form(X), np.ones((n, 1), dtype=bool), shares / shares.sum())
    assert (moments(rows).spread == 0).tolist() == [True, True, False, True, False]


# Twins ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("n", "difference"), [(20_000, 1e-6), (600, 1e-6), (600, 1e-7), (600, 1e-9)])
def test_what_twins_differ_by_is_learned(n, difference):
    rng = np.random.default_rng(0)
    U, D = rng.normal(size=(n, 8)), rng.normal(size=n)
    y = (D + rng.logistic(size=n) > 0).astype(int)
    X = np.c_[U, U[:, 0] + difference * D]
    apart = np.c_[U, (X[:, 8] - U[:, 0]) / difference]
    neuron = SigmoidNeuronClassifier(C=np.inf).fit(X, y)
    assert neuron.converged_
    floor = J(SigmoidNeuronClassifier(C=np.inf, tol=1e-9).fit(apart, y), apart, y)
    assert J(neuron, X, y) - floor < 5e-8
    assert neuron.history_.passes[-1] < 400


# No minimum -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("solver", ["auto", "newton", "lazy-newton", "lbfgs", "newton-cg", "gd", "nesterov"])
def test_separated_classes_without_a_penalty_are_said_to_have_no_minimum(solver):
    rng = np.random.default_rng(0)
    X = np.r_[rng.normal(-3, 0.5, (30, 2)), rng.normal(3, 0.5, (30, 2))]
    y = np.repeat(["no", "yes"], 30)
    with pytest.warns(SeparationWarning, match="Use a finite C"):
        neuron = SigmoidNeuronClassifier(C=np.inf, solver=solver, max_iter=100).fit(X, y)
    assert not neuron.converged_
    assert neuron.stop_reason_ == "The classes are separated: without a penalty J has no minimum."
    with warnings.catch_warnings():
        warnings.simplefilter("error", SeparationWarning)
        SigmoidNeuronClassifier(solver=solver, max_iter=10_000, tol=1e-2).fit(X, y)


def test_one_class_of_three_may_be_separated():
    rng = np.random.default_rng(0)
    X = np.r_[rng.normal(0, 1, (80, 2)), rng.normal(20, 1, (40, 2))]
    y = np.r_[rng.integers(2, size=80), np.full(40, 2)]
    with pytest.warns(SeparationWarning, match=r"1 neurons of 3 \(numbers 2\)"):
        neuron = SigmoidNeuronClassifier(C=np.inf).fit(X, y)
    assert "1 of 3 neurons: the classes are separated" in neuron.stop_reason_


# Degenerate tables ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("solver", ["auto", "newton-gram", "newton-cg-gram", "lbfgs"])
@pytest.mark.parametrize("value", [0.0, 3.0])
@pytest.mark.parametrize("n", [20, 120])
def test_a_sparse_table_that_says_nothing_leaves_the_log_odds(solver, value, n):
    X = sp.csr_array(np.full((n, 150), value))
    neuron = SigmoidNeuronClassifier(solver=solver).fit(X, np.arange(n) % 4 == 0)
    np.testing.assert_allclose(neuron.predict_proba(X)[:, 1], 0.25, rtol=1e-3)


def test_auto_refuses_nothing():
    rng = np.random.default_rng(0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        neuron = SigmoidNeuronClassifier(max_iter=2).fit(rng.normal(size=(1350, 998)), np.arange(1350) % 135)
    assert neuron.solver_ == "lbfgs"


def test_rows_twice_under_opposite_labels_are_a_coin():
    rng = np.random.default_rng(0)
    X = np.repeat(rng.normal(size=(40, 3)), 2, axis=0)
    for solver in ("auto", "newton-cg", "lbfgs", "lazy-newton"):
        neuron = SigmoidNeuronClassifier(C=np.inf, solver=solver).fit(X, np.arange(80) % 2)
        assert neuron.converged_
        assert neuron.loss_curve_[-1] == pytest.approx(np.log(2), rel=1e-12)


def test_an_example_far_out_hides_the_others_only_until_it_is_sure():
    """Its curvature fades, and Newton's decrement with it, by half at every step, before what it hid comes to light."""
    rng = np.random.default_rng(3)
    X = rng.normal(size=(200, 2))
    y = (2 * X[:, 1] + rng.logistic(size=200) > 0).astype(int)
    X[0, 1], y[0] = 1e7, 1
    neuron = SigmoidNeuronClassifier(C=100).fit(X, y)
    tight = SigmoidNeuronClassifier(C=100, tol=1e-10).fit(X, y)
    assert J(neuron, X, y) - J(tight, X, y) < 5e-8
    assert neuron.score(X, y) > 0.75


# Collinear ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", [2, 3, 9])
def test_columns_that_add_up_are_learned_as_without_the_last(seed):
    """Whole numbers, far from zero and without a bias: of least norm, and J is that of the weights."""
    rng, n = np.random.default_rng(seed), 3000
    times, hours = 1.7e9 + rng.integers(0, 3e7, n), 1.0 * rng.integers(0, 24, n)
    X = np.c_[np.arange(n) + 1e10, times, hours, times + 3600 * hours]
    y = (hours / 10 - 1.2 + rng.logistic(size=n) > 0).astype(int)
    neuron, fewer = (SigmoidNeuronClassifier(C=np.inf, fit_intercept=False).fit(T, y) for T in (X, X[:, :3]))
    assert neuron.converged_
    assert neuron.loss_curve_[-1] == pytest.approx(J(neuron, X, y), rel=1e-12)
    assert neuron.loss_curve_[-1] == pytest.approx(fewer.loss_curve_[-1], abs=1e-8)
    assert np.abs(neuron.coef_).max() < 1


@pytest.mark.parametrize("solver", ["auto", "newton", "lbfgs"])
def test_shares_that_add_up_to_one_are_no_walk_into_rounding(solver):
    rng, n = np.random.default_rng(5), 5000
    money, x = np.exp(rng.normal(8, 2, n)).round(2), rng.normal(size=n)
    y = (0.5 * np.log(money) - 4 + x + rng.logistic(size=n) > 0).astype(int)
    parts = np.c_[money, np.abs(x), rng.random(n)]
    neuron = SigmoidNeuronClassifier(C=np.inf, solver=solver).fit(parts / parts.sum(axis=1, keepdims=True), y)
    assert neuron.converged_
    assert np.abs(neuron.coef_).max() < 100


@pytest.mark.parametrize("seed", range(4))
def test_plain_float32_tables_arrive(seed):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(50_000, 4)).astype(np.float32)
    y = (X[:, 0] - X[:, 1] + rng.logistic(size=len(X)) > 0).astype(int)
    assert SigmoidNeuronClassifier(C=np.inf).fit(X, y).converged_


# Slopes that no walk has felt -----------------------------------------------------------------------------


def gross_and_net(n=1_000, p=100, scale=1e6, fee=10.0):
    """Two sums of money whose difference tells, among ordinary features."""
    rng = np.random.default_rng(1)
    X = rng.normal(size=(n, p))
    X[:, 0] = scale * rng.lognormal(size=n)
    fees = fee * rng.exponential(size=n)
    X[:, 1] = X[:, 0] - fees
    y = (X[:, 5] + 2 * (fees / fees.std() - 1) + rng.logistic(size=n) > 0).astype(int)
    return X, y, fees


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize("solver", ["auto", "lbfgs", "newton-cg"])
def test_two_sums_that_differ_by_little(solver, sign):
    X, y, fees = gross_and_net(n=2_000, p=200)
    X[:, 1] *= sign
    instead = np.c_[X[:, [0]], fees, X[:, 2:]]
    told = SigmoidNeuronClassifier(solver="newton", tol=1e-8).fit(instead, y)
    w = told.coef_[0].copy()  # as weights of gross and net: a place of nearly the same J, for the penalty
    w[0], w[1] = w[0] + w[1], -sign * w[1]
    told.coef_ = w[None]
    neuron = SigmoidNeuronClassifier(solver=solver).fit(X, y)
    assert neuron.converged_
    assert J(neuron, X, y) <= J(told, X, y) + 5e-8


@pytest.mark.parametrize("n", [2_000, 20_000])
def test_a_sum_that_differs_by_little_from_that_of_its_parts(n):
    rng = np.random.default_rng(1)
    X = rng.normal(size=(n, 200))
    X[:, :2] = 1e6 * rng.lognormal(size=(n, 2))
    fees = 10 * rng.exponential(size=n)
    X[:, 2] = X[:, 0] + X[:, 1] - fees
    y = (X[:, 5] + 2 * (fees / fees.std() - 1) + rng.logistic(size=n) > 0).astype(int)
    neuron = SigmoidNeuronClassifier().fit(X, y)
    exact = SigmoidNeuronClassifier(solver="newton").fit(X, y)
    assert neuron.solver_ == "lazy-newton"
    assert J(neuron, X, y) <= J(exact, X, y) + 5e-8


def test_where_nobody_can_be_sure_it_is_said():
    """Hessians of 3,000 features are too large to be looked at."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(1_010, 3_000))
    X[:, 0] *= 1e8
    X[:, 1] = X[:, 0] * (1 + 1e-7 * rng.normal(size=1_010))
    y = (X[:, 5] + (X[:, 1] - X[:, 0]) / 10 + rng.normal(size=1_010) > 0).astype(int)
    with pytest.warns(ConvergenceWarning, match="may not have arrived"):
        neuron = SigmoidNeuronClassifier().fit(X, y)
    assert not neuron.converged_
    assert neuron.stop_reason_ == ("The gradient is small, but J at the weights returned may be above its minimum.")


@pytest.mark.parametrize(("solver", "C"), [("lbfgs", 1.0), ("lbfgs", 1e6), ("newton-cg", 1e6)])
def test_few_examples_of_many_features_are_seen_in_their_span(solver, C):
    """A spectrum is smooth: it has slopes of every flatness. The minimum is LogisticRegression's, in a basis of it."""
    minimum = {1.0: 0.3210785181, 1e6: 0.0477820794}[C]
    rng = np.random.default_rng(0)
    at, centres, widths = np.linspace(0, 1, 3_000), rng.random((12, 1)), 0.03 + 0.3 * rng.random((12, 1))
    parts = rng.gamma(2, size=(120, 12))
    X = parts @ np.exp(-(((at - centres) / widths) ** 2)) + 1e-4 * rng.normal(size=(120, 3_000))
    y = (parts[:, 3] - 0.7 * parts[:, 5] + 0.5 * rng.normal(size=120) > 0).astype(int)
    neuron = SigmoidNeuronClassifier(solver=solver, tol=1e-2, C=C).fit(X, y)
    assert J(neuron, X, y) <= minimum + 5e-4


@pytest.mark.parametrize("solver", ["auto", "lbfgs", "newton-cg"])
@pytest.mark.parametrize("length", [2, 16])
def test_start_and_end_in_microseconds_since_1970(solver, length):
    """Every time is a whole number that a float holds; but a score of both is not, and that is said."""
    rng = np.random.default_rng(0)
    start = 1.7e15 + np.floor(rng.uniform(0, 1e12, 400))
    lasts = np.floor(length * rng.exponential(size=400)) + 1
    y = (lasts / lasts.std() + 0.5 * rng.logistic(size=400) > 1).astype(int)
    neuron = SigmoidNeuronClassifier(solver=solver)
    with pytest.warns(ConvergenceWarning, match="may not have arrived"):
        neuron.fit(np.c_[start, start + lasts], y)
    alone = SigmoidNeuronClassifier().fit(lasts[:, None], y)
    assert neuron.loss_curve_[-1] < alone.loss_curve_[-1] + 0.05


@pytest.mark.parametrize("solver", ["auto", "newton", "newton-gram", "newton-cg", "lbfgs", "lazy-newton"])
def test_a_warm_start_worse_than_none_is_left(solver):
    """Where every example is sure, and wrong, nothing bends J, and the bias has a slope all the same."""
    rng = np.random.default_rng(0)
    year = rng.integers(1990, 2021, 200).astype(float)
    X = np.c_[year, rng.normal(size=200)]
    y = (rng.random(200) < 1 / (1 + np.exp(2005 - year))).astype(int)
    neuron = SigmoidNeuronClassifier(solver=solver, warm_start=True).fit(X, y)
    X = (X - X.mean(axis=0)) / X.std(axis=0)
    neuron.fit(X, y)
    cold = SigmoidNeuronClassifier().fit(X, y)
    assert neuron.converged_
    assert J(neuron, X, y) <= J(cold, X, y) + 5e-8
