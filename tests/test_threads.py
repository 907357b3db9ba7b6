"""Sums on as many threads as are free, and the same sums on any number of them."""

import copy
import itertools
import pickle
import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import scipy.sparse as sp
from conftest import blocks_of, random_problem

from sklearn_neuron.homes import threads
from sklearn_neuron.homes.blocks import Dense, WithBias
from sklearn_neuron.homes.costs import DENSE_PART, SCORE, SPARSE_PART
from sklearn_neuron.homes.memory import InMemory
from sklearn_neuron.homes.threads import ThreadTeam
from sklearn_neuron.objective import Needs, Objective

ALL = Needs.GRADIENT | Needs.DIAGONAL | Needs.HESSIAN


@pytest.fixture
def free(monkeypatch):
    """Set how many threads are free."""
    return lambda number: monkeypatch.setattr(threads, "free_threads", lambda: number)


@pytest.fixture
def sparse(rng):
    """Two parts, and some rows empty."""
    n, p, each = 3 * SPARSE_PART // 20, 30, 20
    where = rng.random((n, p)).argsort(axis=1)[:, :each].astype(np.int32)
    X = sp.csr_array((rng.normal(size=n * each), where.ravel(), np.arange(0, n * each + 1, each)), shape=(n, p))
    X = sp.vstack([X[: n // 2], sp.csr_array((500, p)), X[n // 2 :]], format="csr")
    return X, rng.random((n + 500, 1)) < 0.3


@pytest.fixture
def dense(rng):
    """Two parts, of one and two blocks."""
    n, p = 5 * DENSE_PART // 2 // (10 + SCORE), 10
    return rng.normal(size=(n, p)), rng.random((n, 1)) < 0.3


def objective(X, y):
    return Objective(InMemory(X, y, np.full(len(y), 1 / len(y))), 0.1)


# Threads ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [1, 2, 3])
@pytest.mark.parametrize("count", [0, 1, 2, 9])
def test_results_come_in_order(free, number, count):
    free(number)
    assert list(ThreadTeam().each(lambda part: part**2, range(count))) == [part**2 for part in range(count)]


@pytest.mark.parametrize("parts", [[1, 0], [0, 1], [1, 0, 1, 1]])
@pytest.mark.parametrize("number", [1, 2])
def test_what_goes_wrong_in_a_part_is_raised(free, number, parts):
    free(number)
    hands = ThreadTeam()
    with pytest.raises(ZeroDivisionError):
        list(hands.each(lambda part: 1 / part, parts))
    assert list(hands.each(abs, [-1, -2])) == [1, 2]  # and the next task is done


def test_helpers_come_only_where_threads_are_free_and_there_is_something_to_share(free):
    hands = ThreadTeam()

    def workers(parts):
        meeting = threading.Barrier(min(parts, 2), timeout=30)
        return set(hands.each(lambda _: (meeting.wait(), threading.current_thread())[1], range(parts)))

    free(2)
    assert workers(1) == {threading.current_thread()}
    both = workers(2)
    assert len(both) == 2
    assert threading.current_thread() in both
    assert workers(2) == both  # the helper has stayed
    free(1)
    assert set(hands.each(lambda _: threading.current_thread(), range(4))) == {threading.current_thread()}


def test_helpers_leave_with_their_owner(free):
    free(3)
    hands = ThreadTeam()
    list(hands.each(abs, range(8)))
    helpers = hands._helpers._threads
    assert helpers
    del hands
    for helper in helpers:
        helper.join(timeout=30)
        assert not helper.is_alive()


def test_where_no_helper_comes_the_caller_does_everything(free):
    """As in a forked process, which has none of its parent's threads."""
    free(2)
    hands, hold = ThreadTeam(), threading.Event()
    hands._helpers = ThreadPoolExecutor(1)
    hands._helpers.submit(hold.wait, 30)
    assert list(hands.each(lambda _: threading.current_thread(), range(3))) == [threading.current_thread()] * 3
    hold.set()


def test_helpers_take_numpys_errors_as_the_caller_does(free):
    free(2)
    meeting = threading.Barrier(2, timeout=30)
    with np.errstate(divide="ignore"):  # elsewhere a warning, and in these tests an error
        assert list(ThreadTeam().each(lambda part: (meeting.wait(), np.float64(1) / part)[1], [0, 0])) == [
            np.inf,
            np.inf,
        ]


def test_a_copy_has_hands_of_its_own(free):
    free(2)
    hands = ThreadTeam()
    list(hands.each(abs, [1, 2]))
    for other in (copy.deepcopy(hands), pickle.loads(pickle.dumps(hands))):
        assert list(other.each(abs, [-1, -2])) == [1, 2]
        assert other._helpers is not hands._helpers


def test_a_thread_of_somebody_else_shares_out_no_more(monkeypatch):
    monkeypatch.setattr(threads, "openmp_threads", lambda: 8)
    found = []
    thread = threading.Thread(target=lambda: found.append(threads.free_threads()))
    thread.start()
    thread.join()
    assert (threads.free_threads(), found) == (8, [1])


# Parts ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["sparse", "dense"])
def test_the_sums_are_the_same_on_any_number_of_threads(free, rng, request, kind):
    J = objective(*request.getfixturevalue(kind))
    theta = rng.normal(size=(J.home.n_parameters, 1))
    assert len(J.home.parts()) == 2
    places, hessian_weights = [], []
    for number in (1, 2, 5):
        free(number)
        places.append(J.at(theta, ALL))
        hessian_weights.append(J.hessian_weights(theta))
    for one, other in itertools.pairwise(places):
        for name in ("loss", "gradient", "diagonal", "hessian"):
            np.testing.assert_array_equal(getattr(one, name), getattr(other, name))
    for one, other in itertools.pairwise(hessian_weights):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize(
    ("size", "p", "K", "count"),
    [
        (4.1, 10, 1, 4),
        (3.9, 10, 1, 2),  # a power of two
        (1.9, 10, 1, 1),
        (40, 10, 1, 8),  # at most
        (4.1, 150, 1, 1),  # BLAS shares out products of so many columns
        (4.1, 10, 2, 1),  # or neurons
    ],
)
def test_a_dense_table_is_cut_where_its_parts_repay_a_thread(size, p, K, count):
    n = int(size * DENSE_PART / (p + SCORE))
    X = np.broadcast_to(1.0, (n, p))
    home = InMemory(X, np.broadcast_to(True, (n, K)), np.broadcast_to(1 / n, (n,)))
    parts = [list(part) for part in home.parts()]
    assert len(parts) == count
    ends = [block.rows.stop for part in parts for block in part]
    assert [block.rows.start for part in parts for block in part] == [0, *ends[:-1]]
    assert sum(len(block.y) for part in parts for block in part) == n


def test_parts_of_a_sparse_x_are_all_rows_in_order_and_share_its_memory(sparse):
    X, y = sparse
    blocks = blocks_of(objective(X, y).home)
    assert len(blocks) == 2
    assert [block.rows.start for block in blocks] == [0, *(block.rows.stop for block in blocks[:-1])]
    assert blocks[-1].rows.stop == X.shape[0]
    for block in blocks:
        assert np.shares_memory(block.X.data, X.data)
        assert np.shares_memory(block.X.indices, X.indices)
        assert abs(block.X - X[block.rows]).max() == 0
        assert len(block.y) == block.X.shape[0]


def test_columns_are_not_cut(sparse):
    X, y = sparse
    assert len(blocks_of(objective(X.tocsc(), y).home)) == 1


def test_rows_in_parts_give_what_rows_at_once_give(rng, sparse):
    X, y = sparse
    theta = rng.normal(size=(31, 1))
    pieces, whole = objective(X, y).at(theta, ALL), objective(X.tocsc(), y).at(theta, ALL)
    for name in ("loss", "gradient", "diagonal", "hessian"):
        np.testing.assert_allclose(getattr(pieces, name), getattr(whole, name), rtol=1e-9, atol=1e-12)


def test_each_piece_repays_the_vector_of_all_parameters_that_it_adds_up(rng):
    wide = sp.csr_array(np.ones((25, 20_000)))  # four times SPARSE_PART, but 25 numbers a parameter
    assert len(blocks_of(objective(wide, rng.random((25, 1)) < 0.5).home)) == 1


@pytest.mark.parametrize("n", [1, 63, 127, 128, 129, 1_000])
def test_a_product_in_layers_is_the_product(rng, n):
    X, h = rng.normal(size=(n, 7)), rng.random((n, 1))
    block, layered = (WithBias(Dense(slice(n), X, None, None, syrk_rows)) for syrk_rows in (0, 64))
    np.testing.assert_allclose(layered.weighted_gram(h), block.weighted_gram(h), rtol=1e-12, atol=1e-12 * n)


def test_numbers_stored_twice_are_added_before_they_are_squared(rng):
    J, theta = random_problem(rng, n=4, p=1, K=1)
    twice = sp.csr_array((np.ones(8), np.zeros(8, dtype=int), np.arange(0, 9, 2)), shape=(4, 1))
    once = np.full((4, 1), 2.0)
    diagonals = [Objective(InMemory(X, J.home.y, J.home.shares[:, 0]), 0.1).diagonal(theta) for X in (twice, once)]
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
    homes = [InMemory(some, J.home.y, J.home.shares[:, 0]) for some in (stored, X)]
    assert np.shares_memory(blocks_of(homes[0])[0].X.data, stored.data) is not twins  # only then it is copied
    np.testing.assert_allclose(*(Objective(home, 0.1).diagonal(theta) for home in homes), rtol=1e-12)
