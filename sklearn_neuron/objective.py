"""How wrong is the neuron? J as a function of its weights and bias, with slope and curvature.

For theta = [w, b] and examples that count by shares adding up to 1::

    J(theta)  =  sum_i share_i loss(z_i, y_i)  +  penalty/2 |w|^2,       z = Xw + b
    dJ/dtheta =  [X 1]' (share residual)       +  penalty [w, 0]
    d2J       =  [X 1]' diag(share a(1-a)) [X 1]  +  penalty diag(1, ..., 1, 0)

J is convex: its valley has one floor. The penalty keeps the weights finite where a line separates the
classes; it equals 1 / (C total_weight) of scikit-learn's ``LogisticRegression`` and spares the bias.
K neurons side by side have K values of J and one column of theta each, all from the same pass over X.

Reference: T. Hastie, R. Tibshirani, J. Friedman, The Elements of Statistical Learning (2nd ed., 2009),
equations 4.20-4.25 and 18.11.
"""

import copy
from enum import Flag, auto
from functools import cached_property
from typing import NamedTuple

import numpy as np

from sklearn_neuron.homes.costs import DOT_UNSPLIT
from sklearn_neuron.neuron import curvature, loss_and_residual

SURE = 40  # a score from which on an example bends nothing that a float could tell
LARGEST_EIGENPROBLEM = 512  # parameters; beyond it a trace bounds the largest eigenvalue


class Needs(Flag):
    """What a direction reads of a place beside the loss; one pass computes all of it."""

    GRADIENT = auto()
    DIAGONAL = auto()
    HESSIAN = auto()


class Place(NamedTuple):
    """All that is known about J at one theta; the neuron axis K comes last."""

    objective: "Objective"
    needs: Needs
    theta: np.ndarray  # (p + 1, K), in the coordinates of the walk
    loss: np.ndarray  # (K,)
    gradient: np.ndarray  # (p + 1, K)
    diagonal: np.ndarray | None  # (p + 1, K), of the Hessian
    hessian: np.ndarray | None  # (p + 1, p + 1, K)

    @property
    def weights(self):
        """Weights and bias in the units of X, shape (p + 1, K)."""
        return self.objective.to_weights(self.theta)

    @property
    def weights_gradient(self):
        """Gradient in the units of X, shape (p + 1, K)."""
        return self.objective.to_weights_gradient(self.gradient)

    @property
    def gradient_norm(self):
        """Euclidean length of the gradient in the units of X, shape (K,)."""
        return self.objective.gradient_norm(self.gradient)


class OnePass(NamedTuple):
    """What one reading of the examples adds up: loss, gradient and, if needed, curvature."""

    theta: np.ndarray
    needs: Needs

    def __call__(self, block):
        """Sums over one block, in the order: loss, gradient, diagonal, one Hessian a neuron."""
        z = block.scores(self.theta)
        loss, slope = loss_and_residual(z, block.y)
        sums = [block.total(block.shares * loss), block.pull_back(block.shares * slope)]
        if self.needs & (Needs.DIAGONAL | Needs.HESSIAN):
            bend = block.shares * curvature(z)
            if Needs.DIAGONAL in self.needs:
                sums.append(block.weighted_squares(bend))
            if Needs.HESSIAN in self.needs:
                sums.extend(block.weighted_gram(column[:, None]) for column in bend.T)
        return tuple(sums)


class Curvature(NamedTuple):
    """Second derivatives alone: one whole Hessian a neuron, or the diagonals of all."""

    theta: np.ndarray
    whole: bool

    def __call__(self, block):
        """Sums over one block."""
        bend = block.shares * curvature(block.scores(self.theta))
        if self.whole:
            return tuple(block.weighted_gram(column[:, None]) for column in bend.T)
        return (block.weighted_squares(bend),)


class HessianWeights(NamedTuple):
    """How much each example bends J at theta: ``share a(1-a)``."""

    theta: np.ndarray

    def __call__(self, block):
        """Bends of one block, shape (n, K)."""
        return block.shares * curvature(block.scores(self.theta))


class CurvatureAlong(NamedTuple):
    """Sum of a Hessian-vector product: ``[X 1]' (bend ([X 1] v))``, two products and no matrix."""

    vector: np.ndarray
    hessian_weights: np.ndarray

    def __call__(self, block):
        """Sum over one block."""
        return (block.pull_back(self.hessian_weights[block.rows] * block.scores(self.vector)),)


class CurvatureAmong(NamedTuple):
    """How much J of one neuron bends along some vectors, and between them: squared scores, of which nothing cancels."""

    vectors: np.ndarray
    hessian_weights: np.ndarray

    def __call__(self, block):
        """Sum over one block, shape (m, m)."""
        z = block.scores(self.vectors)
        return (z.T @ (self.hessian_weights[block.rows] * z),)


