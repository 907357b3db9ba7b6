"""Do two features say nearly the same? Their difference is a slope so flat that no walk may have felt it.

Gross and net, start and end, this year's sum and last year's: where the difference tells the classes apart, J falls
far along it, but the gradient there is small, and no step before has led along it. A few examples tell which features
may be such twins: measured from their middle and by their width, of which no example far out is the measure, two
columns point the same way, or opposite ways. All examples tell whether they are.
"""

import numpy as np
import scipy.sparse as sp

WITNESSES = 32  # examples that are asked first
ALIKE = 0.95  # cosine of two columns of those, from which all are asked
NEARLY = 1e-2  # square of a difference, beside that of the features, up to which they are twins
MOST_PAIRS = 64
FAR = 3.0  # widths from the middle, beyond which all is the same
COPIED = 1_000_000  # numbers of columns that are copied at a time
AT_A_TIME = 1_000  # columns that are compared with all others


def twins(rows):
    """Pairs of features that nearly coincide, or are nearly opposites, up to their average and their unit.

    Parameters
    ----------
    rows : Rows
        Examples.

    Returns
    -------
    ndarray of int of shape (m, 2)
        Numbers of the features; at most 64 pairs. Features of which one is the other, to the last digit, are none.
    """
    which, columns = _witnesses(rows)
    found = [_alike(columns, start) for start in range(0, len(which), AT_A_TIME)]
    pairs = which[np.concatenate([np.zeros((0, 2), dtype=int), *found])]
    if len(pairs) > MOST_PAIRS:
        pairs = pairs[np.random.default_rng(0).choice(len(pairs), MOST_PAIRS, replace=False)]
    at_a_time = max(1, COPIED // (2 * rows.shape[0]))
    kept = [_confirmed(rows, pairs[k : k + at_a_time]) for k in range(0, len(pairs), at_a_time)]
    return np.concatenate([pairs[:0], *kept])


def _witnesses(rows):
    """Features that vary among some examples, and those columns as directions: of length 1, opposites the same."""
    n = rows.shape[0]
    some = rows.X[rows.sample(max(1, -(-n // WITNESSES)))]
    which = np.arange(some.shape[1])
    if sp.issparse(some):  # what is mostly zeros has no width
        some = some.tocsc()
        which = np.flatnonzero(2 * np.diff(some.indptr) > some.shape[0])
        some = some[:, which].toarray()
    away = some - np.median(some, axis=0).astype(np.float64)
    width = np.median(np.abs(away), axis=0)
    varies = (width > 0) & np.isfinite(width)
    columns = np.clip(away[:, varies] / width[varies], -FAR, FAR)
    columns /= np.linalg.norm(columns, axis=0)
    return which[varies], columns


def _alike(columns, start):
    """Pairs of some columns with those after them."""
    cosines = np.abs(columns[:, start : start + AT_A_TIME].T @ columns)
    first, second = np.nonzero(cosines > ALIKE)
    first = first + start
    return np.column_stack([first, second])[first < second]


def _confirmed(rows, pairs):
    """Those of some pairs that all examples say are twins."""
    shares = rows.shares[:, 0].astype(np.float64)
    columns = rows.columns(pairs.ravel())
    columns -= shares @ columns
    one, other = columns[:, ::2], columns[:, 1::2]
    squares, others, common = shares @ one**2, shares @ other**2, shares @ (one * other)
    both = (squares > 0) & (others > 0)
    apart = one - np.divide(common, others, where=both, out=np.zeros_like(common)) * other
    return pairs[both & apart.any(axis=0) & (shares @ apart**2 <= NEARLY * squares)]
