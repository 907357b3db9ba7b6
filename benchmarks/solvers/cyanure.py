"""cyanure: accelerated variance-reduced descent, with a quasi-Newton method around it."""

from benchmark_utils.contender import Contender
from benchmark_utils.threads import allowed

LOSSES = {"ovr": "logistic", "multinomial": "multiclass-logistic"}


class Solver(Contender):
    """Classifier(loss="logistic", penalty="l2", lambda_1=1/(C n), fit_intercept=True, tol=tol), labels -1 and 1.

    Layers by the loss "multiclass-logistic"; L1 by the penalty "l1", both by "elasticnet" with lambda_2.
    """

    name = "cyanure"
    package = "cyanure"
    labels = (-1, 1)
    learns_layers = True
    counts_iterations = True

    def bears(self, l1_ratio):
        """All of them."""
        return True

    def learn(self, X, y, tolerance, max_iter):
        """Weights and bias of one neuron, or of a layer."""
        from cyanure.estimators import Classifier

        strength = 1 / (self.C * len(y))
        penalty = {"penalty": "l2", "lambda_1": strength}
        if self.l1_ratio:
            penalty = {"penalty": "l1" if self.l1_ratio == 1 else "elasticnet", "lambda_1": self.l1_ratio * strength}
            penalty["lambda_2"] = (1 - self.l1_ratio) * strength
        model = Classifier(
            loss=LOSSES[self.multi_class],
            **penalty,
            fit_intercept=True,
            tol=tolerance,
            max_iter=max_iter,
            verbose=False,
            n_threads=allowed(),
        ).fit(X, y)
        return (model.coef_ if self.multi_class == "ovr" else model.coef_.T), model.intercept_
