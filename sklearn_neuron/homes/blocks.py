"""Some consecutive examples, and the products with them that J needs.

A block knows nothing of neurons::

    scores(theta)     z = Xw + b
    pull_back(r)      [X'r, sum r]              from slopes per example to slopes per parameter
    weighted_gram(h)  [X 1]' diag(h) [X 1]      from curvatures per example to the Hessian; `weighted_grams` to many

`Dense` and `Sparse` multiply. Around one of them `WithBias` adds the column of ones; `Centred` corrects the sums as if
a center had been subtracted from the features, so that sparse ones stay sparse; and `Subtracted` subtracts it in
scratch, where the center is so far from zero that a correction would cancel.

Reference: R. A. van de Geijn and E. S. Quintana-Orti, The Science of Programming Matrix Computations
(2008), chapter 5 (blocked algorithms).
"""

import bisect
import functools
from collections.abc import Callable

import numpy as np
import scipy.sparse as sp

from sklearn_neuron.homes.arrays import cut_by_rows, few_at_a_time, squared, total, upper_triangle
from sklearn_neuron.homes.costs import DENSE_PLACES, SCRATCH, of_grams


def on_average(shares) -> np.ndarray:
    """Shares of examples, (n, 1), on average of all walks, (n, number of walks)."""
    return shares if shares.shape[1] == 1 else shares.mean(axis=1, keepdims=True)


