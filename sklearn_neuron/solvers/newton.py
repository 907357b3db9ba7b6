"""Which way, by the curvature itself? To the bottom of the parabola that fits J here, ``H d = -g``."""

from collections.abc import Iterator
from functools import partial
from itertools import islice
from typing import Any, ClassVar, NamedTuple

import numpy as np
from scipy import linalg

from sklearn_neuron._linalg import diagonal_of, dot, eigenvectors
from sklearn_neuron.homes.costs import CHOLESKY_UNSPLIT, SCRATCH
from sklearn_neuron.objective import Needs, Place
from sklearn_neuron.solvers.diagnosis import feigned
from sklearn_neuron.solvers.direction import COUNT, Decrement, Direction, diagonal_decrement, length_along
from sklearn_neuron.solvers.origin import Origin

EPS = float(np.finfo(float).eps)
FLATTER = 100  # how many times flatter than a metric says what no product has felt may be


class Newton(Direction):
    """The bottom of the parabola that fits J here: ``heading = -H^-1 gradient``.

    Where H is singular (more features than examples, twin columns, no penalty) it takes the shortest
    heading there is, so that from zero weights it arrives at the minimum of least norm. Curvature that is less than the
    rounding of H is looked for in the examples, before it is taken for none.
    """

    needs = Needs.GRADIENT | Needs.HESSIAN
    asks = ("hessian_weights", "hessian_product", "curvature_among")
    default_max_iter = 200
    keeps_pace = True

    def init(self, here: Place) -> Origin:
        """Whose J it is: Newton remembers nothing else."""
        return Origin(here.objective)

    def updated(self, memory: Origin, here: Place) -> Origin:
        """The same, if it is."""
        return memory.still(here.objective, self)

    def heading(self, here: Any, memory: Origin) -> tuple[np.ndarray, Origin]:
        """Return the heading and the memory."""
        return -shortest_solutions(here.hessian, here.gradient, partial(_of_one, here)), memory

    def decrement(self, here: Place, heading: np.ndarray) -> Decrement:
        """The Newton decrement itself; without end where there is a slope and the heading does not lead down."""
        slope = dot(here.gradient, heading)
        if (slope < 0).all():
            return Decrement(np.sqrt(-slope))
        no_way = (slope >= 0) & np.any(here.gradient != 0, axis=0)
        return Decrement(np.where(no_way, np.inf, np.sqrt(np.maximum(-slope, 0))))


def _of_one(here, k):
    """J of one neuron, and how much each example bends it; one pass."""
    one = here.objective.neurons([k])
    return one, one.hessian_weights(here.theta[:, [k]])


class NewtonCGMemory(NamedTuple):
    """The diagonal of the last Hessian, 1 where nothing bends J; and the least curvature met so far, beside that."""

    diagonal: np.ndarray  # (p + 1, K)
    least: np.ndarray  # (K,)
    origin: Origin


class NewtonCG(Direction):
    """Newton without a Hessian: conjugate gradients on ``H d = -g``, ever more exact as the gradient shrinks.

    Each product ``H v`` is one pass over X. The diagonal of H preconditions; K systems are solved side by side.

    Parameters
    ----------
    max_products : int, default=200
        Products at most, for one heading.
    """

    needs = Needs.GRADIENT | Needs.DIAGONAL
    asks = ("hessian_weights", "hessian_product")
    default_max_iter = 200
    _parameter_constraints: ClassVar[dict] = {"max_products": COUNT}

    def __init__(self, max_products=200):
        self.max_products = max_products

    def init(self, here: Place) -> NewtonCGMemory:
        """The diagonal here, and nothing flatter than it."""
        return NewtonCGMemory(_positive(here.diagonal), np.ones(here.theta.shape[1]), Origin(here.objective))

    def updated(self, memory: NewtonCGMemory, here: Place) -> NewtonCGMemory:
        """The diagonal here, and the least curvature met before."""
        return NewtonCGMemory(_positive(here.diagonal), memory.least, memory.origin.still(here.objective, self))

    def heading(self, here: Place, memory: NewtonCGMemory) -> tuple[np.ndarray, NewtonCGMemory]:
        """Return the heading, and what was met of the curvature on the way to it."""
        hessian_weights = here.objective.hessian_weights(here.theta)
        solution, least = conjugate_gradients(
            lambda vector: here.objective.hessian_product(vector, hessian_weights),
            here.gradient,
            memory.diagonal,
            np.minimum(0.5, np.sqrt(diagonal_decrement(here))),
            self.max_products,
        )
        return -solution, memory._replace(least=np.minimum(memory.least, least))

    def metric(self, memory: NewtonCGMemory, v: np.ndarray) -> np.ndarray:
        """``v`` divided by the diagonal of the last Hessian; by less, where slopes much flatter than it were met."""
        return v / (memory.diagonal * np.minimum(FLATTER * memory.least, 1))

    def decrement(self, here: Place, heading: np.ndarray) -> Decrement:
        """Estimate of the Newton decrement from the heading's promise, which grows to it from below."""
        return Decrement(np.maximum(length_along(here, heading), diagonal_decrement(here)), trust=0.1, confirmed=0.1)


