"""Pictures of a layer: what they show is what `predict_proba` says, and J is that of the layer."""

import numpy as np
import pytest
from conftest import at, held_but, told, words
from matplotlib.colors import to_rgb
from scipy.special import expit
from sklearn.datasets import load_digits, load_iris, load_wine

from sklearn_neuron import SigmoidNeuronClassifier
from sklearn_neuron.displays import (
    DecisionFieldDisplay,
    DialsDisplay,
    LikelihoodDisplay,
    LogLossDisplay,
    LossCurveDisplay,
    LossLandscapeDisplay,
    NeuronDiagramDisplay,
    PlantsDisplay,
    SigmoidCurveDisplay,
    animate_descent,
)
from sklearn_neuron.inspection.layers import lead

NAMES = ["setosa", "versicolor", "virginica"]


@pytest.fixture(scope="module")
def flat():
    """X of two features, y, and the layer that knows them."""
    X, y = load_iris(return_X_y=True)
    X = X[:, 2:]
    return X, y, SigmoidNeuronClassifier(multi_class="multinomial", record="path").fit(X, y)


@pytest.fixture(scope="module")
def wines():
    X, y = load_wine(return_X_y=True)
    return X, y, SigmoidNeuronClassifier(multi_class="multinomial", record="path").fit(X, y)


def J(columns, X, y, C=1.0):
    """J of a layer at columns (q, K), from its definition."""
    z = X @ columns[:-1] + columns[-1]
    loss = np.logaddexp.reduce(z, axis=1) - z[np.arange(len(y)), y]
    return (loss.sum() + (columns[:-1] ** 2).sum() / (2 * C)) / len(y)


# What it believes -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("class_of_interest", [None, 1])
def test_the_field_is_predict_proba_and_its_boundary_a_tie(flat, class_of_interest):
    X, y, layer = flat
    display = DecisionFieldDisplay.from_estimator(layer, X, y, class_of_interest=class_of_interest)
    grid = np.stack(np.meshgrid(display.xx, display.yy), axis=-1).reshape(-1, 2)
    expected = layer.predict_proba(grid).reshape(200, 200, 3)
    if class_of_interest is not None:
        expected = expected[..., class_of_interest]
    np.testing.assert_allclose(display.belief, expected, rtol=1e-12)
    lines = [line for contours in display.boundary_ for line in contours.allsegs[0]]
    assert lines
    for z in map(layer.decision_function, lines):
        if class_of_interest is None:
            _, second, highest = np.sort(z, axis=1).T
            np.testing.assert_allclose(second, highest, atol=0.05)  # between points of the grid it is interpolated
        else:
            np.testing.assert_allclose(lead(z, class_of_interest), 0, atol=0.05)
    assert display.arrow_ is None  # no neuron has a direction of its own


@pytest.mark.parametrize("data", [load_iris, load_wine])
def test_of_many_features_and_three_classes_every_sample_has_its_own_beliefs(data):
    """In a layer only differences of scores count, and three classes have two of them: the plane loses nothing."""
    X, y = data(return_X_y=True)
    layer = SigmoidNeuronClassifier(multi_class="multinomial").fit(X, y)
    display = DecisionFieldDisplay.from_estimator(layer, X, y, grid_resolution=400)
    assert "average" not in " ".join(words(display.points_))
    columns = np.abs(np.asarray(display.xx)[:, None] - display.points.x1).argmin(axis=0)
    rows = np.abs(np.asarray(display.yy)[:, None] - display.points.x2).argmin(axis=0)
    beliefs = layer.predict_proba(X)
    np.testing.assert_allclose(display.belief[rows, columns], beliefs, atol=0.06)  # of the next point of the grid
    sure = np.sort(beliefs, axis=1)[:, 2] > 0.6
    np.testing.assert_array_equal(display.belief[rows, columns].argmax(axis=1)[sure], layer.predict(X)[sure])


