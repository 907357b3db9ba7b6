"""The curves are columns of the history, and the remarks say where and why a walk stopped."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
import scipy.sparse as sp
from conftest import letters, without_warnings, words
from sklearn.datasets import load_digits
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from sklearn_neuron import DivergenceWarning, SigmoidNeuronClassifier
from sklearn_neuron.datasets import make_toxic_plants
from sklearn_neuron.displays import LossCurveDisplay

PLANTS = make_toxic_plants(random_state=0)
X, Y = PLANTS.data, PLANTS.target
X_OUT, Y_OUT = make_toxic_plants(50, random_state=1, return_X_y=True)
FLOWERS = ["setosa", "versicolor", "virginica"]


def loss_of(z, y):
    """Mean log-loss."""
    return np.logaddexp(0, np.where(y, -z, z)).mean()


@pytest.mark.parametrize("x", ["iterations", "passes", "seconds"])
@pytest.mark.parametrize("quantity", ["loss", "gradient_norm", "decrement", "rate"])
def test_a_curve_is_two_columns_of_the_history(learned, x, quantity):
    display = LossCurveDisplay.from_estimator(learned, x=x, show=quantity)
    history = learned.history_
    along = np.arange(len(history)) if x == "iterations" else getattr(history, x)
    ((line,),) = display.lines_
    np.testing.assert_array_equal(line.get_xdata(), along)
    np.testing.assert_array_equal(line.get_ydata(), getattr(history, quantity))
    assert display.ax_.get_xlabel() == {"iterations": "steps", "passes": "passes over X", "seconds": "seconds"}[x]


def test_it_says_where_and_why_it_stopped(learned):
    display = LossCurveDisplay.from_estimator(learned)
    assert words(display) == [f"{learned.n_iter_[0]} steps. The gradient is small enough."]
    ((stop,),) = display.stops_
    assert stop.get_xydata().tolist() == [[learned.n_iter_[0], learned.loss_curve_[-1]]]
    assert display.ax_.get_ylabel() == "J (nats)"


def test_a_history_alone_knows_where_but_not_why(slow, irises):
    assert words(LossCurveDisplay.from_history(slow.history_)) == [f"{slow.n_iter_[0]:,} steps"]
    _, _, flowers = irises
    display = LossCurveDisplay.from_history(flowers.history_, class_names=FLOWERS)
    assert [line.get_xdata()[-1] for line in display.lines_[0]] == flowers.n_iter_.tolist()
    with pytest.raises(ValueError, match="class_names has 2 names, but 3 neurons walked"):
        LossCurveDisplay.from_history(flowers.history_, class_names=["a", "b"])


def test_the_held_out_loss_is_the_log_loss_of_the_weights_at_every_step(slow):
    display = LossCurveDisplay.from_estimator(slow, X_held_out=X_OUT, y_held_out=Y_OUT)
    (line,) = display.held_out_
    steps, losses = line.get_xydata().T
    assert (steps[0], steps[-1]) == (0, slow.n_iter_[0])
    for step, loss in list(zip(steps.astype(int), losses, strict=True))[::20]:
        *w, b = slow.history_.weights[step]
        assert loss == pytest.approx(loss_of(X_OUT @ w + b, Y_OUT), rel=1e-12)
    assert words(display)[:2] == ["J, learned from", "log-loss, held out (without penalty)"]


@pytest.mark.parametrize("form", [np.asarray, sp.csr_array, np.ndarray.tolist])
def test_the_held_out_loss_of_every_neuron(irises, form):
    data, y, flowers = irises
    display = LossCurveDisplay.from_estimator(flowers, X_held_out=form(data[::3]), y_held_out=y[::3])
    for k, line in enumerate(display.held_out_):
        assert line.get_xdata()[-1] == flowers.n_iter_[k]
        *w, b = flowers.history_.weights[-1, :, k]
        assert line.get_ydata()[-1] == pytest.approx(loss_of(data[::3] @ w + b, y[::3] == k), rel=1e-12)


def test_a_held_out_loss_needs_the_path_and_both_of_its_data(learned):
    blind = SigmoidNeuronClassifier().fit(X, Y)
    with pytest.raises(ValueError, match="fit with record='path'"):
        LossCurveDisplay.from_estimator(blind, X_held_out=X_OUT, y_held_out=Y_OUT)
    with pytest.raises(ValueError, match="X_held_out and y_held_out go together"):
        LossCurveDisplay.from_estimator(learned, X_held_out=X_OUT)
    with pytest.raises(ValueError, match="X and y go together"):
        LossCurveDisplay.from_estimator(learned, X)


def test_every_neuron_has_its_curve_and_ends_where_it_arrived(irises):
    _, _, flowers = irises
    display = LossCurveDisplay.from_estimator(flowers, class_names=FLOWERS)
    (lines,), (stops,) = display.lines_, display.stops_
    for k, (line, stop) in enumerate(zip(lines, stops, strict=True)):
        steps = flowers.n_iter_[k]
        np.testing.assert_array_equal(line.get_ydata(), flowers.loss_curve_[: steps + 1, k])
        assert stop.get_xdata() == [steps]
    assert words(display)[:3] == FLOWERS
    assert len({line.get_color() for line in lines}) == 3


def test_several_runs_differ_in_more_than_colour(learned, slow):
    display = LossCurveDisplay.from_estimators({"newton": learned, "gd": slow})
    (lines,) = display.lines_
    assert len({line.is_dashed() for line in lines}) == 2
    assert [text.split(":")[0] for text in words(display)] == ["newton", "gd"]
    assert display.ax_.get_xscale() == "symlog"  # many steps beside few
    with pytest.raises(ValueError, match="estimators must be a dict"):
        LossCurveDisplay.from_estimators([learned, slow])


def test_the_gap_is_above_the_lowest_of_all_runs(learned, slow):
    display = LossCurveDisplay.from_estimators({"newton": learned, "gd": slow}, scale="gap")
    _, line = display.lines_[0]
    np.testing.assert_allclose(line.get_ydata(), slow.loss_curve_ - learned.loss_curve_.min(), rtol=1e-12)
    assert display.ax_.get_yscale() == "log"
    newton, _ = display.lines_[0]
    assert np.isnan(newton.get_ydata()[-1])  # 0 has no place on a log axis
    assert "on the lower border: 0" in words(display)


def test_walks_on_different_valleys_have_no_common_floor(learned, irises):
    other = SigmoidNeuronClassifier(C=0.01).fit(X, Y)
    with pytest.raises(ValueError, match="scale='gap' needs walks on the same J: these differ in C"):
        LossCurveDisplay.from_estimators({"a": learned, "b": other}, scale="gap")
    with pytest.raises(ValueError, match="the runs must have the same classes"):
        LossCurveDisplay.from_estimators({"a": learned, "b": irises[2]}, scale="gap")


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
    assert words(display)[0].endswith("Diverged: J kept rising.")


# Other examples than it learned from ----------------------------------------------------------------------


def test_examples_that_it_did_not_learn_from_are_told(learned, irises):
    assert words(LossCurveDisplay.from_estimator(learned, X, Y)) == words(LossCurveDisplay.from_estimator(learned))
    told = words(LossCurveDisplay.from_estimator(learned, X_OUT, Y_OUT))[-1]
    J = loss_of(learned.decision_function(X_OUT), Y_OUT) + (learned.coef_**2).sum() / (2 * len(Y_OUT))
    assert told == f"not the J of the examples given, which ends at {J:.4g}"
    data, y, flowers = irises
    assert "examples given" in words(LossCurveDisplay.from_estimator(flowers, data[::2], y[::2]))[-1]
    both = LossCurveDisplay.from_estimators({"a": learned, "_$b$": learned}, X_OUT, Y_OUT)
    assert [letters(text) for text in words(both)[-2:]] == [f"a: {told}", f"_$b$: {told}"]


def test_weights_make_other_examples_of_them():
    weight = np.where(Y == 1, 5.0, 1.0)
    weighted = SigmoidNeuronClassifier().fit(X, Y, weight)
    assert "examples given" in words(LossCurveDisplay.from_estimator(weighted, X, Y))[-1]
    assert len(words(LossCurveDisplay.from_estimator(weighted, X, Y, sample_weight=weight))) == 1


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_neuron_that_tripped_is_known_by_the_best_that_it_saw(dtype):
    with pytest.warns(DivergenceWarning):
        tripped = SigmoidNeuronClassifier(solver="gd", learning_rate=1.0).fit(X.astype(dtype), Y)
    assert len(words(LossCurveDisplay.from_estimator(tripped, X.astype(dtype), Y))) == 1


# A stage on a sample --------------------------------------------------------------------------------------


class Beginning:
    """The first rows of a history."""

    def __init__(self, history, rows):
        self.whole, self.rows = history, rows

    def __len__(self):
        return self.rows

    def __getattr__(self, column):
        return getattr(self.whole, column)[: self.rows]


def test_a_stage_on_a_sample_is_shown_as_what_it_is(staged):
    data, y, neuron = staged
    history, first = neuron.history_, int(np.argmax(neuron.history_.on_all))
    display = LossCurveDisplay.from_estimator(neuron, data, y, line_kwargs={"ls": "-"})
    for k, (line, sampled, stop) in enumerate(
        zip(display.lines_[0], display.sampled_[0], display.stops_[0], strict=True)
    ):
        steps = np.arange(first - 1, first + neuron.n_iter_[k])  # the same place, seen by other examples, is no step
        *w, b = history.weights[-1, :, k]
        J = loss_of(data @ w + b, y == k) + np.dot(w, w) / (2 * len(y))
        assert line.get_ydata()[-1] == pytest.approx(J, rel=1e-9)
        np.testing.assert_array_equal(
            line.get_xydata(), np.column_stack([steps, history.loss[first : first + len(steps), k]])
        )
        walked = len(sampled.get_xdata())  # who has arrived on the sample stays there
        np.testing.assert_array_equal(sampled.get_xydata(), np.column_stack([range(walked), history.loss[:walked, k]]))
        assert (history.loss[walked - 1 : first, k] == history.loss[walked - 1, k]).all()
        assert sampled.is_dashed()  # whatever the style of the others is
        assert not line.is_dashed()
        assert stop.get_xdata() == [steps[-1]]
    least, most = neuron.n_iter_.min(), neuron.n_iter_.max()
    assert least < most
    said = f"{least} to {most} steps on all examples, after {first - 1} on a sample. {neuron.stop_reason_}"
    assert words(display)[-2:] == [said, "J of a sample: 1/32 of the examples"]
    plain = LossCurveDisplay.from_history(history)
    assert plain.sampled_[0][0].get_linewidth() < plain.lines_[0][0].get_linewidth()


@pytest.mark.parametrize("x", ["iterations", "passes", "seconds"])
def test_the_gap_counts_from_the_least_of_all_examples(staged, x):
    """J of a sample may be below every J of all examples: a fit that converged ended above it."""
    history = staged[2].history_
    sampled, on_all = history.loss[~history.on_all], history.loss[history.on_all]
    assert (sampled.min(axis=0) < on_all.min(axis=0)).any()
    display = LossCurveDisplay.from_history(history, scale="gap", x=x)
    for k, line in enumerate(display.lines_[0]):
        gap = (on_all[:, k] - on_all[:, k].min())[: staged[2].n_iter_[k] + 1]  # it waits for the others then
        np.testing.assert_allclose(line.get_ydata(), np.where(gap > 0, gap, np.nan), rtol=1e-12)
    assert display.sampled_ == [[]]
    assert not any("J of a sample" in text for text in words(display))


def test_every_quantity_says_that_it_began_on_a_sample(rng):
    data = rng.normal(size=(80_003, 4))
    neuron = SigmoidNeuronClassifier().fit(data, data[:, 0] + rng.logistic(size=80_003) > 0)
    display = LossCurveDisplay.from_estimator(neuron, show=("loss", "decrement", "rate"), scale="log")
    assert [len(lines) for lines in display.sampled_] == [1, 1, 1]
    assert words(display)[-1] == f"on a sample: {100 * neuron.history_.share[0]:.3g} % of the examples"


def test_a_walk_that_ended_on_its_sample_has_no_curve_of_all(staged):
    display = LossCurveDisplay.from_history(Beginning(staged[2].history_, 3))
    assert [len(line.get_xdata()) for line in display.lines_[0]] == [0, 0, 0]
    assert words(display)[3] == "0 steps on all examples, after 2 on a sample"
    display.figure_.draw_without_rendering()


# Names ----------------------------------------------------------------------------------------------------


def test_names_of_runs_and_classes_are_drawn_letter_by_letter(learned, irises):
    display = LossCurveDisplay.from_estimators({"_p": learned, "$a$": learned})
    assert [letters(text).split(":")[0] for text in words(display)] == ["_p", "$a$"]
    display = LossCurveDisplay.from_estimator(irises[2], class_names=["total_$_in_$", "_p", "$a$"])
    assert [letters(text) for text in words(display)[:3]] == ["total_$_in_$", "_p", "$a$"]


def test_what_a_search_chose_is_told():
    pipeline = make_pipeline(StandardScaler(), SigmoidNeuronClassifier())
    search = GridSearchCV(pipeline, {"sigmoidneuronclassifier__C": [0.1]}, cv=2).fit(X, Y)
    assert "the best of a search: C = 0.1" in words(LossCurveDisplay.from_estimator(search))


def test_long_names_of_many_classes_leave_room_for_the_curves():
    neurons = without_warnings(SigmoidNeuronClassifier(max_iter=3).fit, *load_digits(return_X_y=True))
    names = [f"a digit with a long name that is number {k}" for k in range(10)]
    display = LossCurveDisplay.from_estimator(neurons, class_names=names)
    display.figure_.draw_without_rendering()
    assert display.ax_.get_window_extent().height > 0.55 * display.figure_.bbox.height
    assert len(set(words(display))) == 11


def test_several_panels_come_in_the_place_of_given_axes(learned):
    figure, (left, right) = plt.subplots(1, 2)
    display = LossCurveDisplay.from_estimator(learned, ax=left)
    assert display.plot(right, show=("loss", "rate")).axes_.shape == (2, 1)
    assert right not in figure.axes
    assert plt.get_fignums() == [figure.number]


def test_a_long_walk_is_thinned():
    walk = SigmoidNeuronClassifier(solver="gd", learning_rate=0.02, tol=0, max_iter=2_500)
    ((line,),) = LossCurveDisplay.from_estimator(without_warnings(walk.fit, X, Y)).lines_
    steps = line.get_xdata()
    assert (steps[0], steps[-1]) == (0, 2_500)
    assert len(steps) <= 2000
    assert np.diff(steps)[-1] == np.diff(steps).max()  # ever rarer


def test_options_that_there_are_not(learned):
    with pytest.raises(ValueError, match=r"x must be one of .*; got 'hours'"):
        LossCurveDisplay.from_estimator(learned, x="hours")
    with pytest.raises(ValueError, match=r"show must name some of .*; got \('accuracy',\)"):
        LossCurveDisplay.from_estimator(learned, show="accuracy")
    with pytest.raises(ValueError, match=r"scale must be one of .*; got 'loud'"):
        LossCurveDisplay.from_estimator(learned, scale="loud")
    with pytest.raises(ValueError, match="runs must hold at least one walk"):
        LossCurveDisplay.from_estimators({})
