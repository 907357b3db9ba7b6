"""The classifier: what users of scikit-learn expect, and its promises against LogisticRegression."""

import io
import linecache
import pickle
import threading
import warnings

import joblib
import numpy as np
import pandas as pd
import pytest
import scipy.sparse as sp
from conftest import without_warnings
from sklearn import config_context
from sklearn.base import clone
from sklearn.calibration import CalibratedClassifierCV
from sklearn.datasets import load_breast_cancer, load_iris, make_classification
from sklearn.ensemble import VotingClassifier
from sklearn.exceptions import ConvergenceWarning, NotFittedError
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, TunedThresholdClassifierCV, cross_val_predict
from sklearn.multiclass import OneVsRestClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import (
    check_dataframe_column_names_consistency,
    check_n_features_in_after_fitting,
    check_param_validation,
    parametrize_with_checks,
)

from sklearn_neuron import DivergenceWarning, Recipe, SeparationWarning, SigmoidNeuronClassifier
from sklearn_neuron.datasets import make_toxic_plants
from sklearn_neuron.homes.home import Home
from sklearn_neuron.neuron import log_loss
from sklearn_neuron.solvers.coordinates import Standardised
from sklearn_neuron.solvers.directions import LBFGS, Steepest
from sklearn_neuron.solvers.recipes import NAMED, SOLVERS
from sklearn_neuron.solvers.step_sizes import Backtracking, Constant

COMPOSED = Recipe(LBFGS(pairs=5), Backtracking(), Standardised())


ENOUGH = {  # for what is demanded
    "gd": {"max_iter": 200},  # they need thousands to arrive
    "nesterov": {"max_iter": 200},
    "lazy-newton": {"tol": 1e-9},  # whether it looks for a Hessian depends on the number of rows, and they are repeated
}


@parametrize_with_checks(
    [
        SigmoidNeuronClassifier(solver=solver, multi_class=multi_class, **ENOUGH.get(str(solver), {}))
        for multi_class in ("ovr", "multinomial")
        for solver in ("auto", *NAMED, COMPOSED)
    ]
)
def test_what_scikit_learn_demands(estimator, check):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # some checks allow few iterations
        check(estimator)


@pytest.mark.parametrize(
    "check", [check_dataframe_column_names_consistency, check_n_features_in_after_fitting, check_param_validation]
)
def test_what_scikit_learn_demands_of_its_own(check):
    check("SigmoidNeuronClassifier", SigmoidNeuronClassifier())


def binary(rng, n=80, p=4):
    X = rng.normal(1, 2, (n, p))
    return X, (X @ rng.normal(size=p) + rng.normal(size=n) > 1).astype(int)


def fit(*data, **options):
    return SigmoidNeuronClassifier(**options).fit(*data)


def objective(coef, intercept, X, y, C):
    """J of one neuron, longhand."""
    return log_loss(X @ coef + intercept, y) + coef @ coef / (2 * C * len(y))


def one_by_one(model):
    """Coefficients of every neuron of either model."""
    each = getattr(model, "estimators_", [model])
    return np.vstack([one.coef_ for one in each]), np.concatenate([one.intercept_ for one in each])


def reference(X, y, **options):
    model = LogisticRegression(**options)
    return without_warnings((model if len(set(y)) == 2 else OneVsRestClassifier(model)).fit, X, y)


# Promises ---------------------------------------------------------------------------------------------------


def losses_beside(neuron, model, X, y, C):
    """J of every neuron, ours and those of another model."""
    truths = [y == k for k in neuron.classes_] if len(neuron.coef_) > 1 else [y == 1]
    return np.transpose(
        [
            [objective(w, b, X, truth, C) for w, b, truth in zip(*one_by_one(one), truths, strict=True)]
            for one in (neuron, model)
        ]
    )


