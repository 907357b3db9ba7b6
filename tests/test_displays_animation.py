"""The moving picture shows the walk that was walked, and nothing else."""

import io
import re
from types import SimpleNamespace

import matplotlib.pyplot as plt
import numpy as np
import pytest
import scipy.sparse as sp
from conftest import at, held_but, letters, told, without_warnings
from matplotlib.backends.backend_agg import FigureCanvasAgg
from PIL import Image
from scipy.special import expit
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from sklearn_neuron import SigmoidNeuronClassifier
from sklearn_neuron.displays import animate_descent

NAMES = {"feature_names": ["leaf length", "leaf width"], "class_names": ["non-toxic", "toxic"]}


def seen_on(figure):
    """What the four panels hold at this moment."""
    decides, sure, wrong, walks = figure.axes[:4]
    (field,), (boundary,), collections = decides.images, decides.lines, decides.collections
    left, right, low, high = field.get_extent()
    belief = np.array(field.get_array())
    return SimpleNamespace(
        figure=figure,
        belief=belief,
        x=np.linspace(left, right, belief.shape[1]),
        y=np.linspace(low, high, belief.shape[0]),
        boundary=boundary.get_xydata().T.copy(),
        samples=[at(points).copy() for points in collections[:2]],
        rings=[at(points).copy() for points in collections[2:]],
        rides=[at(points).copy() for points in sure.collections],
        loss=wrong.lines[0].get_ydata().copy(),
        past=wrong.lines[1].get_xydata().copy(),
        now=wrong.lines[2].get_xydata().tolist(),
        path=walks.lines[0].get_xydata().copy(),
        star=walks.lines[-1].get_xydata().tolist(),
    )


@pytest.fixture
def filmed(monkeypatch):
    """Make a film, and note what its panels hold whenever the pixels of a frame are taken."""

    def film(*arguments, **options):
        frames, taken = [], FigureCanvasAgg.buffer_rgba
        with monkeypatch.context() as patch:
            patch.setattr(
                FigureCanvasAgg, "buffer_rgba", lambda canvas: frames.append(seen_on(canvas.figure)) or taken(canvas)
            )
            made = animate_descent(*arguments, dpi=20, **options)
        assert len(frames) == len(made.frames) == len(made.captions)
        for frame, caption in zip(frames, made.captions, strict=True):
            frame.step = int(re.match(r"step ([\d,]+)", caption)[1].replace(",", ""))
        return made, frames

    return film


def places(frame):
    return np.stack(np.meshgrid(frame.x, frame.y), axis=-1).reshape(-1, 2)


def test_a_frame_a_step_with_caption(plants, learned):
    film = animate_descent(learned, plants.data, plants.target, **NAMES)
    assert len(film.frames) == learned.n_iter_[0] + 1
    assert film.captions == tuple(f"step {step}: J = {loss:.4f}" for step, loss in enumerate(learned.loss_curve_))
    assert film.title == "The neuron learns what is toxic"
    for frame in film.frames:
        assert Image.open(io.BytesIO(frame)).size == film.size == (864, 648)
    assert len(set(film.frames)) == len(film.frames)
    assert not plt.get_fignums()


def test_the_same_frames_every_time(plants, learned):
    options = {"max_frames": 3, "figsize": (4, 3), "dpi": 60}
    one, other = (animate_descent(learned, plants.data, plants.target, **options) for _ in range(2))
    assert one == other


@pytest.mark.parametrize("most", [2, 12])
def test_a_long_walk_is_shown_ever_more_rarely(plants, slow, filmed, most):
    _, frames = filmed(slow, plants.data, plants.target, max_frames=most)
    steps = [frame.step for frame in frames]
    assert len(steps) <= most
    assert (steps[0], steps[-1]) == (0, slow.n_iter_[0])
    assert (np.diff(steps) > 0).all()
    assert np.diff(steps)[-1] == np.diff(steps).max()


def test_every_frame_is_a_step_of_the_walk(plants, slow, filmed):
    X, y, weights = plants.data, plants.target, slow.history_.weights
    for frame in filmed(slow, X, y, max_frames=12, **NAMES)[1]:
        *w, b = weights[frame.step]
        np.testing.assert_allclose(frame.belief.ravel(), expit(places(frame) @ w + b), rtol=1e-12)
        if frame.step == 0:
            assert frame.boundary.size == 0  # nothing is weighed yet, and there is no line
        else:
            np.testing.assert_allclose(w @ frame.boundary + b, 0, atol=1e-12)
        for truth in (0, 1):
            np.testing.assert_array_equal(frame.samples[truth], X[y == truth])
            z, a = frame.rides[truth].T
            np.testing.assert_allclose(a, expit(z), rtol=1e-12)
            np.testing.assert_allclose(a, expit(X[y == truth] @ w + b), atol=1e-3)  # far scores stand at the edge
        np.testing.assert_array_equal(frame.loss, slow.loss_curve_)
        steps = np.arange(frame.step + 1)
        np.testing.assert_array_equal(frame.past, np.column_stack([steps, slow.loss_curve_[steps]]))
        assert frame.now == [[frame.step, slow.loss_curve_[frame.step]]]
        np.testing.assert_array_equal(frame.path, weights[: frame.step + 1, :2])
        assert frame.star == [list(w)]


