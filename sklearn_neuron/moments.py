"""How far is a feature from zero, and how widely is it spread? Average and spread, whatever the order and units.

The square of a spread is the average square less the square of the average, which keeps no digit where the average is
far larger than the spread. So a dense X is measured from a point among its examples, a sparse one from zero; and
features for which the difference still cancels are measured once more, from their average::

    mean = sum_i s_i x_i,     spread^2 = sum_i s_i (x_i - mean)^2 - (sum_i s_i (x_i - mean))^2

A feature is constant if all its numbers are equal, and for no other reason: what rounding leaves is not asked.

Reference: T. Chan, G. Golub, R. LeVeque, Algorithms for computing the sample variance, The American Statistician 37
(1983), 242-247, equation 1.7.
"""

from typing import NamedTuple

import numpy as np
import scipy.sparse as sp

CANCELLED = 1e-4  # of the average square, below which a spread has lost digits that a scale may need
WITNESSES = 15  # examples, the middle of which is a point that no outlier moves
AT_A_TIME = 4_000_000  # numbers of columns that are measured once more


class Moments(NamedTuple):
    """Average and spread of every feature, counted by shares."""

    mean: np.ndarray
    spread: np.ndarray  # standard deviation; exactly 0 for a constant feature
    root_mean_square: np.ndarray


class FirstAndSecond(NamedTuple):
    """Averages of every feature and of its square, measured from a point."""

    point: np.ndarray

    def __call__(self, block):
        """Sums over one block."""
        return block.moments(self.point)


def moments(rows) -> Moments:
    """Average and spread of every feature, in one pass.

    Parameters
    ----------
    rows : Rows
        Examples.

    Returns
    -------
    Moments
        Arrays of shape (p,), float64.

    Raises
    ------
    ValueError
        If the square of a feature is too large for its float type.
    """
    point = _among_the_examples(rows)
    with np.errstate(over="ignore", invalid="ignore"):
        first, second = rows.fold(FirstAndSecond(point))
    held = second <= np.finfo(rows.storage_dtype).max
    if not held.all():
        raise ValueError(
            f"Feature {np.argmin(held)} of X is so large that its square is more than {rows.storage_dtype} can hold; "
            "divide it by a power of ten."
        )
    mean, variance = point + first, second - first**2
    doubtful = np.flatnonzero((second > 0) & (variance <= CANCELLED * second))
    width = max(1, AT_A_TIME // rows.shape[0])
    for start in range(0, len(doubtful), width):
        some = doubtful[start : start + width]
        mean[some], variance[some] = _once_more(rows.columns(some), rows.shares[:, 0].astype(np.float64))
    spread = np.sqrt(variance)
    return Moments(mean, spread, np.hypot(mean, spread))


def _among_the_examples(rows):
    """A point to measure from: the middle of some examples of a dense X, zeros of a sparse one."""
    n, p = rows.shape
    if sp.issparse(rows.X):
        return np.zeros(p)
    witnesses = rows.X[np.linspace(0, n - 1, min(n, WITNESSES)).astype(int)]
    middle = len(witnesses) // 2
    return np.partition(witnesses, middle, axis=0)[middle].astype(np.float64)


def _once_more(columns, shares):
    """Average and variance, 0 if all are equal, of some features, dense and in float64."""
    constant = (columns == columns[0]).all(axis=0)
    mean = np.where(constant, columns[0], shares @ columns)
    away = columns - mean
    left = shares @ away
    variance = shares @ away**2 - left**2
    return mean + left, np.where(constant, 0, np.maximum(variance, np.finfo(float).tiny))
