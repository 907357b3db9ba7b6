"""Show me: a neuron learns from a table, line by line; what it has learned is told, compared, drawn and kept."""

import copy
import time
import warnings
from typing import Any, NamedTuple

import numpy as np

from sklearn_neuron.classifier import SigmoidNeuronClassifier
from sklearn_neuron.classifier_cv import SigmoidNeuronClassifierCV
from sklearn_neuron.command import keeping
from sklearn_neuron.command.comparison import PATIENCE, alone, beside, is_large
from sklearn_neuron.command.complaints import for_shell, one_line, plural
from sklearn_neuron.command.examples import Split, as_file, hold_out, read_table
from sklearn_neuron.command.examples import Table as Data
from sklearn_neuron.command.pipeline import before_the_neuron, levels_told, without_warning_of_unseen
from sklearn_neuron.command.use import values_told
from sklearn_neuron.inspection.explanation import explain
from sklearn_neuron.neuron import sigmoid
from sklearn_neuron.tables import Column, Table
from sklearn_neuron.telling.narration import SHOWN_WEIGHTS
from sklearn_neuron.telling.progress import journey

NAMED_CLASSES = 3  # of those too rare to be held out
SHOWN_NOTES = 4
FEWEST_FOLDS, MOST_FOLDS = 2, 5  # in which C is chosen


class Seen(NamedTuple):
    """Rows as the neuron sees them, names of its features, and the steps before it, if there are any."""

    split: Split
    feature_names: list[str]
    before: Any = None


def show(options) -> None:
    """Train, narrate, compare and, if asked, explain, keep and draw."""
    table = read_table(options.data, asked=options.asked)
    table = as_file(table) if options.save else table
    _check_row(table, options.explain)
    raw = hold_out(table, options.held_out, options.seed)
    folds = _folds(raw.y, table.class_names) if options.C == "auto" else None
    seen = _seen(table, raw)
    print(f"{one_line(table.name)}: {_counted(table, seen.split, options.held_out)}")
    levels = [] if seen.before is None or table.columns is None else levels_told(seen.before, table.columns)
    print("\n".join([*table.notes, *levels]) + "\n" * bool(table.notes or levels))
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        start = time.perf_counter()
        neuron = _taught(options, seen, folds)
        seconds = time.perf_counter() - start
        print(f"\n{neuron.stop_reason_} ({neuron.solver_}, {journey(neuron)})")
        _print_notes(caught)
        if len(neuron.coef_) == 1:
            print(f"\n{_learned(neuron, seen.feature_names, table.class_names, seen.split.X)}")
        _explain(options.explain, table, neuron, seen)
        _save(options.save, neuron, seen)
        comparison, is_alone = _compared(options.compare, neuron, seen.split, seconds)
    print(f"\n{comparison}")
    _report(options.report, (comparison, is_alone), table, neuron, seen)


def _seen(table, split):
    """Rows to learn from and to test on, made numbers if they are those of a file."""
    if table.columns is None:
        return Seen(split, table.feature_names)
    before = before_the_neuron(table.columns)
    X = before.fit_transform(split.X)
    with without_warning_of_unseen():
        held_out = None if split.X_held_out is None else before.transform(split.X_held_out)
    return Seen(split._replace(X=X, X_held_out=held_out), list(X.columns), before)


def _folds(y, class_names):
    """In how many folds C can be chosen: every class must be learned in each, and be held out in each."""
    counts = np.unique(y, return_counts=True)[1]
    if counts.min() < FEWEST_FOLDS:
        raise ValueError(
            f"--C auto needs {FEWEST_FOLDS} rows to learn from of every class, to hold one out; of class "
            f"{class_names[counts.argmin()]!r} there is {counts.min()}: give --C a number, or leave out that class"
        )
    return min(MOST_FOLDS, int(counts.min()))


def _taught(options, seen, folds):
    """A neuron that has learned, its C chosen if that is asked for."""
    walk = {"multi_class": options.multi_class, "solver": options.solver, "tol": options.tol, "max_iter": options.steps}
    walk["record"] = "path" if options.report else "loss"
    X, y = seen.split.X, seen.split.y
    if options.C != "auto":
        return SigmoidNeuronClassifier(C=options.C, learning_rate=options.learning_rate, verbose=1, **walk).fit(X, y)
    chosen = SigmoidNeuronClassifierCV(cv=folds, verbose=2, **walk).fit(X, y)
    print(f"\nC = {chosen.C_:.4g}, chosen by the log-loss of rows held out in {len(chosen.scores_)} folds")
    return chosen.best_estimator_


def _print_notes(caught):
    """What was warned of, each once."""
    messages = list(dict.fromkeys(one_line(warning.message) for warning in caught))
    for message in messages[:SHOWN_NOTES]:
        print(f"note: {message}")
    if len(messages) > SHOWN_NOTES:  # a font may lack a whole alphabet
        print(f"note: ... and {len(messages) - SHOWN_NOTES} more")


