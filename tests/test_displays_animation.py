"""The moving picture shows the walk that was walked, and nothing else."""

import io

import matplotlib.pyplot as plt
import numpy as np
import pytest
import scipy.sparse as sp
from conftest import without_warnings
from PIL import Image
from sklearn.datasets import load_breast_cancer, load_digits, load_iris
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from sklearn_neuron import SigmoidNeuronClassifier
from sklearn_neuron.datasets import make_toxic_plants
from sklearn_neuron.displays import LossLandscapeDisplay, animate_descent, animation
from sklearn_neuron.displays.animation import BoundaryPanel, LandscapePanel, LossPanel, SigmoidPanel
from sklearn_neuron.displays.palette import ever_rarer
from sklearn_neuron.solvers.history import History

PLANTS = make_toxic_plants(random_state=0)
X, Y = PLANTS.data, PLANTS.target
NAMES = {"feature_names": PLANTS.feature_names, "class_names": PLANTS.target_names}


@pytest.fixture(scope="module")
def slow():
    """A long walk by the rule of the guide."""
    return SigmoidNeuronClassifier(solver="gd", learning_rate=0.1, tol=0.1, record="path").fit(X, Y)


@pytest.fixture(scope="module")
def quick():
    return SigmoidNeuronClassifier(record="path").fit(X, Y)


@pytest.fixture
def filmed(monkeypatch):
    """Make a film without drawing it, and keep the panels and the walk."""
    kept = {}

    def without_drawing(figure, panels, captions, title):
        kept.update(panels=panels, walk=panel({"panels": panels}, LossPanel).walk, captions=captions, title=title)
        return kept

    def film(*arguments, **options):
        with monkeypatch.context() as patch:
            patch.setattr(animation, "_film", without_drawing)
            return animate_descent(*arguments, **options)

    return film


def panel(film, kind):
    return next(one for one in film["panels"] if isinstance(one, kind))


def test_a_frame_a_step_with_caption(quick):
    film = animate_descent(quick, X, Y, **NAMES)
    assert len(film.frames) == quick.n_iter_[0] + 1
    assert film.captions[0] == "step 0: J = 0.6931"
    assert film.captions[-1] == f"step {quick.n_iter_[0]}: J = {quick.loss_curve_[-1]:.4f}"
    assert film.title == "The neuron learns what is toxic"
    for frame in film.frames:
        assert Image.open(io.BytesIO(frame)).size == film.size == (864, 648)
    assert len(set(film.frames)) == len(film.frames)
    assert not plt.get_fignums()


def test_the_same_frames_every_time(quick):
    one, other = (animate_descent(quick, X, Y, max_frames=3, figsize=(4, 3), dpi=60) for _ in range(2))
    assert one == other


@pytest.mark.parametrize(("rows", "most"), [(1, 40), (6, 40), (40, 40), (41, 40), (10_001, 40), (50, 2)])
def test_a_long_walk_is_shown_ever_more_rarely(rows, most):
    shown = ever_rarer(rows, most)
    assert len(shown) <= most
    assert (shown[0], shown[-1]) == (0, rows - 1)
    assert (np.diff(shown) > 0).all()
    if rows > most > 2:
        assert np.diff(shown)[-1] >= np.diff(shown)[0]


def test_the_boundary_is_where_the_score_is_zero(slow, filmed):
    film = filmed(slow, X, Y, **NAMES)
    boundary, weights = panel(film, BoundaryPanel), slow.history_.weights
    for frame, step in enumerate(film["walk"].steps):
        boundary.show(frame)
        line = np.array(boundary.boundary.get_data())
        if step == 0:
            assert line.size == 0  # nothing is weighed yet, and there is no line
        else:
            np.testing.assert_allclose(weights[step, :2] @ line + weights[step, 2], 0, atol=1e-12)


def test_the_field_is_the_belief_at_the_step(quick, filmed):
    boundary = panel(filmed(quick, X, Y, **NAMES), BoundaryPanel)
    boundary.show(quick.n_iter_[0])
    places = boundary.view.grid.reshape(-1, 2)
    shown = np.asarray(boundary.field.get_array()).ravel()
    np.testing.assert_allclose(shown, quick.predict_proba(places)[:, 1], rtol=1e-12)


