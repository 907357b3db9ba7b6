"""The field is what the estimator answers, its lines lie where the belief is so, and w points to class 1."""

import numpy as np
import pandas as pd
import pytest
import scipy.sparse as sp
from conftest import at, held_but, letters, pixels, told, without_warnings, words
from matplotlib.path import Path
from sklearn.compose import ColumnTransformer
from sklearn.datasets import load_breast_cancer, load_digits, load_iris, load_wine
from sklearn.decomposition import PCA
from sklearn.exceptions import ConvergenceWarning
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MaxAbsScaler, OneHotEncoder, PolynomialFeatures, StandardScaler

from sklearn_neuron import SigmoidNeuronClassifier
from sklearn_neuron.displays import DecisionFieldDisplay, PlantsDisplay

UNITS = ["leaf length (cm)", "leaf width (cm)"]


def grid(display):
    return np.stack(np.meshgrid(display.xx, display.yy), axis=-1).reshape(-1, 2)


def points_of(line, k=0):
    """All points of the k-th level of a contour set."""
    return np.concatenate(line.allsegs[k])


def tip_of(arrow):
    """Where an arrow begins and where it points, shape (2, 2)."""
    path = arrow.get_path()
    vertices = path.vertices[path.codes != Path.CLOSEPOLY]
    return vertices[0], vertices[np.linalg.norm(vertices - vertices[0], axis=1).argmax()]


def bump(x, y, height=4.0):
    """A field that is high in the middle."""
    return 1 / (1 + np.exp(-height + (np.asarray(x)[None, :] ** 2 + np.asarray(y)[:, None] ** 2)))


# The field ----------------------------------------------------------------------------------------------


def test_the_field_is_what_the_neuron_answers(plants, learned):
    display = DecisionFieldDisplay.from_estimator(learned, plants.data, plants.target, grid_resolution=30)
    asked = learned.predict_proba(grid(display))[:, 1].reshape(30, 30)
    np.testing.assert_array_equal(display.belief, asked)
    np.testing.assert_array_equal(display.surface_.get_array(), asked)
    assert display.surface_.get_clim() == (0, 1)
    left, right, bottom, top = display.surface_.get_extent()
    half_x, half_y = np.diff(display.xx)[0] / 2, np.diff(display.yy)[0] / 2  # a pixel around each point
    np.testing.assert_allclose([left + half_x, right - half_x], display.xx[[0, -1]])
    np.testing.assert_allclose([bottom + half_y, top - half_y], display.yy[[0, -1]])


def test_contours_lie_where_the_belief_is_so(plants, learned):
    display = DecisionFieldDisplay.from_estimator(learned, plants.data, plants.target)
    assert display.contours_.levels.tolist() == [0.1, 0.25, 0.75, 0.9]
    for k, level in enumerate(display.contours_.levels):
        belief = learned.predict_proba(points_of(display.contours_, k))[:, 1]
        np.testing.assert_allclose(belief, level, atol=2e-4)  # linear between points of the grid
    [boundary] = display.boundary_
    z = learned.decision_function(points_of(boundary))
    np.testing.assert_allclose(z, 0, atol=1e-4)
    assert boundary.get_linewidth()[0] > 1.5 * display.contours_.get_linewidth()[0]
    assert sorted(told(display.labels_)) == ["0.1", "0.25", "0.5", "0.75", "0.9"]


def test_w_points_from_the_boundary_to_class_1(plants, learned):
    display = DecisionFieldDisplay.from_estimator(learned, plants.data, plants.target)
    (x0, y0), (x1, y1) = tip_of(display.arrow_)
    start, end = learned.decision_function([[x0, y0], [x1, y1]])
    assert abs(start) < 1e-3 < end
    w = learned.coef_[0]
    cosine = np.dot([x1 - x0, y1 - y0], w) / np.hypot(x1 - x0, y1 - y0) / np.linalg.norm(w)
    np.testing.assert_allclose(cosine, 1, rtol=1e-9)
    assert display.arrow_label_.get_text() == "w"
    edge = np.concatenate([points_of(display.boundary_[0])[k] for k in (0, -1)]).reshape(2, 2)
    inverse = display.ax_.transData.transform
    lengths = np.linalg.norm(inverse(edge) - inverse([x0, y0]), axis=1)
    np.testing.assert_allclose(*lengths, rtol=0.01)  # the middle


