"""What of a table can be played with? Two of its features and two classes, for one neuron on one page.

The two features are those by which a neuron of their own has the least J. Every pair is tried of those few that differ
most between the classes, each by itself.
"""

from itertools import combinations
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from sklearn_neuron.classifier import SigmoidNeuronClassifier
from sklearn_neuron.command.cells import as_numbers
from sklearn_neuron.command.columns import names_in
from sklearn_neuron.command.complaints import ComplaintsError, did_you_mean, one_line, plural, some_of
from sklearn_neuron.command.examples import TABLES, read_table
from sklearn_neuron.command.files import STANDARD_INPUT, content_of, is_there
from sklearn_neuron.playground.page import write_tables
from sklearn_neuron.playground.tables import LARGEST, NAMES, built_in, can_be_drawn, table_of

TRIED = 8  # features, all pairs of which are tried
KINDS = {"texts": "words", "dates": "dates"}


class Numbers(NamedTuple):
    """Features of a table that are numbers, and the classes."""

    title: str
    names: list[str]
    X: np.ndarray  # (n, p), nan where a cell is missing or infinite
    codes: np.ndarray  # (n,), numbers of the classes
    class_names: list[str]
    others: dict[str, str]  # columns that are no numbers, and what they are


def play(options: Any) -> None:
    """Write a page with a neuron to play with, and say where it is."""
    if options.data in NAMES:
        _check_nothing_asked(options)
        write_tables(options.out, built_in(), options.data)
    else:
        table, told = _two_of(options)
        print("\n".join(map(one_line, told)))
        write_tables(options.out, [table, *built_in()], table.name)
    there = options.out.resolve()
    print(f"playground: {one_line(options.out)}; it opens in any browser: {one_line(there.as_uri())}")


def _check_nothing_asked(options):
    """Complain of options that are for tables with more features, or classes."""
    given = {"--target": options.target, "--features": options.features, "--class": options.believed}
    given |= {"--drop": options.drop, "--keep": options.keep}
    if asked := [name for name, value in given.items() if value]:
        raise ValueError(f"{' and '.join(asked)}: the table {options.data!r} has two features and two classes already")


def _two_of(options):
    """A table of two features and two classes, and what is to be said of it."""
    numbers, notes = _numbers_of(options)
    believed, against = _class_of(options.believed, numbers)
    truth = numbers.codes == believed
    drawn = names_in(options.features, numbers.names)
    chosen, why = (_named(drawn, numbers), "as it was asked") if drawn else _telling(numbers, truth)
    names, classes = [numbers.names[j] for j in chosen], _two_classes(numbers.class_names, believed)
    X = numbers.X[:, chosen]
    there = can_be_drawn(X)
    _check_classes(truth[there], names, classes[1])
    table = table_of(X[there], 1 * truth[there], names, classes, _own(numbers.title))
    told = [f"{numbers.title}: {names[0]} and {names[1]}, {why}", f"{classes[1]!r} against {against}"]
    if not there.all():
        left_out = f"{(~there).sum()} of {plural(len(there), 'row')}"
        told.append(f"{left_out} left out, for a cell of {names[0]} or of {names[1]} is missing or beyond {LARGEST:g}")
    return table, [*notes, *told, *filter(None, [table.note])]


def _own(title):
    """A name for the table, other than those that every playground has."""
    return f"{title} (yours)" if title in NAMES else title


# What there is ----------------------------------------------------------------------------------------------------


def _numbers_of(options):
    """Features that are numbers, and what is to be said of the file."""
    if not (options.data in TABLES or options.data == STANDARD_INPUT or is_there(Path(options.data))):
        content_of(options.data, tuple(dict.fromkeys((*NAMES, *TABLES))))  # which complains
    table = read_table(options.data, asked=options.asked)
    _, codes = np.unique(table.y, return_inverse=True)
    if table.columns is None:
        X, names, others, notes = np.asarray(table.X, dtype=np.float64), table.feature_names, {}, []
    else:
        columns = table.columns
        names = columns.of_kind("numbers")
        X = as_numbers(table.X[names], columns.commas, columns.units).to_numpy(dtype=np.float64)
        others = {name: KINDS[column.kind] for name, column in columns.found.items() if column.kind in KINDS}
        notes = [note for note in table.notes if note not in columns.told()]  # of what comes before a neuron that fits
    numbers = Numbers(one_line(table.name), list(names), X, codes, table.class_names, others)
    if len(names) < 2:
        some = f": {some_of(names)}" if names else ""
        raise ValueError(f"{numbers.title} has {plural(len(names), 'column')} of numbers{some}; a page draws two")
    return numbers, notes


