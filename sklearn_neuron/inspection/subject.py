"""Who is in the picture? The fitted neuron inside an estimator, what it sees, and the names of things."""

import copy
from typing import Any, NamedTuple

import numpy as np
from sklearn.pipeline import Pipeline
from sklearn.utils import check_consistent_length, column_or_1d
from sklearn.utils.validation import check_is_fitted

from sklearn_neuron.classifier import SigmoidNeuronClassifier
from sklearn_neuron.homes.labels import codes_among
from sklearn_neuron.inspection.layers import lead
from sklearn_neuron.objective import Objective
from sklearn_neuron.solvers.maps import in_one_column


class Way(NamedTuple):
    """The way of one neuron, or of a layer, in the rows of its history of which the weights were kept."""

    rows: np.ndarray  # (F,) their numbers; the last is where it stopped
    weights: np.ndarray  # (q, F) weights and, last, the bias if there is one; of a layer (K q, F), neuron after neuron
    loss: np.ndarray  # (rows,) J as recorded, of every row up to there


class Subject(NamedTuple):
    """A fitted neuron and what stands between it and the data."""

    neuron: SigmoidNeuronClassifier
    before: Pipeline | None = None  # steps of a pipeline that come before the neuron

    @property
    def is_layer(self) -> bool:
        """Whether there are several neurons that share one unit of belief, by softmax, and walked as one."""
        return self.neuron._is_layer

    @property
    def steps_before(self) -> list[str]:
        """What the data go through before the neuron sees them: names of the steps' classes."""
        steps = [] if self.before is None else [step for _, step in self.before.steps]
        return [type(step).__name__ for step in steps if step not in (None, "passthrough")]

    @property
    def keeps_features(self) -> bool:
        """Whether it sees the features that are given, one for one and in their order, as far as their names tell."""
        if self.before is None:
            return True
        try:
            taken = getattr(self.before, "feature_names_in_", None)
            taken = _numbered(self.before.n_features_in_) if taken is None else taken
            return np.array_equal(self.before.get_feature_names_out(taken), taken)
        except (AttributeError, ValueError):  # a step that cannot name what it returns
            return False

    def sees(self, X) -> Any:
        """The examples as the neuron sees them: transformed by the steps before it."""
        return X if self.before is None else self.before.transform(X)

    def feature_names(self, given=None) -> list[str]:
        """Names of the features that the neuron sees, as a list: those given, those it was fitted with, or x1, x2..."""
        p = self.neuron.n_features_in_
        if given is not None:
            if len(given) != p:
                raise ValueError(f"feature_names has {len(given)} names, but the neuron sees {p} features.")
            return [str(name) for name in given]
        if self.before is not None:
            return _names_after(self.before, p)
        return [str(name) for name in getattr(self.neuron, "feature_names_in_", _numbered(p))]

    def class_names(self, given=None) -> list[str]:
        """Names of the classes, as a list, in the order of `classes_`."""
        classes = self.neuron.classes_
        if given is not None and len(given) != len(classes):
            raise ValueError(f"class_names has {len(given)} names, but there are {len(classes)} classes: {classes}.")
        return [str(name) for name in (classes if given is None else given)]

    def column(self, class_of_interest=None) -> int:
        """Which neuron speaks for a class: its row of `coef_`.

        Parameters
        ----------
        class_of_interest : label, default=None
            One of `classes_`; None is the second of two.

        Returns
        -------
        int

        Raises
        ------
        ValueError
            If no neuron, or more than one, can be meant.
        """
        classes = self.neuron.classes_
        spoken_for = classes if len(classes) > 2 else classes[1:]
        if class_of_interest is None and len(spoken_for) == 1:
            return 0
        found = number_of(class_of_interest, spoken_for)
        if found is None:
            raise ValueError(
                f"This shows one neuron: pass class_of_interest, one of {spoken_for.tolist()}; "
                f"got {class_of_interest!r}."
            )
        return found

    def walk(self, class_of_interest=None) -> int:
        """Which walk taught the neuron of a class: a layer has one for all of them."""
        return 0 if self.is_layer else self.column(class_of_interest)

    def belief_scores(self, z, class_of_interest=None) -> np.ndarray:
        """Of what the belief in a class is the sigmoid, (n,): the score of its neuron; in a layer its lead.

        z are scores, (n,) or (n, K), as `decision_function` tells them.
        """
        k = self.column(class_of_interest)
        return lead(z, k) if self.is_layer else z.reshape(len(z), -1)[:, k]

    def parameters(self, class_of_interest=None) -> np.ndarray:
        """Weights and, last, the bias of what walked, the neuron of a class or its layer, in one column, (K q, 1)."""
        neuron = self.neuron
        columns = np.vstack([neuron.coef_.T, *[neuron.intercept_] * neuron.fit_intercept]).astype(np.float64)
        if self.is_layer:
            return in_one_column(columns, columns.shape[1])
        return columns[:, [self.column(class_of_interest)]]

    def objective(self, X, y, sample_weight=None, class_of_interest=None) -> Objective:
        """J of what walked, the neuron of a class or its layer, on examples as the neuron sees them."""
        everyone = self.neuron.objective(X, y, sample_weight)
        return everyone if self.is_layer else everyone.neurons([self.column(class_of_interest)])

    def losses(self, X, y) -> np.ndarray:
        """What examples, as the neuron sees them, pay for their labels among all classes: ``-log P(Y=y|x)``, (n,)."""
        logs, y = self.neuron.predict_log_proba(X), column_or_1d(y)
        check_consistent_length(logs, y)
        return -logs[np.arange(len(y)), codes_among(self.neuron.classes_, y)]

    def way(self, class_of_interest=None) -> Way:
        """The way that the neuron of a class took, up to where it is: others may have walked on; or its layer.

        Who was stopped early has gone back to its best step, and is there.

        Parameters
        ----------
        class_of_interest : label, default=None
            One of `classes_`; None is the second of two.

        Returns
        -------
        Way

        Raises
        ------
        ValueError
            If it was not recorded.
        """
        k, history = self.walk(class_of_interest), self.history
        if "weights" not in history.columns:
            raise ValueError(
                "The path was not recorded: fit with record='path', or pass path=False to a landscape for J alone."
            )
        last = self._last_row(k)
        kept = np.searchsorted(history.weights_rows, last) + 1  # it stood still from there to the next that was kept
        rows = np.minimum(history.weights_rows[:kept], last)
        weights = history.weights[:kept]
        weights = weights.reshape(*weights.shape[:2], -1)  # (kept, q, K)
        if hasattr(self.neuron, "best_iteration_") and history.weights_rows[kept - 1] != last:  # it has walked on
            weights[-1] = np.vstack([self.neuron.coef_.T, self.neuron.intercept_])[: weights.shape[1]]
        weights = (weights if self.is_layer else weights[..., [k]]).transpose(2, 1, 0).reshape(-1, kept)
        return Way(rows, weights, self.recorded(class_of_interest))

    def _last_row(self, k):
        """The row of the history in which walk k came to where it is."""
        on_all = np.flatnonzero(self.history.on_all)
        steps = getattr(self.neuron, "best_iteration_", self.neuron.n_iter_)[k]
        return on_all[min(steps, len(on_all) - 1)] if len(on_all) else len(self.history) - 1

    @property
    def final_losses(self) -> np.ndarray:
        """J of every neuron, or of the layer, where it is; (n_walks,)."""
        losses = self.history.loss.reshape(len(self.history), -1)
        return np.array([losses[self._last_row(k), k] for k in range(losses.shape[1])])

    @property
    def history(self) -> Any:
        """What the walk recorded; a ValueError if there was none."""
        if not hasattr(self.neuron, "history_"):
            raise ValueError(
                "This neuron was averaged over folds (refit=False), or came from another model (from_sklearn), and has "
                "no walk of its own to show; let it learn, with refit=True or by fit."
            )
        return self.neuron.history_

    def recorded(self, class_of_interest=None) -> np.ndarray:
        """J of one neuron, or of its layer, in every row of the history up to where it is."""
        history, k = self.history, self.walk(class_of_interest)
        return history.loss.reshape(len(history), -1)[: self._last_row(k) + 1, k]

    def weights(self, class_of_interest=None) -> tuple[np.ndarray, float]:
        """Weights, shape (n_features,), and bias of the neuron that speaks for a class, as float64."""
        k = self.column(class_of_interest)
        return self.neuron.coef_[k].astype(np.float64), float(self.neuron.intercept_[k])


