"""Who is held out? Folds of cross-validation, and neurons that learn from all but one of them, side by side.

A fold is a way to count the examples: those held out count nothing. So the neurons of all folds share one X, and every
pass over it serves them all; J of each is that of its own examples, with the penalty of their total weight::

    share_fi  =  weight_i / sum_j weight_j   of those that fold f learns from, else 0
    J_f       =  sum_i share_fi loss_i  +  |w|^2 / (2 C sum_j weight_j)        or whatever else weights pay

What cannot share a pass learns fold by fold, each C from where the last one ended.

Reference: T. Hastie, R. Tibshirani, J. Friedman, The Elements of Statistical Learning (2nd ed., 2009), section 7.10.
"""

import copy
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
from sklearn.utils.parallel import Parallel, delayed

from sklearn_neuron.classifier import SigmoidNeuronClassifier, as_tol
from sklearn_neuron.homes.costs import SHARES_OF_FOLDS
from sklearn_neuron.homes.counted import Counted
from sklearn_neuron.homes.labels import as_float, weighted
from sklearn_neuron.homes.memory import InMemory
from sklearn_neuron.losses import SIGMOID
from sklearn_neuron.objective import Objective
from sklearn_neuron.penalties import strength_of
from sklearn_neuron.solvers.path import walk_path
from sklearn_neuron.solvers.recipes import choose
from sklearn_neuron.solvers.stages import Walked
from sklearn_neuron.solvers.stopping import Outcome


class Fold(NamedTuple):
    """Numbers of the examples to learn from, those that count, with their weights; and of those held out."""

    train: np.ndarray
    weight: np.ndarray
    test: np.ndarray

    def counted(self, n) -> np.ndarray:
        """How much each of all n examples counts."""
        return np.bincount(self.train, weights=self.weight, minlength=n)


class Examples(NamedTuple):
    """What is learned from: X, labels and their places among the classes, and what each example counts."""

    X: Any
    y: np.ndarray
    codes: np.ndarray
    weight: np.ndarray


def folds_of(splits, examples, classes, class_weight) -> list[Fold]:
    """Folds of some splits, each a pair of numbers, or booleans, of examples to learn from and held out.

    Raises
    ------
    ValueError
        If there are none, or a class is missing where a fold learns.
    """
    folds = [_fold(train, test, examples, classes, class_weight) for train, test in splits]
    if not folds:
        raise ValueError("cv splits the examples into no fold at all; pass a number of folds, or pairs (train, test).")
    for number, fold in enumerate(folds):
        missing = np.setdiff1d(np.arange(len(classes)), examples.codes[fold.train])
        if missing.size:
            (name,) = classes[missing[:1]].tolist()  # which is a number, or text, of Python
            raise ValueError(
                f"Fold {number} of cv has no example of class {name!r} to learn from (with a "
                "weight above 0). Folds of StratifiedKFold have some of each class; otherwise take fewer folds, or "
                "leave out that class."
            )
        if not examples.weight[fold.test].any():
            raise ValueError(
                f"Fold {number} of cv holds out no example (with a weight above 0): nothing can be scored."
            )
    return folds


def _fold(train, test, examples, classes, class_weight):
    train, test = (_numbers(which) for which in (train, test))
    train = train[examples.weight[train] > 0]
    y, codes, weight = (each[train] for each in (examples.y, examples.codes, examples.weight))
    return Fold(train, weighted(weight, class_weight, classes, y, codes) if len(train) else weight, test)


def _numbers(which):
    which = np.asarray(which)
    return np.flatnonzero(which) if which.dtype == bool else which


class Paths(NamedTuple):
    """What neurons have learned on every fold at every C."""

    coef: np.ndarray  # (folds, Cs, K, p)
    intercept: np.ndarray  # (folds, Cs, K)
    steps: np.ndarray  # (folds, Cs), of the neuron that took most
    outcomes: list[list[list[Outcome]]]  # of every fold and C, one a walk
    passes: float  # over X, of all together


def paths(neuron: SigmoidNeuronClassifier, examples: Examples, folds: list[Fold], Cs, n_jobs=None) -> Paths:
    """Learn on every fold, at every C.

    Parameters
    ----------
    neuron : SigmoidNeuronClassifier
        How to learn; it knows its `classes_`.
    examples : Examples
        All of them.
    folds : list of Fold
        Which to learn from.
    Cs : ndarray of shape (n_Cs,)
        Inverse strengths of the penalty, in ascending order.
    n_jobs : int, default=None
        Processes for folds that share no pass.

    Returns
    -------
    Paths
    """
    objective = _side_by_side(neuron, examples, folds)
    if objective is not None:
        return _along(neuron, objective, folds, Cs)
    one_by_one = Parallel(n_jobs=n_jobs)(delayed(_one_fold)(neuron, examples, fold, Cs) for fold in folds)
    coef, intercept, steps, outcomes, passes = zip(*one_by_one, strict=True)
    read = sum(share * len(fold.train) / len(examples.y) for share, fold in zip(passes, folds, strict=True))
    return Paths(np.array(coef), np.array(intercept), np.array(steps), list(outcomes), read)


