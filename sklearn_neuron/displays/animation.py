"""The whole descent in one moving picture: boundary, sigmoid, loss and landscape, a frame a step.

The walk is not walked again: every frame is drawn from the weights that ``history_`` kept. A long walk is shown at
steps ever further apart, 1, 2, 4, 8..., for the neuron learns most at first.

Of two features the boundary turns among the samples. Of more, the samples turn about the boundary: each stands by its
distance from the boundary of the frame, and so always on the side where the neuron puts it (see
:mod:`~sklearn_neuron.displays.sides`).
"""

from typing import NamedTuple

import numpy as np

from sklearn_neuron._sklearn import check_matplotlib_support
from sklearn_neuron.displays import palette
from sklearn_neuron.displays.film import Film, as_png
from sklearn_neuron.displays.landscape import LONGEST_CLASS, LONGEST_NAME, MARKED, LossLandscapeDisplay, counted
from sklearn_neuron.displays.names import plain, shortened
from sklearn_neuron.displays.plane import Plane, boundary_line
from sklearn_neuron.displays.sides import UNIT, Spreads
from sklearn_neuron.displays.sigmoid_curve import answers_of
from sklearn_neuron.inspection.subject import subject_of
from sklearn_neuron.neuron import linear_score, sigmoid

MARGIN = 0.08  # of the range, around the data
POINTS = 600  # samples drawn at most
FIELD = 120  # beliefs along each side of the field
SUREST = 8.0  # the largest score that has a place of its own: nobody sees a belief of 0.9997 from one of 1
FEW_STEPS = 50  # up to which steps stand at even distances


class Walk(NamedTuple):
    """One neuron's walk, at the steps that are shown, and some of the examples that it learned from."""

    rows: np.ndarray  # (F,) where they stand among the weights that were kept
    steps: np.ndarray  # (F,) their numbers
    weights: np.ndarray  # (p, F)
    bias: np.ndarray  # (F,)
    scores: np.ndarray  # (n, F) linear scores of the examples, at the steps shown
    truths: np.ndarray  # (n,) booleans
    examples: np.ndarray  # (n,) their numbers


class Turning:
    """A plane of two features: the samples stay, and the boundary turns."""

    def __init__(self, plane, walk):
        self.points, self.names = (
            plane.points[walk.examples],
            [plain(shortened(name, LONGEST_NAME)) for name in plane.names],
        )
        self.x, self.y = _padded(plane.points[:, 0]), _padded(plane.points[:, 1])
        self.grid = _grid(self.x, self.y)
        self.weights, self.bias = plane.seen_by(walk.weights, walk.bias)
        self.scores, self.is_slice = walk.scores, plane.is_slice
        self.title = "Where it decides: a slice" if plane.is_slice else "Where it decides"
        self.remarks = ["others at their median"] if plane.is_slice else []

    def belief(self, frame):
        """What is believed on the grid."""
        return sigmoid(linear_score(self.grid, self.weights[:, frame], self.bias[frame]))

    def boundary(self, frame):
        """Two points of the line where the neuron hesitates."""
        return boundary_line(self.weights[:, frame], self.bias[frame], self.x, self.y)

    def places(self, frame):
        """Where the samples stand."""
        return self.points

    def otherwise(self, frame):
        """Samples of which the neuron, who sees all features, says otherwise than the slice shows."""
        shown = linear_score(self.points, self.weights[:, frame], self.bias[frame])
        return (shown > 0) != (self.scores[:, frame] > 0)


