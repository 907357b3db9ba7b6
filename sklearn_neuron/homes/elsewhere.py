"""Does X live elsewhere than in an array? The one place where its type is asked.

A table in memory is what scikit-learn's validation makes of whatever it is given. Anything else is a
:class:`~sklearn_neuron.homes.pieces.Store`: it yields examples piece by piece, as often as they are read.
"""

import functools
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import numpy as np
import scipy.sparse as sp
from sklearn.utils import check_array

from sklearn_neuron._sklearn import check_sample_weight
from sklearn_neuron.homes import costs
from sklearn_neuron.homes.labels import refuse_missing_or_mixed
from sklearn_neuron.homes.pieces import Rows, Store


def elsewhere(X, y=None, sample_weight=None) -> "Store | None":
    """The store of examples that lie elsewhere; None of those in memory, whatever they are stored in."""
    if type(X) is np.ndarray or sp.issparse(X):
        return None
    if isinstance(X, Blocks):
        return X.store(y, sample_weight)
    if isinstance(X, np.memmap) and X.ndim == 2 and X.size > costs.MAPPED_BLOCK:
        return Blocks(Slices(X)).store(y, sample_weight)
    return None


def wherever_it_lives(method) -> Callable:
    """An answer to examples in memory, for those that live elsewhere too: piece by piece."""

    @functools.wraps(method)
    def answered(self, X):
        store = elsewhere(X)
        return method(self, X) if store is None else store.answered(functools.partial(method, self))

    return answered


class Blocks:
    """Examples block by block, from wherever they come: never more than a few blocks are in memory.

    Parameters
    ----------
    blocks : list or callable
        Blocks, or callables that return one each when it is read; or a callable that begins anew and returns an
        iterable of blocks. A block is ``(X, y)``, ``(X, y, sample_weight)``, or `X` alone if `y` is given to `fit`, or
        nothing is learned: whatever scikit-learn takes as a table, of the same features in each block.

    Examples
    --------
    >>> from sklearn_neuron import Blocks, SigmoidNeuronClassifier
    >>> from sklearn_neuron.datasets import make_toxic_plants
    >>> X, toxic = make_toxic_plants(random_state=0, return_X_y=True)
    >>> def meadows():  # each time anew
    ...     for first in range(0, 200, 50):
    ...         yield X[first : first + 50], toxic[first : first + 50]
    >>> neuron = SigmoidNeuronClassifier().fit(Blocks(meadows))
    >>> neuron.predict(Blocks([X[:2], X[2:3]]))
    array([0, 0, 0])
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
        return (block() if callable(block) else block for block in self._listed())

    def _listed(self):
        return self.blocks() if callable(self.blocks) else self.blocks

    def store(self, y=None, sample_weight=None) -> "Local":
        """These blocks, with labels and weights that are given beside them."""
        return Local(self, y, sample_weight)


class Slices(Sequence):
    """Rows of an array, some at a time."""

    def __init__(self, X):
        self.X, self.rows = X, max(1, costs.MAPPED_BLOCK // max(X.shape[1], 1))

    def __len__(self):
        return -(-len(self.X) // self.rows)

    def __getitem__(self, number):
        if not 0 <= number < len(self):
            raise IndexError(number)
        return self.X[number * self.rows : (number + 1) * self.rows]


class Local(Store):
    """Blocks that are read here, one after the other."""

    def __init__(self, blocks: Iterable, y=None, sample_weight=None):
        self.blocks = blocks
        self.beside = tuple(None if array is None else np.asarray(array) for array in (y, sample_weight))

    def each(self, task) -> Iterator[Any]:
        """What a task returns of every block, in order."""
        first = 0
        for number, block in enumerate(self.blocks):
            X, y, weight = self._parts(block)
            X = as_table(X)
            rows = slice(first, first := first + X.shape[0])
            given = (array if array is None else array[rows] for array in self.beside)
            y, weight = (other if own is None else own for own, other in zip((y, weight), given, strict=True))
            yield task(number, rows_of(X, y, weight, f"Block {number}"))

    def answered(self, method) -> np.ndarray:
        """What a method says of the features of every block, one after the other."""
        features = (self._parts(block)[0] for block in self.blocks)
        return np.concatenate([method(X) for X in features if np.shape(X)[0]])

    @staticmethod
    def _parts(block):
        return block + (None,) * (3 - len(block)) if isinstance(block, tuple) else (block, None, None)


def as_table(X) -> Any:
    """Features of a block as an array, (n, p), or CSR; float32 is kept, other numbers become float64."""
    if type(X) is np.ndarray and X.ndim == 2 and X.dtype in (np.float64, np.float32):
        return X
    return check_array(
        X, accept_sparse="csr", dtype=[np.float64, np.float32], ensure_all_finite=False, ensure_min_samples=0
    )


def rows_of(X, y, weight, name) -> Rows:
    """Examples of a block that count."""
    if y is None:
        raise ValueError(f"{name} has no labels: let it be (X, y), or give y to fit, one label for each example.")
    y = np.asarray(y)
    if y.ndim == 2 and y.shape[1] == 1:
        y = y[:, 0]
    if y.shape != (X.shape[0],):
        raise ValueError(f"{name} has {X.shape[0]} examples but labels of shape {y.shape}.")
    refuse_missing_or_mixed(y)
    if weight is None or not len(y):
        return Rows(X, y, np.broadcast_to(1.0, len(y)))
    weight = check_sample_weight(weight, X, dtype=np.float64, ensure_non_negative=True)
    counts = weight > 0
    return Rows(X, y, weight) if counts.all() else Rows(X, y, weight).take(counts)
