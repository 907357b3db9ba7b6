"""What is paid for beside the loss: large weights.

`L2` is smooth: it has a slope and a curvature like the loss, and is added to them. `L1` has a kink where a weight is 0,
which holds it there until the loss pulls harder than its strength: so some weights are exactly 0. It enters a walk by
what a kink leaves of a step, the proximal map (soft thresholding), and by the least of its slopes at a place::

    prox(theta)_j  =  sign(theta_j) max(|theta_j| - rate strength_j, 0)

                      g_j + strength_j sign(theta_j)            where theta_j is not 0
    least slope_j  =
                      sign(g_j) max(|g_j| - strength_j, 0)      where it is

J is at its minimum where all least slopes are 0. Everything is said of every parameter by itself.

Reference: N. Parikh and S. Boyd, Proximal algorithms, Foundations and Trends in Optimization 1 (2014), sections 4.2 and
6.5.2.
"""

from typing import Any, NamedTuple

import numpy as np

from sklearn_neuron._linalg import dot
from sklearn_neuron.homes.labels import as_float


class L2(NamedTuple):
    """``strength/2 |w|^2``, of which each weight pays its part; the bias, after the last of p weights, pays nothing.

    The strength is one number, or (K,), one a neuron.
    """

    strength: Any
    p: int
    n_parameters: int

    @property
    def curvature(self) -> np.ndarray:
        """Of J along each parameter, wherever it stands, (n_parameters, 1), or (n_parameters, K)."""
        bends = np.full((self.n_parameters, np.size(self.strength)), self.strength, dtype=np.float64)
        bends[self.p :] = 0
        return bends

    @property
    def least(self) -> float:
        """The least strength of all."""
        return float(np.min(self.strength))

    def neurons(self, keep) -> "L2":
        """What some of the neurons pay."""
        return self if np.ndim(self.strength) == 0 else self._replace(strength=self.strength[keep])

    def value_and_slope(self, theta) -> tuple[np.ndarray, np.ndarray]:
        """What K neurons pay, (K,), and its slope (n_parameters, K), at theta of that shape."""
        slope = self.strength * theta
        slope[self.p :] = 0
        return dot(slope, theta) / 2, slope


class L1(NamedTuple):
    """``sum_j strength_j |theta_j|``, of which each parameter pays its part, those of strength 0 nothing.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn_neuron.penalties import L1
    >>> kink = L1(np.array([[1.0], [1.0], [0.0]]))  # the last, a bias, is free
    >>> kink.prox(np.array([[3.0], [-0.5], [0.2]]), 1.0).ravel()
    array([2. , 0. , 0.2])
    """

    strengths: np.ndarray  # (n_parameters, 1), or (n_parameters, K), one column a neuron

    @property
    def holds(self) -> bool:
        """Whether it may hold a weight at 0."""
        return True

    @classmethod
    def of_weights(cls, strength, p, n_parameters) -> "L1":
        """That of p weights, of one strength for all neurons or of (K,); the bias pays nothing."""
        strengths = np.full((n_parameters, np.size(strength)), strength, dtype=np.float64)
        strengths[p:] = 0
        return cls(strengths)

    def in_units(self, units, layer, neurons) -> "L1":
        """That of the coordinates of a walk, which trains so many neurons; 1 of what is kept at 0, so that it stays."""
        each = np.broadcast_to(self.strengths, (len(self.strengths), max(neurons, self.strengths.shape[1])))
        plain, seen = layer.adjoint(each), layer.adjoint(units.apply(each))
        return L1(np.where((seen == 0) & (plain > 0), 1.0, seen))

    def neurons(self, keep) -> "L1":
        """That of some of the neurons."""
        return self if self.strengths.shape[1] == 1 else L1(self.strengths[:, keep])

    def value(self, theta) -> np.ndarray:
        """What K neurons pay, (K,), at theta (n_parameters, K)."""
        return (self.strengths * np.abs(theta)).sum(axis=0)

    def prox(self, theta, rate) -> np.ndarray:
        """What kinks leave of theta after a step at some rate: each parameter nearer to 0, and not beyond."""
        most = rate * self.strengths
        return theta - np.maximum(np.minimum(theta, most), -most)  # np.clip takes five times as long, of a few

    def least_slope(self, theta, gradient) -> np.ndarray:
        """Of the slopes of J at theta the least, with the gradient of all that is smooth; (n_parameters, K)."""
        held = gradient - np.maximum(np.minimum(gradient, self.strengths), -self.strengths)
        return np.where(theta == 0, held, gradient + self.strengths * np.sign(theta))

    def slopes_along(self, theta, heading) -> tuple[np.ndarray, np.ndarray]:
        """Slopes along a heading before and behind theta, (K,): they differ where it passes a kink there."""
        through = (self.strengths * np.where(theta == 0, 0, np.sign(theta) * heading)).sum(axis=0)
        turned = (self.strengths * np.where(theta == 0, np.abs(heading), 0)).sum(axis=0)
        return through - turned, through + turned

    def squared_decrement(self, theta, gradient, curvature) -> np.ndarray:
        """Twice what J falls to the floor of its parabola along each parameter alone; (n_parameters, K).

        Without end where there is a slope and no curvature.
        """
        bent = np.where(curvature > 0, curvature, 1)
        floor = self.prox(theta - gradient / bent, 1 / bent)
        away = floor - theta
        falls = -away * (2 * gradient + bent * away) - 2 * self.strengths * (np.abs(floor) - np.abs(theta))
        endless = np.where(self.least_slope(theta, gradient) == 0, 0.0, np.inf)
        return np.where(curvature > 0, np.maximum(falls, 0), endless)


class Smooth:
    """No kink anywhere: nothing is paid, and nothing held back."""

    holds = False
    strengths = np.zeros((1, 1))

    def neurons(self, keep) -> "Smooth":
        """The same for all."""
        return self

    def in_units(self, units, layer, neurons) -> "Smooth":
        """The same in all."""
        return self

    def value(self, theta) -> Any:
        """Nothing is paid."""
        return 0.0

    def prox(self, theta, rate) -> np.ndarray:
        """A step leads where it leads."""
        return theta

    def least_slope(self, theta, gradient) -> np.ndarray:
        """The gradient is the only slope."""
        return gradient

    def slopes_along(self, theta, heading) -> tuple[Any, Any]:
        """Nothing is added to slopes."""
        return 0.0, 0.0

    def squared_decrement(self, theta, gradient, curvature) -> np.ndarray:
        """``g^2 / h`` along each parameter alone, without end where there is a slope and no curvature."""
        endless = np.where(gradient == 0, 0.0, np.inf)
        return np.divide(gradient**2, curvature, where=curvature > 0, out=endless)


SMOOTH = Smooth()


def strength_of(C, total_weight) -> Any:
    """Of a penalty: ``1 / (C total_weight)``, of each of some weights; a float, where that would be infinite."""
    with np.errstate(over="ignore"):
        return np.minimum(1 / max(as_float(C), float(np.nextafter(0, 1))) / total_weight, np.finfo(float).max)
