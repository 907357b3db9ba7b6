"""Show me: ``python -m sklearn_neuron`` trains a neuron and shows it learning, line by line."""

import argparse
import copy
import io
import os
import sys
import time
import warnings
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

import numpy as np
from sklearn import datasets
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
from sklearn.multiclass import OneVsRestClassifier

from sklearn_neuron._sklearn import check_matplotlib_support
from sklearn_neuron.classifier import SigmoidNeuronClassifier
from sklearn_neuron.datasets import make_toxic_plants
from sklearn_neuron.displays.table import spread_of
from sklearn_neuron.neuron import log_loss, sigmoid
from sklearn_neuron.solvers.recipes import SOLVERS
from sklearn_neuron.telling.narration import SHOWN_WEIGHTS
from sklearn_neuron.telling.progress import journey

TABLES = {
    "plants": lambda: make_toxic_plants(random_state=0),
    "breast_cancer": datasets.load_breast_cancer,
    "iris": datasets.load_iris,
    "digits": datasets.load_digits,
    "wine": datasets.load_wine,
}


DEFAULT = "plants"
LARGEST_SEED = 2**32 - 1
TOLD_CLASSES = 3  # of those too rare to be held out, by name

TOLD_NOTES = 4


class InputError(Exception):
    """What is wrong with the user's input, in one line."""


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
    def tested(self):
        """Rows to test on: those held out or, without any, those learned from."""
        return (self.X, self.y) if self.X_held_out is None else (self.X_held_out, self.y_held_out)


# Reading --------------------------------------------------------------------------------------------------


class OneLineParser(argparse.ArgumentParser):
    """A parser whose complaints are one line long."""

    def error(self, message) -> NoReturn:
        """Raise what is wrong instead of printing the usage."""
        raise InputError(message)


def parse(arguments):
    """Options of the command line."""
    parser = OneLineParser(prog="python -m sklearn_neuron", description="Train a neuron and watch it learn.")
    parser.add_argument("data", nargs="?", help=f"{', '.join(TABLES)}, or a CSV file (default: {DEFAULT})")
    parser.add_argument("--target", metavar="COLUMN", help="column of the CSV file that holds the classes")
    parser.add_argument("--solver", choices=SOLVERS, default="auto", help="how to walk (default: auto)")
    parser.add_argument("--learning-rate", type=_rate, default="auto", metavar="ALPHA", help="a number, or auto")
    parser.add_argument("--steps", type=_count, metavar="N", help="steps to take at most")
    parser.add_argument("--C", type=_positive, default=1.0, help="inverse penalty (default: 1; inf: none)")
    parser.add_argument("--tol", type=_tolerance, default=1e-4, help="Newton decrement to stop at (default: 0.0001)")
    parser.add_argument("--held-out", type=float, default=0.25, metavar="SHARE", help="rows to test on (default: 0.25)")
    parser.add_argument("--seed", type=_seed, default=0, help="which rows are held out (default: 0)")
    parser.add_argument(
        "--report",
        nargs="?",
        const="",
        metavar="DIR",
        help="write a page, DIR/index.html: all there is to see (default: DATA-report, here). The name of a table or "
        "of a CSV file says what to learn, as without --report; a folder of such a name is ./NAME",
    )
    return _settled(parser.parse_args(arguments))


def _settled(options):
    """Options that say once what to learn, and where the page goes: a name after --report may mean either."""
    named = options.report
    if named and _is_data(named):
        if options.data not in (None, named):
            raise InputError(
                f"--report {_one_line(named)} says what to learn, and so does {options.data!r}; "
                f"a folder of that name is --report ./{_one_line(named)}"
            )
        options.data, named = named, ""
    elif named and options.data is None and _is_bare(named):
        raise InputError(
            f"--report {_one_line(named)} is no table ({', '.join(TABLES)}), no CSV file and no folder; to make a "
            f"folder of that name, say what to learn: {DEFAULT} --report {_one_line(named)}"
        )
    options.data = options.data or DEFAULT
    options.report = None if named is None else _directory(named or f"{Path(options.data).stem}-report")
    return options


