"""cyanure: accelerated variance-reduced descent, with a quasi-Newton method around it."""

from benchmark_utils.contender import Contender
from benchmark_utils.threads import allowed

LOSSES = {"ovr": "logistic", "multinomial": "multiclass-logistic"}


class Solver(Contender):
    """Classifier(loss="logistic", penalty="l2", lambda_1=1/(C n), fit_intercept=True, tol=tol), labels -1 and 1.

    Layers by the loss "multiclass-logistic".
    """

    name = "cyanure"
    package = "cyanure"
    labels = (-1, 1)
    learns_layers = True
    counts_iterations = True

    def learn(self, X, y, tolerance, max_iter):
        """Weights and bias of one neuron, or of a layer."""
        from cyanure.estimators import Classifier

        model = Classifier(
            loss=LOSSES[self.multi_class],
            penalty="l2",
            lambda_1=1 / (self.C * len(y)),
            fit_intercept=True,
            tol=tolerance,
            max_iter=max_iter,
            verbose=False,
            n_threads=allowed(),
        ).fit(X, y)
        return (model.coef_ if self.multi_class == "ovr" else model.coef_.T), model.intercept_
