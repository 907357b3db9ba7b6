"""Other ways to bend a score: activation functions, each with its derivative.

A score is a straight function of the features. Each of these bends it in its own way::

    sigmoid      1 / (1 + exp(-z))        a belief between 0 and 1: the one this package learns with
    tanh         (e^z - e^-z)/(e^z + e^-z)  the sigmoid stretched to (-1, 1)
    relu         max(z, 0)                silent, then linear
    leaky_relu   max(z, slope z)          nearly silent, then linear

Reference: X. Glorot, A. Bordes, Y. Bengio, Deep sparse rectifier neural networks, AISTATS (2011), section 3.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sklearn_neuron.neuron import sigmoid, sigmoid_slope

__all__ = [
    "ACTIVATIONS",
    "Activation",
    "leaky_relu",
    "leaky_relu_slope",
    "relu",
    "relu_slope",
    "sigmoid",
    "sigmoid_slope",
    "tanh",
    "tanh_slope",
]


def tanh(z: ArrayLike) -> NDArray:
    """Hyperbolic tangent, ``2 sigmoid(2 z) - 1``.

    Parameters
    ----------
    z : array
        Linear scores.

    Returns
    -------
    array of the same shape
        Values in [-1, 1].

    Examples
    --------
    >>> from sklearn_neuron.activations import tanh
    >>> print(tanh([-1.0, 0.0, 1.0]).round(3))
    [-0.762  0.     0.762]
    """
    return np.tanh(z)


def tanh_slope(z: ArrayLike) -> NDArray:
    """Derivative of tanh, ``1 - tanh(z)^2 = 4 e / (1 + e)^2`` with ``e = exp(-2 |z|)``: nothing cancels.

    Parameters
    ----------
    z : array
        Linear scores.

    Returns
    -------
    array of the same shape
        Slopes in [0, 1].

    Examples
    --------
    >>> from sklearn_neuron.activations import tanh_slope
    >>> print(tanh_slope([0.0, 1.0]).round(3))
    [1.   0.42]
    """
    return 4 * sigmoid_slope(np.multiply(2, z))


def relu(z: ArrayLike) -> NDArray:
    """Rectified linear unit, ``max(z, 0)``.

    Parameters
    ----------
    z : array
        Linear scores.

    Returns
    -------
    array of the same shape
        Values of at least 0.

    Examples
    --------
    >>> from sklearn_neuron.activations import relu
    >>> print(relu([-2.0, 3.0]))
    [0. 3.]
    """
    return np.maximum(z, 0)


def relu_slope(z: ArrayLike) -> NDArray:
    """Derivative of relu: 1 where z > 0, otherwise 0 (at the corner too, by convention).

    Parameters
    ----------
    z : array
        Linear scores.

    Returns
    -------
    array of the same shape
        Slopes, 0 or 1.

    Examples
    --------
    >>> from sklearn_neuron.activations import relu_slope
    >>> print(relu_slope([-2.0, 3.0]))
    [0. 1.]
    """
    return np.heaviside(z, 0.0)


def leaky_relu(z: ArrayLike, slope: float = 0.01) -> NDArray:
    """Leaky rectified linear unit, ``max(z, slope z)``.

    Parameters
    ----------
    z : array
        Linear scores.
    slope : float, default=0.01
        Slope of the leak, in [0, 1).

    Returns
    -------
    array of the same shape
        Values.

    Examples
    --------
    >>> from sklearn_neuron.activations import leaky_relu
    >>> print(leaky_relu([-2.0, 3.0]))
    [-0.02  3.  ]
    """
    return np.maximum(z, np.multiply(slope, z))


def leaky_relu_slope(z: ArrayLike, slope: float = 0.01) -> NDArray:
    """Derivative of leaky_relu: 1 where z > 0, otherwise `slope`.

    Parameters
    ----------
    z : array
        Linear scores.
    slope : float, default=0.01
        Slope of the leak, in [0, 1).

    Returns
    -------
    array of the same shape
        Slopes, 1 or `slope`.

    Examples
    --------
    >>> from sklearn_neuron.activations import leaky_relu_slope
    >>> print(leaky_relu_slope([-2.0, 3.0]))
    [0.01 1.  ]
    """
    return np.maximum(np.heaviside(z, 0.0), slope)


class Activation(NamedTuple):
    """An activation function and its derivative."""

    function: Callable[..., NDArray]
    slope: Callable[..., NDArray]


#: The activations by name.
ACTIVATIONS = {
    "sigmoid": Activation(sigmoid, sigmoid_slope),
    "tanh": Activation(tanh, tanh_slope),
    "relu": Activation(relu, relu_slope),
    "leaky_relu": Activation(leaky_relu, leaky_relu_slope),
}
