"""Has it arrived? That is a claim, and something may have hidden a slope from the walk that makes it.

=======================================================  =============================================================
what hides a slope                                       who finds it
=======================================================  =============================================================
an example far out that grows sure, step by step         :class:`~sklearn_neuron.solvers.stopping.Stop`, on the way
rounding in the coordinates                              the coordinates, by `hidden`
a metric learned from steps that never felt it           products with the Hessian (:func:`certified`)
features that are nearly sums of others                  the same, along those (:mod:`~sklearn_neuron.solvers.flattest`)
=======================================================  =============================================================

A direction that has learned its metric from the steps it took knows nothing of slopes so flat that no step has felt
them. Conjugate gradients on ``H d = g`` tell: in the metric B at hand every product adds to a lower bound of the
squared decrement, and what is left of g bounds the rest as far as B is trusted::

    sum_k rate_k r_k'B r_k   <=   g'H^-1 g   <=   sum_k rate_k r_k'B r_k + trust r'B r

where a gradient that is all flat slope shows at the first product: it bends less than B says. Where examples have grown
sure since B was learned, all slopes are flatter by as much, and it is trusted so much less. The penalty is a
curvature that no slope lacks, so that ``|g|^2`` over the least of it is a bound that trusts nobody.

Reference: G. Golub and G. Meurant, Matrices, moments and quadrature, Numerical Analysis 1993 (1994), 105-156;
Z. Strakos and P. Tichy, On error estimation in the conjugate gradient method, ETNA 13 (2002), 56-80.
"""

from collections.abc import Callable
from itertools import islice

import numpy as np
import scipy.sparse as sp

from sklearn_neuron.objective import Objective, dot
from sklearn_neuron.solvers.direction import Direction
from sklearn_neuron.solvers.flattest import examples_needed, flattest
from sklearn_neuron.solvers.newton import TRUST, conjugate_steps
from sklearn_neuron.solvers.stopping import Outcome
from sklearn_neuron.solvers.walk import Arrival

PRODUCTS = 8  # with the Hessian, for a certificate
SAMPLED = 50  # examples a parameter, at least, in a sample of them
DENSEST = 64  # of so many examples one, at least, is asked for a certificate
WORTH = 0.1  # share of a squared decrement that some examples must show of a direction for all to be asked
MOST = 0.25  # curvature of all examples in doubt, in which a metric may have been learned that has faded since
TINY = np.finfo(float).tiny


