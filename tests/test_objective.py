"""J against longhand sums and differences; the home of the examples against its own pieces."""

import inspect

import numpy as np
import pytest
import scipy.sparse as sp
from conftest import blocks_of, fourth_order, random_problem
from hypothesis import given
from hypothesis import strategies as st

from sklearn_neuron._linalg import lower_factor
from sklearn_neuron.homes.arrays import total
from sklearn_neuron.homes.memory import InMemory
from sklearn_neuron.homes.moments import moments
from sklearn_neuron.neuron import log_loss
from sklearn_neuron.objective import Needs, Objective
from sklearn_neuron.solvers import diagnosis
from sklearn_neuron.solvers.coordinates import Plain, Standardised, Whitened
from sklearn_neuron.solvers.span import Gram

ALL = Needs.GRADIENT | Needs.DIAGONAL | Needs.HESSIAN
SHAPES = [(1, True), (3, True), (1, False), (3, False)]


def test_j_is_the_mean_of_the_losses_plus_the_penalty_on_the_weights(rng):
    J, theta = random_problem(rng, penalty=0.3)
    shares = J.home.shares[:, 0]
    by_hand = 0.0
    for x, y, share in zip(J.home.X, J.home.y[:, 0], shares, strict=True):
        a = 1 / (1 + np.exp(-(x @ theta[:-1, 0] + theta[-1, 0])))
        by_hand -= share * np.log(a if y else 1 - a)
    by_hand += 0.3 / 2 * sum(theta[:-1, 0] ** 2)
    assert J.at(theta).loss[0] == pytest.approx(by_hand, rel=1e-13)  # sixty roundings


def test_j_without_penalty_is_the_log_loss_of_the_neuron(rng):
    J, theta = random_problem(rng, penalty=0.0)
    z = J.home.X @ theta[:-1, 0] + theta[-1, 0]
    assert J.at(theta).loss[0] == pytest.approx(log_loss(z, J.home.y[:, 0], J.home.shares[:, 0]), rel=1e-14)


@pytest.mark.parametrize("form", [np.asarray, sp.csr_array])
@pytest.mark.parametrize("K", [1, 3])
def test_sums_over_many_examples_keep_the_digits_of_their_float_type(rng, form, K):
    """One after the other, 40,000 numbers of float32 add up to four digits."""
    n = 40_000
    X = np.where(rng.random((n, 2)) < 0.1, rng.normal(size=(n, 2)), 0).astype(np.float32)
    y, theta = rng.random((n, K)) < 0.3, rng.normal(size=(3, K)).astype(np.float32)
    places = [
        Objective(InMemory(home.astype(dtype), y, np.full(n, 1 / n, dtype=dtype))).at(theta.astype(dtype))
        for home, dtype in ((form(X), np.float32), (X, np.float64))
    ]
    np.testing.assert_allclose(places[0].loss, places[1].loss, rtol=1e-6)  # 8 eps, most of it of the losses
    np.testing.assert_allclose(places[0].gradient[-1], places[1].gradient[-1], rtol=0, atol=1e-6)


@pytest.mark.parametrize(("K", "has_bias"), SHAPES)
def test_gradient_is_the_slope_of_j(rng, K, has_bias):
    J, theta = random_problem(rng, K=K, has_bias=has_bias)
    for k in range(K):
        for j in range(len(theta)):
            toward = np.zeros_like(theta)
            toward[j, k] = 1
            slope = fourth_order(lambda t, d=toward, k=k: J.at(theta + t * d).loss[k], 0.0)
            # h^4 = 1e-12 of truncation, eps / h = 2e-13 of rounding
            assert J.at(theta).gradient[j, k] == pytest.approx(slope, rel=1e-9, abs=1e-11)


@pytest.mark.parametrize(("K", "has_bias"), SHAPES)
def test_hessian_is_the_slope_of_the_gradient(rng, K, has_bias):
    J, theta = random_problem(rng, K=K, has_bias=has_bias)
    here = J.at(theta, ALL)
    for j in range(len(theta)):
        toward = np.zeros_like(theta)
        toward[j] = 1
        column = fourth_order(lambda t, d=toward: J.at(theta + t * d).gradient, 0.0)
        np.testing.assert_allclose(here.hessian[:, j, :], column, rtol=1e-9, atol=1e-11)
    np.testing.assert_allclose(here.diagonal, np.einsum("jjk->jk", here.hessian), rtol=1e-13)


