"""Which way, by the curvature itself? To the bottom of the parabola that fits J here, ``H d = -g``.

Reference: J. Nocedal and S. Wright, Numerical Optimization (2nd ed., 2006), equation 3.30 and algorithm 7.1; R. Dembo,
S. Eisenstat, T. Steihaug, Inexact Newton methods, SIAM J. Numer. Anal. 19 (1982), 400-408.
"""

from collections.abc import Callable, Iterator
from functools import cached_property
from itertools import islice
from typing import Any, ClassVar, NamedTuple

import numpy as np
from scipy import linalg

from sklearn_neuron.objective import Needs, Objective, Place, dot
from sklearn_neuron.solvers.direction import COUNT, Decrement, Direction, diagonal_decrement, length_along
from sklearn_neuron.solvers.origin import Origin

EPS = float(np.finfo(float).eps)
TRUST = 100  # how many times flatter than a metric says what no product has felt may be


class Newton(Direction):
    """The bottom of the parabola that fits J here: ``heading = -H^-1 gradient``.

    Where H is singular (more features than examples, twin columns, no penalty) it takes the shortest
    heading there is, so that from zero weights it arrives at the minimum of least norm. Curvature that is less than the
    rounding of H is looked for in the examples, before it is taken for none.
    """

    needs = Needs.GRADIENT | Needs.HESSIAN
    asks = ("hessian_weights", "hessian_product", "curvature_among")
    default_max_iter = 200

    def init(self, here: Place) -> Origin:
        """Whose J it is: Newton remembers nothing else."""
        return Origin(here.objective)

    def updated(self, memory: Origin, here: Place) -> Origin:
        """The same, if it is."""
        return memory.still(here.objective, self)

    def heading(self, here: Any, memory: Origin) -> tuple[np.ndarray, Origin]:
        """Return the heading and the memory."""
        heading = np.empty_like(here.gradient)
        for k in range(heading.shape[1]):
            finer = FinerCurvature(here.objective, here.theta, k)
            heading[:, k] = -shortest_solution(here.hessian[..., k], here.gradient[:, k], finer)
        return heading, memory

    def decrement(self, here: Place, heading: np.ndarray) -> Decrement:
        """The Newton decrement itself; without end where there is a slope and the heading does not lead down."""
        slope = dot(here.gradient, heading)
        if (slope < 0).all():
            return Decrement(np.sqrt(-slope))
        no_way = (slope >= 0) & np.any(here.gradient != 0, axis=0)
        return Decrement(np.where(no_way, np.inf, np.sqrt(np.maximum(-slope, 0))))


class FinerCurvature:
    """Curvature of J of one neuron, from the scores of the examples: to the last digit, where H has none."""

    def __init__(self, objective: Objective, theta: np.ndarray, neuron: int):
        self._objective, self._theta, self._neuron = objective, theta, neuron

    @cached_property
    def _one(self):
        """J of the neuron, and how much each example bends it; one pass."""
        one = self._objective.neurons([self._neuron])
        return one, one.hessian_weights(self._theta[:, [self._neuron]])

    def product(self, directions: np.ndarray) -> np.ndarray:
        """``H V``, of V (q, m), in one pass."""
        one, hessian_weights = self._one
        return one.hessian_product(directions, hessian_weights)

    def among(self, directions: np.ndarray) -> np.ndarray:
        """``V'HV``, of V (q, m), in one pass: where H bends little, a product with it would be all rounding."""
        one, hessian_weights = self._one
        return one.curvature_among(directions, hessian_weights)

    def feigned(self, directions: np.ndarray) -> np.ndarray:
        """Curvature along each of V (q, m) that the rounding of X makes up."""
        one, hessian_weights = self._one
        return one.feigned(directions, hessian_weights.sum(dtype=np.float64))


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
        return v / (memory.diagonal * np.minimum(TRUST * memory.least, 1))

    def decrement(self, here: Place, heading: np.ndarray) -> Decrement:
        """Estimate of the Newton decrement from the heading's promise, which grows to it from below."""
        return Decrement(np.maximum(length_along(here, heading), diagonal_decrement(here)), trust=0.1, confirmed=0.1)


def _positive(diagonal):
    return np.where(diagonal > 0, diagonal, 1)


# How they solve -----------------------------------------------------------------------------------------


class CGStep(NamedTuple):
    """One step of conjugate gradients, of K systems."""

    toward: np.ndarray  # (q, K), along which it leads
    curved: np.ndarray  # (K,), the curvature there
    rate: np.ndarray  # (K,), how far; 0 where there is no curvature
    length: np.ndarray  # (K,), of what was left of g, squared, in the metric of the preconditioner
    left: np.ndarray  # (K,), the same after it


