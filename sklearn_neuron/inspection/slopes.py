"""Which slopes does a neuron promise, and which are measured? Those of J, and those of every link of the chain rule.

J is measured where a fit would look at it, by the same code, only that it is added up in short sums, which round less.
The links are what :mod:`sklearn_neuron.neuron` holds when they are asked for.
"""

from functools import cached_property
from operator import attrgetter, methodcaller
from typing import NamedTuple

import numpy as np
import scipy.sparse as sp

from sklearn_neuron import neuron
from sklearn_neuron.inspection.finite_differences import Comparison, best_step, measured_slope, stencils
from sklearn_neuron.inspection.tables import short
from sklearn_neuron.objective import Objective

MOST_NUMBERS = 4_000_000  # in an array of examples, or of parameters, by thetas side by side
SHORT_SUM = 128  # examples to add up in the float type of X; sums of such sums are float64
LONGEST_NAME = 28


class Link(NamedTuple):
    """One link of the chain, in the example where promise and measurement differ most."""

    name: str  # "da/dz"
    function: str  # what promises it: "sigmoid_slope"
    analytic: float
    numeric: float
    difference: float
    allowed: float
    row: int  # of X
    parameter: str | None  # along which, if it is one: "w[leaf_length]" or "b"

    @property
    def slopes(self) -> Comparison:
        """Its four numbers."""
        return Comparison(self.analytic, self.numeric, self.difference, self.allowed)


def parameter_names(feature_names: list[str], has_bias: bool) -> list[str]:
    """How parameters are called: weights by their features, and the bias; a feature may have that name too."""
    return [*(f"w[{short(name, LONGEST_NAME)}]" for name in feature_names), *["b"] * has_bias]


