"""The playground: its arithmetic is ours, its sentences are true, and the page is one file."""

import json
import re
from itertools import combinations, islice, pairwise, repeat

import numpy as np
import pytest
from sklearn.datasets import load_iris

import sklearn_neuron.neuron as python
from sklearn_neuron import SigmoidNeuronClassifier
from sklearn_neuron.__main__ import main
from sklearn_neuron.descent import descend
from sklearn_neuron.homes.memory import InMemory
from sklearn_neuron.objective import Needs, Objective
from sklearn_neuron.penalties import strength_of
from sklearn_neuron.playground import built_in, playground_page, table_of, write_playground
from sklearn_neuron.playground.page import ARITHMETIC, SCRIPTS, in_a_page, script_of
from sklearn_neuron.playground.tables import MOST_SAMPLES, NAMES
from sklearn_neuron.solvers.coordinates import Plain, Standardised
from sklearn_neuron.solvers.directions import Nesterov, Newton, Steepest
from sklearn_neuron.solvers.step_sizes import Constant

DIRECTIONS = {"gd": Steepest, "momentum": Nesterov, "newton": Newton}
COORDINATES = {"raw": Plain, "standardised": Standardised}
STEPS = 200
LARGEST_SCRIPT = 80_000  # bytes
TABLES = {table.name: table for table in built_in()}
SETTLE = """([table, C, coordinates]) => {
    const plain = new Objective(table.X, table.y, C ?? Infinity);
    window.J = coordinates === "raw" ? plain : standardised(plain);
}"""
WALK = """([direction, rate, steps]) => {
    const walked = [];
    for (const step of descend(J, [0, 0, 0], DIRECTIONS[direction], rate)) {
        walked.push(step);
        if (walked.length > steps) return walked.map(({ here, heading }, k) => ({
            theta: here.theta, heading, loss: here.loss, weights: here.weights, gradient: here.gradient,
            weightsGradient: here.weightsGradient, hessian: here.hessian,
            why: k > 0 ? whyDidJRise(walked[k - 1], walked[k], { direction }) : "",
            state: stateOfTheWalk(k > 0 ? walked[k - 1] : null, walked[k], { direction }),
        }));
    }
}"""


@pytest.fixture(scope="module")
def arithmetic(browser):
    """A page that knows the neuron's arithmetic and its stories, and nothing else."""
    context = browser.new_context(offline=True)
    page = context.new_page()
    page.add_script_tag(content=script_of(ARITHMETIC))
    yield page
    context.close()


def objective_of(table, C=1.0, coordinates="raw"):
    X, y = np.array(table.X), np.array(table.y)
    n = len(y)
    plain = Objective(InMemory(X, y[:, None] == 1, shares=np.full(n, 1 / n)), strength_of(C, n))
    return COORDINATES[coordinates]()(plain)


def settle(page, table, C, coordinates):
    """Let J be that of a table, there."""
    page.evaluate(SETTLE, [table._asdict(), None if np.isinf(C) else C, coordinates])


def ours(objective, direction, rate, steps=STEPS):
    walk = descend(repeat(objective), np.zeros((3, 1)), DIRECTIONS[direction](), Constant(rate))
    return [step.here for step in islice(walk, steps + 1)]


def theirs(page, table, C, coordinates, direction, rate, steps=STEPS):
    settle(page, table, C, coordinates)
    return page.evaluate(WALK, [direction, rate, steps])


def column(walked, name):
    return np.array([step[name] for step in walked])


def apart(walked, places):
    """How far the weights are from ours, beside their length, step by step."""
    weights = np.array([place.weights[:, 0] for place in places])
    lengths = np.maximum(np.linalg.norm(weights, axis=1), np.finfo(float).tiny)
    return np.linalg.norm(column(walked, "weights") - weights, axis=1) / lengths


def condition(objective, theta):
    """Of the Hessian, its diagonal made 1."""
    H = objective.at(theta, Needs.HESSIAN).hessian[..., 0]
    unit = 1 / np.sqrt(np.diag(H))
    return np.linalg.cond(unit[:, None] * H * unit)


# One neuron ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("y", [0, 1])
@pytest.mark.parametrize("z", [-800.0, -40.0, -1.5, 0.0, 1e-9, 3.0, 36.0, 800.0])
def test_parts_answer_as_ours(arithmetic, z, y):
    names = ["exampleLoss", "residual", "sigmoid", "sigmoidSlope", "curvature"]
    there = arithmetic.evaluate(f"([z, y]) => [{', '.join(f'{name}(z, y)' for name in names)}]", [z, y])
    here = [python.example_loss(z, y), python.residual(z, y), *(f(z) for f in (python.sigmoid, python.sigmoid_slope))]
    np.testing.assert_allclose(there, [*here, python.curvature(z)], rtol=4e-16)


