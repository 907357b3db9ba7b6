"""Every sample stands where it is measured, in the colour of its class; rings, hollows and names tell the truth."""

import numpy as np
import pandas as pd
import pytest
import scipy.sparse as sp
from conftest import at, told, words
from matplotlib.colors import same_color
from sklearn.datasets import load_breast_cancer, load_iris
from sklearn.decomposition import PCA
from sklearn.feature_selection import SelectKBest
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler

from sklearn_neuron import SigmoidNeuronClassifier
from sklearn_neuron.datasets import make_toxic_plants
from sklearn_neuron.displays import PlantsDisplay

UNITS = ["leaf length (cm)", "leaf width (cm)"]


def places(points):
    """Where points are, in the order of their places."""
    return sorted(at(points).tolist())


def rows(X):
    return sorted(np.asarray(X, dtype=float).tolist())


def axes_of(display):
    return [display.ax_.get_xlabel(), display.ax_.get_ylabel()]


def test_samples_stand_where_they_are(plants):
    display = PlantsDisplay.from_data(plants.data, plants.target, feature_names=UNITS, class_names=plants.target_names)
    for k, points in enumerate(display.scatters_):
        assert places(points) == rows(plants.data[plants.target == k])
    assert axes_of(display) == UNITS
    assert words(display) == ["non-toxic", "toxic"]
    assert display.rings_ is None
    assert display.hollow_ == []


def test_the_wrong_wear_rings(plants, learned):
    display = PlantsDisplay.from_estimator(learned, plants.data, plants.target)
    wrong = learned.predict(plants.data) != plants.target
    assert 0 < wrong.sum() < 100
    assert places(display.rings_) == rows(plants.data[wrong])
    assert len(display.rings_.get_facecolor()) == 0
    assert display.ax_.get_title(loc="left") == f"The neuron is wrong about {wrong.sum()} of 200"


def test_the_held_out_are_hollow(plants, learned):
    X, y = plants.data, plants.target
    display = PlantsDisplay.from_estimator(learned, X[:150], y[:150], X_held_out=X[150:], y_held_out=y[150:])
    for k, (points, hollow) in enumerate(zip(display.scatters_, display.hollow_, strict=True)):
        assert places(points) == rows(X[:150][y[:150] == k])
        assert places(hollow) == rows(X[150:][y[150:] == k])
        assert same_color(hollow.get_edgecolor()[0, :3], points.get_facecolor()[0, :3])
        np.testing.assert_allclose(hollow.get_facecolor()[0][:3], 1)
    wrong = learned.predict(X) != y
    assert f"{wrong[:150].sum()} of 150, and {wrong[150:].sum()} of 50 held out" in display.ax_.get_title(loc="left")
    assert words(display) == ["0", "1", "misclassified", "held out"]


def test_more_than_two_classes(irises):
    X, y, neuron = irises
    display = PlantsDisplay.from_estimator(neuron, X, y, features=[2, 3], class_names=["a", "b", "c"])
    assert words(display) == ["a", "b", "c", "misclassified"]
    assert "neurons are" in display.ax_.get_title(loc="left")


def test_long_names_of_many_classes_leave_room_for_the_picture(rng):
    names = [f"a kind of plant with a long name, number {k}" for k in range(12)]
    display = PlantsDisplay.from_data(rng.normal(size=(120, 2)), np.arange(120) % 12, class_names=names)
    display.figure_.draw_without_rendering()
    assert display.ax_.get_window_extent().height > 0.6 * display.figure_.bbox.height
    assert len(set(words(display))) == 12


def test_remarks_stand_at_the_left_and_look_like_no_names(rng):
    codes = np.arange(5000) % 2
    display = PlantsDisplay(x1=codes, x2=codes, codes=codes, feature_names="xy", class_names="ab").plot(note="a note")
    display.figure_.draw_without_rendering()
    *names, drawn, note = display.legend_.get_texts()
    assert (drawn.get_text(), note.get_text()) == ("2,000 of 5,000 drawn", "a note")
    assert {text.get_style() for text in names} == {"normal"}
    assert {text.get_style() for text in (drawn, note)} == {"italic"}


def test_no_class_looks_like_another(rng):
    display = PlantsDisplay.from_data(rng.normal(size=(80, 2)), np.arange(80) % 40)
    looks = [
        (points.get_facecolor().tobytes(), points.get_paths()[0].vertices.tobytes()) for points in display.scatters_
    ]
    assert len(set(looks)) == 40


