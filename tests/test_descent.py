"""The walk: the rule itself, theorems, equivalences, and when and why it stops."""

import pickle
from itertools import islice, pairwise, repeat
from types import SimpleNamespace

import numpy as np
import pytest
from conftest import random_problem
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

from sklearn_neuron.descent import descend
from sklearn_neuron.homes.home import Home
from sklearn_neuron.homes.memory import InMemory
from sklearn_neuron.losses import SIGMOID
from sklearn_neuron.objective import Diagonals, Hessians, Needs, Objective, OnePass
from sklearn_neuron.solvers.coordinates import Plain, Standardised
from sklearn_neuron.solvers.directions import LBFGS, Decrement, LazyNewton, Nesterov, Newton, NewtonCG, Steepest
from sklearn_neuron.solvers.first_order import NesterovMemory
from sklearn_neuron.solvers.history import History
from sklearn_neuron.solvers.newton import conjugate_gradients, shortest_solution, shortest_solutions
from sklearn_neuron.solvers.quasi_newton import Pair, latest_length, two_loops, with_step
from sklearn_neuron.solvers.recipes import NAMED
from sklearn_neuron.solvers.step_sizes import Backtracking, Constant, InverseSmoothness, Scheduled
from sklearn_neuron.solvers.stopping import Outcome, Stop
from sklearn_neuron.solvers.walk import take_neurons, walk

PAIRS = [
    (Steepest(), InverseSmoothness()),
    (Steepest(), Backtracking()),
    (Nesterov(), InverseSmoothness()),
    (LBFGS(), Backtracking()),
    (Newton(), Backtracking()),
    (Newton(), Backtracking(stretch=0.5)),
    (LazyNewton(), Backtracking()),
    (NewtonCG(), Backtracking()),
]


def steps(J, direction, step_size, count, theta=None):
    theta = np.zeros((J.home.n_parameters, J.home.n_neurons)) if theta is None else theta
    return list(islice(descend(repeat(J), theta, direction, step_size), count + 1))


def floor(J):
    """The minimum of J, by somebody else."""
    zeros = np.zeros((J.home.n_parameters, 1))
    found = minimize(
        lambda t: J.at(t[:, None]).loss[0],
        zeros[:, 0],
        jac=lambda t: J.at(t[:, None]).gradient[:, 0],
        hess=lambda t: J.at(t[:, None], Needs.HESSIAN).hessian[..., 0],
        method="trust-exact",
        options={"gtol": 1e-12},
    )
    return found.x[:, None], found.fun


def arrive(J, direction, step_size, tol=1e-8, max_iter=100_000, callback=None):
    history = History(J.home.n_neurons)
    zeros = np.zeros((J.home.n_parameters, J.home.n_neurons))
    return walk(J, zeros, direction, step_size, Stop(tol, max_iter), history, callback), history


# The rule ---------------------------------------------------------------------------------------------------


def test_the_rule_is_the_rule(rng):
    J, theta = random_problem(rng)
    seen = steps(J, Steepest(), Constant(0.1), 5, theta)
    for step in seen:
        np.testing.assert_allclose(step.here.theta, theta, rtol=1e-14)
        theta = theta - 0.1 * J.at(theta).gradient  # w <- w - alpha dJ/dw
    assert [step.iteration for step in seen] == list(range(6))
    assert [step.rate for step in seen] == [None, 0.1, 0.1, 0.1, 0.1, 0.1]


def test_a_schedule_names_the_rate_of_every_step(rng):
    J, _ = random_problem(rng)
    assert [step.rate for step in steps(J, Steepest(), Scheduled(lambda k: 1 / (k + 1)), 3)] == [None, 1, 1 / 2, 1 / 3]


@pytest.mark.parametrize("rate", [0, -1, np.nan, np.inf, "fast", None, [0.1]])
def test_a_schedule_that_names_no_rate_is_told_so(rng, rate):
    J, _ = random_problem(rng)
    with pytest.raises(ValueError, match=r"learning_rate\(0\) returned .* positive, finite number"):
        steps(J, Steepest(), Scheduled(lambda k: rate), 1)


