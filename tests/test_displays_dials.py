"""Two dials for the slope and one lever for the shift: what each does to the line, and what it leaves alone."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given
from hypothesis import strategies as st
from sklearn.datasets import load_breast_cancer, load_iris
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from sklearn_neuron import SigmoidNeuronClassifier
from sklearn_neuron.datasets import make_toxic_plants
from sklearn_neuron.displays import DialsDisplay
from sklearn_neuron.displays.diagram import brief
from sklearn_neuron.displays.names import plain
from sklearn_neuron.displays.palette import INK
from sklearn_neuron.displays.plane import Plane, boundary_line
from sklearn_neuron.inspection.subject import subject_of

PLANTS = make_toxic_plants(random_state=0)
X, Y = PLANTS.data, PLANTS.target
UNITS = ["leaf length (cm)", "leaf width (cm)"]


@pytest.fixture(scope="module")
def neuron():
    return SigmoidNeuronClassifier().fit(X, Y)


@pytest.fixture
def dials(neuron):
    return DialsDisplay.from_estimator(neuron, X, Y, feature_names=UNITS, class_names=PLANTS.target_names)


def ends(boundaries):
    return [np.array(line.get_data()) for line in boundaries]


def test_every_line_is_where_the_turned_neuron_hesitates(dials, neuron):
    learned = np.append(neuron.coef_[0], neuron.intercept_)
    for parameter, (settings, boundaries) in enumerate(zip(dials.settings_, dials.boundaries_, strict=True)):
        for value, line in zip(settings, ends(boundaries), strict=True):
            theta = learned.copy()
            theta[parameter] = value
            np.testing.assert_allclose(theta[:2] @ line + theta[2], 0, atol=1e-12)


def test_the_settings_are_turns_of_what_was_learned(dials, neuron):
    for j in (0, 1):
        np.testing.assert_allclose(dials.settings_[j], neuron.coef_[0, j] * np.array([0.5, 0.75, 1, 1.5, 2]))
    steps = np.diff(dials.settings_[2])
    np.testing.assert_allclose(steps, steps[0])
    assert dials.settings_[2][2] == neuron.intercept_[0]
    np.testing.assert_allclose(dials.settings_[2][-1] - dials.settings_[2][2], np.std(neuron.decision_function(X)))


def test_the_dials_change_the_slope_and_the_lever_only_shifts(dials):
    def slopes(boundaries):
        return [(line[1, 1] - line[1, 0]) / (line[0, 1] - line[0, 0]) for line in ends(boundaries)]

    assert len({round(slope, 6) for slope in slopes(dials.boundaries_[0])}) == 5
    assert len({round(slope, 6) for slope in slopes(dials.boundaries_[1])}) == 5
    np.testing.assert_allclose(slopes(dials.boundaries_[2]), slopes(dials.boundaries_[2])[0])


def test_the_learned_line_is_the_strong_one_in_every_panel(dials):
    for boundaries in dials.boundaries_:
        widths = [line.get_linewidth() for line in boundaries]
        assert np.argmax(widths) == 2
        assert boundaries[2].get_color() == INK
        assert [line.get_linestyle() for line in boundaries] == ["--", "--", "-", "-", "-"]


def test_names_values_and_hands(dials):
    titles = [panel.get_title(loc="left") for panel in dials.axes_[0]]
    assert titles == ["Turn w1, leaf length (cm)", "Turn w2, leaf width (cm)", "Move b, the bias"]
    texts = [text.get_text() for text in dials.axes_[0, 2].get_legend().get_texts()]
    assert texts == [f"b = {value:.3g}".replace("-", "−") for value in dials.settings_[2]]
    assert [len(dial.lines) for dial in dials.dials_] == [6, 6, 6]  # a circle or a slot, and five hands
    for boundaries, dial in zip(dials.boundaries_, dials.dials_, strict=True):
        assert [line.get_color() for line in boundaries] == [hand.get_color() for hand in dial.lines[1:]]


def test_a_line_that_leaves_the_view_does_not_widen_it(neuron):
    narrow = DialsDisplay.from_estimator(neuron, X, Y, turns=(0.9, 1.1))
    wide = DialsDisplay.from_estimator(neuron, X, Y, turns=(0.01, 50))
    assert narrow.axes_[0, 0].get_xlim() == wide.axes_[0, 0].get_xlim()
    assert narrow.axes_[0, 0].get_ylim() == wide.axes_[0, 0].get_ylim()
    assert narrow.axes_[0, 0].get_xlim()[1] > X[:, 0].max()


@pytest.mark.parametrize("form", ["pipeline", "search", "sparse", "float32", "words"])
def test_neurons_inside_others_and_other_forms_of_data(form):
    neuron, data, truth = SigmoidNeuronClassifier(), X, Y
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
    drawn = DialsDisplay.from_estimator(neuron.fit(data, truth), data, truth)
    assert [len(boundaries) for boundaries in drawn.boundaries_] == [5, 5, 5]
    assert abs(data - before).max() == 0


def test_of_many_features_two_are_turned_and_the_rest_held_at_their_median():
    cancer = load_breast_cancer()
    neuron = SigmoidNeuronClassifier().fit(cancer.data, cancer.target)
    names = cancer.feature_names.tolist()
    drawn = DialsDisplay.from_estimator(
        neuron, cancer.data, cancer.target, features=["mean area", 1], feature_names=names
    )
    place = np.tile(np.median(cancer.data, axis=0), (2, 1))
    place[:, [names.index("mean area"), 1]] = ends(drawn.boundaries_[0])[2].T
    others = neuron.decision_function(place)[0] - neuron.intercept_[0]
    others -= neuron.coef_[0, [names.index("mean area"), 1]] @ place[0, [names.index("mean area"), 1]]
    assert drawn.axes_[0, 2].get_title(loc="left") == f"Move b; 28 at median add {brief(others)}"
    scale = np.abs(neuron.decision_function(cancer.data)).max()
    np.testing.assert_allclose(neuron.decision_function(place), 0, atol=1e-10 * scale)


def test_parameters_are_called_and_counted_as_those_of_the_neuron():
    cancer = load_breast_cancer()
    neuron = SigmoidNeuronClassifier().fit(cancer.data, cancer.target)
    drawn = DialsDisplay.from_estimator(neuron, cancer.data, cancer.target, features=[3, 23])
    assert [panel.get_title(loc="left") for panel in drawn.axes_[0, :2]] == ["Turn w4, x4", "Turn w24, x24"]
    for settings, learned in zip(drawn.settings_, [*neuron.coef_[0, [3, 23]], neuron.intercept_[0]], strict=True):
        assert settings[2] == learned
    texts = [text.get_text() for text in drawn.axes_[0, 1].get_legend().get_texts()]
    assert texts[2] == f"w24 = {neuron.coef_[0, 23]:.3g}".replace("-", "−")


def test_settings_close_to_each_other_are_told_apart(dials):
    dials.bias, dials.held = 1e6, dials.bias - 1e6
    texts = [text.get_text() for text in dials.plot().axes_[0, 2].get_legend().get_texts()]
    assert len(set(texts)) == 5


def test_one_of_three_neurons():
    iris = load_iris()
    neurons = SigmoidNeuronClassifier().fit(iris.data, iris.target)
    drawn = DialsDisplay.from_estimator(
        neurons, iris.data, iris.target, class_of_interest=2, features=[2, 3], class_names=iris.target_names
    )
    assert drawn.class_names == ("not virginica", "virginica")
    np.testing.assert_array_equal(drawn.weights, neurons.coef_[2, 2:])


def test_axes_of_the_user_are_divided_and_it_draws_again(neuron):
    figure, (left, right) = plt.subplots(1, 2)
    drawn = DialsDisplay.from_estimator(neuron, X, Y, ax=left)
    assert drawn.figure_ is figure
    assert plt.get_fignums() == [figure.number]
    first = drawn.axes_[0, 0]
    assert drawn.plot(ax=right) is drawn
    assert drawn.axes_[0, 0] is not first


def test_the_style_is_the_users(neuron):
    drawn = DialsDisplay.from_estimator(neuron, X, Y, line_kwargs={"lw": 7}, scatter_kwargs={"alpha": 1.0})
    assert {line.get_linewidth() for line in drawn.boundaries_[1]} == {7}
    assert drawn.points_[0].scatters_[0].get_alpha() == 1.0


def test_axes_without_a_place_in_a_grid_cannot_be_divided(neuron):
    with pytest.raises(ValueError, match=r"ax must be one of plt\.subplots"):
        DialsDisplay.from_estimator(neuron, X, Y, ax=plt.figure().add_axes((0, 0, 1, 1)))


@pytest.mark.parametrize("turns", [(0.5, 1.0, 2.0), (2.0, 0.5), (0.5, 0.5), 0.5])
def test_turns_that_are_none_are_refused(neuron, turns):
    with pytest.raises(ValueError, match="turns must increase, without 1"):
        DialsDisplay.from_estimator(neuron, X, Y, turns=turns)


@pytest.mark.parametrize("weights", [[0.0, 0.0], [np.nan, 1.0], [1.0, np.inf]])
def test_without_a_line_there_is_nothing_to_turn(dials, weights):
    dials.weights = weights
    with pytest.raises(ValueError, match="There is no line to turn"):
        dials.plot()


def test_one_weight_of_0_leaves_a_line_that_stands(dials):
    dials.weights = [1.5, 0.0]
    assert [len(boundaries) for boundaries in dials.plot().boundaries_[:1]] == [5]


@pytest.mark.parametrize("name", ["_p", "total_$_in_$", "$a$"])
def test_names_are_text(neuron, name):
    drawn = DialsDisplay.from_estimator(neuron, X, Y, feature_names=[name, "b"], class_names=["a", name])
    drawn.figure_.canvas.draw()
    assert drawn.axes_[0, 0].get_title(loc="left") == plain(f"Turn w1, {name}")
    assert [text.get_text() for text in drawn.points_[0].legend_.get_texts()][:2] == ["a", plain(name)]


def test_a_neuron_with_one_feature_has_no_plane():
    neuron = SigmoidNeuronClassifier().fit(X[:, :1], Y)
    with pytest.raises(ValueError, match="A plane needs two features; the neuron sees 1"):
        DialsDisplay.from_estimator(neuron, X[:, :1], Y)


# The plane ------------------------------------------------------------------------------------------------

finite = st.floats(-1e3, 1e3, allow_subnormal=False).map(lambda number: round(number, 3))


@given(finite, finite, finite)
def test_a_boundary_is_a_line_of_doubt_from_edge_to_edge(w1, w2, b):
    x, y = boundary_line(np.array([w1, w2]), b, (-2.0, 3.0), (10.0, 14.0))
    if w1 == w2 == 0:
        assert len(x) == len(y) == 0
        return
    np.testing.assert_allclose(w1 * x + w2 * y + b, 0, atol=1e-9 * (abs(b) + 14 * (abs(w1) + abs(w2))))
    assert x.tolist() == [-2, 3] or y.tolist() == [10, 14]


@pytest.mark.parametrize("form", [np.asarray, sp.csr_array, sp.csc_array])
def test_the_plane_sees_what_the_neuron_sees(rng, form):
    X = rng.normal(2, 1, (50, 6))
    y = X[:, 1] + X[:, 4] > 4
    neuron = SigmoidNeuronClassifier().fit(form(X), y)
    plane = Plane.of(subject_of(neuron), form(X))
    assert plane.features == [1, 4]
    np.testing.assert_array_equal(plane.points, X[:, [1, 4]])
    weights, bias = plane.seen_by(neuron.coef_[0], neuron.intercept_[0])
    place = np.median(X, axis=0)
    place[[1, 4]] = 5, 6
    assert weights @ [5, 6] + bias == pytest.approx(neuron.decision_function([place])[0], rel=1e-12)
