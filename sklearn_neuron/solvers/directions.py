"""Which way? A direction looks at a place and names a heading: where to go, sign included.

Options live in the object; what it remembers between steps is a value, handed in and handed back, so a
walk can be paused, pickled and resumed. The neuron axis comes last everywhere: K neurons walk side by side.

==========  ==================================================  ==========================================
direction   heading                                             reference
==========  ==================================================  ==========================================
Steepest    ``-g``                                              Cauchy (1847)
Nesterov    ``-g + beta v``, ``v`` the velocity so far          Y. Nesterov (1983); B. O'Donoghue and
                                                                E. Candes (2015), section 3.2 (restart)
LBFGS       ``-B g``, B from the last few steps                 J. Nocedal (1980); Nocedal and Wright
                                                                (2006), algorithm 7.4
Newton      ``-H^-1 g``                                         Nocedal and Wright (2006), equation 3.30
LazyNewton  ``-B g``, B from an old H and the steps since       N. Doikov, E. M. Chayti, M. Jaggi (2023);
                                                                Nocedal and Wright (2006), section 7.2
NewtonCG    ``-H^-1 g``, about, from products ``H v`` alone     R. Dembo, S. Eisenstat, T. Steihaug (1982);
                                                                Nocedal and Wright, algorithm 7.1
==========  ==================================================  ==========================================

Each direction also estimates the *Newton decrement* ``sqrt(g' H^-1 g)``, the length of the gradient in the
metric of the curvature: J is about half its square above the floor, whatever the units of the features.
"""

from functools import cached_property
from numbers import Integral
from typing import Any, ClassVar, NamedTuple

import numpy as np
from scipy import linalg
from sklearn.base import BaseEstimator

from sklearn_neuron._linalg import dot, lower_factor
from sklearn_neuron._sklearn import Interval
from sklearn_neuron.homes.costs import FIRST_HESSIAN, HESSIAN_PER_PASS
from sklearn_neuron.objective import Needs
from sklearn_neuron.solvers.certificate import TRUST
from sklearn_neuron.solvers.origin import Origin

SPARSEST = 16  # a Hessian looks at one of 16 examples at least: where those are many, reading them costs little
TRIALS, WHOLE_WALK = 4, 1e-5  # steps that tell, and what is left of the decrement at the end of most walks
CHANCE = 0.9  # share of what sets a Hessian of a sample apart from 1 that chance explains, from which all of it may be
EPS = float(np.finfo(float).eps)
COUNT = [Interval(Integral, 1, None, closed="left")]  # what an option may be that says how many


class Direction(BaseEstimator):
    """What all directions have in common: options that clone, and a rate that is safe or not."""

    doubt = 1  # how many times smaller than tol the estimate of the decrement must be to be believed at once
    proven = 1.0  # if not: share of it that the last step may have left; if so: share of tol, if the last step vouches
    metric: Any = None  # metric(memory, v) is about H^-1 v, where that was only learned and needs a certificate

    def largest_safe_rate(self, objective):
        """Nothing: no constant rate is safe wherever this heading leads; backtracking measures every step."""


class Steepest(Direction):
    """Straight down: ``heading = -gradient``, as in ``w <- w - alpha dJ/dw``."""

    needs = Needs.GRADIENT | Needs.DIAGONAL
    default_max_iter = 100_000

    def __call__(self, here, memory):
        """Return the heading and, unchanged, the memory: steepest descent remembers nothing."""
        return -here.gradient, memory

    def decrement(self, here, heading):
        """Estimate of the Newton decrement by the diagonal of the Hessian."""
        return _diagonal_decrement(here)

    def largest_safe_rate(self, objective):
        """The constant rate up to which J cannot rise, ``2 / L``."""
        return 2 / objective.smoothness


class NesterovMemory(NamedTuple):
    """Velocity, and how many steps it has been gathered."""

    velocity: np.ndarray  # (p + 1, K)
    age: np.ndarray  # (K,)


