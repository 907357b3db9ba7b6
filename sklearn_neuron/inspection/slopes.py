"""Which slopes does a neuron promise, and which are measured? Those of J, and those of every link of the chain rule.

J is measured where a fit would look at it, by the same code, only that it is added up in short sums, which round less.
The links are what :mod:`sklearn_neuron.neuron` holds when they are asked for; those of a layer are looked at in
:mod:`~sklearn_neuron.inspection.slopes_of_layer`.
"""

from functools import cached_property
from operator import attrgetter, methodcaller
from typing import NamedTuple

import numpy as np
import scipy.sparse as sp

from sklearn_neuron import neuron
from sklearn_neuron.inspection.finite_differences import Comparison, best_step, measured_slope, stencils
from sklearn_neuron.objective import Objective
from sklearn_neuron.solvers.maps import side_by_side
from sklearn_neuron.tables import short, spoken

MOST_NUMBERS = 4_000_000  # in an array of examples, or of parameters, by thetas side by side
SHORT_SUM = 128  # examples to add up in the float type of X; sums of such sums are float64
LONGEST_NAME, LONGEST_CLASS = 28, 16


class Link(NamedTuple):
    """One link of the chain, in the example where promise and measurement differ most."""

    name: str  # "da/dz"
    function: str  # what promises it: "sigmoid_slope"
    analytic: float
    numeric: float
    difference: float
    allowed: float
    row: int  # of X
    parameter: str | None  # along which, if it is one: "w[leaf_length]" or "b"; of a layer, or between which classes

    @property
    def slopes(self) -> Comparison:
        """Its four numbers."""
        return Comparison(self.analytic, self.numeric, self.difference, self.allowed)


def parameter_names(feature_names: list[str], has_bias: bool) -> list[str]:
    """How parameters are called: weights by their features, and the bias; a feature may have that name too."""
    return [*(f"w[{short(name, LONGEST_NAME)}]" for name in feature_names), *["b"] * has_bias]


def of_class(name, class_name) -> str:
    """What something is called that each neuron of a layer has."""
    return f"{name} of {short(spoken(class_name), LONGEST_CLASS)}"


