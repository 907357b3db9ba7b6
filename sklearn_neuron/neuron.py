"""One neuron: what it computes, and how each part answers to a small change.

A neuron takes an example, weighs it, adds a bias and turns the score into a belief::

    x --w, b--> z = w.x + b --sigmoid--> a = P(Y=1|x) --y--> -log P(Y=y|x)

=========  ==================================================  =============
symbol     meaning                                             shape
=========  ==================================================  =============
X          examples, one a row                                 (n, p)
y          the truth: 1 (say, toxic) or 0 (not)                (n,)
w, b       weights and bias, what the neuron learns            (p,) and ()
z          linear score, any real number                       (n,)
a          activation, the belief P(Y=1|x), in [0, 1]          (n,)
J          log-loss, the mean of -log P(Y=y|x), to which a     ()
           fit adds a penalty on large weights
theta      [w, b] as one column                                (p + 1, 1)
alpha      learning rate of ``w <- w - alpha dJ/dw``           ()
=========  ==================================================  =============

Several neurons side by side are one more axis at the end: ``z`` is then (n, K) and ``theta`` (p + 1, K).

For one example the chain rule reads backwards along the arrow (J averages over examples); each link is a function::

    dJ/dw  =  dJ/da      * da/dz         * dz/dw         =  residual * x
              loss_slope   sigmoid_slope   score_slope

The *margin* is ``z`` where the truth is 1 and ``-z`` where it is 0: positive on the right side, negative on
the wrong one. Every exponential is of a number at most 0: it is at most 1 and cannot overflow.

Reference: D. R. Cox, The regression analysis of binary sequences, J. R. Stat. Soc. B 20 (1958), 215-242.
"""

import warnings
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

# Forwards: from an example to a belief ------------------------------------------------------------------


def linear_score(X, w, b) -> NDArray:
    """Weigh the features and add the bias: ``z = Xw + b``.

    Parameters
    ----------
    X : {array, sparse array} of shape (n, p)
        Examples.
    w : array of shape (p,) or (p, K)
        Weights.
    b : float or array of shape (K,)
        Bias: shifts the decision boundary, the line ``z = 0``.

    Returns
    -------
    array of shape (n,) or (n, K)
        Linear scores.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn_neuron.neuron import linear_score
    >>> linear_score(np.array([[5.0, 2.0]]), np.array([1.0, 2.0]), -8.0)
    array([1.])
    """
    return X @ w + b


def sigmoid(z: ArrayLike) -> NDArray:
    """Turn a score into a belief: ``a(z) = 1 / (1 + exp(-z)) = P(Y=1|x)``.

    Parameters
    ----------
    z : array
        Linear scores, any real numbers.

    Returns
    -------
    array of the shape and float type of `z`
        Probabilities of class 1. The probability of class 0 is ``sigmoid(-z)``, which keeps the digits
        that ``1 - sigmoid(z)`` loses.

    Examples
    --------
    >>> from sklearn_neuron.neuron import sigmoid
    >>> print(sigmoid([0.0, 2.0, -2.0]).round(2))
    [0.5  0.88 0.12]
    """
    return np.exp(np.minimum(z, 0)) / (1 + np.exp(-np.abs(z)))  # where z < 0, e^z / (1 + e^z): never overflows


def bernoulli(a: ArrayLike, y: ArrayLike) -> NDArray:
    """Probability that a belief gives to the truth: ``P(Y=y) = a^y (1 - a)^(1 - y)``.

    Parameters
    ----------
    a : array
        Beliefs P(Y=1|x), in [0, 1].
    y : array
        Truths, 0 or 1: as exponents they only choose between ``a`` and ``1 - a``.

    Returns
    -------
    array
        Probabilities, in [0, 1].

    Examples
    --------
    >>> from sklearn_neuron.neuron import bernoulli
    >>> print(bernoulli([0.8, 0.8], [1, 0]).round(2))  # it believed "toxic" four to one
    [0.8 0.2]
    """
    belief = as_floats(a)
    return np.where(np.greater(y, 0), belief, 1 - belief)


