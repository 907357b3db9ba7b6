"""What a kept model says of new rows: probabilities beside them, or one row's way to its decision."""

import sys

import numpy as np

from sklearn_neuron.command.cells import as_text
from sklearn_neuron.command.columns import missing_names, numbers_of_cells
from sklearn_neuron.command.complaints import ComplaintsError, did_you_mean, one_line
from sklearn_neuron.command.files import Written, different, read_frame, title_of
from sklearn_neuron.command.keeping import load
from sklearn_neuron.command.pipeline import (
    gaps_told,
    set_decimal,
    unread_told,
    unseen_told,
    without_warning_of_unseen,
    written_as,
)
from sklearn_neuron.inspection.explanation import explain

PREDICTED = "predicted"


def predict(options) -> None:
    """Write rows with the class that is predicted, and the probability of every class, as CSV."""
    pipeline, frame, X = _asked(options)
    _tell_of(pipeline, X)
    frame = _as_it_came(frame)
    with without_warning_of_unseen():
        beliefs, answers = pipeline.predict_proba(X), pipeline.predict(X)
    names = [PREDICTED, *(f"P({label})" for label in pipeline.classes_)]
    names = different([*frame.columns, *names])[len(frame.columns) :]
    told = frame.assign(**{names[0]: answers})
    for name, belief in zip(names[1:], beliefs.T, strict=True):
        told[name] = [f"{probability:.6g}" for probability in belief]
    told.to_csv(sys.stdout if options.out is None else options.out, index=False, lineterminator="\n")


def explain_row(options) -> None:
    """Print one row's way to its decision."""
    pipeline, frame, X = _asked(options)
    if options.row > len(frame):
        raise ValueError(f"no row {options.row} in {title_of(options.data)}, which has {len(frame)}")
    truth = None if options.target is None else _truth(pipeline, frame, options)
    x = X.iloc[[options.row - 1]]
    _tell_of(pipeline, x)
    with without_warning_of_unseen():
        print(explain(pipeline, x, truth=truth))


def _asked(options):
    """The model, the rows of a file and, of them, the columns that it has learned from."""
    pipeline = load(options.model)
    kept = written_as(pipeline[0])
    frame = read_frame(
        options.data, options.written, kept=Written(kept.get("separator"), None, kept.get("encoding"))
    ).frame
    if options.written.decimal:
        set_decimal(pipeline[0], options.written.decimal)
    needed = list(pipeline.feature_names_in_)
    if missing := missing_names(needed, frame, title_of(options.data)):
        raise ComplaintsError(missing)
    X = frame[needed]
    if len(X) == 0:
        raise ValueError(f"{title_of(options.data)} has a heading but no rows")
    return pipeline, frame, X


def _tell_of(pipeline, X):
    """Say aside, for what is asked for may be read by a program, which cells are not like those learned from."""
    for line in [*unread_told(pipeline[0], X), *unseen_told(pipeline[0], X), *gaps_told(pipeline[0], X)]:
        print(f"sklearn_neuron: note: {one_line(line)}", file=sys.stderr)


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


def _as_it_came(frame):
    """Whole numbers without a decimal point, also beside missing cells."""
    whole = [
        name
        for name, column in frame.items()
        if column.dtype.kind == "f" and column.isna().any() and np.all(np.mod(column.dropna(), 1) == 0)
    ]
    return frame.astype(dict.fromkeys(whole, "Int64"))
