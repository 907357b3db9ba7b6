"""What shall the command line learn from? A table known by name, or a file; and which rows are held out."""

from shlex import quote
from typing import Any, NamedTuple

import numpy as np
from sklearn import datasets
from sklearn.model_selection import train_test_split

from sklearn_neuron.command.cells import TRUTHS, is_text
from sklearn_neuron.command.columns import (
    FEWEST_TO_JUDGE,
    Columns,
    classes_of,
    named,
    numbers_of_cells,
    sorted_columns,
    why_no_classes,
)
from sklearn_neuron.command.complaints import ComplaintsError, did_you_mean, one_line, plural, some_of
from sklearn_neuron.command.files import Written, different, load_pandas, read_frame, title_of
from sklearn_neuron.datasets import make_toxic_plants

LOOKED_FOR = 20  # rows, for the heading
TABLES = {
    "plants": lambda: make_toxic_plants(random_state=0),
    "breast_cancer": datasets.load_breast_cancer,
    "iris": datasets.load_iris,
    "digits": datasets.load_digits,
    "wine": datasets.load_wine,
}


class Table(NamedTuple):
    """What to learn from."""

    name: str
    X: Any
    y: Any
    feature_names: list[str]
    class_names: list[str]
    columns: Columns | None = None  # what is in the columns of a file
    notes: Any = ()  # what is to be said of the file
    image_shape: Any = None  # rows and columns, if the features are the pixels of an image


class Asked(NamedTuple):
    """What is asked of a file: the target, columns to leave out and to learn from all the same, how it is written.

    Columns to be drawn are learned from all the same, too.
    """

    target: str | None = None
    dropped: Any = ()
    kept: Any = ()
    written: Written = Written()
    drawn: Any = ()


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


def read_table(data: str, target: str | None = None, asked: Asked | None = None) -> Table:
    """A table by name, or a file.

    Parameters
    ----------
    data : str
        A name, one of TABLES, the path of a file, or ``-`` for standard input.
    target : str, default=None
        Column of the file that holds the classes.
    asked : Asked, default=None
        All else that is asked of a file, and the target.

    Returns
    -------
    Table
        X of a file holds the columns to learn from, as they are; its index is the number of the row, from 0.

    Raises
    ------
    ValueError
        If there is no such table, file or column, or it cannot be learned; ComplaintsError says all that is wrong.
    ImportError
        If there is a file to read and pandas is not installed.
    """
    asked = asked or Asked(target)
    if data not in TABLES:
        return _table_of(read_frame(data, asked.written, tuple(TABLES)), title_of(data), asked)
    if asked.target is not None:
        raise ValueError(f"--target is for CSV files; the table {data!r} knows its own")
    if asked.dropped or asked.kept:  # those to be drawn are looked for where they are drawn
        raise ValueError(f"--drop and --keep are for files; the table {data!r} is learned as it is")
    bunch = TABLES[data]()
    classes = [str(name) for name in bunch.target_names]
    shape = bunch.images.shape[1:] if "images" in bunch else None
    return Table(data, bunch.data, bunch.target, _with_units(bunch), classes, image_shape=shape)


def _with_units(bunch):
    """Names of the features, each with its unit if it is told apart."""
    if "units" not in bunch:
        return [str(name) for name in bunch.feature_names]
    return [f"{name.replace('_', ' ')} ({unit})" for name, unit in zip(bunch.feature_names, bunch.units, strict=True)]


def _table_of(read, title, asked):
    """Columns to learn from and classes of a file, or all that is wrong with it."""
    frame = read.frame
    target = _target_of(frame, title, asked)
    (kept, dropped, drawn), problems = _named_by_options(asked, frame)
    problems += [f"column {name!r} is named by --keep and by --drop" for name in kept if name in dropped]
    problems += [f"column {name!r} is named by --features and by --drop" for name in drawn if name in dropped]
    problems += [f"--drop: {target!r} is the target"] * (target in dropped)
    problems += [f"--features: {target!r} is the target"] * (target in drawn)
    has_class = frame[target].notna()
    y = frame.loc[has_class, target]
    without, why_none = _without_class(has_class, read.gaps.get(target, {}))
    if why := why_no_classes(y, target in kept, read.written.decimal or "."):
        problems.append(f"column {target!r} of {title} {why}" + f"; {without} have none{why_none}" * bool(without))
    X = frame.loc[has_class].drop(columns=[target, *dropped])
    if X.shape[1] == 0:
        problems.append(f"{title} has no column to learn from beside {target!r}")
    if problems:
        raise ComplaintsError(problems)
    written = {name: value for name, value in read.written._asdict().items() if value is not None}
    columns = sorted_columns(X, [*kept, *drawn], written, asked.written.decimal is not None)
    how = [*read.how, *columns.read_as()]
    notes = [f"read as: {', '.join(how)}"] * bool(how)
    notes += [f"{without} left out, for they have no class in {target!r}{why_none}"] * bool(without)
    y = _labels(y, bool(without))
    notes += [*_spelled_twice(y), *_copies(X[columns.learned], y)]
    classes = [str(label) for label in np.unique(y)]
    return Table(title, X[columns.learned], y, columns.learned, classes, columns, [*notes, *columns.told()])