def test_every_step_may_have_its_own_objective(rng):
    J, theta = random_problem(rng)
    halves = [J.neurons([0]), J.neurons([0])]
    seen = list(descend(halves, theta, Steepest(), Constant(0.1)))
    assert [step.here.objective for step in seen] == halves


@pytest.mark.parametrize(("direction", "step_size"), PAIRS)
def test_the_callers_theta_is_left_alone(rng, direction, step_size):
    J, theta = random_problem(rng)
    before = theta.copy()
    steps(J, direction, step_size, 4, theta)
    np.testing.assert_array_equal(theta, before)


@pytest.mark.parametrize(("direction", "step_size"), PAIRS)
@pytest.mark.parametrize("pause", [1, 3])
def test_a_walk_resumed_is_a_walk_never_interrupted(rng, direction, step_size, pause):
    J, theta = random_problem(rng, K=2)
    whole = steps(J, direction, step_size, 6, theta)
    state = pickle.loads(pickle.dumps((whole[pause].here.theta, whole[pause].memory, whole[pause].size_memory)))
    resumed = list(islice(descend(repeat(J), *state[:1], direction, step_size, *state[1:], start=pause), 7 - pause))
    for one, other in zip(whole[pause:], resumed, strict=True):
        np.testing.assert_array_equal(one.here.theta, other.here.theta)
        assert one.iteration == other.iteration


def test_momentum_that_would_lead_uphill_starts_afresh(rng):
    J, theta = random_problem(rng, K=2)
    g = J.at(theta).gradient
    before = NesterovMemory(np.c_[50 * g[:, 0], -g[:, 1]], np.array([9.0, 9.0]))  # the first leads up, the second down
    heading, memory = Nesterov()(J.at(theta, Nesterov.needs), before)
    np.testing.assert_array_equal(heading[:, 0], -g[:, 0])
    np.testing.assert_array_equal(memory.velocity[:, 0], -g[:, 0])
    np.testing.assert_array_equal(memory.age, [0, 10])
    np.testing.assert_allclose(memory.velocity[:, 1], -(9 / 12 + 1) * g[:, 1], rtol=1e-14)  # k / (k + 3) of it is kept
    np.testing.assert_allclose(heading[:, 1], 10 / 13 * memory.velocity[:, 1] - g[:, 1], rtol=1e-14)


def pairs_of(rng, at_most, steps=4):
    """Steps on a parabola, one a neuron, and its Hessian."""
    A = rng.normal(size=(2, 5, 5))
    A = A @ A.transpose(0, 2, 1) + np.eye(5)
    place = lambda theta: SimpleNamespace(theta=theta, gradient=np.einsum("kij,jk->ik", A, theta))  # noqa: E731
    there, pairs = place(rng.normal(size=(5, 2))), ()
    for _ in range(steps):
        here = place(rng.normal(size=(5, 2)))
        pairs, there = with_step(pairs, here, there, at_most), here
    return A, pairs


def test_two_loops_multiply_by_the_bfgs_matrix(rng):
    _, pairs = pairs_of(rng, at_most=9)
    v, diagonal = rng.normal(size=(5, 2)), rng.uniform(1, 2, size=(5, 2))
    found = two_loops(v, pairs, lambda q: q / diagonal)
    for k in range(2):
        B = np.diag(1 / diagonal[:, k])
        for s, y in ((pair.s[:, k], pair.y[:, k]) for pair in pairs):
            away = np.eye(5) - np.outer(s, y) / (s @ y)  # Nocedal and Wright (2006), equation 6.17
            B = away @ B @ away.T + np.outer(s, s) / (s @ y)
        np.testing.assert_allclose(found[:, k], B @ v[:, k], rtol=1e-10)


def test_the_last_steps_are_remembered(rng):
    again = np.random.default_rng(rng.integers(2**32))
    state = again.bit_generator.state
    _, every = pairs_of(again, at_most=4)
    again.bit_generator.state = state
    _, last = pairs_of(again, at_most=2)
    np.testing.assert_array_equal([pair.s for pair in last], [pair.s for pair in every[-2:]])