class Nesterov(Direction):
    """Descent with momentum that starts afresh whenever it would carry a neuron uphill.

    The walk visits the extrapolated points y of the method. With ``x' = y - alpha g`` the velocity
    ``v = (x' - x) / alpha`` obeys ``v <- beta v - g``, and the next y lies ``alpha (beta v - g)`` away.
    """

    needs = Needs.GRADIENT | Needs.DIAGONAL
    default_max_iter = 20_000

    def __call__(self, here, memory):
        """Return the heading, and the velocity and age that led to it."""
        g = here.gradient
        if memory is None:
            velocity, age = -g, np.zeros(g.shape[1])
        else:
            velocity, age = _momentum(memory.age) * memory.velocity - g, memory.age + 1
        uphill = dot(g, velocity) > 0
        velocity, age = np.where(uphill, -g, velocity), np.where(uphill, 0.0, age)
        return _momentum(age) * velocity - g, NesterovMemory(velocity, age)

    def decrement(self, here, heading):
        """Estimate of the Newton decrement by the diagonal of the Hessian."""
        return _diagonal_decrement(here)

    def largest_safe_rate(self, objective):
        """The constant rate for which the method is proved, ``1 / L``."""
        return 1 / objective.smoothness


def _momentum(age):
    """beta: the share ``k / (k + 3)`` of the velocity that is kept after k steps."""
    return age / (age + 3)


def _diagonal_decrement(here):
    """By the diagonal of the Hessian: without end where there is a slope and no curvature."""
    endless = np.where(here.gradient == 0, 0.0, np.inf)
    return np.sqrt(np.divide(here.gradient**2, here.diagonal, where=here.diagonal > 0, out=endless).sum(axis=0))


class Pair(NamedTuple):
    """One remembered step: where it led, how the gradient changed, and 1 / (y's), 0 if it is not to be used."""

    s: np.ndarray  # (p + 1, K)
    y: np.ndarray  # (p + 1, K)
    rho: np.ndarray  # (K,)


class LBFGSMemory(NamedTuple):
    """The last place and the last few pairs, oldest first; and the Hessian's diagonal, some steps old (1 at first)."""

    theta: np.ndarray
    gradient: np.ndarray
    pairs: tuple[Pair, ...]
    diagonal: np.ndarray  # (p + 1, K)
    age: int  # steps since it was new
    origin: Origin


class LBFGS(Direction):
    """Quasi-Newton: curvature from the diagonal of the Hessian, now and then, and from the last `pairs` steps.

    Parameters
    ----------
    pairs : int, default=6
        Steps to remember; memory is ``2 pairs (p + 1) K`` floats.
    every : int, default=10
        Steps after which the diagonal is looked at again, one more pass over X.
    """

    needs = Needs.GRADIENT
    doubt = 10
    proven = 0.1
    default_max_iter = 10_000
    _parameter_constraints: ClassVar[dict] = {"pairs": COUNT, "every": COUNT}

    def __init__(self, pairs=6, every=10):
        self.pairs = pairs
        self.every = every

    def __call__(self, here, memory):
        """Return ``-B g`` by the two-loop recursion, and the memory with the step that led here."""
        if memory is None:
            memory = LBFGSMemory(here.theta, here.gradient, (), np.ones_like(here.theta), 0, Origin(here.objective))
        else:
            origin = memory.origin.still(here.objective, self)
            pairs, age = with_step(memory.pairs, here, memory, self.pairs), memory.age + 1
            diagonal = self._looked_at(here) if age % self.every == 0 else memory.diagonal
            memory = LBFGSMemory(here.theta, here.gradient, pairs, diagonal, age, origin)
        return -self.metric(memory, here.gradient), memory

    def metric(self, memory, v):
        """``B v``, by the two-loop recursion."""
        length = _latest_length(memory.pairs, memory.diagonal)
        return two_loops(v, memory.pairs, lambda q: length * q / memory.diagonal)

    def decrement(self, here, heading):
        """Estimate of the Newton decrement in the metric learned so far, ``sqrt(g' B g)``."""
        return _length_along(here, heading)

    def _looked_at(self, here):
        """The diagonal of the Hessian; 1 without a penalty, or the walk would leave the shortest way to its floor."""
        if here.objective.penalty == 0:
            return np.ones_like(here.theta)
        diagonal = here.objective.diagonal(here.theta)
        return np.where(diagonal > 0, diagonal, 1)


