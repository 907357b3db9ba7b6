"""The choice of C: that of GridSearchCV over the same neuron, from fewer passes over X."""

import pickle
import warnings
from inspect import signature

import numpy as np
import pandas as pd
import pytest
import scipy.sparse as sp
from conftest import without_warnings
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import config_context
from sklearn.base import clone
from sklearn.datasets import load_breast_cancer, load_iris
from sklearn.exceptions import ConvergenceWarning, NotFittedError
from sklearn.linear_model import LogisticRegressionCV
from sklearn.metrics import get_scorer, make_scorer
from sklearn.model_selection import (
    GridSearchCV,
    GroupKFold,
    LeaveOneGroupOut,
    PredefinedSplit,
    RepeatedStratifiedKFold,
    ShuffleSplit,
    StratifiedKFold,
    StratifiedShuffleSplit,
    TimeSeriesSplit,
    cross_val_score,
)
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import (
    check_dataframe_column_names_consistency,
    check_n_features_in_after_fitting,
    check_param_validation,
    parametrize_with_checks,
)

from sklearn_neuron import SigmoidNeuronClassifier, SigmoidNeuronClassifierCV, explain
from sklearn_neuron.folds import Examples, folds_of, paths
from sklearn_neuron.homes import costs
from sklearn_neuron.homes.memory import InMemory

ARRIVED = {"tol": 1e-7}  # so near to the minimum that ways to it do not matter


@parametrize_with_checks(
    [
        SigmoidNeuronClassifierCV(Cs=3, cv=3),
        SigmoidNeuronClassifierCV(Cs=3, cv=3, refit=False),
        SigmoidNeuronClassifierCV(Cs=3, cv=3, multi_class="multinomial", tol=1e-9),
        SigmoidNeuronClassifierCV(Cs=3, cv=3, solver="lazy-newton", tol=1e-9),
        SigmoidNeuronClassifierCV(Cs=3, cv=3, class_weight="balanced", scoring="accuracy"),
        SigmoidNeuronClassifierCV(Cs=3, cv=3, l1_ratios=(0.5,)),
        SigmoidNeuronClassifierCV(Cs=3, cv=3, l1_ratios=(0, 1), multi_class="multinomial", tol=1e-9),
    ]
)
def test_what_scikit_learn_demands(estimator, check):
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "The least populated class")  # tables of scikit-learn's checks are small
        check(estimator)


@pytest.mark.parametrize(
    "check", [check_dataframe_column_names_consistency, check_n_features_in_after_fitting, check_param_validation]
)
def test_what_scikit_learn_demands_of_its_own(check):
    check("SigmoidNeuronClassifierCV", SigmoidNeuronClassifierCV(cv=3))  # of some classes there are four examples


def table(rng, n=60, p=3, K=2):
    """Overlapping classes, none of them rare, in units far apart."""
    X = rng.normal(size=(n, p)) * np.logspace(-1, 2, p) + 10
    z = (X - 10) @ (rng.normal(size=(p, K)) / np.logspace(-1, 2, p)[:, None]) + rng.gumbel(size=(n, K))
    y = z.argmax(axis=1)
    y[: 6 * K] = np.tile(np.arange(K), 6)
    return X, y


def grid(Cs, l1_ratios=(0.0,), **options):
    return GridSearchCV(SigmoidNeuronClassifier(**ARRIVED), {"C": Cs, "l1_ratio": l1_ratios}, **options)


# The same choice as others' -----------------------------------------------------------------------------------


