"""The whole descent in one moving picture: boundary, sigmoid, loss and landscape, a frame a step.

The walk is not walked again: every frame is drawn from the weights that ``history_`` kept. A long walk is shown at
steps ever further apart, 1, 2, 4, 8..., for the neuron learns most at first.

Of two features the boundary turns among the samples. Of more, the samples turn about the boundary: each stands by its
distance from the boundary of the frame, and so always on the side where the neuron puts it (see
:mod:`~sklearn_neuron.displays.sides`).
"""

from numbers import Integral
from typing import Any, NamedTuple

import numpy as np

from sklearn_neuron._sklearn import check_matplotlib_support
from sklearn_neuron.displays import palette
from sklearn_neuron.displays.answers import answers_of
from sklearn_neuron.displays.film import Film, as_png
from sklearn_neuron.displays.landscape import LONGEST_CLASS, MARKED, LossLandscapeDisplay
from sklearn_neuron.displays.names import plain, shortened
from sklearn_neuron.displays.plane import Plane
from sklearn_neuron.displays.valley import counted
from sklearn_neuron.displays.views import Walk, with_boundary_fixed, with_lead_fixed, with_samples_fixed
from sklearn_neuron.inspection.subject import subject_of
from sklearn_neuron.neuron import sigmoid
from sklearn_neuron.solvers.maps import side_by_side