def _latest_length(pairs, diagonal=1.0):
    """How much longer the last step was than the diagonal says, for the same change of slope."""
    if not pairs:
        return 1.0
    _, y, rho = pairs[-1]
    bent = rho * dot(y, y / diagonal)
    return np.divide(1, bent, where=bent > 0, out=np.ones_like(bent))


def with_step(pairs, here, there, at_most):
    """The pairs with the step from `there` to here, `at_most` of them."""
    s, y = here.theta - there.theta, here.gradient - there.gradient
    curved, bent = dot(s, y), dot(y, y)
    usable = curved > EPS * bent  # convexity promises > 0; rounding may break it
    rho = np.divide(1, curved, where=usable, out=np.zeros_like(curved))
    return (*pairs, Pair(s, y, rho))[-at_most:]


def two_loops(g, pairs, start):
    """``B g``, where B agrees with all `pairs` and is otherwise as near as can be to what `start` multiplies by."""
    q, alphas = g, []
    for s, y, rho in reversed(pairs):
        alphas.append(rho * dot(s, q))
        q = q - alphas[-1] * y
    q = start(q)
    for (s, y, rho), alpha in zip(pairs, reversed(alphas), strict=True):
        q = q + (alpha - rho * dot(y, q)) * s
    return q


class Newton(Direction):
    """The bottom of the parabola that fits J here: ``heading = -H^-1 gradient``.

    Where H is singular (more features than examples, twin columns, no penalty) it takes the shortest
    heading there is, so that from zero weights it arrives at the minimum of least norm. Curvature that is less than the
    rounding of H is looked for in the examples, before it is taken for none.
    """

    needs = Needs.GRADIENT | Needs.HESSIAN
    proven = 0.1
    default_max_iter = 200

    def __call__(self, here, memory):
        """Return the heading and, for the memory, whose J it was: Newton remembers nothing else."""
        origin = (memory or Origin()).still(here.objective, self)
        heading = np.empty_like(here.gradient)
        for k in range(heading.shape[1]):
            heading[:, k] = -shortest_solution(here.hessian[..., k], here.gradient[:, k], _Finer(here, k))
        return heading, origin

    def decrement(self, here, heading):
        """The Newton decrement itself; without end where there is a slope and the heading does not lead down."""
        slope = dot(here.gradient, heading)
        if (slope < 0).all():
            return np.sqrt(-slope)
        return np.where((slope >= 0) & np.any(here.gradient != 0, axis=0), np.inf, np.sqrt(np.maximum(-slope, 0)))


class _Finer:
    """Curvature of J along some directions, from the scores of the examples: to the last digit, where H has none."""

    def __init__(self, here, neuron):
        self.here, self.neuron = here, neuron

    @cached_property
    def _one(self):
        """J of the neuron, and how much each example bends it; one pass."""
        one = self.here.objective.neurons([self.neuron])
        return one, one.hessian_weights(self.here.theta[:, [self.neuron]])

    def product(self, directions):
        """``H V``, of V (q, m), in one pass."""
        one, hessian_weights = self._one
        return one.hessian_product(directions, hessian_weights)

    def among(self, directions):
        """``V'HV``, of V (q, m), in one pass: where H bends little, a product with it would be all rounding."""
        one, hessian_weights = self._one
        return one.curvature_among(directions, hessian_weights)

    def feigned(self, directions):
        """Curvature along each of V (q, m) that the rounding of X makes up."""
        one, hessian_weights = self._one
        return one.feigned(directions, hessian_weights.sum(dtype=np.float64))