def test_the_scale_is_that_of_the_last_step_in_the_metric_of_the_diagonal(rng):
    diagonal, s = rng.uniform(1, 9, size=(5, 2)), rng.normal(size=(5, 2))
    y = 4 * diagonal * s  # J bends four times as much as the diagonal says
    pair = Pair(s, y, 1 / (s * y).sum(axis=0))
    np.testing.assert_allclose(latest_length((pair,), diagonal), 1 / 4, rtol=1e-14)


@pytest.mark.parametrize("direction", [Steepest(), Nesterov(), LBFGS(every=2), Newton(), LazyNewton(), NewtonCG()])
def test_a_direction_asks_j_for_nothing_but_what_it_names(rng, monkeypatch, direction):
    asked = set()
    for name in ("at", "hessian", "diagonal", "hessian_weights", "hessian_product", "curvature_among"):
        method = getattr(Objective, name)
        monkeypatch.setattr(Objective, name, lambda *given, name=name, method=method: asked.add(name) or method(*given))
    for penalty in (0.0, 0.01):
        J, theta = random_problem(rng, K=2, p=70, penalty=penalty)  # more features than examples: H may be singular
        here = J.at(theta, direction.needs)
        asked.discard("at")
        memory = direction.init(here)
        for _ in range(2):
            _, memory = direction(here, memory)
    assert asked == set(direction.asks) - {"hessians_of_neurons"}  # which is asked for layers alone


# Theorems ---------------------------------------------------------------------------------------------------


@given(st.integers(0, 10_000))
@settings(max_examples=15)
def test_one_over_l_descends_as_the_theorem_says(seed):
    J, _ = random_problem(np.random.default_rng(seed), penalty=0.001)
    theta_star, J_star = floor(J)
    bound = J.smoothness * (theta_star**2).sum() / 2
    losses = [step.here.loss[0] for step in steps(J, Steepest(), InverseSmoothness(), 60)]
    assert all(later < earlier for earlier, later in pairwise(losses))
    for k, loss in enumerate(losses[1:], 1):
        assert loss - J_star <= bound / k


@given(st.integers(0, 10_000))
@settings(max_examples=15)
def test_nesterov_arrives_like_one_over_k_squared(seed):
    J, _ = random_problem(np.random.default_rng(seed), penalty=0.001)
    theta_star, J_star = floor(J)
    for step in steps(J, Nesterov(), InverseSmoothness(), 60):
        landed = step.here.theta - step.here.gradient / J.smoothness  # the theorem is about x, the walk visits y
        bound = 2 * J.smoothness * (theta_star**2).sum() / (step.iteration + 1) ** 2
        assert J.at(landed).loss[0] - J_star <= bound


def test_nesterov_needs_fewer_steps_than_steepest(rng):
    J, _ = random_problem(rng, penalty=0.001)
    slow, _ = arrive(J, Steepest(), InverseSmoothness())
    fast, _ = arrive(J, Nesterov(), InverseSmoothness())
    assert fast.iterations[0] < slow.iterations[0] / 3


@pytest.mark.parametrize("stretch", [0.0, 0.5])
def test_newton_has_a_quadratic_tail(rng, stretch):
    J, _ = random_problem(rng)
    lengths = [np.linalg.norm(step.here.gradient) for step in steps(J, Newton(), Backtracking(stretch=stretch), 6)]
    tail = [length for length in lengths if 1e-12 < length < 1e-2]
    assert len(tail) >= 2
    assert all(later < 10 * earlier**2 for earlier, later in pairwise(tail))


