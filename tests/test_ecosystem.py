"""Tools of scikit-learn, and of others, get the answers that they would get of the same model elsewhere.

The same model elsewhere is a LogisticRegression that has arrived; or what the tool promises, done by hand.
"""

import copy

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
import sklearn
from matplotlib.contour import ContourSet
from sklearn.base import clone
from sklearn.calibration import CalibratedClassifierCV
from sklearn.compose import ColumnTransformer
from sklearn.datasets import load_breast_cancer, load_iris
from sklearn.ensemble import BaggingClassifier, StackingClassifier, VotingClassifier
from sklearn.experimental import enable_halving_search_cv  # noqa: F401
from sklearn.feature_selection import RFE, SelectFromModel, SequentialFeatureSelector
from sklearn.frozen import FrozenEstimator
from sklearn.inspection import partial_dependence, permutation_importance
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss, make_scorer
from sklearn.model_selection import (
    GridSearchCV,
    HalvingGridSearchCV,
    StratifiedKFold,
    TunedThresholdClassifierCV,
    cross_val_predict,
    cross_val_score,
    cross_validate,
    learning_curve,
    validation_curve,
)
from sklearn.multiclass import OneVsOneClassifier, OneVsRestClassifier
from sklearn.multioutput import ClassifierChain, MultiOutputClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler, scale
from sklearn.semi_supervised import SelfTrainingClassifier

from sklearn_neuron import SigmoidNeuronClassifier, SigmoidNeuronClassifierCV
from sklearn_neuron.exchange import TRUSTED

X, y = scale(load_breast_cancer().data[:, :8]), load_breast_cancer().target
IRISES = load_iris(return_X_y=True)
FOLDS = StratifiedKFold(3, shuffle=True, random_state=0)
GRID = {"C": [1e-3, 1e-2, 1.0]}
NEURON = SigmoidNeuronClassifier(tol=1e-8)
LOGISTIC = LogisticRegression(solver="newton-cholesky", tol=1e-10)
CLOSE = {"rtol": 1e-5, "atol": 1e-7}  # both have arrived


def both(wrap, *data):
    """What a tool makes of the neuron, and of the logistic regression; both fitted."""
    return [wrap(clone(one)).fit(*(data or (X, y))) for one in (NEURON, LOGISTIC)]


def assert_same_beliefs(one, other, X=X):
    np.testing.assert_allclose(one.predict_proba(X), other.predict_proba(X), **CLOSE)
    np.testing.assert_array_equal(one.predict(X), other.predict(X))


# Choosing, and judging ------------------------------------------------------------------------------------


def test_grid_search_with_two_jobs():
    ours, theirs = both(lambda one: GridSearchCV(one, GRID, cv=FOLDS, n_jobs=2, scoring="neg_log_loss"))
    assert ours.best_params_ == theirs.best_params_
    np.testing.assert_allclose(ours.cv_results_["mean_test_score"], theirs.cv_results_["mean_test_score"], **CLOSE)
    assert_same_beliefs(ours, theirs)


def test_nested_cross_validation():
    search = GridSearchCV(NEURON, GRID, cv=FOLDS, scoring="neg_log_loss")
    inside = SigmoidNeuronClassifierCV(Cs=GRID["C"], cv=FOLDS, tol=1e-8)
    scores = {one: cross_val_score(one, X, y, cv=FOLDS, scoring="neg_log_loss") for one in (search, inside)}
    by_hand = []
    for train, test in FOLDS.split(X, y):
        C = max(
            GRID["C"],
            key=lambda C: cross_val_score(
                clone(LOGISTIC).set_params(C=C), X[train], y[train], cv=FOLDS, scoring="neg_log_loss"
            ).mean(),
        )
        model = clone(LOGISTIC).set_params(C=C).fit(X[train], y[train])
        by_hand.append(-log_loss(y[test], model.predict_proba(X[test])))
    for found in scores.values():
        np.testing.assert_allclose(found, by_hand, **CLOSE)


def test_halving_grid_search():
    ours, theirs = both(lambda one: HalvingGridSearchCV(one, GRID, cv=FOLDS, scoring="neg_log_loss", random_state=0))
    assert ours.n_resources_ == theirs.n_resources_
    assert ours.best_params_ == theirs.best_params_
    np.testing.assert_allclose(ours.cv_results_["mean_test_score"], theirs.cv_results_["mean_test_score"], **CLOSE)


def test_cross_validate_with_routed_weights(rng):
    weight = rng.uniform(0.1, 3, len(y))
    with sklearn.config_context(enable_metadata_routing=True):
        score = make_scorer(log_loss, response_method="predict_proba").set_score_request(sample_weight=True)
        ours = cross_validate(
            clone(NEURON).set_fit_request(sample_weight=True),
            X,
            y,
            cv=FOLDS,
            scoring=score,
            params={"sample_weight": weight},
        )
    by_hand = [
        log_loss(
            y[test],
            clone(LOGISTIC).fit(X[train], y[train], weight[train]).predict_proba(X[test]),
            sample_weight=weight[test],
        )
        for train, test in FOLDS.split(X, y)
    ]
    np.testing.assert_allclose(ours["test_score"], by_hand, **CLOSE)


