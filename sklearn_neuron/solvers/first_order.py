"""Which way, by the gradient alone? Straight down, or with the momentum of the steps before.

Where J has kinks, a step straight down ends where they leave it. That depends on how long it is, so that alpha belongs
to the heading, which is followed whole, at rate 1; a weight that is held at 0 is then exactly 0::

    heading  =  prox(theta - alpha g) - theta

Reference: A. Beck and M. Teboulle, A fast iterative shrinkage-thresholding algorithm for linear inverse problems, SIAM
J. Imaging Sci. 2 (2009), 183-202, equations 3.1 (ISTA) and 4.1-4.3 (FISTA).
"""

from typing import Any, ClassVar, NamedTuple

import numpy as np

from sklearn_neuron._linalg import dot
from sklearn_neuron.objective import Needs, Objective, Place
from sklearn_neuron.solvers.direction import Decrement, Direction, diagonal_decrement
from sklearn_neuron.solvers.step_sizes import BLIND


class FirstOrder(Direction):
    """A direction that bears a J that changes from step to step, and constant rates."""

    needs = Needs.GRADIENT | Needs.DIAGONAL
    by_diagonal = True
    safe: ClassVar[int] = 1  # times 1 / L is the largest constant rate for which the method is proved

    def decrement(self, here: Place, heading: np.ndarray) -> Decrement:
        """Estimate of the Newton decrement by the diagonal of the Hessian."""
        return Decrement(diagonal_decrement(here), contraction=1.0)

    def largest_safe_rate(self, objective: Objective) -> float:
        """The largest constant rate that is known to lead down."""
        return self.safe / objective.smoothness


class Steepest(FirstOrder):
    """Straight down: ``heading = -gradient``, as in ``w <- w - alpha dJ/dw``; up to ``2 / L`` J cannot rise."""

    default_max_iter = 100_000
    safe = 2

    def heading(self, here: Place, memory: Any) -> tuple[np.ndarray, Any]:
        """Return the heading and, unchanged, the memory: steepest descent remembers nothing."""
        return -here.gradient, memory


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


class Proximal(FirstOrder):
    """A step straight down, of which kinks leave less: the direction knows how far.

    Parameters
    ----------
    step_size : Constant, Scheduled or InverseSmoothness
        The alpha of ``prox(theta - alpha g)``. The rate of the heading itself is 1: it goes with ``Constant(1)``.
    """

    _parameter_constraints: ClassVar[dict] = {"step_size": list(BLIND)}

    def __init__(self, step_size):
        self.step_size = step_size

    def learning_rate(self, rate: Any, memory: Any) -> Any:
        """The alpha that led here; None at the start."""
        return rate if memory is None else memory.rate

    def reached(self, here: Place, steps: int) -> tuple[Any, np.ndarray]:
        """The alpha after so many steps, and where a step straight down ends."""
        rate, _, _ = self.step_size(steps, here, -here.gradient)
        return rate, here.objective.kink.prox(here.theta - rate * here.gradient, rate)


class StepsTaken(NamedTuple):
    """How many, and the alpha of the last."""

    steps: int = 0
    rate: Any = None


class ProximalGradient(Proximal):
    """Straight down, as far as kinks let a weight go: ``prox(theta - alpha g)``, also called ISTA."""

    default_max_iter = 100_000
    safe = 2

    def init(self, here: Place) -> StepsTaken:
        """None was taken."""
        return StepsTaken()

    def heading(self, here: Place, memory: StepsTaken) -> tuple[np.ndarray, StepsTaken]:
        """Return the heading, and how many steps were taken then."""
        rate, reached = self.reached(here, memory.steps)
        return reached - here.theta, StepsTaken(memory.steps + 1, rate)


class FistaMemory(NamedTuple):
    """Where the last step ended before it was carried on, and how many steps momentum has been gathered."""

    last: np.ndarray  # (p + 1, K)
    age: np.ndarray  # (K,)
    steps: int = 0
    rate: Any = None


class ProximalNesterov(Proximal):
    """The same with Nesterov's momentum, also called FISTA; it starts afresh whenever it would carry a neuron uphill.

    The walk visits the extrapolated points y of the method: ``x' = prox(y - alpha g)``, ``y' = x' + beta (x' - x)``.
    A weight that was held at 0 twice is exactly 0.
    """

    default_max_iter = 20_000

    def init(self, here: Place) -> FistaMemory:
        """The start, without momentum."""
        return FistaMemory(here.theta, np.zeros(here.gradient.shape[1]))

    def heading(self, here: Place, memory: FistaMemory) -> tuple[np.ndarray, FistaMemory]:
        """Return the heading, to where kinks let a step end and on by momentum, and what led to it."""
        rate, reached = self.reached(here, memory.steps)
        moved = reached - memory.last
        age = np.where(dot(here.theta - reached, moved) > 0, 0.0, memory.age)  # uphill: it starts afresh
        heading = reached + _momentum(age) * moved - here.theta
        return heading, FistaMemory(reached, age + 1, memory.steps + 1, rate)


def _momentum(age):
    """beta: the share ``k / (k + 3)`` of the velocity that is kept after k steps."""
    return age / (age + 3)