@pytest.mark.parametrize("kind", ["scaled", "curved"])
def test_a_pipeline_shows_its_field_in_the_units_of_its_input(plants, kind):
    steps = [StandardScaler(), PolynomialFeatures(3)] if kind == "curved" else [StandardScaler()]
    estimator = make_pipeline(*steps, SigmoidNeuronClassifier())
    estimator.fit(plants.data, plants.target)
    display = DecisionFieldDisplay.from_estimator(estimator, plants.data, plants.target)
    np.testing.assert_array_equal(display.belief.ravel(), estimator.predict_proba(grid(display))[:, 1])
    line = points_of(display.boundary_[0])
    np.testing.assert_allclose(estimator.predict_proba(line)[:, 1], 0.5, atol=2e-3)
    slopes = np.diff(line[:, 1]) / np.diff(line[:, 0])
    assert (np.ptp(slopes) > 0.1) == (kind == "curved")
    assert display.arrow_ is display.arrow_label_ is None  # w is not in these units
    search = GridSearchCV(SigmoidNeuronClassifier(), {"C": [1.0]}, cv=2).fit(plants.data, plants.target)
    assert DecisionFieldDisplay.from_estimator(search, plants.data, plants.target).arrow_ is not None


def test_samples_rings_and_names(plants, learned):
    X, y = plants.data, plants.target
    names = {"feature_names": UNITS, "class_names": plants.target_names}
    display = DecisionFieldDisplay.from_estimator(
        learned, X[:150], y[:150], X_held_out=X[150:], y_held_out=y[150:], **names
    )
    assert isinstance(display.points_, PlantsDisplay)
    assert len(at(display.points_.rings_)) == (learned.predict(X) != y).sum()
    assert sum(len(at(hollow)) for hollow in display.points_.hollow_) == 50
    assert display.colorbar_.ax.get_ylabel() == "P(toxic | x)"
    assert [display.ax_.get_xlabel(), display.ax_.get_ylabel()] == UNITS
    assert words(display.points_) == ["non-toxic", "toxic", "misclassified", "held out"]
    lines = display.boundary_[0].get_zorder(), display.contours_.get_zorder(), display.surface_.get_zorder()
    assert display.points_.rings_.get_zorder() > max(lines)


@pytest.mark.parametrize("margin", [0, 0.1, 2])
def test_the_margin_is_a_fraction_of_the_range(plants, learned, margin):
    display = DecisionFieldDisplay.from_estimator(
        learned, plants.data, plants.target, margin=margin, grid_resolution=np.int64(9)
    )
    low, high = plants.data.min(axis=0), plants.data.max(axis=0)
    limits = np.transpose([display.ax_.get_xlim(), display.ax_.get_ylim()])
    np.testing.assert_allclose(limits, [low - margin * (high - low), high + margin * (high - low)])
    assert len(display.xx) == len(display.yy) == 9


# More features than two ---------------------------------------------------------------------------------


def test_others_are_held_at_the_median_or_at_a_sample():
    X, y = load_breast_cancer(return_X_y=True)
    neuron = make_pipeline(StandardScaler(), SigmoidNeuronClassifier()).fit(X, y)
    for held_at, sample in (("median", np.median(X, axis=0)), (X[3], X[3]), (X[3].tolist(), X[3])):
        display = DecisionFieldDisplay.from_estimator(
            neuron, X, y, features=(7, 2), held_at=held_at, grid_resolution=10, margin=0.3
        )
        everywhere = np.tile(sample, (100, 1))
        everywhere[:, [7, 2]] = grid(display)
        np.testing.assert_allclose(display.belief.ravel(), neuron.predict_proba(everywhere)[:, 1], rtol=1e-12)
        assert words(display.points_)[-1] == (
            "others at their median" if isinstance(held_at, str) else "others at one sample"
        )


