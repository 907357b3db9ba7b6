"""Who leaves for scikit-learn, or comes from there, predicts the same, and is told apart by nothing but its past."""

import copy
import pickle
import sys
import warnings
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest
import scipy.sparse as sp
import sklearn
from conftest import without_warnings
from sklearn.base import clone
from sklearn.calibration import CalibratedClassifierCV
from sklearn.datasets import load_breast_cancer, load_iris
from sklearn.ensemble import StackingClassifier
from sklearn.exceptions import InconsistentVersionWarning, NotFittedError
from sklearn.linear_model import LogisticRegression, LogisticRegressionCV, Perceptron
from sklearn.model_selection import GridSearchCV
from sklearn.multiclass import OneVsRestClassifier
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler, scale
from sklearn.utils.class_weight import compute_sample_weight

import sklearn_neuron
from sklearn_neuron import SigmoidNeuronClassifier, SigmoidNeuronClassifierCV, explain
from sklearn_neuron.callbacks import EarlyStopping
from sklearn_neuron.displays import LossCurveDisplay, LossLandscapeDisplay, SigmoidCurveDisplay, animate_descent
from sklearn_neuron.exchange import TRUSTED, PickleVersionWarning
from sklearn_neuron.onnx import register_converters
from sklearn_neuron.report import Trained, write_report
from sklearn_neuron.solvers.coordinates import Whitened
from sklearn_neuron.solvers.directions import Newton
from sklearn_neuron.solvers.recipes import Recipe
from sklearn_neuron.solvers.step_sizes import Backtracking

TWO, THREE = load_breast_cancer(return_X_y=True), load_iris(return_X_y=True)
KINDS = {
    "one neuron": (TWO, {}),
    "one neuron of two classes, multinomial": (TWO, {"multi_class": "multinomial"}),
    "one a class": (THREE, {}),
    "layer": (THREE, {"multi_class": "multinomial"}),
    "without a bias": (THREE, {"fit_intercept": False}),
    "elastic net": (TWO, {"l1_ratio": 0.5, "C": 0.1}),
    "L1, one a class": (THREE, {"l1_ratio": 1.0, "C": 0.3}),
    "L1, layer": (THREE, {"l1_ratio": 1.0, "C": 0.3, "multi_class": "multinomial"}),
    "weighted classes": (TWO, {"class_weight": {0: 3.0, 1: 1.0}}),
    "balanced layer": (THREE, {"class_weight": "balanced", "multi_class": "multinomial"}),
}
OLD = LogisticRegression().get_params().get("penalty") == "l2"  # scikit-learn before 1.8, to which it must be named


@pytest.fixture(params=KINDS)
def kind(request):
    """X of columns of one scale, y, and a neuron not fitted."""
    (X, y), parameters = KINDS[request.param]
    return scale(X), y, SigmoidNeuronClassifier(**parameters)


def assert_same_answers(one, other, X, rtol=1e-12, atol=1e-12):
    np.testing.assert_array_equal(one.predict(X), other.predict(X))
    for ask in ("predict_proba", "decision_function"):
        np.testing.assert_allclose(getattr(one, ask)(X), getattr(other, ask)(X), rtol=rtol, atol=atol)


# Leaving --------------------------------------------------------------------------------------------------


def test_who_leaves_predicts_the_same(kind):
    X, y, neuron = kind
    model = neuron.fit(X, y).to_sklearn()
    assert_same_answers(model, neuron, X)
    assert model.n_features_in_ == X.shape[1]
    is_one_vs_rest = len(neuron.classes_) > 2 and neuron.multi_class == "ovr"
    assert type(model) is (OneVsRestClassifier if is_one_vs_rest else LogisticRegression)


def test_who_leaves_learns_the_same_again(kind):
    X, y, neuron = kind
    neuron.set_params(tol=1e-8).fit(X, y)
    again = clone(neuron.to_sklearn())
    again.set_params(**{name: 1e-7 for name in again.get_params() if name.split("__")[-1] == "tol"}).fit(X, y)
    np.testing.assert_allclose(again.predict_proba(X), neuron.predict_proba(X), atol=2e-4)  # as far as saga comes


