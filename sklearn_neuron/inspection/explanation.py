"""How did it come to that? One sample's journey through the neuron, number by number.

Each feature is multiplied by its weight, the products and the bias are added up, the sum is bent into a belief, and the
belief is a decision; if the truth is known, it is also a loss::

    x_1 w_1 + ... + x_p w_p + b  =  z  --sigmoid-->  a = P(Y=1|x)  -->  "89 % sure it is toxic"  -->  -log P(Y=y|x)

:func:`explain` writes this down for one sample. A product says how far its feature pushed this sample, for the class or
against it, from where the feature is zero; what is zero, only its units can tell.

Reference: D. R. Cox, The regression analysis of binary sequences, J. R. Stat. Soc. B 20 (1958), 215-242.
"""

import html
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.sparse as sp
from sklearn.utils import check_array, check_consistent_length, column_or_1d

from sklearn_neuron.homes.labels import codes_among
from sklearn_neuron.inspection.subject import subject_of
from sklearn_neuron.neuron import linear_score, sigmoid

SHOWN_FEATURES = 10
LONGEST_NAME = 32
FARTHEST = 1000  # times its value that a feature may have to change for the boundary to be worth a word
DIGITS = 5  # of the largest number in a column


@dataclass(frozen=True, eq=False, repr=False)
class Explanation:
    """One sample's journey through one neuron; it prints itself, and shows itself in a notebook.

    Parameters
    ----------
    feature_names : list of str
        What the neuron sees.
    values : ndarray of shape (n_features,)
        The sample, x, as the neuron sees it: after the steps before it.
    weights : ndarray of shape (n_features,)
        Weights w of this neuron.
    bias : float
        Its bias b; 0 if it has none.
    z : float
        Linear score w.x + b, as `decision_function` tells it, in the float type of the sample.
    classes : ndarray of shape (n_classes,)
        Class labels.
    class_names : list of str
        Their names.
    neuron : int
        Number of the class that this neuron speaks for; of two, 1.
    probabilities : ndarray of shape (n_classes,)
        As `predict_proba` tells them; of more than two classes, the beliefs of all neurons divided by their sum.
    decided : int
        Number of the class predicted.
    true : int, default=None
        Number of the true class, if it is known.
    loss : float, default=None
        -log P(truth | x), in nats.
    share : float, default=None
        Part of the summed loss of the examples it is one of, in [0, 1].
    n_among : int, default=None
        How many these are.
    reach : ndarray of shape (2, n_features), default=None
        Smallest and largest value that each feature has among them.
    steps_before : list of str, default=()
        What the sample went through before the neuron.
    """

    feature_names: list[str]
    values: np.ndarray
    weights: np.ndarray
    bias: float
    z: float
    classes: np.ndarray
    class_names: list[str]
    neuron: int
    probabilities: np.ndarray
    decided: int
    true: int | None = None
    loss: float | None = None
    share: float | None = None
    n_among: int | None = None
    reach: np.ndarray | None = None
    steps_before: tuple[str, ...] | list[str] = ()

    @property
    def products(self):
        """What each feature adds to the score, w_i x_i, shape (n_features,)."""
        return self.weights * self.values

    @property
    def a(self):
        """Belief of this neuron alone, sigmoid(z)."""
        return float(sigmoid(self.z))

    @property
    def decision(self):
        """Label of the class predicted."""
        return self.classes[self.decided]

    @property
    def truth(self):
        """Label of the true class; None if it is not known."""
        return None if self.true is None else self.classes[self.true]

    @property
    def probability(self):
        """P(decision | x): how sure it is of what it decides."""
        return float(self.probabilities[self.decided])

    @property
    def times_average(self):
        """Its loss as a multiple of the average among the examples it is one of; None without them."""
        return None if self.share is None or self.n_among is None else self.share * self.n_among

    @property
    def sentence(self):
        """The decision as one would say it: "89 % sure it is toxic"."""
        return f"{percent(self.probability)} sure it is {self._name(self.decided)}"

    def __str__(self):
        return "\n".join([*self._heading, *_lines(self._cells()), "", *self._words])

    __repr__ = __str__

    def _repr_html_(self):
        heading, words = (
            "".join(f"<p>{html.escape(line)}</p>" for line in part) for part in (self._heading, self._words)
        )
        return f"{heading}{_html_table(self._cells())}{words}"

    # The table ------------------------------------------------------------------------------------------

    def _cells(self):
        """Rows of name, value, weight and product, with a heading; rows of sums have a name and a number."""
        shown, smaller = self._shown()
        parts = [*self.products[shown], *[self.products[smaller].sum()] * (len(smaller) > 0)]
        numbers = _added_up(parts, self.bias, self.z)
        sums = [*[f"... and {len(smaller):,} smaller"] * (len(smaller) > 0), "sum of products", "+ bias b", "= score z"]
        columns = (_side_by_side(self.values[shown]), _side_by_side(self.weights[shown]), numbers)
        names = [_short(self.feature_names[j]) for j in shown]
        rows = [["feature", "value x", "weight w", "product w x"], *map(list, zip(names, *columns, strict=False))]
        return rows + [[name, "", "", number] for name, number in zip(sums, numbers[len(shown) :], strict=True)]

    def _shown(self):
        """Numbers of the features that have a line: all, or those of the largest products; and of the others."""
        return largest_of(np.abs(self.products), SHOWN_FEATURES)

    # The words ------------------------------------------------------------------------------------------

    @property
    def _heading(self):
        if len(self.classes) == 2:
            return []
        which = "the class predicted" if self.neuron == self.decided else "which is not the class predicted"
        return [f"The neuron of {self._name(self.neuron)}, {which}; there are {len(self.classes)} neurons."]

    @property
    def _words(self):
        told = [*self._beliefs, self._verdict, *self._boundary, *self._losses]
        if self.steps_before:
            told.append(f"Values are those that the neuron sees, after {', '.join(self.steps_before)}.")
        return told

    @property
    def _beliefs(self):
        name = self._name(self.neuron)
        belief = f"a = 1 / (1 + exp(-z)) {_belief(self.a)}"
        if len(self.classes) == 2:
            return [f"{belief} is P({name} | x)."]
        together = f"P({name} | x) {_belief(self.probabilities[self.neuron])}"
        return [f"{belief} is what this neuron alone believes.", f"{together} is its part of what all of them believe."]

    @property
    def _verdict(self):
        if self.true is None:
            return f"{_capital(self.sentence)}."
        outcome = "and it is" if self.true == self.decided else f"but it is {self._name(self.true)}"
        return f"{_capital(self.sentence)}, {outcome}."

    @property
    def _boundary(self):
        """How far away z = 0 is, along the feature that needs the least change relative to its value."""
        who = "It" if len(self.classes) == 2 else "This neuron"
        if not self.weights.any():
            return [f"All weights are 0: {who.lower()} says the same of every sample."]
        if self.z == 0:
            return [f"{who} hesitates: z = 0 is the boundary."]
        j = int(np.argmax(np.abs(self.products)))
        if abs(self.z) > FARTHEST * abs(self.products[j]):
            return []
        turn = self.values[j] - self.z / self.weights[j]
        there, here = _told_apart(turn, self.values[j])
        place = f"{_short(self.feature_names[j])} = {there} instead of {here}"
        return [f"{who} would hesitate at {place}, all else being equal{self._beyond(j, turn)}."]

    def _beyond(self, j, value):
        """That a feature never has this value, if it is beyond all that are known."""
        if self.reach is None or self.reach[0, j] <= value <= self.reach[1, j]:
            return ""
        side, end = ("below", self.reach[0, j]) if value < self.reach[0, j] else ("above", self.reach[1, j])
        return f"; but in the {self.n_among:,} examples it is never {side} {_told_apart(end, value)[0]}"

    @property
    def _losses(self):
        if self.loss is None:
            return []
        loss = f"Loss: -log P({self._name(self.true)} | x) = {self.loss:.4g} nats"
        if self.share is None:
            return [f"{loss}."]
        part = f"{self.share:.0%}".replace("%", " %") if self.share in (0, 1) else percent(self.share)
        whole = f"That is {part} of the whole log-loss of {self.n_among:,} examples"
        return [f"{loss}.", f"{whole}, {self.times_average:.3g} times their average."]

    def _name(self, k):
        return spoken(self.class_names[k])


