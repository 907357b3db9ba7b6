"""glum: iteratively reweighted least squares with a Hessian, for dense, sparse and categorical tables."""

from benchmark_utils.contender import Contender


class Solver(Contender):
    """GeneralizedLinearRegressor(family="binomial", alpha=1/(C n), l1_ratio=l1_ratio, gradient_tol=tol)."""

    name = "glum"
    package = "glum"
    forms_hessian = True

    def bears(self, l1_ratio):
        """All of them."""
        return True

    def learn(self, X, y, tolerance, max_iter):
        """Weights and bias of one neuron."""
        from glum import GeneralizedLinearRegressor

        model = GeneralizedLinearRegressor(
            family="binomial",
            alpha=1 / (self.C * len(y)),
            l1_ratio=self.l1_ratio,
            gradient_tol=tolerance,
            max_iter=max_iter,
        ).fit(X, y)
        return model.coef_, model.intercept_
