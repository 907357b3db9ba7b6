"""The whole descent in one moving picture: boundary, sigmoid, loss and landscape, a frame a step.

The walk is not walked again: every frame is drawn from the weights that ``history_`` kept. A long walk is shown at
steps ever further apart, 1, 2, 4, 8..., for the neuron learns most at first.
"""

from typing import NamedTuple

import numpy as np

from sklearn_neuron._sklearn import check_matplotlib_support
from sklearn_neuron.displays import palette
from sklearn_neuron.displays.film import Film, as_png
from sklearn_neuron.displays.landscape import MARKED, LossLandscapeDisplay
from sklearn_neuron.displays.plane import Plane, boundary_line
from sklearn_neuron.displays.sigmoid_curve import answers_of
from sklearn_neuron.neuron import linear_score, sigmoid
from sklearn_neuron.subject import subject_of

MARGIN = 0.08  # of the range, around the data
POINTS = 600  # samples drawn at most
FIELD = 120  # beliefs along each side of the field
FEW_STEPS = 50  # up to which steps stand at even distances


class Walk(NamedTuple):
    """One neuron's walk, at the steps that are shown, and some of the examples that it learned from."""

    rows: np.ndarray  # (F,) where they stand among the weights that were kept
    steps: np.ndarray  # (F,) their numbers
    weights: np.ndarray  # (p, F)
    bias: np.ndarray  # (F,)
    loss: np.ndarray  # (rows,) J at every step, shown or not
    scores: np.ndarray  # (n, F) linear scores of the examples, at the steps shown
    truths: np.ndarray  # (n,) booleans
    points: np.ndarray  # (n, 2) the examples in the plane


class BoundaryPanel:
    """The belief over the plane of two features, with the examples."""

    def __init__(self, ax, walk, plane, class_names):
        x1, x2 = walk.points.T
        self.x, self.y = _padded(plane.points[:, 0]), _padded(plane.points[:, 1])
        self.grid = np.stack(np.meshgrid(*(np.linspace(low, high, FIELD) for low, high in (self.x, self.y))), axis=-1)
        self.weights, self.bias = plane.seen_by(walk.weights, walk.bias)
        belief = np.full((FIELD, FIELD), 0.5)
        box = {"extent": (*self.x, *self.y), "origin": "lower", "aspect": "auto", "interpolation": "bilinear"}
        self.field = ax.imshow(belief, cmap=palette.belief_colormap(), vmin=0, vmax=1, alpha=0.7, **box)
        points = _scatter(ax, x1, x2, walk.truths, class_names)
        (self.boundary,) = ax.plot([], [], color=palette.INK, linewidth=1.8)
        ax.set(xlim=self.x, ylim=self.y, xlabel=plane.names[0], ylabel=plane.names[1])
        palette.legend_above(ax, "Where it decides")
        self.moving = [self.field, *points, self.boundary, *ax.spines.values()]

    def show(self, frame):
        """Draw field and boundary of a frame."""
        w, b = self.weights[:, frame], self.bias[frame]
        self.field.set_data(sigmoid(linear_score(self.grid, w, b)))
        self.boundary.set_data(*boundary_line(w, b, self.x, self.y))


class SigmoidPanel:
    """Every example at its score and belief."""

    def __init__(self, ax, walk, class_names):
        self.scores = walk.scores
        widest = max(np.quantile(np.abs(self.scores), 0.98), 3.0)
        z = np.linspace(-1.05 * widest, 1.05 * widest, 200)
        ax.plot(z, sigmoid(z), color=palette.INK, linewidth=1.5)
        ax.axhline(0.5, color=palette.FAINT, linewidth=0.8, linestyle=":")
        self.widest, self.truths = widest, walk.truths
        self.points = _scatter(ax, self.scores[:, 0], sigmoid(self.scores[:, 0]), walk.truths, class_names)
        ax.set(xlim=z[[0, -1]], ylim=(-0.05, 1.05), xlabel="score z", ylabel=f"P({class_names[1]} | x)")
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

    def __init__(self, ax, walk):
        self.walk = walk
        later = np.arange(len(walk.loss))
        ax.plot(later, walk.loss, color=palette.FAINT, linewidth=1)
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
        self.past.set_data(np.arange(step + 1), self.walk.loss[: step + 1])
        self.now.set_data([step], [self.walk.loss[step]])


