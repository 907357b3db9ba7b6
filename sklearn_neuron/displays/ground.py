"""J of any weights, of the examples of one neuron or of a layer, and J over a plane of them: the ground of a landscape.

A layer of K neurons has K scores of every example, which stand below each other: example after example, and in each
neuron after neuron. So a place has one column of scores, as for one neuron.
"""

from operator import attrgetter, methodcaller
from typing import Any, NamedTuple

import numpy as np
import scipy.sparse as sp

from sklearn_neuron.losses import SIGMOID
from sklearn_neuron.neuron import linear_score
from sklearn_neuron.solvers.maps import in_one_column, side_by_side

GRID = 61  # values of J along each side, and as many across the valley; an odd number, so that one is on its floor
HALVINGS = 16  # of a line, until its lowest place is found
NEWTON_STEPS = 8  # in the plane, to have its floor in the view
MOST_EXAMPLES = 20_000  # whose J is the ground
MOST_NUMBERS = 4_000_000  # scores side by side, or numbers of X
NO_KINKS = np.zeros((0, 3))
SAME = {np.float32: 1e-3, np.float64: 1e-6}  # J up to the rounding of a fit


class Examples(NamedTuple):
    """What J sums over, of one neuron or of a layer of K: J of any weights (K q, m), without slopes."""

    X: Any  # (n, p), array or sparse array
    truths: np.ndarray  # (n,)
    shares: np.ndarray  # (n,), which add up to 1
    penalty: float
    loss: Any = SIGMOID  # what each adds
    l1: float = 0.0

    @classmethod
    def of(cls, X, objective) -> "Examples":
        """The examples of an objective; X as the neuron sees them."""
        X = sp.csr_array(X) if sp.issparse(X) else np.asarray(X)
        X = X if X.dtype.kind == "f" else X.astype(np.float64)  # a table of numbers and truths, too
        asked = (attrgetter("y"), methodcaller("each_share"))
        truths, shares = (objective.home.map(of_each)[:, 0] for of_each in asked)
        shares = shares.astype(np.float64)
        return cls(X, truths, shares / shares.sum(), objective.penalty, objective.loss, objective.l1)

    def scores(self, weights) -> np.ndarray:
        """Scores, shape (n K, m), in float64 and some examples at a time."""
        (n, p), columns = self.X.shape, side_by_side(weights, self.loss.neurons)
        step = max(1, MOST_NUMBERS // max(p, columns.shape[1]))
        bias = columns[p] if len(columns) > p else np.zeros(columns.shape[1])
        scores = [linear_score(self.X[a : a + step], columns[:p], bias) for a in range(0, n, step)]
        return _below_each_other(np.concatenate(scores), self.loss.neurons)

    def losses(self, weights) -> np.ndarray:
        """J, shape (m,)."""
        with np.errstate(over="ignore", invalid="ignore"):  # a neuron that tripped may have been anywhere
            w = self._without_bias(weights)
            paid = self.penalty / 2 * (w**2).sum(axis=0) + self.l1 * np.abs(w).sum(axis=0)
            return _mean_losses(self, self.scores, weights) + paid

    def _without_bias(self, weights):
        """What is paid for, (K p, m)."""
        columns = side_by_side(weights, self.loss.neurons)
        return in_one_column(columns[: self.X.shape[1]], self.loss.neurons)

    def elsewhere(self, weights, recorded, dtype) -> float | None:
        """J that was recorded last, if that is not J of these examples at what was kept; otherwise None."""
        mine, last = self.losses(weights)[0], recorded[-1]
        close = np.isclose(mine, [last, np.nanmin(recorded)], rtol=SAME[dtype], atol=1e-12)
        return None if close.any() else last

    def ground(self, weights) -> "Ground":
        """J over the plane ``weights @ [1, x, y]``, of all examples or of some that stand for them."""
        paid_for = self._without_bias(weights)
        penalty = self.penalty * paid_for.T @ paid_for
        kinks = self.l1 * paid_for[paid_for.any(axis=1)] if self.l1 else NO_KINKS
        everyone = Ground(self.scores(weights), self.truths, self.shares, penalty, kinks, loss=self.loss)
        if len(self.truths) <= MOST_EXAMPLES:
            return everyone
        rows, times = np.unique(_by_chance(self.truths, self.shares, MOST_EXAMPLES), return_counts=True)
        scores = everyone.scores.reshape(len(self.truths), -1, 3)[rows].reshape(-1, 3)
        some = Ground(scores, self.truths[rows], times / MOST_EXAMPLES, penalty, kinks, loss=self.loss)
        here = np.zeros((2, 1))
        return some._replace(offset=float(everyone.losses(here)[0] - some.losses(here)[0]))


class Ground(NamedTuple):
    """J over a plane."""

    scores: np.ndarray  # (n K, 3): z = scores @ [1, x, y]
    truths: np.ndarray  # (n,)
    shares: np.ndarray  # (n,)
    penalty: np.ndarray  # (3, 3): what is added is half of [1, x, y] @ penalty @ [1, x, y]
    kinks: np.ndarray = NO_KINKS  # (m, 3): what is added is the sum of |kinks @ [1, x, y]|
    offset: float = 0.0  # J of all examples less that of these, at x = y = 0
    loss: Any = SIGMOID  # what each adds

    def losses(self, places) -> np.ndarray:
        """J at places (2, m), shape (m,)."""
        theta = _with_ones(places)
        with np.errstate(over="ignore", invalid="ignore"):
            losses = _mean_losses(self, self.scores.__matmul__, theta)
            return losses + (theta * (self.penalty @ theta)).sum(axis=0) / 2 + self._paid_at_kinks(theta) + self.offset

    def _paid_at_kinks(self, theta):
        """What weights pay for their size, (m,), some places at a time."""
        step = max(1, MOST_NUMBERS // max(len(self.kinks), 1))
        parts = (theta[:, a : a + step] for a in range(0, theta.shape[1], step))
        return np.concatenate([*(np.abs(self.kinks @ part).sum(axis=0) for part in parts), []])

    def mesh(self, low, high, steep) -> np.ndarray:
        """Places between low and high, (2, GRID, GRID), in lines along axis number `steep` that suit a narrow valley.

        They are even across the lines. On each of them the middle is the lowest place, and the others are closest
        together there.
        """
        along = np.linspace(low[1 - steep], high[1 - steep], GRID)
        floor = self._lowest(along, low[steep], high[steep], steep)
        apart = np.linspace(0, 1, GRID // 2 + 1)[:, None] ** 2
        line = np.vstack([floor + (low[steep] - floor) * apart[:0:-1], floor + (high[steep] - floor) * apart])
        across = np.broadcast_to(along, line.shape)
        return np.stack([across, line] if steep else [line.T, across.T])

    def _lowest(self, along, low, high, steep):
        """Where J is least between low and high on lines along axis number `steep`, by halving; shape of `along`."""
        low, high = np.full(along.shape, low), np.full(along.shape, high)
        for _ in range(HALVINGS):
            middle = (low + high) / 2
            rises = self._slope(np.stack([along, middle] if steep else [middle, along]), steep) > 0
            low, high = np.where(rises, low, middle), np.where(rises, middle, high)
        return (low + high) / 2

    def _slope(self, places, axis):
        """How J changes along an axis at places (2, m), shape (m,)."""
        theta, weighted = _with_ones(places), np.repeat(self.shares, self.loss.neurons) * self.scores[:, 1 + axis]
        with np.errstate(over="ignore", invalid="ignore"):
            smooth = weighted @ self._residual(self.scores @ theta) + self.penalty[1 + axis] @ theta
            return smooth + self.kinks[:, 1 + axis] @ np.sign(self.kinks @ theta)

    def _residual(self, z):
        """Slopes of the loss along scores (n K, m)."""
        truths = np.broadcast_to(self.truths[:, None], (len(self.truths), z.shape[1]))
        slopes = self.loss.value_and_slope(_beside_each_other(z, self.loss.neurons), truths)[1]
        return _below_each_other(slopes, self.loss.neurons)

    def floor(self) -> tuple[np.ndarray, np.ndarray]:
        """The lowest place, (2,), by some Newton steps from 0, and how far J rises slowly from there, (2,)."""
        place, K = np.zeros(2), self.loss.neurons
        moves, shares = _beside_each_other(self.scores[:, 1:], K), self.shares[:, None]
        for _ in range(NEWTON_STEPS):
            theta = np.array([1, *place])
            slopes = np.array([self._slope(place[:, None], axis)[0] for axis in (0, 1)])
            beliefs = self.loss.beliefs(_beside_each_other(self.scores @ theta[:, None], K))
            H = self.loss.curved_among(shares * beliefs, moves) + self.penalty[1:, 1:]
            reach = 3 / np.sqrt(np.maximum(np.diagonal(H), np.finfo(float).tiny))
            place = place + np.clip(-np.linalg.pinv(H, hermitian=True) @ slopes, -reach, reach)
        return place, reach


def _with_ones(places):
    return np.vstack([np.ones(places.shape[1]), places])


def _beside_each_other(z, neurons):
    """Scores of m places, (n K, m), as a loss reads them: (n, m K), place after place."""
    n, m = len(z) // neurons, z.shape[1]
    return z.reshape(n, neurons, m).transpose(0, 2, 1).reshape(n, m * neurons)


def _below_each_other(z, neurons):
    """Scores of m places, (n, m K), as (n K, m)."""
    n, m = len(z), z.shape[1] // neurons
    return z.reshape(n, m, neurons).transpose(0, 2, 1).reshape(n * neurons, m)


def _mean_losses(examples, scores, theta):
    """Mean log-loss under every column of theta, some at a time; without its slope, in a fifth of the time."""
    step = max(1, MOST_NUMBERS // (len(examples.truths) * examples.loss.neurons))
    parts = [theta[:, a : a + step] for a in range(0, theta.shape[1], step)]
    losses_of = _losses_of_neuron if examples.loss.neurons == 1 else _losses_of_layer
    return np.concatenate([*(examples.shares @ losses_of(scores(part), examples.truths) for part in parts), []])


def _losses_of_neuron(z, truths):
    """Of scores (n, m)."""
    return np.logaddexp(0, np.where(truths, -1.0, 1.0)[:, None] * z)


def _losses_of_layer(z, truths):
    """Of scores (n K, m)."""
    z = z.reshape(len(truths), -1, z.shape[1])
    z = z - z[np.arange(len(truths)), truths][:, None]  # how far all are ahead of the truth, which is at 0
    top = z.max(axis=1)
    z -= top[:, None]
    return top + np.log(np.exp(z, out=z).sum(axis=1))


def _by_chance(truths, shares, count):
    """Numbers of examples that stand for all, each for as much: of every class its part, and heavy ones more often."""
    shuffled = np.random.default_rng(0).permutation(len(truths))
    order = shuffled[np.argsort(truths[shuffled], kind="stable")]
    heaped = np.cumsum(shares[order])
    return order[np.searchsorted(heaped, (np.arange(count) + 0.5) / count * heaped[-1])]
