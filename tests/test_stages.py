"""A fit in stages: a sample first where examples are many, then all of them."""

import numpy as np
import pytest
import scipy.sparse as sp
from sklearn.linear_model import LogisticRegression

import sklearn_neuron
from sklearn_neuron import SigmoidNeuronClassifier
from sklearn_neuron.homes.memory import InMemory
from sklearn_neuron.neuron import log_loss
from sklearn_neuron.objective import Objective
from sklearn_neuron.solvers import stages
from sklearn_neuron.solvers.history import History
from sklearn_neuron.solvers.stages import plan, walk_stages
from sklearn_neuron.solvers.stopping import Outcome
from sklearn_neuron.solvers.walk import walk


def tall(rng, n=60_000, p=6, K=2, dtype=np.float64):
    X = rng.normal(size=(n, p)) * np.logspace(-1, 2, p) + 5
    W = rng.normal(size=(p, K)) / np.logspace(-1, 2, p)[:, None]
    y = ((X - 5) @ W + rng.gumbel(size=(n, K))).argmax(axis=1)
    return X.astype(dtype), y


def objective(neuron, X, y, k=0):
    coef = neuron.coef_[k].astype(float)
    z = X.astype(float) @ coef + neuron.intercept_[k]
    return log_loss(z, y) + coef @ coef / (2 * neuron.C * len(y))


def J(n, p, form=np.asarray, penalty=0.1):
    return Objective(InMemory(form(np.ones((n, p))), np.ones((n, 1), dtype=bool), np.full(n, 1 / n)), penalty)


def few(X):
    """As many numbers as there are products of the examples: 100, of 10 examples."""
    return sp.csr_array(np.where(np.arange(X.size).reshape(X.shape) < 100, X, 0))


@pytest.mark.parametrize(
    ("solver", "learning_rate", "objective", "name", "strides"),
    [
        ("auto", "auto", J(8_000, 39), "newton", [1]),  # calls, scores, 328,000 numbers, and eight times those
        ("auto", "auto", J(2_000, 100), "newton", [1]),
        ("auto", "auto", J(2_000, 160), "lazy-newton", [1]),
        ("auto", "auto", J(20_000, 19), "lazy-newton", [20, 1]),
        ("auto", "auto", J(100_000, 30, sp.csr_array), "lazy-newton", [32, 1]),
        ("auto", "auto", J(200 * 81 - 1, 80), "lazy-newton", [1]),  # not four samples of 50 a parameter
        ("auto", "auto", J(200 * 81, 80), "lazy-newton", [4, 1]),
        ("auto", "auto", J(10_000, 2), "newton", [1]),  # a sample would not repay
        ("auto", "auto", J(1_000_000, 2), "newton", [32, 1]),
        ("auto", "auto", J(1_000_000, 30), "lazy-newton", [32, 1]),
        ("auto", "auto", J(1_000, 999), "lazy-newton", [1]),
        ("auto", "auto", J(1_001, 1_001), "lbfgs", [1]),
        ("auto", "auto", J(10, 11), "newton-gram", [1]),
        ("auto", "auto", J(200, 251), "newton-gram", [1]),
        ("auto", "auto", J(251, 252), "newton-cg-gram", [1]),
        ("auto", "auto", J(1_500, 1_501), "newton-cg-gram", [1]),
        ("auto", "auto", J(10, 11, penalty=0), "lbfgs", [1]),
        ("auto", "auto", J(11, 11, penalty=0), "newton", [1]),
        ("auto", "auto", J(10, 11, sp.csr_array), "newton-gram", [1]),  # 110 numbers, 100 products
        ("auto", "auto", J(10, 11, few), "lbfgs", [1]),
        ("auto", "auto", J(1_501, 1_502), "lbfgs", [1]),
        ("auto", 0.1, J(5_001, 19), "gd", [1]),
        ("newton", "auto", J(1_000_000, 2), "newton", [1]),
        ("lazy-newton", "auto", J(1_000_000, 2), "lazy-newton", [1]),
    ],
)
def test_auto_chooses_by_the_shape_and_walks_on_a_sample_first_where_examples_are_many(
    solver, learning_rate, objective, name, strides
):
    chosen, planned = plan(solver, learning_rate, objective)
    assert (chosen, [stage.stride for stage in planned]) == (name, strides)


