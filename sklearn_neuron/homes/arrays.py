"""Rows and columns of an array, dense or sparse, that share its memory where they can."""

import itertools
from collections.abc import Iterable, Iterator
from functools import lru_cache
from math import isqrt
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.lib.stride_tricks import as_strided

from sklearn_neuron.homes.costs import SCRATCH

SPARSE_BYTES = 12  # of a number stored and its column


def few_at_a_time(X, rows=1) -> Iterable:
    """Pieces of X, of so many rows at least, that are otherwise small enough for a copy to stay in cache."""
    if X.size <= SCRATCH:
        return [(slice(0, X.shape[0]), X)]
    return cut_by_numbers(X, X.nnz // SCRATCH) if sp.issparse(X) else cut_by_rows(X, max(rows, SCRATCH // X.shape[1]))


def cut_by_rows(X, rows) -> Iterator:
    """So many rows at a time of an X that is dense, or CSR; each piece with the slice of its rows."""
    take = _rows_of_csr if sp.issparse(X) else np.ndarray.__getitem__
    slices = (slice(start, min(start + rows, X.shape[0])) for start in range(0, X.shape[0], rows))
    return ((some, take(X, some)) for some in slices)


def cut_by_numbers(X, count) -> Iterable:
    """Rows of a CSR X, cut into pieces of about as many stored numbers; all of a CSC X in one."""
    if not (X.format == "csr" and count > 1):
        return [(slice(0, X.shape[0]), X)]
    edges = np.searchsorted(X.indptr, np.linspace(0, X.nnz, count + 1)[1:-1])
    edges = np.unique([0, *edges, X.shape[0]]).tolist()
    return ((slice(a, b), _rows_of_csr(X, slice(a, b))) for a, b in itertools.pairwise(edges))


def _rows_of_csr(X, rows):
    ends = X.indptr[rows.start : rows.stop + 1]
    stored = slice(ends[0], ends[-1])
    data, indices = as_strided(X.data[stored]), as_strided(X.indices[stored])  # SciPy copies what it knows is a slice
    return sp.csr_array((data, indices, ends - ends[0]), shape=(len(ends) - 1, X.shape[1]))


def compressed(X) -> Any:
    """A dense X as a CSR array in float64, made of pieces that fit into cache."""
    return stacked([_compressed(piece) for _, piece in few_at_a_time(X)], X.shape)


def _compressed(X):
    is_stored = X != 0
    places = np.flatnonzero(is_stored)
    ends = np.append(0, np.cumsum(np.count_nonzero(is_stored, axis=1)))
    numbers = X.ravel()[places].astype(np.float64, copy=False)
    return sp.csr_array((numbers, (places % X.shape[1]).astype(np.int32), ends), shape=X.shape)


def stacked(pieces, shape) -> Any:
    """CSR arrays, one below the other; by SciPy it would take twice as long."""
    ends = np.concatenate([[0], *(np.diff(piece.indptr) for piece in pieces)]).cumsum()
    data, indices = (np.concatenate([getattr(piece, name) for piece in pieces]) for name in ("data", "indices"))
    return sp.csr_array((data, indices, ends), shape=shape)


def squared(X) -> Any:
    """Every number squared, beside the same places."""
    return type(X)((X.data * X.data, X.indices, X.indptr), shape=X.shape) if sp.issparse(X) else X * X


def numbers_of(X) -> np.ndarray:
    """The numbers that are stored, in no order."""
    return X.data if sp.issparse(X) else X


def extremes_of_columns(X) -> np.ndarray:
    """The least and the largest number of every column, (2, p) in float64."""
    if sp.issparse(X):
        return np.array([X.min(axis=0).toarray().ravel(), X.max(axis=0).toarray().ravel()], dtype=np.float64)
    return np.array([X.min(axis=0), X.max(axis=0)], dtype=np.float64)


def non_empty_columns(X) -> np.ndarray:
    """Columns of a sparse X that hold a number."""
    holds = np.zeros(X.shape[1], dtype=bool)
    holds[X.indices if X.format == "csr" else np.diff(X.indptr) > 0] = True
    return np.flatnonzero(holds)


def full_columns(X) -> np.ndarray:
    """Which columns of a sparse X, (p,) booleans, hold a number in every row."""
    stored = np.bincount(X.indices, minlength=X.shape[1]) if X.format == "csr" else np.diff(X.indptr)
    return stored == X.shape[0]


def only_columns(X, columns) -> Any:
    """A sparse X without those of its columns that hold no number; `columns` are all others."""
    if X.format == "csr":
        place = np.zeros(X.shape[1], dtype=X.indices.dtype)
        place[columns] = np.arange(len(columns))
        return sp.csr_array((X.data, place[X.indices], X.indptr), shape=(X.shape[0], len(columns)))
    ends = np.append(X.indptr[columns], X.indptr[-1])
    return sp.csc_array((X.data, X.indices, ends), shape=(X.shape[0], len(columns)))


def less_shift(X, shift) -> Any:
    """A sparse X less `shift`, (p,); a shifted column is full then."""
    far = np.flatnonzero(shift)
    others = X.copy()
    columns = X.indices if X.format == "csr" else np.repeat(np.arange(X.shape[1]), np.diff(X.indptr))
    others.data[np.isin(columns, far)] = 0
    others.eliminate_zeros()
    moved = X[:, far].toarray() - shift[far]
    place = (np.tile(far, len(moved)), np.arange(0, moved.size + 1, len(far)))
    full = sp.csr_array((moved.ravel(), *place), shape=X.shape)
    return type(X)(others + full)


def as_sparse_array(X) -> Any:
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


def total(r) -> np.ndarray:
    """``sum r`` for r of shape (n, K), in float64; pairwise, if the columns are in one piece each.

    One after the other, 20,000 numbers of float32 would add up to four digits.
    """
    return np.asfortranarray(r).sum(axis=0, dtype=np.float64)


def upper_triangle(matrix) -> np.ndarray:
    """That of a symmetric matrix (q, q), row by row, (q (q + 1) / 2,)."""
    return matrix.take(_triangle(len(matrix))[0])


def from_upper_triangles(triangles) -> np.ndarray:
    """K symmetric matrices (q, q, K), each in one piece of memory, of triangles (K, q (q + 1) / 2)."""
    q = (isqrt(8 * triangles.shape[1] + 1) - 1) // 2
    return np.take(triangles, _triangle(q)[1], axis=1).transpose(1, 2, 0)


@lru_cache(maxsize=4)
def _triangle(q):
    """Places in a matrix (q, q) of the numbers of its upper triangle, and in that of the numbers of the matrix."""
    row, column = np.indices((q, q))
    first = np.minimum(row, column)
    return np.flatnonzero(row <= column), first * (2 * q - 1 - first) // 2 + np.maximum(row, column)
