"""The diagram tells the weights, the sample and the decision, and nothing overlaps or is cut."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
import scipy.sparse as sp
from matplotlib.colors import same_color, to_rgba
from matplotlib.text import Text
from matplotlib.transforms import Bbox
from sklearn.datasets import load_breast_cancer, load_digits, load_iris
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from sklearn_neuron import SigmoidNeuronClassifier
from sklearn_neuron.datasets import make_toxic_plants
from sklearn_neuron.displays import NeuronDiagramDisplay, palette
from sklearn_neuron.displays.diagram import AMBER, SIGNS, brief
from sklearn_neuron.displays.names import plain
from sklearn_neuron.inspection.explanation import explain
from sklearn_neuron.neuron import sigmoid

PLANTS = make_toxic_plants(random_state=0)
NAMES = {"feature_names": ["leaf length (cm)", "leaf width (cm)"], "class_names": PLANTS.target_names}


@pytest.fixture(scope="module")
def learned():
    return SigmoidNeuronClassifier().fit(PLANTS.data, PLANTS.target)


@pytest.fixture(scope="module")
def irises():
    X, y = load_iris(return_X_y=True, as_frame=True)
    return SigmoidNeuronClassifier().fit(X, load_iris().target_names[y])


@pytest.fixture(scope="module")
def cells():
    table = load_breast_cancer(as_frame=True)
    return make_pipeline(StandardScaler(), SigmoidNeuronClassifier()).fit(table.data, table.target), table.data


def drawn(p, n_neurons=1, **options):
    """A diagram of made-up weights."""
    rng = np.random.default_rng(p)
    data = {
        "weights": rng.normal(size=(n_neurons, p)),
        "bias": rng.normal(size=n_neurons),
        "feature_names": [f"feature number {j}" for j in range(p)],
        "neuron_names": [f"kind {k}" for k in range(n_neurons)],
    }
    return NeuronDiagramDisplay(**data | options)


def texts(artists):
    return [artist.get_text() for artist in artists]


def box(artist):
    return artist.get_window_extent()


def assert_all_is_seen(display):
    """Every word lies inside its figure, beside every other word, and horizontal ones off the nodes of others."""
    display.figure_.draw_without_rendering()
    words = [text for text in display.ax_.findobj(Text) if text.get_text() and text.get_visible()]
    page = display.figure_.bbox
    for text in words:
        around = box(text)
        assert page.x0 <= around.x0, text
        assert page.y0 <= around.y0, text
        assert around.x1 <= page.x1, text
        assert around.y1 <= page.y1, text
    upright = [text for text in words if text.get_rotation() == 0]
    for i, text in enumerate(upright):
        for other in upright[:i]:
            assert not Bbox.intersection(box(text), box(other)), (text, other)


def end_points(line):
    return np.column_stack(line.get_data())


# One neuron -----------------------------------------------------------------------------------------------


def test_figure_2_of_the_guide(learned):
    display = NeuronDiagramDisplay.from_estimator(learned, **NAMES)
    assert texts(display.names_) == NAMES["feature_names"]
    assert texts(display.input_texts_) == ["$x_{1}$", "$x_{2}$"]
    assert texts(display.weights_) == [brief(w) for w in learned.coef_[0]]
    assert display.bias_text_.get_text() == brief(learned.intercept_[0])
    assert texts(display.outputs_) == ["P(toxic | x)"]
    assert (display.score_text_.get_text(), display.belief_text_.get_text()) == ("$z$", "$a$")
    assert display.sentence_ is display.point_ is None
    assert texts(display.legend_.get_texts()) == ["speaks for toxic", "against it"]
    assert_all_is_seen(display)


def test_lines_go_from_the_inputs_to_the_sum(learned):
    display = NeuronDiagramDisplay.from_estimator(learned)
    assert display.neurons_ == [display.sum_]
    for line, disc in zip(display.lines_, display.inputs_, strict=True):
        np.testing.assert_allclose(end_points(line), [disc.center, display.sum_.center])
    np.testing.assert_allclose(end_points(display.bias_lines_[0]), [display.bias_.center, display.sum_.center])
    x = [disc.center[0] for disc in (display.inputs_[0], display.sum_, display.activation_, display.output_)]
    assert (np.diff(x) > 1).all()


def test_colour_is_the_sign_and_width_the_size():
    display = drawn(4, weights=[[2.0, -1.0, 0.0, -2.0]], bias=[-0.5]).plot()
    colors = [line.get_color() for line in display.lines_]
    assert colors == [palette.PURPLE, AMBER, palette.FAINT, AMBER]
    assert display.bias_lines_[0].get_color() == AMBER
    widths = np.array([line.get_linewidth() for line in display.lines_])
    np.testing.assert_allclose((widths - widths[2]) / (widths[0] - widths[2]), [1, 0.5, 0, 1])
    assert widths[2] >= 1.2
    assert texts(display.weights_) == ["2", "\u22121", "0", "\u22122"]


def test_weights_lie_along_their_lines():
    display = drawn(6).plot()
    for text, line in zip(display.weights_, display.lines_, strict=True):
        (x0, y0), (x1, y1) = end_points(line)
        x, y = text.get_position()
        assert y == pytest.approx(y0 + (y1 - y0) * (x - x0) / (x1 - x0))
        slope = np.degrees(np.arctan2(y1 - y0, x1 - x0))
        assert (text.get_rotation() - slope) % 360 == pytest.approx(0, abs=1e-9)


def test_the_curve_is_the_sigmoid(learned):
    display = NeuronDiagramDisplay.from_estimator(learned)
    x, y = end_points(display.curves_[0]).T
    scale = 6 / (x.max() - display.activation_.center[0])
    height = (y.max() - y.min()) / (2 * sigmoid(6.0) - 1)
    np.testing.assert_allclose(y / height + 0.5, sigmoid(scale * (x - display.activation_.center[0])), atol=1e-12)


def test_circles_are_circles_and_there_is_no_frame(learned):
    display = NeuronDiagramDisplay.from_estimator(learned)
    display.figure_.draw_without_rendering()
    for disc in [*display.inputs_, display.sum_, display.output_]:
        around = disc.get_window_extent()
        assert around.width == pytest.approx(around.height, rel=1e-6)
    assert not display.ax_.axison


def test_without_a_bias():
    neuron = SigmoidNeuronClassifier(fit_intercept=False).fit(PLANTS.data, PLANTS.target)
    display = NeuronDiagramDisplay.from_estimator(neuron)
    assert display.bias_ is display.bias_text_ is None
    assert display.bias_lines_ == []
    words = texts(display.ax_.findobj(Text))
    assert "bias" not in words
    assert not any("+ b" in text for text in words)


# A sample -------------------------------------------------------------------------------------------------


def test_numbers_flow_through(learned):
    x = [5.3, 2.6]
    display = NeuronDiagramDisplay.from_estimator(learned, x=x, **NAMES)
    told = explain(learned, x, class_names=PLANTS.target_names)
    assert texts(display.input_texts_) == ["5.3", "2.6"]
    products = [
        f"{brief(w)} \u00b7 {brief(v)} = {brief(w * v)}" for w, v in zip(told.weights, told.values, strict=True)
    ]
    assert texts(display.weights_) == products
    assert display.score_text_.get_text() == f"$z$ = {brief(told.z)}"
    assert display.belief_text_.get_text() == f"$a$ = {told.a:.2f}"
    assert texts(display.outputs_) == ["P(toxic | x)", "82 %"]
    assert display.sentence_.get_text().replace("\n", " ") == told.sentence
    assert same_color(display.output_.get_facecolor(), palette.belief_colormap()(told.a))
    assert_all_is_seen(display)


def test_the_sample_stands_on_the_curve(learned):
    for x in ([5.3, 2.6], [3.9, 2.0], [300.0, 100.0]):
        display = NeuronDiagramDisplay.from_estimator(learned, x=x)
        curve = end_points(display.curves_[0])
        assert np.linalg.norm(curve - display.point_.center, axis=1).min() < 0.02
    np.testing.assert_allclose(display.point_.center, curve[-1])  # the last is beyond its end


def test_colour_and_width_are_those_of_the_products(learned):
    display = NeuronDiagramDisplay.from_estimator(learned, x=[-4.0, 1.0])
    products = learned.coef_[0] * [-4.0, 1.0]
    assert [line.get_color() for line in display.lines_] == [SIGNS[int(s)] for s in np.sign(products)]
    widths = [line.get_linewidth() for line in display.lines_]
    assert (widths[0] > widths[1]) == (abs(products[0]) > abs(products[1]))
    assert "(\u22124)" in display.weights_[0].get_text()


def test_lines_of_a_sample_are_as_wide_as_their_parts_of_the_score_the_bias_and_all_others_too(cells, irises):
    pipeline, X = cells
    display = NeuronDiagramDisplay.from_estimator(pipeline, x=X.iloc[7], max_features=5)
    parts = [*explain(pipeline, X.iloc[7]).products[display.shown_]]
    parts += [display.explanation.products.sum() - sum(parts), display.explanation.bias]
    widths = [line.get_linewidth() for line in [*display.lines_, *display.bias_lines_]]
    np.testing.assert_allclose(np.subtract(widths, 1.3), 5.2 * np.abs(parts) / np.abs(parts).max(), rtol=1e-9)
    layer = NeuronDiagramDisplay.from_estimator(irises, x=load_iris(as_frame=True).data.iloc[70])
    widths = np.array([line.get_linewidth() for line in layer.bias_lines_])
    np.testing.assert_array_equal(np.argsort(widths), np.argsort(np.abs(irises.intercept_)))


def test_what_is_0_is_not_among_the_largest(learned):
    neuron = SigmoidNeuronClassifier().fit(np.eye(20), np.arange(20) % 2)
    x = np.zeros(20)
    for numbers, others in (([4, 11], "the others add nothing; "), (range(3, 14), "the largest are drawn; ")):
        x[list(numbers)] = 1.0
        display = NeuronDiagramDisplay.from_estimator(neuron, x=sp.csr_array(x[None]))
        assert set(display.shown_) <= set(numbers)
        assert len(display.shown_) == min(8, len(numbers))
        assert display.remark_.get_text() == f"{others}line width: what each adds to z"
        assert display.names_[-1].get_text() == f"\u2026 and {20 - len(display.shown_)} others"
    assert_all_is_seen(display)


def test_certainty_is_never_told(learned):
    display = NeuronDiagramDisplay.from_estimator(learned, x=[500.0, 500.0], **NAMES)
    assert display.belief_text_.get_text() == "$a$ > 0.999"
    assert display.outputs_[1].get_text() == "> 99.9 %"
    assert display.sentence_.get_text() == "more than 99.9 % sure\nit is toxic"
    assert_all_is_seen(display)


def test_products_shown_and_others_add_up(cells):
    pipeline, X = cells
    display = NeuronDiagramDisplay.from_estimator(pipeline, x=X.iloc[7])
    told = explain(pipeline, X.iloc[7])
    assert len(display.weights_) == 9
    numbers = [float(text.replace("\u2212", "-")) for text in texts(display.weights_)]
    np.testing.assert_allclose(sum(numbers) + told.bias, told.z, atol=0.02)  # three digits are drawn


# Many features --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("p", [1, 2, 4, 8, 9, 30, 1000])
@pytest.mark.parametrize("n_neurons", [1, 3, 10])
def test_any_number_of_features_can_be_read(p, n_neurons):
    display = drawn(p, n_neurons).plot()
    n_inputs = min(p, 9)
    assert len(display.inputs_) == len(display.names_) == n_inputs
    assert len(display.lines_) == n_inputs * n_neurons
    if p > 8:
        others = p - 8
        assert display.names_[-1].get_text() == f"\u2026 and {others:,} other{'s' * (others > 1)}"
        assert display.lines_[n_inputs - 1].get_linestyle() == "--" or display.lines_[n_inputs - 1].is_dashed()
    assert_all_is_seen(display)


def test_the_largest_are_shown_by_what_was_asked_for():
    w = np.array([[1.0, -9.0, 3.0, 0.1]])
    assert drawn(4, weights=w).plot(max_features=2).shown_.tolist() == [1, 2]
    assert drawn(4, weights=w, spread=[10, 0.1, 1, 1]).plot(max_features=2).shown_.tolist() == [0, 2]
    assert drawn(4, weights=w).plot().shown_.tolist() == [0, 1, 2, 3]  # as they come
    neuron = SigmoidNeuronClassifier().fit(np.eye(4), [0, 1, 0, 1])
    neuron.coef_ = w
    display = NeuronDiagramDisplay.from_estimator(neuron, x=[1, 0, 1, 50], X=np.eye(4), max_features=2)
    assert display.shown_.tolist() == [3, 2]  # |w x| is 1, 0, 3 and 5
    assert texts(display.names_) == ["x4", "x3", "\u2026 and 2 others"]


def test_widths_follow_the_spread():
    display = drawn(2, weights=[[1.0, 2.0]], spread=[4.0, 1.0]).plot()
    widths = [line.get_linewidth() for line in display.lines_]
    assert widths[0] > widths[1]


@pytest.mark.parametrize("form", [np.asarray, sp.csr_array, pd.DataFrame])
def test_of_features_in_any_units_those_are_drawn_that_move_the_score_most(rng, form):
    X = rng.normal(size=(400, 5)) * [1e-6, 1, 1e6, 1, 1e3] + 1e3
    y = (X - 1e3) @ [2e6, 0.3, 0, 0.1, 2e-3] + rng.logistic(size=400) > 0
    neuron = SigmoidNeuronClassifier(C=np.inf).fit(X, y)
    X = form(X)
    display = NeuronDiagramDisplay.from_estimator(neuron, X=X, max_features=2)
    assert set(display.shown_.tolist()) == {0, 4}
    assert (
        display.remark_.get_text()
        == "the largest are drawn; line width of weights: |w| times standard deviation of the feature"
    )
    raw = NeuronDiagramDisplay.from_estimator(neuron, max_features=2)
    assert set(raw.shown_.tolist()) != {0, 4}
    assert (
        raw.remark_.get_text()
        == "the largest are drawn; line width of weights: raw |w|, in the units that the neuron sees"
    )
    assert_all_is_seen(raw)


def test_a_long_remark_leaves_no_band_of_white():
    X, y = load_digits(return_X_y=True)
    neuron = SigmoidNeuronClassifier(tol=1e-1).fit(X, y)
    display = NeuronDiagramDisplay.from_estimator(neuron, X=X, feature_names=load_digits().feature_names)
    display.figure_.draw_without_rendering()
    assert display.ax_.bbox.height > 0.95 * display.figure_.bbox.height
    assert_all_is_seen(display)


def test_the_spread_is_that_of_what_the_neuron_sees(cells):
    pipeline, X = cells
    np.testing.assert_allclose(NeuronDiagramDisplay.from_estimator(pipeline, X=X).spread, 1, rtol=1e-9)


def test_what_the_widths_mean_is_said(learned):
    display = NeuronDiagramDisplay.from_estimator(learned, x=[5.3, 2.6], X=PLANTS.data)
    assert display.remark_.get_text() == "line width: what each adds to z"
    tripped = drawn(3, weights=np.zeros((1, 3))).plot()
    assert tripped.remark_.get_text() == "all weights are 0: every sample is told the same"
    assert_all_is_seen(tripped)


@pytest.mark.parametrize("name", ["_p", "total_$_in_$", "$a$", "", "I am sure it is not", r"\frac{"])
def test_names_are_text(learned, name):
    display = NeuronDiagramDisplay.from_estimator(
        learned, x=[100, 100], feature_names=[name, "width"], class_names=["fine", name]
    )
    assert display.names_[0].get_text() == plain(name)
    assert display.legend_.get_texts()[0].get_text() == plain(f"speaks for {name}")
    assert display.outputs_[0].get_text() == plain(f"P({name} | x)")
    assert display.sentence_.get_text() == f"more than 99.9 % sure\nit is {plain(name)}"
    assert_all_is_seen(display)


def test_long_names_are_shortened_gently():
    names = ["remainder__mean_length_of_the_leaf_cm", "remainder__mean_length_of_the_leaf_mm", "$ and $"]
    display = drawn(3, feature_names=names, neuron_names=["a very long name of a poisonous plant"]).plot()
    first, second, money = texts(display.names_)
    assert first != second
    assert first.startswith("remainder__")
    assert first.endswith("_cm")
    assert len(first) <= 24
    assert money == r"\$ and \$"  # which is drawn as dollars
    assert_all_is_seen(display)


def test_long_classes_do_not_run_into_the_equation(learned):
    names = ["a dreadfully long class name", "another one of that kind"]
    display = NeuronDiagramDisplay.from_estimator(learned, x=[100, 100], class_names=names)
    assert_all_is_seen(display)
    display = NeuronDiagramDisplay.from_estimator(learned, x=[-1, 0], class_names=names)
    assert display.sentence_.get_text().startswith("more than 99.9 % sure\nit is a dreadfully")
    assert_all_is_seen(display)


# Layers ---------------------------------------------------------------------------------------------------


def test_many_classes_are_a_layer(irises):
    display = NeuronDiagramDisplay.from_estimator(irises)
    assert texts(display.outputs_) == ["setosa", "versicolor", "virginica"]
    assert display.weights_ == []
    assert display.sum_ is display.activation_ is display.output_ is display.score_text_ is display.bias_text_ is None
    assert len(display.neurons_) == len(display.curves_) == len(display.bias_lines_) == 3
    ends = [end_points(line) for line in display.lines_]
    wanted = [[disc.center, neuron.center] for neuron in display.neurons_ for disc in display.inputs_]
    np.testing.assert_allclose(ends, wanted)
    signs = [SIGNS[int(sign)] for sign in np.sign(irises.coef_).ravel()]
    assert [line.get_color() for line in display.lines_] == signs
    largest = np.argmax(np.abs(irises.coef_))
    assert np.argmax([line.get_linewidth() for line in display.lines_]) == largest
    assert_all_is_seen(display)


def test_a_sample_in_a_layer(irises):
    x = load_iris(as_frame=True).data.iloc[70]
    display = NeuronDiagramDisplay.from_estimator(irises, x=x)
    told = explain(irises, x)
    assert texts(display.outputs_[3:]) == ["0.4 %", "31 %", "69 %"]
    assert display.sentence_.get_text() == told.sentence == "69 % sure it is virginica"
    flows = irises.coef_ * told.values
    assert [line.get_color() for line in display.lines_] == [SIGNS[int(s)] for s in np.sign(flows).ravel()]
    assert [text.get_fontweight() == "bold" for text in display.outputs_] == [False, False, True] * 2
    paleness = [sum(disc.get_facecolor()[:3]) for disc in display.neurons_]
    assert np.argmax(paleness) == 0  # the least probable is nearly white
    assert_all_is_seen(display)


def test_one_neuron_of_many_shares_its_probability(irises):
    x = load_iris(as_frame=True).data.iloc[70]
    display = NeuronDiagramDisplay.from_estimator(irises, x=x, class_of_interest="versicolor")
    told = explain(irises, x, class_of_interest="versicolor")
    assert texts(display.outputs_) == ["P(versicolor | x) \u221d a", "31 %"]
    assert display.belief_text_.get_text() == f"$a$ = {told.a:.2f}"
    assert display.sentence_.get_text() == "69 % sure\nit is virginica"
    assert_all_is_seen(display)


def test_of_many_neurons_ten_are_drawn():
    display = drawn(3, 26).plot()
    assert display.shown_neurons_.tolist() == list(range(10))
    assert "\u2026 and 16 others" in texts(display.ax_.findobj(Text))
    assert_all_is_seen(display)


def test_of_many_neurons_those_are_drawn_that_a_sample_speaks_to(rng):
    X = rng.normal(size=(240, 3))
    neuron = SigmoidNeuronClassifier(tol=0.1).fit(X, np.arange(240) % 12)
    neuron.coef_ = neuron.coef_ + np.array([0, 0, 1.0]) * np.arange(12)[:, None]
    display = NeuronDiagramDisplay.from_estimator(neuron, x=[0, 0, 5])
    probabilities = neuron.predict_proba([[0, 0, 5]])[0]
    assert set(display.shown_neurons_) == set(np.argsort(-probabilities)[:10])
    assert (np.diff(display.shown_neurons_) > 0).all()
    assert_all_is_seen(display)


def test_digits_are_drawn_with_and_without_a_sample():
    X, y = load_digits(return_X_y=True)
    neuron = SigmoidNeuronClassifier(tol=1e-2).fit(X / 16, y)
    for x in (None, X[3] / 16):
        display = NeuronDiagramDisplay.from_estimator(neuron, x=x)
        assert texts(display.outputs_[:10]) == [f"class {k}" for k in range(10)]
        assert_all_is_seen(display)


# The contract of displays ---------------------------------------------------------------------------------


def test_pipelines_and_searches():
    X = pd.DataFrame(PLANTS.data, columns=["length", "width"]).astype(np.float32)
    labels = np.array(["edible", "toxic"])[PLANTS.target]
    pipeline = make_pipeline(StandardScaler(), SigmoidNeuronClassifier()).fit(X, labels)
    search = GridSearchCV(pipeline, {"sigmoidneuronclassifier__C": [1.0]}, cv=2).fit(X, labels)
    for estimator in (pipeline, search):
        display = NeuronDiagramDisplay.from_estimator(estimator, x=X.iloc[[0]])
        assert texts(display.names_) == ["length", "width"]
        assert display.outputs_[0].get_text() == "P(toxic | x)"
        assert texts(display.input_texts_) == [brief(v) for v in StandardScaler().fit(X).transform(X)[0]]


def test_given_axes_are_drawn_on(learned):
    figure, axes = plt.subplots(1, 2, figsize=(9, 3), layout="constrained")
    display = NeuronDiagramDisplay.from_estimator(learned, ax=axes[1], **NAMES)
    assert display.ax_ is axes[1]
    assert display.figure_ is figure
    assert plt.get_fignums() == [figure.number]
    assert_all_is_seen(display)
    sizes = [text.get_fontsize() for text in display.names_]
    again = display.plot()
    assert again is display
    assert display.figure_ is not figure
    assert all(text.get_fontsize() > size for text, size in zip(display.names_, sizes, strict=True))


@pytest.mark.parametrize("layout", [None, "tight", "constrained"])
def test_words_and_lines_are_zoomed_with_the_picture(learned, layout):
    sizes = []
    for inches in (4, 8):
        _, ax = plt.subplots(figsize=(2 * inches, inches), layout=layout)
        display = NeuronDiagramDisplay.from_estimator(learned, ax=ax, **NAMES)
        assert_all_is_seen(display)
        sizes.append([display.names_[0].get_fontsize(), display.lines_[0].get_linewidth()])
    np.testing.assert_allclose(np.divide(*sizes), 0.5, rtol=0.05)


def test_all_the_room_is_used_that_a_layout_will_give(learned):
    own = NeuronDiagramDisplay.from_estimator(learned, **NAMES)
    _, ax = plt.subplots(figsize=own.figure_.get_size_inches(), layout="constrained")
    on_given_axes = NeuronDiagramDisplay.from_estimator(learned, ax=ax, **NAMES)
    assert on_given_axes.names_[0].get_fontsize() == pytest.approx(own.names_[0].get_fontsize(), rel=0.04)


def test_a_subfigure_can_be_drawn_on(learned):
    figure = plt.figure(figsize=(10, 4), layout="constrained")
    left, _ = figure.subfigures(1, 2)
    display = NeuronDiagramDisplay.from_estimator(learned, ax=left.subplots(), **NAMES)
    assert display.figure_ is left
    figure.draw_without_rendering()


def test_styles_win(learned):
    styles = {
        "node_kwargs": {"ec": "red"},
        "line_kwargs": {"c": "green", "lw": 7},
        "text_kwargs": {"size": 5, "family": "monospace"},
    }
    display = NeuronDiagramDisplay.from_estimator(learned, x=[1, 2], **styles)
    assert all(disc.get_edgecolor() == to_rgba("red") for disc in [*display.inputs_, display.sum_, display.output_])
    assert {(line.get_color(), line.get_linewidth()) for line in display.lines_} == {("green", 7)}
    assert {text.get_fontsize() for text in [*display.names_, *display.weights_]} == {5}


def test_labels_of_all_types(learned):
    for labels in (PLANTS.target == 1, PLANTS.target * 1.0):
        neuron = SigmoidNeuronClassifier().fit(PLANTS.data, labels)
        output = NeuronDiagramDisplay.from_estimator(neuron).outputs_[0].get_text()
        assert output == f"P(class {neuron.classes_[1]} | x)"


def test_what_the_user_has_stays_as_it_is(learned):
    x, X, weights = np.array([5.0, 2.0]), PLANTS.data.copy(), learned.coef_.copy()
    NeuronDiagramDisplay.from_estimator(learned, x=x, X=X)
    np.testing.assert_array_equal(x, [5, 2])
    np.testing.assert_array_equal(X, PLANTS.data)
    np.testing.assert_array_equal(learned.coef_, weights)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"max_features": 0}, "max_features must be an int of at least 1; got 0"),
        ({"max_features": 2.5}, "max_features must be an int of at least 1; got 2.5"),
        ({"X": np.ones((5, 3))}, "spread must hold 2 numbers"),
        ({"X": [[1, np.nan], [1, 2]]}, "finite and at least 0"),
        ({"x": [1]}, "X has 1 features"),
        ({"x": [[1, 2], [3, 4]]}, "x must be one sample"),
        ({"feature_names": ["a"]}, "feature_names has 1 names"),
        ({"class_names": ["a"]}, "class_names has 1 names"),
        ({"class_of_interest": 3}, "pass class_of_interest"),
    ],
)
def test_what_is_refused(learned, options, message):
    with pytest.raises(ValueError, match=message):
        NeuronDiagramDisplay.from_estimator(learned, **options)
    assert plt.get_fignums() == []


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"weights": [1.0, 2.0]}, r"weights must have shape \(n_neurons, n_features\), as coef_; got \(2,\)"),
        ({"bias": [1.0, 2.0]}, "bias must have 1 elements, to fit weights; got 2"),
        ({"neuron_names": []}, "neuron_names must have 1 elements, to fit weights; got 0"),
        ({"feature_names": ["a"]}, "feature_names must have 2 elements, to fit weights; got 1"),
        ({"spread": [1, -1]}, "finite and at least 0"),
        ({"weights": [[1.0, np.nan]]}, "weights and bias must be finite"),
        ({"bias": [np.inf]}, "weights and bias must be finite"),
    ],
)
def test_data_that_do_not_fit_are_refused(data, message):
    with pytest.raises(ValueError, match=message):
        drawn(2, **data).plot()


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0.0, "0"),
        (-0.0, "0"),
        (12.345, "12.3"),
        (-0.5, "\u22120.5"),
        (999.4, "999"),
        (999.6, "1000"),
        (-12345.6, "\u221212346"),
        (1e5, "1e5"),
        (123456, "1.2e5"),
        (1.5e-7, "1.5e\u22127"),
        (0.00123, "0.00123"),
    ],
)
def test_brief_numbers(number, text):
    assert brief(number) == text
