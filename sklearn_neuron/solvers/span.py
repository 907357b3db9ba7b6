"""The span of the examples: n coordinates instead of p where features outnumber examples.

The minimum of J pays for its weights, so they lie in the span of the centred examples: whatever is orthogonal to all of
them changes no score and costs penalty. With ``K = XX' = LL'`` the columns of ``Q = X' L^-T`` are an orthonormal basis
of that span, and with ``w = Qv``::

    Xw = Lv,     |w| = |v|,     J(w, b) of the examples X  =  J(v, b) of the examples L

an exact reduction to n features, made once for all neurons and steps.

Reference: T. Hastie and R. Tibshirani, Efficient quadratic regularization for expression arrays, Biostatistics 5
(2004), 329-340, section 2.
"""

from typing import Any, NamedTuple

import numpy as np
from scipy import linalg

from sklearn_neuron.homes.costs import CHOLESKY_UNSPLIT
from sklearn_neuron.solvers.coordinates import Coordinates, Standardised, Transformed
from sklearn_neuron.solvers.maps import Identity


class Gram(Coordinates):
    """The span of the examples, standardised: where features outnumber examples and the penalty is above 0."""

    know_examples = True

    def __call__(self, objective, weights=None) -> Transformed:
        """Return the same J as a function of coordinates in the span; reads X twice."""
        span = Span(objective.home)
        seen = Standardised()(objective.on(span.home)).behind(span)
        leans = seen.features.leans and not span.home.has_bias  # each example is far out along a coordinate of its own
        seen.features = seen.features._replace(leans=leans)
        return seen


class Scores(NamedTuple):
    """``[X 1] theta`` in the float type of theta."""

    theta: np.ndarray

    def __call__(self, block):
        """Those of one block."""
        return block.scores(self.theta)


class Span(Identity):
    """From coordinates in the span of the centred examples, by Cholesky factorisation of their products, to weights.

    Parameters
    ----------
    outer : InMemory
        The examples, in the units of X; `home` are those in the span.
    """

    mixes = True

    def __init__(self, outer):
        self.outer = outer
        self.seen, point = outer.from_one_example()
        self.shift = self.seen.average_example()[None]  # (1, p), 0 without a bias
        self.center = point + self.shift
        K, largest = self.seen.example_products(self.shift[0])
        if not np.isfinite(largest):
            raise ValueError(
                "X has numbers so large that a float cannot hold their products; divide it by a power of ten."
            )
        self.noise = len(K) * np.finfo(float).eps * largest  # what is less is lost in the products
        if K.diagonal().max() > self.noise:
            scores, self.pivots = factor_of_products(K, outer.n - outer.has_bias, self.noise)
            self.factor = scores[self.pivots]
        else:  # all examples are the same
            scores, self.pivots, self.factor = np.zeros((len(K), 1)), np.zeros(1, dtype=int), np.ones((1, 1))
        self.home = outer.with_features(scores)
        self.center_inside = self.from_features(self.center.T)  # (r, 1): the part of the center that lies in the span

    def to_features(self, v) -> np.ndarray:
        """``Qv``: weights in the units of X, shape (p, K), of coordinates (r, K)."""
        shares = np.zeros((self.outer.n, v.shape[1]))
        shares[self.pivots] = linalg.solve_triangular(self.factor, v, trans="T", lower=True)
        return self.seen.pulled_back(shares, self.shift[0])

    def from_features(self, w) -> np.ndarray:
        """``Q'w``: the coordinates of the part of some weights that lies in the span."""
        if not w.any():
            return np.zeros((len(self.pivots), w.shape[1]))
        bias = -self.shift @ w if self.outer.has_bias else np.empty((0, w.shape[1]))
        z = self.seen.map(Scores(np.concatenate([w, bias])))
        return linalg.solve_triangular(self.factor, z[self.pivots], lower=True)

    def apply(self, theta) -> np.ndarray:
        """Weights and bias in the units of X; reads X once."""
        v, b = np.split(theta, [len(self.pivots)])
        w = self.to_features(v)
        return np.concatenate([w, b - self.center @ w]) if len(b) else w

    def inverse(self, weights) -> np.ndarray:
        """Coordinates, and the bias; what is orthogonal to all examples is dropped. Reads X once."""
        w, b = np.split(weights, [self.outer.shape[1]])
        b = b + self.center @ w if len(b) else b
        return np.concatenate([self.from_features(w), b])

    def inverse_adjoint(self, gradient) -> np.ndarray:
        """Slopes along weights and bias in the units of X; reads X once."""
        along, bias = np.split(gradient, [len(self.pivots)])
        slopes = self.to_features(along) + self.center.T * bias.sum(axis=0)
        return np.concatenate([slopes, bias])

    def gradient_norm(self, gradient) -> np.ndarray:
        """Told in the span: the basis is orthonormal."""
        along, bias = np.split(gradient, [len(self.pivots)])
        inside = along + self.center_inside * bias.sum(axis=0)
        outside = max((self.center**2).sum() - (self.center_inside**2).sum(), 0)
        return np.sqrt((inside**2).sum(axis=0) + (1 + outside) * (bias**2).sum(axis=0))

    def average_example(self, inside) -> np.ndarray:
        """The average of every feature, (p,)."""
        return self.center[0]

    def hidden(self, objective, theta, arrival) -> np.ndarray:
        """How far J may be above its minimum, (K,), for what rounding has taken from the products of the examples.

        At the minimum ``v = L'd / penalty`` with d the slopes of all examples. So a change of K by N changes J by
        ``d'N d / (2 penalty)`` (the envelope theorem), and N is rounding. What the way back to the features has lost is
        seen there: J in the units of X is another one then. Reads X once.
        """
        (squares,) = self.home.fold(SlopesSquared(theta, objective.loss))
        outside = objective.on(self.outer).loss_in_float64(arrival.weights)
        return self.noise * objective.loss.of_walks(squares) / (2 * objective.penalty) + np.abs(outside - arrival.loss)


