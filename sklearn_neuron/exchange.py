"""How does a neuron leave for scikit-learn, and come from there? As the coefficients that both mean the same by.

One neuron is a :class:`~sklearn.linear_model.LogisticRegression` of two classes, a layer one of several, and one neuron
a class is a :class:`~sklearn.multiclass.OneVsRestClassifier` of them. What leaves predicts the same and takes with it
what scikit-learn's own models are taken by: converters to ONNX, explainers, servers. What comes has no history.

ONNX
    ``skl2onnx.to_onnx(neuron.to_sklearn(), X[:1])``; a neuron inside another estimator is converted where it stands,
    once :func:`sklearn_neuron.onnx.register_converters` was called. The probabilities are the same, to the digits of
    the type of `X`.
PMML
    ``nyoka.skl_to_pmml`` writes a neuron of two classes as it is, after ``to_sklearn``. Of a layer it writes sigmoids
    where a softmax belongs (nyoka 5.5), so that the probabilities are others, and a OneVsRestClassifier it refuses.
    ``sklearn2pmml`` needs Java, and a version that knows this scikit-learn.
skops
    ``skops.io.load(file, trusted=TRUSTED)``: a list of the types that a classifier is made of.
pickle
    Says which version of this package wrote it, so that another can warn.
"""

import copy
import itertools
import warnings
from typing import Any, NamedTuple, TypeAlias

import numpy as np
import scipy.sparse as sp
from sklearn.base import BaseEstimator, clone
from sklearn.exceptions import InconsistentVersionWarning
from sklearn.linear_model import LogisticRegression, LogisticRegressionCV
from sklearn.multiclass import OneVsRestClassifier
from sklearn.preprocessing import LabelBinarizer
from sklearn.utils.validation import check_is_fitted

import sklearn_neuron
from sklearn_neuron.homes.labels import as_float
from sklearn_neuron.solvers.history import History, Path, Row
from sklearn_neuron.solvers.recipes import PIECES, Recipe
from sklearn_neuron.solvers.stopping import Outcome

TheirModel: TypeAlias = LogisticRegression | OneVsRestClassifier
LARGEST_NEWTON = 1_000  # weights of which scikit-learn's own Newton keeps a Hessian, 8 MB: it needs no scaled features
STEPS = {"newton-cholesky": 100, "lbfgs": 1_000, "saga": 10_000}  # that scikit-learn's solvers may take, if it refits
VERSION = "_sklearn_neuron_version"  # in the state of what is pickled
KEPT = (History, Path, Row, Outcome, Recipe, *itertools.chain.from_iterable(PIECES.values()), sp.csr_matrix)
TRUSTED = [  # what a fitted classifier is made of, as ``skops.io.load(file, trusted=TRUSTED)`` is told
    "sklearn_neuron.classifier.SigmoidNeuronClassifier",
    "sklearn_neuron.classifier_cv.SigmoidNeuronClassifierCV",
    *sorted(f"{kind.__module__}.{kind.__qualname__}" for kind in KEPT),
]


# Leaving --------------------------------------------------------------------------------------------------


def to_sklearn(neuron) -> TheirModel:
    """What :meth:`~sklearn_neuron.SigmoidNeuronClassifier.to_sklearn` returns; it has warned of what gets lost.

    Parameters
    ----------
    neuron : SigmoidNeuronClassifier
        Fitted.

    Returns
    -------
    LogisticRegression or OneVsRestClassifier

    Warns
    -----
    UserWarning
        If class weights stay behind.
    """
    check_is_fitted(neuron)
    if _is_one_vs_rest(neuron) and neuron.class_weight is not None:
        warnings.warn(
            "class_weight stays behind: to a OneVsRestClassifier it would mean how much a class counts against all "
            "others together. What to_sklearn returns predicts the same, but would learn without; to refit it, route "
            "sklearn.utils.class_weight.compute_sample_weight(class_weight, y) to it as sample_weight.",
            UserWarning,
            stacklevel=3,
        )
    return predicting_the_same(neuron)


def predicting_the_same(neuron) -> TheirModel:
    """The model of scikit-learn that a fitted neuron is.

    Parameters
    ----------
    neuron : SigmoidNeuronClassifier
        Fitted.

    Returns
    -------
    LogisticRegression or OneVsRestClassifier
    """
    one = _of_its_parameters(neuron)
    if not _is_one_vs_rest(neuron):
        return _knowing(one, neuron, neuron.classes_, slice(None))
    many = OneVsRestClassifier(one)
    many.label_binarizer_ = LabelBinarizer(sparse_output=True).fit(neuron.classes_)
    many.classes_ = many.label_binarizer_.classes_
    many.estimators_ = [
        _knowing(clone(one), neuron, np.array([0, 1]), slice(k, k + 1)) for k in range(len(neuron.classes_))
    ]
    return _seeing(many, neuron)


