"""Fits that nobody here had in mind: tables, weights and options drawn from a seed and a number.

The same seed and number are the same fit on every machine. Sizes, units, offsets, tails, twins, outliers, types,
containers, weights, rare classes, penalties and solvers are drawn apart, so that they meet in every way.
"""

import itertools
from typing import NamedTuple

import numpy as np
import scipy.sparse as sp

SOLVERS = ("newton", "lazy-newton", "newton-gram", "newton-cg", "newton-cg-gram", "lbfgs", "gd", "nesterov")
SLOW = ("gd", "nesterov")  # they mostly run out of steps, which is all right where it is said
NUMBERS = 300_000  # in a table; now and then ten times as many


class Fit(NamedTuple):
    """One fit: what is learned, and how."""

    name: str  # seed and number
    X: object
    y: np.ndarray
    sample_weight: np.ndarray | None
    options: dict  # of SigmoidNeuronClassifier
    story: str  # what was drawn, in a line

    def dense(self):
        """X as it is meant: dense, duplicates of sparse entries added up."""
        X = self.X.toarray() if sp.issparse(self.X) else np.asarray(self.X)
        return X if X.dtype == np.float32 else X.astype(float)


def draw(seed, number, numbers=NUMBERS):
    """One fit.

    Parameters
    ----------
    seed, number : int
        Which.
    numbers : int, default=300_000
        How many numbers a table has at most.

    Returns
    -------
    Fit
        The same at every call.
    """
    rng = np.random.default_rng([seed, number])
    K = 2 if rng.random() < 0.8 else int(rng.integers(3, 13))
    n, p = _shape(rng, K, numbers)
    dtype = np.float32 if rng.random() < 0.35 else np.float64
    latent = rng.normal(size=(n, p))
    X, kinds = _columns(rng, latent, dtype)
    score, twins = _score(rng, latent, X)
    outliers = _outliers(rng, X)
    X = np.clip(X, -1e18, 1e18).astype(dtype)
    X, container = _container(rng, X)
    y, balance = _classes(rng, score, K)
    weight, weighing = _weights(rng, n, y)
    options = _options(rng, np.unique(y))
    story = f"{n} x {p}, {len(np.unique(y))} classes ({balance}), {np.dtype(dtype).name} {container}, {kinds}"
    story += "".join(f", {more}" for more in (twins, outliers, weighing) if more)
    return Fit(f"{seed}:{number}", X, y, weight, options, story)


def _shape(rng, K, numbers):
    most = numbers * (10 if rng.random() < 0.02 else 1) / (1 if K == 2 else K / 2)
    while True:
        n, p = int(10 ** rng.uniform(np.log10(2), np.log10(5000))), int(10 ** rng.uniform(0, np.log10(3000)))
        if n * p <= most and n >= K and (p <= 800 or rng.random() < 0.2):
            return n, p


COLUMNS = {
    "normal": lambda rng, z: z,
    "cauchy": lambda rng, z: z / np.abs(rng.normal(size=len(z))),
    "cauchy cubed": lambda rng, z: (z / np.abs(rng.normal(size=len(z)))) ** 3,
    "lognormal": lambda rng, z: np.exp(z * rng.uniform(0.5, 5)),
    "counts": lambda rng, z: rng.poisson(np.exp(z * 1.5)).astype(float),
    "populations": lambda rng, z: np.rint(10 ** rng.uniform(4, 9, len(z))),
    "times": lambda rng, z: 1.6e9 + np.rint(1e7 * z),
    "levels": lambda rng, z: np.clip(np.rint(1.5 * z + 2), 0, 5),
    "binary": lambda rng, z: (z > rng.uniform(-2, 2)) * 1.0,
    "rare": lambda rng, z: np.where(rng.random(len(z)) < 0.02, z, 0.0),
    "constant": lambda rng, z: np.full(len(z), rng.choice([1.0, -9999.0, 0.1, 1e9])),
    "zero": lambda rng, z: np.zeros(len(z)),
}
USUAL = ("normal", "cauchy", "cauchy cubed", "lognormal", "counts", "levels", "binary")


