"""A change of coordinates changes what is steepest, and nothing else."""

import numpy as np
import pytest
import scipy.sparse as sp
from conftest import fourth_order, random_problem
from sklearn.base import clone

from sklearn_neuron import SigmoidNeuronClassifier
from sklearn_neuron.homes.counted import Counted
from sklearn_neuron.homes.memory import InMemory
from sklearn_neuron.objective import Needs, Objective
from sklearn_neuron.solvers import diagnosis
from sklearn_neuron.solvers.coordinates import Plain, Standardised, Whitened
from sklearn_neuron.solvers.directions import Newton
from sklearn_neuron.solvers.maps import UNCHANGED, Centre, NonEmpty, Scale, Whiten
from sklearn_neuron.solvers.span import Gram

ALL = Needs.GRADIENT | Needs.DIAGONAL | Needs.HESSIAN
FORMS = [np.asarray, sp.csr_array, sp.csc_array]


def far_away(rng, form=np.asarray, has_bias=True, penalty=0.05, offset=50.0):
    """Features of very different sizes, far from zero."""
    J, theta = random_problem(rng, K=2, has_bias=has_bias)
    X = J.home.X * [1, 100, 0.01, 7] + offset
    return Objective(Counted(InMemory(form(X), J.home.y, J.home.shares[:, 0], has_bias)), penalty), theta


def assert_slopes_are_slopes(seen, u, **product_tolerance):
    """Gradient and Hessian by differences, and the Hessian by its products."""
    here = seen.at(u, ALL)
    for j in range(len(u)):
        toward = np.zeros_like(u)
        toward[j] = 1
        along_loss = fourth_order(lambda t, d=toward: seen.at(u + t * d).loss, 0.0)
        along_gradient = fourth_order(lambda t, d=toward: seen.at(u + t * d).gradient, 0.0)
        np.testing.assert_allclose(here.gradient[j], along_loss, rtol=1e-7, atol=1e-9)
        np.testing.assert_allclose(here.hessian[:, j], along_gradient, rtol=1e-7, atol=1e-9)
        product = seen.hessian_product(toward, seen.hessian_weights(u))
        np.testing.assert_allclose(product, here.hessian[:, j], **product_tolerance)


