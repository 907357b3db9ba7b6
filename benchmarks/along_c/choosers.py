"""Who chooses C, by five folds and log-loss, and learns with it.

A chooser is told a problem and a tolerance, and returns weights (n_folds n_Cs, K, p), biases (n_folds n_Cs, K), and the
C that it chose.
"""

from sklearn.linear_model import LogisticRegressionCV

from sklearn_neuron import SigmoidNeuronClassifierCV

from .walkers import MANY, Walker, of_scikit_learn

FOLDS = 5


def ours(problem, tol):
    """SigmoidNeuronClassifierCV."""
    asked = {"Cs": problem.Cs, "l1_ratios": [problem.l1_ratio], "multi_class": problem.multi_class, "cv": FOLDS}
    return _found(SigmoidNeuronClassifierCV(**asked, tol=tol).fit(problem.X, problem.y))


def scikit_learn(solver, max_iter=MANY, **options):
    """LogisticRegressionCV in its new layout."""

    def learn(problem, tol):
        asked = {"Cs": problem.Cs, "l1_ratios": [problem.l1_ratio], "cv": FOLDS, "scoring": "neg_log_loss"}
        asked |= {"solver": solver, "tol": tol, "max_iter": max_iter, "use_legacy_attributes": False, **options}
        return _found(LogisticRegressionCV(**asked).fit(problem.X, problem.y))

    return learn


def _found(model):
    """What folds learned at every C, and the choice."""
    learned = model.coefs_paths_[:, 0]
    learned = learned.reshape(-1, *learned.shape[2:])
    return learned[..., :-1], learned[..., -1], float(model.C_)


CHOOSERS = {"neuron[cv]": Walker(ours, package="sklearn_neuron"), **of_scikit_learn(scikit_learn)}
