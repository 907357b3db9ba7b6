"""How steep is it? Measured without any calculus: move a little, and look again.

From four looks, two steps of size h to either side, the slope is known up to a fifth derivative::

    df/dx  =  (8 (f(+h) - f(-h)) - (f(+2h) - f(-2h))) / 12h  +  h^4/30 d5f/dx5  +  ...

Reference: B. Fornberg, Generation of finite difference formulas on arbitrarily spaced grids, Mathematics of
Computation 51 (1988), 699-706, table 1.
"""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np

OFFSETS = (-2, -1, 1, 2)  # steps to move by
WEIGHTS = np.array([1, -8, 8, -1]) / 12  # of the values found there, in the slope


def best_step(eps: float, sizes: Any) -> Any:
    """Steps that change a score by about 2 eps^(1/5) for features of these sizes.

    No slope is measured better: rounding eps / h and the neglected h^4/30 d5J, at most 0.13 of a score to the
    fourth power, are then in balance. A power of two is added to theta without rounding, or with little.
    """
    return 2.0 ** np.round(np.log2(2 * eps**0.2 / sizes))


def measured_slope(function: Callable, x: Any, step: Any) -> np.ndarray:
    """Slope of a function of each number alone."""
    seen = [function(x + offset * step) for offset in OFFSETS]
    return np.tensordot(WEIGHTS, np.array(seen), axes=1) / step


class Stencil(NamedTuple):
    """Some parameters, each moved by -2, -1, 1 and 2 steps while all others stay: one column a move."""

    which: slice
    steps: np.ndarray  # one a parameter

    def thetas(self, theta: np.ndarray) -> np.ndarray:
        """Thetas side by side, of shape (p + 1, 4 for each parameter)."""
        moves = np.outer(self.steps, OFFSETS).ravel()
        moved = np.repeat(np.arange(len(theta))[self.which], len(OFFSETS))
        thetas = np.repeat(theta[:, None], len(moves), axis=1)
        thetas[moved, np.arange(len(moves))] += moves
        return thetas

    def slopes(self, values: np.ndarray) -> np.ndarray:
        """Slope along each parameter of what was seen at the thetas, the last axis of `values`."""
        return values.reshape(*values.shape[:-1], -1, len(OFFSETS)) @ WEIGHTS / self.steps


def stencils(steps: np.ndarray, at_once: int) -> Iterator[Stencil]:
    """All parameters, so many at a time."""
    for start in range(0, len(steps), at_once):
        which = slice(start, start + at_once)
        yield Stencil(which, steps[which])


class Comparison(NamedTuple):
    """Slopes as they are promised and as they are measured, their relative distance, and how much of it is no error."""

    analytic: Any
    numeric: Any
    difference: Any
    allowed: Any

    @classmethod
    def of(cls, analytic: np.ndarray, numeric: np.ndarray, noise: np.ndarray, tol: float) -> "Comparison":
        """Their distance relative to the larger one.

        The values of a function carry rounding, of which a small step makes `noise` in the slope that is measured. A
        slope below 1 / tol times that cannot be known to `tol` by measuring, and one below the noise cannot be known at
        all: the distance is then relative to the noise, and may be 1.
        """
        size = np.maximum(np.maximum(np.abs(analytic), np.abs(numeric)), noise)
        return cls(analytic, numeric, np.abs(analytic - numeric) / size, np.maximum(noise / size, tol))

    @property
    def drowns(self) -> Any:
        """Whether a slope is so small that what is measured is rounding."""
        return self.allowed >= 1

    @property
    def badness(self) -> np.ndarray:
        """How far a difference is beyond what is allowed, as a ratio.

        It is infinite for a slope that is no number, and 0 for one too small to be measured.
        """
        ratio = np.nan_to_num(self.difference / self.allowed, nan=np.inf)
        return np.where(self.drowns & (ratio <= 1), 0.0, ratio)

    def cells(self) -> list[str]:
        """The four numbers, if they are one slope's, and a mark, as they stand in a table."""
        promised = [f"{self.analytic:.6e}", f"{self.numeric:.6e}"]
        if self.drowns and self.difference <= self.allowed:
            return [*promised, "", "", "(too small to be measured)"]
        mark = "" if self.difference <= self.allowed else "<-- wrong"
        return [*promised, f"{self.difference:.1e}", f"{self.allowed:.1e}", mark]
