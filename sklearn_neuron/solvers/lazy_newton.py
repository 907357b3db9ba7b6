"""Which way, by an old Hessian? When a new one is made, and from which examples, is a policy of its own.

Reference: N. Doikov, E. M. Chayti, M. Jaggi, Second-order optimization with lazy Hessians, ICML (2023).
"""

from typing import Any, ClassVar, NamedTuple

import numpy as np

from sklearn_neuron._linalg import dot, lower_factor
from sklearn_neuron.homes import costs
from sklearn_neuron.objective import Place
from sklearn_neuron.solvers.direction import COUNT, Decrement, length_along
from sklearn_neuron.solvers.newton import solve_factored
from sklearn_neuron.solvers.quasi_newton import QuasiNewton, QuasiNewtonMemory, latest_length

COARSEST = 16  # a Hessian looks at one of 16 examples at least: where those are many, reading them costs little
DENSER = 4  # how many times more examples the next Hessian looks at
TRIALS, WHOLE_WALK = 4, 1e-5  # steps that tell, and what is left of the decrement at the end of most walks
BY_NEWTON = 0.1  # what a step of Newton's leaves of it, at most
BY_BLOCKS = 0.15  # the same where each neuron of a layer steps as if all others stood still
NOISE = 0.9  # share of what sets a Hessian of a sample apart from 1 that chance explains, from which all of it may be