@pytest.mark.parametrize(("K", "has_bias"), SHAPES)
def test_hessian_product_needs_no_hessian(rng, K, has_bias):
    J, theta = random_problem(rng, K=K, has_bias=has_bias)
    vector = rng.normal(size=theta.shape)
    expected = np.einsum("ijk,jk->ik", J.at(theta, Needs.HESSIAN).hessian, vector)
    np.testing.assert_allclose(
        J.hessian_product(vector, J.hessian_weights(theta)), expected, rtol=1e-12, atol=1e-15
    )  # sums may cancel


@pytest.mark.parametrize("has_bias", [True, False])
def test_curvature_among_directions_is_that_of_the_hessian(rng, has_bias):
    J, theta = random_problem(rng, K=1, has_bias=has_bias)
    V = rng.normal(size=(len(theta), 3))
    for seen in (J, Standardised()(J), Whitened()(J, theta)):
        u = seen.from_weights(theta)
        expected = V.T @ seen.at(u, Needs.HESSIAN).hessian[..., 0] @ V
        np.testing.assert_allclose(seen.curvature_among(V, seen.hessian_weights(u)), expected, rtol=1e-10, atol=1e-12)
        np.testing.assert_allclose(
            V.T @ seen.hessian_product(V, seen.hessian_weights(u)), expected, rtol=1e-10, atol=1e-12
        )


def test_the_bias_is_not_penalised(rng):
    J, theta = random_problem(rng, penalty=0.0)
    heavy = Objective(J.home, penalty=5.0)
    assert heavy.at(theta).gradient[-1, 0] == J.at(theta).gradient[-1, 0]
    assert heavy.at(theta, ALL).hessian[-1, -1, 0] == J.at(theta, ALL).hessian[-1, -1, 0]
    assert heavy.at(theta, ALL).diagonal[-1, 0] == J.at(theta, ALL).diagonal[-1, 0]