def _named_by_options(asked, frame):
    """Columns named by --keep, --drop and --features, a list of each, and complaints of those not there."""
    options = {"--keep": asked.kept, "--drop": asked.dropped, "--features": asked.drawn}
    found = [named(names, frame, option) for option, names in options.items()]
    return [names for names, _ in found], [complaint for _, complaints in found for complaint in complaints]


def _without_class(has_class, words):
    """How many rows have no class, and by which words they say so; of both nothing if all have one."""
    without = int((~has_class).sum())
    said = some_of(f"{count} say {word!r}" if word.strip() else f"{count} are blank" for word, count in words.items())
    why = f" ({said}, which stands for none)" if words else ""
    return (f"{without} of {plural(len(has_class), 'row')}" if without else "", why)


def _copies(X, y):
    """A line of columns that say the class by themselves, each value one class; nothing if there are none."""
    codes = _in_order(y)
    copies = [name for name in X.columns if len(y) >= FEWEST_TO_JUDGE and _is_copy(X[name], codes)]
    if not copies:
        return []
    alone = "tell the class of every row by themselves" if len(copies) > 1 else "tells the class of every row by itself"
    return [f"{some_of(copies)} {alone}; if nobody knows that beforehand: --drop {quote(copies[0])}"]


def _is_copy(column, codes):
    first = _in_order(column.iloc[: len(codes) // LOOKED_FOR + 1])
    return np.array_equal(first, codes[: len(first)]) and np.array_equal(_in_order(column), codes)


def _in_order(values):
    """The number of each value, in the order in which they come."""
    return load_pandas("reading a file").factorize(values, use_na_sentinel=False)[0]


def _target_of(frame, title, asked):
    """The name of the target, which must be there, as must be rows."""
    names = some_of(frame.columns)
    if asked.target is None:
        raise ValueError(f"say which column of {title} to learn: --target COLUMN (columns: {names})")
    target = one_line(asked.target)
    if target not in frame.columns:
        meant = did_you_mean(target, frame.columns)
        wrong = [f"no column {target!r} in {title} (columns: {names}){meant}{_headless(frame, target)}"]
        raise ComplaintsError([*wrong, *_named_by_options(asked, frame)[1]])
    if len(frame) == 0:
        raise ValueError(f"{title} has a heading but no rows")
    return target


def _headless(frame, target):
    """That the heading is missing, if it reads like data, or stands elsewhere; or that nothing was cut into cells."""
    if frame.shape[1] == 1 and len(frame):
        return "; if other signs than , ; | tabs and spaces stand between cells: --separator SIGN"
    rows = frame.head(LOOKED_FOR).itertuples(index=False)
    if any(target in [str(cell).strip() for cell in row] for row in rows):
        return "; the heading seems to stand further down: delete the lines above it"
    numbers = sum(name.replace(".", "", 2).replace("-", "").split(" ")[0].isdecimal() for name in frame.columns)
    return "; its first line reads like data: put names of the columns above" * (2 * numbers > len(frame.columns))


def _spelled_twice(y):
    """Lines of classes that are the same but for capitals, or as numbers; nothing if there are none."""
    names = list(map(str, np.unique(y)))
    lines = []
    for what, same in (("capitals", str.casefold), ("the way a number is written", _as_number)):
        spelled: dict[Any, list[str]] = {}
        for name in names:
            spelled.setdefault(same(name), []).append(name)
        twice = [" and ".join(map(repr, alike)) for alike in spelled.values() if len(alike) > 1]
        lines += [f"classes that differ in {what} only are different classes: {some_of(twice)}"] * bool(twice)
    return lines


def _as_number(name):
    number = numbers_of_cells([name], ".")[0]
    return number if np.isfinite(number) and name.casefold() not in TRUTHS else name


def _labels(y, without):
    """Labels as an array; whole numbers that became floats beside missing ones are whole numbers again."""
    if is_text(y):
        classes = classes_of(y)
        return classes.to_numpy(dtype=object if is_text(classes) else None)
    return (y.astype(np.int64) if without and y.dtype.kind == "f" else y).to_numpy()


def as_file(table: Table) -> Table:
    """A table known by name as if it had been read from a file: columns with names, classes by name.

    So what is learned from it can be used on files of such columns.
    """
    pd = load_pandas("--save")
    if table.columns is not None:
        return table
    X = pd.DataFrame(np.asarray(table.X), columns=different(table.feature_names))
    y = np.asarray(table.class_names, dtype=object)[table.y]
    columns = sorted_columns(X, X.columns[X.nunique() > 1])
    names = [str(name) for name in np.unique(y)]
    return Table(table.name, X[columns.learned], y, columns.learned, names, columns, columns.told())


def hold_out(table: Table, share: float, seed: int) -> Split:
    """Rows to learn from and rows to test on, classes in proportion.

    Every class is learned. Those of too few rows to give some away are learned from whole; if that leaves no class,
    nothing is held out.
    """
    if not 0 <= share < 1:
        raise ValueError(f"--held-out must be 0, or lie between 0 and 1; got {share:g}")
    if share == 0:
        return Split(table.X, table.y)
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