def test_of_many_classes_every_sample_is_in_the_row_of_its_answer_as_sure_as_it_is():
    X, y = load_digits(return_X_y=True)
    layer = SigmoidNeuronClassifier(multi_class="multinomial", tol=1e-2).fit(X, y)
    points = DecisionFieldDisplay.from_estimator(layer, X, y).points
    np.testing.assert_allclose(points.x1, layer.predict_proba(X).max(axis=1), rtol=1e-9)
    np.testing.assert_array_equal(np.rint(points.x2), layer.predict(X))


def test_one_class_stands_by_its_log_odds(wines):
    X, y, layer = wines
    display = DecisionFieldDisplay.from_estimator(layer, X, y, class_of_interest=2)
    np.testing.assert_allclose(expit(display.points.x1), layer.predict_proba(X)[:, 2], rtol=1e-9)


def test_a_slice_is_held_where_it_says(wines):
    X, y, layer = wines
    display = DecisionFieldDisplay.from_estimator(layer, X, y, features=[0, 6], grid_resolution=20)
    grid = np.stack(np.meshgrid(display.xx, display.yy), axis=-1).reshape(-1, 2)
    expected = layer.predict_proba(held_but(X, [0, 6], grid))
    np.testing.assert_allclose(display.belief.reshape(-1, 3), expected, rtol=1e-12)


@pytest.mark.parametrize("k", [0, 1, 2])
def test_samples_sit_on_the_sigmoid_at_their_lead(layered_irises, k):
    X, y, layer = layered_irises
    display = SigmoidCurveDisplay.from_estimator(layer, X, y, class_of_interest=k, class_names=NAMES, residuals=True)
    z, a = layer.decision_function(X), layer.predict_proba(X)[:, k]
    half = display.ax_.get_xlim()[1]
    for truth, points in enumerate(display.points_):
        mine = (y == k) == truth
        np.testing.assert_allclose(at(points)[:, 0], np.clip(lead(z, k)[mine], -half, half), rtol=1e-12)
        np.testing.assert_allclose(at(points)[:, 1], a[mine], rtol=1e-9)
    assert display.ax_.get_ylabel() == f"belief a = P({NAMES[k]})"
    assert display.ax_.get_xlabel() == f"lead of {NAMES[k]}: its z − log Σ exp(z of the others)"
    assert told(display.sides_) == [f"against the rest:\nnot {NAMES[k]}", f"against the rest:\n{NAMES[k]}"]
    assert words(display)[-1] == "as predict_proba; the largest decides"
    assert "alone" not in " ".join(told(display.ax_.texts))


def test_what_samples_pay_is_for_the_truth_among_all_classes(layered_irises):
    X, y, layer = layered_irises
    display = LogLossDisplay.from_estimator(layer, X, y, class_of_interest=1, class_names=NAMES)
    a, loss = layer.predict_proba(X), -layer.predict_log_proba(X)[np.arange(150), y]
    others, own = map(at, display.points_)
    np.testing.assert_allclose(own, np.column_stack([a[:, 1], loss])[y == 1], rtol=1e-9)
    np.testing.assert_allclose(others, np.column_stack([a[:, 1], loss])[y != 1], rtol=1e-9)
    assert (others[:, 1] >= -np.log1p(-others[:, 0]) * (1 - 1e-9)).all()  # on their curve, or above


def test_truths_are_as_plausible_as_the_layer_finds_them(layered_irises):
    X, y, layer = layered_irises
    display = LikelihoodDisplay.from_estimator(layer, X, y)
    assert display.log_probabilities.sum() == pytest.approx(np.log(layer.predict_proba(X)[np.arange(150), y]).sum())
    assert len(at(PlantsDisplay.from_estimator(layer, X, y).rings_)) == (layer.predict(X) != y).sum()


def test_no_dial_turns_a_boundary_that_belongs_to_two(layered_irises):
    X, y, layer = layered_irises
    with pytest.raises(ValueError, match=r"No neuron of a layer has a boundary of its own.*DecisionFieldDisplay shows"):
        DialsDisplay.from_estimator(layer, X, y, class_of_interest=1)


# How it is made -------------------------------------------------------------------------------------------


