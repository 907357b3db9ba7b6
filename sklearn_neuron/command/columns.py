"""What is in the columns of a table: numbers, dates or words; or nothing that a neuron could learn from, and why.

A column is read as what nearly all of its cells are: text of which nearly all reads as numbers is numbers, and the rest
of it is missing. What counts the rows, names them or is the same in all of them is left out, unless it is asked for by
name: a neuron that learns from it knows the rows it has seen, and nothing of others.
"""

import re
from typing import Any, NamedTuple

import numpy as np

from sklearn_neuron.command.cells import (
    LARGEST,
    TRUTHS,
    as_text,
    days_of,
    is_number,
    is_text,
    numbers_of,
    without_units,
)
from sklearn_neuron.command.complaints import SHOWN_VALUES, ComplaintsError, did_you_mean, one_line, plural, some_of

NEARLY_ALL = 0.9  # of the cells, that say what a column is
PERHAPS = 0.4  # of some of them
MOST_CELLS = 0.5  # that say so if nearly all different ones do: of the others many are alike, such as "unknown"
FEWEST_TO_JUDGE = 10  # rows; of fewer it is chance that they count
FEWEST_WITH_GAPS, SOME_GAPS = 50, 1.25  # rows, and numbers for each, where some rows of a numbered table are gone
MOST_WHOLE_CLASSES = 30  # different whole numbers; more are rather measured than told apart
FEW_WHOLE_CLASSES, ROWS_OF_A_CLASS = 10, 10  # as are more than so many, of fewer rows each
LEAST_RARE, MOST_RARE = 2, 20  # rows of which a level must be to have a feature of its own
TRIED = 1000  # cells that are read to find out what they are
IS_ID = re.compile(r"(?i:(^|[^a-z])(id|ids|idx|index|uuid|guid|rowid|key)$|^unnamed: \d+$)|[a-z]I[dD]$")
HAS_DATE = re.compile(r"\s*([^\W\d]{3,9}\.?,? +){0,2}(\d{1,4}[-/. ]\s?\w{1,9}[-/. ,]+\d{1,4}|\d{1,2},? +\d{4})")
WHOLE_DAY = "%Y%m%d"  # which could be a number
EARLIEST_WHOLE_DAY, LATEST_WHOLE_DAY = 1900_01_01, 2100_01_01
DAYS = {
    "ISO8601": "year-month-day",
    "%d.%m.%Y": "day.month.year",
    "%d/%m/%Y": "day/month/year",
    "%m/%d/%Y": "month/day/year",
    "%d-%m-%Y": "day-month-year",
    "%m-%d-%Y": "month-day-year",
    "%Y/%m/%d": "year/month/day",
    "%d.%m.%y": "day.month.year",
    "%d/%m/%y": "day/month/year",
    "%m/%d/%y": "month/day/year",
    "%d %b %Y": "day month year",
    "%d-%b-%Y": "day-month-year",
    "%d-%b-%y": "day-month-year",
    "%d %B %Y": "day month year",
    "%d. %B %Y": "day. month year",
    "%b %d, %Y": "month day, year",
    "%B %d, %Y": "month day, year",
    "%b %d %Y": "month day year",
    "%B %d %Y": "month day year",
    "%a %d %b %Y": "weekday day month year",
    "%a, %d %b %Y": "weekday, day month year",
    "%A, %d %B %Y": "weekday, day month year",
    "%A, %B %d, %Y": "weekday, month day, year",
    "%a %b %d %Y": "weekday month day year",
}
HOURS = ("%H:%M", "%H:%M:%S", "%I:%M %p", "%I:%M:%S %p", "%H:%M:%S %z", "%H:%M:%S GMT")
FORMATS = DAYS | {f"{day} {time}": told for day, told in DAYS.items() for time in HOURS if "%" in day}
FORMATS |= {WHOLE_DAY: "yearmonthday"}
TASTED = 20  # cells, by which most formats are dismissed
LAST_DAY = 9999_12_31  # which says that there is no end
MARKS = {".": "points", ",": "commas"}
OTHER = {".": ",", ",": "."}  # mark before decimals
HAS_MARK = re.compile(r"[.,]")
THOUSANDS_OR_NOT = re.compile(r"[-+]?[1-9]\d{0,2}[.,]\d{3}")  # 1,234 and 90.000
UNIT = re.compile(r"[-+]?\d[\d.,' ]*(?<=\d)\s*((?![.,'])[^\W\d_]\D{0,11}|[^\w\s.,:;'()-]\D{0,11})")
PLAIN = re.compile(r"(?i:[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?|[-+]?inf(inity)?)")
ZERO_FIRST = re.compile(r"[-+]?0\d")
MOST_DIGITS = 18  # of a whole number
CODE = re.compile(r"[-+]?(0|[1-9]\d*)")  # whole, and lost nothing when it is a number


