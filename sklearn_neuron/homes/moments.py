"""How far is a feature from zero, and how widely is it spread? Average and spread, whatever the order and units.

The square of a spread is the average square less the square of the average, which keeps no digit where the average is
far larger than the spread. So a dense X is measured from a point among its examples, a sparse one from zero; and
features for which the difference still cancels are measured once more, from their average::

    mean = sum_i s_i x_i,     spread^2 = sum_i s_i (x_i - mean)^2 - (sum_i s_i (x_i - mean))^2

A row of -9999 for want of numbers would be the average and the spread of all its features, and leave the others no
digit to differ by, nor a slope to be felt. So one example that makes up nearly all of a spread is left out; and where
most of some examples lie far closer together, it is by those that a feature is measured.

A feature is constant if all its numbers are equal, and for no other reason: what rounding leaves is not asked.

Reference: T. Chan, G. Golub, R. LeVeque, Algorithms for computing the sample variance, The American Statistician 37
(1983), 242-247, equation 1.7.
"""

from typing import NamedTuple

import numpy as np

from sklearn_neuron.homes.costs import COLUMNS_SCRATCH

CANCELLED = 1e-4  # of the average square, below which a spread has lost digits that a scale may need
WITNESSES = 15  # examples, the middle of which is a point that no outlier moves
LEFT = 1e-3  # of the square of a spread, at most, that is left without those far out
MOST_OF_ALL = 0.9  # share of all examples that the others must have


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


def moments(home) -> Moments:
    """Average and spread of every feature, in one pass.

    Parameters
    ----------
    home : InMemory
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
    point, width = _among_the_examples(home)
    with np.errstate(over="ignore", invalid="ignore"):
        first, second, fourth = home.fold(Sums(point))
        by_one = (second > 0) & (second - np.sqrt(fourth) <= LEFT * second)  # one example makes up nearly all of it
    held = second <= np.finfo(home.storage_dtype).max
    if not held.all():
        raise ValueError(
            f"Feature {np.argmin(held)} of X is so large that its square is more than {home.storage_dtype} can hold; "
            "divide it by a power of ten."
        )
    mean, variance = point + first, second - first**2
    doubtful = np.flatnonzero((second > 0) & (variance <= CANCELLED * second) | by_one)
    at_a_time = max(1, COLUMNS_SCRATCH // home.n)
    for start in range(0, len(doubtful), at_a_time):
        some = doubtful[start : start + at_a_time]
        mean[some], variance[some] = _once_more(home.columns(some), home.average_shares[:, 0].astype(np.float64))
    far_out = (width > 0) & (width**2 <= LEFT * variance)
    mean, spread = np.where(far_out, point, mean), np.where(far_out, width, np.sqrt(variance))
    return Moments(mean, spread, np.hypot(mean, spread), not (far_out | by_one).any())


def _among_the_examples(home):
    """The middle of some examples of a dense X, and how wide most of them lie; zeros of a sparse one."""
    n, p = home.shape
    if home.is_sparse:
        return np.zeros(p), np.zeros(p)
    count = min(n, WITNESSES)
    witnesses = home.examples(np.arange(count) * (n - 1) // max(count - 1, 1))[:, :p]
    low, middle, high = (count * k // 10 for k in (2, 5, 8))
    ordered = np.sort(witnesses, axis=0)
    return ordered[middle], ordered[high] - ordered[low]


def _once_more(columns, shares):
    """Average and variance, 0 if all are equal, of some features, dense and in float64; one example may be left out."""
    constant = (columns == columns[0]).all(axis=0)
    counts = np.repeat(shares[:, None], columns.shape[1], axis=1)
    mean, variance, part = _of_those_that_count(columns, counts)
    np.put_along_axis(counts, part.argmax(axis=0)[None], 0, axis=0)
    least, most = np.where(counts > 0, columns, np.inf).min(axis=0), np.where(counts > 0, columns, -np.inf).max(axis=0)
    fewer = _of_those_that_count(columns, counts)
    better = (least < most) & (counts.sum(axis=0) > MOST_OF_ALL) & (fewer[1] < LEFT * variance)
    mean, variance = np.where(better, fewer[0], mean), np.where(better, fewer[1], variance)
    return np.where(constant, columns[0], mean), np.where(constant, 0, np.maximum(variance, np.finfo(float).tiny))


def _of_those_that_count(columns, counts):
    """Average, variance, and what each example adds to that, of features that count each by shares of their own."""
    total = counts.sum(axis=0)
    shares = np.divide(counts, total, where=total > 0, out=np.zeros_like(counts))
    mean = (shares * columns).sum(axis=0)
    away = columns - mean
    left = (shares * away).sum(axis=0)
    part = shares * (away - left) ** 2
    return mean + left, part.sum(axis=0), part