@pytest.mark.parametrize("C", [1e-3, 1, 1e3])
def test_the_same_minimum_as_logistic_regression_on_raw_tables(table, C):
    X, y = table
    neuron = fit(X, y, C=C, tol=1e-9)
    oracle = reference(X, y, C=C, solver="newton-cholesky", tol=1e-12, max_iter=1000)
    coef, _ = one_by_one(oracle)
    np.testing.assert_allclose(neuron.coef_, coef, rtol=0, atol=1e-5 * np.abs(coef).max())
    assert neuron.converged_
    for ours, theirs in losses_beside(neuron, oracle, X, y, C):
        assert ours <= theirs * (1 + 1e-10)


@pytest.mark.parametrize("C", [1e-3, 1, 1e3])
def test_at_the_default_tol_no_further_from_the_floor_than_promised_or_logistic_regression(table, C):
    X, y = table
    neuron = fit(X, y, C=C)
    for ours, theirs in losses_beside(neuron, reference(X, y, C=C), X, y, C):
        assert ours <= theirs + neuron.tol**2 / 2


def test_the_rule_of_the_guide_done_by_hand():
    X, y = make_toxic_plants(random_state=0, return_X_y=True)
    with pytest.warns(ConvergenceWarning):
        neuron = fit(X, y, solver="gd", learning_rate=0.1, C=np.inf, max_iter=3)
    w, b = np.zeros(2), 0.0
    for _ in range(3):
        a = 1 / (1 + np.exp(-(X @ w + b)))
        w, b = w - 0.1 * X.T @ (a - y) / 200, b - 0.1 * np.mean(a - y)
    np.testing.assert_allclose(neuron.coef_[0], w, rtol=1e-12)
    assert neuron.intercept_[0] == pytest.approx(b, rel=1e-12, abs=0)
    assert len(neuron.history_) == 4
    assert neuron.n_iter_ == 3


def test_few_passes_on_raw_tables(table):
    """A budget: Newton's steps and a pass or two for the moments, no backtracking, few looks at the scores alone."""
    neuron = fit(*table, solver="newton")
    assert 0 <= neuron.history_.passes[-1] - (neuron.n_iter_.max() + 2) <= 4
    assert neuron.history_.passes[-1] <= 20


@pytest.mark.parametrize("solver", NAMED)
def test_all_solvers_agree(rng, solver):
    X, y = binary(rng)
    one, other = fit(X, y, tol=1e-9), fit(X, y, solver=solver, tol=1e-9)
    np.testing.assert_allclose(one.coef_, other.coef_, rtol=1e-6)
    assert other.solver_ == solver


def test_swapped_class_names_negate_the_neuron(rng):
    X, y = binary(rng)
    one, other = fit(X, y), fit(X, 1 - y)
    np.testing.assert_allclose(one.coef_, -other.coef_, rtol=1e-9)


@pytest.mark.parametrize("fit_intercept", [True, False])
@pytest.mark.parametrize("class_weight", [None, "balanced", {0: 1, 1: 5, 2: 0.5}])
def test_weights_and_intercept_mean_what_they_mean_in_logistic_regression(rng, fit_intercept, class_weight):
    X, _ = load_iris(return_X_y=True)
    y = (X[:, 0] + rng.normal(size=150) > 6).astype(int)
    options = {"fit_intercept": fit_intercept, "class_weight": class_weight, "C": 0.7}
    weight = rng.uniform(0.1, 3, 150)
    if isinstance(class_weight, dict):
        class_weight.pop(2, None)
    neuron = SigmoidNeuronClassifier(**options, tol=1e-10).fit(X, y, weight)
    oracle = LogisticRegression(**options, solver="newton-cholesky", tol=1e-12).fit(X, y, weight)
    np.testing.assert_allclose(neuron.coef_, oracle.coef_, rtol=1e-7)
    np.testing.assert_allclose(neuron.intercept_, oracle.intercept_, rtol=1e-7, atol=0)


def test_class_weight_is_computed_once_over_all_classes():
    X, y = load_iris(return_X_y=True)
    keep = np.r_[0:50, 50:80, 100:110]
    X, y = X[keep], y[keep]
    weight = (len(y) / (3 * np.bincount(y)))[y]
    np.testing.assert_allclose(fit(X, y, class_weight="balanced").coef_, fit(X, y, weight).coef_, rtol=1e-9)