class Column(NamedTuple):
    """What a column is, and what is to be said of it."""

    kind: str  # "numbers", "dates" or "texts"; "left out"
    why: str = ""  # it is left out
    written: str = ""  # the format of dates
    since: str = ""  # the first of them
    unread: tuple[str, ...] = ()  # cells that are no number, or no date, where nearly all are
    missing: int = 0
    infinite: int = 0
    decimal: str = "."  # the mark before decimals of numbers that are text
    unit: str = ""  # what stands behind them
    marked: str | None = None  # a cell that may have thousands or decimals, if all are such; nothing if none has either
    can_be_kept: bool = False  # though it is left out


class Columns(NamedTuple):
    """The columns to learn from, by name, and those left out; n_rows are those they were judged by."""

    found: dict[str, Column]
    n_rows: int
    written: Any = None  # how the file is written: values by name
    is_sure: bool = False  # somebody has said which mark stands before decimals

    def of_kind(self, kind: str) -> list[str]:
        """Names of the columns of one kind."""
        return [name for name, column in self.found.items() if column.kind == kind]

    @property
    def learned(self) -> list[str]:
        """Names of the columns to learn from, in the order in which they stand in the file."""
        return [name for name, column in self.found.items() if column.kind != "left out"]

    @property
    def formats(self) -> dict[str, str]:
        """How dates are written, by column."""
        return {name: column.written for name, column in self._those("dates")}

    @property
    def first_days(self) -> dict[str, str]:
        """The first of the dates, by column."""
        return {name: column.since for name, column in self._those("dates")}

    @property
    def commas(self) -> list[str]:
        """Names of the columns in which decimals stand behind a comma."""
        return [name for name, column in self._those("numbers") if column.decimal == ","]

    @property
    def units(self) -> dict[str, str]:
        """What stands behind the numbers, by column."""
        return {name: column.unit for name, column in self._those("numbers") if column.unit}

    def read_as(self) -> list[str]:
        """How numbers are read that could be read otherwise, and units."""
        evident = {column.decimal for column in self.found.values() if column.marked == ""}
        told = []
        for name, column in self._those("numbers"):
            cell = column.marked
            is_of_thousands = bool(cell) and OTHER[column.decimal] in without_units(cell)
            if cell and not self.is_sure and not (is_of_thousands and column.decimal in evident):
                number = numbers_of_cells([cell], column.decimal, column.unit)[0]
                told.append(f"{name}: {cell!r} taken for {number:g}; --decimal {OTHER[column.decimal]} says otherwise")
        units = [f"{name} with decimal {MARKS[c.decimal]}" for name, c in self._those("numbers") if self._is_odd(c)]
        units += [f"{name} in {unit!r}" for name, unit in self.units.items()]
        return [*([some_of(told)] if told else []), *([some_of(units)] if units else [])]

    def _is_odd(self, column):
        """Whether its decimals stand behind another mark than those of the file."""
        return column.marked == "" and column.decimal != (self.written or {}).get("decimal", ".")

    @property
    def least_rows(self) -> int:
        """Of how many rows a level must be to have a feature of its own."""
        return rows_of_a_level(self.n_rows)

    def told(self) -> list[str]:
        """What is to be said of them: a line for each kind of thing."""
        found = self.found
        left_out = [f"{name} ({found[name].why})" for name in self.of_kind("left out")]
        dates = [
            f"{name} ({FORMATS[column.written]}, since {column.since})"
            if column.written
            else f"{name} ({column.since})"
            for name, column in self._those("dates")
        ]
        infinite = [f"{name} ({column.infinite})" for name, column in found.items() if column.infinite]
        unread = [f"{name} ({_quoted(column.unread)})" for name, column in found.items() if column.unread]
        filled = [f"{name} ({column.missing} of {self.n_rows})" for name, column in self._those("numbers", "dates")]
        filled = [told for told in filled if not told.split("(")[-1].startswith("0 of")]
        lines = {
            "left out": some_of(left_out) + _to_keep(found),
            "dates, as days since the first": some_of(dates),
            "no numbers or dates, taken for missing": some_of(unread),
            "infinite or nearly so, taken for missing": some_of(infinite),
            "missing, filled by the median and flagged": some_of(filled),
        }
        are_told = (left_out, dates, unread, infinite, filled)
        return [f"{what}: {which}" for (what, which), told in zip(lines.items(), are_told, strict=True) if told]

    def _those(self, *kinds):
        return [(name, column) for name, column in self.found.items() if column.kind in kinds]