@pytest.mark.parametrize(("kind", "is_scaled"), [("csr", False), ("csc", True), ("coo", False)])
def test_sparse_samples_have_the_field_of_dense_ones(rng, kind, is_scaled):
    X = rng.normal(1, 1, (150, 6)) * (rng.random((150, 6)) < [0.2, 0.9, 0.6, 1.0, 0.5, 0.1])
    y = X @ [1, 2, -1, 1, 0, 3] > 1
    sparse = {"csr": sp.csr_matrix, "csc": sp.csc_array, "coo": sp.coo_array}[kind](X)
    neuron = SigmoidNeuronClassifier()
    neuron = (make_pipeline(MaxAbsScaler(), neuron) if is_scaled else neuron).fit(X, y)
    kinds = []

    class Watched(type(neuron)):
        def predict_proba(self, X):
            kinds.append(sp.issparse(X))
            return super().predict_proba(X)

    neuron.__class__ = Watched
    for held_at in ("median", X[5]):
        dense, same = (
            DecisionFieldDisplay.from_estimator(neuron, data, y, features=[1, 3], held_at=held_at, grid_resolution=12)
            for data in (X, sparse)
        )
        np.testing.assert_allclose(same.belief, dense.belief, rtol=1e-12)
    assert kinds == [False, False, True, True] * 2  # the field, and what it shows of the samples


def test_float32_stays(plants):
    seen = []

    class Watched(SigmoidNeuronClassifier):
        def predict_proba(self, X):
            seen.append(X.dtype)
            return super().predict_proba(X)

    data = plants.data.astype(np.float32)
    for X in (data, sp.csr_array(data)):
        neuron = Watched().fit(X, plants.target)
        display = DecisionFieldDisplay.from_estimator(neuron, X, plants.target)
        assert display.belief.dtype == np.float32
        assert display.arrow_ is not None
    assert seen == [np.float32] * 2


def test_a_frame_keeps_its_names_and_types(rng):
    n = 120
    X = pd.DataFrame(
        {
            "length": rng.normal(size=n).astype(np.float32),
            "leaves": rng.integers(1, 9, n),
            "colour": pd.Categorical(rng.choice(["green", "red", "green"], n)),
            "site": rng.choice(["wood", "field", "wood"], n),
            "is old": rng.random(n) < 0.3,
        }
    )
    y = np.where(X["length"] + 0.3 * X["leaves"] + (X["colour"] == "red") > 1.5, "toxic", "fine")
    columns = [(StandardScaler(), ["length", "leaves"]), (OneHotEncoder(), ["colour", "site"])]
    steps = [(f"{k}", *column) for k, column in enumerate(columns)]
    pipeline = make_pipeline(ColumnTransformer(steps, remainder="passthrough"), SigmoidNeuronClassifier()).fit(X, y)
    before = X.copy()
    plane = DecisionFieldDisplay.from_estimator(pipeline, X, y)
    assert_every_sample_stands_where_it_is_put(plane, np.unique(y, return_inverse=True)[1], pipeline.predict(X))
    for held_at, i in (("median", None), (X.iloc[7], 7)):
        display = DecisionFieldDisplay.from_estimator(
            pipeline, X, y, features=["leaves", "length"], held_at=held_at, grid_resolution=8
        )
        held = X.iloc[np.zeros(64, dtype=int) + (i or 0)].reset_index(drop=True)
        if i is None:
            held = held.assign(colour=pd.Categorical(["green"] * 64, X["colour"].cat.categories), site="wood")
            held = held.assign(**{"is old": False})
        leaves, length = grid(display).T
        held = held.assign(leaves=leaves, length=length.astype(np.float32))
        np.testing.assert_allclose(display.belief.ravel(), pipeline.predict_proba(held)[:, 1], rtol=1e-6)
    pd.testing.assert_frame_equal(X, before)
    assert display.colorbar_.ax.get_ylabel() == "P(toxic | x)"