def test_pure_log_loss_without_a_unique_minimum_takes_the_least_norm(rng):
    X, y = binary(rng)
    neuron = fit(X, y, C=np.inf, tol=1e-10)
    twins = fit(np.c_[X, X[:, 0], np.full(80, 3.0)], y, C=np.inf, tol=1e-10)
    np.testing.assert_allclose(twins.coef_[0, [0, 4]], neuron.coef_[0, 0] / 2, rtol=1e-6)
    np.testing.assert_allclose(twins.coef_[0, 1:4], neuron.coef_[0, 1:], rtol=1e-6)
    assert twins.coef_[0, 5] == 0  # the constant column
    assert twins.converged_


def test_more_features_than_examples(rng):
    X, y = binary(rng, n=30, p=400)
    for options in ({}, {"solver": "newton"}):
        neuron = fit(X, y, tol=1e-8, **options)
        assert neuron.converged_
        assert neuron.score(X, y) == 1
    with pytest.warns(SeparationWarning):
        assert fit(X, y, tol=1e-8, C=np.inf).score(X, y) == 1
    coef, _ = one_by_one(reference(X, y, solver="newton-cg", tol=1e-12, max_iter=1000))
    np.testing.assert_allclose(fit(X, y, tol=1e-9).coef_, coef, rtol=0, atol=1e-6 * np.abs(coef).max())


# Examples in every shape --------------------------------------------------------------------------------------


@pytest.mark.parametrize("solver", ["auto", *NAMED])
def test_float32_stays_float32(rng, solver):
    X, y = binary(rng)
    neuron = fit(X.astype(np.float32), y, solver=solver)
    assert neuron.coef_.dtype == np.float32
    assert neuron.intercept_.dtype == np.float64  # far from zero a bias needs every digit
    assert neuron.decision_function(X.astype(np.float32)).dtype == np.float32
    assert neuron.predict_proba(X.astype(np.float32)).dtype == np.float32
    np.testing.assert_allclose(neuron.coef_, fit(X, y).coef_, rtol=1e-2)  # gd: tol is an estimate


@pytest.mark.parametrize("tol", [1e-4, 0.0])
def test_float32_tables_converge_without_a_warning(tol):
    X, y = load_breast_cancer(return_X_y=True)
    neuron = fit(X.astype(np.float32), y, tol=tol)
    assert neuron.converged_
    best = objective(*fit(X, y).coef_, fit(X, y).intercept_, X, y, 1)
    ours = objective(neuron.coef_[0].astype(float), neuron.intercept_.astype(float), X, y, 1)
    assert ours == pytest.approx(best, rel=1e-7)  # float32


@pytest.mark.parametrize("offset", [0, 50])
@pytest.mark.parametrize("C", [1, 100])
def test_float32_features_that_say_nearly_the_same_converge_to_the_minimum(rng, C, offset):
    """12 causes behind 120 features that stand a few spreads from zero: sums of squares have no digits for the rest."""
    X = rng.normal(size=(8_000, 12)) @ rng.normal(size=(12, 120)) + 0.02 * rng.normal(size=(8_000, 120))
    y = X[:, :5].sum(axis=1) + 9 * rng.logistic(size=8_000) > 0
    X = (X + offset).astype(np.float32)
    neuron = fit(X, y, C=C)
    assert neuron.converged_
    assert neuron.history_.passes[-1] < 30
    exact = X.astype(np.float64)
    best = fit(exact, y, C=C, solver="newton", tol=1e-9)
    ours = objective(neuron.coef_[0].astype(float), neuron.intercept_.astype(float), exact, y, C)
    assert ours == pytest.approx(objective(best.coef_[0], best.intercept_, exact, y, C), rel=1e-6)  # float32


def test_sparse_float32_examples_of_many_classes_converge_without_a_warning():
    rng = np.random.default_rng(0)  # one of those where sums of one number after the other got stuck
    X = sp.random(38_000, 12, 0.02, format="csr", random_state=0, data_rvs=lambda size: rng.normal(size=size))
    y = (X @ rng.normal(scale=3, size=(12, 6)) + rng.gumbel(size=(38_000, 6))).argmax(axis=1)
    assert fit(X.astype(np.float32), y).converged_


