"""On which side does every sample stand? Planes in which that is true, however many features there are.

A slice through many features, two of which vary, puts most samples where the neuron does not: it judges them by all
features. Of a sample x the score alone decides, and so there are planes that keep it. With every feature measured in
its standard deviations s, the distance of x from the boundary is ::

    t = (w.x + b) / |s w|        so that        P(class 1 | x) = sigmoid(|s w| t)

and the picture spreads along w, by that distance, and across it, along the direction in which the samples vary most.
Three classes differ in two directions, ``w_k - mean(w)``, and a plane along both keeps which score is the largest; in a
layer, where nothing but differences of scores counts, it keeps all beliefs. Of more classes no plane does: each then
has a row of its own, for the samples that it is the answer to.

Reference: T. Hastie, R. Tibshirani and J. Friedman, The Elements of Statistical Learning (2nd ed., 2009), section 4.3.3
(reduced-rank discriminants: the plane in which centroids differ).
"""

from collections.abc import Callable
from typing import Any, NamedTuple, Self

import numpy as np
import scipy.sparse as sp

from sklearn_neuron.displays.plants import GOLDEN
from sklearn_neuron.displays.table import spread_of
from sklearn_neuron.inspection.layers import lead
from sklearn_neuron.neuron import linear_score, sigmoid

NOTHING = 1e-9  # of the largest: what is less is rounding
SAMPLED = 4_000_000  # numbers of the samples that tell where they vary most
BLOCK = 8  # directions tried side by side
ROUNDS = 10  # until the strongest of them is found
AVERAGE = "depth of colour: for a sample whose scores have the usual average"
UNIT = "features standardised"  # the features are, and not what is made of them


class Spreads(NamedTuple):
    """How every feature is measured here: by its standard deviations, and one that does not vary not at all."""

    spread: np.ndarray  # (n_features,)
    inverse: np.ndarray  # (n_features,)

    @classmethod
    def of(cls, X) -> Self:
        """Those of X, an array or a sparse array of shape (n_samples, n_features)."""
        spread, largest = spread_of(X), abs(X).max(axis=0)
        largest = largest.toarray().ravel() if sp.issparse(X) else largest.astype(np.float64)
        spread = np.where(spread > 10 * np.finfo(float).eps * largest, spread, 0.0)
        return cls(spread, np.divide(1, spread, where=spread > 0, out=np.zeros_like(spread)))

    def length(self, weights) -> np.ndarray:
        """``|s w|``: how much a score changes over one standard deviation along w; w of shape (n_features, ...)."""
        return np.linalg.norm((self.spread * weights.T).T, axis=0)

    def across(self, X, taken) -> np.ndarray:
        """The direction in which samples vary most, at right angles to those taken, (n_features, m) and of length 1.

        Shape (n_features,), of length 1 where features are measured in standard deviations; zeros if samples do not
        vary otherwise.
        """
        samples = _Standardised.of(X, self.inverse)
        rng = np.random.default_rng(0)
        tried = rng.normal(size=(X.shape[1], min(BLOCK, X.shape[1])))
        for _ in range(ROUNDS):
            tried = samples.pull_back(samples.scores(_without(np.linalg.qr(tried)[0], taken)))
            if not np.abs(_without(tried, taken)).max() > NOTHING:
                return np.zeros(X.shape[1])
        tried = np.linalg.qr(_without(tried, taken))[0]
        strongest = np.linalg.svd(samples.scores(tried), full_matrices=False)[2][0]
        found = _without((tried @ strongest)[:, None], taken)[:, 0]
        if np.std(samples.scores(found[:, None])) <= NOTHING:
            return np.zeros(X.shape[1])
        return found * np.sign(found[np.abs(found).argmax()]) / np.linalg.norm(found)

    def stand(self, X, direction) -> np.ndarray:
        """How far samples stand along a direction from the median of all, shape (n_samples,)."""
        far = linear_score(X, self.inverse * direction, 0.0)
        return far - np.median(far)


