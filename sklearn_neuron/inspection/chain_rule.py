"""How does it know which way to go? By the chain rule, link by link, beside slopes that were only measured.

A slope is a promise: turn this dial a little and J will change by so much. Calculus makes the promise from three
small links, multiplied along the chain and averaged over the examples::

    dJ/dw  =  dJ/da      . da/dz         . dz/dw         =  residual . x
              loss_slope   sigmoid_slope   score_slope

Whether it is kept can be seen without any calculus. Turn the dial by a step h, and again, and look at J each time::

    dJ/dw  =  (8 (J(+h) - J(-h)) - (J(+2h) - J(-2h))) / 12h  +  h^4/30 d5J/dw5  +  ...

:func:`gradient_check` puts promise and measurement side by side, for the J and the gradient that a fit walks on and for
every link alone, and raises an error that names the wrong one if they differ.

Reference: B. Fornberg, Generation of finite difference formulas on arbitrarily spaced grids, Mathematics of
Computation 51 (1988), 699-706, table 1.
"""

import html
from dataclasses import dataclass
from operator import attrgetter
from typing import NamedTuple

import numpy as np
import scipy.sparse as sp

from sklearn_neuron import neuron
from sklearn_neuron.inspection.explanation import spoken
from sklearn_neuron.inspection.subject import subject_of
from sklearn_neuron.objective import Objective

MOST_NUMBERS = 4_000_000  # in an array of examples, or of parameters, by neurons side by side
SHORT_SUM = 128  # examples to add up in the float type of X; sums of such sums are float64
SHOWN_PARAMETERS = 12
LONGEST_NAME = 28
COLUMNS = ("analytic", "numeric", "difference", "allowed")
SIDES = ("left", "right", "right", "right", "right", "left")
NUDGES = (-2, -1, 1, 2)  # steps to turn a dial by
WEIGHTS = np.array([1, -8, 8, -1]) / 12  # of the values found there, in the slope


class GradientError(AssertionError):
    """A slope that the chain rule promises is not the slope that is measured; the message says where, with the table.

    Parameters
    ----------
    table : GradientTable
        Promised and measured slopes, also an attribute.
    """

    def __init__(self, table):
        super().__init__(table)
        self.table = table

    def __str__(self):
        return str(self.table)


class Link(NamedTuple):
    """One link of the chain, in the example where promise and measurement differ most."""

    name: str  # "da/dz"
    function: str  # what promises it: "sigmoid_slope"
    analytic: float
    numeric: float
    difference: float
    allowed: float
    row: int  # of X
    parameter: str | None  # the dial that is turned, if it is one: "w[leaf_length]" or "b"