@pytest.mark.parametrize("wrap", ["pipeline", "search", "sparse", "float32"])
def test_neurons_inside_others_and_other_forms_of_x(plants, wrap, filmed):
    """X is read-only, so nothing is written on it."""
    neuron, X, y = SigmoidNeuronClassifier(record="path"), plants.data.copy(), plants.target
    if wrap in ("pipeline", "search"):
        neuron = make_pipeline(StandardScaler(), neuron)
    if wrap == "search":
        neuron = GridSearchCV(neuron, {"sigmoidneuronclassifier__C": [0.1, 1]}, cv=2)
    X.flags.writeable = False
    if wrap == "sparse":
        X = sp.csr_array(plants.data)
        X.data.flags.writeable = False
    elif wrap == "float32":
        X = X.astype(np.float32)
    last = filmed(neuron.fit(X, y), X, y, max_frames=2)[1][-1]
    believed = neuron.predict_proba(X)[:, 1]
    for truth in (0, 1):
        np.testing.assert_allclose(last.rides[truth][:, 1], believed[y == truth], atol=1e-3)


def test_one_of_many_neurons(irises, filmed):
    X, y, neurons = irises
    names = ["setosa", "versicolor", "virginica"]
    film, frames = filmed(neurons, X, y, class_of_interest=1, class_names=names)
    assert film.title == "The neuron learns what is versicolor"
    walked = neurons.loss_curve_[: neurons.n_iter_[1] + 1, 1]  # another one walked on
    assert len(walked) < len(neurons.loss_curve_)
    np.testing.assert_array_equal(frames[0].loss, walked)
    assert frames[-1].figure.axes[1].get_ylabel() == "its own belief in versicolor"
    with pytest.raises(ValueError, match=r"pass class_of_interest, one of \[0, 1, 2\]"):
        animate_descent(neurons, X, y)


def test_the_two_weights_of_the_landscape_are_those_of_the_neuron_and_not_of_another(rng, filmed):
    X = rng.normal(size=(300, 5))
    y = (X[:, :4] @ [[3, 0, 0], [0, 3, 0], [0, 0, 4], [0, 0, 4]]).argmax(axis=1)
    neurons = SigmoidNeuronClassifier(record="path").fit(X, y)
    influence = np.abs(neurons.coef_) * X.std(axis=0)
    mine, of_all = (np.sort(np.argsort(-one)[:2]).tolist() for one in (influence[0], influence.max(axis=0)))
    assert mine != of_all
    _, frames = filmed(neurons, X, y, class_of_interest=0, max_frames=2)
    walks = frames[-1].figure.axes[3]
    assert [walks.get_xlabel(), walks.get_ylabel()] == [f"weight of x{j + 1}" for j in mine]


def test_of_many_features_every_sample_stands_on_its_side_in_every_frame(cancer, irises, filmed):
    X, y, neuron = cancer
    options = {"solver": "gd", "learning_rate": 1e-6, "max_iter": 300, "record": "path"}
    crawling = without_warnings(SigmoidNeuronClassifier(**options).fit, X, y)
    for walker, data, truth, k in (
        (neuron, X, y == 1, {}),
        (crawling, X, y == 1, {}),
        (neuron, sp.csr_array(X), y == 1, {}),
        (irises[2], irises[0], irises[1] == 1, {"class_of_interest": 1}),
    ):
        _, frames = filmed(walker, data, y if len(truth) == len(y) else irises[1], max_frames=8, **k)
        assert frames[0].figure.axes[0].get_title(loc="left") == "Where it decides"
        kept = walker.history_.weights.reshape(len(walker.history_), -1, len(walker.coef_))
        for frame in frames:
            theta = kept[frame.step, :, 1 if k else 0]
            z = np.concatenate([(data @ theta[:-1] + theta[-1])[truth == kind] for kind in (False, True)])
            x = np.concatenate(frame.samples)[:, 0]
            if frame.step == 0:  # it weighs nothing, and hesitates everywhere
                np.testing.assert_allclose(frame.belief, 0.5)
                assert frame.boundary.size == 0
                np.testing.assert_array_equal(x, 0)  # no side is theirs yet
            else:
                np.testing.assert_array_equal(x > 0, z > 0)
                np.testing.assert_array_equal(frame.boundary[0], 0)
                inside = np.abs(x) < 0.97 * frame.x[-1]  # others stand at the edge
                length = (z[inside] @ x[inside]) / (x[inside] @ x[inside])  # z is the distance times |w|
                np.testing.assert_allclose(z[inside], length * x[inside], rtol=1e-6, atol=1e-9 * np.abs(z).max())
                np.testing.assert_allclose(frame.belief, np.tile(expit(length * frame.x), (len(frame.y), 1)), rtol=1e-6)