def subject_of(estimator: Any) -> Subject:
    """Find the fitted neuron inside an estimator.

    Parameters
    ----------
    estimator : SigmoidNeuronClassifier, Pipeline that ends with one, or search over one of these
        Fitted. Of a search the best estimator is meant.

    Returns
    -------
    Subject

    Raises
    ------
    TypeError
        If there is no neuron where one is looked for; the message says what to pass.
    sklearn.exceptions.NotFittedError
        If it is not fitted.

    Examples
    --------
    >>> from sklearn.pipeline import make_pipeline
    >>> from sklearn.preprocessing import StandardScaler
    >>> from sklearn_neuron import SigmoidNeuronClassifier
    >>> from sklearn_neuron.datasets import make_toxic_plants
    >>> from sklearn_neuron.inspection.subject import subject_of
    >>> plants = make_toxic_plants(random_state=0)
    >>> pipeline = make_pipeline(StandardScaler(), SigmoidNeuronClassifier()).fit(plants.data, plants.target)
    >>> subject_of(pipeline).neuron
    SigmoidNeuronClassifier()
    """
    found = getattr(estimator, "best_estimator_", estimator)
    before = None
    if isinstance(found, Pipeline):
        before = found[:-1] if len(found.steps) > 1 else None
        found = getattr(found.steps[-1][1], "best_estimator_", found.steps[-1][1])
    if not isinstance(found, SigmoidNeuronClassifier):
        raise TypeError(_what_to_pass(estimator, found))
    check_is_fitted(found)
    return Subject(found if isinstance(found.coef_, np.ndarray) else copy.copy(found).densify(), before)


def number_of(label: Any, classes: np.ndarray) -> int | None:
    """Which of some classes has this label; None if there is no such class."""
    return next((k for k, known in enumerate(classes.tolist()) if known == label), None)


def _what_to_pass(estimator, found):
    inside = "" if found is estimator else f", in which a {type(found).__name__} is found"
    if hasattr(estimator, "estimator") and hasattr(estimator, "param_grid"):
        inside = ", which is not fitted, or with refit=False"
    return (
        f"A neuron is needed: a fitted SigmoidNeuronClassifier, a Pipeline that ends with one, or a search "
        f"over one of these; got a {type(estimator).__name__}{inside}. Pass the neuron itself, for example an element "
        "of estimators_."
    )


def _names_after(before, p):
    """Names of what some steps return; where nothing that they take has a name, it is numbered as a neuron would."""
    try:
        taken = None if hasattr(before, "feature_names_in_") else _numbered(before.n_features_in_)
        return [str(name) for name in before.get_feature_names_out(taken)]
    except (AttributeError, ValueError):  # a step that cannot name what it returns
        return _numbered(p)


def _numbered(p):
    return [f"x{j + 1}" for j in range(p)]