def conjugate_steps(product: Callable, g: np.ndarray, precondition: Callable) -> Iterator[CGStep]:
    """Steps towards the solutions of ``H d = g``, without end; one product ``H v`` and one preconditioning a step."""
    rest, toward = g.copy(), precondition(g)
    length = dot(rest, toward)
    while True:
        bent = product(toward)
        curved = dot(toward, bent)
        rate = np.divide(length, curved, where=curved > 0, out=np.zeros_like(length))
        rest -= np.where(np.isfinite(rate), rate, 0) * bent
        scaled = precondition(rest)
        last, length = length, dot(rest, scaled)
        yield CGStep(toward, curved, rate, last, length)
        toward = scaled + np.divide(length, last, where=last > 0, out=np.zeros_like(length)) * toward


def conjugate_gradients(
    product: Callable, g: np.ndarray, diagonal: np.ndarray, exactness: np.ndarray, max_products: int
) -> tuple[np.ndarray, np.ndarray]:
    """Solve ``H d = g`` for K symmetric positive semidefinite H side by side, from products alone.

    Parameters
    ----------
    product : callable
        ``product(v)`` returns H v, both of shape (q, K).
    g : ndarray of shape (q, K)
        Right-hand sides.
    diagonal : ndarray of shape (q, K)
        Diagonals of H, above 0: the preconditioner.
    exactness : ndarray of shape (K,)
        A system is solved when its last step lowered ``d'Hd/2 - g'd`` by less than this share of its average step
        (S. Nash and A. Sofer, 1990, equation 4).
    max_products : int
        Products at most.

    Returns
    -------
    solutions : ndarray of shape (q, K)
        Each lies closer, in the metric of H, than the last.
    least : ndarray of shape (K,)
        The least curvature that the way to them has met, beside the diagonal.
    """
    d, fallen, least = np.zeros_like(g), np.zeros(g.shape[1]), np.ones(g.shape[1])
    unsolved = np.full(g.shape[1], True)
    steps = conjugate_steps(product, g, lambda v: v / diagonal)
    for k, step in enumerate(islice(steps, max_products), 1):
        squared = dot(step.toward, diagonal * step.toward)
        beside = np.minimum(least, step.curved / np.where(squared > 0, squared, 1))
        least = np.where(unsolved & (step.curved > 0), beside, least)
        rate = np.where(unsolved, step.rate, 0)
        d += rate * step.toward
        fallen += rate * step.length
        unsolved &= k * rate * step.length > exactness * fallen
        if not unsolved.any():
            break
    return d, least


def solve_factored(factor: np.ndarray, g: np.ndarray) -> np.ndarray:
    """Solve ``LL' d = g``, of shape (q,)."""
    return linalg.lapack.dpotrs(factor, g, lower=1)[0]


def shortest_solution(H: np.ndarray, g: np.ndarray, finer: Any = None) -> np.ndarray:
    """Solve ``H d = g`` for a symmetric H without negative curvature; the d of least norm if H is singular.

    Parameters
    ----------
    H : ndarray of shape (q, q)
        Symmetric, positive semidefinite up to rounding.
    g : ndarray of shape (q,)
        Right-hand side.
    finer : FinerCurvature, default=None
        What tells of curvature, beside the most, that is less than the rounding of H.

    Returns
    -------
    ndarray of shape (q,)
        The solution, or where there is none the least-squares one, of least norm.
    """
    rounding = 10 * len(H) * EPS
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
    """By Cholesky; None if H is singular, or nearly. By NumPy, as the products before: its threads are awake."""
    try:
        factor = np.linalg.cholesky(H)
    except np.linalg.LinAlgError:
        return None
    return solve_factored(factor, g) if factor.diagonal().min() ** 2 > least else None


def _least_norm_solution(even, unit, g, least, finer):
    """By eigenvectors of the Hessian in other units; what it says of weak ones is not believed but asked."""
    if not np.isfinite(even).all():  # a step too long has led out of the floats
        return np.zeros_like(g)
    eigenvalues, V = np.linalg.eigh(even)
    kept = eigenvalues > least * eigenvalues[-1]
    strong, weak = unit[:, None] * V[:, kept], unit[:, None] * V[:, ~kept]
    d = strong @ ((strong.T @ g) / eigenvalues[kept])
    if finer is not None and eigenvalues[-1] > 0:
        weak = weak - strong @ ((strong.T @ finer.product(weak)) / eigenvalues[kept, None])  # nothing of those in these
        along, weak = _along_the_weak(weak, g, finer)
        d = d + along
    nothing = np.linalg.qr(weak)[0]  # along these J does not bend, and no step need lead
    return d - nothing @ (nothing.T @ d)


def _along_the_weak(weak, g, finer):
    """The part of the solution along directions of little curvature, and those of them that have none."""
    curved = finer.among(weak)
    curvatures, turned = np.linalg.eigh((curved + curved.T) / 2)
    weak = weak @ turned
    real = curvatures > finer.feigned(weak)
    return weak[:, real] @ ((weak[:, real].T @ g) / curvatures[real]), weak[:, ~real]