class LandscapePanel:
    """J over two parameters, and the path down to the step of the frame."""

    def __init__(self, display, walk):
        self.path, self.rows = display.landscapes[0].path, walk.rows
        (self.walked,), (self.now,) = display.paths_, display.ends_
        display.legend_.remove()
        display.ax_.set_title("Where it walks", loc="left")
        self.moving = [self.walked, *display.starts_, self.now]

    def show(self, frame):
        """Walk to the step of a frame."""
        walked = self.path[: self.rows[frame] + 1]
        self.walked.set_data(*walked.T)
        self.walked.set_markevery(palette.ever_rarer(len(walked), MARKED).tolist())
        self.now.set_data(*walked[-1:].T)


def animate_descent(
    estimator,
    X,
    y,
    *,
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
        Examples that it learned from.
    y : array-like of shape (n_samples,)
        Their class labels.
    features : pair of int or str, default=None
        Two features, by number or by name, as the neuron sees them; None are those of largest weight times spread.
        In the plane of these the others are held at their mean.
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
    subject = subject_of(estimator)
    path = _path(subject, class_of_interest)
    plane = Plane.of(subject, X, features, feature_names)
    answers = answers_of(subject, X, y, class_of_interest, class_names)
    walk = _walk(subject, path, X, plane, answers.truths, class_of_interest, max_frames)
    figure = Figure(figsize=figsize, dpi=dpi, layout="constrained")
    axes = figure.subplots(2, 2)
    landscape = LossLandscapeDisplay.from_estimator(
        estimator,
        X,
        y,
        parameters=plane.features,
        class_of_interest=class_of_interest,
        feature_names=feature_names,
        ax=axes[1, 1],
    )
    panels = [
        BoundaryPanel(axes[0, 0], walk, plane, answers.class_names),
        SigmoidPanel(axes[0, 1], walk, answers.class_names),
        LossPanel(axes[1, 0], walk),
        LandscapePanel(landscape, walk),
    ]
    return _film(figure, panels, walk, f"The neuron learns what is {answers.class_names[1]}")


def _path(subject, class_of_interest):
    """Weights and, if there is one, the bias of a neuron along its way, shape (kept rows, n_parameters)."""
    k, history = subject.column(class_of_interest), subject.neuron.history_
    if "weights" not in history.columns:
        raise ValueError("The path of the neuron was not recorded: fit with record='path', and it can be watched.")
    weights = history.weights
    return weights.reshape(*weights.shape[:2], -1)[..., k]


def _walk(subject, path, X, plane, truths, class_of_interest, max_frames):
    """What the panels show of a path."""
    k, history, p = subject.column(class_of_interest), subject.neuron.history_, subject.neuron.n_features_in_
    shown = palette.ever_rarer(len(path), max_frames)
    weights = path[shown, :p].T
    bias = path[shown, p] if path.shape[1] > p else np.zeros(len(shown))
    loss = history.loss.reshape(len(history), -1)[:, k]
    rows = palette.thinned(len(truths), POINTS)
    scores = linear_score(plane.seen[rows], weights, bias)
    return Walk(shown, history.weights_rows[shown], weights, bias, loss, scores, truths[rows], plane.points[rows])


def _film(figure, panels, walk, title):
    """Draw what stands still once, and what moves for every frame."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from PIL import Image

    canvas = FigureCanvasAgg(figure)
    for artist in _moving(panels):
        artist.set_animated(True)
    canvas.draw()
    still = canvas.copy_from_bbox(figure.bbox)
    frames, captions = [], []
    for frame, step in enumerate(walk.steps):
        canvas.restore_region(still)
        for panel in panels:
            panel.show(frame)
        for artist in _moving(panels):
            artist.axes.draw_artist(artist)
        frames.append(as_png(Image.fromarray(np.asarray(canvas.buffer_rgba()))))
        captions.append(f"step {step:,}: J = {walk.loss[step]:.4f}")
    return Film(title, tuple(frames), tuple(captions), canvas.get_width_height())


def _moving(panels):
    return [artist for panel in panels for artist in panel.moving]


def _padded(x):
    """Limits of an axis, with a margin around the data."""
    margin = MARGIN * np.ptp(x) or 1.0
    return x.min() - margin, x.max() + margin


def _scatter(ax, x, y, truths, class_names):
    """The samples of both classes, as they look in every panel."""
    styles = [palette.sample_style(k, class_names[k], len(truths)) for k in (0, 1)]
    return [ax.scatter(x[truths == k], y[truths == k], **style) for k, style in enumerate(styles)]
