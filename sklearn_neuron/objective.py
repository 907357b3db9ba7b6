"""How wrong is the neuron? J as a function of its weights and bias, with slope and curvature.

For theta = [w, b] and examples that count by shares adding up to 1::

    J(theta)  =  sum_i share_i loss(z_i, y_i)        +  penalty/2 |w|^2,       z = Xw + b
    dJ/dtheta =  [X 1]' (share (a - y))              +  penalty [w, 0]
    d2J       =  [X 1]' diag(share a(1 - a)) [X 1]   +  penalty diag(1, ..., 1, 0)

[X 1] is X with a column of ones, ' the transpose; d2J, the Hessian, is the slope of the slope. J is convex: its
valley has one floor. Where a line separates the classes, larger weights always lower the loss; the penalty stops them.

Conventions: theta is (p + 1, K), bias last; (p, K) without one. **The last axis is independent walks**: it counts
neurons, each walking alone. K neurons side by side have one column of theta, one J, one gradient and one Hessian each,
from the same pass over X: whatever is computed for K columns is what is computed for each by itself. K neurons that
share one unit of belief (:mod:`~sklearn_neuron.layer`) are one walk: K columns of theta, one J, and one Hessian of
(p + 1) K rows, neuron after neuron. Sums are float64, products with X have its float type.

Reference: T. Hastie, R. Tibshirani, J. Friedman, The Elements of Statistical Learning (2nd ed., 2009),
equations 4.20-4.25 and 18.11.
"""

import copy
from enum import Flag, auto
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from sklearn_neuron._linalg import LARGEST_EIGENPROBLEM, diagonal_of, dot, largest_eigenvalue
from sklearn_neuron.homes.arrays import from_upper_triangles, total
from sklearn_neuron.losses import SIGMOID
from sklearn_neuron.penalties import L1, L2, SMOOTH


class Needs(Flag):
    """What a direction reads of a place beside the loss; one pass computes all of it."""

    GRADIENT = auto()
    DIAGONAL = auto()
    HESSIAN = auto()