def _positive(diagonal):
    return np.where(diagonal > 0, diagonal, 1)


# How they solve -----------------------------------------------------------------------------------------


def conjugate_steps(product, g, precondition) -> Iterator[tuple[np.ndarray, ...]]:
    """Steps towards the solutions of K systems ``H d = g`` by conjugate gradients, one product ``H v`` each, for ever.

    Yields the direction (q, K) of a step, the curvature along it, how far it leads (0 where there is none), and the
    squared length of what was left of g before and after it, in the metric of the preconditioner; (K,) each.
    """
    rest, toward = g.copy(), precondition(g)
    length = dot(rest, toward)
    while True:
        bent = product(toward)
        curved = dot(toward, bent)
        rate = np.divide(length, curved, where=curved > 0, out=np.zeros_like(length))
        rest -= np.where(np.isfinite(rate), rate, 0) * bent
        scaled = precondition(rest)
        last, length = length, dot(rest, scaled)
        yield toward, curved, rate, last, length
        toward = scaled + np.divide(length, last, where=last > 0, out=np.zeros_like(length)) * toward


def conjugate_gradients(product, g, diagonal, exactness, max_products) -> tuple[np.ndarray, np.ndarray]:
    """Solve ``H d = g`` for K symmetric positive semidefinite H side by side, from products alone.

    With ``product(v) = H v``, g and the diagonals of H (all above 0) of shape (q, K). A system is solved when its last
    step lowered ``d'Hd/2 - g'd`` by less than a share, its `exactness` (K,), of its average step (S. Nash and A. Sofer,
    1990, equation 4). Returns the d, and the least curvature (K,) that the way to them has met beside the diagonal.
    """
    d, fallen, least = np.zeros_like(g), np.zeros(g.shape[1]), np.ones(g.shape[1])
    unsolved = np.full(g.shape[1], True)
    steps = conjugate_steps(product, g, lambda v: v / diagonal)
    for k, (toward, curved, rate, length, _) in enumerate(islice(steps, max_products), 1):
        squared = dot(toward, diagonal * toward)
        beside = np.minimum(least, curved / np.where(squared > 0, squared, 1))
        least = np.where(unsolved & (curved > 0), beside, least)
        fall = np.where(unsolved, rate, 0) * length
        d += np.where(unsolved, rate, 0) * toward
        fallen += fall
        unsolved &= k * fall > exactness * fallen
        if not unsolved.any():
            break
    return d, least


def solve_factored(factor, g) -> np.ndarray:
    """Solve ``LL' d = g``, of shape (q,)."""
    return linalg.lapack.dpotrs(factor, g, lower=1)[0]


def shortest_solutions(H, g, finer) -> np.ndarray:
    """Solve ``H d = g`` of K neurons, (q, q, K) and (q, K), as :meth:`shortest_solution` does with ``finer(k)``."""
    solutions, (q, K) = np.empty_like(g), g.shape
    left = range(1) if K == 1 else np.flatnonzero(~_solve_definite(H, g, np.sqrt(_rounding(q)), solutions))
    for k in left:
        solutions[:, k] = shortest_solution(H[..., k], g[:, k], partial(finer, k))
    return solutions