def test_the_chain_tells_every_number_of_a_sample(arithmetic):
    chain = arithmetic.evaluate("chainOf([5, 2], 0, [0.5, -0.25, -1])")
    z = 5 * 0.5 - 2 * 0.25 - 1
    a = python.sigmoid(z).item()
    assert (chain["products"], chain["bias"], chain["z"], chain["x"], chain["y"]) == ([2.5, -0.5], -1, z, [5, 2], 0)
    assert chain["a"] == pytest.approx(a, rel=1e-15)
    assert chain["loss"] == pytest.approx(-np.log(1 - a), rel=1e-14)
    assert chain["scoreSlope"] == [5, 2, 1]
    links = chain["lossSlope"] * chain["sigmoidSlope"]
    assert links == pytest.approx(chain["residual"], rel=1e-14)  # one link after the other, or both at once
    assert chain["residual"] == pytest.approx(a, rel=1e-15)
    np.testing.assert_allclose(chain["gradient"], a * np.array([5, 2, 1]), rtol=1e-15)


# The same walk ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("C", [1.0, np.inf])
@pytest.mark.parametrize("coordinates", COORDINATES)
@pytest.mark.parametrize("direction", DIRECTIONS)
@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_walks_as_ours(arithmetic, table, direction, coordinates, C):
    """200 steps, with a rate that is proved for the method, and whole steps of Newton's."""
    objective = objective_of(table, C, coordinates)
    rate = 1.0 if direction == "newton" else 1 / objective.smoothness
    places, walked = ours(objective, direction, rate), theirs(arithmetic, table, C, coordinates, direction, rate)
    exact = 1e-12
    if (table.name, direction, coordinates) == ("far", "newton", "raw"):  # H keeps few digits of what tells its inverse
        exact = np.finfo(float).eps * condition(objective, places[-1].theta)
        assert 1e-12 < exact < 1e-8
    assert apart(walked, places).max() <= exact
    loss = np.array([place.loss[0] for place in places])
    np.testing.assert_allclose(column(walked, "loss"), loss, rtol=exact)
    assert loss[-1] < loss[0]


@pytest.mark.parametrize("coordinates", COORDINATES)
@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_slopes_and_curvatures_are_ours(arithmetic, table, coordinates):
    objective = objective_of(table, 0.5, coordinates)
    rate = 1 / objective.smoothness
    step = theirs(arithmetic, table, 0.5, coordinates, "gd", rate, 3)[-1]
    place = objective.at(np.array(step["theta"])[:, None], Needs.GRADIENT | Needs.HESSIAN)
    for name, expected in {
        "gradient": place.gradient[:, 0],
        "weightsGradient": place.weights_gradient[:, 0],
        "hessian": place.hessian[..., 0],
        "weights": place.weights[:, 0],
    }.items():
        there = np.array(step[name])
        rounding = 1e-15 * np.abs(table.X).max()  # of sums that nearly cancel
        assert np.linalg.norm(there - expected) <= 1e-12 * np.linalg.norm(expected) + rounding, name
    asked = "theta => [J.lossAt(J.toWeights(theta)), J.smoothness, ...J.fromWeights(J.toWeights(theta))]"
    loss, L, *theta = arithmetic.evaluate(asked, step["theta"])
    assert loss == pytest.approx(place.loss[0], rel=1e-12)
    assert objective.smoothness == pytest.approx(L, rel=1e-12)
    np.testing.assert_allclose(theta, step["theta"], rtol=1e-9)  # the bias of a table far from zero cancels


def test_walks_as_a_fit_does(arithmetic):
    table = TABLES["plants"]
    neuron = SigmoidNeuronClassifier(solver="gd", learning_rate=0.1, tol=1e-9, max_iter=STEPS, record="path")
    with pytest.warns(match="max_iter"):
        neuron.fit(np.array(table.X), np.array(table.y))
    walked = theirs(arithmetic, table, 1.0, "raw", "gd", 0.1)
    np.testing.assert_allclose(column(walked, "loss"), neuron.loss_curve_, rtol=1e-12)
    learned = [*neuron.coef_[0], *neuron.intercept_]
    np.testing.assert_allclose(walked[-1]["weights"], learned, rtol=1e-12)


@pytest.mark.parametrize(("direction", "agree"), [("gd", 12), ("momentum", 50)])
def test_trips_as_ours(arithmetic, direction, agree):
    """A rate of seven times 1 / L throws the neuron to and fro, and each throw multiplies what rounding has left.

    So two walks whose exponentials differ in the last digit agree for a dozen steps or more, and not for ever.
    """
    places = ours(objective_of(TABLES["plants"]), direction, 1.0)
    walked = theirs(arithmetic, TABLES["plants"], 1.0, "raw", direction, 1.0)
    wrong = apart(walked, places)
    assert wrong[:agree].max() <= 1e-12
    assert wrong.max() > 1e-12
    assert (np.diff(column(walked, "loss")) > 0).sum() > 50