def wide_tables():
    """Tables of more features than two, as people have them."""
    rng = np.random.default_rng(0)
    cancer = load_breast_cancer(return_X_y=True)
    yield "binary", SigmoidNeuronClassifier(), *cancer
    yield "scaled", make_pipeline(StandardScaler(), SigmoidNeuronClassifier()), *cancer
    yield "float32", SigmoidNeuronClassifier(), cancer[0].astype(np.float32), cancer[1]
    yield "sparse", SigmoidNeuronClassifier(), sp.csr_array(cancer[0]), cancer[1]
    yield "one feature seen", make_pipeline(PCA(1), SigmoidNeuronClassifier()), *cancer
    yield "constants", SigmoidNeuronClassifier(), np.c_[cancer[0], np.full((569, 2), 0.1)], cancer[1]
    far = np.c_[cancer[0], 1.7e9 + 1e7 * rng.random((569, 1))]
    yield "far from zero", SigmoidNeuronClassifier(), far, cancer[1]
    yield "three classes", SigmoidNeuronClassifier(), *load_iris(return_X_y=True)
    yield "three of wine", SigmoidNeuronClassifier(), *load_wine(return_X_y=True)
    yield "two seen of ten", make_pipeline(PCA(2), SigmoidNeuronClassifier()), *load_digits(return_X_y=True)
    yield "ten classes", SigmoidNeuronClassifier(), *load_digits(return_X_y=True)
    many = rng.normal(size=(900, 5))
    yield (
        "twelve classes",
        SigmoidNeuronClassifier(),
        many,
        (np.abs(many[:, :2]).sum(axis=1) * 5).astype(int).clip(0, 11),
    )
    silent = rng.permuted(np.repeat([0, 1], [40, 60]))
    yield "nothing to learn", SigmoidNeuronClassifier(), np.ones((100, 3)), silent
    yield "one feature varies", SigmoidNeuronClassifier(), np.c_[np.ones((100, 2)), rng.normal(size=100)], silent


def assert_every_sample_stands_where_it_is_put(display, codes, predicted):
    """The colour of the field under each sample is that of what is predicted of it; those that are wrong are ringed."""
    x, y = display.points.x1, display.points.x2
    at = np.abs(y[:, None] - display.yy).argmin(axis=1), np.abs(x[:, None] - display.xx).argmin(axis=1)
    belief = display.belief[at]
    two = belief.ndim == 1
    shown = (belief > 0.5).astype(int) if two else belief.argmax(axis=1)
    ordered = np.sort(belief if not two else np.column_stack([belief, 1 - belief]), axis=1)
    along = 1 if display.lanes else (0, 1)
    step = np.abs(np.gradient(display.belief, axis=along)).max()  # of belief, from one point of the grid to the next
    doubtful = ordered[:, -1] - ordered[:, -2] <= 4 * step  # the boundary may pass between sample and grid
    codes_predicted = np.searchsorted(np.unique(predicted), predicted) if predicted.dtype.kind in "OU" else predicted
    assert ((shown == codes_predicted) | doubtful).all()
    assert doubtful.mean() < 0.7
    rings = display.points_.rings_.get_offsets()
    assert len(rings) == (codes_predicted != codes).sum()


