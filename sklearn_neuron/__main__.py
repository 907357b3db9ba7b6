"""Show me: ``python -m sklearn_neuron`` trains a neuron and shows it learning, line by line."""

import argparse
import copy
import io
import os
import sys
import time
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier

from sklearn_neuron import layer
from sklearn_neuron._sklearn import check_matplotlib_support
from sklearn_neuron.classifier import SigmoidNeuronClassifier
from sklearn_neuron.examples import TABLES, first_line, hold_out, one_line, read_table
from sklearn_neuron.homes.labels import codes_among
from sklearn_neuron.neuron import log_loss, sigmoid
from sklearn_neuron.solvers.recipes import SOLVERS
from sklearn_neuron.tables import Column, Table
from sklearn_neuron.telling.narration import SHOWN_WEIGHTS
from sklearn_neuron.telling.progress import journey

DEFAULT = "plants"
LARGEST_SEED = 2**32 - 1
NAMED_CLASSES = 3  # of those too rare to be held out
SHOWN_NOTES = 4


class OneLineParser(argparse.ArgumentParser):
    """A parser whose complaints are one line long."""

    def error(self, message) -> NoReturn:
        """Raise what is wrong instead of printing the usage."""
        raise ValueError(message)


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Options of the command line."""
    parser = OneLineParser(prog="python -m sklearn_neuron", description="Train a neuron and watch it learn.")
    parser.add_argument("data", nargs="?", help=f"{', '.join(TABLES)}, or a CSV file (default: {DEFAULT})")
    parser.add_argument("--target", metavar="COLUMN", help="column of the CSV file that holds the classes")
    classes = "of several classes, one neuron each, or a layer of them (default: ovr)"
    parser.add_argument("--multi-class", choices=("ovr", "multinomial"), default="ovr", help=classes)
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
            raise ValueError(
                f"--report {one_line(named)} says what to learn, and so does {options.data!r}; "
                f"a folder of that name is --report ./{one_line(named)}"
            )
        options.data, named = named, ""
    elif named and options.data is None and _is_bare(named):
        raise ValueError(
            f"--report {one_line(named)} is no table ({', '.join(TABLES)}), no CSV file and no folder; to make a "
            f"folder of that name, say what to learn: {DEFAULT} --report {one_line(named)}"
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
        raise ValueError(f"argument --report: must be a directory, not the file {text!r}")
    try:
        check_matplotlib_support("--report")
    except ImportError:
        raise ValueError(
            "argument --report: needs matplotlib: pip install '.[plot]' from the checkout, or pip install matplotlib"
        ) from None
    return path


# Showing --------------------------------------------------------------------------------------------------


def show(options: argparse.Namespace) -> None:
    """Train, narrate and compare."""
    table = read_table(options.data, options.target)
    split = hold_out(table, options.held_out, options.seed)
    print(f"{one_line(table.name)}: {_counted(table, split)}\n")
    neuron = SigmoidNeuronClassifier(
        C=options.C,
        multi_class=options.multi_class,
        solver=options.solver,
        learning_rate=options.learning_rate,
        tol=options.tol,
        max_iter=options.steps,
        record="path" if options.report else "loss",
    )
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
    messages = list(dict.fromkeys(one_line(warning.message) for warning in caught))
    for message in messages[:SHOWN_NOTES]:
        print(f"note: {message}")
    if len(messages) > SHOWN_NOTES:  # a font may lack a whole alphabet
        print(f"note: ... and {len(messages) - SHOWN_NOTES} more")


def _counted(table, split):
    """How many rows, features and classes, and which classes are too rare to be tested."""
    held = f"{len(split.y_held_out)} held out" if split.X_held_out is not None else "none held out (too few)"
    sizes = f"{_plural(split.X.shape[1], 'feature')}, {_plural(len(table.class_names), 'class')}"
    counted = f"{len(split.y)} rows to learn from, {held}; {sizes}"
    if not len(split.only_learned):
        return counted
    names = [repr(table.class_names[k]) for k in split.only_learned[:NAMED_CLASSES]]
    names += ["..."] * (len(split.only_learned) > NAMED_CLASSES)
    return f"{counted} (too few rows to hold some out, all learned from: {', '.join(names)})"


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
        raise ValueError(f"cannot write to {directory}: {error.strerror}") from None


def _learned(neuron, table, X):
    """The weights, those first that move the sum most: of largest weight times spread, whatever the units."""
    weights, bias, name = neuron.coef_[0], neuron.intercept_[0], table.class_names[1]
    who = "the finished neuron" if neuron.converged_ else "the neuron, which has not arrived,"
    if not weights.any():
        return (
            f"{who} looks at no feature, for all weights are 0: it believes in {name!r} at {sigmoid(bias):.4g}, always"
        )
    moves = np.abs(weights) * np.asarray(X, dtype=np.float64).std(axis=0)
    order = np.argsort(-moves, kind="stable")[: 3 * SHOWN_WEIGHTS]
    rows = [[f"{weights[j]:+.5g}", table.feature_names[j], f"{moves[j]:.4g}"] for j in order]
    lines = [
        f"{who} believes in {name!r} when this sum is above 0",
        "(in order of what moves it: |weight| * standard deviation of the feature, the last column):",
        *Table(rows, [Column(least=12, before="  "), Column("<", before=" * "), Column(least=10, before="  ")]).lines(),
    ]
    if len(order) < len(weights):
        lines.append(f"  ... and {len(weights) - len(order)} that move it less")
    return "\n".join([*lines, f"  {bias:+12.5g}   the neuron's bias"])


def _comparison(neuron, split):
    """A table of the neuron beside scikit-learn's solver of the same problem."""
    rival = LogisticRegression(C=neuron.C, tol=neuron.tol)
    if len(neuron.classes_) > 2 and neuron.multi_class == "ovr":
        rival = OneVsRestClassifier(rival)
    pair = (neuron, rival)
    seconds = [f"{_seconds(model, split.X, split.y):.4f}" for model in pair]
    J = "J (mean log-loss + penalty)" if np.inf > neuron.C else "J (mean log-loss, no penalty)"
    tested = "held-out rows" if split.X_held_out is not None else "the rows learned from"
    rows = [
        ["", "neuron", "LogisticRegression"],
        [J, *(f"{mean_loss(model, split.X, split.y, neuron.C):.8f}" for model in pair)],
        [f"accuracy on {tested}", *(f"{model.score(*split.tested):.4f}" for model in pair)],
        ["seconds", *seconds],
    ]
    ours, theirs = _weights(neuron)[0], _weights(rival)[0]
    lines = [
        *Table(rows, [Column("<", 34, ""), Column(least=14, before=""), Column(least=20, before="")]).lines(),
        f"coefficients differ by {np.abs(ours - theirs).max():.2g} at most; the largest of LogisticRegression is "
        f"{np.abs(theirs).max():.4g}",
    ]
    return "\n".join([*lines, *_what_was_compared(neuron, rival)])


