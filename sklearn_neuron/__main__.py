"""Show me: ``python -m sklearn_neuron`` trains a neuron and shows it learning, line by line."""

import argparse
import copy
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
from sklearn_neuron.narration import SHOWN_WEIGHTS
from sklearn_neuron.neuron import log_loss
from sklearn_neuron.recipes import SOLVERS

TABLES = {
    "plants": lambda: make_toxic_plants(random_state=0),
    "breast_cancer": datasets.load_breast_cancer,
    "iris": datasets.load_iris,
    "digits": datasets.load_digits,
    "wine": datasets.load_wine,
}


class InputError(Exception):
    """What is wrong with the user's input, in one line."""


class Table(NamedTuple):
    """What to learn from."""

    name: str
    X: Any
    y: Any
    feature_names: list[str]
    class_names: list[str]


# Reading --------------------------------------------------------------------------------------------------


class OneLineParser(argparse.ArgumentParser):
    """A parser whose complaints are one line long."""

    def error(self, message) -> NoReturn:
        """Raise what is wrong instead of printing the usage."""
        raise InputError(message)


def parse(arguments):
    """Options of the command line."""
    parser = OneLineParser(prog="python -m sklearn_neuron", description="Train a neuron and watch it learn.")
    parser.add_argument("data", nargs="?", default="plants", help=f"{', '.join(TABLES)}, or a CSV file")
    parser.add_argument("--target", metavar="COLUMN", help="column of the CSV file that holds the classes")
    parser.add_argument("--solver", choices=SOLVERS, default="auto", help="how to walk (default: auto)")
    parser.add_argument("--learning-rate", type=_rate, default="auto", metavar="ALPHA", help="a number, or auto")
    parser.add_argument("--steps", type=_count, metavar="N", help="steps to take at most")
    parser.add_argument("--C", type=_positive, default=1.0, help="inverse penalty (default: 1; inf: none)")
    parser.add_argument("--tol", type=_tolerance, default=1e-4, help="Newton decrement to stop at (default: 0.0001)")
    parser.add_argument(
        "--held-back", type=float, default=0.25, metavar="SHARE", help="rows to test on (default: 0.25)"
    )
    parser.add_argument("--seed", type=_count, default=0, help="which rows are held back (default: 0)")
    parser.add_argument("--report", type=_directory, metavar="DIR", help="write DIR/index.html: all there is to see")
    return parser.parse_args(arguments)


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


def _directory(text):
    path = Path(text)
    if any(place.exists() and not place.is_dir() for place in (path, *path.parents)):
        raise argparse.ArgumentTypeError(f"must be a directory, not the file {text!r}")
    try:
        check_matplotlib_support("--report")
    except ImportError:
        raise argparse.ArgumentTypeError("needs matplotlib: pip install 'sklearn-neuron[plot]'") from None
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
        raise InputError(f"no such file or table: {path} (tables: {', '.join(TABLES)})")
    try:
        import pandas as pd
    except ImportError:
        raise InputError("reading a file needs pandas: pip install 'sklearn-neuron[files]'") from None
    try:
        frame = pd.read_csv(path, low_memory=False)
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
    columns = ", ".join(map(str, frame.columns[:10])) + (", ..." if len(frame.columns) > 10 else "")
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
                f"column {name!r} of {path} has missing values, {missing} of {len(column)}; fill or drop them"
            )
    classes = _classes(y.to_numpy(), target, path)
    return Table(str(path), X, y.to_numpy(), list(map(str, X.columns)), classes)


def _classes(y, target, path):
    """Names of the classes, of which there must be two or more."""
    if y.dtype.kind == "f" and np.any(y % 1):
        raise InputError(f"column {target!r} of {path} holds measurements, not classes")
    classes = [str(label) for label in np.unique(y)]
    if len(classes) < 2:
        raise InputError(f"column {target!r} of {path} has only one class, {classes[0]!r}; learning needs two or more")
    return classes


def hold_back(table, share, seed):
    """Rows to learn from and rows to test on, classes in proportion; all for both if a class has one row."""
    if not 0 < share < 1:
        raise InputError(f"--held-back must lie between 0 and 1; got {share:g}")
    _, counts = np.unique(table.y, return_counts=True)
    if counts.min() < 2 or len(table.y) * min(share, 1 - share) < len(counts):
        return table.X, table.X, table.y, table.y
    return train_test_split(table.X, table.y, test_size=share, stratify=table.y, random_state=seed)