# How wrong: from beliefs to one number ------------------------------------------------------------------


def likelihood(a: ArrayLike, y: ArrayLike) -> float:
    """Plausibility of all truths together: ``prod_i P(Y_i = y_i)``.

    The bare product sinks below the smallest float after some hundred or thousand examples, the surer the
    neuron the later. It is here to be seen sinking; nothing that learns multiplies probabilities.

    Parameters
    ----------
    a, y : array of shape (n,)
        Beliefs P(Y=1|x); truths, 0 or 1.

    Returns
    -------
    float
        The likelihood.

    Warns
    -----
    RuntimeWarning
        When the product is too small for a float although no factor is zero.

    Examples
    --------
    >>> from sklearn_neuron.neuron import likelihood
    >>> round(likelihood([0.9, 0.8, 0.3], [1, 1, 0]), 3)
    0.504
    """
    factors = bernoulli(a, y)
    product = factors.prod()
    if product < np.finfo(factors.dtype).tiny and factors.min() > 0:
        warnings.warn(
            f"The product of {factors.size} probabilities is smaller than a float can hold; "
            "add their logarithms instead: log_likelihood(z, y).",
            RuntimeWarning,
            stacklevel=2,
        )
    return float(product)


def log_likelihood(z: ArrayLike, y: ArrayLike) -> float:
    """Logarithms turn the product into a sum: ``sum_i [y log a + (1 - y) log(1 - a)]``.

    Parameters
    ----------
    z, y : array of shape (n,)
        Linear scores (not beliefs: a belief of exactly 1 has forgotten how sure it was); truths, 0 or 1.

    Returns
    -------
    float
        The log-likelihood, at most 0.

    Examples
    --------
    >>> from sklearn_neuron.neuron import log_likelihood
    >>> round(log_likelihood([2.197, 1.386, -0.847], [1, 1, 0]), 3)  # log 0.504: scores of beliefs 0.9, 0.8, 0.3
    -0.685
    >>> log_likelihood([1000.0, 1000.0], [1, 0])  # the second is wrong, and was very sure
    -1000.0
    """
    return -float(example_loss(z, y).sum(dtype=np.float64))


def example_loss(z: ArrayLike, y: ArrayLike) -> NDArray:
    """Log-loss of each example: ``-[y log a + (1 - y) log(1 - a)] = log(1 + exp(-margin))``.

    Sure and right costs next to nothing, doubt costs a little, and sure and wrong has no upper limit.

    Parameters
    ----------
    z, y : array of shape (n,) or (n, K)
        Linear scores; truths, 0 or 1.

    Returns
    -------
    array of the same shape
        Losses, in natural-log units (nats), at least 0.

    Examples
    --------
    >>> from sklearn_neuron.neuron import example_loss
    >>> print(example_loss([4.0, 0.1, -4.0], [1, 1, 1]).round(2))
    [0.02 0.64 4.02]
    """
    return loss_and_residual(z, y)[0]


def log_loss(z: ArrayLike, y: ArrayLike, shares: ArrayLike | None = None) -> float:
    """The number the neuron learns from, before any penalty: ``J = -1/n sum_i [y log a + (1 - y) log(1 - a)]``.

    Parameters
    ----------
    z, y : array of shape (n,)
        Linear scores; truths, 0 or 1.
    shares : array of shape (n,), default=None
        How much each example counts, adding up to 1. None: all the same.

    Returns
    -------
    float
        The mean log-loss, in nats; log 2 = 0.693 is the J of a neuron that always hesitates.

    Examples
    --------
    >>> from sklearn_neuron.neuron import log_loss
    >>> round(log_loss([0.0, 0.0], [1, 0]), 3)
    0.693
    """
    return float(np.average(example_loss(z, y), weights=None if shares is None else np.asarray(shares)))


# Backwards: the links of the chain rule -----------------------------------------------------------------


def score_slope(X) -> Any:
    """Link ``dz/dw = x`` (and ``dz/db = 1``): a weight acts through its feature.

    Parameters
    ----------
    X : {array, sparse array} of shape (n, p)
        Examples.

    Returns
    -------
    {array, sparse array} of shape (n, p)
        `X` itself: slopes of each example's score, one column a weight.
    """
    return X


