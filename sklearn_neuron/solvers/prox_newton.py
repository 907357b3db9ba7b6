"""Which way, where weights may be held at 0? To the lowest place of the parabola that fits J here, kinks and all.

Most weights of a strong L1 penalty are 0 and stay there. So only the features of a *working set* are looked at: those
whose weight is not 0, and those at 0 that are pulled harder than they are held, the hardest pulled first and at most as
many as there were before. Their Hessian is small, however many features there are. A weight outside is 0 here and stays
so for this step; the next place shows its slope, and nobody arrives while one is left out.

With d the heading and m the parabola, kinks included, J is about ``m(theta) - m(theta + d)`` above its floor, and::

    m(theta) - m(theta + d)  <=  -(g'd + sum_j s_j (|theta_j + d_j| - |theta_j|))  =  decrement^2 / 2

Reference: J. Lee, Y. Sun, M. Saunders, Proximal Newton-type methods for minimizing composite functions, SIAM J. Optim.
24 (2014), 1420-1443; M. Massias, A. Gramfort, J. Salmon, Celer, ICML (2018) (working sets).
"""

from collections.abc import Iterator
from typing import Any, ClassVar

import numpy as np

from sklearn_neuron.homes.costs import WRITTEN_OUT
from sklearn_neuron.objective import Needs, Objective, Place
from sklearn_neuron.solvers.direction import COUNT, Decrement, Direction
from sklearn_neuron.solvers.kinked_parabola import Curvature, Products, lowest
from sklearn_neuron.solvers.origin import Origin

MOSTLY = 0.5  # of all features, from which on the whole of X is looked at


class ProxNewton(Direction):
    """``heading = v - theta``, with v the lowest place of the parabola that fits J here beside its kinks."""

    needs = Needs.GRADIENT | Needs.HESSIAN
    default_max_iter = 200
    keeps_pace = True

    def first(self, objective: Objective, theta: np.ndarray) -> np.ndarray:
        """Where to begin: of neurons that would at zeros, at the bias that serves best there."""
        if not objective.home.has_bias:
            return theta
        weights = np.zeros_like(objective.to_weights(theta))
        weights[-1] = objective.loss.best_bias(objective.home.truth)
        return np.where(theta.any(axis=0), theta, objective.from_weights(weights))

    def init(self, here: Place) -> Origin:
        """Whose J it is."""
        return Origin(here.objective)

    def updated(self, memory: Origin, here: Place) -> Origin:
        """The same, if it is."""
        return memory.still(here.objective, self)

    def heading(self, here: Any, memory: Origin) -> tuple[np.ndarray, Origin]:
        """Return the heading and the memory."""
        heading, strengths = np.zeros_like(here.theta), _strengths(here)
        for k, which, curvature in self.parabolas(here):
            g, theta, costs = (numbers[which, k] for numbers in (here.gradient, here.theta, strengths))
            heading[which, k] = lowest(curvature, g, theta, costs) - theta
        return heading, memory

    def parabolas(self, here: Any) -> Iterator[tuple]:
        """The number of each walk, those of the parameters to look at, and how they bend J."""
        for k in range(here.theta.shape[1]):
            yield k, slice(None), Curvature.surely(here.hessian[..., k].copy())

    def decrement(self, here: Any, heading: np.ndarray) -> Decrement:
        """What the parabola promises.

        No less than a step along any one coordinate would, none of which bends J by more than 1: should the floor of
        the parabola not have been found, so much shows it.
        """
        by_one = here.objective.kink.squared_decrement(here.theta, here.gradient, np.ones_like(here.theta))
        return Decrement(np.sqrt(np.maximum(-2 * here.promise(heading), by_one.max(axis=0))))


class WorkingSets(ProxNewton):
    """The same where features are many: of most of them the weight is 0, and they are not looked at.

    Parameters
    ----------
    fewest : int, default=100
        Features to look at, at least, if so many are pulled.
    """

    needs = Needs.GRADIENT
    keeps_pace = False
    asks = ("hessian", "hessian_weights", "hessian_product", "diagonal")
    _parameter_constraints: ClassVar[dict] = {"fewest": COUNT}

    def __init__(self, fewest=100):
        self.fewest = fewest

    def parabolas(self, here: Any) -> Iterator[tuple]:
        """Those of the working set of each walk; those that look at nearly all features have theirs in one pass."""
        objective = here.objective
        sets = [_features(objective, which) for which, _ in self._working_sets(here)]
        at_all = [k for k, features in enumerate(sets) if features is None]
        if at_all and len(here.theta) <= WRITTEN_OUT:
            H = objective.neurons(at_all).hessian(here.theta[:, at_all])
            yield from ((k, slice(None), Curvature.surely(H[..., each])) for each, k in enumerate(at_all))
        else:
            at_all = []
        for k, features in enumerate(sets):
            if k in at_all:
                continue
            seen, which = objective.neurons([k]), slice(None)
            if features is not None:
                seen, which = seen.of_features(features), _parameters(objective, features)
            yield k, which, _curvature(seen, here.theta[which, k, None])

    def decrement(self, here: Any, heading: np.ndarray) -> Decrement:
        """What the parabola promises; without end if something that is pulled was left out."""
        left_out = [some for _, some in self._working_sets(here)]
        return Decrement(np.where(left_out, np.inf, super().decrement(here, heading).length))

    def _working_sets(self, here):
        """What each walk looks at, and whether something that is pulled was left out."""
        slope, strengths = here.least_slope, _strengths(here)
        columns = range(slope.shape[1])
        return [working_set(here.theta[:, k], slope[:, k], strengths[:, k], self.fewest) for k in columns]


def _curvature(objective, theta):
    """How the parameters of one walk bend J at theta (a, 1)."""
    if len(theta) > WRITTEN_OUT:
        return Products(objective, theta)
    return Curvature.surely(objective.hessian(theta)[..., 0])


def _strengths(here):
    """What each weight costs, as theta is."""
    return np.broadcast_to(here.objective.kink.strengths, here.theta.shape)


def _features(objective, which):
    """Those of some parameters, one at least; None for all, if those are most."""
    p, q = objective.home.shape[1], objective.home.n_parameters
    features = np.unique(which % q)
    features = features[features < p]
    if len(features) >= MOSTLY * p:
        return None
    return features if len(features) else np.arange(1)


def _parameters(objective, features):
    """Numbers of the parameters of some features, and of the bias; of a layer neuron after neuron."""
    p, q, neurons = objective.home.shape[1], objective.home.n_parameters, objective.loss.neurons
    return (q * np.arange(neurons)[:, None] + np.append(features, np.arange(p, q))).ravel()


def working_set(theta, slope, strengths, fewest) -> tuple[np.ndarray, bool]:
    """Numbers of the parameters to look at, in order, and whether some that are pulled were left out."""
    kept = (theta != 0) | (strengths == 0)
    pulled = np.flatnonzero(~kept & (slope != 0))
    room = max(int(kept.sum()), fewest)
    left_out = len(pulled) > room
    if left_out:
        pulled = pulled[np.argpartition(-np.abs(slope[pulled]), room - 1)[:room]]
    return np.union1d(np.flatnonzero(kept), pulled), left_out
