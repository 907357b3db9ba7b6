"""Has it arrived? A second opinion on the Newton decrement, from products with the Hessian itself.

A direction that has learned its metric from the steps it took knows nothing of slopes so flat that no step has felt
them. Conjugate gradients on ``H d = g`` tell: in the metric B at hand every product adds to a lower bound of the
squared decrement, and what is left of g bounds the rest as far as B is trusted::

    sum_k rate_k r_k'B r_k   <=   g'H^-1 g   <=   sum_k rate_k r_k'B r_k + trust r'B r

where a gradient that is all flat slope shows at the first product: it bends less than B says. Where examples have grown
sure since B was learned, all slopes are flatter by as much, and it is trusted so much less. The penalty is a
curvature that no slope lacks, so that ``|g|^2`` over the least of it is a bound that trusts nobody.

Reference: G. Golub and G. Meurant, Matrices, moments and quadrature, Numerical Analysis 1993 (1994), 105-156;
Z. Strakos and P. Tichy, On error estimation in the conjugate gradient method, ETNA 13 (2002), 56-80.
"""

import numpy as np

from sklearn_neuron._linalg import dot
from sklearn_neuron.solvers.flattest import examples_needed, flattest

TRUST = 100  # how many times flatter than the metric says what no product has felt may be
WORTH = 0.1  # share of a squared decrement that some examples must show of a direction for all to be asked
MOST = 0.25  # curvature of all examples in doubt, in which a metric may have been learned that has faded since
TINY = np.finfo(float).tiny


def certified(objective, theta, gradient, metric, tol, products):
    """Whether the Newton decrements are at most `tol`.

    Parameters
    ----------
    objective : Objective
        J of K neurons.
    theta, gradient : ndarray of shape (q, K)
        Where they stand, and the slopes there.
    metric : callable
        ``metric(v)`` of shape (q, K) is about ``H^-1 v``.
    tol : float or ndarray of shape (K,)
        Largest decrement.
    products : int
        Products with the Hessian at most, one pass over X each, beside one pass for the curvature of the examples and
        perhaps one product more.

    Returns
    -------
    ndarray of bool of shape (K,)
        True where it is bounded so; False where it is larger, or could not be bounded.
    """
    hessian_weights = objective.hessian_weights(theta)
    altogether = hessian_weights.sum(axis=0, dtype=np.float64)
    sure = objective.length_by_penalty(gradient, altogether) <= np.square(tol)
    trust = np.maximum(TRUST, MOST / np.maximum(altogether, TINY))
    rest, toward = gradient.copy(), metric(gradient)
    length, shown = dot(rest, toward), np.zeros(gradient.shape[1])
    for _ in range(products):
        if (sure | (shown > np.square(tol))).all():
            break
        bent = objective.hessian_product(toward, hessian_weights)
        curved = dot(toward, bent)
        rate = np.divide(length, curved, where=curved > 0, out=np.where(length > 0, np.inf, 0.0))
        shown += np.where(length > 0, rate * length, 0)
        rest -= np.where(np.isfinite(rate), rate, 0) * bent
        nearer = metric(rest)
        last, length = length, dot(rest, nearer)
        sure |= shown + trust * length <= np.square(tol)
        toward = nearer + np.divide(length, last, where=last > 0, out=np.zeros_like(length)) * toward
    sure &= shown <= np.square(tol)
    if sure.any():
        sure &= _along_the_gradient(objective, gradient, hessian_weights, tol) <= np.square(tol)
        sure &= _along_the_flattest(objective, gradient, hessian_weights, tol) <= np.square(tol)
    return sure


def _along_the_gradient(objective, gradient, hessian_weights, tol):
    """What the gradient itself adds to a squared decrement, where it is longer than `tol`; at most one product.

    A metric may also be too steep, where curvature was large and is gone: no product led by it would look there.
    """
    squared = dot(gradient, gradient)
    if (squared <= np.square(tol)).all():
        return squared
    curved = dot(gradient, objective.hessian_product(gradient, hessian_weights))
    return np.divide(squared**2, curved, where=curved > 0, out=np.where(squared > 0, np.inf, 0.0))


def _along_the_flattest(objective, gradient, hessian_weights, tol):
    """What the directions along which the scores hardly move add to a squared decrement; the most, of one of them.

    Some examples tell of them, and which adds most; all examples, in one pass, how much it does. A sparse X with fewer
    numbers than pairs of features is not asked: such columns differ by whole numbers, or not at all.
    """
    rows = objective.home
    if not objective.by_features or (rows.is_sparse and rows.stored_numbers < rows.shape[1] ** 2):
        return np.zeros(gradient.shape[1])
    some = rows.sample(max(1, rows.shape[0] // examples_needed(rows.shape[1])))
    effects = objective.effects(some)
    directions = flattest(effects, rows.has_bias)
    curved = np.square(effects @ directions).T @ hessian_weights[some] * (rows.shape[0] / max(len(some), 1))
    added = _added(directions.T @ gradient, curved + np.square(directions).T @ objective.least_curvature)
    if (added <= WORTH * np.square(tol)).all():
        return added.max(axis=0, initial=0)
    along = directions[:, added.argmax(axis=0)]
    return _added(dot(along, gradient), dot(along, objective.hessian_product(along, hessian_weights)))


def _added(slope, curved):
    """Squared slopes, divided by the curvature along them."""
    return np.divide(slope**2, curved, where=curved > 0, out=np.zeros_like(slope))
