"""scikit-learn-intelex: the lbfgs of scikit-learn with oneDAL's loss and gradient."""

from benchmark_utils.contender import Contender


class Solver(Contender):
    """sklearnex.linear_model.LogisticRegression(C=C, tol=tol), dense X only."""

    name = "scikit-learn-intelex"
    package = "sklearnex"
    learns_layers = True
    takes_sparse = False
    why_not_sparse = "hands sparse X to scikit-learn's own lbfgs"

    def learn(self, X, y, tolerance, max_iter):
        """Weights and bias of one neuron, or of a layer if there are more than two classes."""
        from sklearnex.linear_model import LogisticRegression

        model = LogisticRegression(C=self.C, tol=tolerance, max_iter=max_iter).fit(X, y)
        return model.coef_, model.intercept_
