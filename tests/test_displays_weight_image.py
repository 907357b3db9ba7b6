"""Images of weights: every pixel is the number it stands for, and what is drawn of a sample adds up to its score."""

import io
import re
from itertools import pairwise

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
import scipy.sparse as sp
from matplotlib.colors import SymLogNorm
from sklearn.compose import make_column_transformer
from sklearn.datasets import load_digits
from sklearn.decomposition import PCA
from sklearn.feature_selection import SelectKBest, chi2
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, MinMaxScaler, StandardScaler

from sklearn_neuron import SigmoidNeuronClassifier, explain
from sklearn_neuron.displays import WeightImageDisplay
from sklearn_neuron.displays.raster import averages_of

X, Y = load_digits(return_X_y=True)
DARK = (X == 0).all(axis=0)
ALONE = SigmoidNeuronClassifier().fit(X[::2], Y[::2])
LAYER = SigmoidNeuronClassifier(multi_class="multinomial").fit(X[::2], Y[::2])
PIPED = make_pipeline(StandardScaler(), SigmoidNeuronClassifier()).fit(X[::2], Y[::2])
ZERO_OR_ONE = SigmoidNeuronClassifier().fit(X[Y < 2], Y[Y < 2])
ESTIMATORS = {"alone": ALONE, "layer": LAYER, "piped": PIPED}
MISTAKE = int(np.flatnonzero(ALONE.predict(X) != Y)[0])


def drawn(images):
    """The numbers of images, silent ones nan, shape (n_images, rows, columns)."""
    return np.array([np.ma.filled(image.get_array().astype(float), np.nan) for image in images])


def titles(display):
    return [ax.get_title("left") for ax in display.axes_.flat if ax.get_visible()]


def lines(words):
    return words.get_text().split("\n")


def assert_words_are_within(display):
    """Already as it is drawn for the first time; those below are left out of the layout, so nobody else looks."""
    figure = display.figure_
    figure.draw_without_rendering()
    assert all(bar.ax.get_tightbbox().x1 <= figure.bbox.x1 for bar in display.bars_)
    boxes = [words.get_window_extent() for words in display.words_ if words.get_text()]
    panels = [ax.get_window_extent() for ax in display.axes_.flat if ax.get_visible()]
    for box in boxes:
        assert min(box.x0, box.y0) >= 0
        assert box.x1 <= figure.bbox.x1
        assert not any(box.overlaps(panel) for panel in panels)


# Weights --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "shape"),
    [("alone", (8, 8)), ("layer", (4, 16)), ("piped", (16, 4)), ("alone", (1, 64)), ("alone", (64, 1))],
)
def test_every_pixel_is_the_weight_of_its_feature_row_after_row(name, shape):
    display = WeightImageDisplay.from_estimator(ESTIMATORS[name], X, Y, shape=shape)
    neuron = ESTIMATORS[name][-1] if name == "piped" else ESTIMATORS[name]
    weights = np.where(DARK, np.nan, neuron.coef_).reshape(-1, *shape)
    np.testing.assert_array_equal(drawn(display.weight_images_), weights)
    assert display.product_images_ == []
    assert_words_are_within(display)


def test_all_images_of_a_kind_have_one_scale_on_which_no_weight_is_white():
    display = WeightImageDisplay.from_estimator(ALONE, X, Y)
    largest = np.abs(ALONE.coef_).max()
    assert {image.get_clim() for image in display.weight_images_} == {(-largest, largest)}
    image = display.weight_images_[0]
    np.testing.assert_allclose(image.to_rgba([[0.0]])[0, 0], 1, atol=0.01)
    red, green, blue, _ = image.to_rgba([[largest / 2]])[0, 0]
    assert blue > red > green  # purple is for it
    red, green, blue, _ = image.to_rgba([[-largest / 2]])[0, 0]
    assert red > green > blue  # and amber against it
    assert {image.get_clim() for image in display.seen_images_} == {(0, averages_of(X, Y, 10).max())}


