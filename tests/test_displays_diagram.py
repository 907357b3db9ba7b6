"""The diagram tells the weights, the sample and the decision, and nothing overlaps or is cut."""

import re

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
import scipy.sparse as sp
from conftest import letters, told, without_warnings
from matplotlib.text import Text
from matplotlib.transforms import Bbox
from scipy.special import expit
from sklearn.datasets import load_breast_cancer, load_digits, load_iris
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from sklearn_neuron import SigmoidNeuronClassifier, explain
from sklearn_neuron.datasets import make_toxic_plants
from sklearn_neuron.displays import DecisionFieldDisplay, NeuronDiagramDisplay

PLANTS = make_toxic_plants(random_state=0)
NAMES = {"feature_names": ["leaf length (cm)", "leaf width (cm)"], "class_names": PLANTS.target_names}


@pytest.fixture(scope="module")
def flowers():
    X, y = load_iris(return_X_y=True, as_frame=True)
    return SigmoidNeuronClassifier().fit(X, load_iris().target_names[y]), X


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


def numbers(artists):
    return [float(text.replace("\u2212", "-")) for text in told(artists)]


def speaks(display):
    """By the legend's colours, for whom each line speaks: 1 for the class, -1 against it, 0 for neither."""
    speaks_for, against = (line.get_color() for line in display.legend_.get_lines())
    return [{speaks_for: 1, against: -1}.get(line.get_color(), 0) for line in display.lines_]


def widths_of(lines):
    return np.array([line.get_linewidth() for line in lines])


def assert_proportional(widths, parts):
    """Lines are as wide as their parts, beyond a width that all of them have."""
    slope, least = np.polyfit(np.abs(parts), widths, 1)
    np.testing.assert_allclose(widths, least + slope * np.abs(parts), rtol=1e-9)
    assert slope > 0
    assert least > 0


def box(artist):
    return artist.get_window_extent()


def assert_all_is_seen(display):
    """Every word lies inside its figure, beside every other word, and horizontal ones off the nodes of others."""
    display.figure_.draw_without_rendering()
    words = [text for text in display.ax_.findobj(Text) if text.get_text() and text.get_visible()]
    boxes, page = [box(text) for text in words], display.figure_.bbox
    assert all(page.x0 <= around.x0 and page.y0 <= around.y0 for around in boxes)
    assert all(around.x1 <= page.x1 and around.y1 <= page.y1 for around in boxes)
    upright = [around for around, text in zip(boxes, words, strict=True) if text.get_rotation() == 0]
    assert not any(Bbox.intersection(one, other) for i, one in enumerate(upright) for other in upright[:i])


def end_points(line):
    return np.column_stack(line.get_data())


# One neuron -----------------------------------------------------------------------------------------------


def test_figure_2_of_the_guide(learned):
    display = NeuronDiagramDisplay.from_estimator(learned, **NAMES)
    assert told(display.names_) == NAMES["feature_names"]
    assert told(display.input_texts_) == ["$x_{1}$", "$x_{2}$"]
    assert numbers(display.weights_) == pytest.approx(learned.coef_[0], rel=5e-3)
    assert numbers([display.bias_text_]) == pytest.approx(learned.intercept_, rel=5e-3)
    assert told(display.outputs_) == ["P(toxic | x)"]
    assert (display.score_text_.get_text(), display.belief_text_.get_text()) == ("$z$", "$a$")
    assert display.sentence_ is display.point_ is None
    assert told(display.legend_.get_texts()) == ["speaks for toxic", "against it"]
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
    assert speaks(display) == [1, -1, 0, -1]
    assert display.bias_lines_[0].get_color() == display.lines_[1].get_color()
    assert_proportional(widths_of(display.lines_), [2, 1, 0, 2])
    assert told(display.weights_) == ["2", "\u22121", "0", "\u22122"]
    assert_proportional(widths_of(drawn(3, spread=[4, 1, 2], weights=[[1, 2, 3]]).plot().lines_), [4, 2, 6])