def test_a_stretched_step_is_as_much_longer_as_the_last_one_fell_short(rng):
    J, _ = random_problem(rng, penalty=1e-3)
    walked = steps(J, Newton(), Backtracking(stretch=0.5), 5)
    slope = [(step.here.gradient * step.heading).sum() for step in walked]
    assert walked[1].rate[0] == pytest.approx(1 - slope[0] / 2)  # the decrement squared is minus the slope
    for before, step, after in zip(walked, walked[1:], walked[2:], strict=False):
        there = (step.here.gradient * before.heading).sum()
        lowest = step.rate[0] * slope[before.iteration] / (slope[before.iteration] - there)
        shrunk = np.sqrt(slope[step.iteration] / slope[before.iteration])
        assert after.rate[0] == pytest.approx(1 + (lowest - 1) * shrunk)


def test_stretched_steps_are_fewer(table):
    X, y = table
    J = Standardised()(Objective(InMemory(X, y[:, None] == np.unique(y), np.full(len(y), 1 / len(y))), 1e-3))
    few, many = (arrive(J, Newton(), Backtracking(stretch=s), tol=1e-4)[0].iterations.sum() for s in (0.5, 0.0))
    assert few <= 0.85 * many


def test_newton_does_not_care_for_units(rng):
    J, _ = random_problem(rng, penalty=0.0)
    plain, seen = (steps(c(J), Newton(), Backtracking(), 4) for c in (Plain(), Standardised()))
    for one, other in zip(plain, seen, strict=True):
        np.testing.assert_allclose(one.here.weights, other.here.weights, rtol=1e-9, atol=1e-12)


# Equivalences -----------------------------------------------------------------------------------------------


def test_lbfgs_without_memory_of_curvature_goes_straight_down(rng):
    J, theta = random_problem(rng)
    heading, _ = LBFGS()(J.at(theta), None)
    np.testing.assert_array_equal(heading, -J.at(theta).gradient)


def test_lbfgs_obeys_the_secant_equation(rng):
    """The metric of L-BFGS maps the last change of the gradient to the last step, B y = s."""
    J, _ = random_problem(rng, K=2)
    last = steps(J, LBFGS(), Backtracking(), 8)[-1]
    s, y, _ = last.memory.pairs[-1]
    heading, _ = LBFGS()(J.at(last.memory.theta)._replace(gradient=y), last.memory._replace(gradient=y))
    np.testing.assert_allclose(-heading, s, rtol=1e-9)


def test_a_pair_without_curvature_is_not_used(rng):
    J, theta = random_problem(rng, K=2)
    here = J.at(theta)
    _, memory = LBFGS()(here, None)
    moved = here._replace(theta=theta + np.array([1.0, 0.0]))  # neuron 0 moved but its gradient did not change
    heading, memory = LBFGS()(moved, memory)
    np.testing.assert_array_equal(heading, -here.gradient)
    assert not memory.pairs[-1].rho.any()


def test_lbfgs_remembers_no_more_pairs_than_it_was_told(rng):
    J, _ = random_problem(rng)
    assert len(steps(J, LBFGS(pairs=3), Backtracking(), 8)[-1].memory.pairs) == 3


@pytest.mark.parametrize("singular", [False, True])
def test_shortest_solution_is_the_one_of_least_norm(rng, singular):
    A = rng.normal(size=(7, 3 if singular else 7))
    H, g = A @ A.T, A @ rng.normal(size=A.shape[1])
    np.testing.assert_allclose(shortest_solution(H, g), np.linalg.pinv(H, hermitian=True) @ g, rtol=1e-7)


@given(K=st.integers(2, 40), q=st.integers(1, 12), data=st.data())
def test_systems_of_many_neurons_are_solved_as_each_alone(K, q, data):
    rng = np.random.default_rng(data.draw(st.integers(0, 99)))
    kinds = np.array(data.draw(st.lists(st.sampled_from(["clear", "nearly", "flat", "lost"]), min_size=K, max_size=K)))
    A, (g,) = rng.normal(size=(K, 2 * q, q)) * np.logspace(0, -9, K)[:, None, None], rng.normal(size=(1, q, K))
    A[kinds == "nearly", :, -1] = A[kinds == "nearly", :, 0] * (1 + 1e-9)
    A[kinds == "flat", :, -1] = 0
    A[kinds == "lost", 0, 0] = np.nan
    H = (A.transpose(0, 2, 1) @ A).transpose(1, 2, 0)
    together = shortest_solutions(H, g, lambda k: (_Flat(), np.ones((1, 1))))
    for k in range(K):
        alone = shortest_solution(H[..., k], g[:, k], lambda: (_Flat(), np.ones((1, 1))))
        np.testing.assert_allclose(together[:, k], alone, rtol=1e-7, atol=1e-9 * np.abs(alone).max())