@pytest.mark.parametrize("size", [5e-324, 1e-318, 1e-290, 1e300, 1.7e308])
def test_tiny_and_huge_numbers_have_their_colours_and_their_size_is_told(size):
    display = WeightImageDisplay(
        weights=np.array([[1.0, -1, 0.5, 0.25]]) * size, neuron_names=["a"], shape=(2, 2)
    ).plot()
    display.figure_.draw_without_rendering()
    ordinary = WeightImageDisplay(weights=[[1, -1, 0.5, 0.25]], neuron_names=["a"], shape=(2, 2)).plot()
    colours = [one.weight_images_[0].to_rgba(one.weight_images_[0].get_array()) for one in (display, ordinary)]
    clear = slice(None) if size > 1e-320 else slice(1)  # of the least float there is no half
    np.testing.assert_allclose(colours[0][clear], colours[1][clear], atol=0.02)
    against, zero, positive = [tick.get_text().replace("\u2212", "-") for tick in display.bars_[0].ax.get_yticklabels()]
    assert float(positive.removesuffix(" for")) == pytest.approx(size, rel=0.02)
    assert float(against.removesuffix(" against")) == pytest.approx(-size, rel=0.02)
    assert zero == "0"


def test_what_is_more_than_a_float_is_refused():
    with pytest.raises(ValueError, match="more than a float can hold"), np.errstate(over="ignore"):
        WeightImageDisplay.from_estimator(ZERO_OR_ONE, X[Y < 2] * 1e307, Y[Y < 2])
    assert not plt.get_fignums()


def test_one_pixel_is_number_1():
    display = WeightImageDisplay(weights=[[2.0]], neuron_names=["True"], shape=(1, 1)).plot()
    display.figure_.draw_without_rendering()
    panel = display.weight_images_[0].axes
    assert [tick for tick in panel.get_xticks() if 0.5 < tick < 1.5] == [1]
    assert titles(display) == ["weights of class True"]


def test_a_pixel_that_is_always_dark_is_silent_and_not_white():
    """Of a weight that is 0, and of one that no example has a use for."""
    display = WeightImageDisplay.from_estimator(ALONE)
    assert (np.isnan(drawn(display.weight_images_)) == (ALONE.coef_ == 0).reshape(-1, 8, 8)).all()
    assert lines(display.words_[-1]) == ["Hatched: silent, for its weight is 0."]
    weights = np.ones((1, 4))
    display = WeightImageDisplay(weights=weights, neuron_names=["a"], shape=(2, 2), dark=[True, False, False, False])
    shown = drawn(display.plot().weight_images_)
    np.testing.assert_array_equal(shown, [[[np.nan, 1], [1, 1]]])
    panel = display.weight_images_[0].axes
    assert panel.patch.get_hatch()
    assert panel.patch.get_facecolor()[:3] != (1, 1, 1)
    assert "Hatched: silent, for its weight is 0 or it is 0 in every example." in " ".join(lines(display.words_[-1]))
    without = WeightImageDisplay(weights=weights, neuron_names=["a"], shape=(2, 2)).plot()
    assert without.words_[-1].get_text() == ""


def test_a_neuron_that_looks_at_nothing_says_so():
    display = WeightImageDisplay(weights=np.zeros((1, 4)), neuron_names=["a"], shape=(2, 2)).plot()
    said = "All weights drawn are 0: whatever the sample, the score is the bias."
    assert " ".join(lines(display.words_[-1])) == said
    many = WeightImageDisplay(weights=np.zeros((31, 4)), neuron_names=["a"] * 31, shape=(2, 2), steps_before=["PCA"])
    told = " ".join(lines(many.plot().words_[-1]))
    assert re.fullmatch(f"{said} Pixels are those .* after PCA. The first 30 of 31 neurons are drawn.", told)


def test_one_neuron_alone_is_not_cut():
    display = WeightImageDisplay.from_estimator(ZERO_OR_ONE)
    assert titles(display) == ["weights of class 1"]
    assert_words_are_within(display)


def test_it_is_drawn_the_first_time_as_ever_after():
    display = WeightImageDisplay.from_estimator(ZERO_OR_ONE, x=X[1])
    saved = [io.BytesIO(), io.BytesIO()]
    for file in saved:
        display.figure_.savefig(file, format="rgba")
    assert saved[0].getvalue() == saved[1].getvalue()