def _what_was_compared(neuron, rival):
    """Small print beneath the table."""
    if len(neuron.classes_) > 2:
        by_class = "(one neuron a class beside OneVsRestClassifier(LogisticRegression()); J is their mean)"
        yield by_class if neuron.multi_class == "ovr" else "(one layer of softmax, both)"
    if _ran_out(rival):
        yield "(LogisticRegression ended at its limit of 100 iterations)"


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


def mean_loss(model: Any, X: Any, y: np.ndarray, C: float) -> float:
    """Mean J of all neurons, or J of a layer, in float64."""
    coef, intercept = _weights(model)
    z, squares = np.asarray(X, dtype=np.float64) @ coef.T + intercept, (coef**2).sum() / (2 * C * len(y))
    if _is_layer(model):
        return float(layer.example_loss(z, codes_among(model.classes_, y)).mean() + squares)
    truths = y[:, None] == (model.classes_ if len(coef) > 1 else model.classes_[1:])
    return log_loss(z, truths) + squares / len(coef)


def _is_layer(model):
    """Whether its neurons share one belief: those of LogisticRegression do, if there are more than two classes."""
    is_one = len(model.classes_) > 2 and not hasattr(model, "estimators_")
    return is_one and getattr(model, "multi_class", "multinomial") == "multinomial"


def _ran_out(rival):
    return any(one.n_iter_.max() >= one.max_iter for one in getattr(rival, "estimators_", [rival]))


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; 0 if all went well, 2 with one line on standard error if not."""
    try:
        show(parse(arguments))
    except (ValueError, ImportError) as error:
        print(f"sklearn_neuron: {first_line(error)}", file=sys.stderr)
        return 2
    except BrokenPipeError:  # who read has heard enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # names are written as they are, where they can be
    sys.exit(main())