def explain(
    estimator, x, *, truth=None, among=None, class_of_interest=None, feature_names=None, class_names=None
) -> Explanation:
    """Follow one sample through the neuron: products, sum, bias, score, belief, decision and, if asked, loss.

    Parameters
    ----------
    estimator : SigmoidNeuronClassifier, Pipeline that ends with one, or search over one of these
        Fitted.
    x : {array-like, Series} of shape (n_features,), or {array, sparse matrix, DataFrame} of shape (1, n_features)
        One sample, as the estimator takes it.
    truth : label, default=None
        Its true class, one of `classes_`: tells its loss.
    among : (X, y), default=None
        Examples that it is one of, with their labels: tells its share of their summed log-loss, and what values of a
        feature there are. Needs `truth`.
    class_of_interest : label, default=None
        Of more than two classes, the one whose neuron to follow; None is the class predicted.
    feature_names : sequence of str, default=None
        Names of the features that the neuron sees; None takes what the estimator knows.
    class_names : sequence of str, default=None
        Names of the classes, in the order of `classes_`; None takes the labels.

    Returns
    -------
    Explanation
        All the numbers, and a table of them that prints itself.

    Raises
    ------
    ValueError
        If `x` is not one sample, `truth` is no class, `x` cannot be one of `among`, or names or data do not fit the
        neuron; the message says why.
    TypeError
        If there is no neuron in the estimator.
    sklearn.exceptions.NotFittedError
        If it is not fitted.

    Examples
    --------
    >>> from sklearn_neuron import SigmoidNeuronClassifier
    >>> from sklearn_neuron.datasets import make_toxic_plants
    >>> from sklearn_neuron.inspection.explanation import explain
    >>> plants = make_toxic_plants(random_state=0)
    >>> neuron = SigmoidNeuronClassifier().fit(plants.data, plants.target)
    >>> explain(
    ...     neuron, [5.3, 2.6], truth=1, feature_names=plants.feature_names, class_names=plants.target_names
    ... )
    feature          value x   weight w   product w x
    leaf_length          5.3 *   0.7498 =      3.9738
    leaf_width           2.6 *   1.4978 =      3.8942
                                          -----------
    sum of products                            7.8680
    + bias b                                  -6.3382
    = score z                                  1.5298
    <BLANKLINE>
    a = 1 / (1 + exp(-z)) = 0.8220 is P(toxic | x).
    82 % sure it is toxic, and it is.
    It would hesitate at leaf_length = 3.26 instead of 5.3, all else being equal.
    Loss: -log P(toxic | x) = 0.1961 nats.
    """
    subject = subject_of(estimator)
    seen = subject.sees(_one_row(x, hasattr(estimator, "feature_names_in_")))
    answers = _answers(subject, seen, class_of_interest)
    losses = {} if truth is None and among is None else _losses(subject, seen, truth, among)
    return Explanation(
        feature_names=subject.feature_names(feature_names),
        class_names=subject.class_names(class_names),
        classes=subject.neuron.classes_,
        steps_before=_steps_before(subject),
        **answers,
        **losses,
    )