@pytest.mark.parametrize("multi_class", ["ovr", "multinomial"])
@pytest.mark.parametrize("labels", [["a", "b", "c"], [7, -1, 30], [2.0, 5.0, 0.0]])
def test_labels_names_and_sparse_examples_leave_with_it(multi_class, labels):
    X, y = THREE
    frame, y = pd.DataFrame(X, columns=["sl", "sw", "pl", "pw"]), np.array(labels)[y]
    neuron = SigmoidNeuronClassifier(multi_class=multi_class).fit(frame, y)
    model = neuron.to_sklearn()
    assert_same_answers(model, neuron, frame)
    assert model.classes_.dtype == neuron.classes_.dtype
    assert list(model.feature_names_in_) == list(frame)
    with pytest.raises(ValueError, match="feature names should match"):
        model.predict(frame[frame.columns[::-1]])
    neuron.fit(sp.csr_array(X), y)
    assert_same_answers(neuron.to_sklearn(), neuron, sp.csr_matrix(X))


@pytest.mark.parametrize("multi_class", ["ovr", "multinomial"])
@pytest.mark.parametrize("table", [TWO, THREE])
def test_sparse_weights_leave_sparse_and_come_back_so(table, multi_class):
    neuron = SigmoidNeuronClassifier(l1_ratio=1, C=0.1, multi_class=multi_class).fit(*table).sparsify()
    model = neuron.to_sklearn()
    assert_same_answers(model, neuron, table[0])
    assert sp.issparse(getattr(model, "estimators_", [model])[0].coef_)
    back = SigmoidNeuronClassifier.from_sklearn(model)
    assert sp.issparse(back.coef_)
    assert_same_answers(back, neuron, table[0], rtol=0)


@pytest.mark.parametrize("multi_class", ["ovr", "multinomial"])
def test_scores_far_from_zero_are_the_same_in_float32(rng, multi_class):
    """In float32 the product of w and x keeps no digit of the score."""
    X = (1e5 + rng.normal(size=(200, 3))).astype(np.float32)
    y = np.digitize(X[:, 0] - 1e5 + rng.logistic(size=200), [-1, 1])
    neuron = SigmoidNeuronClassifier(multi_class=multi_class).fit(X, y)
    model = neuron.to_sklearn()
    np.testing.assert_allclose(model.decision_function(X), neuron.decision_function(X), atol=1e-6)
    np.testing.assert_array_equal(model.predict(X), neuron.predict(X))


def test_nothing_is_shared():
    neuron = SigmoidNeuronClassifier().fit(*TWO)
    model, kept = neuron.to_sklearn(), neuron.coef_.copy()
    model.coef_[:] = model.intercept_[:] = model.classes_[:] = 0
    back = SigmoidNeuronClassifier.from_sklearn(neuron.to_sklearn())
    back.coef_[:] = back.intercept_[:] = back.classes_[:] = 0
    np.testing.assert_array_equal(neuron.coef_, kept)
    assert neuron.intercept_ != 0
    assert list(neuron.classes_) == [0, 1]


def test_the_solver_that_refits_suits_the_neuron(rng):
    wide = SigmoidNeuronClassifier().fit(rng.normal(size=(30, 1_001)), np.arange(30) % 2)
    assert wide.to_sklearn().solver == "lbfgs"  # no Hessian of a million numbers
    one = SigmoidNeuronClassifier(C=3, warm_start=True, random_state=7, fit_intercept=False).fit(*TWO).to_sklearn()
    assert one.solver == "newton-cholesky"
    assert {name: getattr(one, name) for name in ("C", "warm_start", "random_state", "fit_intercept")} == {
        "C": 3,
        "warm_start": True,
        "random_state": 7,
        "fit_intercept": False,
    }
    unpenalised = without_warnings(SigmoidNeuronClassifier(C=np.inf).fit, *TWO).to_sklearn()
    assert unpenalised.penalty is None if OLD else np.inf == unpenalised.C
    assert one.n_iter_.dtype == np.int32