@pytest.mark.parametrize("multi_class", ["ovr", "multinomial"])
@settings(max_examples=25)
@given(data=st.data())
def test_c_is_that_of_grid_search(multi_class, data):
    rng = np.random.default_rng(data.draw(st.integers(0, 2**32 - 1)))
    K = data.draw(st.integers(2, 4))
    X, y = table(rng, p=data.draw(st.integers(1, 5)), K=K)
    X = sp.csr_array(X) if data.draw(st.booleans()) else X
    weight = rng.integers(0, 3, len(y)) + 0.5 if data.draw(st.booleans()) else None
    cv = data.draw(
        st.sampled_from(
            [3, StratifiedKFold(4, shuffle=True, random_state=0), StratifiedShuffleSplit(5, random_state=1)]
        )
    )
    class_weight = data.draw(st.sampled_from([None, "balanced", {0: 2.0}]))
    scoring = data.draw(
        st.sampled_from(["neg_log_loss", "accuracy", "balanced_accuracy", "roc_auc_ovr", "neg_brier_score"])
    )
    fit_intercept = data.draw(st.booleans())
    Cs, ratios = 10 ** rng.uniform(-3, 3, 5), data.draw(st.sampled_from([(0.0,), (1.0,), (0.3, 0.0)]))
    options = {"class_weight": class_weight, "fit_intercept": fit_intercept, "multi_class": multi_class}
    scoring = "neg_log_loss" if scoring == "roc_auc_ovr" and K == 2 else scoring
    if any(ratios) and "accuracy" in scoring:  # where all weights are 0, rounding says which class is more probable
        scoring = "neg_brier_score"

    ours = SigmoidNeuronClassifierCV(Cs=Cs, l1_ratios=ratios, cv=cv, scoring=scoring, **ARRIVED, **options)
    ours.fit(X, y, weight)
    theirs = grid(Cs, ratios, cv=cv, scoring=scoring).set_params(**{f"estimator__{k}": v for k, v in options.items()})
    theirs.fit(X, y, sample_weight=weight)
    scores = np.array([theirs.cv_results_[f"split{k}_test_score"] for k in range(len(ours.scores_))])
    scores = scores.reshape(len(scores), len(Cs), len(ratios)).transpose(0, 2, 1)
    # a minimum is met to 1e-7 in the metric of J: so well are beliefs; an example on the boundary may change sides
    allowed = 1e-5 if scoring.startswith("neg") else 3 / len(y)
    np.testing.assert_allclose(ours.scores_, scores, atol=allowed)
    if np.abs(ours.scores_ - scores).max() < 1e-12 or scoring == "neg_log_loss":
        chosen = {"C": ours.C_, "l1_ratio": ours.l1_ratio_}
        assert theirs.best_params_ == chosen or np.ptp(np.sort(scores.mean(axis=0), axis=None)[-2:]) < allowed


@settings(max_examples=20)
@given(
    seed=st.integers(0, 2**32 - 1),
    fit_intercept=st.booleans(),
    K=st.integers(2, 3),
    dtype=st.sampled_from(["f4", "f8"]),
)
def test_every_fold_learns_what_it_would_learn_alone(seed, fit_intercept, K, dtype):
    rng = np.random.default_rng(seed)
    X, y = table(rng, K=K)
    X = X.astype(dtype)
    cv = StratifiedKFold(3)
    ours = SigmoidNeuronClassifierCV(Cs=[0.01, 1, 100], cv=cv, fit_intercept=fit_intercept).fit(X, y)
    for f, (train, _) in enumerate(cv.split(X, y)):
        for c, C in enumerate(ours.Cs_):
            exact = SigmoidNeuronClassifier(C=C, fit_intercept=fit_intercept, tol=1e-9).fit(
                X[train].astype(float), y[train]
            )
            J = exact.objective(X[train].astype(float), y[train])
            bias = [exact.intercept_] if fit_intercept else []
            least = J.at(np.vstack([exact.coef_.T, *bias])).loss
            found = J.at(ours.coefs_paths_[f, 0, c].T).loss
            # what tol = 1e-4 means: J is about tol^2 / 2 above its minimum; float32 holds six digits
            assert (found - least <= (1e-8 if dtype == "f8" else 1e-6)).all()


NEW_LAYOUT = pytest.mark.skipif(
    "use_legacy_attributes" not in signature(LogisticRegressionCV).parameters,
    reason="LogisticRegressionCV has its new attributes from scikit-learn 1.8 on",
)


@NEW_LAYOUT
def test_attributes_are_those_of_logistic_regression_cv():
    X, y = load_iris(return_X_y=True)
    for classes in (2, 3):
        some = y < classes
        options = {"Cs": [0.01, 0.1, 1.0, 10.0], "cv": 3, "scoring": "neg_log_loss"}
        ours = SigmoidNeuronClassifierCV(**options, multi_class="multinomial", **ARRIVED).fit(X[some], y[some])
        theirs = LogisticRegressionCV(
            **options, solver="newton-cholesky", tol=1e-8, l1_ratios=(0,), use_legacy_attributes=False
        ).fit(X[some], y[some])
        for name in ("C_", "l1_ratio_"):
            assert type(getattr(ours, name)) is type(getattr(theirs, name)) is float
            assert getattr(ours, name) == getattr(theirs, name)
        for name in ("classes_", "Cs_", "l1_ratios_"):
            np.testing.assert_array_equal(getattr(ours, name), getattr(theirs, name))
        assert ours.n_iter_.shape == theirs.n_iter_.shape
        assert ours.n_iter_.dtype == theirs.n_iter_.dtype
        for name in ("scores_", "coefs_paths_", "coef_", "intercept_"):
            # J of both is as near to its minimum as 1e-7 in their own measures tells
            np.testing.assert_allclose(getattr(ours, name), getattr(theirs, name), rtol=1e-3, atol=1e-4)