def _to_keep(found):
    """Which columns that are left out can be learned from all the same, as the end of a sentence."""
    names = [name for name, column in found.items() if column.can_be_kept]
    return f"; --keep NAME learns all the same from {some_of(names)}" if names else ""


def _quoted(values):
    return some_of(map(repr, map(one_line, values)), SHOWN_VALUES)


def rows_of_a_level(n_rows: int) -> int:
    """Of how many rows a level must be to have a feature of its own: one in fifty, from 2 to 20.

    >>> rows_of_a_level(60), rows_of_a_level(400), rows_of_a_level(10**6)
    (2, 8, 20)
    """
    return int(np.clip(n_rows // 50, LEAST_RARE, MOST_RARE))


def sorted_columns(frame, kept=(), written=None, is_sure: bool = False) -> Columns:
    """Sort the columns of a table.

    Parameters
    ----------
    frame : DataFrame of shape (n_samples, n_columns)
        Columns that may be learned from.
    kept : collection of str, default=()
        Names of those that are learned from whatever they look like.
    written : dict of str, default=None
        How the file is written: "decimal" is the mark before decimals, where both could be.
    is_sure : bool, default=False
        Whether somebody has said which mark that is.

    Returns
    -------
    Columns

    Raises
    ------
    ComplaintsError
        If one that is kept tells nothing at all, or none is left; one line for each reason.
    """
    decimal = (written or {}).get("decimal", ".")
    found = {name: column_of(frame[name], name in kept, decimal) for name in frame.columns}
    columns = Columns(found, len(frame), written, is_sure)
    hopeless = [name for name in columns.of_kind("left out") if name in kept]
    if hopeless:
        raise ComplaintsError(f"column {name!r} cannot be kept: {found[name].why}" for name in hopeless)
    if not columns.learned:
        reasons = some_of(f"{name} ({column.why})" for name, column in found.items())
        raise ComplaintsError([f"there is no column to learn from; left out: {reasons}{_to_keep(found)}"])
    return columns


def column_of(column, is_kept: bool, decimal: str = ".") -> Column:
    """What one column is; one that is kept is left out only if it tells nothing at all."""
    present = column.dropna()
    if len(present) == 0:
        return Column("left out", "empty")
    if is_number(column):
        return _column_of_numbers(column, present, is_kept)
    if not is_text(column):
        return _column_of_dates(column, present, "")
    return (
        _read_as_numbers(column, present, is_kept, decimal)
        or _read_as_dates(column, present)
        or _words(column, is_kept)
    )


def _column_of_numbers(column, present, is_kept, unread=()):
    if _are_whole_days(present):
        return _column_of_dates(column, present, WHOLE_DAY)._replace(unread=unread)
    distinct, infinite = present.nunique(), int((np.abs(present.to_numpy(dtype=np.float64)) >= LARGEST).sum())
    missing = len(column) - len(present)
    found = Column("numbers", unread=unread, missing=missing, infinite=infinite)
    why = "" if is_kept else _why_not_numbers(column.name, present, distinct, missing)
    return Column("left out", why, can_be_kept=True) if why else _unless_constant(found, distinct)


def _unless_constant(found, distinct):
    """What was found or, if all cells are the same and none is missing, that they are."""
    same = distinct == 1 and not found.missing
    return Column("left out", "the same in every row") if same else found


def _why_not_numbers(name, present, distinct, missing):
    """Why numbers are rather a name of the row than a measurement; nothing if they are not."""
    numbers, n = present.to_numpy(dtype=np.float64), len(present)
    if n < FEWEST_TO_JUDGE or distinct < n / 2 or not _are_whole(numbers):
        return ""
    gaps = SOME_GAPS if n >= FEWEST_WITH_GAPS else 1.0
    if distinct == n and not missing and numbers.max() - numbers.min() < n * gaps:
        return f"an index, {numbers.min():.0f} to {numbers.max():.0f}"
    return "an identifier" if IS_ID.search(str(name).strip()) else ""


def _are_whole(numbers):
    return bool(np.all(np.isfinite(numbers) & (numbers == np.round(numbers))))


def _are_whole_days(present):
    """Whether numbers are days such as 20240131, all of them."""
    numbers = present.to_numpy(dtype=np.float64)
    numbers = numbers[numbers != LAST_DAY]
    if not len(numbers) or not np.all((numbers >= EARLIEST_WHOLE_DAY) & (numbers < LATEST_WHOLE_DAY)):
        return False
    return _are_whole(numbers) and bool(days_of(present.drop_duplicates(), WHOLE_DAY).notna().all())


def _read_as_numbers(column, present, is_kept, decimal):
    """Text nearly all of which reads as numbers; None if it does not."""
    form = form_of(present, decimal)
    if form is None:
        return None
    numbers = numbers_of(present, *form)
    is_read = numbers.notna()
    if not _is_nearly_all(is_read, present):
        return None
    unread = tuple(present[~is_read].astype(str).unique())
    found = _column_of_numbers(numbers.reindex(column.index), numbers[is_read], is_kept, unread)
    if found.kind != "numbers":
        return found
    return found._replace(decimal=form[0], unit=form[1], marked=_marked(present[is_read], form[1]))


def form_of(present, decimal: str = ".") -> tuple[str, str] | None:
    """The mark before decimals by which most cells of a text are numbers, and the unit behind; None if few are."""
    some = present.iloc[:: max(1, len(present) // TRIED)]
    best, most = None, PERHAPS
    for unit in dict.fromkeys(["", _unit_of(some)]):
        for mark in (decimal, OTHER[decimal]):
            share = numbers_of(some, mark, unit).notna().mean()
            if share > most or (share == most and best is None):
                best, most = (mark, unit), share
        if most == 1:
            break
    return best


def _unit_of(some):
    """What stands behind nearly all numbers, in the same letters; nothing if there is no such thing."""
    counts: dict[str, int] = {}
    for cell in map(str, some):
        if found := UNIT.fullmatch(cell.strip()):
            counts[found[1]] = counts.get(found[1], 0) + 1
    unit = max(counts, key=counts.__getitem__, default="")
    return unit if counts.get(unit, 0) >= NEARLY_ALL * len(some) else ""


def _marked(present, unit):
    """A cell that may have thousands or decimals if all cells with a mark are such, None if no cell has a mark."""
    doubtful = None
    if not HAS_MARK.search("".join(map(str, present))):
        return None
    for cells in (present.iloc[:TRIED], present.iloc[TRIED:]):
        for cell in cells.unique():
            bare = without_units(str(cell).strip().removesuffix(unit))
            if HAS_MARK.search(bare):
                if not THOUSANDS_OR_NOT.fullmatch(bare):
                    return ""
                doubtful = doubtful or str(cell)
    return doubtful


def numbers_of_cells(cells, decimal: str, unit: str = "") -> list[float]:
    """Numbers of some cells, as they are read in a column."""
    import pandas as pd

    return numbers_of(pd.Series(cells, dtype=object), decimal, unit).tolist()


def _is_nearly_all(is_read, present):
    """Whether nearly all cells are read; or most are, and of the different ones nearly all."""
    if is_read.mean() >= NEARLY_ALL:
        return True
    different, read = present.nunique(), present[is_read].nunique()
    return bool(is_read.mean() >= MOST_CELLS and read >= NEARLY_ALL * different)


def _read_as_dates(column, present):
    """Text nearly all of which reads as dates that are written alike; None if it does not."""
    cells = present.astype(str)
    tried = cells.iloc[:: max(1, len(cells) // TRIED)]
    looks_so = tried.str.match(HAS_DATE)
    if not _is_nearly_all(looks_so, tried):
        return None
    written = _format_of(tried[looks_so])
    return _column_of_dates(column, cells, written) if written else None


def _format_of(cells):
    """How nearly all of some dates are written; nothing if each is written otherwise."""
    first = cells.iloc[:TASTED]
    likely = [written for written in FORMATS if days_of(first, written).notna().mean() >= MOST_CELLS]
    shares = {written: days_of(cells, written).notna().mean() for written in likely}
    written = max(shares, key=shares.__getitem__, default="")  # of equals the first
    return written if written and shares[written] >= NEARLY_ALL else ""


def _column_of_dates(column, present, written):
    days = days_of(present, written)
    first = np.datetime64(int(np.floor(days.min())), "D")
    unread = tuple(present[days.isna()].astype(str).unique())
    missing = len(column) - int(days.notna().sum())
    return _unless_constant(Column("dates", "", written, str(first), unread, missing), days.nunique())


def _words(column, is_kept):
    """Words, of which some must be in many rows."""
    words = as_text(column.to_frame()).iloc[:, 0]
    counts = words.value_counts()
    missing = int(words.isna().sum())
    if not len(counts):  # blanks alone
        return Column("left out", "empty")
    if len(counts) == 1 and not missing:
        return Column("left out", "the same in every row")
    if counts.iloc[0] >= rows_of_a_level(len(column)) or (is_kept and missing):
        return Column("texts", missing=missing)
    unlike = "different in every row" if counts.iloc[0] == 1 else f"of {len(counts)} values, all rare"
    return Column("left out", f"text, {unlike}", can_be_kept=missing > 0)


# The target -------------------------------------------------------------------------------------------------------


def classes_of(y: Any) -> Any:
    """The target as classes: whole numbers, numbers or truths if all cells of a text are such, else words.

    Codes that begin with 0 are words.
    """
    if not is_text(y):
        return y
    words = as_text(y.to_frame()).iloc[:, 0]
    cells = list(words.unique())
    if all(CODE.fullmatch(cell) and len(cell) < MOST_DIGITS for cell in cells):
        return words.map({cell: int(cell) for cell in cells}).astype(np.int64)
    if all(cell.casefold() in TRUTHS for cell in cells):
        return words.map({cell: bool(TRUTHS[cell.casefold()]) for cell in cells}).astype(bool)
    is_plain = not any(ZERO_FIRST.match(cell) or not PLAIN.fullmatch(cell) for cell in cells)
    return words.map({cell: float(cell) for cell in cells}).astype(np.float64) if is_plain else words


def why_no_classes(y, is_kept: bool, decimal: str = ".") -> str:
    """Why a column cannot be told apart into classes; nothing if it can.

    Parameters
    ----------
    y : Series of shape (n_samples,)
        The target, without missing values.
    is_kept : bool
        Whether it is learned even if it looks like measurements.
    decimal : str, default="."
        The mark before decimals, where both could be.

    Returns
    -------
    str
        The end of a sentence that begins with the name of the column.
    """
    if len(y) == 0:
        return "is empty"
    labels = classes_of(y)
    values = labels.unique()
    if len(values) < 2:
        return f"has only one class, {str(values[0])!r}; learning needs two or more"
    if is_number(labels) and not _are_whole(np.asarray(values, dtype=np.float64)):
        return f"holds measurements, not classes: {_quoted_numbers(values)}; make classes of them, such as low and high"
    return "" if is_kept else _why_rather_measured(labels, values, decimal)


def _why_rather_measured(y, values, decimal):
    anyway = f"; --keep {str(y.name)!r} takes each for a class all the same"
    most = min(MOST_WHOLE_CLASSES, max(FEW_WHOLE_CLASSES, len(y) / ROWS_OF_A_CLASS))
    if y.dtype.kind != "b" and len(values) > most and (why := _why_measured(y, decimal)):
        return why + anyway
    if is_text(y) and (dates := _read_as_dates(y, y)) is not None and dates.kind == "dates":
        return f"holds dates, not classes{anyway}"
    if len(values) > max(MOST_WHOLE_CLASSES, len(y) / 2):
        return f"is different in most rows ({plural(len(values), 'value')} in {len(y)}): no classes{anyway}"
    return "" if is_number(y) or is_text(y) else f"holds dates, not classes{anyway}"


def _why_measured(y, decimal):
    """That nearly all of many values are numbers; nothing if they are not."""
    if not (is_number(y) or is_text(y)):
        return ""
    form = (decimal, "") if is_number(y) else form_of(y, decimal)
    numbers = None if form is None else numbers_of(y, *form)
    if numbers is None or not _is_nearly_all(numbers.notna(), y):
        return ""
    read = numbers.dropna().unique()
    beside = [cell for cell in y[numbers.isna()].unique() if is_text(y)]
    words = f" (and {some_of(map(repr, beside), SHOWN_VALUES)})" if beside else ""
    if not _are_whole(read):
        return f"holds measurements, not classes: {some_of(y[numbers.notna()].unique(), SHOWN_VALUES)}{words}"
    return (
        f"holds {len(read)} different whole numbers, {read.min():.0f} to {read.max():.0f}{words}, in "
        f"{plural(len(y), 'row')}: measurements rather than classes"
    )


def _quoted_numbers(values):
    return some_of((f"{value:g}" for value in values), SHOWN_VALUES)


def named(asked, frame, option) -> tuple[list[str], list[str]]:
    """Columns that an option names, by itself or several with commas between, and complaints of those not there."""
    names = names_in(asked, frame.columns)
    unknown = [name for name in names if name not in frame.columns]
    complaints = [f"{option}: no column {name!r}{did_you_mean(name, frame.columns)}" for name in unknown]
    return [name for name in names if name in frame.columns], complaints


def names_in(asked, columns) -> list[str]:
    """Names in some texts, each of which is one, or several with commas between."""
    return [name for text in asked for name in _names_in(text, columns)]


def _names_in(text, columns):
    name = one_line(text)
    return [name] if name in columns else [one for one in map(one_line, text.split(",")) if one]


def missing_names(needed, frame, title: str) -> list[str]:
    """A complaint for every column that is needed and not there, with the name of the file."""
    there: Any = frame.columns
    others = [name for name in there if name not in needed]
    return [f"no column {name!r} in {title}{did_you_mean(name, others)}" for name in needed if name not in there]