def _is_data(text):
    return text in TABLES or text.lower().endswith(".csv")


def _is_bare(text):
    """Whether it is a word, which may be a slip of the pen, and not the way to a folder."""
    return Path(text).name == text and not Path(text).exists()


def _positive(text):
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not number > 0:
        raise argparse.ArgumentTypeError(f"must be a number above 0, not {text!r}")
    return number


def _rate(text):
    rate = text if text == "auto" else _positive(text)
    if rate == np.inf:
        raise argparse.ArgumentTypeError(f"must be finite, not {text!r}")
    return rate


def _tolerance(text):
    return 0.0 if text.strip() == "0" else _positive(text)


def _count(text):
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"must be a whole number, 0 or more, not {text!r}")
    return int(text)


def _seed(text):
    seed = _count(text)
    if seed > LARGEST_SEED:
        raise argparse.ArgumentTypeError(f"must be at most {LARGEST_SEED}, not {text}")
    return seed


def _directory(text):
    path = Path(text)
    if any(place.exists() and not place.is_dir() for place in (path, *path.parents)):
        raise InputError(f"argument --report: must be a directory, not the file {text!r}")
    try:
        check_matplotlib_support("--report")
    except ImportError:
        raise InputError(
            "argument --report: needs matplotlib: pip install '.[plot]' from the checkout, or pip install matplotlib"
        ) from None
    return path


def read_table(data, target) -> Table:
    """A table by name, or a CSV file.

    Raises
    ------
    InputError
        If there is no such table, file or column, or a feature is not a number.
    """
    if data in TABLES:
        if target is not None:
            raise InputError(f"--target is for CSV files; the table {data!r} knows its own")
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
        raise InputError(f"no such file or table: {_one_line(path)} (tables: {', '.join(TABLES)})")
    try:
        import pandas as pd
    except ImportError:
        raise InputError(
            "reading a file needs pandas: pip install '.[files]' from the checkout, or pip install pandas"
        ) from None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", pd.errors.ParserWarning)
            frame = pd.read_csv(path, low_memory=False, index_col=False)  # no column is taken for names of rows
    except pd.errors.ParserWarning:
        raise InputError(f"cannot read {path}: its rows have more cells than its heading has names") from None
    except (ValueError, OSError) as error:
        raise InputError(f"cannot read {path}: {_first_line(error)}") from None
    return _split_off(frame, target, path)


def _is_file(path):
    try:
        return path.is_file()
    except OSError:  # a name that no file can have
        return False


def _split_off(frame, target, path):
    """Features and classes of a frame; every feature must be a number in every row."""
    columns = ", ".join(map(_one_line, frame.columns[:10])) + (", ..." if len(frame.columns) > 10 else "")
    if target is None:
        raise InputError(f"say which column of {path} to learn: --target COLUMN (columns: {columns})")
    if target not in frame.columns:
        raise InputError(f"no column {target!r} in {path} (columns: {columns})")
    X, y = frame.drop(columns=target), frame[target]
    if X.shape[1] == 0:
        raise InputError(f"{path} has no column to learn from beside {target!r}")
    if len(frame) == 0:
        raise InputError(f"{path} has a heading but no rows")
    for name in X.columns:
        if X[name].dtype.kind not in "biuf":
            raise InputError(f"column {name!r} of {path} is not numeric; drop it or encode it as numbers")
    for name, column in frame.items():
        if missing := column.isna().sum():
            raise InputError(
                f"column {name!r} of {path} has missing values, {missing} of {len(column)} "
                "(empty, NA, None or the like); fill or drop them"
            )
    for name in X.columns[np.isinf(X.to_numpy(dtype=np.float64)).any(axis=0)]:
        raise InputError(f"column {name!r} of {path} has infinity among its numbers; replace or drop such rows")
    classes = _classes(y.to_numpy(), target, path)
    X.columns = list(map(_one_line, X.columns))
    return Table(str(path), X, y.to_numpy(), list(X.columns), classes)


