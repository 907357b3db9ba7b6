"""Many neurons that share one unit of belief: formulas, J and its slopes, and the minimum that every solver finds."""

import mpmath
import numpy as np
import pytest
import scipy.sparse as sp
from conftest import without_warnings
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import logsumexp
from sklearn import datasets
from sklearn.linear_model import LogisticRegression

from sklearn_neuron import Outcome, Recipe, SeparationWarning, SigmoidNeuronClassifier, layer
from sklearn_neuron._linalg import eigenvectors
from sklearn_neuron.homes import costs
from sklearn_neuron.homes.memory import InMemory
from sklearn_neuron.losses import SoftmaxLoss
from sklearn_neuron.neuron import loss_and_residual, sigmoid
from sklearn_neuron.objective import Needs, Objective
from sklearn_neuron.solvers.coordinates import Plain, Standardised, Whitened, layer_of
from sklearn_neuron.solvers.directions import LBFGS, Nesterov, Steepest
from sklearn_neuron.solvers.span import Gram
from sklearn_neuron.solvers.step_sizes import Backtracking, InverseSmoothness

FAST = ("auto", "newton", "lazy-newton", "lbfgs", "newton-cg", "newton-gram", "newton-cg-gram")
scores = st.integers(0, 2**32 - 1).map(lambda seed: random_scores(np.random.default_rng(seed)))


def random_scores(rng):
    n, K = rng.integers(1, 30), rng.integers(2, 8)
    return rng.normal(size=(n, K)) * 10.0 ** rng.uniform(-3, 2.5), rng.integers(0, K, n)


def random_layer(rng, n=60, p=3, K=4, penalty=0.01, has_bias=True, weighted=True, sparse=False):
    """J of a layer, and a place (p + 1, K) where it is not flat."""
    X = rng.normal(size=(n, p)) * 10.0 ** rng.uniform(-1, 1, p) + rng.normal(size=p)
    if sparse:
        X = sp.csr_array(X * (rng.uniform(size=X.shape) < 0.5))
    y = np.append(np.arange(K), rng.integers(0, K, n - K))
    shares = rng.uniform(0.1, 2, n) if weighted else np.ones(n)
    home = InMemory(X, y[:, None], shares / shares.sum(), has_bias, of_a_walk=K)
    return Objective(home, penalty, SoftmaxLoss(K)), rng.normal(size=(p + has_bias, K)) / 3


def fitted(X, y, **options):
    return SigmoidNeuronClassifier(multi_class="multinomial", **options).fit(X, y)


def height(neuron, X, y, weight=None):
    """J at what was returned, by formulas of others."""
    weight = np.ones(len(y)) if weight is None else weight
    z = X @ neuron.coef_.T.astype(float) + neuron.intercept_
    loss = logsumexp(z, axis=1) - z[np.arange(len(y)), np.searchsorted(neuron.classes_, y)]
    return np.average(loss, weights=weight) + (neuron.coef_.astype(float) ** 2).sum() / (2 * neuron.C * weight.sum())


def slopes(function, theta, step=1e-3):
    """Of a function of an array, along each of its numbers, by differences of fourth order."""
    along = np.empty_like(theta)
    for place in np.ndindex(theta.shape):
        unit = np.zeros_like(theta)
        unit[place] = step
        ahead, behind = (
            function(theta + unit) - function(theta - unit),
            function(theta + 2 * unit) - function(theta - 2 * unit),
        )
        along[place] = (8 * ahead - behind) / (12 * step)
    return along


# Formulas ---------------------------------------------------------------------------------------------------


@given(scores)
def test_losses_and_residuals_are_exact_in_both_tails(given):
    z, y = given
    loss, residual = layer.loss_and_residual(z, y)
    with mpmath.workdps(60):
        for i in range(min(len(z), 5)):
            e = [mpmath.exp(mpmath.mpf(float(number))) for number in z[i]]
            belief = [number / sum(e) for number in e]
            others = sum(number for k, number in enumerate(belief) if k != y[i])
            exact = [-others if k == y[i] else number for k, number in enumerate(belief)]
            # a difference of scores is rounded before it is an exponent: so many digits are lost of what is that small
            rtol = 4e-16 * (8 + np.abs(z[i]).max())
            assert loss[i] == pytest.approx(
                float(-mpmath.log1p(-others) if others < 0.5 else -mpmath.log(belief[y[i]])), rel=rtol, abs=1e-300
            )
            np.testing.assert_allclose(residual[i], [float(number) for number in exact], rtol=rtol, atol=1e-300)