@pytest.mark.parametrize("name", [name for name, *_ in wide_tables()])
def test_in_the_plane_of_many_features_every_sample_stands_where_the_neuron_puts_it(name):
    estimator, X, y = next(table for kind, *table in wide_tables() if kind == name)
    estimator = without_warnings(estimator.fit, X, y)
    display = DecisionFieldDisplay.from_estimator(estimator, X, y, grid_resolution=600)
    display.figure_.draw_without_rendering()
    predicted = estimator.predict(X)
    assert "A slice" not in display.ax_.get_title(loc="left")
    if display.belief.ndim == 2 and display.arrow_ is not None:
        np.testing.assert_array_equal(display.points.x1 > 0, predicted == 1)  # exactly
        length = np.log(1 / display.belief - 1)[0]
        finite = np.isfinite(length) & (display.xx != 0)
        np.testing.assert_allclose(np.ptp((length / display.xx)[finite]), 0, atol=1e-6 * np.abs(length[finite]).max())
    assert_every_sample_stands_where_it_is_put(display, y, predicted)


def test_distances_are_those_of_standardised_features(cancer):
    X, y, neuron = cancer
    display = DecisionFieldDisplay.from_estimator(neuron, X, y)
    scaled = StandardScaler().fit(X)
    w = neuron.coef_[0] * scaled.scale_
    Z = scaled.transform(X)
    t = (Z @ w + neuron.decision_function(scaled.mean_[None])) / np.linalg.norm(w)
    np.testing.assert_allclose(display.points.x1, t, rtol=1e-9, atol=1e-12)
    assert display.ax_.get_xlabel() == "along w: distance from the boundary, features standardised"
    assert display.ax_.get_ylabel() == "across w, features standardised"
    left = Z - np.outer(Z @ w, w) / (w @ w)
    strongest = np.linalg.svd(left, full_matrices=False)
    assert np.std(display.points.x2) == pytest.approx(strongest[1][0] / np.sqrt(len(X)), rel=1e-6)
    assert np.median(display.points.x2) == 0
    np.testing.assert_allclose(
        display.belief, np.tile(1 / (1 + np.exp(-display.xx * np.linalg.norm(w))), (200, 1)), rtol=1e-6
    )


def test_held_out_samples_stand_there_too(rng):
    X, y = load_breast_cancer(return_X_y=True)
    neuron = SigmoidNeuronClassifier().fit(X[:400], y[:400])
    display = DecisionFieldDisplay.from_estimator(neuron, X[:400], y[:400], X_held_out=X[400:], y_held_out=y[400:])
    np.testing.assert_array_equal(display.points.x1 > 0, neuron.predict(X) == 1)
    assert sum(len(at(hollow)) for hollow in display.points_.hollow_) == 169


def test_one_class_of_many_stands_by_its_probability(irises):
    X, y, three = irises
    display = DecisionFieldDisplay.from_estimator(three, X, y, class_of_interest=1)
    P = three.predict_proba(X)[:, 1]
    np.testing.assert_allclose(1 / (1 + np.exp(-display.points.x1)), P, rtol=1e-9)
    np.testing.assert_allclose(display.belief[0], 1 / (1 + np.exp(-display.xx)), rtol=1e-12)
    assert len(at(display.points_.rings_)) == ((P > 0.5) != (y == 1)).sum()


def test_a_slice_says_so_and_rings_what_it_shows_otherwise_than_predicted(cancer):
    X, y, neuron = cancer
    display = DecisionFieldDisplay.from_estimator(neuron, X, y, features=[7, 3])
    everywhere = held_but(X, [7, 3], X[:, [7, 3]])
    otherwise = neuron.predict(everywhere) != neuron.predict(X)
    assert display.ax_.get_title(loc="left") == "A slice: how sure the neuron is there"
    assert words(display.points_)[2:] == ["predicted otherwise", "others at their median"]
    np.testing.assert_array_equal(
        np.sort(display.points_.rings_.get_offsets(), axis=0), np.sort(X[otherwise][:, [7, 3]], axis=0)
    )
    np.testing.assert_array_equal(display.points_.predicted, neuron.predict(X))
    again = display.plot()
    assert len(again.points_.rings_.get_offsets()) == otherwise.sum()


