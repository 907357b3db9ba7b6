"""Tables of any size, drawn from a seed: X, and classes 0 and 1 by a line with logistic noise."""

import numpy as np
import scipy.sparse as sp


def classes(score, rng):
    """Classes drawn with probability sigmoid(score)."""
    return (score + rng.logistic(size=len(score)) > 0).astype(int)


def tall(n, p, dtype="float64", seed=0):
    """Normal features of spread 1 around 0, as kind as a table can be; scores of spread 2."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, p))
    y = classes(X @ rng.normal(size=p) * 2 / np.sqrt(p), rng)
    return X.astype(dtype, copy=False), y


def wide(n, p, dtype="float64", hidden=20, seed=0):
    """More features than examples, all of them mixtures of a few hidden causes and noise, as genes are."""
    rng = np.random.default_rng(seed)
    causes = rng.normal(size=(n, hidden))
    X = causes @ rng.normal(size=(hidden, p)) / np.sqrt(hidden) + rng.normal(size=(n, p))
    return X.astype(dtype, copy=False), classes(2 * causes[:, 0] - causes[:, 1], rng)


def ill_conditioned(n, p, dtype="float64", decades=6, seed=0):
    """Correlated features in units spread over many orders of magnitude, most of them far from zero."""
    rng = np.random.default_rng(seed)
    mixed = rng.normal(size=(n, p)) @ (np.eye(p) + rng.normal(size=(p, p)) / np.sqrt(p))
    y = classes(mixed @ rng.normal(size=p) / np.sqrt(p), rng)
    units = 10 ** rng.uniform(-decades / 2, decades / 2, size=p)
    far = 10 ** rng.uniform(0, 2, size=p)  # means, in spreads
    return ((mixed + far) * units).astype(dtype, copy=False), y


def text(n, p, words=100, dtype="float64", seed=0):
    """Words by Zipf's law, weighted by how rare they are; rows of length 1."""
    rng = np.random.default_rng(seed)
    counts = _draw(rng, n, p, words)
    counts.data = np.log1p(counts.data)
    counts.data *= np.log((n + 1) / (1 + np.bincount(counts.indices, minlength=p)))[counts.indices]
    lengths = np.sqrt(np.add.reduceat(np.append(counts.data**2, 0), counts.indptr[:-1]))
    counts.data /= np.repeat(np.maximum(lengths, 1e-300), np.diff(counts.indptr))
    y = classes(8 * (counts @ rng.normal(size=p)) - 1, rng)
    return counts.astype(dtype), y


def topics(n, p, words=100, K=20, dtype="float64", seed=0):
    """Texts as those of :func:`text`, of K classes: of the score that is largest, once Gumbel noise is added."""
    X, _ = text(n, p, words, dtype, seed)
    rng = np.random.default_rng(seed + 1)
    return X, (8 * (X @ rng.normal(size=(p, K))) + rng.gumbel(size=(n, K))).argmax(axis=1)


def _draw(rng, n, p, words):
    """How often each word stands in each of n texts of about so many words."""
    frequency = np.cumsum(1 / np.arange(2, p + 2))
    lengths = rng.poisson(words, size=n) + 1
    drawn = np.searchsorted(frequency, rng.uniform(0, frequency[-1], size=lengths.sum()))
    texts = np.repeat(np.arange(n), lengths)
    counts = sp.csr_matrix((np.ones(len(drawn)), (texts, drawn)), shape=(n, p))
    counts.sum_duplicates()
    return counts


def one_hot(n, p, dtype="float64", seed=0):
    """Five categorical features with levels ever more and ever rarer; one column a level, p in all."""
    rng = np.random.default_rng(seed)
    sizes = [7, 12, 24, max(1, (p - 43) // 4)]
    sizes.append(max(1, p - sum(sizes)))
    columns = [indicators(rng.permutation(size)[_levels(rng, n, size)], size) for size in sizes]
    X = sp.csr_matrix(sp.hstack(columns))
    y = classes(X @ rng.normal(size=X.shape[1]) - 1, rng)
    return X.astype(dtype), y


def _levels(rng, n, size):
    frequency = np.cumsum(1 / np.arange(1, size + 1))
    return np.searchsorted(frequency, rng.uniform(0, frequency[-1], size=n))


def indicators(codes, size=None):
    """One column a code, 1 where it stands."""
    size = codes.max() + 1 if size is None else size
    return sp.csr_matrix((np.ones(len(codes)), codes, np.arange(len(codes) + 1)), shape=(len(codes), size))
