"""Sparse products on as many threads as are free, and the same sums on any number of them."""

import itertools
import threading

import numpy as np
import pytest
import scipy.sparse as sp
from conftest import random_problem

from sklearn_neuron import threads
from sklearn_neuron.objective import Needs, Objective
from sklearn_neuron.rows import PIECE_SIZE, Rows

ALL = Needs.GRADIENT | Needs.DIAGONAL | Needs.HESSIAN


@pytest.fixture
def sparse(rng):
    """Three pieces and a bit, some of their rows empty."""
    n, p, each = 3 * PIECE_SIZE // 20 + 1000, 30, 20
    where = rng.random((n, p)).argsort(axis=1)[:, :each].astype(np.int32)
    X = sp.csr_array((rng.normal(size=n * each), where.ravel(), np.arange(0, n * each + 1, each)), shape=(n, p))
    X = sp.vstack([X[: n // 2], sp.csr_array((500, p)), X[n // 2 :]], format="csr")
    return X, rng.random((n + 500, 1)) < 0.3


def objective(X, y):
    return Objective(Rows(X, y, np.full(len(y), 1 / len(y))), 0.1)


@pytest.mark.parametrize("free", [1, 2, 3])
@pytest.mark.parametrize("count", [0, 1, 2, 9])
def test_results_come_in_order(monkeypatch, free, count):
    monkeypatch.setattr(threads, "free_threads", lambda: free)
    assert list(threads.each(lambda part: part**2, range(count), count)) == [part**2 for part in range(count)]


@pytest.mark.parametrize("free", [1, 2])
def test_what_goes_wrong_in_a_part_is_raised(monkeypatch, free):
    monkeypatch.setattr(threads, "free_threads", lambda: free)
    with pytest.raises(ZeroDivisionError):
        list(threads.each(lambda part: 1 / part, [1, 0], 2))


def test_only_where_two_threads_are_free_and_repaid_does_another_one_work(monkeypatch):
    def workers(count):
        return set(threads.each(lambda part: threading.current_thread(), range(4), count))

    monkeypatch.setattr(threads, "free_threads", lambda: 2)
    assert threading.current_thread() not in workers(4)
    assert workers(1) == workers(0) == {threading.current_thread()}
    monkeypatch.setattr(threads, "free_threads", lambda: 1)
    assert workers(4) == {threading.current_thread()}


def test_a_thread_of_somebody_else_shares_out_no_more(monkeypatch):
    monkeypatch.setattr(threads, "openmp_threads", lambda: 8)
    found = []
    thread = threading.Thread(target=lambda: found.append(threads.free_threads()))
    thread.start()
    thread.join()
    assert (threads.free_threads(), found) == (8, [1])


def test_the_sums_are_the_same_on_any_number_of_threads(monkeypatch, rng, sparse):
    J, theta = objective(*sparse), rng.normal(size=(31, 1))
    places = []
    for free in (1, 2, 5):
        monkeypatch.setattr(threads, "free_threads", lambda free=free: free)
        places.append(J.at(theta, ALL))
    for one, other in itertools.pairwise(places):
        for name in ("loss", "gradient", "diagonal", "hessian"):
            np.testing.assert_array_equal(getattr(one, name), getattr(other, name))


def test_pieces_are_all_rows_in_order_and_share_the_memory_of_x(sparse):
    X, y = sparse
    blocks = list(objective(X, y).rows.blocks())
    assert len(blocks) == 3
    assert [block.rows.start for block in blocks] == [0, *(block.rows.stop for block in blocks[:-1])]
    assert blocks[-1].rows.stop == X.shape[0]
    for block in blocks:
        assert np.shares_memory(block.X.data, X.data)
        assert np.shares_memory(block.X.indices, X.indices)
        assert abs(block.X - X[block.rows]).max() == 0
        assert len(block.y) == block.X.shape[0]


def test_columns_are_not_cut(sparse):
    X, y = sparse
    assert len(list(objective(X.tocsc(), y).rows.blocks())) == 1


def test_rows_in_pieces_give_what_rows_at_once_give(rng, sparse):
    X, y = sparse
    theta = rng.normal(size=(31, 1))
    pieces, whole = objective(X, y).at(theta, ALL), objective(X.tocsc(), y).at(theta, ALL)
    for name in ("loss", "gradient", "diagonal", "hessian"):
        np.testing.assert_allclose(getattr(pieces, name), getattr(whole, name), rtol=1e-9, atol=1e-12)


def test_each_piece_repays_the_vector_of_all_parameters_that_it_adds_up(rng):
    wide = sp.csr_array(np.ones((75, 20_000)))  # three times PIECE_SIZE, but 75 numbers a parameter
    assert len(list(objective(wide, rng.random((75, 1)) < 0.5).rows.blocks())) == 1


def test_numbers_stored_twice_are_added_before_they_are_squared(rng):
    J, theta = random_problem(rng, n=4, p=1, K=1)
    twice = sp.csr_array((np.ones(8), np.zeros(8, dtype=int), np.arange(0, 9, 2)), shape=(4, 1))
    once = np.full((4, 1), 2.0)
    diagonals = [Objective(Rows(X, J.rows.y, J.rows.shares[:, 0]), 0.1).diagonal(theta) for X in (twice, once)]
    np.testing.assert_allclose(*diagonals, rtol=1e-15)


@pytest.mark.parametrize("form", [sp.csr_array, sp.csc_array])
@pytest.mark.parametrize("twins", [False, True])
def test_numbers_in_no_order_are_squared_as_they_are_unless_some_come_in_parts(rng, form, twins):
    X = rng.normal(size=(30, 40)) * (rng.random((30, 40)) < 0.3)
    stored = form(X)
    shuffled = [start + rng.permutation(end - start) for start, end in itertools.pairwise(stored.indptr)]
    order = np.concatenate(shuffled)
    stored = form((stored.data[order], stored.indices[order], stored.indptr), shape=X.shape)
    if twins:
        stored = form((np.repeat(stored.data / 2, 2), np.repeat(stored.indices, 2), 2 * stored.indptr), shape=X.shape)
    assert not stored.has_canonical_format
    J, theta = random_problem(rng, n=30, p=40, K=2)
    homes = [Rows(some, J.rows.y, J.rows.shares[:, 0]) for some in (stored, X)]
    assert next(homes[0].blocks()).stored_once is not twins
    np.testing.assert_allclose(*(Objective(home, 0.1).diagonal(theta) for home in homes), rtol=1e-12)
