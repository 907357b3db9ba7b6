"""What is a cell worth to a neuron? Numbers, days and words, as functions that a kept pipeline names and calls again.

They take a table and return one with the same columns. What cannot be read is missing: the step that comes next fills
it and flags it. Whoever loads a kept model finds them here, so neither this file nor a name in it may move.
"""

import re
from datetime import UTC, datetime
from typing import Any

import numpy as np

DAY = np.timedelta64(1, "D")
GROUPS = {
    ".": re.compile(r"[-+]?[1-9]\d{0,2}(,\d{3})+(\.\d*)?"),  # 1,234,567.8
    ",": re.compile(r"[-+]?[1-9]\d{0,2}(\.\d{3})+(,\d*)?"),  # 1.234.567,8
}
TRUTHS = {"true": 1.0, "false": 0.0}
LARGEST = 1e150  # whose square can still be held
FAR = re.compile(r"(?<!\d)(0\d|1[0-6]|2[2-9]|[3-9]\d)\d\d")  # years for which nanoseconds may not do
UNITS = re.compile(r"[$€£¥%]|\s+(?!\d)|(?<!\d)\s+|(?<=\d)[\s'\u2019](?=\d{3}(?!\d))")  # and what marks thousands
MINUS = re.compile(r"\((.+)\)|[\u2212\u2013](.+)")  # as accountants, and as printers write it
FLAG = "missingindicator_"  # what SimpleImputer puts before the name
RARE = "infrequent_sklearn"  # what OneHotEncoder calls rare levels together


def as_numbers(X: Any, commas: Any = (), units: Any = None) -> Any:
    """Numbers, of numbers, truths and text that reads as such; what is none, or infinite or nearly so, is missing.

    Each cell is read by itself, whatever stands beside it.

    Parameters
    ----------
    X : DataFrame of shape (n_samples, n_columns)
        Columns of any kind.
    commas : collection of str, default=()
        Names of the columns in whose text decimals stand behind a comma; in that of the others behind a point.
    units : dict of str, default=None
        What may stand behind a number, by column, such as "kg".

    Returns
    -------
    DataFrame of shape (n_samples, n_columns)
        In float64.

    Examples
    --------
    >>> import pandas as pd
    >>> from sklearn_neuron.command.cells import as_numbers
    >>> prices = pd.DataFrame({"price": ["1,200.50", "$3", "true", "n/a", "inf"]})
    >>> as_numbers(prices)["price"].tolist()
    [1200.5, 3.0, 1.0, nan, nan]
    >>> as_numbers(pd.DataFrame({"mass": ["1.200,50 kg", "3"]}), commas=["mass"], units={"mass": "kg"})["mass"].tolist()
    [1200.5, 3.0]
    """
    of = units or {}
    return _each(X, lambda column: _finite(column, "," if column.name in commas else ".", of.get(column.name, "")))


def as_days(X: Any, formats: dict[str, str], since: dict[str, str]) -> Any:
    """Days, with their fractions, of dates; what is no date is missing.

    Parameters
    ----------
    X : DataFrame of shape (n_samples, n_columns)
        Dates, as such or as text.
    formats : dict of str
        How they are written, by column: a format of ``strptime``, or "ISO8601"; of dates that are no text it is not
        asked.
    since : dict of str
        The day from which to count, by column: "2024-02-29".

    Returns
    -------
    DataFrame of shape (n_samples, n_columns)
        In float64.

    Examples
    --------
    >>> import pandas as pd
    >>> from sklearn_neuron.command.cells import as_days
    >>> born = pd.DataFrame({"born": ["02.01.2024", "soon"]})
    >>> as_days(born, {"born": "%d.%m.%Y"}, {"born": "2024-01-01"})["born"].tolist()
    [1.0, nan]
    """
    return _each(X, lambda column: days_of(column, formats[column.name], since[column.name]))


def as_text(X: Any) -> Any:
    """Words, without blanks around them; whole numbers without a decimal point, so that 1 and 1.0 are one word.

    Parameters
    ----------
    X : DataFrame of shape (n_samples, n_columns)
        Columns of any kind.

    Returns
    -------
    DataFrame of shape (n_samples, n_columns)
        Of str; nan is missing.

    Examples
    --------
    >>> import pandas as pd
    >>> from sklearn_neuron.command.cells import as_text
    >>> as_text(pd.DataFrame({"kind": ["a ", 1, 1.0, None]}))["kind"].tolist()
    ['a', '1', '1', nan]
    """
    return _each(X, lambda column: _mapped(column, _words))


def level_name(feature: str, level: Any) -> str:
    """Name of the feature that tells whether a column has some level.

    >>> level_name("island", "Torgersen"), level_name("island", "infrequent_sklearn")
    ('island = Torgersen', 'island = (rare)')
    """
    return f"{_quoted(feature)} = {'(rare)' if level == RARE else repr(level) if level == '(rare)' else level}"


def feature_name(step: str, feature: str) -> str:
    """Name of a feature, whichever step of the pipeline makes it; no two are alike.

    >>> feature_name("numbers", "missingindicator_age"), feature_name("numbers", "age")
    ('age is missing', 'age')
    >>> feature_name("numbers", "age is missing")
    "'age is missing'"
    """
    if step == "texts":  # named by level_name
        return feature
    name = _quoted(feature.removeprefix(FLAG))
    return f"{name} is missing" if feature.startswith(FLAG) else name


