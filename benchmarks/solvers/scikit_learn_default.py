"""What most people run."""

import numpy as np
from benchmark_utils.contender import Contender
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier


class Solver(Contender):
    """LogisticRegression(C=C) with every default: one point, where its tol or its 100 iterations end it."""

    name = "scikit-learn-default"
    learns_layers = True
    tolerances = (1e-4,)

    def name_classes(self, y):
        """One problem, whatever the number of classes."""
        return [y]

    def learn(self, X, y, tolerance, max_iter):
        """Weights and biases at its own tolerance; neurons of their own behind OneVsRestClassifier."""
        model = LogisticRegression(C=self.C)
        apart = y.max() > 1 and self.multi_class == "ovr"
        models = OneVsRestClassifier(model).fit(X, y).estimators_ if apart else [model.fit(X, y)]
        return np.vstack([one.coef_ for one in models]), np.concatenate([one.intercept_ for one in models])
