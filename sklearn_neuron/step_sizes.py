"""How far? A step size names the rate alpha of ``theta <- theta + alpha heading``.

It returns the rate of every neuron, shape () or (K,), and the place the step leads to if it had to be
looked at on the way, so that nothing is computed twice. Too big and you trip, too small and you never
arrive: only `InverseSmoothness` and `Backtracking` know where the edge is.

=================  =====================================================================================
InverseSmoothness  1 / L: J falls at every step (Y. Nesterov, Lectures on Convex Optimization, 2018,
                   theorem 2.1.14, ``J_k - J* <= 2 L |theta_0 - theta*|^2 / (k + 4)``)
Backtracking       start at 1, shorten until J falls enough (L. Armijo, 1966; W. Hager and H. Zhang, 2005,
                   equations 4.1 and 4.3: near the floor trust the slope, J has no digits left)
=================  =====================================================================================
"""

from numbers import Real

import numpy as np
from sklearn.base import BaseEstimator


class Constant(BaseEstimator):
    """The same rate at every step: the alpha of the guide.

    Parameters
    ----------
    rate : float
        Learning rate, above 0.
    """

    measures = False  # whether J is looked at before a step is taken

    def __init__(self, rate):
        self.rate = rate

    def __call__(self, iteration, here, heading):
        """Return the rate; nothing was looked at."""
        return float(self.rate), None


class Scheduled(BaseEstimator):
    """A rate that depends on the step.

    Parameters
    ----------
    schedule : callable
        ``schedule(iteration)`` returns a positive number; the first iteration is 0.
    """

    measures = False

    def __init__(self, schedule):
        self.schedule = schedule

    def __call__(self, iteration, here, heading):
        """Return ``schedule(iteration)``; nothing was looked at."""
        rate = self.schedule(iteration)
        if not (isinstance(rate, Real) and 0 < float(rate) < np.inf):
            raise ValueError(
                f"learning_rate({iteration}) returned {rate!r}: a learning rate must be a positive, finite number."
            )
        return float(rate), None


class InverseSmoothness(BaseEstimator):
    """The theorem's safe rate, ``1 / L``, with L the steepest curvature that J has anywhere."""

    measures = False

    def __call__(self, iteration, here, heading):
        """Return 1 / L; nothing was looked at."""
        return 1 / here.objective.smoothness, None


class Backtracking(BaseEstimator):
    """Full steps where they serve, shorter ones where they do not.

    Parameters
    ----------
    decrease : float, default=1e-4
        Share of the promised fall of J that a step must deliver.
    max_trials : int, default=30
        Lengths to try; a neuron for which none serves gets rate 0.
    """

    measures = True

    def __init__(self, decrease=1e-4, max_trials=30):
        self.decrease = decrease
        self.max_trials = max_trials

    def __call__(self, iteration, here, heading):
        """Return one rate a neuron, and the place all of them lead to."""
        slope = (here.gradient * heading).sum(axis=0)
        flat = -slope / 2 <= here.objective.rounding(here.loss)  # no shorter step can show a fall there
        rate = np.ones_like(slope)
        for _ in range(self.max_trials):
            there = here.objective.at(here.theta + rate * heading, here.needs)
            new_slope = (there.gradient * heading).sum(axis=0)
            serves = self._falls(here, there, rate, slope) | self._turns(here, there, slope, new_slope)
            if serves.all():
                return rate, there
            if (serves | flat).all():
                break
            rate = np.where(serves, rate, rate * _shortening(slope, new_slope))
        return np.where(serves, rate, 0.0), None

    def _falls(self, here, there, rate, slope):
        """Whether J fell by enough of what the slope promised (Armijo)."""
        return there.loss <= here.loss + self.decrease * rate * slope

    def _turns(self, here, there, slope, new_slope):
        """Whether J is as before to the last digits and the slope has flattened (approximate Wolfe)."""
        rounding = here.objective.rounding(here.loss)
        return (there.loss <= here.loss + rounding) & (np.abs(new_slope) <= 0.9 * np.abs(slope))


def _shortening(slope, new_slope):
    """Where a straight line between the two slopes meets zero, kept between a tenth and a half."""
    root = np.divide(slope, slope - new_slope, where=new_slope > slope, out=np.full_like(slope, 0.5))
    return np.clip(root, 0.1, 0.5)