# Showing --------------------------------------------------------------------------------------------------


def show(options) -> None:
    """Train, narrate and compare."""
    table = read_table(options.data, options.target)
    X, X_held, y, y_held = hold_back(table, options.held_back, options.seed)
    held = f"{len(y_held)} held back" if X_held is not X else "none held back (too few)"
    print(
        f"{table.name}: {len(y)} rows to learn from, {held}; {X.shape[1]} features, {len(table.class_names)} classes\n"
    )
    neuron = SigmoidNeuronClassifier(
        C=options.C, solver=options.solver, learning_rate=options.learning_rate, tol=options.tol, max_iter=options.steps
    ).set_params(record="path" if options.report else "loss")
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        neuron.set_params(verbose=1).fit(X, y)
        print(
            f"\n{neuron.stop_reason_} ({neuron.solver_}, {neuron.n_iter_.max()} steps, "
            f"{neuron.history_.passes[-1]:.4g} passes over the rows)"
        )
        for warning in caught:
            print(f"note: {warning.message}")
        if len(neuron.coef_) == 1:
            print(f"\n{_finished(neuron, table)}")
        comparison = _comparison(copy.copy(neuron).set_params(verbose=0, record="loss"), X, X_held, y, y_held)
    print(f"\n{comparison}")
    if options.report:
        print(f"\nreport: {_report(options.report, comparison, table, neuron, X, y, X_held, y_held)}")


def _report(directory, comparison, table, neuron, X, y, X_held, y_held):
    """Write the page; where it is."""
    from sklearn_neuron.report import Trained, write_report  # which load what draws

    trained = Trained(table.name, neuron, X, y, X_held, y_held, table.feature_names, table.class_names)
    try:
        return write_report(trained, directory, comparison)
    except OSError as error:
        raise InputError(f"cannot write to {directory}: {error.strerror}") from None


def _finished(neuron, table):
    order = np.argsort(-np.abs(neuron.coef_[0]))[: 3 * SHOWN_WEIGHTS]
    width = max(len(table.feature_names[j]) for j in order)
    lines = [f"the finished neuron believes in {table.class_names[1]!r} when this sum is above 0:"]
    lines += [f"  {neuron.coef_[0, j]:+12.5g} x {table.feature_names[j]:{width}}" for j in order]
    if len(order) < neuron.coef_.shape[1]:
        lines.append(f"  ... and {neuron.coef_.shape[1] - len(order)} smaller weights")
    return "\n".join([*lines, f"  {neuron.intercept_[0]:+12.5g}   bias"])


def _comparison(neuron, X, X_held, y, y_held):
    """A table of the neuron beside scikit-learn's solver of the same problem."""
    rival = LogisticRegression(C=neuron.C, tol=neuron.tol)
    if len(neuron.classes_) > 2:
        rival = OneVsRestClassifier(rival)
    pair = (neuron, rival)
    seconds = [f"{_seconds(model, X, y):.4f}" for model in pair]
    rows = {
        "": ["neuron", "LogisticRegression"],
        "J": [f"{mean_loss(model, X, y, neuron.C):.8f}" for model in pair],
        "accuracy on held-back rows": [f"{model.score(X_held, y_held):.4f}" for model in pair],
        "seconds": seconds,
    }
    ours, theirs = _weights(neuron)[0], _weights(rival)[0]
    lines = [f"{name:28}{one:>14}{other:>20}" for name, (one, other) in rows.items()]
    lines.append(f"largest coefficient difference {np.abs(ours - theirs).max():.2g}, of {np.abs(theirs).max():.4g}")
    if len(neuron.classes_) > 2:
        lines.append("(one neuron a class beside OneVsRestClassifier(LogisticRegression()); J is their mean)")
    if _ran_out(rival):
        lines.append("(LogisticRegression spent its 100 iterations before it arrived)")
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
    return str(error).strip().splitlines()[0]


def main(arguments=None) -> int:
    """Run the command line; 0 if all went well, 2 with one line on standard error if not."""
    try:
        show(parse(arguments))
    except (InputError, ValueError) as error:
        print(f"sklearn_neuron: {_first_line(error)}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