def test_many_classes_have_a_row_each():
    X, y = load_digits(return_X_y=True)
    neuron = SigmoidNeuronClassifier().fit(X, y)
    names = ["_zero", "$1$", "two_$", *"3456789"]
    display = DecisionFieldDisplay.from_estimator(neuron, X, y, class_names=names)
    np.testing.assert_allclose(display.points.x1, neuron.predict_proba(X).max(axis=1), rtol=1e-9)
    np.testing.assert_array_equal(np.rint(display.points.x2), neuron.predict(X))
    assert [letters(text) for text in told(display.ax_.get_yticklabels())] == names
    for k, line in enumerate(display.boundary_):
        edges = np.unique(points_of(line)[:, 1].round(9))
        np.testing.assert_allclose(edges, [edge for edge in (k - 0.5, k + 0.5) if 0 < edge < 9], atol=1e-6)


# More classes than two ----------------------------------------------------------------------------------


def test_regions_of_the_most_probable_class(irises):
    X, y, three = irises
    display = DecisionFieldDisplay.from_estimator(three, X, y, features=[2, 3], grid_resolution=60)
    held = held_but(X, [2, 3], grid(display))
    best = three.predict(held).reshape(60, 60)
    assert set(best.ravel()) == {0, 1, 2}
    ink = 1 - np.asarray(display.surface_.get_array())
    for k, points in enumerate(display.points_.scatters_):
        full = 1 - points.get_facecolor()[0, :3]
        inks = ink[best == k]
        depth = inks.sum(axis=1) / full.sum()
        np.testing.assert_allclose(inks, depth[:, None] * full, atol=1e-12)  # paler, of the same hue
        sure = three.predict_proba(held).max(axis=1).reshape(60, 60)[best == k]
        assert (np.diff(depth[np.argsort(sure)]) >= -1e-12).all()
    assert display.contours_ is display.colorbar_ is display.arrow_ is None
    assert display.labels_ == []


def test_boundaries_are_where_the_most_probable_class_changes(irises):
    X, y, three = irises
    display = DecisionFieldDisplay.from_estimator(three, X, y, features=[2, 3])
    line = np.concatenate([points_of(line) for line in display.boundary_])
    first, second = np.sort(three.predict_proba(held_but(X, [2, 3], line)), axis=1)[:, :-3:-1].T
    np.testing.assert_allclose(first, second, atol=0.02)  # in the cell where three regions meet


def test_one_class_of_interest_against_the_rest(irises):
    X, y, three = irises
    names = ["setosa", "versicolor", "virginica"]
    display = DecisionFieldDisplay.from_estimator(
        three, X, y, features=[2, 3], class_of_interest=1, class_names=names, grid_resolution=25
    )
    believed = three.predict_proba(held_but(X, [2, 3], grid(display)))[:, 1]
    np.testing.assert_allclose(display.belief.ravel(), believed, rtol=1e-12)
    assert display.colorbar_.ax.get_ylabel() == "P(versicolor | x)"
    assert words(display.points_)[:2] == ["not versicolor", "versicolor"]
    shown = three.predict_proba(held_but(X, [2, 3], X[:, 2:]))[:, 1] > 0.5
    otherwise = shown != (three.predict_proba(X)[:, 1] > 0.5)
    assert len(at(display.points_.rings_)) == otherwise.sum() > 0
    assert display.arrow_ is None  # several neurons have a say


# Drawing ------------------------------------------------------------------------------------------------