@given(scores)
def test_logarithms_of_all_beliefs_are_exact_in_both_tails(given):
    z, _ = given
    logs = layer.log_softmax(z)
    with mpmath.workdps(60):
        for i in range(min(len(z), 5)):
            e = [mpmath.exp(mpmath.mpf(float(number))) for number in z[i]]
            exact = [-mpmath.log1p(mpmath.fsum(e[:k] + e[k + 1 :]) / number) for k, number in enumerate(e)]
            rtol = 4e-16 * (8 + np.abs(z[i]).max())  # a difference of scores is rounded before it is an exponent
            np.testing.assert_allclose(logs[i], [float(number) for number in exact], rtol=rtol, atol=1e-300)


def test_the_logarithm_of_the_surest_belief_keeps_what_is_left_beside_it():
    np.testing.assert_allclose(layer.log_softmax([[50.0, 0.0, 0.0]]), [[-2 * np.exp(-50), -50, -50]], rtol=1e-14)
    np.testing.assert_allclose(layer.log_softmax([[3.0, 3.0]]), -np.log(2), rtol=1e-15)  # none is the highest


@given(scores, st.floats(-50, 50))
def test_what_is_added_to_all_scores_changes_no_belief(given, more):
    z, y = given
    close = {"rtol": 1e-15 * (100 + np.abs(z).max()), "atol": 1e-300}  # of the rounding of sums
    np.testing.assert_allclose(layer.softmax(z + more), layer.softmax(z), **close)
    np.testing.assert_allclose(layer.softmax(z).sum(axis=1), 1, rtol=1e-14)
    residual = layer.residual(z, y)
    assert (np.abs(residual.sum(axis=1)) <= 1e-15 * np.abs(residual).sum(axis=1)).all()


def test_of_two_neurons_the_difference_of_scores_is_the_score_of_one(rng):
    z, y = rng.normal(size=(50, 2)) * 20, rng.integers(0, 2, 50)
    loss, residual = layer.loss_and_residual(z, y)
    alone, slope = loss_and_residual(z[:, 1] - z[:, 0], y)
    np.testing.assert_allclose(loss, alone, rtol=1e-14)
    np.testing.assert_allclose(residual[:, 1], slope, rtol=1e-14)
    np.testing.assert_allclose(layer.softmax(z)[:, 1], sigmoid(z[:, 1] - z[:, 0]), rtol=1e-14)


def test_the_chain_rule_leads_from_the_loss_to_the_residual(rng):
    z, y = rng.normal(size=(20, 5)) * 3, rng.integers(0, 5, 20)
    chained = np.einsum("nj,njk->nk", layer.loss_slope(layer.softmax(z), y), layer.softmax_slopes(z))
    np.testing.assert_allclose(chained, layer.residual(z, y), rtol=1e-12, atol=1e-15)
    numeric = slopes(lambda z: layer.example_loss(z, y).sum(), z)
    np.testing.assert_allclose(numeric, layer.residual(z, y), rtol=1e-8, atol=1e-11)
    belief = slopes(lambda z: layer.softmax(z)[:, 2].sum(), z)
    np.testing.assert_allclose(belief, layer.softmax_slopes(z)[:, 2], rtol=1e-8, atol=1e-11)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("alike", [True, False])
def test_many_examples_are_added_up_as_they_are_one_by_one(rng, dtype, alike):
    n, K = 3_000, 5
    z, y = (rng.normal(size=(n, K)) * 10 ** rng.uniform(-2, 2, (n, 1))).astype(dtype), rng.integers(0, K, (n, 1))
    shares = np.full((1, 1), 1 / n, dtype=dtype) if alike else (rng.uniform(size=(n, 1)) / n).astype(dtype)
    loss, slope, beliefs = SoftmaxLoss(K).sums_of_many(z.copy(), y, shares, bent=True)
    each, residual = SoftmaxLoss(K).value_and_slope(z.astype(float), y)
    eps = np.finfo(dtype).eps
    tiny = np.finfo(dtype).tiny  # what is less is 0 in float32
    np.testing.assert_allclose(loss, (shares * each).sum(axis=0), rtol=20 * eps)
    np.testing.assert_allclose(slope, shares * residual, rtol=eps * (20 + 2 * np.abs(z).max()), atol=tiny)
    np.testing.assert_allclose(
        beliefs, shares * layer.softmax(z.astype(float)), rtol=eps * (20 + 2 * np.abs(z).max()), atol=tiny
    )


