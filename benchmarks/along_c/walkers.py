"""Who learns at every C, from the smallest on, each time from what was learned at the one before.

A walker is told a problem and a tolerance, and returns weights (n_Cs, K, p) and biases (n_Cs, K). Some bear only some
penalties, some have no bias; :func:`excused` says why one does not take part.
"""

import importlib.util
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from sklearn.linear_model import LogisticRegression

from sklearn_neuron import SigmoidNeuronClassifier, neuron_path

from ..benchmark_utils.threads import allowed

MANY = 100_000  # iterations, of those whom an alarm can interrupt
COUNTED = 1_000  # of those whom it cannot


class Walker(NamedTuple):
    """One who learns along C."""

    learn: Callable  # of a problem and a tolerance
    bears: tuple | None = None  # these l1_ratio; None: all
    package: str = "sklearn"
    bears_a_bias: bool = True
    learns_layers: bool = True  # asked of choosers only: paths are of two classes


def excused(walker, problem):
    """Why a walker does not take part; nothing if it does."""
    if importlib.util.find_spec(walker.package) is None:
        return f"needs the package {walker.package}, which is not installed"
    if walker.bears is not None and problem.l1_ratio not in walker.bears:
        return f"pays no penalty with l1_ratio={problem.l1_ratio:g}"
    if problem.multi_class == "multinomial" and not walker.learns_layers:
        return "learns no layers"
    return "learns no bias" if problem.has_bias and not walker.bears_a_bias else ""


def ours(problem, tol):
    """neuron_path."""
    options = {"l1_ratio": problem.l1_ratio, "fit_intercept": problem.has_bias}
    path = neuron_path(problem.X, problem.y, Cs=problem.Cs, **options, tol=tol)
    return path.coefs, path.intercepts


def one_by_one(problem, tol):
    """Our neuron, at every C from the beginning."""
    model = SigmoidNeuronClassifier(l1_ratio=problem.l1_ratio, fit_intercept=problem.has_bias, tol=tol)
    return _refitted(model, problem.X, problem.y, [{"C": C} for C in problem.Cs])


def scikit_learn(solver, max_iter=MANY, **options):
    """LogisticRegression with a warm start; "liblinear" has none."""

    def learn(problem, tol):
        asked = {**options, "l1_ratio": problem.l1_ratio, "fit_intercept": problem.has_bias}
        model = LogisticRegression(solver=solver, warm_start=True, tol=tol, max_iter=max_iter, **asked)
        return _refitted(model, problem.X, problem.y, [{"C": C} for C in problem.Cs])

    return learn


def glum(problem, tol):
    """Glum's search for alpha, which goes from the largest to the smallest."""
    from glum import GeneralizedLinearRegressor

    asked = {"l1_ratio": problem.l1_ratio, "fit_intercept": problem.has_bias, "gradient_tol": tol, "max_iter": MANY}
    model = GeneralizedLinearRegressor(family="binomial", alpha_search=True, alphas=problem.strengths, **asked)
    path = model.fit(problem.X, problem.y)
    return path.coef_path_[:, None], path.intercept_path_[:, None]


def skglm(problem, tol):
    """ProxNewton of skglm with a warm start."""
    from skglm import GeneralizedLinearEstimator
    from skglm.datafits import Logistic
    from skglm.penalties import L1_plus_L2
    from skglm.solvers import ProxNewton

    solver = ProxNewton(tol=tol, fit_intercept=problem.has_bias, warm_start=True, max_iter=MANY)
    model = GeneralizedLinearEstimator(Logistic(), solver=solver)
    penalties = [{"penalty": L1_plus_L2(strength, problem.l1_ratio)} for strength in problem.strengths]
    return _refitted(model, problem.columns, problem.signs, penalties)


def cyanure(problem, tol):
    """Cyanure with a warm start."""
    from cyanure.estimators import Classifier

    options = {"fit_intercept": problem.has_bias, "warm_start": True, "n_threads": allowed(), "verbose": False}
    model = Classifier(loss="logistic", penalty="elasticnet", tol=tol, max_iter=COUNTED, **options)
    l1, l2 = problem.l1_ratio, 1 - problem.l1_ratio
    penalties = [{"lambda_1": l1 * strength, "lambda_2": l2 * strength} for strength in problem.strengths]
    return _refitted(model, problem.X, problem.signs, penalties)


def celer(problem, tol):
    """celer_path, which sums losses where others average them."""
    from celer import celer_path

    path = celer_path(problem.columns, problem.signs, "logreg", alphas=1 / problem.Cs, tol=tol, use_PN=True)
    weights = path[1].T[:, None]
    return weights, np.zeros(weights.shape[:2])


def _refitted(model, X, y, changes):
    """Weights and biases after each change of one estimator."""
    learned = []
    for change in changes:
        model.set_params(**change).fit(X, y)
        found = np.array(model.coef_), np.array(getattr(model, "intercept_", 0.0))  # cyanure: only where it has a bias
        learned.append(found)
    weights, biases = zip(*learned, strict=True)
    return np.reshape(weights, (len(learned), -1, X.shape[1])), np.reshape(biases, (len(learned), -1))


def of_scikit_learn(learn):
    """Its solvers, and what they bear; liblinear holds the bias a hundredth as much as a weight."""
    smooth = {name: Walker(learn(name), bears=(0,)) for name in ("lbfgs", "newton-cg", "newton-cholesky")}
    kinked = {
        "saga": Walker(learn("saga", COUNTED)),
        "liblinear": Walker(learn("liblinear", COUNTED, intercept_scaling=100), bears=(0, 1), learns_layers=False),
    }
    return {f"scikit-learn[{name}]": walker for name, walker in {**smooth, **kinked}.items()}


WALKERS = {
    "neuron[path]": Walker(ours, package="sklearn_neuron"),
    "neuron[one by one]": Walker(one_by_one, package="sklearn_neuron"),
    **of_scikit_learn(scikit_learn),
    "glum": Walker(glum, package="glum"),
    "skglm": Walker(skglm, package="skglm"),
    "cyanure": Walker(cyanure, package="cyanure"),
    "celer": Walker(celer, bears=(1,), package="celer", bears_a_bias=False),
}
