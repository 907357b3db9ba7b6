"""When has a neuron walked enough, and why? What a walk looked like lately is compared with what it is to reach.

Reference: S. Boyd and L. Vandenberghe, Convex Optimization (2004), section 9.5.1 (the Newton decrement).
"""

from collections.abc import Iterator
from enum import Enum
from typing import NamedTuple

import numpy as np

from sklearn_neuron._linalg import dot
from sklearn_neuron.descent import Step
from sklearn_neuron.solvers.diagnosis import length_by_penalty, moves_at_most, of_bias_by_hessian
from sklearn_neuron.solvers.history import History

NOTHING = 1e-8  # a decrement whose square no J in float64 can show
UNSEEN = 1e-10  # one that an example, however far out, has hidden nothing behind that floats could hold
NEAR = 0.5  # by how much a score may change, so that curvature stays about what it is


class Outcome(Enum):
    """Why a walk ended.

    Examples
    --------
    >>> from sklearn_neuron import Outcome
    >>> for why in (Outcome.ARRIVED, Outcome.SPENT):
    ...     print(why.value, why.converged)
    the gradient is small enough True
    the iterations are spent False
    """

    ARRIVED = "the gradient is small enough"
    PRECISION = "no further progress is possible: J is flat to the last digit"
    STUCK = "no further progress is possible: no step along the heading lowers J"
    DOUBTFUL = "the gradient is small, but J at the weights returned may be above its minimum"
    SPENT = "the iterations are spent"
    DIVERGED = "diverged: J kept rising"
    CALLBACK = "stopped by a callback"
    EARLY = "stopped early: what was held out was believed best before"
    SEPARATED = "the classes are separated: without a penalty J has no minimum"

    def __repr__(self):
        return f"Outcome.{self.name}"  # short: in a list of them, on scikit-learn's page, the sentence would be cut

    @property
    def converged(self) -> bool:
        """Whether the neuron stands on the floor of the valley, as well as floats can tell."""
        return self in (Outcome.ARRIVED, Outcome.PRECISION)

    def __reduce__(self):  # what skops asks; pickle asks `__reduce_ex__`, and is told the same
        return type(self), (self.value,)