class Objective:
    """J(theta) of one neuron or of K side by side: the losses of the examples at home, and a penalty.

    Parameters
    ----------
    home : InMemory
        Stores X, y and shares; ``fold`` adds up what a kernel says of every block of examples, ``map`` lists it.
    penalty : float or ndarray of shape (K,), default=0.0
        Strength of the L2 penalty, of all neurons or of each, which spares the bias: 1 / (C total_weight) of
        scikit-learn's ``LogisticRegression``; 0 is the pure log-loss.
    loss : SigmoidLoss or SoftmaxLoss, default=SIGMOID
        What every example adds.
    l1 : float or ndarray of shape (K,), default=0.0
        Strength of the L1 penalty, ``l1 |w|_1``, which spares the bias and has a kink where a weight is 0. J includes
        it; gradient, diagonal and Hessian are of all the rest.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn_neuron.homes.memory import InMemory
    >>> from sklearn_neuron.objective import Objective
    >>> X, y = np.array([[-1.0], [2.0]]), np.array([[False], [True]])  # one neuron: one column
    >>> J = Objective(InMemory(X, y, shares=np.full(2, 1 / 2)))
    >>> print(J.at(np.zeros((2, 1))).loss.round(3))  # J at no weights: log 2, it hesitates
    [0.693]
    """

    def __init__(self, home, penalty=0.0, loss=SIGMOID, l1=0.0):
        self.home = home
        self.loss = loss
        self.l1 = l1
        self.penalty_term = L2(penalty, home.shape[1], home.n_parameters)
        self.penalty = self.penalty_term.least

    @cached_property
    def kink(self) -> Any:
        """What may hold a weight at 0."""
        return L1.of_weights(self.l1, self.home.shape[1], self.home.n_parameters) if np.any(self.l1) else SMOOTH

    def at(self, theta, needs=Needs.GRADIENT, known=None) -> "Place":
        """J and its slope, and what else is needed, at theta (p + 1, K), in one pass; `known` itself if that is it."""
        if self._is(known, theta, needs):
            return known
        return self._place(theta, needs, self.home.fold(OnePass(self.inside(theta), self.loss, self._sums_for(needs))))

    def _sums_for(self, needs):
        """What is to be added up for what is needed: another sum in other coordinates."""
        return needs

    def _place(self, theta, needs, sums):
        """J = the sum over the examples + the penalty; so are its gradient and its Hessian."""
        loss, gradient, *curvatures = sums
        gradient = np.asfortranarray(gradient)  # neuron by neuron: thrice as fast where K is small
        paid, slope = self.penalty_term.value_and_slope(theta)
        loss += self.loss.of_walks(paid + self.kink.value(theta))
        gradient += slope
        diagonal = curvatures.pop(0) + self.penalty_term.curvature if Needs.DIAGONAL in needs else None
        hessian = self._penalised(self.loss.coupled(_whole(*curvatures))) if Needs.HESSIAN in needs else None
        return Place(self, needs, theta, loss, gradient, diagonal, hessian)

    def _penalised(self, hessians):
        """With what weights pay, of one neuron after another where they are those of layers."""
        diagonal = diagonal_of(hessians)
        diagonal += np.concatenate([self.penalty_term.curvature] * (len(hessians) // self.home.n_parameters))
        return hessians

    # Second derivatives alone --------------------------------------------------------------------------

    def hessian(self, theta) -> np.ndarray:
        """Hessians (p + 1, p + 1, K) at theta (p + 1, K), in one pass and without the gradient.

        That of a layer has (p + 1) K rows, class after class.
        """
        sums = self.home.fold(Hessians(self.inside(theta), self.loss, self.loss.bends))
        return self._penalised(self.loss.coupled(_whole(*sums)))

    def hessians_of_neurons(self, theta) -> np.ndarray:
        """The same, (p + 1, p + 1, K), of each neuron of a layer by itself."""
        return self._penalised(_whole(*self.home.fold(Hessians(self.inside(theta), self.loss, self.loss.own_bends))))

    def diagonal(self, theta) -> np.ndarray:
        """Diagonals of the Hessians, shape (p + 1, K), in one pass."""
        (diagonal,) = self.home.fold(Diagonals(self.inside(theta), self.loss))
        return diagonal + self.penalty_term.curvature

    def hessian_weights(self, theta) -> Any:
        """How much each example bends J at theta (p + 1, K), as it is kept at home, for :meth:`hessian_product`."""
        return self.home.kept(HessianWeights(self.inside(theta), self.loss))

    def doubt(self, hessian_weights) -> np.ndarray:
        """How much J of a walk may bend at all where the examples bend it so, (K,); at most 1/4."""
        return self.home.sum_of_kept(self.loss.doubt, hessian_weights)

    def hessian_product(self, vector, hessian_weights) -> np.ndarray:
        """``Hv`` of vectors (p + 1, K), where the examples bend J so; without forming the Hessian."""
        (product,) = self.home.fold(CurvatureAlong(self.inside(vector), self.loss, hessian_weights))
        return product + self.penalty_term.curvature * vector

    def curvature_among(self, vectors, hessian_weights) -> np.ndarray:
        """``V'HV`` of vectors V (p + 1, m), for one walk whose examples bend J so, in one pass; of a layer m K."""
        (curved,) = self.home.fold(CurvatureAmong(self.inside(vectors), self.loss, hessian_weights))
        each = vectors.reshape(len(vectors), -1, self.loss.neurons)
        return curved + np.einsum("jmk,jlk->ml", each, self.penalty_term.curvature[..., None] * each)

    @cached_property
    def smoothness(self) -> float:
        """L, the steepest curvature of J anywhere: straight down, no rate below 2 / L can climb.

        A neuron is most curved where it hesitates, a (1 - a) = 1/4; a layer between two classes, 1/2. So L is the
        largest eigenvalue of the Hessian if all examples bend J so, or its trace, which is never less, if p is large.
        """
        if self.home.n_parameters > LARGEST_EIGENPROBLEM:
            return float(self._steepest(whole=False).sum())
        return largest_eigenvalue(self._steepest(whole=True)[..., 0], np.finfo(self.home.dtype).eps)

    def _steepest(self, whole) -> np.ndarray:
        """What no Hessian of one neuron is more than, (p + 1, p + 1, 1), or its diagonal, (p + 1, 1)."""
        (sums,) = self.home.fold(SteepestCurvature(self.loss, whole))
        along = diagonal_of(sums) if whole else sums
        if not np.isfinite(sums).all():
            raise ValueError(
                f"Feature {np.argmin(np.isfinite(along))} of X is so large that its square is more than "
                f"{self.home.dtype} can hold; divide it by a power of ten."
            )
        along += self.penalty_term.curvature[:, :1]
        return sums

    # The same J elsewhere ------------------------------------------------------------------------------

    def neurons(self, keep) -> "Objective":
        """The same J for some of the neurons only."""
        fewer = copy.copy(self)
        fewer.home, fewer.kink = self.home.neurons(keep), self.kink.neurons(keep)
        fewer.penalty_term = self.penalty_term.neurons(keep)
        return fewer

    def take(self, rows) -> "Objective":
        """The same J on some of the examples only, by their numbers."""
        return self.on(self.home.take(rows))

    def on(self, home) -> "Objective":
        """The same loss and penalty on other examples, or on the same in another home."""
        return self if home is self.home else Objective(home, self.penalty_term.strength, self.loss, self.l1)

    def of_features(self, which) -> "Objective":
        """The same J as a function of some features' weights and the bias, those of all others being 0."""
        return self.on(self.home.of_features(which))

    def paying(self, strength, l1_ratio=0.0) -> "Objective":
        """The same loss on the same examples, with another penalty, of which a share is paid for sizes, not squares."""
        return Objective(self.home, (1 - l1_ratio) * strength, self.loss, l1_ratio * strength)

    def penalised_like(self, other) -> "Objective":
        """The same loss on the same examples, with the penalties of another J."""
        return Objective(self.home, other.penalty_term.strength, self.loss, other.l1)

    def inside(self, theta) -> np.ndarray:
        """Theta as the blocks at home multiply it with X: in their float type."""
        return theta.astype(self.home.dtype, copy=False)

    features: Any = None  # what coordinates know of them

    @property
    def holds_weights(self) -> bool:
        """Whether weights cost something: without that, they may grow without end."""
        return self.penalty > 0 or self.kink.holds

    def to_weights(self, theta) -> np.ndarray:
        """Weights and bias in the units of X; here theta is just that (:mod:`~sklearn_neuron.solvers.coordinates`)."""
        return theta

    def from_weights(self, weights) -> np.ndarray:
        """The theta of given weights and bias; here they are the same."""
        return weights

    def to_weights_gradient(self, gradient) -> np.ndarray:
        """Slopes along weights and bias in the units of X, of slopes along theta; here they are the same."""
        return gradient

    def gradient_norm(self, gradient) -> np.ndarray:
        """Euclidean length of the gradient in the units of X, one a neuron, of slopes along theta."""
        return self.loss.lengths_of_walks(np.sqrt(dot(gradient, gradient)))

    # What floats can hold ------------------------------------------------------------------------------

    def loss_in_float64(self, theta) -> np.ndarray:
        """J alone, (K,), at theta (p + 1, K), by products with X in float64 whatever its type; one pass."""
        loss, _ = self.home.fold(OnePass(theta, self.loss, Needs.GRADIENT))
        return loss + self.loss.of_walks(self.penalty_term.value_and_slope(theta)[0] + self.kink.value(theta))

    def rounding(self, loss) -> np.ndarray:
        """How much of a J of this size is noise in the float type of X."""
        return 4 * self._eps * (1 + np.abs(loss))

    @cached_property
    def no_idea(self) -> float:
        """J of one who hesitates at every example, whose shares, in the float type of X, may add up to more than 1."""
        altogether = max(1.0, self.home.altogether)  # also where X was replaced
        return self.loss.no_idea * altogether * (1 + 4 * float(np.finfo(self.home.storage_dtype).eps))

    @cached_property
    def _eps(self):
        return float(np.finfo(self.home.dtype).eps)

    def _is(self, known, theta, needs):
        """Whether a place is this J at this theta, with all that is needed."""
        return known is not None and known.objective is self and needs in known.needs and (known.theta == theta).all()


class Place(NamedTuple):
    """All that is known about J at one theta."""

    objective: Objective
    needs: Needs
    theta: np.ndarray  # (p + 1, K), in the coordinates of the walk
    loss: np.ndarray  # (K,), J: the penalty included
    gradient: np.ndarray  # (p + 1, K)
    diagonal: np.ndarray | None  # (p + 1, K), of the Hessian
    hessian: np.ndarray | None  # (p + 1, p + 1, K)

    @property
    def weights(self) -> np.ndarray:
        """Weights and bias in the units of X, shape (p + 1, K)."""
        return self.objective.to_weights(self.theta)

    @property
    def weights_gradient(self) -> np.ndarray:
        """Gradient in the units of X, shape (p + 1, K)."""
        return self.objective.to_weights_gradient(self.gradient)

    @property
    def least_slope(self) -> np.ndarray:
        """The gradient; at a kink the least of the slopes there, 0 of a weight that is held at 0."""
        return self.objective.kink.least_slope(self.theta, self.gradient)

    @property
    def gradient_norm(self) -> np.ndarray:
        """Euclidean length of the least slope in the units of X, shape (K,)."""
        return self.objective.gradient_norm(self.least_slope)

    def promise(self, heading) -> np.ndarray:
        """Slope of J along a heading, (K,); with kinks on the way, by how much J would change if only they bent it."""
        slope, kink = dot(self.gradient, heading), self.objective.kink
        return slope + kink.value(self.theta + heading) - kink.value(self.theta) if kink.holds else slope


# Kernels: what a block of examples adds to a sum ----------------------------------------------------------


class OnePass(NamedTuple):
    """What one reading of the examples adds up to: loss, gradient and, if needed, curvature."""

    theta: np.ndarray
    loss: Any
    needs: Needs

    def __call__(self, block):
        """Sums over one block, in the order: loss, gradient, diagonals, Hessians."""
        z = block.scores(self.theta)  # Xw + b
        bent = self.needs != Needs.GRADIENT
        if z.size >= self.loss.many:  # the same, sooner
            loss, slope, *beliefs = self.loss.sums_of_many(z, block.y, block.shares, bent)
        else:
            losses, slopes = self.loss.value_and_slope(z, block.y)  # -log P(Y=y|x) and a - y
            loss, slope = total(block.shares * losses), block.shares * slopes
            beliefs = [block.shares * self.loss.beliefs(z)] if bent else []
        sums = [loss, block.pull_back(slope)]  # and [X 1]' (share (a - y))
        if bent:
            if Needs.DIAGONAL in self.needs:
                sums.append(block.weighted_squares(self.loss.own_bends(*beliefs)))  # [X 1]^2' (share a(1 - a))
            if Needs.HESSIAN in self.needs:
                sums.append(_hessians(block, self.loss.bends(*beliefs)))
        return tuple(sums)


class HessianWeights(NamedTuple):
    """How much each example bends J at theta: ``share a(1 - a)``; of softmax what that is made of, ``share a``."""

    theta: np.ndarray
    loss: Any

    def __call__(self, block):
        """Those of one block, shape (n, K)."""
        return block.shares * self.loss.beliefs(block.scores(self.theta))


class Diagonals(NamedTuple):
    """Second derivatives along each parameter."""

    theta: np.ndarray
    loss: Any

    def __call__(self, block):
        """Sums over one block."""
        return (block.weighted_squares(self.loss.own_bends(HessianWeights(*self)(block))),)


class Hessians(NamedTuple):
    """Second derivatives: of whole walks by the `bends` of the loss, of every neuron by itself by its `own_bends`."""

    theta: np.ndarray
    loss: Any
    bends: Any

    def __call__(self, block):
        """Sums over one block."""
        return (_hessians(block, self.bends(HessianWeights(self.theta, self.loss)(block))),)


def _hessians(block, bend):
    """What a block adds to the Hessian of one neuron, (q, q, 1), or to the upper triangles of those of many."""
    return block.weighted_gram(bend)[..., None] if bend.shape[1] == 1 else block.weighted_grams(bend)


def _whole(sums):
    """Hessians (q, q, K) of such sums."""
    return sums if sums.ndim == 3 else from_upper_triangles(sums)


class CurvatureAlong(NamedTuple):
    """Sum of a Hessian-vector product: ``[X 1]' (bend ([X 1] v))``, two products and no matrix."""

    vector: np.ndarray
    loss: Any
    hessian_weights: Any

    def __call__(self, block):
        """Sum over one block."""
        moves = block.scores(self.vector)
        return (block.pull_back(self.loss.curved(block.own(self.hessian_weights), moves)),)


class CurvatureAmong(NamedTuple):
    """How much J of one walk bends along some vectors, and between them: squared scores, of which nothing cancels."""

    vectors: np.ndarray
    loss: Any
    hessian_weights: Any

    def __call__(self, block):
        """Sum over one block, shape (m, m)."""
        moves = block.scores(self.vectors)
        return (self.loss.curved_among(block.own(self.hessian_weights), moves),)


class CurvatureOfBias(NamedTuple):
    """Columns of Hessians that belong to biases: ``[X 1]' bend``."""

    loss: Any
    hessian_weights: Any

    def __call__(self, block):
        """Sum over one block."""
        return (block.pull_back(self.loss.bends(block.own(self.hessian_weights))),)


class SteepestCurvature(NamedTuple):
    """What no Hessian of a neuron is more than: ``[X 1]' diag(share h) [X 1]`` with h the largest bend of the loss."""

    loss: Any
    whole: bool

    def __call__(self, block):
        """Sum over one block."""
        bend = block.each_share() * (block.shares.shape[1] * self.loss.steepest)  # no walk counts one for more than all
        return (_hessians(block, bend) if self.whole else block.weighted_squares(bend),)
