"""J of any weights, of the examples of one neuron, and J over a plane of weights: the ground of a landscape."""

from operator import attrgetter, methodcaller
from typing import Any, NamedTuple

import numpy as np
import scipy.sparse as sp

from sklearn_neuron.neuron import linear_score, residual, sigmoid_slope

GRID = 61  # values of J along each side, and as many across the valley; an odd number, so that one is on its floor
HALVINGS = 16  # of a line, until its lowest place is found
NEWTON_STEPS = 8  # in the plane, to have its floor in the view
MOST_EXAMPLES = 20_000  # whose J is the ground
MOST_NUMBERS = 4_000_000  # scores side by side, or numbers of X
SAME = {np.float32: 1e-3, np.float64: 1e-6}  # J up to the rounding of a fit


class Examples(NamedTuple):
    """What J sums over, of one neuron: J of any weights (q, m), without slopes."""

    X: Any  # (n, p), array or sparse array
    truths: np.ndarray  # (n,)
    shares: np.ndarray  # (n,), which add up to 1
    penalty: float
    l1: float

    @classmethod
    def of(cls, X, objective) -> "Examples":
        """The examples of an objective; X as the neuron sees them."""
        X = sp.csr_array(X) if sp.issparse(X) else np.asarray(X)
        X = X if X.dtype.kind == "f" else X.astype(np.float64)  # a table of numbers and truths, too
        asked = (attrgetter("y"), methodcaller("each_share"))
        truths, shares = (objective.home.map(of_each)[:, 0] for of_each in asked)
        shares = shares.astype(np.float64)
        return cls(X, truths, shares / shares.sum(), objective.penalty, objective.l1)

    def scores(self, weights) -> np.ndarray:
        """Scores, shape (n, m), in float64 and some examples at a time."""
        (n, p), K = self.X.shape, weights.shape[1]
        step = max(1, MOST_NUMBERS // max(p, K))
        bias = weights[p] if len(weights) > p else np.zeros(K)
        return np.concatenate([linear_score(self.X[a : a + step], weights[:p], bias) for a in range(0, n, step)])

    def losses(self, weights) -> np.ndarray:
        """J, shape (m,)."""
        with np.errstate(over="ignore", invalid="ignore"):  # a neuron that tripped may have been anywhere
            w = weights[: self.X.shape[1]]
            paid = self.penalty / 2 * (w**2).sum(axis=0) + self.l1 * np.abs(w).sum(axis=0)
            return _mean_losses(self, self.scores, weights) + paid

    def elsewhere(self, weights, recorded, dtype) -> float | None:
        """J that was recorded last, if that is not J of these examples at what was kept; otherwise None."""
        mine, last = self.losses(weights)[0], recorded[-1]
        close = np.isclose(mine, [last, np.nanmin(recorded)], rtol=SAME[dtype], atol=1e-12)
        return None if close.any() else last

    def ground(self, weights) -> "Ground":
        """J over the plane ``weights @ [1, x, y]``, of all examples or of some that stand for them."""
        p = self.X.shape[1]
        penalty = self.penalty * weights[:p].T @ weights[:p]
        kinks = self.l1 * weights[:p][weights[:p].any(axis=1)] if self.l1 else np.zeros((0, 3))
        everyone = Ground(self.scores(weights), self.truths, self.shares, penalty, kinks)
        if len(self.truths) <= MOST_EXAMPLES:
            return everyone
        rows, times = np.unique(_by_chance(self.truths, self.shares, MOST_EXAMPLES), return_counts=True)
        some = Ground(everyone.scores[rows], self.truths[rows], times / MOST_EXAMPLES, penalty, kinks)
        here = np.zeros((2, 1))
        return some._replace(offset=float(everyone.losses(here)[0] - some.losses(here)[0]))


class Ground(NamedTuple):
    """J over a plane."""

    scores: np.ndarray  # (n, 3): z = scores @ [1, x, y]
    truths: np.ndarray  # (n,)
    shares: np.ndarray  # (n,)
    penalty: np.ndarray  # (3, 3): what is added is half of [1, x, y] @ penalty @ [1, x, y]
    kinks: np.ndarray  # (m, 3): what is added is the sum of |kinks @ [1, x, y]|
    offset: float = 0.0  # J of all examples less that of these, at x = y = 0

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
        theta, weighted = _with_ones(places), self.shares * self.scores[:, 1 + axis]
        with np.errstate(over="ignore", invalid="ignore"):
            smooth = weighted @ residual(self.scores @ theta, self.truths[:, None]) + self.penalty[1 + axis] @ theta
            return smooth + self.kinks[:, 1 + axis] @ np.sign(self.kinks @ theta)

    def floor(self) -> tuple[np.ndarray, np.ndarray]:
        """The lowest place, (2,), by some Newton steps from 0, and how far J rises slowly from there, (2,)."""
        place, features = np.zeros(2), self.scores[:, 1:]
        for _ in range(NEWTON_STEPS):
            theta = np.array([1, *place])
            z = self.scores @ theta
            slopes = (self.shares * residual(z, self.truths)) @ features + self.penalty[1:] @ theta
            slopes += np.sign(self.kinks @ theta) @ self.kinks[:, 1:]
            H = features.T @ ((self.shares * sigmoid_slope(z))[:, None] * features) + self.penalty[1:, 1:]
            reach = 3 / np.sqrt(np.maximum(np.diagonal(H), np.finfo(float).tiny))
            place = place + np.clip(-np.linalg.pinv(H, hermitian=True) @ slopes, -reach, reach)
        return place, reach


def _with_ones(places):
    return np.vstack([np.ones(places.shape[1]), places])


def _mean_losses(examples, scores, theta):
    """Mean log-loss under every column of theta, some at a time; without its slope, in a fifth of the time."""
    signs, step = np.where(examples.truths, -1.0, 1.0)[:, None], max(1, MOST_NUMBERS // len(examples.truths))
    parts = [theta[:, a : a + step] for a in range(0, theta.shape[1], step)]
    return np.concatenate([*(examples.shares @ np.logaddexp(0, signs * scores(part)) for part in parts), []])


def _by_chance(truths, shares, count):
    """Numbers of examples that stand for all, each for as much: of every class its part, and heavy ones more often."""
    shuffled = np.random.default_rng(0).permutation(len(truths))
    order = shuffled[np.argsort(truths[shuffled], kind="stable")]
    heaped = np.cumsum(shares[order])
    return order[np.searchsorted(heaped, (np.arange(count) + 0.5) / count * heaped[-1])]