class _Flat:
    """J that bends nowhere: what a Hessian says of weak curvature is rounding."""

    home, penalty, loss, features = None, 1.0, SIGMOID, None

    def doubt(self, hessian_weights):
        return self.loss.doubt(hessian_weights)

    def hessian_product(self, vectors, hessian_weights):
        return np.zeros_like(vectors)

    def curvature_among(self, vectors, hessian_weights):
        return np.zeros((vectors.shape[1],) * 2)


def test_newton_asks_the_examples_of_no_neuron_but_the_singular():
    asked = []
    H = np.stack([np.diag([1.0, 0.0]) if k in (3, 17) else np.eye(2) for k in range(30)], axis=-1)
    shortest_solutions(H, np.ones((2, 30)), lambda k: asked.append(k) or (_Flat(), np.ones((1, 1))))
    assert asked == [3, 17]


@pytest.mark.parametrize("p", [1, 5, 80])
@pytest.mark.parametrize("twins", [False, True])
@pytest.mark.parametrize("penalty", [0.0, 1e-12, 0.1])
def test_newton_heads_for_many_floors_as_for_each(rng, p, twins, penalty):
    J, theta = random_problem(rng, n=100, p=p, K=4, penalty=penalty)
    if twins and p > 1:
        J.home.X[:, 0] = J.home.X[:, 1]
    theta[:, 2] = 0
    seen = Standardised()(J)
    heading, _ = Newton()(seen.at(theta, Newton.needs), None)
    for k in range(4):
        alone, _ = Newton()(seen.neurons([k]).at(theta[:, [k]], Newton.needs), None)
        close = 1e-4 if penalty else 1e-6  # of twins a penalty of 1e-12 tells four digits
        np.testing.assert_allclose(heading[:, [k]], alone, rtol=close, atol=1e-8 * np.abs(alone).max())


def test_conjugate_gradients_solve_systems_side_by_side(rng):
    A = rng.normal(size=(3, 6, 6))
    H, g = A @ A.transpose(0, 2, 1) + np.eye(6), rng.normal(size=(6, 3))
    diagonal = np.einsum("kjj->jk", H)
    found, least = conjugate_gradients(lambda v: np.einsum("kij,jk->ik", H, v), g, diagonal, np.full(3, 1e-12), 50)
    for k in range(3):
        np.testing.assert_allclose(found[:, k], np.linalg.solve(H[k], g[:, k]), rtol=1e-9)
        beside = np.diag(diagonal[:, k] ** -0.5)
        flattest = np.linalg.eigvalsh(beside @ H[k] @ beside)[0]
        assert (
            flattest <= least[k] < 3 * flattest
        )  # no direction is flatter, and the way to the solution met nearly that


def test_conjugate_gradients_stop_when_it_is_exact_enough_or_the_products_are_spent(rng):
    A = rng.normal(size=(40, 40))
    H, g, seen = A @ A.T + 20 * np.eye(40), rng.normal(size=(40, 1)), []

    def product(v):
        seen.append(v)
        return H @ v

    ones = np.ones((40, 1))
    exactness = 0.3
    conjugate_gradients(product, g, ones, np.array([exactness]), 1000)
    count = len(seen)
    fallen = [0.0]
    for k in range(1, count + 1):  # by somebody else: the lowest point of the k-th Krylov space
        V = np.linalg.qr(np.column_stack([np.linalg.matrix_power(H, j) @ g for j in range(k)]))[0]
        fallen.append((g.T @ V @ np.linalg.solve(V.T @ H @ V, V.T @ g)).item())
    enough = [k * (fallen[k] - fallen[k - 1]) <= exactness * fallen[k] for k in range(1, count + 1)]
    assert enough == [False] * (count - 1) + [True]
    assert 1 < count < 10  # or the powers of H are no basis any more
    seen.clear()
    conjugate_gradients(product, g, ones, np.array([0.0]), 7)
    assert len(seen) == 7