class _Standardised(NamedTuple):
    """Some of the samples, chosen at random, centred and in standard deviations."""

    X: Any
    mean: np.ndarray
    inverse: np.ndarray

    @classmethod
    def of(cls, X, inverse):
        n, p = X.shape
        rows = np.random.default_rng(0).permutation(n)[: max(200, SAMPLED // p)]
        X = X[np.sort(rows)]
        return cls(X, np.asarray(X.mean(axis=0, dtype=np.float64)).ravel(), inverse)

    def scores(self, directions):
        turned = self.inverse[:, None] * directions
        return self.X @ turned - self.mean @ turned

    def pull_back(self, scores):
        return self.inverse[:, None] * (self.X.T @ scores - self.mean[:, None] * scores.sum(axis=0)) / len(scores)


def _without(directions, taken):
    """What is left of directions at right angles to those taken."""
    return directions - taken @ (taken.T @ directions)


class Sides(NamedTuple):
    """Where samples stand in a plane that keeps what is answered, and what is believed in that plane."""

    points: np.ndarray  # (n_samples, 2)
    names: list[str]  # of the axes
    believed: Callable  # of places (m, 2): the probability of one class, (m,), or of all, (m, K)
    weights: list[float] | None = None  # where w points to
    note: str | None = None  # what else is to be said
    lanes: bool = False  # whether each class has a row of its own


def sides_of(subject, X, z, class_number=None, class_name=None) -> Sides:
    """The plane for one neuron or several, in which each sample of X, as they see it, stands where it is put.

    z holds the scores, (n_samples,) or (n_samples, n_classes). Of more than two classes one may be asked about, by its
    number and name; None asks for the most probable.
    """
    z, neuron = z.astype(np.float64), subject.neuron
    if len(neuron.classes_) == 2:
        return _of_two(neuron, X, z)
    logs = neuron._log_beliefs
    if class_number is not None:
        return _of_one(neuron, X, logs(z), class_number, class_name)
    if len(neuron.classes_) == 3 or X.shape[1] <= 2:
        sides = _of_three(neuron, X, z, logs)
        return sides if subject.is_layer else sides._replace(note=AVERAGE)
    return _of_many(z, logs)


def _of_two(neuron, X, z):
    """Along w, by the distance from the boundary, and across."""
    spreads = Spreads.of(X)
    along, length, _ = _directions(spreads, neuron.coef_.T)
    basis = _filled(spreads, X, along)
    if not along.size:  # it answers everything alike
        bias = float(np.median(z))
        return Sides(_places(spreads, X, basis), _across(2), lambda at: np.full(len(at), sigmoid(bias)))
    points = np.column_stack([z / length[0], spreads.stand(X, basis[:, 1])])
    names = [f"along w: distance from the boundary, {UNIT}", f"across w, {UNIT}"]
    return Sides(points, names, lambda at: sigmoid(length[0] * at[:, 0]), [1.0, 0.0])


def _of_one(neuron, X, logs, k, name):
    """By how sure all neurons together are of one class, and across the weights of its own."""
    spreads = Spreads.of(X)
    along, _, _ = _directions(spreads, neuron.coef_[[k]].T)
    basis = _filled(spreads, X, along)
    points = np.column_stack([lead(logs, k), spreads.stand(X, basis[:, -1])])
    names = [f"log-odds of {name}: log(P / (1 - P))", f"across its own weights, {UNIT}"]
    return Sides(points, names, lambda at: sigmoid(at[:, 0]))


def _of_three(neuron, X, z, logs):
    """Along the directions in which the neurons differ; what they have in common is held at its median."""
    spreads = Spreads.of(X)
    weights = neuron.coef_.T.astype(np.float64)
    common, shared = z.mean(axis=1), weights.mean(axis=1)
    along, length, turned = _directions(spreads, weights - shared[:, None])
    origin = np.mean(z - common[:, None], axis=0)  # of the samples' mean
    found = (z - common[:, None] - origin) @ turned.T / length
    origin, found = origin + np.median(found, axis=0) * length @ turned, found - np.median(found, axis=0)
    basis = _filled(spreads, X, along)
    points = np.column_stack([found, _places(spreads, X, basis[:, found.shape[1] :])])
    slope = basis.T @ (spreads.spread * shared)
    rest = np.median(common - points @ slope)

    def believed(at):
        scores = origin + (at[:, : len(length)] * length) @ turned + (at @ slope + rest)[:, None]
        return np.exp(logs(scores))

    names = [f"where the neurons differ most, {UNIT}", f"where they differ next, {UNIT}"]
    names = [*names[: len(length)], *_across(2 - len(length))]
    return Sides(points, names, believed)


def _of_many(z, logs):
    """A row for each answer, along which samples stand by how sure it is."""
    probabilities, answers, K = np.exp(logs(z)), z.argmax(axis=1), z.shape[1]
    beside = 0.6 * ((np.arange(len(answers)) * GOLDEN) % 1 - 0.5)
    points = np.column_stack([probabilities.max(axis=1), answers + beside])

    def believed(at):
        row = np.clip(np.rint(at[:, 1]), 0, K - 1).astype(int)
        sure = np.clip(at[:, 0], 1 / K, 1)
        belief = np.repeat((1 - sure[:, None]) / (K - 1), K, axis=1)
        belief[np.arange(len(at)), row] = sure
        return belief

    return Sides(points, ["probability of the most probable class", "most probable class"], believed, lanes=True)


def _directions(spreads, weights):
    """Directions (n_features, r) along which scores change, how much (r,), and of which score (r, K)."""
    U, lengths, turned = np.linalg.svd(spreads.spread[:, None] * weights, full_matrices=False)
    r = int((lengths > NOTHING * lengths[0]).sum()) if lengths[0] > 0 else 0
    sign = np.sign(turned[:r].sum(axis=1, keepdims=True)) if weights.shape[1] == 1 else 1.0
    return U[:, :r] * np.ravel(sign), lengths[:r], turned[:r] * sign


def _filled(spreads, X, basis):
    """Two directions: those given, and as many more as it takes, each where samples vary most otherwise."""
    while basis.shape[1] < 2:
        basis = np.column_stack([basis, spreads.across(X, basis)])
    return basis


def _places(spreads, X, basis):
    """Where samples stand along directions (n_features, m), shape (n_samples, m)."""
    stand = [spreads.stand(X, direction) for direction in basis.T]
    return np.column_stack(stand) if stand else np.empty((X.shape[0], 0))


def _across(count):
    return [f"where samples differ {which}, {UNIT}" for which in ("most", "next")][:count]