def test_numbers_are_brief():
    written = {12.345: "12.3", -0.5: "\u22120.5", 999.4: "999", 999.6: "1000", -12345.6: "\u221212346", 1e5: "1e5"}
    written |= {123456: "1.2e5", 1.5e-7: "1.5e\u22127", 0.00123: "0.00123"}
    assert told(drawn(9, weights=[list(written)]).plot(max_features=9).weights_) == list(written.values())
    assert told(drawn(2, weights=[[0.0, -0.0]]).plot().weights_) == ["0", "0"]


def test_weights_lie_along_their_lines():
    display = drawn(6).plot()
    for text, line in zip(display.weights_, display.lines_, strict=True):
        (x0, y0), (x1, y1) = end_points(line)
        x, y = text.get_position()
        assert y == pytest.approx(y0 + (y1 - y0) * (x - x0) / (x1 - x0))
        slope = np.degrees(np.arctan2(y1 - y0, x1 - x0))
        assert (text.get_rotation() - slope) % 360 == pytest.approx(0, abs=1e-9)


def test_the_curve_is_the_sigmoid_in_a_circle(learned):
    display = NeuronDiagramDisplay.from_estimator(learned)
    x, y = end_points(display.curves_[0]).T
    scale = 6 / (x.max() - display.activation_.center[0])
    height = (y.max() - y.min()) / (2 * expit(6.0) - 1)
    np.testing.assert_allclose(y / height + 0.5, expit(scale * (x - display.activation_.center[0])), atol=1e-12)
    display.figure_.draw_without_rendering()
    for disc in [*display.inputs_, display.sum_, display.output_]:
        assert box(disc).width == pytest.approx(box(disc).height, rel=1e-6)
    assert not display.ax_.axison


def test_without_a_bias():
    neuron = SigmoidNeuronClassifier(fit_intercept=False).fit(PLANTS.data, PLANTS.target)
    display = NeuronDiagramDisplay.from_estimator(neuron)
    assert display.bias_ is display.bias_text_ is None
    assert display.bias_lines_ == []
    words = told(display.ax_.findobj(Text))
    assert "bias" not in words
    assert not any("+ b" in text for text in words)


# A sample -------------------------------------------------------------------------------------------------


def test_numbers_flow_through(learned):
    x = [5.3, 2.6]
    display = NeuronDiagramDisplay.from_estimator(learned, x=x, **NAMES)
    found = explain(learned, x, class_names=PLANTS.target_names)
    assert told(display.input_texts_) == ["5.3", "2.6"]
    for text, w, x_j in zip(told(display.weights_), found.weights, found.values, strict=True):
        factors = [float(part.replace("\u2212", "-")) for part in re.split(" \u00b7 | = ", text)]
        assert factors == pytest.approx([w, x_j, w * x_j], rel=5e-3)
    score, belief = (told([text])[0].split(" = ") for text in (display.score_text_, display.belief_text_))
    assert (score[0], float(score[1])) == ("$z$", pytest.approx(found.z, rel=5e-3))
    assert belief == ["$a$", f"{found.a:.2f}"]
    assert told(display.outputs_) == ["P(toxic | x)", "82 %"]
    assert display.sentence_.get_text().replace("\n", " ") == found.sentence
    field = DecisionFieldDisplay.from_estimator(learned, PLANTS.data, PLANTS.target).surface_
    assert display.output_.get_facecolor() == pytest.approx(field.get_cmap()(found.a))  # the colour of such a belief
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
    assert speaks(display) == np.sign(products).tolist()
    widths = widths_of(display.lines_)
    assert (widths[0] > widths[1]) == (abs(products[0]) > abs(products[1]))
    assert "(\u22124)" in display.weights_[0].get_text()


