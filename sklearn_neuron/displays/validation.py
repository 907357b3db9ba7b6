"""Which C believes best about what it has not seen? Scores along C, fold by fold, and the one that was chosen.

Where the penalty is strong the neuron says nearly the same of every sample; where it is weak it learns samples by
heart. In between the score is best, often along a wide and flat top: within one standard error of the best,
``s / sqrt(folds)`` with s the standard deviation over folds, nobody can tell one C from another, and the smallest of
those is the simplest neuron that may be as good.

Reference: T. Hastie, R. Tibshirani, J. Friedman, The Elements of Statistical Learning (2nd ed., 2009), section 7.10.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from sklearn.utils.validation import check_is_fitted

from sklearn_neuron._sklearn import check_matplotlib_support
from sklearn_neuron.displays import palette
from sklearn_neuron.displays.along_c import draw_axis, draw_chosen, places_of
from sklearn_neuron.displays.base import Display, styled
from sklearn_neuron.displays.names import plain

NAMED = {"neg_log_loss": "minus log-loss of samples held out (nats)"}


@dataclass(kw_only=True, eq=False, repr=False)
class ValidationDisplay(Display):
    """Scores of samples held out, along C: of each fold, their average, and one standard error around it.

    Parameters
    ----------
    Cs : ndarray of shape (n_Cs,)
        Inverse strengths of the penalty; ``np.inf`` is none.
    scores : ndarray of shape (n_folds, n_Cs)
        Of the samples that each fold held out; more is better.
    C : float, default=None
        The chosen one.
    scoring : str, default=None
        What was scored.
    l1_ratio : str, default=""
        What is told of the share of the penalty that was paid for the size of weights.

    Attributes
    ----------
    ax_, figure_ : matplotlib Axes and Figure
        Where it is drawn.
    lines_ : list of matplotlib Line2D
        One a fold.
    mean_ : matplotlib Line2D
        Their average.
    error_ : matplotlib PolyCollection or None
        One standard error to either side of it; None of one fold.
    chosen_ : matplotlib Line2D or None
        At the chosen C.
    legend_ : matplotlib Legend
        What is what.

    See Also
    --------
    RegularizationPathDisplay : What is learned along C.

    Examples
    --------
    >>> from sklearn_neuron import SigmoidNeuronClassifierCV
    >>> from sklearn_neuron.datasets import make_toxic_plants
    >>> from sklearn_neuron.displays import ValidationDisplay
    >>> plants = make_toxic_plants(random_state=0)
    >>> neuron = SigmoidNeuronClassifierCV(Cs=[1e-3, 0.1, 10]).fit(plants.data, plants.target)
    >>> display = ValidationDisplay.from_estimator(neuron)
    >>> print(display.chosen_.get_label())
    chosen: C = 10
    """

    Cs: Any
    scores: Any
    C: float | None = None
    scoring: str | None = None
    l1_ratio: str = ""

    @classmethod
    def from_estimator(cls, estimator, *, ax=None, line_kwargs=None) -> Self:
        """Draw what a cross-validated neuron has found.

        Parameters
        ----------
        estimator : SigmoidNeuronClassifierCV
            Fitted.

        Raises
        ------
        TypeError
            If it has not chosen C.
        """
        check_matplotlib_support(f"{cls.__name__}.from_estimator")
        Cs, scores, ratio = chosen_by(estimator, "scores_")
        scoring = estimator.scoring
        name = "neg_log_loss" if scoring is None else scoring if isinstance(scoring, str) else None
        C = estimator.C_ if estimator.refit else None
        display = cls(Cs=Cs, scores=scores[:, ratio], C=C, scoring=name, l1_ratio=named_ratio(estimator, ratio))
        return display.plot(ax, line_kwargs=line_kwargs)

    def plot(self, ax=None, *, line_kwargs=None) -> Self:
        """Draw the scores.

        Raises
        ------
        ValueError
            If there is not one score a fold and C.
        """
        order, scores = self._checked()
        x = places_of(self.Cs)[order]
        self._place(ax)
        ours = {"color": palette.FAINT, "linewidth": 1.0, "zorder": 1.5}
        self.lines_ = [self.ax_.plot(x, each, **styled("lines.Line2D", ours, line_kwargs))[0] for each in scores]
        self.lines_[0].set_label("fold by fold" if len(scores) > 1 else "held out")
        mean = scores.mean(axis=0)
        style = {"color": palette.PURPLE, "linewidth": 2.4, "marker": "o", "markersize": 4, "label": "average"}
        (self.mean_,) = self.ax_.plot(x, mean, zorder=3, **style)
        self.error_ = self._draw_error(x, mean, scores)
        self.chosen_ = draw_chosen(self.ax_, self.C, self.Cs)
        draw_axis(self.ax_, self.Cs)
        self.ax_.set_ylabel(plain(NAMED.get(self.scoring or "", self.scoring or "score of samples held out")))
        self.legend_ = palette.legend_above(self.ax_, "Which C believes best", self._remarks())
        return self

    def _checked(self):
        """The order in which C grows, and scores in that."""
        Cs, scores = np.asarray(self.Cs, dtype=np.float64), np.atleast_2d(np.asarray(self.scores, dtype=np.float64))
        if Cs.ndim != 1 or scores.shape[1:] != Cs.shape or not len(scores):
            raise ValueError(f"scores must be (n_folds, {len(Cs)}), one a fold and C; got shape {scores.shape}.")
        order = np.argsort(Cs, kind="stable")
        return order, scores[:, order]

    def _draw_error(self, x, mean, scores):
        if len(scores) < 2:
            return None
        error = scores.std(axis=0, ddof=1) / np.sqrt(len(scores))
        style = {"color": palette.PURPLE, "alpha": 0.15, "linewidth": 0, "label": "one standard error"}
        return self.ax_.fill_between(x, mean - error, mean + error, zorder=1, **style)

    def _remarks(self):
        """Of which penalty this is told, and that the best may lie beyond what was tried."""
        told = [self.l1_ratio] if self.l1_ratio else []
        if self.C is None or len(self.Cs) < 2:
            return told
        at_end = self.C in (np.min(self.Cs), np.max(self.Cs)) and np.isfinite(self.C)
        return [*told, "at the end of those tried"] if at_end else told


def chosen_by(estimator: Any, attribute: str) -> Sequence[Any]:
    """All C that a cross-validated neuron has tried, what each fold has found, and which l1_ratio is to be shown.

    Raises
    ------
    TypeError
        If it is none.
    """
    if not hasattr(estimator, "Cs"):
        raise TypeError(
            "A SigmoidNeuronClassifierCV is needed, which tries many C on many folds; "
            f"got a {type(estimator).__name__}."
        )
    check_is_fitted(estimator)
    nearest = int(np.abs(estimator.l1_ratios_ - estimator.l1_ratio_).argmin())  # that chosen; of averages one of them
    return estimator.Cs_, getattr(estimator, attribute), nearest


def named_ratio(estimator: Any, which: int) -> str:
    """What is said of the l1_ratio that is shown; nothing if there is none."""
    ratios = estimator.l1_ratios_
    if not ratios.any():
        return ""
    among = f", the best of {len(ratios)}" if len(ratios) > 1 else ""
    return f"l1_ratio = {ratios[which]:.3g}{among}"
