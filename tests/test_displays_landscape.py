"""The landscape is J itself, and the path on it is the path that was walked."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
import scipy.sparse as sp
from conftest import at, without_warnings, words
from scipy.ndimage import label
from sklearn.datasets import load_breast_cancer, load_wine
from sklearn.exceptions import ConvergenceWarning
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MaxAbsScaler

from sklearn_neuron import DivergenceWarning, SigmoidNeuronClassifier
from sklearn_neuron.datasets import make_toxic_plants
from sklearn_neuron.displays import LossLandscapeDisplay

PLANTS = make_toxic_plants(random_state=0)
X, Y = PLANTS.data, PLANTS.target


def landscape_of(*arguments, **options):
    (landscape,) = LossLandscapeDisplay.from_estimator(*arguments, **options).landscapes
    return landscape


def J(thetas, X, y, weight=None, C=1.0):
    """J of every column of thetas (q, m), which ends with the bias if there is one; from its definition."""
    weight, thetas = np.ones(len(y)) if weight is None else weight, np.asarray(thetas, dtype=float)
    w, b = thetas[: X.shape[1]], thetas[X.shape[1] :].sum(axis=0)
    z = X @ w + b
    loss = np.logaddexp(0, np.where(np.asarray(y, dtype=bool)[:, None], -z, z))
    return (weight @ loss + (w**2).sum(axis=0) / (2 * C)) / weight.sum()


def grid_of(landscape):
    return np.column_stack([landscape.x.ravel(), landscape.y.ravel()]), landscape.loss.ravel()


# The ground -----------------------------------------------------------------------------------------------


def test_with_two_parameters_it_is_j_everywhere():
    length = X[:, :1]
    neuron = SigmoidNeuronClassifier(C=0.3, class_weight={1: 2.0}, record="path").fit(length, Y)
    landscape = landscape_of(neuron, length, Y)
    places, loss = grid_of(landscape)
    np.testing.assert_allclose(loss, J(places.T, length, Y, np.where(Y == 1, 2.0, 1.0), C=0.3), rtol=1e-12)
    assert landscape.names == ("weight of x1", "bias b")


def test_with_more_the_others_are_at_their_optimum(learned):
    """To second order about the floor: there J on the plane is the least J for these two weights."""
    landscape = landscape_of(learned, X, Y)
    places, loss = grid_of(landscape)
    for place in np.argsort(np.abs(loss - landscape.end[2] - 1e-3))[:5]:
        b = np.linspace(-1, 1, 2001) + learned.intercept_[0] - X.mean(axis=0) @ (places[place] - learned.coef_[0])
        least = J(np.vstack([np.tile(places[place][:, None], len(b)), b]), X, Y).min()
        assert least <= loss[place] + 3e-8  # biases are 1e-3 apart
        assert loss[place] - least <= 0.02 * (loss[place] - landscape.end[2]) + 3e-8


@pytest.mark.parametrize(("period", "weighted"), [(2, False), (32, True)])
def test_of_many_examples_the_ground_is_that_of_all_in_whatever_order(period, weighted):
    rng = np.random.default_rng(0)
    y = (np.arange(20_600) % period == 0).astype(int)  # in turns: a stride would see one class alone
    x = rng.normal(size=(len(y), 1)) + y[:, None]
    weight = rng.uniform(0, 1, len(y)) ** 12 if weighted else None
    neuron = SigmoidNeuronClassifier(record="path").fit(x, y, weight)
    display = LossLandscapeDisplay.from_estimator(neuron, x, y, sample_weight=weight)
    places, loss = grid_of(display.landscapes[0])
    some = rng.integers(len(places), size=15)
    np.testing.assert_allclose(loss[some], J(places[some].T, x, y, weight), rtol=0.02)
    assert display.landscapes[0].end[2] == pytest.approx(neuron.loss_curve_[-1], rel=1e-9)
    assert words(display)[-1] == "ground: 20,000 of 20,600 examples, by chance"


def narrow_valleys():
    wine, many = load_wine(return_X_y=True), load_breast_cancer(return_X_y=True)
    weight = np.where(Y == 1, 3.0, 1.0) * np.where(np.arange(len(Y)) == 3, 0.5, 1.5)
    rule = {"solver": "gd", "learning_rate": 0.1, "tol": 0.01}
    yield "narrow", X[:, :1], Y, None, {}, rule
    yield "on its side", X[:, :1], Y, None, {"parameters": ["bias", 0]}, rule
    yield "narrower", 100 + X[:, :1], Y, None, {}, {}
    yield "of other examples", X, Y, weight, {}, {}
    yield "one of three", *wine, None, {"class_of_interest": 1}, {}
    yield "many features", *many, None, {}, {}


@pytest.mark.parametrize("name", [name for name, *_ in narrow_valleys()])
def test_the_valley_is_in_one_piece(name):
    """Where J is convex, no part of it below some height stands alone, however narrow it is."""
    data, truth, weight, options, settings = next(fit for kind, *fit in narrow_valleys() if kind == name)
    neuron = without_warnings(SigmoidNeuronClassifier(record="path", **settings).fit, data, truth, weight)
    display = LossLandscapeDisplay.from_estimator(neuron, data, truth, coordinates="both", **options)
    for landscape, ground in zip(display.landscapes, display.grounds_, strict=True):
        places, loss = grid_of(landscape)
        assert (np.diff(landscape.x, axis=1) > 0).all()  # no place comes twice
        assert (np.diff(landscape.y, axis=0) > 0).all()
        corners = np.array([landscape.x, landscape.y])[:, [0, 0, -1, -1], [0, -1, 0, -1]].T
        (left, low), (right, high) = places.min(axis=0), places.max(axis=0)
        np.testing.assert_allclose(corners, [[left, low], [right, low], [left, high], [right, high]], rtol=1e-9)
        for level in ground.levels[ground.levels > loss.min()]:
            assert label(landscape.loss <= level, np.ones((3, 3)))[1] == 1
        assert (landscape.path > places.min(axis=0)).all()  # it is all in the view
        assert (landscape.path < places.max(axis=0)).all()


def test_many_features(rng):
    wide = rng.normal(size=(200, 1200))
    neuron = SigmoidNeuronClassifier(record="path").fit(wide, wide[:, 0] > 0)
    assert np.isfinite(landscape_of(neuron, wide, wide[:, 0] > 0).loss).all()


# Whitened -------------------------------------------------------------------------------------------------


def test_the_whitened_valley_is_round(learned):
    def curvatures(landscape):
        """Along the axes of the picture, from J at the floor and a little beside it."""
        places, loss = grid_of(landscape)
        near = loss - loss.min() < 0.01 * (np.quantile(loss, 0.98) - loss.min())
        x, y = (places[near] - places[loss.argmin()]).T
        terms = np.column_stack([np.ones(near.sum()), x, y, x * y, x**2, y**2])
        return np.linalg.lstsq(terms, loss[near])[0][-2:]

    display = LossLandscapeDisplay.from_estimator(learned, X, Y, coordinates="both")
    raw, whitened = map(curvatures, display.landscapes)
    np.testing.assert_allclose(whitened, 0.5, rtol=0.05)  # J rises by u^2 / 2
    assert max(raw) / min(raw) > 2
    assert display.axes_[0, 1].get_aspect() == 1


def test_whitened_distances_are_those_of_the_hessian():
    """So that steepest descent walks straight there, at least about the floor."""
    length = np.c_[X[:, :1]]
    neuron = SigmoidNeuronClassifier(solver="gd", learning_rate=0.1, tol=0.05, record="path").fit(length, Y)
    landscape = landscape_of(neuron, length, Y, coordinates="whitened")
    a, ones = neuron.predict_proba(length)[:, 1], np.c_[length, np.ones(len(Y))]
    H = ones.T @ ((a * (1 - a))[:, None] * ones) / len(Y) + np.diag([1 / len(Y), 0])
    away = neuron.history_.weights - neuron.history_.weights[-1]
    squared = ((landscape.path - landscape.path[-1]) ** 2).sum(axis=1)
    np.testing.assert_allclose(squared, np.einsum("ij,jk,ik->i", away, H, away), rtol=1e-6, atol=1e-12)


# The path -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("coordinates", ["raw", "whitened"])
def test_the_path_lies_on_j(slow, coordinates):
    display = LossLandscapeDisplay.from_estimator(slow, X, Y, coordinates=coordinates)
    (landscape,), (line,) = display.landscapes, display.paths_
    kept = slow.history_.weights
    np.testing.assert_allclose(landscape.heights, J(kept.T, X, Y), rtol=1e-12)
    if coordinates == "raw":
        np.testing.assert_array_equal(landscape.path, kept[:, :2])
    np.testing.assert_array_equal(line.get_xydata(), landscape.path)
    np.testing.assert_allclose(landscape.path[-1], landscape.end[:2], rtol=1e-12)
    assert landscape.end[2] == pytest.approx(landscape.heights[-1], rel=1e-12)
    marks = line.get_markevery()  # a long path is marked ever more rarely
    assert (marks[0], marks[-1]) == (0, slow.n_iter_[0])
    assert np.diff(marks)[-1] == np.diff(marks).max()
    assert len(marks) < len(kept) / 4
    assert line.get_label() == f"the path, {slow.n_iter_[0]:,} steps"


def test_the_neuron_ends_on_the_floor(learned):
    display = LossLandscapeDisplay.from_estimator(learned, X, Y)
    (landscape,) = display.landscapes
    assert landscape.end[2] <= landscape.loss.min() + learned.tol**2 / 2
    np.testing.assert_array_equal(display.starts_[0].get_xydata()[0], [0, 0])
    np.testing.assert_array_equal(display.ends_[0].get_xydata()[0], learned.coef_[0])
    assert display.ends_[0].get_label() == "end"
    assert display.grounds_[0].levels[0] == pytest.approx(
        landscape.end[2], abs=learned.tol**2 / 2
    )  # the bar begins at the floor
    assert display.colorbars_[0].ax.get_ylabel() == "J (nats)"


def test_a_neuron_that_stopped_early_is_shown_the_floor_that_it_did_not_reach():
    with pytest.warns(ConvergenceWarning):
        early = SigmoidNeuronClassifier(solver="gd", learning_rate=0.1, max_iter=30, record="path").fit(X, Y)
    landscape = landscape_of(early, X, Y)
    lowest = np.unravel_index(landscape.loss.argmin(), landscape.loss.shape)
    assert all(0 < place < size - 1 for place, size in zip(lowest, landscape.loss.shape, strict=True))
    assert landscape.loss.min() < landscape.end[2] - 0.1


def test_of_a_neuron_that_tripped_the_star_is_what_was_kept():
    with pytest.warns(DivergenceWarning):
        tripped = SigmoidNeuronClassifier(solver="gd", learning_rate=1.0, record="path").fit(X, Y)
    display = LossLandscapeDisplay.from_estimator(tripped, X, Y)
    assert display.ends_[0].get_label() == "kept, the best seen"
    np.testing.assert_array_equal(display.ends_[0].get_xydata()[0], tripped.coef_[0])


def wide_fits(cancer, irises):
    data, truth, _ = cancer
    weight = np.random.default_rng(0).uniform(0, 3, len(truth)) ** 4
    y = (np.arange(20_600) % 32 == 0).astype(int)
    periods = np.random.default_rng(0).normal(size=(len(y), 4)) + y[:, None] * [1.0, -0.5, 0.3, 0]
    return {
        "cancer": (data, truth, {}, {}, {}),
        "weighted": (data, truth, {"sample_weight": weight}, {}, {}),
        "balanced": (data, truth, {}, {}, {"class_weight": "balanced"}),
        "a slow walk": (data, truth, {}, {}, {"solver": "gd", "learning_rate": 1e-6, "max_iter": 50}),
        "sparse": (sp.csr_array(data), truth, {}, {}, {}),
        "float32": (data.astype(np.float32), truth, {}, {}, {}),
        "no bias": (data, truth, {}, {}, {"fit_intercept": False}),
        "other parameters": (data, truth, {}, {"parameters": [4, "bias"]}, {}),
        "iris": (*irises[:2], {}, {"class_of_interest": 1}, {}),
        "in periods": (periods, y, {}, {"coordinates": "raw"}, {"solver": "newton"}),
    }


NAMES_OF_FITS = ["cancer", "weighted", "balanced", "a slow walk", "sparse", "float32", "no bias", "other parameters"]


@pytest.mark.parametrize("name", [*NAMES_OF_FITS, "iris", "in periods"])
def test_start_and_end_stand_on_their_own_heights(name, cancer, irises):
    """However many parameters there are; and what does not is drawn in the colour of its own J."""
    data, truth, weights, options, settings = wide_fits(cancer, irises)[name]
    neuron = without_warnings(SigmoidNeuronClassifier(record="path", **settings).fit, data, truth, **weights)
    options = {"coordinates": "both"} | options
    display = LossLandscapeDisplay.from_estimator(neuron, data, truth, **weights, **options)
    k = options.get("class_of_interest", 0)
    is_of_one = truth == (1 if len(neuron.coef_) == 1 else k)
    weight = weights.get("sample_weight", np.ones(len(truth)))
    if name == "balanced":
        weight = len(truth) / (2 * np.bincount(truth))[truth]
    walked = neuron.history_.weights.reshape(len(neuron.history_), -1, len(neuron.coef_))[: neuron.n_iter_[k] + 1, :, k]
    expected = J(walked.T, data, is_of_one, weight)
    rough = 1e-4 if name == "float32" else 1e-9
    for landscape in display.landscapes:
        np.testing.assert_allclose(landscape.heights, expected, rtol=rough)
        beneath = {"float32": 1e-4, "in periods": 0.02}.get(name, 1e-6)
        np.testing.assert_allclose(landscape.ground[[0, -1]], expected[[0, -1]], rtol=beneath)
        assert landscape.end[2] == pytest.approx(expected[-1], rel=rough)
    off = [one for one in display.landscapes if one.leaves_the_plane]
    for points, landscape in zip(display.own_heights_, off, strict=True):
        heights = dict(zip(map(tuple, landscape.path.tolist()), landscape.heights, strict=True))
        np.testing.assert_array_equal(points.get_array(), [heights[tuple(place)] for place in at(points).tolist()])


def test_a_surface_carries_the_path_at_its_height(learned):
    display = LossLandscapeDisplay.from_estimator(learned, X, Y, kind="surface")
    x, y, z = display.paths_[0].get_data_3d()
    np.testing.assert_array_equal(z, learned.loss_curve_)
    np.testing.assert_array_equal(np.column_stack([x, y]), learned.history_.weights[:, :2])
    assert display.ax_.get_zlabel() == "J (nats)"
    assert display.colorbars_ == []
    own = plt.figure().add_subplot(projection="3d")
    assert display.plot(own, kind="surface").ax_ is own


def test_steps_on_a_sample_are_shown_as_such(staged):
    data, truth, neuron = staged
    display = LossLandscapeDisplay.from_estimator(neuron, data, truth, class_of_interest=1)
    on_all, on_sample = display.paths_
    first, steps = int(np.argmax(neuron.history_.on_all)), neuron.n_iter_[1]
    assert len(on_all.get_xdata()) == steps + 1
    assert len(on_sample.get_xdata()) == first + 1
    assert on_all.get_label() == f"the path, {steps} steps"
    assert on_sample.get_label() == f"{first} steps on a sample"
    expected = J(neuron.history_.weights[: first + steps + 1, :, 1].T, data, truth == 1)  # of all examples
    np.testing.assert_allclose(display.landscapes[0].heights, expected, rtol=1e-9)


def test_without_a_path_it_says_what_to_do_and_draws_j_alone():
    blind = SigmoidNeuronClassifier().fit(X, Y)
    with pytest.raises(ValueError, match=r"fit with record='path', or pass path=False"):
        LossLandscapeDisplay.from_estimator(blind, X, Y)
    display = LossLandscapeDisplay.from_estimator(blind, X, Y, path=False, coordinates="both")
    assert display.paths_ == display.starts_ == []
    for landscape in display.landscapes:
        assert landscape.loss.min() - landscape.end[2] < 0.01
        assert landscape.loss.max() - landscape.end[2] > 0.5  # the view shows more than the floor


# Which parameters, of whom, on which examples -------------------------------------------------------------


def test_parameters_by_name_and_number(learned):
    names = {"feature_names": ["length", "bias"]}
    for parameters in (["bias", 2], [1, 2]):
        landscape = landscape_of(learned, X, Y, parameters=parameters, **names)
        assert landscape.names == ("weight of bias", "bias b")
        np.testing.assert_array_equal(landscape.path, learned.history_.weights[:, [1, 2]])
    assert landscape_of(learned, X, Y, parameters=["bias", "x1"]).names == ("bias b", "weight of x1")


@pytest.mark.parametrize("parameters", [["depth", "bias"], [0, 0], [0, 7], [0], [0.5, 1], [-1, 0]])
def test_parameters_that_there_are_not(learned, parameters):
    with pytest.raises(ValueError, match=r"parameters must be two different ones, by number from 0 to 2 or by name"):
        LossLandscapeDisplay.from_estimator(learned, X, Y, parameters=parameters)


def test_the_most_important_of_many_parameters(cancer):
    data, truth, neuron = cancer
    names = [f"name {j}" for j in range(30)]
    expected = sorted(np.argsort(-np.abs(neuron.coef_[0]) * data.std(axis=0))[:2])
    landscape = landscape_of(neuron, data, truth, feature_names=names)
    assert landscape.names == tuple(f"weight of name {j}" for j in expected)


def test_one_of_three_neurons(irises):
    data, truth, neurons = irises
    names = ["setosa", "versicolor", "virginica"]
    landscape = landscape_of(neurons, data, truth, class_of_interest=1, parameters=[2, 3], class_names=names)
    assert landscape.title == "The valley of J, of the neuron for versicolor"
    walked = neurons.n_iter_[1] + 1  # another one walked on
    assert walked < len(neurons.history_)
    np.testing.assert_array_equal(landscape.path, neurons.history_.weights[:walked, 2:4, 1])
    assert landscape.end[2] == pytest.approx(neurons.loss_curve_[-1, 1], rel=1e-12)
    with pytest.raises(ValueError, match="class_of_interest"):
        LossLandscapeDisplay.from_estimator(neurons, data, truth)


@pytest.mark.parametrize("form", [np.asarray, np.ndarray.tolist, sp.csr_matrix, sp.csc_array, pd.DataFrame])
@pytest.mark.parametrize("is_piped", [False, True])
def test_an_example_of_weight_0_is_not_there(form, is_piped):
    weight = np.where(np.arange(len(Y)) % 3 == 0, 0.0, 2.0)
    data, truth, counts = form(1e3 * X), np.where(weight > 0, Y, 7), weight > 0  # the labels of others are unknown
    neuron = SigmoidNeuronClassifier(record="path")
    estimator = make_pipeline(MaxAbsScaler(), neuron) if is_piped else neuron
    given = form(1e3 * X[counts]), Y[counts]
    estimator.fit(*given, **{"sigmoidneuronclassifier__" * is_piped + "sample_weight": weight[counts]})
    one = landscape_of(estimator, data, truth, sample_weight=weight)
    other = landscape_of(estimator, *given, sample_weight=weight[counts])
    np.testing.assert_array_equal(one.loss, other.loss)
    assert one.remarks == other.remarks == ()


@pytest.mark.parametrize(("weight", "message"), [(0.0, "non-zero|above 0"), (-1.0, "egative")])
def test_weights_that_cannot_be(learned, weight, message):
    with pytest.raises(ValueError, match=message):
        LossLandscapeDisplay.from_estimator(learned, X, Y, sample_weight=np.full(len(Y), weight))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_j_of_other_examples_is_said_to_be(dtype):
    data, weight = X.astype(dtype), np.where(Y == 1, 5.0, 1.0)
    neuron = SigmoidNeuronClassifier(record="path").fit(data, Y, weight)

    def remarks(data, truth, weight=None):
        display = LossLandscapeDisplay.from_estimator(neuron, data, truth, sample_weight=weight)
        expected = J(neuron.history_.weights.T, data, truth, weight)
        np.testing.assert_allclose(display.landscapes[0].heights, expected, rtol=1e-4)
        return [text for text in words(display) if "recorded" in text]

    assert remarks(data, Y, weight) == []
    last = f"J of these examples; the fit recorded {neuron.loss_curve_[-1]:.4g}"
    assert remarks(data, Y) == remarks(data[:150], Y[:150]) == [last]


@pytest.mark.parametrize("form", [lambda table: table, lambda table: table.astype(object)])
def test_a_table_of_numbers_and_truths(form):
    table = form(pd.DataFrame({"length": X[:, 0], "is wide": X[:, 1] > 1.5}))
    neuron = SigmoidNeuronClassifier(record="path").fit(table, Y)
    assert landscape_of(neuron, table, Y).end[2] == pytest.approx(neuron.loss_curve_[-1], rel=1e-12)


def test_options_that_there_are_not(learned):
    with pytest.raises(ValueError, match=r"coordinates must be one of .*; got 'polar'"):
        LossLandscapeDisplay.from_estimator(learned, X, Y, coordinates="polar")
    with pytest.raises(ValueError, match=r"kind must be one of .*; got 'map'"):
        LossLandscapeDisplay.from_estimator(learned, X, Y, kind="map")
    with pytest.raises(ValueError, match="three-dimensional axes"):
        LossLandscapeDisplay.from_estimator(learned, X, Y, kind="surface", ax=plt.subplot())
    one = SigmoidNeuronClassifier(fit_intercept=False, record="path").fit(X[:, :1] - 4.6, Y)
    with pytest.raises(ValueError, match="needs two parameters; this neuron has one weight and no bias"):
        LossLandscapeDisplay.from_estimator(one, X[:, :1] - 4.6, Y)
