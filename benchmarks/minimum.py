"""How low can J be? The minimum of J of one neuron in long double, with a bound of its own on what is left.

An oracle that shares nothing with the package, neither code nor way. The examples, less the medians of the features,
are factored once by Householder reflections, ``Xc = L Q'``, L lower trapezoidal, largest features and examples first:
what a feature or an example loses is then a rounding of its own size, not of the largest (A. Cox and N. Higham,
Stability of Householder QR factorization for weighted least squares problems, 1998). With ``w = Q v`` J is a function
of r = rank numbers, ``z = Lv + b``, and with the columns of L divided by its diagonal hardly ever ill-conditioned,
whatever the units of the features and however alike two of them are. There Newton's method walks, all sums in long
double, each system solved by conjugate gradients that a factor in float64 preconditions. The decrement at the end
bounds the gap.
"""

from typing import NamedTuple

import numpy as np
from scipy import linalg, optimize

LONG = np.longdouble
ROUNDING = 64 * np.finfo(LONG).eps  # of a number that went through a few hundred reflections, of its own size
FLAT = 1e-15  # half a squared decrement below which Newton's step needs no check
STRETCH = 3  # how far a score may move in a step for the bends to change by no more than SURE allows for
SURE = 40  # times the squared decrement: more than the gap, then
ENOUGH = 1e-21  # a squared decrement below which long double sees little but its own rounding
PATIENCE = 30  # steps without a shorter decrement
FAR = 12  # a score beyond which an example may be on its way out for ever


class Minimum(NamedTuple):
    """Where J is least, and how surely."""

    loss: LONG
    weights: np.ndarray  # (p,), in the units of X
    bias: LONG  # in the units of X
    margins: np.ndarray  # (n,), scores of the truth
    bound: float  # J(weights, bias) - J* is at most this
    recedes: bool  # no minimum: along some direction J falls for ever
    separated: bool  # every example stands on its side


class Factored(NamedTuple):
    """``X - center = L Q'``, for all neurons of a table; without a penalty the bias is a feature like others."""

    X: np.ndarray  # (n, p), long double, without the center
    center: np.ndarray  # (p,)
    lower: np.ndarray  # (n, r), every column divided by the size of its pivot
    pivots: np.ndarray  # (r,)
    reflections: list  # of (place, vector, 2 / vector'vector), on the features by size
    by_size: np.ndarray  # (p,), or with the bias (p + 1,)
    bias: str  # "none", "apart", or "a feature"

    def to_weights(self, u):
        """Weights (p,) and bias in the units of X, of the coordinates of the scaled columns and perhaps the bias."""
        r, p = len(self.pivots), self.X.shape[1]
        w = np.zeros(len(self.by_size), dtype=LONG)
        w[:r] = u[:r] / self.pivots
        for k, v, beta in reversed(self.reflections):
            w[k:] -= beta * (v @ w[k:]) * v
        weights = np.empty_like(w)
        weights[self.by_size] = w
        bias = {"none": weights[p:], "apart": u[r:], "a feature": weights[p:]}[self.bias].sum()
        return weights[:p], bias - self.center @ weights[:p]

    def scores(self, weights, bias):
        """Scores (n,) of weights and bias in the units of X."""
        weights = np.asarray(weights, dtype=LONG)
        return self.X @ weights + (LONG(bias) + self.center @ weights)


