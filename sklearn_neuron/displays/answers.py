"""What one neuron said to every sample, and what was true.

A class of a layer is looked at as a neuron that is told leads instead of scores: the sigmoid of a lead is the belief in
the class (:mod:`~sklearn_neuron.inspection.layers`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from sklearn.utils import check_consistent_length, column_or_1d

from sklearn_neuron.displays import palette
from sklearn_neuron.displays.base import Display
from sklearn_neuron.displays.names import plain, shortened
from sklearn_neuron.homes.labels import codes_among
from sklearn_neuron.inspection.subject import Subject

LONGEST_NAME = 20
OWN_BELIEF = "one neuron's own belief, not predict_proba"
A_SHARE = "as predict_proba; the largest decides"


class Answers(NamedTuple):
    """Scores and truths of samples."""

    linear_scores: np.ndarray  # (n,), of a class of a layer its leads
    truths: np.ndarray  # (n,) booleans
    class_names: tuple[str, str]  # of False and of True
    against_the_rest: bool  # one class of many
    in_a_layer: bool  # of which the neurons share one belief


def answers_of(subject: Subject, X, y, class_of_interest=None, class_names=None) -> Answers:
    """Ask the neuron of a class about samples whose truth is known; parameters as in displays.

    Raises
    ------
    ValueError
        If no neuron, or more than one, can be meant, a label is unknown, or `X` and `y` differ in length.
    """
    k, names, classes = subject.column(class_of_interest), subject.class_names(class_names), subject.neuron.classes_
    z = subject.belief_scores(subject.neuron.decision_function(subject.sees(X)), class_of_interest)
    y = column_or_1d(y)
    check_consistent_length(z, y)
    many = len(classes) > 2
    pair = (f"not {names[k]}", names[k]) if many else (names[0], names[1])
    return Answers(z, codes_among(classes, y) == (k if many else 1), pair, many, subject.is_layer)


@dataclass(kw_only=True, eq=False, repr=False)
class AnswersDisplay(Display):
    """A picture of what one neuron said to every sample.

    Parameters
    ----------
    linear_scores : array-like of shape (n_samples,)
        Scores z, or of a class of a layer its leads; the belief is ``a = sigmoid(z)``.
    truths : array-like of shape (n_samples,)
        1 or True where the sample is of the class that a high score speaks for, otherwise 0 or False.
    class_names : sequence of two str, default=("0", "1")
        Names of the classes 0 and 1.
    against_the_rest : bool, default=False
        Whether the neuron is one of several, which decide together.
    in_a_layer : bool, default=False
        Whether these share one belief, so that its own is that of `predict_proba`.
    """

    linear_scores: Any
    truths: Any
    class_names: Sequence[str] = ("0", "1")
    against_the_rest: bool = False
    in_a_layer: bool = False

    def _checked(self):
        """Scores (n,) in their own float type, and truths (n,) as booleans."""
        z, truths = np.asarray(self.linear_scores), np.asarray(self.truths)
        if z.ndim != 1 or z.shape != truths.shape or not z.size:
            raise ValueError(
                "linear_scores and truths must have the same shape (n_samples,), with a sample at least; "
                f"got {z.shape} and {truths.shape}."
            )
        if np.isnan(z).any() or not np.isin(truths, (0, 1)).all():
            raise ValueError("linear_scores must be numbers, without nan, and truths 0 or 1.")
        return z, truths.astype(bool)

    def _believed(self, symbol):
        """What an axis of beliefs says: a probability, or of one neuron of several what it alone believes."""
        name = shortened(self.class_names[1], LONGEST_NAME)
        one = f"this neuron's belief {symbol} in {name}"
        return plain(one if self._is_alone else f"belief {symbol} = P({name})")

    @property
    def _is_alone(self):
        """Whether its belief is its own, and not what all neurons together believe."""
        return self.against_the_rest and not self.in_a_layer

    def _scatter(self, x, y, truths, n, given):
        """The samples of both classes, as large as n of them may be; those at the border of the view are seen whole."""
        styles = [palette.sample_style(k, self.class_names[k], n, given) | {"clip_on": False} for k in (0, 1)]
        return [self.ax_.scatter(x[truths == k], y[truths == k], **style) for k, style in enumerate(styles)]

    def _remarks(self, n_drawn):
        """Small print: whose belief it is, and how many samples are drawn if not all are."""
        whose = [A_SHARE if self.in_a_layer else OWN_BELIEF] * self.against_the_rest
        return whose + palette.if_thinned(n_drawn, len(self.linear_scores))