def tables_on_the_edge():
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(30, 2)), (rng.random(30) < 0.5).astype(int)
    outlier, outliers = X.copy(), X.copy()
    outlier[3, 0] = 1e6
    outliers[[0, 7], 0] = 1e6, -1e6
    constant = np.column_stack([X[:, 0], np.full(30, 3.7)])
    return {
        "an outlier": (outlier, y),
        "outliers": (outliers, y),
        "twins": (X[:, [0, 0]], y),
        "a constant": (constant, y),
        "constants": (np.full((30, 2), 2.5), y),
        "one sample": (X[:1], y[:1]),
        "two samples": (X[:2], np.array([0, 1])),
        "hardly different": (5 + 1e-9 * X, y),
        "one class": (X, np.ones(30, dtype=int)),
    }


@pytest.mark.parametrize("coordinates", COORDINATES)
@pytest.mark.parametrize("direction", DIRECTIONS)
@pytest.mark.parametrize("which", tables_on_the_edge())
def test_walks_as_ours_on_the_edge(arithmetic, which, direction, coordinates):
    X, y = tables_on_the_edge()[which]
    table = TABLES["plants"]._replace(X=X.tolist(), y=y.tolist())
    objective = objective_of(table, 1.0, coordinates)
    rate = 1.0 if direction == "newton" else 1 / objective.smoothness
    places = ours(objective, direction, rate, 30)
    assert apart(theirs(arithmetic, table, 1.0, coordinates, direction, rate, 30), places).max() <= 1e-12


@pytest.mark.parametrize("coordinates", COORDINATES)
@pytest.mark.parametrize("which", ["twins", "a constant", "constants"])
def test_newton_takes_the_shortest_way_where_the_hessian_is_singular(arithmetic, which, coordinates):
    X, y = tables_on_the_edge()[which]
    table = TABLES["plants"]._replace(X=X.tolist(), y=y.tolist())
    *w, b = theirs(arithmetic, table, np.inf, coordinates, "newton", 1.0, 30)[-1]["weights"]
    best = SigmoidNeuronClassifier(C=np.inf, tol=1e-10).fit(X, y)
    assert python.log_loss(X @ w + b, y) == pytest.approx(best.loss_curve_[-1], rel=1e-10)
    assert np.linalg.norm([*w, b]) < 10  # along what no sample shows nothing has moved


def test_no_sample_is_no_error(arithmetic):
    table = TABLES["plants"]._replace(X=[], y=[])
    (step, *_) = theirs(arithmetic, table, 1.0, "standardised", "newton", 1.0, 2)
    assert (step["loss"], step["state"]) == (0, "There is no sample to learn from.")


RESUMED = """([direction, at, steps]) => {
    const walk = (theta, memory, start, count) => {
        const seen = [];
        for (const step of descend(J, theta, DIRECTIONS[direction], () => 0.02, memory, start)) {
            seen.push(step);
            if (seen.length === count) return seen;
        }
    };
    const whole = walk([0, 0, 0], null, 0, steps);
    const pause = whole[at];
    const rest = walk(pause.here.theta, pause.memory, pause.iteration, steps - at);
    return [whole.slice(at), rest].map((steps) => steps.map(({ iteration, here }) => [iteration, ...here.weights]));
}"""


@pytest.mark.parametrize("direction", DIRECTIONS)
def test_a_walk_that_goes_on_is_one_that_never_paused(arithmetic, direction):
    settle(arithmetic, TABLES["plants"], 1.0, "raw")
    whole, rest = arithmetic.evaluate(RESUMED, [direction, 7, 20])
    assert whole == rest
    assert whole[0][0] == 7


# Sentences ----------------------------------------------------------------------------------------------------

TRIPS = [
    ("plants", 1.0, "raw", "gd", 0.5),
    ("plants", 1.0, "raw", "gd", 1.0),
    ("plants", np.inf, "raw", "gd", 40.0),
    ("plants", 1.0, "raw", "momentum", 0.25),
    ("plants", 1.0, "raw", "momentum", 1.0),
    ("plants", 1.0, "standardised", "momentum", 0.6),
    ("plants", 1.0, "raw", "newton", 2.5),
    ("separable", 0.01, "standardised", "gd", 9.0),
    ("far", 1.0, "raw", "gd", 1e-5),
    ("xor", np.inf, "standardised", "gd", 30.0),
    ("overlapping", np.inf, "standardised", "momentum", 5.0),
    ("separable", 100.0, "standardised", "newton", 1.9),
    ("far", 10.0, "standardised", "newton", 1.9),
]
NUMBER = r"([-−]?[\d.]+(?:e[-+−]?\d+)?)"


