"""What is summed over the examples: the loss of their scores.

A loss is two functions of scores z, one column a neuron: ``value_and_slope(z, y)`` is the loss of every example and
its derivative by z, ``curvature(z)`` the second derivative. Each column here is a walk of its own; a loss that couples
its columns, as softmax does, would have one value for all of them, and curvature between them.

A pass adds them up. Of many examples ``sums_of_many`` does so, by one exponential an example and few logarithms: losses
of those that count alike are added before the logarithm is taken, and nothing is lost, be they ever so small::

    log(1 + e) + log(1 + f)  =  log(1 + (e + f + e f))

Reference: N. Higham, Accuracy and Stability of Numerical Algorithms (2nd ed., 2002), section 1.14.1 (log(1 + x)).
"""

import numpy as np

from sklearn_neuron import neuron
from sklearn_neuron.homes.arrays import total

HALVINGS = 4  # of 16 numbers, each at most 1, this leaves one of less than 2^16: few digits of a float32 go to the 1


class SigmoidLoss:
    """The log-loss of K sigmoid neurons side by side, from scores and truths (n, K)."""

    value_and_slope = staticmethod(neuron.loss_and_residual)  # ``-log P(Y=y|x)`` and ``a - y``, (n, K) each
    curvature = staticmethod(neuron.curvature)  # ``a (1 - a)``, (n, K)

    @staticmethod
    def sums_of_many(z, y, shares, bent=False) -> tuple[np.ndarray, ...]:
        """Losses, added up to (K,); slopes and, if it is asked how J is bent, curvatures, (n, K) each; all by shares.

        `shares` are (n, 1), or (1, 1) if all are equal; scores are overwritten.
        """
        toward = np.multiply(2, y, dtype=z.dtype)
        toward -= 1  # +1 where the truth is 1, -1 where it is 0
        margin = np.multiply(z, toward, out=z)
        e = np.abs(margin)
        np.exp(np.negative(e, out=e), out=e)  # in [0, 1]
        slope = np.maximum(e, margin < 0)
        loss = _added(e, margin, shares)
        above_one = 1 + e
        slope /= above_one  # P(other class)
        toward *= -shares
        slope *= toward
        if not bent:
            return loss, slope
        e /= above_one
        e /= above_one
        e *= shares
        return loss, slope, e


def _added(e, margin, shares):
    """``sum_i share_i log(1 + exp(-margin_i))``, (K,), with ``e = exp(-abs(margin))``; margins are overwritten."""
    beyond = np.minimum(margin, 0, out=margin)
    if len(shares) < len(e):
        return shares[0] * (_logs_added(e) - total(beyond))
    return total(shares * (np.log1p(e) - beyond))


def _logs_added(e):
    """``sum_i log(1 + e_i)``, (K,), of numbers in [0, 1]."""
    count = len(e) >> HALVINGS
    rest, e = e[count << HALVINGS :], e[: count << HALVINGS]
    while len(e) > count:
        one, other = e[: len(e) // 2], e[len(e) // 2 :]
        e = one * other
        e += one
        e += other
    return total(np.log1p(e)) + total(np.log1p(rest))


SIGMOID = SigmoidLoss()
