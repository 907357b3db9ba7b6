"""skglm: proximal Newton, compiled at the first call (before the clock starts)."""

import numpy as np
import scipy.sparse as sp
from benchmark_utils.contender import Contender


class Solver(Contender):
    """GeneralizedLinearEstimator(Logistic(), L1_plus_L2(1/(C n), l1_ratio), ProxNewton(tol=tol)), labels -1 and 1."""

    name = "skglm"
    package = "skglm"
    labels = (-1.0, 1.0)

    def bears(self, l1_ratio):
        """All of them."""
        return True

    def arrange(self, X):
        """X by columns, as its coordinate descent reads it."""
        return sp.csc_matrix(X) if sp.issparse(X) else np.asfortranarray(X)

    def learn(self, X, y, tolerance, max_iter):
        """Weights and bias of one neuron."""
        from skglm import GeneralizedLinearEstimator
        from skglm.datafits import Logistic
        from skglm.penalties import L1_plus_L2
        from skglm.solvers import ProxNewton

        penalty = L1_plus_L2(1 / (self.C * len(y)), l1_ratio=self.l1_ratio)
        solver = ProxNewton(tol=tolerance, fit_intercept=True, max_iter=max_iter)
        model = GeneralizedLinearEstimator(Logistic(), penalty, solver).fit(X, y.astype(X.dtype))
        return model.coef_, model.intercept_
