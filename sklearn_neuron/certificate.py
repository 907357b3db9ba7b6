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

from sklearn_neuron.objective import dot
from sklearn_neuron.twins import twins

TRUST = 100  # how many times flatter than the metric says what no product has felt may be
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
    bends = objective.bends(theta)
    altogether = bends.sum(axis=0, dtype=np.float64)
    sure = objective.length_by_penalty(gradient, altogether) <= np.square(tol)
    trust = np.maximum(TRUST, MOST / np.maximum(altogether, TINY))
    rest, toward = gradient.copy(), metric(gradient)
    length, shown = dot(rest, toward), np.zeros(gradient.shape[1])
    for _ in range(products):
        if (sure | (shown > np.square(tol))).all():
            break
        bent = objective.hessian_product(toward, bends)
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
        sure &= _along_the_gradient(objective, gradient, bends, tol) <= np.square(tol)
        sure &= _along_twins(objective, gradient, bends) <= np.square(tol)
    return sure


def _along_the_gradient(objective, gradient, bends, tol):
    """What the gradient itself adds to a squared decrement, where it is longer than `tol`; at most one product.

    A metric may also be too steep, where curvature was large and is gone: no product led by it would look there.
    """
    squared = dot(gradient, gradient)
    if (squared <= np.square(tol)).all():
        return squared
    curved = dot(gradient, objective.hessian_product(gradient, bends))
    return np.divide(squared**2, curved, where=curved > 0, out=np.where(squared > 0, np.inf, 0.0))


def _along_twins(objective, gradient, bends):
    """What the difference of two parameters that nearly do the same adds to a squared decrement; the most of any pair.

    The gradient along it is as small as that difference, and its square smaller still than the curvature: neither it
    nor a product shows such a slope, before all others are levelled.
    """
    most = np.zeros(gradient.shape[1])
    for pair in twins(objective.rows) if objective.by_features else ():
        one, other = objective.effects(pair).T[:, :, None]
        share = (bends * one * other).sum(axis=0) / np.maximum((bends * other**2).sum(axis=0), TINY)
        slope = gradient[pair[0]] - share * gradient[pair[1]]
        curved = (bends * (one - share * other) ** 2).sum(axis=0)
        curved += objective.least_curvature[pair[0]] + share**2 * objective.least_curvature[pair[1]]
        most = np.maximum(most, np.divide(slope**2, curved, where=curved > 0, out=np.zeros_like(most)))
    return most
