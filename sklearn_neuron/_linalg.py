"""Linear algebra that is no neuron's business: products, Cholesky factors, eigenvalues; K neurons come last."""

from functools import reduce

import numpy as np
from scipy import linalg

from sklearn_neuron.homes.costs import DOT_UNSPLIT

LARGEST_EIGENPROBLEM = 512  # parameters; beyond it a trace bounds the largest eigenvalue


def dot(a, b) -> np.ndarray:
    """Products of two vectors, (q, K) each, one a neuron: ``a'b``."""
    if len(a) > DOT_UNSPLIT:
        starts = range(0, len(a), DOT_UNSPLIT)
        return reduce(np.add, (dot(a[i : i + DOT_UNSPLIT], b[i : i + DOT_UNSPLIT]) for i in starts))
    return np.vecdot(a.T, b.T)


def diagonal_of(matrices) -> np.ndarray:
    """Diagonals, (q, K), of matrices (q, q, K): a view, to be written to."""
    return np.einsum("jjk->jk", matrices)


def largest_eigenvalue(matrix, eps) -> float:
    """Upper bound of the largest eigenvalue of a symmetric matrix (q, q) whose numbers have lost a share `eps`."""
    return float(np.linalg.eigvalsh(matrix)[-1] * (1 + len(matrix) * eps))


def eigenvectors(matrix) -> tuple[np.ndarray, np.ndarray]:
    """Eigenvalues, ascending, and eigenvectors of a symmetric matrix (q, q) of finite numbers.

    NumPy's way, by halves, is the fastest, and of some matrices with many small eigenvalues does not end.
    """
    try:
        return np.linalg.eigh(matrix)
    except np.linalg.LinAlgError:
        return linalg.eigh(matrix, driver="ev")


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
