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

CANCELLED = 1e-4  # of the average square, below which a spread has lost digits that a scale may need
WITNESSES = 15  # examples, the middle of which is a point that no outlier moves
LEFT = 1e-3  # of the square of a spread, at most, that is left without those far out
MOST_OF_ALL = 0.9  # share of all examples that the others must have
FEATURES_AT_ONCE = 16  # of a block, that are measured once more
TINY = np.finfo(float).tiny
ROUNDED = 8 * np.finfo(float).eps  # of a number, by which equal ones may seem to differ from their average


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
    if len(doubtful):
        mean[doubtful], variance[doubtful] = _once_more(home.map(Apart(doubtful)))
    far_out = (width > 0) & (width**2 <= LEFT * variance)
    mean, spread = np.where(far_out, point, mean), np.where(far_out, width, np.sqrt(variance))
    return Moments(mean, spread, np.hypot(mean, spread), not (far_out | by_one).any())


def _among_the_examples(home):
    """The middle of some examples of a dense X, and how wide most of them lie; zeros of a sparse one."""
    p = home.shape[1]
    if home.is_sparse:
        return np.zeros(p), np.zeros(p)
    witnesses = home.examples(home.spread_out(WITNESSES))[:, :p]
    low, middle, high = (len(witnesses) * k // 10 for k in (2, 5, 8))
    ordered = np.sort(witnesses, axis=0)
    return ordered[middle], ordered[high] - ordered[low]


class Apart(NamedTuple):
    """Of some features, by their numbers: each block by itself, from its own average, in float64."""

    which: np.ndarray

    def __call__(self, block):
        """A row of one block: least and largest number with their shares, and three summaries, (1, 13, number).

        A summary is the share of the examples, their average, and their squares from that by shares: of all, of all
        but the least, and of all but the largest.
        """
        pieces = [self.which[k : k + FEATURES_AT_ONCE] for k in range(0, len(self.which), FEATURES_AT_ONCE)]
        return np.concatenate([self._of(block, some) for some in pieces], axis=1)[None]

    def _of(self, block, some):
        columns, shares = block.features(some), block.each_share()[:, 0].astype(np.float64)
        counts = np.repeat(shares[:, None], len(some), axis=1)
        low, high = columns.argmin(axis=0)[None], columns.argmax(axis=0)[None]
        ends = [np.take_along_axis(array, end, axis=0) for end in (low, high) for array in (columns, counts)]
        return np.concatenate([*ends, *(_summary(columns, counts, leave) for leave in (None, low, high))])


def _summary(columns, counts, leave):
    """Share, average and squares from it, (3, number of features), of the examples; one of each may be left out."""
    if leave is not None:
        counts = counts.copy()
        np.put_along_axis(counts, leave, 0, axis=0)
    altogether = counts.sum(axis=0)
    shares = np.divide(counts, altogether, where=altogether > 0, out=np.zeros_like(counts))
    mean = (shares * columns).sum(axis=0)
    away = columns - mean
    left = (shares * away).sum(axis=0)  # of its rounding
    return np.array([altogether, mean + left, (counts * (away - left) ** 2).sum(axis=0)])


def _together(summaries):
    """One summary, (3, number of features), of those of several blocks, (blocks, 3, number of features)."""
    altogether, mean, squares = summaries.transpose(1, 0, 2)
    shares = altogether / np.maximum(altogether.sum(axis=0), TINY)
    first = mean[altogether.argmax(axis=0), np.arange(mean.shape[1])]
    average = first + (shares * np.where(altogether > 0, mean - first, 0)).sum(axis=0)
    between = (altogether * np.where(altogether > 0, mean - average, 0) ** 2).sum(axis=0)
    return np.array([altogether.sum(axis=0), average, squares.sum(axis=0) + between])


def _once_more(rows):
    """Average and variance, 0 if all are equal, of features of which blocks have told; one example may be left out."""
    (low, of_low, high, of_high), column = rows[:, :4].transpose(1, 0, 2), np.arange(rows.shape[2])
    least, largest = low.argmin(axis=0), high.argmax(axis=0)
    ends = low[least, column], high[largest, column]
    altogether, mean, squares = _together(rows[:, 4:7])
    parts = [
        share * (end - mean) ** 2
        for end, share in zip(ends, (of_low[least, column], of_high[largest, column]), strict=True)
    ]
    above, fewer = parts[1] > parts[0], rows[:, 4:7].copy()
    where = np.where(above, largest, least)
    fewer[where, :, column] = np.where(above[:, None], rows[largest, 10:13, column], rows[least, 7:10, column])
    rest, without, left = _together(fewer)
    variance, variance_left = squares / altogether, left / np.maximum(rest, TINY)
    differ = np.sqrt(variance_left) > ROUNDED * np.abs(without)
    better = differ & (rest > MOST_OF_ALL * altogether) & (variance_left < LEFT * variance)
    mean, variance = np.where(better, without, mean), np.where(better, variance_left, variance)
    constant = ends[0] == ends[1]
    return np.where(constant, ends[0], mean), np.where(constant, 0, np.maximum(variance, TINY))
