"""Which way, by the curvature that the last steps have felt: quasi-Newton directions.

A step s along which the gradient has changed by y tells of the inverse Hessian that ``B y = s``. Of all B that agree
with the last few such pairs the two-loop recursion multiplies by the one nearest to an initial matrix.
"""

from collections.abc import Callable
from typing import Any, ClassVar, NamedTuple

import numpy as np

from sklearn_neuron._linalg import dot
from sklearn_neuron.homes.costs import of_step
from sklearn_neuron.objective import Needs, Place
from sklearn_neuron.solvers.direction import COUNT, Decrement, Direction, length_along
from sklearn_neuron.solvers.origin import Origin

EPS = float(np.finfo(float).eps)
PAIRS_SHARE, FEWEST_PAIRS, MOST_PAIRS = 1 / 8, 6, 30  # of a step, that remembered ones may cost


class Pair(NamedTuple):
    """One remembered step: where it led, how the gradient changed, and 1 / (y's), 0 if it is not to be used."""

    s: np.ndarray  # (p + 1, K)
    y: np.ndarray  # (p + 1, K)
    rho: np.ndarray  # (K,)


class QuasiNewtonMemory(NamedTuple):
    """The last place and the last few pairs, oldest first; the matrix that they mend, and whose J all that was."""

    theta: np.ndarray
    gradient: np.ndarray
    pairs: tuple[Pair, ...]
    initial: Any  # a value of the direction's own
    origin: Origin


class QuasiNewton(Direction):
    """``heading = -B g``, with B an initial matrix that the last `pairs` steps have mended."""

    needs = Needs.GRADIENT
    pairs: int | None  # to remember
    first_initial: Callable[..., Any]  # first_initial(here)
    next_initial: Callable[..., Any]  # next_initial(initial, here), one step later
    by_initial: Callable[..., np.ndarray]  # by_initial(memory, q) multiplies by it

    def init(self, here: Place) -> QuasiNewtonMemory:
        """Where the walk begins, without steps."""
        return QuasiNewtonMemory(here.theta, here.gradient, (), self.first_initial(here), Origin(here.objective))

    def updated(self, memory: QuasiNewtonMemory, here: Place) -> QuasiNewtonMemory:
        """The memory with the step that led here."""
        origin = memory.origin.still(here.objective, self)
        pairs = with_step(memory.pairs, here, memory, self.most_pairs(here))
        return QuasiNewtonMemory(here.theta, here.gradient, pairs, self.next_initial(memory.initial, here), origin)

    def most_pairs(self, here: Place) -> Any:
        """How many steps to remember."""
        return self.pairs

    def heading(self, here: Place, memory: QuasiNewtonMemory) -> tuple[np.ndarray, QuasiNewtonMemory]:
        """Return ``-B g``, and the memory."""
        return -self.metric(memory, here.gradient), memory

    def metric(self, memory: QuasiNewtonMemory, v: np.ndarray) -> np.ndarray:
        """``B v``, by the two-loop recursion."""
        return two_loops(v, memory.pairs, lambda q: self.by_initial(memory, q))

    def decrement(self, here: Place, heading: np.ndarray) -> Decrement:
        """Estimate of the Newton decrement in the metric learned so far, ``sqrt(g' B g)``."""
        return Decrement(length_along(here, heading), trust=0.1, confirmed=0.1)


class Diagonal(NamedTuple):
    """That of a Hessian, and how many steps ago."""

    values: np.ndarray  # (p + 1, K), 1 before it is asked for
    age: int = 0


class LBFGS(QuasiNewton):
    """Quasi-Newton: curvature from the diagonal of the Hessian, now and then, and from the last `pairs` steps.

    Parameters
    ----------
    pairs : int, default=None
        Steps to remember; memory is ``2 pairs (p + 1) K`` floats. None: six, or as many up to thirty as take an eighth
        of the time of a step.
    every : int, default=10
        Steps after which the diagonal is looked at again, one more pass over X.
    """

    asks = ("diagonal",)
    default_max_iter = 10_000
    _parameter_constraints: ClassVar[dict] = {"pairs": [*COUNT, None], "every": COUNT}

    def __init__(self, pairs=None, every=10):
        self.pairs = pairs
        self.every = every

    def most_pairs(self, here: Place) -> Any:
        """Those asked for, or as many as cost little: both vectors of a pair are read twice at every step."""
        if self.pairs is not None:
            return self.pairs
        pair = 4 * here.theta.size
        return min(max(int(PAIRS_SHARE * of_step(here.objective.home) / pair), FEWEST_PAIRS), MOST_PAIRS)

    def first_initial(self, here: Place) -> Diagonal:
        """As if J bent alike along all axes."""
        return Diagonal(np.ones_like(here.theta))

    def next_initial(self, initial: Diagonal, here: Place) -> Diagonal:
        """The diagonal one step later, or the next; still 1 without a penalty, for the shortest way to its floor."""
        age = initial.age + 1
        if age % self.every or here.objective.penalty == 0:
            return initial._replace(age=age)
        values = here.objective.diagonal(here.theta)
        return Diagonal(np.where(values > 0, values, 1), age)

    def by_initial(self, memory: QuasiNewtonMemory, q: np.ndarray) -> np.ndarray:
        """Divide by the diagonal, on the scale of the last step."""
        diagonal = memory.initial.values
        return latest_length(memory.pairs, diagonal) * q / diagonal


def latest_length(pairs: tuple[Pair, ...], diagonal: Any = 1.0) -> Any:
    """How much longer the last step was than the diagonal says, for the same change of slope."""
    if not pairs:
        return 1.0
    _, y, rho = pairs[-1]
    bent = rho * dot(y, y / diagonal)
    return np.divide(1, bent, where=bent > 0, out=np.ones_like(bent))


def with_step(pairs: tuple[Pair, ...], here: Place, there: Any, at_most: int) -> tuple[Pair, ...]:
    """The pairs with the step from `there` to here, `at_most` of them."""
    s, y = here.theta - there.theta, here.gradient - there.gradient
    curved, bent = dot(s, y), dot(y, y)
    usable = curved > EPS * bent  # convexity promises > 0; rounding may break it
    rho = np.divide(1, curved, where=usable, out=np.zeros_like(curved))
    return (*pairs, Pair(s, y, rho))[-at_most:]


def two_loops(g: np.ndarray, pairs: tuple[Pair, ...], start: Callable) -> np.ndarray:
    """``B g``, where B agrees with all `pairs` and is otherwise as near as can be to what `start` multiplies by."""
    q, alphas = g.copy(order="K"), []
    for s, y, rho in reversed(pairs):
        alphas.append(rho * dot(s, q))
        q -= alphas[-1] * y
    q = start(q)
    for (s, y, rho), alpha in zip(pairs, reversed(alphas), strict=True):
        q += (alpha - rho * dot(y, q)) * s
    return q