def _columns(rng, latent, dtype):
    n, p = latent.shape
    if rng.random() < 0.08 and p > 1:
        return _one_hot(rng, latent), "one-hot"
    style = rng.choice(["one kind", "mostly one kind", "any kind"])
    first = str(rng.choice(USUAL)) if rng.random() < 0.6 else "normal"
    names = np.full(p, first, dtype=object)
    if style != "one kind":
        other = rng.random(p) < (1.5 / p if style == "mostly one kind" else 0.6)
        names[other] = rng.choice(list(COLUMNS), size=other.sum())
    X = np.empty((n, p))
    for j, name in enumerate(names):
        X[:, j] = COLUMNS[name](rng, latent[:, j])
    decades, far = rng.choice([0, 0, 1, 4, 8]), rng.choice([0, 0, 0, 1, 3, 5, 7, 9])
    one_by_one = rng.random() < 0.5
    size = p if one_by_one else 1
    X *= 10 ** rng.uniform(-decades, decades, size)
    if far:
        X += 10 ** rng.uniform(0, far, size) * rng.choice([-1, 1], size)
    told = sorted(set(names)) if len(set(names)) < 4 else [first, f"{len(set(names))} kinds"]
    return X, f"{'+'.join(told)}, decades {decades}, offset 1e{far}{' each' if one_by_one else ''}"


def _one_hot(rng, latent):
    n, p = latent.shape
    X = np.zeros((n, p))
    starts = np.unique(np.r_[0, rng.integers(1, p, size=rng.integers(1, 5)), p])
    for a, b in itertools.pairwise(starts):
        X[np.arange(n), a + np.minimum(rng.geometric(min(1, 3 / (b - a)), size=n) - 1, b - a - 1)] = 1
    return X


def _score(rng, latent, X):
    """What the classes are drawn by; perhaps twins are made, by whose difference they may be."""
    n, p = latent.shape
    which = rng.choice(p, size=min(p, rng.integers(1, 6)), replace=False)
    steep = rng.choice([0.0, 0.5, 1.0, 2.0, 5.0, 30.0])
    score = steep * latent[:, which] @ rng.normal(size=len(which))
    if p < 2 or rng.random() > 0.2:
        return score, ""
    one, other = rng.choice(p, size=2, replace=False)
    spread = np.median(np.abs(X[:, one] - np.median(X[:, one]))) or 1.0
    apart = 0.0 if rng.random() < 0.3 else 10 ** rng.uniform(-10, -3)
    difference = rng.normal(size=n)
    X[:, other] = X[:, one] + apart * spread * difference
    decide = rng.random() < 0.5 and apart > 0
    return (2 * difference if decide else score), f"twins {apart:.0e} apart" + (" that decide" if decide else "")


def _outliers(rng, X):
    if rng.random() > 0.2:
        return ""
    n, p = X.shape
    row = int(rng.choice([0, n - 1, rng.integers(n)]))
    columns = rng.random(p) < rng.choice([1.0, 0.2, 1 / p])
    size = rng.choice([-9999.0, 1e5, -1e8, 1e9])
    X[row, columns] = size
    return f"{size:.0e} in row {row}"


def _container(rng, X):
    if rng.random() < 0.3 and X.size:
        X[rng.random(X.shape) > 10 ** rng.uniform(-2, 0)] = 0  # mostly zeros
        sparse = rng.random() < 0.7
    else:
        sparse = rng.random() < 0.15
    if sparse:
        kind = str(rng.choice(["csr", "csc", "csr untidy"]))
        if kind == "csc":
            return sp.csc_array(X), kind
        return (sp.csr_array(X) if kind == "csr" else _untidy(rng, X)), kind
    kind = str(rng.choice(["C", "C", "F", "strided", "pandas"]))
    if kind == "F":
        return np.asfortranarray(X), kind
    if kind == "strided":
        wide = np.zeros((2 * len(X), 2 * X.shape[1]), dtype=X.dtype)
        wide[::2, ::2] = X
        return wide[::2, ::2], kind
    if kind == "pandas":
        import pandas as pd

        return pd.DataFrame(X, columns=[f"f{j}" for j in range(X.shape[1])]), kind
    return X, kind


