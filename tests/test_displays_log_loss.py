"""Every sample stands at what its belief costs; what the picture remarks hides nothing of it."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
import scipy.sparse as sp
from matplotlib.colors import to_rgba
from sklearn.datasets import load_breast_cancer, load_iris
from sklearn.metrics import log_loss
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from sklearn_neuron import SigmoidNeuronClassifier
from sklearn_neuron.datasets import make_toxic_plants
from sklearn_neuron.displays import LogLossDisplay
from sklearn_neuron.displays.names import plain
from sklearn_neuron.displays.palette import class_color
from sklearn_neuron.neuron import example_loss, sigmoid

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


def pixels_of(ax, places):
    """Where a row of places is in pixels, with what is between them, in steps far smaller than a letter."""
    corners = ax.transData.transform(places)
    fine = np.linspace(0, len(corners) - 1, 20 * len(corners))
    return np.column_stack([np.interp(fine, np.arange(len(corners)), column) for column in corners.T])


def covers(text, pixels):
    """Whether any of these pixels lies under the words."""
    box = text.get_window_extent()
    return bool(((pixels > box.min) & (pixels < box.max)).all(axis=1).any())


def written(display):
    return [text for text in display.ax_.texts if text.get_text()]


# The curves and the samples -----------------------------------------------------------------------------


def test_the_curves_are_the_losses_of_both_truths(plants, neuron):
    display = LogLossDisplay.from_estimator(neuron, plants.data, plants.target)
    for k, line in enumerate(display.lines_):
        a, loss = line.get_xydata().T
        given = a if k else 1 - a
        np.testing.assert_allclose(loss, -np.log(given), rtol=1e-9, atol=1e-13)  # 1 - a has lost digits near 1
        assert loss.max() > display.ax_.get_ylim()[1]  # it does not end within the view
        assert to_rgba(line.get_color()) == to_rgba(class_color(k))
    assert display.lines_[0].get_linestyle() != display.lines_[1].get_linestyle()  # for a grey print


def test_doubt_costs_log_2_whatever_the_truth(plants, neuron):
    display = LogLossDisplay.from_estimator(neuron, plants.data, plants.target)
    assert set(display.hesitation_.get_ydata()) == {np.log(2)}
    for line in display.lines_:
        order = np.argsort(line.get_xdata())
        crossing = np.interp(0.5, line.get_xdata()[order], line.get_ydata()[order])
        assert crossing == pytest.approx(np.log(2), rel=8 * EPS)


def test_samples_stand_at_their_loss_in_the_colour_of_their_class(plants, neuron):
    display = LogLossDisplay.from_estimator(neuron, plants.data, plants.target, class_names=plants.target_names)
    z, y = neuron.decision_function(plants.data), plants.target
    for k, points in enumerate(display.points_):
        np.testing.assert_array_equal(at(points), np.column_stack([sigmoid(z), example_loss(z, y)])[y == k])
        np.testing.assert_allclose(points.get_facecolor()[0][:3], to_rgba(class_color(k))[:3])
    heights = np.concatenate([at(points)[:, 1] for points in display.points_])
    assert heights.mean() == pytest.approx(log_loss(y, neuron.predict_proba(plants.data)), rel=1e-12)
    assert words(display) == ["non-toxic", "toxic"]
    assert (display.ax_.get_xlabel(), display.ax_.get_ylabel()) == ("belief a = P(toxic)", "loss (nats)")
    assert display.beyond_ is None


def test_the_sure_and_wrong_stand_at_the_border_and_are_counted():
    display = LogLossDisplay(linear_scores=[-800, 800, -800, 800], truths=[1, 0, 0, 1]).plot()
    _, top = display.ax_.get_ylim()
    np.testing.assert_array_equal(at(display.points_[0]), [[1, top], [0, 0]])
    np.testing.assert_array_equal(at(display.points_[1]), [[0, top], [1, 0]])
    assert display.beyond_.get_text() == "2 beyond, to 800 nats"


@pytest.mark.parametrize(("z", "top"), [(0.0, 3), (4.0, 1.15 * 4.018), (800, 7)])
def test_the_view_reaches_as_high_as_the_losses_within_reason(z, top):
    display = LogLossDisplay(linear_scores=[z, -z], truths=[0, 1]).plot()
    assert display.ax_.get_ylim()[1] == pytest.approx(top, rel=1e-3)


CASES = {
    "doubt": ([0.0, 0.1], [0, 1]),
    "middle": ([3.5, -3.5, 0, 1], [0, 1, 0, 1]),
    "beyond": ([-800, 800, 20, -20], [1, 0, 0, 1]),
    "everywhere": (np.linspace(-9, 9, 500), np.arange(500) % 2),
}


@pytest.mark.parametrize("case", CASES)
def test_remarks_hide_no_curve_and_no_sample(case):
    z, truths = CASES[case]
    display = LogLossDisplay(linear_scores=z, truths=truths, class_names=["non-toxic", "toxic"]).plot()
    display.figure_.canvas.draw()
    samples = np.vstack([display.ax_.transData.transform(at(points)) for points in display.points_])
    curves = [pixels_of(display.ax_, line.get_xydata()) for line in display.lines_]
    assert {remark.get_text() for remark in display.remarks_} <= {text.get_text() for text in written(display)}
    for text in written(display):
        assert not covers(text, np.vstack([samples, *curves])), text
    boxes = [text.get_window_extent() for text in written(display)]
    assert not any(box.overlaps(other) for i, box in enumerate(boxes) for other in boxes[:i])


def test_arrows_point_at_the_curves(plants, neuron):
    display = LogLossDisplay.from_estimator(neuron, plants.data, plants.target)
    ends = [text.xy for text in display.ax_.texts if not text.get_text()]
    assert len(ends) == 4
    for k, (a, loss) in enumerate(ends):
        assert loss == pytest.approx(-np.log(a if k // 2 else 1 - a))


def test_nothing_is_cut():
    X, y = load_breast_cancer(return_X_y=True)
    estimator = make_pipeline(StandardScaler(), SigmoidNeuronClassifier()).fit(X, y)
    display = LogLossDisplay.from_estimator(estimator, X, y, class_names=["malignant", "benign"], max_points=500)
    display.figure_.canvas.draw()
    legend, title = display.legend_.get_window_extent(), display.ax_._left_title.get_window_extent()
    assert display.ax_.bbox.y1 <= legend.y0 < legend.y1 <= title.y0 < title.y1 <= display.figure_.bbox.y1
    for text in written(display):
        box = text.get_window_extent()
        assert display.ax_.bbox.x0 <= box.x0 < box.x1 <= display.ax_.bbox.x1


# Any estimator, any data --------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["float32", "csr", "coo", "frame", "list"])
def test_any_kind_of_x_and_labels(plants, kind):
    pd = pytest.importorskip("pandas")
    data = plants.data.astype(np.float32)
    makers = {"float32": np.asarray, "csr": sp.csr_array, "coo": sp.coo_array, "list": np.ndarray.tolist}
    X = pd.DataFrame(data, columns=["length", "width"]) if kind == "frame" else makers[kind](data)
    y = np.array(["fine", "toxic"])[plants.target]
    neuron = SigmoidNeuronClassifier().fit(X, y)
    display = LogLossDisplay.from_estimator(neuron, X, y.tolist())
    expected = example_loss(neuron.decision_function(X), plants.target)
    np.testing.assert_array_equal(at(display.points_[1])[:, 1], expected[plants.target == 1])
    assert words(display) == ["fine", "toxic"]


def test_a_pipeline_and_a_search(plants):
    pipeline = make_pipeline(StandardScaler(), SigmoidNeuronClassifier())
    search = GridSearchCV(pipeline, {"sigmoidneuronclassifier__C": [1.0]}, cv=2).fit(plants.data, plants.target)
    for estimator in (search, search.best_estimator_):
        display = LogLossDisplay.from_estimator(estimator, plants.data, plants.target)
        toxic = search.predict_proba(plants.data)[plants.target == 1, 1]
        np.testing.assert_array_equal(at(display.points_[1])[:, 0], toxic)


@pytest.mark.parametrize("k", [0, 1, 2])
def test_one_class_of_three_against_the_rest(k):
    X, y = load_iris(return_X_y=True)
    neuron = SigmoidNeuronClassifier().fit(X, y)
    display = LogLossDisplay.from_estimator(neuron, X, y, class_of_interest=k, class_names=["a", "b", "c"])
    loss = example_loss(neuron.decision_function(X)[:, k], y == k)
    np.testing.assert_array_equal(at(display.points_[1])[:, 1], loss[y == k])
    np.testing.assert_array_equal(at(display.points_[0])[:, 1], loss[y != k])
    assert words(display) == [f"not {'abc'[k]}", "abc"[k], "one neuron's own belief, not predict_proba"]
    assert display.ax_.get_xlabel() == f"this neuron's belief a in {'abc'[k]}"


# Drawing ------------------------------------------------------------------------------------------------


def test_many_are_thinned_and_the_picture_says_so(neuron):
    X, y = make_toxic_plants(100_000, random_state=1, return_X_y=True)
    display = LogLossDisplay.from_estimator(neuron, 4 * X, y)
    assert sum(len(at(points)) for points in display.points_) == 2000
    assert words(display)[-1] == "2,000 of 100,000 drawn"
    beyond = (example_loss(neuron.decision_function(4 * X), y) > 7).sum()
    assert beyond > 2000
    assert display.beyond_.get_text().startswith(f"{beyond:,} beyond")  # counted among all


def test_what_is_drawn_of_many_is_of_both_classes_whatever_their_order(rng):
    truths = np.arange(40_000) % 2
    display = LogLossDisplay(linear_scores=rng.normal(size=40_000), truths=truths).plot()
    assert [len(at(points)) for points in display.points_] == [1000, 1000]


@pytest.mark.parametrize("name", ["_p", "total_$_in_$", "$a$", ""])
def test_names_are_text(plants, neuron, name):
    display = LogLossDisplay.from_estimator(neuron, plants.data, plants.target, class_names=["fine", name])
    display.figure_.canvas.draw()
    assert words(display) == ["fine", plain(name)]
    assert display.ax_.get_xlabel() == plain(f"belief a = P({name})")


def test_it_draws_again_on_axes_of_the_user(plants, neuron):
    display = LogLossDisplay.from_estimator(neuron, plants.data, plants.target)
    figure, (left, right) = plt.subplots(1, 2)
    before = plt.get_fignums()
    assert display.plot(ax=left) is display
    assert (display.ax_, display.figure_) == (left, figure)
    LogLossDisplay.from_estimator(neuron, plants.data, plants.target, ax=right)
    assert plt.get_fignums() == before


def test_the_user_may_restyle(plants, neuron):
    styles = {"line_kwargs": {"lw": 5}, "scatter_kwargs": {"s": 7, "ec": "red"}}
    display = LogLossDisplay.from_estimator(neuron, plants.data, plants.target, **styles)
    assert [line.get_linewidth() for line in display.lines_] == [5, 5]
    assert display.points_[0].get_sizes() == [7]
    np.testing.assert_array_equal(display.points_[1].get_edgecolor()[0][:3], to_rgba("red")[:3])


def test_the_arrays_of_the_user_are_left_alone(plants, neuron):
    X, y = sp.csc_array(plants.data), plants.target.copy()
    X.data.flags.writeable = X.indices.flags.writeable = y.flags.writeable = False
    LogLossDisplay.from_estimator(neuron, X, y)
    z, truths = np.array([-20.0, 1.0]), np.array([1, 0])
    z.flags.writeable = truths.flags.writeable = False
    assert LogLossDisplay(linear_scores=z, truths=truths).plot().linear_scores is z


# Errors -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("z", "truths", "message"),
    [
        ([0.0, 1], [1], r"linear_scores and truths must have the same shape .* got \(2,\) and \(1,\)"),
        ([[0.0]], [[1]], r"same shape \(n_samples,\)"),
        ([], [], "with a sample at least"),
        ([np.nan], [1], "linear_scores must be numbers, without nan"),
        ([0.0, 0], [1, 2], "truths 0 or 1"),
    ],
)
def test_numbers_that_are_no_answers(z, truths, message):
    with pytest.raises(ValueError, match=message):
        LogLossDisplay(linear_scores=z, truths=truths).plot()
    assert plt.get_fignums() == []


def test_other_bad_input(plants, neuron):
    X, y = plants.data, plants.target
    with pytest.raises(ValueError, match="inconsistent numbers of samples"):
        LogLossDisplay.from_estimator(neuron, X, y[1:])
    with pytest.raises(ValueError, match=r"y holds the label .*6.*, which is none of the classes"):
        LogLossDisplay.from_estimator(neuron, X, y + 6)
    with pytest.raises(ValueError, match="class_names has 1 names, but there are 2 classes"):
        LogLossDisplay.from_estimator(neuron, X, y, class_names=["one"])
    with pytest.raises(ValueError, match=r"X has 1 features, but .* expecting 2"):
        LogLossDisplay.from_estimator(neuron, X[:, :1], y)
    iris = SigmoidNeuronClassifier().fit(*load_iris(return_X_y=True))
    with pytest.raises(ValueError, match=r"pass class_of_interest, one of \[0, 1, 2\]; got 'rose'"):
        LogLossDisplay.from_estimator(iris, *load_iris(return_X_y=True), class_of_interest="rose")
