"""What every home and every block promises, however examples are stored and seen."""

import copy
import pickle
import weakref
from operator import attrgetter

import numpy as np
import pytest
import scipy.sparse as sp
from conftest import blocks_of
from hypothesis import given, settings
from hypothesis import strategies as st

from sklearn_neuron import SigmoidNeuronClassifier
from sklearn_neuron.homes.arrays import from_upper_triangles
from sklearn_neuron.homes.blocks import Centred, Dense, Sparse, Subtracted, WithBias
from sklearn_neuron.homes.costs import of_grams
from sklearn_neuron.homes.counted import Counted
from sklearn_neuron.homes.memory import InMemory

N, P, K = 50, 4, 3
FORMS = [np.asarray, sp.csr_array, sp.csc_array]
NONE, ALL = np.zeros(P, dtype=bool), np.ones(P, dtype=bool)
CENTER = np.array([3.0, -1.0, 0.5, 2.0])


def home(rng, form=np.asarray, has_bias=True, block_size=20 * P):
    X = np.where(rng.random((N, P)) < 0.6, rng.normal(size=(N, P)), 0)
    return InMemory(form(X), rng.random((N, K)) < 0.4, np.full(N, 1 / N), has_bias, block_size), X


WAYS = {
    "dense": (Dense, lambda rng: home(rng, has_bias=False)),
    "sparse": (Sparse, lambda rng: home(rng, sp.csr_array, has_bias=False)),
    "with bias": (WithBias, home),
    "columns": (WithBias, lambda rng: home(rng, sp.csc_array)),
    "corrected": (Centred, lambda rng: centred(*home(rng), NONE)),
    "sparse, corrected": (Centred, lambda rng: centred(*home(rng, sp.csr_array), NONE)),
    "sparse, some columns shifted": (Centred, lambda rng: centred(*home(rng, sp.csr_array), CENTER > 0)),
    "subtracted in scratch": (Subtracted, lambda rng: centred(*home(rng), ALL)),
    "subtracted once": (Dense, lambda rng: centred(*home(rng, block_size=N * P), ALL)),
}


def centred(one, X, far):
    return one.centred(CENTER, far), X - CENTER


def whole_grams(block, h):
    return from_upper_triangles(block.weighted_grams(h)).transpose(2, 0, 1)


@pytest.mark.parametrize("way", WAYS)
def test_a_block_multiplies_as_its_design_matrix_does(rng, way):
    kind, make = WAYS[way]
    one, X = make(rng)
    design = np.column_stack([X, np.ones(N)])[:, : one.n_parameters]
    theta, r, h = rng.normal(size=(one.n_parameters, K)), rng.normal(size=(N, K)), rng.random((N, K))
    close = {"rtol": 1e-11, "atol": 1e-13}
    np.testing.assert_allclose(one.examples(np.arange(N)), design, **close)
    for block in blocks_of(one):
        assert type(block) is kind
        A, r_here, h_here = design[block.rows], r[block.rows], h[block.rows]
        np.testing.assert_allclose(block.scores(theta), A @ theta, **close)
        np.testing.assert_allclose(block.pull_back(r_here), A.T @ r_here, **close)
        grams = [A.T @ (column[:, None] * A) for column in h_here.T]
        for gram, column in zip(grams, h_here.T, strict=True):
            np.testing.assert_allclose(block.weighted_gram(column[:, None]), gram, **close)
        np.testing.assert_allclose(whole_grams(block, h_here), grams, **close)
        np.testing.assert_allclose(block.weighted_squares(h_here), np.transpose([*map(np.diagonal, grams)]), **close)


SHAPES = st.tuples(st.integers(1, 300), st.integers(1, 70), st.integers(1, 90))  # of pairs, many fill some scratch


@settings(max_examples=40)
@given(shape=SHAPES, zeros=st.sampled_from([0.0, 0.9]), form=st.sampled_from(FORMS), seed=st.integers(0, 99))
def test_hessians_of_many_neurons_are_those_of_each(shape, zeros, form, seed):
    rng, (n, p, neurons) = np.random.default_rng(seed), shape
    X = np.where(rng.random((n, p)) < zeros, 0, rng.normal(size=(n, p)) + 1)
    X[:, -1] = X[:, 0]
    seen = InMemory(form(X), rng.random((n, neurons)) < 0.3, np.full(n, 1 / n), block_size=100 * p)
    h = rng.random((n, neurons)) * np.logspace(0, -9, neurons)
    center = X.mean(axis=0)
    for block in blocks_of(seen.centred(center, (np.arange(p) % 3 == 0) & (center != 0))):
        for together, column in zip(whole_grams(block, h[block.rows]), h[block.rows].T, strict=True):
            alone = block.weighted_gram(column[:, None])
            np.testing.assert_allclose(together, alone, rtol=1e-10, atol=1e-12 * alone.max())