def test_the_diagram_shares_one_belief_among_all_neurons(layered_irises):
    X, _, layer = layered_irises
    display = NeuronDiagramDisplay.from_estimator(layer, X=X, class_names=NAMES)
    assert (len(display.neurons_), len(display.curves_), len(display.shares_)) == (3, 0, 1)  # no sigmoid is drawn
    texts = told(display.ax_.texts)
    assert "softmax" in texts
    assert any("sum of all $e^z$" in text for text in texts)
    assert not any("e^{-z}" in text for text in texts)
    assert told(display.outputs_) == NAMES


@pytest.mark.parametrize("row", [0, 70, 133])
def test_a_sample_fills_the_unit_of_belief(layered_irises, row):
    X, _, layer = layered_irises
    display = NeuronDiagramDisplay.from_estimator(layer, x=X[row], class_names=NAMES)
    *given, others = (share.get_height() for share in display.shares_)
    np.testing.assert_allclose(np.array(given) / sum(given), layer.predict_proba(X[[row]])[0], rtol=1e-9)
    assert others == pytest.approx(0, abs=1e-9)
    assert [share.get_y() for share in display.shares_] == sorted((s.get_y() for s in display.shares_), reverse=True)
    colors = [to_rgb(share.get_facecolor()) for share in display.shares_]
    assert len(set(colors)) == 4
    z = layer.decision_function(X[[row]])[0]
    assert {f"{score:.3g}".replace("-", "\u2212") for score in z} <= set(told(display.ax_.texts))


def test_one_neuron_of_a_layer_has_an_exponential_and_the_share_of_the_layer(layered_irises):
    X, _, layer = layered_irises
    display = NeuronDiagramDisplay.from_estimator(layer, x=X[70], class_of_interest=1, class_names=NAMES)
    a = layer.predict_proba(X[[70]])[0, 1]
    assert display.belief_text_.get_text() == f"$a$ = {a:.2f}"
    assert told(display.outputs_) == ["P(versicolor | x)", f"{100 * a:.0f} %"]
    heights = display.curves_[0].get_ydata()
    bends = np.diff(heights, 2)
    assert (np.diff(heights) > 0).all()
    assert (bends > 0).all()  # an exponential, not a sigmoid


def test_many_neurons_are_the_most_probable_and_the_rest_is_drawn_too():
    X, y = load_digits(return_X_y=True)
    X, y = X[:400], y[:400] + 10 * (np.arange(400) % 2)
    layer = SigmoidNeuronClassifier(multi_class="multinomial", tol=1e-2).fit(X, y)
    display = NeuronDiagramDisplay.from_estimator(layer, x=X[7])
    heights = np.array([share.get_height() for share in display.shares_])
    a = layer.predict_proba(X[[7]])[0]
    assert len(display.neurons_) == 10
    np.testing.assert_allclose(heights[:-1] / heights.sum(), a[display.shown_neurons_], atol=1e-9)


# How it learned -------------------------------------------------------------------------------------------


def test_a_layer_has_one_curve(layered_irises):
    X, y, layer = layered_irises
    display = LossCurveDisplay.from_estimator(layer, X, y, X_held_out=X[::3], y_held_out=y[::3], class_names=NAMES)
    ((line,),) = display.lines_
    np.testing.assert_array_equal(line.get_ydata(), layer.loss_curve_)
    (held_out,) = display.held_out_
    columns = layer.history_.weights
    a = [np.exp(X[::3] @ one[:-1] + one[-1]) for one in columns]
    a = [e[np.arange(50), y[::3]] / e.sum(axis=1) for e in a]
    np.testing.assert_allclose(held_out.get_ydata(), -np.log(a).mean(axis=1), rtol=1e-9)
    assert words(display)[0] == "J, learned from"
    assert not any("not the J" in word for word in words(display))
    assert any("not the J" in w for w in words(LossCurveDisplay.from_estimator(layer, X[::2], y[::2])))