def sigmoid_slope(z: ArrayLike) -> NDArray:
    """Link ``da/dz = a (1 - a)``: steepest in doubt, flat when sure.

    Parameters
    ----------
    z : array
        Linear scores.

    Returns
    -------
    array of the same shape
        Slopes, in [0, 1/4], with every digit even where ``a`` rounds to 0 or 1.

    Examples
    --------
    >>> from sklearn_neuron.neuron import sigmoid_slope
    >>> print(sigmoid_slope([0.0, 40.0]))
    [2.50000000e-01 4.24835426e-18]
    """
    e = np.exp(-np.abs(z))
    return e / (1 + e) ** 2


def loss_slope(a: ArrayLike, y: ArrayLike) -> NDArray:
    """Link ``dJ/da = (a - y) / (a (1 - a))`` of one example: -1/a where y = 1, 1/(1 - a) where y = 0.

    Parameters
    ----------
    a : array
        Beliefs P(Y=1|x), strictly between 0 and 1.
    y : array
        Truths, 0 or 1.

    Returns
    -------
    array of the same shape
        Slopes; infinite (with NumPy's warning) where the neuron was certain and wrong.

    Examples
    --------
    >>> from sklearn_neuron.neuron import loss_slope
    >>> print(loss_slope([0.5, 0.9], [1, 0]).round(6))
    [-2. 10.]
    """
    steepness = 1 / bernoulli(a, y)
    return np.where(np.greater(y, 0), -steepness, steepness)


def residual(z: ArrayLike, y: ArrayLike) -> NDArray:
    """Two links at once: ``dJ/dz = dJ/da * da/dz = a - y``, how wrong the belief was.

    Parameters
    ----------
    z, y : array of shape (n,) or (n, K)
        Linear scores; truths, 0 or 1.

    Returns
    -------
    array of the same shape
        Residuals, in [-1, 1]; taken from the margin, so that nothing cancels where ``a`` is near ``y``.

    Examples
    --------
    >>> from sklearn_neuron.neuron import residual
    >>> print(residual([0.0, 40.0], [0, 1]))
    [ 5.00000000e-01 -4.24835426e-18]
    """
    return loss_and_residual(z, y)[1]


def curvature(z: ArrayLike) -> NDArray:
    """Second derivative ``d2J/dz2 = a (1 - a)``: the slope of the residual is the slope of the sigmoid.

    Parameters
    ----------
    z : array
        Linear scores.

    Returns
    -------
    array of the same shape
        Curvatures, in [0, 1/4].
    """
    return sigmoid_slope(z)


def loss_and_residual(z: ArrayLike, y: ArrayLike) -> tuple[NDArray, NDArray]:
    """Loss of each example and its slope ``dJ/dz``, from one exponential: what every solver computes.

    Parameters
    ----------
    z, y : array of shape (n,) or (n, K)
        Linear scores; truths, 0 or 1 (or booleans).

    Returns
    -------
    loss : array of the same shape
        ``log(1 + exp(-margin))``.
    residual : array of the same shape
        ``a - y``: minus the probability given to the other class where y = 1, plus it where y = 0.
    """
    score = as_floats(z)
    toward = np.multiply(2, y, dtype=score.dtype) - 1  # +1 where the truth is 1, -1 where it is 0
    margin = toward * score
    e = np.exp(-np.abs(margin))  # in [0, 1]: it never overflows
    loss = np.log1p(e) - np.minimum(margin, 0)  # log(1 + exp(-margin))
    wrong = np.maximum(e, margin < 0) / (1 + e)  # P(other class): 1 / (1 + e) if margin < 0, else e / (1 + e)
    return loss, -toward * wrong  # a - y, of which nothing cancels where a is near y


def as_floats(numbers: ArrayLike) -> NDArray:
    """The same array if it holds floats, float32 included; otherwise float64."""
    array = np.asarray(numbers)
    return array if array.dtype.kind == "f" else array.astype(np.float64)
