"""In which coordinates? The same J, seen so that its valley is round.

Plain descent is slow because the valley is long and narrow: features in centimetres beside features in
kilometres, all far from zero. A change of variables ``theta = T u`` leaves J, its penalty and its minimum
as they are and changes only what "steepest" means::

    J~(u) = J(T u),     dJ~/du = T' dJ/dtheta,     d2J~ = T' d2J T

`Standardised` moves the origin to the average example and measures every feature in units of
``sqrt(spread^2 / 4 + penalty)``, the root of the largest curvature that its weight can meet (but for a few
examples far out, which are not the measure of all others). X is not touched: the home of the examples corrects
its sums instead. `Whitened` goes on from there and turns too: with ``H = L L'`` the Hessian of J at the start,
``theta = L^-T u`` has a Hessian close to 1.

Reference: J. Nocedal and S. J. Wright, Numerical Optimization (2nd ed., 2006), section 2.2 (scaling).
"""

import copy
from functools import cached_property
from typing import NamedTuple

import numpy as np
from scipy import linalg
from sklearn.base import BaseEstimator

from sklearn_neuron.homes.moments import moments
from sklearn_neuron.objective import Needs, Objective, diagonal_of, dot, lower_factor

LEANING = 10  # spreads from zero
UNNOTICED = 1e-9  # by how much scores may change without J being asked again
ROUNDED = 16 * np.finfo(float).eps  # share of a number that may be rounding: its own, and that of a sum of such


class Plain(BaseEstimator):
    """The units of X: gradient descent as the textbook writes it."""

    def __call__(self, objective, weights=None):
        """Return the objective unchanged."""
        return objective


class Standardised(BaseEstimator):
    """Features centred (if the neuron has a bias) and scaled, without touching X."""

    def __call__(self, objective, weights=None):
        """Return the same J as a function of standardised coordinates; reads X once."""
        rows = objective.home
        columns = rows.non_empty()
        if columns is not None:
            return Occupied(self(Objective(rows.with_columns(columns), objective.penalty)), columns, rows.shape[1])
        feature = moments(rows)
        has_bias = rows.n_parameters > rows.shape[1]
        center = feature.mean if has_bias else np.zeros_like(feature.mean)
        spread = feature.spread if has_bias else feature.root_mean_square
        if objective.penalty == 0:
            _refuse_too_small(spread, rows.storage_dtype)
        unit = np.hypot(spread / 2, np.sqrt(objective.penalty))
        varies = spread > 0  # a constant feature says nothing that the bias does not: its weight stays 0
        scale = np.divide(1, unit, where=varies, out=np.zeros_like(unit))
        eps = np.finfo(rows.dtype).eps
        limit = min(eps**-0.25, (1e-6 / eps) ** 0.5)  # a corrected sum loses half of its digits, or keeps only six
        far = varies & (np.abs(center) > limit * spread)
        size = scale * np.hypot(feature.mean, feature.spread)
        if has_bias:
            scale, size = np.append(scale, 2.0), np.append(size, 2.0)
        leans = not feature.of_all or rows.has_outliers() or (not has_bias and _leans(feature))
        units = Units(scale, center, far, size, feature.of_all, leans)
        return Scaled(rows.centred(center, far), objective.penalty, units)


def _refuse_too_small(spread, dtype):
    """A weight that no penalty holds must be a number, and so must the square of what it is multiplied by."""
    least = max(2 * np.sqrt(np.finfo(float).tiny), 1e3 / np.finfo(dtype).max)
    small = (spread > 0) & (spread < least)
    if small.any():
        raise ValueError(
            f"Feature {np.argmax(small)} of X varies by so little that its square, or its weight, is beyond {dtype}; "
            "multiply it by a power of ten, or use a finite C."
        )


def _leans(feature):
    """Whether features are so far from zero that without a bias one direction outweighs all others."""
    return bool((np.abs(feature.mean) > LEANING * feature.spread).any())


class Whitened(BaseEstimator):
    """Standardised, then turned and stretched until the Hessian at the start is 1."""

    def __call__(self, objective, weights):
        """Return the same J in coordinates that suit its curvature at `weights`, of shape (p + 1, K)."""
        seen = Standardised()(objective)
        hessian = seen.at(seen.from_weights(weights), Needs.HESSIAN).hessian
        return Turned(seen, [lower_factor(hessian[..., k]) for k in range(hessian.shape[-1])])


