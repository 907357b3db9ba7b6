"""How did it come to that? One sample's journey through the neuron, number by number.

Each feature is multiplied by its weight, the products and the bias are added up, the sum is bent into a belief, and the
belief is a decision; if the truth is known, it is also a loss::

    x_1 w_1 + ... + x_p w_p + b  =  z  --sigmoid-->  a = P(Y=1|x)  -->  "95 % sure it is toxic"  -->  -log P(Y=y|x)

In a layer softmax takes the place of the sigmoid: the scores of all neurons are told, and the share of each
(:mod:`~sklearn_neuron.inspection.shared_belief`).
:func:`explain` writes this down for one sample. A product says how far its feature pushed this sample, for the class or
against it, from where the feature is zero; what is zero, only its units can tell. (In a layer: further than the average
neuron did, for what all weights have in common is left out of them.)

Reference: D. R. Cox, The regression analysis of binary sequences, J. R. Stat. Soc. B 20 (1958), 215-242.
"""

import html
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.sparse as sp
from sklearn.utils import check_array

from sklearn_neuron.homes.labels import codes_among
from sklearn_neuron.inspection.share import loss_of
from sklearn_neuron.inspection.shared_belief import SharedBelief
from sklearn_neuron.inspection.subject import subject_of
from sklearn_neuron.neuron import linear_score, sigmoid
from sklearn_neuron.tables import Column, Table, added_up, apart, largest_of, percent, short, spoken, unlike

