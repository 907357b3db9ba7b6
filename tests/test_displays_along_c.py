"""Pictures along C: scores of samples held out, and weights."""

from functools import partial
from itertools import pairwise

import matplotlib.pyplot as plt
import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.text import Text
from sklearn.datasets import load_breast_cancer, load_iris

from sklearn_neuron import SigmoidNeuronClassifier, SigmoidNeuronClassifierCV, neuron_path
from sklearn_neuron.displays import LossCurveDisplay, LossLandscapeDisplay, RegularizationPathDisplay, ValidationDisplay
from sklearn_neuron.displays.along_c import places_of
from sklearn_neuron.displays.regularization_path import SHOWN, largest_somewhere, pushed_apart

CS = [100.0, 1e-3, 0.1, 1.0]


@pytest.fixture(scope="module")
def table():
    return load_breast_cancer(return_X_y=True, as_frame=True)


@pytest.fixture(scope="module")
def chosen(table):
    return SigmoidNeuronClassifierCV(Cs=CS, cv=3).fit(*table)


def test_scores_stand_where_the_estimator_has_them(chosen):
    display = ValidationDisplay.from_estimator(chosen)
    order = np.argsort(CS)
    assert len(display.lines_) == 3
    for line, scores in zip(display.lines_, chosen.scores_[:, 0], strict=True):
        np.testing.assert_array_equal(line.get_xydata(), np.column_stack([np.sort(CS), scores[order]]))
    mean = chosen.scores_[:, 0].mean(axis=0)[order]
    np.testing.assert_allclose(display.mean_.get_ydata(), mean)
    error = chosen.scores_[:, 0].std(axis=0, ddof=1)[order] / np.sqrt(3)
    edge = display.error_.get_paths()[0].vertices[:, 1]
    assert edge.max() == pytest.approx((mean + error).max())
    assert edge.min() == pytest.approx((mean - error).min())
    assert display.chosen_.get_xdata()[0] == chosen.C_
    assert mean.argmax() == np.searchsorted(np.sort(CS), chosen.C_)
    assert "log-loss" in display.ax_.get_ylabel()


def test_a_best_c_at_the_end_is_said_to_be():
    scores = np.array([[-3.0, -2.0, -1.0]])
    at_end = ValidationDisplay(Cs=[0.1, 1, 10], scores=scores, C=10.0).plot()
    within = ValidationDisplay(Cs=[0.1, 1, 10], scores=scores, C=1.0).plot()
    told = [[text.get_text() for text in one.legend_.get_texts()] for one in (at_end, within)]
    assert "at the end of those tried" in told[0]
    assert "at the end of those tried" not in told[1]
    assert at_end.error_ is None  # nobody knows how far one fold is off


def test_no_penalty_stands_beyond_the_weakest():
    np.testing.assert_array_equal(places_of([1.0, 0.1]), [1.0, 0.1])
    *finite, beyond = places_of([1.0, 10.0, np.inf])
    assert finite == [1.0, 10.0]
    assert beyond >= 30
    assert places_of([np.inf]).tolist() == [1.0]
    display = ValidationDisplay(Cs=[1.0, np.inf], scores=np.zeros((2, 2)), C=np.inf).plot()
    assert display.chosen_.get_label() == "chosen: no penalty"
    assert display.chosen_.get_xdata()[0] == places_of([1.0, np.inf])[1]
    assert "∞" in [text.get_text() for text in display.ax_.texts]


def test_weights_stand_where_the_path_has_them(table):
    X, y = table
    path = neuron_path(X, y, Cs=[1e-3, 0.1, 10])
    display = RegularizationPathDisplay.from_path(path, X=X, C=0.1)
    drawn = path.coefs[:, 0] * X.to_numpy().std(axis=0)
    named = {name.get_text(): line for name, line in zip(display.names_, display.lines_, strict=True)}
    assert len(named) <= SHOWN
    for name, line in named.items():
        np.testing.assert_allclose(line.get_ydata(), drawn[:, list(X.columns).index(name)])
    assert len(display.others_.get_paths()) == 30 - len(named)
    ends = [line.get_ydata()[-1] for line in display.lines_]
    assert ends == sorted(ends, reverse=True)
    assert [count.get_text() for count in display.counts_] == ["30"] * 3


def test_folds_are_averaged_and_names_known(chosen, table):
    display = RegularizationPathDisplay.from_estimator(chosen, table[0])
    assert {name.get_text() for name in display.names_} <= set(table[0].columns)
    average = chosen.coefs_paths_[:, 0, :, 0, :-1].mean(axis=0)[np.argsort(CS)] * table[0].to_numpy().std(axis=0)
    place = list(table[0].columns).index(display.names_[0].get_text())
    np.testing.assert_allclose(display.lines_[0].get_ydata(), average[:, place])
    assert display.chosen_.get_label() == f"chosen: C = {chosen.C_:.3g}"