def _classes(y, target, path):
    """Names of the classes, of which there must be two or more."""
    if y.dtype.kind == "f" and not np.all(np.isfinite(y) & (y == np.round(y))):
        raise InputError(f"column {target!r} of {path} holds measurements, not classes")
    classes = [str(label) for label in np.unique(y)]
    if len(classes) < 2:
        raise InputError(f"column {target!r} of {path} has only one class, {classes[0]!r}; learning needs two or more")
    return classes


def hold_out(table, share, seed) -> Split:
    """Rows to learn from and rows to test on, classes in proportion.

    Every class is learned. Those of too few rows to give some away are learned from whole; if that leaves no class,
    nothing is held out.
    """
    if not 0 < share < 1:
        raise InputError(f"--held-out must lie between 0 and 1; got {share:g}")
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


# Showing --------------------------------------------------------------------------------------------------


def show(options) -> None:
    """Train, narrate and compare."""
    table = read_table(options.data, options.target)
    split = hold_out(table, options.held_out, options.seed)
    print(f"{_one_line(table.name)}: {_counted(table, split)}\n")
    neuron = SigmoidNeuronClassifier(
        C=options.C, solver=options.solver, learning_rate=options.learning_rate, tol=options.tol, max_iter=options.steps
    ).set_params(record="path" if options.report else "loss")
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        neuron.set_params(verbose=1).fit(split.X, split.y)
        print(f"\n{neuron.stop_reason_} ({neuron.solver_}, {journey(neuron)})")
        _print_notes(caught)
        if len(neuron.coef_) == 1:
            print(f"\n{_learned(neuron, table, split.X)}")
        comparison = _comparison(copy.copy(neuron).set_params(verbose=0, record="loss"), split)
    print(f"\n{comparison}")
    if options.report:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            page = _report(options.report, comparison, table, neuron, split)
        _print_notes(caught)
        print(f"\nreport: {page}")


def _print_notes(caught):
    """What was warned of, each once."""
    messages = list(dict.fromkeys(_one_line(warning.message) for warning in caught))
    for message in messages[:TOLD_NOTES]:
        print(f"note: {message}")
    if len(messages) > TOLD_NOTES:  # a font may lack a whole alphabet
        print(f"note: ... and {len(messages) - TOLD_NOTES} more")


def _counted(table, split):
    """How many rows, features and classes, and which classes are too rare to be tested."""
    held = f"{len(split.y_held_out)} held out" if split.X_held_out is not None else "none held out (too few)"
    told = f"{len(split.y)} rows to learn from, {held}; {_plural(split.X.shape[1], 'feature')}"
    told = f"{told}, {_plural(len(table.class_names), 'class')}"
    if not len(split.only_learned):
        return told
    names = [repr(table.class_names[k]) for k in split.only_learned[:TOLD_CLASSES]]
    names += ["..."] * (len(split.only_learned) > TOLD_CLASSES)
    return f"{told} (too few rows to hold some out, all learned from: {', '.join(names)})"


def _plural(count, noun):
    return f"{count} {noun}" if count == 1 else f"{count} {noun}{'es' if noun.endswith('s') else 's'}"


def _report(directory, comparison, table, neuron, split):
    """Write the page; where it is."""
    from sklearn_neuron.report import Trained, write_report  # which load what draws

    rows = split.X, split.y, split.X_held_out, split.y_held_out
    trained = Trained(table.name, neuron, *rows, table.feature_names, table.class_names)
    try:
        return write_report(trained, directory, comparison)
    except OSError as error:
        raise InputError(f"cannot write to {directory}: {error.strerror}") from None


