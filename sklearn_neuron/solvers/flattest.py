"""Along which directions do the scores hardly move? Slopes there are too flat for any walk to have felt them.

Gross and net, start and end, a sum and its parts: where what is left of them tells the classes apart, J falls far along
it, though the gradient there is small and no step has led along it before. Some examples tell of such directions. None
of them may be the measure of the others, so that those far out are drawn nearer: what adds up to nothing still does.
Then a Cholesky factorisation with pivots sets aside the features that are nearly sums of the others; of more features
than examples, or so many that it would cost more than the walk, only pairs are compared.

Reference: N. Higham, Analysis of the Cholesky decomposition of a semi-definite matrix (1990), section 10.3 of Accuracy
and Stability of Numerical Algorithms (2nd ed., 2002).
"""

import numpy as np
from scipy import linalg

NEARLY = 1e-2  # share of the square of a feature that is left of it, at most, of those set aside
WITNESSES = 32  # examples, of which the middle and the width are taken
FAR = 3.0  # average distances from the middle: no example is farther
MANY = 2_000  # features, beyond which only pairs are compared
ALIKE = 0.99  # cosine of such pairs
MOST = 64  # directions
AT_A_TIME = 1_000  # columns that are compared with all others


def examples_needed(n_features) -> int:
    """How many examples tell of directions: somewhat more than there are features, or a few for pairs."""
    return n_features + max(32, n_features // 8) if n_features <= MANY else WITNESSES


def flattest(effects, has_bias) -> np.ndarray:
    """Directions along which the scores of some examples hardly move.

    Parameters
    ----------
    effects : ndarray of shape (n, q)
        By how much each parameter moves the score of each example; if there is a bias, that is the last.
    has_bias : bool
        Whether there is.

    Returns
    -------
    ndarray of shape (q, m)
        Directions, m at most 64.
    """
    features = effects[:, : effects.shape[1] - has_bias]
    middle, width = _middle_and_width(features)
    varies = np.flatnonzero((width > 0) & np.isfinite(width))
    if not varies.size:
        return np.zeros((effects.shape[1], 0))
    columns, nearer, length = _drawn_nearer(features[:, varies], middle[varies], width[varies], has_bias)
    told_apart = len(varies) <= min(MANY, len(columns) - 1)  # or every one would be a sum of others
    sums = _of_all(columns) if told_apart else _of_pairs(columns)
    directions = np.zeros((effects.shape[1], sums.shape[1]))
    directions[varies] = sums / (width[varies] * length)[:, None]
    if has_bias:
        directions[-1] = -((nearer**2).T @ (features @ directions[:-1]))[0] / ((nearer**2).sum() * effects[0, -1])
    return directions


def _middle_and_width(features):
    few = features[:: max(1, len(features) // WITNESSES)]
    middle = np.median(few, axis=0)
    width = np.abs(few - middle).mean(axis=0)
    return middle, np.where(width > 0, width, features.max(axis=0) - features.min(axis=0))  # of a rare level, say


def _drawn_nearer(columns, middle, width, has_bias):
    """Columns of length 1, no example of which is far out; how much nearer each was drawn, and how long they were."""
    columns -= middle  # in place: new memory costs more than what is done to it
    columns /= width
    nearer = 1 / np.maximum(1, np.maximum(columns.max(axis=1), -columns.min(axis=1)) / FAR)[:, None]
    columns *= nearer
    if has_bias:
        columns -= nearer * (nearer.T @ columns) / (nearer**2).sum()
    length = np.linalg.norm(columns, axis=0)
    length = np.where(length > 0, length, 1)
    columns /= length
    return columns, nearer, length


def _of_all(columns):
    """Sums of columns of length 1, (q, m), that are nearly nothing: of each set aside and those of which it is made."""
    single = columns.astype(np.float32)
    _, order, rank, _ = linalg.lapack.spstrf(single.T @ single, tol=NEARLY, lower=1)
    basis, aside = order[:rank] - 1, order[rank:][:MOST] - 1
    sums = np.zeros((columns.shape[1], len(aside)))
    sums[aside, np.arange(len(aside))] = 1
    if aside.size:  # by NumPy, whose threads are awake: they would get in the way of SciPy's
        kept = columns[:, basis]
        sums[basis] = -np.linalg.solve(kept.T @ kept, kept.T @ columns[:, aside])
    return sums


def _of_pairs(columns):
    """The same of two columns each, those most alike."""
    found = [_alike(columns, start) for start in range(0, columns.shape[1], AT_A_TIME)]
    first, second, cosine = np.concatenate(found, axis=1)
    most = np.argsort(-np.abs(cosine))[:MOST]
    sums, number = np.zeros((columns.shape[1], len(most))), np.arange(len(most))
    sums[first[most].astype(int), number] = 1
    sums[second[most].astype(int), number] = -cosine[most]
    return sums


def _alike(columns, start):
    """Pairs of some columns with those after them, and their cosines."""
    columns = columns.astype(np.float32)
    cosines = columns[:, start : start + AT_A_TIME].T @ columns
    first, second = np.nonzero(np.abs(cosines) > ALIKE)
    later = first + start < second
    first, second = first[later], second[later]
    return np.stack([first + start, second, cosines[first, second]])