def test_the_last_neuron_is_the_classifier_with_that_c():
    X, y = load_breast_cancer(return_X_y=True)
    ours = SigmoidNeuronClassifierCV(Cs=4, record="path").fit(X, y)
    alone = SigmoidNeuronClassifier(C=ours.C_, record="path").fit(X, y)
    np.testing.assert_array_equal(ours.coef_, alone.coef_)
    np.testing.assert_array_equal(ours.intercept_, alone.intercept_)
    np.testing.assert_array_equal(ours.history_.weights, alone.history_.weights)
    for method in ("predict", "predict_proba", "predict_log_proba", "decision_function"):
        np.testing.assert_array_equal(getattr(ours, method)(X), getattr(alone, method)(X))
    assert (ours.converged_, ours.stop_reason_) == (alone.converged_, alone.stop_reason_)
    assert ours.score(X, y) == get_scorer("neg_log_loss")(alone, X, y)


def test_without_a_refit_what_folds_have_learned_is_averaged():
    X, y = load_iris(return_X_y=True)
    frame = pd.DataFrame(X, columns=list("abcd"))
    ours = SigmoidNeuronClassifierCV(Cs=[0.01, 1, 100], cv=3, refit=False).fit(frame, y)
    best = ours.scores_[:, 0].argmax(axis=1)
    assert ours.Cs_[best].mean() == ours.C_
    each = ours.coefs_paths_[np.arange(3), 0, best].mean(axis=0)
    np.testing.assert_array_equal(np.column_stack([ours.coef_, ours.intercept_]), each)
    assert not hasattr(ours, "history_")
    assert ours.predict_proba(frame).shape == (150, 3)
    assert ours.best_estimator_.C == ours.C_
    again = clone(ours).set_params(refit=True).fit(frame, y)
    assert again.converged_
    again.set_params(refit=False).fit(X, y)  # nothing of an earlier fit is left
    assert not {"history_", "converged_", "stop_reason_", "feature_names_in_"} & set(vars(again))


def test_one_standard_error_is_the_smallest_c_that_may_be_as_good():
    X, y = load_breast_cancer(return_X_y=True)
    best = SigmoidNeuronClassifierCV(Cs=20).fit(X, y)
    simple = clone(best).set_params(one_standard_error=True).fit(X, y)
    mean = best.scores_[:, 0].mean(axis=0)
    top = mean.argmax()
    error = best.scores_[:, 0, top].std(ddof=1) / np.sqrt(5)
    assert simple.C_ == best.Cs_[mean >= mean[top] - error].min() < best.C_
    one = SigmoidNeuronClassifierCV(Cs=5, cv=ShuffleSplit(1, random_state=0), one_standard_error=True).fit(X, y)
    assert one.Cs_[one.scores_[0, 0].argmax()] == one.C_  # of one fold there is no error


def test_of_equally_good_ones_the_first_is_taken_as_grid_search_does(rng):
    X, y = table(rng)
    for Cs, ratios in (([10, 1, 100], [0.5, 0.0]), ([1, 10, 100], [0.0, 0.5])):
        ours = SigmoidNeuronClassifierCV(Cs=Cs, l1_ratios=ratios, cv=3, scoring=lambda *_: 1.0).fit(X, y)
        theirs = grid(Cs, ratios, cv=3, scoring=lambda *_: 1.0).fit(X, y)
        assert {"C": ours.C_, "l1_ratio": ours.l1_ratio_} == theirs.best_params_ == {"C": Cs[0], "l1_ratio": ratios[0]}


def test_a_scorer_is_shown_what_it_scores(rng):
    X, y = table(rng)

    def smallest(estimator, X, y):
        return -estimator.C - estimator.l1_ratio

    ours = SigmoidNeuronClassifierCV(Cs=[10.0, 0.1, 1.0], l1_ratios=[0.5, 1.0], cv=3, scoring=smallest).fit(X, y)
    np.testing.assert_array_equal(ours.scores_[0], [[-10.5, -0.6, -1.5], [-11.0, -1.1, -2.0]])
    assert (ours.C_, ours.l1_ratio_) == (0.1, 0.5)