def test_class_weights_that_stay_behind_are_told_and_can_be_routed():
    X, y = THREE
    neuron = SigmoidNeuronClassifier(class_weight={0: 1, 1: 5, 2: 1}, tol=1e-8).fit(X, y)
    with pytest.warns(UserWarning, match="class_weight stays behind.*compute_sample_weight") as told:
        model = neuron.to_sklearn()
    assert told[0].filename == __file__
    assert_same_answers(model, neuron, X)
    with sklearn.config_context(enable_metadata_routing=True):
        again = clone(model)
        again.estimator.set_params(tol=1e-8).set_fit_request(sample_weight=True)
        again.fit(X, y, sample_weight=compute_sample_weight(neuron.class_weight, y))
    np.testing.assert_allclose(again.predict_proba(X), neuron.predict_proba(X), atol=1e-5)


def test_who_has_learned_nothing_does_not_leave():
    with pytest.raises(NotFittedError):
        SigmoidNeuronClassifier().to_sklearn()


# Coming ---------------------------------------------------------------------------------------------------


def test_who_leaves_and_comes_back_is_the_same_but_for_its_history(kind):
    X, y, neuron = kind
    back = SigmoidNeuronClassifier.from_sklearn(neuron.fit(X, y).to_sklearn())
    assert_same_answers(back, neuron, X)
    assert back.coef_.shape == neuron.coef_.shape
    expected = neuron.get_params() | ({"multi_class": "ovr"} if len(neuron.classes_) == 2 else {})
    assert back.get_params() == expected
    gone = {name for name in vars(neuron) if name.endswith("_")} - set(vars(back))
    assert gone == {"history_", "loss_curve_", "n_iter_", "converged_", "outcomes_", "stop_reason_", "solver_"}


CV = {} if OLD else {"l1_ratios": (0,), "use_legacy_attributes": False}
ARRIVING = [
    (LogisticRegression(C=0.5, max_iter=1_000), TWO, {"C": 0.5}),
    (LogisticRegression(class_weight="balanced", fit_intercept=False), TWO, {"fit_intercept": False}),
    (LogisticRegression(solver="liblinear"), TWO, {"multi_class": "ovr"}),
    (LogisticRegression(**({"penalty": None} if OLD else {"C": np.inf}), max_iter=20), TWO, {"C": np.inf}),
    (LogisticRegression(**({"penalty": "l1"} if OLD else {"l1_ratio": 1}), solver="saga"), TWO, {"l1_ratio": 1.0}),
    (LogisticRegression(max_iter=1_000), THREE, {"multi_class": "multinomial", "class_weight": None}),
    (LogisticRegressionCV(Cs=[0.1, 2], cv=2, scoring="neg_log_loss", **CV), TWO, {"C": 2.0, "l1_ratio": 0.0}),
    (LogisticRegressionCV(Cs=[0.1, 2], cv=2), TWO, {"l1_ratio": 0.0}),
    (LogisticRegressionCV(Cs=[0.1], cv=2, **CV), THREE, {"C": 0.1, "multi_class": "multinomial"}),
    (OneVsRestClassifier(LogisticRegression(C=2)), THREE, {"C": 2.0, "multi_class": "ovr"}),
    (OneVsRestClassifier(LogisticRegression(C=2)), TWO, {"C": 2.0}),
    (OneVsRestClassifier(LogisticRegressionCV(Cs=[3], cv=2, **CV)), THREE, {"C": 3.0, "multi_class": "ovr"}),
]


@pytest.mark.parametrize(("model", "table", "parameters"), ARRIVING)
def test_who_comes_predicts_the_same(model, table, parameters):
    X, y = scale(table[0]), np.array(["dog", "ant", "cat"])[table[1]]
    without_warnings(model.fit, X, y)
    neuron = SigmoidNeuronClassifier.from_sklearn(model)
    assert_same_answers(neuron, model, X)
    assert {name: getattr(neuron, name) for name in parameters} == parameters
    frame = pd.DataFrame(X).rename(columns=str)
    named = SigmoidNeuronClassifier.from_sklearn(without_warnings(clone(model).fit, frame, y))
    assert list(named.feature_names_in_) == list(frame)


