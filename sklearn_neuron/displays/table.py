"""The columns of the user's X that are drawn, what they are called, and which samples are held out.

What matters most of many columns is the largest weight times spread, as the neuron sees the features.
"""

from numbers import Integral
from typing import Any, NamedTuple

import numpy as np
import scipy.sparse as sp
from sklearn.utils import check_consistent_length, column_or_1d
from sklearn.utils.sparsefuncs import mean_variance_axis

from sklearn_neuron.displays.columns import column_of, names_of
from sklearn_neuron.homes.labels import codes_among


class Table(NamedTuple):
    """The user's X as it is, and the names of its columns."""

    X: Any
    names: list[str]

    def numbers(self, j) -> np.ndarray:
        """Column number j as floats, shape (n_samples,)."""
        column = column_of(self.X, j)
        try:
            return np.asarray(column, dtype=np.float64)
        except (TypeError, ValueError):
            raise ValueError(f"The feature {self.names[j]!r} holds no numbers; choose others by features=.") from None

    def positions(self, features) -> list[int]:
        """Numbers of the columns meant by numbers or names."""
        given = [features] if isinstance(features, str | Integral) else list(features)
        found = [self._position(feature) for feature in given]
        if len(found) not in (1, 2) or len(set(found)) < len(found):
            raise ValueError(f"features must be two different columns of X (or one); got {features!r}.")
        return found

    def _position(self, feature):
        p = len(self.names)
        if isinstance(feature, Integral) and -p <= int(feature) < p:
            return int(feature) % p
        for names in (self.names, names_of(self.X)):
            if feature in names:
                return names.index(feature)
        raise ValueError(f"features: {feature!r} is no column of X; it has {p}: {_some(self.names)}.")


def table_of(X, feature_names=None, estimator=None) -> Table:
    """X with names for its columns: those given, its own, those the estimator was fitted with, or x1, x2...

    Raises
    ------
    ValueError
        If X has not two dimensions, or another number of columns than there are names.
    """
    X = X if hasattr(X, "dtype") or (hasattr(X, "shape") and names_of(X)) else np.asarray(X)
    if len(X.shape) != 2:
        raise ValueError(f"X must have two dimensions, (n_samples, n_features); got {len(X.shape)}.")
    p = X.shape[1]
    if feature_names is not None and len(feature_names) != p:
        raise ValueError(f"feature_names has {len(feature_names)} names, but X has {p} features.")
    known = getattr(estimator, "feature_names_in_", [f"x{j + 1}" for j in range(p)])
    names = feature_names if feature_names is not None else names_of(X) or known
    return Table(X, [str(name) for name in names])


def plane_of(table: Table, features=None, subject=None) -> list[int]:
    """Numbers of the columns to draw: those asked for, all if there are two at most, or the two that matter most.

    Without a subject nothing matters more than the rest.

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
            f"X has {p} features{why}: pass features=, two of them by number or name, of {_some(table.names)}."
        )
    influence = np.abs(subject.neuron.coef_).max(axis=0) * spread_of(subject.sees(table.X))
    return sorted(int(origins[j]) for j in np.argsort(-influence, kind="stable")[:2])


class Samples(NamedTuple):
    """Those learned from, then those held out."""

    tables: list[Table]
    labels: np.ndarray
    held_out: np.ndarray | None  # (n_samples,) booleans

    @classmethod
    def joined(cls, table: Table, y, X_held_out=None, y_held_out=None) -> "Samples":
        """All samples, after a look whether they belong together."""
        if (X_held_out is None) != (y_held_out is None):
            raise ValueError("X_held_out and y_held_out belong together: pass both, or neither.")
        if X_held_out is None:
            return cls([table], _labels(table, y), None)
        other = table_of(X_held_out)
        if len(other.names) != len(table.names):
            raise ValueError(f"X_held_out has {len(other.names)} features, but X has {len(table.names)}.")
        labels = [_labels(table, y), _labels(other, y_held_out)]
        return cls([table, other], np.concatenate(labels), np.repeat([False, True], [len(part) for part in labels]))

    def display(self, cls, plane, classes, class_names, predict=None) -> Any:
        """The samples in a plane of one or two columns, and what is predicted of them, as a display of class `cls`."""
        x1, *x2 = [np.concatenate([table.numbers(j) for table in self.tables]) for j in plane]
        answers = None if predict is None else np.concatenate([predict(table.X) for table in self.tables])
        return cls(
            x1=x1,
            x2=x2[0] if x2 else None,
            codes=codes_among(classes, self.labels),
            feature_names=[self.tables[0].names[j] for j in plane],
            class_names=class_names,
            predicted=None if answers is None else codes_among(classes, answers),
            held_out=self.held_out,
        )


def spread_of(X) -> np.ndarray:
    """Standard deviation of each feature, float64 of shape (n_features,).

    A sparse X is not made dense, and no digits are lost far from zero.
    """
    if sp.issparse(X):
        X = sp.csr_array(X, dtype=np.float64, copy=True)
        X.sum_duplicates()
        return np.sqrt(mean_variance_axis(X, axis=0)[1])
    return np.asarray(X, dtype=np.float64).std(axis=0)


def _labels(table, y):
    labels = column_or_1d(y)
    check_consistent_length(table.X, labels)
    return labels


def _some(names):
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
