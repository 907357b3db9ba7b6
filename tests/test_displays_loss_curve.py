"""The curves are columns of the history, and the remarks say where and why a walk stopped."""

import warnings

import matplotlib.pyplot as plt
import numpy as np
import pytest
import scipy.sparse as sp
from conftest import without_warnings
from sklearn.datasets import load_digits, load_iris
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from sklearn_neuron import DivergenceWarning, SigmoidNeuronClassifier
from sklearn_neuron.datasets import make_toxic_plants
from sklearn_neuron.displays import LossCurveDisplay
from sklearn_neuron.displays.loss_curve import DRAWN
from sklearn_neuron.displays.names import plain
from sklearn_neuron.displays.runs import HELD_OUT
from sklearn_neuron.neuron import log_loss

PLANTS = make_toxic_plants(random_state=0)
X, Y, X_OUT, Y_OUT = PLANTS.data[:150], PLANTS.target[:150], PLANTS.data[150:], PLANTS.target[150:]
IRIS = load_iris()


@pytest.fixture(scope="module")
def quick():
    return SigmoidNeuronClassifier(record="path").fit(X, Y)


@pytest.fixture(scope="module")
def slow():
    return SigmoidNeuronClassifier(solver="gd", learning_rate=0.1, tol=0.1, record="path").fit(X, Y)


@pytest.fixture(scope="module")
def flowers():
    return SigmoidNeuronClassifier(record="path").fit(IRIS.data, IRIS.target)


def texts(display):
    return [text.get_text() for text in display.legend_.get_texts()]


@pytest.mark.parametrize("x", ["iterations", "passes", "seconds"])
@pytest.mark.parametrize("quantity", ["loss", "gradient_norm", "decrement", "rate"])
def test_a_curve_is_two_columns_of_the_history(quick, x, quantity):
    display = LossCurveDisplay.from_estimator(quick, x=x, show=quantity)
    history = quick.history_
    along = np.arange(len(history)) if x == "iterations" else getattr(history, x)
    ((line,),) = display.lines_
    np.testing.assert_array_equal(line.get_xdata(), along)
    np.testing.assert_array_equal(line.get_ydata(), getattr(history, quantity))
    assert display.ax_.get_xlabel() == {"iterations": "steps", "passes": "passes over X", "seconds": "seconds"}[x]


def test_it_says_where_and_why_it_stopped(quick):
    display = LossCurveDisplay.from_estimator(quick)
    assert texts(display) == [f"{quick.n_iter_[0]} steps. The gradient is small enough."]
    ((stop,),) = display.stops_
    assert stop.get_xydata().tolist() == [[quick.n_iter_[0], quick.loss_curve_[-1]]]
    assert display.ax_.get_ylabel() == "J (nats)"


def test_a_history_alone_knows_where_but_not_why(slow, flowers):
    assert texts(LossCurveDisplay.from_history(slow.history_)) == [f"{slow.n_iter_[0]} steps"]
    display = LossCurveDisplay.from_history(flowers.history_, class_names=IRIS.target_names)
    np.testing.assert_array_equal(display.runs[0].steps, flowers.n_iter_)
    with pytest.raises(ValueError, match="class_names has 2 names, but 3 neurons walked"):
        LossCurveDisplay.from_history(flowers.history_, class_names=["a", "b"])


def test_the_held_out_loss_is_the_log_loss_of_the_weights_at_every_step(slow):
    display = LossCurveDisplay.from_estimator(slow, X_held_out=X_OUT, y_held_out=Y_OUT)
    (line,) = display.held_out_
    assert len(line.get_xdata()) <= HELD_OUT
    assert (line.get_xdata()[0], line.get_xdata()[-1]) == (0, slow.n_iter_[0])
    for step, loss in list(zip(line.get_xdata(), line.get_ydata(), strict=True))[::20]:
        *w, b = slow.history_.weights[int(step)]
        assert loss == pytest.approx(log_loss(X_OUT @ w + b, Y_OUT), rel=1e-12)
    assert texts(display)[:2] == ["J, learned from", "log-loss, held out (without penalty)"]


def test_the_held_out_loss_of_every_neuron(flowers):
    display = LossCurveDisplay.from_estimator(flowers, X_held_out=IRIS.data[::3], y_held_out=IRIS.target[::3])
    for k, line in enumerate(display.held_out_):
        assert line.get_xdata()[-1] == flowers.n_iter_[k]
        *w, b = flowers.history_.weights[-1, :, k]
        loss = log_loss(IRIS.data[::3] @ w + b, IRIS.target[::3] == k)
        assert line.get_ydata()[-1] == pytest.approx(loss, rel=1e-12)


