"""How far is a feature from zero, and how widely is it spread? Average and spread, whatever the order and units.

The square of a spread is the average square less the square of the average, which keeps no digit where the average is
far larger than the spread. So a dense X is measured from a point among its examples, a sparse one from zero; and
features for which the difference still cancels are measured once more, from their average::

    mean = sum_i s_i x_i,     spread^2 = sum_i s_i (x_i - mean)^2 - (sum_i s_i (x_i - mean))^2

A row of -9999 for want of numbers would be the average and the spread of all its features, and leave the others no
digit to differ by, nor a slope to be felt. Of a dense X, a few examples that make up much of a spread are left out.

A feature is constant if all its numbers are equal, and for no other reason: what rounding leaves is not asked.

Reference: T. Chan, G. Golub, R. LeVeque, Algorithms for computing the sample variance, The American Statistician 37
(1983), 242-247, equation 1.7.
"""

from typing import NamedTuple

import numpy as np
import scipy.sparse as sp

CANCELLED = 1e-4  # of the average square, below which a spread has lost digits that a scale may need
WITNESSES = 15  # examples, the middle of which is a point that no outlier moves
LONELY = 0.25  # of a spread's square; what a single example makes up beyond it is told apart
WIDER = 1e-3  # of it: if what is left is less, and more than nothing, that is the spread
FEW, MOST_OF_ALL = 5, 0.9  # such examples, of a feature, at most, and the share of all that the others must have
AT_A_TIME = 1_000_000  # numbers of columns that are measured once more


class Moments(NamedTuple):
    """Average and spread of every feature, counted by shares."""

    mean: np.ndarray
    spread: np.ndarray  # standard deviation; exactly 0 for a constant feature
    root_mean_square: np.ndarray
    of_all: bool = True  # whether no example was left out


class Sums(NamedTuple):
    """Of every feature, of its square and of the square of that, measured from a point."""

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
        first, second, fourth = rows.fold(Sums(point))
    held = second <= np.finfo(rows.storage_dtype).max
    if not held.all():
        raise ValueError(
            f"Feature {np.argmin(held)} of X is so large that its square is more than {rows.storage_dtype} can hold; "
            "divide it by a power of ten."
        )
    mean, variance = point + first, second - first**2
    doubtful = np.flatnonzero((second > 0) & (variance <= CANCELLED * second) | (fourth > LONELY * second**2))
    width, of_all = max(1, AT_A_TIME // rows.shape[0]), True
    for start in range(0, len(doubtful), width):
        some = doubtful[start : start + width]
        mean[some], variance[some], whole = _once_more(rows.columns(some), rows.shares[:, 0].astype(np.float64))
        of_all &= bool(whole.all())
    spread = np.sqrt(variance)
    return Moments(mean, spread, np.hypot(mean, spread), of_all)


def _among_the_examples(rows):
    """A point to measure from: the middle of some examples of a dense X, zeros of a sparse one."""
    n, p = rows.shape
    if sp.issparse(rows.X):
        return np.zeros(p)
    witnesses = rows.X[np.linspace(0, n - 1, min(n, WITNESSES)).astype(int)]
    middle = len(witnesses) // 2
    return np.partition(witnesses, middle, axis=0)[middle].astype(np.float64)


def _once_more(columns, shares):
    """Average and variance, 0 if all are equal, of some features, dense and in float64; whether all examples count."""
    constant = (columns == columns[0]).all(axis=0)
    counts = np.repeat(shares[:, None], columns.shape[1], axis=1)
    mean, variance, part = _of_those_that_count(columns, counts)
    fewer = mean, variance
    for _ in range(min(FEW, len(columns) // 8)):
        farthest = part.argmax(axis=0)[None]
        lonely = np.take_along_axis(part, farthest, axis=0) > LONELY * fewer[1]
        if not lonely.any():
            break
        np.put_along_axis(counts, farthest, np.where(lonely, 0, np.take_along_axis(counts, farthest, axis=0)), axis=0)
        *fewer, part = _of_those_that_count(columns, counts)
    least, most = np.where(counts > 0, columns, np.inf).min(axis=0), np.where(counts > 0, columns, -np.inf).max(axis=0)
    better = (least < most) & (counts.sum(axis=0) > MOST_OF_ALL) & (fewer[1] < WIDER * variance)
    mean, variance = np.where(better, fewer[0], mean), np.where(better, fewer[1], variance)
    variance = np.where(constant, 0, np.maximum(variance, np.finfo(float).tiny))
    return np.where(constant, columns[0], mean), variance, ~better


def _of_those_that_count(columns, counts):
    """Average, variance, and what each example adds to that, of features that count each by shares of their own."""
    shares = counts / counts.sum(axis=0)
    mean = (shares * columns).sum(axis=0)
    away = columns - mean
    left = (shares * away).sum(axis=0)
    part = shares * (away - left) ** 2
    return mean + left, part.sum(axis=0), part
