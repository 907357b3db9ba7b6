"""Which classes are there, which does each example belong to, and how much does it count? Labels become codes."""

import sys
from numbers import Number, Real

import numpy as np
from sklearn.utils import compute_class_weight
from sklearn.utils.multiclass import check_classification_targets

from sklearn_neuron.homes.costs import COUNTED_LABELS


def encode(y) -> tuple[np.ndarray, np.ndarray]:
    """Sorted class labels, and the place of each example's label among them.

    Parameters
    ----------
    y : ndarray of shape (n,)
        Labels of any type.

    Returns
    -------
    classes : ndarray of shape (K,)
        Different labels, sorted.
    codes : ndarray of int of shape (n,)
        ``classes[codes]`` is `y`.

    Raises
    ------
    ValueError
        If `y` is continuous, cannot be sorted, or has fewer than two classes.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn_neuron.homes.labels import encode
    >>> classes, codes = encode(np.array([7, 5, 7]))
    >>> print(classes, codes)
    [5 7] [1 0 1]
    """
    classes, codes = _counted(y) if y.dtype.kind in "bi" else _sorted(y)
    if y.dtype.kind not in "bi" or len(classes) > len(y) / 2:
        check_classification_targets(y)  # measurements are refused, suspiciously many classes warned of
    if len(classes) < 2:
        raise ValueError(
            "Classification needs examples of at least 2 classes (with a weight above 0), "
            f"but y has one class: {_shown(classes[0])}."
        )
    return classes, codes


def refuse_missing_or_mixed(y) -> None:
    """Refuse labels that are no labels, before NumPy makes them strings: a NaN beside words would be the class 'nan'.

    Parameters
    ----------
    y : array-like
        What the user has given as labels.

    Raises
    ------
    ValueError
        If labels are missing or masked, or some are words and others numbers; the message shows them.
    """
    labels = y if isinstance(y, (list, tuple)) else _objects(y)
    if len(types := set(map(type, labels))) <= 1 and types <= {str, int, bool}:  # soon told, for those are the most
        return
    seen: dict[type, object] = {}  # the first label of each kind
    for row, label in enumerate(labels):
        if _is_missing(label):
            raise ValueError(f"y has no label for example {row}, but {_shown(label)}: label it, or leave it out.")
        seen.setdefault(_kind(label), label)
    if len(seen) > 1:
        one, other = list(seen.values())[:2]
        raise ValueError(
            f"y mixes labels of different types, such as {_shown(one)} and {_shown(other)}: "
            "make all of them strings, or all of them numbers."
        )


def refuse_masked(**given) -> None:
    """Refuse masked numbers, beneath which scikit-learn would read whatever lies there.

    Parameters
    ----------
    **given : array-like
        What the user has given, by name.

    Raises
    ------
    ValueError
        If some are masked; the message says of what, and how many.
    """
    for name, array in given.items():
        if isinstance(array, np.ma.MaskedArray) and np.ma.is_masked(array):
            raise ValueError(f"{name} has {array.mask.sum()} masked numbers: fill them, or leave out those examples.")


def _shown(label):
    """A label or number as Python prints it: 0, not np.int64(0)."""
    return repr(np.asarray(label).tolist())


def _objects(y):
    """Labels that are Python's, or times; none of an array of numbers or strings, where only NaN is amiss."""
    labels = np.asarray(y)
    return labels.ravel() if labels.ndim and labels.dtype.kind in "OmM" else ()


def _is_missing(label):
    """Whether it is None, or not equal to itself: NaN, NaT and pandas' NA, which says of nothing that it is equal."""
    try:
        return label is None or bool(label != label)
    except (TypeError, ValueError):
        return type(label).__name__ == "NAType"


def _kind(label):
    """Which of str and Number it is; or its own type."""
    return next((kind for kind in (str, Number, np.bool_) if isinstance(label, kind)), type(label))


def codes_among(classes, y) -> np.ndarray:
    """The place of each example's label among given classes.

    Parameters
    ----------
    classes : ndarray of shape (K,)
        Different labels, sorted.
    y : ndarray of shape (n,)
        Labels, all of them among `classes`.

    Returns
    -------
    ndarray of int of shape (n,)
        ``classes[codes]`` is `y`.

    Raises
    ------
    ValueError
        If a label is not among the classes.
    """
    known = np.isin(y, classes)
    if not known.all():
        raise ValueError(f"y holds the label {_shown(y[~known][0])}, which is none of the classes {classes}.")
    return np.searchsorted(classes, y)


