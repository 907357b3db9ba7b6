"""Two dials for the slope and one lever for the shift: what each does to the line, and what it leaves alone."""

import numpy as np
import pytest
import scipy.sparse as sp
from conftest import told

from sklearn_neuron import SigmoidNeuronClassifier
from sklearn_neuron.datasets import make_toxic_plants
from sklearn_neuron.displays import DialsDisplay

PLANTS = make_toxic_plants(random_state=0)
X, Y = PLANTS.data, PLANTS.target


@pytest.fixture
def dials(learned):
    names = {"feature_names": ["leaf length (cm)", "leaf width (cm)"], "class_names": PLANTS.target_names}
    return DialsDisplay.from_estimator(learned, X, Y, **names)


def ends(boundaries):
    """The two ends of each line, (x, y) of shape (2, 2)."""
    return [np.array(line.get_data()) for line in boundaries]


def values_told(display, parameter):
    return told(display.axes_[0, parameter].get_legend().get_texts())


def test_every_line_is_where_the_turned_neuron_hesitates(dials, learned):
    for parameter, (settings, boundaries) in enumerate(zip(dials.settings_, dials.boundaries_, strict=True)):
        for value, line in zip(settings, ends(boundaries), strict=True):
            theta = np.append(learned.coef_[0], learned.intercept_)
            theta[parameter] = value
            np.testing.assert_allclose(theta[:2] @ line + theta[2], 0, atol=1e-12)


def test_the_settings_are_turns_of_what_was_learned(dials, learned):
    for j in (0, 1):
        np.testing.assert_allclose(dials.settings_[j], learned.coef_[0, j] * np.array([0.5, 0.75, 1, 1.5, 2]))
    steps = np.diff(dials.settings_[2])
    np.testing.assert_allclose(steps, steps[0])
    assert dials.settings_[2][2] == learned.intercept_[0]
    np.testing.assert_allclose(dials.settings_[2][-1] - dials.settings_[2][2], np.std(learned.decision_function(X)))


def test_the_dials_change_the_slope_and_the_lever_only_shifts(dials):
    def slopes(boundaries):
        return [(line[1, 1] - line[1, 0]) / (line[0, 1] - line[0, 0]) for line in ends(boundaries)]

    assert len({round(slope, 6) for slope in slopes(dials.boundaries_[0])}) == 5
    assert len({round(slope, 6) for slope in slopes(dials.boundaries_[1])}) == 5
    np.testing.assert_allclose(slopes(dials.boundaries_[2]), slopes(dials.boundaries_[2])[0])


def test_the_learned_line_is_the_strong_one_and_hands_are_called_by_their_values(dials):
    titles = [panel.get_title(loc="left") for panel in dials.axes_[0]]
    assert titles == ["Turn w1, leaf length (cm)", "Turn w2, leaf width (cm)", "Move b, the bias"]
    assert values_told(dials, 2) == [f"b = {value:.3g}".replace("-", "−") for value in dials.settings_[2]]
    for boundaries, dial in zip(dials.boundaries_, dials.dials_, strict=True):
        assert np.argmax([line.get_linewidth() for line in boundaries]) == 2
        assert [line.get_linestyle() for line in boundaries] == ["--", "--", "-", "-", "-"]
        _, *hands = dial.lines  # after a circle or a slot
        assert [line.get_color() for line in boundaries] == [hand.get_color() for hand in hands]
        assert len({line.get_color() for line in boundaries}) == 5


def test_a_line_that_leaves_the_view_does_not_widen_it(learned):
    narrow, wide = (DialsDisplay.from_estimator(learned, X, Y, turns=turns) for turns in ((0.9, 1.1), (0.01, 50)))
    assert narrow.axes_[0, 0].get_xlim() == wide.axes_[0, 0].get_xlim()
    assert narrow.axes_[0, 0].get_ylim() == wide.axes_[0, 0].get_ylim()
    assert narrow.axes_[0, 0].get_xlim()[1] > X[:, 0].max()