def test_every_example_rides_on_the_sigmoid(quick, filmed):
    curve = panel(filmed(quick, X, Y, **NAMES), SigmoidPanel)
    curve.show(quick.n_iter_[0])
    for truth, points in enumerate(curve.points):
        z, a = np.asarray(points.get_offsets()).T
        expected = np.clip(quick.decision_function(X[truth == Y]), -curve.widest, curve.widest)
        np.testing.assert_allclose(z, expected, rtol=1e-12)
        np.testing.assert_allclose(a, 1 / (1 + np.exp(-z)), rtol=1e-12)


@pytest.mark.parametrize("name", ["plants", "slow", "cancer"])
def test_every_example_stands_at_its_belief(name, quick, slow, filmed):
    neuron, data, truth = slow if name == "slow" else quick, X, Y
    if name == "cancer":
        data, truth = load_breast_cancer(return_X_y=True)
        neuron = SigmoidNeuronClassifier(record="path").fit(data, truth)
    film = filmed(neuron, data, truth)
    curve, walk = panel(film, SigmoidPanel), film["walk"]
    curve.show(len(walk.steps) - 1)
    for kind, points in enumerate(curve.points):
        belief = neuron.predict_proba(data[walk.examples][walk.truths == kind])[:, 1]
        np.testing.assert_allclose(points.get_offsets()[:, 1], belief, rtol=0, atol=1e-3)  # e^-SUREST is a third of it


def test_the_loss_goes_down_to_the_step(slow, filmed):
    film = filmed(slow, X, Y, **NAMES)
    loss = panel(film, LossPanel)
    loss.show(5)
    step = film["walk"].steps[5]
    np.testing.assert_array_equal(loss.past.get_ydata(), slow.loss_curve_[: step + 1])
    assert loss.now.get_xydata().tolist() == [[step, slow.loss_curve_[step]]]


@pytest.mark.parametrize("wrap", ["pipeline", "search", "sparse", "float32"])
def test_neurons_inside_others_and_other_forms_of_x(wrap, filmed):
    neuron, data = SigmoidNeuronClassifier(record="path"), X
    if wrap in ("pipeline", "search"):
        neuron = make_pipeline(StandardScaler(), neuron)
    if wrap == "search":
        neuron = GridSearchCV(neuron, {"sigmoidneuronclassifier__C": [0.1, 1]})
    if wrap == "sparse":
        data = sp.csr_array(X)
    elif wrap == "float32":
        data = X.astype(np.float32)
    before = data.copy()
    film = filmed(neuron.fit(data, Y), data, Y)
    for one in film["panels"]:
        one.show(2)
    assert abs(data - before).max() == 0


def test_one_of_many_neurons(filmed):
    iris = load_iris()
    neurons = SigmoidNeuronClassifier(record="path").fit(iris.data, iris.target)
    film = filmed(neurons, iris.data, iris.target, class_of_interest=1, class_names=iris.target_names)
    assert film["title"] == "The neuron learns what is versicolor"
    walked = neurons.loss_curve_[: neurons.n_iter_[1] + 1, 1]  # another one walked on
    assert len(walked) < len(neurons.loss_curve_)
    np.testing.assert_array_equal(panel(film, LossPanel).loss, walked)
    with pytest.raises(ValueError, match=r"pass class_of_interest, one of \[0, 1, 2\]"):
        animate_descent(neurons, iris.data, iris.target)


def test_the_two_weights_are_those_of_the_neuron_and_not_of_another(filmed):
    data, truth = load_digits(return_X_y=True)
    neurons = without_warnings(SigmoidNeuronClassifier(record="path").fit, data, truth)
    own = LossLandscapeDisplay.from_estimator(neurons, data, truth, class_of_interest=8)
    film = filmed(neurons, data, truth, class_of_interest=8)
    assert panel(film, LandscapePanel).landscape.names == own.landscapes[0].names