def test_plain_coordinates_are_the_objective_itself(rng):
    J, _ = random_problem(rng)
    assert Plain()(J) is J


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("has_bias", [True, False])
def test_j_is_the_same_in_all_coordinates(rng, form, has_bias):
    J, _ = far_away(rng, form, has_bias)
    seen = Standardised()(J)
    u = rng.normal(size=(4 + has_bias, 2))
    weights = seen.to_weights(u)
    here, plain = seen.at(u), J.at(weights)
    np.testing.assert_allclose(here.loss, plain.loss, rtol=1e-10)  # the plain score cancels: offset 50, spread 0.02
    np.testing.assert_allclose(here.weights, weights, rtol=1e-14)
    np.testing.assert_allclose(here.weights_gradient, plain.gradient, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("has_bias", [True, False])
def test_slopes_in_standardised_coordinates_are_slopes(rng, form, has_bias):
    J, _ = far_away(rng, form, has_bias)
    seen = Standardised()(J)
    u = rng.normal(size=(4 + has_bias, 2))
    here = seen.at(u, ALL)
    assert_slopes_are_slopes(seen, u, rtol=1e-9, atol=1e-11)
    np.testing.assert_allclose(here.diagonal, np.einsum("jjk->jk", here.hessian), rtol=1e-9)


def test_weights_there_and_back(rng):
    J, theta = far_away(rng)
    seen = Standardised()(J)
    np.testing.assert_allclose(seen.to_weights(seen.from_weights(theta)), theta, rtol=1e-11, atol=1e-11)


def test_the_valley_is_round_at_the_start(rng):
    J, theta = far_away(rng)
    raw = J.at(0 * theta, Needs.HESSIAN).hessian[..., 0]
    round_ = Standardised()(J).at(0 * theta, Needs.HESSIAN).hessian[..., 0]
    np.testing.assert_allclose(np.diagonal(round_), 1, rtol=1e-9)  # the units are chosen so
    assert np.linalg.cond(round_) < 10 < 1e6 < np.linalg.cond(raw)


def test_standardising_reads_x_once_and_leaves_it_alone(rng):
    J, _ = far_away(rng)
    before = J.home.X.copy()
    Standardised()(J)
    assert J.home.passes == 1
    np.testing.assert_array_equal(J.home.X, before)


@pytest.mark.parametrize("offset", [0, 1e3, 1e7, 1e10])
def test_far_features_keep_their_digits(rng, offset):
    """A feature of spread 1 at `offset` is as well seen as the same feature at home."""
    near, _ = far_away(rng, offset=0)
    X = np.round(near.home.X * 2**10) / 2**10  # exact at every offset
    shares = near.home.shares[:, 0]
    home, away = (Standardised()(Objective(InMemory(x, near.home.y, shares), 0.05)) for x in (X, X + offset))
    u = rng.normal(size=(5, 2))
    here, there = home.at(u, ALL), away.at(u, ALL)
    np.testing.assert_allclose(there.gradient, here.gradient, rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(there.hessian, here.hessian, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("form", FORMS)
def test_a_constant_feature_keeps_weight_zero(rng, form):
    J, theta = random_problem(rng)
    X = J.home.X.copy()
    X[:, 2] = 1e8 / 3
    seen = Standardised()(Objective(InMemory(form(X), J.home.y, J.home.shares[:, 0]), 0.0))
    here = seen.at(seen.from_weights(theta), ALL)
    assert here.weights[2, 0] == here.gradient[2, 0] == 0
    assert here.hessian[2, 2, 0] == here.diagonal[2, 0] == 1
    assert not here.hessian[2, [0, 1, 3, 4], 0].any()


# Whitened ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("has_bias", [True, False])
def test_whitened_slopes_are_slopes_of_the_same_j(rng, form, has_bias):
    J, theta = far_away(rng, form, has_bias)
    seen = Whitened()(J, 0 * theta)
    u = rng.normal(size=theta.shape)
    here, plain = seen.at(u, ALL), J.at(seen.to_weights(u))
    np.testing.assert_allclose(here.loss, plain.loss, rtol=1e-9)  # the plain score cancels
    np.testing.assert_allclose(here.weights_gradient, plain.gradient, rtol=1e-8, atol=1e-11)
    assert_slopes_are_slopes(seen, u, rtol=1e-8, atol=1e-10)
    np.testing.assert_allclose(here.diagonal, np.einsum("jjk->jk", here.hessian), rtol=1e-12)
    np.testing.assert_allclose(seen.from_weights(seen.to_weights(u)), u, rtol=1e-7, atol=1e-9)


def test_the_whitened_valley_is_round_where_it_was_looked_at(rng):
    J, theta = far_away(rng)
    weights = Standardised()(J).to_weights(theta)
    seen = Whitened()(J, weights)
    hessian = seen.at(seen.from_weights(weights), Needs.HESSIAN).hessian
    np.testing.assert_allclose(hessian, np.eye(5)[..., None] * np.ones(2), rtol=0, atol=1e-7)  # but for the ridge


def test_whitened_steepest_descent_walks_straight_down(rng):
    """Where the valley is round, one step of rate 1 straight down lands where Newton lands."""
    J, theta = far_away(rng)
    seen = Whitened()(J, 0 * theta)
    here = seen.at(0 * theta)
    steepest = seen.to_weights(here.theta - here.gradient)
    standard = Standardised()(J).at(0 * theta, Needs.HESSIAN)
    newton, _ = Newton()(standard, None)
    np.testing.assert_allclose(steepest, Standardised()(J).to_weights(newton), rtol=1e-6, atol=1e-8)


def test_some_neurons_of_a_whitened_j_are_the_same_neurons(rng):
    J, theta = far_away(rng)
    seen = Whitened()(J, 0 * theta)
    u = rng.normal(size=theta.shape)
    for keep in ([1], np.array([False, True]), slice(1, 2)):
        np.testing.assert_allclose(
            seen.neurons(keep).at(u[:, [1]]).gradient[:, 0], seen.at(u).gradient[:, 1], rtol=1e-12
        )


@pytest.mark.parametrize("coordinates", [Plain(), Standardised(), Whitened()])
def test_second_derivatives_alone_are_those_of_a_place(rng, coordinates):
    J, theta = far_away(rng)
    seen = coordinates(J, 0 * theta)
    u = seen.from_weights(Standardised()(J).to_weights(theta))
    here = seen.at(u, ALL)
    np.testing.assert_allclose(seen.hessian(u), here.hessian, rtol=1e-12)
    np.testing.assert_allclose(seen.diagonal(u), here.diagonal, rtol=1e-12)


@pytest.mark.parametrize("coordinates", [Plain(), Standardised(), Whitened()])
def test_some_examples_are_seen_in_the_same_coordinates(rng, coordinates):
    J, theta = far_away(rng)
    seen = coordinates(J, 0 * theta)
    u = seen.from_weights(Standardised()(J).to_weights(theta))
    some, few = seen.take(slice(None, None, 3)), J.take(slice(None, None, 3))
    np.testing.assert_allclose(some.at(u).loss, few.at(seen.to_weights(u)).loss, rtol=1e-9)  # the plain score cancels


# Maps -------------------------------------------------------------------------------------------------------

FACTORS = [np.tril(np.random.default_rng(k).uniform(0.5, 2, (5, 5))) for k in range(2)]
SCALE = Scale(np.array([0.5, 2.0, 1.0, 3.0, 2.0]))
WALKED_IN = {
    "unchanged": UNCHANGED,
    "scale": SCALE,
    "whiten": Whiten(FACTORS),
    "scale of whitened": SCALE @ Whiten(FACTORS),
    "whitened scale": Whiten(FACTORS) @ SCALE,
}
LEADING_BACK = {
    "centre": Centre(np.array([1.0, -2.0, 0.0, 5.0])),
    "non-empty": NonEmpty(np.array([0, 3, 4, 6]), 7),
    "non-empty, centred": NonEmpty(np.array([0, 3, 4, 6]), 7) @ Centre(np.array([1.0, -2.0, 0.0, 5.0])),
}


def times(one, other):
    """Products of vectors, one a neuron."""
    return np.einsum("jk,jk->k", one, other)


@pytest.mark.parametrize("T", [*WALKED_IN.values(), *LEADING_BACK.values()], ids=[*WALKED_IN, *LEADING_BACK])
def test_a_map_is_linear_and_leads_there_and_back(rng, T):
    u, v = rng.normal(size=(2, 5, 2))
    np.testing.assert_allclose(T.apply(u + 2 * v), T.apply(u) + 2 * T.apply(v), rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(T.inverse(T.apply(u)), u, rtol=1e-10)
    slopes = T.inverse_adjoint(v)  # along T u the same as along u
    np.testing.assert_allclose(times(slopes, T.apply(u)), times(v, u), rtol=1e-10)
    np.testing.assert_allclose(T.gradient_norm(v), np.linalg.norm(slopes, axis=0), rtol=1e-12)


@pytest.mark.parametrize("T", WALKED_IN.values(), ids=WALKED_IN)
def test_slopes_and_curvatures_follow_the_map(rng, T):
    u, v, g = rng.normal(size=(3, 5, 2))
    np.testing.assert_allclose(times(T.adjoint(g), u), times(g, T.apply(u)), rtol=1e-12)
    A = rng.normal(size=(5, 5, 2))
    H = A + A.transpose(1, 0, 2)
    curved = np.einsum("ik,ijk,jk->k", T.apply(u), H, T.apply(v))
    inside = T.sandwich(H.copy())
    np.testing.assert_allclose(np.einsum("ik,ijk,jk->k", u, inside, v), curved, rtol=1e-10)
    if not T.mixes:
        np.testing.assert_allclose(T.diagonal(np.einsum("jjk->jk", H)), np.einsum("jjk->jk", inside), rtol=1e-12)


@pytest.mark.parametrize("keep", [[1], slice(1, 2), np.array([False, True])])
def test_the_map_of_some_neurons_is_that_of_each(rng, keep):
    u = rng.normal(size=(5, 2))
    for T in WALKED_IN.values():
        np.testing.assert_array_equal(T.neurons(keep).apply(u[:, keep]), T.apply(u)[:, keep])


# What a J can be asked beside its slopes --------------------------------------------------------------------


@pytest.mark.parametrize("coordinates", [Plain(), Standardised()])
@pytest.mark.parametrize("has_bias", [True, False])
def test_effects_are_what_parameters_do_to_scores(rng, coordinates, has_bias):
    J, theta = far_away(rng, has_bias=has_bias)
    seen, some = coordinates(J), np.array([3, 17, 40])
    z = np.c_[J.home.X, np.ones(60)][some][:, : len(theta)] @ seen.to_weights(theta)
    np.testing.assert_allclose(diagnosis.effects(seen, some) @ theta, z, rtol=1e-9)


@pytest.mark.parametrize("coordinates", [Plain(), Standardised(), Whitened()])
def test_moves_and_sides_are_those_of_the_scores(rng, coordinates):
    J, theta = far_away(rng)
    seen = coordinates(J, 0 * theta)
    u = seen.from_weights(Standardised()(J).to_weights(theta))
    z, y = np.c_[J.home.X, np.ones(60)] @ seen.to_weights(u), J.home.y
    share = (J.home.shares * ((z > 0) != y)).sum(axis=0)
    np.testing.assert_allclose(diagnosis.misplaced(seen, u), share, rtol=1e-12)
    most = np.abs(z).max(axis=0)  # along theta itself every score changes by all of it
    assert diagnosis.moves_at_most(seen, u, u, 1.001 * most).all()
    assert not diagnosis.moves_at_most(seen, u, u, 0.999 * most).any()


def test_small_moves_are_told_without_a_pass(rng):
    J, theta = far_away(rng)
    seen = Standardised()(J)
    before = J.home.passes
    assert diagnosis.moves_at_most(seen, theta, 1e-6 * theta, 0.5).all()
    assert J.home.passes == before


def test_the_average_example_is_told_in_the_units_of_x(rng):
    J, theta = far_away(rng)
    average = J.home.shares[:, 0] @ J.home.X
    assert not diagnosis.average_example(J).any()
    for seen in (Standardised()(J), Whitened()(J, 0 * theta), Gram()(J)):
        np.testing.assert_allclose(diagnosis.average_example(seen), average, rtol=1e-12)
    J, _ = hashed(rng)
    np.testing.assert_allclose(diagnosis.average_example(Standardised()(J)), J.home.shares[:, 0] @ J.home.X, rtol=1e-12)


@pytest.mark.parametrize(
    "scale", [0.1, 1, 5]
)  # of theta: examples grow sure, and those that bend J lie off the average
def test_the_penalty_bounds_the_decrement_from_above(rng, scale):
    J, theta = far_away(rng, penalty=0.5)
    for seen in (J, Standardised()(J)):
        here = seen.at(scale * theta, ALL)
        H = here.hessian.transpose(2, 0, 1)
        for gradient in (here.gradient, np.eye(5)[:, [4, 4]], rng.normal(size=(5, 2))):  # whatever it is
            bound = diagnosis.length_by_penalty(seen, gradient, here.hessian[:, -1])
            squared = times(gradient, np.linalg.solve(H, gradient.T[..., None])[..., 0].T)
            assert (squared <= bound * (1 + 1e-6)).all()
    turned = Whitened()(J, 0 * theta)
    assert np.isinf(diagnosis.length_by_penalty(turned, here.gradient, here.hessian[:, -1])).all()
    unpaid = Objective(J.home)
    assert np.isinf(diagnosis.length_by_penalty(unpaid, here.gradient, here.hessian[:, -1])).all()


# Features that no example has ------------------------------------------------------------------------------


def hashed(rng, form=sp.csr_array, has_bias=True, n=60, p=40):
    """A sparse table, most of whose columns are empty."""
    J, _ = random_problem(rng, n=n, p=6, K=2, has_bias=has_bias)
    X = np.zeros((n, p))
    X[:, [0, 3, 4, 6, p - 2, p - 1]] = J.home.X * (rng.random((n, 6)) < 0.5)
    theta = rng.normal(size=(p + has_bias, 2))
    return Objective(InMemory(form(X), J.home.y, J.home.shares[:, 0], has_bias), 0.05), theta


@pytest.mark.parametrize("form", [sp.csr_array, sp.csc_array])
@pytest.mark.parametrize("has_bias", [True, False])
def test_features_that_no_example_has_are_left_out_and_stay_zero(rng, form, has_bias):
    J, theta = hashed(rng, form, has_bias)
    seen = Standardised()(J)
    assert seen.home.shape == (60, 6)
    assert np.shares_memory(seen.home.X.data, J.home.X.data)
    empty = np.asarray(abs(J.home.X).sum(axis=0)).ravel() == 0
    assert empty.sum() == 34
    u = seen.from_weights(theta)
    weights = seen.to_weights(u)
    np.testing.assert_array_equal(weights[:40][empty], 0)
    np.testing.assert_allclose(weights[:40][~empty], theta[:40][~empty], rtol=1e-12)
    here, there = seen.at(u, ALL), J.at(weights)
    np.testing.assert_allclose(here.loss, there.loss, rtol=1e-12)
    np.testing.assert_allclose(here.weights_gradient, there.gradient, rtol=1e-10, atol=1e-15)
    np.testing.assert_allclose(here.gradient_norm, there.gradient_norm, rtol=1e-10)
    assert_slopes_are_slopes(seen, u, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("solver", ["auto", "lbfgs", "newton", "newton-cg"])
@pytest.mark.parametrize("C", [1.0, np.inf])
def test_a_fit_finds_what_it_finds_without_them(rng, solver, C):
    J, _ = hashed(rng)
    X, y = J.home.X, J.home.y[:, 0]
    some = np.diff(X.tocsc().indptr) > 0
    neuron = SigmoidNeuronClassifier(C=C, solver=solver, record="path").fit(X, y)
    alone = SigmoidNeuronClassifier(C=C, solver=neuron.solver_).fit(X[:, some], y)
    np.testing.assert_array_equal(neuron.coef_[:, some], alone.coef_)
    assert not neuron.coef_[:, ~some].any()
    assert neuron.history_.weights.shape[1] == 41
    again = SigmoidNeuronClassifier(C=C, solver=solver, warm_start=True)
    again.fit(X, y)
    assert again.fit(X, y).n_iter_[0] <= 1


def test_columns_are_kept_where_most_hold_something_and_of_dense_tables(rng):
    J, _ = hashed(rng, p=12)
    assert Standardised()(J).home.shape == (60, 12)
    J, _ = hashed(rng, form=np.asarray)
    assert Standardised()(J).home.shape == (60, 40)
    J, _ = hashed(rng, n=1_000)  # some 3,000 numbers in 40 columns: vectors of those cost nothing beside a pass
    assert Standardised()(J).home.shape == (1_000, 40)
    nothing = Objective(InMemory(sp.csr_array((3, 8)), np.array([[True], [False], [True]]), np.full(3, 1 / 3)), 0.1)
    assert Standardised()(nothing).home.shape == (3, 8)


# Other examples ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("has_bias", [True, False])
@pytest.mark.parametrize("offset", [50.0, 1e7])
def test_the_coordinates_of_some_examples_serve_others(rng, has_bias, offset):
    J, theta = far_away(rng, has_bias=has_bias, offset=offset)
    sample = Standardised()(J.take(slice(None, None, 3)))
    seen = sample.over(J.home)
    np.testing.assert_array_equal(seen.T.scale, sample.T.scale)
    assert seen.home.shape == J.home.shape
    loss = J.at(seen.to_weights(theta)).loss
    np.testing.assert_allclose(seen.at(theta).loss, loss, rtol=1e-6)  # the units of X lose digits far from zero
    assert seen.at(theta).loss != pytest.approx(sample.at(theta).loss, rel=1e-3)


def test_coordinates_are_knobs_that_clone():
    assert isinstance(clone(Whitened()), Whitened)
    assert isinstance(clone(Plain()), Plain)
    assert isinstance(clone(Standardised()), Standardised)
