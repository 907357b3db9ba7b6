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
from sklearn_neuron.command.columns import Columns
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
        "numbers": lambda: [("read", _calling(as_numbers)), ("filled", _filled())],
        "dates": lambda: [
            ("read", _calling(as_days, formats=columns.formats, since=columns.first_days)),
            ("filled", _filled()),
        ],
        "texts": lambda: _levels(columns.least_rows),
    }
    steps = [(kind, Pipeline(branch()), names) for kind, branch in branches.items() if (names := columns.of_kind(kind))]
    return ColumnTransformer(steps, verbose_feature_names_out=feature_name).set_output(transform="pandas")


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


def levels_told(before: ColumnTransformer) -> list[str]:
    """How many levels the columns of words have, and how many of them are rare; a line, if there are such columns."""
    if "texts" not in before.named_transformers_:
        return []
    names, encoder = _encoder(before)
    rare = encoder.infrequent_categories_
    counted = [f"{name} ({_counted(*levels)})" for name, *levels in zip(names, encoder.categories_, rare, strict=True)]
    return [f"text, a feature for each level: {some_of(counted)}"]


def _counted(levels, rare):
    """How many levels there are, whether missing is one, and how many are rare."""
    is_one = NOTHING in levels
    told = [plural(len(levels) - is_one, "level"), *["missing"] * is_one]
    return ", ".join([*told, *([] if rare is None else [f"{len(rare)} rare ones together"])])


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
        read = step.named_steps["read"].transform(frame[names])
        for name in names:
            unread = frame[name].notna() & read[name].isna()
            if unread.any():
                shown = some_of(map(repr, map(str, frame.loc[unread, name].unique())), 3)
                lines.append(f"{name}: {int(np.sum(unread))} of {len(frame)} taken for missing: {shown}")
    return lines


@contextmanager
def without_warning_of_unseen() -> Iterator[None]:
    """No warning of levels not seen before, which have been named, where scikit-learn can only number the columns."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Found unknown categories", category=UserWarning)
        yield