def test_c_and_l1_ratio_are_chosen_together_or_by_each_fold(rng):
    X, y = table(rng, n=90, p=5, K=3)
    options = {"Cs": [0.01, 1.0, 100.0], "l1_ratios": [0.0, 0.7, 1.0], "cv": 3, "tol": 1e-8}
    best = SigmoidNeuronClassifierCV(**options).fit(X, y)
    ratio, C = np.unravel_index(best.scores_.mean(axis=0).argmax(), (3, 3))
    assert (best.l1_ratio_, best.C_) == (options["l1_ratios"][ratio], options["Cs"][C])
    np.testing.assert_array_equal(best.l1_ratios_, options["l1_ratios"])
    assert best.coefs_paths_.shape == (3, 3, 3, 3, 6)
    alone = SigmoidNeuronClassifier(C=best.C_, l1_ratio=best.l1_ratio_, tol=1e-8).fit(X, y)
    np.testing.assert_array_equal(best.coef_, alone.coef_)
    averaged = clone(best).set_params(refit=False).fit(X, y)
    each = [np.unravel_index(scores.argmax(), (3, 3)) for scores in averaged.scores_]
    expected = np.mean([averaged.coefs_paths_[fold, *which] for fold, which in enumerate(each)], axis=0)
    np.testing.assert_allclose(np.column_stack([averaged.coef_, averaged.intercept_]), expected, rtol=1e-12)
    assert averaged.l1_ratio_ == pytest.approx(np.mean([options["l1_ratios"][r] for r, _ in each]))
    simple = clone(best).set_params(one_standard_error=True).fit(X, y)
    assert simple.l1_ratio_ == best.l1_ratio_
    assert simple.C_ <= best.C_


def test_a_score_that_is_no_number_is_never_the_best(rng):
    X, y = table(rng)

    def scorer(estimator, X, y):
        return np.nan if np.abs(estimator.coef_).max() > 0.01 else -np.abs(estimator.coef_).max()

    ours = SigmoidNeuronClassifierCV(Cs=[1e-6, 1.0], cv=3, scoring=scorer).fit(X, y)
    assert ours.C_ == 1e-6


# Laws -----------------------------------------------------------------------------------------------------------


@settings(max_examples=10)
@given(seed=st.integers(0, 2**32 - 1))
def test_the_order_of_cs_changes_nothing(seed):
    rng = np.random.default_rng(seed)
    X, y = table(rng)
    Cs = np.array([0.01, 0.1, 1.0, 10.0])
    shuffled = rng.permutation(4)
    one = SigmoidNeuronClassifierCV(Cs=Cs, cv=3).fit(X, y)
    other = SigmoidNeuronClassifierCV(Cs=Cs[shuffled], cv=3).fit(X, y)
    assert one.C_ == other.C_
    np.testing.assert_array_equal(one.scores_[..., shuffled], other.scores_)
    np.testing.assert_array_equal(one.coefs_paths_[:, :, shuffled], other.coefs_paths_)
    np.testing.assert_array_equal(one.n_iter_[..., shuffled], other.n_iter_)
    np.testing.assert_array_equal(other.Cs_, Cs[shuffled])


@settings(max_examples=10)
@given(seed=st.integers(0, 2**32 - 1))
def test_rows_may_come_in_any_order_with_their_folds(seed):
    rng = np.random.default_rng(seed)
    X, y = table(rng)
    fold, order = np.arange(len(y)) % 3, rng.permutation(len(y))
    one = SigmoidNeuronClassifierCV(Cs=4, cv=PredefinedSplit(fold), **ARRIVED).fit(X, y)
    other = SigmoidNeuronClassifierCV(Cs=4, cv=PredefinedSplit(fold[order]), **ARRIVED).fit(X[order], y[order])
    assert one.C_ == other.C_
    np.testing.assert_allclose(one.scores_, other.scores_, rtol=1e-6)  # as near as 1e-7 tells


def test_a_weight_of_2_is_the_example_twice_and_of_0_not_at_all(rng):
    X, y = table(rng)
    weight = rng.integers(0, 3, len(y))
    fold = np.arange(len(y)) % 3
    one = SigmoidNeuronClassifierCV(Cs=4, cv=PredefinedSplit(fold), class_weight="balanced", **ARRIVED)
    other = SigmoidNeuronClassifierCV(Cs=4, cv=PredefinedSplit(fold.repeat(weight)), class_weight="balanced", **ARRIVED)
    one.fit(X, y, weight)
    other.fit(X.repeat(weight, axis=0), y.repeat(weight))
    np.testing.assert_allclose(one.scores_, other.scores_, rtol=1e-6)
    np.testing.assert_allclose(one.coefs_paths_, other.coefs_paths_, rtol=1e-4, atol=1e-6)


