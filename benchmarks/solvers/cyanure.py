"""cyanure: accelerated variance-reduced descent, with a quasi-Newton method around it."""

from benchmark_utils.contender import Contender
from benchmark_utils.threads import allowed


class Solver(Contender):
    """Classifier(loss="logistic", penalty="l2", lambda_1=1/(C n), fit_intercept=True, tol=tol), labels -1 and 1."""

    name = "cyanure"
    package = "cyanure"
    labels = (-1, 1)
    counts_iterations = True

    def learn(self, X, y, tolerance, max_iter):
        """Weights and bias of one neuron."""
        from cyanure.estimators import Classifier

        model = Classifier(
            loss="logistic",
            penalty="l2",
            lambda_1=1 / (self.C * len(y)),
            fit_intercept=True,
            tol=tolerance,
            max_iter=max_iter,
            verbose=False,
            n_threads=allowed(),
        ).fit(X, y)
        return model.coef_, model.intercept_