def test_a_held_out_loss_needs_the_path_and_both_of_its_data(quick):
    blind = SigmoidNeuronClassifier().fit(X, Y)
    with pytest.raises(ValueError, match="fit with record='path'"):
        LossCurveDisplay.from_estimator(blind, X_held_out=X_OUT, y_held_out=Y_OUT)
    with pytest.raises(ValueError, match="X_held_out and y_held_out go together"):
        LossCurveDisplay.from_estimator(quick, X_held_out=X_OUT)
    with pytest.raises(ValueError, match="X and y go together"):
        LossCurveDisplay.from_estimator(quick, X)


def test_every_neuron_has_its_curve_and_ends_where_it_arrived(flowers):
    display = LossCurveDisplay.from_estimator(flowers, class_names=IRIS.target_names)
    (lines,), (stops,) = display.lines_, display.stops_
    for k, (line, stop) in enumerate(zip(lines, stops, strict=True)):
        steps = flowers.n_iter_[k]
        np.testing.assert_array_equal(line.get_ydata(), flowers.loss_curve_[: steps + 1, k])
        assert stop.get_xdata() == [steps]
    assert texts(display)[:3] == IRIS.target_names.tolist()
    assert len({line.get_color() for line in lines}) == 3


def test_several_runs_differ_in_more_than_colour(quick, slow):
    display = LossCurveDisplay.from_estimators({"newton": quick, "gd": slow})
    (lines,) = display.lines_
    assert len({line.get_linestyle() for line in lines} | {str(line._unscaled_dash_pattern) for line in lines}) > 1
    assert [text.split(":")[0] for text in texts(display)] == ["newton", "gd"]
    assert display.ax_.get_xscale() == "symlog"  # 286 steps beside 5
    with pytest.raises(ValueError, match="estimators must be a dict"):
        LossCurveDisplay.from_estimators([quick, slow])


def test_the_gap_is_above_the_lowest_of_all_runs(quick, slow):
    display = LossCurveDisplay.from_estimators({"newton": quick, "gd": slow}, scale="gap")
    _, line = display.lines_[0]
    np.testing.assert_allclose(line.get_ydata(), slow.loss_curve_ - quick.loss_curve_.min(), rtol=1e-12)
    assert display.ax_.get_yscale() == "log"
    newton, _ = display.lines_[0]
    assert np.isnan(newton.get_ydata()[-1])  # 0 has no place on a log axis
    assert "on the lower border: 0" in texts(display)


def test_walks_on_different_valleys_have_no_common_floor(quick, flowers):
    other = SigmoidNeuronClassifier(C=0.01).fit(X, Y)
    with pytest.raises(ValueError, match="scale='gap' needs walks on the same J: these differ in C"):
        LossCurveDisplay.from_estimators({"a": quick, "b": other}, scale="gap")
    with pytest.raises(ValueError, match="the runs must have the same classes"):
        LossCurveDisplay.from_estimators({"a": quick, "b": flowers}, scale="gap")


def test_panels_share_their_steps(slow):
    display = LossCurveDisplay.from_estimator(slow, show=("loss", "gradient_norm", "decrement"))
    assert display.axes_.shape == (3, 1)
    assert not hasattr(display, "ax_")
    assert len({panel.get_xlim() for panel in display.axes_[:, 0]}) == 1
    assert [panel.get_yscale() for panel in display.axes_[:, 0]] == ["linear", "log", "log"]
    assert [panel.get_xlabel() for panel in display.axes_[:, 0]] == ["", "", "steps"]


def test_a_neuron_that_tripped():
    with pytest.warns(DivergenceWarning):
        tripped = SigmoidNeuronClassifier(solver="gd", learning_rate=1.0).fit(X, Y)
    display = LossCurveDisplay.from_estimator(tripped)
    np.testing.assert_array_equal(display.lines_[0][0].get_ydata(), tripped.loss_curve_)
    assert texts(display)[0].endswith("Diverged: J kept rising.")


def test_a_long_walk_is_thinned():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        long = SigmoidNeuronClassifier(solver="gd", learning_rate=0.05, tol=0, max_iter=8_000).fit(X, Y)
    ((line,),) = LossCurveDisplay.from_estimator(long).lines_
    assert len(line.get_xdata()) <= DRAWN
    assert (line.get_xdata()[0], line.get_xdata()[-1]) == (0, 8_000)


# Other examples than it learned from ----------------------------------------------------------------------