def test_of_very_many_neurons_the_first_are_drawn_and_that_is_said():
    weights = np.arange(1, 125.0).reshape(31, 4)
    display = WeightImageDisplay(weights=weights, neuron_names=list("abcdefghijklmnopqrstuvwxyzABCDE"), shape=(2, 2))
    assert len(display.plot().weight_images_) == 30
    assert "The first 30 of 31 neurons are drawn." in display.words_[-1].get_text()
    assert [ax.get_visible() for ax in display.axes_.flat].count(True) == 30


def test_a_row_that_is_not_full_leaves_no_gap_in_those_above():
    display = WeightImageDisplay(weights=np.arange(1, 25.0).reshape(6, 4), neuron_names=list("abcdef"), shape=(2, 2))
    display.plot().figure_.draw_without_rendering()
    left = [panel.get_window_extent().x0 for panel in display.axes_[0]]
    np.testing.assert_allclose(np.diff(left), np.diff(left)[0], rtol=0.02)
    assert_words_are_within(display)


# Averages -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", [np.asarray, sp.csr_array, sp.coo_array, np.ndarray.tolist])
def test_averages_are_those_of_each_class(form):
    display = WeightImageDisplay.from_estimator(ALONE, form(X), Y)
    expected = [X[k == Y].mean(axis=0).reshape(8, 8) for k in range(10)]
    np.testing.assert_allclose(drawn(display.seen_images_), expected, rtol=1e-12)
    assert titles(display) == [
        *(f"class {k}" for k in range(5)),
        *[""] * 5,
        *(f"class {k}" for k in range(5, 10)),
        *[""] * 5,
    ]


def test_behind_a_scaler_averages_are_as_the_neuron_sees_them_and_that_is_said():
    display = WeightImageDisplay.from_estimator(PIPED, X, Y)
    seen = PIPED[0].transform(X)
    np.testing.assert_allclose(drawn(display.seen_images_)[3], seen[Y == 3].mean(axis=0).reshape(8, 8), atol=1e-12)
    low, high = display.seen_images_[0].get_clim()
    assert low == -high
    assert "Pixels are those that the neuron sees, after StandardScaler." in lines(display.words_[-1])
    assert "Pixels" not in WeightImageDisplay.from_estimator(ALONE, X, Y).words_[-1].get_text()


def test_two_classes_are_two_averages_and_one_neuron_and_so_is_one_of_many_against_the_rest():
    few = Y < 2
    display = WeightImageDisplay.from_estimator(ZERO_OR_ONE, X[few], Y[few], class_names=["zero", "one"])
    assert titles(display) == ["average of zero", "average of one", "weights of one"]
    np.testing.assert_allclose(drawn(display.seen_images_)[1], X[Y == 1].mean(axis=0).reshape(8, 8), rtol=1e-12)
    display = WeightImageDisplay.from_estimator(ALONE, X, Y, class_of_interest=3)
    assert titles(display) == ["average of the rest", "average of class 3", "weights of class 3"]
    averages = [X[Y != 3].mean(axis=0), X[Y == 3].mean(axis=0)]
    np.testing.assert_allclose(drawn(display.seen_images_), np.reshape(averages, (2, 8, 8)), rtol=1e-12)
    np.testing.assert_array_equal(drawn(display.weight_images_)[0][~DARK.reshape(8, 8)], ALONE.coef_[3][~DARK])


def test_a_class_that_no_sample_is_of_has_no_average():
    display = WeightImageDisplay.from_estimator(ALONE, X[Y != 4], Y[Y != 4])
    assert titles(display)[:5] == ["class 0", "class 1", "class 2", "class 3", "none of class 4"]
    assert np.isnan(drawn(display.seen_images_)[4]).all()
    assert np.isfinite(drawn(display.seen_images_)[3]).all()


