"""Pieces of a walk: what goes together is walked, what does not is refused with a sentence that says what does."""

import pickle
from itertools import cycle, islice, product, repeat

import numpy as np
import pytest
from conftest import random_problem
from sklearn.datasets import load_iris

from sklearn_neuron import Recipe, SigmoidNeuronClassifier
from sklearn_neuron.descent import descend
from sklearn_neuron.homes.memory import InMemory
from sklearn_neuron.objective import Objective
from sklearn_neuron.solvers.coordinates import Plain, Standardised, Whitened
from sklearn_neuron.solvers.directions import (
    LBFGS,
    LazyNewton,
    Nesterov,
    Newton,
    NewtonCG,
    ProximalGradient,
    ProximalNesterov,
    ProxNewton,
    Steepest,
    WorkingSets,
)
from sklearn_neuron.solvers.first_order import Proximal
from sklearn_neuron.solvers.history import History
from sklearn_neuron.solvers.recipes import GOES_WITH, PIECES, SOLVERS, choose
from sklearn_neuron.solvers.span import Gram
from sklearn_neuron.solvers.step_sizes import Backtracking, Constant, InverseSmoothness, Scheduled
from sklearn_neuron.solvers.stopping import Stop
from sklearn_neuron.solvers.walk import walk

DIRECTIONS = [
    Steepest(),
    Nesterov(),
    LBFGS(),
    Newton(),
    LazyNewton(),
    NewtonCG(),
    ProximalGradient(InverseSmoothness()),
    ProximalNesterov(InverseSmoothness()),
    ProxNewton(),
    WorkingSets(),
]
STEP_SIZES = [Constant(0.5), Scheduled(lambda k: 0.5), InverseSmoothness(), Backtracking(), Backtracking(stretch=0.5)]
COORDINATES = [Standardised(), Whitened(), Gram()]  # in the units of X a rate of 0.5 would be too large


def name(piece):
    return type(piece).__name__


@pytest.fixture
def examples(rng):
    X = rng.normal(1, 2, (80, 4))
    return X, X[:, 0] + 2 * rng.logistic(size=80) > 1


def fit(recipe, examples, **options):
    return SigmoidNeuronClassifier(solver=recipe, **options).fit(*examples)


# The table ----------------------------------------------------------------------------------------------------


def test_the_table_names_every_piece():
    assert list(GOES_WITH) == [type(direction) for direction in DIRECTIONS]
    assert set(PIECES["step_size"]) == {type(step_size) for step_size in STEP_SIZES}


@pytest.mark.parametrize("coordinates", COORDINATES, ids=name)
@pytest.mark.parametrize(("direction", "step_size"), list(product(DIRECTIONS, STEP_SIZES)))
def test_what_goes_together_arrives_and_the_rest_is_refused(examples, direction, step_size, coordinates):
    recipe = Recipe(direction, step_size, coordinates)
    if isinstance(step_size, GOES_WITH[type(direction)].step_sizes):
        best = SigmoidNeuronClassifier(solver="newton", tol=1e-9).fit(*examples).loss_curve_[-1]
        neuron = fit(recipe, examples, tol=1e-5)
        assert neuron.converged_
        assert neuron.loss_curve_[-1] == pytest.approx(best, abs=1e-8)
    else:
        with pytest.raises(ValueError, match=f"{name(direction)} and {name(step_size)} do not go together") as told:
            fit(recipe, examples)
        for kind in GOES_WITH[type(direction)].step_sizes:
            assert kind.__name__ in str(told.value)
        for kind, partners in GOES_WITH.items():  # and what the step size goes with
            assert (kind.__name__ in str(told.value)) >= isinstance(step_size, partners.step_sizes)


def test_a_subclass_goes_with_what_its_parent_goes_with(examples):
    class Straight(Steepest):
        pass

    class Own(Newton):
        pass

    assert fit(Recipe(Straight(), InverseSmoothness(), Standardised()), examples, tol=1e-3).converged_
    with pytest.raises(ValueError, match="Own and InverseSmoothness do not go together"):
        fit(Recipe(Own(), InverseSmoothness()), examples)


