"""Is the gradient right? The chain rule, link by link, beside slopes that were only measured.

A slope is a promise: turn this dial a little and J will change by so much. Calculus makes the promise from three
small links, multiplied along the chain and averaged over the examples::

    dJ/dw  =  dJ/da      . da/dz         . dz/dw         =  residual . x
              loss_slope   sigmoid_slope   score_slope

In a layer, where a score moves the beliefs in all classes, the products are added up over these
(:mod:`sklearn_neuron.inspection.slopes_of_layer`).

Whether it is kept can be seen without any calculus: turn the dial by a step, and again, and look at J each time
(:mod:`sklearn_neuron.inspection.finite_differences`). :func:`gradient_check` puts promise and measurement side by
side, for the J and the gradient that a fit walks on and for every link alone, and raises an error that names the wrong
one if they differ.

Reference: B. Fornberg, Generation of finite difference formulas on arbitrarily spaced grids, Mathematics of
Computation 51 (1988), 699-706, table 1.
"""

import html
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sklearn_neuron.inspection.finite_differences import Comparison
from sklearn_neuron.inspection.slopes import Link, NeuronAt, of_class, parameter_names
from sklearn_neuron.inspection.slopes_of_layer import LayerAt
from sklearn_neuron.inspection.subject import subject_of
from sklearn_neuron.solvers.maps import in_one_column
from sklearn_neuron.tables import Column, Table, short, spoken

SHOWN_PARAMETERS = 12
LONGEST_NAME = 28  # of a class
NUMBERS = ("analytic", "numeric", "difference", "allowed")
COLUMNS = [Column("<", before=""), *(Column(">", width) for width in (14, 14, 11, 8)), Column("<", before="  ")]


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

    def __str__(self) -> str:
        return str(self.table)