class Stop(NamedTuple):
    """When a neuron has walked enough, told from its last steps and how far their decrements can be trusted."""

    tol: float  # largest Newton decrement of a neuron that has arrived
    max_iter: int  # steps to take at most
    start: int = 0  # the step at which this walk began
    window: int = 5  # steps to look back on
    rises: int = 3  # how many of them may climb before the neuron has tripped
    lost: int = 20  # places in a row that may lie above where the neuron began

    def __call__(self, step: Step, history: History, best: np.ndarray) -> list[Outcome | None]:
        """Outcome of every neuron that is still walking, None for those that should go on.

        `best`, (number walking,), is the least J seen before: nobody arrives above it, nor above J of no weights at
        all; and who comes below it, and has some way to go, goes on.
        """
        outcomes: list[Outcome | None] = [None] * len(best)
        loss, rounding = step.here.loss, step.here.objective.rounding(step.here.loss)
        lowest = loss <= np.minimum(best, step.here.objective.no_idea) + rounding  # never true of a nan
        on_its_way = lowest & (best - loss > rounding) & (step.decrement.length > self.tol)
        if on_its_way.all() and not self._is_spent(step):
            return outcomes  # as after most steps
        for why, holds in self._reasons(step, history, lowest, rounding):
            outcomes = [before or (why if now else None) for before, now in zip(outcomes, holds, strict=True)]
            if all(outcomes):
                break
        return outcomes

    def _is_spent(self, step):
        return step.iteration >= self.max_iter

    def _reasons(self, step, history, lowest, rounding) -> Iterator[tuple[Outcome, np.ndarray]]:
        """What may have ended a walk, and for which neurons it holds; the first that does counts."""
        loss, decrement = (self._tail(column, self.window, step, history) for column in ("loss", "decrement"))
        spent = self._is_spent(step)
        flat = lowest & (decrement[-1] ** 2 / 2 <= rounding)
        if (decrement[-1] <= self.tol).any():
            came_here = step.iteration > self.start or not step.decrement.is_exact  # a first look is followed by a step
            last = spent and not step.here.objective.kink.holds  # of a parabola with kinks two are compared
            small = lowest & self._is_small(step, decrement, last | flat & came_here)
            near = self._is_local(step, decrement, small)
            held = lowest & (decrement[-1] <= self.tol) & ~near
            yield Outcome.ARRIVED, near | held & self._is_held(step) if held.any() else near
        falls = loss[-2] - loss[-1] > rounding if len(loss) > 1 else np.isfinite(loss[-1])
        if (falls & lowest).all() and not spent:
            return  # no other holds for a neuron on its way down
        still = np.broadcast_to(step.rate == 0, flat.shape)
        above = self._above_the_start(step, history, rounding)
        yield Outcome.DIVERGED, self._climbs(loss, rounding) | (above[1:].all(axis=0) & (len(above) > self.lost))
        stalled = flat & (still | self._stalled(loss, decrement, rounding))
        yield Outcome.PRECISION, self._is_local(step, decrement, stalled)
        yield Outcome.STUCK, still
        yield Outcome.DIVERGED, above[-1] & spent
        yield Outcome.SPENT, np.full(flat.shape, spent)

    def _tail(self, column, steps, step, history):
        """The last rows of this walk, of so many steps at most, of the neurons that walk."""
        return history.tail(column, min(steps, step.iteration - self.start) + 1)[:, step.walking]

    def _is_small(self, step, decrement, last):
        """Whether the decrement is at most `tol`, and can be trusted to be; of the `last` step that is not asked."""
        now, before, earlier = [*decrement[:-4:-1], np.inf, np.inf][:3]
        confirmed = self._confirmed_by_newton if step.decrement.trust == 1 else self._confirmed_by_length
        return (now <= self.tol) & (last | confirmed(step, now, before, earlier))

    def _confirmed_by_newton(self, step, now, before, earlier):
        """Whether it was so a step ago, or that step took the decrement to about its square, as Newton's do at the end.

        Where neither of the last two shortened the decrement as much as it promises to, curvature fades: an example far
        out grows sure, and what it has hidden comes to light when it is. Then nothing is believed yet; nor where kinks
        let step after step promise the same.
        """
        share = step.decrement.contraction
        shortened = now <= share * before
        if not step.here.objective.kink.holds:
            shortened |= before <= share * earlier  # the last may be all rounding
        squared = now <= share**2 * before
        return (before <= self.tol) & shortened | squared | (now <= min(self.tol**2, NOTHING))

    def _confirmed_by_length(self, step, now, before, earlier):
        """Whether an estimate is small even if it is as much too small as it may be.

        A step that does what it promised confirms the metric that it was made by, so that more of it is believed; but
        for what that metric overlooks only the plain length of the gradient does.
        """
        g, claim = step.here.gradient, step.decrement
        confirmed = (now <= claim.contraction * before) & (dot(g, g) <= self.tol**2)
        return now <= self.tol * np.where(confirmed, claim.confirmed, claim.trust)

    def _is_local(self, step, decrement, said):
        """Those said to have arrived for whom J bends on the way to the floor as it does here.

        The third derivative of the loss is at most its curvature, so that this changes by no more than ``exp(m)`` if no
        score moves by more than m. An example that grows sure moves by 1 at every step of Newton's, for ever, and the
        decrement shrinks without telling how far it is.
        """
        if not (step.decrement.is_exact and said.any()):
            return said
        certain = (decrement[-1] <= UNSEEN) | (step.here.loss <= self.tol**2 / 2)  # J is never below 0
        heading = np.where(said & ~certain, step.heading, 0)
        return said & (certain | moves_at_most(step.here.objective, step.here.theta, heading, NEAR))

    def _is_held(self, step):
        """Whether the curvature that no example can hide, that of the penalty, shows that the decrement is small."""
        here = step.here
        if not step.decrement.is_exact or here.hessian is None or here.objective.penalty == 0:
            return np.zeros(here.loss.shape, dtype=bool)
        of_bias = of_bias_by_hessian(here.objective, here.hessian)
        return length_by_penalty(here.objective, here.gradient, of_bias) <= self.tol**2

    def _above_the_start(self, step, history, rounding):
        """Whether each of the last places lies above where the walk began."""
        first = self._tail("loss", step.iteration, step, history)[0]
        return self._tail("loss", self.lost, step, history) > first + rounding

    def _climbs(self, loss, rounding):
        """Whether J climbs, again and again, or is no number any more."""
        return ~np.isfinite(loss[-1]) | ((np.diff(loss, axis=0) > rounding).sum(axis=0) >= self.rises)

    def _stalled(self, loss, decrement, rounding):
        """Whether neither J nor the decrement has moved since the window opened, or J, never below 0, is there."""
        no_nearer = (decrement[-1] > decrement[:-1].min(axis=0, initial=np.inf) / 2) | (loss[-1] <= rounding)
        return no_nearer & (np.abs(loss[0] - loss[-1]) <= rounding) & (len(loss) > self.window)
