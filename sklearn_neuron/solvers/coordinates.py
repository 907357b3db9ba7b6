"""In which coordinates? The same J, seen so that its valley is round.

Plain descent is slow because the valley is long and narrow: features in centimetres beside features in
kilometres, all far from zero. A change of variables ``theta = T u`` leaves J, its penalty and its minimum
as they are and changes only what "steepest" means::

    J~(u) = J(T u),     dJ~/du = T' dJ/dtheta,     d2J~ = T' d2J T

`Standardised` moves the origin to the average example and measures every feature in units of
``sqrt(spread^2 / 4 + penalty)``, the root of the curvature that its weight meets at zero, for one neuron the largest
(but for a few examples far out, which are not the measure of all others); in a layer of K it is
``sqrt(spread^2 (K - 1) / K^2 + penalty)``. X is not touched: the home of the examples corrects
its sums instead. `Whitened` goes on from there and turns too: with ``H = L L'`` the Hessian of J at the start,
``theta = L^-T u`` has a Hessian close to 1.

Reference: J. Nocedal and S. J. Wright, Numerical Optimization (2nd ed., 2006), section 2.2 (scaling).
"""

import copy
from functools import cached_property
from typing import Any, ClassVar, NamedTuple

import numpy as np
from sklearn.base import BaseEstimator

from sklearn_neuron._linalg import diagonal_of, lower_factor
from sklearn_neuron.homes.moments import moments
from sklearn_neuron.objective import Needs, Objective, Place
from sklearn_neuron.solvers.maps import UNCHANGED, Centre, Flat, Identity, Layer, NonEmpty, Scale, Whiten

LEANING = 10  # spreads from zero


class Coordinates(BaseEstimator):
    """What all have in common: called with an objective and weights, they return J as a function of theirs."""

    know_examples: ClassVar[bool] = False  # whether they serve under another penalty without a look at the examples

    def once_more(self, seen, objective, weights) -> Objective:
        """Return a J that pays another penalty than one that was seen so."""
        return seen.penalised_like(objective) if self.know_examples else self(objective, weights)


class Plain(Coordinates):
    """The units of X: gradient descent as the textbook writes it."""

    def __call__(self, objective, weights=None) -> Objective:
        """Return the objective unchanged; that of a layer as a function of one column."""
        layer = layer_of(objective)
        return objective if layer is UNCHANGED else Transformed(objective, UNCHANGED, layer=layer)


def layer_of(objective) -> Identity:
    """From what a walk sees to columns of the neurons that it trains together: nothing has to be done for one."""
    if objective.loss.neurons == 1:
        return UNCHANGED
    return Flat(objective.loss.neurons) if objective.kink.holds else Layer(objective.loss.neurons)


class Standardised(Coordinates):
    """Features centred (if the neuron has a bias) and scaled, without touching X."""

    know_examples = True

    def __call__(self, objective, weights=None) -> "Transformed":
        """Return the same J as a function of standardised coordinates; reads X once."""
        home = objective.home
        columns = home.non_empty()
        if columns is not None:
            return self(objective.on(home.with_columns(columns))).behind(NonEmpty(columns, home.shape[1]))
        feature = moments(home)
        center = feature.mean if home.has_bias else np.zeros_like(feature.mean)
        spread = feature.spread if home.has_bias else feature.root_mean_square
        features = _known(home, feature, center, spread)
        centred = objective.on(home.centred(center, features.far))
        back = Centre(center.astype(centred.home.dtype, copy=False))
        return Transformed(centred, _units(centred, features), back, features, layer_of(objective))


def _units(objective, features):
    """Those in which no weight can meet more curvature than 1."""
    home, spread = objective.home, features.spread[: objective.home.shape[1]]
    if not objective.holds_weights:
        _refuse_too_small(spread, home.storage_dtype)
    bend = np.sqrt(objective.loss.at_zero)
    return Scale(with_bias(home, _scale(spread * bend, objective.penalty), 1 / bend))


def _refuse_too_small(spread, dtype):
    """A weight that no penalty holds must be a number, and so must the square of what it is multiplied by."""
    least = max(2 * np.sqrt(np.finfo(float).tiny), 1e3 / np.finfo(dtype).max)
    small = (spread > 0) & (spread < least)
    if small.any():
        raise ValueError(
            f"Feature {np.argmax(small)} of X varies by so little that its square, or its weight, is beyond {dtype}; "
            "multiply it by a power of ten, or use a finite C."
        )


def _scale(bent, penalty):
    """One over the unit of every feature; a constant one says nothing that the bias does not: its weight stays 0."""
    unit = np.hypot(bent, np.sqrt(penalty))
    return np.divide(1, unit, where=bent > 0, out=np.zeros_like(unit))


def with_bias(home, numbers, of_bias) -> np.ndarray:
    """One number a parameter: those of the features, and that of the bias if there is one."""
    return np.append(numbers, of_bias) if home.has_bias else numbers


