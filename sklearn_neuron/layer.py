"""Many neurons that share one unit of belief: softmax, where one neuron has a sigmoid.

K neurons look at the same example, each scores it for a class of its own, and what one is given the others lack::

    x --w_k, b_k--> z_k = w_k.x + b_k --softmax--> a_k = exp(z_k) / sum_j exp(z_j) = P(Y=k|x)

Only differences of scores count: the same number added to all K changes no belief. Of two neurons the difference is the
score of one, and its belief the sigmoid, ``a_1 = 1 / (1 + exp(z_0 - z_1))``. The chain rule has the same links as for
one neuron (:mod:`~sklearn_neuron.neuron`), but a score now moves all beliefs, so that they are summed over::

    dJ/dw_k  =  sum_j dJ/da_j     * da_j/dz_k         * dz_k/dw_k   =  (a_k - [y = k]) * x
                      loss_slope    softmax_slopes      score_slope     residual * x

The residuals of an example add up to nothing: what is taken from some is given to others. So does its curvature, which
belongs to the pairs of classes that it hesitates between::

    d2J/dz2  =  diag(a) - a a'  =  sum_(j<k) a_j a_k (e_j - e_k)(e_j - e_k)'

with e_k the k-th unit vector: no term is negative, none cancels another, and most vanish where the layer is sure.

Scores are (n, K); truths are numbers of classes, 0 to K - 1, (n,).

Reference: J. S. Bridle, Probabilistic interpretation of feedforward classification network outputs, Neurocomputing
(NATO ASI Series F68, 1990), 227-236; D. Bohning, Multinomial logistic regression algorithm, Ann. Inst. Statist. Math.
44 (1992), 197-200.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sklearn_neuron.neuron import as_floats

# Forwards: from scores to beliefs, and to one number ------------------------------------------------------


def softmax(z: ArrayLike) -> NDArray:
    """Turn the scores of K neurons into beliefs that add up to 1: ``a_k = exp(z_k) / sum_j exp(z_j)``.

    Parameters
    ----------
    z : array of shape (n, K)
        Linear scores, any real numbers.

    Returns
    -------
    array of the shape and float type of `z`
        Probabilities of the classes.

    Examples
    --------
    >>> from sklearn_neuron.layer import softmax
    >>> print(softmax([[0.0, 0.0, 0.0], [2.0, 0.0, -1000.0]]).round(2))
    [[0.33 0.33 0.33]
     [0.88 0.12 0.  ]]
    """
    e = _beside_the_highest(as_floats(z))
    return e / e.sum(axis=-1, keepdims=True)


def log_softmax(z: ArrayLike) -> NDArray:
    """Logarithms of the beliefs, every digit of those near 1 and near 0: ``z_k - log sum_j exp(z_j)``.

    Parameters
    ----------
    z : array of shape (n, K)
        Linear scores.

    Returns
    -------
    array of the shape and float type of `z`
        Log-probabilities; finite for every finite score.
    """
    score = as_floats(z)
    behind = score - score.max(axis=1, keepdims=True)
    e = np.exp(behind)
    np.put_along_axis(e, behind.argmax(axis=1)[:, None], 0, axis=1)
    return behind - np.log1p(e.sum(axis=1, keepdims=True))  # 1 for the highest: no digit of a little is lost beside it


def example_loss(z: ArrayLike, y: ArrayLike) -> NDArray:
    """Log-loss of each example: ``-log a_y = log sum_j exp(z_j - z_y)``.

    Parameters
    ----------
    z : array of shape (n, K)
        Linear scores.
    y : array of int of shape (n,)
        Truths, numbers of classes.

    Returns
    -------
    array of shape (n,)
        Losses, in nats, at least 0; log K of a layer that hesitates.

    Examples
    --------
    >>> from sklearn_neuron.layer import example_loss
    >>> print(example_loss([[0.0, 0.0, 0.0], [50.0, 0.0, 0.0], [50.0, 0.0, 0.0]], [0, 0, 1]))
    [1.09861229e+00 3.85749970e-22 5.00000000e+01]
    """
    return loss_and_residual(z, y)[0]


# Backwards: the links of the chain rule -------------------------------------------------------------------


def softmax_slopes(z: ArrayLike) -> NDArray:
    """Link ``da_j/dz_k = a_j ([j = k] - a_k)``: what one score gains is taken from all other beliefs.

    Parameters
    ----------
    z : array of shape (n, K)
        Linear scores.

    Returns
    -------
    array of shape (n, K, K)
        Slopes of belief j along score k; every row and column adds up to 0.

    Examples
    --------
    >>> from sklearn_neuron.layer import softmax_slopes
    >>> print(softmax_slopes([[0.0, 0.0]]))
    [[[ 0.25 -0.25]
      [-0.25  0.25]]]
    """
    a = softmax(z)
    slopes = -a[:, :, None] * a[:, None, :]
    each = np.arange(a.shape[1])
    slopes[:, each, each] = a * the_rest(a)
    return slopes


def loss_slope(a: ArrayLike, y: ArrayLike) -> NDArray:
    """Link ``dJ/da_j`` of one example: ``-1 / a_y`` along the belief in the truth, 0 along all others.

    Parameters
    ----------
    a : array of shape (n, K)
        Beliefs, that in the truth above 0.
    y : array of int of shape (n,)
        Truths, numbers of classes.

    Returns
    -------
    array of shape (n, K)
        Slopes.
    """
    belief = as_floats(a)
    is_true = np.arange(belief.shape[1]) == np.asarray(y)[:, None]
    return np.where(is_true, -1 / np.where(is_true, belief, 1), 0)


def residual(z: ArrayLike, y: ArrayLike) -> NDArray:
    """Two links at once: ``dJ/dz_k = a_k - [y = k]``, how wrong each belief was.

    Parameters
    ----------
    z : array of shape (n, K)
        Linear scores.
    y : array of int of shape (n,)
        Truths, numbers of classes.

    Returns
    -------
    array of shape (n, K)
        Residuals, in [-1, 1], that add up to 0; nothing cancels where a belief is near the truth.

    Examples
    --------
    >>> from sklearn_neuron.layer import residual
    >>> print(residual([[0.0, 0.0], [40.0, 0.0]], [0, 0]))
    [[-5.00000000e-01  5.00000000e-01]
     [-4.24835426e-18  4.24835426e-18]]
    """
    return loss_and_residual(z, y)[1]


def loss_and_residual(z: ArrayLike, y: ArrayLike) -> tuple[NDArray, NDArray]:
    """Loss of each example and its slopes ``dJ/dz``, from one exponential a score: what every solver computes.

    Parameters
    ----------
    z : array of shape (n, K)
        Linear scores.
    y : array of int of shape (n,)
        Truths, numbers of classes.

    Returns
    -------
    loss : array of shape (n,)
        ``log sum_j exp(z_j - z_y)``.
    residual : array of shape (n, K)
        ``a_k``, and for the truth minus the sum of all other beliefs.
    """
    score = as_floats(z)
    own = np.asarray(y)[:, None]
    gap = score.max(axis=1, keepdims=True) - np.take_along_axis(score, own, axis=1)  # 0 where the truth leads
    e = _beside_the_highest(score)
    e_own = np.take_along_axis(e, own, axis=1)
    np.put_along_axis(e, own, 0, axis=1)
    others = e.sum(axis=1, keepdims=True)  # all but the truth: no digit of a little is lost beside a 1
    total = others + e_own
    loss = gap + np.log1p(np.where(gap > 0, total - 1, others))
    np.put_along_axis(e, own, -others, axis=1)
    return loss[:, 0], e / total


def the_rest(a: NDArray) -> NDArray:
    """``1 - a_k``, what all other classes are given, with every digit: where a_k is large those are added up."""
    leads = a > 0.5  # one of an example, or none
    others = np.where(leads, 0, a).sum(axis=-1, keepdims=True)
    return np.where(leads, others, 1 - a)


def _beside_the_highest(z):
    """``exp(z_k - max z)``, in [0, 1]: it never overflows."""
    return np.exp(z - z.max(axis=-1, keepdims=True))
