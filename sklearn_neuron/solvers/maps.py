"""Linear maps between coordinates: what they make of weights, of slopes and of curvatures.

::

    apply            theta = T u
    inverse          u = T^-1 theta
    adjoint          dJ/du = T' dJ/dtheta
    inverse_adjoint  dJ/dtheta = T'^-1 dJ/du
    sandwich         d2J/du2 = T' d2J/dtheta2 T

The last axis is independent walks: one column a neuron. Maps compose, ``(S @ T).apply(u) = S.apply(T.apply(u))``.

`Scale` and `Whiten` are walked in. `Centre`, `NonEmpty` and :class:`~sklearn_neuron.solvers.span.Span` lead from
features that a home has made of X, whose sums it adds up by itself, back to the weights of X: they need no adjoint.
"""

from functools import cached_property

import numpy as np
from scipy import linalg

from sklearn_neuron._linalg import diagonal_of, dot

LITTLE = 1e-7  # of a curvature, for equations to have a solution; more holds weights where their average was
UNNOTICED = {8: 1e-9, 4: 1e-4}  # by how much scores may change without J being asked again, by bytes of a float


class Identity:
    """The map that changes nothing."""

    mixes = False  # whether a coordinate is made of several

    def apply(self, u, /) -> np.ndarray:
        """``T u`` of u (q, K)."""
        return u

    adjoint = inverse = inverse_adjoint = sandwich = diagonal = apply

    def __matmul__(self, inner) -> "Composed":
        return Composed(self, inner)

    def neurons(self, keep) -> "Identity":
        """The map of some of the neurons only."""
        return self

    def gradient_norm(self, gradient) -> np.ndarray:
        """Euclidean length, (K,), of ``T'^-1 gradient``."""
        slopes = self.inverse_adjoint(gradient)
        return np.sqrt(dot(slopes, slopes))

    def average_example(self, inside) -> np.ndarray:
        """The average of every feature outside, of that inside."""
        return inside

    def of_parameters(self, which) -> "Identity":
        """The map of some parameters only."""
        return self

    def hidden(self, objective, theta, arrival) -> np.ndarray:
        """How far J outside may be from J inside at theta, where a walk arrived, for what rounding has taken, (K,)."""
        return np.zeros(len(arrival.loss))


UNCHANGED = Identity()


class Composed(Identity):
    """One map after another, ``outer inner``."""

    def __init__(self, outer, inner):
        self.outer, self.inner = outer, inner
        self.mixes = outer.mixes or inner.mixes

    def apply(self, u, /) -> np.ndarray:
        """``S T u``."""
        return self.outer.apply(self.inner.apply(u))

    def inverse(self, theta, /) -> np.ndarray:
        """``T^-1 S^-1 theta``."""
        return self.inner.inverse(self.outer.inverse(theta))

    def adjoint(self, gradient) -> np.ndarray:
        """``T' S' gradient``."""
        return self.inner.adjoint(self.outer.adjoint(gradient))

    def inverse_adjoint(self, gradient) -> np.ndarray:
        """``S'^-1 T'^-1 gradient``."""
        return self.outer.inverse_adjoint(self.inner.inverse_adjoint(gradient))

    def sandwich(self, hessian) -> np.ndarray:
        """``T' S' H S T``."""
        return self.inner.sandwich(self.outer.sandwich(hessian))

    def diagonal(self, diagonal) -> np.ndarray:
        """The diagonal of that, of the diagonal of H, if neither mixes."""
        return self.inner.diagonal(self.outer.diagonal(diagonal))

    def neurons(self, keep) -> "Identity":
        """The map of some of the neurons only."""
        return Composed(self.outer.neurons(keep), self.inner.neurons(keep))

    def gradient_norm(self, gradient) -> np.ndarray:
        """Told by the outer map, which may know how without making the slopes."""
        return self.outer.gradient_norm(self.inner.inverse_adjoint(gradient))

    def average_example(self, inside) -> np.ndarray:
        """The average of every feature outside."""
        return self.outer.average_example(self.inner.average_example(inside))

    def hidden(self, objective, theta, arrival) -> np.ndarray:
        """What either has taken."""
        outside = self.outer.hidden(objective, self.inner.apply(theta), arrival)
        return self.inner.hidden(objective, theta, arrival) + outside


