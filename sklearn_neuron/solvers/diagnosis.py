"""What can be asked of a J beside its slopes? How the scores move, and what rounding or a penalty may hide.

Everything is told of any objective: of one in the units of X, or of one that is
:class:`~sklearn_neuron.solvers.coordinates.Transformed`, whose coordinates have looked at the features and know more.
"""

from typing import Any, NamedTuple

import numpy as np

from sklearn_neuron._linalg import eigenvectors
from sklearn_neuron.homes.moments import moments
from sklearn_neuron.objective import CurvatureOfBias
from sklearn_neuron.solvers.coordinates import Transformed, with_bias
from sklearn_neuron.solvers.maps import UNCHANGED

SURE = 40  # a score from which on an example bends nothing that a float could tell
ROUNDED = 16 * np.finfo(float).eps  # share of a number that may be rounding: its own, and that of a sum of such


def _seen(objective):
    """The objective in coordinates, be they those of X."""
    return objective if isinstance(objective, Transformed) else Transformed(objective, UNCHANGED)


# Scores -----------------------------------------------------------------------------------------------------


def effects(objective, examples) -> np.ndarray:
    """By how much each parameter of a neuron moves its score of some examples, by their numbers; (how many, p + 1)."""
    return _seen(objective).units.adjoint(objective.home.examples(examples).T).T


class Misplaced(NamedTuple):
    """How much those examples count that do not lie on their own side of a boundary: of every walk, each boundary."""

    theta: np.ndarray
    loss: Any

    def __call__(self, block):
        """Their shares in one block."""
        beyond = self.loss.gaps(block.scores(self.theta), block.y) <= 0
        return ((block.shares[..., None] * beyond).sum(axis=0, dtype=np.float64),)


def misplaced(objective, theta) -> np.ndarray:
    """Share of the examples that do not lie on their own side of the boundary at theta (p + 1, K); shape (K,).

    In a layer it is enough that one class lies apart from all others: of its boundary with them, if that is the least.
    """
    return objective.home.fold(Misplaced(objective.inside(theta), objective.loss))[0].min(axis=1)


class Moves(NamedTuple):
    """How much the scores of an example change along a heading, at most; 0 where it does not count, or stays sure."""

    theta: np.ndarray
    heading: np.ndarray
    loss: Any

    def __call__(self, block):
        """The longest move in one block, one a walk, (1, number of walks)."""
        moves = self.loss.felt(block.scores(self.theta), block.scores(self.heading), SURE)
        return np.where(block.shares > 0, moves, 0).max(axis=0, keepdims=True)


def moves_at_most(objective, theta, heading, limit) -> np.ndarray:
    """Whether a step from theta along a heading, (p + 1, K) each, changes no score by more than `limit`; (K,).

    Mostly told without a pass: by the spreads of the features the mean square of all changes is bounded, and no example
    counts for less than the least.
    """
    features, home, loss = objective.features, objective.home, objective.loss
    if features is not None and features.of_all:
        move = features.spread[:, None] * np.abs(_seen(objective).T.apply(heading))
        if (np.square(move.sum(axis=0) * min(loss.neurons, 2)) <= limit**2 * home.least_share).all():
            return np.full(heading.shape[1], True)
    if not home.in_memory:
        longest = home.longest(_seen(objective).T.apply(heading)).reshape(-1, loss.neurons).max(axis=1)
        if (longest * min(loss.neurons, 2) <= limit).all():
            return np.full(heading.shape[1], True)
    return home.map(Moves(objective.inside(theta), objective.inside(heading), loss)).max(axis=0) <= limit


# Rounding ---------------------------------------------------------------------------------------------------


def leans(objective) -> bool:
    """Whether one direction may outweigh all others, as far as the coordinates know."""
    return objective.features is not None and objective.features.leans


def feigned(objective, directions, bend) -> np.ndarray:
    """Curvature along directions, (m,), that the rounding of X makes up where examples bend J by that much.

    A penalty keeps weights from growing without end along those; with one, X is what it is.
    """
    seen = _seen(objective)
    if seen.penalty > 0:
        return np.zeros(directions.shape[1])
    noise = (ROUNDED * _sizes(seen)[:, None] * seen.T.apply(directions)) ** 2
    return bend * seen.loss.of_walks(noise.sum(axis=0))


