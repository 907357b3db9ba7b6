"""What is summed over the examples: one sigmoid a column of scores, or one softmax over K of them.

A loss is some functions of scores z (n, K), one column a neuron, and truths y, one column a walk. `SigmoidLoss` takes
every column by itself, so that each is a walk of its own. `SoftmaxLoss` couples all columns of a walk: they have one
value, and curvature between them, which belongs to pairs of classes (:mod:`~sklearn_neuron.layer`).

A pass adds them up. Of many examples ``sums_of_many`` does so, by one exponential a score and few logarithms: losses
of sigmoids that count alike are added before the logarithm is taken, and nothing is lost, be they ever so small::

    log(1 + e) + log(1 + f)  =  log(1 + (e + f + e f))

Reference: N. Higham, Accuracy and Stability of Numerical Algorithms (2nd ed., 2002), section 1.14.1 (log(1 + x)).
"""

import numpy as np

from sklearn_neuron import layer, neuron
from sklearn_neuron.homes.arrays import total
from sklearn_neuron.homes.costs import MANY_SCORES

RAREST = 1e-9  # share of a class, below which no bias is that sure
HALVINGS = 4  # of 16 numbers, each at most 1, this leaves one of less than 2^16: few digits of a float32 go to the 1


class SigmoidLoss:
    """The log-loss of K sigmoid neurons side by side, from scores and truths (n, K)."""

    neurons = 1  # that a walk trains together
    many = MANY_SCORES  # from which on :meth:`sums_of_many` is sooner
    steepest = at_zero = 0.25  # second derivative: the largest, and that of a score of 0
    no_idea = float(np.log(2))  # loss of one who hesitates

    @staticmethod
    def best_bias(truth) -> np.ndarray:
        """The bias of those who know no feature, (K,), by how much their class counts: its log-odds."""
        share = np.clip(truth, RAREST, 1 - RAREST)
        return np.log(share / (1 - share))

    value_and_slope = staticmethod(neuron.loss_and_residual)  # ``-log P(Y=y|x)`` and ``a - y``, (n, K) each
    beliefs = staticmethod(neuron.curvature)  # what all second derivatives are made of: ``a (1 - a)``, (n, K)

    @staticmethod
    def bends(beliefs) -> np.ndarray:
        """What Hessians are made of, by shares, a column each."""
        return beliefs

    @staticmethod
    def curved(beliefs, moves) -> np.ndarray:
        """By how much slopes change where scores do, (n, K), from :meth:`beliefs` by shares."""
        return beliefs * moves

    @staticmethod
    def curved_among(beliefs, moves) -> np.ndarray:
        """How much one neuron's loss bends along m moves of the scores (n, m), and between them: (m, m)."""
        return moves.T @ (beliefs * moves)

    own_bends = bends  # second derivatives along each score by itself

    @staticmethod
    def doubt(beliefs) -> np.ndarray:
        """How much J of a walk may bend at all where all examples have such beliefs, (K,); at most 1/4."""
        return beliefs.sum(axis=0, dtype=np.float64)

    @staticmethod
    def gap(z, y) -> np.ndarray:
        """By how much the score speaks for the truth, (n, K); below 0 if against it."""
        return np.where(y, z, -z)

    @classmethod
    def gaps(cls, z, y) -> np.ndarray:
        """The same of all ways in which a neuron may tell its classes apart, (n, K, 1): there is one."""
        return cls.gap(z, y)[..., None]

    @staticmethod
    def felt(z, moves, sure) -> np.ndarray:
        """How far moves of the scores lead, (n, K); 0 where an example stays farther from the boundary than `sure`."""
        far = np.abs(moves)
        return np.where(np.abs(z) - far <= sure, far, 0)

    @staticmethod
    def of_walks(numbers) -> np.ndarray:
        """Numbers of neurons, (..., K), added up for each walk: here a walk is one neuron."""
        return numbers

    lengths_of_walks = of_walks  # lengths of vectors of neurons, (K,), put together for each walk
    coupled = of_walks  # Hessians of walks, (q, q, K), of those sums of which they are made: here the same
    coupled_columns = of_walks  # columns of them, (q, K), one a bias

    @staticmethod
    def sums_of_many(z, y, shares, bent=False) -> tuple[np.ndarray, ...]:
        """Losses, added up to (K,); slopes and, if it is asked how J is bent, curvatures, (n, K) each; all by shares.

        `shares` are (n, 1), or (1, 1) if all are equal; scores are overwritten.
        """
        toward = np.multiply(2, y, dtype=z.dtype)
        toward -= 1  # +1 where the truth is 1, -1 where it is 0
        margin = np.multiply(z, toward, out=z)
        e = np.abs(margin)
        np.exp(np.negative(e, out=e), out=e)  # in [0, 1]
        slope = np.maximum(e, margin < 0)
        loss = _added(e, margin, shares)
        above_one = 1 + e
        slope /= above_one  # P(other class)
        toward *= -shares
        slope *= toward
        if not bent:
            return loss, slope
        e /= above_one
        e /= above_one
        e *= shares
        return loss, slope, e


