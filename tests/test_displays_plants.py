"""Every sample stands where it is measured, in the colour of its class; rings, hollows and names tell the truth."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
import scipy.sparse as sp
from matplotlib.colors import to_rgba
from sklearn.datasets import load_breast_cancer, load_iris
from sklearn.decomposition import PCA
from sklearn.feature_selection import SelectKBest
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler

from sklearn_neuron import SigmoidNeuronClassifier
from sklearn_neuron.datasets import make_toxic_plants
from sklearn_neuron.displays import PlantsDisplay
from sklearn_neuron.displays.names import plain
from sklearn_neuron.displays.palette import class_color, thinned
from sklearn_neuron.displays.table import plane_of, spread_of, table_of
from sklearn_neuron.inspection.subject import subject_of

UNITS = ["leaf length (cm)", "leaf width (cm)"]


@pytest.fixture(scope="module")
def plants():
    return make_toxic_plants(random_state=0)


@pytest.fixture(scope="module")
def neuron(plants):
    return SigmoidNeuronClassifier().fit(plants.data, plants.target)


def at(points):
    """Where points are, as a sorted list."""
    return sorted(map(tuple, np.asarray(points.get_offsets()).tolist()))


def rows(X):
    return sorted(map(tuple, np.asarray(X, dtype=float).tolist()))


def words(display):
    return [text.get_text() for text in display.legend_.get_texts()]


def test_samples_stand_where_they_are_in_the_colour_of_their_class(plants):
    display = PlantsDisplay.from_data(plants.data, plants.target, feature_names=UNITS, class_names=plants.target_names)
    for k, points in enumerate(display.scatters_):
        assert at(points) == rows(plants.data[plants.target == k])
        np.testing.assert_allclose(points.get_facecolor()[0][:3], to_rgba(class_color(k))[:3])
    first, second = (points.get_paths()[0].vertices for points in display.scatters_)
    assert first.shape != second.shape  # markers differ, for a grey print
    assert [display.ax_.get_xlabel(), display.ax_.get_ylabel()] == UNITS
    assert words(display) == ["non-toxic", "toxic"]
    assert display.rings_ is None
    assert display.hollow_ == []


def test_the_wrong_wear_rings(plants, neuron):
    display = PlantsDisplay.from_estimator(neuron, plants.data, plants.target)
    wrong = neuron.predict(plants.data) != plants.target
    assert 0 < wrong.sum() < 100
    assert at(display.rings_) == rows(plants.data[wrong])
    assert len(display.rings_.get_facecolor()) == 0
    assert display.ax_.get_title(loc="left") == f"The neuron is wrong about {wrong.sum()} of 200"


def test_the_held_out_are_hollow(plants, neuron):
    X, y = plants.data, plants.target
    display = PlantsDisplay.from_estimator(neuron, X[:150], y[:150], X_held_out=X[150:], y_held_out=y[150:])
    for k, (points, hollow) in enumerate(zip(display.scatters_, display.hollow_, strict=True)):
        assert at(points) == rows(X[:150][y[:150] == k])
        assert at(hollow) == rows(X[150:][y[150:] == k])
        np.testing.assert_allclose(hollow.get_edgecolor()[0][:3], to_rgba(class_color(k))[:3])
        np.testing.assert_allclose(hollow.get_facecolor()[0][:3], 1)
    wrong = neuron.predict(X) != y
    assert f"{wrong[:150].sum()} of 150, and {wrong[150:].sum()} of 50 held out" in display.ax_.get_title(loc="left")
    assert words(display) == ["0", "1", "misclassified", "held out"]


def test_without_a_neuron_some_may_be_held_out_too(plants):
    X, y = plants.data, plants.target
    display = PlantsDisplay.from_data(X[:9], y[:9], X_held_out=X[9:], y_held_out=y[9:])
    assert sum(len(hollow.get_offsets()) for hollow in display.hollow_) == 191


@pytest.mark.parametrize("kind", ["float32", "csr", "csc", "coo", "frame", "list"])
def test_any_kind_of_x(plants, kind):
    pd = pytest.importorskip("pandas")
    data = plants.data.astype(np.float32)
    makers = {
        "float32": np.asarray,
        "csr": sp.csr_array,
        "csc": sp.csc_matrix,
        "coo": sp.coo_array,
        "list": np.ndarray.tolist,
    }
    X = pd.DataFrame(data, columns=UNITS) if kind == "frame" else makers[kind](data)
    y = np.array(["fine", "toxic"])[plants.target]
    neuron = SigmoidNeuronClassifier().fit(X, y)
    display = PlantsDisplay.from_estimator(neuron, X, y.tolist())
    assert at(display.scatters_[1]) == rows(data[plants.target == 1])
    assert words(display)[:2] == ["fine", "toxic"]
    assert display.ax_.get_xlabel() == (UNITS[0] if kind == "frame" else "x1")


def test_a_pipeline_and_a_search_are_drawn_in_the_units_of_their_input(plants, neuron):
    pipeline = make_pipeline(StandardScaler(), SigmoidNeuronClassifier())
    search = GridSearchCV(pipeline, {"sigmoidneuronclassifier__C": [1.0]}, cv=2).fit(plants.data, plants.target)
    wrong = search.predict(plants.data) != plants.target
    for estimator in (search, search.best_estimator_):
        display = PlantsDisplay.from_estimator(estimator, plants.data, plants.target)
        assert at(display.scatters_[0]) == rows(plants.data[plants.target == 0])
        assert at(display.rings_) == rows(plants.data[wrong])


def test_more_than_two_classes():
    X, y = load_iris(return_X_y=True)
    neuron = SigmoidNeuronClassifier().fit(X, y)
    display = PlantsDisplay.from_estimator(neuron, X, y, features=[2, 3], class_names=["a", "b", "c"])
    assert len({tuple(points.get_facecolor()[0]) for points in display.scatters_}) == 3
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
    assert at(display.rings_) == at(again.rings_)
    assert [label.get_text() for label in display.ax_.get_yticklabels()] == ["0", "1"]


# Of many, some ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("period", [2, 20, 32])
def test_rows_in_turns_are_drawn_as_they_are_mixed(rng, period):
    y = (np.arange(40_000) % period == 0).astype(int)
    display = PlantsDisplay.from_data(rng.normal(size=(40_000, 2)), y)
    counts = [len(points.get_offsets()) for points in display.scatters_]
    np.testing.assert_allclose(counts, [2000 - 2000 / period, 2000 / period], atol=1)


def test_a_rare_class_is_drawn_and_so_are_the_few_held_out(rng):
    y = np.zeros(50_000, dtype=int)
    y[31] = 1
    X, y_held = rng.normal(size=(50_000, 2)), np.repeat([0, 1], [2, 1])
    display = PlantsDisplay.from_data(X, y, X_held_out=X[:3], y_held_out=y_held)
    np.testing.assert_array_equal(at(display.scatters_[1]), X[[31]])
    assert [len(hollow.get_offsets()) for hollow in display.hollow_] == [1, 1]


@pytest.mark.parametrize("kinds", [None, np.arange(9973) % 7, np.arange(9973) // 9000])
def test_thinned_keeps_its_number_its_order_and_its_parts(kinds):
    rows = thinned(9973, 500, kinds)
    assert len(set(rows.tolist())) == 500
    assert (np.diff(rows) > 0).all()
    np.testing.assert_array_equal(rows, thinned(9973, 500, kinds))
    assert len(np.unique(np.diff(rows))) > 20  # no stride
    assert rows.mean() == pytest.approx(9973 / 2, abs=4 * 9973 / np.sqrt(12 * 500))
    if kinds is not None:
        np.testing.assert_allclose(np.bincount(kinds[rows]), 500 * np.bincount(kinds) / 9973, atol=1)


# Names --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["_p", "total_$_in_$", "$a$", ""])
@pytest.mark.parametrize("p", [1, 2])
def test_names_are_text(plants, name, p):
    names = {"feature_names": ["length", name][-p:], "class_names": ["fine", name]}
    display = PlantsDisplay.from_data(plants.data[:, :p], plants.target, **names)
    display.figure_.canvas.draw()
    assert words(display) == ["fine", plain(name)]
    assert (display.ax_.get_xlabel() if p == 1 else display.ax_.get_ylabel()) == plain(name)
    if p == 1:
        assert display.ax_.get_yticklabels()[1].get_text() == plain(name)


def test_long_names_are_not_cut_off(plants):
    names = {"feature_names": ["length " * 30, "width " * 30], "class_names": ["fine " * 30, "toxic " * 30]}
    display = PlantsDisplay.from_data(plants.data, plants.target, **names)
    display.figure_.draw_without_rendering()
    box = display.figure_.get_tightbbox()
    assert min(box.x0, box.y0) > -0.02
    assert (box.size <= display.figure_.get_size_inches() + 0.02).all()


# Which features -----------------------------------------------------------------------------------------


def test_of_many_features_the_two_that_matter_most(rng):
    X = rng.normal(size=(300, 8)) * [1, 1, 1000, 1, 1, 1, 0.001, 1]
    y = X[:, 2] / 1000 + 1000 * X[:, 6] + 0.1 * rng.normal(size=300) > 0
    neuron = SigmoidNeuronClassifier(C=np.inf, max_iter=20, tol=0.1).fit(X, y)
    table = table_of(X)
    assert plane_of(table, None, subject_of(neuron)) == [2, 6]
    assert plane_of(table._replace(X=sp.csr_array(X)), None, subject_of(neuron)) == [2, 6]
    scaled = make_pipeline(StandardScaler(), SigmoidNeuronClassifier()).fit(X, y)
    assert plane_of(table, None, subject_of(scaled)) == [2, 6]


@pytest.mark.parametrize("kind", [np.asarray, sp.csr_array, sp.csc_matrix, sp.coo_array])
def test_the_spread_has_its_digits_far_from_zero_too(rng, kind):
    X = rng.normal(1e7, 1, (500, 4)) * [1, 1, 1, 0]
    X[::3, 1] = 0
    before = X.copy()
    np.testing.assert_allclose(spread_of(kind(X)), X.std(axis=0), rtol=1e-8)
    np.testing.assert_array_equal(X, before)


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
        assert [display.ax_.get_xlabel(), display.ax_.get_ylabel()] == ["d", "b"]
        np.testing.assert_array_equal(display.x1, X["petal width (cm)"])
    assert PlantsDisplay.from_data(X, y, features="petal width (cm)").x2 is None


def test_names_that_the_estimator_was_fitted_with(plants):
    pytest.importorskip("pandas")
    frame = make_toxic_plants(random_state=0, as_frame=True)
    neuron = SigmoidNeuronClassifier().fit(frame.data, frame.target)
    assert table_of(plants.data, estimator=neuron).names == ["leaf_length", "leaf_width"]


# Drawing ------------------------------------------------------------------------------------------------


def test_many_are_thinned_and_the_picture_says_so(neuron):
    X, y = make_toxic_plants(100_000, random_state=1, return_X_y=True)
    display = PlantsDisplay.from_estimator(neuron, X, y)
    assert sum(len(points.get_offsets()) for points in display.scatters_) == 2000
    assert len(display.rings_.get_offsets()) <= 2000
    assert words(display)[-1] == "2,000 of 100,000 drawn"
    wrong = (neuron.predict(X) != y).sum()
    assert f"{wrong:,} of 100,000" in display.ax_.get_title(loc="left")  # counted among all


def test_a_thousand_features(rng):
    X = rng.normal(size=(200, 1000))
    y = X[:, 700] - X[:, 30] > 0
    display = PlantsDisplay.from_estimator(SigmoidNeuronClassifier().fit(X, y), X, y)
    assert [display.ax_.get_xlabel(), display.ax_.get_ylabel()] == ["x31", "x701"]


def test_it_draws_again_on_axes_of_the_user(plants, neuron):
    display = PlantsDisplay.from_estimator(neuron, plants.data, plants.target)
    figure, (left, right) = plt.subplots(1, 2)
    before = plt.get_fignums()
    assert display.plot(ax=left) is display
    assert (display.ax_, display.figure_) == (left, figure)
    PlantsDisplay.from_data(plants.data, plants.target, ax=right)
    PlantsDisplay.from_estimator(neuron, plants.data, plants.target, ax=right)
    assert plt.get_fignums() == before


def test_nothing_is_cut_or_overlaps(plants, neuron):
    options = {"class_names": ["not toxic, to the best of our knowledge", "toxic"], "max_points": 150}
    display = PlantsDisplay.from_estimator(neuron, plants.data, plants.target, **options)
    display.figure_.canvas.draw()
    legend, title = display.legend_.get_window_extent(), display.ax_._left_title.get_window_extent()
    assert title.y1 <= display.figure_.bbox.y1
    assert legend.x1 <= display.figure_.bbox.x1
    assert display.ax_.bbox.y1 <= legend.y0 < legend.y1 <= title.y0


def test_the_user_may_restyle(plants, neuron):
    styles = {"scatter_kwargs": {"s": 7, "lw": 3}, "ring_kwargs": {"ec": "red"}}
    display = PlantsDisplay.from_estimator(neuron, plants.data, plants.target, **styles)
    assert display.scatters_[0].get_sizes() == [7]
    assert display.scatters_[0].get_linewidth() == [3]
    np.testing.assert_array_equal(display.rings_.get_edgecolor()[0], to_rgba("red"))
    display.plot(title="Plants", note="all of them")
    assert display.ax_.get_title(loc="left") == "Plants"
    assert words(display)[-1] == "all of them"


def test_the_arrays_of_the_user_are_left_alone(plants, neuron):
    X, y = sp.csc_array(plants.data), plants.target.copy()
    X.data.flags.writeable = X.indices.flags.writeable = y.flags.writeable = False
    PlantsDisplay.from_estimator(neuron, X, y, X_held_out=X, y_held_out=y)


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
def test_data_that_do_not_belong_together(plants, neuron, options, message):
    for draw in (PlantsDisplay.from_data, lambda *data, **named: PlantsDisplay.from_estimator(neuron, *data, **named)):
        with pytest.raises(ValueError, match=message):
            draw(plants.data, plants.target, **options)


def test_other_bad_input(plants, neuron):
    with pytest.raises(ValueError, match=r"X must have two dimensions, .* got 1"):
        PlantsDisplay.from_data(plants.data[0], [0, 1])
    with pytest.raises(ValueError, match="inconsistent numbers of samples"):
        PlantsDisplay.from_data(plants.data, plants.target[1:])
    with pytest.raises(ValueError, match=r"y holds the label .*6.*, which is none of the classes"):
        PlantsDisplay.from_estimator(neuron, plants.data, plants.target + 6)
    with pytest.raises(TypeError, match="a fitted SigmoidNeuronClassifier"):
        PlantsDisplay.from_estimator(StandardScaler(), plants.data, plants.target)
    data = {"x1": [0.0, 1.0], "x2": [0.0, 1.0], "feature_names": UNITS, "class_names": ["a", "b"]}
    with pytest.raises(ValueError, match=r"codes must be 0 to 1, one for each of class_names"):
        PlantsDisplay(**data, codes=[0, 2]).plot()
    with pytest.raises(ValueError, match="inconsistent numbers of samples"):
        PlantsDisplay(**data, codes=[0, 1, 1]).plot()


def test_what_is_no_number_has_no_axis():
    pd = pytest.importorskip("pandas")
    X = pd.DataFrame({"length": [1.0, 2.0], "colour": ["green", "red"]})
    with pytest.raises(ValueError, match="The feature 'colour' holds no numbers; choose others by features="):
        PlantsDisplay.from_data(X, [0, 1])
