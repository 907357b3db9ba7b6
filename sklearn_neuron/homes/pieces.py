"""Examples that lie elsewhere, in pieces: each becomes a home in memory where it lies, is summed and forgotten.

J is a sum over examples, so that pieces of them add up to it wherever they are computed. What a fit needs to know
beforehand, how many there are, of which classes and what they count, is told by a :class:`Survey`, the first reading;
it also draws a sample, on which a walk begins, and which is the whole table where that is small.

A *store* knows how to get at the pieces, and computes with them: ``each(task)`` runs a task on every piece, in order,
and yields what it returns. Beside the sample nothing of X is ever held here.

Reference: J. Vitter, Random sampling with a reservoir, ACM Trans. Math. Software 11 (1985), 37-57.
"""

import copy
import functools
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np
import scipy.sparse as sp

from sklearn_neuron.homes.arrays import extremes_of_columns, numbers_of
from sklearn_neuron.homes.blocks import add
from sklearn_neuron.homes.home import Home
from sklearn_neuron.homes.labels import encode, truths_of
from sklearn_neuron.homes.memory import InMemory
from sklearn_neuron.homes.threads import ThreadTeam


class Rows(NamedTuple):
    """Some examples as arrays: X (n, p), labels (n,), and how much each counts, (n,)."""

    X: Any
    y: np.ndarray
    weight: np.ndarray

    def take(self, which) -> "Rows":
        """Some of them."""
        return Rows(*(array[which] for array in self))

    @classmethod
    def stacked(cls, parts: "list[Rows]") -> "Rows":
        """Those of some parts, one after the other."""
        if len(parts) == 1:
            return parts[0]
        X, y, weight = zip(*parts, strict=True)
        return cls(
            sp.csr_array(sp.vstack(X)) if sp.issparse(X[0]) else np.concatenate(X), *map(np.concatenate, (y, weight))
        )


class Store:
    """How to get at pieces, and who computes with them; a task is a picklable value, ``task(number, rows)``."""

    def each(self, task: Callable[[int, Rows], Any]) -> Iterator[Any]:
        """What a task returns of every piece, in order, one after the other; one reading of all examples."""
        raise NotImplementedError

    def answered(self, method: Callable[[Any], np.ndarray]) -> Any:
        """What a method says of the features of every piece, one after the other."""
        raise NotImplementedError

    columns: Any = None  # names of the features, if those are named

    def summed(self, task: Callable[[int, Rows], tuple]) -> tuple[np.ndarray, ...]:
        """The sum of what it returns, tuples of new arrays; empty ones of pieces that hold nothing."""
        return functools.reduce(add_sums, self.each(task))

    def together(self, task: Callable[[int, Rows], Any]) -> Any:
        """What it returns, added up by ``+``, and settled; None of pieces that hold nothing."""
        told = (one for one in self.each(task) if one is not None)
        whole = functools.reduce(lambda one, other: other if one is None else one + other, told, None)
        return None if whole is None else whole.settled()


def add_sums(one, other) -> tuple[np.ndarray, ...]:
    """Of two pieces, in place of the first; a piece that holds nothing has none."""
    return add(one, other) if one and other else one or other


# What the first reading tells ---------------------------------------------------------------------------------


