"""How does the neuron stand beside scikit-learn's solver of the same problem? In J, in accuracy and in seconds.

On a small table both learn again, up to three times. On a large one LogisticRegression may need half a minute; there it
is asked for, and given so many iterations as a few seconds allow.
"""

import time
import warnings
from typing import Any

import numpy as np
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier

from sklearn_neuron import layer
from sklearn_neuron.homes.labels import codes_among
from sklearn_neuron.neuron import log_loss
from sklearn_neuron.tables import Column, Table

LARGE = 2_000_000  # numbers in X times neurons: LogisticRegression needs more than about a second
PATIENCE = 10.0  # seconds that it is given there
TASTE = 3  # iterations that tell what one costs


def is_large(neuron: Any, X: Any) -> bool:
    """Whether it may take long to compare a neuron on a table."""
    return X.shape[0] * X.shape[1] * len(neuron.coef_) > LARGE


def alone(neuron: Any, split: Any, seconds: float) -> str:
    """A table of the neuron alone."""
    rows = [["", "neuron"], *([name, cells[0]] for name, *cells in _answers([neuron], split)), _row([seconds])]
    lines = Table(rows, [Column("<", 34, ""), Column(least=14, before="")]).lines()
    beside = "(beside LogisticRegression, on a table as large as this: --compare)"
    return "\n".join([*lines, *[beside] * is_large(neuron, split.X)])


def beside(neuron: Any, split: Any, seconds: float | None = None) -> str:
    """A table of the neuron beside LogisticRegression.

    Parameters
    ----------
    neuron : SigmoidNeuronClassifier
        Fitted.
    split : Split
        Rows to learn from and to test on.
    seconds : float, default=None
        What the neuron took, where neither shall learn again for the clock alone; then LogisticRegression is given
        about PATIENCE.
    """
    rival = LogisticRegression(C=neuron.C, tol=neuron.tol)
    if len(neuron.classes_) > 2 and neuron.multi_class == "ovr":
        rival = OneVsRestClassifier(rival)
    pair = (neuron, rival)
    if seconds is None:
        clocked = [_seconds(model, split.X, split.y) for model in pair]
    else:
        clocked = [seconds, _patiently(rival, split.X, split.y)]
    rows = [["", "neuron", "LogisticRegression"], *_answers(pair, split), _row(clocked)]
    ours, theirs = _weights(neuron)[0], _weights(rival)[0]
    lines = [
        *Table(rows, [Column("<", 34, ""), Column(least=14, before=""), Column(least=20, before="")]).lines(),
        f"coefficients differ by {np.abs(ours - theirs).max():.2g} at most; the largest of LogisticRegression is "
        f"{np.abs(theirs).max():.4g}",
    ]
    return "\n".join([*lines, *_what_was_compared(neuron, rival)])


def _answers(models, split):
    """Rows of the table: J and accuracy of models."""
    C = models[0].C
    J = "J (mean log-loss + penalty)" if np.inf > C else "J (mean log-loss, no penalty)"
    tested = "held-out rows" if split.X_held_out is not None else "the rows learned from"
    return [
        [J, *(f"{mean_loss(model, split.X, split.y, C):.8f}" for model in models)],
        [f"accuracy on {tested}", *(f"{model.score(*split.tested):.4f}" for model in models)],
    ]


def _row(seconds):
    return ["seconds", *(f"{one:.4f}" for one in seconds)]


def _what_was_compared(neuron, rival):
    """Small print beneath the table."""
    if len(neuron.classes_) > 2:
        by_class = "(one neuron a class beside OneVsRestClassifier(LogisticRegression()); J is their mean)"
        yield by_class if neuron.multi_class == "ovr" else "(one layer of softmax, both)"
    if _ran_out(rival):
        limit = _each(rival)[0].max_iter
        yield f"(LogisticRegression ended at its limit of {limit} iterations{_why(limit)})"


def _why(limit):
    return "" if limit == LogisticRegression().max_iter else f", all that {PATIENCE:.0f} seconds allow, tries included"


def _patiently(rival, X, y):
    """Fit with as many iterations as there is patience for; seconds of that fit.

    The first iterations are the slowest, for threads and memory are new to them: what they seem to allow is too few. So
    it learns again, of more, while what is left allows more.
    """
    limit, spent, usual = TASTE, 0.0, LogisticRegression().max_iter
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        while True:
            seconds = _once(_limited(rival, limit), X, y)
            spent += seconds
            allowed = min(usual, int(max(PATIENCE - spent, 0) / seconds * limit))
            if allowed <= limit or not _ran_out(rival):
                return seconds
            limit = allowed


def _limited(rival, max_iter):
    name = "estimator__max_iter" if isinstance(rival, OneVsRestClassifier) else "max_iter"
    return rival.set_params(**{name: max_iter})


def _once(model, X, y):
    start = time.perf_counter()
    model.fit(X, y)
    return time.perf_counter() - start


def _seconds(model, X, y):
    """Best of up to three fits."""
    times: list[float] = []
    while len(times) < 3 and sum(times) < 1:
        times.append(_once(model, X, y))
    return min(times)


def _weights(model):
    """Coefficients (K, p) and intercepts (K,) of either model."""
    each = _each(model)
    return np.vstack([one.coef_ for one in each]), np.concatenate([one.intercept_ for one in each])


def mean_loss(model: Any, X: Any, y: np.ndarray, C: float) -> float:
    """Mean J of all neurons, or J of a layer, in float64."""
    coef, intercept = _weights(model)
    z, squares = np.asarray(X, dtype=np.float64) @ coef.T + intercept, (coef**2).sum() / (2 * C * len(y))
    if _is_layer(model):
        return float(layer.example_loss(z, codes_among(model.classes_, y)).mean() + squares)
    truths = y[:, None] == (model.classes_ if len(coef) > 1 else model.classes_[1:])
    return log_loss(z, truths) + squares / len(coef)


def _is_layer(model):
    """Whether its neurons share one belief: those of LogisticRegression do, if there are more than two classes."""
    is_one = len(model.classes_) > 2 and not hasattr(model, "estimators_")
    return is_one and getattr(model, "multi_class", "multinomial") == "multinomial"


def _ran_out(rival):
    return any(one.n_iter_.max() >= one.max_iter for one in _each(rival))


def _each(model):
    """The models of which a model is made, one a class; or itself."""
    return getattr(model, "estimators_", [model])