def _is_one_vs_rest(neuron):
    return len(neuron.classes_) > 2 and not neuron._is_layer


def _of_its_parameters(neuron):
    """A model, not fitted, that would learn as the neuron does, by a solver that can."""
    if neuron.l1_ratio > 0:
        solver = "saga"
    else:
        small = np.prod(neuron.coef_.shape) <= LARGEST_NEWTON
        mistaken = neuron._is_layer and hasattr(LogisticRegression(), "multi_class")  # before 1.8, by skl2onnx: for OvR
        solver = "newton-cholesky" if small and not mistaken else "lbfgs"
    return LogisticRegression(
        **_in_its_words(as_float(neuron.C), neuron.l1_ratio),
        fit_intercept=neuron.fit_intercept,
        class_weight=None if _is_one_vs_rest(neuron) else neuron.class_weight,
        solver=solver,
        max_iter=STEPS[solver],
        warm_start=neuron.warm_start,
        random_state=neuron.random_state,
    )


def _in_its_words(C, l1_ratio) -> dict[str, Any]:
    """The penalty, as this scikit-learn is told: before 1.8 it had to be named."""
    if LogisticRegression().get_params().get("penalty") != "l2":
        return {"C": C, "l1_ratio": l1_ratio}
    if np.inf == C:
        return {"penalty": None}
    mixed = {"penalty": "elasticnet", "l1_ratio": l1_ratio}
    return {"C": C, **({"penalty": {0: "l2", 1: "l1"}[l1_ratio]} if l1_ratio in (0, 1) else mixed)}


def _knowing(model, neuron, classes, rows):
    """The model, with what some neurons have learned: in float64, since in float32 it would add up scores, too."""
    coef = sp.csr_matrix(neuron.coef_)[rows] if sp.issparse(neuron.coef_) else neuron.coef_[rows]
    model.classes_, model.coef_ = classes.copy(), coef.astype(np.float64)
    model.intercept_ = neuron.intercept_[rows].astype(np.float64)
    if hasattr(neuron, "n_iter_"):
        model.n_iter_ = neuron.n_iter_[rows][:1].astype(np.int32)
    return _seeing(model, neuron)


def _seeing(model, neuron):
    """The model, which takes the features that the neuron takes."""
    model.n_features_in_ = neuron.n_features_in_
    if hasattr(neuron, "feature_names_in_"):
        model.feature_names_in_ = neuron.feature_names_in_.copy()
    return model


# Coming ---------------------------------------------------------------------------------------------------


class Learned(NamedTuple):
    """What a model of scikit-learn has learned, in the words of a neuron."""

    parameters: dict[str, Any]
    attributes: dict[str, Any]


def learned_by(model, given) -> Learned:
    """What a fitted model of scikit-learn knows.

    Parameters
    ----------
    model : LogisticRegression, LogisticRegressionCV or OneVsRestClassifier of these
        Fitted.
    given : dict
        Parameters that the user gives the neuron; where one is given, nobody asks the model.

    Returns
    -------
    Learned
        With the parameters given among its own.

    Raises
    ------
    TypeError
        If it is another model.
    ValueError
        If it is none that a neuron can be, or what is given contradicts it.
    sklearn.exceptions.NotFittedError
        If it is not fitted.

    Warns
    -----
    UserWarning
        If class weights stay behind.
    """
    _refuse_others(model)
    check_is_fitted(model)
    models = _inside(model)
    found = _kind_of(model, models) | {"fit_intercept": models[0].fit_intercept}
    for name in found.keys() & given.keys():
        if given[name] != found[name]:
            raise ValueError(f"{name}={given[name]!r} contradicts the {_name(model)}, which has {found[name]!r}.")
    found |= {name: _agreed(name, models) for name in ("C", "l1_ratio") if name not in given}
    if "class_weight" not in given:
        found["class_weight"] = _class_weight(model, models)
    return Learned({**found, **given}, _attributes(model, models))


def _refuse_others(model):
    inner = model.estimator if isinstance(model, OneVsRestClassifier) else model
    if not isinstance(inner, LogisticRegression):
        within = "" if inner is model else f" of {type(inner).__name__}"
        last = " Pass its last step, model[-1]." if hasattr(model, "steps") else ""
        raise TypeError(
            "from_sklearn takes a fitted LogisticRegression, LogisticRegressionCV, or OneVsRestClassifier of these; "
            f"got a {type(model).__name__}{within}.{last}"
        )


