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
from collections.abc import Callable
from functools import partial
from numbers import Integral, Real
from typing import Any, NamedTuple

import numpy as np
import scipy.sparse as sp
from sklearn.utils.sparsefuncs import csc_median_axis_0

from sklearn_neuron._sklearn import check_matplotlib_support
from sklearn_neuron.displays import palette
from sklearn_neuron.displays.names import plain, shortened
from sklearn_neuron.displays.plants import LONGEST_CLASS, PlantsDisplay, Samples, plane_of, table_of
from sklearn_neuron.displays.sides import sides_of
from sklearn_neuron.homes.labels import codes_among
from sklearn_neuron.inspection.subject import Subject, subject_of

LEVELS = [0.1, 0.25, 0.75, 0.9]  # of belief, beside the boundary at 0.5
PALEST, DEEPEST = 0.12, 0.6  # how much ink the field has: samples must stand out
BLOCK = 2**22  # numbers, 32 MiB of them, to be asked about at once
ARROW = 0.2  # of the axes, the length of w
FROM_EDGE = 0.1  # of the axes, from the end of a line to its label
APART = 0.06  # of the axes, at least, two labels
LONGEST_NAME = 60  # beside an axis
MOST_LANES = 24  # whose names fit beside them
PLURALS = {"color": "colors", "linewidth": "linewidths", "linestyle": "linestyles"}


class DecisionFieldDisplay:
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
    ax_ : matplotlib Axes
        Axes drawn on.
    figure_ : matplotlib Figure
        Their figure.
    surface_ : matplotlib AxesImage
        The field; with many classes each in its colour, the deeper the surer.
    contours_ : matplotlib QuadContourSet or None
        Lines of belief 0.1, 0.25, 0.75 and 0.9, as far as they are in view.
    boundary_ : list of matplotlib QuadContourSet
        Where the belief is 0.5; or where the most probable class changes, an element a class.
    labels_ : list of matplotlib Text
        Beliefs written on the lines.
    arrow_ : matplotlib FancyArrowPatch or None
        The direction of w, from the middle of the boundary.
    arrow_label_ : matplotlib Text or None
        Its name.
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

    def __init__(
        self,
        *,
        xx,
        yy,
        belief,
        feature_names,
        class_names,
        points=None,
        weights=None,
        note=None,
        shown=None,
        lanes=None,
    ):
        self.xx = xx
        self.yy = yy
        self.belief = belief
        self.feature_names = feature_names
        self.class_names = class_names
        self.points = points
        self.weights = weights
        self.note = note
        self.shown = shown
        self.lanes = lanes

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
    ):
        """Ask a fitted neuron what it believes everywhere around the samples, and draw it.

        Parameters
        ----------
        estimator : SigmoidNeuronClassifier, Pipeline that ends with one, or search over one of these
            Fitted. It is asked as it is: the field of a pipeline is in the units of its input.
        X : {array-like, sparse matrix, DataFrame} of shape (n_samples, n_features)
            Samples, as the estimator takes them.
        y : array-like of shape (n_samples,)
            Class labels.
        X_held_out : as `X`, default=None
            Samples that were not learned from, drawn hollow.
        y_held_out : array-like, default=None
            Their class labels.
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
        class_names : sequence of str, default=None
            Names of the classes, in the order of `classes_`; None takes the labels.
        margin : float, default=0.1
            Room around the samples, as a fraction of their range.
        grid_resolution : int, default=200
            Points of the grid along each side.
        max_points : int, default=2000
            Samples to draw at most.
        ax : matplotlib Axes, default=None
            Axes to draw on; None makes a figure.
        surface_kwargs : dict, default=None
            Style of the field (Axes.imshow).
        contour_kwargs : dict, default=None
            Style of the lines of equal belief (Axes.contour).
        boundary_kwargs : dict, default=None
            Style of the boundary (Axes.contour).
        arrow_kwargs : dict, default=None
            Style of w (FancyArrowPatch).
        scatter_kwargs : dict, default=None
            Style of the samples (Axes.scatter).
        ring_kwargs : dict, default=None
            Style of the rings (Axes.scatter).
        colorbar_kwargs : dict, default=None
            Where and how to draw the colour bar (Figure.colorbar).

        Returns
        -------
        DecisionFieldDisplay

        Raises
        ------
        ValueError
            If the data do not fit the neuron, or there are fewer than two features.
        """
        check_matplotlib_support(f"{cls.__name__}.from_estimator")
        _check(margin, grid_resolution)
        question, table = Question.of(estimator, class_of_interest, class_names), table_of(X, feature_names, estimator)
        samples = Samples.joined(table, y, X_held_out, y_held_out)
        many = len(table.names) > 2 and features is None
        over = _over_sides if many else _over_features
        display = cls(**over(question, samples, features, held_at, margin, grid_resolution))
        return display.plot(
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
    ):
        """Draw the field, its lines and the samples.

        Parameters
        ----------
        ax : matplotlib Axes, default=None
            Axes to draw on; None makes a figure.
        max_points : int, default=2000
            Samples to draw at most.
        surface_kwargs : dict, default=None
            Style of the field (Axes.imshow).
        contour_kwargs : dict, default=None
            Style of the lines of equal belief (Axes.contour).
        boundary_kwargs : dict, default=None
            Style of the boundary (Axes.contour).
        arrow_kwargs : dict, default=None
            Style of w (FancyArrowPatch).
        scatter_kwargs : dict, default=None
            Style of the samples (Axes.scatter).
        ring_kwargs : dict, default=None
            Style of the rings (Axes.scatter).
        colorbar_kwargs : dict, default=None
            Where and how to draw the colour bar (Figure.colorbar).

        Returns
        -------
        DecisionFieldDisplay
            The display itself.

        Raises
        ------
        ValueError
            If grid and beliefs do not fit together, or the grid is not evenly spaced.
        """
        check_matplotlib_support(f"{type(self).__name__}.plot")
        field = Field.of(self)
        self.figure_, self.ax_ = palette.axes(ax, (7.2, 4.8) if field.is_of_one_class else (6.4, 4.8))
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
        arrow = self.ax_.add_patch(FancyArrowPatch(*ends, **palette.styled(FancyArrowPatch, ours, given)))
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