def test_a_field_of_ones_own():
    x, y = np.linspace(-3, 3, 50), np.linspace(-3, 3, 40)
    data = {"belief": bump(x, y), "feature_names": UNITS, "class_names": ["a", "b"]}
    display = DecisionFieldDisplay(xx=x, yy=y, **data).plot()
    assert display.points_ is display.arrow_ is None
    np.testing.assert_allclose(np.hypot(*points_of(display.boundary_[0]).T), 2, atol=0.01)
    assert display.ax_.get_title(loc="left") == "How sure the neuron is"
    xx, yy = np.meshgrid(x, y)
    same = DecisionFieldDisplay(xx=xx, yy=yy, **data).plot()
    np.testing.assert_array_equal(points_of(same.boundary_[0]), points_of(display.boundary_[0]))


@pytest.mark.parametrize(("height", "levels"), [(-9.0, []), (-1.5, [0.1]), (50.0, [])])
def test_lines_out_of_view_are_not_drawn(height, levels):
    x = np.linspace(-1, 1, 20)
    data = {"feature_names": UNITS, "class_names": ["a", "b"], "weights": [1.0, 1.0]}
    display = DecisionFieldDisplay(xx=x, yy=x, belief=bump(x, x, height), **data).plot()
    assert ([] if display.contours_ is None else display.contours_.levels.tolist()) == levels
    assert display.boundary_ == []
    assert display.arrow_ is None


def test_labels_keep_apart(plants):
    close = SigmoidNeuronClassifier(C=1e4).fit(*load_iris(return_X_y=True)[:1], load_iris().target == 0)
    X, y = load_iris(return_X_y=True)
    display = DecisionFieldDisplay.from_estimator(close, X, y == 0, features=[2, 3])
    display.figure_.draw_without_rendering()
    assert "0.5" in told(display.labels_)
    boxes = [label.get_window_extent() for label in display.labels_]
    assert not any(one.overlaps(other) for k, one in enumerate(boxes) for other in boxes[:k])


def test_the_arrow_stays_inside_and_a_neuron_without_weights_has_none(plants, learned):
    X = plants.data
    corner = (X @ learned.coef_[0] > np.quantile(X @ learned.coef_[0], 0.97)).astype(int)
    display = DecisionFieldDisplay.from_estimator(SigmoidNeuronClassifier(C=1e3).fit(X, corner), X, corner, margin=0)
    if display.arrow_ is not None:
        _, end = tip_of(display.arrow_)
        assert (display.ax_.transData + display.ax_.transAxes.inverted()).transform(end).max() <= 0.98
    silent = SigmoidNeuronClassifier(max_iter=0)
    with pytest.warns(ConvergenceWarning):
        silent.fit(X, plants.target)
    display = DecisionFieldDisplay.from_estimator(silent, X, plants.target)
    assert display.arrow_ is display.contours_ is None
    assert display.boundary_ == []


def test_a_feature_that_does_not_vary(plants):
    X = plants.data.copy()
    X[:, 1] = 7.0
    display = DecisionFieldDisplay.from_estimator(SigmoidNeuronClassifier().fit(X, plants.target), X, plants.target)
    assert display.ax_.get_ylim() == (6.5, 7.5)


@pytest.mark.parametrize("kind", ["dense", "sparse"])
def test_many_features_are_asked_about_some_points_at_a_time(rng, kind):
    asked = []

    class Watched(SigmoidNeuronClassifier):
        def predict_proba(self, X):
            asked.append((len(X) * X.shape[1]) if kind == "dense" else X.nnz)
            return super().predict_proba(X)

    X = rng.normal(size=(300, 1000))
    if kind == "sparse":
        places = (rng.integers(300, size=15_000), rng.integers(50_000, size=15_000))
        X = sp.hstack([X[:, :8], sp.coo_array((rng.random(15_000), places), shape=(300, 50_000))], format="csr")
    y = np.arange(300) % 2
    display = DecisionFieldDisplay.from_estimator(Watched(tol=0.1, max_iter=20).fit(X, y), X, y, features=[7, 2])
    assert display.belief.shape == (200, 200)
    assert (display.ax_.get_xlabel(), display.ax_.get_ylabel()) == ("x8", "x3")
    assert max(asked) <= 2**22
    assert len(asked) <= 13