def test_one_feature_and_one_row_a_class():
    neuron = fit([[1.0], [3.0]], ["lo", "hi"])
    assert neuron.predict([[1.0], [3.0]]).tolist() == ["lo", "hi"]
    assert neuron.decision_function([[2.0]]) == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize("value", [0.0, 1.0, 1e8 / 3])
def test_constant_columns_get_no_weight(rng, value):
    X, y = binary(rng)
    neuron = fit(np.c_[X, np.full(80, value)], y)
    assert neuron.coef_[0, -1] == 0
    np.testing.assert_allclose(neuron.coef_[0, :-1], fit(X, y).coef_[0], rtol=1e-6)
    assert fit(np.full((80, 2), value), y).converged_


def test_duplicate_rows_are_weights(rng):
    X, y = binary(rng)
    twice = fit(np.r_[X, X], np.r_[y, y], tol=1e-10)
    np.testing.assert_allclose(twice.coef_, fit(X, y, np.full(80, 2.0), tol=1e-10).coef_, rtol=1e-9)


def test_rows_of_weight_zero_are_not_there(rng):
    X, y = binary(rng)
    y[:5] = 7
    weight = np.r_[np.zeros(5), np.ones(75)]
    neuron = fit(X, y, weight)
    assert neuron.classes_.tolist() == [0, 1]
    np.testing.assert_allclose(neuron.coef_, fit(X[5:], y[5:]).coef_, rtol=1e-12)


# Answers ------------------------------------------------------------------------------------------------------


def believer(scores, K=1):
    """A fitted estimator whose scores are what they are told to be."""
    neuron = fit([[0.0], [1.0], [2.0]], [0, 1, 0] if K == 1 else [0, 1, 2])
    neuron.coef_, neuron.intercept_ = np.ones((K, 1)), np.zeros(K)
    return neuron, np.array(scores, dtype=float)[:, None]


def test_huge_scores_have_probabilities_and_logarithms():
    neuron, X = believer([-1e6, -800, -40, 0, 40, 800, 1e6])
    proba, log_proba = neuron.predict_proba(X), neuron.predict_log_proba(X)
    assert np.isfinite(log_proba).all()
    np.testing.assert_allclose(log_proba[[0, -1], [1, 0]], -1e6, rtol=1e-15)
    assert proba[4, 0] == pytest.approx(np.exp(-40), rel=1e-14, abs=0)  # 1 - proba would be exactly 0
    np.testing.assert_array_equal(proba, proba[::-1, ::-1])
    np.testing.assert_allclose(proba.sum(axis=1), 1, rtol=1e-15)


def test_many_classes_share_one_belief_even_where_every_sigmoid_rounds_to_zero():
    neuron, X = believer([-1e6, -800, 0, 800], K=3)
    neuron.coef_ = np.array([[1.0], [2.0], [3.0]])
    log_proba = neuron.predict_log_proba(X)
    assert np.isfinite(log_proba).all()
    np.testing.assert_allclose(neuron.predict_proba(X).sum(axis=1), 1, rtol=1e-14)
    np.testing.assert_allclose(log_proba[1], [-np.log1p(np.exp(-800)), -800, -1600], rtol=1e-14)


def test_many_classes_are_normalised_like_one_vs_rest(table):
    X, y = table
    if len(set(y)) > 2:
        neuron, oracle = fit(X, y, tol=1e-9), reference(X, y, solver="newton-cholesky", tol=1e-12, max_iter=1000)
        np.testing.assert_allclose(neuron.predict_proba(X), oracle.predict_proba(X), rtol=0, atol=1e-7)
        np.testing.assert_array_equal(neuron.predict(X), oracle.predict(X))


@pytest.mark.parametrize("answer", ["predict", "predict_proba", "predict_log_proba", "decision_function"])
def test_no_answer_before_learning(answer):
    with pytest.raises(NotFittedError):
        getattr(SigmoidNeuronClassifier(), answer)([[1.0]])


# In company ---------------------------------------------------------------------------------------------------