class Steady:
    """The plane along the weights of every frame, and across those at the end: the boundary stays, the samples turn.

    Where nothing is weighed yet there is no boundary, and all of them stand in the middle.
    """

    title, is_slice, remarks = "Where it decides", False, ()

    def __init__(self, seen, walk):
        spreads = Spreads.of(seen)
        self.length, self.bias = spreads.length(walk.weights), walk.bias
        end = (spreads.spread * walk.weights[:, -1])[:, None]
        taken = end / np.linalg.norm(end) if self.length[-1] > 0 else end[:, :0]
        self.across = spreads.stand(seen, spreads.across(seen, taken))[walk.examples]
        self.scores = walk.scores
        far = 1.5 * np.abs(self._distances(len(self.length) - 1)).max() or 1.0
        self.x, self.y = (-far, far), _padded(self.across)
        self.grid = _grid(self.x, self.y)
        self.names = [f"from the boundary, {UNIT}", f"across w, {UNIT}"]

    def _distances(self, frame):
        return self.scores[:, frame] / self.length[frame] if self.length[frame] > 0 else np.zeros(len(self.scores))

    def belief(self, frame):
        """What is believed on the grid."""
        bias = 0.0 if self.length[frame] > 0 else self.bias[frame]
        return sigmoid(self.length[frame] * self.grid[..., 0] + bias)

    def boundary(self, frame):
        """Two points of the line where the neuron hesitates; none where it weighs nothing."""
        return ([0, 0], self.y) if self.length[frame] > 0 else ([], [])

    def places(self, frame):
        """Where the samples stand; those far away at the edge of their side."""
        edge = 0.98 * self.x[1]
        return np.column_stack([np.clip(self._distances(frame), -edge, edge), self.across])


class BoundaryPanel:
    """The belief over a plane, with the examples."""

    def __init__(self, ax, walk, view, class_names):
        self.view, self.truths = view, walk.truths
        belief = np.full((FIELD, FIELD), 0.5)
        box = {"extent": (*view.x, *view.y), "origin": "lower", "aspect": "auto", "interpolation": "bilinear"}
        self.field = ax.imshow(belief, cmap=palette.belief_colormap(), vmin=0, vmax=1, alpha=0.7, **box)
        self.points = _scatter(ax, view.places(0), walk.truths, class_names)
        self.rings = []
        if view.is_slice:
            style = {"facecolor": "none", "edgecolor": palette.INK, "label": "predicted otherwise"}
            self.rings = [ax.scatter([], [], s=2.5 * palette.marker_size(len(walk.truths)), linewidth=0.7, **style)]
        (self.boundary,) = ax.plot([], [], color=palette.INK, linewidth=1.8)
        ax.set(xlim=view.x, ylim=view.y, xlabel=view.names[0], ylabel=view.names[1])
        palette.legend_above(ax, view.title, view.remarks)
        self.moving = [self.field, *self.points, *self.rings, self.boundary, *ax.spines.values()]

    def show(self, frame):
        """Draw field, boundary and samples of a frame."""
        self.field.set_data(self.view.belief(frame))
        self.boundary.set_data(*self.view.boundary(frame))
        places = self.view.places(frame)
        for truth, points in enumerate(self.points):
            points.set_offsets(places[self.truths == truth])
        for ring in self.rings:
            ring.set_offsets(places[self.view.otherwise(frame)])


class SigmoidPanel:
    """Every example at its score and belief."""

    def __init__(self, ax, walk, class_names, against_the_rest):
        self.scores = walk.scores
        name = shortened(class_names[1], LONGEST_CLASS)
        believed = plain(f"its own belief in {name}" if against_the_rest else f"P({name} | x)")
        widest = np.clip(np.abs(self.scores).max(), 3.0, SUREST)
        z = np.linspace(-1.05 * widest, 1.05 * widest, 200)
        ax.plot(z, sigmoid(z), color=palette.INK, linewidth=1.5)
        ax.axhline(0.5, color=palette.FAINT, linewidth=0.8, linestyle=":")
        self.widest, self.truths = widest, walk.truths
        self.points = _scatter(
            ax, np.column_stack([self.scores[:, 0], sigmoid(self.scores[:, 0])]), walk.truths, class_names
        )
        ax.set(xlim=z[[0, -1]], ylim=(-0.05, 1.05), xlabel="score z", ylabel=believed)
        ax.set_title("How sure it is", loc="left")
        self.moving = self.points

    def show(self, frame):
        """Move every example to where it is in a frame."""
        z = np.clip(self.scores[:, frame], -self.widest, self.widest)
        for truth, points in enumerate(self.points):
            mine = z[self.truths == truth]
            points.set_offsets(np.column_stack([mine, sigmoid(mine)]))


