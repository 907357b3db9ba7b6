"""How does a neuron learn? By walking downhill on J, one step at a time.

The rule ``w <- w - alpha dJ/dw`` stands once, in :func:`descend`, with the steepest direction written out
as ``heading = -dJ/dw``. A *direction* (:mod:`~sklearn_neuron.solvers.directions`) chooses a heading, maybe a better
one, a *step size* (:mod:`~sklearn_neuron.solvers.step_sizes`) the rate alpha; the walk is the same.

:func:`descend` never stops and records nothing: it yields what is known before every step to whoever
watches. In a fit that is :func:`~sklearn_neuron.solvers.walk.walk`; by hand a ``for`` loop will do.

Where J has kinks (an L1 penalty), the same rule is followed with ``heading = prox(w - alpha dJ/dw) - w``
(:class:`~sklearn_neuron.solvers.first_order.ProximalGradient`).

Reference: A. Cauchy, Methode generale pour la resolution des systemes d'equations simultanees, C. R. Acad.
Sci. Paris 25 (1847), 536-538.
"""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import numpy as np

from sklearn_neuron.objective import Objective, Place


class Step(NamedTuple):
    """What is known before a step: the place, the way on, and the rate and memories that led here.

    Whoever watches may add the last two: how far above the floor the place may be, and which neurons still walk.
    """

    iteration: int
    here: Place
    heading: np.ndarray  # (p + 1, K)
    rate: Any  # of the step that arrived here; None at the start
    memory: Any  # of the direction, a velocity for example
    size_memory: Any  # of the step size
    decrement: Any = None  # the direction's estimate, and its trust
    walking: Any = None  # (K,), numbers of the neurons that still walk


def descend(
    objectives: Iterable[Objective], theta, direction, step_size, memory=None, size_memory=None, known=None, start=0
) -> Iterator[Step]:
    """Walk downhill for ever; yield what is known before every step.

    Parameters
    ----------
    objectives : iterable of Objective
        The J of every step: the same one repeated, or one for each batch of examples.
    theta : ndarray of shape (p + 1, K)
        Where to start: weights and, last, the bias of K neurons.
    direction : callable with an attribute `needs`
        ``direction(here, memory)`` returns a heading and what to remember; `needs` is what it reads of a place.
    step_size : callable
        ``step_size(iteration, here, heading, size_memory)`` returns a rate, the place it leads to (None if not
        visited) and what to remember.
    memory, size_memory, known, start : optional
        The memories, place and iteration of a `Step`, to go on where another walk paused.

    Yields
    ------
    Step
        Number `start`, `start` + 1, and so on.

    Examples
    --------
    The first steps of a learner: a constant learning rate, straight down, from zero weights.

    >>> from itertools import islice, repeat
    >>> import numpy as np
    >>> from sklearn_neuron.datasets import make_toxic_plants
    >>> from sklearn_neuron.solvers.directions import Steepest
    >>> from sklearn_neuron.objective import Objective
    >>> from sklearn_neuron.homes.memory import InMemory
    >>> from sklearn_neuron.solvers.step_sizes import Constant
    >>> X, toxic = make_toxic_plants(random_state=0, return_X_y=True)
    >>> J = Objective(InMemory(X, toxic[:, None] == 1, shares=np.full(200, 1 / 200)))  # one neuron; shares sum to 1
    >>> for step in islice(descend(repeat(J), np.zeros((3, 1)), Steepest(), Constant(0.1)), 3):
    ...     print(step.iteration, step.here.loss.round(4))
    0 [0.6931]
    1 [0.6804]
    2 [0.6785]

    With ``Constant(1.0)`` it climbs.
    """
    rate, there = None, known
    for iteration, objective in enumerate(objectives, start):
        here = objective.at(theta, direction.needs, known=there)  # how wrong, how steep?
        heading, remembered = direction(here, memory)  # which way?
        yield Step(iteration, here, heading, rate, memory, size_memory)
        rate, there, size_memory = step_size(iteration, here, heading, size_memory)  # how far?
        theta = theta + rate * heading  # w <- w - alpha dJ/dw
        memory = remembered  # only now: a step that pauses holds what led to it