def test_in_pipelines_grids_and_ensembles(rng):
    X, y = binary(rng)
    grid = GridSearchCV(
        make_pipeline(StandardScaler(), SigmoidNeuronClassifier()),
        {"sigmoidneuronclassifier__C": [0.1, 1], "sigmoidneuronclassifier__solver": ["auto", "gd", COMPOSED]},
        cv=3,
        n_jobs=2,
    )
    with joblib.parallel_config("threading"):
        assert grid.fit(X, y).score(X, y) > 0.8
    assert cross_val_predict(SigmoidNeuronClassifier(), X, y, method="predict_proba").shape == (80, 2)
    for company in (
        CalibratedClassifierCV(SigmoidNeuronClassifier()),
        VotingClassifier([("neuron", SigmoidNeuronClassifier()), ("rival", LogisticRegression())], voting="soft"),
        TunedThresholdClassifierCV(SigmoidNeuronClassifier()),
        OneVsRestClassifier(SigmoidNeuronClassifier()),
    ):
        assert company.fit(X, y).score(X, y) > 0.8


def test_a_grid_reaches_into_a_composed_recipe(rng):
    X, y = binary(rng)
    grid = GridSearchCV(SigmoidNeuronClassifier(solver=COMPOSED), {"solver__direction__pairs": [2, 8]}, cv=3)
    assert grid.fit(X, y).best_estimator_.converged_
    assert COMPOSED.direction.pairs == 5


def test_sample_weights_are_routed(rng):
    X, y = binary(rng)
    with config_context(enable_metadata_routing=True):
        scaler = StandardScaler().set_fit_request(sample_weight=False)
        pipeline = make_pipeline(scaler, SigmoidNeuronClassifier().set_fit_request(sample_weight=True))
        routed = pipeline.fit(X, y, sample_weight=np.arange(80.0))
    direct = fit(StandardScaler().fit_transform(X), y, np.arange(80.0))
    np.testing.assert_array_equal(routed[-1].coef_, direct.coef_)


@pytest.mark.parametrize("solver", ["auto", "gd", COMPOSED])
def test_clone_pickle_and_joblib(rng, solver):
    X, y = binary(rng)
    neuron = fit(X, y, solver=solver, record="path")
    assert not hasattr(clone(neuron), "coef_")
    buffer = io.BytesIO()
    joblib.dump(neuron, buffer)
    buffer.seek(0)
    for copy in (pickle.loads(pickle.dumps(neuron)), joblib.load(buffer)):
        np.testing.assert_array_equal(copy.predict_proba(X), neuron.predict_proba(X))
        np.testing.assert_array_equal(copy.history_.weights, neuron.history_.weights)


def test_a_fit_is_the_same_every_time(rng):
    X, y = binary(rng)
    neuron = SigmoidNeuronClassifier()
    np.testing.assert_array_equal(neuron.fit(X, y).coef_, clone(neuron).fit(X, y).coef_)


@pytest.mark.parametrize("n", [200, 220_000])  # the larger is walked by several threads, where there are processors
def test_a_worker_thread_fits_the_same_bits_and_ends(rng, n):
    X, y = binary(rng, n, 20)
    expected = fit(X, y).coef_
    found = []
    worker = threading.Thread(target=lambda: found.append(fit(X, y).coef_), daemon=True)
    worker.start()
    worker.join(120)
    assert not worker.is_alive()
    with joblib.parallel_config("threading"):
        found += [neuron.coef_ for neuron in joblib.Parallel(2)(joblib.delayed(fit)(X, y) for _ in range(2))]
    for coef in found:
        np.testing.assert_array_equal(coef, expected)
    assert len(found) == 3


# What it says ---------------------------------------------------------------------------------------------------


def test_a_neuron_that_arrived_says_so(rng):
    neuron = fit(*binary(rng))
    assert neuron.converged_
    assert neuron.stop_reason_ == "The gradient is small enough."
    assert neuron.solver_ == "newton"
    np.testing.assert_array_equal(neuron.loss_curve_, neuron.history_.loss)
    assert len(neuron.loss_curve_) == neuron.n_iter_[0] + 1


