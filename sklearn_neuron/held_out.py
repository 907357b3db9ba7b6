"""How good are beliefs about examples that were held out? One score a fold and C.

The log-loss of what was held out is that which a neuron learns from, so that it needs no scorer: of all C of a fold at
once, and as scikit-learn has it, which takes no probability for less than a float's eps::

    score  =  - sum_i weight_i min(-log P(Y = y_i | x_i), -log eps) / sum_i weight_i

Any other scorer asks a neuron that was put together from what the fold has learned.
"""

import copy
import inspect
from typing import Any

import numpy as np
from sklearn.metrics import get_scorer, make_scorer

from sklearn_neuron._sklearn import params_of_some


def neg_log_loss(neuron, examples, paths, fold, test, weight=None) -> list[float]:
    """Minus the mean log-loss at every C on the examples that a fold holds out, by their numbers."""
    X, codes = examples.X[test], examples.codes[test]
    n_Cs, K, p = paths.coef[fold].shape
    z = X @ paths.coef[fold].reshape(n_Cs * K, p).T + paths.intercept[fold].ravel()
    z = z.reshape(len(codes) * n_Cs, K)
    beliefs = neuron._log_beliefs(z[:, 0] if K == 1 else z)
    losses = -np.take_along_axis(beliefs, np.repeat(codes, n_Cs)[:, None], axis=1).reshape(len(codes), n_Cs)
    eps = np.finfo(examples.X.dtype).eps
    losses = np.clip(losses, -np.log1p(-eps), -np.log(eps))
    return (-np.average(losses, axis=0, weights=None if weight is None else weight[test])).tolist()


def by_scorer(scorer, neuron, examples, paths, fold, test, params) -> list[float]:
    """What a scorer says at every C of the examples that a fold holds out, by their numbers."""
    X, y = examples.X[test], examples.y[test]
    given = params_of_some(examples.X, params=params, indices=test)
    scorer = _told_all_classes(scorer, neuron.classes_, y)
    candidates = zip(paths.coef[fold], paths.intercept[fold], strict=True)
    return [float(scorer(having_learned(neuron, *learned), X, y, **given)) for learned in candidates]


def having_learned(neuron, coef, intercept) -> Any:
    """A neuron like this one that knows these weights (K, p) and biases (K,)."""
    other = copy.copy(neuron)
    other.coef_, other.intercept_ = coef, intercept
    return other


def takes_weights(scorer) -> bool:
    """Whether a scorer can be told how much examples count."""
    return "sample_weight" in inspect.signature(getattr(scorer, "_score_func", scorer)).parameters


def _told_all_classes(scorer, classes, y):
    """A scorer of probabilities that may not know, from what is held out, which classes there are."""
    if getattr(scorer, "_response_method", None) != "predict_proba" or len(np.unique(y)) == len(classes):
        return scorer
    takes = inspect.signature(scorer._score_func).parameters
    told = {"labels": classes} | ({"pos_label": classes[1]} if len(classes) == 2 else {})
    options = {name: value for name, value in told.items() if name in takes} | scorer._kwargs
    greater = scorer._sign > 0
    return make_scorer(scorer._score_func, response_method="predict_proba", greater_is_better=greater, **options)


def scorer_of(scoring) -> Any:
    """The scorer that is meant."""
    return get_scorer("neg_log_loss" if scoring is None else scoring)