# What is no piece -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("recipe", "message"),
    [
        (Recipe("newton", "auto"), r"The direction of a Recipe .* Steepest, .* or WorkingSets; got 'newton'"),
        (Recipe(Newton(), "auto"), r"The step_size of a Recipe .* Constant, .* or Backtracking; got 'auto'"),
        (Recipe(Newton(), 0.1), r"The step_size of a Recipe .*; got 0.1\."),
        (Recipe(Newton(), np.float64(0.1)), r"The step_size of a Recipe .*; got 0.1\."),
        (Recipe(Newton(), None), "The step_size of a Recipe .*; got None"),
        (Recipe(Newton, Backtracking()), "The direction of a Recipe must be an object of .*; got <class"),
        (Recipe(Newton(), Backtracking), "The step_size of a Recipe must be an object of .*; got <class"),
        (Recipe(Backtracking(), Newton()), r"The direction of a Recipe .*; got Backtracking\(\)"),
        (Recipe(Newton(), Backtracking(), "plain"), r"The coordinates of a Recipe .* Plain, .* or Gram; got 'plain'"),
        (Recipe(Newton(), Backtracking(), 0), "The coordinates of a Recipe .*; got 0"),
        (Recipe(Newton(), Backtracking(), Standardised), "The coordinates of a Recipe must be an object of"),
    ],
)
def test_what_is_no_piece_is_told_what_is(examples, recipe, message):
    with pytest.raises(ValueError, match=message) as told:
        fit(recipe, examples)
    assert "a direction, a step_size and coordinates" in str(told.value)


MEANINGLESS = [
    *(Constant(rate) for rate in (-1.0, 0.0, np.nan, np.inf, "fast", None)),
    *(Scheduled(schedule) for schedule in (0.1, None, "fast")),
    *(Backtracking(decrease=share) for share in (2, 0.5, 0, -1e-4, np.nan)),
    *(Backtracking(max_trials=count) for count in (0, -1, 2.5, None)),
    *(Backtracking(stretch=stretch) for stretch in (-0.5, np.nan, np.inf)),
    *(LBFGS(pairs=count) for count in (-1, 0, 2.5, "many")),
    *(LBFGS(every=count) for count in (-1, 0, np.inf)),
    *(LazyNewton(examples=count) for count in (-1, 0, 0.5)),
    *(LazyNewton(pairs=count) for count in (-1, 0, "all")),
    *(NewtonCG(max_products=count) for count in (-1, 0, 1e3)),
]


@pytest.mark.parametrize("piece", MEANINGLESS, ids=repr)
def test_options_that_mean_nothing_are_named(examples, piece):
    recipe = Recipe(piece, Backtracking()) if hasattr(piece, "needs") else Recipe(Steepest(), piece)
    with pytest.raises(ValueError, match=f"The '.*' parameter of {name(piece)} must be .* Got") as told:
        fit(recipe, examples)
    (option,) = [option for option in piece.get_params() if f"'{option}' parameter" in str(told.value)]
    assert option in piece.get_params()


@pytest.mark.parametrize("rate", [-1.0, 0.0, np.float64(-0.5), np.nan, "fast", True])
def test_a_constant_rate_that_is_none_is_not_walked_by_hand(rng, rate):
    J, theta = random_problem(rng)
    with pytest.raises(ValueError, match=r"Constant\(.*\): a learning rate must be a positive, finite number") as told:
        list(islice(descend(repeat(J), theta, Steepest(), Constant(rate)), 3))
    assert "np." not in str(told.value)


@pytest.mark.parametrize(
    "rate", [None, "fast", -1.0, np.float64(-1), np.nan, np.inf, 1j, True, [0.1], np.array(0.1), lambda k: 0.1]
)
def test_a_rate_function_that_returns_nonsense_is_told_so(examples, rate):
    for options in (
        {"solver": "gd", "learning_rate": lambda k: rate},
        {"solver": Recipe(Newton(), Scheduled(lambda k: rate))},
    ):
        with pytest.raises(ValueError, match=r"learning_rate\(0\) returned .* positive, finite number") as told:
            SigmoidNeuronClassifier(**options).fit(*examples)
        assert "np." not in str(told.value)


def test_a_recipe_that_is_refused_leaves_a_fitted_neuron_as_it_was(examples):
    neuron = SigmoidNeuronClassifier().fit(*examples)
    coef = neuron.coef_
    with pytest.raises(ValueError, match="Recipe"):
        neuron.set_params(solver=Recipe("newton", "auto")).fit(*examples)
    assert neuron.coef_ is coef