class Block:
    """Examples without a bias: X (n, p), y (n, K) booleans, and which rows they are, a slice.

    Their shares are (n, 1), or (1, 1) if all examples at home count alike; or (n, K), if some count more to one walk
    than to another.
    """

    _gram: Callable
    _moments: Callable

    def __init__(self, rows, X, y, shares, transposed=None):
        self.rows, self.X, self.y, self.shares = rows, X, y, shares
        self.transposed = X.T if transposed is None else transposed  # SciPy takes 50 microseconds to make one

    def scores(self, theta) -> np.ndarray:
        """``z = Xw`` for theta of shape (p, K)."""
        return self.X @ theta

    def each_share(self) -> np.ndarray:
        """Shares, one an example, (n, 1), on average of all walks."""
        shares = on_average(self.shares)
        return np.full((len(self.y), 1), shares) if len(shares) < len(self.y) else shares

    def own(self, kept) -> np.ndarray:
        """What a home has kept of these examples; or says of them anew, where it keeps nothing."""
        return kept(self) if callable(kept) else kept[self.rows]

    def pull_back(self, r) -> np.ndarray:
        """``X'r`` for r of shape (n, K): from slopes per example to slopes per parameter."""
        return self.transposed @ r

    def weighted_gram(self, h) -> np.ndarray:
        """``X' diag(h) X`` for one column h of shape (n, 1), at least 0."""
        pieces = (self._gram(X * np.sqrt(h[rows])) for rows, X in few_at_a_time(self.X, self.X.shape[1]))
        return functools.reduce(np.add, pieces)

    def weighted_grams(self, h) -> np.ndarray:
        """Upper triangles, row by row, of :meth:`weighted_gram` for every column of h (n, K); (K, q (q + 1) / 2).

        Of many neurons with few parameters all at once: each is a sum of the same products of features.
        """
        if not self._repays_pairs(h.shape[1]):
            grams = (self.weighted_gram(h[:, k : k + 1]) for k in range(h.shape[1]))
            return np.array([upper_triangle(gram) for gram in grams])
        pieces = cut_by_rows(self.X, max(1, SCRATCH // self.X.shape[1]))
        return functools.reduce(np.add, (_of_pairs(self._written_out(X), h[rows]) for rows, X in pieces))

    def _repays_pairs(self, K) -> bool:
        """Whether products of features, formed once for K neurons, cost less than to weigh the examples for each."""
        n, p = self.X.shape
        one_by_one, by_pairs = of_grams(n, p, K)
        return by_pairs <= one_by_one

    def weighted_squares(self, h) -> np.ndarray:
        """Diagonal of :meth:`weighted_gram` for every column of h (n, K), without the rest of it."""
        return functools.reduce(np.add, (squared(X).T @ h[rows] for rows, X in few_at_a_time(self.X)))

    def moments(self, point) -> tuple[np.ndarray, ...]:
        """Sums over examples, (p,) each, of features from a point (p,), of their squares, and of the squares of those.

        Each counted by its share, squares of squares by its square. Of a sparse X from 0; if most of it is zeros, no
        squares of squares.
        """
        shares = self.each_share()[:, 0].astype(np.float64, copy=False)
        pieces = (self._moments(X, shares[rows], point) for rows, X in few_at_a_time(self.X))
        return functools.reduce(add, pieces)

    def features(self, which) -> np.ndarray:
        """Some features as they are stored, by their numbers, dense and in float64, (n, number of them)."""
        some = self.X[:, which]
        return (some.toarray() if sp.issparse(some) else some).astype(np.float64)

    def design(self) -> np.ndarray:
        """``[X 1]``, written out in float64: what each parameter is multiplied by, shape (n, n_parameters)."""
        return self._written_out(self.X.astype(np.float64))

    def _written_out(self, X):
        """``[X 1]`` of some of the examples, in their float type."""
        return X.toarray() if sp.issparse(X) else X


class Dense(Block):
    """Examples of an array; `syrk_rows` of them are multiplied by themselves at a time, if not all."""

    def __init__(self, rows, X, y, shares, transposed=None, syrk_rows=0):
        in_order = X if X.itemsize in X.strides else np.ascontiguousarray(X)  # for BLAS
        super().__init__(rows, in_order, y, shares)
        self.syrk_rows = syrk_rows

    def _gram(self, A):
        """``A'A``; one factor twice, of which BLAS computes half. All at once, or panel by panel."""
        if not 0 < 2 * self.syrk_rows <= len(A):
            return A.T @ A
        even = len(A) - len(A) % self.syrk_rows
        panels, rest = A[:even].reshape(-1, self.syrk_rows, A.shape[1]), A[even:]
        return (panels.transpose(0, 2, 1) @ panels).sum(axis=0) + rest.T @ rest

    def _moments(self, X, shares, point):
        away = X - point
        first = away.T @ shares
        squares = np.square(away, out=away)
        second = squares.T @ shares
        return first, second, np.square(squares, out=squares).T @ shares**2


class Sparse(Block):
    """Examples of a sparse array, in float64: its numbers are added up one after the other."""

    def _gram(self, A):
        """``A'A``; of an A that is hardly sparse, and small, written out: a sparse product would take far longer."""
        if A.shape[0] * A.shape[1] <= DENSE_PLACES * min(A.nnz, 2 * SCRATCH):
            A = A.toarray()
            return A.T @ A
        return (A.T @ A).toarray()

    def _repays_pairs(self, K):
        n, p = self.X.shape
        one_by_one, by_pairs = of_grams(n, p, K, 1 + self.X.nnz / n)
        return self.X.format == "csr" and by_pairs <= one_by_one

    def _moments(self, X, shares, point):
        squares, p = squared(X), X.shape[1]
        fourth = squared(squares).T @ shares**2 if X.nnz > len(shares) * p / 4 else np.zeros(p)
        return X.T @ shares, squares.T @ shares, fourth


class WithBias(Block):
    """The examples of another block, and a column of ones for the bias, which is the last of theta (p + 1, K)."""

    def __init__(self, block):
        super().__init__(block.rows, block.X, block.y, block.shares, block.transposed)
        self.block = block

    def scores(self, theta) -> np.ndarray:
        """``z = Xw + b``."""
        z = self.block.scores(theta[:-1])
        z += theta[-1]
        return z

    def pull_back(self, r) -> np.ndarray:
        """``[X'r, sum r]``."""
        return np.concatenate([self.block.pull_back(r), total(r)[None]])

    def weighted_gram(self, h) -> np.ndarray:
        """``[X 1]' diag(h) [X 1]``."""
        return _bordered(self.block.weighted_gram(h), self.block.pull_back(h), total(h)[None])

    def weighted_squares(self, h) -> np.ndarray:
        """Its diagonals."""
        return np.concatenate([self.block.weighted_squares(h), total(h)[None]])

    def moments(self, point) -> tuple[np.ndarray, ...]:
        """Those of the features."""
        return self.block.moments(point)

    def _repays_pairs(self, K):
        return self.block._repays_pairs(K)

    def _written_out(self, X):
        return np.column_stack([self.block._written_out(X), np.ones(X.shape[0], dtype=X.dtype)])


class Centred(WithBias):
    """``[X - center, 1]``, of which only sums are corrected; the bias is the score of an example at the center."""

    def __init__(self, block, center):
        super().__init__(block)
        self.center = center

    def scores(self, theta) -> np.ndarray:
        """``z = (X - center) w + b``."""
        z = self.block.scores(theta[:-1])
        z -= np.einsum("j,jk->k", self.center, theta[:-1])  # of a long vector BLAS would wake threads
        z += theta[-1]
        return z

    def pull_back(self, r) -> np.ndarray:
        """``[(X - center)'r, sum r]``."""
        slopes, summed = self.block.pull_back(r), total(r)[None]
        slopes -= self.center[:, None] * summed
        return np.concatenate([slopes, summed])

    def weighted_gram(self, h) -> np.ndarray:
        """``[X - center, 1]' diag(h) [X - center, 1]``."""
        gram, border, corner = self.block.weighted_gram(h), self.block.pull_back(h), total(h)[None]
        shift = self.center[:, None]
        gram -= shift * border.T
        border -= shift * corner
        gram -= border * shift.T
        return _bordered(gram, border, corner)

    def weighted_squares(self, h) -> np.ndarray:
        """Its diagonals."""
        squares, summed, shift = self.block.weighted_squares(h), total(h)[None], self.center[:, None]
        squares -= shift * (2 * self.block.pull_back(h) - shift * summed)
        return np.concatenate([squares, summed])

    def _written_out(self, X):
        written = super()._written_out(X)
        written[:, :-1] -= self.center
        return written


class Subtracted(WithBias):
    """``[X - center, 1]`` of a dense block, subtracted in scratch before any product: slower, but exact."""

    def __init__(self, block, center):
        super().__init__(Dense(block.rows, block.X - center, block.y, block.shares, syrk_rows=block.syrk_rows))


def _of_pairs(A, h):
    """Upper triangles of ``A' diag(h) A`` for every column of h (n, K): weighted sums of products of two features.

    So they are one product of matrices, of as many pairs of features at a time as stay in cache.
    """
    (n, q), features = A.shape, np.ascontiguousarray(A.T)
    starts = [j * (2 * q + 1 - j) // 2 for j in range(q + 1)]  # of the pairs of a feature with itself and all after it
    sums = np.empty((h.shape[1], starts[-1]), dtype=A.dtype)
    pairs = np.empty((min(max(q, SCRATCH // n), starts[-1]), n), dtype=A.dtype)
    first = 0
    while first < q:
        begin, after = starts[first], bisect.bisect_right(starts, starts[first] + len(pairs)) - 1
        for j in range(first, after):
            np.multiply(features[j:], features[j], out=pairs[starts[j] - begin : starts[j + 1] - begin])
        np.matmul(h.T, pairs[: starts[after] - begin].T, out=sums[:, begin : starts[after]])
        first = after
    return sums


def add(totals, arrays) -> tuple[np.ndarray, ...]:
    """Add arrays to totals, in place."""
    for summed, array in zip(totals, arrays, strict=True):
        summed += array
    return totals


def _bordered(gram, border, corner):
    """``[[gram, border], [border', corner]]``; np.block takes longer than the product of a small table."""
    p = len(gram)
    whole = np.empty((p + 1, p + 1), dtype=gram.dtype)
    whole[:p, :p], whole[:p, p:], whole[p:, :p], whole[p:, p:] = gram, border, border.T, corner
    return whole
