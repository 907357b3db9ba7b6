"""Which way, by the gradient alone? Straight down, or with the momentum of the steps before."""

from typing import Any, NamedTuple

import numpy as np

from sklearn_neuron._linalg import dot
from sklearn_neuron.objective import Needs, Objective, Place
from sklearn_neuron.solvers.direction import Decrement, Direction, diagonal_decrement


class FirstOrder(Direction):
    """A direction that bears a J that changes from step to step, and constant rates."""

    needs = Needs.GRADIENT | Needs.DIAGONAL
    by_diagonal = True

    def decrement(self, here: Place, heading: np.ndarray) -> Decrement:
        """Estimate of the Newton decrement by the diagonal of the Hessian."""
        return Decrement(diagonal_decrement(here), contraction=1.0)


class Steepest(FirstOrder):
    """Straight down: ``heading = -gradient``, as in ``w <- w - alpha dJ/dw``.

    Where J has kinks, a step ends where they leave it, at ``prox(w - alpha dJ/dw)``: then the method is called proximal
    gradient, or ISTA.
    """

    default_max_iter = 100_000

    def heading(self, here: Place, memory: Any) -> tuple[np.ndarray, Any]:
        """Return the heading and, unchanged, the memory: steepest descent remembers nothing."""
        return -here.gradient, memory

    def landing(self, here: Place, theta: np.ndarray, rate: Any, memory: Any) -> tuple[np.ndarray, Any]:
        """What kinks leave of the step."""
        return here.objective.kink.prox(theta, rate), memory

    def largest_safe_rate(self, objective: Objective) -> float:
        """The constant rate up to which J cannot rise, ``2 / L``."""
        return 2 / objective.smoothness


class NesterovMemory(NamedTuple):
    """Velocity, and how many steps it has been gathered."""

    velocity: np.ndarray  # (p + 1, K)
    age: np.ndarray  # (K,)


class Nesterov(FirstOrder):
    """Descent with momentum that starts afresh whenever it would carry a neuron uphill.

    The walk visits the extrapolated points y of the method. With ``x' = y - alpha g`` the velocity
    ``v = (x' - x) / alpha`` obeys ``v <- beta v - g``, and the next y lies ``alpha (beta v - g)`` away.
    """

    default_max_iter = 20_000

    def init(self, here: Place) -> NesterovMemory:
        """The velocity of a step straight down."""
        return NesterovMemory(-here.gradient, np.zeros(here.gradient.shape[1]))

    def updated(self, memory: NesterovMemory, here: Place) -> NesterovMemory:
        """The velocity that led here and now leads on, or one straight down where that leads up."""
        g = here.gradient
        velocity = _momentum(memory.age) * memory.velocity - g
        uphill = dot(g, velocity) > 0
        return NesterovMemory(np.where(uphill, -g, velocity), np.where(uphill, 0.0, memory.age + 1))

    def heading(self, here: Place, memory: Any) -> tuple[np.ndarray, Any]:
        """Return the heading, and the velocity and age that led to it."""
        return _momentum(memory.age) * memory.velocity - here.gradient, memory

    def largest_safe_rate(self, objective: Objective) -> float:
        """The constant rate for which the method is proved, ``1 / L``."""
        return 1 / objective.smoothness


class FistaMemory(NamedTuple):
    """Where the last step ended before it was carried on, and how many steps momentum has been gathered."""

    last: np.ndarray  # (p + 1, K)
    age: np.ndarray  # (K,)


class ProximalNesterov(FirstOrder):
    """Nesterov's momentum where J has kinks, also called FISTA.

    The walk visits the extrapolated points y of the method: ``x' = prox(y - alpha g)``, ``y' = x' + beta (x' - x)``.
    A weight that was held at 0 twice is exactly 0.
    """

    default_max_iter = 20_000

    def init(self, here: Place) -> FistaMemory:
        """The start, without momentum."""
        return FistaMemory(here.theta, np.zeros(here.gradient.shape[1]))

    def heading(self, here: Place, memory: FistaMemory) -> tuple[np.ndarray, FistaMemory]:
        """Return the heading straight down, and the memory."""
        return -here.gradient, memory

    def landing(self, here: Place, theta: np.ndarray, rate: Any, memory: FistaMemory) -> tuple[np.ndarray, FistaMemory]:
        """What kinks leave of the step, carried on by momentum."""
        reached = here.objective.kink.prox(theta, rate)
        moved = reached - memory.last
        age = np.where(dot(here.theta - reached, moved) > 0, 0.0, memory.age)  # uphill: it starts afresh
        return reached + _momentum(age) * moved, FistaMemory(reached, age + 1)

    def largest_safe_rate(self, objective: Objective) -> float:
        """The constant rate for which the method is proved, ``1 / L``."""
        return 1 / objective.smoothness


def _momentum(age):
    """beta: the share ``k / (k + 3)`` of the velocity that is kept after k steps."""
    return age / (age + 3)