@dataclass(frozen=True, eq=False, repr=False)
class GradientTable:
    """Slopes as the chain rule promises them and as they are measured, side by side; it prints itself, the worst first.

    Parameters
    ----------
    names : list of str
        Parameters: the features, for their weights, and, last, "bias" if there is one.
    analytic : ndarray of shape (n_parameters,)
        dJ/dtheta by the chain rule, in the units of X: what a fit walks by.
    numeric : ndarray of shape (n_parameters,)
        dJ/dtheta from four values of J.
    difference : ndarray of shape (n_parameters,)
        Their distance, relative to the larger of them.
    allowed : ndarray of shape (n_parameters,)
        Largest difference that is no error: `tol`, or what the rounding of J makes of a slope of this size. It is 1
        where the slope is so small that it drowns in rounding.
    links : list of Link
        dz/dw, da/dz, dJ/da and dJ/dw of single examples.
    loss : float
        J at this place, its penalty included.
    float_type : str
        What J was computed in.
    place : str
        Where that is, in words.
    has_bias : bool, default=True
        Whether the last parameter is the bias, and not the weight of a feature of that name.
    """

    names: list[str]
    analytic: np.ndarray
    numeric: np.ndarray
    difference: np.ndarray
    allowed: np.ndarray
    links: list[Link]
    loss: float
    float_type: str
    place: str
    has_bias: bool = True

    @property
    def ok(self):
        """Whether all slopes and links are right."""
        return not (self.wrong_parameters or self.wrong_links)

    @property
    def wrong_parameters(self):
        """Numbers of the parameters along which J has another slope, the worst first."""
        return [j for j in self._worst_first() if not self.difference[j] <= self.allowed[j]]  # a nan is wrong

    @property
    def wrong_links(self):
        """Links that are wrong, in the order of the chain."""
        return [link for link in self.links if not link.difference <= link.allowed]

    @property
    def verdict(self):
        """Whether all is right; if not, what is wrong and where to look, in a few sentences."""
        if self.ok:
            allowed = [*self.allowed, *(link.allowed for link in self.links)]
            return f"Every slope and every link{' that can be measured' * any(map(_drowns, allowed))} is right."
        faults = [
            f"{link.name} ({link.function}) promises {link.analytic:.6g} in row {link.row}, but {link.numeric:.6g} "
            "is measured."
            for link in self.wrong_links
        ]
        return " ".join(["The gradient is wrong.", *faults, *self._wrong_slopes()])

    def _wrong_slopes(self):
        if not self.wrong_parameters:
            return []
        worst, *others = self.wrong_parameters
        slopes = (
            f"dJ/d{dial(self.names, self.has_bias, worst)} is promised to be {self.analytic[worst]:.6g}, but "
            f"{self.numeric[worst]:.6g} is measured; {len(others)} other slopes of J are wrong too."
        )
        advice = "Every link is right, so look at how the objective puts them together."
        return [slopes] if self.wrong_links else [slopes, advice]

    def _worst_first(self):
        return np.argsort(-_badness(self.difference, self.allowed), kind="stable").tolist()

    def __str__(self):
        parts = [[self._title], _lines(self._slope_cells()) + self._others, _lines(self._link_cells()), [self.verdict]]
        return "\n\n".join("\n".join(part) for part in parts)

    __repr__ = __str__

    def _repr_html_(self):
        others = "".join(f"<p>{other}</p>" for other in self._others)
        tables = f"{_html_table(self._slope_cells())}{others}{_html_table(self._link_cells())}"
        return f"<p>{html.escape(self._title)}</p>{tables}<p>{html.escape(self.verdict)}</p>"

    @property
    def _title(self):
        where = f"{self.place}, where J = {self.loss:.6g} ({self.float_type})"
        return f"Slopes of J, promised and measured\n{where}\neach difference is relative to the larger of the two"

    @property
    def _others(self):
        count = len(self.names) - SHOWN_PARAMETERS
        return [f"... and {count} more, none worse"] if count > 0 else []

    def _slope_cells(self):
        rows = [["slope of J", *COLUMNS, ""]]
        for j in self._worst_first()[:SHOWN_PARAMETERS]:
            numbers = _numbers(self.analytic[j], self.numeric[j], self.difference[j], self.allowed[j])
            rows.append([f"dJ/d{dial(self.names, self.has_bias, j)}", *numbers])
        return rows

    def _link_cells(self):
        rows = [["link of the chain", *COLUMNS, ""]]
        for link in self.links:
            where = f"row {link.row}" + (f", {link.parameter}" if link.parameter is not None else "")
            *numbers, mark = _numbers(link.analytic, link.numeric, link.difference, link.allowed)
            rows.append([f"{link.name}  {link.function}", *numbers, f"{where} {mark}".rstrip()])
        return rows


def dial(names, has_bias, j):
    """What is turned: a weight, by the name of its feature, or the bias.

    Parameters
    ----------
    names : list of str
        Parameters, the bias last.
    has_bias : bool
        Whether there is one.
    j : int
        Number of the parameter.

    Returns
    -------
    str

    Examples
    --------
    >>> from sklearn_neuron.inspection.chain_rule import dial
    >>> dial(["bias", "bias"], True, 0), dial(["bias", "bias"], True, 1)  # a feature may have that name too
    ('w[bias]', 'b')
    """
    return "b" if has_bias and j == len(names) - 1 else f"w[{_short(names[j])}]"


