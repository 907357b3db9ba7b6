"""When to stop, and why? The watcher of a fit.

:func:`walk` looks on while :func:`~sklearn_neuron.descent.descend` steps down: it keeps the history, tells
when each neuron has arrived, tripped or spent its steps, and lets the others go on without it. K neurons
thus share every pass over X, and the walk is as long as that of the slowest.

Reference: S. Boyd and L. Vandenberghe, Convex Optimization (2004), section 9.5.1 (the Newton decrement).
"""

from collections.abc import Iterator
from enum import Enum
from itertools import repeat
from typing import Any, NamedTuple

import numpy as np

from sklearn_neuron._linalg import dot
from sklearn_neuron.descent import Step, descend

NOTHING = 1e-8  # a decrement whose square no J in float64 can show
UNSEEN = 1e-10  # one that an example, however far out, has hidden nothing behind that floats could hold
NO_IDEA = float(np.log(2))  # J of one who hesitates at every example, and above no minimum
NEAR = 0.5  # by how much a score may change, so that curvature stays about what it is


class Outcome(Enum):
    """Why a walk ended."""

    ARRIVED = "the gradient is small enough"
    PRECISION = "no further progress is possible: J is flat to the last digit"
    STUCK = "no further progress is possible: no step along the heading lowers J"
    DOUBTFUL = "the gradient is small, but J at the weights returned may be above its minimum"
    SPENT = "the iterations are spent"
    DIVERGED = "diverged: J kept rising"
    CALLBACK = "stopped by a callback"
    SEPARATED = "the classes are separated: without a penalty J has no minimum"

    @property
    def converged(self):
        """Whether the neuron stands on the floor of the valley, as well as floats can tell."""
        return self in (Outcome.ARRIVED, Outcome.PRECISION)


class Stop(NamedTuple):
    """When a neuron has walked enough, told from the last rows of its history."""

    tol: float  # largest Newton decrement of a neuron that has arrived
    max_iter: int  # steps to take at most
    start: int = 0  # the step at which this walk began
    doubt: float = 1  # how many times smaller an estimate of the decrement must be to be believed at once
    proven: float = 1  # share of `tol` at which it is believed if the last step vouches for it
    window: int = 5  # steps to look back on
    rises: int = 3  # how many of them may climb before the neuron has tripped
    lost: int = 20  # places in a row that may lie above where the neuron began

    def __call__(self, step, history, walking, best) -> list[Outcome | None]:
        """Outcome of every neuron that is still walking, None for those that should go on.

        `best`, (number walking,), is the least J seen: nobody arrives above it, nor above J of no weights at all.
        """
        rows = min(self.window, step.iteration - self.start) + 1
        loss = history.tail("loss", rows)[:, walking]
        decrement = history.tail("decrement", rows)[:, walking]
        outcomes: list[Outcome | None] = [None] * len(walking)
        for why, holds in self._reasons(step, history, walking, loss, decrement, best):
            outcomes = [before or (why if now else None) for before, now in zip(outcomes, holds, strict=True)]
            if all(outcomes):
                break
        return outcomes

    def _reasons(self, step, history, walking, loss, decrement, best) -> Iterator[tuple[Outcome, np.ndarray]]:
        """What may have ended a walk, and for which neurons it holds; the first that does counts."""
        rounding = step.here.objective.rounding(loss[-1])
        lowest = loss[-1] <= np.minimum(best, NO_IDEA) + rounding  # never true of a nan
        spent = step.iteration >= self.max_iter
        flat = lowest & (decrement[-1] ** 2 / 2 <= rounding)
        if (decrement[-1] <= self.tol).any():
            near = self._arrived(step, decrement, spent | flat)
            yield Outcome.ARRIVED, self._is_local(step, decrement, lowest & near)
        falls = loss[-2] - loss[-1] > rounding if len(loss) > 1 else np.isfinite(loss[-1])
        if (falls & lowest).all() and not spent:
            return  # no other holds for a neuron on its way down
        still = np.broadcast_to(step.rate == 0, flat.shape)
        above = history.tail("loss", min(self.lost, step.iteration - self.start) + 1)[:, walking]
        above = above > history.tail("loss", step.iteration - self.start + 1)[0, walking] + rounding
        yield Outcome.DIVERGED, self._tripped(loss, rounding) | (above[1:].all(axis=0) & (len(above) > self.lost))
        stalled = flat & (still | self._stalled(loss, decrement, rounding))
        yield Outcome.PRECISION, self._is_local(step, decrement, stalled)
        yield Outcome.STUCK, still
        yield Outcome.DIVERGED, above[-1] & spent
        yield Outcome.SPENT, np.full(flat.shape, spent)

    def _is_local(self, step, decrement, said):
        """Those said to have arrived for whom J bends on the way to the floor as it does here.

        The third derivative of the loss is at most its curvature, so that this changes by no more than ``exp(m)`` if no
        score moves by more than m. An example that grows sure moves by 1 at every step of Newton's, for ever, and the
        decrement shrinks without telling how far it is.
        """
        if self.doubt == 1 and self.proven < 1 and said.any():
            certain = (decrement[-1] <= UNSEEN) | (step.here.loss <= self.tol**2 / 2)  # J is never below 0
            heading = np.where(said & ~certain, step.heading, 0)
            return said & (certain | step.here.objective.moves_at_most(step.here.theta, heading, NEAR))
        return said

    def _arrived(self, step, decrement, last):
        """Whether the decrement is small, and was so a step ago: the step between takes the gap to its square.

        Newton's step does so; where neither of the last two shortened the decrement to `proven` of it, curvature fades:
        an example far out grows sure, and what it has hidden comes to light when it is. Then nothing is believed yet.
        An estimate, of a direction whose steps do less, must be `doubt` times smaller instead; or somewhat smaller, if
        the step between shortened it so much, and the gradient itself is small: a step that does what it promised
        vouches for the metric that it was made by, but for what that metric overlooks only the plain length does.
        If this step is the `last`, for want of iterations or of digits, none of that is asked.
        """
        now, before = decrement[-1], decrement[-2] if len(decrement) > 1 else np.inf
        if self.doubt == 1:
            earlier = decrement[-3] if len(decrement) > 2 else np.inf
            vouched = (now <= self.proven * before) | (before <= self.proven * earlier)  # the last may be all rounding
            sure = (before <= self.tol) & vouched | (now <= min(self.tol**2, NOTHING))
        else:
            g = step.here.gradient
            vouched = (now <= before / self.doubt) & (dot(g, g) <= self.tol**2)
            sure = now <= self.tol * np.where(vouched, self.proven, 1 / self.doubt)
        return (now <= self.tol) & (sure | last)

    def _tripped(self, loss, rounding):
        """Whether J climbs, again and again, or is no number any more."""
        return ~np.isfinite(loss[-1]) | ((np.diff(loss, axis=0) > rounding).sum(axis=0) >= self.rises)

    def _stalled(self, loss, decrement, rounding):
        """Whether neither J nor the decrement has moved since the window opened, or J, never below 0, is there."""
        no_nearer = (decrement[-1] > decrement[:-1].min(axis=0, initial=np.inf) / 2) | (loss[-1] <= rounding)
        return no_nearer & (np.abs(loss[0] - loss[-1]) <= rounding) & (len(loss) > self.window)