def test_examples_that_it_did_not_learn_from_are_told(quick, flowers):
    assert texts(LossCurveDisplay.from_estimator(quick, X, Y)) == texts(LossCurveDisplay.from_estimator(quick))
    told = texts(LossCurveDisplay.from_estimator(quick, X_OUT, Y_OUT))[-1]
    J = quick.objective(X_OUT, Y_OUT).at(np.append(quick.coef_, quick.intercept_)[:, None]).loss[0]
    assert told == f"not the J of the examples given, which ends at {J:.4g}"
    assert "examples given" in texts(LossCurveDisplay.from_estimator(flowers, IRIS.data[::2], IRIS.target[::2]))[-1]
    both = LossCurveDisplay.from_estimators({"a": quick, "b": quick}, X_OUT, Y_OUT)
    assert texts(both)[-2:] == [f"a: {told}", f"b: {told}"]


def test_weights_make_other_examples_of_them():
    weight = np.where(Y == 1, 5.0, 1.0)
    weighted = SigmoidNeuronClassifier().fit(X, Y, weight)
    assert "examples given" in texts(LossCurveDisplay.from_estimator(weighted, X, Y))[-1]
    assert len(texts(LossCurveDisplay.from_estimator(weighted, X, Y, sample_weight=weight))) == 1


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_neuron_that_tripped_is_known_by_the_best_that_it_saw(dtype):
    with pytest.warns(DivergenceWarning):
        tripped = SigmoidNeuronClassifier(solver="gd", learning_rate=1.0).fit(X.astype(dtype), Y)
    assert len(texts(LossCurveDisplay.from_estimator(tripped, X.astype(dtype), Y))) == 1


# A stage on a sample --------------------------------------------------------------------------------------


class Staged:
    """A history of K neurons: some rows about 1/32 of the examples, the others about all."""

    def __init__(self, K=1, share=1 / 32, sampled=4, on_all=3):
        self.share = np.repeat([share, 1.0], [sampled, on_all])
        self.on_all = self.share == 1
        fall = np.append(0.5 + 2.0 ** -np.arange(sampled), 0.7 + 4.0 ** -np.arange(1, on_all + 1))
        self.loss = self.gradient_norm = self.decrement = np.outer(fall, 1 + np.arange(K)).squeeze()
        first = np.insert(np.diff(self.share) != 0, 0, True)
        self.rate = np.where(np.multiply.outer(first, np.ones(K, dtype=bool)), np.nan, 1.0).squeeze()
        self.passes = self.seconds = np.arange(len(self.share)) / 10.0
        self.columns = ()

    def __len__(self):
        return len(self.share)


def test_a_stage_on_a_sample_is_shown_as_what_it_is():
    history = Staged()
    display = LossCurveDisplay.from_history(history)
    ((line,),), ((sampled,),) = display.lines_, display.sampled_
    np.testing.assert_array_equal(line.get_xydata(), np.column_stack([[3, 4, 5], history.loss[4:]]))
    np.testing.assert_array_equal(sampled.get_xydata(), np.column_stack([range(4), history.loss[:4]]))
    assert sampled.is_dashed() or sampled.get_linestyle() != line.get_linestyle()
    assert sampled.get_linewidth() < line.get_linewidth()
    assert texts(display) == [
        "2 steps on all examples, after 3 on a sample",
        "J of a sample: 1/32 of the examples",
    ]
    ((stop,),) = display.stops_
    assert stop.get_xydata().tolist() == [[5, history.loss[-1]]]
    styled = LossCurveDisplay.from_history(history, line_kwargs={"ls": "-", "lw": 3})
    assert styled.sampled_[0][0].get_linestyle() != styled.lines_[0][0].get_linestyle()


@pytest.mark.parametrize("x", ["iterations", "passes", "seconds"])
def test_the_gap_counts_from_the_least_of_all_examples(x):
    """J of a sample may be below every J of all examples: a fit that converged ended at 0.0163 above it."""
    history = Staged()
    assert history.loss[:4].min() < history.loss[4:].min()
    display = LossCurveDisplay.from_history(history, scale="gap", x=x)
    ((line,),) = display.lines_
    np.testing.assert_allclose(line.get_ydata()[:-1], history.loss[4:-1] - history.loss[-1], rtol=1e-12)
    assert np.isnan(line.get_ydata()[-1])  # 0, on the lower border
    assert display.sampled_ == [[]]
    assert not any("J of a sample" in text for text in texts(display))


def test_every_quantity_says_that_it_began_on_a_sample():
    display = LossCurveDisplay.from_history(Staged(K=3, share=0.3), show=("loss", "decrement", "rate"), scale="log")
    assert [len(lines) for lines in display.sampled_] == [3, 3, 3]
    assert [len(line.get_xdata()) for line in display.sampled_[0]] == [4, 4, 4]
    assert texts(display)[-1] == "on a sample: 30 % of the examples"


def test_a_walk_that_ended_on_its_sample_has_no_curve_of_all():
    display = LossCurveDisplay.from_history(Staged(on_all=0))
    assert len(display.lines_[0][0].get_xdata()) == 0
    assert texts(display)[0] == "0 steps on all examples, after 3 on a sample"
    display.figure_.draw_without_rendering()


