"""How high is J above its floor? Evaluated in float64, whatever a contender computed in.

    J(w, b)  =  sum over neurons of  mean log-loss + ((1 - r) |w|^2 / 2 + r |w|_1) / (C n),      r = l1_ratio
    gap      =  (J - J*) / (J(0) - J*)

J(0) is log 2 for every neuron. J* is the smallest J known: that of a reference solve, or of any contender that
finds a smaller one; the table lowers it once more over all results.
"""

import warnings

import numpy as np

from sklearn_neuron import SigmoidNeuronClassifier, layer
from sklearn_neuron.neuron import example_loss

from .limits import OutOfTimeError, at_most

BLOCK_SIZE = 2_000_000  # numbers of X converted at once
SMALLEST_GAP = 1e-16  # less is rounding, and has no logarithm
REFERENCE_TOL = 1e-8  # of a Newton decrement: a gap of about 5e-17
REFERENCE_SECONDS = 600


def of_sigmoids(z, truths):
    """Log-losses of examples, summed; every neuron by itself. z, truths : arrays of shape (n, K)."""
    return example_loss(z, truths).sum()


def of_softmax(z, truths):
    """The same of a layer, where one truth a row holds."""
    return layer.example_loss(z, truths.argmax(axis=1)).sum()


LOSSES = {"ovr": of_sigmoids, "multinomial": of_softmax}


class Valley:
    """J of one workload.

    Parameters
    ----------
    X : {ndarray, sparse array} of shape (n, p)
        Features.
    y : ndarray of int of shape (n,)
        Classes, 0 to K - 1.
    C : float
        Inverse strength of the penalty.
    multi_class : {"ovr", "multinomial"}, default="ovr"
        More than two classes are K problems of one class against the rest, or one layer of K neurons.
    l1_ratio : float, default=0.0
        Share of the penalty that is paid for the size of weights.
    reference_seconds : float, default=600
        Limit of each solve of the reference.
    has_bias : bool, default=True
        Whether the reference has one.
    """

    def __init__(self, X, y, C, multi_class="ovr", l1_ratio=0.0, reference_seconds=REFERENCE_SECONDS, has_bias=True):
        self.X, self.y, self.C, self.l1_ratio, self.has_bias = X, y, C, l1_ratio, has_bias
        self.multi_class, self.reference_seconds = multi_class, reference_seconds
        self._loss = LOSSES[multi_class]
        classes = np.unique(y)
        self.truths = y[:, None] == (classes if len(classes) > 2 else classes[1:])
        self.start = float(self._loss(np.zeros((1, self.truths.shape[1])), self.truths[:1]))
        self._lowest = None

    def height(self, w, b):
        """J at weights (K, p) and biases (K,)."""
        w, b = np.asarray(w, dtype=np.float64), np.asarray(b, dtype=np.float64)
        n, p = self.X.shape
        with np.errstate(all="ignore"):
            step = max(1, BLOCK_SIZE // p) if isinstance(self.X, np.ndarray) else n
            losses = sum(self._losses(slice(row, row + step), w, b) for row in range(0, n, step))
            paid = (1 - self.l1_ratio) * (w**2).sum() / 2 + self.l1_ratio * np.abs(w).sum()
            return float(losses / n + paid / (self.C * n))

    def _losses(self, rows, w, b):
        X = self.X if rows.stop - rows.start >= self.X.shape[0] else self.X[rows]
        return self._loss(X.astype(np.float64, copy=False) @ w.T + b, self.truths[rows])

    def gap(self, height):
        """Relative gap of a J; a J lower than any known becomes J*."""
        lowest = self.lowest
        if np.isfinite(height) and height < lowest:
            self._lowest = lowest = height
        return max((height - lowest) / (self.start - lowest), SMALLEST_GAP) if np.isfinite(height) else np.inf

    @property
    def lowest(self):
        """Smallest J known; the reference is solved for when first asked."""
        if self._lowest is None:
            self._lowest = min(self._references(), default=self.start - 1e-300)
        return self._lowest

    def _references(self):
        """J where the default solver arrives with a tiny tol, and where Newton-CG goes on from there if p is large."""
        asked = {"C": self.C, "l1_ratio": self.l1_ratio, "fit_intercept": self.has_bias}
        neuron = SigmoidNeuronClassifier(**asked, multi_class=self.multi_class, tol=REFERENCE_TOL)
        refined = {"solver": "newton-cg", "warm_start": True}
        for options in ({}, refined) if self.X.shape[1] > 256 and not self.l1_ratio else ({},):
            try:
                with warnings.catch_warnings(action="ignore"), at_most(self.reference_seconds):
                    neuron.set_params(**options).fit(self.X.astype(np.float64, copy=False), self.y)
            except (OutOfTimeError, ValueError):
                return
            yield self.height(neuron.coef_, neuron.intercept_)
