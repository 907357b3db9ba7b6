"""The neuron beside ``LogisticRegression``, both with their defaults, on scikit-learn's tables and a tall one.

    python -m benchmarks.beside

prints, for each table: how far above its minimum each left J, relative to where it started, and how long it took,
as a ratio within this run (best of many fits, taken in turns). More than two classes: one neuron a class beside
``OneVsRestClassifier(LogisticRegression())``.
"""

import argparse
import warnings

import numpy as np
from sklearn import datasets
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier

from sklearn_neuron import SigmoidNeuronClassifier
from sklearn_neuron.command.comparison import mean_loss
from sklearn_neuron.datasets import make_toxic_plants

from . import machine
from .benchmark_utils.made import tall
from .turns import best_times

TABLES = {
    "plants": lambda: make_toxic_plants(random_state=0, return_X_y=True),
    "iris": lambda: datasets.load_iris(return_X_y=True),
    "wine": lambda: datasets.load_wine(return_X_y=True),
    "breast_cancer": lambda: datasets.load_breast_cancer(return_X_y=True),
    "digits": lambda: datasets.load_digits(return_X_y=True),
    "tall": lambda: tall(500_000, 30),
}
SECONDS = 5.0  # for the fits of one table


def main():
    """Measure every table and print one line each."""
    argparse.ArgumentParser(
        prog="python -m benchmarks.beside", description="The neuron beside LogisticRegression."
    ).parse_args()
    print(machine.described(), end="\n\n")
    print("| table | rows x features, classes | gap, neuron | gap, LogisticRegression | its warning | time ratio |")
    print("|---|---|---|---|---|---|")
    for name, load in TABLES.items():
        print(line(name, *load()))


def line(name, X, y):
    """One line of the table."""
    K = len(np.unique(y))
    neuron = SigmoidNeuronClassifier()
    rival = LogisticRegression() if K == 2 else OneVsRestClassifier(LogisticRegression())
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        times = best_times([lambda: neuron.fit(X, y), lambda: rival.fit(X, y)], SECONDS)
    warned = "yes" if any(issubclass(one.category, ConvergenceWarning) for one in caught) else "no"
    floor = mean_loss(SigmoidNeuronClassifier(tol=1e-9).fit(X, y), X, y, C=1)
    gaps = [(mean_loss(model, X, y, C=1) - floor) / (np.log(2) - floor) for model in (neuron, rival)]
    shape = f"{X.shape[0]:,} x {X.shape[1]}, {K}"
    told = [f"{gap:.0e}" if gap > 1e-14 else "< 1e-14" for gap in gaps]
    return f"| {name} | {shape} | {told[0]} | {told[1]} | {warned} | {times[0] / times[1]:.2f} |"


if __name__ == "__main__":
    main()