def _learned(neuron, table, X):
    """The weights, those first that move the sum most: of largest weight times spread, whatever the units."""
    weights, bias, name = neuron.coef_[0], neuron.intercept_[0], table.class_names[1]
    who = "the finished neuron" if neuron.converged_ else "the neuron, which has not arrived,"
    if not weights.any():
        return (
            f"{who} looks at no feature, for all weights are 0: it believes in {name!r} at {sigmoid(bias):.4g}, always"
        )
    moves = np.abs(weights) * spread_of(X)
    order = np.argsort(-moves, kind="stable")[: 3 * SHOWN_WEIGHTS]
    names = [table.feature_names[j] for j in order]
    width = max(map(len, names))
    lines = [
        f"{who} believes in {name!r} when this sum is above 0",
        "(in order of what moves it: |weight| * standard deviation of the feature, the last column):",
        *(f"  {weights[j]:+12.5g} * {told:{width}}  {moves[j]:10.4g}" for j, told in zip(order, names, strict=True)),
    ]
    if len(order) < len(weights):
        lines.append(f"  ... and {len(weights) - len(order)} that move it less")
    return "\n".join([*lines, f"  {bias:+12.5g}   the neuron's bias"])


def _comparison(neuron, split):
    """A table of the neuron beside scikit-learn's solver of the same problem."""
    rival = LogisticRegression(C=neuron.C, tol=neuron.tol)
    if len(neuron.classes_) > 2:
        rival = OneVsRestClassifier(rival)
    pair = (neuron, rival)
    seconds = [f"{_seconds(model, split.X, split.y):.4f}" for model in pair]
    J = "J (mean log-loss + penalty)" if np.inf > neuron.C else "J (mean log-loss, no penalty)"
    tested = "held-out rows" if split.X_held_out is not None else "the rows learned from"
    rows = {
        "": ["neuron", "LogisticRegression"],
        J: [f"{mean_loss(model, split.X, split.y, neuron.C):.8f}" for model in pair],
        f"accuracy on {tested}": [f"{model.score(*split.tested):.4f}" for model in pair],
        "seconds": seconds,
    }
    ours, theirs = _weights(neuron)[0], _weights(rival)[0]
    lines = [f"{name:34}{one:>14}{other:>20}" for name, (one, other) in rows.items()]
    lines.append(
        f"coefficients differ by {np.abs(ours - theirs).max():.2g} at most; the largest of LogisticRegression is "
        f"{np.abs(theirs).max():.4g}"
    )
    if len(neuron.classes_) > 2:
        lines.append("(one neuron a class beside OneVsRestClassifier(LogisticRegression()); J is their mean)")
    if _ran_out(rival):
        lines.append("(LogisticRegression ended at its limit of 100 iterations)")
    return "\n".join(lines)


def _seconds(model, X, y):
    """Best of up to three fits."""
    times: list[float] = []
    while len(times) < 3 and sum(times) < 1:
        start = time.perf_counter()
        model.fit(X, y)
        times.append(time.perf_counter() - start)
    return min(times)


def _weights(model):
    """Coefficients (K, p) and intercepts (K,) of either model."""
    each = getattr(model, "estimators_", [model])
    return np.vstack([one.coef_ for one in each]), np.concatenate([one.intercept_ for one in each])


def mean_loss(model, X, y, C):
    """Mean J of all neurons, in float64."""
    coef, intercept = _weights(model)
    truths = y[:, None] == (model.classes_ if len(coef) > 1 else model.classes_[1:])
    z = np.asarray(X, dtype=np.float64) @ coef.T + intercept
    return log_loss(z, truths) + (coef**2).sum() / (2 * C * len(y)) / len(coef)


def _ran_out(rival):
    return any(one.n_iter_.max() >= one.max_iter for one in getattr(rival, "estimators_", [rival]))


def _first_line(error):
    return _one_line((str(error).strip() or type(error).__name__).splitlines()[0])


def _one_line(text):
    """A name as it may stand in a line: whatever a terminal would obey is a space."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in str(text)).split())


def main(arguments=None) -> int:
    """Run the command line; 0 if all went well, 2 with one line on standard error if not."""
    try:
        show(parse(arguments))
    except (InputError, ValueError) as error:
        print(f"sklearn_neuron: {_first_line(error)}", file=sys.stderr)
        return 2
    except BrokenPipeError:  # who read has heard enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # names are written as they are, where they can be
    sys.exit(main())
