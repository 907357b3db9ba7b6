"""Ours."""

from benchmark_utils.contender import LARGEST_HESSIAN_BYTES, Contender

from sklearn_neuron import SigmoidNeuronClassifier
from sklearn_neuron.solvers.recipes import SOLVERS


class Solver(Contender):
    """SigmoidNeuronClassifier by every solver name; all neurons side by side, or in one layer."""

    name = "neuron"
    package = "sklearn_neuron"
    learns_layers = True
    parameters = {"solver": list(SOLVERS)}
    parameter_template = "{solver}"

    def bears(self, l1_ratio):
        """Whether this name is one of those that bear kinks, if there are any."""
        return self.solver in ("auto", "gd", "nesterov", "prox-newton") or l1_ratio == 0

    def skip(self, X, y, C, multi_class, l1_ratio=0.0):
        """Whether its Hessians would be refused."""
        K = y.max() + 1
        hessians = K**2 if multi_class == "multinomial" else K
        if self.solver == "newton" and 8 * (X.shape[1] + 1) ** 2 * hessians > LARGEST_HESSIAN_BYTES:
            return True, f"refuses to form Hessians of {X.shape[1]} features"
        return super().skip(X, y, C, multi_class, l1_ratio)

    def name_classes(self, y):
        """One problem, whatever the number of classes."""
        return [y]

    def learn(self, X, y, tolerance, max_iter):
        """Weights and biases of one neuron, of K side by side, or of a layer."""
        options = {"C": self.C, "l1_ratio": self.l1_ratio, "multi_class": self.multi_class, "solver": self.solver}
        neuron = SigmoidNeuronClassifier(**options, tol=tolerance, max_iter=max_iter).fit(X, y)
        self.walked = f"{neuron.solver_}, {neuron.n_iter_.max()} steps"
        return neuron.coef_, neuron.intercept_