@pytest.mark.parametrize("form", [np.asarray, sp.csr_array, sp.csc_array])
def test_of_many_features_two_are_turned_and_the_rest_held_at_their_median(cancer, form):
    data, truth, neuron = cancer
    names = [f"name {j}" for j in range(30)]
    drawn = DialsDisplay.from_estimator(neuron, form(data), truth, features=["name 3", 23], feature_names=names)
    held = np.median(data, axis=0)
    place = np.tile(held, (2, 1))
    place[:, [3, 23]] = ends(drawn.boundaries_[0])[2].T
    scale = np.abs(neuron.decision_function(data)).max()
    np.testing.assert_allclose(neuron.decision_function(place), 0, atol=1e-10 * scale)
    held[[3, 23]] = 0
    start, said = drawn.axes_[0, 2].get_title(loc="left").rsplit(" ", 1)
    assert start == "Move b; 28 at median add"
    assert float(said.replace("−", "-")) == pytest.approx(held @ neuron.coef_[0], rel=5e-3)
    titles = [panel.get_title(loc="left") for panel in drawn.axes_[0, :2]]
    assert titles == ["Turn w4, name 3", "Turn w24, name 23"]
    assert [settings[2] for settings in drawn.settings_] == [*neuron.coef_[0, [3, 23]], neuron.intercept_[0]]
    assert values_told(drawn, 1)[2] == f"w24 = {neuron.coef_[0, 23]:.3g}".replace("-", "−")


def test_the_two_features_are_those_that_matter_most(rng):
    data = rng.normal(2, 1, (50, 6))
    truth = data[:, 1] + data[:, 4] > 4
    drawn = DialsDisplay.from_estimator(SigmoidNeuronClassifier().fit(data, truth), data, truth)
    np.testing.assert_array_equal(np.column_stack([drawn.x1, drawn.x2]), data[:, [1, 4]])


def test_settings_close_to_each_other_are_told_apart(dials):
    dials.bias, dials.held = 1e6, dials.bias - 1e6
    assert len(set(values_told(dials.plot(), 2))) == 5


def test_one_of_three_neurons(irises):
    data, truth, neurons = irises
    names = ["setosa", "versicolor", "virginica"]
    drawn = DialsDisplay.from_estimator(neurons, data, truth, class_of_interest=2, features=[2, 3], class_names=names)
    assert drawn.class_names == ("not virginica", "virginica")
    np.testing.assert_array_equal(drawn.weights, neurons.coef_[2, 2:])


@pytest.mark.parametrize("turns", [(0.5, 1.0, 2.0), (2.0, 0.5), (0.5, 0.5), 0.5])
def test_turns_that_are_none_are_refused(learned, turns):
    with pytest.raises(ValueError, match="turns must increase, without 1"):
        DialsDisplay.from_estimator(learned, X, Y, turns=turns)


@pytest.mark.parametrize("weights", [[0.0, 0.0], [np.nan, 1.0], [1.0, np.inf]])
def test_without_a_line_there_is_nothing_to_turn(dials, weights):
    dials.weights = weights
    with pytest.raises(ValueError, match="There is no line to turn"):
        dials.plot()


@pytest.mark.parametrize("weights", [[1.5, 0.0], [0.0, -1.5], [1e3, 1.0], [1e-9, 1.0], [-2.0, 3.0]])
def test_a_line_goes_from_edge_to_edge_however_steep_it_is(dials, weights):
    dials.weights, dials.bias = weights, -5.0 * weights[0] - 2.0 * weights[1]  # through (5, 2)
    panel, (x, y) = dials.plot().axes_[0, 2], ends(dials.boundaries_[2])[2]
    np.testing.assert_allclose(weights[0] * (x - 5) + weights[1] * (y - 2), 0, atol=1e-12 * np.abs(weights).max())
    assert sorted(x) == pytest.approx(sorted(panel.get_xlim())) or sorted(y) == pytest.approx(sorted(panel.get_ylim()))


def test_a_neuron_with_one_feature_has_no_plane():
    neuron = SigmoidNeuronClassifier().fit(X[:, :1], Y)
    with pytest.raises(ValueError, match="A plane needs two features; the neuron sees 1"):
        DialsDisplay.from_estimator(neuron, X[:, :1], Y)