class Scale(Identity):
    """Every coordinate in a unit of its own; ``scale`` (q,) is 0 of a weight that is kept at 0."""

    def __init__(self, scale):
        self.scale = scale[:, None]
        self.inverse_scale = np.divide(1, self.scale, where=self.scale > 0, out=np.zeros_like(self.scale))
        self._kept = self.scale == 0
        self._keeps = self._kept.any()

    def apply(self, u, /) -> np.ndarray:
        """``scale u``."""
        return self.scale * u

    def inverse(self, theta, /) -> np.ndarray:
        """``theta / scale``, 0 of what is kept at 0."""
        return self.inverse_scale * theta

    adjoint, inverse_adjoint = apply, inverse

    def sandwich(self, hessian) -> np.ndarray:
        """Curvatures along u; 1 of a weight that is kept at 0, so that no solver has to divide by 0.

        Of a layer, whose Hessian has a block for every pair of its neurons, each is in the same units.
        """
        q = len(self.scale)
        neurons = len(hessian) // q
        if neurons == 1:
            hessian *= self._of_hessian
        else:
            blocks = hessian.reshape(neurons, q, neurons, q)
            blocks *= self._of_hessian[:, None, :, 0]
        if self._keeps:
            diagonal_of(hessian)[...] += np.concatenate([self._kept] * neurons)
        return hessian

    def of_parameters(self, which) -> "Scale":
        """The units of some parameters."""
        return Scale(self.scale[which, 0])

    def diagonal(self, diagonal) -> np.ndarray:
        """The diagonal of :meth:`sandwich`, of that of the Hessian."""
        return self.scale**2 * diagonal + self._kept

    @cached_property
    def _of_hessian(self):
        return (self.scale * self.scale.T)[..., None]


