"""snapml: IBM's multi-threaded solvers."""

import numpy as np
import scipy.sparse as sp
from benchmark_utils.contender import Contender
from benchmark_utils.threads import allowed

COLUMN = 100.0  # stands for the bias, which is penalised a ten thousandth as much as a weight


class Solver(Contender):
    """LogisticRegression(regularizer=1/C, fit_intercept=False, dual=False, tol=tol) on X with a column of 100."""

    name = "snapml"
    package = "snapml"
    counts_iterations = True

    def arrange(self, X):
        """X with a last column of 100: its own intercept comes back as 0."""
        bias = np.full((X.shape[0], 1), COLUMN, dtype=X.dtype)
        return sp.csr_matrix(sp.hstack([X, bias])) if sp.issparse(X) else np.hstack([X, bias])

    def learn(self, X, y, tolerance, max_iter):
        """Weights and bias of one neuron."""
        from snapml import LogisticRegression

        model = LogisticRegression(
            regularizer=1 / self.C, fit_intercept=False, dual=False, tol=tolerance, max_iter=max_iter, n_jobs=allowed()
        ).fit(X, y)
        theta = np.ravel(model.coef_)
        return theta[:-1], COLUMN * theta[-1]