def test_an_example_that_a_fold_draws_twice_counts_twice(rng):
    X, y = table(rng)
    drawn = rng.integers(0, len(y), 80)
    twice = [(drawn, np.setdiff1d(np.arange(len(y)), drawn)), (np.arange(40), np.arange(40, 60))]
    ours = SigmoidNeuronClassifierCV(Cs=[1.0], cv=twice, **ARRIVED).fit(X, y)
    alone = SigmoidNeuronClassifier(C=1.0, **ARRIVED).fit(X[drawn], y[drawn])
    np.testing.assert_allclose(ours.coefs_paths_[0, 0, 0, :, :-1], alone.coef_, rtol=1e-5)


def test_float32_stays_float32(rng):
    X, y = table(rng)
    ours = SigmoidNeuronClassifierCV(Cs=3, cv=3).fit(X.astype(np.float32), y)
    assert ours.coef_.dtype == ours.decision_function(X.astype(np.float32)).dtype == np.float32


@pytest.mark.parametrize(
    "cv",
    [
        TimeSeriesSplit(3),
        RepeatedStratifiedKFold(n_splits=3, n_repeats=2, random_state=0),
        ShuffleSplit(4, train_size=0.3, test_size=0.2, random_state=0),
        [(np.arange(60) < 30, np.arange(60) >= 30), (np.arange(60) >= 30, np.arange(60) < 30)],
    ],
    ids=str,
)
def test_folds_may_overlap_and_leave_out(rng, cv):
    X, y = table(rng)
    ours = SigmoidNeuronClassifierCV(Cs=4, cv=cv, **ARRIVED).fit(X, y)
    theirs = grid(ours.Cs_, cv=cv, scoring="neg_log_loss").fit(X, y)
    assert theirs.best_params_["C"] == ours.C_
    for k, scores in enumerate(ours.scores_[:, 0]):
        np.testing.assert_allclose(scores, theirs.cv_results_[f"split{k}_test_score"], rtol=1e-5)


def test_without_a_penalty_too(rng):
    X, y = table(rng)
    ours = SigmoidNeuronClassifierCV(Cs=[np.inf, 1.0, 1e-3], cv=3, **ARRIVED).fit(X, y)
    theirs = grid([np.inf, 1.0, 1e-3], cv=3, scoring="neg_log_loss").fit(X, y)
    assert theirs.best_params_["C"] == ours.C_
    np.testing.assert_allclose(ours.scores_[:, 0].mean(axis=0), theirs.cv_results_["mean_test_score"], rtol=1e-5)


# What is shared -----------------------------------------------------------------------------------------------------


def in_folds(X, y, n_folds=5, **options):
    neuron = SigmoidNeuronClassifier(**options)
    neuron.classes_, codes = np.unique(y, return_inverse=True)
    neuron.n_features_in_ = X.shape[1]
    examples = Examples(X, y, codes, np.ones(len(y)))
    return neuron, examples, folds_of(StratifiedKFold(n_folds).split(X, y), examples, neuron.classes_, None)


def one_by_one(monkeypatch):
    monkeypatch.setattr("sklearn_neuron.folds.SHARES_OF_FOLDS", 0)


@pytest.mark.parametrize("load", [load_breast_cancer, load_iris])
def test_side_by_side_x_is_read_fewer_times_than_fold_by_fold(monkeypatch, load):
    problem, Cs = in_folds(*load(return_X_y=True)), np.logspace(-4, 4, 10)
    together = paths(*problem, Cs)
    one_by_one(monkeypatch)
    apart = paths(*problem, Cs)
    assert together.passes <= 0.5 * apart.passes
    cold = sum(
        SigmoidNeuronClassifier(C=C).fit(problem[1].X[fold.train], problem[1].y[fold.train]).history_.passes[-1] * 0.8
        for fold in problem[2]
        for C in Cs
    )
    assert apart.passes <= 0.8 * cold  # each starts from where the last one ended


