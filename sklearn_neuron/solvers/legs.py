"""A fit is a list of legs: walks one after the other, each from where the last one ended.

Most fits have one leg. Where there are many more examples than parameters, two serve better: a walk on a sample of the
examples, until its decrement drowns in the noise of the sample, and from there a walk on all of them. Whatever the
sample lacks, the second leg finds.

Where a walk in a metric that it has learned, or in the span of the examples, says that it has arrived, a second opinion
is asked for (:mod:`~sklearn_neuron.solvers.certificate`); should that not agree, a last leg goes on by the surest way.

Reference: R. Bollapragada, R. Byrd, J. Nocedal, Exact and inexact subsampled Newton methods, IMA J. Numer. Anal. 39
(2019), 545-578.
"""

from typing import NamedTuple

import numpy as np

from sklearn_neuron.homes.costs import HESSIAN_PER_PASS, SMALL_TABLE, SPAN_HESSIAN
from sklearn_neuron.objective import Objective
from sklearn_neuron.solvers.certificate import certified
from sklearn_neuron.solvers.coordinates import Plain
from sklearn_neuron.solvers.history import History
from sklearn_neuron.solvers.recipes import NAMED, Recipe, choose, has_small_hessians, surest
from sklearn_neuron.solvers.span import Gram
from sklearn_neuron.solvers.walk import NO_IDEA, Arrival, Outcome, Stop, walk

SAMPLED = 50  # examples a parameter, at least, in a sample
SPARSEST, DENSEST = 32, 4  # a sample is one of 32 examples to one of 4; if that is too few, or too many, there is none
SHORT = 12  # steps on a sample
PRODUCTS = 8  # with the Hessian, for a second opinion
SMALL_SHARE = 0.05  # of all passes, that a second opinion may always cost at a tol of USUAL; as much more as it is less
USUAL = 1e-4
UNFELT = 1e-10  # share of all examples that no walk can see
LOOKED_AT = 64  # of so many examples one, at least, is asked for it


class Leg(NamedTuple):
    """One walk of a fit."""

    recipe: Recipe
    stride: int = 1  # of how many examples one is looked at
    budget: int | None = None  # steps of this leg; None: all that are left
    same_units: bool = False  # whether to keep those of the leg before, if every feature varied there