def test_who_comes_in_float32_has_the_scores_of_its_weights():
    X = scale(TWO[0]).astype(np.float32)
    model = LogisticRegression(solver="newton-cg").fit(X, TWO[1])
    neuron = SigmoidNeuronClassifier.from_sklearn(model)
    assert neuron.coef_.dtype == neuron.predict_proba(X).dtype == np.float32
    assert neuron.intercept_.dtype == np.float64
    assert_same_answers(neuron, model, X, atol=1e-5)  # the model adds up 30 terms of a score, about 10, in float32


@pytest.mark.parametrize("table", [TWO, THREE])
def test_who_comes_goes_on_where_the_model_stood(table):
    X, y = scale(table[0]), table[1]
    model = LogisticRegression(solver="newton-cholesky", tol=1e-10).fit(X, y)
    neuron = SigmoidNeuronClassifier.from_sklearn(model, warm_start=True, tol=1e-6).fit(X, y)
    assert neuron.converged_
    assert neuron.n_iter_.max() == 0
    np.testing.assert_allclose(neuron.coef_, model.coef_, rtol=1e-6)
    new = 10 * X
    afresh = SigmoidNeuronClassifier(multi_class=neuron.multi_class, tol=1e-8).fit(new, y)
    np.testing.assert_allclose(neuron.set_params(tol=1e-8).fit(new, y).coef_, afresh.coef_, rtol=1e-5)


def test_what_is_given_is_what_the_neuron_has():
    model = OneVsRestClassifier(LogisticRegression(C=2)).fit(*THREE)
    model.estimators_[1].C = 5  # as of a LogisticRegressionCV for each
    with pytest.raises(ValueError, match=r"more than one C, \[2.0, 5.0\]: .* from_sklearn\(model, C=...\)"):
        SigmoidNeuronClassifier.from_sklearn(model)
    neuron = SigmoidNeuronClassifier.from_sklearn(model, C=4, tol=1e-3)
    assert (neuron.C, neuron.tol) == (4, 1e-3)
    with pytest.raises(ValueError, match="multi_class='multinomial' contradicts the OneVsRestClassifier"):
        SigmoidNeuronClassifier.from_sklearn(model, C=4, multi_class="multinomial")
    with pytest.raises(ValueError, match="fit_intercept=False contradicts"):
        SigmoidNeuronClassifier.from_sklearn(model, C=4, fit_intercept=False)
    with pytest.raises(TypeError, match="alpha"):
        SigmoidNeuronClassifier.from_sklearn(model, C=4, alpha=3)


@pytest.mark.parametrize("class_weight", [{1: 2}, {0: 2}, {}])
def test_class_weights_that_are_not_told_are_1(class_weight):
    X, y = TWO
    model = OneVsRestClassifier(LogisticRegression(class_weight=class_weight)).fit(scale(X), y)
    neuron = SigmoidNeuronClassifier.from_sklearn(model)
    assert neuron.class_weight == {0: 1, 1: 1} | class_weight


def test_a_parameter_that_is_set_later_does_not_change_what_was_learned():
    X, y = THREE
    for learned, later in (("ovr", "multinomial"), ("multinomial", "ovr")):
        neuron = SigmoidNeuronClassifier(multi_class=learned).fit(X, y)
        before = neuron.predict_proba(X)
        neuron.set_params(multi_class=later)
        np.testing.assert_array_equal(neuron.predict_proba(X), before)
        np.testing.assert_allclose(neuron.to_sklearn().predict_proba(X), before, rtol=1e-12)
        again = SigmoidNeuronClassifier(multi_class=later).fit(X, y).predict_proba(X)
        np.testing.assert_array_equal(neuron.fit(X, y).predict_proba(X), again)
        came = SigmoidNeuronClassifier.from_sklearn(neuron.to_sklearn()).set_params(multi_class=learned)
        np.testing.assert_allclose(came.predict_proba(X), again, rtol=1e-12)