def _counted(table, split, share):
    """How many rows, features and classes, and which classes are too rare to be tested."""
    held = f"none held out{' (too few)' * (share > 0)}"
    if split.X_held_out is not None:
        held = f"{len(split.y_held_out)} held out"
    sizes = f"{plural(split.X.shape[1], 'feature')}, {plural(len(table.class_names), 'class')}"
    counted = f"{len(split.y)} rows to learn from, {held}; {sizes}"
    if not len(split.only_learned):
        return counted
    names = [repr(table.class_names[k]) for k in split.only_learned[:NAMED_CLASSES]]
    names += ["..."] * (len(split.only_learned) > NAMED_CLASSES)
    return f"{counted} (too few rows to hold some out, all learned from: {', '.join(names)})"


def _learned(neuron, feature_names, class_names, X):
    """The weights, those first that move the sum most: of largest weight times spread, whatever the units."""
    weights, bias, name = neuron.coef_[0], neuron.intercept_[0], class_names[1]
    who = "the finished neuron" if neuron.converged_ else "the neuron, which has not arrived,"
    if not weights.any():
        return (
            f"{who} looks at no feature, for all weights are 0: it believes in {name!r} at {sigmoid(bias):.4g}, always"
        )
    moves = np.abs(weights) * np.asarray(X, dtype=np.float64).std(axis=0)
    order = np.argsort(-moves, kind="stable")[: 3 * SHOWN_WEIGHTS]
    rows = [[f"{weights[j]:+.5g}", feature_names[j], f"{moves[j]:.4g}"] for j in order]
    lines = [
        f"{who} believes in {name!r} when this sum is above 0",
        "(in order of what moves it: |weight| * standard deviation of the feature, the last column):",
        *Table(rows, [Column(least=12, before="  "), Column("<", before=" * "), Column(least=10, before="  ")]).lines(),
    ]
    if len(order) < len(weights):
        lines.append(f"  ... and {len(weights) - len(order)} that move it less")
    return "\n".join([*lines, f"  {bias:+12.5g}   the neuron's bias"])


def _compared(asked, neuron, split, seconds):
    """The neuron beside LogisticRegression; or alone, where that is asked for, or would take long; and whether so."""
    quiet = copy.copy(neuron).set_params(verbose=0, record="loss")
    large = is_large(neuron, split.X)
    if asked is False or (asked is None and large):
        return alone(quiet, split, seconds), True
    if large:
        print(f"\nLogisticRegression learns the same, for about {PATIENCE:.0f} seconds ...", flush=True)
    return beside(quiet, split, seconds if large else None), False


# Afterwards -------------------------------------------------------------------------------------------------------


def _check_row(table: Data, row):
    """Complain, before anything is learned, if there is no such row to explain."""
    if row is None:
        return
    known = getattr(table.X, "index", range(len(table.y)))
    if row - 1 not in known:
        why = "it has no class" if row - 1 < max(known) else f"there are {max(known) + 1}"
        raise ValueError(f"--explain {row}: no such row to learn from, {why}")


def _explain(row, table, neuron, seen):
    if row is None:
        return
    index = list(getattr(table.X, "index", range(len(table.y))))
    place = index.index(row - 1)
    x = table.X[place : place + 1]
    x = x if seen.before is None else seen.before.transform(x)
    told = explain(neuron, x, truth=table.y[place], feature_names=seen.feature_names, class_names=table.class_names)
    print("\n".join([f"\nrow {row}:\n{told}", *values_told(seen.before)]))


def _save(path, neuron, seen):
    if path is not None:
        keeping.save(keeping.pipeline_of(seen.before, neuron), path)
        print(f"\nkept: {one_line(path)}; ask it: sklearn-neuron predict {for_shell(path)} NEW.csv")
        if seen.split.y_held_out is not None:
            held = plural(len(seen.split.y_held_out), "row")
            print(f"(it has not learned from the {held} held out; to learn from all: --held-out 0)")


def _report(directory, comparison, table, neuron, seen):
    """Write the page and say where it is."""
    if directory is None:
        return
    from sklearn_neuron.report import Trained, write_report  # which load what draws

    rows = seen.split.X, seen.split.y, seen.split.X_held_out, seen.split.y_held_out
    if is_large(neuron, seen.split.X):
        print(f"\ndrawing {one_line(directory)}, which may take a minute ...", flush=True)
    trained = Trained(table.name, neuron, *rows, seen.feature_names, table.class_names, table.image_shape)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            page = write_report(trained, directory, *comparison)
        except OSError as error:
            raise ValueError(f"cannot write to {one_line(directory)}: {error.strerror}") from None
    _print_notes(caught)
    print(f"\nreport: {one_line(page)}")