def truths_of(codes, n_classes, is_layer) -> np.ndarray:
    """Truths as neurons read them, one column a walk, of the places (n,) of labels among the classes.

    Parameters
    ----------
    codes : ndarray of int of shape (n,)
        Places among the classes.
    n_classes : int
        Number of classes.
    is_layer : bool
        Whether all neurons walk together, and are told which class it is.

    Returns
    -------
    ndarray of int of shape (n, 1), or of bool of shape (n, 1) or (n, n_classes)
        For a layer; for the one neuron of two classes, or one a class.
    """
    if is_layer:
        return codes[:, None].astype(np.intp, copy=False)
    return codes[:, None] == (np.arange(n_classes) if n_classes > 2 else [1])


def weighted(weight, class_weight, classes, y, codes) -> np.ndarray:
    """How much each example counts: its own weight times that of its class.

    Parameters
    ----------
    weight : ndarray of shape (n,)
        Sample weights, above 0.
    class_weight : dict, "balanced" or None
        Weights of the classes.
    classes, y, codes : ndarray of shape (K,), (n,) and (n,)
        Different labels, the labels, and their places among the different ones.

    Returns
    -------
    ndarray of shape (n,)
        Weights, at least 0.

    Raises
    ------
    ValueError
        If a class weight is none, or the weights add up to nothing, or to more than a float holds.
    """
    if class_weight is None:
        return weight
    if isinstance(class_weight, dict):
        _check_class_weight(class_weight)
    with np.errstate(over="ignore"):
        there = np.unique(codes) if class_weight == "balanced" else slice(None)  # nobody balances what is not there
        by_class = np.ones(len(classes))
        by_class[there] = compute_class_weight(class_weight, classes=classes[there], y=y, sample_weight=weight)
        product = weight * by_class[codes]
    if not by_class.all():
        nothing = classes[by_class.argmin()]
        raise ValueError(
            f"class_weight must give every class of y a weight above 0, but that of {_shown(nothing)} is 0: no bias is "
            "low enough for a class that does not count. Leave its examples out instead."
        )
    check_total(product, "sample_weight times class_weight")
    return product


def weights_of_classes(class_weight, classes, y, weight) -> dict | None:
    """Weights of the classes by their labels, to be used for other examples; None if all are 1.

    Parameters
    ----------
    class_weight : dict, "balanced" or None
        As it is given.
    classes, y, weight : ndarray of shape (K,), (n,) and (n,)
        Different labels; the labels and the weights of the examples that "balanced" balances.

    Returns
    -------
    dict or None
    """
    if class_weight != "balanced":
        return class_weight
    return dict(
        zip(classes, compute_class_weight(class_weight, classes=classes, y=y, sample_weight=weight), strict=True)
    )


def as_float(number) -> float:
    """A number as a float64; infinite if it is larger than any, as whole numbers may be."""
    plain = np.asarray(number).tolist()
    return float(plain) if plain <= sys.float_info.max else np.inf


def check_total(weight, name) -> None:
    """Refuse weights whose sum is no number above 0; their name is told."""
    with np.errstate(over="ignore", invalid="ignore"):
        total = weight.sum()
    if not 0 < total < np.inf:
        raise ValueError(f"{name} must add up to a finite number above 0, but adds up to {total:g}.")


def _check_class_weight(class_weight):
    for label, weight in class_weight.items():
        if not (isinstance(weight, Real) and 0 <= as_float(weight) < np.inf):
            raise ValueError(
                "class_weight must give weights of at least 0, finite ones; "
                f"that of class {_shown(label)} is {_shown(weight)}."
            )


def _sorted(y):
    try:
        classes, codes = np.unique(y, return_inverse=True)
    except TypeError:
        raise ValueError(
            f"Unknown label type: y holds labels like {_shown(y[0])}, which cannot be sorted; "
            "make all of them strings, or all of them numbers."
        ) from None
    if y.dtype == object and isinstance(classes[0], (Number, np.bool_)):
        raise ValueError(
            "Unknown label type: y holds numbers as Python objects; give it their type, as y.astype(int) does."
        )
    return classes, codes


def _counted(y):
    """For whole numbers, if they are close together: a few passes over y, and no sorting."""
    lowest, highest = int(y.min()), int(y.max())
    if highest - lowest >= COUNTED_LABELS:
        return _sorted(y)
    is_highest = y == highest
    if lowest < highest and (is_highest | (y == lowest)).all():
        return np.array([lowest, highest], dtype=y.dtype), is_highest.view(np.uint8)
    steps = y.astype(np.int64) - lowest
    is_there = np.bincount(steps) > 0
    return (np.flatnonzero(is_there) + lowest).astype(y.dtype), (np.cumsum(is_there) - 1)[steps]