def test_class_weights_come_by_label_or_are_told_to_stay_behind():
    X, y = TWO[0], np.where(TWO[1], "good", "bad")
    two = OneVsRestClassifier(LogisticRegression(solver="newton-cholesky", class_weight={0: 3, 1: 1}, tol=1e-8))
    neuron = SigmoidNeuronClassifier.from_sklearn(two.fit(scale(X), y), warm_start=True)
    assert neuron.class_weight == {"bad": 3, "good": 1}
    assert neuron.fit(scale(X), y).n_iter_ == 0
    balanced = two.set_params(estimator__class_weight="balanced").fit(scale(X), y)
    assert SigmoidNeuronClassifier.from_sklearn(balanced).class_weight == "balanced"
    three = OneVsRestClassifier(LogisticRegression(class_weight="balanced")).fit(*THREE)
    with pytest.warns(UserWarning, match="class_weight stays behind") as told:
        neuron = SigmoidNeuronClassifier.from_sklearn(three)
    assert told[0].filename == __file__
    assert neuron.class_weight is None
    assert SigmoidNeuronClassifier.from_sklearn(three, class_weight={0: 2}).class_weight == {0: 2}  # without a word


@pytest.mark.parametrize(
    ("model", "told"),
    [
        (make_pipeline(StandardScaler(), LogisticRegression()), r"got a Pipeline. Pass its last step, model\[-1\]."),
        (Perceptron(), "takes a fitted LogisticRegression, .*; got a Perceptron.$"),
        (OneVsRestClassifier(Perceptron()), "got a OneVsRestClassifier of Perceptron.$"),
        (SigmoidNeuronClassifier(), "got a SigmoidNeuronClassifier.$"),
    ],
)
def test_other_models_do_not_come(model, told):
    with pytest.raises(TypeError, match=told):
        SigmoidNeuronClassifier.from_sklearn(model.fit(*TWO))


@pytest.mark.parametrize("model", [LogisticRegression(), OneVsRestClassifier(LogisticRegression())])
def test_models_that_know_nothing_do_not_come(model):
    with pytest.raises(NotFittedError, match="not fitted yet"):
        SigmoidNeuronClassifier.from_sklearn(model)


def test_models_that_are_no_neurons_do_not_come():
    X, y = THREE
    several = OneVsRestClassifier(LogisticRegression()).fit(X, np.column_stack([y == 0, y > 0]))
    with pytest.raises(ValueError, match="of which an example may have several"):
        SigmoidNeuronClassifier.from_sklearn(several)
    never = OneVsRestClassifier(LogisticRegression()).fit(X, y)
    never.estimators_[1] = object()  # as of a class that every example has, or none
    with pytest.raises(ValueError, match="has learned nothing about the class 1"):
        SigmoidNeuronClassifier.from_sklearn(never)


def test_what_older_models_say_is_understood():
    """Before scikit-learn 1.8 LogisticRegression had a multi_class."""
    model = LogisticRegression(max_iter=1_000).fit(*THREE)
    model.multi_class = "ovr"
    assert SigmoidNeuronClassifier.from_sklearn(model).multi_class == "ovr"
    model.multi_class = "deprecated"
    assert SigmoidNeuronClassifier.from_sklearn(model).multi_class == "multinomial"
    model.solver = "liblinear"
    assert SigmoidNeuronClassifier.from_sklearn(model).multi_class == "ovr"
    half = LogisticRegression().fit(scale(TWO[0]), TWO[1])
    half.multi_class = "multinomial"
    with pytest.raises(ValueError, match="half the scores"):
        SigmoidNeuronClassifier.from_sklearn(half)


def test_who_came_has_no_history_and_says_so(tmp_path, plants):
    X, y = plants.data, plants.target
    neuron = SigmoidNeuronClassifier.from_sklearn(LogisticRegression().fit(X, y))
    assert not hasattr(neuron, "history_")
    page = Trained("plants", neuron, X, y, None, None, ["length", "width"], ["edible", "toxic"])
    for ask in (
        lambda: LossCurveDisplay.from_estimator(neuron),
        lambda: LossLandscapeDisplay.from_estimator(neuron, X, y),
        lambda: animate_descent(neuron, X, y),
        lambda: write_report(page, tmp_path, ""),
    ):
        with pytest.raises(ValueError, match=r"came from another model \(from_sklearn\), and has no walk"):
            ask()
    SigmoidCurveDisplay.from_estimator(neuron, X, y)
    assert explain(neuron, X[0]).probability == pytest.approx(neuron.predict_proba(X[:1]).max())
    assert neuron.objective(X, y).home.n == len(y)