@pytest.mark.parametrize("solver", ["gd", "nesterov", "newton", "lbfgs"])
def test_too_large_a_rate_trips_and_names_the_cure(solver):
    X, y = make_toxic_plants(random_state=0, return_X_y=True)
    with pytest.warns(DivergenceWarning) as caught:
        neuron = fit(X, y, solver=solver, learning_rate=30.0)
    message = str(caught[0].message)
    assert f"solver='{solver}' and learning_rate=30" in message
    assert "learning_rate='auto'" in message
    assert not neuron.converged_
    assert np.isfinite(neuron.coef_).all()
    assert neuron.stop_reason_.startswith("Diverged")
    if solver in ("gd", "nesterov"):
        A = np.c_[X, np.ones(200)]
        L = np.linalg.eigvalsh(A.T @ A / 200)[-1] / 4 + 1 / 200
        safe = (2 if solver == "gd" else 1) / L
        assert f"largest safe learning rate on these data is {safe:.3g}" in message
        assert fit(X, y, solver=solver, learning_rate=0.99 * safe, tol=1e-2).converged_


def test_too_small_a_rate_says_how_far_j_still_fell():
    X, y = make_toxic_plants(random_state=0, return_X_y=True)
    with pytest.warns(ConvergenceWarning, match="in the last step J still fell by .* Raise learning_rate") as caught:
        neuron = fit(X, y, solver="gd", learning_rate=1e-6, max_iter=10)
    assert not isinstance(caught[0].message, DivergenceWarning)
    fell = neuron.loss_curve_[-2] - neuron.loss_curve_[-1]
    assert f"fell by {fell:.2g}." in str(caught[0].message)
    assert caught[0].filename == __file__  # the warning points to the line of the user


@pytest.mark.parametrize(
    ("options", "cure"),
    [
        ({"max_iter": 2}, r"Raise max_iter \(now 2\) or tol\.$"),
        ({"solver": "gd", "max_iter": 2}, r"Raise max_iter \(now 2\) or tol, or use solver='auto'"),
        ({"solver": "gd", "max_iter": 2, "learning_rate": 0.29}, "Lower learning_rate"),
        ({"solver": "gd", "max_iter": 2, "learning_rate": 0.5}, "tripped.*The largest safe learning rate"),
    ],
)
def test_spent_iterations_say_what_to_change(options, cure):
    X, y = make_toxic_plants(random_state=0, return_X_y=True)
    with pytest.warns(ConvergenceWarning, match=cure):
        fit(X, y, **options)


def test_a_warning_points_at_the_call_of_fit(rng):
    X = rng.normal(size=(50, 2))
    with pytest.warns(ConvergenceWarning) as caught:
        SigmoidNeuronClassifier(max_iter=1).fit(X, X[:, 0] > rng.normal(size=50))
    (warning,) = caught
    line = linecache.getline(warning.filename, warning.lineno).strip()
    assert line == "SigmoidNeuronClassifier(max_iter=1).fit(X, X[:, 0] > rng.normal(size=50))"


def test_many_neurons_are_told_in_one_warning():
    X, y = load_iris(return_X_y=True)
    with pytest.warns(ConvergenceWarning, match="of 3") as caught:
        neuron = fit(X, y, max_iter=4)
    assert len(caught) == 1
    assert neuron.n_iter_.shape == (3,)
    assert "neurons: the iterations are spent" in neuron.stop_reason_


def test_a_line_separates_the_classes_and_nothing_is_penalised():
    """J has no minimum then; the walk still ends, near 0."""
    for tol, near in ((1e-4, 1e-8), (0, 1e-15)):
        with pytest.warns(SeparationWarning, match="J has no minimum"):
            neuron = fit([[0.0], [1.0], [2.0], [3.0]], [0, 0, 1, 1], C=np.inf, tol=tol)
        assert not neuron.converged_
        assert neuron.loss_curve_[-1] < near