def test_many_features_are_held_at_their_median(filmed):
    cancer = load_breast_cancer()
    neuron = SigmoidNeuronClassifier(record="path").fit(cancer.data, cancer.target)
    film = filmed(neuron, cancer.data, cancer.target, features=[3, 0], feature_names=cancer.feature_names)
    boundary, walk = panel(film, BoundaryPanel), film["walk"]
    boundary.show(len(walk.steps) - 1)
    places = np.tile(np.median(cancer.data, axis=0), (boundary.view.grid[..., 0].size, 1))
    places[:, [3, 0]] = boundary.view.grid.reshape(-1, 2)
    shown = np.asarray(boundary.field.get_array()).ravel()
    np.testing.assert_allclose(shown, neuron.predict_proba(places)[:, 1], rtol=1e-9)


def test_of_many_features_every_sample_stands_on_its_side_in_every_frame(filmed):
    cancer, iris = load_breast_cancer(return_X_y=True), load_iris(return_X_y=True)
    slow = {"solver": "gd", "learning_rate": 1e-6, "max_iter": 300}
    for (data, truth), options, settings in (
        (cancer, {}, {}),
        (cancer, {}, slow),
        ((sp.csr_array(cancer[0]), cancer[1]), {}, {}),
        (iris, {"class_of_interest": 1}, {}),
    ):
        neuron = without_warnings(SigmoidNeuronClassifier(record="path", **settings).fit, data, truth)
        film = filmed(neuron, data, truth, **options)
        boundary, walk = panel(film, BoundaryPanel), film["walk"]
        assert boundary.view.title == "Where it decides"
        for frame in range(len(walk.steps)):
            boundary.show(frame)
            x, _ = np.concatenate([points.get_offsets() for points in boundary.points]).T
            z = np.concatenate([walk.scores[walk.truths == truth, frame] for truth in (False, True)])
            columns = np.abs(x[:, None] - boundary.view.grid[0, :, 0]).argmin(axis=1)
            believed = np.asarray(boundary.field.get_array())[0, columns]
            if frame == 0:  # it weighs nothing, and hesitates everywhere
                np.testing.assert_allclose(believed, 0.5)
                assert not boundary.boundary.get_xdata()
                np.testing.assert_array_equal(x, 0)  # no side is theirs yet
            else:
                np.testing.assert_array_equal(x > 0, z > 0)
                off = np.ptp(boundary.view.grid[0, :2, 0]) * boundary.view.length[frame]
                inside = np.abs(x) < 0.97 * boundary.view.x[1]
                np.testing.assert_array_less(np.abs(np.log(1 / believed[inside] - 1) + z[inside]), 0.51 * off + 1e-9)


def test_a_slice_says_so_and_rings_what_it_shows_otherwise_than_predicted(filmed):
    cancer = load_breast_cancer()
    neuron = SigmoidNeuronClassifier(record="path").fit(cancer.data, cancer.target)
    boundary = panel(filmed(neuron, cancer.data, cancer.target, features=[7, 3]), BoundaryPanel)
    (ring,) = boundary.rings
    for frame, theta in enumerate(neuron.history_.weights):
        boundary.show(frame)
        held = np.tile(np.median(cancer.data, axis=0), (569, 1))
        held[:, [7, 3]] = cancer.data[:, [7, 3]]
        shown, said = (table @ theta[:-1] + theta[-1] > 0 for table in (held, cancer.data))
        assert len(ring.get_offsets()) == (shown != said).sum()
    texts = [text.get_text() for text in boundary.boundary.axes.get_legend().get_texts()]
    assert texts[2:] == ["predicted otherwise", "others at their median"]
    assert boundary.boundary.axes.get_title(loc="left") == "Where it decides: a slice"


