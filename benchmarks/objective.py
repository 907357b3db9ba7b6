"""What everybody minimises: mean log-loss with a penalty, L2 or L1 or both, that spares the bias."""

from benchmark_utils.valley import Valley
from benchopt import BaseObjective


class Objective(BaseObjective):
    """J(w, b) = mean log-loss + ((1 - r) |w|^2 / 2 + r |w|_1) / (C n), of neurons or of a layer; its relative gap."""

    name = "J"
    min_benchopt_version = "1.9"
    parameters = {"C": [1.0, 0.01, 100.0], "multi_class": ["ovr"], "l1_ratio": [0.0]}  # or "multinomial"
    test_dataset_name = "plants"

    def skip(self, X, y, missing=None):
        """Whether there are no data, or too few classes, and why."""
        if X is not None and self.multi_class == "multinomial" and y.max() < 2:
            return True, "two classes are one neuron, and no layer"
        return X is None, missing

    def set_data(self, X, y, missing=None):
        """Take the examples."""
        self.valley = Valley(X, y, self.C, self.multi_class, self.l1_ratio)

    def get_objective(self):
        """What contenders are given."""
        options = {"C": self.C, "multi_class": self.multi_class, "l1_ratio": self.l1_ratio}
        return {"X": self.valley.X, "y": self.valley.y, **options}

    def evaluate_result(self, w, b, failure):
        """J and its gap at the weights and biases learned."""
        height = float("inf") if w is None else self.valley.height(w, b)
        n, p = self.valley.X.shape
        return {
            "value": self.valley.gap(height),
            "J": height,
            "start": self.valley.start,
            "lowest": self.valley.lowest,
            "failure": failure,
            "rows": n,
            "features": p,
            "neurons": self.valley.truths.shape[1],
        }

    def get_one_result(self):
        """A neuron that has learned nothing."""
        K = self.valley.truths.shape[1]
        return {"w": [[0.0] * self.valley.X.shape[1]] * K, "b": [0.0] * K, "failure": ""}
