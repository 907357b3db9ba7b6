"""What does the neuron believe, and where does it turn? The field of its beliefs over a plane, samples on it.

Every point x of the plane has a belief P(class | x); the lines join points of equal belief. Where the neuron sees the
features as they are, these are straight and parallel::

    P(class 1 | x) = c    where    w.x + b = log(c / (1 - c))

The boundary is the line of 0.5, and the weights w point away from it to class 1. On the screen w crosses it at a right
angle only if both axes have one scale. Steps before the neuron may curve all of this.

Of more than two features the plane is one in which every sample stands where the neuron puts it (see
:mod:`~sklearn_neuron.displays.sides`). Through two features that are asked for goes a slice: the others are held, and
where the neuron, who sees them all, says of a sample what the slice does not, that sample is ringed.

Reference: D. R. Cox, The regression analysis of binary sequences, J. R. Stat. Soc. B 20 (1958), 215-242.
"""

import copy
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from numbers import Integral, Real
from typing import Any, NamedTuple, Self

import numpy as np

from sklearn_neuron.displays import palette
from sklearn_neuron.displays.base import Display, styled
from sklearn_neuron.displays.beliefs import Question, over_features, over_sides
from sklearn_neuron.displays.names import plain, shortened
from sklearn_neuron.displays.plants import LONGEST_CLASS, PlantsDisplay
from sklearn_neuron.displays.table import Samples, table_of

LEVELS = [0.1, 0.25, 0.75, 0.9]  # of belief, beside the boundary at 0.5
PALEST, DEEPEST = 0.12, 0.6  # how much ink the field has: samples must stand out
ARROW = 0.2  # of the axes, the length of w
FROM_EDGE = 0.1  # of the axes, from the end of a line to its label
APART = 0.06  # of the axes, at least, two labels
LONGEST_NAME = 60  # beside an axis
MOST_LANES = 24  # whose names fit beside them
PLURALS = {"color": "colors", "linewidth": "linewidths", "linestyle": "linestyles"}