@pytest.mark.parametrize("shape", ["wide", "sparse", "tall", "float32", "many classes"])
def test_fold_by_fold_the_same_is_learned_as_side_by_side(monkeypatch, rng, shape):
    X, y = table(rng, n=200, p=4, K=5 if shape == "many classes" else 2)
    if shape == "wide":
        X = np.column_stack([X, rng.normal(size=(200, 300))])
    elif shape == "sparse":
        X = sp.csr_array(np.where(rng.random(X.shape) < 0.5, X, 0))
    elif shape == "float32":
        X = X.astype(np.float32)
    elif shape == "tall":
        X, y = np.tile(X, (40, 1)), np.tile(y, 40)
    problem, Cs = in_folds(X, y, 3, **ARRIVED), np.array([0.01, 1.0, 100.0])
    together = paths(*problem, Cs)
    one_by_one(monkeypatch)
    apart = paths(*problem, Cs, n_jobs=2)
    z = [
        np.einsum("np,fckp->fcnk", X.toarray() if sp.issparse(X) else X, p.coef) + p.intercept[:, :, None]
        for p in (together, apart)
    ]
    # scores of both are as near to those of the minimum as 1e-7 tells; float32 holds six digits
    np.testing.assert_allclose(*z, rtol=1e-3 if shape == "float32" else 1e-5, atol=1e-3 if shape == "float32" else 1e-4)
    assert [[[why.converged for why in c] for c in fold] for fold in together.outcomes] == [
        [[why.converged for why in c] for c in fold] for fold in apart.outcomes
    ]


@pytest.mark.parametrize("solver", ["gd", "nesterov", "lbfgs", "newton", "newton-cg", "lazy-newton"])
def test_every_solver_chooses_the_same(solver):
    X, y = load_iris(return_X_y=True)
    X = StandardScaler().fit_transform(X)  # for the plain rules
    ours = SigmoidNeuronClassifierCV(Cs=[1e-3, 0.1, 1.0], cv=3, solver=solver, tol=1e-3)
    assert without_warnings(ours.fit, X, y).C_ == 1.0  # the plain rules cannot tell whether they have arrived


def test_what_is_read_is_counted(monkeypatch, rng):
    read, parts = [], InMemory.parts
    monkeypatch.setattr(InMemory, "parts", lambda home: read.append(home.n) or parts(home))
    X, y = table(rng, n=200)
    found = paths(*in_folds(X, y), np.array([0.1, 1.0]))
    assert found.passes == sum(read) / 200


# Users ----------------------------------------------------------------------------------------------------------------


def test_groups_go_to_the_splitter(rng):
    X, y = table(rng)
    groups = np.arange(len(y)) % 4
    ours = SigmoidNeuronClassifierCV(Cs=3, cv=LeaveOneGroupOut()).fit(X, y, groups=groups)
    assert ours.scores_.shape == (4, 1, 3)
    with pytest.raises(TypeError, match="does not know what to do with teams"):
        SigmoidNeuronClassifierCV().fit(X, y, teams=groups)


@NEW_LAYOUT
def test_metadata_are_routed(rng):
    X, y = table(rng)
    groups, weight = np.arange(len(y)) % 4, rng.uniform(0.5, 2, len(y))
    with config_context(enable_metadata_routing=True):
        scorer = get_scorer("neg_log_loss").set_score_request(sample_weight=True)
        ours = SigmoidNeuronClassifierCV(Cs=3, cv=GroupKFold(4), scoring=scorer).set_fit_request(sample_weight=True)
        ours.fit(X, y, sample_weight=weight, groups=groups)
        theirs = LogisticRegressionCV(
            Cs=3,
            cv=GroupKFold(4),
            scoring=scorer,
            solver="newton-cholesky",
            l1_ratios=(0,),
            use_legacy_attributes=False,
        ).set_fit_request(sample_weight=True)
        theirs.fit(X, y, sample_weight=weight, groups=groups)
        np.testing.assert_allclose(ours.scores_, theirs.scores_, rtol=1e-3)
        assert ours.score(X, y, sample_weight=weight) == scorer(ours, X, y, sample_weight=weight)
        unweighted = SigmoidNeuronClassifierCV(
            Cs=3, cv=3, scoring=get_scorer("accuracy").set_score_request(sample_weight=False)
        )
        unweighted.set_fit_request(sample_weight=True).fit(X, y, sample_weight=weight)


def test_a_scorer_that_knows_no_weights_is_told_of(rng):
    X, y = table(rng)
    with pytest.warns(UserWarning, match="takes no sample_weight"):
        SigmoidNeuronClassifierCV(Cs=2, cv=3, scoring=lambda estimator, X, y: estimator.score(X, y)).fit(
            X, y, np.ones(len(y))
        )