def test_a_named_rate_without_a_solver_is_the_rule_of_the_guide():
    X, y = make_toxic_plants(random_state=0, return_X_y=True)
    assert without_warnings(fit, X, y, learning_rate=0.1, max_iter=1).solver_ == "gd"
    with pytest.raises(ValueError, match="both say how far to step"):
        fit(X, y, learning_rate=0.1, solver=COMPOSED)


def test_a_callable_rate_is_a_schedule():
    X, y = make_toxic_plants(random_state=0, return_X_y=True)
    neuron = without_warnings(fit, X, y, solver="gd", learning_rate=lambda k: 0.1 if k else 0.05, max_iter=3)
    np.testing.assert_array_equal(neuron.history_.rate[1:4], [0.05, 0.1, 0.1])


def test_many_features_walk_without_a_hessian(rng):
    X, y = binary(rng, n=1_001, p=1_001)
    assert fit(X, y).solver_ == "lbfgs"


# What it refuses ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("solver", [name for name in SOLVERS if "gram" not in name])
@pytest.mark.parametrize("bad", [np.nan, np.inf])
@pytest.mark.parametrize("options", [{}, {"C": np.inf}, {"fit_intercept": False}, {"max_iter": 0}])
def test_no_solver_arrives_with_a_number_that_is_not_finite(rng, solver, bad, options):
    """Nobody looks before the walk."""
    X, y = binary(rng)
    X[7, 1] = bad
    with pytest.raises(ValueError, match="Input X contains") as told:
        fit(X, y, solver=solver, **options)
    assert told.value.__context__ is None or told.value.__suppress_context__


@pytest.mark.parametrize(("n", "p"), [(20_000, 5), (50, 300), (260, 300), (2_000, 60), (2_100, 1_001)])
@pytest.mark.parametrize("form", [np.asarray, sp.csr_array])
def test_no_regime_arrives_with_a_number_that_is_not_finite(rng, n, p, form):
    X = rng.normal(size=(n, p))
    y = X[:, 0] + rng.logistic(size=n) > 0
    X[7, 1] = np.nan  # no sample looks at this example
    with pytest.raises(ValueError, match="Input X contains NaN"):
        fit(form(X), y)


def test_newton_is_refused_where_its_hessian_would_not_fit_and_lbfgs_is_named():
    X, y = sp.random(1_001, 20_000, 0.001, format="csr", random_state=0), np.arange(1_001) % 2
    with pytest.raises(ValueError, match=r"would need 3\.0 GiB .* use solver='lbfgs'"):
        fit(X, y, solver="newton")


@pytest.mark.parametrize(("dtype", "size"), [(np.float32, 1e25), (np.float64, 1e200)])
def test_features_too_large_to_square_are_named(rng, dtype, size):
    X, y = binary(rng)
    X[:, 2] *= size
    with pytest.raises(ValueError, match=f"Feature 2 of X is so large .* {np.dtype(dtype)} can hold"):
        fit(X.astype(dtype), y)


# Refitting ------------------------------------------------------------------------------------------------------


def test_warm_start_goes_on_from_where_it_was(rng):
    X, y = binary(rng)
    neuron = fit(X, y, warm_start=True)
    cold = neuron.n_iter_[0]
    assert neuron.fit(X, y).n_iter_[0] < cold
    assert neuron.set_params(C=1.1).fit(X, y).n_iter_[0] < cold
    np.testing.assert_allclose(neuron.coef_, fit(X, y, C=1.1).coef_, rtol=1e-6)


@pytest.mark.parametrize("K", [2, 3])
@pytest.mark.parametrize("fit_intercept", [True, False])
def test_gd_warm_started_is_gd_uninterrupted(rng, K, fit_intercept):
    X, _ = binary(rng)
    y = np.arange(80) % K
    options = {"solver": "gd", "learning_rate": 0.05, "fit_intercept": fit_intercept, "tol": 0.0}
    whole = without_warnings(fit, X, y, max_iter=6, **options)
    half = SigmoidNeuronClassifier(max_iter=3, warm_start=True, **options)
    for _ in range(2):
        without_warnings(half.fit, X, y)
    np.testing.assert_allclose(half.coef_, whole.coef_, rtol=1e-13)