def test_lines_of_a_sample_are_as_wide_as_their_parts_of_the_score_the_bias_and_all_others_too(cells, flowers):
    pipeline, X = cells
    display = NeuronDiagramDisplay.from_estimator(pipeline, x=X.iloc[7], max_features=5)
    parts = [*explain(pipeline, X.iloc[7]).products[display.shown_]]
    parts += [display.explanation.products.sum() - sum(parts), display.explanation.bias]
    assert_proportional(widths_of([*display.lines_, *display.bias_lines_]), parts)
    layer = NeuronDiagramDisplay.from_estimator(flowers[0], x=flowers[1].iloc[70])
    assert_proportional(widths_of(layer.bias_lines_), flowers[0].intercept_)


def test_what_is_0_is_not_among_the_largest():
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
    found = explain(pipeline, X.iloc[7])
    assert len(display.weights_) == 9
    np.testing.assert_allclose(
        sum(numbers(display.weights_)) + found.bias, found.z, atol=0.02
    )  # three digits are drawn
    spread = NeuronDiagramDisplay.from_estimator(pipeline, X=X).spread
    np.testing.assert_allclose(spread, 1, rtol=1e-9)  # of what the neuron sees, which is scaled


# Many features --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("p", [1, 2, 8, 9, 1000])
@pytest.mark.parametrize("n_neurons", [1, 3, 10])
def test_any_number_of_features_can_be_read(p, n_neurons):
    display = drawn(p, n_neurons).plot()
    n_inputs = min(p, 9)
    assert len(display.inputs_) == len(display.names_) == n_inputs
    assert len(display.lines_) == n_inputs * n_neurons
    if p > 8:
        others = p - 8
        assert display.names_[-1].get_text() == f"\u2026 and {others:,} other{'s' * (others > 1)}"
        assert display.lines_[n_inputs - 1].is_dashed()
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
    assert told(display.names_) == ["x4", "x3", "\u2026 and 2 others"]


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


@pytest.mark.parametrize("has_sample", [False, True])
def test_digits_are_drawn_and_a_long_remark_leaves_no_band_of_white(has_sample):
    X, y = load_digits(return_X_y=True)
    neuron = without_warnings(SigmoidNeuronClassifier(max_iter=3).fit, X[:500], y[:500])
    names = load_digits().feature_names
    display = NeuronDiagramDisplay.from_estimator(neuron, X=X, x=X[3] if has_sample else None, feature_names=names)
    assert told(display.outputs_[:10]) == [f"class {k}" for k in range(10)]
    assert_all_is_seen(display)
    assert display.ax_.bbox.height > 0.95 * display.figure_.bbox.height


def test_what_the_widths_mean_is_said(learned):
    display = NeuronDiagramDisplay.from_estimator(learned, x=[5.3, 2.6], X=PLANTS.data)
    assert display.remark_.get_text() == "line width: what each adds to z"
    tripped = drawn(3, weights=np.zeros((1, 3))).plot()
    assert tripped.remark_.get_text() == "all weights are 0: every sample is told the same"
    assert_all_is_seen(tripped)


@pytest.mark.parametrize(
    "names", [["a dreadfully long class name", "another one of that kind"], ["", "I am sure it is not"]]
)
def test_no_name_runs_into_another_or_is_cut(learned, names):
    features = ["remainder__mean_length_of_the_leaf_cm", "remainder__mean_length_of_the_leaf_mm"]
    display = NeuronDiagramDisplay.from_estimator(learned, x=[100, 100], class_names=names, feature_names=features)
    first, second = told(display.names_)
    assert first != second
    assert first.startswith("remainder__")
    assert first.endswith("_cm")
    assert_all_is_seen(display)
    display = NeuronDiagramDisplay.from_estimator(learned, x=[-1, 0], class_names=names)
    assert letters(display.sentence_.get_text()).startswith(f"more than 99.9 % sure\nit is {names[0][:12]}")
    assert_all_is_seen(display)