class Units(NamedTuple):
    """Where the features are measured from, and in what."""

    scale: np.ndarray  # (p + 1,), 0 for a weight that is kept at 0
    center: np.ndarray  # (p,), the average example
    far: np.ndarray  # (p,) booleans: features that are much farther from zero than from each other
    size: np.ndarray  # (p + 1,), how large the numbers of X are, of which rounding takes its share
    of_all: bool  # whether the spreads are those of all examples, none of them left out
    leans: bool  # whether one direction, or a few numbers far out, may outweigh all others


class Scaled(Objective):
    """J as a function of u, where ``w = scale u`` and the bias is the score of the average example.

    Parameters
    ----------
    home : InMemory
        Examples, centred at `center`.
    penalty : float
        Strength of the L2 penalty on w, in the units of X.
    units : Units
        Those of the coordinates.
    """

    def __init__(self, rows, penalty, units):
        super().__init__(rows, penalty)
        self.units = units
        self.scale = units.scale[:, None]
        self.center = units.center.astype(rows.dtype).astype(np.float64)[:, None]

    def effects(self, examples):
        """By how much each parameter moves the scores of some examples, by their numbers; (number of them, p + 1)."""
        return super().effects(examples) * self.scale[:, 0]

    def hidden(self, arrival):
        """How far J at the weights in the units of X is from that of the walk, (K,), where they may have lost digits.

        Of features far from zero the bias makes up for so much that what they differ by may be less than its rounding.
        Reads X once, then.
        """
        weights = Scaled.to_weights(self, arrival.theta)  # of the features at hand
        p = len(self.center)
        lost = np.finfo(float).eps * (np.abs(self.center) * np.abs(weights[:p])).sum(axis=0)
        if self.home.storage_dtype != np.float64 or (lost <= UNNOTICED).all():
            return super().hidden(arrival)
        return np.abs(Objective(self.home.uncentred, self.penalty).at(weights).loss - arrival.loss)

    @property
    def leans(self):
        """Whether one direction, or a few numbers far out, may outweigh all others."""
        return self.units.leans

    def feigned(self, directions, bend):
        """Curvature along directions of u, (m,), that the rounding of X makes up where examples bend J by that much.

        A penalty keeps weights from growing without end along those; with one, X is what it is.
        """
        return (self.penalty == 0) * bend * ((ROUNDED * self.units.size[:, None] * directions) ** 2).sum(axis=0)

    def at(self, theta, needs=Needs.GRADIENT, known=None):
        """J and its slopes along u."""
        if self._is(known, theta, needs):
            return known
        here = super().at(self.scale * theta, needs)
        diagonal = None if here.diagonal is None else self._scaled_diagonal(here.diagonal)
        hessian = None if here.hessian is None else self._scaled_hessian(here.hessian)
        return here._replace(theta=theta, gradient=self.scale * here.gradient, diagonal=diagonal, hessian=hessian)

    def take(self, rows):
        """The same J on some of the examples only, by their numbers."""
        return self._among(self.home.take(rows))

    def over(self, rows):
        """J on other examples, of the same features, in the same coordinates."""
        return self._among(rows.centred(self.center[:, 0], self.units.far))

    def _among(self, rows):
        other = copy.copy(self)
        other.home, other.units = rows, self.units._replace(of_all=False)
        return other

    def hessian(self, theta):
        """Hessians at u."""
        return self._scaled_hessian(super().hessian(self.scale * theta))

    def diagonal(self, theta):
        """Diagonals of the Hessians at u."""
        return self._scaled_diagonal(super().diagonal(self.scale * theta))

    def _scaled_hessian(self, hessian):
        """Curvatures along u; 1 of a weight that is kept at 0, so that no solver has to divide by 0."""
        hessian *= self._scale_of_hessian
        diagonal_of(hessian)[...] += self._is_kept
        return hessian

    def _scaled_diagonal(self, diagonal):
        return self.scale**2 * diagonal + self._is_kept

    @cached_property
    def _scale_of_hessian(self):
        return (self.scale * self.scale.T)[..., None]

    @cached_property
    def _is_kept(self):
        return self.scale == 0

    @cached_property
    def _inverse_scale(self):
        return np.divide(1, self.scale, where=self.scale > 0, out=np.zeros_like(self.scale))

    def misplaced(self, theta):
        """Share of the examples that do not lie on their own side of the boundary at u."""
        return super().misplaced(self.scale * theta)

    def moves_at_most(self, theta, heading, limit):
        """Whether a step from u along a heading changes no score by more than `limit`; mostly told without a pass.

        A feature has a mean square of at most 4 in these units, and no example a share less than the least.
        """
        mean_square = np.square(2 * np.abs(heading).sum(axis=0))
        if self.units.of_all and (mean_square <= limit**2 * self.home.least_share).all():
            return np.full(mean_square.shape, True)
        return super().moves_at_most(self.scale * theta, self.scale * heading, limit)

    @cached_property
    def least_curvature(self):
        """What the penalty alone bends J along each parameter, (p + 1, 1)."""
        return self._scaled_diagonal(self._penalty_weights)

    def hessian_weights(self, theta):
        """How much each example bends J at u."""
        return super().hessian_weights(self.scale * theta)

    def hessian_product(self, vector, hessian_weights):
        """Curvature of J along a vector of u, (p + 1, K)."""
        return self.scale * super().hessian_product(self.scale * vector, hessian_weights)

    def curvature_among(self, vectors, hessian_weights):
        """``V'HV`` of vectors of u, (p + 1, m), for one neuron."""
        return super().curvature_among(self.scale * vectors, hessian_weights)

    @property
    def average_example(self):
        """The average of every feature, (p,)."""
        return self.center[:, 0]

    def to_weights(self, theta):
        """Weights and bias in the units of X."""
        weights = self.scale * theta
        p = len(self.center)
        weights[p:] -= (self.center * weights[:p]).sum(axis=0)
        return weights

    def to_weights_gradient(self, gradient):
        """Slopes along weights and bias in the units of X."""
        slopes = self._inverse_scale * gradient
        p = len(self.center)
        slopes[:p] += self.center * slopes[p:].sum(axis=0)
        return slopes

    def from_weights(self, weights):
        """The u of given weights and bias; the weight of a constant feature is dropped."""
        p = len(self.center)
        theta = weights.copy()
        theta[p:] += (self.center * weights[:p]).sum(axis=0)
        return self._inverse_scale * theta


