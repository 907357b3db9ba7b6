"""Tables on which the default solver was slow, drawn to be like the real ones: raw units, heavy tails, mostly zeros."""

import numpy as np

from .made import classes, indicators

SEED = 20261125


def applications(dtype="float64", seed=SEED):
    """8,000 x 1,460, not scaled, 92 % zeros, stored dense.

    700 levels of codes and a percentage beside each; 40 counts with heavy tails, and 20 sums of two of them.
    """
    rng = np.random.default_rng(seed)
    levels = categories(rng, 8_000, rng.integers(4, 26, size=90))
    percentages = levels * np.round(rng.integers(1, 20, size=levels.shape) * 5.0)
    counts = np.floor(rng.pareto(1.0, size=(8_000, 40))) * (rng.random((8_000, 40)) < 0.3)
    counts = np.minimum(counts, 96)
    X = np.hstack([levels[:, :700], percentages[:, :700], counts, counts[:, :20] + counts[:, 20:]])
    spreads = np.repeat([0.4, 0.004, 0.03], [700, 700, 60])
    return X.astype(dtype, copy=False), from_the_middle(X @ (rng.normal(size=1_460) * spreads), rng)


def sensors(dtype="float64", seed=SEED):
    """58,000 x 9: whole numbers with very heavy tails, far from zero; two of them tell the class."""
    rng = np.random.default_rng(seed)
    spread = np.array([12, 8, 9, 40, 20, 100, 10, 15, 10])
    middle = np.array([48, 0, 85, 0, 34, 1, 37, 50, 14])
    X = np.clip(np.round(middle + spread * rng.standard_t(0.8, size=(58_000, 9))), -5_000, 30_000)
    score = 0.35 * (X[:, 0] - 55) + 0.1 * np.clip(X[:, 6] - 30, -80, 80) * (X[:, 0] > 40)
    return X.astype(dtype, copy=False), classes(score, rng)


def molecules(dtype="float64", seed=SEED):
    """325 x 228: standardised descriptors, mixed from 40 causes."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(325, 40)) @ rng.normal(size=(40, 228)) + 0.3 * rng.normal(size=(325, 228))
    X = (X - X.mean(axis=0)) / X.std(axis=0)
    return X.astype(dtype, copy=False), from_the_middle(X @ (0.35 * rng.normal(size=228)), rng)


def policies(dtype="float64", seed=SEED):
    """9,800 x 640: levels of 80 codes, a tenth for nobody, 89 % zeros, stored dense; a fifth is of one class."""
    rng = np.random.default_rng(seed)
    X = categories(rng, 9_800, np.full(80, 8))
    X[:, rng.choice(640, size=64, replace=False)] = 0
    return X.astype(dtype, copy=False), from_the_middle(X @ (0.5 * rng.normal(size=640)), rng, above=3.5)


def letters(dtype="float64", seed=SEED):
    """4,600 x 57: shares of words, three quarters zeros, beside three lengths of up to 15,000, unscaled."""
    rng = np.random.default_rng(seed)
    shares = rng.exponential(0.3, size=(4_600, 54)) * (rng.random((4_600, 54)) < 0.25)
    lengths = np.minimum(1 + 5 * rng.pareto(1.1, size=(4_600, 3)), 15_000)
    X = np.hstack([shares, lengths])
    weights = rng.normal(size=57) * np.repeat([2, 0.03], [54, 3])
    return X.astype(dtype, copy=False), from_the_middle(np.minimum(X, 60) @ weights, rng)


TABLES = {make.__name__: make for make in (applications, sensors, molecules, policies, letters)}


def categories(rng, n, sizes):
    """Categorical features of so many levels each, common ones first by Zipf's law; one dense column a level."""
    return np.hstack([indicators(levels(rng, n, size), size).toarray() for size in sizes])


def levels(rng, n, size, exponent=1.3):
    """Levels of one feature, the common ones first."""
    frequency = np.arange(1, size + 1) ** -exponent
    return rng.choice(size, size=n, p=frequency / frequency.sum())


def from_the_middle(score, rng, above=0.0):
    """Classes drawn by a score that is 0 so far above its median."""
    return classes(score - np.median(score) - above, rng)