# One sample -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ESTIMATORS)
def test_products_of_all_pixels_and_the_bias_are_the_score(name):
    estimator = ESTIMATORS[name]
    neuron = estimator[-1] if name == "piped" else estimator
    scores = estimator.decision_function(X[[MISTAKE]])[0]
    for k in (0, 4, 9):
        display = WeightImageDisplay.from_estimator(estimator, X, Y, x=X[MISTAKE], class_of_interest=k)
        (products,) = drawn(display.product_images_)
        assert np.nansum(products) + neuron.intercept_[k] == pytest.approx(scores[k], rel=1e-9)
        (values,), (weights,) = drawn(display.seen_images_), drawn(display.weight_images_)
        np.testing.assert_allclose(products, values * weights, rtol=1e-12)
        assert not np.isnan(values).any()
    assert display.product_images_[0].get_clim() == pytest.approx(np.nanmax(np.abs(products)) * np.array([-1, 1]))


@pytest.mark.parametrize(("name", "row"), [("alone", 0), ("layer", 8), ("piped", MISTAKE), ("alone", MISTAKE)])
def test_what_is_told_adds_up_and_is_what_explain_tells(name, row):
    display = WeightImageDisplay.from_estimator(ESTIMATORS[name], x=X[row], truth=Y[row])
    for words, one in zip(display.words_, display.explanations, strict=True):
        first = lines(words)[0].replace("\u2212", "-")
        number = r"(-?[\d.]+)"
        total, bias, z = map(
            float,
            re.fullmatch(f"sum of products {number} \\+ bias b {number} = score z {number}", first).groups(),
        )
        assert total + bias == pytest.approx(z, abs=1e-9)
        assert z == pytest.approx(one.z, abs=2e-4 * max(1, abs(total)))
        assert lines(words)[1].replace("\u2212", "-") == one.beliefs[0]
    assert display.explanations[0].verdict in lines(display.words_[0])
    assert display.explanations[0].verdict not in lines(display.words_[1])
    assert_words_are_within(display)


def test_the_neuron_that_decides_stands_above_its_rival():
    right = explain(ALONE, X[8])
    display = WeightImageDisplay.from_estimator(ALONE, x=X[8])
    by_probability = np.argsort(-right.probabilities)
    assert [one.neuron for one in display.explanations] == by_probability[:2].tolist()
    np.testing.assert_array_equal(display.weights, ALONE.coef_[by_probability[:2]])
    assert titles(display)[1] == f"weights w of class {by_probability[0]}"


@pytest.mark.parametrize("name", ["alone", "layer"])
def test_the_rival_is_the_runner_up_where_beliefs_are_all_0_or_all_1(name):
    for x in 1e4 * X[:10]:
        order = np.argsort(-ESTIMATORS[name].decision_function([x])[0])
        display = WeightImageDisplay.from_estimator(ESTIMATORS[name], x=x)
        assert [one.neuron for one in display.explanations] == order[:2].tolist()
        plt.close(display.figure_)


def test_of_a_mistake_the_rival_is_the_truth_even_if_it_is_least_probable():
    least = int(ALONE.predict_proba(X[[MISTAKE]])[0].argmin())
    display = WeightImageDisplay.from_estimator(ALONE, x=X[MISTAKE], truth=least)
    assert [one.neuron for one in display.explanations] == [ALONE.predict(X[[MISTAKE]])[0], least]
    assert f"but it is class {least}." in display.words_[0].get_text()


def test_what_is_dark_in_all_examples_and_lit_in_the_sample_is_not_silent():
    x, corner = X[8].copy(), X[8].copy()
    x[0] = 5
    neuron = SigmoidNeuronClassifier().fit(np.vstack([X, np.eye(64)[[0]] * 16]), np.append(Y, 7))
    assert neuron.coef_[7, 0] != 0
    display = WeightImageDisplay.from_estimator(neuron, X, x=x, class_of_interest=7)
    assert drawn(display.product_images_)[0, 0, 0] == 5 * neuron.coef_[7, 0]
    display = WeightImageDisplay.from_estimator(neuron, X, x=corner, class_of_interest=7)
    assert np.isnan(drawn(display.product_images_)[0, 0, 0])
    assert np.isnan(drawn(display.weight_images_)[0, 0, 0])


