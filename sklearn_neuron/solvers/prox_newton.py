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

from typing import ClassVar

import numpy as np

from sklearn_neuron.objective import Needs, Objective, Place
from sklearn_neuron.solvers.direction import COUNT, Decrement, Direction
from sklearn_neuron.solvers.kinked_parabola import Curvature, lowest
from sklearn_neuron.solvers.origin import Origin

MOSTLY = 0.5  # of all features, from which on the whole of X is looked at


class ProxNewton(Direction):
    """``heading = v - theta``, with v the lowest place of the parabola that fits J here beside its kinks.

    Parameters
    ----------
    fewest : int, default=100
        Features to look at, at least, if so many are pulled.
    """

    needs = Needs.GRADIENT
    asks = ("hessian",)
    default_max_iter = 200
    _parameter_constraints: ClassVar[dict] = {"fewest": COUNT}

    def __init__(self, fewest=100):
        self.fewest = fewest

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

    def heading(self, here: Place, memory: Origin) -> tuple[np.ndarray, Origin]:
        """Return the heading and the memory."""
        heading, slope, strengths = np.zeros_like(here.theta), here.least_slope, _strengths(here)
        for k in range(heading.shape[1]):
            which, _ = working_set(here.theta[:, k], slope[:, k], strengths[:, k], self.fewest)
            seen, which = _only(here.objective.neurons([k]), which)
            theta = here.theta[which, k]
            curvature = Curvature(seen.hessian(theta[:, None])[..., 0])
            heading[which, k] = lowest(curvature, here.gradient[which, k], theta, strengths[which, k]) - theta
        return heading, memory

    def decrement(self, here: Place, heading: np.ndarray) -> Decrement:
        """What the parabola promises; without end if a weight that is pulled was not looked at.

        No less than a step along any one coordinate would, none of which bends J by more than 1: should the floor of
        the parabola not have been found, so much shows it.
        """
        slope, strengths, kink = here.least_slope, _strengths(here), here.objective.kink
        left_out = [
            working_set(here.theta[:, k], slope[:, k], strengths[:, k], self.fewest)[1] for k in range(slope.shape[1])
        ]
        by_one = kink.squared_decrement(here.theta, here.gradient, np.ones_like(slope)).max(axis=0)
        squared = np.maximum(-2 * here.promise(heading), by_one)
        return Decrement(np.where(left_out, np.inf, np.sqrt(squared)))


def _strengths(here):
    """What each weight costs, as theta is."""
    return np.broadcast_to(here.objective.kink.strengths, here.theta.shape)


def _only(objective, which):
    """J of the features of some parameters only, and their parameters; of all, if those are most."""
    home, neurons = objective.home, objective.loss.neurons
    p, q = home.shape[1], home.n_parameters
    features = np.unique(which % q)
    features = features[features < p]
    if len(features) >= MOSTLY * p:
        return objective, np.arange(q * neurons)
    features = features if len(features) else np.arange(1)
    inside = np.append(features, range(p, q)).astype(int)
    return objective.of_features(features), (q * np.arange(neurons)[:, None] + inside).ravel()


def working_set(theta, slope, strengths, fewest) -> tuple[np.ndarray, bool]:
    """Numbers of the parameters to look at, in order, and whether some that are pulled were left out."""
    kept = (theta != 0) | (strengths == 0)
    pulled = np.flatnonzero(~kept & (slope != 0))
    room = max(int(kept.sum()), fewest)
    left_out = len(pulled) > room
    if left_out:
        pulled = pulled[np.argpartition(-np.abs(slope[pulled]), room - 1)[:room]]
    return np.union1d(np.flatnonzero(kept), pulled), left_out