def _answers(subject, seen, class_of_interest) -> dict[str, Any]:
    """What the neuron sees, weighs and answers, by the names of an Explanation's fields."""
    neuron = subject.neuron
    probabilities = neuron.predict_proba(seen)[0]  # which also looks whether the sample fits the neuron
    decided = int(codes_among(neuron.classes_, neuron.predict(seen))[0])
    are_two = len(neuron.classes_) == 2
    follows_decision = class_of_interest is None and not are_two
    column = decided if follows_decision else subject.column(class_of_interest)
    row = check_array(seen, accept_sparse=("csr", "csc"), dtype=[np.float64, np.float32])
    if not (np.isfinite(neuron.coef_[column]).all() and np.isfinite(neuron.intercept_[column])):
        raise ValueError("A weight of this neuron is not finite: it tripped too far to say anything of a sample.")
    return {
        "values": (row.toarray() if sp.issparse(row) else row).ravel().astype(np.float64),
        "weights": neuron.coef_[column].astype(np.float64),
        "bias": float(neuron.intercept_[column]),
        "z": float(
            linear_score(row.astype(np.float64), neuron.coef_.T.astype(np.float64), neuron.intercept_)[0, column]
        ),
        "neuron": column + are_two,
        "probabilities": probabilities,
        "decided": decided,
    }