# What does not fit the data --------------------------------------------------------------------------------------


@pytest.mark.parametrize("direction", [Steepest(), LBFGS(), Newton()], ids=name)
def test_the_span_needs_a_penalty(examples, direction):
    with pytest.raises(ValueError, match="Without a penalty"):
        fit(Recipe(direction, Backtracking(), Gram()), examples, C=np.inf)


def objective_of(n, p, K):
    """Many parameters, and no numbers to speak of."""
    X = np.broadcast_to(np.float64(1), (n, p))
    return Objective(InMemory(X, np.broadcast_to(np.True_, (n, K)), np.full(n, 1 / n)), 1.0)


@pytest.mark.parametrize("recipe", [Recipe(Newton(), Backtracking()), Recipe(Steepest(), Constant(1), Whitened())])
def test_hessians_that_would_not_fit_are_refused_whoever_forms_them(recipe):
    with pytest.raises(ValueError, match=r"would need 3\.0 GiB for the Hessian of 20001 parameters"):
        choose(recipe, "auto", objective_of(10, 20_000, 1))


@pytest.mark.parametrize(("n", "p", "K"), [(1350, 998, 135), (5, 20_000, 5), (100_000, 999, 200), (30, 900, 3)])
def test_auto_never_refuses(n, p, K):
    solver, _ = choose("auto", "auto", objective_of(n, p, K))
    assert solver == ("newton-gram" if n < 250 else "lbfgs")


# A J that changes from step to step --------------------------------------------------------------------------------


def halves(rng, K=1):
    """J of the one half of a table and of the other."""
    J, _ = random_problem(rng, n=400, K=K)
    X, y = J.home.X, J.home.y
    y = y | (X[:, :1] > 3)  # so that there is something to learn
    return [Objective(InMemory(X[k::2], y[k::2], np.full(200, 1 / 200)), 0.01) for k in (0, 1)]


def together(batches):
    X, y = (np.concatenate([getattr(J.home, part) for J in batches]) for part in ("X", "y"))
    return Objective(InMemory(X, y, np.full(len(y), 1 / len(y))), batches[0].penalty)


def lowest(J):
    return list(islice(descend(repeat(J), np.zeros((5, 1)), Newton(), Backtracking()), 12))[-1].here.theta


@pytest.mark.parametrize(("direction", "step_size"), list(product(DIRECTIONS, STEP_SIZES)))
def test_who_bears_a_j_that_changes_stays_near_the_floors_and_the_others_refuse(rng, direction, step_size):
    """On two halves in turn L-BFGS walked to J = 3e32."""
    partners = GOES_WITH[type(direction)]
    batches = halves(rng)
    if isinstance(direction, Proximal) and not step_size.measures:
        step_size = Constant(1.0)  # its alpha is in the heading
    elif isinstance(step_size, (Constant, Scheduled)):
        rate = 1 / max(J.smoothness for J in batches)
        step_size = Constant(rate) if isinstance(step_size, Constant) else Scheduled(lambda k: rate / (1 + k / 100))
    steps = descend(cycle(batches), np.zeros((5, 1)), direction, step_size)
    if isinstance(step_size, partners.when_j_changes):
        whole, (floor, *others) = together(batches), [lowest(J) for J in (together(batches), *batches)]
        gaps = [whole.at(step.here.theta).loss - whole.at(floor).loss for step in islice(steps, 400, 410)]
        apart = max(whole.at(other).loss - whole.at(floor).loss for other in others)
        assert (
            np.max(gaps) <= (2 if isinstance(direction, (Nesterov, ProximalNesterov)) else 1) * apart
        )  # momentum gathers noise
    else:
        with pytest.raises(ValueError, match="J has changed since the last step, but") as told:
            list(islice(steps, 3))
        assert all(kind.__name__ in str(told.value) for kind in (*partners.when_j_changes, Steepest, Nesterov))