def told(sentence, pattern):
    """The numbers that a sentence tells."""
    found = re.search(pattern.replace("#", NUMBER), sentence)
    return None if found is None else [float(number.replace("−", "-").rstrip(".")) for number in found.groups()]


class Line:
    """J along a step of a walk, computed by us."""

    def __init__(self, objective, step):
        self.theta, self.heading = (np.array(step[name], dtype=float)[:, None] for name in ("theta", "heading"))
        self.objective = objective
        here = objective.at(self.theta, Needs.GRADIENT | Needs.HESSIAN)
        self.gradient, self.loss = here.gradient[:, 0], here.loss[0]
        h = self.heading[:, 0]
        self.slope, self.bend = self.gradient @ h, h @ here.hessian[..., 0] @ h
        self.longer = np.linalg.norm(h) / np.linalg.norm(self.gradient)

    def at(self, rate, heading=None):
        return self.objective.at(self.theta + rate * (self.heading if heading is None else heading)).loss[0]


def judge(line, why, rate, direction):
    """Every number of a sentence, against J itself; three digits are told."""
    (edge,) = told(why, "falls only for alpha below #")
    assert line.at(0.99 * edge) <= line.loss <= line.at(1.01 * edge)
    assert edge < rate == told(why, "alpha is #")[0]
    if floor := told(why, "at alpha = #, and went up"):
        assert line.at(floor[0]) < min(line.at(0.9 * floor[0]), line.at(1.1 * floor[0]))
    if limit := told(why, "Curvature along the step is # .* 2 / # = #"):
        curvature = line.bend / (line.heading[:, 0] @ line.heading[:, 0])
        assert limit[:2] == pytest.approx([curvature] * 2, rel=5e-3)
        assert limit[2] == pytest.approx(2 / limit[1], rel=5e-3)
        assert ("flattens" in why) == (edge > 1.1 * limit[2]) or abs(edge / limit[2] - 1.1) < 0.02
        assert ("further on J bends more" in why) == (edge < limit[2] / 1.1) or abs(limit[2] / edge - 1.1) < 0.02
    if hardly := told(why, r"hardly bends \(by #\)"):
        assert hardly[0] == pytest.approx(line.bend / (line.heading[:, 0] @ line.heading[:, 0]), rel=5e-3, abs=1e-300)
    if "Momentum carried it" in why:
        longer, straight = told(why, "was # times .* led to J = #")
        assert longer == pytest.approx(line.longer, rel=5e-3)
        assert line.loss >= line.at(rate, -line.gradient[:, None]) == pytest.approx(straight, rel=5e-3)
    if "would have climbed, too" in why:
        assert line.at(rate, -line.gradient[:, None]) > line.loss
    if "parabola does not hold" in why:
        promised, end = told(why, "promised J = # at .* J is # there")
        assert promised == pytest.approx(line.loss + rate * line.slope + rate**2 * line.bend / 2, rel=5e-3)
        assert end == pytest.approx(line.at(rate), rel=5e-3)
        assert edge < -2 * line.slope / line.bend
    if "from 2 on" in why:
        assert direction == "newton"
        assert rate >= 2


@pytest.mark.parametrize(("name", "C", "coordinates", "direction", "rate"), TRIPS)
def test_why_j_rose_is_true(arithmetic, name, C, coordinates, direction, rate):
    objective = objective_of(TABLES[name], C, coordinates)
    walked = theirs(arithmetic, TABLES[name], C, coordinates, direction, rate, 40)
    rises = 0
    for before, after in pairwise(walked):
        rose = after["loss"] - before["loss"] > 1e-14
        assert bool(after["why"]) == rose
        if rose:
            judge(Line(objective, before), after["why"], rate, direction)
            rises += 1
    assert rises > 0


def test_every_reason_is_told_once(arithmetic):
    """Or the judge above would have nothing to judge."""
    reasons = [
        "The step was too long",
        "Curvature along the step",
        "hardly bends",
        "flattens",
        "further on J bends more",
        "Momentum carried it",
        "would have climbed, too",
        "so it is dropped",
        "does not hold that far",
        "from 2 on it is higher than where it began",
    ]
    whys = []
    for name, C, coordinates, direction, rate in TRIPS:
        whys += [step["why"] for step in theirs(arithmetic, TABLES[name], C, coordinates, direction, rate, 40)]
    assert [reason for reason in reasons if not any(reason in why for why in whys)] == []


CHANGED = """([changed, table, C]) => {
    const first = (J, weights) => descend(J, weights, steepest, 0.1).next().value;
    const before = first(J, [0.7, 2.3, -7.5]);
    const weights = changed === "dials" ? [0, 0, 5] : before.here.weights;
    return whyDidJRise(before, first(new Objective(table.X, table.y, C), weights), { changed });
}"""


