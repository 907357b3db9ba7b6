"""Linear algebra that is no neuron's business: products, Cholesky factors, eigenvalues; K neurons come last."""

from functools import lru_cache, reduce
from math import isqrt

import numpy as np

from sklearn_neuron.homes.costs import DOT_UNSPLIT

LARGEST_EIGENPROBLEM = 512  # parameters; beyond it a trace bounds the largest eigenvalue


def dot(a, b) -> np.ndarray:
    """Products of two vectors, (q, K) each, one a neuron: ``a'b``."""
    if len(a) > DOT_UNSPLIT:
        starts = range(0, len(a), DOT_UNSPLIT)
        return reduce(np.add, (dot(a[i : i + DOT_UNSPLIT], b[i : i + DOT_UNSPLIT]) for i in starts))
    return np.vecdot(a.T, b.T)


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


def diagonal_of(matrices) -> np.ndarray:
    """Diagonals, (q, K), of matrices (q, q, K): a view, to be written to."""
    return np.einsum("jjk->jk", matrices)


def largest_eigenvalue(matrix, eps) -> float:
    """Upper bound of the largest eigenvalue of a symmetric matrix (q, q) whose numbers have lost a share `eps`."""
    return float(np.linalg.eigvalsh(matrix)[-1] * (1 + len(matrix) * eps))


def lower_factor(matrix, more=1e-10) -> np.ndarray:
    """Lower Cholesky factor of a positive semidefinite matrix (q, q) and a little more: a share of its diagonal.

    Its least eigenvalues may be rounding, negative ones too, in float32 up to a thousandth of the largest: so it is
    made as much more as it takes.
    """
    bent = np.diagonal(matrix)
    if not bent.max() > 0:
        raise np.linalg.LinAlgError("there is no curvature")
    unit = np.sqrt(np.where(bent > 0, bent, bent.max()))
    even = matrix / (unit[:, None] * unit)
    while more < 1:
        try:
            return unit[:, None] * np.linalg.cholesky(even + more * np.eye(len(even)))
        except np.linalg.LinAlgError:
            more = 100 * more
    return np.diag(unit)