@pytest.mark.parametrize("piece", [LBFGS(), Backtracking()], ids=name)
def test_a_penalty_that_changes_is_another_j(rng, piece):
    J, theta = random_problem(rng)
    path = [Objective(J.home, penalty) for penalty in (0.1, 0.2, 0.3)]
    pieces = (piece, Constant(0.1)) if isinstance(piece, LBFGS) else (Steepest(), piece)
    with pytest.raises(ValueError, match=f"J has changed since the last step, but {name(piece)} needs the same one"):
        list(descend(path, theta, *pieces))


@pytest.mark.parametrize("coordinates", [Plain(), Standardised(), Whitened(), Gram()], ids=name)
@pytest.mark.parametrize("direction", DIRECTIONS, ids=name)
def test_fewer_neurons_of_the_same_j_are_no_change(rng, direction, coordinates):
    """Of neurons in lock-step some arrive before the others, which go on as neurons of their own."""
    J, _ = random_problem(rng, K=5)
    J.home.y[:, 1:] ^= J.home.X[:, :1] > np.arange(1, 5)
    seen = coordinates(J, np.zeros((5, 5)))
    theta = seen.from_weights(np.zeros((5, 5)))
    step_size = Constant(1.0) if isinstance(direction, Proximal) else Backtracking()
    arrival = walk(seen, theta, direction, step_size, Stop(1e-3, 2_000), History(5))
    assert len(set(arrival.iterations)) > 1
    assert all(why.converged for why in arrival.outcomes)


@pytest.mark.parametrize("direction", [LBFGS(), Newton(), LazyNewton(), NewtonCG()], ids=name)
def test_a_pickled_memory_holds_no_examples_and_goes_on_with_a_j_that_is_as_before(rng, direction):
    J, theta = random_problem(rng, n=5_000)
    step = list(islice(descend(repeat(J), theta, direction, Backtracking()), 4))[-1]
    stored = pickle.dumps((step.memory, step.size_memory))
    assert len(stored) < 5_000
    on = descend(
        repeat(pickle.loads(pickle.dumps(J))), step.here.theta, direction, Backtracking(), *pickle.loads(stored)
    )
    assert len(list(islice(on, 3))) == 3


# Names ----------------------------------------------------------------------------------------------------------


def test_who_misspells_a_solver_is_told_all_of_them_in_order(examples):
    with pytest.raises(ValueError, match="The 'solver' parameter") as told:
        fit("newtom", examples)
    assert ", ".join(map(repr, SOLVERS)) in str(told.value)


def test_names_that_numpy_made_are_names(examples):
    neuron = fit(np.str_("lbfgs"), examples, learning_rate=np.float32(0.5), tol=1e-3)
    assert type(neuron.solver_) is str
    with pytest.raises(ValueError, match=r"^learning_rate=0\.5 and a composed solver"):
        fit(Recipe(Steepest(), Constant(1)), examples, learning_rate=np.float64(0.5))


def test_whitened_neurons_share_the_smallest_safe_rate(rng):
    """Turned each by its own Hessian, they meet curvatures of their own; the largest holds for all."""
    J, theta = random_problem(rng, K=3)
    seen = Whitened()(J, 3 * theta)
    alone = [seen.neurons([k]).smoothness for k in range(3)]
    assert max(alone) > 1.01 * alone[0]
    assert seen.smoothness == max(alone)


@pytest.mark.parametrize("multi_class", ["ovr", "multinomial"])
@pytest.mark.parametrize("step_size", [Constant(1.0), Backtracking(), Backtracking(stretch=0.5)])
@pytest.mark.parametrize("second", [lambda x: x, lambda x: 1.7 * x + 0.3, lambda x: 3.3 + 0 * x])
def test_newton_in_the_units_of_x_walks_nowhere_that_only_rounding_leads(second, step_size, multi_class):
    x = load_iris().data[:, 1]
    X = np.column_stack([x, second(x)])
    recipe = Recipe(Newton(), step_size, Plain())
    neuron = SigmoidNeuronClassifier(solver=recipe, C=np.inf, multi_class=multi_class).fit(X, load_iris().target)
    assert neuron.converged_
    learned = np.column_stack([neuron.coef_, neuron.intercept_])
    silent = np.linalg.svd(np.column_stack([X, np.ones(len(X))]))[2][2]  # along which no score moves
    assert np.abs(learned @ silent).max() < 1e-6 * np.abs(learned).max()  # the shortest of all floors