def factored(X, has_bias, has_penalty):
    """Factor the examples: dense numbers of shape (n, p)."""
    X = np.asarray(X, dtype=LONG)
    center = np.median(X, axis=0) if has_bias else np.zeros(X.shape[1], dtype=LONG)
    X = X - center
    bias = "none" if not has_bias else "apart" if has_penalty else "a feature"
    A = np.column_stack([X, np.ones(len(X), dtype=LONG)]) if bias == "a feature" else X
    size = np.abs(A).max(axis=0)
    by_size = np.argsort(-size, kind="stable")
    A = A[:, by_size]
    least = ROUNDING * size[by_size]
    norms = np.sqrt(np.einsum("ij,ij->i", A, A))
    order = np.arange(len(A))
    reflections, k, end = [], 0, len(A)
    while k < min(end, A.shape[1]):
        rest = A[k:end, k:]
        squares = np.einsum("ij,ij->i", rest, rest)
        for i in np.argsort(-squares, kind="stable"):
            row = A[k + i, k:]
            row[np.abs(row) <= np.minimum(least[k:], ROUNDING * norms[k + i])] = 0
            if row.any():
                break
        else:
            break  # what is left of every example is rounding
        for array in (A, order, norms):
            array[[k, k + i]] = array[[k + i, k]]
        u = A[k, k:].copy()
        length = np.sqrt(u @ u)
        u[0] += np.copysign(length, u[0])
        beta = 2 / (u @ u)
        rest = A[k:end, k:]
        rest -= np.multiply.outer(beta * (rest @ u), u)
        A[k, k + 1 :] = 0
        reflections.append((k, u, beta))
        k += 1
    lower = np.empty((len(A), k), dtype=LONG)
    lower[order] = A[:, :k]
    pivots = np.abs(A[np.arange(k), np.arange(k)])
    return Factored(X, center, lower / pivots, pivots, reflections, by_size, bias)


def log_loss(margins):
    """``log(1 + exp(-m))``, exact in both tails."""
    return np.maximum(-margins, 0) + np.log1p(np.exp(-np.abs(margins)))


def doubt(margins):
    """``1 / (1 + exp(m))``, the probability given to the other class, exact in both tails."""
    e = np.exp(-np.abs(margins))
    return np.where(margins >= 0, e, 1) / (1 + e)


class Posed(NamedTuple):
    """J of one neuron in the coordinates of the scaled columns and, last, the bias if there is one."""

    T: np.ndarray  # (n, q)
    signs: np.ndarray  # (n,), of the truths
    shares: np.ndarray  # (n,)
    prices: np.ndarray  # (q,)

    def margins(self, u):
        """Scores of the truths, shape (n,)."""
        return self.signs * (self.T @ u)

    def noise(self, u):
        """What of the margins may be rounding, where weights have grown without end."""
        return 8 * np.finfo(LONG).eps * (np.abs(self.T) @ np.abs(u))

    def loss(self, u):
        """J."""
        return self.shares @ log_loss(self.margins(u)) + (self.prices * u) @ u / 2

    def gradient(self, u):
        """Slopes of J, shape (q,)."""
        return -((self.shares * self.signs * doubt(self.margins(u))) @ self.T) + self.prices * u

    def bends(self, u):
        """How much each example bends J, shape (n,)."""
        m = self.margins(u)
        return self.shares * doubt(m) * doubt(-m)

    def along(self, bends, d):
        """Hessian-vector product."""
        return (bends * (self.T @ d)) @ self.T + self.prices * d


class Preconditioner:
    """A factor of the Hessian in float64, of the root of it, so that no square is lost."""

    def __init__(self, posed, bends):
        B = np.vstack([np.sqrt(bends)[:, None] * posed.T, np.diag(np.sqrt(posed.prices))])
        self.scale = np.sqrt(np.einsum("ij,ij->j", B, B))
        self.scale[self.scale == 0] = 1
        B = (B / self.scale).astype(float)
        B = B[np.argsort(-np.abs(B).max(axis=1, initial=0))]
        self.R, self.order = linalg.qr(B, mode="r", pivoting=True, check_finite=False)
        self.R = self.R[: B.shape[1]]
        if len(self.R) < B.shape[1]:
            self.R = np.vstack([self.R, np.zeros((B.shape[1] - len(self.R), B.shape[1]))])
        diagonal = np.einsum("jj->j", self.R)
        least = 1e-15 * max(np.abs(diagonal).max(initial=0), 1e-300)
        diagonal[np.abs(diagonal) < least] = least

    def __call__(self, g):
        """Solve, but for what float64 rounds."""
        x = (g / self.scale)[self.order]
        size = np.abs(x).max(initial=0)
        if size == 0:
            return np.zeros_like(g)
        x = linalg.solve_triangular(self.R, (x / size).astype(float), trans="T", check_finite=False)
        x = linalg.solve_triangular(self.R, x, check_finite=False)
        out = np.empty_like(g)
        out[self.order] = x
        return out * size / self.scale