@given(st.integers(1, 70))
def test_the_size_of_the_blocks_changes_nothing_but_rounding(rows_per_block):
    whole, theta = random_problem(np.random.default_rng(1), K=2)
    cut, _ = random_problem(np.random.default_rng(1), K=2, block_size=rows_per_block * 4)
    assert len(blocks_of(cut.home)) == -(-60 // rows_per_block)
    for one, other in zip(whole.at(theta, ALL)[3:6], cut.at(theta, ALL)[3:6], strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-12)


@given(st.permutations(range(12)))
def test_the_order_of_the_examples_changes_nothing_but_rounding(order):
    J, theta = random_problem(np.random.default_rng(2), n=12)
    rows = J.home
    shuffled = Objective(InMemory(rows.X[order], rows.y[order], rows.shares[order, 0]), J.penalty)
    np.testing.assert_allclose(J.at(theta).gradient, shuffled.at(theta).gradient, rtol=1e-11, atol=1e-15)


@given(st.lists(st.integers(1, 3), min_size=12, max_size=12))
def test_a_weight_of_two_is_the_example_twice(weights):
    J, theta = random_problem(np.random.default_rng(3), n=12)
    weights = np.array(weights)
    weighted = Objective(InMemory(J.home.X, J.home.y, weights / weights.sum()), 0.1)
    repeated = np.repeat(np.arange(12), weights)
    equal = np.full(len(repeated), 1 / len(repeated))
    twice = Objective(InMemory(J.home.X[repeated], J.home.y[repeated], equal), 0.1)
    np.testing.assert_allclose(weighted.at(theta).gradient, twice.at(theta).gradient, rtol=1e-11, atol=1e-15)
    assert weighted.at(theta).loss == pytest.approx(twice.at(theta).loss, rel=1e-13)


@given(st.integers(0, 1000), st.floats(0, 1))
def test_j_is_convex_along_lines(seed, t):
    rng = np.random.default_rng(seed)
    J, start = random_problem(rng, penalty=0.0)
    end = start + rng.normal(size=start.shape) * 10
    between = J.at(start + t * (end - start)).loss[0]
    chord = (1 - t) * J.at(start).loss[0] + t * J.at(end).loss[0]
    assert between <= chord * (1 + 1e-13)


@given(st.integers(0, 1000))
def test_swapped_labels_negate_theta(seed):
    J, theta = random_problem(np.random.default_rng(seed))
    swapped = Objective(InMemory(J.home.X, ~J.home.y, J.home.shares[:, 0]), J.penalty)
    here, there = J.at(theta, ALL), swapped.at(-theta, ALL)
    np.testing.assert_array_equal(here.loss, there.loss)
    np.testing.assert_array_equal(here.gradient, -there.gradient)
    np.testing.assert_array_equal(here.hessian, there.hessian)


@pytest.mark.parametrize("form", [sp.csr_matrix, sp.csc_matrix, sp.csr_array, sp.csc_array])
@pytest.mark.parametrize(("center", "has_bias"), [(False, False), (False, True), (True, True)])
def test_sparse_examples_say_what_dense_ones_say(rng, form, center, has_bias):
    J, theta = random_problem(rng, K=2, has_bias=has_bias)
    X = np.where(rng.random(J.home.shape) < 0.4, J.home.X, 0)
    seen_from = rng.normal(size=4) * center
    one = InMemory(X, J.home.y, J.home.shares[:, 0], has_bias).centred(seen_from, np.zeros(4, dtype=bool))
    other = InMemory(form(X), J.home.y, J.home.shares[:, 0], has_bias).centred(seen_from, np.zeros(4, dtype=bool))
    dense, sparse = (Objective(rows, 0.1).at(theta, ALL) for rows in (one, other))
    for a, b in zip(dense[3:6], sparse[3:6], strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-11, atol=1e-14)  # centring may cancel


@pytest.mark.parametrize("subtract_first", [False, True])
@pytest.mark.parametrize("rows_per_block", [60, 59])  # of 60: the table is subtracted once, or block by block
@pytest.mark.parametrize("every", [1, 3])
def test_centring_is_subtracting(rng, subtract_first, rows_per_block, every):
    J, theta = random_problem(rng, K=3, block_size=4 * rows_per_block)
    center = rng.normal(size=4)
    shares = J.home.shares[:, 0]
    some, two = slice(None, None, every), [0, 2]
    shifted = Objective(InMemory(J.home.X - center, J.home.y, shares).take(some).neurons(two), 0.1)
    centred = Objective(J.home.centred(center, np.full(4, subtract_first)).take(some).neurons(two), 0.1)
    for a, b in zip(shifted.at(theta[:, two], ALL)[3:6], centred.at(theta[:, two], ALL)[3:6], strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-11, atol=1e-14)


def test_twice_stored_entries_of_a_sparse_matrix_add_up(rng):
    X = sp.csr_matrix((np.array([1.0, 2.0, 4.0]), np.array([0, 0, 1]), np.array([0, 2, 3])), shape=(2, 2))
    rows = [InMemory(form, np.array([[True], [False]]), np.full(2, 0.5)) for form in (X, X.toarray())]
    sparse, dense = (Objective(r).at(np.ones((3, 1)), ALL) for r in rows)
    for a, b in zip(sparse[3:6], dense[3:6], strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-14)
    assert X.nnz == 3


@pytest.mark.parametrize("layout", ["C", "F", "strided", "read-only"])
def test_memory_layout_changes_nothing_but_rounding(rng, layout):
    J, theta = random_problem(rng)
    X = J.home.X
    if layout == "F":
        X = np.asfortranarray(X)
    elif layout == "strided":
        wide = np.zeros((120, 12))
        wide[::2, ::3] = X
        X = wide[::2, ::3]
    else:
        X = X.copy()
        X.flags.writeable = False
    other = Objective(InMemory(X, J.home.y, J.home.shares[:, 0], block_size=60), J.penalty).at(theta, ALL)
    for a, b in zip(J.at(theta, ALL)[3:6], other[3:6], strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-12)


def test_a_dense_home_and_its_blocks_are_views_of_the_callers_array(rng):
    J, _ = random_problem(rng)
    assert all(np.shares_memory(block.X, J.home.X) for block in blocks_of(J.home))
    sparse = sp.csr_matrix(J.home.X)
    home = InMemory(sparse, J.home.y, J.home.shares[:, 0])
    assert np.shares_memory(home.X.data, sparse.data)


def test_float32_examples_are_multiplied_in_float32_and_summed_in_float64(rng):
    J, theta = random_problem(rng, dtype=np.float32)
    (block,) = blocks_of(J.home)
    theta32 = theta.astype(np.float32)
    z = block.scores(theta32)
    assert {z.dtype, block.weighted_gram(z[:, :1] ** 2).dtype} == {np.dtype(np.float32)}
    assert total(z).dtype == np.float64
    here = J.at(theta, ALL)
    assert {here.loss.dtype, here.gradient.dtype, here.hessian.dtype} == {np.dtype(np.float64)}


@pytest.mark.parametrize("K", [1, 3])
def test_curvature_alone_is_that_of_a_place(rng, K):
    J, theta = random_problem(rng, K=K)
    here = J.at(theta, ALL)
    # the same sums over the same blocks: nothing but the order of two factors differs
    np.testing.assert_allclose(J.hessian(theta), here.hessian, rtol=1e-12)
    np.testing.assert_allclose(J.diagonal(theta), here.diagonal, rtol=1e-12)


# The last axis is independent walks -------------------------------------------------------------------------

PER_NEURON = {
    "at.loss": lambda J, t: J.at(t, ALL).loss,
    "at.gradient": lambda J, t: J.at(t, ALL).gradient,
    "at.diagonal": lambda J, t: J.at(t, ALL).diagonal,
    "at.hessian": lambda J, t: J.at(t, ALL).hessian,
    "loss_in_float64": lambda J, t: J.loss_in_float64(t),
    "hessian": lambda J, t: J.hessian(t),
    "diagonal": lambda J, t: J.diagonal(t),
    "hessian_weights": lambda J, t: J.hessian_weights(t),
    "doubt": lambda J, t: J.doubt(J.hessian_weights(t)),
    "hessian_product": lambda J, t: J.hessian_product(t + 1, J.hessian_weights(t)),
    "inside": lambda J, t: J.inside(t),
    "to_weights": lambda J, t: J.to_weights(t),
    "from_weights": lambda J, t: J.from_weights(J.to_weights(t)),
    "to_weights_gradient": lambda J, t: J.to_weights_gradient(t),
    "gradient_norm": lambda J, t: J.gradient_norm(t),
    "rounding": lambda J, t: J.rounding(t[0]),
    "misplaced": lambda J, t: diagnosis.misplaced(J, t),
    "moves_at_most": lambda J, t: diagnosis.moves_at_most(J, t, t + 1, 3.0),
    "length_by_penalty": lambda J, t: diagnosis.length_by_penalty(J, t, np.abs(t)),
}
OF_ONE_OR_ALL = {
    "neurons",
    "take",
    "on",
    "paying",
    "penalised_like",
    "smoothness",
    "curvature_among",
    "hessians_of_neurons",
    "of_features",
}


def test_every_public_method_is_asked_for_neurons_side_by_side():
    methods = {name for name, value in vars(Objective).items() if inspect.isfunction(value)}
    public = {name for name in methods if not name.startswith("_")}
    assert public - OF_ONE_OR_ALL <= {name.partition(".")[0] for name in PER_NEURON}


@pytest.mark.parametrize("coordinates", [Plain(), Standardised(), Whitened(), Gram()], ids=lambda c: type(c).__name__)
@pytest.mark.parametrize("asked", PER_NEURON)
def test_neurons_side_by_side_are_neurons_alone(rng, asked, coordinates):
    J, weights = random_problem(rng, n=12 if isinstance(coordinates, Gram) else 60, p=20, K=3, penalty=0.1)
    J = coordinates(J, 0.01 * weights)
    theta = rng.normal(size=(J.home.n_parameters, 3))
    together = PER_NEURON[asked](J, theta)
    for k in range(3):
        alone = PER_NEURON[asked](J.neurons([k]), theta[:, [k]])
        # sums may be added up in another order; solved with a factor of condition 1e3
        np.testing.assert_allclose(together[..., [k]], alone, rtol=1e-9, atol=1e-12)


def test_one_pass_whatever_is_needed_and_none_where_the_place_is_known(rng):
    J, theta = random_problem(rng, K=3)
    here = J.at(theta, ALL)
    assert J.home.passes == 1
    assert J.at(theta.copy(), Needs.GRADIENT, known=here) is here
    assert J.home.passes == 1


def test_a_known_place_of_another_point_or_j_or_with_less_is_not_taken(rng):
    J, theta = random_problem(rng)
    here = J.at(theta)
    assert J.at(theta + 1, known=here) is not here
    assert J.at(theta, ALL, known=here) is not here
    assert Objective(J.home, 5.0).at(theta, known=here).loss != here.loss


@pytest.mark.parametrize("p", [4, 600])
def test_smoothness_is_never_less_than_the_curvature_anywhere(rng, p):
    J, theta = random_problem(rng, n=30, p=p)
    L = J.smoothness
    for scale in (0, 0.01, 1):
        assert np.linalg.eigvalsh(J.at(scale * theta, Needs.HESSIAN).hessian[..., 0])[-1] <= L
    gram = np.c_[J.home.X, np.ones(30)]
    steepest = np.linalg.eigvalsh((gram.T * J.home.shares[:, 0]) @ gram)[-1] / 4
    assert steepest <= L
    if p == 4:
        assert pytest.approx(steepest + J.penalty, rel=0.01) == L


def test_moments_are_weighted_averages(rng):
    J, _ = random_problem(rng)
    shares = J.home.shares[:, 0]
    found = moments(J.home)
    mean = shares @ J.home.X
    np.testing.assert_allclose(found.mean, mean, rtol=1e-13)
    np.testing.assert_allclose(found.spread, np.sqrt(shares @ (J.home.X - mean) ** 2), rtol=1e-12)
    np.testing.assert_allclose(found.root_mean_square, np.sqrt(shares @ J.home.X**2), rtol=1e-12)


@pytest.mark.parametrize("value", [0.0, 0.1, 3.0, 1e8 / 3, -1e15 / 7])
@pytest.mark.parametrize("form", [np.asarray, sp.csr_array])
def test_a_constant_feature_has_no_spread(form, value):
    X = np.full((50, 1), value)
    rows = InMemory(form(X), np.zeros((50, 1), dtype=bool), np.full(50, 1 / 50))
    assert moments(rows).spread[0] == 0


def test_spread_far_from_zero_keeps_its_digits(rng):
    X = rng.normal(size=(200, 1)) + 1e9
    rows = InMemory(X, np.zeros((200, 1), dtype=bool), np.full(200, 1 / 200))
    assert moments(rows).spread[0] == pytest.approx(X.std(), rel=1e-6)  # X itself holds ten digits of its spread


@pytest.mark.parametrize("places", [[17], [3, 17, 90], range(0, 200, 12)])
def test_a_row_of_nines_is_not_the_measure_of_all_others(rng, places):
    X = rng.normal(size=(200, 2))
    X[places] = -9999
    others = np.delete(X, places, axis=0)
    found = moments(InMemory(X, np.zeros((200, 1), dtype=bool), np.full(200, 1 / 200)))
    assert (np.abs(found.mean - others.mean(axis=0)) < others.std(axis=0)).all()
    assert (np.abs(np.log2(found.spread / others.std(axis=0))) < 1.5).all()
    assert not found.of_all


@pytest.mark.parametrize("numbers", [[1.0], [1.0, 7.0], [16.0, 1.0, 1.0, 1.0]])
def test_a_feature_that_few_have_is_measured_by_those(numbers):
    x = np.full(200, 0.1)
    x[: len(numbers)] = numbers
    found = moments(InMemory(x[:, None], np.zeros((200, 1), dtype=bool), np.full(200, 1 / 200)))
    assert found.spread[0] == pytest.approx(x.std(), rel=1e-12)


# Factors ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("noise", [0, 1e-12, 1e-7, 1e-4])
def test_a_hessian_whose_least_curvatures_are_rounding_has_a_factor(rng, noise):
    flat = rng.normal(size=(8, 5))
    hessian = flat @ flat.T - noise * np.diag(rng.random(8))
    L = lower_factor(hessian)
    np.testing.assert_array_equal(L, np.tril(L))
    np.testing.assert_allclose(L @ L.T, hessian, rtol=0, atol=max(1e-8, 200 * noise))


def test_a_j_that_is_flat_everywhere_has_none():
    with pytest.raises(np.linalg.LinAlgError):
        lower_factor(np.zeros((2, 2)))