class Arrival:
    """Where each of K neurons ended, and why.

    Attributes
    ----------
    weights : ndarray of shape (p + 1, K)
        Weights and bias in the units of X; of a neuron that diverged, the best finite ones it saw.
    loss : ndarray of shape (K,)
        J there.
    iterations : ndarray of int of shape (K,)
        Steps taken.
    outcomes : list of Outcome
        Why each walk ended.
    """

    def __init__(self, theta):
        K = theta.shape[1]
        self.theta = theta.copy()  # in the coordinates of the walk
        self.weights = self.theta  # in the units of X, when all have ended
        self.loss = np.full(K, np.inf)
        self.iterations = np.zeros(K, dtype=np.int32)
        self.outcomes = [Outcome.SPENT] * K
        self.gradient = np.zeros_like(self.theta)  # in the coordinates of the walk
        self.memories: list[Any] = [None] * K  # of the direction

    def note_best(self, here, walking):
        """Remember places lower than any seen before."""
        lower = here.loss < self.loss[walking]  # never true of a nan
        self._note(here, walking, lower)

    def note_end(self, step, walking, outcomes):
        """Remember where, when and why some neurons ended."""
        ended = np.array([why is not None for why in outcomes])
        settled = np.array([why not in (None, Outcome.DIVERGED) for why in outcomes])
        self._note(step.here, walking, settled)
        self.iterations[walking[ended]] = step.iteration
        self.gradient[:, walking[ended]] = step.here.gradient[:, ended]
        for k, (neuron, why) in enumerate(zip(walking, outcomes, strict=True)):
            if why is not None:
                self.outcomes[neuron], self.memories[neuron] = why, take_neurons(step.memory, [k])
        return ~ended

    def _note(self, here, walking, which):
        self.loss[walking[which]] = here.loss[which]
        self.theta[:, walking[which]] = here.theta[:, which]


def walk(objective, theta, direction, step_size, stop, history, callback=None, known=None) -> Arrival:
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
        ``callback(step, history)`` sees every step, recorded; if it returns True the walk ends there.
    known : Place, default=None
        The place at `theta`, if it was looked at already.

    Returns
    -------
    Arrival
        Where each neuron ended, and why.
    """
    arrival = Arrival(theta)
    walking = np.arange(theta.shape[1])
    theta = np.asfortranarray(theta)  # as gradients are
    steps = descend(repeat(objective), theta, direction, step_size, known=known, start=stop.start)
    with np.errstate(over="ignore", invalid="ignore"):  # a neuron that trips is told as an outcome
        while True:
            for step in steps:
                history.record(step, walking, direction.decrement(step.here, step.heading))
                arrival.note_best(step.here, walking)
                outcomes = stop(step, history, walking, arrival.loss[walking])
                if callback is not None and callback(step, history):
                    outcomes = [why or Outcome.CALLBACK for why in outcomes]
                if any(outcomes):
                    break
            go_on = arrival.note_end(step, walking, outcomes)
            if not go_on.any():
                arrival.weights = objective.to_weights(arrival.theta)
                return arrival
            walking = walking[go_on]
            steps = _without_the_others(step, go_on, direction, step_size)


def _without_the_others(step, keep, direction, step_size) -> Iterator[Step]:
    """The same walk, from the step where it stands, for the neurons that go on; it costs no pass."""
    objective = step.here.objective.neurons(keep)
    here = take_neurons(step.here, keep)._replace(objective=objective)
    memory, size_memory = take_neurons((step.memory, step.size_memory), keep)
    steps = descend(repeat(objective), here.theta, direction, step_size, memory, size_memory, here, step.iteration)
    next(steps)  # this step has been watched already
    return steps


def take_neurons(state, keep):
    """Some neurons of a state: of every array in it, however nested, the last axis is cut."""
    if isinstance(state, np.ndarray):
        return state[..., keep]
    if isinstance(state, tuple):
        parts = [take_neurons(part, keep) for part in state]
        return type(state)(*parts) if hasattr(state, "_fields") else tuple(parts)
    return state