class Sample(NamedTuple):
    """Examples drawn by chance: all whose key, a number from 0 to 1 of its own, is below `cut`.

    Parts of several pieces are joined when they hold twice as many as are kept, and when all are settled: once a piece,
    that would copy the whole sample for a few examples.
    """

    parts: tuple[tuple[Rows, np.ndarray], ...]  # examples, and their keys
    cut: float
    most: int  # examples to keep

    @classmethod
    def of(cls, rows, number, most) -> "Sample":
        """At most so many of those of a piece, which draws by its number."""
        keys = np.random.default_rng([number, len(rows.y)]).random(len(rows.y))
        return cls(((rows, keys),), 1.0, most).settled()

    def __add__(self, other):
        cut = min(self.cut, other.cut)
        later = [part for part in (_below(cut, *part) for part in other.parts) if len(part[1])]
        both = Sample((*self.parts, *later), cut, min(self.most, other.most))
        return both.settled() if sum(len(keys) for _, keys in both.parts) > 2 * both.most else both

    def settled(self) -> "Sample":
        """The same in one part, of as many examples as are kept."""
        some = [_below(self.cut, *part) for part in self.parts]
        rows, keys, cut = Rows.stacked([one for one, _ in some]), np.concatenate([each for _, each in some]), self.cut
        if len(keys) > self.most:
            cut = np.partition(keys, self.most)[self.most]
        return Sample((_below(cut, rows, keys),), cut, self.most)

    @property
    def rows(self) -> Rows:
        """Those of a settled sample."""
        return self.parts[0][0]

    @property
    def keys(self) -> np.ndarray:
        """The keys of a settled sample."""
        return self.parts[0][1]

    @property
    def is_all(self) -> bool:
        """Whether no example is left out."""
        return self.cut == 1


def _below(cut, rows, keys):
    """Examples whose keys are below, and those keys; of all, as of a small piece, no copy."""
    some = keys < cut
    return (rows, keys) if some.all() else (rows.take(some), keys[some])


class Survey(NamedTuple):
    """What is known of examples that were read once."""

    n: int  # of those that count
    stored: int  # numbers of X
    dtype: np.dtype
    labels: np.ndarray  # (K,), different ones
    weights: np.ndarray  # (K,), of all examples of each
    least: float  # weight of an example
    ends: np.ndarray  # (2, p): the least and the largest number of every feature
    sample: Sample

    def __add__(self, other):
        labels, place = np.unique(np.concatenate([self.labels, other.labels]), return_inverse=True)
        weights = np.bincount(place, np.concatenate([self.weights, other.weights]), minlength=len(labels))
        return Survey(
            self.n + other.n,
            self.stored + other.stored,
            np.result_type(self.dtype, other.dtype),
            labels,
            weights,
            min(self.least, other.least),
            np.array([np.minimum(self.ends[0], other.ends[0]), np.maximum(self.ends[1], other.ends[1])]),
            self.sample + other.sample,
        )

    def settled(self) -> "Survey":
        """The same, with a sample in one part."""
        return self._replace(sample=self.sample.settled())

    def classes(self) -> np.ndarray:
        """Sorted class labels, (K,); refused as those of a table in memory are."""
        return encode(np.repeat(self.labels, 3))[0]  # of labels that are seen once each, it would warn


