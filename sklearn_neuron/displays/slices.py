"""A slice through the features that a user has: two vary, the others are held where a sample is, or at their median."""

from typing import Any, NamedTuple

import numpy as np
import scipy.sparse as sp
from sklearn.utils.sparsefuncs import csc_median_axis_0

from sklearn_neuron.displays.columns import column_of, float_type, is_number, middle_of, names_of, table_like
from sklearn_neuron.displays.table import Table, plane_of

BLOCK = 2**22  # numbers, 32 MiB of them, to be asked about at once


class Slice(NamedTuple):
    """Two columns of X, and where the others are held."""

    X: Any
    plane: list[int]
    held: Any  # array-like of shape (n_features,)
    note: str | None

    @classmethod
    def through(cls, table: Table, features=None, held_at="median") -> "Slice":
        """The slice through the median of X, or through a sample."""
        plane, X, p = plane_of(table, features), table.X, len(table.names)
        if len(plane) < 2:
            raise ValueError(
                "A field needs two features to spread over, and here is one: see SigmoidCurveDisplay, or PlantsDisplay "
                "for the samples alone."
            )
        sample = sample_of(held_at, p)
        note = f"others at {'their median' if sample is None else 'one sample'}" if p > 2 else None
        return cls(X, plane, _median(X) if sample is None else sample, note)

    def ask(self, belief, places) -> np.ndarray:
        """What is believed at places (m, 2), some at a time: shape (m,) or (m, K)."""
        stored = np.count_nonzero(self.held) + 2 if sp.issparse(self.X) else len(self.held)
        step = max(1, BLOCK // stored)
        return np.concatenate([belief(self.rows(places[a : a + step])) for a in range(0, len(places), step)])

    def rows(self, places) -> Any:
        """Samples of the kind of X, one for each of the places (m, 2)."""
        if hasattr(self.X, "iloc"):
            return self._frame_rows(places)
        if names := names_of(self.X):
            return table_like(self.X, self._columns(places, names))
        held = np.array(self.held, dtype=float_type(self.X.dtype))
        return (self._sparse_rows if sp.issparse(self.X) else self._dense_rows)(places, held)

    def _dense_rows(self, places, held):
        rows = np.tile(held, (len(places), 1))
        rows[:, self.plane] = places
        return rows

    def _sparse_rows(self, places, held):
        held[self.plane], m = 0, len(places)
        cells = np.repeat(np.arange(m), 2), np.tile(self.plane, m)
        moving = sp.csr_array((places.astype(held.dtype).ravel(), cells), shape=(m, len(held)))
        return sp.csr_array(np.ones((m, 1), dtype=held.dtype)) @ sp.csr_array(held[None, :]) + moving

    def _columns(self, places, names):
        """Of a table that is made of columns: where the plane is, and what is held."""
        columns: dict[str, Any] = {name: [value] * len(places) for name, value in zip(names, self.held, strict=True)}
        columns |= {names[j]: values for j, values in zip(self.plane, places.T, strict=True)}
        for j, name in enumerate(names):
            values = np.asarray(column_of(self.X, j))
            if j in self.plane or is_number(values):
                columns[name] = np.array(columns[name], dtype=float_type(values.dtype))
        return columns

    def _frame_rows(self, places):
        sample = self.X.iloc[[0]].copy()
        for j, value in enumerate(self.held):
            sample.isetitem(j, _cell(sample.iloc[:, j], value))
        rows = sample.iloc[np.zeros(len(places), dtype=int)].reset_index(drop=True)
        for j, values in zip(self.plane, places.T, strict=True):
            rows.isetitem(j, values.astype(float_type(self.X.iloc[:, j].dtype)))
        return rows


def sample_of(held_at, p) -> np.ndarray | None:
    """The sample of p values where features are held; None if that is their median."""
    if isinstance(held_at, str) and held_at == "median":
        return None
    sample = np.asarray(held_at, dtype=object).ravel()
    if len(sample) != p:
        raise ValueError(f'held_at must be "median" or a sample, a value for each of {p} features; got {held_at!r}.')
    return sample


def stacked(tables) -> Any:
    """Tables of numbers below each other, as one array or sparse array."""
    if sp.issparse(tables[0]):
        return sp.csr_array(sp.vstack(tables))
    return np.concatenate([np.asarray(X, dtype=float_type(getattr(X, "dtype", None))) for X in tables])


def _median(X):
    """Of what is no number, the most frequent value."""
    if sp.issparse(X):
        return csc_median_axis_0(sp.csc_array(X))
    if not names_of(X):
        return np.nanmedian(np.asarray(X, dtype=float_type(X.dtype)), axis=0)
    return [middle_of(column_of(X, j)) for j in range(X.shape[1])]


def _cell(column, value):
    """A column of one row that holds a value: a number as a float, anything else in the column's own type.

    A column of answers, yes or no, may be held at a number between.
    """
    if is_number(column) or (column.dtype.kind == "b" and not isinstance(value, bool | np.bool_)):
        return np.array([value], dtype=float_type(column.dtype))
    cell = column.copy()
    cell[:] = value
    return cell
