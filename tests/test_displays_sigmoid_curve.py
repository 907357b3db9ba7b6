"""Every sample stands on the curve, at (z, a); its stick ends at the truth; what lies beyond the view is counted."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
import scipy.sparse as sp
from conftest import pixels
from matplotlib.colors import to_rgba
from matplotlib.text import Text
from scipy.special import expit, logit
from sklearn.datasets import load_breast_cancer, load_iris
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from sklearn_neuron import SigmoidNeuronClassifier
from sklearn_neuron.activations import ACTIVATIONS
from sklearn_neuron.datasets import make_toxic_plants
from sklearn_neuron.displays import SigmoidCurveDisplay
from sklearn_neuron.displays.activation_curve import ActivationCurveDisplay
from sklearn_neuron.displays.answers import answers_of
from sklearn_neuron.displays.names import plain, shortened
from sklearn_neuron.displays.palette import class_color
from sklearn_neuron.inspection.subject import subject_of

EPS = np.finfo(float).eps


@pytest.fixture(scope="module")
def plants():
    return make_toxic_plants(random_state=0)


@pytest.fixture(scope="module")
def neuron(plants):
    return SigmoidNeuronClassifier().fit(plants.data, plants.target)


def at(points):
    return np.asarray(points.get_offsets())


def words(display):
    return [text.get_text() for text in display.legend_.get_texts()]


def told(texts):
    return [text.get_text() for text in texts]


def pixels_of(line):
    """A curve in pixels, in steps far smaller than a letter."""
    corners = line.get_transform().transform(line.get_xydata())
    fine = np.linspace(0, len(corners) - 1, 20 * len(corners))
    return np.column_stack([np.interp(fine, np.arange(len(corners)), column) for column in corners.T])


def covers(text, pixels):
    """Whether any of these pixels lies under the words."""
    box = text.get_window_extent()
    return bool(((pixels > box.min) & (pixels < box.max)).all(axis=1).any())


# The curve and its samples ------------------------------------------------------------------------------


def test_the_curve_is_the_sigmoid(plants, neuron):
    z, a = SigmoidCurveDisplay.from_estimator(neuron, plants.data, plants.target).line_.get_xydata().T
    np.testing.assert_allclose(a, expit(z), rtol=8 * EPS)
    np.testing.assert_allclose(a + a[::-1], 1, rtol=8 * EPS)  # what is not believed of one is believed of the other


def test_samples_stand_on_it_in_the_colour_of_their_class(plants, neuron):
    display = SigmoidCurveDisplay.from_estimator(neuron, plants.data, plants.target, class_names=plants.target_names)
    z, toxic = neuron.decision_function(plants.data), neuron.predict_proba(plants.data)[:, 1]
    for k, points in enumerate(display.points_):
        np.testing.assert_array_equal(at(points), np.column_stack([z, toxic])[plants.target == k])
        np.testing.assert_allclose(points.get_facecolor()[0][:3], to_rgba(class_color(k))[:3])
    first, second = (points.get_paths()[0].vertices for points in display.points_)
    assert first.shape != second.shape  # markers differ, for a grey print
    assert words(display) == ["non-toxic", "toxic"]
    assert display.ax_.get_ylabel() == "belief a(z) = P(toxic)"
    assert display.sticks_ is None
    assert display.beyond_ == []
    low, high = display.ax_.get_xlim()
    assert low < z.min() < z.max() < high


def test_sticks_go_from_the_sample_to_its_truth(plants, neuron):
    X, y = plants.data[:100], plants.target[:100]
    display = SigmoidCurveDisplay.from_estimator(neuron, X, y, residuals=True)
    z, a = neuron.decision_function(X), neuron.predict_proba(X)[:, 1]
    sticks = np.array(display.sticks_.get_segments())
    np.testing.assert_array_equal(sticks[:, 0], np.column_stack([z, a]))
    np.testing.assert_array_equal(sticks[:, 1], np.column_stack([z, y]))
    for color, truth in zip(display.sticks_.get_colors(), y, strict=True):
        np.testing.assert_allclose(color[:3], to_rgba(class_color(truth))[:3])
    assert "residual a − y" in words(display)


def test_the_stick_of_the_legend_is_of_no_one_class(plants, neuron):
    display = SigmoidCurveDisplay.from_estimator(neuron, plants.data, plants.target, residuals=True)
    stick, *_ = display.legend_.legend_handles
    colors = {to_rgba(color)[:3] for color in stick.get_colors()}
    assert colors == {to_rgba(class_color(k))[:3] for k in (0, 1)}


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
def test_the_wrong_are_hidden_by_no_others(plants, neuron, threshold):
    display = SigmoidCurveDisplay.from_estimator(neuron, plants.data, plants.target, threshold=threshold)
    belief = neuron.predict_proba(plants.data)[:, 1]
    for truth, points in enumerate(display.wrong_):
        mine = belief[plants.target == truth]
        np.testing.assert_allclose(np.sort(at(points)[:, 1]), np.sort(mine[(mine > threshold) != truth]), rtol=1e-12)
        assert points.get_zorder() > display.points_[1 - truth].get_zorder()
    assert words(display) == ["0", "1"]


def test_samples_beyond_the_view_stand_at_its_border_and_are_counted():
    z, truths = [-800, -50, -13, 0.5, 20, 800], [0, 1, 0, 1, 1, 1]
    display = SigmoidCurveDisplay(linear_scores=z, truths=truths, class_names=["fine", "toxic"]).plot(residuals=True)
    assert display.ax_.get_xlim() == (-12, 12)
    fine, toxic = map(at, display.points_)
    np.testing.assert_array_equal(fine[:, 0], [-12, -12])
    np.testing.assert_array_equal(toxic[:, 0], [-12, 0.5, 12, 12])
    np.testing.assert_allclose(toxic[:, 1], expit([-50, 0.5, 20, 800]), rtol=8 * EPS)  # their own beliefs
    assert told(display.beyond_) == ["fine: 2\ntoxic: 1\nbeyond, to z = −800", "toxic: 2\nbeyond, to z = 800"]
    sticks = np.array(display.sticks_.get_segments())
    np.testing.assert_array_equal(sticks[:, 1], np.column_stack([np.clip(z, -12, 12), truths]))


@pytest.mark.parametrize("scale", [1e-9, 1.0, 1e9])
def test_the_bend_is_always_seen(scale):
    display = SigmoidCurveDisplay(linear_scores=[-scale, scale], truths=[False, True]).plot()
    a = display.line_.get_ydata()
    assert a[0] < 0.02
    assert a[-1] > 0.98


@pytest.mark.parametrize("threshold", [0.01, 0.2, 0.5, 0.7, 0.99])
def test_the_threshold_parts_the_predictions(plants, neuron, threshold):
    names = plants.target_names
    display = SigmoidCurveDisplay.from_estimator(
        neuron, plants.data, plants.target, threshold=threshold, class_names=names, residuals=True
    )
    level, turn = display.threshold_
    assert set(level.get_ydata()) == {threshold}
    np.testing.assert_allclose(turn.get_xdata(), logit(threshold), atol=8 * EPS)
    assert told(display.sides_) == ["called non-toxic", "called toxic"]
    display.figure_.canvas.draw()
    left, right = (side.get_window_extent() for side in display.sides_)
    border = display.ax_.transData.transform((turn.get_xdata()[0], 0))[0]
    assert display.ax_.bbox.x0 <= left.x0 < left.x1 <= border <= right.x0 < right.x1 <= display.ax_.bbox.x1
    (label,) = (text for text in display.ax_.texts if text.get_text() == f"threshold {threshold:g}")
    assert not covers(label, pixels_of(display.line_))
    assert not any(side.get_window_extent().overlaps(label.get_window_extent()) for side in display.sides_)


def test_words_hide_no_sample_and_nothing_is_cut():
    X, y = load_breast_cancer(return_X_y=True)
    estimator = make_pipeline(StandardScaler(), SigmoidNeuronClassifier()).fit(X, y)
    display = SigmoidCurveDisplay.from_estimator(estimator, X, y, residuals=True, max_points=500)
    display.figure_.canvas.draw()
    assert len(display.beyond_) == 2
    samples = np.vstack([display.ax_.transData.transform(at(points)) for points in display.points_])
    for text in display.ax_.texts:
        assert not covers(text, np.vstack([samples, pixels_of(display.line_)])), text
        box = text.get_window_extent()
        assert display.ax_.bbox.x0 <= box.x0 < box.x1 <= display.ax_.bbox.x1
        assert display.ax_.bbox.y0 <= box.y0 < box.y1 <= display.ax_.bbox.y1
    legend, title = display.legend_.get_window_extent(), display.ax_._left_title.get_window_extent()
    assert display.ax_.bbox.y1 <= legend.y0 < legend.y1 <= title.y0 < title.y1 <= display.figure_.bbox.y1


# The same picture by hand -------------------------------------------------------------------------------


def drawn_by_hand(ax, z, toxic):
    """The panel in plain matplotlib, as a reader would write it."""
    half = 1.04 * np.abs(z).max()
    curve = np.linspace(-half, half, 401)
    ax.plot(curve, 1 / (1 + np.exp(-curve)), color="#262626", linewidth=2.2, zorder=2, solid_capstyle="butt")
    ax.axhline(0.5, color="#8c8c8c", linewidth=1.2, linestyle=(0, (4, 3)), zorder=1)
    ax.axvline(0, color="#8c8c8c", linewidth=1.2, linestyle=(0, (4, 3)), zorder=1)
    ax.axvspan(-half, 0, color="#f2b50c", alpha=0.09, linewidth=0, zorder=0)
    ax.axvspan(0, half, color="#5b2c83", alpha=0.07, linewidth=0, zorder=0)
    ax.text(-half / 2, 1.1, "called non-toxic", ha="center", va="center", color="#262626", fontsize=9.5)
    ax.text(half / 2, 1.1, "called toxic", ha="center", va="center", color="#262626", fontsize=9.5)
    box = {"facecolor": "white", "alpha": 0.75, "edgecolor": "none", "pad": 1.5}
    ax.text(-0.98 * half, 0.515, "threshold 0.5", va="bottom", fontsize=9, color="#262626", bbox=box, zorder=1.8)
    wrong = (z > 0) != toxic
    kinds = [(~toxic, "#f2b50c", "o", 3), (toxic, "#5b2c83", "^", 3)]
    kinds += [(~toxic & wrong, "#f2b50c", "o", 3.1), (toxic & wrong, "#5b2c83", "^", 3.1)]
    for of_class, color, marker, zorder in kinds:
        ax.scatter(
            z[of_class],
            1 / (1 + np.exp(-z[of_class])),
            s=36,
            c=color,
            marker=marker,
            edgecolors="#262626",
            linewidths=0.6,
            alpha=0.9,
            zorder=zorder,
            clip_on=False,
        )
    ax.set_xlim(-half, half)
    ax.set_ylim(-0.06, 1.18)
    ax.set_yticks([0, 0.25, 0.5, 0.75, 1])
    ax.spines[["top", "right"]].set_visible(False)


def test_it_is_what_plain_matplotlib_draws(plants, neuron):
    z, toxic = neuron.decision_function(plants.data), plants.target == 1
    names = {"class_names": plants.target_names}
    ours = pixels(lambda ax: SigmoidCurveDisplay.from_estimator(neuron, plants.data, plants.target, ax=ax, **names))
    by_hand = pixels(lambda ax: drawn_by_hand(ax, z, toxic))
    assert len(np.unique(by_hand.reshape(-1, 4), axis=0)) > 100  # a picture
    np.testing.assert_array_equal(ours, by_hand)


# Any estimator, any data --------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["float32", "csr", "coo", "frame", "list"])
def test_any_kind_of_x_and_labels(plants, kind):
    pd = pytest.importorskip("pandas")
    data = plants.data.astype(np.float32)
    makers = {"float32": np.asarray, "csr": sp.csr_array, "coo": sp.coo_array, "list": np.ndarray.tolist}
    X = pd.DataFrame(data, columns=["length", "width"]) if kind == "frame" else makers[kind](data)
    y = np.array(["fine", "toxic"])[plants.target]
    neuron = SigmoidNeuronClassifier().fit(X, y)
    display = SigmoidCurveDisplay.from_estimator(neuron, X, y.tolist(), residuals=True)
    z = neuron.decision_function(X)
    assert display.linear_scores.dtype == z.dtype
    np.testing.assert_array_equal(at(display.points_[1])[:, 0], z[plants.target == 1])
    assert words(display)[1:] == ["fine", "toxic"]


def test_a_pipeline_and_a_search(plants):
    pipeline = make_pipeline(StandardScaler(), SigmoidNeuronClassifier())
    search = GridSearchCV(pipeline, {"sigmoidneuronclassifier__C": [1.0]}, cv=2).fit(plants.data, plants.target)
    for estimator in (search, search.best_estimator_):
        display = SigmoidCurveDisplay.from_estimator(estimator, plants.data, plants.target)
        np.testing.assert_array_equal(display.linear_scores, search.decision_function(plants.data))


@pytest.mark.parametrize("k", [0, 1, 2])
def test_one_class_of_three_against_the_rest(k):
    X, y = load_iris(return_X_y=True)
    names = np.array(["setosa", "versicolor", "virginica"])
    neuron = SigmoidNeuronClassifier().fit(X, names[y])
    display = SigmoidCurveDisplay.from_estimator(neuron, X, names[y], class_of_interest=names[k])
    np.testing.assert_array_equal(at(display.points_[1])[:, 0], neuron.decision_function(X)[y == k, k])
    assert len(at(display.points_[0])) == 100
    assert words(display) == [f"not {names[k]}", names[k], "one neuron's own belief, not predict_proba"]
    assert display.ax_.get_title(loc="left") == f"The neuron of {names[k]}, against the rest"
    assert told(display.sides_) == [f"this neuron alone:\nnot {names[k]}", f"this neuron alone:\n{names[k]}"]
    assert display.ax_.get_ylabel() == f"this neuron's belief a(z) in {names[k]}"


@pytest.mark.parametrize("threshold", [0.01, 0.5, 0.99])
@pytest.mark.parametrize("k", [0, 1, 2])
def test_where_neurons_decide_together_nothing_is_said_of_predictions(k, threshold):
    """The belief of one of three neurons is no probability of `predict_proba`, nor its side a prediction."""
    X, y = load_iris(return_X_y=True)
    neuron = SigmoidNeuronClassifier().fit(X, y)
    display = SigmoidCurveDisplay.from_estimator(neuron, X, y, class_of_interest=k, threshold=threshold)
    believed = np.concatenate([at(points)[:, 1] for points in display.points_])
    together = np.concatenate([neuron.predict_proba(X)[y != k, k], neuron.predict_proba(X)[y == k, k]])
    assert np.abs(believed - together).max() > 0.02
    drawn = [*told(display.ax_.findobj(Text)), display.ax_.get_ylabel()]
    assert not any("predict " in text or "P(" in text for text in drawn)
    assert "one neuron's own belief, not predict_proba" in drawn
    display.figure_.canvas.draw()
    left, right = (side.get_window_extent() for side in display.sides_)
    assert display.ax_.bbox.x0 <= left.x0 < left.x1 < right.x0 < right.x1 <= display.ax_.bbox.x1


def test_answers_of_one_neuron(plants, neuron):
    answers = answers_of(subject_of(neuron), plants.data, plants.target, class_of_interest=1, class_names=["a", "b"])
    np.testing.assert_array_equal(answers.truths, plants.target == 1)
    assert answers.class_names == ("a", "b")
    assert not answers.against_the_rest


# Drawing ------------------------------------------------------------------------------------------------


def test_many_are_thinned_and_the_picture_says_so(neuron):
    X, y = make_toxic_plants(100_000, random_state=1, return_X_y=True)
    display = SigmoidCurveDisplay.from_estimator(neuron, 4 * X, y, residuals=True)
    assert sum(len(at(points)) for points in display.points_) == 2000
    assert len(display.sticks_.get_segments()) == 120
    assert words(display)[-1] == "2,000 of 100,000 drawn"
    beyond = neuron.decision_function(4 * X) > 12
    assert f"1: {(beyond & (y == 1)).sum():,}" in told(display.beyond_)[-1]  # counted among all


@pytest.mark.parametrize("period", [2, 3, 20])
def test_what_is_drawn_of_many_is_of_both_classes_whatever_their_order(period, rng):
    """Cases and controls in turns: a stride of 20 would meet one of them alone."""
    truths = np.arange(40_000) % period == 0
    z = rng.normal(size=40_000) + 2 * truths
    display = SigmoidCurveDisplay(linear_scores=z, truths=truths).plot(residuals=True)
    counts = np.array([len(at(points)) for points in display.points_])
    np.testing.assert_array_equal(counts, [2000 - 2000 // period, 2000 // period] if period != 3 else [1333, 667])
    drawn = at(display.points_[1])[:, 0]
    assert drawn.mean() == pytest.approx(z[truths].mean(), abs=4 / np.sqrt(len(drawn)))  # sd 1


def test_sticks_are_of_samples_that_are_drawn(plants, neuron):
    display = SigmoidCurveDisplay.from_estimator(neuron, plants.data, plants.target, residuals=True, max_points=150)
    samples = {tuple(place) for points in display.points_ for place in at(points)}
    assert {tuple(place) for place in np.array(display.sticks_.get_segments())[:, 0]} <= samples


@pytest.mark.parametrize("name", ["_p", "total_$_in_$", "$a$", "", r"\frac{", "a name " * 30])
def test_names_are_text(plants, neuron, name):
    display = SigmoidCurveDisplay.from_estimator(
        neuron, 10 * plants.data, plants.target, residuals=True, class_names=["fine", name]
    )
    display.figure_.canvas.draw()
    assert words(display) == ["residual a − y, the 120 longest", "fine", plain(shortened(name, 40))]
    assert plain(shortened(name, 20)) in display.sides_[1].get_text()
    assert display.figure_.bbox.x0 <= display.ax_.yaxis.label.get_window_extent().x0
    assert display.ax_.yaxis.label.get_window_extent().y1 <= display.figure_.bbox.y1


def test_it_draws_again_on_axes_of_the_user(plants, neuron):
    display = SigmoidCurveDisplay.from_estimator(neuron, plants.data, plants.target)
    figure, (left, right) = plt.subplots(1, 2)
    before = plt.get_fignums()
    assert display.plot(ax=left, residuals=True) is display
    assert (display.ax_, display.figure_) == (left, figure)
    SigmoidCurveDisplay.from_estimator(neuron, plants.data, plants.target, ax=right)
    assert plt.get_fignums() == before


def test_the_user_may_restyle(plants, neuron):
    display = SigmoidCurveDisplay.from_estimator(
        neuron,
        plants.data,
        plants.target,
        residuals=True,
        line_kwargs={"c": "red"},
        scatter_kwargs={"s": 7, "lw": 3},
        stick_kwargs={"lw": 4},
        threshold_kwargs={"ls": "-"},
    )
    assert display.line_.get_color() == "red"
    assert display.points_[0].get_sizes() == [7]
    assert display.points_[1].get_linewidth() == [3]
    assert display.sticks_.get_linewidth() == [4]
    assert [line.get_linestyle() for line in display.threshold_] == ["-", "-"]


def test_the_arrays_of_the_user_are_left_alone(plants, neuron):
    X, y = sp.csc_array(plants.data), plants.target.copy()
    X.data.flags.writeable = X.indices.flags.writeable = y.flags.writeable = False
    SigmoidCurveDisplay.from_estimator(neuron, X, y, residuals=True)
    z, truths = np.array([-20.0, 1.0]), np.array([0, 1])
    z.flags.writeable = truths.flags.writeable = False
    display = SigmoidCurveDisplay(linear_scores=z, truths=truths).plot(residuals=True)
    assert display.linear_scores is z


# The other activations ----------------------------------------------------------------------------------


def test_every_activation_has_a_panel_and_the_sigmoid_behind_it():
    display = SigmoidCurveDisplay.from_activation()
    assert display.axes_.shape == (2, 2)
    for name, line in zip(ACTIVATIONS, display.lines_, strict=True):
        z, values = line.get_xydata().T
        np.testing.assert_array_equal(values, ACTIVATIONS[name].function(z))
    assert len(display.sigmoids_) == 3
    for line in display.sigmoids_:
        np.testing.assert_allclose(line.get_ydata(), expit(line.get_xdata()), rtol=8 * EPS)
    assert set(told(display.legend_.get_texts())) == {"activation", "its slope", "sigmoid, to compare"}


def test_slopes_are_slopes_with_a_gap_where_they_jump():
    display = SigmoidCurveDisplay.from_activation(["sigmoid", "tanh", "relu", "leaky_relu"])
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


# Errors -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("threshold", [0, 1, -0.1, np.nan])
def test_thresholds_that_part_nothing(plants, neuron, threshold):
    with pytest.raises(ValueError, match=r"threshold must be a belief between 0 and 1, both excluded; got"):
        SigmoidCurveDisplay.from_estimator(neuron, plants.data, plants.target, threshold=threshold)


@pytest.mark.parametrize(
    ("z", "truths", "message"),
    [
        ([0.0, 1], [1], r"linear_scores and truths must have the same shape .* got \(2,\) and \(1,\)"),
        ([[0.0]], [[1]], r"same shape \(n_samples,\)"),
        ([], [], "with a sample at least"),
        ([np.nan], [1], "linear_scores must be numbers, without nan, and truths 0 or 1"),
        ([0.0, 0], [1, -1], "truths 0 or 1"),
    ],
)
def test_numbers_that_are_no_answers(z, truths, message):
    with pytest.raises(ValueError, match=message):
        SigmoidCurveDisplay(linear_scores=z, truths=truths).plot()
    assert plt.get_fignums() == []


def test_other_bad_input(plants, neuron):
    X, y = plants.data, plants.target
    with pytest.raises(ValueError, match="inconsistent numbers of samples"):
        SigmoidCurveDisplay.from_estimator(neuron, X, y[1:])
    with pytest.raises(ValueError, match=r"y holds the label .*6.*, which is none of the classes"):
        SigmoidCurveDisplay.from_estimator(neuron, X, y + 6)
    with pytest.raises(ValueError, match="class_names has 1 names, but there are 2 classes"):
        SigmoidCurveDisplay.from_estimator(neuron, X, y, class_names=["one"])
    with pytest.raises(TypeError, match="A neuron is needed"):
        SigmoidCurveDisplay.from_estimator(StandardScaler().fit(X), X, y)
    iris = SigmoidNeuronClassifier().fit(*load_iris(return_X_y=True))
    with pytest.raises(ValueError, match=r"pass class_of_interest, one of \[0, 1, 2\]; got None"):
        SigmoidCurveDisplay.from_estimator(iris, *load_iris(return_X_y=True))
    for names in (["swish"], []):
        with pytest.raises(ValueError, match=r"names must be of \['sigmoid', 'tanh', 'relu', 'leaky_relu'\]; got"):
            ActivationCurveDisplay(names=names).plot()
