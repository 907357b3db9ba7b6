"""Where the examples live: the one seam between mathematics and storage.

J is a sum over examples, so a home for examples need only add up: ``fold(kernel)`` is the sum of
``kernel(block)`` over blocks of rows, in order; ``map(kernel)`` is one result an example. A block knows
three products and nothing of neurons::

    scores(theta)     z = Xw + b
    pull_back(r)      [X'r, sum r]              from slopes per example to slopes per parameter
    weighted_gram(h)  [X 1]' diag(h) [X 1]      from curvatures per example to the Hessian

Blocks are small enough to stay in cache, so that one fold reads X from memory once even though
a kernel uses it twice; a large X is cut into parts of some blocks each, for several hands. Shares say how much
each example counts and add up to 1: J is a mean, and a learning rate keeps its meaning for every n.

A home may be *centred*: its features are then x - center and the bias is the score of the average
example. Where the means are so large that subtracting afterwards would cancel, dense blocks subtract in
cache-sized scratch, and columns of a sparse X, which are full then, in a copy; otherwise only the sums are
corrected. A dense table of one block is subtracted once and kept, in float64, with a column of ones for the
bias: nothing is left to correct then, and it is the number of calls that such a table waits for. X itself is
never touched. Sparse numbers are kept in float64: they are added up one after the other.

Reference: R. A. van de Geijn and E. S. Quintana-Orti, The Science of Programming Matrix Computations
(2008), chapter 5 (blocked algorithms).
"""

import copy
import functools
import itertools
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import scipy.sparse as sp
from numpy.lib.stride_tricks import as_strided

from sklearn_neuron.homes.threads import ThreadTeam

BLOCK_SIZE = 400_000  # numbers; from 460,800 on OpenBLAS splits a product and, on a busy machine, waits for its half
SCORES = 24_000  # numbers in an array of one score a neuron and example, of which a kernel makes a dozen
UNDIVIDED = 400_000  # multiplications of a matrix by itself; from 500,000 on it splits that
HARDLY_SPARSE = 10  # places for each number stored, at most, of a sparse X of which dense products are sooner
FEW = 100_000  # numbers to be copied at a time: memory that is new, page by page, costs ten times the sums over it
DENSE_PART, SPARSE_PART = 2_000_000, 125_000  # numbers of a part of X that repays a thread
COPIED = 64_000  # numbers of a dense float32 X, up to which a copy in float64 costs little beside the calls
SPARSELY = 20  # stored numbers a column, up to which most columns may be empty
FEW_STORED, FAR_OUT = 1_000, 1e6  # stored numbers that tell what is usual, and how much more is not
MOST_PARTS = 8  # each adds up its own sums