def plan(solver, learning_rate, objective) -> tuple[str, list[Leg]]:
    """Legs of a fit.

    Parameters
    ----------
    solver, learning_rate : as for :func:`~sklearn_neuron.solvers.recipes.choose`
        What the user asked for.
    objective : Objective
        J on all examples.

    Returns
    -------
    name : str
        The solver chosen.
    legs : list of Leg
        To be walked until one arrives on all examples.
    """
    name, recipe = choose(solver, learning_rate, objective)
    rows = objective.home
    stride = min(rows.n // (SAMPLED * rows.n_parameters), SPARSEST)
    if solver == "auto" and name == "lazy-newton" and stride >= DENSEST:
        return name, [Leg(recipe, stride, SHORT), Leg(recipe, same_units=stride == SPARSEST)]
    return name, [Leg(recipe)]


class Travelled(NamedTuple):
    """The last leg of a fit: how it was walked, and where it ended."""

    recipe: Recipe
    objective: Objective
    stop: Stop
    history: History
    arrival: Arrival


def travel(legs, objective, weights, tol, max_iter, history, callback=None) -> Travelled:
    """Walk leg after leg until every neuron has converged on all examples, and a second opinion agrees.

    Parameters
    ----------
    legs : list of Leg
        What to walk.
    objective : Objective
        J on all examples, in the units of X.
    weights : ndarray of shape (p + 1, K)
        Where to start, in the units of X.
    tol : float
        Largest Newton decrement of a neuron that has arrived.
    max_iter : int or None
        Steps to take at most on all examples, and on a sample; None is the budget of the last leg's direction.
    history : History
        Where every step is recorded.
    callback : callable, default=None
        ``callback(step, history)`` sees every step; True ends the journey.

    Returns
    -------
    Travelled
        The last leg walked, and where it ended.
    """
    legs = legs if max_iter != 0 else [Leg(legs[-1].recipe)]
    seen = objective
    for leg in legs:
        J, noise = objective, 0.0
        if leg.stride > 1:
            J = objective.take(objective.home.sample(leg.stride))
            noise = np.sqrt(len(weights) / J.home.n)
        seen = _in_coordinates(leg, J, weights, seen)
        theta, known = seen.from_weights(weights), None
        warm = max_iter != 0 and weights.any() and not isinstance(leg.recipe.coordinates, Plain)
        if leg is not legs[0] or warm:
            theta, known = _looked_at(seen, theta, leg.recipe.direction.needs)
        stop = _stop(leg, max(tol, noise), max_iter, 0)
        history.begin(J.home.n / objective.home.n)
        arrival = walk(seen, theta, leg.recipe.direction, leg.recipe.step_size, stop, history, callback, known)
        weights = arrival.weights
    _tell_separated(seen, arrival)
    return _made_sure(Travelled(leg.recipe, seen, stop, history, arrival), objective, tol, max_iter, callback)


def _made_sure(travelled, objective, tol, max_iter, callback):
    """Where a walk ended, if a second opinion agrees; if not, where surer ways lead from there."""
    for recipe, J in _surer(travelled.recipe, travelled.objective, objective):
        by_hessians = _is_cheap_to_see(J, tol) or (travelled.objective.leans and has_small_hessians(J))
        if not _doubtful(travelled, tol, max_iter is None, by_hessians).any():
            return travelled
        travelled = _gone_on(travelled, recipe, objective, tol, max_iter, callback)
    _tell_doubtful(travelled, tol)
    return travelled


def _surer(recipe, seen, objective):
    """Recipes to go on with, should an arrival be in doubt, each with the J whose Hessians it would look at."""
    if isinstance(recipe.coordinates, Gram) and recipe.direction.metric is not None and has_small_hessians(seen):
        yield NAMED["newton-gram"], seen
    for surer in surest(objective):
        yield surer, objective


def _gone_on(travelled, recipe, objective, tol, max_iter, callback):
    """One more leg from where the last one ended; or that, if the span, as far as it is known, does not hold it."""
    seen, history, arrival = travelled.objective, travelled.history, travelled.arrival
    theta, known = arrival.theta, None
    if type(recipe.coordinates) is not type(travelled.recipe.coordinates):
        seen = recipe.coordinates(objective, arrival.weights)
        theta = seen.from_weights(arrival.weights)
        known = seen.at(theta, recipe.direction.needs)
        lost = known.loss > arrival.loss + tol**2 + seen.rounding(arrival.loss)
        if isinstance(recipe.coordinates, Gram) and lost.any():
            return travelled
    stop = _stop(Leg(recipe), tol, max_iter, int(history.on_all.sum()) - 1)
    history.begin()
    arrival = walk(seen, theta, recipe.direction, recipe.step_size, stop, history, callback, known)
    _tell_separated(seen, arrival)
    return Travelled(recipe, seen, stop, history, arrival)


def _stop(leg, tol, max_iter, start):
    """When a leg ends that begins after so many steps: on a sample after a few, if nobody said how many."""
    steps = leg.recipe.direction.default_max_iter if max_iter is None else max(max_iter - start, 0)
    steps = steps if leg.budget is None else min(steps, leg.budget)
    return Stop(tol, start + steps, start, leg.recipe.direction.doubt, leg.recipe.direction.proven)


def _in_coordinates(leg, J, weights, before):
    """J as the recipe wants it; as it was seen before, if those units are to be kept and each feature had one."""
    if leg.same_units and len(before.scale) == J.home.n_parameters and before.scale.all():
        return before.over(J.home)
    return leg.recipe.coordinates(J, weights)


def _looked_at(objective, theta, needs):
    """Where another walk led to, and its place; neurons that it misled, or whom it took too far, start afresh."""
    here = objective.at(theta, needs)
    sensible = here.loss <= NO_IDEA
    return (theta, here) if sensible.all() else (np.where(sensible, theta, 0.0), None)


def _doubtful(travelled, tol, may_go_on, is_cheap):
    """Which neurons may not have arrived, although they say so, or could by another way, (K,) of bool.

    A metric that was only learned may know nothing of some slopes, and the span of the examples not hold all of them.
    Where examples are many, some of them tell of the curvature: what they lack looks flatter, and never steeper.
    """
    direction, objective, arrival = travelled.recipe.direction, travelled.objective, travelled.arrival
    said = np.array([why in (Outcome.ARRIVED, Outcome.PRECISION) for why in arrival.outcomes])
    open_yet = said & (arrival.loss > tol**2 / 2)  # J is never below 0
    stuck = np.array([why is Outcome.STUCK or (may_go_on and why is Outcome.SPENT) for why in arrival.outcomes])
    if direction.metric is not None and (is_cheap or not said.any()) and (open_yet | stuck).any():
        return open_yet | stuck
    hidden = objective.hidden(arrival) > max(tol**2 / 2, objective.rounding(arrival.loss).max())
    if direction.metric is None:
        return (said | stuck) & hidden
    if not open_yet.any():
        return stuck | said & hidden
    length = np.sqrt(np.maximum(tol**2, 2 * objective.rounding(arrival.loss)))
    stride = min(objective.home.n // (SAMPLED * len(arrival.theta)), LOOKED_AT)
    seen = objective.take(objective.home.sample(stride)) if stride > 1 else objective
    sure = certified(seen, arrival.theta, arrival.gradient, _side_by_side(direction, arrival), length, PRODUCTS)
    return stuck | said & hidden | open_yet & ~sure


def _is_cheap_to_see(objective, tol):
    """Whether Hessians cost little, beside the calls or the walk; without a penalty only they show every slope."""
    rows = objective.home
    n, q = rows.shape[0], rows.n_parameters
    if n <= SPAN_HESSIAN and objective.penalty > 0:
        return True  # Hessians in their span are small
    if not has_small_hessians(objective):
        return False
    passes = 1 + rows.n_neurons * q / HESSIAN_PER_PASS * (1 + q / n)  # to form them, and to factor them
    small = q * max(n, q) <= SMALL_TABLE
    return objective.penalty == 0 or small or passes * tol <= SMALL_SHARE * USUAL * rows.passes


def _side_by_side(direction, arrival):
    """The metrics of all neurons, each as it was at the last step."""

    def metric(v):
        each = [
            v[:, [k]] if memory is None else direction.metric(memory, v[:, [k]])
            for k, memory in enumerate(arrival.memories)
        ]
        return np.concatenate(each, axis=1)

    return metric


def _tell_doubtful(travelled, tol):
    """Of neurons that no second opinion agrees with: they may not have arrived."""
    outcomes = travelled.arrival.outcomes
    for k in np.flatnonzero(_doubtful(travelled, tol, may_go_on=False, is_cheap=False)):
        if outcomes[k].converged:
            outcomes[k] = Outcome.DOUBTFUL


def _tell_separated(objective, arrival):
    """Of neurons without a penalty that put every example on its own side, all that count: J has no minimum."""
    if objective.penalty > 0:
        return
    for k in np.flatnonzero(objective.misplaced(arrival.theta) <= UNFELT):
        if arrival.outcomes[k] is not Outcome.CALLBACK:
            arrival.outcomes[k] = Outcome.SEPARATED
