"""What is a cell worth to a neuron? Numbers, days and words, as functions that a kept pipeline names and calls again.

They take a table and return one with the same columns. What cannot be read is missing: the step that comes next fills
it and flags it. Whoever loads a kept model finds them here, so neither this file nor a name in it may move.
"""

import re
from typing import Any

import numpy as np

DAY = np.timedelta64(1, "D")
GROUPS = re.compile(r"[-+]?\d{1,3}(,\d{3})+(\.\d*)?")  # 1,234,567.8
UNITS = re.compile(r"[$€£¥%]|\s+(?!\d)|(?<!\d)\s+|(?<=\d)[\s'\u2019](?=\d{3}(?!\d))")  # and what marks thousands
MINUS = re.compile(r"\((.+)\)|[\u2212\u2013](.+)")  # as accountants, and as printers write it
FLAG = "missingindicator_"  # what SimpleImputer puts before the name
RARE = "infrequent_sklearn"  # what OneHotEncoder calls rare levels together


def as_numbers(X: Any) -> Any:
    """Numbers, of numbers, truths and text that reads as such; anything else, and infinity, is missing.

    Parameters
    ----------
    X : DataFrame of shape (n_samples, n_columns)
        Columns of any kind.

    Returns
    -------
    DataFrame of shape (n_samples, n_columns)
        In float64.

    Examples
    --------
    >>> import pandas as pd
    >>> from sklearn_neuron.command.cells import as_numbers
    >>> as_numbers(pd.DataFrame({"price": ["1,200.50", "$3", "n/a", "inf"]}))["price"].tolist()
    [1200.5, 3.0, nan, nan]
    """
    return _each(X, _numbers)


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
    return f"{feature} = {'(rare)' if level == RARE else level}"


def feature_name(step: str, feature: str) -> str:
    """Name of a feature, whichever step of the pipeline makes it.

    >>> feature_name("numbers", "missingindicator_age"), feature_name("numbers", "age")
    ('age is missing', 'age')
    """
    is_flag = step != "texts" and feature.startswith(FLAG)
    return f"{feature.removeprefix(FLAG)} is missing" if is_flag else feature


def days_of(column: Any, written: str, since: str = "1970-01-01") -> Any:
    """Days since some day of one column of dates, a Series of float64."""
    import pandas as pd

    if written and is_number(column):  # 20240131
        column = _mapped(column, _words)
    dates = pd.to_datetime(column, format=(written or None) if is_text(column) else None, errors="coerce", utc=True)
    days = (dates.dt.tz_localize(None).to_numpy("datetime64[ns]") - np.datetime64(since, "ns")) / DAY
    return pd.Series(days, index=column.index, name=column.name)


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


def _numbers(column):
    if not is_number(column):
        column = _mapped(column, _read)
    return column.astype(np.float64).where(np.isfinite, np.nan)


def _mapped(column, of_values):
    """A column in which each value is replaced by what becomes of it; each is looked at once."""
    values = column.dropna().unique()
    return column.astype(object).map(dict(zip(values, of_values(values), strict=True)))


def _read(values):
    """Numbers, of things that may be text."""
    import pandas as pd

    texts = pd.Series(values, dtype=object)
    numbers = pd.to_numeric(texts, errors="coerce").astype(np.float64)
    unread = numbers.isna()
    numbers[unread] = pd.to_numeric(texts[unread].map(_without_marks), errors="coerce").astype(np.float64)
    return numbers


def _without_marks(cell):
    """A number without what people write around it."""
    text = without_units(str(cell))
    return text.replace(",", "") if GROUPS.fullmatch(text) else text


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
    return str(int(value) if is_whole else value).strip()
