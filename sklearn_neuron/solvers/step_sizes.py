"""How far? A step size names the rate alpha of ``theta <- theta + alpha heading``.

It returns the rate of every neuron, shape () or (K,), the place the step leads to if it had to be looked at on the way,
so that nothing is computed twice, and what it wants to remember. A long rate overshoots the floor, a short one wastes
steps: only `InverseSmoothness` and `Backtracking` know where the edge is.

=================  =====================================================================================
InverseSmoothness  1 / L: J falls at every step (Y. Nesterov, Lectures on Convex Optimization, 2018,
                   theorem 2.1.14, ``J_k - J* <= 2 L |theta_0 - theta*|^2 / (k + 4)``)
Backtracking       start at 1, shorten until J falls enough (L. Armijo, 1966; W. Hager and H. Zhang, 2005,
                   equations 4.1 and 4.3: near the floor trust the slope, J has no digits left)
=================  =====================================================================================
"""

from numbers import Integral, Real
from typing import Any, ClassVar, NamedTuple

import numpy as np
from sklearn.base import BaseEstimator

from sklearn_neuron._linalg import dot
from sklearn_neuron._sklearn import Interval
from sklearn_neuron.homes.labels import as_float
from sklearn_neuron.objective import Place
from sklearn_neuron.solvers.origin import Origin

TINY = float(np.finfo(float).tiny)


class Constant(BaseEstimator):
    """The same rate at every step: the alpha of ``w <- w - alpha dJ/dw``.

    Parameters
    ----------
    rate : float
        Learning rate, above 0.
    """

    measures = False  # whether J is looked at before a step is taken
    _parameter_constraints: ClassVar[dict] = {"rate": [Interval(Real, 0, None, closed="neither")]}

    def __init__(self, rate):
        self.rate = rate

    def __call__(self, iteration, here, heading, size_memory=None) -> tuple[Any, Place | None, Any]:
        """Return the rate; nothing was looked at, or is remembered."""
        return _checked(self.rate, "Constant(%s)"), None, None


class Scheduled(BaseEstimator):
    """A rate that depends on the step.

    Parameters
    ----------
    schedule : callable
        ``schedule(iteration)`` returns a positive number; the first iteration is 0.
    """

    measures = False
    _parameter_constraints: ClassVar[dict] = {"schedule": [callable]}

    def __init__(self, schedule):
        self.schedule = schedule

    def __call__(self, iteration, here, heading, size_memory=None) -> tuple[Any, Place | None, Any]:
        """Return ``schedule(iteration)``; nothing was looked at, or is remembered."""
        return _checked(self.schedule(iteration), f"learning_rate({iteration}) returned %s"), None, None


def _checked(rate, told):
    """The rate as a float; refused, told of in these words, if it is none."""
    if isinstance(rate, bool) or not (isinstance(rate, Real) and 0 < as_float(rate) < np.inf):
        shown = repr(np.asarray(rate).tolist())  # 0.1, not np.float64(0.1)
        raise ValueError(f"{told % shown}: a learning rate must be a positive, finite number.")
    return float(rate)


class InverseSmoothness(BaseEstimator):
    """The theorem's safe rate, ``1 / L``, with L the steepest curvature that J has anywhere."""

    measures = False

    def __call__(self, iteration, here, heading, size_memory=None) -> tuple[Any, Place | None, Any]:
        """Return 1 / L; nothing was looked at, or is remembered."""
        return 1 / here.objective.smoothness, None, None


BLIND = (Constant, Scheduled, InverseSmoothness)  # they do not measure J


class BacktrackingMemory(NamedTuple):
    """What backtracking remembers: whose J it measured, and by how much its rate fell short."""

    origin: Origin
    lack: np.ndarray | None = None  # (K,), of the last rate, beside its decrement; None: not known


