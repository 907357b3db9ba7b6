"""Newton with a Hessian that is kept while it serves: the same floor, with fewer Hessians than steps."""

import pickle
from itertools import islice, repeat

import numpy as np
import pytest
from conftest import TABLES, random_problem, without_warnings
from sklearn.covariance import oas
from sklearn.linear_model import LogisticRegression

from sklearn_neuron import SigmoidNeuronClassifier
from sklearn_neuron.descent import descend
from sklearn_neuron.homes.home import Home
from sklearn_neuron.homes.memory import InMemory
from sklearn_neuron.objective import Diagonals, Hessians, Objective
from sklearn_neuron.solvers.coordinates import Standardised
from sklearn_neuron.solvers.directions import LBFGS, LazyNewton, Newton
from sklearn_neuron.solvers.lazy_newton import shrinkage
from sklearn_neuron.solvers.recipes import Recipe
from sklearn_neuron.solvers.step_sizes import Backtracking, Constant


@pytest.fixture
def folded(monkeypatch):
    """Kernels of all folds so far, and how many rows were read."""
    kernels, fold = [], Home.fold
    monkeypatch.setattr(Home, "fold", lambda self, kernel: kernels.append((kernel, self.n)) or fold(self, kernel))
    return kernels


def hessians(folded):
    """Rows read by each new Hessian."""
    return [n for kernel, n in folded if isinstance(kernel, Hessians)]


def test_the_first_step_is_newtons_where_all_examples_are_looked_at(rng):
    J, theta = random_problem(rng, K=2)
    seen = Standardised()(J)
    lazy, _ = LazyNewton(examples=1_000)(seen.at(theta, LazyNewton.needs), None)
    newton, _ = Newton()(seen.at(theta, Newton.needs), None)
    np.testing.assert_allclose(lazy, newton, rtol=1e-7)  # but for a ridge of 1e-10


def test_a_new_hessian_is_not_mended_by_steps_before_it(rng):
    J, theta = random_problem(rng, K=2)
    seen, lazy = Standardised()(J), LazyNewton(examples=1_000)
    _, memory = lazy(seen.at(theta, lazy.needs), None)
    farther = seen.at(theta + 1, Newton.needs)  # where the decrement has grown: the old Hessian does not serve
    heading, memory = lazy(farther, memory)
    assert not memory.initial.age.any()
    np.testing.assert_allclose(heading, Newton()(farther, None)[0], rtol=1e-7)  # but for a ridge of 1e-10


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize("C", [1e-3, 1, 1e3])
def test_the_minimum_is_that_of_newton_cholesky(name, C):
    X, y = TABLES[name](return_X_y=True)
    neuron = SigmoidNeuronClassifier(C=C, solver="lazy-newton", tol=1e-9).fit(X, y)
    assert neuron.converged_
    for k, row in enumerate(neuron.coef_):
        truth = y == (neuron.classes_[k] if len(neuron.coef_) > 1 else 1)
        model = LogisticRegression(C=C, solver="newton-cholesky", tol=1e-12, max_iter=1000)
        best = without_warnings(model.fit, X, truth)
        np.testing.assert_allclose(row, best.coef_[0], rtol=0, atol=1e-5 * np.abs(best.coef_).max())


def test_hessians_are_fewer_than_steps_and_each_looks_at_more(rng, folded):
    X = np.exp(rng.normal(size=(8_000, 100)))
    y = (X - X.mean(axis=0)) @ rng.normal(size=100) + rng.logistic(size=8_000) > 0
    neuron = SigmoidNeuronClassifier(solver="lazy-newton", C=10).fit(X, y)
    rows = hessians(folded)
    assert 1 < len(rows) < neuron.n_iter_[0]
    assert rows[0] == 8_000 // 9  # 8000 // (8 * 101) is 9: every ninth
    assert rows == sorted(rows)
    assert rows[-1] == 8_000


def hundreds_of_features(rng, spread):
    """A table whose Hessian costs as much as 28 steps, and whose curvatures lie that many decades apart."""
    X = rng.normal(size=(4_000, 400))
    turned = np.linalg.qr(rng.normal(size=(400, 400)))[0]
    X = X * np.logspace(0, -spread, 400) @ turned
    return X, X @ rng.normal(size=400) + rng.logistic(size=4_000) > 0


def test_no_hessian_is_made_where_it_costs_more_than_a_walk_without(rng, folded):
    neuron = SigmoidNeuronClassifier(C=0.01, solver="lazy-newton").fit(*hundreds_of_features(rng, spread=0))
    assert neuron.converged_
    assert neuron.history_.passes[-1] < 28
    assert hessians(folded) == []


def test_a_dear_hessian_is_made_when_the_steps_without_are_too_slow(rng, folded):
    X, y = hundreds_of_features(rng, spread=2)
    neuron = SigmoidNeuronClassifier(C=100, solver="lazy-newton").fit(X, y)
    first = next(k for k, (kernel, _) in enumerate(folded) if isinstance(kernel, Hessians))
    assert first >= 5  # four steps tell, behind the fold that finds the units
    slow = SigmoidNeuronClassifier(C=100, solver="lbfgs").fit(X, y)
    assert neuron.converged_
    assert neuron.n_iter_[0] < slow.n_iter_[0] / 2
    assert neuron.loss_curve_[-1] == pytest.approx(slow.loss_curve_[-1], rel=1e-6)


def test_a_hessian_that_serves_is_kept(rng, folded):
    """On a parabola the first Hessian is the last: near its floor J is one, and no step disappoints."""
    J, _ = random_problem(rng, n=4_000, p=60, penalty=1.0)
    seen = Standardised()(J)
    *_, floor = islice(descend(repeat(seen), np.zeros((61, 1)), Newton(), Backtracking()), 9)
    near, lazy = floor.here.theta + 1e-3, LazyNewton(examples=1_000)
    list(islice(descend(repeat(seen), near, lazy, Backtracking()), 3))
    assert len(hessians(folded)) == 1