def _quoted(name):
    """The name of a column; between quotes if it could be the name of a feature of another one."""
    return f"'{name}'" if " = " in name or name.endswith(" is missing") or name.startswith("'") else name


def days_of(column: Any, written: str, since: str = "1970-01-01") -> Any:
    """Days since some day of one column of dates, a Series of float64."""
    import pandas as pd

    if written and is_number(column):  # 20240131
        column = _mapped(column, _words)
    text = is_text(column)
    dates = pd.to_datetime(column, format=(written or None) if text else None, errors="coerce", utc=True)
    moments = dates.dt.tz_localize(None).to_numpy("datetime64[us]").copy()
    if text and (far := dates.isna().to_numpy() & column.notna().to_numpy()).any():
        moments[far] = _far_days(column[far], written)
    return pd.Series((moments - np.datetime64(since, "us")) / DAY, index=column.index, name=column.name)


def _far_days(column, written):
    """Days too far away for nanoseconds, in which pandas counts where it must; what is no date is none."""
    cells = column.astype(str)
    moments = {cell: _far_day(cell.strip(), written) for cell in cells.unique() if FAR.search(cell)}
    return np.array([moments.get(cell) for cell in cells], dtype="datetime64[us]")


def _far_day(cell, written):
    read = datetime.fromisoformat if written in ("", "ISO8601") else lambda text: datetime.strptime(text, written)
    try:
        day = read(cell)
        return (day if day.tzinfo is None else day.astimezone(UTC)).replace(tzinfo=None)
    except (ValueError, OverflowError):
        return None


def is_text(column) -> bool:
    """Whether a column holds text, or things of several kinds."""
    return not (is_number(column) or getattr(column.dtype, "kind", "O") == "M")


def is_number(column) -> bool:
    """Whether a column holds numbers or truths, some of which may be missing."""
    return getattr(column.dtype, "kind", "O") in "biuf"


def _each(X, of_column):
    """The same table, of another kind."""
    import pandas as pd

    return pd.DataFrame({name: of_column(X[name]) for name in X.columns}, index=X.index, columns=X.columns)


def _finite(column, decimal, unit):
    return numbers_of(column, decimal, unit).where(lambda numbers: numbers.abs() < LARGEST, np.nan)


def numbers_of(column: Any, decimal: str = ".", unit: str = "") -> Any:
    """Numbers of one column, a Series of float64 in which infinity is infinite, and what is no number is missing."""
    import pandas as pd

    if is_number(column):
        return column.astype(np.float64)
    numbers = np.full(len(column), np.nan)
    is_there = column.notna().to_numpy()
    numbers[is_there] = _read(column.to_numpy(dtype=object)[is_there], decimal, unit)
    return pd.Series(numbers, index=column.index, name=column.name)


def _mapped(column, of_values):
    """A column in which each value is replaced by what becomes of it; each is looked at once."""
    values = column.dropna().unique()
    return column.astype(object).map(dict(zip(values, of_values(values), strict=True)))


def _read(cells, decimal, unit):
    """Numbers, of things that may be text: at once if all are plain, else each by itself, which gives the same."""
    import pandas as pd

    try:
        together = "".join(cells)
        if "_" not in together and decimal == ".":
            return cells.astype(np.float64)
        if "_" not in together and "." not in together:
            return np.array([float(cell.replace(",", ".")) for cell in cells])
    except (TypeError, ValueError):  # some are no text, or no plain numbers
        pass
    places, different = pd.factorize(cells)
    return np.array([_number(cell, decimal, unit) for cell in different], dtype=np.float64)[places]


def _number(cell, decimal, unit):
    """What one cell is worth; nan if it is no number."""
    if not isinstance(cell, str):
        return _plain(cell, ".")
    number = _plain(cell, decimal)
    if number == number:
        return number
    bare = without_units(cell.strip().removesuffix(unit))
    if GROUPS[decimal].fullmatch(bare):
        bare = bare.replace("." if decimal == "," else ",", "")
    return TRUTHS.get(bare.casefold(), _plain(bare, decimal))


def _plain(cell, decimal):
    """A number that is written as programs write it; nan if it is none."""
    if isinstance(cell, str) and ("_" in cell or (decimal == "," and "." in cell)):
        return np.nan
    try:
        return float(cell.replace(decimal, ".") if isinstance(cell, str) else cell)
    except (TypeError, ValueError):
        return np.nan


def without_units(cell: str) -> str:
    """A number without what stands around and between its digits, beside points and commas.

    >>> without_units("1'234.50 €"), without_units("(5%)"), without_units("−3")
    ('1234.50', '-5', '-3')
    """
    return MINUS.sub(r"-\1\2", UNITS.sub("", cell))


def _words(values):
    return map(_word, values)


def _word(value):
    is_whole = isinstance(value, float | np.floating) and float(value).is_integer()
    word = str(int(value) if is_whole else value).strip()
    return f"'{word}'" if word == RARE else word or np.nan
