"""How does a page come to hold a neuron? A style sheet, some scripts and the tables are put into one HTML file.

The scripts are read in the order of ``SCRIPTS``. The first are the learner's book once more, with the same names in the
same order as in neuron.py, objective.py and descent.py, and a test walks both side by side.
"""

import json
from pathlib import Path
from string import Template

from sklearn_neuron.callbacks import write_whole
from sklearn_neuron.playground.tables import PlayTable, built_in, table_of

HERE = Path(__file__).parent
ARITHMETIC = ("algebra.js", "neuron.js", "objective.js", "coordinates.js", "descent.js", "story.js")
HANDS = ("state.js", "pictures.js", "hands.js")
SCRIPTS = (*ARITHMETIC, *HANDS)


def playground_page(tables: list[PlayTable], chosen: str) -> str:
    """Put a playground together.

    Parameters
    ----------
    tables : list of PlayTable
        What can be played with.
    chosen : str
        The name of the table that is there when the page opens.

    Returns
    -------
    str
        HTML that needs no other file and no network.

    Raises
    ------
    ValueError
        If no table has the name, or two have the same.

    Examples
    --------
    >>> from sklearn_neuron.playground.page import playground_page
    >>> from sklearn_neuron.playground.tables import built_in
    >>> "<script src" in playground_page(built_in(), "xor")
    False
    """
    names = [table.name for table in tables]
    if chosen not in names or len(set(names)) < len(names):
        raise ValueError(f"chosen={chosen!r} must be the name of one of the tables; they are called {names}.")
    held = json.dumps({"chosen": chosen, "tables": [table._asdict() for table in tables]}, allow_nan=False)
    template = Template(_text_of("page.html"))
    return template.substitute(style=_text_of("page.css"), script=script_of(SCRIPTS), tables=in_a_page(held))


def script_of(names) -> str:
    """Some of the scripts, one after the other, as one."""
    return "\n".join(['"use strict";', *map(_text_of, names)])


def in_a_page(text: str) -> str:
    """JSON as it may stand within a script element, which no word of it can end."""
    return text.replace("<", "\\u003c")


def _text_of(name):
    return (HERE / name).read_text(encoding="utf8")


def write_playground(path, X=None, y=None, feature_names=None, class_names=None) -> Path:
    """Write a page with a neuron to play with.

    Parameters
    ----------
    path : path-like
        The HTML file to write; one that is there is replaced.
    X : {array-like, DataFrame} of shape (n_samples, 2), default=None
        Two features of samples of your own, finite numbers; more than 2,000 are drawn from by chance. None: only the
        tables that every playground has, the plants first.
    y : array-like of shape (n_samples,), default=None
        Their classes, two different ones.
    feature_names, class_names : sequence of two str, default=None
        What to call them; by default as in `X` and in `y`.

    Returns
    -------
    Path
        The page, to be opened in any browser. It is all in one file and asks no network.

    Raises
    ------
    ValueError
        If only one of `X` and `y` is given, or they are not two features and two classes.
    OSError
        If the file cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> from sklearn_neuron.playground import write_playground
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     page = write_playground(Path(folder) / "play.html")
    ...     page.name
    'play.html'
    """
    if (X is None) != (y is None):
        raise ValueError(f"{'y' if y is None else 'X'} is missing: a table of your own needs X and y.")
    yours = [] if X is None else [table_of(X, y, feature_names, class_names)]
    tables = [*yours, *built_in()]
    return write_tables(path, tables, tables[0].name)


def write_tables(path, tables: list[PlayTable], chosen: str) -> Path:
    """Write a page of :func:`playground_page` to a file, whole."""
    write_whole(Path(path), playground_page(tables, chosen).encode())
    return Path(path)