def test_learning_and_validation_curves():
    for curve, options in (
        (learning_curve, {"train_sizes": [0.5, 1.0]}),
        (validation_curve, {"param_name": "C", "param_range": GRID["C"]}),
    ):
        ours, theirs = (
            curve(one, X, y, cv=FOLDS, scoring="neg_log_loss", **options)[-2:] for one in (NEURON, LOGISTIC)
        )
        np.testing.assert_allclose(ours, theirs, **CLOSE)


def test_cross_val_predict_of_log_probabilities():
    ours, theirs = (
        cross_val_predict(one, *IRISES, cv=FOLDS, method="predict_log_proba")
        for one in (clone(NEURON).set_params(multi_class="multinomial"), LOGISTIC)
    )
    np.testing.assert_allclose(ours, theirs, rtol=1e-4)


# Beside others, and inside them ---------------------------------------------------------------------------


def test_column_transformer():
    frame = pd.DataFrame({"size": X[:, 0], "colour": np.where(X[:, 1] > 0, "red", "blue"), "unused": X[:, 2]})
    columns = ColumnTransformer([("scaled", StandardScaler(), ["size"]), ("colours", OneHotEncoder(), ["colour"])])
    ours = make_pipeline(columns, clone(NEURON)).fit(frame, y)
    red = 1.0 * (X[:, 1] > 0)
    by_hand = clone(LOGISTIC).fit(np.column_stack([scale(X[:, 0]), 1 - red, red]), y)
    np.testing.assert_allclose(ours[-1].coef_, by_hand.coef_, **CLOSE)


def test_ensembles():
    for wrap in (
        lambda one: StackingClassifier([("one", one), ("weak", clone(one).set_params(C=1e-3))], one, cv=FOLDS),
        lambda one: VotingClassifier([("one", one), ("weak", clone(one).set_params(C=1e-3))], voting="soft"),
        lambda one: BaggingClassifier(one, n_estimators=3, random_state=0),
        lambda one: CalibratedClassifierCV(one, cv=FOLDS),
        lambda one: CalibratedClassifierCV(one, cv=FOLDS, method="isotonic", ensemble=False),
    ):
        assert_same_beliefs(*both(wrap))


def test_one_vs_rest_and_one_vs_one():
    many = OneVsRestClassifier(clone(NEURON)).fit(*IRISES)
    assert_same_beliefs(clone(NEURON).fit(*IRISES), many, IRISES[0])
    for wrap in (OneVsRestClassifier, OneVsOneClassifier):
        ours, theirs = both(wrap, *IRISES)
        np.testing.assert_allclose(ours.decision_function(IRISES[0]), theirs.decision_function(IRISES[0]), rtol=1e-4)


def test_several_outputs():
    labels = np.column_stack([y, X[:, 0] > 0.5])
    ours = MultiOutputClassifier(clone(NEURON)).fit(X, labels)
    for k, beliefs in enumerate(ours.predict_proba(X)):
        np.testing.assert_allclose(beliefs, clone(LOGISTIC).fit(X, labels[:, k]).predict_proba(X), **CLOSE)
    ours, theirs = both(ClassifierChain, X, labels)
    np.testing.assert_allclose(ours.predict_proba(X), theirs.predict_proba(X), **CLOSE)


def test_self_training():
    some = np.where(np.arange(len(y)) % 3, y, -1)
    assert_same_beliefs(*both(SelfTrainingClassifier, X, some))


def test_tuned_threshold():
    ours, theirs = both(lambda one: TunedThresholdClassifierCV(one, scoring="f1", cv=FOLDS, store_cv_results=True))
    assert ours.best_threshold_ == pytest.approx(theirs.best_threshold_, rel=1e-5)
    assert ours.best_score_ == pytest.approx(theirs.best_score_, rel=1e-9)
    np.testing.assert_array_equal(ours.predict(X), theirs.predict(X))


@pytest.mark.parametrize("estimator", [NEURON, SigmoidNeuronClassifierCV(Cs=3, cv=3)])
def test_a_frozen_one_learns_nothing(estimator):
    neuron = clone(estimator).fit(X, y)
    frozen = FrozenEstimator(neuron).fit(X, 1 - y)
    assert_same_beliefs(clone(frozen), neuron)
    calibrated = CalibratedClassifierCV(FrozenEstimator(copy.deepcopy(neuron))).fit(X, 1 - y)
    assert calibrated.score(X, 1 - y) > 0.9  # turned over by the calibration alone
    np.testing.assert_array_equal(calibrated.calibrated_classifiers_[0].estimator.coef_, neuron.coef_)


# Which features -------------------------------------------------------------------------------------------


def test_select_from_model():
    chosen = SelectFromModel(SigmoidNeuronClassifier(l1_ratio=1, C=0.05)).fit(X, y)
    assert 0 < chosen.get_support().sum() < X.shape[1]
    np.testing.assert_array_equal(chosen.get_support(), chosen.estimator_.coef_[0] != 0)
    largest = SelectFromModel(clone(NEURON), max_features=3, threshold=-np.inf).fit(X, y)
    np.testing.assert_array_equal(
        np.flatnonzero(largest.get_support()), np.sort(np.abs(clone(LOGISTIC).fit(X, y).coef_[0]).argsort()[-3:])
    )