# Pickles --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def everybody():
    return [
        SigmoidNeuronClassifier(),
        SigmoidNeuronClassifier(record="path").fit(*THREE),
        SigmoidNeuronClassifierCV(),
        SigmoidNeuronClassifierCV(Cs=2).fit(*TWO),
        GridSearchCV(SigmoidNeuronClassifier(), {"C": [1, 2]}).fit(*TWO),
    ]


def test_who_is_read_by_the_same_version_says_nothing(everybody):
    for estimator in everybody:  # warnings are errors
        for other in (pickle.loads(pickle.dumps(estimator)), copy.copy(estimator), copy.deepcopy(estimator)):
            assert set(vars(other)) == set(vars(estimator))
        clone(estimator)


def test_another_version_warns_once_of_each_pickle(everybody, monkeypatch):
    written = [pickle.dumps(estimator) for estimator in everybody]
    monkeypatch.setattr(sklearn_neuron, "__version__", "99.9")
    for pickled, times in zip(written, (1, 1, 1, 1, 2), strict=True):  # a search keeps two: the first, and the best
        with warnings.catch_warnings(record=True) as told:
            warnings.simplefilter("always")
            estimator = pickle.loads(pickled)
        assert [each.category for each in told] == [PickleVersionWarning] * times
        assert told[0].filename == __file__
        assert str(told[0].message).startswith("This SigmoidNeuronClassifier")
        assert "pickled by sklearn_neuron 0.1.0 and is read by 99.9" in str(told[0].message)
        copy.deepcopy(estimator)
        pickle.loads(pickle.dumps(estimator))  # who was read is of this version
    assert issubclass(PickleVersionWarning, InconsistentVersionWarning)


def test_a_pickle_from_before_versions_were_written_warns_too():
    state = dict(vars(SigmoidNeuronClassifier().fit(*TWO)))
    neuron = SigmoidNeuronClassifier()
    with pytest.warns(PickleVersionWarning, match=r"by sklearn_neuron before 0\.1\.0 and"):
        neuron.__setstate__(state)
    assert neuron.score(*TWO) > 0.9


# Files of others ------------------------------------------------------------------------------------------


RECIPE = Recipe(Newton(), Backtracking(), Whitened())


@pytest.mark.parametrize(
    "estimator",
    [
        SigmoidNeuronClassifier(record="path"),
        SigmoidNeuronClassifier(solver=RECIPE),
        SigmoidNeuronClassifierCV(Cs=2),
        make_pipeline(StandardScaler(), SigmoidNeuronClassifier(multi_class="multinomial")),
    ],
)
@pytest.mark.parametrize("table", [TWO, THREE])
def test_skops_reads_what_it_wrote_if_it_trusts_us(estimator, table):
    skops = pytest.importorskip("skops.io", reason="skops is not installed")
    X, y = table
    written = skops.dumps(clone(estimator).fit(X, y))
    assert set(skops.get_untrusted_types(data=written)) <= set(TRUSTED)
    read = skops.loads(written, trusted=TRUSTED)
    fitted = clone(estimator).fit(X, y)
    assert_same_answers(read, fitted, X, rtol=0)
    neuron, same = (getattr(one, "steps", [(0, one)])[-1][1] for one in (read, fitted))
    np.testing.assert_array_equal(neuron.history_.loss, same.history_.loss)
    assert getattr(neuron, "outcomes_", None) == getattr(same, "outcomes_", None)


def test_skops_writes_who_was_stopped():
    skops = pytest.importorskip("skops.io", reason="skops is not installed")
    pytest.importorskip("sklearn.callback", reason="scikit-learn has callbacks from 1.9 on")
    neuron = SigmoidNeuronClassifier().set_callbacks(EarlyStopping(*TWO)).fit(*TWO)
    assert "sklearn_neuron.callbacks.EarlyStopping" in skops.get_untrusted_types(data=skops.dumps(neuron))


def test_skops_reads_sparse_weights():
    skops = pytest.importorskip("skops.io", reason="skops is not installed")
    neuron = SigmoidNeuronClassifier(l1_ratio=1).fit(*TWO).sparsify()
    read = skops.loads(skops.dumps(neuron), trusted=TRUSTED)
    assert (read.coef_ != neuron.coef_).nnz == 0


