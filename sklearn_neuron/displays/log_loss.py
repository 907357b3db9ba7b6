"""What does a wrong belief cost? The log-loss of either truth, with every sample on it.

A sample pays for the probability that the neuron gave to its truth::

    -log a          if it is of class 1
    -log(1 - a)     if it is of class 0

Whoever is sure pays next to nothing if that was right, and without limit if it was wrong; who hesitates, at a = 0.5,
pays log 2 whatever the truth.

The mean of what the samples pay is their log-loss; J, which a fit makes small, adds the penalty to it. Of more than two
classes each has a neuron of its own, and what is drawn is what one of them pays, class against rest.

A layer pays for the truth alone, ``-log a_y``. A sample of the class in question stands on its curve. One of another
class stands above the other curve, by what it pays for being taken for a third one.

Reference: I. J. Good, Rational decisions, J. R. Stat. Soc. B 14 (1952), 107-114, section 8.
"""

from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from sklearn_neuron.displays import palette
from sklearn_neuron.displays.answers import AnswersDisplay, answers_of
from sklearn_neuron.displays.base import styled
from sklearn_neuron.neuron import example_loss, sigmoid

LOWEST, HIGHEST = 3.0, 7.0  # nats: the top of the view, at least and at most
HESITATION = float(np.log(2))


@dataclass(kw_only=True, eq=False, repr=False)
class LogLossDisplay(AnswersDisplay):
    """The loss of both truths against the belief, with samples on their curves.

    Parameters
    ----------
    losses : array-like of shape (n_samples,), default=None
        What samples pay, in nats, if not what their belief and truth tell: in a layer it depends on all classes.

    Attributes
    ----------
    ax_, figure_ : matplotlib Axes and Figure
        Where it is drawn.
    lines_ : list of matplotlib Line2D
        Losses if the truth is class 0, and if it is class 1, in nats.
    points_ : list of matplotlib PathCollection
        Samples of class 0 and of class 1, at their belief and loss; those beyond the view sit at its upper border.
    hesitation_ : matplotlib Line2D
        log 2, what a belief of 0.5 costs.
    remarks_ : list of matplotlib Text
        What is dear and what is cheap, and what doubt costs.
    beyond_ : matplotlib Text or None
        How many samples lie above the view; None if none does.
    legend_ : matplotlib Legend
        Names of what is drawn.

    See Also
    --------
    SigmoidCurveDisplay : Where the beliefs come from.

    Examples
    --------
    >>> from sklearn_neuron import SigmoidNeuronClassifier
    >>> from sklearn_neuron.datasets import make_toxic_plants
    >>> from sklearn_neuron.displays import LogLossDisplay
    >>> plants = make_toxic_plants(random_state=0)
    >>> neuron = SigmoidNeuronClassifier().fit(plants.data, plants.target)
    >>> display = LogLossDisplay.from_estimator(neuron, plants.data, plants.target, class_names=plants.target_names)
    >>> [len(points.get_offsets()) for points in display.points_]
    [100, 100]
    """

    losses: Any = None

    @classmethod
    def from_estimator(
        cls,
        estimator,
        X,
        y,
        *,
        class_of_interest=None,
        class_names=None,
        max_points=2000,
        ax=None,
        line_kwargs=None,
        scatter_kwargs=None,
    ) -> Self:
        """Ask a fitted neuron about samples, and draw what its answers cost.

        Raises
        ------
        ValueError
            If the data do not fit the neuron.
        """
        subject = cls._subject_of(estimator)
        answers = answers_of(subject, X, y, class_of_interest, class_names)
        losses = subject.losses(subject.sees(X), y) if answers.in_a_layer else None
        display = cls(**answers._asdict(), losses=losses)
        return display.plot(ax, max_points=max_points, line_kwargs=line_kwargs, scatter_kwargs=scatter_kwargs)

    def plot(self, ax=None, *, max_points=2000, line_kwargs=None, scatter_kwargs=None) -> Self:
        """Draw the curves and the samples.

        Raises
        ------
        ValueError
            If there is not one truth, 0 or 1, a score, or not one loss.
        """
        z, truths = self._checked()
        loss = example_loss(z, truths) if self.losses is None else np.asarray(self.losses)
        top = float(np.clip(1.15 * loss.max(), LOWEST, HIGHEST))
        drawn = palette.thinned(len(z), max_points, truths)
        self._place(ax)
        self._draw_curves(top, line_kwargs)
        places = sigmoid(z[drawn]), np.minimum(loss[drawn], top)
        self.points_ = self._scatter(*places, truths[drawn], len(drawn), scatter_kwargs)
        self._remark(top)
        self.beyond_ = self._count_beyond(loss, top)
        self._name(top, self._remarks(len(drawn)))
        return self

    def _draw_curves(self, top, given):
        furthest = top + 3  # beyond the view, so that no curve ends within it
        z = np.linspace(-furthest, furthest, 801)
        self.lines_ = []
        for k, formula in enumerate(("−log(1 − a)", "−log a")):
            ours = {"color": palette.class_color(k), "linewidth": 2.2, "linestyle": ("--", "-")[k], "zorder": 2}
            self.lines_ += self.ax_.plot(sigmoid(z), example_loss(z, k), **styled("lines.Line2D", ours, given))
            inwards = {"xytext": ((-8, 8)[k], 0), "textcoords": "offset points", "ha": ("right", "left")[k]}
            self.ax_.annotate(formula, _at_height(0.62 * top, k), color=palette.INK, va="center", **inwards)

    def _remark(self, top):
        """Say what is dear and what is cheap where no curve is: in the upper middle, and under the crossing."""
        self.hesitation_ = self.ax_.axhline(HESITATION, **palette.GUIDE)
        words = {"color": palette.INK, "ha": "center"}
        wrong, right = "sure and wrong:\nno upper limit", "unsure and right:\ncosts a little"
        self.remarks_ = [
            self.ax_.text(0.5, 0.86 * top, wrong, va="center", **words),
            self.ax_.text(0.5, 0.4 * top, right, va="center", **words),
            self.ax_.text(0.0, HESITATION + 0.015 * top, "log 2: the price of doubt", **(words | {"ha": "left"})),
        ]
        for k in (0, 1):
            self._point((0.5 + (0.2, -0.2)[k], 0.86 * top), _at_height(0.86 * top, k))
            self._point((0.5 + (-0.04, 0.04)[k], 0.33 * top), _at_height(0.45, k))

    def _point(self, start, target):
        arrow = {"arrowstyle": "->", "color": palette.FAINT, "shrinkA": 0, "shrinkB": 7, "linewidth": 1.2}
        self.ax_.annotate("", xy=target, xytext=start, arrowprops=arrow, zorder=1.5)

    def _count_beyond(self, loss, top):
        beyond = int((loss > top).sum())
        if not beyond:
            return None
        words = f"{beyond:,} beyond, to {loss.max():.3g} nats"
        return self.ax_.text(0.5, 0.985 * top, words, color=palette.INK, fontsize=palette.SMALL, ha="center", va="top")

    def _name(self, top, remarks):
        self.ax_.set(
            xlim=(-0.01, 1.01),
            ylim=(-0.03 * top, top),
            xticks=np.linspace(0, 1, 5),
            xlabel=self._believed("a"),
            ylabel="loss (nats)",
        )
        self.ax_.spines[["top", "right"]].set_visible(False)
        self.legend_ = palette.legend_above(self.ax_, "What a belief costs", remarks)


def _at_height(loss, truth):
    """The place on a truth's curve where the loss is this."""
    given = float(np.exp(-loss))
    return (given if truth else 1 - given), loss
