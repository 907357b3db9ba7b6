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
from sklearn_neuron.solvers.recipes import choose
from sklearn_neuron.solvers.stages import Stage, Walked, confirmed
from sklearn_neuron.solvers.walk import walk


def walk_path(
    objective: Objective, penalties: Iterable, weights: np.ndarray, solver: Any, tol: float, max_iter: int | None = None
) -> Iterator[Walked]:
    """Walk to the minimum under every penalty, one after the other.

    Parameters
    ----------
    objective : Objective
        J on the examples, in the units of X, whatever its penalty.
    penalties : iterable of float, or of ndarray of shape (number of walks,)
        Strengths, one of them for all walks or one for each; the strongest first, as that is nearest to zero weights.
    weights : ndarray of shape (p + 1, K)
        Where the first walk starts, in the units of X; one without a penalty starts at zero again.
    solver : str or Recipe
        How to walk.
    tol : float
        Largest Newton decrement of a neuron that has arrived.
    max_iter : int, default=None
        Steps to take at most, at every penalty.

    Yields
    ------
    Walked
        Where all walks ended at a penalty, and why.
    """
    seen: Any = None
    recipe: Any = None
    for penalty in penalties:
        J, before = objective.paying(penalty), recipe
        name, recipe = choose(solver, "auto", J)
        coordinates = recipe.coordinates
        seen = coordinates.once_more(seen, J, weights) if recipe is before else coordinates(J, weights)
        start = weights if J.penalty > 0 else np.zeros_like(weights)
        history = History(J.home.n_walks)
        history.begin()
        stage = Stage(recipe, budget=0 if max_iter == 0 else None)
        theta, known = stage.start(seen, start)
        stop = stage.stop(tol, max_iter)
        arrival = walk(seen, theta, recipe.direction, recipe.step_size, stop, history, known=known)
        walked = confirmed(Walked(name, recipe, seen, stop, history, arrival), J, tol, max_iter)
        weights = walked.arrival.weights
        yield walked
