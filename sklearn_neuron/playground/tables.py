"""Which plants are there to play with? Five tables, each with a lesson, and a table of your own."""

from numbers import Real
from typing import Any, NamedTuple

import numpy as np

from sklearn_neuron.datasets import make_toxic_plants

NAMES = ("plants", "separable", "overlapping", "xor", "far")
MOST_SAMPLES = 2000  # that a page can redraw sixty times a second
DECIMALS = 2  # leaves are measured to a tenth of a millimetre
DOTS = 40  # of the tables that are no plants
FAR = 1000.0  # from zero, in spreads
LARGEST = 1e75  # number, the fourth power of which the page still can reckon with; as in state.js


class PlayTable(NamedTuple):
    """Samples of two features and two classes.

    Parameters
    ----------
    name : str
        What the table is called.
    featureNames : list of str
        Names of the two features, spelled as the page spells them.
    units : list of str
        Their units; an empty one where there is none.
    classNames : list of str
        Names of the classes y = 0 and y = 1.
    X : list of list of float
        Two numbers a sample.
    y : list of int
        The class of every sample, 0 or 1.
    note : str, default=""
        What is to be said of where they come from.

    Examples
    --------
    >>> from sklearn_neuron.playground import built_in
    >>> plants = built_in()[0]
    >>> plants.name, len(plants.X), plants.classNames
    ('plants', 60, ['non-toxic', 'toxic'])
    """

    name: str
    featureNames: list[str]  # noqa: N815
    units: list[str]
    classNames: list[str]  # noqa: N815
    X: list[list[float]]
    y: list[int]
    note: str = ""


def built_in() -> list[PlayTable]:
    """The tables that every playground has, those of ``NAMES``.

    Returns
    -------
    list of PlayTable
        plants: 60 plants, some toxic, whose classes overlap a little. separable: a line separates them, so that without
        a penalty J has no floor. overlapping: no line helps much. xor: one neuron cannot. far: so far from zero that
        the valley of J is very long and narrow.

    Examples
    --------
    >>> from sklearn_neuron.playground.tables import built_in
    >>> [table.name for table in built_in()]
    ['plants', 'separable', 'overlapping', 'xor', 'far']
    """
    plants: Any = make_toxic_plants(60, random_state=0)
    names = [name.replace("_", " ") for name in plants.feature_names]
    leaves = plants.data.round(DECIMALS).tolist()
    return [
        PlayTable("plants", names, plants.units, plants.target_names, leaves, plants.target.tolist()),
        _clouds("separable", [[(-1.2, -0.8)], [(1.2, 0.8)]], 0.5),
        _clouds("overlapping", [[(-0.4, -0.2)], [(0.4, 0.2)]], 1.2),
        _clouds("xor", [[(-1, -1), (1, 1)], [(-1, 1), (1, -1)]], 0.35),
        _clouds("far", [[(FAR - 0.8, FAR - 0.5)], [(FAR + 0.8, FAR + 0.5)]], 1.0),
    ]


def _clouds(name, centers, spread):
    """Samples around the centers of two classes."""
    y = np.arange(DOTS) % 2
    places = np.array([centers[k][i // 2 % len(centers[k])] for i, k in enumerate(y)])
    X = places + spread * np.random.default_rng(0).standard_normal((DOTS, 2))
    return PlayTable(name, ["x1", "x2"], ["", ""], ["yellow", "purple"], X.round(DECIMALS).tolist(), y.tolist())


def table_of(X, y, feature_names=None, class_names=None, name="yours", note="") -> PlayTable:
    """Make a table of samples of your own.

    Parameters
    ----------
    X : {array-like, DataFrame} of shape (n_samples, 2)
        Two features, numbers between -1e75 and 1e75.
    y : array-like of shape (n_samples,)
        The class of every sample; two different ones. The second, in order, is the one that the neuron believes in.
    feature_names, class_names : sequence of two str, default=None
        What to call them; by default as in `X` and in `y`.
    name : str, default="yours"
        What to call the table.
    note : str, default=""
        What is to be said of where it comes from.

    Returns
    -------
    PlayTable
        At most 2,000 of the samples, drawn by chance, each class in proportion; the note says so.

    Raises
    ------
    ValueError
        If there are not two features, two classes and as many labels as samples, or a number is missing or beyond 1e75.

    Examples
    --------
    >>> from sklearn_neuron.playground.tables import table_of
    >>> table = table_of([[5.1, 2.0], [3.0, 1.2]], ["toxic", "harmless"], ["length", "width"])
    >>> table.classNames, table.y
    (['harmless', 'toxic'], [1, 0])
    """
    from sklearn_neuron.displays.palette import thinned  # and with it all displays: not for who asks only for NAMES

    names = _two(feature_names, "feature_names", list(map(str, getattr(X, "columns", ["x1", "x2"]))))
    numbers = _numbers_of(X)
    labels, codes = _classes_of(y, len(numbers))
    rows = thinned(len(numbers), MOST_SAMPLES, codes)
    drawn = [f"{len(rows):,} of {len(numbers):,} samples, drawn by chance"] * (len(rows) < len(numbers))
    said = "; ".join(filter(None, [note, *drawn]))
    classes = _two(class_names, "class_names", [str(label) for label in labels])
    return PlayTable(str(name), names, ["", ""], classes, numbers[rows].tolist(), codes[rows].tolist(), said)


def can_be_drawn(X) -> np.ndarray:
    """Which samples have all their numbers, and none beyond ``LARGEST``; (n,) of an X of shape (n, p)."""
    return (np.abs(X) <= LARGEST).all(axis=1)


def _numbers_of(X):
    """Features as finite float64."""
    try:
        numbers = np.asarray(X, dtype=np.float64)
    except (TypeError, ValueError):
        raise ValueError("X must hold numbers: two features of every sample.") from None
    if numbers.ndim != 2 or numbers.shape[1] != 2:
        raise ValueError(f"X must have the shape (n_samples, 2), two features to draw; got {numbers.shape}.")
    wrong = ~can_be_drawn(numbers)
    if wrong.any():
        first = np.argmax(wrong)
        raise ValueError(f"Sample {first} of X is missing a number, or has one beyond {LARGEST:g}; leave it out.")
    return numbers


def _classes_of(y, n):
    """The two classes, and which of them each sample is of."""
    labels = np.asarray(y)
    if labels.shape != (n,):
        raise ValueError(f"y must hold a label of each of the {n} samples of X; got the shape {labels.shape}.")
    try:
        classes, codes = np.unique(labels, return_inverse=True)
    except TypeError:
        raise ValueError("y holds labels of different types, which have no order; make all of them words.") from None
    if len(classes) != 2 or _is_missing(classes[-1]):
        raise ValueError(f"y must hold two classes, none missing; got {len(classes)}; one against the rest is two.")
    return classes, codes


def _is_missing(label):
    return isinstance(label, Real) and label != label


def _two(names, argument, otherwise):
    """Two different names."""
    if names is None:
        return otherwise
    told = [str(name) for name in names]
    if len(set(told)) != 2 or len(told) != 2:
        raise ValueError(f"{argument} must be two different names; got {told}.")
    return told