def test_a_sample_of_two_classes_has_one_row():
    display = WeightImageDisplay.from_estimator(ZERO_OR_ONE, x=X[1], truth=1, class_names=["zero", "one"])
    assert titles(display) == ["sample x", "weights w of one", "products w x"]
    assert "> 0.9999 is P(one | x)." in display.words_[0].get_text()
    assert "sure it is one, and it is." in display.words_[0].get_text()


def test_a_strip_is_drawn_one_below_the_other_pixel_under_pixel_and_numbered():
    display = WeightImageDisplay.from_estimator(ZERO_OR_ONE, x=X[1], shape=(1, 64))
    assert display.axes_.shape == (3, 1)
    assert {panel.get_xlim() for panel in display.axes_.flat} == {(0.5, 64.5)}
    display.figure_.draw_without_rendering()
    assert all(len(panel.get_xticks()) for panel in display.axes_.flat)
    assert_words_are_within(display)
    square = WeightImageDisplay.from_estimator(ZERO_OR_ONE, x=X[1])
    assert square.axes_.shape == (1, 3)
    assert not any(len(panel.get_xticks()) for panel in square.axes_.flat)


def test_long_names_are_shortened_above_images_and_below():
    names = [f"{'very long and harmless ' * 5}{k}" for k in range(10)]
    display = WeightImageDisplay.from_estimator(ALONE, x=X[8], class_names=names)
    drawn_words = [*titles(display), *lines(display.words_[0])]
    assert not any(name in text for name in names for text in drawn_words)
    assert_words_are_within(display)
    for estimator, told in ((ALONE, names), (ZERO_OR_ONE, names[:2])):
        seen = np.isin(Y, estimator.classes_)
        display = WeightImageDisplay.from_estimator(estimator, X[seen], Y[seen], class_names=told)
        display.figure_.draw_without_rendering()
        for row in display.axes_:
            titles_of_row = [panel._left_title.get_window_extent() for panel in row]
            assert all(one.x1 < other.x0 for one, other in pairwise(titles_of_row))


def test_on_axes_of_the_user_words_are_wrapped_to_their_room():
    figure, (left, _) = plt.subplots(1, 2, figsize=(8, 5), layout="constrained")
    display = WeightImageDisplay.from_estimator(ALONE, X, x=X[8], ax=left)
    assert display.figure_ is figure
    assert max(len(line) for words in display.words_ for line in lines(words)) < 8 / 2 * 72 / 4.8


@pytest.mark.parametrize("picture", [{}, {"x": X[8]}])
def test_it_can_stand_in_a_part_of_a_figure(picture):
    left, _ = plt.figure(figsize=(8, 5), layout="constrained").subfigures(1, 2)
    display = WeightImageDisplay.from_estimator(ALONE, ax=left.subplots(), **picture)
    assert display.figure_ is left
    display.figure_.figure.draw_without_rendering()


def test_a_norm_of_the_user_has_limits_of_its_own():
    norm = SymLogNorm(0.1, vmin=-2, vmax=2)
    display = WeightImageDisplay.from_estimator(ALONE, image_kwargs={"norm": norm})
    assert all(image.norm is norm for image in display.weight_images_)


# Steps before the neuron ----------------------------------------------------------------------------------

TABLE = pd.DataFrame(X, columns=[f"p{j}" for j in range(64)])
STILL = "Pixels are those that the neuron sees, after "
NEED_NOT = "These need not be pixels of the image: they are the features, in their order, that the neuron sees, after "


@pytest.mark.parametrize(
    ("step", "shape", "said"),
    [
        (MinMaxScaler(), (8, 8), f"{STILL}MinMaxScaler."),
        (make_pipeline(MinMaxScaler(), StandardScaler()), (8, 8), f"{STILL}Pipeline."),
        (PCA(64), (8, 8), f"{NEED_NOT}PCA."),
        (SelectKBest(chi2, k=16), (4, 4), f"{NEED_NOT}SelectKBest."),
        (FunctionTransformer(np.fliplr), (8, 8), f"{NEED_NOT}FunctionTransformer."),
        (
            make_column_transformer(("passthrough", slice(32, 64)), ("drop", [])),
            (4, 8),
            f"{NEED_NOT}ColumnTransformer.",
        ),
        (
            make_column_transformer(("passthrough", slice(32, 64)), remainder="passthrough"),
            (8, 8),
            f"{NEED_NOT}ColumnTransformer.",
        ),
    ],
)
@pytest.mark.parametrize("data", [X, TABLE], ids=["array", "table"])
def test_only_what_is_still_a_pixel_is_called_one(step, shape, said, data):
    data = data if "FunctionTransformer" not in said else X
    estimator = make_pipeline(step, SigmoidNeuronClassifier()).fit(data[::4], Y[::4])
    display = WeightImageDisplay.from_estimator(estimator, data[::4], shape=shape)
    assert said in " ".join(lines(display.words_[-1]))