@pytest.mark.parametrize("changed", ["plants", "penalty", "dials"])
def test_what_somebody_has_changed_is_told(arithmetic, changed):
    table, weights = TABLES["plants"], np.array([0.7, 2.3, -7.5])
    settle(arithmetic, table, 1.0, "raw")
    other = table._replace(y=[1 - label for label in table.y]) if changed == "plants" else table
    C = 0.1 if changed == "penalty" else 1.0
    why = arithmetic.evaluate(CHANGED, [changed, other._asdict(), C])
    after = weights if changed != "dials" else np.array([0.0, 0.0, 5.0])
    J = [objective_of(*which).at(theta[:, None]).loss[0] for which, theta in [((table,), weights), ((other, C), after)]]
    assert told(why, "J was # and is #") == pytest.approx(J, rel=5e-3)
    if changed == "penalty":
        paid = weights[:2] @ weights[:2] / (2 * 60)
        assert told(why, "now: # of J, and # before") == pytest.approx([paid / 0.1, paid], rel=5e-3)


@pytest.mark.parametrize("C", [1.0, np.inf])
@pytest.mark.parametrize("coordinates", COORDINATES)
@pytest.mark.parametrize("direction", DIRECTIONS)
@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_where_the_walk_stands_is_true(arithmetic, table, direction, coordinates, C):
    objective = objective_of(table, C, coordinates)
    rate = 1.0 if direction == "newton" else 0.5 / objective.smoothness
    walked = theirs(arithmetic, table, C, coordinates, direction, rate, 60)
    X, y = np.array(table.X), np.array(table.y)
    least = (
        0.0
        if (table.name, C) == ("separable", np.inf)
        else min(place.loss[0] for place in ours(objective_of(table, C, "standardised"), "newton", 1.0, 40))
    )
    for k, step in enumerate(walked):
        state, gap = step["state"], step["loss"] - least
        assert told(state, "J = #")[0] == pytest.approx(step["loss"], rel=5e-4)
        assert ("hesitates at every sample" in state) == (k == 0)
        separates = np.isinf(C) and ((X @ step["weights"][:2] + step["weights"][2] > 0) == y).all() and k > 0
        assert ("Its line separates" in state) == separates
        if about := told(state, "floor is about # below"):
            assert about[0] == pytest.approx(gap, rel=0.1, abs=1e-13)
        if at_least := told(state, "floor is at least # below"):
            assert gap >= 0.995 * at_least[0]
        assert "has arrived" not in state or abs(gap) < 1e-13
        if k > 0 and (change := told(state, "J = #, # (?:lower|higher)")):
            assert change[1] == pytest.approx(abs(step["loss"] - walked[k - 1]["loss"]), rel=5e-3)
        assert direction == "momentum" or step["why"] == ""  # of the others J rises by rounding alone
        if pace := re.search(r"that is ([\d,]+) steps more", state):
            below = told(state, "floor is (?:about|at least) # below")[0]
            assert int(pace[1].replace(",", "")) == pytest.approx(below / change[1], rel=0.01)


def test_states_of_all_kinds_are_told(arithmetic):
    states = theirs(arithmetic, TABLES["plants"], 1.0, "raw", "gd", 1e-4, 2)[-1]["state"]
    assert "steps more" in states
    states = theirs(arithmetic, TABLES["plants"], 1.0, "raw", "newton", 1.0, 20)
    assert "has arrived" in states[-1]["state"]
    assert any("floor is about" in step["state"] for step in states)
    assert any("floor is at least" in step["state"] for step in states)


def test_which_alpha_is_safe_is_told(arithmetic):
    settle(arithmetic, TABLES["plants"], 1.0, "raw")
    L = objective_of(TABLES["plants"]).smoothness
    said = {direction: arithmetic.evaluate(f"aboutAlpha(J, '{direction}')") for direction in DIRECTIONS}
    assert told(said["gd"], "2 / L = #") == pytest.approx([2 / L], rel=5e-3)
    assert told(said["momentum"], "1 / L = #") == pytest.approx([1 / L], rel=5e-3)
    assert "alpha = 1" in said["newton"]


# Tables -------------------------------------------------------------------------------------------------------


def test_tables_have_their_lessons():
    least = {}
    for table in built_in():
        X, y = np.array(table.X), np.array(table.y)
        neuron = SigmoidNeuronClassifier().fit(X, y)
        least[table.name] = neuron.loss_curve_[-1], neuron.score(X, y)
        assert set(table.y) == {0, 1}
        assert len(X) == len(y) <= 60
    assert tuple(least) == NAMES
    assert least["separable"][1] == 1
    assert 0.6 < least["plants"][1] < 0.95
    assert least["overlapping"][0] > 0.5
    assert least["xor"][0] > 0.68  # log 2 is that of one who knows nothing
    assert np.array(TABLES["far"].X).mean() == pytest.approx(1000, rel=1e-2)
    assert np.array(TABLES["far"].X).std(axis=0).max() < 2


