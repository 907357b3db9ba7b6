"""What does a neuron learn where large weights cost more, and where less? The path of its weights along C.

From the smallest C, where the penalty holds all weights near zero, to the largest, where it hardly holds any: each walk
starts from where the last one ended (:mod:`~sklearn_neuron.solvers.path`).

Where C begins to matter, and where it ends to, the penalty tells beside what the examples bend J along the weight of
feature j, at most ``spread_j^2 / 4``; with W the total weight of all examples::

    smallest C  =  1 / (W  10    sum_j spread_j^2 / 4)      along any direction the penalty bends J ten times as much
    largest C   =  1 / (W  1e-3  min_j spread_j^2 / 4)      along any feature a thousandth of what the examples may

An L1 penalty of ratio r holds all weights at 0 as long as no feature pulls harder than it holds. So where they pull the
hardest, at the bias that serves best without them, there begins the path::

    smallest C  =  r / (W  max_j |dJ/dw_j|)

Reference: T. Hastie, R. Tibshirani, J. Friedman, The Elements of Statistical Learning (2nd ed., 2009), figure 3.8; J.
Friedman, T. Hastie, R. Tibshirani, Journal of Statistical Software 33 (2010), section 2.5 (where the path begins).
"""

from numbers import Integral, Real
from typing import Any, NamedTuple

import numpy as np

from sklearn_neuron._sklearn import validate_parameter_constraints
from sklearn_neuron.classifier import SigmoidNeuronClassifier, as_tol
from sklearn_neuron.homes.labels import as_float
from sklearn_neuron.homes.moments import moments
from sklearn_neuron.penalties import strength_of
from sklearn_neuron.solvers.path import walk_path
from sklearn_neuron.solvers.stopping import Outcome
from sklearn_neuron.telling.advice import warn_of_paths

HELD, FREE = 10.0, 1e-3  # what a penalty bends J, beside the examples, where it holds all weights, and none
ROUNDING = 1e-9  # of slopes
WIDEST = 1e12  # how many times the smallest C the largest may be, if they are looked for


class NeuronPath(NamedTuple):
    """What neurons learn along C; K is 1 of two classes, and otherwise their number.

    Parameters
    ----------
    Cs : ndarray of shape (n_Cs,)
        Inverse strengths of the penalty, in ascending order.
    classes : ndarray of shape (n_classes,)
        Class labels.
    coefs : ndarray of shape (n_Cs, K, n_features)
        Weights.
    intercepts : ndarray of shape (n_Cs, K)
        Biases.
    losses : ndarray of shape (n_Cs, K)
        J with its penalty; of a layer one, (n_Cs, 1).
    n_iter : ndarray of shape (n_Cs, K)
        Steps from one C to the next; of a layer (n_Cs, 1).
    outcomes : list of list of Outcome
        Why each walk ended.

    Examples
    --------
    >>> from sklearn_neuron import neuron_path
    >>> from sklearn_neuron.datasets import make_toxic_plants
    >>> path = neuron_path(*make_toxic_plants(random_state=0, return_X_y=True), Cs=[0.01, 1])
    >>> print(path.losses.round(3).ravel(), path.converged)
    [0.6  0.46] [ True  True]
    """

    Cs: np.ndarray
    classes: np.ndarray
    coefs: np.ndarray
    intercepts: np.ndarray
    losses: np.ndarray
    n_iter: np.ndarray
    outcomes: list[list[Outcome]]

    @property
    def converged(self) -> np.ndarray:
        """Whether all neurons arrived, (n_Cs,) of bool."""
        return np.array([all(why.converged for why in at_C) for at_C in self.outcomes])


