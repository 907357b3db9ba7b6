"""What is a direction? It looks at a place and tells where to go, and how far the floor may be."""

from collections.abc import Callable
from numbers import Integral
from typing import Any, ClassVar, NamedTuple

import numpy as np
from sklearn.base import BaseEstimator

from sklearn_neuron._linalg import dot
from sklearn_neuron._sklearn import Interval
from sklearn_neuron.objective import Needs, Objective, Place

COUNT = [Interval(Integral, 1, None, closed="left")]  # what an option may be that says how many


class Decrement(NamedTuple):
    """Estimate of the Newton decrement, and how far it can be trusted.

    The decrement ``sqrt(g' H^-1 g)`` is the length of the gradient in the metric of the curvature: J is about half its
    square above the floor, whatever the units of the features.
    """

    length: np.ndarray  # (K,)
    trust: float = 1.0  # share of the decrement itself that it is at least
    confirmed: float = 1.0  # the same, if the last step did what it promised
    contraction: float = 0.1  # what such a step leaves of it at most

    @property
    def is_exact(self) -> bool:
        """Whether it is that of Newton's step, which takes it to about its square."""
        return self.trust == 1 and self.contraction < 1


class Direction(BaseEstimator):
    """What all directions have in common: options that clone, a first memory, and one that is brought up to date."""

    needs: ClassVar[Needs]  # of every place
    asks: ClassVar[tuple[str, ...]] = ()  # methods of the objective, a pass each, that it calls beside that
    default_max_iter: ClassVar[int]
    heading: Callable[..., tuple[np.ndarray, Any]]  # heading(here, memory): where to go, and what was learned of here
    decrement: Callable[..., Decrement]  # decrement(here, heading)
    by_diagonal: ClassVar[bool] = False  # whether its decrement is one of the diagonal of the Hessian alone
    keeps_pace: ClassVar[bool] = False  # whether walks side by side take about as many passes, so that none waits long
    metric: Any = None  # metric(memory, v) is about H^-1 v, where that was only learned and needs a certificate

    def __call__(self, here: Place, memory: Any) -> tuple[np.ndarray, Any]:
        """Return the heading, (p + 1, K), and the memory that led to it."""
        return self.heading(here, self.init(here) if memory is None else self.updated(memory, here))

    def init(self, here: Place) -> Any:
        """What is remembered at the first place; here nothing."""
        return

    def updated(self, memory: Any, here: Place) -> Any:
        """The memory with what the step to this place has taught."""
        return memory

    def first(self, objective: Objective, theta: np.ndarray) -> np.ndarray:
        """Where to begin, if it is told to begin at theta: there."""
        return theta

    def learning_rate(self, rate: Any, memory: Any) -> Any:
        """The alpha of the step that led here, of the rate and the memory that did: that rate."""
        return rate

    def largest_safe_rate(self, objective: Objective) -> float | None:
        """Nothing: no constant rate is safe wherever this heading leads; backtracking measures every step."""


def diagonal_decrement(here: Any) -> np.ndarray:
    """By the diagonal of the Hessian: without end where there is a slope and no curvature; shape (K,)."""
    squared = here.objective.kink.squared_decrement(here.theta, here.gradient, here.diagonal)
    return np.sqrt(squared.sum(axis=0))


def length_along(here: Place, heading: np.ndarray) -> np.ndarray:
    """What a heading ``-B g`` promises, ``sqrt(g' B g)``; shape (K,)."""
    return np.sqrt(np.maximum(-dot(here.gradient, heading), 0))