def test_a_table_of_ones_own_is_a_sample_if_it_is_large():
    rng = np.random.default_rng(0)
    y = np.where(rng.random(10_000) < 0.1, "rare", "common")
    table = table_of(rng.normal(size=(10_000, 2)), y)
    assert len(table.X) == len(table.y) == MOST_SAMPLES
    assert table.classNames == ["common", "rare"]
    assert np.mean(table.y) == pytest.approx((y == "rare").mean(), rel=0.01)
    assert table.note == "2,000 of 10,000 samples, drawn by chance"


def test_names_of_a_frame_are_kept():
    pd = pytest.importorskip("pandas")
    table = table_of(pd.DataFrame({"length": [1.0, 2.0], "width": [3, 4]}), [True, False])
    assert (table.featureNames, table.classNames, table.y) == (["length", "width"], ["False", "True"], [1, 0])


@pytest.mark.parametrize(
    ("given", "complaint"),
    [
        ({"X": [["a", 1], ["b", 2]]}, "X must hold numbers"),
        ({"X": [[1, 2, 3], [1, 2, 3]]}, r"shape \(n_samples, 2\).*got \(2, 3\)"),
        ({"X": [[1, 2], [1, np.nan]]}, "Sample 1 of X is missing a number"),
        ({"X": [[1, 2], [1, -1e76]]}, r"Sample 1 of X .* beyond 1e\+75"),
        ({"y": [1]}, "label of each of the 2 samples"),
        ({"y": [1, 1]}, "two classes, none missing; got 1"),
        ({"y": [1, np.nan]}, "two classes, none missing"),
        ({"y": np.array([1, "a"], dtype=object)}, "different types"),
        ({"feature_names": ["a", "a"]}, "feature_names must be two different names"),
        ({"class_names": ["a"]}, "class_names must be two different names"),
        ({"y": None}, "y is missing"),
        ({"X": None}, "X is missing"),
    ],
)
def test_what_cannot_be_played_with_is_told(tmp_path, given, complaint):
    with pytest.raises(ValueError, match=complaint):
        write_playground(tmp_path / "play.html", **{"X": [[1, 2], [3, 4]], "y": [0, 1], **given})
    assert not (tmp_path / "play.html").exists()


# The page -----------------------------------------------------------------------------------------------------


def test_the_script_is_small():
    assert len(script_of(SCRIPTS).encode()) < LARGEST_SCRIPT


def test_nothing_that_a_table_is_called_ends_the_script():
    table = table_of([[0, 0], [1, 1]], ["</script><b>", "<!--"], ["$tables", "w"], name="<i>")
    page = playground_page([table, *built_in()], "<i>")
    held = re.search(r'<script type="application/json" id="tables">(.*?)</script>', page, re.S)[1]
    assert json.loads(held)["tables"][0] == table._asdict()
    assert in_a_page('["<b>"]') == '["\\u003cb>"]'


def test_the_page_asks_for_nothing_else():
    page = playground_page(built_in(), "xor")
    assert not re.search(r"""(?:src|href)\s*=\s*["'](?!data:|#)|url\((?!["']?(?:data:|#))|@import""", page)


def test_a_table_must_be_there_to_be_chosen():
    with pytest.raises(ValueError, match="chosen='iris' must be the name of one of the tables"):
        playground_page(built_in(), "iris")


def test_the_page_opens_with_a_table_of_ones_own(tmp_path, open_page):
    X, y = load_iris(return_X_y=True)
    path = write_playground(tmp_path / "play.html", X[:, 2:], y == 2, ["length", "width"], ["other", "virginica"])
    page = open_page(path)
    held = page.evaluate("JSON.parse(document.getElementById('tables').textContent)")
    assert held["chosen"] == "yours"
    assert [table["name"] for table in held["tables"]] == ["yours", *NAMES]


def test_an_endless_slope_is_told_only_where_it_is(arithmetic):
    """1/(1 - a), though a is 1 to the last digit."""
    for z in (30.0, 40.0, 700.0):
        slopes = arithmetic.evaluate("z => [0, 1].map((y) => chainOf([0, 0], y, [0, 0, y ? -z : z]).lossSlope)", z)
        np.testing.assert_allclose(slopes, [1 + np.exp(z), -1 - np.exp(z)], rtol=1e-13)


SATURATED = [("newton", 1.0, [20, 20, -300]), ("gd", 1.0, [1e17, 1, 1]), ("momentum", 0.1, [-300, -400, 900])]


