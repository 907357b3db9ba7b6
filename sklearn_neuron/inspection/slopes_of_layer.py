"""Which slopes does a layer promise? Those of a neuron, but that a score moves the beliefs in all classes.

The products of the links are added up over these::

    dJ/dw_k  =  sum_j dJ/da_j     * da_j/dz_k         * dz_k/dw_k   =  (a_k - [y = k]) * x
                      loss_slope    softmax_slopes      score_slope     residual * x

The functions are what :mod:`sklearn_neuron.layer` holds when they are asked for.
"""

import numpy as np

from sklearn_neuron import layer
from sklearn_neuron.inspection.finite_differences import best_step, measured_slope
from sklearn_neuron.inspection.slopes import NeuronAt, of_class


class LayerAt(NeuronAt):
    """J of a layer at one theta, whose neurons speak for `classes`, by their names."""

    def __init__(self, objective, theta, tol, names, row_numbers, classes):
        self.classes = classes
        super().__init__(objective, theta, tol, names, row_numbers)

    def _scores(self):
        return self._score(self.columns)

    def _losses(self, z, k):
        nearby = np.repeat(self.z[:, None], z.shape[1], axis=1)
        nearby[..., k] = z
        truths = np.repeat(self.y, z.shape[1])
        return layer.example_loss(nearby.reshape(-1, self.neurons), truths).reshape(z.shape)

    def _residual(self, k):
        return layer.residual(self.z, self.y)[:, k]

    def _wrong(self):
        return np.abs(layer.loss_and_residual(self.z, self.y)[1])

    def _parameter(self, name, k):
        return of_class(name, self.classes[k])

    def _of_belief(self):
        """Every belief along every score."""
        step = float(best_step(self.eps, 1.0))
        slopes = [measured_slope(lambda t, e=e: layer.softmax(self.z + t * e), 0.0, step) for e in np.eye(self.neurons)]
        numeric = np.stack(slopes, axis=2)  # the belief that is moved, the score that moves it
        noise = np.full(numeric.shape, 4 * self.eps / step)
        promised = layer.softmax_slopes(self.z)
        return self._worst("da/dz", "softmax_slopes", promised, numeric, noise, self._named("z"))

    def _of_loss(self):
        """J along every belief; one that rounds to nothing is taken for the least that does not."""
        a = np.clip(layer.softmax(self.z), self.eps, None)
        given = np.take_along_axis(a, self.y[:, None], axis=1)
        step = given * float(best_step(self.eps, 4.0))  # the logarithm bends more than a sigmoid, and most near 0
        slopes = [measured_slope(lambda t, e=e: self._cost(a + t * e), 0.0, step) for e in np.eye(self.neurons)]
        noise = np.broadcast_to(4 * self.eps * (1 + 1 / given) / step, a.shape)
        promised = layer.loss_slope(a, self.y)
        return self._worst("dJ/da", "loss_slope", promised, np.hstack(slopes), noise, self._named("a"))

    def _cost(self, a):
        """``-log a_y``, (n, 1)."""
        return -np.log(np.take_along_axis(a, self.y[:, None], axis=1))

    def _named(self, symbol):
        return [of_class(symbol, name) for name in self.classes]