@pytest.mark.parametrize("p", [4, 60])  # by pairs of features, and one neuron after the other
def test_a_neuron_that_fell_out_of_the_floats_does_not_touch_the_hessians_of_others(rng, p):
    one, h = InMemory(rng.normal(size=(N, p)), rng.random((N, K)) < 0.4, np.full(N, 1 / N)), rng.random((N, K))
    h[3, 1] = np.nan
    (block,) = blocks_of(one)
    assert [bool(np.isfinite(gram).all()) for gram in whole_grams(block, h)] == [True, False, True]


def test_pairs_of_features_are_formed_where_that_is_sooner():
    def by_pairs(*shape):
        one_by_one, together = of_grams(*shape)
        return together <= one_by_one

    assert by_pairs(150, 5, 3)  # n, q and K: it saves calls
    assert by_pairs(200, 21, 1_000)  # and products
    assert not by_pairs(1_797, 65, 10)
    assert not by_pairs(2_500, 300, 500, 4)  # few numbers in a row of a wide sparse table
    assert by_pairs(2_500, 20, 300, 2)


@pytest.mark.parametrize("way", WAYS)
def test_every_look_at_the_examples_is_a_home_that_leaves_the_first_as_it_was(rng, way):
    one, X = WAYS[way][1](rng)
    before = one.map(lambda block: block.design())
    rows = np.array([3, 30, 7])
    some = one.neurons([0, 2]).take(rows)
    assert (some.shape, some.n_neurons, some.n_parameters) == ((3, P), 2, one.n_parameters)
    np.testing.assert_allclose(some.examples(np.arange(3))[:, :P], X[rows], atol=1e-13)
    assert some.map(lambda block: block.each_share()).sum() == pytest.approx(1, rel=1e-14)
    np.testing.assert_array_equal(some.map(attrgetter("y")), one.map(attrgetter("y"))[rows][:, [0, 2]])
    np.testing.assert_array_equal(one.map(lambda block: block.design()), before)
    assert one.neurons([1]).identity is one.identity
    assert some.identity is not one.identity


@pytest.mark.parametrize("form", [np.asarray, sp.csr_array, sp.csc_array])
def test_short_blocks_are_the_same_examples(rng, form):
    one, X = home(rng, form)
    short = one.in_short_blocks(7)
    assert [len(block.y) for block in blocks_of(short)] == [7] * 7 + [1]
    np.testing.assert_array_equal(short.map(lambda block: block.design())[:, :P], X)


@pytest.mark.parametrize("form", [np.asarray, sp.csr_array])
@pytest.mark.parametrize("number", [np.nan, np.inf, -np.inf])
def test_extremes_tell_of_a_number_that_is_none(rng, form, number):
    one, X = home(rng, form)
    np.testing.assert_array_equal(one.extremes(), [X.min(), X.max()])
    X[17, 2] = number
    assert not np.isfinite(InMemory(form(X), np.ones((N, 1), dtype=bool), np.full(N, 1 / N)).extremes()).all()


@pytest.mark.parametrize("form", [np.asarray, sp.csr_array, sp.csc_array])
@pytest.mark.parametrize("has_bias", [True, False])
def test_from_one_example_full_columns_of_a_sparse_home_lose_what_all_share_and_nothing_else_moves(rng, form, has_bias):
    X = np.where(rng.random((N, P)) < 0.5, 0, rng.normal(size=(N, P)))
    X[:, 0], X[:, 1] = 1e9, 1e9 + rng.normal(size=N)
    one = InMemory(form(X), np.ones((N, 1), dtype=bool), np.full(N, 1 / N), has_bias)
    seen, point = one.from_one_example()
    moves = has_bias and form is not np.asarray
    np.testing.assert_array_equal(point, np.where(np.arange(P) < 2 * moves, X[0], 0))
    np.testing.assert_array_equal(seen.examples(np.arange(N))[:, :P], X - point)
    np.testing.assert_array_equal(one.examples(np.arange(N))[:, :P], X)


