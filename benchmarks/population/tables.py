"""The population: KEEL's real tables, the hard ones, and drawn ones of other shapes than the benchmark's own."""

from collections.abc import Callable
from fnmatch import fnmatch
from functools import partial
from typing import NamedTuple

from ..benchmark_utils import hard, keel, made

SHAPES = {
    "tall": ({"n": 3_000, "p": 8}, {"n": 30_000, "p": 16}, {"n": 40_000, "p": 120}, {"n": 300_000, "p": 12}),
    "wide": ({"n": 60, "p": 900}, {"n": 250, "p": 2_500}, {"n": 1_200, "p": 4_000}),
    "ill_conditioned": ({"n": 2_000, "p": 12}, {"n": 6_000, "p": 150}, {"n": 60_000, "p": 25}),
    "text": ({"n": 3_000, "p": 8_000, "words": 30}, {"n": 40_000, "p": 20_000, "words": 60}),
    "one_hot": ({"n": 20_000, "p": 300}, {"n": 150_000, "p": 4_000}),
}


class Table(NamedTuple):
    """One of the population."""

    name: str
    load: Callable  # of the float type; returns examples and classes


def population(classes="two", wheel=None):
    """All tables.

    Parameters
    ----------
    classes : {"two", "all"}, default="two"
        "two": the smallest class against the rest. "all": KEEL's tables as they are; those of two classes, and those
        drawn, are the same as ever, so of these none.
    wheel : Path, default=None
        The file that holds KEEL's tables; without it they are left out.
    """
    real = (
        [] if wheel is None else [Table(f"keel/{n}", partial(keel.load, wheel, n, classes)) for n in keel.names(wheel)]
    )
    return real + drawn() if classes == "two" else [Table(f"{table.name}/all", table.load) for table in real]


def drawn():
    """The tables that are drawn: they need no file."""
    tables = [Table(f"hard/{name}", make) for name, make in hard.TABLES.items()]
    for kind, shapes in SHAPES.items():
        make = getattr(made, kind)
        tables += [
            Table(f"{kind.replace('_', '-')}/{shape['n']}x{shape['p']}", partial(make, **shape)) for shape in shapes
        ]
    return tables


def chosen(tables, patterns=(), limit=None):
    """Some of the tables.

    Parameters
    ----------
    tables : list of Table
        What there is.
    patterns : sequence of str, default=()
        Beginnings of names, or names with wildcards; none: all.
    limit : int, default=None
        So many at most, evenly spread over those that are left.

    Raises
    ------
    ValueError
        If a pattern is that of no table.
    """
    for pattern in patterns:
        if not any(matches(table.name, pattern) for table in tables):
            raise ValueError(f"no table is called {pattern!r}; there are, for example, {some(tables)}")
    kept = [table for table in tables if not patterns or any(matches(table.name, one) for one in patterns)]
    return kept[:: -(-len(kept) // limit)] if limit else kept


def matches(name, pattern):
    """Whether a name begins like this, or is like this with wildcards."""
    return name.startswith(pattern) or fnmatch(name, pattern)


def some(tables):
    """A few names, evenly spread."""
    return ", ".join(table.name for table in tables[:: max(1, len(tables) // 8)]) or "none"
