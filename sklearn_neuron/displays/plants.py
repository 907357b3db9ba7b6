"""What is there to learn from? Every sample a point, in the colour of its class.

Two features make a plane, and each sample is a point ``x = (x1, x2)`` in it, in the units in which it was measured.
With a neuron at hand the samples that it gets wrong wear a ring, and those that it never learned from are hollow.
"""

from numbers import Integral
from typing import Any, NamedTuple

import numpy as np
import scipy.sparse as sp
from sklearn.utils import check_consistent_length, column_or_1d
from sklearn.utils.sparsefuncs import mean_variance_axis

from sklearn_neuron._sklearn import check_matplotlib_support
from sklearn_neuron.displays import palette
from sklearn_neuron.displays.names import plain, shortened
from sklearn_neuron.homes.labels import codes_among, encode
from sklearn_neuron.inspection.subject import subject_of

LONGEST_NAME, LONGEST_CLASS = 48, 20  # beside an axis
GOLDEN = 0.6180339887498949  # its multiples spread evenly over [0, 1), however many there are


class Table(NamedTuple):
    """The user's X as it is, and the names of its columns."""

    X: Any
    names: list[str]

    def numbers(self, j):
        """Column number j as floats, shape (n_samples,)."""
        column = _column(self.X, j)
        try:
            return np.asarray(column, dtype=np.float64)
        except (TypeError, ValueError):
            raise ValueError(f"The feature {self.names[j]!r} holds no numbers; choose others by features=.") from None

    def positions(self, features):
        """Numbers of the columns meant by numbers or names, as a list."""
        given = [features] if isinstance(features, str | Integral) else list(features)
        found = [self._position(feature) for feature in given]
        if len(found) not in (1, 2) or len(set(found)) < len(found):
            raise ValueError(f"features must be two different columns of X (or one); got {features!r}.")
        return found

    def _position(self, feature):
        p = len(self.names)
        if isinstance(feature, Integral) and -p <= int(feature) < p:
            return int(feature) % p
        for names in (self.names, _column_names(self.X)):
            if feature in names:
                return names.index(feature)
        raise ValueError(f"features: {feature!r} is no column of X; it has {p}: {_shortened(self.names)}.")


def table_of(X, feature_names=None, estimator=None):
    """X with names for its columns: those given, its own, those the estimator was fitted with, or x1, x2...

    Parameters
    ----------
    X : {array-like, sparse matrix, DataFrame} of shape (n_samples, n_features)
        Samples, in the user's units.
    feature_names : sequence of str of length n_features, default=None
        Names to show.
    estimator : estimator, default=None
        Fitted on such data.

    Returns
    -------
    Table

    Raises
    ------
    ValueError
        If X has not two dimensions, or another number of columns than there are names.
    """
    X = X if hasattr(X, "shape") else np.asarray(X)
    if len(X.shape) != 2:
        raise ValueError(f"X must have two dimensions, (n_samples, n_features); got {len(X.shape)}.")
    p = X.shape[1]
    if feature_names is not None and len(feature_names) != p:
        raise ValueError(f"feature_names has {len(feature_names)} names, but X has {p} features.")
    known = getattr(estimator, "feature_names_in_", [f"x{j + 1}" for j in range(p)])
    names = feature_names if feature_names is not None else _column_names(X) or known
    return Table(X, [str(name) for name in names])


def plane_of(table, features=None, subject=None):
    """Numbers of the columns to draw: those asked for, all if there are two at most, or the two that matter most.

    What matters most is the largest weight times spread, as the neuron sees the features.

    Parameters
    ----------
    table : Table
        The samples.
    features : int, str or pair of these, default=None
        What was asked for.
    subject : Subject, default=None
        The neuron; without one nothing matters more than the rest.

    Returns
    -------
    list of int
        Two; one if X has no more, or just one was asked for.

    Raises
    ------
    ValueError
        If a feature does not exist, or nobody can tell which to draw.
    """
    p = len(table.names)
    if features is not None:
        return table.positions(features)
    if p <= 2:
        return list(range(p))
    origins = None if subject is None else _origins(subject, p)
    if origins is None:
        why = "" if subject is None else ", and the steps before the neuron turn them into others"
        raise ValueError(
            f"X has {p} features{why}: pass features=, two of them by number or name, of {_shortened(table.names)}."
        )
    influence = np.abs(subject.neuron.coef_).max(axis=0) * spread_of(subject.sees(table.X))
    return sorted(int(origins[j]) for j in np.argsort(-influence, kind="stable")[:2])