class Features(NamedTuple):
    """What is known of the features at home; of the bias, if there is one, as of a feature that is always 1."""

    far: np.ndarray  # (p,) booleans: whether they are much farther from zero than from each other
    size: np.ndarray  # (p + 1,), root mean squares of the numbers of X, of which rounding takes its share
    spread: np.ndarray  # (p + 1,), root mean squares of what they are from their centers
    of_all: bool  # whether the spreads are those of all examples, none of them left out
    leans: bool  # whether one direction, or a few numbers far out, may outweigh all others


def _known(home, feature, center, spread):
    eps = np.finfo(home.dtype).eps
    limit = min(eps**-0.25, (1e-6 / eps) ** 0.5)  # a corrected sum loses half of its digits, or keeps only six
    far = (spread > 0) & (np.abs(center) > limit * spread)
    off_center = not home.has_bias and (np.abs(feature.mean) > LEANING * feature.spread).any()
    leans = not feature.of_all or home.has_outliers() or bool(off_center)
    size, spread = with_bias(home, feature.root_mean_square, 1.0), with_bias(home, spread, 1.0)
    return Features(far, size, spread, feature.of_all, leans)


class Whitened(Coordinates):
    """Standardised, then turned and stretched until the Hessian at the start is 1."""

    def __call__(self, objective, weights) -> "Transformed":
        """Return the same J in coordinates that suit its curvature at `weights`, of shape (p + 1, K)."""
        seen = Standardised()(objective)
        hessian = seen.hessian(seen.from_weights(weights))
        return seen.turned(Whiten([lower_factor(hessian[..., k]) for k in range(hessian.shape[-1])]))


