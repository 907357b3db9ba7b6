"""Has it arrived? That is a claim, and something may have hidden a slope from the walk that makes it.

=======================================================  =============================================================
what hides a slope                                       who finds it
=======================================================  =============================================================
an example far out that grows sure, step by step         :class:`~sklearn_neuron.solvers.stopping.Stop`, on the way
rounding in the coordinates                              the coordinates, by `hidden`
all that the diagonal of a Hessian does not say          a direction that sees the Hessian (:class:`SecondLook`)
a metric learned from steps that never felt it           products with the Hessian (:func:`certified`)
features that are nearly sums of others                  the same, along those (:mod:`~sklearn_neuron.solvers.flattest`)
=======================================================  =============================================================

A direction that has learned its metric from the steps it took knows nothing of slopes so flat that no step has felt
them. Conjugate gradients on ``H d = g`` tell: in the metric B at hand every product adds to a lower bound of the
squared decrement, and what is left of g bounds the rest, if nothing is `flatter` than B says by more than that::

    sum_k rate_k r_k'B r_k   <=   g'H^-1 g   <=   sum_k rate_k r_k'B r_k + flatter r'B r

where a gradient that is all flat slope shows at the first product: it bends less than B says. Where examples have grown
sure since B was learned, all slopes are flatter by as much, and `flatter` allows for it. The penalty is a
curvature that no slope lacks, so that ``|g|^2`` over the least of it is a bound that trusts nobody.

Reference: G. Golub and G. Meurant, Matrices, moments and quadrature, Numerical Analysis 1993 (1994), 105-156;
Z. Strakos and P. Tichy, On error estimation in the conjugate gradient method, ETNA 13 (2002), 56-80.
"""

from itertools import islice

import numpy as np

from sklearn_neuron._linalg import dot
from sklearn_neuron.solvers import diagnosis
from sklearn_neuron.solvers.flattest import examples_needed, flattest
from sklearn_neuron.solvers.history import History
from sklearn_neuron.solvers.newton import FLATTER, conjugate_steps
from sklearn_neuron.solvers.stopping import NEAR, UNSEEN, Outcome, Stop
from sklearn_neuron.solvers.walk import walk

PRODUCTS = 8  # with the Hessian, for a certificate
SAMPLED = 50  # examples a parameter, at least, in a sample of them
DENSEST = 64  # of so many examples one, at least, is asked for a certificate
WORTH = 0.1  # share of a squared decrement that some examples must show of a direction for all to be asked
MOST = 0.25  # curvature of all examples in doubt, in which a metric may have been learned that has faded since
LOOKS = 8  # of a second pair of eyes at one neuron
CLOSER = 1.5, 1e3  # by how many times less, at least and at most, a claim has to be the next time
LOOSE = 10  # times what rounding may hide, that a decrement may be: steps straight down are lost in it before
ALLOWED = 1.4  # times `tol`, that a decrement may be: J is about tol^2 above its minimum then
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