@pytest.mark.parametrize("scoring", [None, "neg_log_loss", "neg_brier_score"])
def test_what_is_held_out_may_lack_a_class(rng, scoring):
    X, y = table(rng, K=3)
    lacking = [(np.flatnonzero(y != 9), np.flatnonzero(y == 1)), (np.arange(60), np.arange(60))]
    scores = SigmoidNeuronClassifierCV(Cs=2, cv=lacking, scoring=scoring).fit(X, y).scores_
    assert np.isfinite(scores).all()


def test_probabilities_of_two_classes_are_scored_where_one_of_them_is_held_out(rng):
    X, y = table(rng)
    lacking = [(np.arange(60), np.flatnonzero(y == 0)), (np.arange(60), np.flatnonzero(y == 1))]
    by_name, by_object = (
        SigmoidNeuronClassifierCV(Cs=2, cv=lacking, scoring=scoring).fit(X, y).scores_
        for scoring in ("neg_log_loss", get_scorer("neg_log_loss"))
    )
    np.testing.assert_allclose(by_name, by_object, rtol=1e-12)


def test_the_own_log_loss_is_that_of_scikit_learn_to_the_last_digits(rng):
    for K in (2, 3):
        X, y = table(rng, K=K)
        X[0] += 1e6  # one who is very sure: no probability is taken for less than a float's eps
        weight = rng.uniform(0, 2, len(y))
        own, theirs = (
            SigmoidNeuronClassifierCV(Cs=[1e-3, 1e6], cv=3, scoring=scoring).fit(X, y, weight).scores_
            for scoring in (
                None,
                make_scorer(
                    get_scorer("neg_log_loss")._score_func, greater_is_better=False, response_method="predict_proba"
                ),
            )
        )
        np.testing.assert_allclose(own, theirs, rtol=1e-12)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"Cs": [1.0, 0.0]}, r"Cs must be numbers above 0.*got \[1.0, 0.0\]"),
        ({"Cs": []}, "Cs must be numbers above 0"),
        ({"Cs": [np.nan]}, "Cs must be numbers above 0"),
        ({"Cs": ["many"]}, "Cs must be numbers above 0"),
        ({"l1_ratios": [0.5, 1.5]}, r"l1_ratios must be numbers from 0 to 1.*got \[0.5, 1.5\]"),
        ({"l1_ratios": []}, "l1_ratios must be numbers from 0 to 1"),
        ({"l1_ratios": [np.nan]}, "l1_ratios must be numbers from 0 to 1"),
        ({"solver": "lbfgs", "l1_ratios": [0.5]}, "solver='lbfgs' does not bear"),
        ({"cv": []}, "no fold at all"),
        ({"cv": [(np.arange(20), np.arange(0))]}, "Fold 0 of cv holds out no example"),
        (
            {"cv": [(np.arange(60), np.arange(9)), (np.arange(1), np.arange(9))]},
            "Fold 1 of cv has no example of class 1",
        ),
    ],
)
def test_what_cannot_be_done_is_refused_in_words(rng, options, words):
    X, y = table(rng)
    learned = SigmoidNeuronClassifierCV(Cs=2, cv=3).fit(X, y)
    before = dict(vars(learned))
    with pytest.raises(ValueError, match=words):
        learned.set_params(**options).fit(X, y)
    assert {name: value for name, value in vars(learned).items() if name.endswith("_")} == {
        name: value for name, value in before.items() if name.endswith("_")
    }


def test_steps_are_those_of_the_slowest_neuron(rng):
    X, y = table(rng, K=4)
    X[y == 3] += 8  # far from the others: larger weights, more steps
    ours = SigmoidNeuronClassifierCV(Cs=[100.0], cv=3, solver="newton").fit(X, y)
    for found, (train, _) in zip(ours.n_iter_[:, 0, 0], StratifiedKFold(3).split(X, y), strict=True):
        alone = SigmoidNeuronClassifier(C=100.0, solver="newton").fit(X[train], y[train]).n_iter_
        assert alone.min() < alone.max() == found


def test_what_is_held_out_must_count(rng):
    X, y = table(rng)
    with pytest.raises(
        ValueError, match=r"Fold 0 of cv has no example of class 1 to learn from \(with a weight above 0"
    ):
        SigmoidNeuronClassifierCV(Cs=2, cv=3).fit(X, y, 1.0 * (y == 0))
    with pytest.raises(ValueError, match="Fold 1 of cv holds out no example"):
        SigmoidNeuronClassifierCV(Cs=2, cv=[(np.arange(60), np.arange(60)), (np.arange(60), np.arange(30, 60))]).fit(
            X, y, np.arange(60) < 30
        )


