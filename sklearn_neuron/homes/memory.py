"""Examples in memory, dense or sparse.

Blocks are small enough to stay in cache, so that one fold reads X from memory once even though a kernel uses it twice;
a large X is cut into parts of some blocks each, for several threads. What is summed does not depend on their number.

A home may be *centred*: its features are then x - center and the bias is the score of the average example. Where the
means are so large that subtracting afterwards would cancel, dense blocks subtract in cache-sized scratch, and columns
of a sparse X, which are full then, in a copy; otherwise only the sums are corrected. A dense table of one block is
subtracted once and kept, with a column of ones for the bias: nothing is left to correct then, and it is the number of
calls that such a table waits for. X itself is never touched.
"""

import copy
import functools
import itertools
from collections.abc import Iterator
from typing import Any

import numpy as np
import scipy.sparse as sp

from sklearn_neuron.homes import arrays, costs
from sklearn_neuron.homes.blocks import Block, Centred, Dense, Sparse, Subtracted, WithBias, on_average
from sklearn_neuron.homes.home import Home
from sklearn_neuron.homes.threads import ThreadTeam

WITNESSES, OUTLIER = 1_000, 1e6  # stored numbers that tell what is usual, and how much more is an outlier


class InMemory(Home):
    """Examples in memory, dense or sparse, in blocks of rows.

    A pass computes in the float type of X, or in float64 if X is sparse or small enough to be copied.

    Parameters
    ----------
    X : {ndarray, sparse array} of shape (n, p), float32 or float64
        Features, in any memory layout; CSC is read as one block. Never written to.
    y : ndarray of bool of shape (n, K), or of int
        Truths, one column a walk: of one neuron whether they are its class, of a layer which class they are.
    shares : ndarray of shape (n,), or (n, number of walks)
        How much each example counts, to all walks or to each; they add up to 1. Walks on other examples each, as those
        of cross-validation are, so share every pass: what is held out counts 0.
    has_bias : bool, default=True
        Whether theta ends with a bias.
    block_size : int, default=400_000
        Numbers in a dense block of X.
    of_a_walk : int, default=1
        Neurons that a walk trains together: columns of theta for each of y.
    """

    def __init__(self, X, y, shares, has_bias=True, block_size=costs.DENSE_BLOCK, of_a_walk=1):
        self.storage_dtype = X.dtype
        self.shape = X.shape
        self.X = arrays.as_sparse_array(X) if sp.issparse(X) else X  # what blocks are cut from
        self.y = y
        self.of_a_walk = of_a_walk
        self.shares = (shares if shares.ndim == 2 else shares[:, None]).astype(self.X.dtype, copy=False)
        self.identity = self.shares  # what all homes of the same examples share
        self.average_shares = on_average(self.shares)  # how much each counts, (n, 1), on average of all walks
        self._alike = bool(shares.min() == shares.max())  # whether all examples count alike
        self.has_bias = has_bias
        self._uncentred = None  # the home that was centred, if one was
        self._block_size = block_size
        self._around: Any = None  # a block that is seen from a center
        self._center: np.ndarray | None = None  # (p,), that center
        self._seen = WithBias if has_bias else _as_it_is
        self._measure()
        self._parts = self._cut()
        self.team = ThreadTeam()

    def _measure(self):
        """How many rows a block has, and how many of them are multiplied by themselves at a time."""
        rows = max(costs.BLOCK_SCORES // self.n_neurons, costs.BLOCK_ROWS)
        self._rows_per_block = max(1, min(self._block_size // self.shape[1], rows))
        self._syrk_rows = self._unsplit_rows()
        self._stored = Sparse if self.is_sparse else functools.partial(Dense, syrk_rows=self._syrk_rows)

    def _with(self, **values):
        """A home that differs in some values."""
        other = copy.copy(self)
        vars(other).pop("_only_block", None)
        vars(other).update(values)
        return other

    @property
    def uncentred(self) -> "InMemory":
        """The home that was centred, or this; it does not keep itself, or X would stay until garbage is collected."""
        return self if self._uncentred is None else self._uncentred

    @property
    def is_sparse(self) -> bool:
        """Whether zeros are not stored."""
        return sp.issparse(self.X)

    @property
    def dtype(self) -> np.dtype:
        """Float type that a pass computes in."""
        return self.X.dtype

    @property
    def stored_numbers(self) -> int:
        """Numbers that a pass reads."""
        return self.X.nnz if self.is_sparse else self.shape[0] * self.shape[1]

    @property
    def n_walks(self) -> int:
        """Number of columns of y."""
        return self.y.shape[1]

    @property
    def n_neurons(self) -> int:
        """Number of columns of scores."""
        return self.of_a_walk * self.n_walks

    @property
    def least_share(self) -> float:
        """How much the least of the examples counts."""
        return self.average_shares.min()

    @property
    def altogether(self) -> float:
        """What the shares add up to, at most: 1, but for their rounding."""
        return float(self.shares.sum(axis=0, dtype=np.float64).max())

    @property
    def truth(self) -> np.ndarray:
        """How much the examples of its class count to each neuron, (K,); without a look at X."""
        if self.of_a_walk == 1:
            return arrays.total(self.shares * self.y)
        shares = np.broadcast_to(self.shares, self.y.shape)
        each = [np.bincount(self.y[:, k], shares[:, k], minlength=self.of_a_walk) for k in range(self.n_walks)]
        return np.concatenate(each)

    # Passes ---------------------------------------------------------------------------------------------------

    def parts(self) -> list[Iterator[Block]]:
        """Parts of X that repay a thread each, as blocks: together all examples, in order."""
        if self._is_one_block:
            return [iter((self._only_block,))]
        return [itertools.starmap(self._block, part) for part in self._parts]

    @property
    def _is_one_block(self):
        return len(self._parts) == 1 == len(self._parts[0])

    @functools.cached_property
    def _only_block(self):
        """Made once: a small table waits for calls."""
        return self._block(*self._parts[0][0])

    def _block(self, rows, X, transposed=None):
        shares = self.shares[:1] if self._alike else self.shares[rows]
        return self._seen(self._stored(rows, X, self.y[rows], shares, transposed))

    def _cut(self):
        """Rows and X of every block, part by part."""
        if self.is_sparse:
            repaid = max(costs.SPARSE_PART // self.n_neurons, costs.SPARSE_PART_PER_FEATURE * self.shape[1])
            return [[(rows, X, X.T)] for rows, X in arrays.cut_by_numbers(self.X, _how_many(self.X.nnz // repaid))]
        blocks = list(arrays.cut_by_rows(self.X, self._rows_per_block))
        count = min(_how_many(self._work() // costs.DENSE_PART), len(blocks)) if self._syrk_rows else 1
        edges = [len(blocks) * k // count for k in range(count + 1)]
        return [blocks[a:b] for a, b in itertools.pairwise(edges)]

    def _work(self):
        """What a pass over a dense X does, in numbers that it reads."""
        return self.X.size + costs.SCORE * self.n * self.n_neurons

    def _unsplit_rows(self):
        """Rows that BLAS multiplies by themselves on one thread, if X is to be shared out here; 0 if it is not.

        Products of many columns, or with the weights of many neurons, are better left to the threads of BLAS.
        """
        p, (fewest, most) = self.shape[1], costs.SYRK_ROWS
        rows = min(costs.SYRK_UNSPLIT // (p * (p + 1)), most)
        repays = not self.is_sparse and self._work() >= 2 * costs.DENSE_PART
        return rows if repays and rows >= fewest and self.n_neurons == 1 else 0

    def example_products(self, center) -> tuple[np.ndarray, float]:
        """Every example less `center`, (p,), times every other, in float64; and the largest number met. One pass."""
        if self.is_sparse:
            far = (self.X @ center)[:, None]
            K = (self.X @ self.X.T).toarray()
            return K - far - far.T + center @ center, K.diagonal().max()
        K = np.zeros((self.n, self.n))
        for features in self._less(center):
            K += features @ features.T
        return K, K.diagonal().max()

    def average_example(self) -> np.ndarray:
        """The average of every feature, (p,), 0 without a bias; seen from one example, what all share is met exactly.

        One pass.
        """
        one = np.zeros(self.shape[1]) if self.is_sparse else self.X[0].astype(np.float64)
        if not self.has_bias:
            return np.zeros_like(one)
        return one + self.pulled_back(self.average_shares.astype(np.float64), one)[:, 0]

    def pulled_back(self, shares, center) -> np.ndarray:
        """``(X - center)' shares``, (p, K) in float64, of shares (n, K). One pass."""
        if self.is_sparse:
            return self.X.T @ shares - center[:, None] * shares.sum(axis=0)
        return np.concatenate([features.T @ shares for features in self._less(center)])

    def _less(self, center):
        """Some features at a time of a dense X, less `center`, (p,), in float64 and in scratch: exact far from zero."""
        width = max(1, costs.DENSE_BLOCK // self.n)
        for start in range(0, self.shape[1], width):
            yield self.X[:, start : start + width] - center[start : start + width]

    # What is in X --------------------------------------------------------------------------------------------

    def examples(self, which) -> np.ndarray:
        """Some examples in float64, as a block sees them, and 1 for the bias; shape (number of them, n_parameters)."""
        return self._seen(self._stored(which, self.X[which], self.y[which], self.shares[which])).design()

    def extremes(self) -> np.ndarray:
        """The least and the largest number of X, and of 0: not finite if one number is not."""
        numbers = arrays.numbers_of(self.X)
        return np.array([numbers.min(initial=0), numbers.max(initial=0)])

    def has_outliers(self) -> bool:
        """Whether a sparse X has a number far beyond most of those stored: its spread may be that number alone."""
        if not (self.is_sparse and self.X.nnz):
            return False
        some = self.X.data[:: max(1, self.X.nnz // WITNESSES)]
        return np.abs(self.extremes()).max() > OUTLIER * np.median(np.abs(some))

    def non_empty(self) -> np.ndarray | None:
        """Columns of a sparse X that hold a number, if those are less than half; None otherwise.

        It is not looked for where X holds so much that vectors of all columns cost little beside a pass.
        """
        if not self.is_sparse or self.X.nnz > costs.STORED_PER_COLUMN * self.shape[1]:
            return None
        columns = arrays.non_empty_columns(self.X)
        return columns if 0 < len(columns) < self.shape[1] / 2 else None

    # Other homes ----------------------------------------------------------------------------------------------

    def neurons(self, keep) -> "InMemory":
        """The same examples for some of the walks only (columns of y)."""
        shares = self.shares if self.shares.shape[1] == 1 else self.shares[:, keep]
        return self._with(y=self.y[:, keep], shares=shares)

    def take(self, rows) -> "InMemory":
        """Some of the examples, by their numbers: the home of a smaller problem, in the same blocks and units."""
        X, shares = self.X[rows], self.shares[rows]
        shares = shares / arrays.total(shares).astype(self.dtype)
        named = {"shares": shares, "identity": shares, "average_shares": on_average(shares)}
        return self._with(X=X, y=self.y[rows], shape=(len(shares), self.shape[1]), **named)._cut_anew()

    def with_features(self, X) -> "InMemory":
        """The same truths and shares beside other features."""
        return InMemory(X, self.y, self.shares, self.has_bias, of_a_walk=self.of_a_walk)._with(team=self.team)

    def without_zeros(self) -> "InMemory":
        """The same examples; a large dense X that is mostly zeros as a sparse one, which takes a quarter more memory.

        Some of the examples tell whether that makes passes twice as short.
        """
        if self.is_sparse or self.X.size < costs.MOSTLY_ZEROS or not self._is_mostly_zeros():
            return self
        pieces = self.team.each(lambda part: [arrays.compressed(X) for _, X in part], self._parts)
        X = arrays.stacked(list(itertools.chain.from_iterable(pieces)), self.shape)
        return self.with_features(X)._with(storage_dtype=self.storage_dtype)

    def _is_mostly_zeros(self):
        some = self.X[self.sample(max(1, self.n // WITNESSES))]
        stored = np.count_nonzero(some) / some.size
        is_small = stored * arrays.SPARSE_BYTES <= self.X.itemsize / 4
        return is_small and 2 * (costs.SPARSE_ROW + costs.SPARSE_NUMBER * stored * self.shape[1]) <= self.shape[1]

    def with_columns(self, columns) -> "InMemory":
        """The same examples with some features only, all that a sparse X has; shares its numbers."""
        return self.with_features(arrays.only_columns(self.X, columns))

    def of_features(self, which) -> "InMemory":
        """The same examples with some features only, by their numbers, as they are seen here; in a copy."""
        ones = range(self.shape[1], self.X.shape[1])  # a column of those for the bias, where X is a table made here
        X = self.X[:, np.append(which, ones).astype(int)]
        center = None if self._center is None else self._center[which]
        seen = self._seen if center is None else functools.partial(self._around, center=center)
        home = self._with(X=X, shape=(self.n, len(which)), _uncentred=None, _center=center, _seen=seen)
        home._measure()
        return home._cut_anew()

    def in_short_blocks(self, rows) -> "InMemory":
        """The same examples in blocks of so many rows at most: short sums keep nearly all digits of the float type."""
        X = self.X.tocsr() if self.is_sparse else self.X
        return self._with(X=X, _parts=[list(arrays.cut_by_rows(X, rows))])

    def centred(self, center, far) -> "InMemory":
        """The same examples seen from `center`, an array of shape (p,) that is 0 without a bias.

        Features that are `far`, (p,), from zero, beside their spread, are shifted before any product: slower, but
        exact; dense blocks as a whole and in scratch, sparse columns, which are full then, in a copy.
        """
        if self.is_sparse:
            if not far.any():
                return self._from(center, Centred, self.X)
            X = arrays.less_shift(self.X, np.where(far, center, 0))
            return self._from(np.where(far, 0, center), Centred, X)
        if self.n > self._rows_per_block:
            return self._from(center, Subtracted if far.any() else Centred, self.X)
        dtype = np.dtype(np.float64) if self.X.size <= costs.FLOAT64_COPY else self.dtype
        by_columns = self.shape[1] <= costs.FEW_COLUMNS
        table = np.empty((self.n, self.n_parameters), dtype=dtype, order="F" if by_columns else "C")
        np.subtract(self.X, center.astype(dtype), out=table[:, : self.shape[1]])
        table[:, self.shape[1] :] = 1
        shares = self.shares.astype(dtype, copy=False)
        return self._with(X=table, shares=shares, _uncentred=self, _seen=_as_it_is)._cut_anew()

    def from_one_example(self) -> tuple["InMemory", np.ndarray]:
        """The same examples, seen from one of them where a sparse X is full, in a copy, and that point, (p,).

        Products of such columns could cancel: a dense X is met less its center, whatever that is, and where a column
        holds a zero its numbers differ by as much as they are large.
        """
        point = np.zeros(self.shape[1])
        if not (self.is_sparse and self.has_bias):
            return self, point
        full = arrays.full_columns(self.X)
        point[full] = self.X[[0]].toarray()[0, full]
        return self.centred(point, full), point

    def _from(self, center, around, X):
        center = center.astype(self.dtype, copy=False)
        home = self._with(X=X, _uncentred=self)
        if center.any():
            home = home._with(_around=around, _center=center, _seen=functools.partial(around, center=center))
        return home if X is self.X else home._cut_anew()

    def _cut_anew(self):
        return self._with(_parts=self._cut())


def _as_it_is(block):
    return block


def _how_many(repaid):
    """Parts, of which so many would repay a thread: a power of two, for threads to end together."""
    return 1 << min(max(repaid, 1), costs.MOST_PARTS).bit_length() - 1
