"""The product that is drawn is the product a float computes, down to its last digit; the sum goes on where it is 0."""

import re

import matplotlib.pyplot as plt
import numpy as np
import pytest
import scipy.sparse as sp
from matplotlib.text import Text
from sklearn.datasets import load_iris
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from sklearn_neuron import SigmoidNeuronClassifier
from sklearn_neuron.datasets import make_toxic_plants
from sklearn_neuron.displays import LikelihoodDisplay
from sklearn_neuron.displays.likelihood import _nats, products
from sklearn_neuron.displays.names import plain
from sklearn_neuron.neuron import likelihood, log_likelihood

KINDS = ["float32", "float64"]


@pytest.fixture(scope="module")
def plants():
    return make_toxic_plants(3000, random_state=0)


@pytest.fixture(scope="module")
def neuron(plants):
    return SigmoidNeuronClassifier().fit(plants.data, plants.target)


@pytest.fixture
def logs(rng):
    """Logarithms of probabilities, enough of them to silence a float64."""
    return np.log(rng.uniform(0.1, 1, 2000))


def told(texts):
    return [text.get_text() for text in texts]


def drawn_at(line, n):
    """Height of a curve after n samples."""
    (found,) = line.get_ydata()[line.get_xdata() == n]
    return found


def first_silent(silence):
    return int(re.fullmatch(r"0 from sample ([\d,]+) on", silence.get_text()).group(1).replace(",", ""))


# The products -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_the_product_is_what_floats_of_that_kind_compute(logs, kind):
    probabilities = np.exp(logs).astype(kind)
    product, one_by_one = np.ones((), kind)[()], []
    for probability in probabilities:
        product = product * probability
        one_by_one.append(product)
    found = products(logs, kind)
    assert found.dtype == kind
    np.testing.assert_array_equal(found, one_by_one)
    np.testing.assert_array_equal(found, np.multiply.accumulate(probabilities))


@pytest.mark.parametrize("kind", KINDS)
def test_a_product_above_the_limit_has_its_digits(logs, kind):
    product, total = products(logs, kind), np.cumsum(logs)
    whole = product >= np.finfo(kind).smallest_normal
    # one rounding a factor, and that of its exponential; the logarithm makes relative errors absolute ones
    np.testing.assert_allclose(np.log(product[whole].astype(float)), total[whole], atol=4000 * np.finfo(kind).eps)
    assert not whole.all()


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_more_probable_than_not_gets_stuck_before_0(kind):
    """The smallest float times 0.9 is rounded to itself."""
    product = products(np.full(9000, np.log(0.9)), kind)
    assert 0 < product[-1] == product[-2] < np.finfo(kind).smallest_normal


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


def test_the_product_of_a_few_is_their_likelihood(plants, neuron):
    X, y = plants.data[:50], plants.target[:50]
    display = LikelihoodDisplay.from_estimator(neuron, X, y)
    expected = likelihood(neuron.predict_proba(X)[:, 1], y)
    assert drawn_at(display.products_[1], 50) == pytest.approx(expected, rel=1e-13)


@pytest.mark.parametrize("n", [1, 20, 200, 1000])
def test_a_few_samples_are_taken_again_until_their_product_sinks_as_the_picture_says(plants, neuron, n):
    display = LikelihoodDisplay.from_estimator(neuron, plants.data[:n], plants.target[:n])
    assert display.repeats_ > 1
    assert display.axes_[0, 0].get_title(loc="left") == "The product of probabilities sinks..."
    taken = np.tile(display.log_probabilities, display.repeats_)
    assert products(taken, "float64")[-1] < np.finfo(float).smallest_normal
    assert display.sum_.get_xdata()[-1] == n * display.repeats_
    assert display.sum_.get_ydata()[-1] == pytest.approx(taken.sum(), rel=1e-12)
    label = f"samples, all {n:,} of them {display.repeats_:,} times over"
    assert {panel.get_xlabel() for panel in display.axes_[0]} == {label}
    assert display.total_.get_text().startswith(f"log L = {_nats(display.log_probabilities.sum())} of all, once")


