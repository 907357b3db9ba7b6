"""What is summed over the examples: the loss of their scores.

A loss is two functions of scores z, one column a neuron: ``value_and_slope(z, y)`` is the loss of every example and
its derivative by z, ``curvature(z)`` the second derivative. Each column here is a walk of its own; a loss that couples
its columns, as softmax does, would have one value for all of them, and curvature between them.
"""

from sklearn_neuron import neuron


class SigmoidLoss:
    """The log-loss of K sigmoid neurons side by side, from scores and truths (n, K)."""

    value_and_slope = staticmethod(neuron.loss_and_residual)  # ``-log P(Y=y|x)`` and ``a - y``, (n, K) each
    curvature = staticmethod(neuron.curvature)  # ``a (1 - a)``, (n, K)


SIGMOID = SigmoidLoss()