def test_sparse_samples_spread_as_dense_ones(table):
    X, y = table[0].to_numpy()[:, :3], table[1]
    path = neuron_path(X, y, Cs=[0.1, 1])
    dense, sparse = (RegularizationPathDisplay.from_path(path, X=kind) for kind in (X, sp.csr_array(X)))
    np.testing.assert_allclose(sparse.spreads, dense.spreads, rtol=1e-10)
    assert dense.others_ is None


def test_of_several_neurons_one_is_meant():
    path = neuron_path(*load_iris(return_X_y=True), Cs=[0.1, 1], multi_class="multinomial")
    display = RegularizationPathDisplay.from_path(path, class_of_interest=2)
    assert sorted(line.get_ydata()[-1] for line in display.lines_) == sorted(path.coefs[-1, 2])
    with pytest.raises(ValueError, match=r"pass class_of_interest, one of \[0, 1, 2\]"):
        RegularizationPathDisplay.from_path(path)


def test_who_was_averaged_over_folds_has_no_walk_to_show(table):
    X, y = table
    averaged = SigmoidNeuronClassifierCV(Cs=2, cv=3, refit=False).fit(X, y)
    for draw in (LossCurveDisplay.from_estimator, partial(LossLandscapeDisplay.from_estimator, X=X, y=y)):
        with pytest.raises(ValueError, match="averaged over folds"):
            draw(averaged)


def test_names_never_overlap_and_fewer_fit_a_small_picture(rng):
    for width, height in ((6.4, 4.8), (3.4, 2.6)):
        figure, ax = plt.subplots(figsize=(width, height), layout="constrained")
        display = RegularizationPathDisplay(Cs=CS, coefs=rng.normal(size=(4, 1_000)) / 10).plot(ax)
        figure.draw_without_rendering()
        boxes = [Text.get_window_extent(name) for name in display.names_]  # without the hair
        assert len(boxes) >= 3
        assert all(below.y1 <= above.y0 + 2 for above, below in pairwise(boxes))  # pixels


@given(st.lists(st.floats(0, 1), max_size=12).map(lambda heights: sorted(heights, reverse=True)))
def test_heights_are_pushed_apart_and_keep_their_order_and_average(heights):
    places = pushed_apart(heights, 0.05)
    assert len(places) == len(heights)
    assert (-np.diff(places) >= 0.05 - 1e-12).all()
    assert np.sum(places) == pytest.approx(np.sum(heights), abs=1e-9)
    if len(heights) > 1 and (-np.diff(heights) >= 0.05).all():
        np.testing.assert_allclose(places, heights, atol=1e-12)


def test_the_largest_anywhere_have_names():
    weights = np.array([[9.0, 0.1, 0.0, 0.0], [1.0, 2.0, 0.3, 0.0]])
    assert largest_somewhere(weights, 2).tolist() == [1, 0]


def test_mistakes_are_told(chosen):
    with pytest.raises(TypeError, match="SigmoidNeuronClassifierCV is needed"):
        ValidationDisplay.from_estimator(SigmoidNeuronClassifier())
    with pytest.raises(ValueError, match="one a fold and C"):
        ValidationDisplay(Cs=CS, scores=np.zeros((2, 3))).plot()
    with pytest.raises(ValueError, match="weights at every C"):
        RegularizationPathDisplay(Cs=CS, coefs=np.zeros((3, 3))).plot()
    with pytest.raises(ValueError, match="feature_names are 1"):
        RegularizationPathDisplay(Cs=CS, coefs=np.zeros((4, 3)), feature_names=["a"]).plot()
    assert not plt.get_fignums()


@pytest.mark.parametrize("ratios", [[1.0], [0.5, 1.0]])
def test_which_l1_ratio_is_shown_is_told(ratios, table):
    X, y = table
    neuron = SigmoidNeuronClassifierCV(Cs=[0.1, 1.0], l1_ratios=ratios, cv=3).fit(X, y)
    shown = ratios.index(neuron.l1_ratio_)
    scores, weights = ValidationDisplay.from_estimator(neuron), RegularizationPathDisplay.from_estimator(neuron)
    np.testing.assert_allclose(scores.mean_.get_ydata(), neuron.scores_[:, shown].mean(axis=0))
    np.testing.assert_array_equal(weights.coefs, neuron.coefs_paths_[:, shown, :, 0, :-1].mean(axis=0))
    for display in (scores, weights):
        told = [text.get_text() for text in display.legend_.get_texts()]
        assert any(f"l1_ratio = {neuron.l1_ratio_:g}" in text for text in told)
        assert any("the best of 2" in text for text in told) == (len(ratios) > 1)