@pytest.mark.parametrize("logs", [np.zeros(5), np.full(300, -1e-5), np.full(2_000_000, -1e-6)])
def test_a_product_that_does_not_sink_is_not_said_to(logs):
    display = LikelihoodDisplay(log_probabilities=logs).plot()
    assert display.repeats_ == 1
    titles = [panel.get_title(loc="left") for panel in display.axes_[0]]
    assert titles == [f"The product has not sunk: it is about {np.exp(logs.sum()):.3g}", "The sum of the logarithms"]
    assert display.limits_ == display.silences_ == []
    assert {panel.get_xlabel() for panel in display.axes_[0]} == {"samples"}


def test_the_class_that_costs_most_is_named(plants, neuron):
    names = ["_p", "total_$_in_$"]
    display = LikelihoodDisplay.from_estimator(neuron, plants.data, plants.target, class_names=names)
    costs = [display.log_probabilities[plants.target == k].sum() for k in (0, 1)]
    k = int(np.argmin(costs))
    assert display.total_.get_text().endswith("\n" + plain(f"−{-costs[k]:,.1f} of it for {names[k]}"))
    display.figure_.canvas.draw()
    with pytest.raises(ValueError, match="class_names has 1 names"):
        LikelihoodDisplay.from_estimator(neuron, plants.data, plants.target, class_names=["one"])


# The sum ------------------------------------------------------------------------------------------------


def test_the_sum_is_the_log_likelihood(plants, neuron):
    display = LikelihoodDisplay.from_estimator(neuron, plants.data, plants.target)
    samples, total = display.sum_.get_xydata().T
    expected = log_likelihood(neuron.decision_function(plants.data), plants.target)
    assert (samples[-1], total[-1]) == (3000, pytest.approx(expected, rel=1e-12))
    assert display.total_.get_text().startswith(f"log L = −{-expected:,.1f}\n")
    assert (np.diff(total) <= 0).all()
    np.testing.assert_allclose(total, np.cumsum(display.log_probabilities)[samples.astype(int) - 1], rtol=1e-15)


def test_of_three_classes_every_truth_counts():
    X, y = load_iris(return_X_y=True)
    neuron = SigmoidNeuronClassifier().fit(X, y)
    display = LikelihoodDisplay.from_estimator(neuron, X, y)
    given = neuron.predict_proba(X)[np.arange(150), y]
    np.testing.assert_allclose(np.exp(display.log_probabilities), given, rtol=1e-14)
    assert drawn_at(display.products_[1], 150) == pytest.approx(given.prod(), rel=1e-13)
    assert drawn_at(display.sum_, 150) == pytest.approx(np.log(given).sum(), rel=1e-13)


# Any estimator, any data --------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["float32", "csr", "coo", "frame", "list"])
def test_any_kind_of_x_and_labels(plants, kind):
    pd = pytest.importorskip("pandas")
    data = plants.data[:200].astype(np.float32)
    makers = {"float32": np.asarray, "csr": sp.csr_array, "coo": sp.coo_array, "list": np.ndarray.tolist}
    X = pd.DataFrame(data, columns=["length", "width"]) if kind == "frame" else makers[kind](data)
    y = np.array(["fine", "toxic"])[plants.target[:200]]
    neuron = SigmoidNeuronClassifier().fit(X, y)
    display = LikelihoodDisplay.from_estimator(neuron, X, y.tolist())
    expected = log_likelihood(neuron.decision_function(X), plants.target[:200])
    rel = 1e-12 if kind == "list" else 1e-5  # a list of floats is float64; the others stay float32
    assert drawn_at(display.sum_, 200) == pytest.approx(expected, rel=rel)


def test_a_pipeline_and_a_search(plants):
    pipeline = make_pipeline(StandardScaler(), SigmoidNeuronClassifier())
    search = GridSearchCV(pipeline, {"sigmoidneuronclassifier__C": [1.0]}, cv=2).fit(plants.data, plants.target)
    expected = log_likelihood(search.decision_function(plants.data), plants.target)
    for estimator in (search, search.best_estimator_):
        display = LikelihoodDisplay.from_estimator(estimator, plants.data, plants.target)
        assert display.sum_.get_ydata()[-1] == pytest.approx(expected, rel=1e-12)


# Drawing ------------------------------------------------------------------------------------------------