def _untidy(rng, X):
    """CSR whose indices are in no order, with zeros stored, and numbers stored as 0.5 and 0.5 of them."""
    rows, columns = np.nonzero((X != 0) | (rng.random(X.shape) < 0.01))
    values = X[rows, columns]
    twice = (rng.random(len(rows)) < 0.05) & (np.abs(values) > 1e-30)
    values = np.r_[np.where(twice, values / 2, values), values[twice] / 2]
    rows, columns = np.r_[rows, rows[twice]], np.r_[columns, columns[twice]]
    order = np.lexsort([rng.random(len(rows)), rows])
    starts = np.r_[0, np.cumsum(np.bincount(rows, minlength=len(X)))]
    return sp.csr_array((values[order].astype(X.dtype), columns[order], starts), shape=X.shape)


def _classes(rng, score, K):
    n = len(score)
    noisy = score + rng.logistic(size=n)
    if K == 2:
        balance = str(rng.choice(["even", "even", "uneven", "one row", "few"]))
        order = np.argsort(-noisy, kind="stable")
        many = {"even": n // 2, "uneven": n // 7, "one row": 1, "few": 3}[balance]
        y = np.zeros(n, dtype=int)
        y[order[: min(max(many, 1), n - 1)]] = 1
        if balance == "even" and 0 < (noisy > 0).sum() < n:
            y = (noisy > 0).astype(int)
        if rng.random() < 0.5:
            y = 1 - y
    else:
        balance = str(rng.choice(["even", "zipf"]))
        shares = np.ones(K) if balance == "even" else 1 / np.arange(1, K + 1) ** 1.5
        y = np.empty(n, dtype=int)
        y[np.argsort(noisy, kind="stable")] = np.sort(rng.choice(K, size=n, p=shares / shares.sum()))
        y[rng.choice(n, size=K, replace=False)] = np.arange(K)
    return (np.array([f"class {k}" for k in range(K)])[y] if rng.random() < 0.2 else y), balance


def _weights(rng, n, y):
    kind = str(
        rng.choice(["", "", "", "weights", "whole weights", "weights over 12 decades", "tiny first", "huge one"])
    )
    if not kind:
        return None, kind
    weight = {
        "weights": lambda: rng.uniform(0.5, 2, n),
        "whole weights": lambda: rng.integers(0, 4, n).astype(float),
        "weights over 12 decades": lambda: 10 ** rng.uniform(-12, 0, n),
        "tiny first": lambda: np.r_[1e-12, rng.uniform(0.5, 2, n - 1)],
        "huge one": lambda: np.where(np.arange(n) == rng.integers(n), 1e9, 1.0),
    }[kind]()
    if len(np.unique(y[weight > 0])) < len(np.unique(y)):
        weight[weight == 0] = 1.0
    return weight, kind


def _options(rng, classes):
    C = float(rng.choice([1.0, 10 ** rng.uniform(-6, 6), np.inf], p=[0.3, 0.5, 0.2]))
    if rng.random() < 0.01:
        C = float(rng.choice([1e-300, 1e-30, 1e30]))
    options = {"C": C, "solver": "auto" if rng.random() < 0.5 else str(rng.choice(SOLVERS))}
    if rng.random() < 0.5:
        options["tol"] = float(10 ** rng.uniform(-8, -2))
    if rng.random() < 0.2:
        options["fit_intercept"] = False
    if rng.random() < 0.15:
        by_hand = {k: float(10 ** rng.uniform(-2, 2)) for k in classes.tolist()}
        options["class_weight"] = "balanced" if rng.random() < 0.6 else by_hand
    if options["solver"] in SLOW:
        options["max_iter"] = 300
    if options["solver"] in ("gd", "nesterov", "newton", "lazy-newton") and rng.random() < 0.2:
        options["learning_rate"] = float(10 ** rng.uniform(-2, 6))
        options["max_iter"] = 300
    return options