def test_neurons_renew_their_hessians_when_each_needs_to(rng):
    J, _ = random_problem(rng, n=6_000, p=60, K=3, penalty=1e-6)
    far = np.zeros((61, 3))
    far[:, 1] = 0.5  # of three, one starts where its first Hessian is of no use later
    steps = islice(descend(repeat(Standardised()(J)), far, LazyNewton(), Backtracking()), 8)
    ages = np.array([step.memory.initial.age for step in steps if step.memory])
    assert (ages[-1] != ages[-1, 0]).any()


def test_a_level_that_the_sample_hardly_saw_is_not_walked_too_far(rng):
    """Of every 16th example, one has the level; of all, it is every other of the first 16."""
    n = 16 * 60
    X = rng.normal(size=(n, 2))
    level = np.zeros(n)
    level[1:16:2], level[16] = 1, 1
    J = Objective(InMemory(np.c_[X, level], rng.random((n, 1)) < 0.5, np.full(n, 1 / n)), 1e-6)
    seen = Standardised()(J)
    here = seen.at(np.zeros((4, 1)))
    heading, memory = LazyNewton(examples=1)(here, None)
    assert memory.initial.stride[0] == 16
    whole, _ = Newton()(seen.at(np.zeros((4, 1)), Newton.needs), None)
    assert abs(heading[2, 0]) < 20 * abs(whole[2, 0]) + 1


def test_how_much_of_a_sample_is_chance_is_told_as_scikit_learn_does(rng):
    X = rng.normal(size=(60, 12)) @ (np.eye(12) + 0.3 * rng.normal(size=(12, 12)))
    _, expected = oas(X, assume_centered=True)
    assert 0.01 < expected < 0.99
    assert shrinkage(X.T @ X / 60, 60) == pytest.approx(expected, rel=1e-12)
    assert shrinkage(3 * np.eye(12), 60) == 1


@pytest.mark.parametrize("mixed", [False, True])
def test_a_sample_that_differs_from_a_round_valley_by_chance_alone_bends_no_step(rng, mixed):
    n, p = 12_800, 99
    X = rng.normal(size=(n, p)) + (2 * rng.normal(size=(n, 1)) if mixed else 0)
    y = X[:, 0] + rng.logistic(size=n) > 0
    J = Standardised()(Objective(InMemory(X, y[:, None], np.full(n, 1 / n)), 1 / n))
    here = J.at(np.zeros((p + 1, 1)))
    heading, _ = LazyNewton()(here, None)
    parallel = np.vdot(heading, -here.gradient) ** 2 / (
        np.vdot(heading, heading) * np.vdot(here.gradient, here.gradient)
    )
    assert (parallel == pytest.approx(1, rel=1e-12)) is not mixed


def test_least_norm_where_twins_share_the_work(rng):
    X = rng.normal(size=(300, 3))
    y = X[:, 0] + rng.logistic(size=300) > 0
    twins = np.c_[X, X[:, 0]]
    neuron = SigmoidNeuronClassifier(C=np.inf, solver="lazy-newton", tol=1e-8).fit(twins, y)
    alone = SigmoidNeuronClassifier(C=np.inf, tol=1e-8).fit(X, y)
    assert neuron.coef_[0, 0] == pytest.approx(
        neuron.coef_[0, 3], rel=1e-5
    )  # a ridge of 1e-10 in a Hessian that is singular
    np.testing.assert_allclose(neuron.coef_[0, [0, 3]].sum(), alone.coef_[0, 0], rtol=1e-6)  # tol, by the curvature


@pytest.mark.parametrize("direction", [LazyNewton(), LBFGS(every=3)])
def test_resumed_is_uninterrupted_and_the_memory_pickles(rng, direction):
    J, theta = random_problem(rng, n=200, K=2, penalty=1e-4)
    seen = Standardised()(J)
    through = list(islice(descend(repeat(seen), theta, direction, Backtracking()), 12))
    pause = pickle.loads(pickle.dumps(through[5]._replace(here=None)))
    on = descend(repeat(seen), through[5].here.theta, direction, Backtracking(), pause.memory, start=5)
    for one, other in zip(through[5:], islice(on, 7), strict=True):
        np.testing.assert_array_equal(one.here.theta, other.here.theta)


# L-BFGS -----------------------------------------------------------------------------------------------------


def test_lbfgs_looks_at_the_diagonal_every_few_steps(rng, folded):
    J, theta = random_problem(rng, n=200)
    list(islice(descend(repeat(J), theta, LBFGS(every=4), Constant(0.1)), 13))
    kernels = [kernel for kernel, _ in folded]
    assert [k for k, kernel in enumerate(kernels) if isinstance(kernel, Diagonals)] == [5, 10, 15]  # steps 4, 8 and 12
    assert not any(isinstance(kernel, Hessians) for kernel in kernels)


def test_lbfgs_takes_the_shortest_way_where_the_floor_is_not_a_point(rng):
    """Three features of which one is the sum of the others, and no penalty: least norm in standardised coordinates."""
    X = rng.normal(size=(300, 2))
    y = X @ [1, -2] + rng.logistic(size=300) > 0
    X = np.c_[X, X.sum(axis=1) * 3]
    lbfgs = Recipe(LBFGS(every=1), Backtracking(), Standardised())
    one, other = (SigmoidNeuronClassifier(C=np.inf, solver=solver, tol=1e-8).fit(X, y) for solver in (lbfgs, "newton"))
    np.testing.assert_allclose(one.coef_, other.coef_, rtol=1e-5)  # tol, by the curvature