def test_a_sure_layer_bends_by_what_little_doubt_it_has():
    z = np.array([[50.0, 0.0, -3.0]])
    loss = SoftmaxLoss(3)
    beliefs = loss.beliefs(z)
    a = np.exp([0.0, -50.0, -53.0])
    move = np.array([[1.0, 0.0, 0.0]])
    close = {"rtol": 1e-12, "atol": 0}
    np.testing.assert_allclose(loss.own_bends(beliefs)[0], [a[1] + a[2], a[1], a[2]], **close)
    np.testing.assert_allclose(loss.curved(beliefs, move)[0], [a[1] + a[2], -a[1], -a[2]], **close)
    np.testing.assert_allclose(loss.curved_among(beliefs, move), [[a[1] + a[2]]], **close)
    np.testing.assert_allclose(loss.bends(beliefs)[0], [a[1], a[2], a[1] * a[2]], **close)
    summed, slope, _ = loss.sums_of_many(z.copy(), np.array([[0]]), np.ones((1, 1)), bent=True)
    np.testing.assert_allclose(summed, a[1:].sum(keepdims=True), **close)
    np.testing.assert_allclose(slope[0], [-a[1] - a[2], a[1], a[2]], **close)


# J and its slopes -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("sparse", [False, True])
@pytest.mark.parametrize("has_bias", [True, False])
@pytest.mark.parametrize("n", [60, 3_000])  # one by one, and many at once
def test_slopes_and_hessians_are_differences_of_j(rng, n, has_bias, sparse):
    J, theta = random_layer(rng, n=n, has_bias=has_bias, sparse=sparse)
    q, K = theta.shape
    here = J.at(theta, Needs.GRADIENT | Needs.DIAGONAL | Needs.HESSIAN)
    numeric = slopes(lambda theta: J.at(theta).loss[0], theta)
    np.testing.assert_allclose(here.gradient, numeric, rtol=1e-7, atol=1e-9 * np.abs(numeric).max())
    flat = here.hessian[..., 0].reshape(K, q, K, q)
    for k in range(K):
        for j in range(q):
            numeric = slopes(lambda theta, j=j, k=k: J.at(theta).gradient[j, k], theta)
            np.testing.assert_allclose(flat[k, j], numeric.T, rtol=1e-6, atol=1e-8 * np.abs(flat).max())
    own = np.einsum("kjkj->jk", flat)
    np.testing.assert_allclose(here.diagonal, own, rtol=1e-10)
    np.testing.assert_allclose(J.diagonal(theta), own, rtol=1e-10)
    np.testing.assert_allclose(J.hessian(theta), here.hessian, rtol=1e-10, atol=1e-14)
    np.testing.assert_allclose(J.hessians_of_neurons(theta), np.einsum("kikj->ijk", flat), rtol=1e-9, atol=1e-14)
    weights, vector = J.hessian_weights(theta), rng.normal(size=theta.shape)
    product = (here.hessian[..., 0] @ vector.T.ravel()).reshape(K, q).T
    np.testing.assert_allclose(J.hessian_product(vector, weights), product, rtol=1e-9, atol=1e-12)
    vectors = rng.normal(size=(q, 2 * K))
    columns = vectors.T.reshape(2, K * q)
    curved = columns @ here.hessian[..., 0] @ columns.T
    np.testing.assert_allclose(J.curvature_among(vectors, weights), curved, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("coordinates", [Plain(), Standardised(), Whitened(), Gram()])
def test_other_coordinates_are_the_same_j(rng, coordinates):
    J, theta = random_layer(rng, n=30, p=4)
    seen = coordinates(J, theta)
    u = seen.from_weights(theta)
    assert u.shape[1] == 1
    there = seen.at(u, Needs.GRADIENT | Needs.HESSIAN)
    centred = theta - theta.mean(axis=1, keepdims=True)  # what all neurons share is taken from them
    np.testing.assert_allclose(seen.to_weights(u), centred, rtol=1e-9, atol=1e-12)
    assert there.loss[0] == pytest.approx(J.at(centred).loss[0], rel=1e-12)
    numeric = slopes(lambda u: seen.at(u).loss[0], u)
    np.testing.assert_allclose(there.gradient, numeric, rtol=1e-6, atol=1e-9 * np.abs(numeric).max())
    heading = rng.normal(size=u.shape)
    heading = seen.from_weights(seen.to_weights(heading))  # no part that all share, along which nothing is asked of H
    weights = seen.hessian_weights(u)
    product = seen.hessian_product(heading, weights)
    np.testing.assert_allclose(product, there.hessian[..., 0] @ heading, rtol=1e-7, atol=1e-9 * np.abs(product).max())
    assert seen.smoothness >= np.linalg.eigvalsh(there.hessian[..., 0])[-1] * (1 - 1e-12)
    assert there.gradient_norm[0] == pytest.approx(np.linalg.norm(J.at(centred).gradient), rel=1e-8)


def test_layers_side_by_side_are_each_by_itself(rng):
    J, theta = random_layer(rng, K=3)
    other = rng.normal(size=theta.shape)
    both = J.neurons(np.zeros(2, dtype=int)).at(np.hstack([theta, other]))
    np.testing.assert_allclose(both.loss, [J.at(theta).loss[0], J.at(other).loss[0]], rtol=1e-13)
    np.testing.assert_allclose(
        both.gradient, np.hstack([J.at(theta).gradient, J.at(other).gradient]), rtol=1e-10, atol=1e-15
    )
    assert layer_of(J).apply(np.zeros((theta.size, 2))).shape == (len(theta), 6)


# The minimum ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("C", [1e-3, 1.0, 1e3])
@pytest.mark.parametrize("load", [datasets.load_iris, datasets.load_wine, datasets.load_digits])
def test_a_layer_has_the_coefficients_of_logistic_regression(load, C):
    X, y = load(return_X_y=True)
    theirs = LogisticRegression(C=C, solver="newton-cholesky", tol=1e-12, max_iter=1_000)
    without_warnings(theirs.fit, X, y)
    ours = fitted(X, y, C=C, tol=1e-8)
    assert ours.converged_
    assert height(ours, X, y) <= height(theirs, X, y) + 1e-12
    assert np.abs(ours.coef_ - theirs.coef_).max() <= 1e-5 * np.abs(theirs.coef_).max()
    assert np.abs(ours.intercept_.sum()) <= 1e-9 * np.abs(ours.intercept_).max()
    np.testing.assert_allclose(ours.predict_proba(X), theirs.predict_proba(X), rtol=0, atol=1e-5)
    np.testing.assert_allclose(np.exp(ours.predict_log_proba(X)), ours.predict_proba(X), rtol=1e-12)
    assert (ours.predict(X) == theirs.predict(X)).mean() > 0.999  # ties within rounding
    assert ours.loss_curve_[-1] == pytest.approx(height(ours, X, y), rel=1e-10)


@pytest.mark.parametrize("solver", FAST)
@pytest.mark.parametrize("tol", [1e-3, 1e-6])
def test_every_solver_arrives_within_what_tol_promises(solver, tol):
    X, y = datasets.load_wine(return_X_y=True)
    lowest = height(fitted(X, y, tol=1e-10), X, y)
    neuron = fitted(X, y, solver=solver, tol=tol)
    assert neuron.converged_
    assert height(neuron, X, y) - lowest <= tol**2
    assert neuron.n_iter_.shape == (1,)
    assert neuron.loss_curve_.shape == (neuron.n_iter_[0] + 1,)
    assert (np.diff(neuron.loss_curve_) <= 1e-12).all()
    assert neuron.outcomes_ == [Outcome.ARRIVED]


@pytest.mark.parametrize("solver", ["gd", "nesterov"])
def test_plain_descent_walks_down_to_the_same_floor(solver):
    X, y = datasets.load_iris(return_X_y=True)
    X = (X - X.mean(axis=0)) / X.std(axis=0)
    neuron = fitted(X, y, solver=solver, C=0.1, tol=1e-4)
    assert height(neuron, X, y) - height(fitted(X, y, C=0.1, tol=1e-9), X, y) <= 1e-7
    steps = np.diff(neuron.loss_curve_)
    assert solver == "nesterov" or (steps < 0).all()  # a velocity may carry uphill before it is dropped


@settings(max_examples=15)
@given(st.integers(0, 10_000))
def test_one_over_l_descends_as_the_theorem_says(seed):
    rng = np.random.default_rng(seed)
    X, y = rng.normal(size=(40, 3)) * 10 ** rng.uniform(-1, 1, 3), rng.integers(0, 4, 40)
    y[:4] = range(4)
    best = fitted(X, y, tol=1e-9)
    neuron = without_warnings(fitted, X, y, solver="gd", max_iter=50, tol=0)
    J = neuron.objective(X, y)
    distance = (best.coef_**2).sum() + (best.intercept_**2).sum()
    k = np.arange(1, len(neuron.loss_curve_))
    bound = Plain()(J).smoothness * distance / (2 * k)
    assert (neuron.loss_curve_[1:] - height(best, X, y) <= bound + 1e-12).all()


@pytest.mark.parametrize("direction", [LBFGS(), Nesterov(), Steepest()])
@pytest.mark.parametrize("coordinates", [Plain(), Whitened(), Gram()])
def test_composed_walks_arrive_too(direction, coordinates):
    X, y = datasets.load_iris(return_X_y=True)
    recipe = Recipe(direction, Backtracking() if isinstance(direction, LBFGS) else InverseSmoothness(), coordinates)
    neuron = without_warnings(fitted, X, y, solver=recipe, C=0.01, max_iter=20_000)
    assert height(neuron, X, y) - height(fitted(X, y, C=0.01, tol=1e-9), X, y) <= 1e-6


@pytest.mark.parametrize("solver", ["auto", "lbfgs", "newton-cg"])
def test_without_a_penalty_the_shortest_of_all_minima_is_found(solver):
    X, y = datasets.load_iris(return_X_y=True)
    X, y = X[:, :2], (y + (np.arange(150) % 7 == 0)) % 3  # not separable
    neuron = fitted(X, y, C=np.inf, solver=solver, tol=1e-7)
    assert neuron.converged_
    assert np.abs(neuron.coef_.sum(axis=0)).max() <= 1e-12 * np.abs(neuron.coef_).max()
    assert np.abs(neuron.intercept_.sum()) <= 1e-10 * np.abs(neuron.intercept_).max()
    gradient = neuron.objective(X, y).at(np.vstack([neuron.coef_.T, neuron.intercept_])).gradient
    assert np.abs(gradient).max() < 1e-6


def test_separated_classes_have_no_minimum_without_a_penalty():
    X, y = np.array([[-3.0], [-2.5], [0.0], [0.2], [3.0], [2.0]]), [0, 0, 1, 1, 2, 2]
    with pytest.warns(SeparationWarning, match="classes are separated"):
        neuron = fitted(X, y, C=np.inf)
    assert not neuron.converged_
    assert neuron.outcomes_ == [Outcome.SEPARATED]


@pytest.mark.parametrize("solver", ["auto", "newton", "lazy-newton", "newton-cg", "lbfgs"])
def test_one_class_apart_from_all_others_is_enough_to_have_no_minimum(solver):
    X, y = np.array([[-1.0], [-2], [-1], [-2], [3], [4]]), [0, 1, 1, 0, 2, 2]
    layer = SigmoidNeuronClassifier(C=np.inf, multi_class="multinomial", solver=solver)
    with pytest.warns(SeparationWarning, match="separated, or one from all others"):
        layer.fit(X, y)
    assert layer.outcomes_ == [Outcome.SEPARATED]


def test_setosa_is_apart():
    with pytest.warns(SeparationWarning, match="separated, or one from all others"):
        SigmoidNeuronClassifier(C=np.inf, multi_class="multinomial").fit(*datasets.load_iris(return_X_y=True))


def test_classes_that_overlap_have_a_minimum(rng):
    X = rng.normal(size=(90, 2))
    layer = SigmoidNeuronClassifier(C=np.inf, multi_class="multinomial").fit(X, np.arange(90) % 3)
    assert layer.outcomes_ == [Outcome.ARRIVED]


# Laws -------------------------------------------------------------------------------------------------------


@settings(max_examples=20)
@given(st.integers(0, 10_000))
def test_classes_in_another_order_have_the_same_coefficients(seed):
    rng = np.random.default_rng(seed)
    X, y = rng.normal(size=(60, 3)), rng.integers(0, 4, 60)
    y[:4] = range(4)
    order = rng.permutation(4)
    one, other = fitted(X, y, tol=1e-9), fitted(X, order[y], tol=1e-9)
    np.testing.assert_allclose(other.coef_[order], one.coef_, rtol=1e-6, atol=1e-7)  # tol is about J, not about them


@settings(max_examples=20)
@given(st.integers(0, 10_000))
def test_a_weight_of_two_is_the_example_twice(seed):
    rng = np.random.default_rng(seed)
    X, y, weight = rng.normal(size=(50, 3)), rng.integers(0, 3, 50), rng.integers(1, 4, 50)
    y[:3] = range(3)
    one = SigmoidNeuronClassifier(multi_class="multinomial", tol=1e-9).fit(X, y, weight)
    other = fitted(np.repeat(X, weight, axis=0), np.repeat(y, weight), tol=1e-9)
    np.testing.assert_allclose(one.coef_, other.coef_, rtol=1e-6, atol=1e-7)


@pytest.mark.parametrize("solver", FAST)
def test_of_two_classes_there_is_one_neuron(solver):
    X, y = datasets.load_breast_cancer(return_X_y=True)
    one, other = fitted(X, y, solver=solver), SigmoidNeuronClassifier(solver=solver).fit(X, y)
    np.testing.assert_array_equal(one.coef_, other.coef_)
    np.testing.assert_array_equal(one.predict_proba(X), other.predict_proba(X))


@pytest.mark.parametrize("solver", ["auto", "lazy-newton", "lbfgs", "newton-cg"])
def test_sparse_examples_are_dense_ones(rng, solver):
    X = rng.normal(size=(400, 30)) * (rng.uniform(size=(400, 30)) < 0.2)
    y = (X[:, :4] + rng.gumbel(size=(400, 4))).argmax(axis=1)
    dense, sparse = fitted(X, y, solver=solver, tol=1e-7), fitted(sp.csr_array(X), y, solver=solver, tol=1e-7)
    np.testing.assert_allclose(sparse.coef_, dense.coef_, rtol=1e-4, atol=1e-5)


def test_float32_stays_float32_and_finds_the_minimum():
    X, y = datasets.load_wine(return_X_y=True)
    single, double = fitted(X.astype("float32"), y), fitted(X, y)
    assert single.coef_.dtype == np.float32
    assert single.predict_proba(X.astype("float32")).dtype == np.float32
    assert height(single, X.astype("float32").astype(float), y) - height(double, X, y) < 1e-6


def test_units_do_not_matter():
    X, y = datasets.load_iris(return_X_y=True)
    y = (y + (np.arange(150) % 7 == 0)) % 3  # not separable
    units = np.array([1e-9, 1e6, 1.0, 1e3])
    far = fitted(X * units + 1e3 * units, y, C=1e30, tol=1e-6)
    near = fitted(X, y, C=1e30, tol=1e-6)
    np.testing.assert_allclose(far.predict_proba(X * units + 1e3 * units), near.predict_proba(X), atol=1e-4)


def test_a_layer_reads_x_as_often_as_it_says_and_seldom():
    X, y = datasets.load_iris(return_X_y=True)
    neuron = fitted(X, y)
    assert neuron.history_.passes[-1] <= 8  # spreads, the start, and five steps of Newton's


def test_large_layers_are_walked_by_blocks(monkeypatch):
    X, y = datasets.load_digits(return_X_y=True)
    neuron = fitted(X, y, tol=1e-6)
    assert neuron.solver_ == "lazy-newton"
    monkeypatch.setattr(costs, "WHOLE_LAYER", np.inf)
    assert height(neuron, X, y) == pytest.approx(height(fitted(X, y, tol=1e-6, solver="lazy-newton"), X, y), abs=1e-12)


def test_a_layer_may_begin_where_it_ended():
    X, y = datasets.load_wine(return_X_y=True)
    neuron = fitted(X, y, warm_start=True)
    assert neuron.fit(X, y).n_iter_[0] <= 1
    assert neuron.set_params(C=2.0).fit(X, y).n_iter_[0] < fitted(X, y, C=2.0).n_iter_[0]


def test_eigenvalues_that_do_not_come_by_halves_come_by_rotations(monkeypatch, rng):
    A = rng.normal(size=(6, 4))

    def fails(matrix):
        raise np.linalg.LinAlgError

    monkeypatch.setattr(np.linalg, "eigh", fails)
    eigenvalues, V = eigenvectors(A @ A.T)
    np.testing.assert_allclose(V * eigenvalues @ V.T, A @ A.T, rtol=1e-10, atol=1e-12)


def test_what_the_layer_does_not_believe_in_moves_nothing():
    z, moves = np.array([[50.0, 49.0, 0.0]]), np.array([[0.25, 0.0, 9.0]])
    assert SoftmaxLoss(3).felt(z, moves, 40)[0, 0] == 0.25
    assert SoftmaxLoss(3).felt(z, moves, 60)[0, 0] == 9.0
    assert SoftmaxLoss(3).felt(z, np.array([[0.0, 0.0, 10.0]]), 40)[0, 0] == 10.0  # it will be near