def test_whatever_is_made_from_a_counted_home_counts_with_it(rng):
    one = Counted(home(rng)[0])
    for look in (one, one.neurons([0]), one.centred(CENTER, ALL), one.centred(CENTER, ALL).uncentred):
        look.map(attrgetter("y"))
    assert one.passes == 4
    one.take([1, 2]).fold(lambda block: (block.each_share().sum(axis=0),))
    one.with_features(np.ones((N, 1))).map(attrgetter("y"))
    assert one.passes == pytest.approx(4 + 2 / N + 1 / P, rel=1e-14)
    one.example_products(CENTER)
    assert one.passes == pytest.approx(5 + 2 / N + 1 / P, rel=1e-14)
    one.examples([3]), one.extremes()
    assert one.passes == pytest.approx(5 + 2 / N + 1 / P, rel=1e-14)
    one.from_one_example()[0].map(attrgetter("y"))
    assert one.passes == pytest.approx(6 + 2 / N + 1 / P, rel=1e-14)


@pytest.mark.parametrize("again", [copy.copy, copy.deepcopy, lambda one: pickle.loads(pickle.dumps(one))])
def test_a_counted_home_can_be_copied_and_pickled(rng, again):
    one = Counted(home(rng)[0].centred(CENTER, ALL))
    other = again(one)
    np.testing.assert_array_equal(other.map(attrgetter("y")), one.map(attrgetter("y")))
    assert other.passes >= 1


def test_a_home_that_nobody_counts_says_so(rng):
    assert np.isnan(home(rng)[0].passes)


def mostly_zeros(rng, n=3_000, p=300, stored=0.05, dtype=np.float64):
    X = np.where(rng.random((n, p)) < stored, rng.normal(size=(n, p)) + 3, 0).astype(dtype)
    return InMemory(X, rng.random((n, 1)) < 0.5, np.full(n, 1 / n))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("order", ["C", "F"])
def test_zeros_of_a_large_table_are_left_out_and_nothing_else(rng, dtype, order):
    dense = mostly_zeros(rng, dtype=dtype)
    dense = dense.with_features(np.asarray(dense.X, order=order))
    dense.X[3, 5], dense.X[4, 0] = np.nan, -np.inf
    fewer = dense.without_zeros()
    assert fewer.is_sparse
    assert fewer.storage_dtype == dtype
    assert fewer.dtype == np.float64
    assert fewer.X.has_canonical_format
    np.testing.assert_array_equal(fewer.X.toarray(), dense.X)
    np.testing.assert_array_equal(fewer.y, dense.y)


@pytest.mark.parametrize(
    ("n", "p", "stored", "dtype"),
    [
        (1_000, 300, 0.05, np.float64),  # small
        (20_000, 20, 0.05, np.float64),  # rows so short that zeros are read sooner than left out
        (3_000, 300, 0.3, np.float64),
        (3_000, 300, 0.1, np.float32),  # in float64 they would take more than a quarter of X
    ],
)
def test_zeros_that_cost_little_are_kept(rng, n, p, stored, dtype):
    home = mostly_zeros(rng, n, p, stored, dtype)
    assert home.without_zeros() is home
    counted = Counted(home)
    assert counted.without_zeros() is counted
    assert counted.passes == 0


def test_a_table_without_its_zeros_is_the_same_table(rng):
    home = mostly_zeros(rng)
    X, y = home.X, home.y[:, 0] ^ (home.X[:, 0] > 0)
    dense, fewer = (SigmoidNeuronClassifier(tol=1e-8).fit(form(X), y) for form in (np.asarray, sp.csr_array))
    assert dense.history_.passes[0] == fewer.history_.passes[0] + 1  # in which zeros were left out
    np.testing.assert_allclose(dense.coef_, fewer.coef_, rtol=1e-12)
    np.testing.assert_array_equal(X, home.X)


@pytest.mark.parametrize("form", [np.asarray, sp.csr_array])
def test_a_home_that_nobody_needs_is_gone_at_once_and_its_examples_with_it(rng, form):
    one = home(rng, form)[0]
    seen = one.centred(CENTER, NONE)
    assert seen.uncentred is one.uncentred is one
    gone = weakref.ref(one)
    del one, seen
    assert gone() is None