SHOWN_FEATURES = 10
LONGEST_NAME = 32
FARTHEST = 1000  # times its value that a feature may have to change for the boundary to be worth a word
NAME, SIGN, NUMBER = Column("<", before=""), Column(), Column()


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
        As `predict_proba` tells them; of more than two classes, the beliefs of all neurons divided by their sum, or
        those of a layer.
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
    shared : SharedBelief, default=None
        Of a layer, what all its neurons say.

    Examples
    --------
    >>> from sklearn_neuron import SigmoidNeuronClassifier, explain
    >>> from sklearn_neuron.datasets import make_toxic_plants
    >>> plants = make_toxic_plants(random_state=0)
    >>> neuron = SigmoidNeuronClassifier().fit(plants.data, plants.target)
    >>> told = explain(neuron, [5.3, 2.6])
    >>> print(round(told.values @ told.weights + told.bias, 4), round(float(told.z), 4))
    1.5297 1.5297
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
    shared: SharedBelief | None = None

    @property
    def products(self) -> np.ndarray:
        """What each feature adds to the score, w_i x_i, shape (n_features,)."""
        return self.weights * self.values

    @property
    def a(self) -> float:
        """Belief of this neuron alone, sigmoid(z); in a layer its share of the belief of all."""
        return float(sigmoid(self.z) if self.shared is None else self.shared.beliefs[self.neuron])

    @property
    def decision(self) -> Any:
        """Label of the class predicted."""
        return self.classes[self.decided]

    @property
    def truth(self) -> Any:
        """Label of the true class; None if it is not known."""
        return None if self.true is None else self.classes[self.true]

    @property
    def probability(self) -> float:
        """P(decision | x): how sure it is of what it decides."""
        return float(self.probabilities[self.decided])

    @property
    def times_average(self) -> float | None:
        """Its loss as a multiple of the average among the examples it is one of; None without them."""
        return None if self.share is None or self.n_among is None else self.share * self.n_among

    @property
    def sentence(self) -> str:
        """The decision as one would say it: "95 % sure it is toxic"."""
        return f"{percent(self.probability)} sure it is {self._name(self.decided)}"

    def __str__(self) -> str:
        shares = [line for table in self._tables for line in ["", *table.lines()]]
        return "\n".join([*self._heading, *self._lines(), *shares, "", *self._words])

    __repr__ = __str__

    def _repr_html_(self) -> str:
        heading, words = ([f"<p>{html.escape(line)}</p>" for line in part] for part in (self._heading, self._words))
        tables = [Table(self._cells(), [NAME, NUMBER, NUMBER, NUMBER]), *self._tables]
        return "".join([*heading, *(table.html() for table in tables), *words])

    def _cells(self):
        """Rows of name, value, weight and product, with a heading; rows of sums have a name and a number."""
        shown, smaller = largest_of(np.abs(self.products), SHOWN_FEATURES)
        parts = [*self.products[shown], *[self.products[smaller].sum()] * (len(smaller) > 0)]
        numbers = added_up(parts, self.bias, self.z)
        sums = [*[f"... and {len(smaller):,} smaller"] * (len(smaller) > 0), "sum of products", "+ bias b", "= score z"]
        columns = (unlike(self.values[shown]), unlike(self.weights[shown]), numbers)
        names = [short(self.feature_names[j], LONGEST_NAME) for j in shown]
        rows = [["feature", "value x", "weight w", "product w x"], *map(list, zip(names, *columns, strict=False))]
        return rows + [[name, "", "", number] for name, number in zip(sums, numbers[len(shown) :], strict=True)]

    def _lines(self):
        """The table for a terminal: a value times a weight is a product, and a rule stands where the sum begins."""
        rows = [
            [name, value, "*" * value[-1:].isdigit(), weight, "=" * value[-1:].isdigit(), product]
            for name, value, weight, product in self._cells()
        ]
        lines = Table(rows, [NAME, Column(before="  "), SIGN, NUMBER, SIGN, NUMBER]).lines()
        rule = "-" * max(len(row[-1]) for row in rows)
        return [*lines[:-3], f"{rule:>{len(lines[0])}}", *lines[-3:]]

    @property
    def _tables(self):
        """Of a layer, what each of its neurons is given of the one belief."""
        names = [short(name, LONGEST_NAME) for name in self.class_names]
        return [] if self.shared is None else [self.shared.table(names)]

    @property
    def _heading(self):
        if len(self.classes) == 2:
            return []
        which = "the class predicted" if self.neuron == self.decided else "which is not the class predicted"
        many = f"there are {len(self.classes)} neurons" + ", which share one belief" * (self.shared is not None)
        return [f"The neuron of {self._name(self.neuron)}, {which}; {many}."]

    @property
    def _words(self):
        words = [*self.beliefs, self.verdict, *self._boundary, *self._losses]
        if self.steps_before:
            words.append(f"Values are those that the neuron sees, after {', '.join(self.steps_before)}.")
        return words

    @property
    def beliefs(self) -> list[str]:
        """What comes of the score, in a sentence or two."""
        name = self._name(self.neuron)
        if self.shared is not None:
            return self._shares(self.shared, name)
        belief = f"a = 1 / (1 + exp(-z)) {_belief(self.a)}"
        if len(self.classes) == 2:
            return [f"{belief} is P({name} | x)."]
        together = f"P({name} | x) {_belief(self.probabilities[self.neuron])}"
        return [f"{belief} is what this neuron alone believes.", f"{together} is its part of what all of them believe."]

    def _shares(self, shared, name):
        other = shared.rival(self.neuron, self.decided)
        ahead, behind = (self.neuron, other) if self.neuron == self.decided else (other, self.neuron)
        odds = f"{_times(shared.odds(ahead, behind))} as probable as {self._name(behind)}"
        runner_up = ", the runner-up" * (self.neuron == self.decided)
        return [
            f"a = exp(z) / sum of all exp(z) {_belief(self.a)} is P({name} | x).",
            f"{_capital(self._name(ahead))} is {odds}{runner_up}: exp of the difference of their scores.",
        ]

    @property
    def verdict(self) -> str:
        """The decision as a sentence, and whether it is right, if the truth is known."""
        if self.true is None:
            return f"{_capital(self.sentence)}."
        outcome = "and it is" if self.true == self.decided else f"but it is {self._name(self.true)}"
        return f"{_capital(self.sentence)}, {outcome}."

    @property
    def _boundary(self):
        """How far away the boundary is, along the feature that needs the least change relative to its value."""
        return self._alone if self.shared is None else self._between_two(self.shared)

    def _between_two(self, shared):
        """Where two classes of a layer tie."""
        found = shared.nearest_tie(self.neuron, self.decided, self.values)
        if found is None:
            return ["All weights are 0: they say the same of every sample."] * (not shared.weights.any())
        other, j, change = found
        if abs(change) > FARTHEST * abs(self.values[j]):
            return []
        who = f"{self._name(self.neuron)} and {self._name(other)}"
        if change == 0:
            return [f"It hesitates between {who}: their scores are the same."]
        told = f"hesitate between {who}" if self.neuron == self.decided else f"believe the same of {who}"
        return [f"It would {told} at {self._turn(j, self.values[j] + change)}."]

    @property
    def _alone(self):
        """Where z = 0."""
        who = "It" if len(self.classes) == 2 else "This neuron"
        if not self.weights.any():
            return [f"All weights are 0: {who.lower()} says the same of every sample."]
        if self.z == 0:
            return [f"{who} hesitates: z = 0 is the boundary."]
        j = int(np.argmax(np.abs(self.products)))
        if abs(self.z) > FARTHEST * abs(self.products[j]):
            return []
        return [f"{who} would hesitate at {self._turn(j, self.values[j] - self.z / self.weights[j])}."]

    def _turn(self, j, value):
        """A feature and the value at which something would change."""
        there, here = apart(value, self.values[j])
        place = f"{short(self.feature_names[j], LONGEST_NAME)} = {there} instead of {here}"
        return f"{place}, all else being equal{self._beyond(j, value)}"

    def _beyond(self, j, value):
        """That a feature never has this value, if it is beyond all that are known."""
        if self.reach is None or self.reach[0, j] <= value <= self.reach[1, j]:
            return ""
        side, end = ("below", self.reach[0, j]) if value < self.reach[0, j] else ("above", self.reach[1, j])
        return f"; but in the {self.n_among:,} examples it is never {side} {apart(end, value)[0]}"

    @property
    def _losses(self):
        if self.loss is None:
            return []
        loss = f"Loss: -log P({self._name(self.true)} | x) = {self.loss:.4g} nats"
        if self.share is None:
            return [f"{loss}."]
        part = f"{self.share:.0%}".replace("%", " %") if self.share in (0, 1) else percent(self.share)
        whole = f"That is {part} of the whole log-loss of {self.n_among:,} examples"
        times = f"{self.times_average:.3g}"
        return [f"{loss}.", f"{whole}, {'as much as' if times == '1' else f'{times} times'} their average."]

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
        Of more than two classes, the one whose neuron to follow; None is the class predicted. Of a layer all scores are
        told.
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
    leaf_length          5.3 *   0.7497 =      3.9736
    leaf_width           2.6 *   1.4977 =      3.8941
                                          -----------
    sum of products                            7.8677
    + bias b                                  -6.3380
    = score z                                  1.5297
    <BLANKLINE>
    a = 1 / (1 + exp(-z)) = 0.8220 is P(toxic | x).
    82 % sure it is toxic, and it is.
    It would hesitate at leaf_length = 3.26 instead of 5.3, all else being equal.
    Loss: -log P(toxic | x) = 0.1961 nats.
    """
    subject = subject_of(estimator)
    seen = subject.sees(_one_row(x, hasattr(estimator, "feature_names_in_")))
    answers = _answers(subject, seen, class_of_interest)
    loss = {} if truth is None and among is None else loss_of(subject, seen, truth, among)._asdict()
    return Explanation(
        feature_names=subject.feature_names(feature_names),
        class_names=subject.class_names(class_names),
        classes=subject.neuron.classes_,
        steps_before=subject.steps_before,
        **answers,
        **loss,
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
    asked = slice(None) if subject.is_layer else column
    if not (np.isfinite(neuron.coef_[asked]).all() and np.isfinite(neuron.intercept_[asked]).all()):
        raise ValueError("A weight of this neuron is not finite: it tripped too far to say anything of a sample.")
    weights = neuron.coef_.astype(np.float64)
    scores = linear_score(row.astype(np.float64), weights.T, neuron.intercept_)[0]
    return {
        "values": (row.toarray() if sp.issparse(row) else row).ravel().astype(np.float64),
        "weights": weights[column],
        "bias": float(neuron.intercept_[column]),
        "z": float(scores[column]),
        "neuron": column + are_two,
        "probabilities": probabilities,
        "decided": decided,
        "shared": SharedBelief(scores, weights, probabilities) if subject.is_layer else None,
    }


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


def _belief(probability):
    if probability > 0.9999:
        return "> 0.9999"
    return "< 0.0001" if probability < 0.0001 else f"= {probability:.4f}"


def _times(odds):
    """How many times, as one would say it."""
    return "more than a million times" if odds > 1e6 else f"{odds:.3g} times"


def _capital(sentence):
    return sentence[0].upper() + sentence[1:]