@pytest.mark.parametrize(("direction", "step_size"), PAIRS)
def test_neurons_in_lock_step_walk_as_they_would_alone(rng, direction, step_size):
    J, theta = random_problem(rng, K=3)
    together = steps(J, direction, step_size, 5, theta)[-1].here.theta
    for k in range(3):
        alone = steps(J.neurons([k]), direction, step_size, 5, theta[:, [k]])[-1].here.theta
        np.testing.assert_allclose(together[:, [k]], alone, rtol=1e-8)


# Arriving ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("direction", "step_size"), PAIRS)
@pytest.mark.parametrize("coordinates", [Plain(), Standardised()])
def test_every_walk_leads_to_the_same_floor(rng, direction, step_size, coordinates):
    J, _ = random_problem(rng)
    _, J_star = floor(J)
    arrival, history = arrive(coordinates(J), direction, step_size)
    assert arrival.outcomes[0].converged
    assert arrival.loss[0] == pytest.approx(J_star, rel=1e-13)
    assert len(history) == arrival.iterations[0] + 1


def test_the_newton_decrement_tells_the_gap(rng):
    J, _ = random_problem(rng)
    _, J_star = floor(J)
    _, history = arrive(J, Newton(), Backtracking(), tol=1e-4)
    gap, decrement = history.loss - J_star, history.decrement
    near = (decrement < 0.1) & (gap > 1e-13)  # close enough to be a parabola, far enough for J to have digits
    assert near.any()
    np.testing.assert_allclose(gap[near], decrement[near] ** 2 / 2, rtol=0.1)


def test_newton_in_few_passes(rng):
    J, _ = random_problem(rng)
    arrival, _ = arrive(Standardised()(J), Newton(), Backtracking(), tol=1e-4)
    assert J.home.passes == arrival.iterations[0] + 2 <= 9  # to measure; accepted unit steps cost one pass each


@pytest.mark.parametrize("name", [name for name in NAMED if name not in ("newton-cg", "newton-cg-gram", "lazy-newton")])
def test_ten_neurons_read_x_as_often_as_the_slowest_alone(rng, name):
    recipe = NAMED[name]
    J, _ = random_problem(rng, n=200, K=10)

    def passes(objective):
        before = J.home.passes
        arrival, _ = arrive(recipe.coordinates(objective), recipe.direction, recipe.step_size, tol=1e-4)
        return J.home.passes - before, arrival

    alone = [passes(J.neurons([k]))[0] for k in range(10)]
    together, arrival = passes(J)
    assert together == max(alone)
    assert len(set(arrival.iterations)) > 1  # they did not all arrive at once


def test_ten_lazy_neurons_look_for_the_slope_as_often_as_the_slowest_alone(rng, monkeypatch):
    """New Hessians are made when each neuron needs its own; they are counted apart."""
    folded, fold = [], Home.fold
    monkeypatch.setattr(Home, "fold", lambda self, kernel: folded.append(type(kernel)) or fold(self, kernel))
    recipe = NAMED["lazy-newton"]
    J, _ = random_problem(rng, n=200, K=10)

    def slopes(objective):
        folded.clear()
        arrival, _ = arrive(recipe.coordinates(objective), recipe.direction, recipe.step_size, tol=1e-4)
        return folded.count(OnePass), folded.count(Hessians) + folded.count(Diagonals), arrival

    alone = [slopes(J.neurons([k])) for k in range(10)]
    together, hessians, arrival = slopes(J)
    assert together == max(count for count, _, _ in alone)
    assert hessians <= sum(count for _, count, _ in alone)
    assert len(set(arrival.iterations)) > 1  # they did not all arrive at once