@pytest.mark.parametrize("tol", [1e-4, 1e-9])
@pytest.mark.parametrize("C", [1e-2, 1, np.inf])
def test_a_tall_table_is_learned_in_few_passes_and_to_the_same_minimum(rng, tol, C):
    X, y = tall(rng)
    neuron = SigmoidNeuronClassifier(tol=tol, C=C).fit(X, y)
    newton = SigmoidNeuronClassifier(solver="newton", tol=1e-10, C=C).fit(X, y)
    assert neuron.converged_
    assert neuron.history_.passes[-1] < (8 if tol == 1e-4 else 16) + 2 * (np.inf == C)  # a Hessian, all scores
    assert objective(neuron, X, y) - objective(newton, X, y) <= max(tol**2 / 2, 1e-15)


def test_not_further_from_the_floor_than_logistic_regression(rng):
    X, y = tall(rng)
    X = (X - X.mean(axis=0)) / X.std(axis=0)
    neuron, rival = SigmoidNeuronClassifier().fit(X, y), LogisticRegression().fit(X, y)
    assert objective(neuron, X, y) <= objective(rival, X, y)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_many_classes_and_float32_take_the_same_stages(rng, dtype):
    X, y = tall(rng, K=3, dtype=dtype)
    neuron = SigmoidNeuronClassifier().fit(X, y)
    newton = SigmoidNeuronClassifier(solver="newton").fit(X, y)
    assert neuron.converged_
    assert neuron.history_.passes[-1] < newton.history_.passes[-1]
    for k in range(3):
        close = 1e-8 if dtype == np.float64 else 1e-6
        assert objective(neuron, X, y == k, k) == pytest.approx(objective(newton, X, y == k, k), rel=close)


def test_every_row_says_its_stage_and_the_curve_is_j_of_all_examples(rng):
    X, y = tall(rng)
    neuron = SigmoidNeuronClassifier(record="path").fit(X, y)
    history = neuron.history_
    assert len(history) == len(history.weights)
    assert history.on_all.sum() == neuron.n_iter_[0] + 1 == len(neuron.loss_curve_)
    assert set(zip(history.stage.tolist(), history.share.tolist(), strict=True)) == {(0, 1 / 32), (1, 1.0)}
    assert (np.diff(neuron.loss_curve_) <= 1e-15).all()
    everyone = neuron.objective(X, y)
    for loss, weights in zip(neuron.loss_curve_, history.weights[history.on_all], strict=True):
        assert everyone.at(weights.reshape(-1, 1)).loss[0] == pytest.approx(loss, rel=1e-12)
    assert (np.diff(history.passes) > 0).all()
    np.testing.assert_array_equal(history.weights[-1], np.r_[neuron.coef_[0], neuron.intercept_])
    assert history.loss[-1] == pytest.approx(objective(neuron, X, y), rel=1e-12)


def test_a_sample_is_left_where_its_noise_begins(rng):
    X = rng.normal(size=(60_000, 6))
    history = SigmoidNeuronClassifier(tol=1e-6).fit(X, X[:, 0] + rng.logistic(size=60_000) > 0).history_
    on_sample = history.decrement[~history.on_all]
    noise = np.sqrt(7 / (history.share[0] * 60_000))  # of a slope of 7 parameters
    assert on_sample[-1] <= noise < 10 * on_sample[-2]  # an estimate is believed when it is ten times smaller


def test_levels_missing_from_the_sample_are_learned_all_the_same(rng):
    """Sorted rows: every 32nd example never sees the rare level, which separates its class."""
    X, y = tall(rng)
    rare = np.zeros(len(y))
    rare[1::128] = 1
    y[1::128] = 1
    X = np.c_[X, rare]
    for C in (1, 100):
        neuron = SigmoidNeuronClassifier(C=C).fit(X, y)
        newton = SigmoidNeuronClassifier(C=C, solver="newton").fit(X, y)
        assert neuron.converged_
        assert objective(neuron, X, y) - objective(newton, X, y) <= 1e-8
        assert neuron.history_.passes[-1] < 3 * newton.history_.passes[-1]


def test_a_sample_that_misleads_costs_little(rng):
    """Every 32nd example has its label turned round: start and Hessian are wrong, and are mended."""
    X, y = tall(rng)
    y[::32] = 1 - y[::32]
    X[::32] *= 0.01
    neuron = SigmoidNeuronClassifier(tol=1e-6).fit(X, y)
    newton = SigmoidNeuronClassifier(tol=1e-6, solver="newton").fit(X, y)
    assert neuron.converged_
    assert objective(neuron, X, y) - objective(newton, X, y) <= 1e-12
    assert neuron.history_.passes[-1] < 3 * newton.history_.passes[-1]