def test_one_feature_a_row_for_each_class(plants):
    X = plants.data[:, :1]
    neuron = SigmoidNeuronClassifier().fit(X, plants.target)
    display, again = (PlantsDisplay.from_estimator(neuron, X, plants.target) for _ in range(2))
    for k, points in enumerate(display.scatters_):
        x, height = np.asarray(points.get_offsets()).T
        np.testing.assert_array_equal(x, X[plants.target == k, 0])
        assert np.abs(height - k).max() <= 0.25
        assert len(set(height)) == 100
    assert places(display.rings_) == places(again.rings_)
    assert told(display.ax_.get_yticklabels()) == ["0", "1"]


# Of many, some ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("period", [2, 20, 32])
def test_rows_in_turns_are_drawn_as_they_are_mixed(period):
    """By chance: a stride would see one phase alone."""
    rows = np.arange(40_000)
    y = (rows % period == 0).astype(int)
    display = PlantsDisplay.from_data(np.column_stack([rows, y]), y)
    counts = [len(at(points)) for points in display.scatters_]
    np.testing.assert_allclose(counts, [2000 - 2000 / period, 2000 / period], atol=1)
    drawn = at(display.scatters_[0])[:, 0]
    assert len(np.unique(np.diff(drawn))) > 20
    assert drawn.mean() == pytest.approx(20_000, abs=4 * 40_000 / np.sqrt(12 * len(drawn)))


def test_a_rare_class_is_drawn_and_so_are_the_few_held_out(rng):
    y = np.zeros(50_000, dtype=int)
    y[31] = 1
    X, y_held = rng.normal(size=(50_000, 2)), np.repeat([0, 1], [2, 1])
    display = PlantsDisplay.from_data(X, y, X_held_out=X[:3], y_held_out=y_held)
    np.testing.assert_array_equal(places(display.scatters_[1]), X[[31]])
    assert [len(hollow.get_offsets()) for hollow in display.hollow_] == [1, 1]


# Names --------------------------------------------------------------------------------------------------


# Which features -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", [np.asarray, sp.csr_array, sp.csc_matrix, sp.coo_array])
def test_of_many_features_the_two_that_matter_most(rng, form):
    """Weight times spread, which has its digits far from zero, too."""
    X = rng.normal(size=(300, 8)) * [1, 1, 1000, 1, 1, 1, 0.001, 1]
    y = X[:, 2] / 1000 + 1000 * X[:, 6] + 0.1 * rng.normal(size=300) > 0
    X[:, 4] = 1e8  # of no spread
    neuron = SigmoidNeuronClassifier(C=np.inf, max_iter=20, tol=0.1).fit(X, y)
    scaled = make_pipeline(StandardScaler(with_mean=False), SigmoidNeuronClassifier()).fit(X, y)
    for estimator in (neuron, scaled):
        assert axes_of(PlantsDisplay.from_estimator(estimator, form(X), y)) == ["x3", "x7"]


def test_features_that_a_step_selected_are_found_in_the_input():
    X, y = load_breast_cancer(return_X_y=True, as_frame=True)
    selected = make_pipeline(SelectKBest(k=5), StandardScaler(), SigmoidNeuronClassifier()).fit(X, y)
    display = PlantsDisplay.from_estimator(selected, X, y)
    kept = set(X.columns[selected[0].get_support()])
    assert {display.ax_.get_xlabel(), display.ax_.get_ylabel()} <= kept


@pytest.mark.parametrize("step", [PCA(4), FunctionTransformer()], ids=["new features", "nameless features"])
def test_features_that_are_no_longer_those_of_x_must_be_named(step):
    X, y = load_breast_cancer(return_X_y=True)
    pipeline = make_pipeline(StandardScaler(), step, SigmoidNeuronClassifier()).fit(X, y)
    with pytest.raises(ValueError, match=r"X has 30 features, and the steps .* pass features=, .* of x1, x2.*\.\.\."):
        PlantsDisplay.from_estimator(pipeline, X, y)
    assert PlantsDisplay.from_estimator(pipeline, X, y, features=(0, -1)).ax_.get_ylabel() == "x30"


def test_features_by_name_number_and_alias():
    X, y = load_iris(return_X_y=True, as_frame=True)
    names = ["a", "b", "c", "d"]
    for pair in ([3, 1], ["d", "b"], ["petal width (cm)", "sepal width (cm)"], [np.int64(-1), "b"]):
        display = PlantsDisplay.from_data(X, y, features=pair, feature_names=names)
        assert axes_of(display) == ["d", "b"]
        np.testing.assert_array_equal(display.x1, X["petal width (cm)"])
    assert PlantsDisplay.from_data(X, y, features="petal width (cm)").x2 is None