def test_features_are_eliminated_in_the_same_order():
    ours, theirs = both(lambda one: RFE(one, n_features_to_select=1))
    np.testing.assert_array_equal(ours.ranking_, theirs.ranking_)
    ours, theirs = both(lambda one: SequentialFeatureSelector(one, n_features_to_select=2, cv=FOLDS))
    np.testing.assert_array_equal(ours.get_support(), theirs.get_support())


@pytest.mark.parametrize("estimator", [NEURON, SigmoidNeuronClassifierCV(Cs=[1.0], cv=3, tol=1e-8)])
def test_permutation_importance(estimator):
    neuron, logistic = clone(estimator).fit(X, y), clone(LOGISTIC).fit(X, y)
    ours, theirs = (
        permutation_importance(one, X, y, scoring="neg_log_loss", n_repeats=2, random_state=0)
        for one in (neuron, logistic)
    )
    np.testing.assert_allclose(ours.importances, theirs.importances, **CLOSE)


def test_partial_dependence():
    neuron = clone(NEURON).fit(X, y)
    found = partial_dependence(neuron, X, [2], grid_resolution=5, kind="average")
    for value, average in zip(found["grid_values"][0], found["average"][0], strict=True):
        held = X.copy()
        held[:, 2] = value
        assert average == pytest.approx(neuron.predict_proba(held)[:, 1].mean())


# From outside ---------------------------------------------------------------------------------------------


def test_resampling_pipelines_of_imbalanced_learn():
    pipeline = pytest.importorskip("imblearn.pipeline", reason="imbalanced-learn is not installed")
    sampling = pytest.importorskip("imblearn.over_sampling", reason="imbalanced-learn is not installed")
    sampler = sampling.RandomOverSampler(random_state=0)
    ours = pipeline.make_pipeline(sampler, clone(NEURON)).fit(X, y)
    more = sampler.fit_resample(X, y)
    assert len(more[1]) == 2 * np.bincount(y).max()
    assert_same_beliefs(ours, clone(LOGISTIC).fit(*more))
    search = GridSearchCV(ours, {"sigmoidneuronclassifier__C": GRID["C"]}, cv=FOLDS, scoring="neg_log_loss").fit(X, y)
    theirs = pipeline.make_pipeline(sampler, clone(LOGISTIC))
    theirs = GridSearchCV(theirs, {"logisticregression__C": GRID["C"]}, cv=FOLDS, scoring="neg_log_loss").fit(X, y)
    np.testing.assert_allclose(search.cv_results_["mean_test_score"], theirs.cv_results_["mean_test_score"], **CLOSE)


@pytest.mark.parametrize("table", [(X, y), IRISES])
def test_linear_explainer_of_shap(table):
    shap = pytest.importorskip("shap", reason="shap is not installed")
    seen, neuron = table[0], clone(NEURON).fit(*table)
    explained = shap.LinearExplainer(neuron, shap.maskers.Independent(seen, max_samples=len(seen)))(seen[:5])
    shares = (seen[:5] - seen.mean(axis=0))[..., None] * neuron.coef_.T
    np.testing.assert_allclose(explained.values.reshape(shares.shape), shares, rtol=1e-8, atol=1e-12)
    scores = explained.values.sum(axis=1) + explained.base_values
    np.testing.assert_allclose(scores, neuron.decision_function(seen[:5]), rtol=1e-8)


def test_decision_regions_of_mlxtend():
    plotting = pytest.importorskip("mlxtend.plotting", reason="mlxtend is not installed")
    seen, truth = IRISES[0][:, 2:], IRISES[1]
    neuron = clone(NEURON).fit(seen, truth)
    ax = plotting.plot_decision_regions(seen, truth, neuron, ax=plt.subplots()[1])
    regions = next(each for each in ax.collections if isinstance(each, ContourSet)).get_paths()
    beliefs = np.sort(neuron.predict_proba(seen), axis=1)
    sure = seen[beliefs[:, -1] - beliefs[:, -2] > 0.05]  # off the borders, which are drawn in steps
    inside = np.array([region.contains_points(sure) for region in regions])
    np.testing.assert_array_equal(inside, neuron.predict(sure) == np.arange(len(regions))[:, None])


@pytest.mark.filterwarnings("ignore:.*Any type hint:UserWarning")  # of mlflow about its own
def test_sklearn_flavour_of_mlflow(tmp_path):
    mlflow = pytest.importorskip("mlflow", reason="mlflow is not installed")
    neuron = clone(NEURON).fit(X, y)
    mlflow.sklearn.save_model(neuron, tmp_path / "model", skops_trusted_types=TRUSTED)
    read = mlflow.sklearn.load_model(str(tmp_path / "model"))
    assert_same_beliefs(read, neuron)
    np.testing.assert_array_equal(mlflow.pyfunc.load_model(str(tmp_path / "model")).predict(X), neuron.predict(X))
