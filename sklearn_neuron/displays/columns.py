"""Columns of whatever the user has: arrays, sparse matrices, or tables of pandas, polars or pyarrow.

None of these three is imported: a table is asked what it can do.
"""

from collections import Counter
from typing import Any

import numpy as np
import scipy.sparse as sp


def names_of(X) -> list[Any]:
    """Names of the columns of a table; an array has none.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn_neuron.displays.columns import names_of
    >>> names_of(np.eye(2))
    []
    """
    return list(X.column_names if _is_arrow(X) else getattr(X, "columns", []))


def column_of(X, j) -> Any:
    """Column number j, as X keeps it; of a sparse matrix as an array of shape (n_samples,)."""
    if sp.issparse(X):
        return X.tocsc()[:, [j]].toarray().ravel()
    if hasattr(X, "iloc"):
        return X.iloc[:, j]
    return X.column(j) if _is_arrow(X) else X[:, j]


def table_like(X, columns: dict[str, Any]) -> Any:
    """A table of the kind of X, of polars or pyarrow, that is made of columns by name."""
    return type(X).from_pydict(columns) if _is_arrow(X) else type(X)(columns)


def middle_of(column) -> Any:
    """The median of numbers, missing ones aside; of anything else the most frequent value, of several the first.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn_neuron.displays.columns import middle_of
    >>> middle_of(np.array(["red", "blue", "red"]))
    'red'
    """
    if hasattr(column, "iloc"):  # pandas has numbers that NumPy has not, and values in lists as they are
        return column.median() if is_number(column) else _most_frequent(column.tolist())
    values = np.asarray(column)
    if is_number(values):
        return np.nanmedian(values.astype(float_type(values.dtype), copy=False))
    return _most_frequent(values.tolist())


def is_number(column) -> bool:
    """Whether a column of pandas or NumPy holds numbers; answers, yes or no, are none."""
    return column.dtype.kind in "fiu"


def float_type(dtype) -> np.dtype:
    """The type itself, if it is one of NumPy's floats; otherwise float64."""
    return dtype if isinstance(dtype, np.dtype) and dtype.kind == "f" else np.dtype(np.float64)


def _most_frequent(values):
    counts = Counter(values)
    return max(sorted(counts, key=str), key=counts.__getitem__)


def _is_arrow(X):
    """Whether it is pyarrow's, whose `columns` are not their names."""
    return hasattr(type(X), "from_pydict")