class SlopesSquared(NamedTuple):
    """Sum of the squares of the slopes of J along the scores."""

    theta: np.ndarray
    loss: Any

    def __call__(self, block):
        """Sum over one block."""
        _, slope = self.loss.value_and_slope(block.scores(self.theta), block.y)
        return (((block.shares * slope) ** 2).sum(axis=0),)


def factor_of_products(K, most, noise) -> tuple[np.ndarray, np.ndarray]:
    """Cholesky factor of the products of all examples, and the examples of which all others are made.

    Pivots find out which those are. But only SciPy can pivot, whose threads are not those by which NumPy has made the
    products, and each wait for the others' processors: 20 ms instead of 1, for 500 examples. So NumPy may try first
    where examples are many. Centred ones add up to 0, so that one of them is made of the others: the last, say.

    Parameters
    ----------
    K : ndarray of shape (n, n)
        Products, positive semidefinite.
    most : int
        Rank that K can have at most.
    noise : float
        Pivots that are less are rounding.

    Returns
    -------
    factor : ndarray of shape (n, r)
        ``factor factor' = K``.
    pivots : ndarray of shape (r,)
        Rows of `factor` that are its lower triangle.
    """
    if len(K) > CHOLESKY_UNSPLIT:
        try:
            top = np.linalg.cholesky(K[:most, :most])
        except np.linalg.LinAlgError:
            top = np.zeros((most, most))
        if top.diagonal().min() ** 2 > 10 * noise:
            return np.vstack([top, linalg.solve_triangular(top, K[:most, most:], lower=True).T]), np.arange(most)
    packed, order, rank, _ = linalg.lapack.dpstrf(K, tol=noise, lower=1)
    rank, order = max(min(rank, most), 1), order - 1
    factor = np.empty((len(K), rank))
    factor[order] = np.tril(packed)[:, :rank]
    return factor, order[:rank]