@pytest.mark.parametrize("form", [sp.csr_array, sp.csc_array])
@pytest.mark.parametrize("weighted", [False, True])
def test_features_that_no_example_of_the_sample_has_are_learned_all_the_same(rng, form, weighted):
    """Two of three columns stand in rows that every 32nd example misses."""
    rare = np.zeros((100_000, 3))
    rare[::640, 0], rare[1::1_000, 1], rare[2::1_000, 2] = 1, 1, -1
    y = (rng.random(100_000) < 0.4) | (rare[:, 1:].any(axis=1) & (rng.random(100_000) < 0.9))
    weight = 1.0 + (np.arange(100_000) % 7 == 3) if weighted else None
    neuron, newton = (
        SigmoidNeuronClassifier(solver=name, tol=1e-9).fit(form(rare), y, weight) for name in ("auto", "newton")
    )
    assert not neuron.history_.on_all.all()
    assert neuron.converged_
    np.testing.assert_allclose(neuron.coef_, newton.coef_, rtol=1e-5)  # tol over the root of a rare curvature


@pytest.mark.parametrize(("column", "kept"), [(0.0, False), (1.0, True)])
def test_the_units_of_a_sample_of_many_serve_all_unless_a_feature_stands_still_in_it(rng, monkeypatch, column, kept):
    X, y = tall(rng)
    X[np.arange(1_875) * 32 + np.random.default_rng(1_875).integers(32, size=1_875), 0] *= column
    walked = []
    monkeypatch.setattr(stages, "walk", lambda seen, *more: walked.append(seen) or walk(seen, *more))
    neuron = SigmoidNeuronClassifier().fit(X, y)
    sample, everyone = walked
    assert np.array_equal(sample.T.scale, everyone.T.scale) is kept
    assert everyone.T.scale.all()
    assert neuron.converged_


def test_every_neuron_has_an_outcome_of_its_own(rng):
    X = rng.normal(size=(90, 3))
    y = np.where(X[:, 0] > 0.5, 2, rng.integers(2, size=90))
    with pytest.warns(UserWarning, match="separated"):
        neuron = SigmoidNeuronClassifier(C=np.inf).fit(X, y)
    assert neuron.outcomes_ == [Outcome.ARRIVED, Outcome.ARRIVED, Outcome.SEPARATED]
    assert neuron.stop_reason_ == (
        "2 of 3 neurons: the gradient is small enough; "
        "1 of 3 neurons: the classes are separated: without a penalty J has no minimum."
    )
    assert SigmoidNeuronClassifier().fit(X, y == 1).outcomes_ == [sklearn_neuron.Outcome.ARRIVED]


def test_the_budget_is_that_of_steps_on_all_examples(rng):
    X, y = tall(rng)
    for steps in (0, 1):
        with pytest.warns(UserWarning, match=f"has not arrived after {steps} steps"):
            neuron = SigmoidNeuronClassifier(max_iter=steps).fit(X, y)
        assert neuron.n_iter_[0] == steps
        assert len(neuron.loss_curve_) == steps + 1


def test_a_callback_ends_the_whole_fit(rng):
    X, y = tall(rng)
    rows = InMemory(X, y[:, None] == 1, np.full(len(y), 1 / len(y)))
    seen = []

    def watch(step, history):
        seen.append((step.iteration, history.share[-1]))
        return True

    planned = plan("auto", "auto", Objective(rows))
    weights = np.zeros((rows.n_parameters, 1))
    walked = walk_stages(planned, Objective(rows), weights, 1e-4, None, History(1), watch)
    assert (walked.arrival.outcomes, seen) == ([Outcome.CALLBACK], [(0, 1 / 32)])


def test_every_stage_goes_through_descend(rng, monkeypatch):
    walked = []

    def counted(*arguments, **options):
        walked.append(arguments[0].home.shape[0])
        return walk(*arguments, **options)

    walk = stages.walk
    monkeypatch.setattr(stages, "walk", counted)
    assert SigmoidNeuronClassifier().fit(*tall(rng)).solver_ == "newton"
    assert walked == [1_875, 60_000]


@pytest.mark.parametrize("form", [np.asarray, sp.csr_array])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(("n", "p"), [(100, 5), (3_000, 120), (30_000, 12), (150_000, 3)])
def test_auto_chooses_by_shape_stored_numbers_and_type_whatever_they_are(rng, form, dtype, n, p):
    plans = []
    for size in (1, 1e6):
        X, y = form((size * rng.normal(size=(n, p))).astype(dtype)), rng.random((n, 1)) < 1 / size**0.1
        planned = plan("auto", "auto", Objective(InMemory(X, y, np.full(n, 1 / n, dtype)), 1 / size))
        plans.append((planned.solver, [stage.stride for stage in planned.stages]))
    assert plans[0] == plans[1]