POINTS = 600  # samples drawn at most
SUREST = 8.0  # the largest score that has a place of its own: nobody sees a belief of 0.9997 from one of 1
FEW_STEPS = 50  # up to which steps stand at even distances


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
) -> Film:
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
        Whose neuron; needed if there are more than two classes. Of a layer, which learns as one, the class that is
        shown against the rest.
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
    <Film of 4 frames: The neuron learns what is toxic>
    """
    check_matplotlib_support("animate_descent")
    from matplotlib.figure import Figure

    if not isinstance(max_frames, Integral) or max_frames < 2:
        raise ValueError(f"max_frames must be an int of at least 2, the first step and the last; got {max_frames!r}.")
    X, y, sample_weight = counted(X, y, sample_weight)
    way = (subject := subject_of(estimator)).way(class_of_interest)
    plane = Plane.of(subject, X, features, feature_names)
    answers = answers_of(subject, X, y, class_of_interest, class_names)
    walk = _walk(subject, way, plane, answers.truths, max_frames, class_of_interest)
    scores = walk.scores(plane.seen[walk.examples])
    figure = Figure(figsize=figsize, dpi=dpi, layout="constrained")
    decides, sure, wrong, walks = figure.subplots(2, 2).flat
    named = {"class_of_interest": class_of_interest, "feature_names": feature_names, "class_names": class_names}
    parameters = None if features is None else plane.features  # or those of this neuron, of several
    display = LossLandscapeDisplay.from_estimator(
        estimator, X, y, sample_weight=sample_weight, parameters=parameters, ax=walks, **named
    )
    by_sides, fixed = plane.is_slice and features is None, with_lead_fixed if subject.is_layer else with_boundary_fixed
    view = fixed(plane.seen, walk, scores) if by_sides else with_samples_fixed(plane, walk, scores)
    loss = _losses(way, display.landscapes[0].heights)
    moving = [
        *_decides(decides, walk, view, answers.class_names),
        *_is_sure(sure, walk, scores, answers),
        *_is_wrong(wrong, walk, loss),
        *_walks(display, walk),
    ]
    captions = _captions(walk, loss, display.landscapes[0].on_all)
    who = "The layer" if subject.is_layer else "The neuron"
    return _film(figure, moving, captions, f"{who} learns what is {answers.class_names[1]}")


def _walk(subject, way, plane, truths, max_frames, class_of_interest):
    """What is shown of a way."""
    shown, p = palette.ever_rarer(len(way.rows), max_frames), plane.seen.shape[1]
    weights, k = way.weights[:, shown], None
    if subject.is_layer:
        K, k = len(subject.neuron.classes_), subject.column(class_of_interest)
        weights = side_by_side(weights, K).reshape(-1, len(shown), K)
    bias = weights[p] if len(weights) > p else np.zeros(weights.shape[1:])
    some = palette.thinned(len(truths), POINTS, truths)
    return Walk(shown, way.rows[shown], weights[:p], bias, truths[some], some, k)


def _losses(way, heights):
    """J of the examples at every step: as recorded, or, if that is of others, between the steps that were kept."""
    if np.array_equal(heights, way.loss[way.rows], equal_nan=True):
        return way.loss
    return np.interp(np.arange(len(way.loss)), way.rows, heights)


def _captions(walk, loss, on_all):
    """A few words for every frame."""
    where = ["" if on_all is None or on_all[row] else " on a sample" for row in walk.rows]
    return [f"step {step:,}{on}: J = {loss[step]:.4f}" for step, on in zip(walk.steps, where, strict=True)]


# Panels: what stands still is drawn, and what moves is returned --------------------------------------------


class Moving(NamedTuple):
    """An artist that is drawn anew in every frame."""

    artist: Any
    values: dict[str, list]  # of its properties that change, a value a frame

    def show(self, frame) -> None:
        """Make it look as in a frame."""
        self.artist.set(**{name: values[frame] for name, values in self.values.items()})


def _decides(ax, walk, view, class_names):
    """The belief over a plane, with the examples."""
    scale = {"cmap": palette.belief_colormap(), "vmin": 0, "vmax": 1, "alpha": 0.7}
    box = {"extent": (*view.x, *view.y), "origin": "lower", "aspect": "auto", "interpolation": "bilinear"}
    moving = [Moving(ax.imshow(view.beliefs[0], **scale, **box), {"data": view.beliefs})]
    moving += _scattered(ax, view.places, walk.truths, class_names)
    if view.otherwise is not None:
        style = {"facecolor": "none", "edgecolor": palette.INK, "linewidth": 0.7, "label": "predicted otherwise"}
        ring = ax.scatter([], [], s=2.5 * palette.marker_size(len(walk.truths)), **style)
        moving.append(Moving(ring, {"offsets": view.otherwise}))
    (boundary,) = ax.plot([], [], color=palette.INK, linewidth=1.8)
    ax.set(xlim=view.x, ylim=view.y, xlabel=view.names[0], ylabel=view.names[1])
    palette.legend_above(ax, view.title, view.remarks)
    return [*moving, Moving(boundary, {"data": view.boundaries}), *(Moving(spine, {}) for spine in ax.spines.values())]


def _is_sure(ax, walk, scores, answers):
    """The sigmoid, with every example at its score and belief."""
    name = shortened(answers.class_names[1], LONGEST_CLASS)
    is_alone = answers.against_the_rest and not answers.in_a_layer
    believed = plain(f"its own belief in {name}" if is_alone else f"P({name} | x)")
    widest = np.clip(np.abs(scores).max(), 3.0, SUREST)
    z = np.linspace(-1.05 * widest, 1.05 * widest, 200)
    ax.plot(z, sigmoid(z), color=palette.INK, linewidth=1.5)
    ax.axhline(0.5, color=palette.FAINT, linewidth=0.8, linestyle=":")
    scores = np.clip(scores, -widest, widest).T
    moving = _scattered(ax, [np.column_stack([one, sigmoid(one)]) for one in scores], walk.truths, answers.class_names)
    ax.set(xlim=z[[0, -1]], ylim=(-0.05, 1.05), ylabel=believed)
    ax.set_xlabel(plain(f"lead of {name} over all others") if answers.in_a_layer else "score z")
    ax.set_title("How sure it is", loc="left")
    return moving


def _scattered(ax, places, truths, class_names):
    """The samples of both classes, as they look in every panel."""
    styles = [palette.sample_style(k, class_names[k], len(truths)) for k in (0, 1)]
    offsets = [[at[truths == k] for at in places] for k in (0, 1)]
    return [Moving(ax.scatter(*at[0].T, **style), {"offsets": at}) for at, style in zip(offsets, styles, strict=True)]


def _is_wrong(ax, walk, loss):
    """J down to the step of the frame, and faintly beyond."""
    steps = np.arange(len(loss))
    ax.plot(steps, loss, color=palette.FAINT, linewidth=1)
    (past,) = ax.plot([], [], color=palette.PURPLE, linewidth=2)
    (now,) = ax.plot([], [], "o", color=palette.PURPLE)
    if len(loss) > FEW_STEPS:
        ax.set_xscale("symlog", linthresh=1)
    ax.set(xlabel="step", ylabel="J (nats)", xlim=(-0.05, max(len(loss) - 1, 1) * 1.05))
    ax.set_title("How wrong it is", loc="left")
    return [
        Moving(past, {"data": [(steps[: step + 1], loss[: step + 1]) for step in walk.steps]}),
        Moving(now, {"data": [([step], [loss[step]]) for step in walk.steps]}),
    ]


def _walks(display, walk):
    """J over two parameters, and the path down to the step of the frame."""
    (landscape,), ax, (line, *on_sample) = display.landscapes, display.ax_, display.paths_
    for artist in (*on_sample, display.legend_):
        artist.remove()
    ax.set_title("Where it walks", loc="left", pad=None)
    if landscape.remarks:
        for artist in [*ax.lines, *ax.collections]:
            artist.set_label("")
        palette.legend_above(ax, "Where it walks", landscape.remarks)
    walked = [landscape.path[: row + 1] for row in walk.rows]
    marked = [palette.ever_rarer(len(path), MARKED) for path in walked]
    at = [path[some] for path, some in zip(walked, marked, strict=True)]
    heights = [landscape.heights[some] for some in marked]
    return [
        Moving(line, {"data": [path.T for path in walked], "markevery": [some.tolist() for some in marked]}),
        *(Moving(points, {"offsets": at, "array": heights}) for points in display.own_heights_),
        *(Moving(start, {}) for start in display.starts_),
        Moving(display.ends_[0], {"data": [path[-1:].T for path in walked]}),
    ]


def _film(figure, moving, captions, title):
    """Draw what stands still once, and what moves for every frame."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from PIL import Image

    canvas = FigureCanvasAgg(figure)
    for one in moving:
        one.artist.set_animated(True)
    canvas.draw()
    still, frames = canvas.copy_from_bbox(figure.bbox), []
    for frame in range(len(captions)):
        canvas.restore_region(still)
        for one in moving:
            one.show(frame)
            one.artist.axes.draw_artist(one.artist)
        frames.append(as_png(Image.fromarray(np.asarray(canvas.buffer_rgba()))))
    return Film(title, tuple(frames), tuple(captions), canvas.get_width_height())