@pytest.fixture
def answers():
    """What an ONNX runtime makes of an estimator: labels and probabilities."""
    to_onnx = pytest.importorskip("skl2onnx", reason="skl2onnx is not installed").to_onnx
    runtime = pytest.importorskip("onnxruntime", reason="onnxruntime is not installed")

    def ask(estimator, X, **options):
        graph = to_onnx(estimator, X[:1], options={"zipmap": False} | options).SerializeToString()
        session = runtime.InferenceSession(graph, providers=["CPUExecutionProvider"])
        return session.run(None, {session.get_inputs()[0].name: X})

    return ask


def assert_answers(found, estimator, X):
    labels, probabilities = found
    np.testing.assert_array_equal(labels, estimator.predict(X))
    assert probabilities.dtype == X.dtype
    np.testing.assert_allclose(probabilities, estimator.predict_proba(X), atol=1e-6, rtol=0)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_onnx_believes_the_same(kind, dtype, answers):
    X, y, neuron = kind
    X = X.astype(dtype)
    assert_answers(answers(neuron.fit(X, y).to_sklearn(), X), neuron, X)
    raw, y = KINDS["one neuron"][0]
    pipeline = make_pipeline(StandardScaler(), SigmoidNeuronClassifier()).fit(raw.astype(dtype), y)
    left = make_pipeline(pipeline[0], pipeline[-1].to_sklearn())
    assert_answers(answers(left, raw.astype(dtype)), pipeline, raw.astype(dtype))


@pytest.mark.parametrize("multi_class", ["ovr", "multinomial"])
@pytest.mark.parametrize("table", [TWO, THREE])
def test_onnx_takes_neurons_themselves_wherever_they_stand(table, multi_class, answers):
    register_converters()
    X, y = scale(table[0]), np.array(["a", "b", "c"])[table[1]]
    neuron = SigmoidNeuronClassifier(multi_class=multi_class)
    for estimator in (
        neuron,
        make_pipeline(StandardScaler(), neuron),
        SigmoidNeuronClassifierCV(Cs=2, cv=2, multi_class=multi_class),
        GridSearchCV(neuron, {"C": [0.1, 1]}, cv=2),
        CalibratedClassifierCV(neuron, cv=2),
        StackingClassifier([("one", neuron), ("other", LogisticRegression())], cv=2),
    ):
        assert_answers(answers(estimator.fit(X, y), X), estimator, X)
    scores = answers(neuron.fit(X, y), X, raw_scores=True)[1]
    np.testing.assert_allclose(scores[:, -1], neuron.decision_function(X).reshape(len(X), -1)[:, -1], rtol=1e-4)


def test_onnx_takes_sparse_weights(answers):
    X, y = THREE
    neuron = SigmoidNeuronClassifier(l1_ratio=1, C=0.1).fit(X, y)
    register_converters()
    expected = answers(neuron, X)[1]
    np.testing.assert_array_equal(answers(neuron.sparsify(), X)[1], expected)
    assert sp.issparse(neuron.coef_)


def test_who_lacks_skl2onnx_is_told_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "skl2onnx", None)
    with pytest.raises(ImportError, match=r"pip install '\.\[export\]' from the checkout"):
        register_converters()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # nyoka leaves its file open
def test_pmml_holds_the_weights_of_two_classes(tmp_path):
    write = pytest.importorskip("nyoka", reason="nyoka is not installed").skl_to_pmml
    X, y = TWO
    neuron, names = SigmoidNeuronClassifier().fit(X, y), [f"feature{j}" for j in range(X.shape[1])]
    write(Pipeline([("one", neuron.to_sklearn())]), names, "benign", file := str(tmp_path / "neuron.pmml"))
    model = ElementTree.parse(file).find(".//{*}RegressionModel")
    assert model.attrib["normalizationMethod"] == "logit"
    table = model.find("{*}RegressionTable")
    weights = {one.attrib["name"]: float(one.attrib["coefficient"]) for one in table}
    assert table.attrib["targetCategory"] == "1"
    scores = X @ [weights[name] for name in names] + float(table.attrib["intercept"])
    np.testing.assert_allclose(scores, neuron.decision_function(X), rtol=1e-9)