class Claim:
    """What K neurons say of where their walk has ended, and what of it can be shown.

    Parameters
    ----------
    direction : Direction
        Which way they walked.
    objective : Objective
        J, in the coordinates of the walk.
    arrival : Arrival
        Where they ended.
    tol : float
        Largest Newton decrement of a neuron that has arrived.
    """

    def __init__(self, direction: Direction, objective: Objective, arrival: Arrival, tol: float):
        self.direction, self.objective, self.arrival, self.tol = direction, objective, arrival, tol
        self.said = np.array([why.converged for why in arrival.outcomes])
        self.open = self.said & (arrival.loss > tol**2 / 2)  # J is never below 0: less than that proves itself

    def ended(self, *outcomes: Outcome) -> np.ndarray:
        """Which walks ended so, (K,) of bool."""
        return np.array([why in outcomes for why in self.arrival.outcomes])

    def doubtful(self, may_go_on: bool, by_hessians: bool) -> np.ndarray:
        """Which neurons may not have arrived although they say so, or could by another way, (K,) of bool.

        Parameters
        ----------
        may_go_on : bool
            Whether one that has spent its steps may have more.
        by_hessians : bool
            Whether to go on with Hessians costs little. Then no certificate is asked for where one would be needed.
        """
        stuck = self.ended(Outcome.STUCK, Outcome.SPENT) if may_go_on else self.ended(Outcome.STUCK)
        if self.direction.metric is None:
            return (self.said | stuck) & self._is_hidden()
        if (by_hessians or not self.said.any()) and (self.open | stuck).any():
            return self.open | stuck
        doubtful = stuck | self.said & self._is_hidden()
        return doubtful | self.open & ~self._is_certified() if self.open.any() else doubtful

    def _is_hidden(self):
        """Whether rounding in the coordinates may hide more of J than the decrement may be."""
        rounding = self.objective.rounding(self.arrival.loss).max()
        return self.objective.hidden(self.arrival) > max(self.tol**2 / 2, rounding)

    def _is_certified(self):
        """Whether products with the Hessian bound the decrements.

        Where examples are many, some of them tell of it: what they lack looks flatter, and never steeper.
        """
        objective, arrival = self.objective, self.arrival
        length = np.sqrt(np.maximum(self.tol**2, 2 * objective.rounding(arrival.loss)))
        stride = min(objective.home.shape[0] // (SAMPLED * len(arrival.theta)), DENSEST)
        seen = objective.take(objective.home.sample(stride)) if stride > 1 else objective
        return certified(seen, arrival.theta, arrival.gradient, self._metric, length, PRODUCTS)

    def _metric(self, v):
        """``B v``, of each neuron by what it remembered at its last step."""
        each = [
            v[:, [k]] if memory is None else self.direction.metric(memory, v[:, [k]])
            for k, memory in enumerate(self.arrival.memories)
        ]
        return np.concatenate(each, axis=1)


def certified(
    objective: Objective, theta: np.ndarray, gradient: np.ndarray, metric: Callable, tol: np.ndarray, products: int
) -> np.ndarray:
    """Whether the Newton decrements are at most `tol`.

    Parameters
    ----------
    objective : Objective
        J of K neurons.
    theta, gradient : ndarray of shape (q, K)
        Where they stand, and the slopes there.
    metric : callable
        ``metric(v)`` of shape (q, K) is about ``H^-1 v``.
    tol : float or ndarray of shape (K,)
        Largest decrement.
    products : int
        Products with the Hessian at most, one pass over X each, beside one pass for the curvature of the examples and
        perhaps one product more.

    Returns
    -------
    ndarray of bool of shape (K,)
        True where it is bounded so; False where it is larger, or could not be bounded.
    """
    hessian_weights = objective.hessian_weights(theta)
    altogether = hessian_weights.sum(axis=0, dtype=np.float64)
    sure = objective.length_by_penalty(gradient, altogether) <= np.square(tol)
    trust = np.maximum(TRUST, MOST / np.maximum(altogether, TINY))
    shown = np.zeros(gradient.shape[1])
    steps = conjugate_steps(lambda v: objective.hessian_product(v, hessian_weights), gradient, metric)
    for step in islice(steps, products if not sure.all() else 0):
        endless = np.where(step.curved > 0, step.rate * step.length, np.inf)
        shown += np.where(step.length > 0, endless, 0)
        sure |= shown + trust * step.left <= np.square(tol)
        if (sure | (shown > np.square(tol))).all():
            break
    sure &= shown <= np.square(tol)
    if sure.any():
        sure &= _along_the_gradient(objective, gradient, hessian_weights, tol) <= np.square(tol)
        sure &= _along_the_flattest(objective, gradient, hessian_weights, tol) <= np.square(tol)
    return sure


def _along_the_gradient(objective, gradient, hessian_weights, tol):
    """What the gradient itself adds to a squared decrement, where it is longer than `tol`; at most one product.

    A metric may also be too steep, where curvature was large and is gone: no product led by it would look there.
    """
    squared = dot(gradient, gradient)
    if (squared <= np.square(tol)).all():
        return squared
    curved = dot(gradient, objective.hessian_product(gradient, hessian_weights))
    return np.divide(squared**2, curved, where=curved > 0, out=np.where(squared > 0, np.inf, 0.0))


def _along_the_flattest(objective, gradient, hessian_weights, tol):
    """What the directions along which the scores hardly move add to a squared decrement; the most, of one of them.

    Some examples tell of them, and which adds most; all examples, in one pass, how much it does. A sparse X with fewer
    numbers than pairs of features is not asked: such columns differ by whole numbers, or not at all.
    """
    rows = objective.home
    if not objective.by_features or (sp.issparse(rows.X) and rows.X.nnz < rows.shape[1] ** 2):
        return np.zeros(gradient.shape[1])
    some = rows.sample(max(1, rows.shape[0] // examples_needed(rows.shape[1])))
    effects = objective.effects(some)
    directions = flattest(effects, rows.has_bias)
    curved = np.square(effects @ directions).T @ hessian_weights[some] * (rows.shape[0] / max(len(some), 1))
    added = _added(directions.T @ gradient, curved + np.square(directions).T @ objective.least_curvature)
    if (added <= WORTH * np.square(tol)).all():
        return added.max(axis=0, initial=0)
    along = directions[:, added.argmax(axis=0)]
    return _added(dot(along, gradient), dot(along, objective.hessian_product(along, hessian_weights)))


def _added(slope, curved):
    """Squared slopes, divided by the curvature along them."""
    return np.divide(slope**2, curved, where=curved > 0, out=np.zeros_like(slope))