class SecondLook:
    """When to stop, for those who know of the Hessian its diagonal alone: not before who sees all of it agrees.

    The diagonal says nothing of features that are nearly the same, or far from zero; and no curvature of what comes to
    light when an example far out has grown sure: where the way to the floor changes a score by much, J there is looked
    up, by who sees the Hessian. By as much as a claim was too large, the next has to be smaller; the walk itself is not
    touched.

    Parameters
    ----------
    stop : Stop
        When to stop by what the walk knows.
    objective : Objective
        J in the units of X, of all neurons.
    recipe : Recipe
        A direction that sees the curvature, and coordinates for it.
    """

    def __init__(self, stop, objective, recipe):
        self.stop, self.objective, self.recipe = stop, objective, recipe
        self.start = stop.start
        self._limits = np.full(objective.home.n_walks, np.inf)  # of claims that are worth a look
        self._looks = np.zeros(objective.home.n_walks, dtype=int)

    def __call__(self, step, history, best) -> list[Outcome | None]:
        """Why each neuron has walked enough, if it has."""
        outcomes, length = self.stop(step, history, best), step.decrement.length
        claims = np.array([bool(why and why.converged) for why in outcomes])
        claims &= step.here.loss > self.stop.tol**2 / 2  # J is never below 0: less than that proves itself
        short = np.where(claims, np.inf, 0.0)
        which = np.flatnonzero(claims & (length <= self._limits[step.walking]))
        if len(which):
            short[which] = self._shortfall(step, which)
            self._looks[step.walking[which]] += 1
            self._limits[step.walking[which]] = length[which] / np.clip(short[which], *CLOSER)
        return [self._judged(step, k, why, short[k]) for k, why in enumerate(outcomes)]

    def _judged(self, step, k, why, short):
        """What is made of a claim that is so many times as long as it may be."""
        if short <= 1:
            return why
        may_go_on = step.iteration < self.stop.max_iter and self._looks[step.walking[k]] < LOOKS
        return None if why is Outcome.ARRIVED and may_go_on else Outcome.DOUBTFUL

    def _shortfall(self, step, which):
        """How many times as long as it may be the decrement of some who walk is."""
        J, here = self.objective.neurons(step.walking[which]), step.here
        columns = (here.weights.shape[1] // len(here.loss) * which[:, None] + np.arange(J.loss.neurons)).ravel()
        weights, loss = here.weights[:, columns], here.loss[which]
        try:
            seen = self.recipe.coordinates(J, weights)
        except ValueError:  # features differ by less than can be told
            return np.full(len(which), np.inf)
        there = seen.at(seen.from_weights(weights), self.recipe.direction.needs)
        heading, _ = self.recipe.direction(there, None)
        above = np.maximum(loss - there.loss, 0)  # for weights that those coordinates do not show: of constant features
        length = np.sqrt(2 * above + np.square(self.recipe.direction.decrement(there, heading).length))
        allowed = np.maximum(ALLOWED * self.stop.tol, LOOSE * np.sqrt(2 * here.objective.rounding(loss)))
        near = (length > allowed) | (length <= UNSEEN) | diagnosis.moves_at_most(seen, there.theta, heading, NEAR)
        far = np.flatnonzero(~near)
        if len(far):
            length[far] = np.sqrt(2 * np.maximum(loss[far] - self._floor(seen.neurons(far), there.theta[:, far]), 0))
        return length / allowed

    def _floor(self, seen, theta):
        """J of where the exact direction arrives from there, (number of walks,); minus infinity, if it does not."""
        stop = Stop(self.stop.tol, self.recipe.direction.default_max_iter)
        history = History(len(theta.T))
        arrival = walk(seen, theta, self.recipe.direction, self.recipe.step_size, stop, history)
        return np.where([why.converged for why in arrival.outcomes], arrival.loss, -np.inf)


def certified(objective, theta, gradient, metric, tol, products) -> np.ndarray:
    """Whether the Newton decrements of K neurons are at most `tol`, (K,) of bool; False if they could not be bounded.

    They stand at theta, with the gradient there, and ``metric(v)`` is about ``H^-1 v``, (q, K) each. Takes so many
    products with the Hessian at most, one pass over X each, beside one for the curvature of the examples, one for the
    bias and perhaps two more.
    """
    hessian_weights = objective.hessian_weights(theta)
    altogether = objective.doubt(hessian_weights)
    of_bias = diagnosis.of_bias_by_examples(objective, hessian_weights)
    sure = diagnosis.length_by_penalty(objective, gradient, of_bias) <= np.square(tol)
    flatter = np.maximum(FLATTER, MOST / np.maximum(altogether, TINY))
    shown = np.zeros(gradient.shape[1])
    steps = conjugate_steps(lambda v: objective.hessian_product(v, hessian_weights), gradient, metric)
    for _, curved, rate, length, left in islice(steps, 0 if sure.all() else products):
        shown += np.where(length > 0, np.where(curved > 0, rate * length, np.inf), 0)
        sure |= shown + flatter * left <= np.square(tol)
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
    bends = objective.loss.own_bends(rows.of_some(hessian_weights, some)) * (rows.shape[0] / max(len(some), 1))
    curved = np.square(effects @ directions).T @ bends + np.square(directions).T @ diagnosis.least_curvature(objective)
    added = _added(directions.T @ diagnosis.by_neurons(objective, gradient), curved)
    if (added <= WORTH * np.square(tol)).all():
        return diagnosis.most_of_walks(objective, added.max(axis=0, initial=0))
    along = diagnosis.along_neurons(objective, directions, added)
    return _added(dot(along, gradient), dot(along, objective.hessian_product(along, hessian_weights)))


def _added(slope, curved):
    """Squared slopes, divided by the curvature along them."""
    return np.divide(slope**2, curved, where=curved > 0, out=np.zeros_like(slope))
