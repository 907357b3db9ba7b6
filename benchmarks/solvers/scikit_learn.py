"""The six solvers of scikit-learn."""

from benchmark_utils.contender import Contender
from sklearn.linear_model import LogisticRegression


class Solver(Contender):
    """LogisticRegression(C=C, solver=...); liblinear penalises the bias, a hundredth as much."""

    name = "scikit-learn"
    parameters = {"solver": ["lbfgs", "newton-cg", "newton-cholesky", "sag", "saga", "liblinear"]}
    parameter_template = "{solver}"

    @property
    def learns_layers(self):
        """Whether it knows the softmax."""
        return self.solver != "liblinear"

    @property
    def forms_hessian(self):
        """Whether it holds a p x p matrix."""
        return self.solver == "newton-cholesky"

    @property
    def counts_iterations(self):
        """Whether it stays in compiled code from beginning to end."""
        return self.solver in ("sag", "saga", "liblinear")

    def bears(self, l1_ratio):
        """Saga bears all, liblinear L1 alone, the others none."""
        return l1_ratio == 0 or self.solver == "saga" or (self.solver == "liblinear" and l1_ratio == 1)

    def learn(self, X, y, tolerance, max_iter):
        """Weights and bias of one neuron, or of a layer if there are more than two classes."""
        options = {"intercept_scaling": 100} if self.solver == "liblinear" else {}
        if self.l1_ratio:
            options["l1_ratio"] = self.l1_ratio
        model = LogisticRegression(C=self.C, solver=self.solver, tol=tolerance, max_iter=max_iter, **options)
        model.fit(X, y)
        return model.coef_, model.intercept_