@pytest.mark.parametrize("coordinates", COORDINATES)
@pytest.mark.parametrize(("direction", "rate", "weights"), SATURATED)
def test_who_is_certain_and_wrong_has_not_arrived(arithmetic, direction, rate, weights, coordinates):
    """There J hardly bends, so that Newton's step is nothing; but it slopes."""
    settle(arithmetic, TABLES["plants"], np.inf, coordinates)
    walk = WALK.replace("[0, 0, 0]", f"J.fromWeights({weights})")
    for step in arithmetic.evaluate(walk, [direction, rate, 4]):
        assert step["loss"] > 1
        assert "arrived" not in step["state"]
        assert "is about" not in step["state"]


def test_a_tiny_j_is_told_from_one_that_is_tinier(arithmetic):
    *_, before, after = theirs(arithmetic, TABLES["separable"], np.inf, "raw", "newton", 1.0, 60)
    assert after["loss"] < before["loss"] / 2 < 1e-20
    assert "no float tells" not in after["state"]


# On the command line ------------------------------------------------------------------------------------------


@pytest.fixture
def play(tmp_path, monkeypatch, capsys):
    """Call the program where files may be written; what it has said, and the tables of the page."""
    monkeypatch.chdir(tmp_path)

    def call(*arguments):
        status = main(["play", *arguments])
        out, err = capsys.readouterr()
        (path,) = re.findall("^playground: (.*);", out, re.M) or [None]
        page = (tmp_path / path).read_text(encoding="utf8") if path else ""
        held = json.loads(re.search(r'id="tables">(.*?)</script>', page, re.S)[1]) if path else None
        return status, out, err, held

    return call


@pytest.fixture
def flowers(tmp_path):
    """A file as people have it: an index, words, and some cells missing."""
    pytest.importorskip("pandas")
    iris = load_iris()
    lines = zip(iris.data.tolist(), iris.target_names[iris.target], strict=True)
    rows = [f"{k},{','.join(map(str, x))},{'xyz'[k % 3]},{name}" for k, (x, name) in enumerate(lines, 1)]
    rows[3] = rows[3].replace("1.5,0.2", ",0.2")
    heading = "id,sepal length,sepal width,petal length,petal width,city,species"
    (tmp_path / "flowers.csv").write_text("\n".join([heading, *rows]))
    return "flowers.csv"


@pytest.mark.parametrize("name", [None, *NAMES])
def test_plays_with_a_table_that_every_page_has(play, tmp_path, name):
    status, out, err, held = play(*[name] * bool(name))
    assert (status, err) == (0, "")
    assert held["chosen"] == (name or "plants")
    path = tmp_path / f"{name or 'plants'}-playground.html"
    assert out == f"playground: {path.name}; it opens in any browser: {path.resolve().as_uri()}\n"
    assert play(*[name] * bool(name))[0] == 0  # a page of ours may be replaced


def test_plays_with_the_two_features_that_tell_most(play, flowers):
    status, out, err, held = play(flowers, "--target", "species")
    assert (status, err) == (0, "")
    table = held["tables"][0]
    assert table["featureNames"] == ["petal length", "petal width"]
    assert table["classNames"] == ["not virginica", "virginica"]
    assert (len(table["y"]), sum(table["y"])) == (149, 50)
    assert "1 of 150 rows left out, for a cell of petal length or of petal width is missing or beyond 1e+75\n" in out
    assert "'virginica' against the rest, 2 classes: it has most rows, 50" in out
    X, y = load_iris(return_X_y=True)
    pairs = {pair: least(X[complete(pair)][:, pair], y[complete(pair)] == 2) for pair in combinations(range(4), 2)}
    assert min(pairs, key=pairs.__getitem__) == (2, 3)
    assert f"which of all 6 pairs give a neuron the least J, {pairs[2, 3]:.2g};" in out


def complete(pair):
    """Rows of the irises in which, in the file, no cell of two features is missing."""
    return np.arange(150) != (3 if 2 in pair else -1)


def least(X, y):
    """J of a neuron that learns from standardised features."""
    return SigmoidNeuronClassifier().fit((X - X.mean(axis=0)) / X.std(axis=0), y).loss_curve_[-1]


def test_plays_with_the_features_and_the_class_that_are_named(play, flowers):
    status, out, _, held = play(flowers, "--target", "species", "--features", "id,sepal width", "--class", "setosa")
    assert status == 0
    table = held["tables"][0]
    assert table["featureNames"] == ["id", "sepal width"]
    assert table["classNames"] == ["not setosa", "setosa"]
    assert table["y"] == [1] * 50 + [0] * 100
    assert table["X"][149] == [150, 3.0]
    assert "id and sepal width, as it was asked\n'setosa' against the rest, 2 classes\n" in out


def test_of_many_features_those_that_differ_most_are_tried(play):
    status, out, _, held = play("breast_cancer")
    assert status == 0
    assert "which of the 28 pairs of the 8 columns that differ most between the classes" in out
    assert held["tables"][0]["classNames"] == ["malignant", "benign"]
    assert float(re.search("the least J, ([0-9.]+);", out)[1]) < 0.2  # columns that tell nothing leave log 2


