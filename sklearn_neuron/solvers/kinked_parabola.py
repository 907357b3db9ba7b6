"""The lowest place of a parabola with kinks: what a step of Newton's is where weights may be held at 0.

Around u, with slopes g and curvature H, and with what weights cost, J is about::

    m(v)  =  g'(v - u) + (v - u)'H (v - u) / 2 + sum_j s_j |v_j|

If it was known which weights are 0 at its floor, and which sign the others have, a system of equations would tell the
rest. So guess that from where v stands: weights that are not 0 keep their signs, those at 0 that are pulled harder than
they are held leave it that way, all others stay; and solve. Where that leads, weights that have changed their signs are
put to 0, all at once; if m has not fallen by a good part of what was promised, v goes to the lowest place of the line
instead: m is a parabola between two kinks on it, so that this is found exactly. Every step falls, and signs that are
those of the floor are not guessed again.

Where a weight at 0 would leave it the other way than it was pulled, even the line may not fall. Then one step of
descent is taken, each weight by its own curvature.

Reference: H. Lee, A. Battle, R. Raina, A. Ng, Efficient sparse coding algorithms, NIPS 19 (2007) (feature-sign search);
S. Wright and J. Nocedal, Numerical Optimization (2nd ed., 2006), section 16.5 (active sets).
"""

from typing import Any, NamedTuple

import numpy as np
from scipy import linalg

from sklearn_neuron._linalg import diagonal_of
from sklearn_neuron.penalties import L1
from sklearn_neuron.solvers.newton import conjugate_gradients

GOOD = 0.5  # part of the promised fall, which signs that have changed may not have taken
MOST = 300  # steps
EXACTNESS = 0.05
NEAR = 1e-2  # twice a fall of J, at most which nothing may be left of it: it is to tell how far the floor of J is
EXACT, MOST_PRODUCTS = 1e-3, 200  # of conjugate gradients: share of a step that the last may add; and products
DEFINITE = 1e-7  # least pivot, beside the largest curvature, of systems that are not singular
FEW = 30  # weights that may leave 0 at once, if there are not more already
LONGEST = 1e100  # headings, where nothing bends m on the way
NOTHING = 1e-14  # of the fall so far, which no float shows


class Curvature(NamedTuple):
    """A Hessian (a, a) written out."""

    H: np.ndarray

    @classmethod
    def surely(cls, H) -> "Curvature":
        """That of a sum, which bends nothing less than rounding may: or far out m would seem to fall without end."""
        diagonal = diagonal_of(H[..., None])
        diagonal += len(H) * np.finfo(float).eps * diagonal.max()
        return cls(H)

    @property
    def is_written_out(self) -> bool:
        """So that what it solves is solved exactly."""
        return True

    @property
    def diagonal(self) -> np.ndarray:
        """Curvatures along each parameter, (a,), above 0."""
        bent = self.H.diagonal()
        return np.where(bent > 0, bent, max(bent.max(), np.finfo(float).tiny))

    def times(self, moved) -> np.ndarray:
        """``H moved``."""
        which = np.flatnonzero(moved)
        return self.H @ moved if 2 * len(which) > len(moved) else moved[which] @ self.H[which]

    def solve(self, which, slope) -> np.ndarray | None:
        """Of some parameters, those of the solution of ``H x = slope``, all others being 0; None if H is singular."""
        return _solved(self._of(which), slope, DEFINITE)

    def solve_nearly(self, which, slope) -> np.ndarray:
        """The same of an H that has been made as much more as it takes."""
        H, more = self._of(which), 1e-10
        bent = H.diagonal().max()
        solution = _solved(H, slope, len(H) * 1e-16)
        while solution is None and more < 1:
            solution, more = _solved(H + more * bent * np.eye(len(H)), slope, len(H) * 1e-16), 100 * more
        return slope / max(bent, np.finfo(float).tiny) if solution is None else solution

    def _of(self, which):
        return self.H if len(which) == len(self.H) else self.H[which[:, None], which]


class Products:
    """A Hessian (a, a) too large to be written out, of one walk of J at theta (a, 1): each product is a pass.

    What it solves is solved by conjugate gradients, as exactly as it serves.
    """

    is_written_out = False

    def __init__(self, objective, theta):
        self.objective, self.weights = objective, objective.hessian_weights(theta)
        bent = objective.diagonal(theta)[:, 0]
        self.diagonal = np.where(bent > 0, bent, 1)

    def times(self, moved) -> np.ndarray:
        """``H moved``."""
        return self.objective.hessian_product(moved[:, None], self.weights)[:, 0]

    def solve(self, which, slope) -> np.ndarray:
        """Of some parameters, about those of the solution of ``H x = slope`` where all others are 0."""
        g, inside = np.zeros((len(self.diagonal), 1)), np.zeros((len(self.diagonal), 1))
        g[which, 0], inside[which] = slope, 1
        solution, _ = conjugate_gradients(
            lambda v: inside * self.times(v[:, 0])[:, None], g, self.diagonal[:, None], np.array([EXACT]), MOST_PRODUCTS
        )
        return solution[which, 0]

    solve_nearly = solve