def test_the_loss_curve_of_a_fit_with_a_sample_is_j_of_all_examples():
    rng = np.random.default_rng(0)
    data = rng.normal(size=(60_000, 6))
    truth = (data[:, 0] + rng.logistic(size=60_000) > 0).astype(int)
    neuron = SigmoidNeuronClassifier(record="path").fit(data, truth)
    J = neuron.objective(data, truth)
    display = LossCurveDisplay.from_estimator(neuron, data, truth)
    ((line,),) = display.lines_
    rows = np.flatnonzero(neuron.history_.on_all)
    for row, loss in zip(rows, line.get_ydata(), strict=True):
        place = np.flatnonzero(neuron.history_.weights_rows == row)
        assert J.at(neuron.history_.weights[place[-1]][:, None]).loss[0] == pytest.approx(loss, rel=1e-9)
    assert len(line.get_xdata()) == neuron.n_iter_[0] + 1
    assert not any("examples given" in text for text in texts(display))
    gap = LossCurveDisplay.from_estimator(neuron, scale="gap").lines_[0][0].get_ydata()
    assert np.nan_to_num(gap[-1]) < 1e-8


@pytest.mark.parametrize("name", ["_p", "total_$_in_$", "$a$"])
def test_names_are_text(quick, flowers, name):
    display = LossCurveDisplay.from_estimators({name: quick, "b": quick})
    assert texts(display)[0] == plain(f"{name}: {display.runs[0].stopped}")
    display.figure_.canvas.draw()
    display = LossCurveDisplay.from_estimator(flowers, class_names=["a", name, "c"])
    assert texts(display)[1] == plain(name)
    display.figure_.canvas.draw()


@pytest.mark.parametrize("form", ["pipeline", "search", "sparse", "float32", "words"])
def test_neurons_inside_others_and_other_forms_of_data(form):
    neuron, data, truth, held = SigmoidNeuronClassifier(record="path"), X, Y, X_OUT
    truth_held = Y_OUT
    if form in ("pipeline", "search"):
        neuron = make_pipeline(StandardScaler(), neuron)
    if form == "search":
        neuron = GridSearchCV(neuron, {"sigmoidneuronclassifier__C": [0.1]})
    if form == "sparse":
        data, held = sp.csr_array(X), sp.csr_array(X_OUT)
    elif form == "float32":
        data, held = X.astype(np.float32), X_OUT.astype(np.float32)
    elif form == "words":
        truth, truth_held = (np.where(labels == 1, "toxic", "edible") for labels in (Y, Y_OUT))
    display = LossCurveDisplay.from_estimator(
        neuron.fit(data, truth), data, truth, X_held_out=held, y_held_out=truth_held
    )
    assert display.held_out_[0].get_ydata()[-1] < np.log(2)
    assert not any("examples given" in text for text in texts(display))
    assert ("the best of a search: C = 0.1" in texts(display)) == (form == "search")


def test_long_names_of_many_classes_leave_room_for_the_curves():
    digits = load_digits(return_X_y=True)
    neurons = without_warnings(SigmoidNeuronClassifier(max_iter=3).fit, *digits)
    names = [f"a digit with a long name that is number {k}" for k in range(10)]
    display = LossCurveDisplay.from_estimator(neurons, class_names=names)
    display.figure_.draw_without_rendering()
    assert display.ax_.get_window_extent().height > 0.55 * display.figure_.bbox.height
    assert len(set(texts(display))) == 11


def test_axes_and_style_of_the_user(quick):
    figure, (left, right) = plt.subplots(1, 2)
    display = LossCurveDisplay.from_estimator(quick, ax=left, line_kwargs={"c": "red", "lw": 5})
    assert display.ax_ is left
    assert (display.lines_[0][0].get_color(), display.lines_[0][0].get_linewidth()) == ("red", 5)
    assert display.plot(right, show=("loss", "rate")).axes_.shape == (2, 1)
    assert plt.get_fignums() == [figure.number]


def test_options_that_there_are_not(quick):
    with pytest.raises(ValueError, match=r"x must be one of .*; got 'hours'"):
        LossCurveDisplay.from_estimator(quick, x="hours")
    with pytest.raises(ValueError, match=r"show must name some of .*; got \('accuracy',\)"):
        LossCurveDisplay.from_estimator(quick, show="accuracy")
    with pytest.raises(ValueError, match=r"scale must be one of .*; got 'loud'"):
        LossCurveDisplay.from_estimator(quick, scale="loud")
    with pytest.raises(ValueError, match="runs must hold at least one walk"):
        LossCurveDisplay.from_estimators({})
