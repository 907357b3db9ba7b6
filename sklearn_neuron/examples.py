"""What shall the command line learn from? A table known by name, or a CSV file; and which rows are held out."""

import warnings
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from sklearn import datasets
from sklearn.model_selection import train_test_split

from sklearn_neuron.datasets import make_toxic_plants

TABLES = {
    "plants": lambda: make_toxic_plants(random_state=0),
    "breast_cancer": datasets.load_breast_cancer,
    "iris": datasets.load_iris,
    "digits": datasets.load_digits,
    "wine": datasets.load_wine,
}
NAMED_COLUMNS = 10  # of a file, at most, in a message


class Table(NamedTuple):
    """What to learn from."""

    name: str
    X: Any
    y: Any
    feature_names: list[str]
    class_names: list[str]


class Split(NamedTuple):
    """Rows to learn from and rows held out to test on, if there are any."""

    X: Any
    y: Any
    X_held_out: Any = None
    y_held_out: Any = None
    only_learned: Any = ()  # numbers of the classes none of which is held out, for they have too few rows

    @property
    def tested(self) -> tuple[Any, Any]:
        """Rows to test on: those held out or, without any, those learned from."""
        return (self.X, self.y) if self.X_held_out is None else (self.X_held_out, self.y_held_out)


def read_table(data: str, target: str | None = None) -> Table:
    """A table by name, or a CSV file.

    Parameters
    ----------
    data : str
        A name, one of TABLES, or the path of a file.
    target : str, default=None
        Column of the file that holds the classes.

    Raises
    ------
    ValueError
        If there is no such table, file or column, or a feature is not a number.
    ImportError
        If there is a file to read and pandas is not installed.
    """
    if data in TABLES:
        if target is not None:
            raise ValueError(f"--target is for CSV files; the table {data!r} knows its own")
        bunch = TABLES[data]()
        classes = [str(name) for name in bunch.target_names]
        return Table(data, bunch.data, bunch.target, _with_units(bunch), classes)
    return _read_csv(Path(data), target)


def _with_units(bunch):
    """Names of the features, each with its unit if it is told apart."""
    if "units" not in bunch:
        return [str(name) for name in bunch.feature_names]
    return [f"{name.replace('_', ' ')} ({unit})" for name, unit in zip(bunch.feature_names, bunch.units, strict=True)]


def _read_csv(path, target):
    if not _is_file(path):
        raise ValueError(f"no such file or table: {one_line(path)} (tables: {', '.join(TABLES)})")
    try:
        import pandas as pd
    except ImportError:
        raise ImportError(
            "reading a file needs pandas: pip install '.[files]' from the checkout, or pip install pandas"
        ) from None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", pd.errors.ParserWarning)
            frame = pd.read_csv(path, low_memory=False, index_col=False)  # no column is taken for names of rows
    except pd.errors.ParserWarning:
        raise ValueError(f"cannot read {path}: its rows have more cells than its heading has names") from None
    except (ValueError, OSError) as error:
        raise ValueError(f"cannot read {path}: {first_line(error)}") from None
    return _split_off(frame, target, path)


def _is_file(path):
    try:
        return path.is_file()
    except OSError:  # a name that no file can have
        return False


def _split_off(frame, target, path):
    """Features and classes of a frame; every feature must be a number in every row."""
    columns = ", ".join(map(one_line, frame.columns[:NAMED_COLUMNS])) + ", ..." * (len(frame.columns) > NAMED_COLUMNS)
    if target is None:
        raise ValueError(f"say which column of {path} to learn: --target COLUMN (columns: {columns})")
    if target not in frame.columns:
        raise ValueError(f"no column {target!r} in {path} (columns: {columns})")
    X, y = frame.drop(columns=target), frame[target]
    if X.shape[1] == 0:
        raise ValueError(f"{path} has no column to learn from beside {target!r}")
    if len(frame) == 0:
        raise ValueError(f"{path} has a heading but no rows")
    for name in X.columns:
        if X[name].dtype.kind not in "biuf":
            raise ValueError(f"column {name!r} of {path} is not numeric; drop it or encode it as numbers")
    for name, column in frame.items():
        if missing := column.isna().sum():
            raise ValueError(
                f"column {name!r} of {path} has missing values, {missing} of {len(column)} "
                "(empty, NA, None or the like); fill or drop them"
            )
    for name in X.columns[np.isinf(X.to_numpy(dtype=np.float64)).any(axis=0)]:
        raise ValueError(f"column {name!r} of {path} has infinity among its numbers; replace or drop such rows")
    classes = _classes(y.to_numpy(), target, path)
    X.columns = list(map(one_line, X.columns))
    return Table(str(path), X, y.to_numpy(), list(X.columns), classes)


def _classes(y, target, path):
    """Names of the classes, of which there must be two or more."""
    if y.dtype.kind == "f" and not np.all(np.isfinite(y) & (y == np.round(y))):
        raise ValueError(f"column {target!r} of {path} holds measurements, not classes")
    classes = [str(label) for label in np.unique(y)]
    if len(classes) < 2:
        raise ValueError(f"column {target!r} of {path} has only one class, {classes[0]!r}; learning needs two or more")
    return classes


def hold_out(table: Table, share: float, seed: int) -> Split:
    """Rows to learn from and rows to test on, classes in proportion.

    Every class is learned. Those of too few rows to give some away are learned from whole; if that leaves no class,
    nothing is held out.
    """
    if not 0 < share < 1:
        raise ValueError(f"--held-out must lie between 0 and 1; got {share:g}")
    _, codes, counts = np.unique(table.y, return_inverse=True, return_counts=True)
    for fewest in np.unique(counts[counts > 1]):
        spare = np.flatnonzero(counts[codes] >= fewest)
        if len(spare) * min(share, 1 - share) < (counts >= fewest).sum():
            continue
        learned, held = train_test_split(spare, test_size=share, stratify=codes[spare], random_state=seed)
        learned = np.concatenate([learned, np.flatnonzero(counts[codes] < fewest)])
        if len(np.unique(codes[learned])) == len(counts):
            rows = getattr(table.X, "iloc", table.X)
            return Split(rows[learned], table.y[learned], rows[held], table.y[held], np.flatnonzero(counts < fewest))
    return Split(table.X, table.y)


def first_line(error: Exception) -> str:
    """What an error says, in one line."""
    return one_line((str(error).strip() or type(error).__name__).splitlines()[0])


def one_line(text: Any) -> str:
    """A name as it may stand in a line: whatever a terminal would obey is a space."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in str(text)).split())
