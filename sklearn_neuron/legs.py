"""A fit is a list of legs: walks one after the other, each from where the last one ended.

Most fits have one leg. Where there are many more examples than parameters, two serve better: a walk on a sample of the
examples, until its decrement drowns in the noise of the sample, and from there a walk on all of them. Whatever the
sample lacks, the second leg finds.

Reference: R. Bollapragada, R. Byrd, J. Nocedal, Exact and inexact subsampled Newton methods, IMA J. Numer. Anal. 39
(2019), 545-578.
"""

from typing import NamedTuple

import numpy as np

from sklearn_neuron.history import History
from sklearn_neuron.objective import Objective
from sklearn_neuron.recipes import Recipe, choose
from sklearn_neuron.walk import Arrival, Outcome, Stop, walk

SAMPLED = 50  # examples a parameter, at least, in a sample
SPARSEST, DENSEST = 32, 4  # a sample is every 32nd example to every 4th; if that is too few, or too many, there is none
SHORT = 12  # steps on a sample


class Leg(NamedTuple):
    """One walk of a fit."""

    recipe: Recipe
    stride: int = 1  # every how many examples one is looked at
    budget: int | None = None  # steps of this leg; None: all that are left
    same_units: bool = False  # whether to keep those of the leg before, if every feature varied there


def plan(solver, learning_rate, objective) -> tuple[str, list[Leg]]:
    """Legs of a fit.

    Parameters
    ----------
    solver, learning_rate : as for :func:`~sklearn_neuron.recipes.choose`
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
    rows = objective.rows
    stride = min(len(rows.y) // (SAMPLED * rows.n_parameters), SPARSEST)
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
    """Walk leg after leg until every neuron has converged on all examples.

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
        Steps to take at most, over all legs; None is the budget of the last leg's direction.
    history : History
        Where every step is recorded.
    callback : callable, default=None
        ``callback(step, history)`` sees every step; True ends the journey.

    Returns
    -------
    Travelled
        The last leg walked, and where it ended.
    """
    limit = legs[-1].recipe.direction.default_max_iter if max_iter is None else max_iter
    seen = objective
    for leg in legs:
        J = objective.take(slice(None, None, leg.stride)) if leg.stride > 1 else objective
        noise = np.sqrt(len(weights) / len(J.rows.y)) if leg.stride > 1 else 0.0
        start = max(len(history) - 1, 0)
        last = limit if leg.budget is None else min(limit, start + leg.budget)
        stop = Stop(max(tol, noise), last, start, leg.recipe.direction.doubt, leg.recipe.direction.proven)
        seen = _in_coordinates(leg, J, weights, seen)
        theta, known = seen.from_weights(weights), None
        if leg is not legs[0]:
            theta, known = _looked_at(seen, theta, leg.recipe.direction.needs)
        arrival = walk(seen, theta, leg.recipe.direction, leg.recipe.step_size, stop, history, callback, known)
        weights = arrival.weights
        if _is_last(leg, arrival, len(history) - 1 >= limit):
            break
    return Travelled(leg.recipe, seen, stop, history, arrival)


def _in_coordinates(leg, J, weights, before):
    """J as the recipe wants it; as it was seen before, if those units are to be kept and each feature had one."""
    if leg.same_units and len(before.scale) == J.rows.n_parameters and before.scale.all():
        return before.over(J.rows)
    return leg.recipe.coordinates(J, weights)


def _looked_at(objective, theta, needs):
    """Where a walk on a sample led to, and its place; neurons that it misled, or whom it took too far, start afresh."""
    here = objective.at(theta, needs)
    sensible = here.loss <= np.log(2)  # no worse than to hesitate
    return (theta, here) if sensible.all() else (np.where(sensible, theta, 0.0), None)


def _is_last(leg, arrival, spent):
    """Whether nothing is left to walk: somebody said stop, or all examples were seen and no step or need is left."""
    if Outcome.CALLBACK in arrival.outcomes:
        return True
    return leg.stride == 1 and (spent or all(why.converged for why in arrival.outcomes))