def test_what_goes_before_the_neuron_names_and_changes_the_inputs():
    X = pd.DataFrame(PLANTS.data, columns=["length", "width"])
    pipeline = make_pipeline(StandardScaler(), SigmoidNeuronClassifier()).fit(X, PLANTS.target)
    display = NeuronDiagramDisplay.from_estimator(pipeline, x=X.iloc[[0]])
    assert told(display.names_) == ["length", "width"]
    assert numbers(display.input_texts_) == pytest.approx(pipeline[0].transform(X)[0], rel=5e-3)


# Layers ---------------------------------------------------------------------------------------------------


def test_many_classes_are_a_layer(flowers):
    irises, _ = flowers
    display = NeuronDiagramDisplay.from_estimator(irises)
    assert told(display.outputs_) == ["setosa", "versicolor", "virginica"]
    assert display.weights_ == []
    assert display.sum_ is display.activation_ is display.output_ is display.score_text_ is display.bias_text_ is None
    assert len(display.neurons_) == len(display.curves_) == len(display.bias_lines_) == 3
    ends = [end_points(line) for line in display.lines_]
    wanted = [[disc.center, neuron.center] for neuron in display.neurons_ for disc in display.inputs_]
    np.testing.assert_allclose(ends, wanted)
    assert speaks(display) == np.sign(irises.coef_).ravel().tolist()
    largest = np.argmax(np.abs(irises.coef_))
    assert np.argmax([line.get_linewidth() for line in display.lines_]) == largest
    assert_all_is_seen(display)


def test_a_sample_in_a_layer(flowers):
    irises, X = flowers
    x = X.iloc[70]
    display = NeuronDiagramDisplay.from_estimator(irises, x=x)
    found = explain(irises, x)
    assert told(display.outputs_[3:]) == ["0.4 %", "31 %", "69 %"]
    assert display.sentence_.get_text() == found.sentence == "69 % sure it is virginica"
    flows = irises.coef_ * found.values
    assert speaks(display) == np.sign(flows).ravel().tolist()
    assert [text.get_fontweight() == "bold" for text in display.outputs_] == [False, False, True] * 2
    paleness = [sum(disc.get_facecolor()[:3]) for disc in display.neurons_]
    assert np.argmax(paleness) == 0  # the least probable is nearly white
    assert_all_is_seen(display)


def test_one_neuron_of_many_shares_its_probability(flowers):
    irises, X = flowers
    x = X.iloc[70]
    display = NeuronDiagramDisplay.from_estimator(irises, x=x, class_of_interest="versicolor")
    found = explain(irises, x, class_of_interest="versicolor")
    assert told(display.outputs_) == ["P(versicolor | x) \u221d a", "31 %"]
    assert display.belief_text_.get_text() == f"$a$ = {found.a:.2f}"
    assert display.sentence_.get_text() == "69 % sure\nit is virginica"
    assert_all_is_seen(display)


def test_of_many_neurons_ten_are_drawn():
    display = drawn(3, 26).plot()
    assert display.shown_neurons_.tolist() == list(range(10))
    assert "\u2026 and 16 others" in told(display.ax_.findobj(Text))
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


# On axes of others ---------------------------------------------------------------------------------


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


def test_labels_of_all_types(learned):
    for labels in (PLANTS.target == 1, PLANTS.target * 1.0):
        neuron = SigmoidNeuronClassifier().fit(PLANTS.data, labels)
        output = NeuronDiagramDisplay.from_estimator(neuron).outputs_[0].get_text()
        assert output == f"P(class {neuron.classes_[1]} | x)"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"max_features": 0}, "max_features must be an int of at least 1; got 0"),
        ({"max_features": 2.5}, "max_features must be an int of at least 1; got 2.5"),
        ({"X": np.ones((5, 3))}, "spread must hold 2 numbers"),
        ({"X": [[1, np.nan], [1, 2]]}, "finite and at least 0"),
        ({"x": [1]}, "X has 1 features"),
        ({"x": [[1, 2], [3, 4]]}, "x must be one sample"),
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