def test_a_weighted_fit_is_filmed_over_its_own_j(filmed):
    weight = np.where(Y == 1, 5.0, 1.0)
    neuron = SigmoidNeuronClassifier(record="path").fit(X, Y, weight)
    film = filmed(neuron, X, Y, sample_weight=weight)
    np.testing.assert_array_equal(panel(film, LossPanel).loss, neuron.loss_curve_)
    landscape = panel(film, LandscapePanel).landscape
    assert landscape.remarks == ()
    np.testing.assert_allclose(landscape.ground[[0, -1]], neuron.loss_curve_[[0, -1]], rtol=1e-9)
    assert film["captions"][-1].endswith(f"J = {neuron.loss_curve_[-1]:.4f}")
    other = filmed(neuron, X, Y)  # of other examples it is said
    J = neuron.objective(X, Y)
    expected = [J.at(theta[:, None]).loss[0] for theta in neuron.history_.weights]
    np.testing.assert_allclose(panel(other, LossPanel).loss, expected, rtol=1e-9)
    texts = [text.get_text() for text in panel(other, LandscapePanel).now.axes.get_legend().get_texts()]
    assert texts == [f"J of these examples; the fit recorded {neuron.loss_curve_[-1]:.4g}"]


def test_an_example_of_weight_0_is_not_in_the_film(filmed):
    cancer = load_breast_cancer(return_X_y=True)
    weight = np.where(np.arange(569) % 3 == 0, 0.0, 2.0)
    counts = weight > 0
    neuron = SigmoidNeuronClassifier(record="path").fit(*cancer, weight)
    film = filmed(neuron, *cancer, sample_weight=weight)
    alone = filmed(neuron, *(part[counts] for part in cancer), sample_weight=weight[counts])
    assert len(film["walk"].truths) == counts.sum()
    np.testing.assert_array_equal(film["walk"].scores, alone["walk"].scores)
    np.testing.assert_array_equal(panel(film, BoundaryPanel).view.across, panel(alone, BoundaryPanel).view.across)


def test_steps_on_a_sample_are_said_to_be(quick, filmed, monkeypatch):
    recorded = quick.history_.loss
    sample = np.arange(len(recorded)) < 2
    monkeypatch.setattr(History, "on_all", ~sample, raising=False)
    monkeypatch.setattr(History, "loss", np.where(sample, 9.0, recorded))
    film = filmed(quick, X, Y)
    np.testing.assert_allclose(panel(film, LossPanel).loss, recorded, rtol=1e-12)  # of all examples
    assert film["captions"][0] == "step 0 on a sample: J = 0.6931"
    assert film["captions"][2].startswith("step 2: J = ")


def test_one_neuron_of_many_speaks_for_itself(filmed):
    iris = load_iris()
    neurons = SigmoidNeuronClassifier(record="path").fit(iris.data, iris.target)
    film = filmed(neurons, iris.data, iris.target, class_of_interest=1, class_names=iris.target_names)
    assert panel(film, SigmoidPanel).points[0].axes.get_ylabel() == "its own belief in versicolor"


def test_names_are_drawn_as_they_are(quick):
    film = animate_descent(quick, X, Y, feature_names=["total_$_in_$", "$a$"], class_names=["$b$", "_p"], max_frames=2)
    assert film.title == "The neuron learns what is _p"


def test_examples_in_turns_are_drawn_of_both_classes(filmed):
    rng = np.random.default_rng(0)
    truth = np.arange(6000) % 2
    data = rng.normal(size=(6000, 2)) + truth[:, None]
    neuron = SigmoidNeuronClassifier(record="path").fit(data, truth)
    assert filmed(neuron, data, truth)["walk"].truths.mean() == pytest.approx(0.5, abs=0.01)


def test_many_examples_are_thinned(filmed):
    many = make_toxic_plants(100_000, random_state=1)
    neuron = SigmoidNeuronClassifier(record="path").fit(many.data, many.target)
    film = filmed(neuron, many.data, many.target)
    assert len(film["walk"].truths) == animation.POINTS


def test_what_is_missing_is_said(quick):
    blind = SigmoidNeuronClassifier().fit(X, Y)
    with pytest.raises(ValueError, match="fit with record='path'"):
        animate_descent(blind, X, Y)
    one = SigmoidNeuronClassifier(record="path").fit(X[:, :1], Y)
    with pytest.raises(ValueError, match="A plane needs two features; the neuron sees 1"):
        animate_descent(one, X[:, :1], Y)
    with pytest.raises(ValueError, match=r"max_frames must be at least 2.*got 1"):
        animate_descent(quick, X, Y, max_frames=1)