class Block(NamedTuple):
    """Some consecutive examples: X (n, p), y (n, K) booleans, shares (n, 1)."""

    rows: slice  # which they are
    X: np.ndarray
    y: np.ndarray
    shares: np.ndarray
    center: np.ndarray | None
    has_bias: bool
    syrk_rows: int = 0  # rows to multiply by themselves at a time, if not all

    @property
    def _is_plain(self):
        """Whether the products with X are all there is to do."""
        return self.center is None and not self.has_bias

    def scores(self, theta):
        """``z = (X - center) w + b`` for theta of shape (p + has_bias, K)."""
        p = self.X.shape[1]
        z = self.X @ theta[:p]
        if self.center is not None:
            z -= np.einsum("j,jk->k", self.center, theta[:p])  # of a long vector BLAS would wake threads
        if self.has_bias:
            z += theta[p]
        return z

    def total(self, r):
        """``sum r`` for r of shape (n, K), in float64; pairwise, if the columns are in one piece each.

        One after the other, 20,000 numbers of float32 would add up to four digits.
        """
        return np.asfortranarray(r).sum(axis=0, dtype=np.float64)

    def pull_back(self, r):
        """``[(X - center)'r, sum r]`` for r of shape (n, K): from slopes per example to slopes per parameter."""
        slopes = self.X.T @ r
        if self._is_plain:
            return slopes
        total = self.total(r)[None]
        if self.center is not None:
            slopes -= self.center[:, None] * total
        return np.concatenate([slopes, total]) if self.has_bias else slopes

    def weighted_gram(self, h):
        """``[X - center, 1]' diag(h) [X - center, 1]`` for one column h of shape (n, 1), at least 0."""
        pieces = (
            _times_itself(X * np.sqrt(h[rows]), self.syrk_rows) for rows, X in few_at_a_time(self.X, self.X.shape[1])
        )
        gram = functools.reduce(np.add, pieces)
        if self._is_plain:
            return gram
        border = self.X.T @ h
        total = self.total(h)[None]
        if self.center is not None:
            shift = self.center[:, None]
            gram -= shift * border.T
            border -= shift * total
            gram -= border * shift.T
        return _bordered(gram, border, total) if self.has_bias else gram

    def weighted_squares(self, h):
        """Diagonal of :meth:`weighted_gram` for every column of h (n, K), without the rest of it."""
        pieces = (_squared(X).T @ h[rows] for rows, X in few_at_a_time(self.X))
        squares = functools.reduce(np.add, pieces)
        if self._is_plain:
            return squares
        total = self.total(h)[None]
        if self.center is not None:
            shift = self.center[:, None]
            squares -= shift * (2 * (self.X.T @ h) - shift * total)
        return np.concatenate([squares, total]) if self.has_bias else squares

    def moments(self, point):
        """Sums over examples, (p,) each, of features from a point (p,), of their squares, and of the squares of those.

        Each counted by its share, squares of squares by its square. Of a sparse X from 0; if most of it is zeros, no
        squares of squares.
        """
        return functools.reduce(_plus, (self._moments(rows, X, point) for rows, X in few_at_a_time(self.X)))

    def _moments(self, rows, X, point):
        shares = self.shares[rows, 0].astype(np.float64, copy=False)
        if sp.issparse(X):
            squared, p = _squared(X), X.shape[1]
            fourth = _squared(squared).T @ shares**2 if X.nnz > len(shares) * p / 4 else np.zeros(p)
            return X.T @ shares, squared.T @ shares, fourth
        away = X - point
        first = away.T @ shares
        squared = np.square(away, out=away)
        second = squared.T @ shares
        return first, second, np.square(squared, out=squared).T @ shares**2


def _dense(some):
    """Part of X written out, in float64, and a copy."""
    return (some.toarray() if sp.issparse(some) else some).astype(np.float64)


def _times_itself(A, syrk_rows):
    """``A'A``; one factor twice, of which BLAS computes half. All at once, or layer by layer.

    A sparse A that is hardly sparse is written out, if it is small: a sparse product would take up to 70 times as long.
    """
    if sp.issparse(A) and A.shape[0] * A.shape[1] <= HARDLY_SPARSE * min(A.nnz, 2 * FEW):
        A = A.toarray()
    if not 0 < 2 * syrk_rows <= A.shape[0]:
        product = A.T @ A
        return product.toarray() if sp.issparse(product) else product
    even = len(A) - len(A) % syrk_rows
    layers, rest = A[:even].reshape(-1, syrk_rows, A.shape[1]), A[even:]
    return (layers.transpose(0, 2, 1) @ layers).sum(axis=0) + rest.T @ rest


def _bordered(gram, border, corner):
    """``[[gram, border], [border', corner]]``; np.block takes longer than the product of a small table."""
    p = len(gram)
    whole = np.empty((p + 1, p + 1), dtype=gram.dtype)
    whole[:p, :p], whole[:p, p:], whole[p:, :p], whole[p:, p:] = gram, border, border.T, corner
    return whole


