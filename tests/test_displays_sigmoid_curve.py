"""Every sample stands on the curve, at (z, a); its stick ends at the truth; what lies beyond the view is counted."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
from conftest import along, at, covers, told, words
from matplotlib.colors import to_rgb
from matplotlib.text import Text
from scipy.special import expit, logit
from sklearn.datasets import load_breast_cancer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from sklearn_neuron import SigmoidNeuronClassifier
from sklearn_neuron.datasets import make_toxic_plants
from sklearn_neuron.displays import SigmoidCurveDisplay

EPS = np.finfo(float).eps
ACTIVATIONS = {
    "sigmoid": expit,
    "tanh": np.tanh,
    "relu": lambda z: np.maximum(z, 0),
    "leaky_relu": lambda z: np.where(z > 0, z, 0.01 * z),
}


# The curve and its samples ------------------------------------------------------------------------------


def test_the_curve_is_the_sigmoid(plants, learned):
    display = SigmoidCurveDisplay.from_estimator(learned, plants.data, plants.target, class_names=plants.target_names)
    z, a = display.line_.get_xydata().T
    np.testing.assert_allclose(a, expit(z), rtol=8 * EPS)
    np.testing.assert_allclose(a + a[::-1], 1, rtol=8 * EPS)  # what is not believed of one is believed of the other
    assert words(display) == ["non-toxic", "toxic"]
    assert display.ax_.get_ylabel() == "belief a(z) = P(toxic)"
    assert display.sticks_ is None
    assert display.beyond_ == []
    scores = learned.decision_function(plants.data)
    assert z.min() < scores.min() < scores.max() < z.max()


def test_sticks_go_from_the_sample_to_its_truth(plants, learned):
    X, y = plants.data[:100], plants.target[:100]
    display = SigmoidCurveDisplay.from_estimator(learned, X, y, residuals=True)
    z, a = learned.decision_function(X), learned.predict_proba(X)[:, 1]
    sticks = np.array(display.sticks_.get_segments())
    np.testing.assert_array_equal(sticks[:, 0], np.column_stack([z, a]))
    np.testing.assert_array_equal(sticks[:, 1], np.column_stack([z, y]))
    of_classes = [to_rgb(points.get_facecolor()[0]) for points in display.points_]
    assert [to_rgb(color) for color in display.sticks_.get_colors()] == [of_classes[truth] for truth in y]
    assert "residual a − y" in words(display)
    assert {to_rgb(color) for color in display.legend_.legend_handles[0].get_colors()} == set(of_classes)  # of no one


@pytest.mark.parametrize("n", [200, 5000])
def test_of_more_sticks_than_can_be_told_apart_the_longest_are_drawn(n, rng):
    z, truths = rng.normal(size=n) * 3, np.arange(n) % 3 == 0
    display = SigmoidCurveDisplay(linear_scores=z, truths=truths).plot(residuals=True, max_points=2000)
    sticks = np.array(display.sticks_.get_segments())
    drawn = [np.abs(at(points)[:, 1] - truth) for truth, points in enumerate(display.points_)]
    longest = np.sort(np.concatenate(drawn))[-120:]
    np.testing.assert_allclose(np.sort(np.abs(np.diff(sticks[..., 1])[:, 0])), longest, rtol=1e-12)
    assert "residual a − y, the 120 longest" in words(display)


@pytest.mark.parametrize("threshold", [0.2, 0.5])
def test_the_wrong_are_hidden_by_no_others(plants, learned, threshold):
    display = SigmoidCurveDisplay.from_estimator(learned, plants.data, plants.target, threshold=threshold)
    belief = learned.predict_proba(plants.data)[:, 1]
    for truth, points in enumerate(display.wrong_):
        mine = belief[plants.target == truth]
        np.testing.assert_allclose(np.sort(at(points)[:, 1]), np.sort(mine[(mine > threshold) != truth]), rtol=1e-12)
        assert points.get_zorder() > display.points_[1 - truth].get_zorder()
    assert words(display) == ["0", "1"]


def test_samples_beyond_the_view_stand_at_its_border_and_are_counted():
    z, truths = [-800, -50, -13, 0.5, 20, 800], [0, 1, 0, 1, 1, 1]
    display = SigmoidCurveDisplay(linear_scores=z, truths=truths, class_names=["fine", "toxic"]).plot(residuals=True)
    low, high = display.ax_.get_xlim()
    assert -low == high < 13
    fine, toxic = map(at, display.points_)
    np.testing.assert_array_equal(fine[:, 0], [low, low])
    np.testing.assert_array_equal(toxic[:, 0], [low, 0.5, high, high])
    np.testing.assert_allclose(toxic[:, 1], expit([-50, 0.5, 20, 800]), rtol=8 * EPS)  # their own beliefs
    assert told(display.beyond_) == ["fine: 2\ntoxic: 1\nbeyond, to z = −800", "toxic: 2\nbeyond, to z = 800"]
    sticks = np.array(display.sticks_.get_segments())
    np.testing.assert_array_equal(sticks[:, 1], np.column_stack([np.clip(z, low, high), truths]))


@pytest.mark.parametrize("scale", [1e-9, 1.0, 1e9])
def test_the_bend_is_always_seen(scale):
    display = SigmoidCurveDisplay(linear_scores=[-scale, scale], truths=[False, True]).plot()
    a = display.line_.get_ydata()
    assert a[0] < 0.02
    assert a[-1] > 0.98


@pytest.mark.parametrize("threshold", [0.01, 0.2, 0.5, 0.7, 0.99])
def test_the_threshold_parts_the_predictions(plants, learned, threshold):
    names = plants.target_names
    display = SigmoidCurveDisplay.from_estimator(
        learned, plants.data, plants.target, threshold=threshold, class_names=names, residuals=True
    )
    level, turn = display.threshold_
    assert set(level.get_ydata()) == {threshold}
    np.testing.assert_allclose(turn.get_xdata(), logit(threshold), atol=8 * EPS)
    assert told(display.sides_) == ["called non-toxic", "called toxic"]
    display.figure_.draw_without_rendering()
    left, right = (side.get_window_extent() for side in display.sides_)
    border = display.ax_.transData.transform((turn.get_xdata()[0], 0))[0]
    assert display.ax_.bbox.x0 <= left.x0 < left.x1 <= border <= right.x0 < right.x1 <= display.ax_.bbox.x1
    (label,) = (text for text in display.ax_.texts if text.get_text() == f"threshold {threshold:g}")
    assert not covers(label, along(display.line_))
    assert not any(side.get_window_extent().overlaps(label.get_window_extent()) for side in display.sides_)


def test_words_hide_no_sample_and_nothing_is_cut():
    X, y = load_breast_cancer(return_X_y=True)
    estimator = make_pipeline(StandardScaler(), SigmoidNeuronClassifier()).fit(X, y)
    display = SigmoidCurveDisplay.from_estimator(estimator, X, y, residuals=True, max_points=500)
    display.figure_.draw_without_rendering()
    assert len(display.beyond_) == 2
    samples = np.vstack([display.ax_.transData.transform(at(points)) for points in display.points_])
    for text in display.ax_.texts:
        assert not covers(text, np.vstack([samples, along(display.line_)])), text
        box = text.get_window_extent()
        assert display.ax_.bbox.x0 <= box.x0 < box.x1 <= display.ax_.bbox.x1
        assert display.ax_.bbox.y0 <= box.y0 < box.y1 <= display.ax_.bbox.y1


def test_one_class_of_three_against_the_rest(irises):
    X, y, neuron = irises
    names = ["setosa", "versicolor", "virginica"]
    display = SigmoidCurveDisplay.from_estimator(neuron, X, y, class_of_interest=1, class_names=names)
    np.testing.assert_array_equal(at(display.points_[1])[:, 0], neuron.decision_function(X)[y == 1, 1])
    assert words(display) == ["not versicolor", "versicolor", "one neuron's own belief, not predict_proba"]
    assert display.ax_.get_title(loc="left") == "The neuron of versicolor, against the rest"
    assert told(display.sides_) == ["this neuron alone:\nnot versicolor", "this neuron alone:\nversicolor"]
    assert display.ax_.get_ylabel() == "this neuron's belief a(z) in versicolor"


@pytest.mark.parametrize("threshold", [0.01, 0.99])
def test_where_neurons_decide_together_nothing_is_said_of_predictions(irises, threshold):
    """The belief of one of three neurons is no probability of `predict_proba`, nor its side a prediction."""
    X, y, neuron = irises
    display = SigmoidCurveDisplay.from_estimator(neuron, X, y, class_of_interest=1, threshold=threshold)
    display.figure_.draw_without_rendering()
    assert not any("predict " in text or "P(" in text for text in told(display.ax_.findobj(Text)))
    left, right = (side.get_window_extent() for side in display.sides_)
    assert display.ax_.bbox.x0 <= left.x0 < left.x1 < right.x0 < right.x1 <= display.ax_.bbox.x1


def test_of_many_those_beyond_are_counted_among_all(learned):
    X, y = make_toxic_plants(20_000, random_state=1, return_X_y=True)
    display = SigmoidCurveDisplay.from_estimator(learned, 4 * X, y, residuals=True)
    assert len(display.sticks_.get_segments()) == 120
    beyond = learned.decision_function(4 * X) > display.ax_.get_xlim()[1]
    assert f"1: {(beyond & (y == 1)).sum():,}" in told(display.beyond_)[-1]


def test_sticks_are_of_samples_that_are_drawn(plants, learned):
    display = SigmoidCurveDisplay.from_estimator(learned, plants.data, plants.target, residuals=True, max_points=150)
    samples = {tuple(place) for points in display.points_ for place in at(points)}
    assert {tuple(place) for place in np.array(display.sticks_.get_segments())[:, 0]} <= samples


# The other activations ----------------------------------------------------------------------------------


def test_every_activation_has_a_panel_and_the_sigmoid_behind_it():
    display = SigmoidCurveDisplay.from_activation()
    assert display.axes_.shape == (2, 2)
    for name, line in zip(ACTIVATIONS, display.lines_, strict=True):
        z, values = line.get_xydata().T
        np.testing.assert_allclose(values, ACTIVATIONS[name](z), rtol=8 * EPS, atol=1e-15)
    assert len(display.sigmoids_) == 3
    for line in display.sigmoids_:
        np.testing.assert_allclose(line.get_ydata(), expit(line.get_xdata()), rtol=8 * EPS)
    assert set(told(display.legend_.get_texts())) == {"activation", "its slope", "sigmoid, to compare"}


def test_slopes_are_slopes_with_a_gap_where_they_jump():
    display = SigmoidCurveDisplay.from_activation(list(ACTIVATIONS))
    for line, slope in zip(display.lines_, display.slopes_, strict=True):
        z, values = line.get_xydata().T
        measured, drawn = np.gradient(values, z), slope.get_ydata()
        smooth = np.isfinite(drawn)
        assert (~smooth).sum() <= 1
        away = smooth & (np.abs(z) > 0.02)  # differences reach over the corner
        error = 0.8 * (z[1] - z[0])  # of one-sided differences, at both ends; |a''| < 0.8
        np.testing.assert_allclose(drawn[away], measured[away], atol=error)
    assert np.isnan(display.slopes_[2].get_ydata()).sum() == 1


def test_a_few_activations_in_the_place_of_given_axes():
    figure, (left, right) = plt.subplots(1, 2)
    before = plt.get_fignums()
    display = SigmoidCurveDisplay.from_activation(
        ("relu", "tanh"), slopes=False, ax=right, line_kwargs={"lw": 9}, slope_kwargs={"c": "red"}
    )
    assert plt.get_fignums() == before
    assert display.figure_ is figure
    assert right not in figure.axes
    assert left in figure.axes
    assert (display.axes_.shape, display.slopes_, display.lines_[0].get_linewidth()) == ((1, 2), [], 9)
    display.plot(slope_kwargs={"c": "red"})
    assert display.slopes_[0].get_color() == "red"
    assert SigmoidCurveDisplay.from_activation("sigmoid").sigmoids_ == []
    for names in (["swish"], []):
        with pytest.raises(ValueError, match=r"names must be of \['sigmoid', 'tanh', 'relu', 'leaky_relu'\]; got"):
            SigmoidCurveDisplay.from_activation(names)


# Errors -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("threshold", [0, 1, -0.1, np.nan])
def test_thresholds_that_part_nothing(plants, learned, threshold):
    with pytest.raises(ValueError, match=r"threshold must be a belief between 0 and 1, both excluded; got"):
        SigmoidCurveDisplay.from_estimator(learned, plants.data, plants.target, threshold=threshold)
