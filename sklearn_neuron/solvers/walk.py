"""Who looks on? The watcher of a walk.

:func:`walk` looks on while :func:`~sklearn_neuron.descent.descend` steps down: it keeps the history, asks when each
neuron has walked enough (:mod:`~sklearn_neuron.solvers.stopping`), and lets the others go on without it. K neurons
thus share every pass over X, and the walk is as long as that of the slowest.
"""

from collections.abc import Iterator
from itertools import repeat
from typing import Any, NamedTuple

import numpy as np

from sklearn_neuron.descent import Step, descend
from sklearn_neuron.solvers.stopping import Outcome


class Arrival:
    """Where each of K neurons ended, and why.

    Attributes
    ----------
    weights : ndarray of shape (p + 1, K)
        Weights and bias in the units of X; of a neuron that diverged, the lowest finite ones it saw.
    loss : ndarray of shape (K,)
        J there.
    iterations : ndarray of int of shape (K,)
        Steps taken.
    outcomes : list of Outcome
        Why each walk ended.
    """

    theta: np.ndarray  # in the coordinates of the walk; no room is taken before the first has ended
    gradient: np.ndarray  # the same
    weights: np.ndarray
    hessian: Any = None  # (p + 1, p + 1, K), if they are to be kept and the direction has looked at them

    def __init__(self, K):
        self.loss = np.full(K, np.inf)
        self.iterations = np.zeros(K, dtype=np.int32)
        self.outcomes = [Outcome.SPENT] * K
        self.memories: list[Any] = [None] * K  # of the direction

    def note_end(self, step: Step, outcomes: list[Outcome | None], lowest: "Lowest", keep=False) -> np.ndarray:
        """Remember where, when and why some neurons ended; whether each goes on, (number walking,) of bool."""
        curved: Any = step.here.hessian
        if len(step.walking) == len(self.loss):
            self.theta, self.gradient = np.empty_like(step.here.theta), np.empty_like(step.here.gradient)
            self.hessian = np.empty_like(curved) if keep and curved is not None else None
        for k, (neuron, why) in enumerate(zip(step.walking, outcomes, strict=True)):
            if why is not None:
                there = lowest if why is Outcome.DIVERGED else step.here
                self.theta[:, neuron], self.loss[neuron] = there.theta[:, k], there.loss[k]
                self.gradient[:, neuron], self.iterations[neuron] = step.here.gradient[:, k], step.iteration
                self.outcomes[neuron], self.memories[neuron] = why, _of_one(step.memory, k, len(outcomes))
                if self.hessian is not None:
                    self.hessian[..., neuron] = curved[..., k]
        return np.array([why is None for why in outcomes])


class Lowest(NamedTuple):
    """The lowest place that each neuron has seen."""

    theta: np.ndarray  # (p + 1, number walking)
    loss: np.ndarray  # (number walking,)

    def or_lower(self, here: Any) -> "Lowest":
        """That, or here where J is lower."""
        lower = here.loss < self.loss  # never true of a nan
        if lower.all():
            return Lowest(here.theta, here.loss)
        if not lower.any():
            return self
        return Lowest(np.where(lower, here.theta, self.theta), np.where(lower, here.loss, self.loss))


def walk(objective, theta, direction, step_size, stop, history, callback=None, known=None, keep=False) -> Arrival:
    """Watch :func:`descend` until every neuron has arrived, tripped or spent its steps.

    Parameters
    ----------
    objective : Objective
        J of K neurons.
    theta : ndarray of shape (p + 1, K)
        Where to start, in the coordinates of `objective`.
    direction, step_size : callables
        As for :func:`descend`.
    stop : Stop
        When to stop.
    history : History
        Where every step is recorded.
    callback : callable, default=None
        ``callback(step, history)`` sees every step, recorded; ``step.walking`` are the numbers of the neurons that
        still walk. If it returns True the walk ends there; or, of an array of bool, one a neuron that walks, for those.
    known : Place, default=None
        The place at `theta`, if it was looked at already.
    keep : bool, default=False
        Whether to keep the Hessians of where they end.

    Returns
    -------
    Arrival
        Where each neuron ended, and why.
    """
    arrival, walking = Arrival(theta.shape[1]), np.arange(theta.shape[1])
    theta = np.asfortranarray(theta)  # as gradients are
    lowest = Lowest(theta, arrival.loss.copy())
    steps = descend(repeat(objective), theta, direction, step_size, known=known, start=stop.start)
    with np.errstate(over="ignore", invalid="ignore"):  # a neuron that trips is told as an outcome
        while True:
            for seen in steps:
                decrement = direction.decrement(seen.here, seen.heading)
                rate = direction.learning_rate(seen.rate, seen.memory)
                step = seen._replace(rate=rate, decrement=decrement, walking=walking)
                history.record(step)
                outcomes = stop(step, history, lowest.loss)
                lowest = lowest.or_lower(step.here)
                if callback is not None and np.any(ended := callback(step, history)):
                    ended = np.broadcast_to(ended, len(outcomes))
                    outcomes = [
                        why or (Outcome.CALLBACK if end else None) for why, end in zip(outcomes, ended, strict=True)
                    ]
                if any(outcomes):
                    break
                del seen, step  # and what only they remember: the next step may need the memory
            go_on = arrival.note_end(step, outcomes, lowest, keep)
            if not go_on.any():
                arrival.weights = objective.to_weights(arrival.theta)
                return arrival
            walking, lowest = walking[go_on], take_neurons(lowest, go_on)
            steps = _without_the_others(step, go_on, direction, step_size)


def _without_the_others(step, keep, direction, step_size) -> Iterator[Step]:
    """The same walk, from the step where it stands, for the neurons that go on; it costs no pass."""
    objective = step.here.objective.neurons(keep)
    here = take_neurons(step.here, keep)._replace(objective=objective)
    memory, size_memory = take_neurons((step.memory, step.size_memory), keep)
    steps = descend(repeat(objective), here.theta, direction, step_size, memory, size_memory, here, step.iteration)
    next(steps)  # this step has been watched already
    return steps


def _of_one(memory, k, walking):
    """What a direction remembers of one neuron; the memory itself if no other walks: L-BFGS remembers much."""
    return take_neurons(memory, [k]) if walking > 1 else memory


def together(callbacks) -> Any:
    """One callback that is several, those that are not None: whoever is asked to stop by one of them stops."""
    each = [callback for callback in callbacks if callback is not None]
    if len(each) < 2:
        return each[0] if each else None

    def all_of_them(step, history):
        asked = [callback(step, history) for callback in each]
        return np.any(
            [np.broadcast_to(bool(one) if np.ndim(one) == 0 else one, len(step.walking)) for one in asked], axis=0
        )

    return all_of_them


def columns_of(walks: np.ndarray, neurons: int) -> np.ndarray:
    """Numbers of the neurons of some walks, each of which is of so many: one, or a layer.

    >>> columns_of(np.array([0, 2]), 2)
    array([0, 1, 4, 5])
    """
    return (neurons * walks[:, None] + np.arange(neurons)).ravel()


def take_neurons(state: Any, keep: Any) -> Any:
    """Some neurons of a state: of every array in it, however nested, the last axis is cut."""
    if isinstance(state, np.ndarray):
        return state[..., keep]
    if isinstance(state, tuple):
        parts = [take_neurons(part, keep) for part in state]
        return type(state)(*parts) if hasattr(state, "_fields") else tuple(parts)
    return state