class Moves(NamedTuple):
    """How much the score of each example changes along a heading; 0 where it does not count, or stays sure."""

    theta: np.ndarray
    heading: np.ndarray

    def __call__(self, block):
        """Moves in one block, shape (n, K)."""
        moves = np.abs(block.scores(self.heading))
        felt = np.abs(block.scores(self.theta)) - moves <= SURE
        return np.where((block.shares > 0) & felt, moves, 0)


class Misplaced(NamedTuple):
    """How much those examples count that do not lie on their own side of the boundary, one number a neuron."""

    theta: np.ndarray

    def __call__(self, block):
        """Their shares in one block."""
        z = block.scores(self.theta)
        return (block.total(block.shares * (np.where(block.y, z, -z) <= 0)),)


def dot(a, b):
    """Products of two vectors, (p + 1, K) each, one a neuron: ``a'b``."""
    if len(a) > DOT_UNSPLIT:
        return sum(dot(a[i : i + DOT_UNSPLIT], b[i : i + DOT_UNSPLIT]) for i in range(0, len(a), DOT_UNSPLIT))
    return np.vecdot(a.T, b.T)


def _neuron_last(hessians):
    """Hessians (p + 1, p + 1, K) of K matrices, each of which stays in one piece of memory."""
    return np.array(hessians).transpose(1, 2, 0)


def diagonal_of(hessian):
    """Curvatures along the axes, (p + 1, K), of Hessians (p + 1, p + 1, K): a view, to be written to."""
    return np.einsum("jjk->jk", hessian)


def lower_factor(hessian, more=1e-10):
    """Lower Cholesky factor of a Hessian (q, q) and a little more: a share of the curvature along each axis.

    Its least curvatures may be rounding, negative ones too, in float32 up to a thousandth of the largest: so it is made
    as much more as it takes.
    """
    bent = np.diagonal(hessian)
    if not bent.max() > 0:
        raise np.linalg.LinAlgError("there is no curvature")
    unit = np.sqrt(np.where(bent > 0, bent, bent.max()))
    even = hessian / (unit[:, None] * unit)
    while more < 1:
        try:
            return unit[:, None] * np.linalg.cholesky(even + more * np.eye(len(even)))
        except np.linalg.LinAlgError:
            more = 100 * more
    return np.diag(unit)