def _numbers(analytic, numeric, difference, allowed):
    if _drowns(allowed) and difference <= allowed:
        return [f"{analytic:.6e}", f"{numeric:.6e}", "", "", "(too small to be measured)"]
    mark = "" if difference <= allowed else "<-- wrong"
    return [f"{analytic:.6e}", f"{numeric:.6e}", f"{difference:.1e}", f"{allowed:.1e}", mark]


def _short(name):
    name = " ".join(name.split())  # a table has one line a row
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 3]}..."


def _lines(cells):
    """Rows of cells under each other: names and places to the left, numbers to the right."""
    first = max(len(row[0]) for row in cells)
    return [
        f"{name:{first}} {analytic:>14} {numeric:>14} {difference:>11} {allowed:>8}  {place}".rstrip()
        for name, analytic, numeric, difference, allowed, place in cells
    ]


def _html_table(cells):
    rows = ["".join(map(_html_cell, row, SIDES)) for row in cells]
    rows[0] = rows[0].replace("<td", "<th").replace("</td", "</th")
    return f"<table>{''.join(f'<tr>{row}</tr>' for row in rows)}</table>"


def _html_cell(text, side):
    style = f"text-align: {side}; padding: 0 0.7em; font-variant-numeric: tabular-nums; white-space: nowrap"
    return f'<td style="{style}">{html.escape(text)}</td>'


# Measuring ------------------------------------------------------------------------------------------------


class Nudged(NamedTuple):
    """Some parameters, each turned by -2, -1, 1 and 2 steps while all others stay: one column a turn."""

    which: slice
    steps: np.ndarray  # one a parameter

    def columns(self, theta):
        """Thetas side by side, of shape (p + 1, 4 for each parameter)."""
        turns = np.outer(self.steps, NUDGES).ravel()
        dials = np.repeat(np.arange(len(theta))[self.which], len(NUDGES))
        columns = np.repeat(theta[:, None], len(turns), axis=1)
        columns[dials, np.arange(len(turns))] += turns
        return columns

    def slopes(self, values):
        """Slope along each parameter of what was seen at the columns, the last axis of `values`."""
        return values.reshape(*values.shape[:-1], -1, len(NUDGES)) @ WEIGHTS / self.steps


def _measured(function, x, step):
    """Slope of a function of each number alone."""
    seen = [function(x + nudge * step) for nudge in NUDGES]
    return np.tensordot(WEIGHTS, np.array(seen), axes=1) / step


def _compared(analytic, numeric, noise, tol):
    """Distance of two slopes relative to the larger one, and how much of it is allowed.

    The values of a function carry rounding, of which a small step makes `noise` in the slope that is measured. A slope
    below 1 / tol times that cannot be known to `tol` by measuring, and one below the noise cannot be known at all:
    the distance is then relative to the noise, and may be 1.
    """
    size = np.maximum(np.maximum(np.abs(analytic), np.abs(numeric)), noise)
    return np.abs(analytic - numeric) / size, np.maximum(noise / size, tol)


def _badness(difference, allowed):
    """How far a difference is beyond what is allowed, as a ratio.

    It is infinite for a slope that is no number, and 0 for one too small to be measured.
    """
    ratio = np.nan_to_num(difference / allowed, nan=np.inf)
    return np.where(_drowns(allowed) & (ratio <= 1), 0.0, ratio)


def _drowns(allowed):
    """Whether a slope is so small that what is measured is rounding."""
    return allowed >= 1