# Errors -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"margin": -0.1}, r"margin must be a fraction of the range, 0 or more; got -0\.1"),
        ({"margin": "wide"}, "margin must be a fraction of the range, 0 or more; got 'wide'"),
        ({"grid_resolution": 1}, "grid_resolution must be a whole number of at least 2; got 1"),
        ({"grid_resolution": 9.5}, r"grid_resolution must be a whole number of at least 2; got 9\.5"),
        ({"held_at": "mean"}, "held_at must be \"median\" or a sample, a value for each of 4 features; got 'mean'"),
        ({"held_at": [1.0, 2]}, r'held_at must be "median" or a sample, .* 4 features; got \[1\.0, 2\]'),
        ({"held_at": [1.0, 2, 3, 4]}, r"held_at says where a slice is: pass the two features= that it goes through"),
        ({"features": 2}, "A field needs two features to spread over, and here is one: see SigmoidCurveDisplay"),
        ({"features": ["x1", "y"]}, "features: 'y' is no column of X"),
        ({"class_of_interest": 7}, r"pass class_of_interest, one of \[0, 1, 2\]; got 7"),
        ({"X_held_out": [[0.0] * 4]}, "X_held_out and y_held_out belong together"),
    ],
)
def test_bad_options(irises, options, message):
    with pytest.raises(ValueError, match=message):
        DecisionFieldDisplay.from_estimator(irises[2], *irises[:2], **options)


def test_one_feature_has_no_field(plants):
    X = plants.data[:, :1]
    neuron = SigmoidNeuronClassifier().fit(X, plants.target)
    with pytest.raises(ValueError, match="A field needs two features"):
        DecisionFieldDisplay.from_estimator(neuron, X, plants.target)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"belief": np.zeros((3, 4))}, "belief must have a row for each of 4 yy and a column for each of 3 xx"),
        ({"belief": np.zeros(4)}, "belief must have a row"),
        ({"xx": [0.0, 1, 3]}, r"xx must rise in even steps, as those of numpy\.linspace"),
        ({"yy": [3.0, 2, 1, 0]}, "yy must rise in even steps"),
    ],
)
def test_a_grid_that_does_not_fit(change, message):
    data = {"xx": [0.0, 1, 2], "yy": [0.0, 1, 2, 3], "belief": np.zeros((4, 3))} | change
    with pytest.raises(ValueError, match=message):
        DecisionFieldDisplay(**data, feature_names=UNITS, class_names=["a", "b"]).plot()


# Pixels -------------------------------------------------------------------------------------------------------


def test_the_field_is_yellow_where_it_is_sure_of_class_0_and_purple_where_of_class_1(plants, learned):
    """But for what lies under a sample, a contour or a label, which is little."""
    limits = {}

    def draw(ax):
        display = DecisionFieldDisplay.from_estimator(learned, plants.data, plants.target, ax=ax)
        limits.update(x=ax.get_xlim(), y=ax.get_ylim(), colors=display.surface_.get_cmap()([0, 0.5, 1])[:, :3])
        ax.figure.axes[1].remove()  # the colour bar took room
        ax.set_position((0.2, 0.2, 0.7, 0.6))

    seen = pixels(draw)[..., :3].astype(float)
    height, width = seen.shape[:2]
    x = limits["x"][0] + np.ptp(limits["x"]) * (np.arange(width) + 0.5) / width
    y = limits["y"][1] - np.ptp(limits["y"]) * (np.arange(height) + 0.5) / height
    places = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)
    belief = learned.predict_proba(places)[:, 1].reshape(height, width)
    red, green, blue = np.moveaxis(seen, -1, 0)
    assert ((red > green) & (green > blue))[belief < 0.4].mean() > 0.75
    assert ((blue > red) & (red > green))[belief > 0.6].mean() > 0.75
    np.testing.assert_allclose(limits["colors"][1], 1, atol=0.01)  # doubt is white
