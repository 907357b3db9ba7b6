"""What is paid for beside the loss: large weights."""

from typing import NamedTuple

import numpy as np

from sklearn_neuron._linalg import dot


class L2(NamedTuple):
    """``strength/2 |w|^2``, of which each parameter pays its part and the bias none."""

    curvature: np.ndarray  # (p + 1, 1), of J along each parameter, wherever it stands: strength, and 0 for the bias

    @classmethod
    def of_weights(cls, strength, p, n_parameters) -> "L2":
        """That of p weights; the parameter after them, if there is one, is the bias and pays nothing."""
        curvature = np.full((n_parameters, 1), float(strength))
        curvature[p:] = 0
        return cls(curvature)

    def value_and_slope(self, theta) -> tuple[np.ndarray, np.ndarray]:
        """What K neurons pay, (K,), and its slope (p + 1, K), at theta (p + 1, K)."""
        slope = self.curvature * theta
        return dot(slope, theta) / 2, slope