class Bench:
    """One neuron at one theta, to be measured.

    Parameters
    ----------
    objective : Objective
        J of one neuron, in the units of X.
    theta : ndarray of shape (p + 1,)
        Weights and bias.
    tol : float
        Largest relative difference that is no error.
    names : list of str
        Names of the parameters.
    row_numbers : ndarray of int of shape (n,)
        What the user calls the examples.
    place : str
        What to call theta.
    """

    def __init__(self, objective, theta, tol, names, row_numbers, place):
        rows = objective.home
        self.place = place
        self.names, self.row_numbers = names, row_numbers
        self.objective = objective
        self.in_short_sums = Objective(rows.in_short_blocks(SHORT_SUM), objective.penalty)
        self.y = rows.map(attrgetter("y"))[:, 0]
        self.theta = theta.astype(rows.dtype).astype(np.float64)  # as a pass over X will see it
        self.tol = tol
        self.eps = float(np.finfo(rows.dtype).eps)
        self.z = self._score(self.theta[:, None])[:, 0]
        self.terms = rows.map(self._terms)
        self.largest = np.append(rows.map(_largest).max(axis=0), [1.0] * rows.has_bias)
        self.largest[self.largest == 0] = 1.0

    def table(self):
        """Everything that is promised beside what is measured, a GradientTable."""
        here = self.objective.at(self.theta[:, None])
        analytic, loss = here.gradient[:, 0], float(here.loss[0])
        steps = self._steps(self._sizes())
        numeric = np.concatenate([self._slopes_of_loss(nudged) for nudged in self._in_turn(steps)])
        difference, allowed = _compared(analytic, numeric, self._rounding(loss) / steps, self.tol)
        slopes = (self.names, analytic, numeric, difference, allowed, self._links(), loss)
        return GradientTable(*slopes, self.objective.home.dtype.name, self.place, self.objective.home.has_bias)

    def _steps(self, sizes):
        """Steps that change a score by about 2 eps^(1/5) for features of these sizes.

        No slope is measured better: rounding eps / h and the neglected h^4/30 d5J, at most 0.13 of a score to the
        fourth power, are then in balance. A power of two is added to theta without rounding, or with little.
        """
        return 2.0 ** np.round(np.log2(2 * self.eps**0.2 / sizes))

    def _sizes(self):
        """Size of each feature, by the fifth power that the neglected term grows with; 1 for the bias."""
        (fifth,) = self.objective.home.fold(self._fifth_powers)
        sizes = self.largest.copy()
        sizes[: len(fifth)] *= fifth[:, 0] ** 0.2
        return np.where(sizes > 0, sizes, 1.0)

    def _fifth_powers(self, block):
        shrink = (1 / self.largest[: block.X.shape[1]]).astype(block.X.dtype)
        return (((abs(block.X) * shrink) ** 5).T @ block.shares,)

    def _in_turn(self, steps):
        """All parameters, as many at a time as memory allows."""
        count = max(1, MOST_NUMBERS // (len(NUDGES) * max(len(self.theta), len(self.y))))
        for start in range(0, len(steps), count):
            which = slice(start, start + count)
            yield Nudged(which, steps[which])

    def _slopes_of_loss(self, nudged):
        """dJ/dtheta from J at the columns: one neuron repeated side by side, by the very code that fit runs."""
        columns = nudged.columns(self.theta)
        J = self.in_short_sums.neurons(np.zeros(columns.shape[1], dtype=int))
        return nudged.slopes(J.at(columns).loss)

    def _rounding(self, loss):
        """How much of J may be rounding: of short sums, rounded with every term, and of scores, where they matter."""
        sums = min(len(self.y), SHORT_SUM) / 4 * loss
        wrong = -np.expm1(-neuron.example_loss(self.z, self.y))  # |dJ/dz|
        return self.eps * (4 + sums + self.objective.home.map(attrgetter("shares"))[:, 0] @ (wrong * self.terms))

    def _terms(self, block):
        """How large the numbers are that add up to the score of each example, ``|x|.|w| + |b|``."""
        w, b = np.split(np.abs(self.theta), [block.X.shape[1]])
        return abs(block.X) @ w.astype(block.X.dtype) + b.sum()

    # The links, each for every example -------------------------------------------------------------------

    def _links(self):
        pairs = [self._of_parameters(nudged) for nudged in self._in_turn(self._steps(self.largest))]
        score, loss = (max(links, key=_how_bad) for links in zip(*pairs, strict=True))
        return [score, self._of_belief(), self._of_loss(), loss]

    def _score(self, columns):
        home = self.objective.home
        w, b = np.split(columns.astype(home.dtype), [home.shape[1]])
        return home.map(lambda block: neuron.linear_score(block.X, w, b[0] if len(b) else 0))

    def _of_parameters(self, nudged):
        """dz/dtheta and dJ/dtheta of every example, along some parameters."""
        z_nearby = self._score(nudged.columns(self.theta))
        loss_nearby = neuron.example_loss(z_nearby, self.y[:, None])
        through = self._score_slopes(nudged.which)
        promised = neuron.residual(self.z, self.y)[:, None] * through
        noise = 4 * self.eps * (1 + self.terms)[:, None] / nudged.steps
        first = nudged.which.start
        return (
            self._worst("dz/dw", "score_slope", through, nudged.slopes(z_nearby), noise, first),
            self._worst("dJ/dw", "residual . x", promised, nudged.slopes(loss_nearby), noise, first),
        )

    def _score_slopes(self, which):
        """Columns of ``[score_slope(X), 1]``, dense."""
        home = self.objective.home
        slopes = home.map(lambda block: _dense(neuron.score_slope(block.X)[:, which]))
        return np.column_stack([slopes, np.ones(home.n)]) if home.has_bias and which.stop > home.shape[1] else slopes

    def _of_belief(self):
        """da/dz of every example."""
        step = float(self._steps(1.0))
        noise = np.full(self.z.shape, 4 * self.eps / step)
        promised, numeric = neuron.sigmoid_slope(self.z), _measured(neuron.sigmoid, self.z, step)
        return self._worst("da/dz", "sigmoid_slope", promised, numeric, noise)

    def _of_loss(self):
        """dJ/da of every example; a belief that rounds to certainty is taken for the last one that does not."""
        a = np.clip(neuron.sigmoid(self.z), self.eps, 1 - self.eps)
        given = neuron.bernoulli(a, self.y)
        step = given * float(self._steps(4.0))  # the logarithm bends more than a sigmoid, and most near 0
        noise = 4 * self.eps * (1 + 1 / given) / step
        numeric = _measured(lambda a: -np.log(neuron.bernoulli(a, self.y)), a, step)
        return self._worst("dJ/da", "loss_slope", neuron.loss_slope(a, self.y), numeric, noise)

    def _worst(self, name, function, analytic, numeric, noise, first=None):
        difference, allowed = _compared(analytic, numeric, noise, self.tol)
        place = np.unravel_index(np.argmax(_badness(difference, allowed)), difference.shape)
        a, n, d, most = (float(values[place]) for values in (analytic, numeric, difference, allowed))
        parameter = None if first is None else dial(self.names, self.objective.home.has_bias, first + place[1])
        return Link(name, function, a, n, d, most, int(self.row_numbers[place[0]]), parameter)


def _how_bad(link):
    return _badness(link.difference, link.allowed)


def _largest(block):
    """Largest size of each feature in a block, a row."""
    extremes = [_dense(block.X.max(axis=0)), -_dense(block.X.min(axis=0))]
    return np.maximum(*extremes).reshape(1, -1).astype(np.float64)


def _dense(X):
    return X.toarray() if sp.issparse(X) else X


def _half_way(subject, column):
    theta = np.append(subject.coef_[column], [subject.intercept_[column]] * subject.fit_intercept)
    return theta.astype(np.float64) / 2


def _place(subject, column, at):
    """Where the slopes are looked at, and of several neurons whose they are."""
    where = "half way from zero to the fitted weights" if at is None else "at the weights given"
    classes = subject.neuron.classes_
    return f"of the neuron of {_short(spoken(str(classes[column])))}, {where}" if len(classes) > 2 else where


def _given(at, n_parameters):
    theta = np.asarray(at, dtype=np.float64)
    if theta.shape != (n_parameters,) or not np.isfinite(theta).all():
        raise ValueError(
            f"at must hold {n_parameters} finite numbers, weights and, last, the bias if there is one; got {at!r}."
        )
    return theta


def _rows_that_count(sample_weight, n_samples):
    """Numbers of the examples whose weight is not 0: the others are in no sum."""
    return np.flatnonzero(np.broadcast_to(1 if sample_weight is None else sample_weight, n_samples))


# Asking ---------------------------------------------------------------------------------------------------


def gradient_check(
    estimator, X, y, *, sample_weight=None, at=None, class_of_interest=None, tol=1e-6, feature_names=None
):
    """Compare every slope of J, and every link of the chain rule, with a slope that was measured.

    Nothing is computed in another way than in a fit: the gradient is that of ``estimator.objective(X, y)``, in the
    float type of `X`, and so is J, only that it is added up in short sums, which round less. The links are what
    :mod:`sklearn_neuron.neuron` holds when this is called. J is looked at in four places a parameter, many in one pass.

    Parameters
    ----------
    estimator : SigmoidNeuronClassifier, Pipeline that ends with one, or search over one of these
        Fitted.
    X : {array-like, sparse matrix} of shape (n_samples, n_features)
        Examples, as the estimator takes them.
    y : array-like of shape (n_samples,)
        Class labels, all of them among `classes_`.
    sample_weight : array-like of shape (n_samples,), default=None
        How much each example counts.
    at : array-like of shape (n_features + 1,), or (n_features,) without a bias, default=None
        Where to look: weights and, last, the bias, in the units that the neuron sees. None is half way from zero to the
        fitted weights: at their end all slopes are 0, and nothing is compared; at zero all beliefs are the same.
    class_of_interest : label, default=None
        Whose neuron is checked; needed if there are more than two classes.
    tol : float, default=1e-6
        Largest difference, relative to the slope, that is no error. More is allowed where the rounding of J, in the
        float type of `X`, makes up more than that of what is measured. With float64 these are slopes that hardly
        matter. With float32 they are nearly all, and some per cent may be allowed. (A check on a float64 copy
        would be sharper, and blind to the sums that a fit on float32 walks by.)
    feature_names : sequence of str, default=None
        Names of the features that the neuron sees; None takes what the estimator knows.

    Returns
    -------
    GradientTable
        Promised and measured slopes side by side; it prints itself.

    Raises
    ------
    GradientError
        If a slope or a link is wrong. The message holds the table and names what is wrong.
    sklearn.exceptions.NotFittedError
        If the estimator is not fitted.
    TypeError
        If there is no neuron in the estimator.
    ValueError
        If `at`, `tol`, `class_of_interest`, `feature_names` or the data cannot be used; the message says why.

    Examples
    --------
    >>> from sklearn_neuron import SigmoidNeuronClassifier
    >>> from sklearn_neuron.inspection.chain_rule import gradient_check
    >>> from sklearn_neuron.datasets import make_toxic_plants
    >>> plants = make_toxic_plants(random_state=0)
    >>> neuron = SigmoidNeuronClassifier().fit(plants.data, plants.target)
    >>> table = gradient_check(neuron, plants.data, plants.target)
    >>> table.names, table.analytic.round(4)
    (['x1', 'x2', 'bias'], array([-0.1254, -0.0702, -0.0005]))
    >>> print(table.difference < 1e-8, table.ok)
    [ True  True  True] True
    """
    if not tol > 0:
        raise ValueError(f"tol must be a number above 0; got {tol!r}.")
    subject = subject_of(estimator)
    column = subject.column(class_of_interest)
    names = subject.feature_names(feature_names) + ["bias"] * subject.neuron.fit_intercept
    objective = subject.neuron.objective(subject.sees(X), y, sample_weight).neurons([column])
    theta = _half_way(subject.neuron, column) if at is None else _given(at, len(names))
    place = _place(subject, column, at)
    table = Bench(objective, theta, tol, names, _rows_that_count(sample_weight, len(y)), place).table()
    if not table.ok:
        raise GradientError(table)
    return table
