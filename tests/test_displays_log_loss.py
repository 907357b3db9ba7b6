"""Every sample stands at what its belief costs; what the picture remarks hides nothing of it."""

import numpy as np
import pytest
from conftest import along, at, covers, told, words
from matplotlib.colors import same_color
from scipy.special import expit

from sklearn_neuron.datasets import make_toxic_plants
from sklearn_neuron.displays import LogLossDisplay

EPS = np.finfo(float).eps


def loss_of(z, y):
    return np.logaddexp(0, np.where(np.asarray(y, dtype=bool), -z, z))


def written(display):
    return [text for text in display.ax_.texts if text.get_text()]


def test_the_curves_are_the_losses_of_both_truths(plants, learned):
    display = LogLossDisplay.from_estimator(learned, plants.data, plants.target, class_names=plants.target_names)
    assert words(display) == ["non-toxic", "toxic"]
    assert (display.ax_.get_xlabel(), display.ax_.get_ylabel()) == ("belief a = P(toxic)", "loss (nats)")
    assert display.beyond_ is None
    for k, line in enumerate(display.lines_):
        a, loss = line.get_xydata().T
        np.testing.assert_allclose(loss, -np.log(a if k else 1 - a), rtol=1e-9, atol=1e-13)  # 1 - a has lost digits
        assert loss.max() > display.ax_.get_ylim()[1]  # it does not end within the view
        assert same_color(line.get_color(), display.points_[k].get_facecolor()[0, :3])
        order = np.argsort(a)
        assert np.interp(0.5, a[order], loss[order]) == pytest.approx(np.log(2), rel=8 * EPS)
    assert set(display.hesitation_.get_ydata()) == {np.log(2)}  # what doubt costs, whatever the truth
    assert display.lines_[0].get_linestyle() != display.lines_[1].get_linestyle()  # for a grey print


def test_the_sure_and_wrong_stand_at_the_border_and_are_counted():
    display = LogLossDisplay(linear_scores=[-800, 800, -800, 800], truths=[1, 0, 0, 1]).plot()
    _, top = display.ax_.get_ylim()
    np.testing.assert_array_equal(at(display.points_[0]), [[1, top], [0, 0]])
    np.testing.assert_array_equal(at(display.points_[1]), [[0, top], [1, 0]])
    assert display.beyond_.get_text() == "2 beyond, to 800 nats"


def test_of_many_those_beyond_are_counted_among_all(learned):
    X, y = make_toxic_plants(20_000, random_state=1, return_X_y=True)
    display = LogLossDisplay.from_estimator(learned, 4 * X, y)
    beyond = (loss_of(learned.decision_function(4 * X), y) > display.ax_.get_ylim()[1]).sum()
    assert beyond > 2000
    assert display.beyond_.get_text().startswith(f"{beyond:,} beyond")


@pytest.mark.parametrize("z", [0.0, 4.0, 800.0])
def test_the_view_reaches_as_high_as_the_losses_within_reason(z):
    display = LogLossDisplay(linear_scores=[z, -z], truths=[0, 1]).plot()
    top = display.ax_.get_ylim()[1]
    assert np.log(2) < top < 10
    assert z == 800 or top > loss_of(z, 0)


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
    display.figure_.draw_without_rendering()
    samples = [display.ax_.transData.transform(at(points)) for points in display.points_]
    busy = np.vstack([*samples, *map(along, display.lines_)])
    assert set(told(display.remarks_)) <= set(told(written(display)))
    boxes = [text.get_window_extent() for text in written(display)]
    assert not any(covers(text, busy) for text in written(display))
    assert not any(box.overlaps(other) for i, box in enumerate(boxes) for other in boxes[:i])
    assert all(display.ax_.bbox.x0 <= box.x0 < box.x1 <= display.ax_.bbox.x1 for box in boxes)


def test_arrows_point_at_the_curves(plants, learned):
    display = LogLossDisplay.from_estimator(learned, plants.data, plants.target)
    ends = [text.xy for text in display.ax_.texts if not text.get_text()]
    assert len(ends) == 4
    for k, (a, loss) in enumerate(ends):
        assert loss == pytest.approx(-np.log(a if k // 2 else 1 - a))


def test_one_class_of_three_against_the_rest(irises):
    X, y, neuron = irises
    display = LogLossDisplay.from_estimator(neuron, X, y, class_of_interest=1, class_names=["a", "b", "c"])
    a, loss = at(display.points_[1]).T
    np.testing.assert_allclose(a, expit(neuron.decision_function(X)[y == 1, 1]), rtol=1e-13)
    np.testing.assert_allclose(loss, -np.log(a), rtol=1e-9)
    assert words(display) == ["not b", "b", "one neuron's own belief, not predict_proba"]
    assert display.ax_.get_xlabel() == "this neuron's belief a in b"