class Surveying(NamedTuple):
    """The task of the first reading, which draws examples of so many numbers altogether, and of a piece that share."""

    numbers: int
    of_a_piece: float = 1.0

    def __call__(self, number, rows) -> Survey | None:
        """What it tells of a piece; None if that holds nothing."""
        if not len(rows.y):
            return None
        labels, place = np.unique(rows.y, return_inverse=True)
        weights = np.bincount(place, rows.weight, minlength=len(labels))
        n, stored = len(rows.y), numbers_of(rows.X).size
        most = max(1, self.numbers * n // max(stored, 1))
        drawn = Sample.of(rows, number, max(1, int(most * self.of_a_piece)))._replace(most=most)
        least, ends = rows.weight.min(), extremes_of_columns(rows.X)
        return Survey(n, stored, rows.X.dtype, labels, weights, least, ends, drawn)


# A home of pieces ---------------------------------------------------------------------------------------------


class Pose(NamedTuple):
    """How a piece becomes a home in memory: which classes there are, and what an example of each counts."""

    classes: np.ndarray
    by_class: np.ndarray  # (K,), what a weight of 1 is as a share of all
    has_bias: bool
    of_a_walk: int  # neurons of a layer, or 1
    dtype: np.dtype  # float type of X

    def __call__(self, rows: Rows) -> InMemory:
        """The home of a piece, whose shares are those of all examples."""
        codes = self._codes(rows.y)
        shares = (rows.weight * self.by_class[codes]).astype(self.dtype, copy=False)
        X = rows.X if sp.issparse(rows.X) else rows.X.astype(self.dtype, copy=False)
        truths = truths_of(codes, len(self.classes), self.of_a_walk > 1)
        return InMemory(X, truths, shares, self.has_bias, of_a_walk=self.of_a_walk)

    def _codes(self, y):
        if len(self.classes) == 2:
            return (y == self.classes[1]).astype(np.intp)
        return np.searchsorted(self.classes, y)


class Look(NamedTuple):
    """How the home of a piece is seen: what was asked of the home of all, in order."""

    steps: tuple[tuple[str, tuple], ...] = ()

    def then(self, name, *arguments) -> "Look":
        """And then so."""
        return Look((*self.steps, (name, arguments)))

    def without(self, name) -> "Look":
        """But not so."""
        return Look(tuple(step for step in self.steps if step[0] != name))

    def __call__(self, home) -> InMemory:
        """A piece, seen so."""
        return functools.reduce(lambda seen, step: getattr(seen, step[0])(*step[1]), self.steps, home)


class Task(NamedTuple):
    """What is to be done with a piece: it is posed, looked at, and a kernel is folded or mapped over its blocks."""

    pose: Pose
    look: Look
    kernel: Any
    way: str  # "fold" or "map"

    def __call__(self, number, rows) -> tuple[np.ndarray, ...]:
        """How many examples it has, and what the kernel says of them; of none nothing."""
        if not len(rows.y):
            return ()
        said = getattr(self.look(self.pose(rows)), self.way)(self.kernel)
        return (np.array(float(len(rows.y))), *(said if self.way == "fold" else (said,)))


class Pieces(Home):
    """Examples in pieces that lie elsewhere.

    Parameters
    ----------
    store : Store
        Keeps the pieces, and computes with them.
    pose : Pose
        How a piece becomes a home in memory.
    survey : Survey
        What their first reading has told. Its sample stands for all of them where some are asked for.
    n_features : int
        Number of features.
    """

    in_memory = False

    def __init__(self, store, pose, survey, n_features):
        self.store, self.pose, self.look = store, pose, Look()
        self.shape, self.has_bias, self.of_a_walk = (survey.n, n_features), pose.has_bias, pose.of_a_walk
        self.stored_numbers, self.storage_dtype = survey.stored, survey.dtype
        self._ends = self._ends_of_X = survey.ends  # of the features as they are seen
        self.least_share = survey.least * float(pose.by_class.min())
        self._sample = pose(survey.sample.rows)  # shares as they are among all
        self.is_sparse, self.dtype = self._sample.is_sparse, self._sample.dtype
        counts = survey.weights * pose.by_class
        self.truth = counts if pose.of_a_walk > 1 or len(counts) > 2 else counts[1:]
        self.n_walks = 1 if pose.of_a_walk > 1 else len(self.truth)
        self.identity = object()
        self.team = ThreadTeam()
        self.altogether = 1 + float(np.finfo(survey.dtype).eps)  # shares are rounded one by one

    def _with(self, **values):
        other = copy.copy(self)
        vars(other).update(values)
        return other

    def _seen(self, name, *arguments, **values):
        sample = getattr(self._sample, name)(*arguments)
        return self._with(look=self.look.then(name, *arguments), _sample=sample, dtype=self.dtype, **values)

    @property
    def n_neurons(self) -> int:
        """Number of columns of scores."""
        return self.of_a_walk * self.n_walks

    # Passes ---------------------------------------------------------------------------------------------------

    def fold(self, kernel) -> tuple[np.ndarray, ...]:
        """Sum of ``kernel(block)`` over all blocks of all pieces; one reading."""
        count, *sums = self.store.summed(Task(self.pose, self.look, kernel, "fold"))
        self._check(count)
        return tuple(sums)

    def map(self, kernel) -> np.ndarray:
        """``kernel(block)`` of all blocks, in order; one reading. For what has few rows a block."""
        told = [one for one in self.store.each(Task(self.pose, self.look, kernel, "map")) if one]
        self._check(sum(count for count, _ in told))
        return np.concatenate([rows for _, rows in told])

    def _check(self, count):
        if int(count) != self.n:
            raise ValueError(
                f"X yielded {int(count):,} examples that count on this reading, but {self.n:,} on the first: every "
                "reading must yield the same blocks; give a list, or a callable that begins anew."
            )

    def kept(self, kernel) -> Any:
        """The kernel: what it says of an example is asked for again, which costs less than to keep one number each."""
        return kernel

    def sum_of_kept(self, function, kept) -> np.ndarray:
        """``function`` of all rows; one reading."""
        (summed,) = self.fold(OfKept(function, kept))
        return summed

    def of_some(self, kept, which) -> np.ndarray:
        """Of some examples of the sample."""
        return self._sample.map(kept)[which]

    @property
    def n_drawn(self) -> int:
        """Examples of the sample."""
        return self._sample.n

    # Some of the examples: those of the sample ------------------------------------------------------------------

    def spread_out(self, count) -> np.ndarray:
        """Numbers of some examples of the sample."""
        return self._sample.spread_out(count)

    def sample(self, stride) -> np.ndarray:
        """Numbers of one example of every `stride`, or of all of the sample if those are fewer."""
        wanted = max(self.n // stride, 1)
        return self._sample.sample(max(1, self._sample.n // wanted))

    def take(self, rows) -> InMemory:
        """Some examples of the sample, in memory."""
        return self._sample.take(rows)

    def examples(self, which) -> np.ndarray:
        """Some examples of the sample, in float64, as a block sees them."""
        return self._sample.examples(which)

    # What is in X ---------------------------------------------------------------------------------------------

    def extremes(self) -> np.ndarray:
        """The least and the largest number of X."""
        return np.array([self._ends[0].min(), self._ends[1].max()])

    def longest(self, heading) -> np.ndarray:
        """What no score changes by more than along a heading (p + 1, K); (K,)."""
        reach = np.append(np.abs(self._ends).max(axis=0), [1.0] * self.has_bias)
        return reach @ np.abs(heading)

    def has_outliers(self) -> bool:
        """Whether the sample of a sparse X has a number far beyond most."""
        return self._sample.has_outliers()

    def non_empty(self) -> None:
        """All columns may hold a number: nobody has looked."""

    # Other homes ----------------------------------------------------------------------------------------------

    def neurons(self, keep) -> "Pieces":
        """The same examples for some of the walks only."""
        truth = self.truth.reshape(self.n_walks, -1)[keep]
        return self._seen("neurons", keep, truth=truth.ravel(), n_walks=len(truth))

    def centred(self, center, far) -> "Pieces":
        """The same examples seen from a center."""
        return self._seen("centred", center, far, _ends=self._ends - center)

    @property
    def uncentred(self) -> "Pieces":
        """The home that was centred."""
        return self._with(look=self.look.without("centred"), _sample=self._sample.uncentred, _ends=self._ends_of_X)

    def of_features(self, which) -> "Pieces":
        """The same examples with some features only."""
        share = len(which) / self.shape[1]
        stored = int(self.stored_numbers * share)
        named = {"shape": (self.n, len(which)), "stored_numbers": stored, "_ends": self._ends[:, which]}
        return self._seen("of_features", which, **named)

    def without_zeros(self) -> "Pieces":
        """The same: pieces are read as they lie."""
        return self


class OfKept(NamedTuple):
    """What a function adds up of the rows that are kept of examples."""

    function: Any
    kept: Any

    def __call__(self, block):
        """Of one block."""
        return (np.asarray(self.function(block.own(self.kept))),)