def test_who_has_not_arrived_is_told_of_once(rng):
    X, y = table(rng)
    with pytest.warns(ConvergenceWarning) as told:
        SigmoidNeuronClassifierCV(Cs=[1e-6, 1, 1e3], cv=3, max_iter=1, scoring="accuracy").fit(X, y)
    words = [str(warning.message) for warning in told]
    assert sum("at 3 of 3 values of C (from 1e-06 to 1e+03), in 3 of 3 folds" in each for each in words) == 1
    assert len(words) == 2  # that, and the last neuron's own
    assert __file__ in {warning.filename for warning in told}


def test_unlearned_it_says_so(plants):
    with pytest.raises(NotFittedError):
        SigmoidNeuronClassifierCV().predict(plants.data)


def test_it_can_be_copied_piped_searched_and_pickled(plants):
    X, y = plants.data, plants.target
    inner = SigmoidNeuronClassifierCV(Cs=3, cv=3)
    piped = make_pipeline(StandardScaler(), inner).fit(X, y)
    assert piped.score(X, y) > -0.5
    searched = GridSearchCV(inner, {"one_standard_error": [False, True]}, cv=3).fit(X, y)
    assert searched.best_estimator_.C_ in np.logspace(-4, 4, 3)
    assert cross_val_score(clone(inner), X, y, cv=3).shape == (3,)
    again = pickle.loads(pickle.dumps(inner.fit(X, y)))
    np.testing.assert_array_equal(again.predict_proba(X), inner.predict_proba(X))


def test_names_of_features_are_kept(plants):
    frame = pd.DataFrame(plants.data, columns=["height", "width"])
    learned = SigmoidNeuronClassifierCV(Cs=3, cv=3).fit(frame, plants.target)
    np.testing.assert_array_equal(learned.feature_names_in_, ["height", "width"])
    with pytest.warns(UserWarning, match="does not have valid feature names"):
        learned.predict(plants.data)


def test_the_neuron_inside_can_be_explained(plants):
    learned = SigmoidNeuronClassifierCV(Cs=3, cv=3).fit(plants.data, plants.target)
    alone = SigmoidNeuronClassifier(C=learned.C_).fit(plants.data, plants.target)
    for estimator in (learned, make_pipeline(learned)):
        assert str(explain(estimator, plants.data[:1])) == str(explain(alone, plants.data[:1]))


def test_scores_are_told_line_by_line(plants, capsys):
    learned = SigmoidNeuronClassifierCV(Cs=[0.1, 1.0], cv=3, verbose=1).fit(plants.data, plants.target)
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 3
    assert [line.split()[0] for line in lines[1:]].count("->") == 1
    chosen = next(line for line in lines if "->" in line)
    assert f"{learned.C_:.4g}" in chosen
    assert f"{learned.scores_[:, 0, list(learned.Cs_).index(learned.C_)].mean():.6f}" in chosen
    SigmoidNeuronClassifierCV(Cs=[0.1, 1.0], l1_ratios=[0.0, 0.5], cv=3, verbose=1).fit(plants.data, plants.target)
    heading, *rows = capsys.readouterr().out.splitlines()
    assert heading.split()[:2] == ["l1_ratio", "C"]
    assert [row.replace("->", "").split()[:2] for row in rows] == [[r, C] for r in ("0", "0.5") for C in ("0.1", "1")]
    assert [row.split()[0] for row in rows].count("->") == 1
    SigmoidNeuronClassifierCV(Cs=[1.0], cv=[(np.arange(150), np.arange(150, 200))], verbose=1).fit(
        plants.data, plants.target
    )
    assert "nan" not in capsys.readouterr().out


def test_what_needs_too_much_memory_side_by_side_learns_fold_by_fold(monkeypatch, rng):
    X, y = table(rng)
    together = SigmoidNeuronClassifierCV(Cs=2, cv=3, solver="newton", **ARRIVED).fit(X, y)
    monkeypatch.setattr(costs, "LARGEST_HESSIANS", 8 * 4**2 * 2)  # two of the three
    apart = SigmoidNeuronClassifierCV(Cs=2, cv=3, solver="newton", **ARRIVED).fit(X, y)
    np.testing.assert_allclose(together.scores_, apart.scores_, rtol=1e-6)
    monkeypatch.setattr(costs, "LARGEST_HESSIANS", 8)
    with pytest.raises(ValueError, match="use solver='lbfgs'"):
        SigmoidNeuronClassifierCV(Cs=2, cv=3, solver="newton").fit(X, y)
