"""The product that is drawn is the product a float computes, down to its last digit; the sum goes on where it is 0."""

import re

import matplotlib.pyplot as plt
import numpy as np
import pytest
from conftest import covers, letters
from matplotlib.text import Text

from sklearn_neuron import SigmoidNeuronClassifier
from sklearn_neuron.datasets import make_toxic_plants
from sklearn_neuron.displays import LikelihoodDisplay

KINDS = ["float32", "float64"]
X, Y = make_toxic_plants(3000, random_state=0, return_X_y=True)


@pytest.fixture(scope="module")
def neuron():
    return SigmoidNeuronClassifier().fit(X, Y)


@pytest.fixture
def logs(rng):
    """Logarithms of probabilities, enough of them to silence a float64."""
    return np.log(rng.uniform(0.1, 1, 2000))


def products(logs, kind):
    """What floats of a kind make of the product, factor by factor."""
    return np.multiply.accumulate(np.exp(logs).astype(kind))


def log_likelihood(z, y):
    return -np.logaddexp(0, np.where(y == 1, -z, z)).sum()


def drawn_at(line, n):
    """Height of a curve after n samples."""
    (found,) = line.get_ydata()[line.get_xdata() == n]
    return found


def first_silent(silence):
    return int(re.fullmatch(r"0 from sample ([\d,]+) on", silence.get_text()).group(1).replace(",", ""))


# The products -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("logs", [np.full(9000, np.log(0.9)), np.log(np.linspace(0.951, 0.999, 60))])
def test_a_product_that_is_stuck_is_said_to_be(logs):
    display = LikelihoodDisplay(log_probabilities=logs).plot()
    assert not display.silences_
    assert len(display.stuck_) == 2
    for kind, told in zip(KINDS, display.stuck_, strict=True):
        product = products(np.tile(logs, display.repeats_), kind)
        first = int(re.search(r"from sample ([\d,]+) on", told.get_text())[1].replace(",", ""))
        assert product[first - 2] > product[first - 1] == product[-1] > 0
        assert told.get_text().startswith(f"stuck at {product[-1]:.2g}")
    assert_words_hide_nothing(display)


def test_the_drawn_products_are_those_products(logs):
    display = LikelihoodDisplay(log_probabilities=logs).plot()
    for kind, line in zip(KINDS, display.products_, strict=True):
        samples, drawn = line.get_xydata().T
        np.testing.assert_array_equal(drawn, products(logs, kind)[samples.astype(int) - 1].astype(float))
        assert samples[0] == 1
        assert drawn.min() > 0
        assert line.get_label() == f"in {kind}"


def test_a_product_is_0_exactly_from_where_it_is_told(logs):
    display = LikelihoodDisplay(log_probabilities=logs).plot()
    assert len(display.silences_) == 2
    for kind, silence in zip(KINDS, display.silences_, strict=True):
        product, first = products(logs, kind), first_silent(silence) - 1
        assert product[first - 1] > 0
        assert not product[first:].any()
        assert silence.xy == (first, float(product[first - 1]))
    assert first_silent(display.silences_[0]) < first_silent(display.silences_[1])


def test_limits_are_drawn_where_they_are_crossed(logs):
    smallest = [float(np.finfo(kind).smallest_normal) for kind in KINDS]
    for n, crossed in ((20, 2), (150, 2), (2000, 2)):  # the few are taken again and again
        display = LikelihoodDisplay(log_probabilities=logs[:n]).plot()
        assert [line.get_ydata()[0] for line in display.limits_] == smallest[:crossed]
        low, high = display.axes_[0, 0].get_ylim()
        assert 0 < low < min([1, *smallest[:crossed]]) <= 1 < high
        assert sum("loses digits" in text.get_text() for text in display.axes_[0, 0].texts) == crossed


def test_the_product_of_a_few_is_their_likelihood(neuron):
    display = LikelihoodDisplay.from_estimator(neuron, X[:50], Y[:50])
    expected = neuron.predict_proba(X)[np.arange(50), Y[:50]].prod()
    assert drawn_at(display.products_[1], 50) == pytest.approx(expected, rel=1e-13)


@pytest.mark.parametrize("n", [1, 20, 200, 1000])
def test_a_few_samples_are_taken_again_until_their_product_sinks_as_the_picture_says(neuron, n):
    display = LikelihoodDisplay.from_estimator(neuron, X[:n], Y[:n])
    assert display.repeats_ > 1
    assert display.axes_[0, 0].get_title(loc="left") == "The product of probabilities sinks..."
    taken = np.tile(display.log_probabilities, display.repeats_)
    assert products(taken, "float64")[-1] < np.finfo(float).smallest_normal
    assert display.sum_.get_xdata()[-1] == n * display.repeats_
    assert display.sum_.get_ydata()[-1] == pytest.approx(taken.sum(), rel=1e-12)
    label = f"samples, all {n:,} of them {display.repeats_:,} times over"
    assert {panel.get_xlabel() for panel in display.axes_[0]} == {label}
    total = float(re.match(r"log L = −([\d.,]+) of all, once", display.total_.get_text())[1].replace(",", ""))
    assert total == pytest.approx(-display.log_probabilities.sum(), abs=0.06)