def test_of_many_samples_the_life_of_the_product_is_shown(neuron):
    X, y = make_toxic_plants(100_000, random_state=1, return_X_y=True)
    display = LikelihoodDisplay.from_estimator(neuron, X, y)
    life = first_silent(display.silences_[1]) - 1
    product, total = display.axes_[0]
    assert product.get_xlim() == (0, pytest.approx(1.03 * 3 * life))
    assert total.get_xlim() == (0, pytest.approx(103_000))
    assert max(len(line.get_xdata()) for line in [*display.products_, display.sum_]) <= 2000
    assert (display.products_[1].get_xdata()[-1], display.sum_.get_xdata()[-1]) == (life, 100_000)


@pytest.mark.parametrize("logs", [[-800], [-800, -0.1], [-0.1, -800, -0.2], [-0.1], [0.0, 0.0]])
def test_a_few_samples(logs):
    display = LikelihoodDisplay(log_probabilities=logs).plot()
    display.figure_.canvas.draw()
    dies = [k for k, log in enumerate(logs, 1) if log == -800]
    if dies:
        assert [first_silent(silence) for silence in display.silences_] == 2 * dies
    assert drawn_at(display.sum_, len(logs)) == pytest.approx(sum(logs))


@pytest.mark.parametrize("n", [50, 200, 300, 470, 500, 560, 1700, 1800, 3000])
def test_words_hide_no_curve_and_nothing_is_cut(plants, neuron, n):
    assert_words_hide_nothing(LikelihoodDisplay.from_estimator(neuron, plants.data[:n], plants.target[:n]))


def assert_words_hide_nothing(display):
    display.figure_.canvas.draw()
    for panel, lines in zip(display.axes_[0], (display.products_, [display.sum_]), strict=True):
        boxes = [Text.get_window_extent(text) for text in panel.texts]  # without their arrows
        for line in lines:
            pixels = panel.transData.transform(line.get_xydata())
            assert not any(((pixels > box.min) & (pixels < box.max)).all(axis=1).any() for box in boxes)
        assert not any(box.overlaps(other) for i, box in enumerate(boxes) for other in boxes[:i])
        assert all(display.figure_.bbox.x0 <= box.x0 < box.x1 <= panel.bbox.x1 + 1 for box in boxes)
        title, legend = panel._left_title.get_window_extent(), panel.get_legend().get_window_extent()
        assert panel.bbox.y1 <= legend.y0 < legend.y1 <= title.y0 < title.y1 <= display.figure_.bbox.y1
    first, second = (panel._left_title.get_window_extent().y0 for panel in display.axes_[0])
    assert first == pytest.approx(second, abs=1)


def test_it_draws_again_in_the_place_of_given_axes(plants, neuron):
    display = LikelihoodDisplay.from_estimator(neuron, plants.data, plants.target)
    figure, (above, below) = plt.subplots(2, 1)
    before = plt.get_fignums()
    assert display.plot(ax=above) is display
    assert display.figure_ is figure
    assert above not in figure.axes
    assert set(display.axes_.flat) <= set(figure.axes)
    LikelihoodDisplay.from_estimator(neuron, plants.data, plants.target, ax=below)
    assert plt.get_fignums() == before


def test_the_user_may_restyle(logs):
    display = LikelihoodDisplay(log_probabilities=logs).plot(line_kwargs={"lw": 7, "c": "red"})
    assert {line.get_linewidth() for line in [*display.products_, display.sum_]} == {7}
    assert {line.get_color() for line in [*display.products_, display.sum_]} == {"red"}


def test_the_arrays_of_the_user_are_left_alone(plants, neuron, logs):
    X, y = sp.csc_array(plants.data), plants.target.copy()
    X.data.flags.writeable = X.indices.flags.writeable = y.flags.writeable = logs.flags.writeable = False
    LikelihoodDisplay.from_estimator(neuron, X, y)
    assert LikelihoodDisplay(log_probabilities=logs).plot().log_probabilities is logs


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


def test_other_bad_input(plants, neuron):
    X, y = plants.data, plants.target
    with pytest.raises(ValueError, match="inconsistent numbers of samples"):
        LikelihoodDisplay.from_estimator(neuron, X, y[1:])
    with pytest.raises(ValueError, match=r"y holds the label .*[67].*, which is none of the classes"):
        LikelihoodDisplay.from_estimator(neuron, X, y + 6)
    with pytest.raises(ValueError, match=r"X has 1 features, but .* expecting 2"):
        LikelihoodDisplay.from_estimator(neuron, X[:, :1], y)
    with pytest.raises(TypeError, match="A neuron is needed"):
        LikelihoodDisplay.from_estimator(StandardScaler().fit(X), X, y)