def _named(drawn, numbers):
    """Numbers of the two features that are named."""
    wrong = [f"--features: column {name!r} holds {kind}" for name, kind in numbers.others.items() if name in drawn]
    unknown = [name for name in drawn if name not in numbers.names and name not in numbers.others]
    wrong += [f"--features: no column {name!r}{did_you_mean(name, numbers.names)}" for name in unknown]
    if len(set(drawn)) != 2:
        wrong.append(f"--features must name two different columns, not {some_of(map(repr, drawn))}")
    if wrong:
        raise ComplaintsError(wrong)
    return [numbers.names.index(name) for name in dict.fromkeys(drawn)]


def _class_of(asked, numbers):
    """The number of the class that is believed in, and what it is told from, and why it is that."""
    names = numbers.class_names
    if asked is not None and one_line(asked) not in names:
        raise ValueError(f"--class: no class {asked!r} (classes: {some_of(names)}){did_you_mean(asked, names)}")
    others = f"the rest, {plural(len(names) - 1, 'class')}"
    if asked is not None or len(names) == 2:
        believed = 1 if asked is None else names.index(one_line(asked))
        return believed, others if len(names) > 2 else repr(names[1 - believed])
    counts = np.bincount(numbers.codes)
    believed = len(counts) - 1 - int(counts[::-1].argmax())
    return believed, f"{others}: it has most rows, {counts[believed]}; another is named by --class NAME"


def _two_classes(names, believed):
    """What to call the two."""
    return [names[1 - believed] if len(names) == 2 else f"not {names[believed]}", names[believed]]


def _check_classes(truth, names, believed):
    """Complain if missing cells leave only one class."""
    if truth.all() or not truth.any():
        which = "no row" if not truth.any() else "only rows"
        raise ValueError(
            f"where neither {names[0]} nor {names[1]} is missing or beyond {LARGEST:g} "
            f"there are {which} of class {believed!r}; name other columns: --features A,B"
        )


# Which two tell most ----------------------------------------------------------------------------------------------


def _telling(numbers, truth):
    """Numbers of the two features by which a neuron has the least J, and how that was found."""
    few = _few(numbers.X, truth)
    pairs = list(combinations(sorted(few), 2))
    losses = [_loss_of(numbers.X[:, pair], truth) for pair in pairs]
    best = int(np.argmin(losses))
    if not np.isfinite(losses[best]):
        raise ValueError(
            f"no two columns of numbers have enough rows without a cell that is missing or beyond {LARGEST:g}; "
            "name two: --features A,B"
        )
    if len(pairs) == 1:
        return list(pairs[best]), "which are all columns of numbers"
    those = f"all {len(pairs)} pairs" if len(few) == len(numbers.names) else f"the {len(pairs)} pairs of {_kept(few)}"
    why = f"which of {those} give a neuron the least J, {losses[best]:.2g}; others are named by --features A,B"
    return list(pairs[best]), why


def _kept(few):
    return f"the {len(few)} columns that differ most between the classes"


def _few(X, truth):
    """Numbers of the features whose averages differ most between the two classes, beside their spread."""
    if X.shape[1] <= TRIED:
        return range(X.shape[1])
    differ = [_difference(X[:, j], truth) for j in range(X.shape[1])]
    return np.argsort(differ, kind="stable")[::-1][:TRIED].tolist()


def _difference(column, truth):
    """How far apart the averages of the classes are, in spreads; 0 of a feature that is nowhere or everywhere equal."""
    there = can_be_drawn(column[:, None])
    x, y = column[there], truth[there]
    if y.all() or not y.any() or x.min() == x.max():
        return 0.0
    return abs(x[y].mean() - x[~y].mean()) / x.std()


def _loss_of(X, truth):
    """J of a neuron that learns from two standardised features; infinite where they leave only one class."""
    there = can_be_drawn(X)
    X, y = X[there], truth[there]
    if y.all() or not y.any() or not (spread := X.std(axis=0)).all():
        return np.inf
    return SigmoidNeuronClassifier().fit((X - X.mean(axis=0)) / spread, y).loss_curve_[-1]
