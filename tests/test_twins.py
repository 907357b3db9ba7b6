"""Which features nearly coincide is told from few examples, and confirmed by all."""

import numpy as np
import pytest
import scipy.sparse as sp

from sklearn_neuron.rows import Rows
from sklearn_neuron.twins import MOST_PAIRS, twins


def pairs_of(X, weight=None):
    n = X.shape[0]
    shares = np.full(n, 1 / n) if weight is None else weight / weight.sum()
    return [tuple(pair) for pair in twins(Rows(X, np.ones((n, 1), dtype=bool), shares.astype(X.dtype))).tolist()]


@pytest.fixture
def table(rng):
    return rng.normal(size=(500, 8))


@pytest.mark.parametrize("form", [np.asarray, sp.csr_array, sp.csc_array, lambda X: X.astype(np.float32)])
@pytest.mark.parametrize("factor", [1, -1, 1e-3, -2.54])
def test_a_feature_and_nearly_the_same_in_other_units(rng, table, form, factor):
    table[:, 6] = factor * (table[:, 2] + 1e-2 * rng.normal(size=500)) + 3
    assert pairs_of(form(table)) == [(2, 6)]


@pytest.mark.parametrize("apart", [1e-1, 1e-2, 1e-4, 1e-8, 1e-12])
def test_the_less_they_differ_the_more_they_are_twins(rng, table, apart):
    table[:, 3] = 1e6 * rng.lognormal(size=500)
    table[:, 1] = table[:, 3] * (1 + apart * rng.normal(size=500))
    assert pairs_of(table) == [(1, 3)] * (apart < 1e-1)


def test_what_is_the_same_to_the_last_digit_has_no_difference_to_learn(table):
    table[:, 5] = table[:, 0]
    assert pairs_of(table) == []


def test_one_example_far_out_makes_no_twins(table):
    table[7] = 1e9
    assert pairs_of(table) == []


def test_few_witnesses_may_err_and_all_examples_may_not(rng):
    """Of two columns that agree in all but every thirteenth example some witnesses say that they are one."""
    X = rng.normal(size=(5_000, 2))
    X[:, 1] = X[:, 0] + 1e-3 * rng.normal(size=5_000)
    X[::13, 1] = rng.normal(size=len(X[::13]))
    assert pairs_of(X) == []


def test_levels_and_constants_are_no_twins(rng):
    levels = rng.integers(12, size=300)[:, None] == np.arange(12)
    assert pairs_of(np.c_[levels, np.ones(300)].astype(float)) == []


def test_at_most_so_many_are_looked_at(rng):
    X = rng.normal(size=(100, 1)) + 1e-4 * rng.normal(size=(100, 40))
    assert len(pairs_of(X)) == MOST_PAIRS


@pytest.mark.parametrize("n", [1, 2, 3])
def test_next_to_no_examples(rng, n):
    assert isinstance(pairs_of(rng.normal(size=(n, 4))), list)