class Transformed(Objective):
    """J as a function of u, where ``theta = T u``.

    Parameters
    ----------
    objective : Objective
        J as a function of theta, the weights of the features at home.
    units : map of :mod:`~sklearn_neuron.solvers.maps`
        To theta, one column a neuron, from columns in other units.
    back : map of :mod:`~sklearn_neuron.solvers.maps`, default=UNCHANGED
        From theta to weights and bias in the units of X, of which home may have made other features.
    features : Features, default=None
        What is known of the features at home, if they were looked at.
    layer : map of :mod:`~sklearn_neuron.solvers.maps`, default=UNCHANGED
        From u to those columns, if a walk trains more than one neuron.
    """

    def __init__(self, objective, units, back=UNCHANGED, features=None, layer=UNCHANGED):
        self.objective, self.units, self.back, self.features, self.layer = objective, units, back, features, layer
        self.T = units if layer is UNCHANGED else units @ layer
        self.home, self.penalty, self.loss = objective.home, objective.penalty, objective.loss

    @cached_property
    def kink(self) -> Any:
        """What may hold u at 0: of coordinates that are weights in other units."""
        return self.objective.kink.in_units(self.units, self.layer, self.loss.neurons)

    def turned(self, T) -> "Transformed":
        """J as a function of v, where ``u = T v``."""
        if self.layer is UNCHANGED:
            return Transformed(self.objective, self.units @ T, self.back, self.features)
        return Transformed(self.objective, self.units, self.back, self.features, self.layer @ T)

    def behind(self, back) -> "Transformed":
        """The same J, of features of which `back` leads to those of X."""
        return Transformed(self.objective, self.units, back @ self.back, self.features, self.layer)

    def _sums_for(self, needs):
        return needs | Needs.HESSIAN if self.T.mixes and Needs.DIAGONAL in needs else needs

    def _place(self, theta, needs, sums):
        """J and its slopes along u; of coordinates that are mixed, only the whole Hessian tells its diagonal."""
        here = self.objective._place(self.T.apply(theta), self._sums_for(needs), sums)
        hessian = None if here.hessian is None else self.T.sandwich(here.hessian)
        diagonal = None
        if Needs.DIAGONAL in needs:
            diagonal = diagonal_of(hessian) if self.T.mixes else self.T.diagonal(here.diagonal)
        hessian = hessian if Needs.HESSIAN in needs else None
        return Place(self, needs, theta, here.loss, self.T.adjoint(here.gradient), diagonal, hessian)

    def hessian(self, theta) -> np.ndarray:
        """Hessians at u."""
        return self.T.sandwich(self.objective.hessian(self.T.apply(theta)))

    def hessians_of_neurons(self, theta) -> np.ndarray:
        """The same of each neuron of a layer by itself, in units of its own."""
        return self.units.sandwich(self.objective.hessians_of_neurons(self.T.apply(theta)))

    def diagonal(self, theta) -> np.ndarray:
        """Diagonals of the Hessians at u; if coordinates are mixed only the whole of them tells."""
        if self.T.mixes:
            return diagonal_of(self.hessian(theta))
        return self.T.diagonal(self.objective.diagonal(self.T.apply(theta)))

    def loss_in_float64(self, theta) -> np.ndarray:
        """J alone, (K,), at u (p + 1, K)."""
        return self.objective.loss_in_float64(self.T.apply(theta))

    def hessian_product(self, vector, hessian_weights) -> np.ndarray:
        """``Hv`` of vectors of u, (p + 1, K)."""
        return self.T.adjoint(self.objective.hessian_product(self.T.apply(vector), hessian_weights))

    def curvature_among(self, vectors, hessian_weights) -> np.ndarray:
        """``V'HV`` of vectors of u, (p + 1, m), for one neuron."""
        return self.objective.curvature_among(self.T.apply(vectors), hessian_weights)

    @cached_property
    def smoothness(self) -> float:
        """L, the steepest curvature of any of the walks: each may be turned by a factor of its own."""
        if self.home.n_walks == 1 or not self.T.mixes:
            return super().smoothness
        return max(self.neurons([k]).smoothness for k in range(self.home.n_walks))

    def _steepest(self, whole) -> np.ndarray:
        """What no Hessian is more than, or its diagonal; if a layer is turned, of all its neurons together."""
        if not self.T.mixes:
            return (self.units.sandwich if whole else self.units.diagonal)(self.objective._steepest(whole))
        each = self.objective._steepest(whole=True)[..., 0]
        hessian = self.T.sandwich(np.kron(np.eye(self.loss.neurons), each)[..., None])
        return hessian if whole else diagonal_of(hessian)

    def neurons(self, keep) -> "Transformed":
        """The same J for some of the neurons only."""
        fewer = copy.copy(self)
        fewer.objective, fewer.units = self.objective.neurons(keep), self.units.neurons(keep)
        fewer.T, fewer.kink = self.T.neurons(keep), self.kink.neurons(keep)
        fewer.home = fewer.objective.home
        return fewer

    def on(self, home) -> "Transformed":
        """The same J on other examples, of the same features as those at home."""
        features = self.features and self.features._replace(of_all=False)
        return Transformed(self.objective.on(home), self.units, self.back, features, self.layer)

    def of_features(self, which) -> "Transformed":
        """The same J as a function of some features' weights and the bias, those of all others being 0."""
        parameters = np.append(which, range(self.home.shape[1], self.home.n_parameters)).astype(int)
        units = self.units.of_parameters(parameters)
        return Transformed(self.objective.of_features(which), units, layer=self.layer)

    def paying(self, strength, l1_ratio=0.0) -> "Transformed":
        """The same J with another penalty."""
        return self.penalised_like(self.objective.paying(strength, l1_ratio))

    def penalised_like(self, other) -> "Transformed":
        """The same J with the penalties of another, in units that suit those; features are not looked at again."""
        objective = self.objective.penalised_like(other)
        return Transformed(objective, _units(objective, self.features), self.back, self.features, self.layer)

    def again(self, seen, arrival) -> Place:
        """Where a walk ended that was `seen` under another penalty, and kept its Hessians; no example is looked at."""
        theta, before, now = seen.T.apply(arrival.theta), seen.objective.penalty_term, self.objective.penalty_term
        (paid, slope), (pays, slopes) = before.value_and_slope(theta), now.value_and_slope(theta)
        pays, paid = pays + self.objective.kink.value(theta), paid + seen.objective.kink.value(theta)
        gradient = self.T.adjoint(seen.T.inverse_adjoint(arrival.gradient) + (slopes - slope))
        ratio = self.units.scale * seen.units.inverse_scale + (self.units.scale == 0)  # 1 of a weight kept at 0
        hessian = arrival.hessian * (ratio * ratio.T)[..., None]
        along = diagonal_of(hessian)
        along += self.units.scale**2 * (now.curvature - before.curvature)
        needs = Needs.GRADIENT | Needs.HESSIAN
        return Place(self, needs, self.T.inverse(theta), arrival.loss + (pays - paid), gradient, None, hessian)

    def over(self, home) -> "Transformed":
        """The same J on other examples in the units of X."""
        return self.on(home.centred(self.back.center[:, 0], self.features.far))

    def inside(self, theta) -> np.ndarray:
        """``T u``, as it is multiplied with the features at home."""
        return self.objective.inside(self.T.apply(theta))

    def to_weights(self, theta) -> np.ndarray:
        """Weights and bias in the units of X; what neurons of a layer share then is rounding, and taken from them."""
        return self.layer.apply(self.layer.inverse(self.back.apply(self.T.apply(theta))))

    def from_weights(self, weights) -> np.ndarray:
        """The u of given weights and bias; what no example shows is dropped."""
        return self.T.inverse(self.back.inverse(weights))

    def to_weights_gradient(self, gradient) -> np.ndarray:
        """Slopes along weights and bias in the units of X."""
        return self.back.inverse_adjoint(self.T.inverse_adjoint(gradient))

    def gradient_norm(self, gradient) -> np.ndarray:
        """Euclidean length of the gradient in the units of X, one a neuron."""
        return self.loss.lengths_of_walks(self.back.gradient_norm(self.T.inverse_adjoint(gradient)))
