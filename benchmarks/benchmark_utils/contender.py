"""What all contenders have in common: one tolerance in, weights and biases out, and a clock around it.

A contender says how it learns one problem (:meth:`Contender.learn`). That is two classes; more are learned one after
the other, each against the rest, and their times add up, or, by those who learn layers, together. Everything that is
not learning happens before the clock starts: importing, compiling, arranging X and y as the contender wants them, and
measuring how long an iteration takes where a run cannot be interrupted.

A short run follows at once upon the same one, which is not timed: between runs threads go to sleep and caches are
filled with other things. This does not help where another process wants the cores; see :mod:`benchmarks.machine`.
"""

import importlib.util
import time
import warnings
from abc import abstractmethod

import numpy as np
import scipy.sparse as sp
from benchopt import BaseSolver

from .ladder import Ladder
from .limits import clocked

LARGEST_HESSIAN_BYTES = 2**30
MANY = 1_000_000  # iterations: out of the way
SHORT_SECONDS = 0.3  # a run that took less is preceded by one that is not timed
PROBE_SECONDS = 0.05  # long enough to tell what an iteration costs
_WARM = set()


class Contender(BaseSolver):
    """One who minimises J.

    Class attributes say what it needs:

    package : str
        Name under which it is imported.
    labels : tuple of two numbers
        What it calls the two classes.
    takes_sparse : bool
        Whether it takes sparse X (``why_not_sparse`` says why not).
    bears : callable
        ``bears(l1_ratio)``: whether it pays such a penalty; here L2 alone.
    learns_layers : bool
        Whether it learns the neurons of more than two classes as one layer.
    forms_hessian : bool
        Whether it holds a p x p matrix; of a layer, one of K p x K p.
    counts_iterations : bool
        Whether it can be stopped by nothing but a number of iterations.
    """

    sampling_strategy = "tolerance"
    stopping_criterion = Ladder()
    package = "sklearn"
    labels = (0, 1)
    takes_sparse = True
    why_not_sparse = "does not take sparse X"
    learns_layers = False
    forms_hessian = False
    counts_iterations = False
    seconds = np.inf  # that one run may take
    seconds_per_iteration = 0.0
    took = np.inf  # seconds of the last attempt
    walked = ""  # what it did in the last attempt, if it tells

    def bears(self, l1_ratio):
        """Whether it pays a penalty of which that share is L1."""
        return l1_ratio == 0

    def skip(self, X, y, C, multi_class, l1_ratio=0.0):
        """Whether this contender cannot take the workload, and why."""
        if importlib.util.find_spec(self.package) is None:
            return True, f"needs the package {self.package}, which is not installed"
        if sp.issparse(X) and not self.takes_sparse:
            return True, self.why_not_sparse
        if not self.bears(l1_ratio):
            return True, f"pays no penalty with l1_ratio={l1_ratio:g}"
        layer = multi_class == "multinomial"
        if layer and not self.learns_layers:
            return True, "learns no layers"
        side = (X.shape[1] + 1) * (y.max() + 1 if layer else 1)
        if self.forms_hessian and 8 * side**2 > LARGEST_HESSIAN_BYTES:
            return True, f"forms a Hessian, and one of {side} parameters is larger than 1 GiB"
        return False, None

    def set_objective(self, X, y, C, multi_class, l1_ratio=0.0):
        """Everything before the clock starts."""
        warnings.simplefilter("ignore")
        self.C, self.multi_class, self.l1_ratio = C, multi_class, l1_ratio
        self.seconds, self.seconds_per_iteration = np.inf, 0.0
        self._warm_up_like(X)
        self.X = self.arrange(X)
        self.truths = self.name_classes(y)
        if self.counts_iterations:
            self._probe()
        self.took = np.inf  # what was done so far was something else

    def arrange(self, X):
        """X as the contender wants it."""
        return X

    def name_classes(self, y):
        """Labels of every problem: of two classes each, or of all that a layer tells apart."""
        if self.multi_class == "multinomial":
            return [y]
        classes = np.unique(y)
        no, yes = self.labels
        return [np.where(y == one, yes, no) for one in (classes if len(classes) > 2 else classes[1:])]

    def _warm_up_like(self, X):
        """Learn a small problem of the same kind, so that everything is imported, compiled and in place."""
        key = (str(self), self.multi_class, self.l1_ratio > 0, X.dtype, sp.issparse(X))
        if key in _WARM:
            return
        rng = np.random.default_rng(0)
        small = rng.normal(size=(60, 3)).astype(X.dtype)
        self.X = self.arrange(sp.csr_matrix(small) if sp.issparse(X) else small)
        score = small[:, 0] + rng.logistic(size=60)
        self.truths = self.name_classes(np.digitize(score, [0.0, 1.0] if self.multi_class == "multinomial" else [0.0]))
        self.run(1e-3)
        _WARM.add(key)

    def _probe(self):
        """Time ever more iterations until they tell what one costs; all neurons together."""
        iterations, seconds = 1, 0.0
        while seconds < PROBE_SECONDS and iterations < MANY:
            iterations *= 5
            start = time.perf_counter()
            self.attempt(1e-14, iterations)
            seconds = time.perf_counter() - start
        self.seconds_per_iteration = seconds / iterations

    def pre_run_hook(self, stop_val):
        """Wake threads and fill caches, before the clock starts, if the last run was short."""
        if self.took < SHORT_SECONDS:
            self.attempt(stop_val, MANY)

    def run(self, stop_val):
        """Learn with one tolerance; this is what is timed."""
        self.attempt(stop_val, MANY)

    def attempt(self, tolerance, max_iter):
        """Learn all neurons; what goes wrong is remembered, not raised."""
        if self.seconds_per_iteration and self.seconds < np.inf:
            max_iter = min(max_iter, int(1 + self.seconds / self.seconds_per_iteration))
        learned, self.failure, self.took = clocked(lambda: self.learn_all(tolerance, max_iter), self.seconds)
        self.w, self.b = learned or (None, None)

    def learn_all(self, tolerance, max_iter):
        """Weights (K, p) and biases (K,) of all neurons, one problem after the other."""
        weights, biases = zip(*(self.learn(self.X, y, tolerance, max_iter) for y in self.truths), strict=True)
        return np.vstack(weights), np.hstack([np.ravel(b) for b in biases])

    @abstractmethod
    def learn(self, X, y, tolerance, max_iter):
        """Weights and bias of one neuron, or those (K, p) and (K,) of a layer."""

    def get_result(self):
        """What was learned, for the objective to judge."""
        return {"w": self.w, "b": self.b, "failure": self.failure}