@pytest.mark.parametrize("logs", [np.zeros(5), np.full(300, -1e-5), np.full(2_000_000, -1e-6)])
def test_a_product_that_does_not_sink_is_not_said_to(logs):
    display = LikelihoodDisplay(log_probabilities=logs).plot()
    assert display.repeats_ == 1
    titles = [panel.get_title(loc="left") for panel in display.axes_[0]]
    assert titles == [f"The product has not sunk: it is about {np.exp(logs.sum()):.3g}", "The sum of the logarithms"]
    assert display.limits_ == display.silences_ == []
    assert {panel.get_xlabel() for panel in display.axes_[0]} == {"samples"}


def test_the_class_that_costs_most_is_named(neuron):
    names = ["_p", "total_$_in_$"]
    display = LikelihoodDisplay.from_estimator(neuron, X, Y, class_names=names)
    costs = [display.log_probabilities[k == Y].sum() for k in (0, 1)]
    k = int(np.argmin(costs))
    assert letters(display.total_.get_text()).endswith("\n" + f"−{-costs[k]:,.1f} of it for {names[k]}")


# The sum ------------------------------------------------------------------------------------------------


def test_the_sum_is_the_log_likelihood(neuron):
    display = LikelihoodDisplay.from_estimator(neuron, X, Y)
    samples, total = display.sum_.get_xydata().T
    expected = log_likelihood(neuron.decision_function(X), Y)
    assert (samples[-1], total[-1]) == (3000, pytest.approx(expected, rel=1e-12))
    assert display.total_.get_text().startswith(f"log L = −{-expected:,.1f}\n")
    assert (np.diff(total) <= 0).all()
    np.testing.assert_allclose(total, np.cumsum(display.log_probabilities)[samples.astype(int) - 1], rtol=1e-15)


# Drawing ------------------------------------------------------------------------------------------------


def test_of_many_samples_the_life_of_the_product_is_shown(neuron):
    display = LikelihoodDisplay.from_estimator(neuron, *make_toxic_plants(100_000, random_state=1, return_X_y=True))
    life = first_silent(display.silences_[1]) - 1
    product, total = display.axes_[0]
    assert product.get_xlim() == (0, pytest.approx(1.03 * 3 * life))
    assert total.get_xlim() == (0, pytest.approx(103_000))
    assert (display.products_[1].get_xdata()[-1], display.sum_.get_xdata()[-1]) == (life, 100_000)


@pytest.mark.parametrize("logs", [[-800], [-800, -0.1], [-0.1, -800, -0.2], [-0.1], [0.0, 0.0]])
def test_a_few_samples(logs):
    display = LikelihoodDisplay(log_probabilities=logs).plot()
    display.figure_.draw_without_rendering()
    dies = [k for k, log in enumerate(logs, 1) if log == -800]
    if dies:
        assert [first_silent(silence) for silence in display.silences_] == 2 * dies
    assert drawn_at(display.sum_, len(logs)) == pytest.approx(sum(logs))


@pytest.mark.parametrize("n", [50, 200, 300, 470, 500, 560, 1700, 1800, 3000])
def test_words_hide_no_curve_and_nothing_is_cut(neuron, n):
    assert_words_hide_nothing(LikelihoodDisplay.from_estimator(neuron, X[:n], Y[:n]))


def assert_words_hide_nothing(display):
    display.figure_.draw_without_rendering()
    for panel, lines in zip(display.axes_[0], (display.products_, [display.sum_]), strict=True):
        boxes = [Text.get_window_extent(text) for text in panel.texts]  # without their arrows
        for line in lines:
            assert not any(covers(text, panel.transData.transform(line.get_xydata())) for text in panel.texts)
        assert not any(box.overlaps(other) for i, box in enumerate(boxes) for other in boxes[:i])
        assert all(display.figure_.bbox.x0 <= box.x0 < box.x1 <= panel.bbox.x1 + 1 for box in boxes)
    heights = [panel.get_legend().get_window_extent().y0 for panel in display.axes_[0]]
    assert heights[0] == pytest.approx(heights[1], abs=1)


# Errors -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("logs", "message"),
    [
        ([-1.0, 0.5], r"at most 0, of one sample at least; got shape \(2,\), from -1 to 0\.5"),
        ([[-1.0]], r"got shape \(1, 1\)"),
        ([], r"got shape \(0,\)"),
        ([np.nan], "log_probabilities must be finite logarithms of probabilities"),
        ([-1.0, -np.inf], "from -inf to -1"),
    ],
)
def test_numbers_that_are_no_logarithms_of_probabilities(logs, message):
    with pytest.raises(ValueError, match=message):
        LikelihoodDisplay(log_probabilities=logs).plot()
    assert plt.get_fignums() == []