# What is refused ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shape", "message"),
    [
        (
            (8, 9),
            r"shape=\(8, 9\) has 72 pixels, but there are 64 features\. .* \(8, 8\), \(4, 16\), \(16, 4\), \(2, 32\)",
        ),
        ((64,), r"shape must be two whole numbers above 0, rows and columns; got \(64,\)"),
        (64, "two whole numbers"),
        ((-8, -8), "two whole numbers"),
        ((8.0, 8.0), "two whole numbers"),
        ((8, 8, 1), r"two whole numbers above 0, rows and columns; got \(8, 8, 1\)"),
        ((1, 8, 8), "two whole numbers"),
        ((8, 8, 0), "two whole numbers"),
        (np.array([2**40, 2**40]), "has 1,208,925,819,614,629,174,706,176 pixels, but there are 64"),
        ((8, 8, 3), r"An image in 3 colours is 3 images: draw each, the first as .*0::3"),
    ],
)
def test_shapes_that_cannot_be_are_refused_and_those_that_can_be_told(shape, message):
    with pytest.raises(ValueError, match=message):
        WeightImageDisplay.from_estimator(ALONE, X, Y, shape=shape)
    with pytest.raises(ValueError, match=message):
        WeightImageDisplay(weights=ALONE.coef_, neuron_names=range(10), shape=shape).plot()
    assert not plt.get_fignums()


def test_a_shape_of_narrow_numbers_is_not_cut():
    shape = np.array([16, 16], dtype=np.uint8)
    display = WeightImageDisplay(weights=np.arange(256.0)[None], neuron_names=["a"], shape=shape).plot()
    assert drawn(display.weight_images_).shape == (1, 16, 16)


def test_the_images_of_a_colour_can_be_drawn_as_the_message_says():
    colours = np.repeat(ALONE.coef_, 3, axis=1)
    display = WeightImageDisplay(weights=colours[:, 1::3], neuron_names=range(10)).plot()
    np.testing.assert_array_equal(np.nan_to_num(drawn(display.weight_images_)), ALONE.coef_.reshape(-1, 8, 8))


def test_what_belongs_together_is_asked_for_together():
    with pytest.raises(ValueError, match="y are the labels of X: pass both, or neither"):
        WeightImageDisplay.from_estimator(ALONE, y=Y)
    with pytest.raises(ValueError, match="truth is the class of x: pass x too"):
        WeightImageDisplay.from_estimator(ALONE, truth=3)
    assert not plt.get_fignums()


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"weights": [[np.inf] * 4]}, "weights must be finite"),
        ({"weights": [1.0] * 4}, "weights must be finite, of shape"),
        ({"neuron_names": ["a", "b"]}, "neuron_names must be of size 1"),
        ({"averages": np.ones((1, 4)), "average_names": ["a"]}, r"averages must be of size \(2, 4\)"),
        ({"averages": np.ones((2, 4)), "average_names": ["a"]}, "average_names must be of size 2"),
        ({"dark": [True]}, r"dark must be of size \(4,\)"),
        ({"explanations": [explain(ALONE, X[0])] * 2}, "explanations must be of size 1"),
    ],
)
def test_what_does_not_fit_together_is_refused(given, message):
    whole = {"weights": np.ones((1, 4)), "neuron_names": ["a"], "shape": (2, 2)}
    with pytest.raises(ValueError, match=message):
        WeightImageDisplay(**(whole | given)).plot()
    assert not plt.get_fignums()
