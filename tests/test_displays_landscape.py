"""The landscape is J itself, and the path on it is the path that was walked."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
import scipy.sparse as sp
from conftest import pixels, without_warnings
from matplotlib.path import Path
from sklearn.datasets import load_breast_cancer, load_digits, load_iris, load_wine
from sklearn.exceptions import ConvergenceWarning
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MaxAbsScaler, StandardScaler

from sklearn_neuron import DivergenceWarning, Recipe, SigmoidNeuronClassifier
from sklearn_neuron.datasets import make_toxic_plants
from sklearn_neuron.displays import LossLandscapeDisplay
from sklearn_neuron.displays.landscape import GRID, MARKED
from sklearn_neuron.displays.names import plain
from sklearn_neuron.displays.palette import ever_rarer
from sklearn_neuron.inspection.subject import subject_of
from sklearn_neuron.neuron import log_loss
from sklearn_neuron.solvers.coordinates import Whitened
from sklearn_neuron.solvers.directions import Steepest
from sklearn_neuron.solvers.history import History
from sklearn_neuron.solvers.step_sizes import InverseSmoothness

PLANTS = make_toxic_plants(random_state=0)
X, Y = PLANTS.data, PLANTS.target


@pytest.fixture(scope="module")
def neuron():
    return SigmoidNeuronClassifier(record="path").fit(X, Y)


@pytest.fixture(scope="module")
def slow():
    return SigmoidNeuronClassifier(solver="gd", learning_rate=0.1, tol=0.1, record="path").fit(X, Y)


def grid_of(landscape):
    return np.column_stack([landscape.x.ravel(), landscape.y.ravel()]), landscape.loss.ravel()


def test_with_two_parameters_it_is_j_everywhere(rng):
    length = X[:, :1]
    neuron = SigmoidNeuronClassifier(C=0.3, class_weight={1: 2.0}, record="path").fit(length, Y)
    (landscape,) = LossLandscapeDisplay.from_estimator(neuron, length, Y).landscapes
    weight = np.where(Y == 1, 2.0, 1.0)
    places, loss = grid_of(landscape)
    for place in rng.integers(len(places), size=20):
        w, b = places[place]
        J = log_loss(length[:, 0] * w + b, Y, weight / weight.sum()) + w**2 / (2 * 0.3 * weight.sum())
        assert loss[place] == pytest.approx(J, rel=1e-12)
    assert landscape.names == ("weight of x1", "bias b")


def test_with_more_the_others_are_at_their_optimum(neuron):
    """To second order about the floor: there J on the plane is the least J for these two weights."""
    (landscape,) = LossLandscapeDisplay.from_estimator(neuron, X, Y).landscapes
    places, loss = grid_of(landscape)
    near = np.argsort(np.abs(loss - landscape.end[2] - 1e-3))[:5]
    J = neuron.objective(X, Y)
    for place in near:
        b = np.linspace(-1, 1, 2001) + neuron.intercept_[0] - X.mean(axis=0) @ (places[place] - neuron.coef_[0])
        thetas = np.vstack([np.tile(places[place][:, None], len(b)), b])
        least = J.neurons(np.zeros(len(b), dtype=int)).at(thetas).loss.min()
        assert least <= loss[place] + 3e-8  # biases are 1e-3 apart
        assert loss[place] - least <= 0.02 * (loss[place] - landscape.end[2]) + 3e-8


@pytest.mark.parametrize("coordinates", ["raw", "whitened"])
def test_the_path_lies_on_j(slow, coordinates):
    (landscape,) = LossLandscapeDisplay.from_estimator(slow, X, Y, coordinates=coordinates).landscapes
    kept = slow.history_.weights
    J = slow.objective(X, Y)
    np.testing.assert_allclose(landscape.heights, [J.at(theta[:, None]).loss[0] for theta in kept], rtol=1e-12)
    if coordinates == "raw":
        np.testing.assert_array_equal(landscape.path, kept[:, :2])
    np.testing.assert_allclose(landscape.path[-1], landscape.end[:2], rtol=1e-12)
    assert landscape.end[2] == pytest.approx(landscape.heights[-1], rel=1e-12)


def test_the_neuron_ends_on_the_floor(neuron):
    display = LossLandscapeDisplay.from_estimator(neuron, X, Y)
    (landscape,) = display.landscapes
    assert landscape.end[2] <= landscape.loss.min() + 1e-14
    np.testing.assert_array_equal(display.ends_[0].get_xydata()[0], neuron.coef_[0])
    assert display.grounds_[0].levels[0] == pytest.approx(landscape.end[2], abs=1e-14)  # the bar begins at the floor


def test_a_neuron_that_stopped_early_is_shown_the_floor_that_it_did_not_reach():
    with pytest.warns(ConvergenceWarning):
        early = SigmoidNeuronClassifier(solver="gd", learning_rate=0.1, max_iter=30, record="path").fit(X, Y)
    (landscape,) = LossLandscapeDisplay.from_estimator(early, X, Y).landscapes
    lowest = np.unravel_index(landscape.loss.argmin(), landscape.loss.shape)
    assert 0 < lowest[0] < GRID - 1
    assert 0 < lowest[1] < GRID - 1
    assert landscape.loss.min() < landscape.end[2] - 0.1


def test_of_a_neuron_that_tripped_the_star_is_what_was_kept(neuron):
    with pytest.warns(DivergenceWarning):
        tripped = SigmoidNeuronClassifier(solver="gd", learning_rate=1.0, record="path").fit(X, Y)
    display = LossLandscapeDisplay.from_estimator(tripped, X, Y)
    assert display.ends_[0].get_label() == "kept, the best seen"
    np.testing.assert_array_equal(display.ends_[0].get_xydata()[0], tripped.coef_[0])
    assert LossLandscapeDisplay.from_estimator(neuron, X, Y).ends_[0].get_label() == "end"


def test_the_whitened_valley_is_round(neuron):
    def roundness(landscape):
        """Ratio of curvatures along the axes of the picture, from J at the floor and a little beside it."""
        places, loss = grid_of(landscape)
        near = loss - loss.min() < 0.01 * (np.quantile(loss, 0.98) - loss.min())
        x, y = (places[near] - places[loss.argmin()]).T
        terms = np.column_stack([np.ones(near.sum()), x, y, x * y, x**2, y**2])
        return np.linalg.lstsq(terms, loss[near])[0][-2:]

    display = LossLandscapeDisplay.from_estimator(neuron, X, Y, coordinates="both")
    raw, whitened = map(roundness, display.landscapes)
    np.testing.assert_allclose(whitened, 0.5, rtol=0.05)  # J rises by u^2 / 2
    assert max(raw) / min(raw) > 2
    assert display.axes_[0, 1].get_aspect() == 1


def test_steepest_descent_walks_straight_where_the_valley_is_round():
    recipe = Recipe(Steepest(), InverseSmoothness(), Whitened())
    straight = SigmoidNeuronClassifier(solver=recipe, tol=1e-3, record="path").fit(X, Y)
    (landscape,) = LossLandscapeDisplay.from_estimator(straight, X, Y, coordinates="whitened").landscapes
    steps = np.diff(landscape.path, axis=0)
    walked = np.linalg.norm(steps, axis=1).sum()
    assert walked < 1.05 * np.linalg.norm(landscape.path[-1] - landscape.path[0])


def test_the_path_is_all_in_the_view(neuron, slow):
    for one in (neuron, slow):
        for landscape in LossLandscapeDisplay.from_estimator(one, X, Y, coordinates="both").landscapes:
            places, _ = grid_of(landscape)
            assert (landscape.path > places.min(axis=0)).all()
            assert (landscape.path < places.max(axis=0)).all()


def narrow_valleys():
    wine, cancer = load_wine(return_X_y=True), load_breast_cancer(return_X_y=True)
    weight = np.where(Y == 1, 3.0, 1.0) * np.where(np.arange(len(Y)) == 3, 0.5, 1.5)
    rule = {"solver": "gd", "learning_rate": 0.1, "tol": 0.01}
    yield "narrow", X[:, :1], Y, None, {}, rule
    yield "on its side", X[:, :1], Y, None, {"parameters": ["bias", 0]}, rule
    yield "narrower", 100 + X[:, :1], Y, None, {}, {}
    yield "of other examples", X, Y, weight, {}, {}
    yield "one of three", *wine, None, {"class_of_interest": 1}, {}
    yield "many features", *cancer, None, {}, {}


@pytest.mark.parametrize("name", [name for name, *_ in narrow_valleys()])
def test_the_valley_is_in_one_piece(name):
    """Where J is convex, no part of it below some height stands alone, however narrow it is."""
    data, truth, weight, options, settings = next(fit for kind, *fit in narrow_valleys() if kind == name)
    neuron = without_warnings(SigmoidNeuronClassifier(record="path", **settings).fit, data, truth, weight)
    display = LossLandscapeDisplay.from_estimator(neuron, data, truth, coordinates="both", **options)
    for landscape, ground in zip(display.landscapes, display.grounds_, strict=True):
        places, _ = grid_of(landscape)
        assert (np.diff(landscape.x, axis=1) > 0).all()  # no place comes twice
        assert (np.diff(landscape.y, axis=0) > 0).all()
        corners = np.array([landscape.x, landscape.y])[:, [0, 0, -1, -1], [0, -1, 0, -1]].T
        (left, low), (right, high) = places.min(axis=0), places.max(axis=0)
        np.testing.assert_allclose(corners, [[left, low], [right, low], [left, high], [right, high]], rtol=1e-9)
        for level in ground.levels[1:]:
            below = plt.figure().add_subplot().contourf(landscape.x, landscape.y, landscape.loss, [-1.0, level])
            assert (below.get_paths()[0].codes == Path.MOVETO).sum() == 1
            plt.close(below.figure)


def test_long_paths_are_drawn_whole_and_marked_ever_more_rarely(slow):
    display = LossLandscapeDisplay.from_estimator(slow, X, Y)
    (line,) = display.paths_
    assert len(line.get_xdata()) == slow.n_iter_[0] + 1
    marks = line.get_markevery()
    assert len(marks) <= MARKED
    assert (marks[0], marks[-1]) == (0, slow.n_iter_[0])
    assert line.get_label() == f"the path, {slow.n_iter_[0]:,} steps"


def test_a_surface_carries_the_path_at_its_height(neuron):
    display = LossLandscapeDisplay.from_estimator(neuron, X, Y, kind="surface")
    x, y, z = display.paths_[0].get_data_3d()
    np.testing.assert_array_equal(z, neuron.loss_curve_)
    np.testing.assert_array_equal(np.column_stack([x, y]), neuron.history_.weights[:, :2])
    assert display.ax_.get_zlabel() == "J (nats)"
    assert display.colorbars_ == []
    own = plt.figure().add_subplot(projection="3d")
    assert display.plot(own, kind="surface").ax_ is own


def test_parameters_by_name_and_number(neuron):
    names = {"feature_names": ["length", "width"]}
    for parameters in (["width", "bias"], [1, 2], ["width", 2]):
        display = LossLandscapeDisplay.from_estimator(neuron, X, Y, parameters=parameters, **names)
        assert display.landscapes[0].names == ("weight of width", "bias b")
        np.testing.assert_array_equal(display.landscapes[0].path, neuron.history_.weights[:, [1, 2]])


@pytest.mark.parametrize("parameters", [["depth", "bias"], [0, 0], [0, 7], [0], [0.5, 1], [-1, 0]])
def test_parameters_that_there_are_not(neuron, parameters):
    with pytest.raises(ValueError, match=r"parameters must be two different ones, by number from 0 to 2 or by name"):
        LossLandscapeDisplay.from_estimator(neuron, X, Y, parameters=parameters)


def test_without_a_path_it_says_what_to_do_and_draws_j_alone():
    blind = SigmoidNeuronClassifier().fit(X, Y)
    with pytest.raises(ValueError, match=r"fit with record='path', or pass path=False"):
        LossLandscapeDisplay.from_estimator(blind, X, Y)
    display = LossLandscapeDisplay.from_estimator(blind, X, Y, path=False, coordinates="both")
    assert display.paths_ == display.starts_ == []
    for landscape in display.landscapes:
        assert landscape.loss.min() - landscape.end[2] < 0.01
        assert landscape.loss.max() - landscape.end[2] > 0.5  # the view shows more than the floor


@pytest.mark.parametrize("form", ["pipeline", "search", "sparse", "float32", "words"])
def test_neurons_inside_others_and_other_forms_of_data(form):
    neuron, data, truth = SigmoidNeuronClassifier(record="path"), X, Y
    if form in ("pipeline", "search"):
        neuron = make_pipeline(StandardScaler(), neuron)
    if form == "search":
        neuron = GridSearchCV(neuron, {"sigmoidneuronclassifier__C": [0.1, 1]})
    if form == "sparse":
        data = sp.csr_array(X)
    elif form == "float32":
        data = X.astype(np.float32)
    elif form == "words":
        truth = np.where(Y == 1, "toxic", "edible")
    before = data.copy()
    (landscape,) = LossLandscapeDisplay.from_estimator(neuron.fit(data, truth), data, truth).landscapes
    assert landscape.loss.shape == (GRID, GRID)
    rough = 1e-5 if form == "float32" else 1e-12
    assert landscape.heights[-1] == pytest.approx(landscape.end[2], rel=rough)
    assert abs(data - before).max() == 0


def test_weights_of_examples_count():
    weight = np.random.default_rng(0).uniform(0.5, 3, len(Y))
    neuron = SigmoidNeuronClassifier(record="path").fit(X, Y, weight)
    (landscape,) = LossLandscapeDisplay.from_estimator(neuron, X, Y, sample_weight=weight).landscapes
    assert landscape.heights[-1] == pytest.approx(landscape.end[2], rel=1e-12)


@pytest.mark.parametrize("form", [np.asarray, np.ndarray.tolist, sp.csr_matrix, sp.csc_array, pd.DataFrame])
@pytest.mark.parametrize("is_piped", [False, True])
def test_an_example_of_weight_0_is_not_there(form, is_piped):
    weight = np.where(np.arange(len(Y)) % 3 == 0, 0.0, 2.0)
    data, truth, counts = form(1e3 * X), np.where(weight > 0, Y, 7), weight > 0  # the labels of others are unknown
    neuron = SigmoidNeuronClassifier(record="path")
    estimator = make_pipeline(MaxAbsScaler(), neuron) if is_piped else neuron
    estimator.fit(
        form(1e3 * X[counts]), Y[counts], **{"sigmoidneuronclassifier__" * is_piped + "sample_weight": weight[counts]}
    )
    (one,) = LossLandscapeDisplay.from_estimator(estimator, data, truth, sample_weight=weight).landscapes
    given = form(1e3 * X[counts]), Y[counts]
    (other,) = LossLandscapeDisplay.from_estimator(estimator, *given, sample_weight=weight[counts]).landscapes
    np.testing.assert_array_equal(one.loss, other.loss)
    assert one.remarks == other.remarks == ()


@pytest.mark.parametrize(("weight", "message"), [(0.0, "non-zero|above 0"), (-1.0, "egative")])
def test_weights_that_cannot_be(neuron, weight, message):
    with pytest.raises(ValueError, match=message):
        LossLandscapeDisplay.from_estimator(neuron, X, Y, sample_weight=np.full(len(Y), weight))


def test_one_of_three_neurons():
    iris = load_iris()
    neurons = SigmoidNeuronClassifier(record="path").fit(iris.data, iris.target)
    (landscape,) = LossLandscapeDisplay.from_estimator(
        neurons, iris.data, iris.target, class_of_interest=1, parameters=[2, 3], class_names=iris.target_names
    ).landscapes
    assert landscape.title == "The valley of J, of the neuron for versicolor"
    walked = neurons.n_iter_[1] + 1  # another one walked on
    assert walked < len(neurons.history_)
    np.testing.assert_array_equal(landscape.path, neurons.history_.weights[:walked, 2:4, 1])
    assert landscape.end[2] == pytest.approx(neurons.loss_curve_[-1, 1], rel=1e-12)
    with pytest.raises(ValueError, match="class_of_interest"):
        LossLandscapeDisplay.from_estimator(neurons, iris.data, iris.target)


def test_the_most_important_of_many_parameters():
    cancer = load_breast_cancer()
    neuron = SigmoidNeuronClassifier(record="path").fit(cancer.data, cancer.target)
    display = LossLandscapeDisplay.from_estimator(
        neuron, cancer.data, cancer.target, feature_names=cancer.feature_names
    )
    influence = np.abs(neuron.coef_[0]) * cancer.data.std(axis=0)
    expected = sorted(np.argsort(-influence)[:2])
    assert display.landscapes[0].names == tuple(f"weight of {cancer.feature_names[j]}" for j in expected)


def test_many_examples_and_many_features(rng):
    many = make_toxic_plants(100_000, random_state=1)
    neuron = SigmoidNeuronClassifier(record="path").fit(many.data, many.target)
    display = LossLandscapeDisplay.from_estimator(neuron, many.data, many.target)
    texts = [text.get_text() for text in display.legend_.get_texts()]
    assert texts[-1] == "ground: 20,000 of 100,000 examples, by chance"
    wide = rng.normal(size=(200, 1200))
    neuron = SigmoidNeuronClassifier(record="path").fit(wide, wide[:, 0] > 0)
    (landscape,) = LossLandscapeDisplay.from_estimator(neuron, wide, wide[:, 0] > 0).landscapes
    assert np.isfinite(landscape.loss).all()


def alternating(n, kind):
    """Examples whose rows stand in turns, or in periods, and the classes with them."""
    rng = np.random.default_rng(0)
    y = np.arange(n) % 2 if kind == "turns" else (np.arange(n) % 32 == 0).astype(int)
    return rng.normal(size=(n, 4)) + y[:, None] * [1.0, -0.5, 0.3, 0], y


def wide_fits():
    cancer, iris, digits = (load(return_X_y=True) for load in (load_breast_cancer, load_iris, load_digits))
    weight = np.random.default_rng(0).uniform(0, 3, 569) ** 4
    gd = {"solver": "gd", "learning_rate": 1e-6, "max_iter": 50}
    yield "cancer", *cancer, {}, {}, {}
    yield "weighted", *cancer, {"sample_weight": weight}, {}, {}
    yield "balanced", *cancer, {}, {}, {"class_weight": "balanced"}
    yield "a slow walk", *cancer, {}, {}, gd
    yield "sparse", sp.csr_array(cancer[0]), cancer[1], {}, {}, {}
    yield "float32", cancer[0].astype(np.float32), cancer[1], {}, {}, {}
    yield "no bias", *cancer, {}, {}, {"fit_intercept": False}
    yield "other parameters", *cancer, {}, {"parameters": [4, "bias"]}, {}
    yield "iris", *iris, {}, {"class_of_interest": 1}, {}
    yield "digits", *digits, {}, {"class_of_interest": 8}, {}
    yield "plants", X, Y, {}, {}, {}
    yield "in turns", *alternating(40_000, "turns"), {}, {}, {"solver": "newton"}
    yield "in periods", *alternating(40_000, "periods"), {}, {}, {"solver": "newton"}


@pytest.mark.parametrize("name", [name for name, *_ in wide_fits()])
def test_start_and_end_stand_on_their_own_heights(name):
    """However many parameters there are; and what does not is drawn in the colour of its own J."""
    data, truth, weights, options, settings = next(fit for kind, *fit in wide_fits() if kind == name)
    neuron = without_warnings(SigmoidNeuronClassifier(record="path", **settings).fit, data, truth, **weights)
    display = LossLandscapeDisplay.from_estimator(neuron, data, truth, coordinates="both", **weights, **options)
    k = options.get("class_of_interest", 0)
    J = neuron.objective(data, truth, weights.get("sample_weight")).neurons([k])
    kept = subject_of(neuron).way(options.get("class_of_interest")).weights.T
    J_of_path = np.array([J.at(theta[:, None]).loss[0] for theta in kept])
    sampled = 40_000 in (len(truth),)
    for landscape in display.landscapes:
        np.testing.assert_allclose(landscape.heights, J_of_path, rtol=1e-4 if name == "float32" else 1e-9)
        rough = 0.02 if sampled else 1e-4 if name == "float32" else 1e-6
        np.testing.assert_allclose(landscape.ground[[0, -1]], J_of_path[[0, -1]], rtol=rough)
        assert landscape.end[2] == pytest.approx(J_of_path[-1], rel=1e-4 if name == "float32" else 1e-9)
    off = [one.leaves_the_plane for one in display.landscapes]
    assert len(display.own_heights_) == sum(off)
    for points, landscape in zip(display.own_heights_, np.array(display.landscapes, dtype=object)[off], strict=True):
        marked = ever_rarer(len(kept), MARKED)
        np.testing.assert_array_equal(points.get_array(), landscape[5][marked])


@pytest.mark.parametrize("kind", ["turns", "periods"])
@pytest.mark.parametrize("weighted", [False, True])
def test_the_ground_is_j_of_all_examples_in_whatever_order(kind, weighted):
    data, truth = alternating(40_000, kind)
    weight = np.random.default_rng(1).uniform(0, 1, len(truth)) ** 12 if weighted else None
    neuron = SigmoidNeuronClassifier(record="path").fit(data[:, :1], truth, weight)
    (landscape,) = LossLandscapeDisplay.from_estimator(neuron, data[:, :1], truth, sample_weight=weight).landscapes
    places, loss = grid_of(landscape)
    some = np.random.default_rng(0).integers(len(places), size=15)
    J = neuron.objective(data[:, :1], truth, weight)
    expected = [J.at(places[place][:, None]).loss[0] for place in some]
    np.testing.assert_allclose(loss[some], expected, rtol=0.02)
    assert landscape.end[2] == pytest.approx(neuron.loss_curve_[-1], rel=1e-9)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_j_of_other_examples_is_said_to_be(dtype):
    data, weight = X.astype(dtype), np.where(Y == 1, 5.0, 1.0)
    neuron = SigmoidNeuronClassifier(record="path").fit(data, Y, weight)

    def remarks(*examples, **options):
        display = LossLandscapeDisplay.from_estimator(neuron, *examples, **options)
        J = neuron.objective(examples[0], examples[1], options.get("sample_weight"))
        (landscape,) = display.landscapes
        expected = [J.at(theta[:, None]).loss[0] for theta in neuron.history_.weights]
        np.testing.assert_allclose(landscape.heights, expected, rtol=1e-4)
        return [text.get_text() for text in display.legend_.get_texts() if "recorded" in text.get_text()]

    assert remarks(data, Y, sample_weight=weight) == []
    last = f"J of these examples; the fit recorded {neuron.loss_curve_[-1]:.4g}"
    assert remarks(data, Y) == remarks(data[:150], Y[:150]) == [last]


def test_names_are_drawn_as_they_are(neuron):
    display = LossLandscapeDisplay.from_estimator(neuron, X, Y, feature_names=["total_$_in_$", "$a$"])
    display.figure_.canvas.draw()
    assert display.ax_.get_xlabel() == plain("weight of total_$_in_$")
    assert display.ax_.get_ylabel() == plain("weight of $a$")
    display = LossLandscapeDisplay.from_estimator(neuron, X, Y, feature_names=["bias", "b"], parameters=[0, 2])
    assert display.landscapes[0].names == ("weight of bias", "bias b")


def test_steps_on_a_sample_are_shown_as_such(neuron, monkeypatch):
    monkeypatch.setattr(History, "on_all", np.arange(len(neuron.history_)) >= 2, raising=False)
    monkeypatch.setattr(History, "loss", np.where(np.arange(len(neuron.history_)) < 2, 9.0, neuron.history_.loss))
    display = LossLandscapeDisplay.from_estimator(neuron, X, Y)
    on_all, on_sample = display.paths_
    assert len(on_all.get_xdata()) == len(neuron.history_) - 2
    assert len(on_sample.get_xdata()) == 3
    assert (on_all.get_label(), on_sample.get_label()) == ("the path, 2 steps", "2 steps on a sample")
    assert display.landscapes[0].heights[0] == pytest.approx(np.log(2))  # of all examples, not of the sample


def test_axes_and_style_of_the_user(neuron):
    figure, (left, right) = plt.subplots(1, 2)
    display = LossLandscapeDisplay.from_estimator(
        neuron, X, Y, ax=left, path_kwargs={"c": "red"}, ground_kwargs={"alpha": 0.5}
    )
    assert display.ax_ is left
    assert display.paths_[0].get_color() == "red"
    assert display.grounds_[0].get_alpha() == 0.5
    display.plot(right)
    assert plt.get_fignums() == [figure.number]


def test_options_that_there_are_not(neuron):
    with pytest.raises(ValueError, match=r"coordinates must be one of .*; got 'polar'"):
        LossLandscapeDisplay.from_estimator(neuron, X, Y, coordinates="polar")
    with pytest.raises(ValueError, match=r"kind must be one of .*; got 'map'"):
        LossLandscapeDisplay.from_estimator(neuron, X, Y, kind="map")
    with pytest.raises(ValueError, match="three-dimensional axes"):
        LossLandscapeDisplay.from_estimator(neuron, X, Y, kind="surface", ax=plt.subplot())
    one = SigmoidNeuronClassifier(fit_intercept=False, record="path").fit(X[:, :1] - 4.6, Y)
    with pytest.raises(ValueError, match="needs two parameters; this neuron has one weight and no bias"):
        LossLandscapeDisplay.from_estimator(one, X[:, :1] - 4.6, Y)


def test_it_is_what_plain_matplotlib_draws():
    """From above, J of two parameters by the functions of the neuron, and the path of the history."""
    length = X[:, :1]
    neuron = SigmoidNeuronClassifier(record="path").fit(length, Y)
    display = LossLandscapeDisplay.from_estimator(neuron, length, Y)

    def by_hand(ax):
        x, y = display.landscapes[0].x, display.landscapes[0].y
        J = [log_loss(length[:, 0] * w + b, Y) + w**2 / (2 * len(Y)) for w, b in zip(x.flat, y.flat, strict=True)]
        J = np.reshape(J, x.shape)
        levels = display.grounds_[0].levels
        ax.contourf(x, y, J, levels=levels, cmap=display.grounds_[0].cmap, norm=display.grounds_[0].norm, extend="max")
        ax.contour(x, y, J, levels=levels, colors="#5b2c83", linewidths=0.5, alpha=0.4)
        ax.plot(*neuron.history_.weights.T, color="#262626", linewidth=1.6, marker=".", markersize=5, zorder=4)
        ax.plot(0, 0, "o", color="#262626", markerfacecolor="white", markersize=8, zorder=5)
        end = neuron.coef_[0, 0], neuron.intercept_[0]
        ax.plot(*end, "*", color="#f2b50c", markeredgecolor="#262626", markersize=14, zorder=6)

    def ours(ax):
        display.plot(ax).colorbars_[0].remove()
        ax.set_position((0.2, 0.2, 0.7, 0.6))

    differs = (pixels(ours) != pixels(by_hand)).any(axis=-1)
    assert differs.mean() < 1e-3  # J differs in its last digits, and now and then a pixel of a contour with it


@pytest.mark.parametrize("form", [lambda table: table, lambda table: table.astype(object)])
def test_a_table_of_numbers_and_truths(form):
    pd = pytest.importorskip("pandas")
    table = form(pd.DataFrame({"length": X[:, 0], "is wide": X[:, 1] > 1.5}))
    neuron = SigmoidNeuronClassifier(record="path").fit(table, Y)
    (landscape,) = LossLandscapeDisplay.from_estimator(neuron, table, Y).landscapes
    assert landscape.end[2] == pytest.approx(neuron.loss_curve_[-1], rel=1e-12)
