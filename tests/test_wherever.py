"""Wherever the data lives, the answer is the same: laws of every home of examples."""

import itertools

import numpy as np
import pytest
import scipy.sparse as sp

from sklearn_neuron import Blocks, SigmoidNeuronClassifier
from sklearn_neuron.homes import costs

N, P = 900, 5
DRAWN = 600  # numbers of the sample: so few that it is not all


def in_memory(X, y, weight, tmp_path):
    return X, y, weight


def csr(X, y, weight, tmp_path):
    return sp.csr_array(X), y, weight


def csc(X, y, weight, tmp_path):
    return sp.csc_array(X), y, weight


def mapped(X, y, weight, tmp_path):
    np.save(tmp_path / "X.npy", X)
    return np.load(tmp_path / "X.npy", mmap_mode="r"), y, weight


def cut(array, edges):
    """Pieces of an array; None as many times."""
    return [None if array is None else array[a:b] for a, b in itertools.pairwise(edges)]


def blocks(X, y, weight, tmp_path):
    edges = [0, 1, 90, 90, 380, 390, X.shape[0]]  # one of one example, one of none
    parts = [cut(array, edges) for array in (X, y, weight)]
    return Blocks([block if weight is not None else block[:2] for block in zip(*parts, strict=True)]), None, None


def sparse_blocks(X, y, weight, tmp_path):
    return blocks(sp.csr_array(X), y, weight, tmp_path)


def read_anew(X, y, weight, tmp_path):
    def each():
        for first in range(0, X.shape[0], 200):
            yield X[first : first + 200]

    return Blocks(each), y, weight


WAYS = {
    "NumPy": in_memory,
    "CSR": csr,
    "CSC": csc,
    "memmap": mapped,
    "Blocks": blocks,
    "sparse Blocks": sparse_blocks,
    "Blocks read anew": read_anew,
}
IN_PIECES = ("Blocks", "sparse Blocks", "Blocks read anew")  # those of which a fit never holds all
CASES = {
    "plain": {},
    "balanced": {"class_weight": "balanced", "C": 0.01},
    "no bias": {"fit_intercept": False},
    "no penalty": {"C": np.inf},
    "three classes": {"classes": 3},
    "softmax": {"classes": 3, "multi_class": "multinomial"},
    "weights of 0": {"l1_ratio": 1.0, "C": 0.05},
    "weighted": {"weighted": True},
    "L-BFGS": {"solver": "lbfgs"},
    "Newton-CG": {"solver": "newton-cg"},
    "lazy Newton": {"solver": "lazy-newton"},
    "working sets": {"l1_ratio": 0.5, "C": 0.05},
}


@pytest.fixture(autouse=True)
def many_pieces(monkeypatch):
    monkeypatch.setattr(costs, "DRAWN", DRAWN)


def examples(rng, classes=2, n=N):
    """Features in units a thousand times apart, far from zero, with some zeros."""
    X = rng.normal(size=(n, P)) * 10.0 ** np.arange(-1, P - 1) + 3
    X[rng.random((n, P)) < 0.2] = 0
    z = (X - X.mean(axis=0)) / X.std(axis=0) @ rng.normal(size=(P, classes)) + rng.gumbel(size=(n, classes))
    return X, np.array(["ash", "birch", "cedar"])[z.argmax(axis=1)], rng.integers(1, 4, size=n).astype(float)


def learned(way, case, rng, tmp_path):
    """A neuron that learned in memory, and one that learned where the examples live; with them."""
    params = {"tol": 1e-6, **CASES[case]}
    X, y, weight = examples(rng, params.pop("classes", 2))
    weight = weight if params.pop("weighted", False) else None
    one = SigmoidNeuronClassifier(**params).fit(X, y, sample_weight=weight)
    there, labels, counts = WAYS[way](X, y, weight, tmp_path)
    return one, SigmoidNeuronClassifier(**params).fit(there, labels, sample_weight=counts), X, there


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("way", WAYS)
def test_the_answer_is_the_same_wherever_the_data_lives(way, case, rng, tmp_path):
    one, other, X, _there = learned(way, case, rng, tmp_path)
    assert other.converged_
    J, K = one.loss_curve_[-1], other.loss_curve_[-1]
    np.testing.assert_allclose(K, J, rtol=1e-10)
    np.testing.assert_array_equal(other.classes_, one.classes_)
    scale = X.std(axis=0)
    gap = np.linalg.norm((other.coef_ - one.coef_) * scale) / np.linalg.norm(one.coef_ * scale)
    assert gap <= 1e-5  # sqrt(2 tol^2 / 2), over the least curvature of J in standardised units, some 0.05
    assert other.n_features_in_ == P


@pytest.mark.parametrize("way", WAYS)
def test_predictions_are_the_same_wherever_the_data_lives(way, rng, tmp_path):
    X, y, _ = examples(rng, 3)
    neuron = SigmoidNeuronClassifier().fit(X, y)
    there, _, _ = WAYS[way](X, y, None, tmp_path)
    for answer in ("predict", "predict_proba", "predict_log_proba", "decision_function"):
        expected, found = getattr(neuron, answer)(X), np.asarray(getattr(neuron, answer)(there))
        if answer == "predict":
            np.testing.assert_array_equal(found, expected)
        else:
            np.testing.assert_allclose(found, expected, rtol=1e-10, atol=1e-13)


@pytest.mark.parametrize("case", ["plain", "softmax", "weights of 0", "no penalty"])
@pytest.mark.parametrize("way", IN_PIECES)
def test_pieces_are_read_three_to_six_times(way, case, rng, tmp_path, monkeypatch):
    """Once to see what there is, once a step of Newton's, and perhaps once more; walks on the sample cost little."""
    monkeypatch.setattr(costs, "DRAWN", 10 * DRAWN)
    params = {name: value for name, value in CASES[case].items() if name != "classes"}
    X, y, _ = examples(rng, CASES[case].get("classes", 2), 20 * N)
    there, labels, _ = WAYS[way](X, y, None, tmp_path)
    neuron = SigmoidNeuronClassifier(**params).fit(there, labels)
    history = neuron.history_
    on_all = history.passes[-1] - history.passes[~history.on_all][-1]
    assert 3 <= 1 + on_all <= 6