class NeuronAt:
    """J at one theta, ((p + 1) K,), neuron after neuron, slopes that differ by `tol` at most being right.

    Parameters are told by `names`, those of a neuron, and examples by `row_numbers` (n,): what the user calls them.
    """

    def __init__(self, objective, theta, tol, names, row_numbers):
        home = objective.home
        self.names, self.row_numbers, self.tol = names, row_numbers, tol
        self.objective, self.y = objective, home.map(attrgetter("y"))[:, 0]
        self.theta = theta.astype(home.dtype).astype(np.float64)  # as a pass over X will see it
        self.neurons = objective.loss.neurons
        self.columns = side_by_side(self.theta[:, None], self.neurons)
        self.eps = float(np.finfo(home.dtype).eps)
        self.z = self._scores()
        self.terms = home.map(self._terms)
        self.largest = np.append(home.map(_largest).max(axis=0), [1.0] * home.has_bias)
        self.largest[self.largest == 0] = 1.0

    @cached_property
    def _here(self):
        return self.objective.at(self.columns)

    @property
    def loss(self) -> float:
        """J, its penalty included."""
        return float(self._here.loss[0])

    def slopes_of_loss(self) -> Comparison:
        """dJ/dtheta: what walks is repeated side by side, and looked at by the very code that a fit runs."""
        steps = best_step(self.eps, np.tile(self._sizes(), self.neurons))
        home, penalty = self.objective.home.in_short_blocks(SHORT_SUM), self.objective.penalty_term.strength
        in_short_sums = Objective(home, penalty, self.objective.loss)  # without kinks, where nothing can be measured
        numeric = []
        for stencil in self._stencils(steps):
            thetas = stencil.thetas(self.theta)
            J = in_short_sums.neurons(np.zeros(thetas.shape[1], dtype=int))
            numeric.append(stencil.slopes(J.at(side_by_side(thetas, self.neurons)).loss))
        promised = self._here.gradient.ravel(order="F")
        return Comparison.of(promised, np.concatenate(numeric), self._rounding() / steps, self.tol)

    def _stencils(self, steps):
        """All parameters, as many at a time as memory allows."""
        numbers = self.neurons * max(len(steps), len(self.y))
        return stencils(steps, max(1, MOST_NUMBERS // (4 * numbers)))

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
        shares = self.objective.home.map(methodcaller("each_share"))[:, 0]
        return self.eps * (4 + sums + shares @ (self._wrong() * self.terms).sum(axis=1))

    def _terms(self, block):
        """How large the numbers are that add up to the scores of each example, ``|x|.|w| + |b|``."""
        w, b = np.split(np.abs(self.columns), [block.X.shape[1]])
        return abs(block.X) @ w.astype(block.X.dtype) + b.sum(axis=0)

    def links(self) -> list[Link]:
        """dz/dw, da/dz, dJ/da and dJ/dw, each of the example where it differs most."""
        steps, neurons = best_step(self.eps, self.largest), range(self.neurons)
        pairs = [self._of_parameters(stencil, k) for k in neurons for stencil in self._stencils(steps)]
        score, loss = (max(links, key=lambda link: link.slopes.badness) for links in zip(*pairs, strict=True))
        return [score, self._of_belief(), self._of_loss(), loss]

    def _score(self, thetas):
        home = self.objective.home
        w, b = np.split(thetas.astype(home.dtype), [home.shape[1]])
        return home.map(lambda block: neuron.linear_score(block.X, w, b[0] if len(b) else 0))

    def _of_parameters(self, stencil, k):
        """dz/dtheta and dJ/dtheta of every example, along some parameters of a neuron."""
        z_nearby = self._score(stencil.thetas(self.columns[:, k]))
        through = self._score_slopes(stencil.which)
        promised = self._residual(k)[:, None] * through
        slopes, numeric = stencil.slopes(z_nearby), stencil.slopes(self._losses(z_nearby, k))
        of_score, of_loss = (
            4 * self.eps * (1 + terms)[:, None] / stencil.steps for terms in (self.terms[:, k], self.terms.sum(axis=1))
        )
        named = [self._parameter(name, k) for name in self.names[stencil.which]]
        return (
            self._worst("dz/dw", "score_slope", through, slopes, of_score, named),
            self._worst("dJ/dw", "residual . x", promised, numeric, of_loss, named),
        )

    def _score_slopes(self, which):
        """Columns of ``[score_slope(X), 1]``, dense."""
        home = self.objective.home
        slopes = home.map(lambda block: _dense(neuron.score_slope(block.X)[:, which]))
        return np.column_stack([slopes, np.ones(home.n)]) if home.has_bias and which.stop > home.shape[1] else slopes

    def _worst(self, name, function, analytic, numeric, noise, along=None):
        """Where promise and measurement differ most; `along` names what the last axis is, if there is one."""
        slopes = Comparison.of(analytic, numeric, noise, self.tol)
        place = np.unravel_index(np.argmax(slopes.badness), slopes.difference.shape)
        a, n, difference, allowed = (float(values[place]) for values in slopes)
        return Link(
            name,
            function,
            a,
            n,
            difference,
            allowed,
            int(self.row_numbers[place[0]]),
            None if along is None else along[place[-1]],
        )

    # What is otherwise in a layer -------------------------------------------------------------------------

    def _scores(self):
        """Z of every example."""
        return self._score(self.columns)[:, 0]

    def _losses(self, z, k):
        """J of every example where the score of neuron k is one of z (n, m)."""
        return neuron.example_loss(z, self.y[:, None])

    def _residual(self, k):
        """dJ/dz_k of every example."""
        return neuron.residual(self.z, self.y)

    def _wrong(self):
        """|dJ/dz|, (n, K)."""
        return -np.expm1(-neuron.example_loss(self.z, self.y))[:, None]

    def _parameter(self, name, k):
        """What a parameter of neuron k is called."""
        return name

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


def _largest(block):
    """Largest size of each feature in a block, a row."""
    extremes = [_dense(block.X.max(axis=0)), -_dense(block.X.min(axis=0))]
    return np.maximum(*extremes).reshape(1, -1).astype(np.float64)


def _dense(X):
    return X.toarray() if sp.issparse(X) else X
