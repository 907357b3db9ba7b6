"""How often is X read? A home that counts, around one that does not."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from sklearn_neuron.homes.blocks import Block
from sklearn_neuron.homes.home import Home


class Counted(Home):
    """A home, and how often X was read from end to end by it and by all that were made from it.

    Parameters
    ----------
    home : Home
        Where the examples live.
    tally : list of float, default=None
        Passes so far, one number, shared by all that count together; None begins anew.
    share : float, default=1.0
        What one reading of this home adds to it.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn_neuron.homes.counted import Counted
    >>> from sklearn_neuron.homes.memory import InMemory
    >>> home = Counted(InMemory(np.eye(4), np.ones((4, 1), dtype=bool), np.full(4, 1 / 4)))
    >>> for some in (home, home.take([0])):
    ...     shares = some.map(lambda block: block.y)
    >>> home.passes
    1.25
    """

    def __init__(self, home, tally=None, share=1.0):
        self.home, self._tally, self._share = home, [0.0] if tally is None else tally, share
        self.shape, self.has_bias, self.team = home.shape, home.has_bias, home.team
        self.dtype, self.identity = home.dtype, home.identity  # asked at every step; __getattr__ is slower
        self.is_sparse, self.n_neurons, self.n_walks = home.is_sparse, home.n_neurons, home.n_walks
        self.in_memory = home.in_memory

    def __getattr__(self, name):
        return getattr(self.home, name)  # what reads nothing

    def __reduce__(self):
        return type(self), (self.home, self._tally, self._share)

    @property
    def passes(self) -> float:
        """How often X has been read; a part of it counts as that part."""
        return self._tally[0]

    def parts(self) -> list[Iterator[Block]]:
        """Blocks; one pass."""
        self._tally[0] += self._share
        return self.home.parts()

    def example_products(self, center) -> tuple[np.ndarray, float]:
        """Every example times every other; one pass."""
        self._tally[0] += self._share
        return self.home.example_products(center)

    def from_one_example(self) -> tuple["Counted", np.ndarray]:
        """The same examples, seen from one of them where a sparse X is full, and that point."""
        home, point = self.home.from_one_example()
        return self._beside(home), point

    def average_example(self) -> np.ndarray:
        """The average of every feature; one pass if there is a bias."""
        self._tally[0] += self._share * self.has_bias
        return self.home.average_example()

    def pulled_back(self, shares, center) -> np.ndarray:
        """Sums of features, less a center; one pass."""
        self._tally[0] += self._share
        return self.home.pulled_back(shares, center)

    def _beside(self, home, share=1.0):
        kind = Counted if home.in_memory else CountedPieces
        return kind(home, self._tally, self._share * share)

    @property
    def uncentred(self) -> "Counted":
        """The home that was centred."""
        return self._beside(self.home.uncentred)

    def centred(self, center, far) -> "Counted":
        """The same examples, seen from a center."""
        return self._beside(self.home.centred(center, far))

    def neurons(self, keep) -> "Counted":
        """The same examples for some neurons only."""
        return self._beside(self.home.neurons(keep))

    def take(self, rows) -> "Counted":
        """Some of the examples; a pass over them counts as their share of all."""
        some = self.home.take(rows)
        return self._beside(some, some.n / self.home.n)

    def without_zeros(self) -> "Counted":
        """The same examples, as they are passed through soonest; one pass, if that makes others of them."""
        other = self.home.without_zeros()
        if other is self.home:
            return self
        self._tally[0] += self._share
        return self._beside(other)

    def with_features(self, X) -> "Counted":
        """The same examples with other features; a pass over those counts as the part of X that they are."""
        other = self.home.with_features(X)
        return self._beside(other, other.stored_numbers / max(self.home.stored_numbers, 1))

    def of_features(self, which) -> "Counted":
        """The same examples with some features only; a pass over those counts as the part of X that they are."""
        other = self.home.of_features(which)
        return self._beside(other, other.stored_numbers / max(self.home.stored_numbers, 1))

    def with_columns(self, columns) -> "Counted":
        """The same examples with some features only, all that a sparse X has."""
        return self._beside(self.home.with_columns(columns))


class CountedPieces(Counted):
    """The same around a home of pieces, which has no blocks to hand out."""

    def fold(self, kernel) -> tuple[np.ndarray, ...]:
        """Sum over all blocks; one pass."""
        self._tally[0] += self._share
        return self.home.fold(kernel)

    def map(self, kernel) -> np.ndarray:
        """Of all blocks; one pass."""
        self._tally[0] += self._share
        return self.home.map(kernel)

    def kept(self, kernel) -> Any:
        """The kernel: nothing is read before it is asked."""
        return self.home.kept(kernel)

    def sum_of_kept(self, function, kept) -> np.ndarray:
        """What that adds up to; one pass."""
        self._tally[0] += self._share
        return self.home.sum_of_kept(function, kept)

    def of_some(self, kept, which) -> np.ndarray:
        """What was kept of some examples."""
        return self.home.of_some(kept, which)

    def spread_out(self, count) -> np.ndarray:
        """Numbers of about so many examples."""
        return self.home.spread_out(count)

    def sample(self, stride) -> np.ndarray:
        """Numbers of some examples."""
        return self.home.sample(stride)
