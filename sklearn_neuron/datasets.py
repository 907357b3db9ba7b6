"""What is there to learn from? Plants, some of them toxic."""

from numbers import Integral, Real
from typing import Any

import numpy as np
from sklearn.utils import Bunch, check_random_state

FEATURES = ("leaf_length", "leaf_width")
CENTERS = np.array([[3.8, 1.5], [5.4, 2.4]])  # cm, of non-toxic and toxic plants
SPREADS = np.array([1.2, 0.6])  # cm
CORRELATION = 0.5  # long leaves are broad leaves
SMALLEST_LEAF = 0.2  # cm


def make_toxic_plants(
    n_samples=200, *, overlap=1.0, random_state=None, as_frame=False, return_X_y=False
) -> Bunch | tuple[Any, Any]:
    """Make plants whose leaves tell, not always, whether they are toxic.

    Toxic plants have longer and broader leaves. Lengths are in centimetres, neither centred nor scaled:
    the valley of J is as long and narrow as with data from life. With the default overlap and a hundred
    plants or more the largest eigenvalue of ``[X 1]'[X 1] / n`` is below 40, so that a learning rate of 0.2 is
    safe: 0.1 arrives, and 1.0 trips.

    Parameters
    ----------
    n_samples : int, default=200
        Number of plants, at least 2; half of them, rounded down, are toxic.
    overlap : float, default=1.0
        Scale of the spread within each class, above 0 and at most 2. Near 0 a line separates the classes.
    random_state : int, RandomState instance or None, default=None
        Seed of the plants.
    as_frame : bool, default=False
        Whether `data` and `target` are pandas objects (pandas must be installed).
    return_X_y : bool, default=False
        Whether to return only ``(data, target)``.

    Returns
    -------
    sklearn.utils.Bunch or (data, target)
        A bunch with the attributes

        data : ndarray or DataFrame of shape (n_samples, 2)
            Leaf length and leaf width in cm.
        target : ndarray or Series of shape (n_samples,)
            1 for toxic, 0 for not.
        frame : DataFrame of shape (n_samples, 3)
            Both, only with ``as_frame=True``; otherwise None.
        feature_names, units, target_names : list of str
            Names and units of the features, names of the classes 0 and 1.
        DESCR : str
            What the data are.

    Raises
    ------
    ValueError
        If `n_samples` is below 2 or `overlap` is not in (0, 2].

    Examples
    --------
    >>> from sklearn_neuron.datasets import make_toxic_plants
    >>> plants = make_toxic_plants(n_samples=6, random_state=0)
    >>> plants.data.shape, sorted(plants.target.tolist())
    ((6, 2), [0, 0, 0, 1, 1, 1])
    """
    _check(n_samples, overlap)
    rng = check_random_state(random_state)
    toxic = rng.permutation(np.arange(n_samples) % 2)
    length, width = rng.standard_normal((2, n_samples))
    width = CORRELATION * length + np.sqrt(1 - CORRELATION**2) * width
    leaves = CENTERS[toxic] + overlap * SPREADS * np.column_stack([length, width])
    data = np.maximum(leaves, SMALLEST_LEAF)
    plants = Bunch(
        data=data,
        target=toxic,
        frame=None,
        feature_names=list(FEATURES),
        units=["cm", "cm"],
        target_names=["non-toxic", "toxic"],
        DESCR="Leaf length and width, in cm, of invented plants; target 1 is toxic.",
    )
    plants = _as_frame(plants) if as_frame else plants
    return (plants.data, plants.target) if return_X_y else plants


def _check(n_samples, overlap):
    if not isinstance(n_samples, Integral) or n_samples < 2:
        raise ValueError(f"n_samples must be an int of at least 2, one plant of each kind; got {_plain(n_samples)!r}.")
    if not isinstance(overlap, Real) or not 0 < float(overlap) <= 2:
        raise ValueError(f"overlap must be a number above 0 and at most 2; got {_plain(overlap)!r}.")


def _plain(value):
    """A number as Python writes it, not NumPy."""
    return value.item() if isinstance(value, np.generic) else value


def _as_frame(plants):
    try:
        import pandas as pd
    except ImportError as error:
        raise ImportError(
            "as_frame=True needs pandas: pip install '.[files]' from the checkout, or pip install pandas."
        ) from error
    data = pd.DataFrame(plants.data, columns=plants.feature_names)
    target = pd.Series(plants.target, name="toxic")
    plants.update(data=data, target=target, frame=data.assign(toxic=target))
    return plants