class Backtracking(BaseEstimator):
    """Full steps where they serve, shorter ones where they do not.

    Parameters
    ----------
    decrease : float, default=1e-4
        Share of the promised fall of J that a step must deliver, below a half: the bottom of a parabola delivers that.
    max_trials : int, default=30
        Lengths to try; a neuron for which none serves gets rate 0.
    stretch : float, default=0.0
        How much longer than 1 the first step may be, beside the square of its Newton decrement (of a layer of K,
        whose decrement is that of all, one of K - 1 of it); every later one is as much longer (or shorter) as the step
        before should have been, in the measure in which the decrement has shrunk. 0 tries 1 first, at every step.
        Newton's parabola has the curvature of here, but a neuron grows surer on its way and J flatter, so that full
        steps fall short (Nocedal and Wright, 2006, section 3.5, on first trials).
    """

    measures = True
    _parameter_constraints: ClassVar[dict] = {
        "decrease": [Interval(Real, 0, 0.5, closed="neither")],
        "max_trials": [Interval(Integral, 1, None, closed="left")],
        "stretch": [Interval(Real, 0, None, closed="left")],
    }

    def __init__(self, decrease=1e-4, max_trials=30, stretch=0.0):
        self.decrease = decrease
        self.max_trials = max_trials
        self.stretch = stretch

    def init(self, here) -> BacktrackingMemory:
        """Whose J it is."""
        return BacktrackingMemory(Origin(here.objective))

    def __call__(self, iteration, here, heading, size_memory=None) -> tuple[Any, Place | None, Any]:
        """Return one rate a neuron, the place all of them lead to, and how much longer the next may be."""
        origin, lack = size_memory or self.init(here)
        origin = origin.still(here.objective, self)
        slope = here.promise(heading)
        rate = self._first_trial(slope, lack, here.objective.loss.neurons)
        for _ in range(self.max_trials):
            there = here.objective.at(here.theta + rate * heading, here.needs)
            new_slope = _slope_along(there, heading)
            serves = self._falls(here, there, rate, slope)
            if serves.all() or (serves := serves | self._turns(here, there, slope, new_slope)).all():
                return rate, there, BacktrackingMemory(origin, self._lack(rate, slope, new_slope))
            flat = -slope / 2 <= here.objective.rounding(here.loss)  # no shorter step can show a fall there
            if (serves | flat).all():
                break
            rate = np.where(serves, rate, rate * _shortening(slope, new_slope))
        return np.where(serves, rate, 0.0), None, BacktrackingMemory(origin)

    def _first_trial(self, slope, lack, neurons):
        if not self.stretch:
            return np.ones_like(slope)
        decrement = np.sqrt(np.maximum(-slope, 0.0))
        if lack is None:
            lack = self.stretch * decrement  # at theta = 0, where most walks begin, J has no third derivative
            lack = lack if neurons == 1 else lack / (neurons - 1)
        return 1.0 + np.maximum(np.minimum(lack * decrement, 2.0), -0.5)  # np.clip takes as long as five of these

    def _lack(self, rate, slope, new_slope):
        """By how much more than 1 the rate would have led to the lowest point of the line, beside the decrement."""
        if not self.stretch:
            return None
        lowest = np.divide(rate * slope, slope - new_slope, where=new_slope > slope, out=np.ones_like(slope))
        return (lowest - 1.0) / np.sqrt(np.maximum(-slope, TINY))

    def _falls(self, here, there, rate, slope):
        """Whether J fell by enough of what the slope promised (Armijo)."""
        return there.loss <= here.loss + self.decrease * rate * slope

    def _turns(self, here, there, slope, new_slope):
        """Whether J is as before to the last digits and the slope has flattened (approximate Wolfe)."""
        rounding = here.objective.rounding(here.loss)
        return (there.loss <= here.loss + rounding) & (np.abs(new_slope) <= 0.9 * np.abs(slope))


def _slope_along(place, heading):
    """Slope of J along a heading, (K,); at a kink, of those before and behind it and between, the nearest to 0."""
    slope, kink = dot(place.gradient, heading), place.objective.kink
    if not kink.holds:
        return slope
    before, behind = kink.slopes_along(place.theta, heading)
    return np.clip(0.0, slope + before, slope + behind)


def _shortening(slope, new_slope):
    """Where a straight line between the two slopes meets zero, kept between a tenth and a half."""
    root = np.divide(slope, slope - new_slope, where=new_slope > slope, out=np.full_like(slope, 0.5))
    return np.clip(root, 0.1, 0.5)
