"""How do the weights change with the penalty? One walk after the other, each from where the last one ended.

The minimum moves little where the penalty changes little, so that a walk from the last one is short. What was learned
of the examples serves all walks: where features lie and how they spread, or the span of the examples, and X itself.

Reference: J. Friedman, T. Hastie, R. Tibshirani, Regularization paths for generalized linear models via coordinate
descent, Journal of Statistical Software 33 (2010), section 2.5 (warm starts).
"""

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from sklearn_neuron.objective import Objective
from sklearn_neuron.solvers.history import History
from sklearn_neuron.solvers.recipes import choose, has_small_hessians
from sklearn_neuron.solvers.stages import Stage, Walked, asked, confirmed
from sklearn_neuron.solvers.stopping import Outcome
from sklearn_neuron.solvers.walk import walk


def walk_path(
    objective: Objective,
    strengths: Iterable,
    weights: np.ndarray,
    solver: Any,
    tol: float,
    max_iter: int | None = None,
    l1_ratio: float = 0.0,
) -> Iterator[Walked]:
    """Walk to the minimum under every penalty, one after the other.

    Parameters
    ----------
    objective : Objective
        J on the examples, in the units of X, whatever its penalty.
    strengths : iterable of float, or of ndarray of shape (number of walks,)
        Of the penalty, one for all walks or one for each; the strongest first, as that is nearest to zero weights.
    weights : ndarray of shape (p + 1, K)
        Where the first walk starts, in the units of X; one without a penalty starts at zero again.
    solver : str or Recipe
        How to walk.
    tol : float
        Largest Newton decrement of a neuron that has arrived.
    max_iter : int, default=None
        Steps to take at most, at every penalty.
    l1_ratio : float, default=0.0
        Share of every penalty that is paid for the size of weights.

    Yields
    ------
    Walked
        Where all walks ended at a penalty, and why.
    """
    last: Any = (None, None, None)
    for strength in strengths:
        with np.errstate(over="ignore", invalid="ignore"):
            J = objective.paying(strength, l1_ratio)
            name, recipe = choose(solver, "auto", J, on_a_path=True)
            coordinates, is_known = recipe.coordinates, recipe is last[0]
            seen = coordinates.once_more(last[1], J, weights) if is_known else coordinates(J, weights)
            stage = Stage(recipe, budget=0 if max_iter == 0 else None)
            theta, known = _start(stage, seen, weights, *last)
            stop, history = stage.stop(tol, max_iter), History(J.home.n_walks)
            history.begin()
            keep = has_small_hessians(J)
            ask = asked(stop, recipe, J)
            ended = walk(seen, theta, recipe.direction, recipe.step_size, ask, history, known=known, keep=keep)
            walked = confirmed(Walked(name, recipe, seen, stop, history, ended), J, tol, max_iter)
        last, weights = (recipe, seen, walked.arrival), walked.arrival.weights
        yield walked


def _start(stage, seen, weights, recipe, before, arrival):
    """Where a walk begins: where the last one ended, whose place is known if that saw Hessians; or at zero."""
    if not seen.holds_weights:
        return stage.start(seen, np.zeros_like(weights))
    if stage.recipe is recipe and _tells_all(arrival) and seen.loss.neurons == 1:
        place = seen.again(before, arrival)
        if (place.loss <= seen.loss.no_idea).all():
            return place.theta, place
    return stage.start(seen, weights)


def _tells_all(arrival):
    """Whether all is known of where it ended."""
    return arrival.hessian is not None and Outcome.DIVERGED not in arrival.outcomes