class NeuronAt:
    """One neuron's J at one theta (p + 1,), slopes that differ by `tol` at most being right.

    Parameters are told by `names`, and examples by `row_numbers` (n,): what the user calls them.
    """

    def __init__(self, objective, theta, tol, names, row_numbers):
        home = objective.home
        self.names, self.row_numbers, self.tol = names, row_numbers, tol
        self.objective, self.y = objective, home.map(attrgetter("y"))[:, 0]
        self.theta = theta.astype(home.dtype).astype(np.float64)  # as a pass over X will see it
        self.eps = float(np.finfo(home.dtype).eps)
        self.z = self._score(self.theta[:, None])[:, 0]
        self.terms = home.map(self._terms)
        self.largest = np.append(home.map(_largest).max(axis=0), [1.0] * home.has_bias)
        self.largest[self.largest == 0] = 1.0

    @cached_property
    def _here(self):
        return self.objective.at(self.theta[:, None])

    @property
    def loss(self) -> float:
        """J, its penalty included."""
        return float(self._here.loss[0])

    def slopes_of_loss(self) -> Comparison:
        """dJ/dtheta: one neuron is repeated side by side, and looked at by the very code that a fit runs."""
        steps = best_step(self.eps, self._sizes())
        in_short_sums = Objective(self.objective.home.in_short_blocks(SHORT_SUM), self.objective.penalty)
        numeric = []
        for stencil in self._stencils(steps):
            thetas = stencil.thetas(self.theta)
            J = in_short_sums.neurons(np.zeros(thetas.shape[1], dtype=int))
            numeric.append(stencil.slopes(J.at(thetas).loss))
        return Comparison.of(self._here.gradient[:, 0], np.concatenate(numeric), self._rounding() / steps, self.tol)

    def _stencils(self, steps):
        """All parameters, as many at a time as memory allows."""
        return stencils(steps, max(1, MOST_NUMBERS // (4 * max(len(self.theta), len(self.y)))))

    def _sizes(self):
        """Size of each feature, by the fifth power that the neglected term grows with; 1 for the bias."""
        (fifth,) = self.objective.home.fold(self._fifth_powers)
        sizes = self.largest.copy()
        sizes[: len(fifth)] *= fifth[:, 0] ** 0.2
        return np.where(sizes > 0, sizes, 1.0)

    def _fifth_powers(self, block):
        shrink = (1 / self.largest[: block.X.shape[1]]).astype(block.X.dtype)
        return (((abs(block.X) * shrink) ** 5).T @ block.each_share(),)

    def _rounding(self):
        """How much of J may be rounding: of short sums, rounded with every term, and of scores, where they matter."""
        sums = min(len(self.y), SHORT_SUM) / 4 * self.loss
        wrong = -np.expm1(-neuron.example_loss(self.z, self.y))  # |dJ/dz|
        return self.eps * (4 + sums + self.objective.home.map(methodcaller("each_share"))[:, 0] @ (wrong * self.terms))

    def _terms(self, block):
        """How large the numbers are that add up to the score of each example, ``|x|.|w| + |b|``."""
        w, b = np.split(np.abs(self.theta), [block.X.shape[1]])
        return abs(block.X) @ w.astype(block.X.dtype) + b.sum()

    def links(self) -> list[Link]:
        """dz/dw, da/dz, dJ/da and dJ/dw, each of the example where it differs most."""
        pairs = [self._of_parameters(stencil) for stencil in self._stencils(best_step(self.eps, self.largest))]
        score, loss = (max(links, key=lambda link: link.slopes.badness) for links in zip(*pairs, strict=True))
        return [score, self._of_belief(), self._of_loss(), loss]

    def _score(self, thetas):
        home = self.objective.home
        w, b = np.split(thetas.astype(home.dtype), [home.shape[1]])
        return home.map(lambda block: neuron.linear_score(block.X, w, b[0] if len(b) else 0))

    def _of_parameters(self, stencil):
        """dz/dtheta and dJ/dtheta of every example, along some parameters."""
        z_nearby = self._score(stencil.thetas(self.theta))
        loss_nearby = neuron.example_loss(z_nearby, self.y[:, None])
        through = self._score_slopes(stencil.which)
        promised = neuron.residual(self.z, self.y)[:, None] * through
        noise = 4 * self.eps * (1 + self.terms)[:, None] / stencil.steps
        names = self.names[stencil.which]
        return (
            self._worst("dz/dw", "score_slope", through, stencil.slopes(z_nearby), noise, names),
            self._worst("dJ/dw", "residual . x", promised, stencil.slopes(loss_nearby), noise, names),
        )

    def _score_slopes(self, which):
        """Columns of ``[score_slope(X), 1]``, dense."""
        home = self.objective.home
        slopes = home.map(lambda block: _dense(neuron.score_slope(block.X)[:, which]))
        return np.column_stack([slopes, np.ones(home.n)]) if home.has_bias and which.stop > home.shape[1] else slopes

    def _of_belief(self):
        """da/dz of every example."""
        step = float(best_step(self.eps, 1.0))
        noise = np.full(self.z.shape, 4 * self.eps / step)
        promised, numeric = neuron.sigmoid_slope(self.z), measured_slope(neuron.sigmoid, self.z, step)
        return self._worst("da/dz", "sigmoid_slope", promised, numeric, noise)

    def _of_loss(self):
        """dJ/da of every example; a belief that rounds to certainty is taken for the last one that does not."""
        a = np.clip(neuron.sigmoid(self.z), self.eps, 1 - self.eps)
        given = neuron.bernoulli(a, self.y)
        step = given * float(best_step(self.eps, 4.0))  # the logarithm bends more than a sigmoid, and most near 0
        noise = 4 * self.eps * (1 + 1 / given) / step
        numeric = measured_slope(lambda a: -np.log(neuron.bernoulli(a, self.y)), a, step)
        return self._worst("dJ/da", "loss_slope", neuron.loss_slope(a, self.y), numeric, noise)

    def _worst(self, name, function, analytic, numeric, noise, parameters=None):
        slopes = Comparison.of(analytic, numeric, noise, self.tol)
        place = np.unravel_index(np.argmax(slopes.badness), slopes.difference.shape)
        a, n, difference, allowed = (float(values[place]) for values in slopes)
        parameter = None if parameters is None else parameters[place[1]]
        return Link(name, function, a, n, difference, allowed, int(self.row_numbers[place[0]]), parameter)


def _largest(block):
    """Largest size of each feature in a block, a row."""
    extremes = [_dense(block.X.max(axis=0)), -_dense(block.X.min(axis=0))]
    return np.maximum(*extremes).reshape(1, -1).astype(np.float64)


def _dense(X):
    return X.toarray() if sp.issparse(X) else X
