"""Has it arrived? That is a claim, and something may have hidden a slope from the walk that makes it.

=======================================================  =============================================================
what hides a slope                                       who finds it
=======================================================  =============================================================
an example far out that grows sure, step by step         :class:`~sklearn_neuron.solvers.stopping.Stop`, on the way
rounding in the coordinates                              the coordinates, by `hidden`
features far from zero, to the diagonal of the Hessian   that of centred features
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

from itertools import islice

import numpy as np

from sklearn_neuron._linalg import dot
from sklearn_neuron.solvers import diagnosis
from sklearn_neuron.solvers.coordinates import Standardised
from sklearn_neuron.solvers.direction import diagonal_decrement
from sklearn_neuron.solvers.flattest import examples_needed, flattest
from sklearn_neuron.solvers.newton import TRUST, conjugate_steps
from sklearn_neuron.solvers.stopping import Outcome

PRODUCTS = 8  # with the Hessian, for a certificate
SAMPLED = 50  # examples a parameter, at least, in a sample of them
DENSEST = 64  # of so many examples one, at least, is asked for a certificate
WORTH = 0.1  # share of a squared decrement that some examples must show of a direction for all to be asked
MOST = 0.25  # curvature of all examples in doubt, in which a metric may have been learned that has faded since
LOOSE = 10  # times `tol`, that a decrement by the diagonal may be where features are centred
TINY = np.finfo(float).tiny


class Claim:
    """What the neurons of the last stage, `walked`, say of where they ended, and what of it can be shown to `tol`."""

    def __init__(self, walked, tol):
        self.direction, self.objective, self.arrival = walked.recipe.direction, walked.objective, walked.arrival
        self.tol = tol  # largest decrement of a neuron that has arrived
        self.said = np.array([why.converged for why in self.arrival.outcomes])
        self.open = self.said & (self.arrival.loss > tol**2 / 2)  # J is never below 0: less than that proves itself

    def doubtful(self, may_go_on, by_hessians) -> np.ndarray:
        """Which neurons may not have arrived although they say so, or could by another way, (K,) of bool.

        Those that have spent their steps could if they `may_go_on`. If to go on `by_hessians` costs little, no
        certificate is asked for where one would be needed.
        """
        unfinished = (Outcome.STUCK, Outcome.SPENT) if may_go_on else (Outcome.STUCK,)
        stuck = np.array([why in unfinished for why in self.arrival.outcomes])
        if self.direction.by_diagonal:
            return self.said & (self._is_hidden() | self._is_off_center())
        if self.direction.metric is None:
            return (self.said | stuck) & self._is_hidden()
        if (by_hessians or not self.said.any()) and (self.open | stuck).any():
            return self.open | stuck
        doubtful = stuck | self.said & self._is_hidden()
        return doubtful | self.open & ~self._is_certified() if self.open.any() else doubtful

    def _is_hidden(self):
        """Whether rounding in the coordinates may hide more of J than the decrement may be."""
        rounding = self.objective.rounding(self.arrival.loss).max()
        return diagnosis.hidden(self.objective, self.arrival) > max(self.tol**2 / 2, rounding)

    def _is_off_center(self):
        """Whether the diagonal of the Hessian says something else of the same place when features are centred.

        Far from zero it is the square of how far they are, and says nothing of how they differ.
        """
        arrival, length = self.arrival, np.sqrt(2 * self.objective.rounding(self.arrival.loss))
        if not self.said.any() or self.objective.features is not None:
            return np.zeros(len(self.said), dtype=bool)
        try:
            seen = Standardised()(self.objective.in_units_of_X)
        except ValueError:  # they differ by less than can be told
            return self.said
        here = seen.at(seen.from_weights(arrival.weights), self.direction.needs)
        return diagonal_decrement(here) > LOOSE * np.maximum(self.tol, length)

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


def certified(objective, theta, gradient, metric, tol, products) -> np.ndarray:
    """Whether the Newton decrements of K neurons are at most `tol`, (K,) of bool; False if they could not be bounded.

    They stand at theta, with the gradient there, and ``metric(v)`` is about ``H^-1 v``, (q, K) each. Takes so many
    products with the Hessian at most, one pass over X each, beside one for the curvature of the examples, one for the
    bias and perhaps two more.
    """
    hessian_weights = objective.hessian_weights(theta)
    altogether = objective.loss.doubt(hessian_weights)
    of_bias = diagnosis.of_bias_by_examples(objective, hessian_weights)
    sure = diagnosis.length_by_penalty(objective, gradient, of_bias) <= np.square(tol)
    trust = np.maximum(TRUST, MOST / np.maximum(altogether, TINY))
    shown = np.zeros(gradient.shape[1])
    steps = conjugate_steps(lambda v: objective.hessian_product(v, hessian_weights), gradient, metric)
    for _, curved, rate, length, left in islice(steps, 0 if sure.all() else products):
        shown += np.where(length > 0, np.where(curved > 0, rate * length, np.inf), 0)
        sure |= shown + trust * left <= np.square(tol)
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
    if not diagnosis.by_features(objective) or (rows.is_sparse and rows.stored_numbers < rows.shape[1] ** 2):
        return np.zeros(gradient.shape[1])
    some = rows.sample(max(1, rows.shape[0] // examples_needed(rows.shape[1])))
    effects = diagnosis.effects(objective, some)
    directions = flattest(effects, rows.has_bias)
    bends = objective.loss.own_bends(hessian_weights[some]) * (rows.shape[0] / max(len(some), 1))
    curved = np.square(effects @ directions).T @ bends + np.square(directions).T @ diagnosis.least_curvature(objective)
    added = _added(directions.T @ diagnosis.by_neurons(objective, gradient), curved)
    if (added <= WORTH * np.square(tol)).all():
        return diagnosis.most_of_walks(objective, added.max(axis=0, initial=0))
    along = diagnosis.along_neurons(objective, directions, added)
    return _added(dot(along, gradient), dot(along, objective.hessian_product(along, hessian_weights)))


def _added(slope, curved):
    """Squared slopes, divided by the curvature along them."""
    return np.divide(slope**2, curved, where=curved > 0, out=np.zeros_like(slope))
