"""What a kept model says of new rows: probabilities beside them, or one row's way to its decision."""

import re
import sys
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from sklearn_neuron.command.cells import as_text, feature_name
from sklearn_neuron.command.columns import missing_names, numbers_of_cells
from sklearn_neuron.command.complaints import ComplaintsError, did_you_mean, one_line
from sklearn_neuron.command.files import Written, cells_of, content_of, different, read_frame, title_of
from sklearn_neuron.command.keeping import load
from sklearn_neuron.command.pipeline import (
    gaps_told,
    set_decimal,
    unread_told,
    unseen_told,
    without_warning_of_unseen,
    written_as,
)
from sklearn_neuron.command.places import write_text
from sklearn_neuron.inspection.explanation import explain

PREDICTED = "predicted"
MISSING = " is missing"  # the end of the name of a flag
MARKS = re.compile(r'[",\r\n]')  # of CSV, in a cell that holds one


def predict(options) -> None:
    """Write rows with the class that is predicted, and the probability of every class, as CSV."""
    pipeline, _, X, cells = _asked(options)
    _tell_of(pipeline, X)
    with without_warning_of_unseen():
        beliefs, answers = pipeline.predict_proba(X), pipeline.predict(X)
    came = [column.tolist() for _, column in cells().items()]
    names = [PREDICTED, *(f"P({label})" for label in pipeline.classes_)]
    names = different([*(cells[0] for cells in came), *names])[len(came) :]
    told = [map(str, answers), *([f"{probability:.6g}" for probability in belief] for belief in beliefs.T)]
    rows = zip(*came, *([name, *cells] for name, cells in zip(names, told, strict=True)), strict=True)
    write_text("".join(f"{','.join(map(_in_csv, row))}\n" for row in rows), options.out)


def _in_csv(cell):
    """A cell, quoted if it must be."""
    return '"{}"'.format(cell.replace('"', '""')) if MARKS.search(cell) else cell


def explain_row(options) -> None:
    """Print one row's way to its decision."""
    pipeline, frame, X, _ = _asked(options)
    if options.row > len(frame):
        raise ValueError(f"no row {options.row} in {title_of(options.data)}, which has {len(frame)}")
    truth = None if options.target is None else _truth(pipeline, frame, options)
    x = X.iloc[[options.row - 1]]
    _tell_of(pipeline, x)
    with without_warning_of_unseen():
        told = explain(pipeline, x, truth=truth)
    if _are_ours(pipeline[0]):  # which are told in words
        told = replace(told, steps_before=())
    print("\n".join([str(told), *values_told(pipeline[0])]))


def _asked(options):
    """The model, the rows of a file, of them the columns that it has learned from, and who tells cells as they came."""
    pipeline = load(options.model)
    _check_can_be_asked(pipeline, one_line(options.model))
    kept, content = written_as(pipeline[0]), content_of(options.data)
    how = Written(kept.get("separator"), None, kept.get("encoding"))
    frame, _, written, _ = read_frame(options.data, options.written, kept=how, content=content)
    if options.written.decimal and _are_ours(pipeline[0]):
        set_decimal(pipeline[0], options.written.decimal)
    needed = list(pipeline.feature_names_in_)
    if missing := missing_names(needed, frame, title_of(options.data)):
        raise ComplaintsError(missing)
    X = frame[needed]
    if len(X) == 0:
        raise ValueError(f"{title_of(options.data)} has a heading but no rows")
    return pipeline, frame, X, partial(cells_of, content, written)


def _check_can_be_asked(pipeline, title):
    """Complain of a pipeline that somebody has kept before it learned, or that knows its columns by number alone."""
    if not hasattr(pipeline[-1], "coef_"):
        raise ValueError(f"{title} holds a pipeline that has not learned; fit it before it is kept, or use --save")
    if not hasattr(pipeline, "feature_names_in_"):
        raise ValueError(f"{title} has learned from columns without names, which cannot be found in a file")


def _tell_of(pipeline, X):
    """Say aside, for what is asked for may be read by a program, which cells are not like those learned from."""
    if not _are_ours(pipeline[0]):
        return
    for line in [*unread_told(pipeline[0], X), *unseen_told(pipeline[0], X), *gaps_told(pipeline[0], X)]:
        print(f"sklearn_neuron: note: {one_line(line)}", file=sys.stderr)


def _are_ours(before):
    """Whether steps are those that --save keeps, and not somebody else's."""
    return getattr(before, "verbose_feature_names_out", None) is feature_name


def values_told(before: Any) -> list[str]:
    """What the values of a row are that the neuron sees; a line, unless they are its cells."""
    if not _are_ours(before):
        return []
    kinds = {kind for kind, *_ in before.transformers_}
    told = ["dates are days since the first"] * ("dates" in kinds)
    told += ["words are 1 where the row has them and 0 where not"] * ("texts" in kinds)
    are_flags = [name.endswith(MISSING) for name in before.get_feature_names_out()]
    told += ["missing numbers are the median"] * any(are_flags)
    return [f"Values are those that the neuron sees: {', '.join(told)}."] if told else []


def _truth(pipeline, frame, options):
    """The class of a row, as the model knows it."""
    target = one_line(options.target)
    if target not in frame.columns:
        raise ValueError(f"no column {target!r} in {title_of(options.data)}{did_you_mean(target, frame.columns)}")
    word = as_text(frame[[target]])[target].iloc[options.row - 1]
    same = (label for label in pipeline.classes_ if _is_of(word, label))
    return next(same, word)


def _is_of(word, label):
    """Whether a word of a file is a class, which may be a number or a truth."""
    if isinstance(label, bool | np.bool_):
        return str(label).casefold() == str(word).casefold()
    return str(label) == str(word) or (not isinstance(label, str) and numbers_of_cells([word], ".")[0] == label)