@pytest.mark.parametrize("name", ["flat", "wines"])
@pytest.mark.parametrize("k", [0, 2])
def test_the_landscape_is_the_j_of_the_layer(name, k, request):
    X, y, layer = request.getfixturevalue(name)
    display = LossLandscapeDisplay.from_estimator(layer, X, y, class_of_interest=k)
    (landscape,) = display.landscapes
    learned = np.vstack([layer.coef_.T, layer.intercept_])
    assert landscape.end[2] == pytest.approx(J(learned, X, y), rel=1e-9)
    assert landscape.end[2] == pytest.approx(layer.loss_curve_[-1], rel=1e-9)
    np.testing.assert_allclose(landscape.heights, layer.loss_curve_, rtol=1e-9)
    assert landscape.loss.min() >= landscape.end[2] * (1 - 1e-6)
    influence = np.abs(layer.coef_[k]) * X.std(axis=0)
    two = np.sort(np.argsort(-influence)[:2])
    np.testing.assert_array_equal(landscape.path, layer.history_.weights[:, two, k])
    assert landscape.names == tuple(f"weight of x{j + 1}" for j in two)
    assert display.ax_.get_title(loc="left") == f"The valley of J, of the layer, over weights of {k}"


def test_where_two_weights_are_all_that_moves_the_ground_is_exact(flat):
    """Between the start and the end the plane holds both: J there is J of the way from one to the other."""
    X, y, layer = flat
    (landscape,) = LossLandscapeDisplay.from_estimator(layer, X, y, class_of_interest=1).landscapes
    first, last = layer.history_.weights[0], np.vstack([layer.coef_.T, layer.intercept_])
    ways = [first + t * (last - first) for t in (0, 1)]
    np.testing.assert_allclose(landscape.ground[[0, -1]], [J(way, X, y) for way in ways], rtol=1e-6)


def test_the_whitened_valley_of_a_layer_is_round(flat):
    X, y, layer = flat
    display = LossLandscapeDisplay.from_estimator(layer, X, y, class_of_interest=1, coordinates="both")
    curvatures = []
    for landscape in display.landscapes:
        places = np.column_stack([landscape.x.ravel(), landscape.y.ravel()])
        loss = landscape.loss.ravel()
        near = loss - loss.min() < 0.01 * (np.quantile(loss, 0.98) - loss.min())
        x1, x2 = (places[near] - places[loss.argmin()]).T
        terms = np.column_stack([np.ones(near.sum()), x1, x2, x1 * x2, x1**2, x2**2])
        curvatures.append(np.linalg.lstsq(terms, loss[near])[0][-2:])
    raw, whitened = curvatures
    np.testing.assert_allclose(whitened, 0.5, rtol=0.05)  # J rises by u^2 / 2
    assert max(raw) / min(raw) > 2


def test_parameters_of_a_layer_are_those_of_the_class(flat):
    X, y, layer = flat
    (landscape,) = LossLandscapeDisplay.from_estimator(
        layer, X, y, class_of_interest=2, parameters=["x2", "bias"], kind="surface"
    ).landscapes
    assert landscape.names == ("weight of x2", "bias b")
    np.testing.assert_allclose(landscape.end[:2], [layer.coef_[2, 1], layer.intercept_[2]], rtol=1e-12)
    with pytest.raises(ValueError, match="by number from 0 to 2 or by name"):
        LossLandscapeDisplay.from_estimator(layer, X, y, class_of_interest=2, parameters=[0, 5])
    with pytest.raises(ValueError, match="pass class_of_interest, one of"):
        LossLandscapeDisplay.from_estimator(layer, X, y)


def test_of_many_examples_of_a_layer_the_ground_is_that_of_all(rng):
    y = np.arange(20_700) % 3
    x = rng.normal(size=(len(y), 2)) + np.eye(3, 2)[y]
    layer = SigmoidNeuronClassifier(multi_class="multinomial", record="path").fit(x, y)
    display = LossLandscapeDisplay.from_estimator(layer, x, y, class_of_interest=1)
    assert words(display)[-1] == "ground: 20,000 of 20,700 examples, by chance"
    assert display.landscapes[0].end[2] == pytest.approx(layer.loss_curve_[-1], rel=1e-9)


