"""What is asked along C: to come down at every C, into a valley each.

Whoever learns at many C is as far above the floor as where it is worst::

    gap  =  max over C, and folds, of  (J - J*) / (J(0) - J*)
"""

from typing import Any, NamedTuple

import numpy as np
import scipy.sparse as sp
from sklearn.model_selection import StratifiedKFold

from ..benchmark_utils.valley import Valley

REFERENCE_SECONDS = 20  # of each valley


class Problem(NamedTuple):
    """Examples and penalties, arranged for everybody before any clock starts."""

    X: Any  # (n, p)
    columns: Any  # the same numbers, column by column
    y: np.ndarray  # (n,), classes from 0 on
    Cs: np.ndarray  # in ascending order
    l1_ratio: float
    has_bias: bool
    multi_class: str

    @property
    def signs(self) -> np.ndarray:
        """Two classes as -1 and 1."""
        return np.where(self.y > 0, 1.0, -1.0)

    @property
    def strengths(self) -> np.ndarray:
        """Of the penalty beside the mean loss, 1 / (C n)."""
        return 1 / (self.Cs * len(self.y))

    def of(self, rows, Cs):
        """The same asked of some examples, at some C."""
        return posed(self.X[rows], self.y[rows], Cs, self.l1_ratio, self.has_bias)


def posed(X, y, Cs, l1_ratio=0.0, has_bias=True):
    """A problem; more than two classes are a layer."""
    columns = sp.csc_matrix(X) if sp.issparse(X) else np.asfortranarray(X)
    return Problem(X, columns, y, np.sort(Cs), l1_ratio, has_bias, "multinomial" if y.max() > 1 else "ovr")


class Valleys:
    """J at every C; stands where the race expects one valley.

    Parameters
    ----------
    problem : Problem
        What is asked.
    folds : list of ndarray of int, default=None
        Examples to learn from, one after the other at all C; None: all of them, once.
    """

    def __init__(self, problem, folds=None):
        asked = {"multi_class": problem.multi_class, "l1_ratio": problem.l1_ratio, "has_bias": problem.has_bias}
        asked["reference_seconds"] = REFERENCE_SECONDS
        parts = [(problem.X, problem.y)] if folds is None else [(problem.X[rows], problem.y[rows]) for rows in folds]
        self.each = [Valley(X, y, C, **asked) for X, y in parts for C in problem.Cs]

    def height(self, w, b):
        """J in every valley, of weights (valleys, K, p) and biases (valleys, K)."""
        return np.array([one.height(*at) for one, *at in zip(self.each, w, b, strict=True)])

    def gap(self, heights):
        """The largest of the relative gaps; infinite if nothing was learned."""
        if np.ndim(heights) == 0:
            return np.inf
        return max(one.gap(height) for one, height in zip(self.each, heights, strict=True))


def folds_of(problem, count):
    """Examples to learn from in each fold, as everybody draws them."""
    return [rows for rows, _ in StratifiedKFold(count).split(problem.X, problem.y)]
