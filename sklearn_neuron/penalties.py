"""What is paid for beside the loss: large weights."""

from typing import NamedTuple

import numpy as np

from sklearn_neuron._linalg import dot


class L2(NamedTuple):
    """``strength/2 |w|^2``, of which each weight pays its part; the bias, after the last of p weights, pays nothing."""

    strength: float
    p: int
    n_parameters: int

    @property
    def curvature(self) -> np.ndarray:
        """Of J along each parameter, wherever it stands, (n_parameters, 1)."""
        bends = np.full((self.n_parameters, 1), float(self.strength))
        bends[self.p :] = 0
        return bends

    def value_and_slope(self, theta) -> tuple[np.ndarray, np.ndarray]:
        """What K neurons pay, (K,), and its slope (n_parameters, K), at theta of that shape."""
        slope = self.strength * theta
        slope[self.p :] = 0
        return dot(slope, theta) / 2, slope