def test_ten_systems_side_by_side_cost_the_products_of_the_most_demanding(rng):
    J, theta = random_problem(rng, n=200, p=30, K=10)
    theta *= np.linspace(0, 1, 10)
    here = J.at(theta, NewtonCG.needs)

    def products(place):
        before = J.home.passes
        NewtonCG()(place, None)
        return J.home.passes - before - 1  # one pass finds the bends

    alone = [products(J.neurons([k]).at(theta[:, [k]], NewtonCG.needs)) for k in range(10)]
    assert products(here) == max(alone) > min(alone)


# Stopping ---------------------------------------------------------------------------------------------------


def test_spent(rng):
    J, _ = random_problem(rng)
    arrival, history = arrive(J, Steepest(), InverseSmoothness(), max_iter=3)
    assert arrival.outcomes == [Outcome.SPENT]
    assert (arrival.iterations[0], len(history)) == (3, 4)


@pytest.mark.parametrize(
    ("before", "now", "believed"),
    [
        (9e-2, 8e-4, True),  # to a hundredth: by the square
        (5e-2, 8e-4, False),
        (9e-4, 8e-5, True),  # small for the second time, and tenfold
        (9e-1, 2e-3, False),
    ],
)
def test_an_exact_decrement_is_believed_after_a_step_to_its_square_or_one_more(rng, before, now, believed):
    claims = (Decrement(np.array([length])) for length in (before, now))
    assert outcome_after(rng, *claims, hessian=None) is believed  # of which nothing is known but what is claimed


def test_an_exact_decrement_is_believed_where_the_penalty_alone_shows_that_it_is_small(rng):
    claims = [Decrement(np.array([length])) for length in (5e-2, 8e-4)]
    assert outcome_after(rng, *claims)  # at the floor: nothing but rounding is left of the gradient
    assert not outcome_after(rng, *claims, gradient=np.full((5, 1), 0.1))


@pytest.mark.parametrize(
    ("before", "now", "where", "believed"),
    [
        (1.0, 2e-3, -1, False),
        (1.0, 6e-4, -1, False),
        (1.0, 4e-4, -1, True),
        (3e-3, 4e-4, -1, False),  # not shortened tenfold
        (1.0, 4e-4, 0, False),  # at the start, where the gradient is steep, whatever the metric says
        (2e-4, 9e-5, 0, True),
    ],
)
def test_an_estimate_is_believed_when_it_is_small_or_confirmed(rng, before, now, where, believed):
    """A tenth of tol is believed at once, half of it after a step that did what it promised."""
    claims = (Decrement(np.array([length]), trust=0.1, confirmed=0.5) for length in (before, now))
    assert outcome_after(rng, *claims, where=where) is believed


def outcome_after(rng, before, now, where=-1, **instead):
    """Whether a walk arrives by tol = 1e-3 where it claimed one decrement, and claims another a step later."""
    J, _ = random_problem(rng)
    step = steps(J, Newton(), Backtracking(), 12)[where]
    history, stop, here = History(1), Stop(1e-3, 100), step.here._replace(loss=step.here.loss / 2, **instead)
    history.record(step._replace(iteration=0, decrement=before, walking=np.array([0])))
    last = step._replace(iteration=1, here=here, decrement=now, walking=np.array([0]))
    history.record(last)
    (outcome,) = stop(last, history, here.loss)
    assert outcome in (None, Outcome.ARRIVED)
    return outcome is Outcome.ARRIVED


def test_a_small_gradient_is_taken_for_arrival_where_no_step_is_left_to_confirm_it(rng):
    J, _ = random_problem(rng)
    _, history = arrive(J, Newton(), Backtracking(), tol=1e-4)
    small = np.flatnonzero(history.decrement <= 1e-4)
    arrival, _ = arrive(J, Newton(), Backtracking(), tol=1e-4, max_iter=small[0])
    assert arrival.outcomes == [Outcome.ARRIVED]
    assert arrival.iterations[0] == small[0]