class Objective:
    """J(theta) of one neuron or of K side by side on one home of examples.

    Parameters
    ----------
    home : InMemory
        Where the examples live.
    penalty : float, default=0.0
        Strength of the L2 penalty, 1 / (C total_weight); 0 is the pure log-loss.
    """

    by_features = True  # whether each parameter is the weight of a feature, or the bias

    def __init__(self, rows, penalty=0.0):
        self.home = rows
        self.penalty = penalty

    def at(self, theta, needs=Needs.GRADIENT, known=None):
        """Everything needed about J at theta (p + 1, K), in one pass over X; none if `known` is that place."""
        if self._is(known, theta, needs):
            return known
        sums = iter(self.home.fold(OnePass(theta.astype(self.home.dtype, copy=False), needs)))
        loss, gradient = next(sums), np.asfortranarray(next(sums))  # neuron by neuron: thrice as fast where K is small
        diagonal = next(sums) if Needs.DIAGONAL in needs else None
        hessian = _neuron_last(list(sums)) if Needs.HESSIAN in needs else None
        self._penalise(theta, loss, gradient, diagonal, hessian)
        return Place(self, needs, theta, loss, gradient, diagonal, hessian)

    def _is(self, known, theta, needs):
        """Whether a place is this J at this theta, with all that is needed."""
        return (
            known is not None
            and known.objective is self
            and needs in known.needs
            and np.array_equal(known.theta, theta)
        )

    @cached_property
    def _penalty_weights(self):
        """What each parameter pays for, (p + 1, 1): the bias comes after the weights and pays nothing."""
        return np.where(np.arange(self.home.n_parameters)[:, None] < self.home.shape[1], self.penalty, 0.0)

    def _penalise(self, theta, loss, gradient, diagonal, hessian):
        paid = self._penalty_weights * theta
        loss += dot(paid, theta) / 2
        gradient += paid
        if diagonal is not None:
            diagonal += self._penalty_weights
        if hessian is not None:
            diagonal_of(hessian)[...] += self._penalty_weights

    def hessian(self, theta):
        """Hessians (p + 1, p + 1, K) at theta (p + 1, K), in one pass and without the gradient."""
        hessian = _neuron_last(self.home.fold(Curvature(theta.astype(self.home.dtype, copy=False), whole=True)))
        diagonal_of(hessian)[...] += self._penalty_weights
        return hessian

    def diagonal(self, theta):
        """Diagonals of the Hessians, shape (p + 1, K), in one pass."""
        (diagonal,) = self.home.fold(Curvature(theta.astype(self.home.dtype, copy=False), whole=False))
        return diagonal + self._penalty_weights

    def hessian_weights(self, theta):
        """How much each example bends J at theta (p + 1, K); shape (n, K), for :meth:`hessian_product`."""
        return self.home.map(HessianWeights(theta.astype(self.home.dtype, copy=False)))

    def hessian_product(self, vector, hessian_weights):
        """Curvature of J along a vector (p + 1, K), where the examples bend it so; without forming the Hessian."""
        (product,) = self.home.fold(CurvatureAlong(vector.astype(self.home.dtype, copy=False), hessian_weights))
        return product + self._penalty_weights * vector

    def curvature_among(self, vectors, hessian_weights):
        """``V'HV`` of vectors V (p + 1, m), for one neuron whose examples bend J so, in one pass."""
        (curved,) = self.home.fold(CurvatureAmong(vectors.astype(self.home.dtype, copy=False), hessian_weights))
        return curved + vectors.T @ (self._penalty_weights * vectors)

    def effects(self, examples):
        """By how much each parameter moves the scores of some examples, by their numbers; (number of them, p + 1)."""
        return self.home.examples(examples)

    @property
    def leans(self):
        """Whether one direction may outweigh all others, as far as the coordinates know."""
        return False

    def feigned(self, directions, bend):
        """Curvature along directions, (m,), that the rounding of X makes up; here nothing is known of its size."""
        return np.zeros(directions.shape[1])

    def hidden(self, arrival):
        """How far J where a walk arrived may be above its minimum for what the coordinates do not show, (K,)."""
        return np.zeros(len(arrival.loss))

    def misplaced(self, theta):
        """Share of the examples that do not lie on their own side of the boundary at theta (p + 1, K); shape (K,)."""
        return self.home.fold(Misplaced(theta.astype(self.home.dtype, copy=False)))[0]

    def moves_at_most(self, theta, heading, limit):
        """Whether a step from theta along a heading, (p + 1, K) each, changes no score by more than `limit`; (K,)."""
        kernel = Moves(theta.astype(self.home.dtype, copy=False), heading.astype(self.home.dtype, copy=False))
        return self.home.map(kernel).max(axis=0) <= limit

    def length_by_penalty(self, gradient, bend):
        """Bound of the squared Newton decrements, (K,), that trusts in the penalty, and of the bias half its `bend`.

        That is, of shape (K,), how much all examples together bend J. Infinite without a penalty.
        """
        p = self.home.shape[1]
        least = self.least_curvature + np.where(np.arange(len(gradient)) < p, 0, 0.5)[:, None] * bend
        return np.divide(gradient**2, least, where=least > 0, out=np.where(gradient == 0, 0.0, np.inf)).sum(axis=0)

    @property
    def least_curvature(self):
        """What the penalty alone bends J along each parameter, (p + 1, 1)."""
        return self._penalty_weights

    @cached_property
    def smoothness(self):
        """L, the steepest curvature of J anywhere: no step shorter than 2 / L can climb.

        A neuron is most curved where it hesitates: a (1 - a) = 1/4 at theta = 0, for every example. So L is
        the largest eigenvalue of the Hessian there, or its trace, which is never less, if p is large.
        """
        one = self.neurons(slice(1))
        zeros = np.zeros((self.home.n_parameters, 1))
        if len(zeros) > LARGEST_EIGENPROBLEM:
            return float(one.at(zeros, Needs.DIAGONAL).diagonal.sum())
        largest = np.linalg.eigvalsh(one.at(zeros, Needs.HESSIAN).hessian[..., 0])[-1]
        return float(largest * (1 + len(zeros) * np.finfo(self.home.dtype).eps))  # rounding may have hidden that

    def rounding(self, loss):
        """How much of a J of this size is noise in the float type of X."""
        return 4 * self._eps * (1 + np.abs(loss))

    @cached_property
    def _eps(self):
        return float(np.finfo(self.home.dtype).eps)

    def neurons(self, keep):
        """The same J for some of the neurons only."""
        fewer = copy.copy(self)
        fewer.home = self.home.neurons(keep)
        return fewer

    def take(self, rows):
        """The same J on some of the examples only, by their numbers."""
        return Objective(self.home.take(rows), self.penalty)

    @property
    def average_example(self):
        """The average of every feature, (p,), where the coordinates have looked for it; otherwise zeros."""
        return np.zeros(self.home.shape[1])

    def to_weights(self, theta):
        """Weights and bias in the units of X; here theta is just that (:mod:`~sklearn_neuron.solvers.coordinates`)."""
        return theta

    def to_weights_gradient(self, gradient):
        """Slopes along weights and bias in the units of X, of slopes along theta; here they are the same."""
        return gradient

    def gradient_norm(self, gradient):
        """Euclidean length of the gradient in the units of X, one a neuron, of slopes along theta."""
        slopes = self.to_weights_gradient(gradient)
        return np.sqrt(dot(slopes, slopes))

    def from_weights(self, weights):
        """The theta of given weights and bias; here they are the same."""
        return weights
