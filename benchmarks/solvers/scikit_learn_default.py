"""What most people run."""

import numpy as np
from benchmark_utils.contender import Contender
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier


class Solver(Contender):
    """LogisticRegression(C=C) with every default: one point, where its tol or its 100 iterations end it."""

    name = "scikit-learn-default"
    tolerances = (1e-4,)

    def name_classes(self, y):
        """One problem, whatever the number of classes."""
        return [y]

    def learn_all(self, tolerance, max_iter):
        """Weights (K, p) and biases (K,) of all neurons, at its own tolerance."""
        return self.learn(self.X, self.truths[0], tolerance, max_iter)

    def learn(self, X, y, tolerance, max_iter):
        """Weights and biases; more than two classes behind OneVsRestClassifier."""
        model = LogisticRegression(C=self.C)
        models = [model.fit(X, y)] if y.max() == 1 else OneVsRestClassifier(model).fit(X, y).estimators_
        return np.vstack([one.coef_ for one in models]), np.concatenate([one.intercept_ for one in models])