def _losses(subject, seen, truth, among) -> dict[str, Any]:
    """The true class, its loss and its share, by the names of an Explanation's fields."""
    true = _number_of(truth, subject.neuron.classes_)
    loss = float(-subject.neuron.predict_log_proba(seen)[0, true])
    if among is None:
        return {"true": true, "loss": loss}
    if not isinstance(among, tuple | list) or len(among) != 2:
        raise ValueError(f"among must be a pair (X, y), examples with their labels; got a {type(among).__name__}.")
    codes = codes_among(subject.neuron.classes_, column_or_1d(among[1]))
    check_consistent_length(among[0], codes)
    examples = subject.sees(among[0])
    everyone = -subject.neuron.predict_log_proba(examples)[np.arange(len(codes)), codes]
    return {
        "true": true,
        "loss": loss,
        "share": _share(loss, everyone),
        "n_among": len(codes),
        "reach": _reach(examples),
    }


def _reach(X):
    """Smallest and largest value of each feature."""
    X = X if sp.issparse(X) else np.asarray(X)
    ends = X.min(axis=0), X.max(axis=0)
    return np.array([end.toarray().ravel() if sp.issparse(end) else end for end in ends], dtype=np.float64)


def _share(loss, everyone):
    whole = float(everyone.sum(dtype=np.float64))
    if loss > whole * (1 + 1e-5):  # more than the rounding of float32
        raise ValueError(
            f"x must be one of the examples in among=(X, y), but its loss, {loss:.4g}, is more than all of theirs "
            f"together, {whole:.4g}: add it to them."
        )
    return min(loss / whole, 1.0) if whole > 0 else 0.0


def _number_of(truth, classes):
    found = [k for k, label in enumerate(classes.tolist()) if label == truth]
    if not found:
        raise ValueError(
            f"truth must be the class of x, one of {classes.tolist()}; got {truth!r}. "
            "(Its share among others needs it too.)"
        )
    return found[0]


def _one_row(x, has_names):
    """The sample as a table of one row; a Series keeps its names if the estimator knows names."""
    if hasattr(x, "to_frame") and hasattr(x, "index") and has_names:
        return x.to_frame().T.infer_objects()
    row = x if len(getattr(x, "shape", ())) == 2 or sp.issparse(x) else np.asarray(x)
    row = row.reshape(1, -1) if len(row.shape) == 1 else row
    if len(row.shape) != 2 or row.shape[0] != 1:
        raise ValueError(
            f"x must be one sample, of shape (n_features,) or (1, n_features); got shape {row.shape}. Pass one row of "
            "a table, such as X[0], X[[0]] or X.iloc[0]."
        )
    return row


def _steps_before(subject):
    steps = [] if subject.before is None else [step for _, step in subject.before.steps]
    return [type(step).__name__ for step in steps if step not in (None, "passthrough")]


# How numbers and names are said ---------------------------------------------------------------------------


def percent(probability):
    """A probability in words, never certain: the sigmoid of a finite score is neither 0 nor 1.

    Parameters
    ----------
    probability : float
        In [0, 1].

    Returns
    -------
    str

    Examples
    --------
    >>> from sklearn_neuron.inspection.explanation import percent
    >>> percent(0.893), percent(0.9953), percent(1 - 1e-12), percent(0.0)
    ('89 %', '99.5 %', 'more than 99.9 %', 'less than 0.1 %')
    """
    if probability > 0.999:
        return "more than 99.9 %"
    if probability < 0.001:
        return "less than 0.1 %"
    return f"{100 * probability:.{0 if 0.01 <= probability <= 0.99 else 1}f} %"


def spoken(name):
    """A class as one would call it: a number alone becomes "class 1", and True "class True"."""
    if name in ("True", "False"):
        return f"class {name}"
    try:
        float(name)
    except ValueError:
        return name
    return f"class {name}"


def _belief(probability):
    if probability > 0.9999:
        return "> 0.9999"
    return "< 0.0001" if probability < 0.0001 else f"= {probability:.4f}"


def _capital(sentence):
    return sentence[0].upper() + sentence[1:]


def _short(name):
    name = " ".join(name.split())  # a table has one line a row
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 3]}..."