def test_zero_iterations_leave_the_start(rng):
    J, _ = random_problem(rng)
    arrival, history = arrive(J, Newton(), Backtracking(), max_iter=0)
    assert not arrival.weights.any()
    assert (arrival.iterations[0], len(history)) == (0, 1)


@pytest.mark.parametrize("rate", [50.0, 1e300])
def test_tripped_neurons_keep_the_best_they_saw(rng, rate):
    J, _ = random_problem(rng)
    arrival, history = arrive(J, Steepest(), Constant(rate))
    assert arrival.outcomes == [Outcome.DIVERGED]
    assert arrival.loss[0] == np.nanmin(history.loss)
    assert J.at(arrival.weights).loss[0] == arrival.loss[0]


def test_one_neuron_trips_and_the_others_walk_on(rng):
    J, _ = random_problem(rng, K=2)

    class Uphill(Steepest):
        def __call__(self, here, memory):
            sign = np.array([-1.0, 1.0])[-here.gradient.shape[1] :]  # neuron 0 loses its way
            return -here.gradient * sign, memory

    arrival, history = arrive(J, Uphill(), InverseSmoothness(), tol=1e-4)
    assert arrival.outcomes == [Outcome.DIVERGED, Outcome.ARRIVED]
    assert arrival.iterations[0] == 3 < arrival.iterations[1]
    assert arrival.loss[0] == history.loss[0, 0]


@pytest.mark.parametrize(("direction", "step_size"), PAIRS[-5:])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_limit_of_floats_is_an_arrival(rng, direction, step_size, dtype):
    J, _ = random_problem(rng, dtype=dtype)
    arrival, _ = arrive(Standardised()(J), direction, step_size, tol=0.0, max_iter=200)
    assert arrival.outcomes == [Outcome.PRECISION]


def test_no_step_that_serves_is_told_as_stuck(rng):
    J, _ = random_problem(rng)

    class Uphill(Steepest):
        def __call__(self, here, memory):
            return here.gradient, memory

    arrival, _ = arrive(J, Uphill(), Backtracking(max_trials=5))
    assert arrival.outcomes == [Outcome.STUCK]
    assert not Outcome.STUCK.converged


def test_a_callback_sees_every_step_and_may_end_the_walk(rng):
    J, _ = random_problem(rng)
    seen = []

    def watch(step, history):
        assert history.loss[-1] == step.here.loss
        seen.append(step.iteration)
        return step.iteration == 2

    arrival, _ = arrive(J, Steepest(), InverseSmoothness(), callback=watch)
    assert (arrival.outcomes, seen) == ([Outcome.CALLBACK], [0, 1, 2])


def test_a_callback_is_told_who_still_walks(rng):
    J, _ = random_problem(rng, n=200, K=4)
    told = []
    arrival, _ = arrive(J, Newton(), Backtracking(), callback=lambda step, history: told.append(step.walking.tolist()))
    assert len(set(arrival.iterations)) > 1
    for iteration, walking in enumerate(told):
        assert walking == np.flatnonzero(arrival.iterations >= iteration).tolist()
    assert len(told) == max(arrival.iterations) + 1


def test_backtracking_shortens_a_step_that_climbs(rng):
    J, _ = random_problem(rng)
    here = J.at(np.zeros((5, 1)))
    far = -1e4 * here.gradient
    rate, there, _ = Backtracking()(0, here, far)
    assert 0 < rate[0] < 0.1
    assert there.loss < here.loss
    np.testing.assert_array_equal(there.theta, here.theta + rate * far)


def test_take_neurons_cuts_the_last_axis_of_everything():
    state = (np.arange(6).reshape(2, 3), None, (np.arange(3),), 7)
    cut = take_neurons(state, [0, 2])
    np.testing.assert_array_equal(cut[0], [[0, 2], [3, 5]])
    np.testing.assert_array_equal(cut[2][0], [0, 2])
    assert (cut[1], cut[3]) == (None, 7)