class Occupied(Scaled):
    """J as a function of standardised coordinates of those features that an example has; all other weights stay 0.

    Of hashed words, most columns are empty: vectors of all of them would cost more than the passes over X.

    Parameters
    ----------
    seen : Scaled
        J of those features alone.
    columns : ndarray of int of shape (r,)
        Which they are.
    n_features : int
        Number of all features, p.
    """

    def __init__(self, seen, columns, n_features):
        super().__init__(seen.home, seen.penalty, seen.units)
        self.columns = columns
        self.n_features = n_features

    @property
    def average_example(self):
        """The average of every feature, (p,); 0 where no example has it."""
        return self._among_all(np.append(self.center, np.zeros((1, 1)), axis=0))[:-1, 0]

    def to_weights(self, theta):
        """Weights and bias in the units of X."""
        return self._among_all(super().to_weights(theta))

    def to_weights_gradient(self, gradient):
        """Slopes along weights and bias in the units of X; 0 where no example has the feature."""
        return self._among_all(super().to_weights_gradient(gradient))

    def gradient_norm(self, gradient):
        """Its length in the units of X."""
        slopes = super().to_weights_gradient(gradient)
        return np.sqrt(dot(slopes, slopes))

    def from_weights(self, weights):
        """The u of given weights and bias; the weight of a feature that no example has is dropped."""
        return super().from_weights(np.concatenate([weights[self.columns], weights[self.n_features :]]))

    def _among_all(self, some):
        w, b = np.split(some, [len(self.columns)])
        everyone = np.zeros((self.n_features, some.shape[1]))
        everyone[self.columns] = w
        return np.concatenate([everyone, b])