# Side by side -----------------------------------------------------------------------------------------------


def _side_by_side(neuron, examples, folds):
    """J of all neurons of all folds in one home, at C = 1; None if they should not walk side by side.

    By Hessians all take few steps, and about as many. By gradients, or products with Hessians, one may take ten times
    as many as another, and all would wait: 6,046 mails 49 s instead of 21. What is refused for all together, for want
    of memory, may be allowed for each.
    """
    loss, truths = neuron._loss_and_truths(examples.codes)
    numbers = len(truths) * truths.shape[1] * len(folds)
    if loss is not SIGMOID or numbers * examples.X.dtype.itemsize > SHARES_OF_FOLDS:
        return None
    counted = np.stack([fold.counted(len(truths)) for fold in folds], axis=1)
    somewhere = counted.any(axis=1)
    X, truths, counted = (each if somewhere.all() else each[somewhere] for each in (examples.X, truths, counted))
    shares = np.repeat(counted / counted.sum(axis=0), truths.shape[1], axis=1).astype(X.dtype, copy=False)
    home = InMemory(X, np.tile(truths, len(folds)), shares, neuron.fit_intercept)
    objective = Objective(Counted(home.without_zeros()))
    objective = objective.paying(_strengths(folds, 1.0, truths.shape[1]), as_float(neuron.l1_ratio))
    try:
        _, recipe = choose(neuron.solver, "auto", objective, on_a_path=True)
    except ValueError:
        return None
    return objective if recipe.direction.keeps_pace else None


def _strengths(folds, C, K):
    """Of the penalty of each neuron, fold by fold."""
    return np.repeat(strength_of(C, np.array([fold.weight.sum() for fold in folds])), K)


def _along(neuron, objective, folds, Cs):
    """Paths of neurons that share every pass."""
    n_folds, K, p = len(folds), objective.home.n_walks // len(folds), objective.home.shape[1]
    coef, intercept = np.zeros((n_folds, len(Cs), K, p)), np.zeros((n_folds, len(Cs), K))
    steps = np.zeros((n_folds, len(Cs)), dtype=np.int32)
    outcomes: list[list[list[Outcome]]] = [[] for _ in folds]
    start = np.zeros((objective.home.n_parameters, objective.home.n_walks))
    strengths = (_strengths(folds, C, K) for C in Cs)
    for c, walked in enumerate(_walks(neuron, objective, start, strengths)):
        arrival = walked.arrival
        each = arrival.weights.T.reshape(n_folds, K, -1)
        coef[:, c], intercept[:, c] = each[..., :p], each[..., p:].sum(axis=-1)
        steps[:, c] = arrival.iterations.reshape(n_folds, K).max(axis=1)
        for fold in range(n_folds):
            outcomes[fold].append(arrival.outcomes[fold * K : (fold + 1) * K])
    return Paths(coef, intercept, steps, outcomes, objective.home.passes)


def _walks(neuron, objective, start, strengths) -> Iterator[Walked]:
    """How all neurons walk, under every penalty."""
    tol, l1_ratio = as_tol(neuron.tol), as_float(neuron.l1_ratio)
    return walk_path(objective, strengths, start, neuron.solver, tol, neuron.max_iter, l1_ratio)


# One by one -------------------------------------------------------------------------------------------------


def _one_fold(neuron, examples, fold, Cs):
    """The path of one fold: coefficients, biases, steps and outcomes at every C, and how often it read its examples."""
    which = fold.train
    objective, start = copy.copy(neuron)._posed(examples.X[which], examples.y[which], examples.weight[which])
    strengths = (strength_of(C, fold.weight.sum()) for C in Cs)
    p, arrivals = neuron.n_features_in_, [walked.arrival for walked in _walks(neuron, objective, start, strengths)]
    weights = np.array([arrival.weights.T for arrival in arrivals])
    steps, outcomes = [max(arrival.iterations) for arrival in arrivals], [arrival.outcomes for arrival in arrivals]
    return weights[..., :p], weights[..., p:].sum(axis=-1), steps, outcomes, objective.home.passes