class FactoredHessian(NamedTuple):
    """The last Hessian of each of K neurons, and how well it has served."""

    factor: np.ndarray  # (K,) of lower Cholesky factors; None before the first
    stride: np.ndarray  # (K,), of how many examples one was looked at
    decrement: np.ndarray  # (K,), when it was new
    age: np.ndarray  # (K,), steps since


class LazyMemory(NamedTuple):
    """The last place, the last Hessians, and the steps since."""

    theta: np.ndarray
    gradient: np.ndarray
    pairs: tuple[Pair, ...]
    factored: FactoredHessian
    origin: Origin


class LazyNewton(Direction):
    """Newton with a Hessian that is kept while it serves, mended by the steps since (as in L-BFGS).

    A new Hessian costs as much as several passes over X. It is made, for each neuron, only when that many more steps
    with the old one would bring the decrement down less than tenfold, as one Newton step does. The first is made at
    once where it costs a dozen passes at most, and elsewhere only when that many steps without it would not be enough
    for a whole walk: on tables of hundreds of features many a walk needs none.

    Parameters
    ----------
    examples : int, default=8
        Examples to look at for each parameter, in the first Hessian; in each later one, four times as many.
    pairs : int, default=10
        Steps to mend it with.
    """

    needs = Needs.GRADIENT
    doubt = 10
    proven = 0.5
    default_max_iter = 100
    _parameter_constraints: ClassVar[dict] = {"examples": COUNT, "pairs": COUNT}

    def __init__(self, examples=8, pairs=10):
        self.examples = examples
        self.pairs = pairs

    def __call__(self, here, memory):
        """Return the heading, and the Hessians and steps that led to it."""
        if memory is None:
            memory = LazyMemory(here.theta, here.gradient, (), self._none_yet(here), Origin(here.objective))
        else:
            origin = memory.origin.still(here.objective, self)
            factored = memory.factored._replace(age=memory.factored.age + 1)
            pairs = with_step(memory.pairs, here, memory, self.pairs)
            memory = LazyMemory(here.theta, here.gradient, pairs, factored, origin)
        heading = -self.metric(memory, here.gradient)
        stale = self._is_stale(memory.factored, _length_along(here, heading), len(here.theta))
        if stale.any():
            memory = self._renewed(here, memory, stale)
            heading = -self.metric(memory, here.gradient)
            memory.factored.decrement[stale] = _length_along(here, heading)[stale]
        return heading, memory

    def decrement(self, here, heading):
        """Estimate of the Newton decrement in the metric at hand, ``sqrt(g' B g)``."""
        return _length_along(here, heading)

    def metric(self, memory, v):
        """``B v``, by the last Hessians, mended."""

        def start(q):
            plain = _latest_length(memory.pairs) * q
            solved = (plain[:, k] if L is None else _solve(L, q[:, k]) for k, L in enumerate(memory.factored.factor))
            return np.stack(list(solved), axis=-1)

        return two_loops(v, memory.pairs, start)

    def _none_yet(self, here):
        q, K = here.theta.shape
        stride = np.clip(here.objective.home.n // (self.examples * q), 1, SPARSEST)
        start = np.sqrt(dot(here.gradient, here.gradient))
        return FactoredHessian(np.empty(K, dtype=object), np.full(K, 4 * stride), start, np.zeros(K))

    def _is_stale(self, factored, decrement, q):
        cost = 1 + q / HESSIAN_PER_PASS / np.maximum(factored.stride // 4, 1)  # of a new Hessian and a step, in passes
        gained = np.divide(decrement, factored.decrement, where=factored.decrement > 0, out=np.zeros_like(decrement))
        coming = gained ** (cost / np.maximum(factored.age, 1))  # for that many passes, without it
        needed = (cost <= FIRST_HESSIAN) | (factored.age >= TRIALS) & (coming > WHOLE_WALK)
        return np.where([L is None for L in factored.factor], needed, coming > 0.1)

    def _renewed(self, here, memory, stale):
        """The memory with new Hessians of some neurons, and without their steps."""
        factored = memory.factored
        stride = np.where(stale, np.maximum(factored.stride // 4, 1), factored.stride)
        densest = stride[stale].min()
        seen = here.objective.neurons(stale)
        seen = seen.take(seen.home.sample(densest)) if densest > 1 else seen
        hessian = seen.hessian(here.theta[:, stale])
        sampled = seen.home.n if densest > 1 else None
        factor = factored.factor.copy()
        for k, neuron in enumerate(np.flatnonzero(stale)):
            factor[neuron] = _factor(hessian[..., k], sampled)
        pairs = tuple(pair._replace(rho=np.where(stale, 0.0, pair.rho)) for pair in memory.pairs)
        age = np.where(stale, 0, factored.age)
        return memory._replace(pairs=pairs, factored=FactoredHessian(factor, stride, factored.decrement.copy(), age))


def _factor(hessian, sampled):
    """Lower Cholesky factor of a Hessian, as LAPACK reads it at every step.

    In standardised coordinates all features bend J alike. One that hardly does so among the examples of a sample (None:
    all were seen) was missed by it, and is given the average; and if the whole differs from that by no more than chance
    would have it, there is nothing to learn from it.
    """
    diagonal = np.diagonal(hessian)
    average = np.median(diagonal)
    if not 0 < average < np.inf:  # a step too long has led to where nothing bends J
        return np.eye(len(hessian), order="F")
    if sampled and _shrinkage(hessian, sampled) > CHANCE:
        return np.sqrt(average) * np.eye(len(hessian), order="F")
    if sampled:
        hessian = hessian + np.diag(np.where(diagonal < average / 20, average, 0))
    return np.asfortranarray(lower_factor(hessian))


def _shrinkage(hessian, examples):
    """How far a second moment of so many examples should be drawn towards the average of its diagonal.

    Y. Chen, A. Wiesel, Y. Eldar, A. Hero (2010), Shrinkage algorithms for MMSE covariance estimation, equation 23, for
    many features.
    """
    squares, total = (hessian**2).sum(), np.trace(hessian) ** 2
    uneven = squares - total / len(hessian)
    return min(1, (squares + total) / ((examples + 1) * uneven)) if uneven > 0 else 1


def _solve(factor, g):
    return linalg.lapack.dpotrs(factor, g, lower=1)[0]


class Felt(NamedTuple):
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
    doubt = 10
    proven = 0.1
    default_max_iter = 200
    _parameter_constraints: ClassVar[dict] = {"max_products": COUNT}

    def __init__(self, max_products=200):
        self.max_products = max_products

    def __call__(self, here, memory):
        """Return the heading, and what was felt of the curvature on the way to it."""
        if memory is None:
            memory = Felt(here.diagonal, np.ones(here.theta.shape[1]), Origin(here.objective))
        origin = memory.origin.still(here.objective, self)
        diagonal = np.where(here.diagonal > 0, here.diagonal, 1)
        hessian_weights = here.objective.hessian_weights(here.theta)
        solution, least = conjugate_gradients(
            lambda vector: here.objective.hessian_product(vector, hessian_weights),
            here.gradient,
            diagonal,
            np.minimum(0.5, np.sqrt(_diagonal_decrement(here))),
            self.max_products,
        )
        return -solution, Felt(diagonal, np.minimum(memory.least, least), origin)

    def metric(self, memory, v):
        """``v`` divided by the diagonal of the last Hessian; by less, where slopes much flatter than it were met."""
        return v / (memory.diagonal * np.minimum(TRUST * memory.least, 1))

    def decrement(self, here, heading):
        """Estimate of the Newton decrement from the heading's promise, which grows to it from below."""
        return np.maximum(_length_along(here, heading), _diagonal_decrement(here))


def conjugate_gradients(product, g, diagonal, exactness, max_products):
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
    d, rest = np.zeros_like(g), g.copy()
    toward = rest / diagonal
    length = dot(rest, toward)
    unsolved, fallen, least = length > 0, np.zeros_like(length), np.ones_like(length)
    for k in range(1, max_products + 1):
        bent = product(toward)
        curved = dot(toward, bent)
        rate = np.divide(length, curved, where=unsolved & (curved > 0), out=np.zeros_like(length))
        squared = dot(toward, diagonal * toward)
        least = np.where(unsolved & (curved > 0), np.minimum(least, curved / np.where(squared > 0, squared, 1)), least)
        d += rate * toward
        rest -= rate * bent
        fallen += rate * length
        unsolved &= k * rate * length > exactness * fallen
        if not unsolved.any():
            break
        scaled = rest / diagonal
        last, length = length, dot(rest, scaled)
        toward = scaled + np.divide(length, last, where=last > 0, out=np.zeros_like(length)) * toward
    return d, least


def _length_along(here, heading):
    return np.sqrt(np.maximum(-dot(here.gradient, heading), 0))


def _cholesky(H):
    """Lower factor, or None; by NumPy, as the products before it: its threads are awake, SciPy's are not."""
    try:
        return np.linalg.cholesky(H)
    except np.linalg.LinAlgError:
        return None


def shortest_solution(H, g, finer=None):
    """Solve ``H d = g`` for a symmetric H without negative curvature; the d of least norm if H is singular.

    Parameters
    ----------
    H : ndarray of shape (q, q)
        Symmetric, positive semidefinite up to rounding.
    g : ndarray of shape (q,)
        Right-hand side.
    finer : object, default=None
        ``finer.product(V)`` is H V and ``finer.among(V)`` is V'H V, of directions V (q, m), with digits that H itself
        does not have, and ``finer.feigned(V)`` the curvature along each that is rounding.

    Returns
    -------
    ndarray of shape (q,)
        The solution, or where there is none the least-squares one, of least norm.
    """
    rounding = 10 * len(H) * EPS
    told = rounding if finer is None else np.sqrt(rounding)  # curvature, beside the most, that H itself may tell of
    bent = H.diagonal()
    factor = _cholesky(H)
    if factor is not None and factor.diagonal().min() ** 2 > told * bent.max():
        return _solve(factor, g)
    unit = np.sqrt(np.divide(1, bent, where=bent > 0, out=np.ones_like(bent)))  # in which all parameters bend J by 1
    even, slope = unit[:, None] * H * unit, unit * g
    factor = _cholesky(even)
    if factor is not None and factor.diagonal().min() ** 2 > told:
        return unit * _solve(factor, slope)
    if not np.isfinite(even).all():  # a step too long has led out of the floats
        return np.zeros_like(g)
    eigenvalues, V = np.linalg.eigh(even)
    kept = eigenvalues > told * eigenvalues[-1]
    strong, weak = unit[:, None] * V[:, kept], unit[:, None] * V[:, ~kept]
    d = strong @ ((strong.T @ g) / eigenvalues[kept])
    if finer is not None and eigenvalues[-1] > 0:
        weak = weak - strong @ ((strong.T @ finer.product(weak)) / eigenvalues[kept, None])  # nothing of those in these
        curved = finer.among(weak)
        curvatures, turned = np.linalg.eigh((curved + curved.T) / 2)
        weak = weak @ turned
        real = curvatures > finer.feigned(weak)
        d = d + weak[:, real] @ ((weak[:, real].T @ g) / curvatures[real])
        weak = weak[:, ~real]
    nothing = np.linalg.qr(weak)[0]  # along these J does not bend, and no step need lead
    return d - nothing @ (nothing.T @ d)
