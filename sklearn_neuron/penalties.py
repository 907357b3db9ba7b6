"""What is paid for beside the loss: large weights."""

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


def strength_of(C, total_weight) -> Any:
    """Of a penalty: ``1 / (C total_weight)``, of each of some weights; a float, where that would be infinite."""
    with np.errstate(over="ignore"):
        return np.minimum(1 / max(as_float(C), float(np.nextafter(0, 1))) / total_weight, np.finfo(float).max)