@dataclass(kw_only=True, eq=False, repr=False)
class DecisionFieldDisplay(Display):
    """The beliefs of a classifier over a plane, and the samples.

    Parameters
    ----------
    xx, yy : array-like of shape (columns,) and (rows,), or both of shape (rows, columns)
        The grid, evenly spaced, in the units of the axes.
    belief : array-like of shape (rows, columns) or (rows, columns, n_classes)
        On the grid, the probability of one class; or of every class, and the most probable is drawn.
    feature_names : sequence of two str
        Names of the features, or of other axes, with their units.
    class_names : sequence of str
        Names of the classes; if `belief` is of one class, of the other and of this.
    points : PlantsDisplay, default=None
        The samples, over the same axes.
    weights : array-like of shape (2,), default=None
        Weights w of the features, to be drawn as an arrow.
    note : str, default=None
        Small words for the legend, such as where other features are held.
    shown : array-like of int of shape (n_samples,), default=None
        If the field is a slice: the class number that it shows where each sample stands. Ringed are then the samples of
        which something else is predicted, as `points` knows; otherwise the misclassified.
    lanes : sequence of str, default=None
        Names of the whole numbers of `yy`, if each stands for a class.

    Attributes
    ----------
    ax_, figure_ : matplotlib Axes and Figure
        Where it is drawn.
    surface_ : matplotlib AxesImage
        The field; with many classes each in its colour, the deeper the surer.
    contours_ : matplotlib QuadContourSet or None
        Lines of belief 0.1, 0.25, 0.75 and 0.9, as far as they are in view.
    boundary_ : list of matplotlib QuadContourSet
        Where the belief is 0.5; or where the most probable class changes, an element a class.
    labels_ : list of matplotlib Text
        Beliefs written on the lines.
    arrow_, arrow_label_ : matplotlib FancyArrowPatch and Text, or None
        The direction of w, from the middle of the boundary, and its name.
    points_ : PlantsDisplay or None
        The samples as drawn.
    colorbar_ : matplotlib Colorbar or None
        The scale of the field, if it is of one class.

    See Also
    --------
    PlantsDisplay : The samples alone.

    Examples
    --------
    >>> from sklearn_neuron import SigmoidNeuronClassifier
    >>> from sklearn_neuron.datasets import make_toxic_plants
    >>> from sklearn_neuron.displays import DecisionFieldDisplay
    >>> plants = make_toxic_plants(random_state=0)
    >>> neuron = SigmoidNeuronClassifier().fit(plants.data, plants.target)
    >>> display = DecisionFieldDisplay.from_estimator(
    ...     neuron, plants.data, plants.target, class_names=plants.target_names
    ... )
    >>> display.colorbar_.ax.get_ylabel()
    'P(toxic | x)'
    """

    xx: Any
    yy: Any
    belief: Any
    feature_names: Sequence[str]
    class_names: Sequence[str]
    points: PlantsDisplay | None = None
    weights: Any = None
    note: str | None = None
    shown: Any = None
    lanes: Sequence[str] | None = None

    @classmethod
    def from_estimator(
        cls,
        estimator,
        X,
        y,
        *,
        X_held_out=None,
        y_held_out=None,
        features=None,
        held_at="median",
        class_of_interest=None,
        feature_names=None,
        class_names=None,
        margin=0.1,
        grid_resolution=200,
        max_points=2000,
        ax=None,
        surface_kwargs=None,
        contour_kwargs=None,
        boundary_kwargs=None,
        arrow_kwargs=None,
        scatter_kwargs=None,
        ring_kwargs=None,
        colorbar_kwargs=None,
    ) -> Self:
        """Ask a fitted neuron what it believes everywhere around the samples, and draw it.

        It is asked as it is: the field of a pipeline is in the units of its input.

        Parameters
        ----------
        X : {array-like, sparse matrix, DataFrame} of shape (n_samples, n_features)
            Samples, as the estimator takes them.
        features : pair of int or str, default=None
            Columns of X to draw a slice through, by number or name. None are the only two; of more, it is the plane in
            which every sample stands where the neuron puts it: along its weights, by the distance from the boundary,
            and across them. Of three classes, it is along the differences of their weights; of more, every class has
            a row, for the samples of which it is the most probable.
        held_at : "median" or array-like of shape (n_features,), default="median"
            Where a slice holds the other features: at their median in X (what is no number, at its most frequent
            value), or at those of a sample.
        class_of_interest : label, default=None
            Of more than two classes, the one whose probability to draw, against the rest; None draws the most
            probable everywhere.
        feature_names : sequence of str of length n_features, default=None
            Names of all columns of X; None are those known, or x1, x2...
        margin : float, default=0.1
            Room around the samples, as a fraction of their range.
        grid_resolution : int, default=200
            Points of the grid along each side.
        surface_kwargs : dict, default=None
            Style of the field (Axes.imshow).
        contour_kwargs, boundary_kwargs : dict, default=None
            Style of the lines of equal belief, and of the boundary (Axes.contour).
        arrow_kwargs : dict, default=None
            Style of w (FancyArrowPatch).
        colorbar_kwargs : dict, default=None
            Where and how to draw the colour bar (Figure.colorbar).

        Raises
        ------
        ValueError
            If the data do not fit the neuron, or there are fewer than two features.
        """
        subject = cls._subject_of(estimator)
        _check(margin, grid_resolution)
        question = Question.of(estimator, subject, class_of_interest, class_names)
        samples = Samples.joined(table_of(X, feature_names, estimator), y, X_held_out, y_held_out)
        over = over_sides if len(samples.tables[0].names) > 2 and features is None else over_features
        return cls(**over(question, samples, features, held_at, margin, grid_resolution)).plot(
            ax,
            max_points=max_points,
            surface_kwargs=surface_kwargs,
            contour_kwargs=contour_kwargs,
            boundary_kwargs=boundary_kwargs,
            arrow_kwargs=arrow_kwargs,
            scatter_kwargs=scatter_kwargs,
            ring_kwargs=ring_kwargs,
            colorbar_kwargs=colorbar_kwargs,
        )

    def plot(
        self,
        ax=None,
        *,
        max_points=2000,
        surface_kwargs=None,
        contour_kwargs=None,
        boundary_kwargs=None,
        arrow_kwargs=None,
        scatter_kwargs=None,
        ring_kwargs=None,
        colorbar_kwargs=None,
    ) -> Self:
        """Draw the field, its lines and the samples.

        Raises
        ------
        ValueError
            If grid and beliefs do not fit together, or the grid is not evenly spaced.
        """
        field = Field.of(self)
        self._place(ax, (7.2, 4.8) if field.is_of_one_class else (6.4, 4.8))
        self.surface_ = _draw_surface(self.ax_, field, surface_kwargs)
        self.points_ = self._draw_points(max_points, scatter_kwargs, ring_kwargs)
        self.ax_.set(xlim=field.x[[0, -1]], ylim=field.y[[0, -1]])
        self._name_axes()
        self.contours_ = _draw_contours(self.ax_, field, contour_kwargs)
        self.boundary_ = _draw_boundary(self.ax_, field, boundary_kwargs)
        self.arrow_, self.arrow_label_ = self._draw_arrow(arrow_kwargs)
        self.labels_ = _label_lines(self.ax_, self.contours_, self.boundary_) if field.is_of_one_class else []
        self.colorbar_ = self._draw_colorbar(colorbar_kwargs) if field.is_of_one_class else None
        return self

    def _draw_points(self, max_points, scatter_given, ring_given):
        if self.points is None:
            self.ax_.set_title(self._title(), loc="left")
            return None
        points, rings = copy.copy(self.points), ring_given or {}
        if self.shown is not None:  # what is ringed is no class of its own, but not what is shown
            points.predicted = np.where(self.shown == self.points.predicted, points.codes, -1)
            rings = {"label": "predicted otherwise"} | rings
        words = {"max_points": max_points, "title": self._title(), "note": self.note}
        points.plot(self.ax_, **words, scatter_kwargs=scatter_given, ring_kwargs=rings)
        points.predicted = self.points.predicted
        return points

    def _name_axes(self):
        x, y = (plain(shortened(name, LONGEST_NAME)) for name in self.feature_names)
        self.ax_.set(xlabel=x, ylabel=y)
        if self.lanes is not None:
            some = range(0, len(self.lanes), -(-len(self.lanes) // MOST_LANES))
            self.ax_.set_yticks(some, [plain(shortened(self.lanes[k], LONGEST_CLASS)) for k in some])

    def _title(self):
        if self.shown is not None:
            return "A slice: " + (
                "how sure the neuron is there" if np.ndim(self.belief) == 2 else "what is likely there"
            )
        if np.ndim(self.belief) > 2:
            return "The most probable class: the deeper, the surer"
        is_judged = self.points is not None and self.points.predicted is not None
        return "How sure the neuron is" + (", and where it is wrong" if is_judged else "")

    def _draw_arrow(self, given):
        from matplotlib.patches import FancyArrowPatch

        ends = None if self.weights is None else _arrow_ends(self.ax_, self.boundary_, np.asarray(self.weights))
        if ends is None:
            return None, None
        ours = {"arrowstyle": "-|>", "mutation_scale": 17, "linewidth": 2.2, "color": palette.INK, "zorder": 5}
        ours |= {"shrinkA": 0, "shrinkB": 0, "path_effects": _halo(2)}
        arrow = self.ax_.add_patch(FancyArrowPatch(*ends, **styled("patches.FancyArrowPatch", ours, given)))
        start, end = self.ax_.transData.transform(ends)
        beyond = 10 * (end - start) / np.linalg.norm(end - start)
        place = {"xytext": beyond, "textcoords": "offset points", "ha": "center", "va": "center", "zorder": 6}
        style = {"fontsize": 13, "fontweight": "bold", "color": palette.INK, "path_effects": _halo(3)}
        return arrow, self.ax_.annotate("w", ends[1], **place, **style)

    def _draw_colorbar(self, given):
        ours = {
            "label": plain(f"P({shortened(self.class_names[-1], LONGEST_NAME)} | x)"),
            "ticks": [0, *LEVELS, 0.5, 1],
            "format": "%g",
            "pad": 0.03,
        }
        colorbar = self.figure_.colorbar(self.surface_, ax=self.ax_, **(ours | (given or {})))
        colorbar.outline.set_visible(False)
        return colorbar


class Field(NamedTuple):
    """Beliefs on an even grid."""

    x: np.ndarray  # (columns,)
    y: np.ndarray  # (rows,)
    belief: np.ndarray  # (rows, columns) or (rows, columns, K)

    @classmethod
    def of(cls, display: DecisionFieldDisplay) -> "Field":
        """The field of a display, after a look whether grid and beliefs fit."""
        xx, yy, belief = (np.asarray(values) for values in (display.xx, display.yy, display.belief))
        x, y = xx[0] if xx.ndim == 2 else xx, yy[:, 0] if yy.ndim == 2 else yy
        if belief.ndim not in (2, 3) or belief.shape[:2] != (len(y), len(x)):
            raise ValueError(f"belief must have a row for each of {len(y)} yy and a column for each of {len(x)} xx.")
        for name, values in (("xx", x), ("yy", y)):
            steps = np.diff(values)
            if not (len(steps) and steps.min() > 0 and np.ptp(steps) <= 1e-3 * steps.mean()):
                raise ValueError(f"{name} must rise in even steps, as those of numpy.linspace.")
        return cls(x, y, belief)

    @property
    def is_of_one_class(self) -> bool:
        """Whether it tells of one class, not of all."""
        return self.belief.ndim == 2

    @property
    def extent(self) -> tuple[float, float, float, float]:
        """Left, right, bottom and top of an image of which each pixel is a point of the grid."""
        half_x, half_y = (self.x[1] - self.x[0]) / 2, (self.y[1] - self.y[0]) / 2
        return self.x[0] - half_x, self.x[-1] + half_x, self.y[0] - half_y, self.y[-1] + half_y

    def colors(self) -> np.ndarray:
        """Where all classes have a say: the colour of the most probable one, the deeper the surer."""
        from matplotlib.colors import to_rgb

        K = self.belief.shape[2]
        inks = np.array([to_rgb(palette.class_color(k)) for k in range(K)])[self.belief.argmax(axis=2)]
        sure = np.clip((self.belief.max(axis=2, keepdims=True) - 1 / K) / (1 - 1 / K), 0, 1)
        return 1 - (PALEST + (DEEPEST - PALEST) * sure) * (1 - inks)

    def leads(self) -> Iterator[np.ndarray]:
        """By how much each class is more probable than all others, K arrays; 0 is its boundary."""
        for k in range(self.belief.shape[2]):
            yield self.belief[:, :, k] - np.delete(self.belief, k, axis=2).max(axis=2)


def _draw_surface(ax, field, given):
    ours = {"extent": field.extent, "origin": "lower", "aspect": "auto", "interpolation": "bilinear", "zorder": 0}
    if field.is_of_one_class:
        ours |= {"cmap": palette.belief_colormap(), "vmin": 0, "vmax": 1, "alpha": DEEPEST}
    return ax.imshow(
        field.belief if field.is_of_one_class else field.colors(), **styled("image.AxesImage", ours, given)
    )


def _draw_contours(ax, field, given):
    if not field.is_of_one_class:
        return None
    low, high = field.belief.min(), field.belief.max()
    levels = [level for level in LEVELS if low < level < high]
    ours = {"color": "#5f5f5f", "linewidth": 1.2, "zorder": 1.5}
    return ax.contour(field.x, field.y, field.belief, levels, **_line_style(ours, given)) if levels else None


def _draw_boundary(ax, field, given):
    style = _line_style({"color": palette.INK, "linewidth": 2.4, "zorder": 3.5}, given)
    heights = [(field.belief, 0.5)] if field.is_of_one_class else [(lead, 0) for lead in field.leads()]
    in_view = [(height, level) for height, level in heights if height.min() < level < height.max()]
    return [ax.contour(field.x, field.y, height, [level], **style) for height, level in in_view]


def _line_style(ours, given):
    """Keyword arguments of Axes.contour, which knows lines by their plurals only."""
    style = styled("collections.LineCollection", ours, given)
    return {PLURALS.get(name, name): value for name, value in style.items()}


def _longest(ax, segments):
    """The longest of some lines, each (m, 2), from left to right, and how far its points are from there."""
    lines = [points if points[0, 0] <= points[-1, 0] else points[::-1] for points in segments]
    steps = [np.linalg.norm(np.diff(_on_axes(ax, points), axis=0), axis=1) for points in lines]
    far = [np.concatenate([[0], np.cumsum(step)]) for step in steps]
    return max(zip(lines, far, strict=True), key=lambda line: line[1][-1])


def _at(line, where):
    """The point of a line so far from its left end."""
    points, far = line
    return np.array([np.interp(where, far, values) for values in points.T])


def _on_axes(ax, points):
    """Points where the axes are 1 wide and 1 high."""
    return (ax.transData + ax.transAxes.inverted()).transform(points)


def _label_lines(ax, contours, boundary):
    """Write its belief on each line, near the left end; not where another is too close, and 0.5 comes first."""
    drawn = [line for line in [*boundary, contours] if line is not None]
    places = _places_apart(ax, drawn)
    labels: list = []
    style = {"fmt": "%g", "fontsize": palette.SMALL, "colors": palette.INK, "zorder": 4.5}
    for line in drawn:
        mine = [place for of, place in places if of is line]
        labels += line.clabel(manual=mine, **style) if mine else []
    for label in labels:
        label.set_path_effects(_halo(2))
    return labels


def _places_apart(ax, drawn):
    """Contour sets and the points on them, in the units of the data, where there is room for a label."""
    lines = [(level, one, _longest(ax, one.allsegs[k])) for one in drawn for k, level in enumerate(one.levels)]
    taken, places = [np.array([9.0, 9.0])], []  # one that is far away
    for _, contours, line in sorted(lines, key=lambda one: (one[0] != 0.5, -abs(one[0] - 0.5))):
        place = _at(line, FROM_EDGE)
        here = _on_axes(ax, place)
        if line[1][-1] > 2 * FROM_EDGE and np.linalg.norm(here - taken, axis=1).min() > APART:
            taken.append(here)
            places.append((contours, place))
    return places


def _arrow_ends(ax, boundary, weights):
    """From the middle of the boundary along w, inside the axes, shape (2, 2); None if there is no way to point."""
    if not boundary or not weights.any():
        return None
    line = _longest(ax, boundary[0].allsegs[0])
    start = _at(line, line[1][-1] / 2)
    scale = np.ptp([ax.get_xlim(), ax.get_ylim()], axis=1)
    heading = weights / scale
    heading = heading / np.linalg.norm(heading)
    beside = np.where(heading > 0, 0.97 - _on_axes(ax, start), _on_axes(ax, start) - 0.03)
    length = min(ARROW, (beside[heading != 0] / np.abs(heading[heading != 0])).min())
    return np.array([start, start + length * heading * scale]) if length > ARROW / 5 else None


def _halo(width):
    from matplotlib.patheffects import withStroke

    return [withStroke(linewidth=2 * width, foreground="white", alpha=0.8)]


def _check(margin, grid_resolution):
    if not isinstance(margin, Real) or not 0 <= float(margin) < np.inf:
        raise ValueError(f"margin must be a fraction of the range, 0 or more; got {margin!r}.")
    if not isinstance(grid_resolution, Integral) or grid_resolution < 2:
        raise ValueError(f"grid_resolution must be a whole number of at least 2; got {grid_resolution!r}.")