def test_a_film_of_two_features_shows_the_beliefs_of_every_step(flat):
    X, y, layer = flat
    film = animate_descent(layer, X, y, class_of_interest=1, class_names=NAMES, dpi=30)
    assert film.title == "The layer learns what is versicolor"
    losses = layer.loss_curve_
    assert film.captions == tuple(f"step {step}: J = {loss:.4f}" for step, loss in enumerate(losses))


@pytest.mark.parametrize("name", ["flat", "wines"])
@pytest.mark.parametrize("options", [{}, {"features": [0, 1]}], ids=str)
def test_views_of_a_layer_are_true_in_every_frame(name, options, request, monkeypatch):
    X, y, layer = request.getfixturevalue(name)
    seen = {}
    for view in ("with_samples_fixed", "with_lead_fixed"):
        make = getattr(__import__("sklearn_neuron.displays.animation", fromlist=[view]), view)
        monkeypatch.setattr(
            f"sklearn_neuron.displays.animation.{view}",
            lambda *given, make=make, view=view: seen.setdefault(view, make(*given)),
        )
    animate_descent(layer, X, y, class_of_interest=2, dpi=20, **options)
    ((kind, view),) = seen.items()
    assert kind == ("with_lead_fixed" if name == "wines" and not options else "with_samples_fixed")
    for columns, belief, line, places in zip(
        layer.history_.weights, view.beliefs, view.boundaries, view.places, strict=True
    ):
        leads = lead(X @ columns[:-1] + columns[-1], 2)
        if kind == "with_lead_fixed":
            inside = np.abs(leads) < 0.9 * view.x[1]
            assert inside.any()
            np.testing.assert_allclose(places[inside, 0], leads[inside], rtol=1e-9, atol=1e-9)
            continue
        grid = np.stack(np.meshgrid(*(np.linspace(*ends, len(belief)) for ends in (view.x, view.y))), axis=-1)
        samples = grid.reshape(-1, 2) if name == "flat" else held_but(X, [0, 1], grid.reshape(-1, 2))
        expected = lead(samples @ columns[:-1] + columns[-1], 2)
        np.testing.assert_allclose(belief.ravel(), expit(expected), rtol=1e-9)
        on_line = np.column_stack(line)[np.isfinite(line[0])]
        samples = on_line if name == "flat" else held_but(X, [0, 1], on_line)
        np.testing.assert_allclose(lead(samples @ columns[:-1] + columns[-1], 2), 0, atol=0.05)  # interpolated


# Nothing else ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(3))
def test_one_class_against_the_rest_is_the_same_in_all_pictures(seed):
    rng = np.random.default_rng(seed)
    X, y = rng.normal(size=(30, 2)), np.arange(30) % 4
    layer = SigmoidNeuronClassifier(multi_class="multinomial", tol=1e-2).fit(X + np.eye(4, 2)[y], y)
    points = DecisionFieldDisplay.from_estimator(layer, X, y, class_of_interest=1, grid_resolution=4)
    sigmoid = SigmoidCurveDisplay.from_estimator(layer, X, y, class_of_interest=1)
    np.testing.assert_array_equal(points.points.predicted == 1, np.asarray(sigmoid.linear_scores) > 0)


def test_of_two_classes_a_layer_draws_what_a_neuron_draws(plants, learned):
    two = SigmoidNeuronClassifier(multi_class="multinomial", record="path").fit(plants.data, plants.target)
    for display in (SigmoidCurveDisplay, LogLossDisplay, DialsDisplay, LossLandscapeDisplay, DecisionFieldDisplay):
        one, other = (display.from_estimator(neuron, plants.data, plants.target) for neuron in (learned, two))
        drawn = []
        for each in (one, other):
            each.figure_.canvas.draw()
            drawn.append(np.asarray(each.figure_.canvas.buffer_rgba()).copy())
        np.testing.assert_array_equal(*drawn)