class Turned(Objective):
    """J as a function of u, where ``theta = L^-T u`` for each neuron, on top of other coordinates.

    Parameters
    ----------
    inner : Objective
        J as a function of theta.
    factors : list of ndarray of shape (p + 1, p + 1)
        L, lower triangular, of each neuron.
    """

    def __init__(self, inner, factors):
        super().__init__(inner.home, inner.penalty)
        self.inner = inner
        self.factors = factors

    by_features = False

    @cached_property
    def smoothness(self):
        """L, the steepest curvature of any of the neurons: each is turned by a factor of its own."""
        if len(self.factors) == 1:
            return super().smoothness
        return max(self.neurons([k]).smoothness for k in range(len(self.factors)))

    def at(self, theta, needs=Needs.GRADIENT, known=None):
        """J and its slopes along u."""
        if self._is(known, theta, needs):
            return known
        asked = needs | Needs.HESSIAN if Needs.DIAGONAL in needs else needs  # turning mixes all of it
        here = self.inner.at(self._each(theta, trans="T"), asked)
        hessian = here.hessian
        if hessian is not None:
            hessian = self._turned(hessian)
        return here._replace(
            objective=self,
            needs=needs,
            theta=theta,
            gradient=self._each(here.gradient),
            diagonal=diagonal_of(hessian) if Needs.DIAGONAL in needs else None,
            hessian=hessian if Needs.HESSIAN in needs else None,
        )

    def hessian(self, theta):
        """Hessians at u."""
        return self._turned(self.inner.hessian(self._each(theta, trans="T")))

    def _turned(self, hessian):
        """``L^-1 H L^-T`` of each neuron."""
        return self._each(self._each(hessian).transpose(1, 0, 2))

    def diagonal(self, theta):
        """Diagonals of the Hessians at u, which only the whole of them tells: turning mixes it."""
        return diagonal_of(self.hessian(theta))

    def take(self, rows):
        """The same J on some of the examples only, by their numbers."""
        some = copy.copy(self)
        some.inner = self.inner.take(rows)
        some.home = some.inner.home
        return some

    def hessian_weights(self, theta):
        """How much each example bends J at u."""
        return self.inner.hessian_weights(self._each(theta, trans="T"))

    def misplaced(self, theta):
        """Share of the examples that do not lie on their own side of the boundary at u."""
        return self.inner.misplaced(self._each(theta, trans="T"))

    def moves_at_most(self, theta, heading, limit):
        """Whether a step from u along a heading changes no score by more than `limit`."""
        return self.inner.moves_at_most(self._each(theta, trans="T"), self._each(heading, trans="T"), limit)

    def length_by_penalty(self, gradient, bend):
        """Nothing: the penalty does not turn."""
        return np.full(gradient.shape[1], np.inf)

    def hessian_product(self, vector, hessian_weights):
        """Curvature of J along a vector of u, (p + 1, K)."""
        return self._each(self.inner.hessian_product(self._each(vector, trans="T"), hessian_weights))

    def curvature_among(self, vectors, hessian_weights):
        """``V'HV`` of vectors of u, (p + 1, m), for one neuron."""
        return self.inner.curvature_among(self._each(vectors, trans="T"), hessian_weights)

    def neurons(self, keep):
        """The same J for some of the neurons only."""
        fewer = copy.copy(self)
        fewer.inner = self.inner.neurons(keep)
        fewer.home = fewer.inner.home
        fewer.factors = [self.factors[k] for k in np.arange(len(self.factors))[keep]]
        return fewer

    @property
    def average_example(self):
        """The average of every feature, (p,)."""
        return self.inner.average_example

    def to_weights(self, theta):
        """Weights and bias in the units of X."""
        return self.inner.to_weights(self._each(theta, trans="T"))

    def to_weights_gradient(self, gradient):
        """Slopes along weights and bias in the units of X."""
        return self.inner.to_weights_gradient(self._times(gradient))

    def from_weights(self, weights):
        """The u of given weights and bias."""
        return self._times(self.inner.from_weights(weights), trans="T")

    def _times(self, columns, trans="N"):
        """``L x`` (or ``L' x``) for each neuron, the last axis."""
        each = [(L if trans == "N" else L.T) @ columns[:, k] for k, L in enumerate(self.factors)]
        return np.stack(each, axis=-1)

    def _each(self, columns, trans="N"):
        """Solve ``L x = column`` (or ``L' x = column``) for each neuron, the last axis; of one, for all columns."""
        if columns.ndim == 2 and len(self.factors) == 1:
            return linalg.solve_triangular(self.factors[0], columns, trans=trans, lower=True, check_finite=False)
        solved = [
            linalg.solve_triangular(L, columns[..., k], trans=trans, lower=True, check_finite=False)
            for k, L in enumerate(self.factors)
        ]
        return np.stack(solved, axis=-1)