def _added(e, margin, shares):
    """``sum_i share_i log(1 + exp(-margin_i))``, (K,), with ``e = exp(-abs(margin))``; margins are overwritten."""
    beyond = np.minimum(margin, 0, out=margin)
    if len(shares) < len(e):
        return shares[0] * (_logs_added(e) - total(beyond))
    return total(shares * (np.log1p(e) - beyond))


def _logs_added(e):
    """``sum_i log(1 + e_i)``, (K,), of numbers in [0, 1]."""
    count = len(e) >> HALVINGS
    rest, e = e[count << HALVINGS :], e[: count << HALVINGS]
    while len(e) > count:
        one, other = e[: len(e) // 2], e[len(e) // 2 :]
        e = one * other
        e += one
        e += other
    return total(np.log1p(e)) + total(np.log1p(rest))


class SoftmaxLoss:
    """The log-loss of layers of K neurons, from scores (n, K) and numbers of classes (n, 1); or of some side by side.

    Those of W layers are (n, W K), layer by layer, and (n, W).
    """

    many = 0
    steepest = 0.5  # the largest second derivative: ``diag(a) - a a'`` is at most 1/2 (D. Bohning, 1992)

    def __init__(self, neurons):
        self.neurons = neurons
        self.at_zero = (neurons - 1) / neurons**2
        self.no_idea = float(np.log(neurons))
        self._pairs = np.triu_indices(neurons, 1)

    def best_bias(self, truth) -> np.ndarray:
        """The biases of those who know no feature, (W K,), by how much each class counts: logarithms, 0 on average."""
        logs = np.log(np.maximum(truth, RAREST)).reshape(-1, self.neurons)
        return (logs - logs.mean(axis=1, keepdims=True)).ravel()

    def value_and_slope(self, z, y) -> tuple[np.ndarray, np.ndarray]:
        """Losses, (n, W), and slopes, (n, W K)."""
        loss, slope = layer.loss_and_residual(z.reshape(-1, self.neurons), y.ravel())
        return loss.reshape(y.shape), slope.reshape(z.shape)

    def beliefs(self, z) -> np.ndarray:
        """What all second derivatives are made of: a, (n, W K)."""
        return layer.softmax(z.reshape(-1, self.neurons)).reshape(z.shape)

    def bends(self, beliefs) -> np.ndarray:
        """What the Hessian of one layer is made of: ``share a_j a_k`` of all pairs j < k, (n, K (K - 1) / 2)."""
        shared, (first, second) = np.ascontiguousarray(beliefs.T), self._pairs
        return (shared[first] * (shared / _or_1(shared.sum(axis=0)))[second]).T

    def curved(self, beliefs, moves) -> np.ndarray:
        """``share a_k (move_k - sum_j a_j move_j)``, from beliefs by shares, (n, K), and moves (n, m K); m at once."""
        return (beliefs[:, None] * self._from_the_average(beliefs, moves)).reshape(moves.shape)

    def curved_among(self, beliefs, moves) -> np.ndarray:
        """How much the loss of a layer bends along m moves of the scores (n, m K), and between them: (m, m)."""
        roots = np.sqrt(beliefs)[:, None] * self._from_the_average(beliefs, moves)
        roots = roots.transpose(0, 2, 1).reshape(-1, roots.shape[1])
        return roots.T @ roots

    def own_bends(self, beliefs) -> np.ndarray:
        """Second derivatives along each score by itself, by shares, (n, W K)."""
        each = beliefs.reshape(-1, self.neurons)
        return (each * layer.the_rest(each / _or_1(each.sum(axis=1, keepdims=True)))).reshape(beliefs.shape)

    def doubt(self, beliefs) -> np.ndarray:
        """How much J of a layer may bend, (W,): at most ``(1 - 1/K) / 2``, as of a sigmoid where it is one of two."""
        own = self.own_bends(beliefs).sum(axis=0, dtype=np.float64)
        return own.reshape(-1, self.neurons).sum(axis=1) / 2

    def gap(self, z, y) -> np.ndarray:
        """By how much the score of the truth is above all others, (n, W)."""
        score, own = z.reshape(*y.shape, self.neurons).copy(), y[..., None]
        of_truth = np.take_along_axis(score, own, axis=2)[..., 0]
        np.put_along_axis(score, own, -np.inf, axis=2)
        return of_truth - score.max(axis=2)

    def gaps(self, z, y) -> np.ndarray:
        """The same, and by how much each class is above, or below, the average of all scores, (n, W, 1 + K)."""
        score = z.reshape(*y.shape, self.neurons)
        is_truth = y[..., None] == np.arange(self.neurons)
        lead = score - score.mean(axis=2, keepdims=True)
        return np.concatenate([self.gap(z, y)[..., None], np.where(is_truth, lead, -lead)], axis=2)

    def felt(self, z, moves, sure) -> np.ndarray:
        """How far moves change the difference of two scores that are near the highest, or will be, at most; (n, W)."""
        before, moves = (each.reshape(len(z), -1, self.neurons) for each in (z, moves))
        near = [score >= score.max(axis=2, keepdims=True) - sure for score in (before, before + moves)]
        counts = near[0] | near[1]
        return np.where(counts, moves, -np.inf).max(axis=2) - np.where(counts, moves, np.inf).min(axis=2)

    def of_walks(self, numbers) -> np.ndarray:
        """Numbers of neurons, (..., W K), added up for each layer, (..., W)."""
        return numbers.reshape(*numbers.shape[:-1], -1, self.neurons).sum(axis=-1)

    def lengths_of_walks(self, lengths) -> np.ndarray:
        """Lengths of vectors of neurons, (W K,), put together for each layer, (W,)."""
        return np.sqrt(self.of_walks(lengths**2))

    def coupled(self, grams) -> np.ndarray:
        """The Hessian of a layer, (K q, K q, 1), class after class, of the sums that belong to pairs, (q, q, pairs).

        Between two classes it is minus their sum; and of each with itself the sum of all its own.
        """
        (first, second), (q, r, _), K = self._pairs, grams.shape, self.neurons
        blocks = np.zeros((K, K, q, r), dtype=grams.dtype)
        blocks[first, second] = blocks[second, first] = -grams.transpose(2, 0, 1)
        blocks[np.arange(K), np.arange(K)] = -blocks.sum(axis=1)
        return blocks.transpose(0, 2, 1, 3).reshape(K * q, K * r, 1)

    def coupled_columns(self, columns) -> np.ndarray:
        """The columns of the Hessian that belong to biases, (K q, K), of those of pairs, (q, pairs)."""
        return self.coupled(columns[:, None])[..., 0]

    def sums_of_many(self, z, y, shares, bent=False) -> tuple[np.ndarray, ...]:
        """As :meth:`SigmoidLoss.sums_of_many`: losses, (W,); slopes and, if asked for, beliefs, (n, W K)."""
        layers = [slice(k, k + self.neurons) for k in range(0, z.shape[1], self.neurons)]
        each = [self._sums_of_one(z[:, some], y[:, [k]], shares, bent) for k, some in enumerate(layers)]
        return each[0] if len(each) == 1 else tuple(np.concatenate(parts, axis=-1) for parts in zip(*each, strict=True))

    def _sums_of_one(self, z, y, shares, bent):
        """Those of one layer, class by class in memory: the highest of K scores in a row is found one by one."""
        z, own, example = np.array(z.T, order="C"), y[:, 0], np.arange(len(y))
        top = z.max(axis=0)
        gap = top - z[own, example]
        z -= top
        e = np.exp(z, out=z)
        of_truth = e[own, example]
        e[own, example] = 0
        others = e.sum(axis=0)
        above = others + of_truth
        losses = gap + np.log1p(np.where(gap > 0, above - 1, others))
        share = shares[:, 0] / above
        e *= share
        e[own, example] = -others * share
        loss = total(losses[:, None] * shares)
        if not bent:
            return loss, e.T
        beliefs = e.copy()
        beliefs[own, example] = of_truth * share
        return loss, e.T, beliefs.T

    def _from_the_average(self, beliefs, moves):
        """``move_k - sum_j a_j move_j``, (n, m, K), of beliefs by shares (n, K), measured from that of the likeliest.

        So it is exact where one class has nearly all belief, and its move is nearly the average.
        """
        moves = moves.reshape(len(moves), -1, self.neurons)
        likeliest = beliefs.argmax(axis=1)[:, None, None]
        moves = moves - np.take_along_axis(moves, likeliest, axis=2)
        average = (moves @ beliefs[..., None]) / _or_1(beliefs.sum(axis=1))[:, None, None]
        return moves - average


def _or_1(numbers):
    return np.where(numbers > 0, numbers, 1)


SIGMOID = SigmoidLoss()
