"""The plane of a landscape: two parameters are chosen, the others move with them.

With H the Hessian of J at the learned parameters, s the chosen ones and o the others, J is lowest (of a parabola,
exactly) if ::

    d theta_o  =  -H_oo^-1 H_os  d theta_s  =  A d theta_s

and from there the plane is tilted about the learned parameters, no more than it takes to lead through the start::

    A  <-  A + (d0_o - A d0_s) d0_s' M / (d0_s' M d0_s)        d0: to the start,  M: curvature of J in the plane

(Broyden's formula), and through the minimum if it was not reached.

Reference: J. Nocedal and S. J. Wright, Numerical Optimization (2nd ed., 2006), equation 11.13.
"""

from typing import Any, NamedTuple

import numpy as np

from sklearn_neuron.objective import Needs
from sklearn_neuron.solvers.maps import in_one_column, side_by_side

NEWTON_STEPS = 8  # to find the minimum
ARRIVED = 0.01  # decrement: J is within 1e-4 of its minimum
NEAR_THE_END = 0.01  # of the longest way from the end, squared: no tilt is found from a start so near
MOST_PARAMETERS = 1_000  # whose Hessian is formed


class TiltedPlane(NamedTuple):
    """A plane of weights through those learned, and what is seen of a path from above."""

    objective: Any  # J of one neuron, or of a layer of K
    weights: np.ndarray  # (q, 1), learned; of a layer q is the number of parameters of all its neurons
    walked: np.ndarray | None  # (q, steps)
    along: np.ndarray  # (q, 2) how weights change along its axes
    end: np.ndarray  # (2,) where the learned weights are
    path: np.ndarray | None  # (steps, 2)

    @classmethod
    def of(cls, objective, weights, walked, two) -> "TiltedPlane":
        """The plane of two parameters, given by their numbers."""
        along = _along(objective, weights, two)
        if walked is None:
            return cls(objective, weights, None, along, weights[two, 0], None)
        M, to_minimum = _curvature(objective, weights, along), _to_minimum(objective, weights)
        along = _tilted(along, M, walked - weights, to_minimum, two)
        return cls(objective, weights, walked, along, weights[two, 0], walked[two].T)

    def whitened(self) -> "TiltedPlane":
        """The same plane with the Hessian of J as its measure: there J is round at its floor."""
        slopes = _products(self.objective, self.weights, self.along)
        back = np.linalg.pinv(_upper_factor(self.along.T @ slopes))
        path = None if self.walked is None else (back.T @ (slopes.T @ self.walked)).T
        end = (back.T @ (slopes.T @ self.weights))[:, 0]
        return self._replace(along=self.along @ back, end=end, path=path)


def _upper_factor(M):
    """R, upper triangular, of ``M = R'R`` (2, 2), which may be singular."""
    first = np.sqrt(max(M[0, 0], 0.0))
    aside = M[0, 1] / first if first > 0 else 0.0
    return np.array([[first, aside], [0.0, np.sqrt(max(M[1, 1] - aside**2, 0.0))]])


def _products(J, place, directions):
    """``H d`` of some directions (q, m), with H the Hessian of J at a place (q, 1)."""
    K = J.loss.neurons
    hessian_weights = J.hessian_weights(side_by_side(place, K))
    products = [J.hessian_product(side_by_side(one[:, None], K), hessian_weights) for one in directions.T]
    return np.hstack([in_one_column(product, K) for product in products])


def _along(J, floor, two):
    """How all parameters move as the two do, shape (q, 2): the others to where J is lowest, by its parabola."""
    q = len(floor)
    along = np.zeros((q, 2))
    along[two, [0, 1]] = 1
    others = np.setdiff1d(np.arange(q), two)
    if len(others) and q <= MOST_PARAMETERS:
        H = J.hessian(side_by_side(floor, J.loss.neurons))[..., 0]
        along[others] = -_solved(H[np.ix_(others, others)], H[np.ix_(others, two)])
    return along


def _solved(H, b):
    """``H^-1 b`` of a Hessian that may be singular, whatever the units."""
    unit = 1 / np.sqrt(np.maximum(np.diagonal(H), np.finfo(float).tiny))[:, None]
    return unit * (np.linalg.pinv(unit * H * unit.T, hermitian=True) @ (unit * b))


def _curvature(J, place, along):
    """Curvature of J in the plane, (2, 2)."""
    return along.T @ _products(J, place, along)


def _to_minimum(J, place):
    """The way from a place to where J is least, (q,), by damped Newton steps; zeros if it is there, or too wide."""
    here = place
    for _ in range(NEWTON_STEPS if len(place) <= MOST_PARAMETERS else 0):
        seen = J.at(side_by_side(here, J.loss.neurons), Needs.HESSIAN)
        gradient = in_one_column(seen.gradient, J.loss.neurons)
        step = -_solved(seen.hessian[..., 0], gradient)
        decrement = np.sqrt(max(-float(np.vdot(gradient, step)), 0.0))
        if decrement < ARRIVED:
            break
        here = here + step / (1 + decrement)
    return (here - place)[:, 0]


def _tilted(along, M, away, to_minimum, two):
    """The plane (q, 2) tilted to lead through the start, and the minimum; `away` from the end is the path."""
    start, least = away[:, 0], to_minimum
    far = np.einsum("is,ij,js->s", away[two], M, away[two])
    if not 0 < NEAR_THE_END * far.max() < far[0]:
        return along
    along = along + np.outer(start - along @ start[two], M @ start[two]) / far[0]
    aside = least[two] - start[two] * (start[two] @ M @ least[two]) / far[0]
    if aside @ M @ aside <= NEAR_THE_END * (least[two] @ M @ least[two]):
        return along
    return along + np.outer(least - along @ least[two], M @ aside) / (aside @ M @ aside)