class InMemory:
    """Examples in memory, dense or sparse, in blocks of rows.

    A pass computes in `dtype`, the float type of X, or float64 if X is sparse or small enough to be copied. Sums over
    blocks are float64.

    Parameters
    ----------
    X : {ndarray, sparse array} of shape (n, p), float32 or float64
        Features, in any memory layout; CSC is read as one block. Never written to.
    y : ndarray of bool of shape (n, K)
        Truths, one column a neuron.
    shares : ndarray of shape (n,)
        How much each example counts; they add up to 1.
    has_bias : bool, default=True
        Whether theta ends with a bias.
    block_size : int, default=400_000
        Numbers in a dense block of X.
    """

    given: "InMemory | None" = None  # the same examples, not centred

    def __init__(self, X, y, shares, has_bias=True, block_size=BLOCK_SIZE):
        self.storage_dtype = X.dtype
        self.X = _as_sparse_array(X) if sp.issparse(X) else X
        self.dtype = self.X.dtype
        self.y = y
        self.shares = shares[:, None].astype(self.dtype, copy=False)
        self.has_bias = has_bias
        self.center = None
        self.subtract_first = False
        self._tally = [0.0]  # shared by every home made from this one
        self._pass = 1.0  # what one fold adds to it
        self.rows_per_block = max(1, min(block_size // X.shape[1], SCORES // y.shape[1]))
        self._syrk_rows = self._undivided()
        self._parts = self._cut()
        self._team = ThreadTeam()
        self._materialised = None  # a dense table of one block, centred, and a column of ones

    @property
    def shape(self):
        """Number of examples and of features."""
        return self.X.shape

    @property
    def n_parameters(self):
        """Length of theta: p weights and perhaps a bias."""
        return self.X.shape[1] + self.has_bias

    @property
    def n_neurons(self):
        """Number of columns of y."""
        return self.y.shape[1]

    @property
    def least_share(self):
        """How much the least of the examples counts."""
        return self.shares.min()

    @property
    def passes(self):
        """How often X has been read from end to end; a part of it counts as that part."""
        return self._tally[0]

    def parts(self) -> list[Iterator[Block]]:
        """Parts of X that repay a thread each, as blocks, of a dense X a cacheful: together all examples, in order."""
        if self._materialised is not None:
            whole = slice(len(self.y))
            return [
                iter([Block(whole, self._materialised, self.y, self.shares, None, False, syrk_rows=self._syrk_rows)])
            ]
        return [itertools.starmap(self._block, part) for part in self._parts]

    def _block(self, rows, X):
        virtual = None if self.subtract_first else self.center
        X = X if sp.issparse(X) else self._ready(X)
        return Block(rows, X, self.y[rows], self.shares[rows], virtual, self.has_bias, self._syrk_rows)

    def _cut(self):
        """Rows and X of every block, part by part."""
        size = self.X.size  # of a sparse X what is stored
        if sp.issparse(self.X):
            repaid = max(SPARSE_PART // self.n_neurons, 15 * self.X.shape[1])  # it adds up a vector of all parameters
            return [[piece] for piece in _pieces(self.X, _how_many(size // repaid))]
        blocks = list(_slices(self.X, self.rows_per_block))
        count = min(_how_many(size // DENSE_PART), len(blocks)) if self._syrk_rows else 1
        edges = [len(blocks) * k // count for k in range(count + 1)]
        return [blocks[a:b] for a, b in itertools.pairwise(edges)]

    def _undivided(self):
        """Rows that BLAS multiplies by themselves on one thread, if X is to be shared out here; 0 if it is not.

        BLAS would share out the product of a whole block, and its threads keep processors busy for some 20 ms after
        that: those of ours. Products of many columns, or with the weights of many neurons, are better left to it.
        """
        p = self.X.shape[1]
        rows = min(UNDIVIDED // (p * (p + 1)), 128)
        repays = not sp.issparse(self.X) and self.X.size >= 2 * DENSE_PART
        return rows if repays and rows >= 32 and self.n_neurons == 1 else 0

    def _ready(self, X):
        if self.subtract_first and self.center is not None:
            return X - self.center
        return X if X.itemsize in X.strides else np.ascontiguousarray(X)  # BLAS needs unit stride

    def count_pass(self):
        """Note that X was, or is about to be, read from end to end."""
        self._tally[0] += self._pass

    def fold(self, kernel):
        """Sum of ``kernel(block)`` over all blocks; a kernel returns a tuple of new arrays. One pass over X."""
        self.count_pass()
        return functools.reduce(_plus, self._team.each(functools.partial(_summed, kernel), self.parts()))

    def map(self, kernel):
        """``kernel(block)``, an array of one row an example, for all examples, in order. One pass over X."""
        self.count_pass()
        results = self._team.each(lambda part: list(map(kernel, part)), self.parts())
        return np.concatenate(list(itertools.chain.from_iterable(results)))

    def neurons(self, keep):
        """The same examples for some of the neurons only (columns of y)."""
        fewer = copy.copy(self)
        fewer.y = self.y[:, keep]
        return fewer

    def take(self, rows):
        """Some of the examples, by their numbers: the home of a smaller problem, in the same blocks and units."""
        some = copy.copy(self)
        some.X, some.y, some.shares = self.X[rows], self.y[rows], self.shares[rows]
        some.shares = some.shares / some.shares.sum(dtype=np.float64).astype(self.dtype)
        some._parts = some._cut()
        some._materialised = None if self._materialised is None else self._materialised[rows]
        some._pass = self._pass * len(some.shares) / len(self.shares)
        return some

    def instead(self, X):
        """The same truths and shares beside other features; a pass over those counts as the part of X that they are."""
        other = InMemory(X, self.y, self.shares[:, 0], self.has_bias)
        other._tally, other._team = self._tally, self._team
        other._pass = self._pass * X.size / max(self.X.size, 1)
        return other

    def non_empty(self):
        """Columns of a sparse X that hold a number, if those are less than half; None otherwise.

        It is not looked for where X holds so much that vectors of all columns cost little beside a pass.
        """
        if not sp.issparse(self.X) or self.X.nnz > SPARSELY * self.shape[1]:
            return None
        holds = np.zeros(self.shape[1], dtype=bool)
        holds[self.X.indices if self.X.format == "csr" else np.diff(self.X.indptr) > 0] = True
        return np.flatnonzero(holds) if 0 < holds.sum() < len(holds) / 2 else None

    def of_columns(self, columns):
        """The same examples with some features only, all that a sparse X has; shares its numbers."""
        X = self.X
        if X.format == "csr":
            place = np.zeros(X.shape[1], dtype=X.indices.dtype)
            place[columns] = np.arange(len(columns))
            some = sp.csr_array((X.data, place[X.indices], X.indptr), shape=(X.shape[0], len(columns)))
        else:
            ends = np.append(X.indptr[columns], X.indptr[-1])
            some = sp.csc_array((X.data, X.indices, ends), shape=(X.shape[0], len(columns)))
        return self.instead(some)

    def sample(self, stride):
        """Numbers of one example of every `stride`, drawn by chance: rows may come in any order, periodic ones too."""
        groups = len(self.y) // stride
        return np.arange(groups) * stride + np.random.default_rng(groups).integers(stride, size=groups)

    def spans_decades(self):
        """Whether a sparse X has a number far beyond most of those stored: its spread may be that number alone."""
        if not (sp.issparse(self.X) and self.X.nnz):
            return False
        data = self.X.data
        usual = np.median(np.abs(data[:: max(1, data.size // FEW_STORED)]))
        return max(data.max(), -data.min()) > FAR_OUT * usual

    def examples(self, which):
        """Some examples, dense and in float64, and 1 for the bias; shape (number of them, n_parameters)."""
        some = _dense(self.X[which])
        return np.column_stack([some, np.ones(len(some))]) if self.has_bias else some

    def columns(self, which):
        """Some features of all examples, dense and in float64, shape (n, number of them)."""
        return _dense(self.X[:, which])

    def centred(self, center, far):
        """The same examples seen from `center`, an array of shape (p,).

        Features that are `far`, (p,), from zero, beside their spread, are shifted before any product: slower, but
        exact; dense blocks as a whole and in scratch, sparse columns, which are full then, in a copy.
        """
        elsewhere = copy.copy(self)
        elsewhere.given = self  # as they were given
        sparse = sp.issparse(self.X)
        materialised = not sparse and len(self.y) <= self.rows_per_block
        if sparse and far.any():
            elsewhere.X = _shifted(self.X, np.where(far, center, 0))
            elsewhere._parts = elsewhere._cut()
        if materialised and self.X.size <= COPIED:
            elsewhere.dtype = np.dtype(np.float64)
            elsewhere.shares = self.shares.astype(np.float64)
        center = np.where(far & sparse, 0, center).astype(elsewhere.dtype)
        elsewhere.center = center if center.any() else None
        elsewhere.subtract_first = bool(far.any()) and not sparse
        if materialised:
            elsewhere._materialised = np.ones((len(self.y), self.n_parameters), dtype=elsewhere.dtype)
            np.subtract(self.X, center, out=elsewhere._materialised[:, : len(center)])
        return elsewhere


def _summed(kernel, part):
    """Sums of ``kernel(block)`` over the blocks of a part, in float64."""
    totals = tuple(np.asarray(array, dtype=np.float64) for array in kernel(next(part)))
    return functools.reduce(_plus, map(kernel, part), totals)


def _plus(totals, arrays):
    for total, array in zip(totals, arrays, strict=True):
        total += array
    return totals


def _how_many(repaid):
    """Parts, of which so many would repay a thread: a power of two, for hands to end together."""
    return 1 << min(max(repaid, 1), MOST_PARTS).bit_length() - 1


def few_at_a_time(X, rows=1):
    """Pieces of X, of so many rows at least, that are otherwise small enough for a copy to stay in cache."""
    return _pieces(X, X.nnz // FEW) if sp.issparse(X) else _slices(X, max(rows, FEW // X.shape[1]))


def _slices(X, rows):
    """So many rows at a time of a dense X."""
    slices = (slice(start, start + rows) for start in range(0, len(X), rows))
    return ((some, X[some]) for some in slices)


def _pieces(X, count):
    """Rows of a CSR X, cut into pieces of about as many stored numbers that share its memory; all of any other X."""
    if not (sp.issparse(X) and X.format == "csr" and count > 1):
        return [(slice(0, X.shape[0]), X)]
    edges = np.searchsorted(X.indptr, np.linspace(0, X.nnz, count + 1)[1:-1])
    edges = np.unique([0, *edges, X.shape[0]]).tolist()
    return ((slice(a, b), _rows_of(X, a, b)) for a, b in itertools.pairwise(edges))


def _shifted(X, shift):
    """A sparse X less `shift`, (p,); a shifted column is full then."""
    far = np.flatnonzero(shift)
    others = X.copy()
    others.data[np.isin(_columns_of(X), far)] = 0
    others.eliminate_zeros()
    moved = X[:, far].toarray() - shift[far]
    place = (np.tile(far, len(moved)), np.arange(0, moved.size + 1, len(far)))
    full = sp.csr_array((moved.ravel(), *place), shape=X.shape)
    return type(X)(others + full)


def _columns_of(X):
    """Column of every stored number of a sparse X."""
    return X.indices if X.format == "csr" else np.repeat(np.arange(X.shape[1]), np.diff(X.indptr))


def _squared(X):
    """Every number squared, beside the same places."""
    return type(X)((X.data * X.data, X.indices, X.indptr), shape=X.shape) if sp.issparse(X) else X * X


def _rows_of(X, a, b):
    stored = slice(X.indptr[a], X.indptr[b])
    data, indices = as_strided(X.data[stored]), as_strided(X.indices[stored])  # SciPy copies what it knows is a slice
    return sp.csr_array((data, indices, X.indptr[a : b + 1] - X.indptr[a]), shape=(b - a, X.shape[1]))


def _as_sparse_array(X):
    """The same numbers in float64, each in one piece, behind the operators of a NumPy array (``*`` is elementwise)."""
    kind = sp.csc_array if X.format == "csc" else sp.csr_array
    whole = kind((X.data.astype(np.float64, copy=False), X.indices, X.indptr), shape=X.shape)
    if all(_is_stored_once(some) for _, some in few_at_a_time(whole)):
        return whole
    whole = whole.copy()
    whole.sum_duplicates()
    return whole


def _is_stored_once(X):
    """Whether every number of X is stored in one piece; those of a tf-idf are, but often in no order."""
    if X.has_canonical_format:
        return True
    places = type(X)((np.ones(X.nnz, dtype=np.int8), X.indices, X.indptr), shape=X.shape)
    sorted_places = places.tocsc() if X.format == "csr" else places.tocsr()
    return bool(sorted_places.has_canonical_format)
