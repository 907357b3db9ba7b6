"""Ours."""

from benchmark_utils.contender import LARGEST_HESSIAN_BYTES, Contender

from sklearn_neuron import SigmoidNeuronClassifier
from sklearn_neuron.solvers.recipes import SOLVERS


class Solver(Contender):
    """SigmoidNeuronClassifier by every solver name; all neurons side by side."""

    name = "neuron"
    package = "sklearn_neuron"
    parameters = {"solver": list(SOLVERS)}
    parameter_template = "{solver}"

    def skip(self, X, y, C):
        """Whether its Hessians would be refused."""
        if self.solver == "newton" and 8 * (X.shape[1] + 1) ** 2 * (y.max() + 1) > LARGEST_HESSIAN_BYTES:
            return True, f"refuses to form Hessians of {X.shape[1]} features"
        return super().skip(X, y, C)

    def name_classes(self, y):
        """One problem, whatever the number of classes."""
        return [y]

    def learn_all(self, tolerance, max_iter):
        """Weights (K, p) and biases (K,) of all neurons."""
        return self.learn(self.X, self.truths[0], tolerance, max_iter)

    def learn(self, X, y, tolerance, max_iter):
        """Weights and biases of one neuron, or of K side by side."""
        neuron = SigmoidNeuronClassifier(C=self.C, solver=self.solver, tol=tolerance, max_iter=max_iter).fit(X, y)
        self.walked = f"{neuron.solver_}, {neuron.n_iter_.max()} steps"
        return neuron.coef_, neuron.intercept_
