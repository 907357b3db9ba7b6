"""LIBLINEAR itself: Newton with preconditioned conjugate gradients in a trust region."""

import numpy as np
from benchmark_utils.contender import Contender


class Solver(Contender):
    """train(y, X, "-s 0 -c C -e tol -B 1 -R -q"), labels -1 and 1; -R leaves the bias free; L1 by -s 6. One thread."""

    name = "liblinear-official"
    package = "liblinear"
    labels = (-1.0, 1.0)

    def bears(self, l1_ratio):
        """One or the other."""
        return l1_ratio in (0, 1)

    def learn(self, X, y, tolerance, max_iter):
        """Weights and bias of one neuron; its Newton steps are at most 1,000."""
        from liblinear.liblinearutil import train

        model = train(y, X, f"-s {6 if self.l1_ratio else 0} -c {self.C} -e {tolerance} -B 1 -R -q")
        theta = np.ctypeslib.as_array(model.w, (X.shape[1] + 1,)) * model.label[0]
        return theta[:-1], theta[-1]