def _solved(H, slope, least):
    factor, solution, failed = linalg.lapack.dposv(H, slope)
    definite = not failed and np.square(factor.diagonal().min()) > least * H.diagonal().max()
    return solution if definite else None


def lowest(curvature: Any, g, u, strengths, exactness=EXACTNESS) -> np.ndarray:
    """Where m is lowest, (a,).

    Parameters
    ----------
    curvature : Curvature
        Of the smooth part.
    g, u, strengths : ndarray of shape (a,)
        Slopes at u, where it is, and what each weight costs.
    exactness : float, default=0.05
        What may be left of the fall, by the diagonal, beside it: it spares steps far from the floor of J. Near it
        nothing is left, for a diagonal knows nothing of features that are nearly the same.
    """
    kink, bent = L1(strengths), curvature.diagonal
    v, slope_here, fallen = u, g, 0.0
    for _ in range(MOST):
        slope = kink.least_slope(v, slope_here)
        if (slope**2 / bent).sum() <= (0 if curvature.is_written_out and fallen <= NEAR else exactness * fallen):
            break
        moved, bend, fall = _step(curvature, kink, bent, v, slope_here, slope)
        if not fall > NOTHING * fallen:
            break
        v, slope_here, fallen = v + moved, slope_here + bend, fallen + 2 * fall
    return v


def _step(curvature, kink, bent, v, slope_here, slope):
    """A step that lets m fall: how it moves v, by how much that changes the slopes, and by how much m falls."""
    heading = _to_the_floor(curvature, kink, v, slope)
    best = _landed(curvature, kink, v, slope_here, heading)
    if best[-1] >= GOOD * -(slope @ heading) / 2:
        return best
    exact = _along(curvature, kink, v, slope_here, heading)
    landed = _landed(curvature, kink, v, slope_here, exact[0])
    best = max(best, exact, landed, key=lambda step: step[-1])
    if best[-1] > NOTHING * -(slope @ heading):
        return best
    downhill = kink.prox(v - slope_here / bent, 1 / bent) - v
    return _along(curvature, kink, v, slope_here, downhill)


def _landed(curvature, kink, v, slope_here, heading):
    """A step on which weights that would change their signs end at 0."""
    across = (kink.strengths > 0) & ((v + heading) * v < 0)
    moved = np.where(across, -v, heading)
    bend = curvature.times(moved)
    return moved, bend, _fall(kink, v, moved, slope_here, bend)


def _to_the_floor(curvature, kink, v, slope):
    """The heading to the floor for the signs that are guessed, by those that leave 0 the way they are pulled."""
    kept = (v != 0) | (kink.strengths == 0)
    pulled = np.where(kept, 0, slope)
    leaving = hardest(pulled, max(np.count_nonzero(kept), FEW))
    while True:
        moving = kept.copy()
        moving[leaving] = True
        which = np.flatnonzero(moving)
        solution = curvature.solve(which, slope[which])
        if solution is None and len(leaving) > 1:
            leaving = hardest(pulled, len(leaving) // 2)
            continue
        if solution is None:
            solution = curvature.solve_nearly(which, slope[which])
        heading = np.zeros_like(v)
        heading[which] = -solution
        back = heading[leaving] * slope[leaving] > 0
        if not back.any():
            return heading
        leaving = leaving[~back]


def hardest(slope, most) -> np.ndarray:
    """Numbers of the parameters with the largest slopes, so many at most, none of them 0."""
    pulled = np.flatnonzero(slope)
    if len(pulled) <= most or not most:
        return pulled[:most]
    return pulled[np.argpartition(-np.abs(slope[pulled]), most - 1)[:most]]


def _fall(kink, v, moved, slope_here, bend):
    paid = kink.strengths @ (np.abs(v + moved) - np.abs(v))
    return -(slope_here @ moved + moved @ bend / 2 + paid)


def _along(curvature, kink, v, slope_here, heading):
    """The lowest place of a line: the first where the slope is not below 0 any more, on a kink or between two."""
    bend = curvature.times(heading)
    curved = heading @ bend
    crossing = np.flatnonzero(v * heading < 0)
    length = -v[crossing] / heading[crossing]
    order = np.argsort(length)
    crossing, length = crossing[order], length[order]
    first = slope_here @ heading + kink.slopes_along(v, heading)[1]
    jumps = 2 * kink.strengths[crossing] * np.abs(heading[crossing])
    behind = first + length * curved + np.cumsum(jumps)
    k = int(np.argmax(behind >= 0)) if (behind >= 0).any() else len(length)  # the first kink behind which m rises
    before = first + jumps[:k].sum()  # slope at 0 of the parabola that ends there
    endless = np.inf if before < 0 else 0.0
    lowest_between = max(-before, 0.0) / curved if curved > 0 else endless
    on_kink = k < len(length) and lowest_between >= length[k]
    far = length[k] if on_kink else min(lowest_between, LONGEST)
    moved, bend = far * heading, far * bend
    if on_kink:
        moved[crossing[k]] = -v[crossing[k]]
    return moved, bend, _fall(kink, v, moved, slope_here, bend)