class LossPanel:
    """J down to the step of the frame, and faintly beyond."""

    def __init__(self, ax, walk, loss):
        self.walk, self.loss = walk, loss
        later = np.arange(len(loss))
        ax.plot(later, loss, color=palette.FAINT, linewidth=1)
        (self.past,) = ax.plot([], [], color=palette.PURPLE, linewidth=2)
        (self.now,) = ax.plot([], [], "o", color=palette.PURPLE)
        if len(later) > FEW_STEPS:
            ax.set_xscale("symlog", linthresh=1)
        ax.set(xlabel="step", ylabel="J (nats)", xlim=(-0.05, max(len(later) - 1, 1) * 1.05))
        ax.set_title("How wrong it is", loc="left")
        self.moving = [self.past, self.now]

    def show(self, frame):
        """Walk to the step of a frame."""
        step = self.walk.steps[frame]
        self.past.set_data(np.arange(step + 1), self.loss[: step + 1])
        self.now.set_data([step], [self.loss[step]])


class LandscapePanel:
    """J over two parameters, and the path down to the step of the frame."""

    def __init__(self, display, walk):
        (self.landscape,) = display.landscapes
        self.rows = walk.rows
        (self.walked, *on_sample), (self.now,), self.own = display.paths_, display.ends_, display.own_heights_
        for line in on_sample:
            line.remove()
        display.legend_.remove()
        display.ax_.set_title("Where it walks", loc="left", pad=None)
        if self.landscape.remarks:
            ax = display.ax_
            for artist in [*ax.lines, *ax.collections]:
                artist.set_label("")
            palette.legend_above(ax, "Where it walks", self.landscape.remarks)
        self.moving = [self.walked, *self.own, *display.starts_, self.now]

    def show(self, frame):
        """Walk to the step of a frame."""
        walked = self.landscape.path[: self.rows[frame] + 1]
        marked = palette.ever_rarer(len(walked), MARKED)
        self.walked.set_data(*walked.T)
        self.walked.set_markevery(marked.tolist())
        for points in self.own:
            points.set_offsets(walked[marked])
            points.set_array(self.landscape.heights[marked])
        self.now.set_data(*walked[-1:].T)


def animate_descent(
    estimator,
    X,
    y,
    *,
    sample_weight=None,
    features=None,
    class_of_interest=None,
    feature_names=None,
    class_names=None,
    max_frames=40,
    figsize=(9.6, 7.2),
    dpi=90,
):
    """Show a neuron learning: four pictures in one, a frame a step.

    Parameters
    ----------
    estimator : SigmoidNeuronClassifier, Pipeline that ends with one, or search over one of these
        Fitted with ``record="path"``, on two features or more.
    X : {array-like, sparse matrix} of shape (n_samples, n_features)
        Examples that it learned from. If their J is not what the fit recorded, theirs is drawn, and it is said.
    y : array-like of shape (n_samples,)
        Their class labels.
    sample_weight : array-like of shape (n_samples,), default=None
        Their weights, as in the fit: of 0 not at all.
    features : pair of int or str, default=None
        Two features, by number or by name, as the neuron sees them, for a slice in which the others are held at their
        median, and for the landscape. None are the only two; of more, samples stand by their distance from the
        boundary, and the landscape is over the weights of largest weight times spread of this neuron.
    class_of_interest : label, default=None
        Whose neuron; needed if there are more than two classes.
    feature_names, class_names : sequence of str, default=None
        Names; None are those that the estimator knows.
    max_frames : int, default=40
        Frames at most; the steps of a longer walk are shown ever more rarely.
    figsize : pair of float, default=(9.6, 7.2)
        Width and height, in inches.
    dpi : float, default=90
        Pixels an inch.

    Returns
    -------
    Film
        To be saved as a page or a GIF, or shown in a notebook. The same every time.

    Raises
    ------
    ImportError
        If matplotlib is not installed.
    ValueError
        If the path was not recorded, or there are fewer than two features.

    Examples
    --------
    >>> from sklearn_neuron import SigmoidNeuronClassifier
    >>> from sklearn_neuron.datasets import make_toxic_plants
    >>> from sklearn_neuron.displays import animate_descent
    >>> plants = make_toxic_plants(random_state=0)
    >>> neuron = SigmoidNeuronClassifier(record="path").fit(plants.data, plants.target)
    >>> animate_descent(neuron, plants.data, plants.target, class_names=plants.target_names)
    <Film of 5 frames: The neuron learns what is toxic>
    """
    check_matplotlib_support("animate_descent")
    from matplotlib.figure import Figure

    if max_frames < 2:
        raise ValueError(f"max_frames must be at least 2, the first step and the last; got {max_frames}.")
    X, y, sample_weight = counted(X, y, sample_weight)
    subject = subject_of(estimator)
    way = subject.way(class_of_interest)
    plane = Plane.of(subject, X, features, feature_names)
    answers = answers_of(subject, X, y, class_of_interest, class_names)
    walk = _walk(way, plane, answers.truths, max_frames)
    figure = Figure(figsize=figsize, dpi=dpi, layout="constrained")
    axes = figure.subplots(2, 2)
    named = {"class_of_interest": class_of_interest, "feature_names": feature_names, "class_names": class_names}
    parameters = None if features is None else plane.features  # or those of this neuron, of several
    landscape = LossLandscapeDisplay.from_estimator(
        estimator, X, y, sample_weight=sample_weight, parameters=parameters, ax=axes[1, 1], **named
    )
    view = Steady(plane.seen, walk) if plane.is_slice and features is None else Turning(plane, walk)
    loss = _losses(way, landscape.landscapes[0].heights)
    panels = [
        BoundaryPanel(axes[0, 0], walk, view, answers.class_names),
        SigmoidPanel(axes[0, 1], walk, answers.class_names, answers.against_the_rest),
        LossPanel(axes[1, 0], walk, loss),
        LandscapePanel(landscape, walk),
    ]
    captions = _captions(walk, loss, landscape.landscapes[0].on_all)
    return _film(figure, panels, captions, f"The neuron learns what is {answers.class_names[1]}")