def test_a_slice_says_so_and_rings_what_it_shows_otherwise_than_predicted(cancer, filmed):
    X, y, neuron = cancer
    _, frames = filmed(neuron, X, y, features=[7, 3])
    held = held_but(X, [7, 3], X[:, [7, 3]])
    for frame in frames:
        theta = neuron.history_.weights[frame.step]
        shown, said = (table @ theta[:-1] + theta[-1] > 0 for table in (held, X))
        (rings,) = frame.rings
        assert sorted(rings.tolist()) == sorted(X[shown != said][:, [7, 3]].tolist())
        everywhere = held_but(X, [7, 3], places(frame))
        np.testing.assert_allclose(frame.belief.ravel(), expit(everywhere @ theta[:-1] + theta[-1]), rtol=1e-9)
    decides = frames[-1].figure.axes[0]
    assert told(decides.get_legend().get_texts())[2:] == ["predicted otherwise", "others at their median"]
    assert decides.get_title(loc="left") == "Where it decides: a slice"


def test_a_weighted_fit_is_filmed_over_its_own_j(plants, filmed):
    X, y = plants.data, plants.target
    weight = np.where(y == 1, 5.0, 1.0)
    neuron = SigmoidNeuronClassifier(record="path").fit(X, y, weight)
    film, frames = filmed(neuron, X, y, sample_weight=weight)
    np.testing.assert_array_equal(frames[-1].loss, neuron.loss_curve_)
    assert frames[-1].figure.axes[3].get_legend() is None
    assert film.captions[-1].endswith(f"J = {neuron.loss_curve_[-1]:.4f}")
    _, others = filmed(neuron, X, y)  # of other examples it is said
    J = neuron.objective(X, y)
    expected = [J.at(theta[:, None]).loss[0] for theta in neuron.history_.weights]
    np.testing.assert_allclose(others[-1].loss, expected, rtol=1e-9)
    remarks = told(others[-1].figure.axes[3].get_legend().get_texts())
    assert remarks == [f"J of these examples; the fit recorded {neuron.loss_curve_[-1]:.4g}"]


def test_an_example_of_weight_0_is_not_in_the_film(cancer):
    X, y, _ = cancer
    weight = np.where(np.arange(569) % 3 == 0, 0.0, 2.0)
    counts = weight > 0
    neuron = SigmoidNeuronClassifier(record="path").fit(X, y, weight)
    film = animate_descent(neuron, X, y, sample_weight=weight, max_frames=3, dpi=40)
    alone = animate_descent(neuron, X[counts], y[counts], sample_weight=weight[counts], max_frames=3, dpi=40)
    assert film == alone


def test_steps_on_a_sample_are_said_to_be(staged):
    X, y, neuron = staged
    film = animate_descent(neuron, X, y, class_of_interest=1, dpi=20)
    sampled = int(np.argmax(neuron.history_.on_all))
    assert [" on a sample: J" in caption for caption in film.captions[: sampled + 1]] == [True] * sampled + [False]
    weights = neuron.history_.weights[:, :, 1]
    for caption, (*w, b) in zip(film.captions, weights, strict=False):
        z = X @ w + b
        J = np.logaddexp(0, np.where(y == 1, -z, z)).mean() + np.dot(w, w) / (2 * len(X))
        assert caption.endswith(f"J = {J:.4f}")  # of all examples


def test_names_are_drawn_as_they_are(plants, learned, filmed):
    names = {"feature_names": ["total_$_in_$", "$a$"], "class_names": ["$b$", "_p"]}
    film, frames = filmed(learned, plants.data, plants.target, max_frames=2, **names)
    assert film.title == "The neuron learns what is _p"
    decides, sure, _, walks = frames[-1].figure.axes[:4]
    assert [letters(decides.get_xlabel()), letters(decides.get_ylabel())] == names["feature_names"]
    assert letters(sure.get_ylabel()) == "P(_p | x)"
    assert [letters(walks.get_xlabel()), letters(walks.get_ylabel())] == ["weight of total_$_in_$", "weight of $a$"]
    assert [letters(name) for name in told(decides.get_legend().get_texts())] == ["$b$", "_p"]


def test_of_many_examples_some_are_drawn_of_both_classes(filmed):
    """Classes in turns, of which a stride would see one alone."""
    rng = np.random.default_rng(0)
    y = np.arange(10_000) % 2
    X = rng.normal(size=(10_000, 2)) + y[:, None]
    neuron = SigmoidNeuronClassifier(record="path").fit(X, y)
    _, frames = filmed(neuron, X, y, max_frames=2)
    drawn = [len(points) for points in frames[-1].samples]
    assert drawn[0] == drawn[1] < 1000


def test_what_is_missing_is_said(plants, learned):
    X, y = plants.data, plants.target
    with pytest.raises(ValueError, match="fit with record='path'"):
        animate_descent(SigmoidNeuronClassifier().fit(X, y), X, y)
    one = SigmoidNeuronClassifier(record="path").fit(X[:, :1], y)
    with pytest.raises(ValueError, match="A plane needs two features; the neuron sees 1"):
        animate_descent(one, X[:, :1], y)
    for wrong in (1, 2.5, "all"):
        with pytest.raises(ValueError, match=rf"max_frames must be an int of at least 2.*got {wrong!r}"):
            animate_descent(learned, X, y, max_frames=wrong)