class PlantsDisplay:
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
    ax_ : matplotlib Axes
        Axes drawn on.
    figure_ : matplotlib Figure
        Their figure.
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

    def __init__(self, *, x1, x2, codes, feature_names, class_names, predicted=None, held_out=None):
        self.x1 = x1
        self.x2 = x2
        self.codes = codes
        self.feature_names = feature_names
        self.class_names = class_names
        self.predicted = predicted
        self.held_out = held_out

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
    ):
        """Draw samples before anything has learned from them.

        Parameters
        ----------
        X : {array-like, sparse matrix, DataFrame} of shape (n_samples, n_features)
            Samples.
        y : array-like of shape (n_samples,)
            Class labels.
        X_held_out : as `X`, default=None
            Samples that will not be learned from.
        y_held_out : array-like, default=None
            Their class labels.
        features : pair of int or str, default=None
            Columns to draw, by number or name; needed if there are more than two.
        feature_names : sequence of str of length n_features, default=None
            Names of all columns; None are those of X, or x1, x2...
        class_names : sequence of str, default=None
            Names of the classes, in sorted order of the labels; None takes the labels.
        max_points : int, default=2000
            Samples to draw at most.
        ax : matplotlib Axes, default=None
            Axes to draw on; None makes a figure.
        scatter_kwargs : dict, default=None
            Style of the samples (Axes.scatter).

        Returns
        -------
        PlantsDisplay

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
    ):
        """Draw samples, and ring those that a fitted neuron gets wrong.

        Parameters
        ----------
        estimator : SigmoidNeuronClassifier, Pipeline that ends with one, or search over one of these
            Fitted.
        X : {array-like, sparse matrix, DataFrame} of shape (n_samples, n_features)
            Samples, as the estimator takes them: a pipeline's input.
        y : array-like of shape (n_samples,)
            Class labels.
        X_held_out : as `X`, default=None
            Samples that were not learned from.
        y_held_out : array-like, default=None
            Their class labels.
        features : pair of int or str, default=None
            Columns of X to draw, by number or name; None are the only two, or the two of largest weight times spread.
        feature_names : sequence of str of length n_features, default=None
            Names of all columns of X; None are those known, or x1, x2...
        class_names : sequence of str, default=None
            Names of the classes, in the order of `classes_`; None takes the labels.
        max_points : int, default=2000
            Samples to draw at most.
        ax : matplotlib Axes, default=None
            Axes to draw on; None makes a figure.
        scatter_kwargs : dict, default=None
            Style of the samples (Axes.scatter).
        ring_kwargs : dict, default=None
            Style of the rings (Axes.scatter).

        Returns
        -------
        PlantsDisplay

        Raises
        ------
        ValueError
            If the data do not fit the neuron, or it cannot be told which features to draw.
        """
        check_matplotlib_support(f"{cls.__name__}.from_estimator")
        subject, table = subject_of(estimator), table_of(X, feature_names, estimator)
        samples = Samples.joined(table, y, X_held_out, y_held_out)
        plane, names = plane_of(table, features, subject), subject.class_names(class_names)
        display = samples.display(cls, plane, subject.neuron.classes_, names, estimator.predict)
        return display.plot(ax, max_points=max_points, scatter_kwargs=scatter_kwargs, ring_kwargs=ring_kwargs)

    def plot(self, ax=None, *, max_points=2000, title=None, note=None, scatter_kwargs=None, ring_kwargs=None):
        """Draw the samples.

        Parameters
        ----------
        ax : matplotlib Axes, default=None
            Axes to draw on; None makes a figure.
        max_points : int, default=2000
            Samples to draw at most.
        title : str, default=None
            What the picture says; None tells how many are wrong.
        note : str, default=None
            Further words at the end of the legend.
        scatter_kwargs : dict, default=None
            Style of the samples (Axes.scatter).
        ring_kwargs : dict, default=None
            Style of the rings (Axes.scatter).

        Returns
        -------
        PlantsDisplay
            The display itself.

        Raises
        ------
        ValueError
            If the data differ in length, or a class has no name.
        """
        check_matplotlib_support(f"{type(self).__name__}.plot")
        cloud = Cloud.of(self)
        drawn = cloud.take(palette.thinned(len(cloud.x), max_points, 2 * cloud.codes + cloud.held_out))
        self.figure_, self.ax_ = palette.axes(ax)
        self._draw_samples(drawn, scatter_kwargs)
        self.rings_ = None if self.predicted is None else self._draw_rings(drawn, ring_kwargs)
        self._name_axes()
        self.legend_ = palette.legend_above(self.ax_, title or self._title(cloud), _remarks(cloud, drawn, note))
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
        from matplotlib.collections import PathCollection

        ours = {"color": "none", "edgecolor": palette.INK, "marker": "o", "label": "misclassified", "zorder": 4}
        size = palette.marker_size(len(drawn.x))
        ours |= {"s": 3.2 * size, "linewidth": 1.2 if size > 20 else 0.7}
        return self.ax_.scatter(*drawn.at(drawn.wrong), **palette.styled(PathCollection, ours, given))

    def _name_axes(self):
        self.ax_.set_xlabel(plain(shortened(self.feature_names[0], LONGEST_NAME)))
        if self.x2 is None:
            self.ax_.set(ylim=(-0.7, len(self.class_names) - 0.3), ylabel="class")
            self.ax_.set_yticks(
                range(len(self.class_names)), [plain(shortened(name, LONGEST_CLASS)) for name in self.class_names]
            )
        else:
            self.ax_.set_ylabel(plain(shortened(self.feature_names[1], LONGEST_NAME)))
        self.ax_.spines[["top", "right"]].set_visible(False)

    def _title(self, cloud):
        if self.predicted is None:
            return "What there is to learn from"
        who = "The neuron is" if len(self.class_names) == 2 else "The neurons are"
        said = f"{who} wrong about {_share(cloud.wrong[~cloud.held_out])}"
        return f"{said}, and {_share(cloud.wrong[cloud.held_out])} held out" if cloud.held_out.any() else said


class Samples(NamedTuple):
    """Those learned from, then those held out."""

    tables: list[Table]
    labels: np.ndarray
    held_out: np.ndarray | None

    @classmethod
    def joined(cls, table, y, X_held_out=None, y_held_out=None):
        """All samples, after a look whether they belong together."""
        if (X_held_out is None) != (y_held_out is None):
            raise ValueError("X_held_out and y_held_out belong together: pass both, or neither.")
        tables, labels, held_out = [table], [_labels(table.X, y)], None
        if X_held_out is not None:
            other = table_of(X_held_out)
            if len(other.names) != len(table.names):
                raise ValueError(f"X_held_out has {len(other.names)} features, but X has {len(table.names)}.")
            tables.append(other)
            labels.append(_labels(other.X, y_held_out))
            held_out = np.repeat([False, True], [len(part) for part in labels])
        return cls(tables, np.concatenate(labels), held_out)

    def display(self, cls, plane, classes, class_names, predict=None):
        """The samples in a plane of one or two columns, and what is predicted of them."""
        columns = [np.concatenate([table.numbers(j) for table in self.tables]) for j in plane]
        answers = None if predict is None else np.concatenate([predict(table.X) for table in self.tables])
        return cls(
            x1=columns[0],
            x2=columns[1] if len(columns) > 1 else None,
            codes=codes_among(classes, self.labels),
            feature_names=[self.tables[0].names[j] for j in plane],
            class_names=class_names,
            predicted=None if answers is None else codes_among(classes, answers),
            held_out=self.held_out,
        )


class Cloud(NamedTuple):
    """What is drawn of every sample."""

    x: np.ndarray
    y: np.ndarray
    codes: np.ndarray
    wrong: np.ndarray
    held_out: np.ndarray

    @classmethod
    def of(cls, display):
        """The points of a display, each array of shape (n_samples,)."""
        codes = np.asarray(display.codes)
        no = np.zeros(len(codes), dtype=bool)
        wrong = no if display.predicted is None else np.asarray(display.predicted) != codes
        held_out = no if display.held_out is None else np.asarray(display.held_out, dtype=bool)
        height = _rows_apart(codes) if display.x2 is None else display.x2
        cloud = cls(np.asarray(display.x1), np.asarray(height), codes, wrong, held_out)
        check_consistent_length(*cloud)
        if len(codes) and not 0 <= codes.min() <= codes.max() < len(display.class_names):
            raise ValueError(f"codes must be 0 to {len(display.class_names) - 1}, one for each of class_names.")
        return cloud

    def take(self, rows):
        """Some of the points."""
        return Cloud(*(column[rows] for column in self))

    def at(self, some):
        """Where some of the points are: x and y."""
        return self.x[some], self.y[some]


def _remarks(cloud, drawn, note):
    """Entries of the legend that are of no class: what is hollow, and how many are drawn if not all are."""
    from matplotlib.lines import Line2D

    hollow = Line2D([], [], color="none", marker="o", markeredgecolor=palette.FAINT, markeredgewidth=1.5)
    hollow.set_label("held out")
    words = [*palette.if_thinned(len(drawn.x), len(cloud.x)), *([note] if note else [])]
    return [hollow, *words] if cloud.held_out.any() else words


def _share(wrong):
    return f"{wrong.sum():,} of {len(wrong):,}"


def _rows_apart(codes):
    """A row for each class, in which the samples stand at different heights, the same every time."""
    return codes + 0.5 * ((np.arange(len(codes)) * GOLDEN) % 1 - 0.5)


def _labels(X, y):
    labels = column_or_1d(y)
    check_consistent_length(X, labels)
    return labels


def _names(classes, given):
    if given is not None and len(given) != len(classes):
        raise ValueError(f"class_names has {len(given)} names, but there are {len(classes)} classes: {classes}.")
    return [str(name) for name in (classes if given is None else given)]


def _column(X, j):
    if sp.issparse(X):
        return X.tocsc()[:, [j]].toarray().ravel()
    return X.iloc[:, j] if hasattr(X, "iloc") else X[:, j]


def _column_names(X):
    return list(getattr(X, "columns", []))


def _shortened(names):
    return ", ".join([*names[:6], "..."] if len(names) > 6 else names)


def _origins(subject, p):
    """For every feature that the neuron sees, the column of X that it was; None if one is something new."""
    if subject.before is None:
        return list(range(p))
    before = list(getattr(subject.before, "feature_names_in_", [f"x{j}" for j in range(p)]))
    try:
        after = subject.before.get_feature_names_out(before)
    except (AttributeError, ValueError):  # a step that cannot name what it returns
        return None
    return [before.index(name) for name in after] if set(after) <= set(before) else None


def spread_of(X):
    """How far each feature of some samples reaches: its standard deviation.

    Parameters
    ----------
    X : {array-like, sparse matrix} of shape (n_samples, n_features)
        Samples.

    Returns
    -------
    ndarray of float64 of shape (n_features,)
        A sparse X is not made dense, and no digits are lost far from zero.
    """
    if sp.issparse(X):
        X = sp.csr_array(X, dtype=np.float64, copy=True)
        X.sum_duplicates()
        return np.sqrt(mean_variance_axis(X, axis=0)[1])
    return np.asarray(X, dtype=np.float64).std(axis=0)