def neuron_path(
    X,
    y,
    *,
    Cs=50,
    l1_ratio=0.0,
    sample_weight=None,
    multi_class="ovr",
    fit_intercept=True,
    class_weight=None,
    solver="auto",
    tol=1e-4,
    max_iter=None,
) -> NeuronPath:
    """Learn at every C, each time from what was learned at the one before.

    Parameters
    ----------
    X : {array-like, sparse matrix} of shape (n_samples, n_features)
        Examples.
    y : array-like of shape (n_samples,)
        Class labels, at least two different ones.
    Cs : int or array-like of float, default=50
        Inverse strengths of the penalty, above 0; or how many, in even steps of their logarithm, from one where the
        penalty holds all weights to one where it hardly holds any. With `l1_ratio` above 0 the first is the largest
        whose weights are all 0, as that of :func:`sklearn.svm.l1_min_c`.
    l1_ratio : float, default=0.0
        Share of the penalty, from 0 to 1, that is paid for the size of weights.
    sample_weight : array-like of shape (n_samples,), default=None
        How much each example counts.
    multi_class, fit_intercept, class_weight, solver, tol, max_iter
        As for :class:`~sklearn_neuron.SigmoidNeuronClassifier`; `max_iter` at every C.

    Returns
    -------
    NeuronPath
        Weights and biases along C, in ascending order.

    Raises
    ------
    ValueError
        If the data or parameters cannot be used; the message says why.

    Warns
    -----
    ConvergenceWarning
        If neurons had not arrived; once for all C.

    Examples
    --------
    >>> from sklearn_neuron import neuron_path
    >>> from sklearn_neuron.datasets import make_toxic_plants
    >>> path = neuron_path(*make_toxic_plants(random_state=0, return_X_y=True), Cs=[1e-4, 0.01, 1])
    >>> print(path.coefs[:, 0].round(3))
    [[0.008 0.004]
     [0.36  0.25 ]
     [0.75  1.498]]
    """
    neuron = SigmoidNeuronClassifier(
        l1_ratio=l1_ratio,
        multi_class=multi_class,
        fit_intercept=fit_intercept,
        class_weight=class_weight,
        solver=solver,
        tol=tol,
        max_iter=max_iter,
    )
    constraints = neuron._parameter_constraints
    validate_parameter_constraints(constraints, neuron.get_params(deep=False), caller_name="neuron_path")
    objective, start = neuron._posed(X, y, sample_weight)
    neuron._refuse_unless_finite(objective.home)
    total_weight = 1 / (objective.penalty + objective.l1)  # for C is 1
    Cs = _sensible(Cs, objective, total_weight) if isinstance(Cs, Integral) else np.sort(checked(Cs))
    strengths, tol = (strength_of(C, total_weight) for C in Cs), as_tol(tol)
    walks = walk_path(objective, strengths, start, solver, tol, max_iter, as_float(l1_ratio))
    arrivals = [walked.arrival for walked in walks]
    outcomes = [arrival.outcomes for arrival in arrivals]
    warn_of_paths(Cs, [outcomes], stacklevel=3)
    weights = np.array([arrival.weights.T for arrival in arrivals])
    coefs, biases = np.split(weights, [objective.home.shape[1]], axis=-1)
    losses, n_iter = (np.array([getattr(each, name) for each in arrivals]) for name in ("loss", "iterations"))
    return NeuronPath(Cs, neuron.classes_, coefs, biases.sum(axis=-1), losses, n_iter, outcomes)


def _sensible(count, objective, total_weight):
    """So many C, from one where the penalty holds all weights to one where it hardly holds any."""
    if count < 1:
        raise ValueError(f"Cs must be one number of C or more, or numbers above 0; got {count}.")
    home, measured = objective.home, moments(objective.home)
    squares = np.square(measured.spread if home.has_bias else measured.root_mean_square) / 4
    varying = squares[squares > 0] if squares.any() else np.ones(1)
    least = _where_weights_leave(objective) if objective.kink.holds else 1 / (HELD * total_weight * varying.sum())
    most = max(1 / (FREE * total_weight * varying.min()), least)
    return np.geomspace(least, min(most, WIDEST * least), count)


def _where_weights_leave(objective):
    """The largest C at which a kink still holds all weights at 0; 1 if no feature pulls at all."""
    home, theta = objective.home, np.zeros((objective.home.n_parameters, objective.home.n_neurons))
    theta[home.shape[1] :] = objective.loss.best_bias(home.truth)  # if there is one
    hardest = np.abs(objective.at(theta).gradient[: home.shape[1]]).max() * (1 + ROUNDING)
    return objective.l1 / hardest if hardest > 0 else 1.0


def checked(Cs) -> Any:
    """Values of C, as floats in the order given; a ValueError if they are none."""
    values = _floats(Cs)
    if not len(values) or not (values > 0).all():
        raise ValueError(f"Cs must be numbers above 0, one or more of them; got {values.tolist()}.")
    return values


def shares_checked(l1_ratios) -> Any:
    """Values of l1_ratio, as floats in the order given; a ValueError if they are none."""
    values = _floats(l1_ratios)
    if not len(values) or not ((values >= 0) & (values <= 1)).all():
        raise ValueError(f"l1_ratios must be numbers from 0 to 1, one or more of them; got {values.tolist()}.")
    return values


def _floats(values):
    """As floats, in the order given; nan for what is no number."""
    each = np.asarray(values, dtype=object).ravel()
    return np.array([as_float(value) if isinstance(value, Real) and value == value else np.nan for value in each])