def _decimals(numbers):
    """Decimals that show DIGITS digits of the largest number, or fewer if all others are then 0."""
    largest = np.abs(numbers).max(initial=0.0)
    most = int(np.clip(DIGITS - 1 - np.floor(np.log10(largest or 1.0)), 0, 9))
    rounded = np.round(numbers, most)
    return next(
        d for d in range(most + 1) if d == most or np.allclose(np.round(numbers, d), rounded, rtol=0, atol=1e-12)
    )


def largest_of(sizes, at_most):
    """Which have a line of their own: all as they come or, if these are too many, the largest, of which none is 0.

    Parameters
    ----------
    sizes : ndarray of shape (n,)
        At least 0.
    at_most : int
        How many lines there are.

    Returns
    -------
    shown, others : ndarray of int
        Numbers of those; one is shown even if all are 0.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn_neuron.inspection.explanation import largest_of
    >>> largest_of(np.array([0.0, 3.0, 0.0, 5.0]), 3)
    (array([3, 1]), array([0, 2]))
    """
    if len(sizes) <= at_most:
        return np.arange(len(sizes)), np.arange(0)
    order = np.argsort(-sizes, kind="stable")
    count = min(at_most, max(1, np.count_nonzero(sizes)))
    return order[:count], order[count:]


def _added_up(parts, bias, score):
    """Parts, their sum, the bias and the score, under each other with the same decimals, and so that they add up.

    Rounded one by one they would miss their sum by some units of the last place. So the parts that lose least by it are
    rounded to their other side.
    """
    numbers = np.array([*parts, np.sum(parts), bias, score])
    largest, n = np.abs(numbers).max(), len(parts)
    if not (1e-4 <= largest < 1e7 or largest == 0):
        return [f"{number:z.{DIGITS - 1}e}" for number in numbers]
    decimals = _decimals(numbers)
    exact = numbers * 10.0**decimals
    whole = np.rint(exact)
    whole[n] = whole[n + 2] - whole[n + 1]
    missing = whole[n] - whole[:n].sum()
    lost = (exact - whole)[:n] * np.sign(missing)
    turned = np.lexsort((-lost, lost == 0))[: int(abs(missing))]
    whole[turned] += np.sign(missing)
    return [f"{number:z.{decimals}f}" for number in whole / 10.0**decimals]


def _side_by_side(numbers):
    """Numbers that need not be of one size: the same decimals if that leaves two digits of the smallest."""
    sizes = np.abs(numbers)[np.asarray(numbers) != 0]
    decimals = _decimals(numbers)
    are_alike = len(sizes) == 0 or (sizes.max() < 1e7 and sizes.min() >= 10.0 ** (1 - decimals))
    return [f"{number:z.{decimals}f}" if are_alike else f"{number:.4g}" for number in numbers]


def _told_apart(a, b):
    """Two different numbers, each in as many digits as show how far they are apart, four at least."""
    alike = np.log10(max(abs(a), abs(b)) / abs(a - b)) if a != b else 0
    digits = int(np.clip(np.ceil(alike) + 2, 4, 17))
    return [f"{number:.{digits}g}" for number in (a, b)]


def _lines(cells):
    """The table for a terminal: names to the left, numbers to the right, a rule where the sum begins."""
    first, *widths = (max(len(row[j]) for row in cells) for j in range(4))
    lines = [f"{name:{first}}  {_sum_of(numbers, widths)}" for name, *numbers in cells]
    return [*lines[:-3], f"{'-' * widths[-1]:>{len(lines[0])}}", *lines[-3:]]


def _sum_of(numbers, widths):
    """A value times a weight is a product, or just words above the products, or a number below them."""
    value, weight, product = (f"{number:>{width}}" for number, width in zip(numbers, widths, strict=True))
    times, equals = ("*", "=") if numbers[0][-1:].isdigit() else (" ", " ")
    return f"{value} {times} {weight} {equals} {product}"


def _html_table(cells):
    rows = ["".join(f"<td>{html.escape(cell)}</td>" for cell in row) for row in cells]
    rows[0] = rows[0].replace("td>", "th>")
    return f"<table>{''.join(f'<tr>{row}</tr>' for row in rows)}</table>"