def _walk(way, plane, truths, max_frames):
    """What the panels show of a way."""
    p = plane.seen.shape[1]
    shown = palette.ever_rarer(len(way.rows), max_frames)
    weights = way.weights[:p, shown]
    bias = way.weights[p, shown] if len(way.weights) > p else np.zeros(len(shown))
    some = palette.thinned(len(truths), POINTS, truths)
    scores = linear_score(plane.seen[some], weights, bias)
    return Walk(shown, way.rows[shown], weights, bias, scores, truths[some], some)


def _losses(way, heights):
    """J of the examples at every step: as recorded, or, if that is of others, between the steps that were kept."""
    if np.array_equal(heights, way.loss[way.rows], equal_nan=True):
        return way.loss
    return np.interp(np.arange(len(way.loss)), way.rows, heights)


def _captions(walk, loss, on_all):
    """A few words for every frame."""
    where = ["" if on_all is None or on_all[row] else " on a sample" for row in walk.rows]
    return [f"step {step:,}{on}: J = {loss[step]:.4f}" for step, on in zip(walk.steps, where, strict=True)]


def _film(figure, panels, captions, title):
    """Draw what stands still once, and what moves for every frame."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from PIL import Image

    canvas = FigureCanvasAgg(figure)
    for artist in _moving(panels):
        artist.set_animated(True)
    canvas.draw()
    still = canvas.copy_from_bbox(figure.bbox)
    frames = []
    for frame in range(len(captions)):
        canvas.restore_region(still)
        for panel in panels:
            panel.show(frame)
        for artist in _moving(panels):
            artist.axes.draw_artist(artist)
        frames.append(as_png(Image.fromarray(np.asarray(canvas.buffer_rgba()))))
    return Film(title, tuple(frames), tuple(captions), canvas.get_width_height())


def _moving(panels):
    return [artist for panel in panels for artist in panel.moving]


def _grid(x, y):
    """Places of the field between limits, shape (FIELD, FIELD, 2)."""
    return np.stack(np.meshgrid(*(np.linspace(low, high, FIELD) for low, high in (x, y))), axis=-1)


def _padded(x):
    """Limits of an axis, with a margin around the data."""
    margin = MARGIN * np.ptp(x) or 1.0
    return x.min() - margin, x.max() + margin


def _scatter(ax, places, truths, class_names):
    """The samples of both classes, as they look in every panel."""
    styles = [palette.sample_style(k, class_names[k], len(truths)) for k in (0, 1)]
    return [ax.scatter(*places[truths == k].T, **style) for k, style in enumerate(styles)]