def test_what_is_wrong_is_counted_among_all(learned):
    X, y = make_toxic_plants(20_000, random_state=1, return_X_y=True)
    display = PlantsDisplay.from_estimator(learned, X, y)
    assert f"{(learned.predict(X) != y).sum():,} of 20,000" in display.ax_.get_title(loc="left")


def test_a_thousand_features(rng):
    X = rng.normal(size=(200, 1000))
    y = X[:, 700] - X[:, 30] > 0
    assert axes_of(PlantsDisplay.from_estimator(SigmoidNeuronClassifier().fit(X, y), X, y)) == ["x31", "x701"]


def test_a_title_and_a_note_of_ones_own(plants, learned):
    display = PlantsDisplay.from_estimator(learned, plants.data, plants.target).plot(title="Plants", note="all of them")
    assert display.ax_.get_title(loc="left") == "Plants"
    assert words(display)[-1] == "all of them"


# Errors -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("features", "message"),
    [
        (None, r"X has 4 features: pass features=, two of them by number or name, of x1, x2, x3, x4\."),
        ([0, 0], r"features must be two different columns of X \(or one\); got \[0, 0\]"),
        ([0, 1, 2], "features must be two different columns"),
        ([0, 4], "features: 4 is no column of X; it has 4: x1, x2, x3, x4"),
        (["x1", "x9"], "features: 'x9' is no column of X"),
    ],
)
def test_features_that_cannot_be_drawn(features, message):
    with pytest.raises(ValueError, match=message):
        PlantsDisplay.from_data(*load_iris(return_X_y=True), features=features)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"feature_names": ["one"]}, "feature_names has 1 names, but X has 2 features"),
        ({"class_names": ["one"]}, "class_names has 1 names, but there are 2 classes"),
        ({"y_held_out": [0]}, "X_held_out and y_held_out belong together: pass both, or neither"),
        ({"X_held_out": [[0.0]], "y_held_out": [0]}, "X_held_out has 1 features, but X has 2"),
        ({"X_held_out": [[0.0, 1]], "y_held_out": [0, 1]}, "inconsistent numbers of samples"),
    ],
)
def test_data_that_do_not_belong_together(plants, learned, options, message):
    for draw in (PlantsDisplay.from_data, lambda *data, **named: PlantsDisplay.from_estimator(learned, *data, **named)):
        with pytest.raises(ValueError, match=message):
            draw(plants.data, plants.target, **options)


def test_other_bad_input(plants):
    with pytest.raises(ValueError, match=r"X must have two dimensions, .* got 1"):
        PlantsDisplay.from_data(plants.data[0], [0, 1])
    with pytest.raises(ValueError, match="inconsistent numbers of samples"):
        PlantsDisplay.from_data(plants.data, plants.target[1:])
    data = {"x1": [0.0, 1.0], "x2": [0.0, 1.0], "feature_names": UNITS, "class_names": ["a", "b"]}
    with pytest.raises(ValueError, match=r"codes must be 0 to 1, one for each of class_names"):
        PlantsDisplay(**data, codes=[0, 2]).plot()
    with pytest.raises(ValueError, match="inconsistent numbers of samples"):
        PlantsDisplay(**data, codes=[0, 1, 1]).plot()


def test_what_is_no_number_has_no_axis():
    X = pd.DataFrame({"length": [1.0, 2.0], "colour": ["green", "red"]})
    with pytest.raises(ValueError, match="The feature 'colour' holds no numbers; choose others by features="):
        PlantsDisplay.from_data(X, [0, 1])


def test_of_very_many_classes_the_first_and_the_last_are_named_and_the_picture_keeps_its_place():
    K = 200
    X = np.arange(2.0 * K).reshape(-1, 2) % 7
    codes = np.arange(K)
    names = [f"k{k}" for k in codes]
    shown = PlantsDisplay(x1=X[:, 0], x2=X[:, 1], codes=codes, class_names=names, feature_names=UNITS).plot()
    shown.figure_.canvas.draw()  # a warning of no room is an error
    names = [text.get_text() for text in shown.legend_.get_texts()]
    assert names == [*(f"k{k}" for k in range(37)), "… 160 more …", "k197", "k198", "k199"]
    assert shown.ax_.get_position().height > 0.3
