"""What can be asked of a J beside its slopes? How the scores move, and what rounding or a penalty may hide.

Everything is told of any objective: of one in the units of X, or of one that is
:class:`~sklearn_neuron.solvers.coordinates.Transformed`, whose coordinates have looked at the features and know more.
"""

from typing import NamedTuple

import numpy as np

from sklearn_neuron.homes.arrays import total
from sklearn_neuron.solvers.coordinates import Transformed
from sklearn_neuron.solvers.maps import UNCHANGED

SURE = 40  # a score from which on an example bends nothing that a float could tell
ROUNDED = 16 * np.finfo(float).eps  # share of a number that may be rounding: its own, and that of a sum of such


def _seen(objective):
    """The objective in coordinates, be they those of X."""
    return objective if isinstance(objective, Transformed) else Transformed(objective, UNCHANGED)


# Scores -----------------------------------------------------------------------------------------------------


def effects(objective, examples) -> np.ndarray:
    """By how much each parameter moves the scores of some examples, by their numbers; (number of them, p + 1)."""
    return _seen(objective).T.adjoint(objective.home.examples(examples).T).T


class Misplaced(NamedTuple):
    """How much those examples count that do not lie on their own side of the boundary, one number a neuron."""

    theta: np.ndarray

    def __call__(self, block):
        """Their shares in one block."""
        z = block.scores(self.theta)
        return (total(block.shares * (np.where(block.y, z, -z) <= 0)),)


def misplaced(objective, theta) -> np.ndarray:
    """Share of the examples that do not lie on their own side of the boundary at theta (p + 1, K); shape (K,)."""
    return objective.home.fold(Misplaced(objective.inside(theta)))[0]


class Moves(NamedTuple):
    """How much the score of each example changes along a heading; 0 where it does not count, or stays sure."""

    theta: np.ndarray
    heading: np.ndarray

    def __call__(self, block):
        """Moves in one block, shape (n, K)."""
        moves = np.abs(block.scores(self.heading))
        felt = np.abs(block.scores(self.theta)) - moves <= SURE
        return np.where((block.shares > 0) & felt, moves, 0)


def moves_at_most(objective, theta, heading, limit) -> np.ndarray:
    """Whether a step from theta along a heading, (p + 1, K) each, changes no score by more than `limit`; (K,).

    Mostly told without a pass: by the spreads of the features the mean square of all changes is bounded, and no example
    counts for less than the least.
    """
    features, home = _seen(objective).features, objective.home
    if features is not None and features.of_all:
        move = features.spread[:, None] * np.abs(_seen(objective).T.apply(heading))
        if (np.square(move.sum(axis=0)) <= limit**2 * home.least_share).all():
            return np.full(heading.shape[1], True)
    return home.map(Moves(objective.inside(theta), objective.inside(heading))).max(axis=0) <= limit


# Rounding ---------------------------------------------------------------------------------------------------


def leans(objective) -> bool:
    """Whether one direction may outweigh all others, as far as the coordinates know."""
    features = _seen(objective).features
    return features is not None and features.leans


def feigned(objective, directions, bend) -> np.ndarray:
    """Curvature along directions, (m,), that the rounding of X makes up where examples bend J by that much.

    A penalty keeps weights from growing without end along those; with one, X is what it is.
    """
    seen = _seen(objective)
    if seen.features is None or seen.penalty > 0:
        return np.zeros(directions.shape[1])
    return bend * ((ROUNDED * seen.features.size[:, None] * seen.T.apply(directions)) ** 2).sum(axis=0)


def hidden(objective, arrival) -> np.ndarray:
    """How far J where a walk arrived may be above its minimum for what the coordinates do not show, (K,)."""
    seen = _seen(objective)
    return seen.back.hidden(seen.objective, seen.T.apply(arrival.theta), arrival)


def average_example(objective) -> np.ndarray:
    """The average of every feature, (p,), where the coordinates have looked for it; otherwise zeros."""
    return _seen(objective).back.average_example(np.zeros(objective.home.shape[1]))


# The penalty ------------------------------------------------------------------------------------------------


def by_features(objective) -> bool:
    """Whether each parameter is the weight of a feature, or the bias."""
    seen = _seen(objective)
    return not (seen.T.mixes or seen.back.mixes)


def least_curvature(objective) -> np.ndarray:
    """What the penalty alone bends J along each parameter, (p + 1, 1)."""
    seen = _seen(objective)
    return seen.T.diagonal(seen.objective.penalty_term.curvature)


def length_by_penalty(objective, gradient, of_bias) -> np.ndarray:
    """Bound of the squared Newton decrements, (K,), that trusts in the penalty, and in the bias what examples bend it.

    `of_bias` (p + 1, K) is the column of the Hessian that belongs to the bias, of each neuron. With beta its last
    number and u the column divided by that, the Hessian is at least that of the penalty and ``beta u u'`` (Cauchy and
    Schwarz), the inverse of which is at hand. Infinite without a penalty, or where it is turned.
    """
    if _seen(objective).T.mixes:
        return np.full(gradient.shape[1], np.inf)
    p, least = objective.home.shape[1], least_curvature(objective)
    slopes, squared = gradient[:p], np.zeros(gradient.shape[1])
    if objective.home.has_bias:
        moved = _divided(gradient[-1], of_bias[-1])  # what a step of the bias alone would be
        slopes, squared = slopes - of_bias[:p] * moved, gradient[-1] * moved
    return squared + _divided(slopes**2, least[:p]).sum(axis=0)


def _divided(slope, curvature):
    """Without end where there is a slope and no curvature."""
    return np.divide(slope, curvature, where=curvature > 0, out=np.where(slope == 0, 0.0, np.inf))