@dataclass(frozen=True, eq=False, repr=False)
class GradientTable:
    """Slopes as the chain rule promises them and as they are measured, side by side; it prints itself, the worst first.

    Parameters
    ----------
    names : list of str
        Parameters: the features, for their weights, and, last, "bias" if there is one. Those of a layer come again for
        every neuron.
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
    class_names : sequence of str, default=()
        Of a layer, the classes that its neurons speak for.

    Examples
    --------
    >>> from sklearn_neuron import SigmoidNeuronClassifier, gradient_check
    >>> from sklearn_neuron.datasets import make_toxic_plants
    >>> X, y = make_toxic_plants(random_state=0, return_X_y=True)
    >>> table = gradient_check(SigmoidNeuronClassifier().fit(X, y), X, y)
    >>> print(table.names, (table.difference <= table.allowed).all())
    ['x1', 'x2', 'bias'] True
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
    class_names: Sequence[str] = ()

    @property
    def ok(self) -> bool:
        """Whether all slopes and links are right."""
        return not (self.wrong_parameters or self.wrong_links)

    @property
    def wrong_parameters(self) -> list[int]:
        """Numbers of the parameters along which J has another slope, the worst first."""
        return [j for j in self._worst_first() if not self.difference[j] <= self.allowed[j]]  # a nan is wrong

    @property
    def wrong_links(self) -> list[Link]:
        """Links that are wrong, in the order of the chain."""
        return [link for link in self.links if not link.difference <= link.allowed]

    @property
    def verdict(self) -> str:
        """Whether all is right; if not, what is wrong and where to look, in a few sentences."""
        if self.ok:
            drowns = [*self._slopes.drowns, *(link.slopes.drowns for link in self.links)]
            return f"Every slope and every link{' that can be measured' * any(drowns)} is right."
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
            f"dJ/d{self._parameters[worst]} is promised to be {self.analytic[worst]:.6g}, but "
            f"{self.numeric[worst]:.6g} is measured; {len(others)} other slopes of J are wrong too."
        )
        advice = "Every link is right, so look at how the objective puts them together."
        return [slopes] if self.wrong_links else [slopes, advice]

    @property
    def _slopes(self):
        return Comparison(self.analytic, self.numeric, self.difference, self.allowed)

    @property
    def _parameters(self):
        one = self.names[: len(self.names) // max(1, len(self.class_names))]
        names = parameter_names(one[: len(one) - self.has_bias], self.has_bias)
        return [of_class(name, k) for k in self.class_names for name in names] or names

    def _worst_first(self):
        return np.argsort(-self._slopes.badness, kind="stable").tolist()

    def __str__(self) -> str:
        slopes, links = self._tables
        parts = [[self._title], slopes.lines() + self._others, links.lines(), [self.verdict]]
        return "\n\n".join("\n".join(part) for part in parts)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        slopes, links = (table.html() for table in self._tables)
        others = "".join(f"<p>{other}</p>" for other in self._others)
        title = html.escape(self._title).replace("\n", "<br>")
        return f"<p>{title}</p>{slopes}{others}{links}<p>{html.escape(self.verdict)}</p>"

    @property
    def _title(self):
        where = f"{self.place}, where J = {self.loss:.6g} ({self.float_type})"
        return f"Slopes of J, promised and measured\n{where}\neach difference is relative to the larger of the two"

    @property
    def _others(self):
        count = len(self.names) - SHOWN_PARAMETERS
        return [f"... and {count} more, none worse"] if count > 0 else []

    @property
    def _tables(self):
        """The slopes of J, the worst of them, and the links."""
        slopes = [["slope of J", *NUMBERS, ""]]
        for j in self._worst_first()[:SHOWN_PARAMETERS]:
            of_one = Comparison(*(values[j] for values in self._slopes))
            slopes.append([f"dJ/d{self._parameters[j]}", *of_one.cells()])
        links = [["link of the chain", *NUMBERS, ""]]
        for link in self.links:
            where = f"row {link.row}" + (f", {link.parameter}" if link.parameter is not None else "")
            *numbers, mark = link.slopes.cells()
            links.append([f"{link.name}  {link.function}", *numbers, f"{where} {mark}".rstrip()])
        return Table(slopes, COLUMNS), Table(links, COLUMNS)


def gradient_check(
    estimator, X, y, *, sample_weight=None, at=None, class_of_interest=None, tol=1e-6, feature_names=None
) -> GradientTable:
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
        Where to look: weights and, last, the bias, in the units that the neuron sees; of a layer a column a class. None
        is half way from zero to the fitted weights: at their end all slopes are 0, and nothing is compared; at zero all
        beliefs are the same.
    class_of_interest : label, default=None
        Whose neuron is checked; needed if there are more than two classes. In a layer all are checked together.
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
    >>> from sklearn_neuron.inspection.gradient_check import gradient_check
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
    features, has_bias = subject.feature_names(feature_names), subject.neuron.fit_intercept
    objective = subject.objective(subject.sees(X), y, sample_weight, class_of_interest)
    theta = subject.parameters(class_of_interest)[:, 0] / 2 if at is None else _given(at, objective)
    asked = objective, theta, tol, parameter_names(features, has_bias), _rows_that_count(sample_weight, len(y))
    classes = subject.class_names() if subject.is_layer else []
    here = LayerAt(*asked, classes) if classes else NeuronAt(*asked)
    table = GradientTable(
        [*features, *["bias"] * has_bias] * max(1, len(classes)),
        *here.slopes_of_loss(),
        here.links(),
        here.loss,
        objective.home.dtype.name,
        _whose(subject, class_of_interest) + _where(at),
        has_bias,
        classes,
    )
    if not table.ok:
        raise GradientError(table)
    return table


def _given(at, objective):
    """The place, in one column."""
    theta, q, K = np.asarray(at, dtype=np.float64), objective.home.n_parameters, objective.loss.neurons
    if theta.shape != ((q,) if K == 1 else (q, K)) or not np.isfinite(theta).all():
        numbers = f"{q} finite numbers" if K == 1 else f"{q} rows of {K} finite numbers, a column a class"
        raise ValueError(f"at must hold {numbers}, weights and, last, the bias if there is one; got {at!r}.")
    return in_one_column(theta.reshape(q, K), K)[:, 0]


def _whose(subject, class_of_interest):
    """Of several neurons, whose slopes they are."""
    classes, asked = subject.neuron.classes_, class_of_interest is not None
    k = subject.column(class_of_interest) if asked or not subject.is_layer else 0
    if subject.is_layer:
        return f"of a layer of {len(classes)} neurons, "
    name = short(spoken(str(classes[k])), LONGEST_NAME)
    return f"of the neuron of {name}, " * (len(classes) > 2)


def _where(at):
    return "half way from zero to the fitted weights" if at is None else "at the weights given"


def _rows_that_count(sample_weight, n_samples):
    """Numbers of the examples whose weight is not 0: the others are in no sum."""
    return np.flatnonzero(np.broadcast_to(1 if sample_weight is None else sample_weight, n_samples))