def _solve_definite(H, g, least, solutions):
    """By Cholesky, some at once, into `solutions`; of which neurons, (K,) of bool: no H that is singular, or nearly."""
    (q, K), definite = g.shape, np.empty(g.shape[1], dtype=bool)
    at_once = max(1, SCRATCH // q**2)
    for some in (slice(k, k + at_once) for k in range(0, K, at_once)):
        factors = _factors(H[..., some].transpose(2, 0, 1))
        certain = factors.diagonal(axis1=1, axis2=2).min(axis=1) ** 2 > least * diagonal_of(H[..., some]).max(axis=0)
        for k in np.flatnonzero(certain):
            solutions[:, some.start + k] = linalg.lapack.dpotrs(factors[k].T, g[:, some.start + k])[0]
        definite[some] = certain
    return definite


def _factors(matrices):
    """Lower Cholesky factors of some matrices (K, q, q); zeros of those that have none, whom NumPy does not name."""
    try:
        return np.linalg.cholesky(matrices)
    except np.linalg.LinAlgError:
        if len(matrices) == 1:
            return np.zeros_like(matrices)
        half = len(matrices) // 2
        return np.concatenate([_factors(matrices[:half]), _factors(matrices[half:])])


def _rounding(q):
    """Share of a Hessian that may be its own rounding."""
    return 10 * q * EPS


def shortest_solution(H, g, finer=None) -> np.ndarray:
    """Solve ``H d = g``, of shape (q,), for a symmetric H without negative curvature, up to rounding.

    If H is singular: the solution, or where there is none the least-squares one, of least norm. What H tells of
    curvature that is less than its rounding is not believed: ``finer()``, if given, is J of the neuron and how much
    each example bends it, to ask again.
    """
    rounding = _rounding(len(H))
    least = rounding if finer is None else np.sqrt(rounding)  # curvature, beside the most, that H itself may tell of
    bent = H.diagonal()
    solution = _definite_solution(H, g, least * bent.max())
    if solution is not None:
        return solution
    unit = np.sqrt(np.divide(1, bent, where=bent > 0, out=np.ones_like(bent)))  # in which all parameters bend J by 1
    even = unit[:, None] * H * unit
    solution = _definite_solution(even, unit * g, least)
    if solution is not None:
        return unit * solution
    return _least_norm_solution(even, unit, g, least, finer)


def _definite_solution(H, g, least):
    """By Cholesky; None if H is singular, or nearly. Large ones by NumPy, as products before: its threads are awake."""
    if len(H) <= CHOLESKY_UNSPLIT:
        factor, solution, failed = linalg.lapack.dposv(H, g, lower=1)
        return None if failed or not factor.diagonal().min() ** 2 > least else solution
    try:
        factor = np.linalg.cholesky(H)
    except np.linalg.LinAlgError:
        return None
    return solve_factored(factor, g) if factor.diagonal().min() ** 2 > least else None


def _least_norm_solution(even, unit, g, least, finer):
    """By eigenvectors of the Hessian in other units; what it says of weak ones is not believed but asked."""
    if not np.isfinite(even).all():  # a step too long has led out of the floats
        return np.zeros_like(g)
    eigenvalues, V = eigenvectors(even)
    kept = eigenvalues > least * eigenvalues[-1]
    strong, weak = unit[:, None] * V[:, kept], unit[:, None] * V[:, ~kept]
    d = strong @ ((strong.T @ g) / eigenvalues[kept])
    if finer is not None and eigenvalues[-1] > 0:
        J, weights = finer()
        in_strong = (strong.T @ J.hessian_product(weak, weights)) / eigenvalues[kept, None]
        along, weak = _along_the_weak(weak - strong @ in_strong, g, J, weights)
        d = d + along
    nothing = np.linalg.qr(weak)[0]  # along these J does not bend, and no step need lead
    return d - nothing @ (nothing.T @ d)


def _along_the_weak(weak, g, J, weights):
    """The part of the solution along directions of little curvature, and those of them that have none."""
    curved = J.curvature_among(weak, weights)  # where H bends little, a product with it would be all rounding
    curvatures, turned = eigenvectors((curved + curved.T) / 2)
    weak = weak @ turned
    real = curvatures > feigned(J, weak, J.doubt(weights)[0])
    return weak[:, real] @ ((weak[:, real].T @ g) / curvatures[real]), weak[:, ~real]
