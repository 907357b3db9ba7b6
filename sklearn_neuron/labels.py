"""Which classes are there, and which does each example belong to? Labels of any type become codes."""

import numpy as np
from sklearn.utils.multiclass import check_classification_targets

WIDEST_RANGE = 1000  # of whole numbers, up to which counting beats sorting


def encode(y):
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
        If `y` is continuous, or has fewer than two classes.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn_neuron.labels import encode
    >>> classes, codes = encode(np.array([7, 5, 7]))
    >>> print(classes, codes)
    [5 7] [1 0 1]
    """
    classes, codes = _counted(y) if _is_narrow(y) else np.unique(y, return_inverse=True)
    if y.dtype.kind not in "bi" or len(classes) > len(y) / 2:
        check_classification_targets(y)  # measurements are refused, suspiciously many classes warned of
    if len(classes) < 2:
        raise ValueError(
            "Classification needs examples of at least 2 classes (with a weight above 0), "
            f"but y has one class: {classes[0]!r}."
        )
    return classes, codes


def codes_among(classes, y):
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
        raise ValueError(f"y holds the label {y[~known].tolist()[0]!r}, which is none of the classes {classes}.")
    return np.searchsorted(classes, y)


def _is_narrow(y):
    return y.dtype.kind in "bi" and int(y.max()) - int(y.min()) < WIDEST_RANGE


def _counted(y):
    """For whole numbers close together: a few passes over y, and no sorting."""
    lowest, highest = int(y.min()), int(y.max())
    is_highest = y == highest
    if (is_highest | (y == lowest)).all():
        return np.unique(np.array([lowest, highest], dtype=y.dtype)), is_highest.view(np.uint8)
    steps = y.astype(np.int64) - lowest
    is_there = np.bincount(steps) > 0
    return (np.flatnonzero(is_there) + lowest).astype(y.dtype), (np.cumsum(is_there) - 1)[steps]
