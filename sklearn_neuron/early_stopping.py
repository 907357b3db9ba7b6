"""When is more learning worse? When examples that nobody learns from are believed less well, step after step.

After every step the neurons are asked about examples that were held out. What they are asked is the log-loss that they
learn from, without the penalty, each neuron by itself and a layer as one; or what a scorer says, of all together::

    V(theta)  =  sum_i s_i loss(z_i, y_i) / sum_i s_i        over the examples i that were held out

Who has not been better for so many steps has walked enough, and the weights of the best step are kept. That is no
minimum of J, and does not say so.

Reference: L. Prechelt, Early stopping - but when?, in: Neural Networks: Tricks of the Trade (1998), 55-69.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import numpy as np
import scipy.sparse as sp
from sklearn.metrics import get_scorer
from sklearn.model_selection import train_test_split
from sklearn.utils import assert_all_finite

from sklearn_neuron.held_out import takes_weights, told_all_classes
from sklearn_neuron.objective import Objective
from sklearn_neuron.solvers.stages import Walked
from sklearn_neuron.solvers.stopping import Outcome
from sklearn_neuron.solvers.walk import columns_of
from sklearn_neuron.telling.advice import warn_of_weights_unscored


class Examples(NamedTuple):
    """What is learned from, or held out, after it was checked."""

    X: Any  # (n, p)
    y: np.ndarray  # (n,)
    weight: np.ndarray  # (n,), above 0


def split_off(examples: Examples, fraction, random_state) -> tuple[Examples, Examples]:
    """Examples to learn from, and those that are held out, classes in proportion.

    Parameters
    ----------
    examples : Examples
        All of them.
    fraction : float or int
        Share, or number, of those to hold out.
    random_state : int, RandomState instance or None
        Who draws them.

    Raises
    ------
    ValueError
        If a class is too rare for that.
    """
    try:
        parts = train_test_split(*examples, test_size=fraction, stratify=examples.y, random_state=random_state)
    except ValueError as error:
        raise ValueError(
            f"early_stopping=True cannot hold out examples of every class with validation_fraction={fraction!r}: "
            f"{error} Change validation_fraction, or pass X_val and y_val to fit."
        ) from None
    return Examples(*parts[::2]), Examples(*parts[1::2])


def check_given(early_stopping, X_val, y_val, sample_weight_val) -> None:
    """Refuse examples to stop by that are not whole, or not asked for.

    Raises
    ------
    ValueError
        If only one of `X_val` and `y_val` is given, only weights are, or there is no early stopping.
    """
    if (X_val is None) != (y_val is None):
        given, missing = ("y_val", "X_val") if X_val is None else ("X_val", "y_val")
        raise ValueError(f"{given} was passed to fit without {missing}: they go together.")
    if X_val is None and sample_weight_val is not None:
        raise ValueError("sample_weight_val was passed to fit without X_val and y_val, whose weights it holds.")
    if X_val is not None and not early_stopping:
        raise ValueError(
            "X_val and y_val were passed to fit, but early_stopping is False: set it to True to stop by them."
        )


@contextmanager
def given_by_user() -> Iterator[None]:
    """Say of an error that it is about what was given to stop by."""
    try:
        yield
    except ValueError as error:
        raise ValueError(f"X_val, y_val or sample_weight_val cannot be used: {error}") from None


def refuse_unless_finite(held_out: Examples, name) -> None:
    """Refuse numbers in X that no neuron would be asked about; a fit finds those that are learned from on its way.

    Raises
    ------
    ValueError
        If some are missing or infinite.
    """
    X = held_out.X.data if sp.issparse(held_out.X) else held_out.X
    assert_all_finite(X, estimator_name=name, input_name="X")


class LogLoss:
    """The mean log-loss of every neuron, or of a layer, on held-out examples; `objective` is J there, of no penalty."""

    column = "validation_loss"
    of_all = False  # each neuron has its own

    def __init__(self, objective: Objective):
        self.objective = objective

    def __call__(self, weights, everybody, walking) -> np.ndarray:
        """V of those who walk, at their weights."""
        return self.objective.neurons(walking).at(weights).loss

    def badness(self, told) -> np.ndarray:
        """What is less where it is better."""
        return told


class Score:
    """What a scorer says of the neurons as they stand, on held-out examples; of all the same.

    Parameters
    ----------
    scoring : str, callable or None
        The scorer, ``scorer(estimator, X, y)``, more is better; None is accuracy.
    knowing : callable
        ``knowing(weights)`` is a neuron that knows these weights and biases, (p + 1, K).
    held_out : Examples
        Whom it is asked about.
    """

    column = "validation_score"
    of_all = True

    def __init__(self, scoring, knowing, held_out: Examples, classes):
        self.scoring, self.knowing, self.held_out = scoring, knowing, held_out
        scorer = get_scorer("accuracy" if scoring is None else scoring)
        self.counts = {} if (held_out.weight == 1).all() else {"sample_weight": held_out.weight}
        if self.counts and not takes_weights(scorer):
            warn_of_weights_unscored(scoring)
            self.counts = {}
        self.scorer = told_all_classes(scorer, classes, held_out.y)

    def __call__(self, weights, everybody, walking) -> np.ndarray:
        """The score, once for each who walks.

        Raises
        ------
        ValueError
            If it is no number, or the scorer cannot tell one.
        """
        X, y, _ = self.held_out
        try:
            score = float(self.scorer(self.knowing(everybody), X, y, **self.counts))
        except (TypeError, ValueError) as error:
            raise ValueError(
                f"scoring={self.scoring!r} cannot judge the examples that are held out: {error}"
            ) from error
        if np.isnan(score):
            raise ValueError(
                f"scoring={self.scoring!r} says nan of the examples that are held out: early stopping needs a number. "
                "Hold out examples of every class (X_val, y_val), or choose another scoring."
            )
        return np.full(len(walking), score)

    def badness(self, told) -> np.ndarray:
        """What is less where it is better."""
        return -told


class Validation:
    """A callback of a walk that looks at held-out examples, and remembers where they were believed best.

    Steps on a sample of the examples are not judged: those on all of them start from where they lead.

    Parameters
    ----------
    measure : LogLoss or Score
        How well examples are believed.
    patience : int
        Steps without a better one after which a neuron has walked enough.

    Attributes
    ----------
    steps : ndarray of int of shape (n_walks,)
        The best step of each.
    weights : ndarray of shape (p + 1, K)
        Weights and biases there, in the units of X.
    """

    steps: np.ndarray
    weights: np.ndarray

    def __init__(self, measure, patience):
        self.measure, self.patience = measure, patience
        self._here: Any = None  # weights of all neurons where they stand

    def __call__(self, step, history) -> np.ndarray | bool:
        """Note how well they are believed here; whether each of those who walk has walked enough."""
        if not history.is_on_all:
            return False
        if self._here is None:
            self._begin(step)
        walking = step.walking
        self._here[:, columns_of(walking, self._neurons)], self._at[walking] = step.here.weights, step.iteration
        told = self.measure(step.here.weights, self._here, walking)
        history.note(told[0] if self.measure.of_all else told, slice(None) if self.measure.of_all else walking)
        badness = self.measure.badness(told)
        better = badness < self._least[walking]
        self._least[walking[better]] = badness[better]
        best = walking[better]
        if self.measure.of_all and len(best):
            best = np.arange(len(self._at))  # those who rest as well: it is they all who were judged
        columns = columns_of(best, self._neurons)
        self.steps[best], self.weights[:, columns] = self._at[best], self._here[:, columns]
        return step.iteration - self.steps[walking] >= self.patience

    def _begin(self, step):
        """All walk."""
        self._here, walks = np.array(step.here.weights, dtype=np.float64), len(step.walking)
        self.weights, self._neurons = self._here.copy(), self._here.shape[1] // walks
        self.steps, self._at = np.zeros((2, walks), dtype=np.int32)
        self._least = np.full(walks, np.inf)

    def keep_best(self, walked: Walked) -> np.ndarray:
        """Give back the best weights to those who have walked on from there; the steps (n_walks,) that led to them."""
        arrival = walked.arrival
        if self._here is None:
            return arrival.iterations
        tripped = np.array([why is Outcome.DIVERGED for why in arrival.outcomes])  # and is where J was lowest
        early = np.flatnonzero((self.steps < arrival.iterations) | tripped)
        if len(early):
            columns = columns_of(early, self._neurons)
            arrival.weights = arrival.weights.copy()
            arrival.weights[:, columns] = self.weights[:, columns]
            arrival.theta = walked.objective.from_weights(arrival.weights)
        for k in early:
            if not tripped[k]:
                arrival.outcomes[k] = Outcome.EARLY
        return self.steps