def _inside(model):
    """The models of which it consists, one a row of coefficients, or one with all rows."""
    if not isinstance(model, OneVsRestClassifier):
        return [model]
    if model.multilabel_:
        raise ValueError("The OneVsRestClassifier tells labels of which an example may have several: no neuron does.")
    for k, one in enumerate(model.estimators_):
        if not isinstance(one, LogisticRegression):
            raise ValueError(
                f"The OneVsRestClassifier has learned nothing about the class {model.classes_.tolist()[k]!r}."
            )
    return model.estimators_


def _kind_of(model, models):
    """Which of the two it is, if there are more than two classes."""
    named = getattr(models[0], "multi_class", None)  # before scikit-learn 1.8
    if len(model.classes_) == 2:
        if named == "multinomial":
            raise ValueError(
                "A LogisticRegression of two classes with multi_class='multinomial' has half the scores of a neuron: "
                "fit it without."
            )
        return {}
    rest = isinstance(model, OneVsRestClassifier) or named == "ovr" or models[0].solver == "liblinear"
    return {"multi_class": "ovr" if rest else "multinomial"}


def _agreed(name, models):
    """C or l1_ratio, if all models have the same."""
    values = np.unique(np.concatenate([_penalty(one)[name] for one in models]))
    if len(values) > 1:
        raise ValueError(
            f"Its models have more than one {name}, {values.tolist()}: say which the neuron shall have, "
            f"from_sklearn(model, {name}=...)."
        )
    return values[0].item()


def _penalty(model) -> dict[str, np.ndarray]:
    """All C and l1_ratio of one model, which told them in the words of any scikit-learn."""
    chosen = "_" if isinstance(model, LogisticRegressionCV) else ""
    C, l1_ratio = getattr(model, f"C{chosen}"), getattr(model, f"l1_ratio{chosen}")
    penalty = model.get_params().get("penalty", "deprecated")
    if penalty is None:
        C, l1_ratio = np.inf, 0
    if penalty in ("l1", "l2"):
        l1_ratio = 1 * (penalty == "l1")
    ratios = np.ravel(np.asarray(l1_ratio, dtype=object))
    return {"C": np.ravel(C).astype(float), "l1_ratio": np.array([ratio or 0 for ratio in ratios], dtype=float)}


def _class_weight(model, models):
    """The weights of the classes, by their labels; None, and a warning, if they are not what a neuron means by them."""
    told = copy.copy(models[0].class_weight)
    if not isinstance(model, OneVsRestClassifier) or told is None:
        return told
    if len(model.classes_) == 2:
        if told == "balanced":
            return told
        return {label: told.get(k, 1) for k, label in enumerate(model.classes_.tolist())}
    warnings.warn(
        "class_weight stays behind: in a OneVsRestClassifier it says how much a class counts against all others "
        "together. The neuron predicts the same; to let it learn on, give it a class_weight of its own.",
        UserWarning,
        stacklevel=4,
    )
    return None


def _attributes(model, models):
    """What has been learned; in arrays of the neuron's own."""
    stack = sp.vstack if any(sp.issparse(one.coef_) for one in models) else np.vstack
    coef = stack([one.coef_ for one in models])
    learned = {
        "classes_": model.classes_.copy(),
        "_learned_as": _kind_of(model, models).get("multi_class", "ovr"),
        "coef_": sp.csr_matrix(coef) if sp.issparse(coef) else np.ascontiguousarray(coef),
        "intercept_": np.concatenate([np.ravel(one.intercept_) for one in models]).astype(np.float64),
        "n_features_in_": models[0].n_features_in_,
    }
    if hasattr(models[0], "feature_names_in_"):
        learned["feature_names_in_"] = models[0].feature_names_in_.copy()
    return learned


def _name(model):
    return type(model).__name__


# Pickles --------------------------------------------------------------------------------------------------


class PickleVersionWarning(InconsistentVersionWarning):
    """A neuron was pickled by another version of this package, which may have meant something else by what it kept."""

    def __str__(self):
        return (
            f"This {self.estimator_name} was pickled by sklearn_neuron {self.original_sklearn_version} and is read by "
            f"{self.current_sklearn_version}: it may fail, or answer otherwise. Fit it again, or read it with the "
            "version that wrote it."
        )


class Versioned(BaseEstimator):
    """An estimator whose pickles say which version of this package wrote them; of one in another that alone warns."""

    def __getstate__(self):
        return {**super().__getstate__(), VERSION: sklearn_neuron.__version__}

    def __setstate__(self, state):
        state = dict(state)
        written_by = state.pop(VERSION, "before 0.1.0")
        if written_by != sklearn_neuron.__version__ and not isinstance(state.get("best_estimator_"), Versioned):
            warned = PickleVersionWarning(
                estimator_name=type(self).__name__,
                current_sklearn_version=sklearn_neuron.__version__,
                original_sklearn_version=written_by,
            )
            warnings.warn(warned, stacklevel=2)
        super().__setstate__(state)
