"""What comes before the neuron: steps of scikit-learn alone that make numbers of everything.

Numbers and dates: as such, infinity is missing, what is missing is filled by the median, and a feature says so. Words:
a feature for each level, one for all rare ones together, and missing is a level. A table that is all numbers passes
through unchanged.
"""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import FunctionTransformer, OneHotEncoder

from sklearn_neuron.command.cells import as_days, as_numbers, as_text, feature_name, level_name
from sklearn_neuron.command.columns import Columns, numbers_of_cells
from sklearn_neuron.command.complaints import plural, some_of

MOST_LEVELS = 30  # of a column that have a feature of their own
NOTHING = "(missing)"  # the level of a cell without a word


def before_the_neuron(columns: Columns) -> ColumnTransformer:
    """Steps that make numbers of the columns of a file.

    Parameters
    ----------
    columns : Columns
        What is in them.

    Returns
    -------
    ColumnTransformer
        Not fitted; its features have names that can be read.
    """
    branches = {
        "numbers": lambda: [
            ("read", _calling(as_numbers, commas=columns.commas, units=columns.units)),
            ("filled", _filled()),
        ],
        "dates": lambda: [
            ("read", _calling(as_days, formats=columns.formats, since=columns.first_days)),
            ("filled", _filled()),
        ],
        "texts": lambda: _levels(columns.least_rows),
    }
    steps = [(kind, Pipeline(branch()), names) for kind, branch in branches.items() if (names := columns.of_kind(kind))]
    before = ColumnTransformer(steps, verbose_feature_names_out=feature_name).set_output(transform="pandas")
    before.written_ = dict(columns.written or {})  # kept with it, for files of new rows are likely written so too
    return before


def written_as(before: ColumnTransformer) -> dict[str, str]:
    """How the file was written that was learned from, as far as it is known."""
    return getattr(before, "written_", {})


def set_decimal(before: ColumnTransformer, decimal: str) -> None:
    """Read the text of all columns of numbers by one mark before decimals, whatever it was where it was learned."""
    for kind, step, names in before.transformers_:
        if kind == "numbers":
            read = step.named_steps["read"]
            read.kw_args = {**(read.kw_args or {}), "commas": list(names) if decimal == "," else []}


def _calling(function, **options):
    return FunctionTransformer(function, kw_args=options or None, feature_names_out="one-to-one")


def _filled():
    return SimpleImputer(strategy="median", add_indicator=True, keep_empty_features=True)


def _levels(least_rows):
    encoder = OneHotEncoder(
        drop="if_binary",
        handle_unknown="infrequent_if_exist",
        min_frequency=least_rows,
        max_categories=MOST_LEVELS,
        sparse_output=False,
        feature_name_combiner=level_name,
    )
    filled = SimpleImputer(strategy="constant", fill_value=NOTHING)
    return [("read", _calling(as_text)), ("filled", filled), ("levels", encoder)]


def levels_told(before: ColumnTransformer, columns: Columns) -> list[str]:
    """How many levels the columns of words have, and how many of them are rare; a line, if there are such columns."""
    if "texts" not in before.named_transformers_:
        return []
    names, encoder = _encoder(before)
    told = []
    for name, levels, rare in zip(names, encoder.categories_, encoder.infrequent_categories_, strict=True):
        missing = columns.found[name].missing
        counts = [plural(len(levels) - (NOTHING in levels), "level")]
        counts += [f"{missing} of {columns.n_rows} missing"] * (missing > 0)
        counts += [] if rare is None else [f"{len(rare)} rare ones together"]
        told.append(f"{name} ({', '.join(counts)})")
    return [f"text, a feature for each level: {some_of(told)}"]


def unseen_told(before: ColumnTransformer, frame) -> list[str]:
    """Levels that were not there to be learned from; a line for every column that has some."""
    if "texts" not in before.named_transformers_:
        return []
    names, encoder = _encoder(before)
    words = as_text(frame[names])
    lines = []
    for name, levels, rare in zip(names, encoder.categories_, encoder.infrequent_categories_, strict=True):
        unseen = sorted(set(words[name].dropna().unique()) - set(levels))
        taken = "a rare one" if rare is not None else "none of those known"
        each = "each is" if len(unseen) > 1 else "it is"
        if unseen:
            lines.append(f"{name}: not seen before: {some_of(map(repr, unseen))}; {each} taken for {taken}")
    return lines


def _encoder(before):
    """Names of the columns of words, and the encoder of their levels."""
    (names,) = (names for kind, _, names in before.transformers_ if kind == "texts")
    return names, before.named_transformers_["texts"].named_steps["levels"]


def unread_told(before: ColumnTransformer, frame) -> list[str]:
    """Cells of new rows that are no numbers, or no dates, where those were learned; a line for every such column."""
    lines = []
    for kind, step, names in before.transformers_:
        if kind not in ("numbers", "dates"):
            continue
        reader = step.named_steps["read"]
        read = reader.transform(frame[names])
        for name in names:
            unread = frame[name].notna() & read[name].isna()
            if unread.any():
                cells = list(map(str, frame.loc[unread, name].unique()))
                told = (
                    f"{name}: {int(np.sum(unread))} of {len(frame)} taken for missing: {some_of(map(repr, cells), 3)}"
                )
                lines.append(told + (_otherwise(cells, name, reader.kw_args) if kind == "numbers" else ""))
    return lines


def _otherwise(cells, name, options):
    """That they are numbers by the other mark before decimals, if all are."""
    other = "." if name in (options or {}).get("commas", ()) else ","
    are_numbers = np.isfinite(numbers_of_cells(cells, other)).all()
    return f"; --decimal {other} reads numbers" if are_numbers else ""


def gaps_told(before: ColumnTransformer, frame) -> list[str]:
    """Cells that are missing where none was missing in what was learned from; a line for every such column."""
    lines = []
    for kind, step, names in before.transformers_:
        if kind == "remainder":
            continue
        for name, filled in zip(names, _filled_by(kind, step), strict=True):
            missing = int(frame[name].isna().sum())
            if missing and filled:
                lines.append(f"{name}: {missing} of {len(frame)} missing, which none was before; taken for {filled}")
    return lines


def _filled_by(kind, step):
    """What a missing cell is taken for, for each column of a kind; nothing where some were missing before."""
    if kind == "texts":
        encoder = step.named_steps["levels"]
        for levels, rare in zip(encoder.categories_, encoder.infrequent_categories_, strict=True):
            unknown = "none of the words known" if rare is None else "a rare word"
            yield "" if NOTHING in levels else unknown
        return
    filled = step.named_steps["filled"]
    for place in range(len(filled.statistics_)):
        yield "" if place in filled.indicator_.features_ else "the median"


@contextmanager
def without_warning_of_unseen() -> Iterator[None]:
    """No warning of levels not seen before, which have been named, where scikit-learn can only number the columns."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Found unknown categories", category=UserWarning)
        yield