class Question(NamedTuple):
    """Who is asked, and about which class."""

    estimator: Any
    subject: Subject
    class_names: list[str]
    k: int | None  # number of the class; None asks about all

    @classmethod
    def of(cls, estimator, class_of_interest=None, class_names=None):
        """Of two classes the second is meant, of more all of them or the one of interest."""
        subject = subject_of(estimator)
        names = subject.class_names(class_names)
        are_two = len(names) == 2
        if class_of_interest is None and not are_two:
            return cls(estimator, subject, names, None)
        return cls(estimator, subject, names, subject.column(class_of_interest) + are_two)

    def belief(self, X):
        """Probability of the class, shape (n,), or of all, shape (n, K)."""
        probabilities = self.estimator.predict_proba(X)
        return probabilities if self.k is None else probabilities[:, self.k]

    @property
    def one_of_many(self):
        """Number of the class, if it is one of more than two and asked about against the rest; otherwise None."""
        return self.k if len(self.class_names) > 2 else None

    @property
    def answers(self):
        """What can be answered, and the names of that."""
        if self.one_of_many is None:
            return self.subject.neuron.classes_, self.class_names
        name = self.class_names[self.one_of_many]
        return np.array([False, True]), [f"not {name}", name]

    def answered(self, X):
        """What is predicted of samples."""
        return self.estimator.predict(X) if self.one_of_many is None else self.belief(X) > 0.5

    def about(self, samples):
        """The samples by what is asked: in their classes, or the one asked about against the rest."""
        if self.one_of_many is None:
            return samples
        return samples._replace(labels=codes_among(self.subject.neuron.classes_, samples.labels) == self.k)

    def shows(self, belief):
        """Numbers of the answers that beliefs stand for, (n,) or (n, K)."""
        return (belief > 0.5).astype(int) if self.k is not None else belief.argmax(axis=1)

    def weights(self, plane):
        """Those of a plane, where they are in the units of X and speak for the picture: of two classes."""
        coef = self.subject.neuron.coef_
        return coef[0, plane] if self.subject.before is None and len(coef) == 1 else None

    def sides(self, tables):
        """The plane for samples, as they come, in which each stands where it is put."""
        z = np.concatenate([self.estimator.decision_function(X) for X in tables])
        seen = _stacked([self.subject.sees(X) for X in tables])
        return sides_of(self.subject.neuron, seen, z, self.one_of_many, self.answers[1][-1])


