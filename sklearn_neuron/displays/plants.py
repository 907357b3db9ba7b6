"""What is there to learn from? Every sample a point, in the colour of its class.

Two features make a plane, and each sample is a point ``x = (x1, x2)`` in it, in the units in which it was measured.
With a neuron at hand the samples that it gets wrong wear a ring, and those that it never learned from are hollow.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Self

import numpy as np
from sklearn.utils import check_consistent_length

from sklearn_neuron._sklearn import check_matplotlib_support
from sklearn_neuron.displays import palette
from sklearn_neuron.displays.base import Display, styled
from sklearn_neuron.displays.names import plain, shortened
from sklearn_neuron.displays.table import Samples, plane_of, table_of
from sklearn_neuron.homes.labels import encode

LONGEST_NAME, LONGEST_CLASS = 48, 20  # beside an axis
GOLDEN = 0.6180339887498949  # its multiples spread evenly over [0, 1), however many there are


@dataclass(kw_only=True, eq=False, repr=False)
class PlantsDisplay(Display):
    """Samples over two features, a colour and a marker a class.

    Parameters
    ----------
    x1 : array-like of shape (n_samples,)
        First feature.
    x2 : array-like of shape (n_samples,) or None
        Second feature; None if there is just one: each class then has a row of its own.
    codes : array-like of int of shape (n_samples,)
        Class number of every sample.
    feature_names : sequence of str
        Names of the features, with their units.
    class_names : sequence of str
        Names of the classes.
    predicted : array-like of int of shape (n_samples,), default=None
        Class number predicted; where it is another, the sample is ringed.
    held_out : array-like of bool of shape (n_samples,), default=None
        Samples that were not learned from, drawn hollow.

    Attributes
    ----------
    ax_, figure_ : matplotlib Axes and Figure
        Where it is drawn.
    scatters_ : list of matplotlib PathCollection
        Samples learned from, one a class.
    hollow_ : list of matplotlib PathCollection
        Samples held out, one a class; empty without any.
    rings_ : matplotlib PathCollection or None
        Around the misclassified; None if nothing was predicted.
    legend_ : matplotlib Legend
        Names of the classes, and how many samples are drawn if not all are.

    See Also
    --------
    DecisionFieldDisplay : The same samples on what the neuron believes.

    Examples
    --------
    >>> from sklearn_neuron.datasets import make_toxic_plants
    >>> from sklearn_neuron.displays import PlantsDisplay
    >>> plants = make_toxic_plants(random_state=0)
    >>> display = PlantsDisplay.from_data(plants.data, plants.target, class_names=plants.target_names)
    >>> [len(points.get_offsets()) for points in display.scatters_]
    [100, 100]
    """

    x1: Any
    x2: Any
    codes: Any
    feature_names: Sequence[str]
    class_names: Sequence[str]
    predicted: Any = None
    held_out: Any = None

    @classmethod
    def from_data(
        cls,
        X,
        y,
        *,
        X_held_out=None,
        y_held_out=None,
        features=None,
        feature_names=None,
        class_names=None,
        max_points=2000,
        ax=None,
        scatter_kwargs=None,
    ) -> Self:
        """Draw samples before anything has learned from them.

        Parameters
        ----------
        X : {array-like, sparse matrix, DataFrame} of shape (n_samples, n_features)
            Samples, as an estimator takes them: a pipeline's input.
        features : pair of int or str, default=None
            Columns of X to draw, by number or name. None are the only two, or those of largest weight times spread in
            the eyes of a neuron.
        class_names : sequence of str, default=None
            Names of the classes, in sorted order of the labels; None takes the labels.

        Raises
        ------
        ValueError
            If the data cannot be drawn; the message says why.
        """
        check_matplotlib_support(f"{cls.__name__}.from_data")
        table = table_of(X, feature_names)
        samples = Samples.joined(table, y, X_held_out, y_held_out)
        classes, _ = encode(samples.labels)
        display = samples.display(cls, plane_of(table, features), classes, _names(classes, class_names))
        return display.plot(ax, max_points=max_points, scatter_kwargs=scatter_kwargs)

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
        feature_names=None,
        class_names=None,
        max_points=2000,
        ax=None,
        scatter_kwargs=None,
        ring_kwargs=None,
    ) -> Self:
        """Draw samples, and ring those that a fitted neuron gets wrong.

        Raises
        ------
        ValueError
            If the data do not fit the neuron, or it cannot be told which features to draw.
        """
        subject, table = cls._subject_of(estimator), table_of(X, feature_names, estimator)
        samples = Samples.joined(table, y, X_held_out, y_held_out)
        plane, names = plane_of(table, features, subject), subject.class_names(class_names)
        display = samples.display(cls, plane, subject.neuron.classes_, names, estimator.predict)
        return display.plot(ax, max_points=max_points, scatter_kwargs=scatter_kwargs, ring_kwargs=ring_kwargs)

    def plot(self, ax=None, *, max_points=2000, title=None, note=None, scatter_kwargs=None, ring_kwargs=None) -> Self:
        """Draw the samples.

        Parameters
        ----------
        title : str, default=None
            What the picture says; None tells how many are wrong.
        note : str, default=None
            Further words at the end of the legend.

        Raises
        ------
        ValueError
            If the data differ in length, or a class has no name.
        """
        points = Points.of(self)
        drawn = points.take(palette.thinned(len(points.x), max_points, 2 * points.codes + points.held_out))
        self._place(ax)
        self._draw_samples(drawn, scatter_kwargs)
        self.rings_ = None if self.predicted is None else self._draw_rings(drawn, ring_kwargs)
        self._name_axes()
        self.legend_ = palette.legend_above(self.ax_, title or self._title(points), _remarks(points, drawn, note))
        return self

    def _draw_samples(self, drawn, given):
        self.scatters_, self.hollow_ = [], []
        longest = palette.longest_of(len(self.class_names))
        for k, name in enumerate(self.class_names):
            mine, style = drawn.codes == k, palette.sample_style(k, shortened(name, longest), len(drawn.x), given)
            self.scatters_.append(self.ax_.scatter(*drawn.at(mine & ~drawn.held_out), **style))
            if self.held_out is not None:
                hollow = style | {"facecolor": "white", "edgecolor": style["color"], "linewidth": 1.5, "label": None}
                self.hollow_.append(self.ax_.scatter(*drawn.at(mine & drawn.held_out), **hollow))

    def _draw_rings(self, drawn, given):
        ours = {"color": "none", "edgecolor": palette.INK, "marker": "o", "label": "misclassified", "zorder": 4}
        size = palette.marker_size(len(drawn.x))
        ours |= {"s": 3.2 * size, "linewidth": 1.2 if size > 20 else 0.7}
        return self.ax_.scatter(*drawn.at(drawn.wrong), **styled("collections.PathCollection", ours, given))

    def _name_axes(self):
        self.ax_.set_xlabel(plain(shortened(self.feature_names[0], LONGEST_NAME)))
        if self.x2 is None:
            self.ax_.set(ylim=(-0.7, len(self.class_names) - 0.3), ylabel="class")
            names = [plain(shortened(name, LONGEST_CLASS)) for name in self.class_names]
            self.ax_.set_yticks(range(len(names)), names)
        else:
            self.ax_.set_ylabel(plain(shortened(self.feature_names[1], LONGEST_NAME)))
        self.ax_.spines[["top", "right"]].set_visible(False)

    def _title(self, points):
        if self.predicted is None:
            return "What there is to learn from"
        who = "The neuron is" if len(self.class_names) == 2 else "The neurons are"
        said = f"{who} wrong about {_share(points.wrong[~points.held_out])}"
        return f"{said}, and {_share(points.wrong[points.held_out])} held out" if points.held_out.any() else said


class Points(NamedTuple):
    """What is drawn of every sample, arrays of shape (n_samples,)."""

    x: np.ndarray
    y: np.ndarray
    codes: np.ndarray
    wrong: np.ndarray
    held_out: np.ndarray

    @classmethod
    def of(cls, display: PlantsDisplay) -> "Points":
        """The points of a display, after a look whether they fit together."""
        codes = np.asarray(display.codes)
        no = np.zeros(len(codes), dtype=bool)
        wrong = no if display.predicted is None else np.asarray(display.predicted) != codes
        held_out = no if display.held_out is None else np.asarray(display.held_out, dtype=bool)
        height = _rows_apart(codes) if display.x2 is None else display.x2
        points = cls(np.asarray(display.x1), np.asarray(height), codes, wrong, held_out)
        check_consistent_length(*points)
        if len(codes) and not 0 <= codes.min() <= codes.max() < len(display.class_names):
            raise ValueError(f"codes must be 0 to {len(display.class_names) - 1}, one for each of class_names.")
        return points

    def take(self, rows) -> "Points":
        """Some of the points."""
        return Points(*(column[rows] for column in self))

    def at(self, some) -> tuple[np.ndarray, np.ndarray]:
        """Where some of the points are: x and y."""
        return self.x[some], self.y[some]


def _remarks(points, drawn, note):
    """Entries of the legend that are of no class: what is hollow, and how many are drawn if not all are."""
    from matplotlib.lines import Line2D

    hollow = Line2D([], [], color="none", marker="o", markeredgecolor=palette.FAINT, markeredgewidth=1.5)
    hollow.set_label("held out")
    words = [*palette.if_thinned(len(drawn.x), len(points.x)), *([note] if note else [])]
    return [hollow, *words] if points.held_out.any() else words


def _share(wrong):
    return f"{wrong.sum():,} of {len(wrong):,}"


def _rows_apart(codes):
    """A row for each class, in which the samples stand at different heights, the same every time."""
    return codes + 0.5 * ((np.arange(len(codes)) * GOLDEN) % 1 - 0.5)


def _names(classes, given):
    if given is not None and len(given) != len(classes):
        raise ValueError(f"class_names has {len(given)} names, but there are {len(classes)} classes: {classes}.")
    return [str(name) for name in (classes if given is None else given)]