def test_numbers_that_no_page_can_reckon_with_are_left_out(play, tmp_path, recwarn):
    pytest.importorskip("pandas")
    rows = [f"{'1e80' if k == 3 else k / 2},{k % 5},{k % 2}" for k in range(20)]
    (tmp_path / "large.csv").write_text("\n".join(["a,b,y", *rows]))
    status, out, _, held = play("large.csv", "--target", "y")
    assert (status, len(held["tables"][0]["y"])) == (0, 19)
    assert "1 of 20 rows left out, for a cell of a or of b is missing or beyond 1e+75\n" in out
    (tmp_path / "huge.csv").write_text("\n".join(["a,b,y", *[f"{k + 1}e80,{k % 5},{k % 2}" for k in range(20)]]))
    assert "no two columns" in play("huge.csv", "--target", "y")[2]
    assert not recwarn.list


def test_of_a_large_file_some_rows_are_drawn(play, tmp_path):
    pytest.importorskip("pandas")
    rng = np.random.default_rng(0)
    rows = [f"{a:.3f},{b:.3f},{'no' if a + b > 0 else 'yes'}" for a, b in rng.normal(size=(3000, 2))]
    (tmp_path / "large.csv").write_text("\n".join(["a,b,y", *rows]))
    status, out, _, held = play("large.csv", "--target", "y", "--class", "no")
    assert status == 0
    assert "'no' against 'yes'\n2,000 of 3,000 samples, drawn by chance\n" in out
    assert held["tables"][0]["classNames"] == ["yes", "no"]
    assert len(held["tables"][0]["y"]) == MOST_SAMPLES


@pytest.mark.parametrize(
    ("arguments", "complaints"),
    [
        (["FLOWERS"], ["say which column of flowers.csv to learn: --target COLUMN"]),
        (["FLOWERS", "--target", "spices"], ["no column 'spices' in flowers.csv"]),
        (["FLOWERS", "--target", "species", "--features", "petal length"], ["must name two different columns"]),
        (["FLOWERS", "--target", "species", "--features", "city,id"], ["column 'city' holds words"]),
        (["FLOWERS", "--target", "species", "--features", "a,b"], ["no column 'a'", "no column 'b'"]),
        (["FLOWERS", "--target", "species", "--features", "species,id"], ["--features: 'species' is the target"]),
        (
            ["FLOWERS", "--target", "species", "--features", "id,city", "--drop", "city"],
            ["'city' is named by --features and by --drop"],
        ),
        (["FLOWERS", "--target", "species", "--class", "viginica"], ["no class 'viginica'.*did you mean 'virginica'"]),
        (["iris", "--features", "petal length (cm),petal widht (cm)"], ["did you mean 'petal width"]),
        (["iris", "--target", "y"], ["--target is for CSV files"]),
        (["xor", "--class", "yellow"], ["--class: the table 'xor' has two features and two classes already"]),
        (["seperable"], ["no such file or table: seperable .*xor.*did you mean 'separable'"]),
        ([""], ["what to play with has no name"]),
        (["iris", "--out", "-"], ["a page is a file"]),
        (["iris", "--out", "page.csv"], ["what is written is a page; name it so: page.html"]),
        (["iris", "--out", "nowhere/page.html"], ["there is no folder 'nowhere'"]),
        (["iris", "--out", "mine.html"], ["'mine.html' is there and is no page of ours"]),
        (["xor.csv", "--target", "y"], ["no such file"]),
        (["words.csv", "--target", "y"], ["words.csv has 1 column of numbers: a; a page draws two"]),
        (["gaps.csv", "--target", "y"], ["no two columns of numbers have enough rows without a cell that is missing"]),
        (["gaps.csv", "--target", "y", "--features", "a,b"], ["there are only rows of class '1'"]),
    ],
)
def test_what_cannot_be_played_with_is_told_in_a_line(play, flowers, tmp_path, arguments, complaints):
    (tmp_path / "mine.html").write_text("<p>mine")
    (tmp_path / "words.csv").write_text("a,w,y\n" + "".join(f"{k}.5,{'uvw'[k]},{k % 2}\n" for k in range(3)))
    (tmp_path / "gaps.csv").write_text("a,b,y\n1.5,,0\n2,,0\n1,2.5,1\n3,2,1\n")
    status, out, err, _ = play(*[flowers if word == "FLOWERS" else word for word in arguments])
    assert (status, out) == (2, "")
    lines = err.splitlines()
    assert len(lines) == len(complaints)
    for line, complaint in zip(lines, complaints, strict=True):
        assert re.match(f"sklearn_neuron: .*{complaint}", line)
    assert list(tmp_path.glob("*-playground.html")) == []