class Section(NamedTuple):
    """A plane through the space of features: two vary, the others are held."""

    plane: list[int]
    held: Any  # array-like of shape (n_features,)
    rows: Callable  # of such a sample, the plane, and (m, 2) values in it: m samples of the kind of X
    numbers: int  # stored for each of them
    note: str | None

    @classmethod
    def through(cls, table, features=None, held_at="median"):
        """The plane of two features through the median of X or through a sample."""
        plane, p = plane_of(table, features), len(table.names)
        if len(plane) < 2:
            raise ValueError(
                "A field needs two features to spread over, and here is one: see SigmoidCurveDisplay, or PlantsDisplay "
                "for the samples alone."
            )
        median, rows = _kind(table.X)
        is_median = _is_median(held_at)
        held = median(table.X) if is_median else _sample(held_at, p)
        numbers = int(np.count_nonzero(held)) + 2 if sp.issparse(table.X) else p
        note = f"others at {'their median' if is_median else 'one sample'}" if p > 2 else None
        return cls(plane, held, partial(rows, table.X, held, plane), numbers, note)

    def ask(self, belief, places):
        """What is believed at places (m, 2), some at a time, shape (m,) or (m, K)."""
        step = max(1, BLOCK // self.numbers)
        starts = range(0, len(places), step)
        return np.concatenate([belief(self.rows(places[start : start + step])) for start in starts])


def _over_features(question, samples, features, held_at, margin, resolution):
    """What a display holds of a plane of two features; with others beside these it is a slice."""
    section = Section.through(samples.tables[0], features, held_at)
    classes, names = question.answers
    points = question.about(samples).display(PlantsDisplay, section.plane, classes, names, question.answered)
    x1, x2 = (_around(values, margin, resolution) for values in (points.x1, points.x2))
    shown = None
    if section.note:
        shown = question.shows(section.ask(question.belief, np.column_stack([points.x1, points.x2])))
    return {
        **_grid(x1, x2, partial(section.ask, question.belief)),
        "feature_names": points.feature_names,
        "class_names": names,
        "points": points,
        "weights": None if section.note else question.weights(section.plane),
        "note": section.note,
        "shown": shown,
    }


def _over_sides(question, samples, features, held_at, margin, resolution):
    """What a display holds of a plane in which every sample stands where it is put."""
    if not _is_median(held_at):
        _sample(held_at, len(samples.tables[0].names))
        raise ValueError("held_at says where a slice is: pass the two features= that it goes through as well.")
    sides = question.sides([table.X for table in samples.tables])
    classes, names = question.answers
    asked = question.about(samples)
    points = PlantsDisplay(
        x1=sides.points[:, 0],
        x2=sides.points[:, 1],
        codes=codes_among(classes, asked.labels),
        feature_names=sides.names,
        class_names=names,
        predicted=codes_among(classes, np.concatenate([question.answered(table.X) for table in samples.tables])),
        held_out=samples.held_out,
    )
    x1, x2 = (_around(values, margin, resolution) for values in sides.points.T)
    if sides.lanes:
        x1, x2 = _lanes(len(names), resolution)
    return {
        **_grid(x1, x2, sides.believed),
        "feature_names": sides.names,
        "class_names": names,
        "points": points,
        "weights": sides.weights,
        "note": sides.note,
        "lanes": names if sides.lanes else None,
    }


def _grid(x1, x2, believed):
    """The field on a grid: belief of shape (len(x2), len(x1)) or with K at the end."""
    belief = believed(np.stack(np.meshgrid(x1, x2), axis=-1).reshape(-1, 2))
    return {"xx": x1, "yy": x2, "belief": belief.reshape(len(x2), len(x1), *belief.shape[1:])}


def _lanes(K, resolution):
    """A grid of a row a class, over the probabilities that the most probable of K classes can have."""
    rows = K * -(-resolution // K)
    least = 1 / K + 1e-6
    return np.linspace(least, 1 + 0.03 * (1 - least), resolution), (np.arange(rows) + 0.5) * K / rows - 0.5


# Samples of the kind of X, of which two features vary ----------------------------------------------------


def _stacked(tables):
    """Tables of numbers below each other, as one array or sparse array."""
    if sp.issparse(tables[0]):
        return sp.csr_array(sp.vstack(tables))
    return np.concatenate([np.asarray(X, dtype=_float_type(getattr(X, "dtype", None))) for X in tables])


def _kind(X):
    """For such an X: how to find its median, and how to make rows like its own."""
    if sp.issparse(X):
        return _sparse_median, _sparse_rows
    if hasattr(X, "iloc"):
        return _frame_median, _frame_rows
    if not hasattr(X, "dtype"):
        raise ValueError(f"A field spreads over an array, a sparse matrix or a pandas DataFrame; got {type(X)}.")
    return _dense_median, _dense_rows


def _dense_median(X):
    return np.nanmedian(np.asarray(X, dtype=_float_type(X.dtype)), axis=0)


def _dense_rows(X, held, plane, varied):
    rows = np.tile(np.asarray(held, dtype=_float_type(X.dtype)), (len(varied), 1))
    rows[:, plane] = varied
    return rows


def _sparse_median(X):
    return csc_median_axis_0(sp.csc_array(X))


def _sparse_rows(X, held, plane, varied):
    others = np.array(held, dtype=_float_type(X.dtype))
    others[plane] = 0
    m = len(varied)
    places = np.repeat(np.arange(m), 2), np.tile(plane, m)
    moving = sp.csr_array((varied.astype(others.dtype).ravel(), places), shape=(m, len(others)))
    return sp.csr_array(np.ones((m, 1), dtype=others.dtype)) @ sp.csr_array(others[None, :]) + moving


def _frame_median(X):
    columns = (X.iloc[:, j] for j in range(X.shape[1]))
    return [column.median() if _is_number(column) else column.mode(dropna=False).iloc[0] for column in columns]


def _frame_rows(X, held, plane, varied):
    sample = X.iloc[[0]].copy()
    for j, value in enumerate(held):
        sample.isetitem(j, _cell(sample.iloc[:, j], value))
    rows = sample.iloc[np.zeros(len(varied), dtype=int)].reset_index(drop=True)
    for j, values in zip(plane, varied.T, strict=True):
        rows.isetitem(j, values.astype(_float_type(X.iloc[:, j].dtype)))
    return rows


def _cell(column, value):
    """A column of one row that holds a value: a number as a float, anything else in the column's own type."""
    if _is_number(column):
        return np.array([value], dtype=_float_type(column.dtype))
    cell = column.copy()
    cell[:] = value
    return cell


def _is_number(column):
    return column.dtype.kind in "fiu"


def _float_type(dtype):
    return dtype if isinstance(dtype, np.dtype) and dtype.kind == "f" else np.dtype(np.float64)


def _is_median(held_at):
    return isinstance(held_at, str) and held_at == "median"


def _sample(held_at, p):
    sample = np.asarray(held_at, dtype=object).ravel()
    if len(sample) != p:
        raise ValueError(f'held_at must be "median" or a sample, a value for each of {p} features; got {held_at!r}.')
    return sample


# Drawing -------------------------------------------------------------------------------------------------


class Field(NamedTuple):
    """Beliefs on an even grid."""

    x: np.ndarray  # (columns,)
    y: np.ndarray  # (rows,)
    belief: np.ndarray  # (rows, columns) or (rows, columns, K)

    @classmethod
    def of(cls, display):
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
    def is_of_one_class(self):
        """Whether it tells of one class, not of all."""
        return self.belief.ndim == 2

    @property
    def extent(self):
        """Left, right, bottom and top of an image of which each pixel is a point of the grid."""
        half_x, half_y = (self.x[1] - self.x[0]) / 2, (self.y[1] - self.y[0]) / 2
        return self.x[0] - half_x, self.x[-1] + half_x, self.y[0] - half_y, self.y[-1] + half_y

    def colors(self):
        """Where all classes have a say: the colour of the most probable one, the deeper the surer."""
        from matplotlib.colors import to_rgb

        K = self.belief.shape[2]
        inks = np.array([to_rgb(palette.class_color(k)) for k in range(K)])[self.belief.argmax(axis=2)]
        sure = np.clip((self.belief.max(axis=2, keepdims=True) - 1 / K) / (1 - 1 / K), 0, 1)
        return 1 - (PALEST + (DEEPEST - PALEST) * sure) * (1 - inks)

    def leads(self):
        """By how much each class is more probable than all others, K arrays; 0 is its boundary."""
        for k in range(self.belief.shape[2]):
            yield self.belief[:, :, k] - np.delete(self.belief, k, axis=2).max(axis=2)


def _draw_surface(ax, field, given):
    from matplotlib.image import AxesImage

    box = {"extent": field.extent, "origin": "lower", "aspect": "auto", "interpolation": "bilinear", "zorder": 0}
    if not field.is_of_one_class:
        return ax.imshow(field.colors(), **palette.styled(AxesImage, box, given))
    scale = {"cmap": palette.belief_colormap(), "vmin": 0, "vmax": 1, "alpha": DEEPEST}
    return ax.imshow(field.belief, **palette.styled(AxesImage, box | scale, given))


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
    from matplotlib.collections import LineCollection

    style = palette.styled(LineCollection, ours, given)
    return {PLURALS.get(name, name): value for name, value in style.items()}


class Line(NamedTuple):
    """A line across the picture, from left to right."""

    points: np.ndarray  # (m, 2), in the units of the data
    far: np.ndarray  # (m,) how far each is from the left end, where the axes are 1 wide and 1 high

    @classmethod
    def longest(cls, ax, segments):
        """The longest of some lines, each an array (m, 2)."""
        return max((cls.of(ax, points) for points in segments), key=lambda line: line.far[-1])

    @classmethod
    def of(cls, ax, points):
        """The line through some points."""
        points = points if points[0, 0] <= points[-1, 0] else points[::-1]
        steps = np.linalg.norm(np.diff(_on_axes(ax, points), axis=0), axis=1)
        return cls(points, np.concatenate([[0], np.cumsum(steps)]))

    def at(self, far):
        """The point of the line so far from its left end."""
        return np.array([np.interp(far, self.far, values) for values in self.points.T])


def _on_axes(ax, points):
    """Points where the axes are 1 wide and 1 high."""
    return (ax.transData + ax.transAxes.inverted()).transform(points)


def _label_lines(ax, contours, boundary):
    """Write its belief on each line, near the left end; not where another is too close, and 0.5 comes first."""
    drawn = [line for line in [*boundary, contours] if line is not None]
    places = _places_apart(ax, drawn)
    labels: list = []
    for line in drawn:
        mine = [place for of, place in places if of is line]
        style = {"fmt": "%g", "fontsize": palette.SMALL, "colors": palette.INK, "zorder": 4.5}
        labels += line.clabel(manual=mine, **style) if mine else []
    for label in labels:
        label.set_path_effects(_halo(2))
    return labels


def _places_apart(ax, drawn):
    """Contour sets and the points on them, in the units of the data, where there is room for a label."""
    courses = [
        (level, line, Line.longest(ax, line.allsegs[k])) for line in drawn for k, level in enumerate(line.levels)
    ]
    taken, places = [np.array([9.0, 9.0])], []  # one that is far away
    for _, line, course in sorted(courses, key=lambda one: (one[0] != 0.5, -abs(one[0] - 0.5))):
        here = _on_axes(ax, course.at(FROM_EDGE))
        if course.far[-1] > 2 * FROM_EDGE and np.linalg.norm(here - taken, axis=1).min() > APART:
            taken.append(here)
            places.append((line, course.at(FROM_EDGE)))
    return places


def _arrow_ends(ax, boundary, weights):
    """From the middle of the boundary along w, inside the axes, shape (2, 2); None if there is no way to point."""
    if not boundary or not weights.any():
        return None
    course = Line.longest(ax, boundary[0].allsegs[0])
    start = course.at(course.far[-1] / 2)
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


def _around(values, margin, n):
    """Even steps over the range of some values and a margin; over 1 if all are the same."""
    low, high = np.nanmin(values), np.nanmax(values)
    room = margin * (high - low) if high > low else 0.5
    return np.linspace(low - room, high + room, n)
