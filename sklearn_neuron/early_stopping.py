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
from sklearn.model_selection import train_test_split

from sklearn_neuron.objective import Objective
from sklearn_neuron.solvers.stages import Walked
from sklearn_neuron.solvers.stopping import Outcome


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


class LogLoss:
    """The mean log-loss of every neuron, or of a layer, on held-out examples; `objective` is J there, of no penalty."""

    column = "validation_loss"

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
    scorer : callable
        ``scorer(estimator, X, y)``, more is better.
    knowing : callable
        ``knowing(weights)`` is a neuron that knows these weights and biases, (p + 1, K).
    held_out : Examples
        Whom it is asked about.
    """

    column = "validation_score"

    def __init__(self, scorer, knowing, held_out: Examples):
        self.scorer, self.knowing, self.held_out = scorer, knowing, held_out

    def __call__(self, weights, everybody, walking) -> np.ndarray:
        """The score, once for each who walks."""
        X, y, weight = self.held_out
        counts = {} if (weight == 1).all() else {"sample_weight": weight}
        return np.full(len(walking), float(self.scorer(self.knowing(everybody), X, y, **counts)))

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
        self._here[:, self._columns(walking)] = step.here.weights
        told = self.measure(step.here.weights, self._here, walking)
        history.note(told, walking)
        better = self.measure.badness(told) < self._least[walking]
        best, columns = walking[better], self._columns(walking[better])
        self._least[best], self.steps[best] = self.measure.badness(told)[better], step.iteration
        self.weights[:, columns] = self._here[:, columns]
        return step.iteration - self.steps[walking] >= self.patience

    def _begin(self, step):
        """All walk."""
        self._here, walks = np.array(step.here.weights, dtype=np.float64), len(step.walking)
        self.weights, self._neurons = self._here.copy(), self._here.shape[1] // walks
        self.steps, self._least = np.zeros(walks, dtype=np.int32), np.full(walks, np.inf)

    def _columns(self, walks):
        """Numbers of the neurons of some walks."""
        return (self._neurons * walks[:, None] + np.arange(self._neurons)).ravel()

    def keep_best(self, walked: Walked) -> np.ndarray:
        """Give back the best weights to those who have walked on from there; the steps (n_walks,) that led to them.

        Who has tripped keeps the lowest place that it saw.
        """
        arrival = walked.arrival
        if self._here is None:
            return arrival.iterations
        tripped = np.array([why is Outcome.DIVERGED for why in arrival.outcomes])
        early = np.flatnonzero((self.steps < arrival.iterations) & ~tripped)
        if len(early):
            columns = self._columns(early)
            arrival.weights = arrival.weights.copy()
            arrival.weights[:, columns] = self.weights[:, columns]
            arrival.theta = walked.objective.from_weights(arrival.weights)
        for k in early:
            arrival.outcomes[k] = Outcome.EARLY
        return np.where(tripped, arrival.iterations, self.steps)