class FactoredHessian(NamedTuple):
    """The last Hessian of each of K neurons, and how well it has served: the policy of when to make a new one."""

    factor: np.ndarray  # (K,) of lower Cholesky factors, one, or one a neuron of a layer; None before the first
    stride: np.ndarray  # (K,), of how many examples one was looked at
    decrement: np.ndarray  # (K,), when it was new
    age: np.ndarray  # (K,), steps since

    @classmethod
    def none_yet(cls, here: Place, examples: int) -> "FactoredHessian":
        """Before the first, which is to look at so many examples a parameter."""
        q, K = here.theta.shape
        stride = np.clip(here.objective.home.shape[0] // (examples * q), 1, COARSEST)
        start = np.sqrt(dot(here.gradient, here.gradient))
        return cls(np.empty(K, dtype=object), np.full(K, DENSER * stride), start, np.zeros(K))

    @property
    def next_stride(self) -> np.ndarray:
        """Of how many examples the next one will look at one, (K,)."""
        return np.maximum(self.stride // DENSER, 1)

    def is_due(self, decrement: np.ndarray, home: Any) -> np.ndarray:
        """Which neurons, (K,) of bool, are better served by a new one than by as many more steps as that costs.

        With what a Hessian and a step cost at home, and a steps since the last Hessian was new::

            cost  =  1 + Hessian / step                     in steps, of the next Hessian and a step by it
            left  =  (decrement / decrement then)^(1 / a)   of the decrement, by each step since
            due  <=>  left^cost > what one step of Newton's leaves

        Newton's step leaves as much as the decrement itself, or a tenth; but a sample knows a Hessian to
        ``(parameters / examples)^(1/2)``, and by its step as much is left. Of a layer with so many parameters that its
        Hessian costs more than the walk each neuron has one of its own, which knows nothing of the others.

        The first is due if it costs 12 steps at most, or when 4 steps or more have shown that as many as it costs
        would not be enough for a whole walk, ``left^cost > 1e-5``.
        """
        by_blocks = costs.repays_blocks(home)
        of_next = costs.of_blocks if by_blocks else costs.of_hessian
        cost = 1 + of_next(home, self.next_stride) / costs.of_step(home)
        gained = np.divide(decrement, self.decrement, where=self.decrement > 0, out=np.zeros_like(decrement))
        coming = gained ** (cost / np.maximum(self.age, 1))
        first = (cost <= costs.FIRST_HESSIAN) | (self.age >= TRIALS) & (coming > WHOLE_WALK)
        sampled = np.where(self.next_stride > 1, np.sqrt(home.n_parameters * self.next_stride / home.n), 0)
        leaves = BY_BLOCKS if by_blocks else np.minimum(decrement, BY_NEWTON)
        enough = np.maximum(leaves, sampled)
        return np.where([L is None for L in self.factor], first, coming > enough)

    def renewed(self, here: Place, due: np.ndarray) -> "FactoredHessian":
        """With new ones of some neurons, all from as many examples as the most demanding of them asks for."""
        stride = np.where(due, self.next_stride, self.stride)
        densest = stride[due].min()
        seen = here.objective.neurons(due)
        seen = seen.take(seen.home.sample(densest)) if densest > 1 else seen
        by_neurons = costs.repays_blocks(here.objective.home)
        hessian = (seen.hessians_of_neurons if by_neurons else seen.hessian)(here.theta[:, due])
        sampled = seen.home.shape[0] if densest > 1 else None
        factors = [factored(hessian[..., k], sampled) for k in range(hessian.shape[-1])]
        factor, walks = self.factor.copy(), np.flatnonzero(due)
        for k, walk in enumerate(walks):
            factor[walk] = tuple(factors[k * len(factors) // len(walks) : (k + 1) * len(factors) // len(walks)])
        return FactoredHessian(factor, stride, self.decrement, np.where(due, 0, self.age))


class LazyNewton(QuasiNewton):
    """Newton with a Hessian that is kept while it serves, mended by the steps since (as in L-BFGS).

    A new Hessian costs as much as several passes over X. It is made, for each neuron, when it is worth them
    (:meth:`FactoredHessian.is_due`): on tables of hundreds of features many a walk needs none.

    Parameters
    ----------
    examples : int, default=8
        Examples to look at for each parameter, in the first Hessian; in each later one, four times as many.
    pairs : int, default=10
        Steps to mend it with.
    """

    asks = ("hessian", "hessians_of_neurons")
    default_max_iter = 100
    keeps_pace = True
    _parameter_constraints: ClassVar[dict] = {"examples": COUNT, "pairs": COUNT}

    def __init__(self, examples=8, pairs=10):
        self.examples = examples
        self.pairs = pairs

    def first_initial(self, here: Place) -> FactoredHessian:
        """No Hessian yet."""
        return FactoredHessian.none_yet(here, self.examples)

    def next_initial(self, initial: FactoredHessian, here: Place) -> FactoredHessian:
        """The same Hessians, one step older."""
        return initial._replace(age=initial.age + 1)

    def heading(self, here: Place, memory: QuasiNewtonMemory) -> tuple[np.ndarray, Any]:
        """Return ``-B g``, by new Hessians where they are due, and those and the steps since."""
        heading, memory = super().heading(here, memory)
        due = memory.initial.is_due(length_along(here, heading), here.objective.home)
        if not due.any():
            return heading, memory
        pairs = tuple(pair._replace(rho=np.where(due, 0.0, pair.rho)) for pair in memory.pairs)
        heading, memory = super().heading(here, memory._replace(pairs=pairs, initial=memory.initial.renewed(here, due)))
        decrement = np.where(due, length_along(here, heading), memory.initial.decrement)
        return heading, memory._replace(initial=memory.initial._replace(decrement=decrement))

    def by_initial(self, memory: QuasiNewtonMemory, q: np.ndarray) -> np.ndarray:
        """Solve with the last Hessians; before the first, on the scale of the last step."""
        plain = latest_length(memory.pairs) * q
        factors = memory.initial.factor
        solved = (plain[:, k] if of_walk is None else _solved(of_walk, q[:, k]) for k, of_walk in enumerate(factors))
        return np.stack(list(solved), axis=-1)

    def decrement(self, here: Place, heading: np.ndarray) -> Decrement:
        """Estimate of the Newton decrement in the metric at hand, ``sqrt(g' B g)``."""
        return Decrement(length_along(here, heading), trust=0.1, confirmed=0.5)


def _solved(factors, g):
    """``H^-1 g`` (q,), of the factor of H, or of those of the blocks on its diagonal."""
    if len(factors) == 1:
        return solve_factored(factors[0], g)
    parts = np.split(g, len(factors))
    return np.concatenate([solve_factored(L, part) for L, part in zip(factors, parts, strict=True)])


def factored(hessian: np.ndarray, sampled: int | None) -> np.ndarray:
    """Lower Cholesky factor of a Hessian, as LAPACK reads it at every step.

    In standardised coordinates all features bend J alike. One that hardly does so among the examples of a sample (None:
    all were seen) was missed by it, and is given the average; and if the whole differs from that by no more than chance
    would have it, there is nothing to learn from it.
    """
    diagonal = np.diagonal(hessian)
    average = np.median(diagonal)
    if not 0 < average < np.inf:  # a step too long has led to where nothing bends J
        return np.eye(len(hessian), order="F")
    if sampled and shrinkage(hessian, sampled) > NOISE:
        return np.sqrt(average) * np.eye(len(hessian), order="F")
    if sampled:
        hessian = hessian + np.diag(np.where(diagonal < average / 20, average, 0))
    return np.asfortranarray(lower_factor(hessian))


def shrinkage(hessian: np.ndarray, examples: int) -> float:
    """How far a second moment of so many examples should be drawn towards the average of its diagonal.

    Y. Chen, A. Wiesel, Y. Eldar, A. Hero (2010), Shrinkage algorithms for MMSE covariance estimation, equation 23, for
    many features.
    """
    squares, total = (hessian**2).sum(), np.trace(hessian) ** 2
    uneven = squares - total / len(hessian)
    return min(1, (squares + total) / ((examples + 1) * uneven)) if uneven > 0 else 1
