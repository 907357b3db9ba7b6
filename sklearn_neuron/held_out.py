"""How good are beliefs about examples that were held out? One score a fold and C.

The log-loss of what was held out is that which a neuron learns from, so that it needs no scorer; as scikit-learn has
it, no probability is less than a float's eps::

    score  =  sum_i weight_i max(log P(Y = y_i | x_i), log eps) / sum_i weight_i

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
    X, truth = examples.X[test].astype(np.float64, copy=False), examples.codes[test][:, None]
    weight, eps = None if weight is None else weight[test], np.finfo(examples.X.dtype).eps
    scores = []
    for coef, intercept in zip(paths.coef[fold], paths.intercept[fold], strict=True):
        z = X @ coef.T + intercept
        beliefs = neuron._log_beliefs(z[:, 0] if len(coef) == 1 else z)
        of_truth = np.clip(np.take_along_axis(beliefs, truth, axis=1)[:, 0], np.log(eps), np.log1p(-eps))
        scores.append(float(np.average(of_truth, weights=weight)))
    return scores


def by_scorer(scorer, neuron, examples, paths, Cs, fold, test, params) -> list[float]:
    """What a scorer says at every C of the examples that a fold holds out, by their numbers."""
    X, y = examples.X[test], examples.y[test]
    given = params_of_some(examples.X, params=params, indices=test)
    scorer = told_all_classes(scorer, neuron.classes_, y)
    candidates = zip(paths.coef[fold], paths.intercept[fold], Cs.tolist(), strict=True)
    return [float(scorer(having_learned(neuron, *learned), X, y, **given)) for learned in candidates]


def having_learned(neuron, coef, intercept, C) -> Any:
    """A neuron like this one that knows these weights (K, p) and biases (K,), with this C."""
    other = copy.copy(neuron)
    other.coef_, other.intercept_, other.C = coef, intercept, C
    return other


def takes_weights(scorer) -> bool:
    """Whether a scorer can be told how much examples count."""
    return "sample_weight" in inspect.signature(getattr(scorer, "_score_func", scorer)).parameters


def told_all_classes(scorer, classes, y) -> Any:
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