def _solve(posed, bends, g, precondition):
    """Newton's step: conjugate gradients on ``H d = -g``."""
    d, r = np.zeros_like(g), -g
    s = precondition(r)
    along, rs = s.copy(), r @ s
    enough = 1e-10 * rs
    for _ in range(50):
        if rs <= enough or rs <= 0:
            break
        product = posed.along(bends, along)
        curvature = along @ product
        if curvature <= 0:
            break
        step = rs / curvature
        d, r = d + step * along, r - step * product
        s = precondition(r)
        rs, before = r @ s, rs
        along = s + rs / before * along
    return d


def minimum(table, truth, shares, penalty, steps=300):
    """The minimum of J of one neuron.

    Parameters
    ----------
    table : Factored
        The examples.
    truth : ndarray of bool of shape (n,)
        Which examples are of the neuron's class.
    shares : ndarray of shape (n,)
        How much each counts; they add up to 1.
    penalty : float
        1 / (C total_weight).
    steps : int, default=300
        Of Newton's method, at most.

    Returns
    -------
    Minimum
        Where it is, and how surely; ``bound`` is inf where the walk did not end.
    """
    shares = np.asarray(shares, dtype=LONG)
    signs = np.where(truth, LONG(1), LONG(-1))
    apart = table.bias == "apart"
    T = np.column_stack([table.lower, np.ones(len(truth), dtype=LONG)]) if apart else table.lower
    prices = np.append(LONG(penalty) / table.pivots**2, np.zeros(int(apart), dtype=LONG))
    posed = Posed(T, signs, shares, prices)
    u = np.zeros(T.shape[1], dtype=LONG)
    if apart:
        share = np.clip(shares[truth].sum(), 1e-300, None)
        u[-1] = np.log(share) - np.log(np.clip(shares[~truth].sum(), 1e-300, None))
    u, bound, separated, last = _walk(posed, u, penalty, steps)
    margins = posed.margins(u)
    recedes = bool(penalty == 0) and (
        separated or (bool((np.abs(posed.margins(last)) > FAR).any()) and _recedes(posed))
    )
    weights, bias = table.to_weights(u)
    return Minimum(posed.loss(u), weights, bias, margins, float(bound), recedes, separated)


def _walk(posed, u, penalty, steps):
    """Newton's method: its surest place, a bound on the gap there, whether every example stood right, and its end."""
    best, bound, least, patience = u, np.inf, np.inf, PATIENCE
    loss = posed.loss(u)
    for _ in range(steps):
        if penalty == 0 and (posed.margins(u) > posed.noise(u)).all():
            return u, np.inf, True, u
        g, bends = posed.gradient(u), posed.bends(u)
        precondition = Preconditioner(posed, bends)
        d = _solve(posed, bends, g, precondition)
        squared = max(g @ precondition(g), -(g @ d), LONG(0))
        patience, least = (PATIENCE, squared) if squared < 0.9 * least else (patience - 1, least)
        if np.abs(posed.T @ d).max(initial=0) <= STRETCH and SURE * squared < bound:
            best, bound = u, SURE * squared
        if not squared >= ENOUGH or patience == 0:
            break
        rate = LONG(1)
        if squared / 2 > FLAT * min(loss, 1):
            while not posed.loss(u + rate * d) <= loss + 1e-4 * rate * (g @ d) and rate > 1e-12:
                rate /= 2
        u = u + rate * d
        loss = posed.loss(u)
    return best, bound + 4e-19 * float(1 + posed.loss(best)), False, u


def _recedes(posed):
    """Whether along some direction no margin falls and one rises (a linear program)."""
    rows = (posed.signs[:, None] * posed.T).astype(float)
    rows = rows / np.maximum(np.abs(rows).max(axis=1, keepdims=True), 1e-300)
    found = optimize.linprog(-rows.sum(axis=0), A_ub=-rows, b_ub=np.zeros(len(rows)), bounds=(-1, 1), method="highs")
    return bool(found.status == 0 and -found.fun > 1e-6)