def _sizes(seen):
    """Root mean squares of the numbers of X, (p + 1,): those that the coordinates know, or looked for, in one pass."""
    return (
        with_bias(seen.home, moments(seen.home).root_mean_square, 1.0) if seen.features is None else seen.features.size
    )


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


def by_neurons(objective, gradient) -> np.ndarray:
    """Slopes along parameters of each neuron, (p + 1, K), of those along what a walk sees."""
    return _seen(objective).layer.inverse_adjoint(gradient)


def most_of_walks(objective, numbers) -> np.ndarray:
    """The largest of some numbers of neurons, (K,), in each walk."""
    return numbers.reshape(-1, objective.loss.neurons).max(axis=1)


def along_neurons(objective, directions, added) -> np.ndarray:
    """Of directions (p + 1, m) for one neuron that which adds most, (m, K), to each walk, as what that sees."""
    best = added.argmax(axis=0)
    columns = directions[:, best]
    if objective.loss.neurons > 1:
        most = added.max(axis=0).reshape(-1, objective.loss.neurons)
        columns = columns * (most == most.max(axis=1, keepdims=True)).ravel()
    return _seen(objective).layer.inverse(columns)


def least_curvature(objective) -> np.ndarray:
    """What the penalty alone bends J along each parameter of a neuron, (p + 1, 1)."""
    seen = _seen(objective)
    return seen.units.diagonal(seen.objective.penalty_term.curvature)


def length_by_penalty(objective, gradient, of_bias) -> np.ndarray:
    """Bound of the squared Newton decrements, one a walk, that trusts in the penalty, and in what examples bend a bias.

    `of_bias` is the column of the Hessian that belongs to the bias of a neuron, (p + 1, K); of a layer the K columns,
    ((p + 1) K, K). With beta the numbers that belong to biases alone and U the columns divided by those, the Hessian
    is at least that of the penalty and ``U beta U'`` (Cauchy and Schwarz), the inverse of which is at hand. Infinite
    without a penalty, or where it is turned.
    """
    if _seen(objective).T.mixes:
        return np.full(gradient.shape[1], np.inf)
    p, least, slopes = objective.home.shape[1], least_curvature(objective), by_neurons(objective, gradient)
    along, squared = slopes[:p], np.zeros(slopes.shape[1])
    if objective.home.has_bias:
        moved, shift = _moved(slopes[-1], of_bias, objective.loss.neurons)  # what a step of biases alone would be
        along, squared = along - shift[:p], slopes[-1] * moved
    return objective.loss.of_walks(squared + _divided(along**2, least[:p]).sum(axis=0))


def _moved(slope, of_bias, neurons):
    """A step of the biases to where they have no slope, (K,), and by how much it changes all slopes, (p + 1, K)."""
    if neurons == 1:
        moved = _divided(slope, of_bias[-1])
        return moved, of_bias * moved
    blocks = of_bias.reshape(neurons, -1, neurons)
    among = blocks[:, -1] + np.trace(blocks[:, -1]) / neurons**2  # what all share has no slope
    bent, turned = eigenvectors(among)
    moved = turned @ _divided(turned.T @ slope, np.where(bent > neurons * ROUNDED * bent[-1], bent, 0))
    return moved, (blocks @ moved).T


def of_bias_by_hessian(objective, hessian) -> np.ndarray:
    """The columns of Hessians that :func:`length_by_penalty` asks for."""
    if objective.loss.neurons == 1:
        return hessian[:, -1]
    q = objective.home.n_parameters
    return hessian[:, q - 1 :: q, 0]


def of_bias_by_examples(objective, hessian_weights) -> np.ndarray:
    """The same where no Hessian is at hand, in one pass; zeros where there is no bias, or no use of it."""
    seen, home = _seen(objective), objective.home
    if not home.has_bias or objective.penalty == 0 or seen.T.mixes:
        return np.zeros((home.n_parameters, home.n_neurons))
    (columns,) = home.fold(CurvatureOfBias(objective.loss, hessian_weights))
    unit = seen.units.apply(np.ones((home.n_parameters, 1)))[-1]
    return objective.loss.coupled_columns(seen.units.adjoint(columns) * unit)


def _divided(slope, curvature):
    """Without end where there is a slope and no curvature."""
    return np.divide(slope, curvature, where=curvature > 0, out=np.where(slope == 0, 0.0, np.inf))
