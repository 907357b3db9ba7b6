"""Does X live elsewhere than in an array? The one place where its type is asked.

A table in memory is what scikit-learn's validation makes of whatever it is given. Anything else is a
:class:`~sklearn_neuron.homes.pieces.Store`: it yields examples piece by piece, as often as they are read.
"""

import functools
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np
from sklearn.utils import check_array

from sklearn_neuron._sklearn import check_sample_weight
from sklearn_neuron.homes.labels import refuse_masked, refuse_missing_or_mixed
from sklearn_neuron.homes.pieces import Rows, Store


def elsewhere(X, y=None, sample_weight=None) -> "Local | None":
    """The store of examples that lie elsewhere; None of those in memory, whatever they are stored in."""
    return X.store(y, sample_weight) if isinstance(X, Blocks) else None


def wherever_it_lives(method) -> Callable:
    """An answer to examples in memory, for those that live elsewhere too: piece by piece."""

    @functools.wraps(method)
    def answered(self, X):
        store = elsewhere(X)
        return method(self, X) if store is None else store.answered(functools.partial(method, self))

    return answered


class Blocks:
    """Examples block by block, from wherever they come: never more than a few blocks are in memory.

    ``SigmoidNeuronClassifier.fit`` reads them some four times in all: once to see what there is, and once a step; a
    table of 4 million numbers or less only once. ``predict`` and its like read them once.

    Parameters
    ----------
    blocks : list or callable
        Blocks, or callables that return one each when it is read; or a callable that begins anew and returns an
        iterable of blocks. A block is ``(X, y)``, ``(X, y, sample_weight)``, or `X` alone, if `y` is given to `fit` or
        nothing is to be learned: whatever scikit-learn takes as a table, of the same features in each block.

    Raises
    ------
    TypeError
        If it is something that can be read only once.

    Examples
    --------
    >>> from sklearn_neuron import Blocks, SigmoidNeuronClassifier
    >>> from sklearn_neuron.datasets import make_toxic_plants
    >>> X, toxic = make_toxic_plants(random_state=0, return_X_y=True)
    >>> def meadows():  # each time anew
    ...     for first in range(0, 200, 50):
    ...         yield X[first : first + 50], toxic[first : first + 50]
    >>> neuron = SigmoidNeuronClassifier().fit(Blocks(meadows))
    >>> neuron.predict(Blocks([[[3.0, 1.0], [6.0, 3.0]], [[3.1, 1.2]]]))
    array([0, 1, 0])
    """

    def __init__(self, blocks):
        if not callable(blocks) and not hasattr(blocks, "__getitem__"):
            raise TypeError(
                f"Blocks takes a list of blocks, or a callable that returns them anew at every reading; got "
                f"{type(blocks).__name__}, which may be read only once. Wrap what makes it: Blocks(lambda: ...)."
            )
        self.blocks = blocks

    def __iter__(self) -> Iterator[Any]:
        """Blocks, read one after the other."""
        blocks = self.blocks() if callable(self.blocks) else self.blocks
        return (block() if callable(block) else block for block in blocks)

    def __array__(self, *args, **kwargs):
        raise TypeError(
            "Blocks are not read into one array: SigmoidNeuronClassifier learns from them and predicts them; for "
            "anything else give an array of examples that fit into memory."
        )

    def store(self, y=None, sample_weight=None) -> "Local":
        """These blocks, with labels and weights that are given beside them."""
        return Local(self, y, sample_weight)


class Local(Store):
    """Blocks that are read here, one after the other."""

    def __init__(self, blocks: Iterable, y=None, sample_weight=None):
        refuse_masked(y=y, sample_weight=sample_weight)
        self.blocks = blocks
        self.beside = tuple(None if array is None else np.asarray(array) for array in (y, sample_weight))
        self.columns: Any = None  # names of the features, once a block was read, if those are named

    def each(self, task) -> Iterator[Any]:
        """What a task returns of every block, in order."""
        first, p = 0, None
        for number, block in enumerate(self.blocks):
            X, y, weight = _parts(block, number)
            refuse_masked(X=X, y=y, sample_weight=weight)
            names, X = _names(X), _as_table(X)
            self._check(number, names, X.shape[1], p)
            rows, p = slice(first, first := first + X.shape[0]), X.shape[1]
            y, weight = (self._own(k, own, rows, number) for k, own in enumerate((y, weight)))
            yield task(number, _rows_of(X, y, weight, number))
        if any(array is not None and len(array) != first for array in self.beside):
            raise ValueError(
                f"The blocks hold {first:,} examples altogether, but y or sample_weight was given for "
                f"{' and '.join(f'{len(array):,}' for array in self.beside if array is not None)}."
            )

    def answered(self, method) -> np.ndarray:
        """What a method says of the features of every block, one after the other."""
        features = (_parts(block, number)[0] for number, block in enumerate(self.blocks))
        return np.concatenate([method(X) for X in features if np.shape(X)[0]])

    def _check(self, number, names, p, before):
        """Refuse a block of other features than those before it."""
        if before is None:
            self.columns = names
        elif p != before:
            raise ValueError(f"Block {number} has {p} features, but those before it have {before}.")
        elif names != self.columns:
            raise ValueError(f"Block {number} has the columns {names}, but those before it have {self.columns}.")

    def _own(self, k, own, rows, number):
        """Labels (0) or weights (1) of a block: its own, or those given beside."""
        beside, name = self.beside[k], ("y", "sample_weight")[k]
        if beside is None:
            return own
        if own is not None:
            raise ValueError(f"Block {number} has its own {name}, and one was given to fit as well: give only one.")
        return beside[rows]


def _parts(block, number):
    """X, y and weights of a block; None of what it does not have."""
    if not isinstance(block, tuple):
        return block, None, None
    if not 1 <= len(block) <= 3:
        raise ValueError(f"Block {number} has {len(block)} parts; a block is (X, y), (X, y, sample_weight) or X.")
    return block + (None,) * (3 - len(block))


def _names(X):
    """Names of columns, if all are strings; None of what has none."""
    names = list(getattr(X, "columns", ()))
    return names if names and all(isinstance(name, str) for name in names) else None


def _as_table(X):
    """Features of a block as an array, (n, p), or CSR; float32 is kept, other numbers become float64."""
    if type(X) is np.ndarray and X.ndim == 2 and X.dtype in (np.float64, np.float32):
        return X
    return check_array(
        X, accept_sparse="csr", dtype=[np.float64, np.float32], ensure_all_finite=False, ensure_min_samples=0
    )


def _rows_of(X, y, weight, number):
    """Examples of a block that count."""
    if y is None:
        raise ValueError(
            f"Block {number} has no labels, which this estimator requires: let it be (X, y), or give y to fit, one "
            "label for each example of all blocks."
        )
    refuse_missing_or_mixed(y)
    y = np.asarray(y)
    y = y[:, 0] if y.ndim == 2 and y.shape[1] == 1 else y
    if y.shape != (X.shape[0],):
        raise ValueError(f"Block {number} has {X.shape[0]} examples, but labels of shape {y.shape}.")
    if weight is None or not len(y):
        return Rows(X, y, np.broadcast_to(1.0, len(y)))
    if not np.any(weight):
        return Rows(X, y, y).take(slice(0))  # a block may hold none that counts
    weight = check_sample_weight(weight, X, dtype=np.float64, ensure_non_negative=True)
    counts = weight > 0
    return Rows(X, y, weight) if counts.all() else Rows(X, y, weight).take(counts)
