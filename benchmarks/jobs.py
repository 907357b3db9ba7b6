"""Whole jobs of users, as ratios within one run, beside what the project aims at.

    python -m benchmarks.jobs [--only grid small tall pass memory] [--seconds 5] [--rows 1000000]

Ours and theirs take turns and the shortest time of each counts; the ratio is ours over theirs, or over ``X.sum()``,
which reads X once. Beside it stands what the project aims at, and whether that is met.
"""

import argparse
from typing import NamedTuple

import numpy as np
from sklearn import datasets
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.multiclass import OneVsRestClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from sklearn_neuron import SigmoidNeuronClassifier
from sklearn_neuron.datasets import make_toxic_plants
from sklearn_neuron.homes.memory import InMemory
from sklearn_neuron.objective import Objective

from . import machine, memory
from .benchmark_utils.made import tall
from .benchmark_utils.valley import Valley
from .turns import best_times, quiet

CS = np.logspace(-3, 3, 10)
FOLDS = 5
SHAPES = ((1_000_000, 30), (2_000_000, 16), (250_000, 100), (50_000, 500))  # 200 MB or more in float64
MEMORY = 64e6  # bytes beside X that a fit may use whatever its size, and a tenth of X


class Job(NamedTuple):
    """One line: what is compared, the ratio measured, and what it should be at most."""

    name: str
    ratio: float
    target: float | None
    note: str

    def __str__(self):
        aim = (
            ("-", "-") if self.target is None else (f"{self.target:.3g}", "yes" if self.ratio <= self.target else "no")
        )
        return f"| {self.name} | {self.ratio:.3g} | {' | '.join(aim)} | {self.note} |"


def compare(ours, theirs, X, y, seconds):
    """Our time over theirs, for one fit each."""
    mine, other = best_times([quiet(lambda: ours.fit(X, y)), quiet(lambda: theirs.fit(X, y))], seconds)
    return mine / other, f"{mine:.4g} s against {other:.4g} s"


def grids(options):
    """GridSearchCV over 10 values of C and 5 folds."""
    for name in ("breast_cancer", "digits"):
        X, y = getattr(datasets, f"load_{name}")(return_X_y=True)
        for scaled in (False, True):
            ours, theirs = (grid(model, scaled) for model in (SigmoidNeuronClassifier(), LogisticRegression()))
            where = "behind StandardScaler" if scaled else "raw"
            ratio, note = compare(ours, theirs, X, y, options.seconds)
            yield Job(f"GridSearchCV, {name}, {where}", ratio, 0.5, note)


def grid(model, scaled):
    """A search for C, one job at a time."""
    name = "C"
    if scaled:
        model, name = make_pipeline(StandardScaler(), model), f"{type(model).__name__.lower()}__C"
    return GridSearchCV(model, {name: CS}, cv=FOLDS, n_jobs=1)


def rival(y):
    """LogisticRegression with its defaults, one against the rest where there are more than two classes."""
    return LogisticRegression() if len(np.unique(y)) == 2 else OneVsRestClassifier(LogisticRegression())


def small(options):
    """Single fits of small tables."""
    iris, digits = (getattr(datasets, f"load_{name}")(return_X_y=True) for name in ("iris", "digits"))
    plants = make_toxic_plants(random_state=0, return_X_y=True)
    neuron, multinomial = SigmoidNeuronClassifier(), LogisticRegression()
    pairs = [
        ("iris, LogisticRegression", multinomial, iris, 0.5),
        ("iris, OneVsRestClassifier", rival(iris[1]), iris, None),
        ("plants, LogisticRegression", multinomial, plants, None),
        ("digits, OneVsRestClassifier", rival(digits[1]), digits, 0.2),
        ("digits, LogisticRegression", multinomial, digits, 0.6),
    ]
    for name, theirs, (X, y), target in pairs:
        ratio, note = compare(neuron, theirs, X, y, options.seconds)
        yield Job(f"fit of {name}", ratio, target, note)


def tall_fits(options):
    """A whole fit of a tall table, beside LogisticRegression and beside reading X once."""
    for dtype in ("float64", "float32"):
        X, y = tall(options.rows, 30, dtype)
        neuron, theirs = SigmoidNeuronClassifier(), LogisticRegression()
        fits = [quiet(lambda: neuron.fit(X, y)), quiet(lambda: theirs.fit(X, y)), X.sum]  # noqa: B023 (called here)
        mine, other, reading = best_times(fits, options.seconds)
        left = ", ".join(f"{gap:.0e}" for gap in gaps((neuron, theirs), X, y))
        name = f"{options.rows:,} x 30 {dtype}"
        note = f"{mine:.4g} s against {other:.4g} s; gaps {left}"
        yield Job(f"fit of {name}, LogisticRegression", mine / other, 1 / 8, note)
        yield Job(f"fit of {name}, X.sum()", mine / reading, 8, f"X.sum() in {reading:.3g} s")


def gaps(models, X, y):
    """How far above J* fitted models are."""
    valley = Valley(X, y, 1.0)
    heights = [valley.height(model.coef_, model.intercept_) for model in models]
    for height in heights:
        valley.gap(height)
    return [valley.gap(height) for height in heights]


def one_pass(options):
    """One loss and gradient, beside reading X once."""
    for n, p in SHAPES:
        n = n * options.rows // 1_000_000
        for dtype, rows in (("float64", n), ("float32", 2 * n)):
            X, y = tall(rows, p, dtype)
            objective = Objective(InMemory(X, y[:, None] == 1, np.full(rows, 1 / rows, dtype=dtype)), 1 / rows)
            theta = np.full((p + 1, 1), 0.1 / np.sqrt(p))
            mine, reading = best_times([lambda: objective.at(theta), X.sum], options.seconds)  # noqa: B023
            note = f"{X.nbytes / 1e6:.0f} MB in {1e3 * mine:.3g} ms"
            yield Job(f"loss and gradient, {rows:,} x {p} {dtype}, X.sum()", mine / reading, 1.4, note)


def memories(options):
    """Peak memory of a fit beside X, as a share of X."""
    for dtype in ("float64", "float32"):
        for name in ("neuron[auto]", "scikit-learn-default"):
            table = f"tall[n={options.rows},p=30,dtype={dtype}]"
            peaks = memory.beside(table, "ovr", 1.0, 0.0, name, 1e-4)
            if peaks is not None and not peaks["failure"]:
                note = f"system {peaks['system'] / 1e6:.3g} MB, Python {peaks['python'] / 1e6:.3g} MB"
                target = 0.1 + MEMORY / peaks["X"]
                yield Job(f"memory of {name}, {options.rows:,} x 30 {dtype}, X", share(peaks), target, note)


def share(peaks):
    """The larger of the two peaks, in units of X."""
    return max(peaks["system"], peaks["python"]) / peaks["X"]


JOBS = {"grid": grids, "small": small, "tall": tall_fits, "pass": one_pass, "memory": memories}


def main():
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.jobs", description="Whole jobs beside their targets.")
    parser.add_argument("--only", nargs="+", choices=JOBS, default=list(JOBS))
    parser.add_argument("--seconds", type=float, default=5.0, help="for every line, and three turns at least")
    parser.add_argument("--rows", type=int, default=1_000_000, help="of the tall tables")
    options = parser.parse_args()
    print(machine.described(), end="\n\n")
    print("| job, and what it is compared with | ratio | at most | met | note |\n|---|---|---|---|---|")
    for name in options.only:
        for job in JOBS[name](options):
            print(job, flush=True)


if __name__ == "__main__":
    main()