def test_a_changed_problem_under_warm_start_is_refused(rng):
    X, y = binary(rng)
    neuron = fit(X, y, warm_start=True)
    with pytest.raises(ValueError, match=r"X has 3 features but warm_start=True would go on from 4"):
        neuron.fit(X[:, :3], y)
    with pytest.raises(ValueError, match=r"classes .* warm_start"):
        neuron.fit(X, np.arange(80) % 3)
    with pytest.raises(ValueError, match=r"classes .* warm_start"):
        neuron.fit(X, y + 5)


class Raising:
    def __array__(self, *args, **options):
        raise RuntimeError("no weights today")


def interrupted(self, kernel):
    raise KeyboardInterrupt


ACCIDENTS = {
    "five columns, one class": (ValueError, lambda neuron, X, y: neuron.fit(np.c_[X, X[:, :1]], np.ones(80))),
    "a weight that raises": (RuntimeError, lambda neuron, X, y: neuron.fit(X[:, :2], y, sample_weight=Raising())),
    "Ctrl-C": (KeyboardInterrupt, lambda neuron, X, y: neuron.fit(X[:, :2], y)),
    "a warning as error": (ConvergenceWarning, lambda neuron, X, y: neuron.fit(X[:, :2], 1 - y)),
}


@pytest.mark.parametrize("accident", ACCIDENTS)
def test_a_refit_that_fails_leaves_the_fitted_neuron_bit_for_bit(rng, monkeypatch, accident):
    X, y = binary(rng)
    neuron = SigmoidNeuronClassifier(max_iter=50).fit(pd.DataFrame(X, columns=list("abcd")), y)
    neuron.set_params(max_iter=1 if accident == "a warning as error" else 50)
    before, attributes = pickle.dumps(neuron), dict(vars(neuron))
    error, refit = ACCIDENTS[accident]
    if accident == "Ctrl-C":
        monkeypatch.setattr(Home, "fold", interrupted)
    with pytest.raises(error):
        refit(neuron, X, y)
    assert pickle.dumps(neuron) == before
    assert vars(neuron).keys() == attributes.keys()
    assert all(vars(neuron)[name] is value for name, value in attributes.items())


def test_a_refit_forgets_the_names_of_features_that_have_none_now(rng):
    X, y = binary(rng)
    neuron = SigmoidNeuronClassifier().fit(pd.DataFrame(X, columns=list("abcd")), y)
    assert not hasattr(neuron.fit(X, y), "feature_names_in_")


def test_a_recipe_of_steepest_descent_runs_in_any_coordinates(rng):
    X, y = binary(rng)
    recipe = Recipe(Steepest(), Constant(0.5), Standardised())
    neuron = fit(X, y, solver=recipe, tol=1e-8)
    assert neuron.solver_ == "recipe"
    np.testing.assert_allclose(neuron.coef_, fit(X, y, tol=1e-9).coef_, rtol=1e-5)


def test_synthetic_problems_of_all_shapes_agree_with_logistic_regression():
    for seed, (n, p) in enumerate([(20, 2), (200, 10), (50, 40), (300, 300)]):
        X, y = make_classification(n, p, n_informative=min(p, 5), n_redundant=0, random_state=seed)
        X = X * np.logspace(-2, 3, p) + np.logspace(3, -2, p)
        neuron = fit(X, y, C=0.1, tol=1e-9)
        coef, intercept = one_by_one(reference(X, y, C=0.1, solver="newton-cholesky", tol=1e-12, max_iter=1000))
        ours = objective(neuron.coef_[0], neuron.intercept_[0], X, y, 0.1)
        assert ours <= objective(coef[0], intercept[0], X, y, 0.1) * (1 + 1e-12)


@pytest.mark.parametrize("name", ["coef_", "intercept_"])
def test_a_warm_start_from_no_number_is_refused(rng, name):
    neuron = fit(*binary(rng), warm_start=True)
    setattr(neuron, name, np.full_like(getattr(neuron, name), np.nan))
    with pytest.raises(ValueError, match="warm_start=True would go on from coef_ or intercept_ that are not finite"):
        neuron.fit(*binary(rng))