def in_one_column(columns, neurons) -> np.ndarray:
    """Of W walks a column each, (q K, W), neuron after neuron, of columns of all neurons, (q, W K), walk after walk."""
    return columns.T.reshape(columns.shape[1] // neurons, neurons * len(columns)).T


def side_by_side(walks, neurons) -> np.ndarray:
    """Columns of all neurons, (q, W K), walk after walk, of W walks in a column each, (q K, W)."""
    return walks.T.reshape(neurons * walks.shape[1], len(walks) // neurons).T


class Layer(Identity):
    """From the one column of a walk that trains some neurons together, neuron after neuron, to a column each.

    Only what differs between neurons counts, so that what all share is taken from every weight: that leaves all beliefs
    as they are, and a penalty of squares at its least. Nothing bends J along it then, and the Hessian is given there
    what it has elsewhere, for no solver to divide by 0.
    """

    def __init__(self, n_neurons):
        self.n_neurons = n_neurons

    def apply(self, u, /) -> np.ndarray:
        """Columns (q, W K), less their average, of u (q K, W)."""
        return self._columns(u, self._shared(u))

    def adjoint(self, gradient) -> np.ndarray:
        """Slopes along u, (q K, W), of those along columns (q, W K)."""
        each = gradient.T.reshape(-1, self.n_neurons, len(gradient))
        each = each - each.sum(axis=1, keepdims=True) / self.n_neurons
        return each.reshape(len(each), -1).T

    inverse = adjoint

    def inverse_adjoint(self, gradient) -> np.ndarray:
        """Slopes along columns."""
        return self._columns(gradient, 0)

    def sandwich(self, hessian) -> np.ndarray:
        """The Hessian, and along what all neurons share as much as each bends J by itself."""
        K = self.n_neurons
        by_pair = np.einsum("kjlj->jkl", hessian.reshape(K, -1, K, len(hessian) // K))  # a view
        by_pair += np.einsum("jkk->j", by_pair)[:, None, None] / K**2
        return hessian

    def diagonal(self, diagonal) -> np.ndarray:
        """That along u; for what all share, as :meth:`sandwich` has it, is about that of one."""
        return in_one_column(diagonal, self.n_neurons)

    def _shared(self, u):
        return u.T.reshape(u.shape[1], self.n_neurons, -1).sum(axis=1, keepdims=True) / self.n_neurons

    def _columns(self, u, shared):
        each = u.T.reshape(u.shape[1], self.n_neurons, -1) - shared
        return each.reshape(u.shape[1] * self.n_neurons, -1).T


class Flat(Layer):
    """The same for neurons that pay for each weight by itself, whose average counts: nothing is taken from it."""

    def adjoint(self, gradient) -> np.ndarray:
        """Slopes along u, (q K, W), of those along columns (q, W K)."""
        return in_one_column(gradient, self.n_neurons)

    inverse = adjoint

    def sandwich(self, hessian) -> np.ndarray:
        """The Hessian, and along what all neurons share, where nothing bends J, a little of what each does."""
        return hessian + LITTLE * (super().sandwich(hessian.copy()) - hessian)

    def _shared(self, u):
        return 0


class Whiten(Identity):
    """``theta = L^-T u`` for each neuron, with L (q, q) the lower triangular factor of a Hessian: ``L L' = H``."""

    mixes = True

    def __init__(self, factors):
        self.factors = factors

    def apply(self, u, /) -> np.ndarray:
        """Solve ``L' theta = u``."""
        return self._solve(u, trans="T")

    def adjoint(self, gradient) -> np.ndarray:
        """Solve ``L x = gradient``."""
        return self._solve(gradient)

    def inverse(self, theta, /) -> np.ndarray:
        """``L' theta``."""
        return np.stack([L.T @ theta[:, k] for k, L in enumerate(self.factors)], axis=-1)

    def inverse_adjoint(self, gradient) -> np.ndarray:
        """``L gradient``."""
        return np.stack([L @ gradient[:, k] for k, L in enumerate(self.factors)], axis=-1)

    def sandwich(self, hessian) -> np.ndarray:
        """``L^-1 H L^-T``."""
        return self._solve(self._solve(hessian).transpose(1, 0, 2))

    def neurons(self, keep) -> "Identity":
        """The factors of some of the neurons only."""
        return Whiten([self.factors[k] for k in np.arange(len(self.factors))[keep]])

    def _solve(self, columns, trans="N"):
        """Solve ``L x = column`` (or ``L' x = column``) for each neuron, the last axis; of one, for all columns."""
        if columns.ndim == 2 and len(self.factors) == 1:
            return linalg.solve_triangular(self.factors[0], columns, trans=trans, lower=True, check_finite=False)
        solved = [
            linalg.solve_triangular(L, columns[..., k], trans=trans, lower=True, check_finite=False)
            for k, L in enumerate(self.factors)
        ]
        return np.stack(solved, axis=-1)


class Centre(Identity):
    """From the score of the average example, `center` (p,), as the bias to the score of an example of zeros."""

    def __init__(self, center):
        self.center = center.astype(np.float64, copy=False)[:, None]

    def apply(self, theta, /) -> np.ndarray:
        """``[w, b - center'w]``."""
        weights = theta.copy(order="K")
        p = len(self.center)
        weights[p:] -= (self.center * weights[:p]).sum(axis=0)
        return weights

    def inverse(self, weights) -> np.ndarray:
        """``[w, b + center'w]``."""
        theta = weights.copy()
        p = len(self.center)
        theta[p:] += (self.center * weights[:p]).sum(axis=0)
        return theta

    def inverse_adjoint(self, gradient) -> np.ndarray:
        """``[dJ/dw + center dJ/db, dJ/db]``."""
        p = len(self.center)
        slopes = gradient.copy(order="K")
        for of_bias in gradient[p:]:  # if there is one
            slopes[:p] += self.center * of_bias
        return slopes

    def average_example(self, inside) -> np.ndarray:
        """The center."""
        return self.center[:, 0]

    def hidden(self, objective, theta, arrival) -> np.ndarray:
        """Where features are so far from zero that what they differ by may be less than the rounding of the bias.

        Reads X once, then.
        """
        weights, home = self.apply(theta), objective.home
        eps, unnoticed = np.finfo(home.storage_dtype).eps, UNNOTICED[home.storage_dtype.itemsize]
        lost = eps * (np.abs(self.center) * np.abs(weights[: len(self.center)])).sum(axis=0)
        if (lost <= unnoticed).all():
            return super().hidden(objective, theta, arrival)
        return np.abs(objective.on(home.uncentred).loss_in_float64(weights) - arrival.loss)


class NonEmpty(Identity):
    """From features that an example has, numbers `columns` of all `n_features`, to all; the weights of others are 0."""

    def __init__(self, columns, n_features):
        self.columns, self.n_features = columns, n_features

    def apply(self, theta, /) -> np.ndarray:
        """Weights of all features, and the bias."""
        w, b = np.split(theta, [len(self.columns)])
        everyone = np.zeros((self.n_features, theta.shape[1]))
        everyone[self.columns] = w
        return np.concatenate([everyone, b])

    inverse_adjoint = apply

    def inverse(self, weights) -> np.ndarray:
        """Weights of those features, and the bias; all others are dropped."""
        return np.concatenate([weights[self.columns], weights[self.n_features :]])

    def gradient_norm(self, gradient) -> np.ndarray:
        """Zeros between slopes add nothing."""
        return np.sqrt(dot(gradient, gradient))

    def average_example(self, inside) -> np.ndarray:
        """0 where no example has the feature."""
        return self.apply(inside[:, None])[:, 0]
