"""What does the mathematics ask of a home of examples? The one seam between it and storage."""

import functools
import itertools
from collections.abc import Iterator
from typing import Any

import numpy as np

from sklearn_neuron.homes.blocks import Block, add
from sklearn_neuron.homes.threads import ThreadTeam


class Home:
    """What J is summed over. J is a mean: shares say how much each example counts, and add up to 1.

    Whoever keeps examples elsewhere offers the following; a home is a value, and another look another home.

    ========================  ======================================================================================
    ``parts()``               blocks of rows, some together that repay a thread each: all examples, in order; one pass
    ``team``                  threads to share parts among
    ``take(rows)``            some examples, by their numbers: a smaller problem, whose shares add up to 1 again
    ``neurons(keep)``         the same examples for some neurons (columns of the truths) only
    ``centred(center, far)``  the same seen from a center (p,); exactly, where features are ``far`` from zero
    ``uncentred``             the home that was centred
    ``examples(which)``       some rows of ``[X 1]`` as a block sees them, written out in float64
    ``of_features(which)``    a home of some features only, as they are seen here
    ``truth``                 (K,): how much the examples of its class count to each neuron
    ``extremes()``            least and largest number of X and of 0: not finite if one is not
    ``shape``, ``n_neurons``  (n, p), and K
    ``n_walks``               how many walks train those, each ``of_a_walk`` of them
    ``in_memory``             whether all examples are at hand at once; if not, some are those of a sample
    ``has_bias``              whether theta ends with a bias
    ``dtype``                 float type that kernels compute in; ``storage_dtype`` is that of X as it was given
    ``stored_numbers``        how many a pass reads; ``is_sparse`` tells whether zeros are not among them
    ``altogether``            what the shares of a walk add up to, 1 but for rounding, at most
    ``least_share``           of an example, on average of all walks there were; ``average_shares`` are those of all
    ``identity``              the same object for all neurons of the same examples in the same coordinates
    ========================  ======================================================================================

    Two ways to go through them follow from that: ``fold`` adds up, and ``map`` keeps one row an example.

    A kernel is a value. It calls the products of a :mod:`block <sklearn_neuron.homes.blocks>` and reads its ``y``,
    ``shares`` (of which there is one if all are equal, and a column a walk if examples count more to one than to
    another) and ``rows``; where the block lies is the home's affair.
    """

    shape: tuple[int, int]
    has_bias: bool
    team: ThreadTeam
    in_memory = True  # whether all examples are at hand at once

    @property
    def n(self) -> int:
        """Number of examples."""
        return self.shape[0]

    @property
    def n_parameters(self) -> int:
        """Length of theta: p weights and perhaps a bias."""
        return self.shape[1] + self.has_bias

    @property
    def passes(self) -> float:
        """How often X has been read from end to end, where somebody counts."""
        return np.nan

    def parts(self) -> list[Iterator[Block]]:
        """Blocks, part by part; one pass over X."""
        raise NotImplementedError

    def fold(self, kernel) -> tuple[np.ndarray, ...]:
        """Sum of ``kernel(block)``, a tuple of new arrays, over all blocks, in float64; one pass over X."""
        return functools.reduce(add, self.team.each(functools.partial(_summed, kernel), self.parts()))

    def map(self, kernel) -> np.ndarray:
        """``kernel(block)`` of all blocks, in order: arrays whose rows are those of the result; one pass over X."""
        results = self.team.each(lambda part: list(map(kernel, part)), self.parts())
        return np.concatenate(list(itertools.chain.from_iterable(results)))

    def kept(self, kernel) -> Any:
        """What a kernel says of every example, to be asked for block by block (``block.own``); here one pass over X."""
        return self.map(kernel)

    def sum_of_kept(self, function, kept) -> np.ndarray:
        """``function``, which adds up some rows, of all that was kept."""
        return function(kept)

    def of_some(self, kept, which) -> np.ndarray:
        """What was kept of some examples, by their numbers."""
        return kept[which]

    def spread_out(self, count) -> np.ndarray:
        """Numbers of about so many examples, from the first to the last."""
        count = min(self.n, count)
        return np.arange(count) * (self.n - 1) // max(count - 1, 1)

    def sample(self, stride) -> np.ndarray:
        """Numbers of one example of every `stride`, drawn by chance: rows may come in any order, periodic ones too."""
        groups = self.n // stride
        return np.arange(groups) * stride + np.random.default_rng(groups).integers(stride, size=groups)


def _summed(kernel, part):
    """Sums of ``kernel(block)`` over the blocks of a part, in float64."""
    totals = tuple(np.asarray(array, dtype=np.float64) for array in kernel(next(part)))
    return functools.reduce(add, map(kernel, part), totals)
