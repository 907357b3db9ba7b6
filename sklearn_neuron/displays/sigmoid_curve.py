"""How does a score become a belief? The sigmoid, with every sample on it.

The curve has one belief for every score, between 0 and 1::

    a(z) = 1 / (1 + exp(-z)) = P(Y=1|x)

steepest at z = 0, where the neuron is in doubt, and flat where it is sure. A sample sits at (z, a). What it lacks to
its truth, at the bottom for class 0 and at the top for class 1, is the residual ``a - y``: the stick the neuron learns
from.

Of more than two classes each has a neuron of its own, and its belief, class against rest, is what is drawn. What all of
them decide together is another matter: `predict_proba` divides each belief by the sum of all, and `predict` follows the
largest, which may be that of another neuron.

In a layer the belief in a class is the sigmoid of its lead over all others, ``z_k - log sum_(j != k) exp(z_j)``, and
just what `predict_proba` tells: at (lead, a) a sample sits on the very same curve.

Reference: D. R. Cox, The regression analysis of binary sequences, J. R. Stat. Soc. B 20 (1958), 215-242.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np

from sklearn_neuron.displays import palette
from sklearn_neuron.displays.activation_curve import ActivationCurveDisplay
from sklearn_neuron.displays.answers import LONGEST_NAME, AnswersDisplay, answers_of
from sklearn_neuron.displays.base import styled
from sklearn_neuron.displays.names import plain, shortened
from sklearn_neuron.neuron import sigmoid

NARROWEST, WIDEST = 4.0, 12.0  # half of the view, in z: where a bend is seen, and where a is 0 or 1 to the eye
STICKS = 120  # more of them are a curtain
LABEL = {  # small words, over the sticks but under the curve and its samples
    "fontsize": palette.SMALL,
    "color": palette.INK,
    "bbox": {"facecolor": "white", "alpha": 0.75, "edgecolor": "none", "pad": 1.5},
    "zorder": 1.8,
}


@dataclass(kw_only=True, eq=False, repr=False)
class SigmoidCurveDisplay(AnswersDisplay):
    """The sigmoid, with samples at (z, a).

    Parameters
    ----------
    threshold : float, default=0.5
        Belief above which a sample is called class 1, in (0, 1). `predict` draws the line at 0.5.

    Attributes
    ----------
    ax_, figure_ : matplotlib Axes and Figure
        Where it is drawn.
    line_ : matplotlib Line2D
        The curve.
    points_ : list of matplotlib PathCollection
        Samples of class 0 and of class 1. Those beyond the view sit at its border.
    wrong_ : list of matplotlib PathCollection
        Those of them that are called otherwise than they are, once more, so that no others hide them.
    sticks_ : matplotlib LineCollection or None
        Residuals, from the sample to its truth.
    threshold_ : list of matplotlib Line2D
        Where belief and score are at the threshold.
    sides_ : list of matplotlib Text
        What the neuron calls a sample on either side.
    beyond_ : list of matplotlib Text
        How many samples lie beyond the view, at the left and at the right; a side without any has none.
    legend_ : matplotlib Legend
        Names of what is drawn.

    See Also
    --------
    LogLossDisplay : What the distance from the truth costs.

    Examples
    --------
    >>> from sklearn_neuron import SigmoidNeuronClassifier
    >>> from sklearn_neuron.datasets import make_toxic_plants
    >>> from sklearn_neuron.displays import SigmoidCurveDisplay
    >>> plants = make_toxic_plants(random_state=0)
    >>> neuron = SigmoidNeuronClassifier().fit(plants.data, plants.target)
    >>> display = SigmoidCurveDisplay.from_estimator(
    ...     neuron, plants.data, plants.target, residuals=True, class_names=plants.target_names
    ... )
    >>> [text.get_text() for text in display.sides_]
    ['called non-toxic', 'called toxic']
    """

    threshold: float = 0.5

    @classmethod
    def from_estimator(
        cls,
        estimator,
        X,
        y,
        *,
        class_of_interest=None,
        threshold=0.5,
        residuals=False,
        class_names=None,
        max_points=2000,
        ax=None,
        line_kwargs=None,
        scatter_kwargs=None,
        stick_kwargs=None,
        threshold_kwargs=None,
    ) -> Self:
        """Ask a fitted neuron about samples, and draw its answers.

        Parameters
        ----------
        residuals : bool, default=False
            Whether to draw sticks from samples to their truths, 120 at most: the longest.
        stick_kwargs : dict, default=None
            Style of the residuals (LineCollection).
        threshold_kwargs : dict, default=None
            Style of the threshold's lines (Line2D).

        Raises
        ------
        ValueError
            If the data do not fit the neuron, or `threshold` is not in (0, 1).
        """
        answers = answers_of(cls._subject_of(estimator), X, y, class_of_interest, class_names)
        return cls(**answers._asdict(), threshold=threshold).plot(
            ax,
            residuals=residuals,
            max_points=max_points,
            line_kwargs=line_kwargs,
            scatter_kwargs=scatter_kwargs,
            stick_kwargs=stick_kwargs,
            threshold_kwargs=threshold_kwargs,
        )

    from_activation = ActivationCurveDisplay.from_activation

    def plot(
        self,
        ax=None,
        *,
        residuals=False,
        max_points=2000,
        line_kwargs=None,
        scatter_kwargs=None,
        stick_kwargs=None,
        threshold_kwargs=None,
    ) -> Self:
        """Draw the curve, the samples and the threshold.

        Raises
        ------
        ValueError
            If `threshold` is not in (0, 1), or there is not one truth, 0 or 1, a score.
        """
        z, truths = self._checked()
        turn = self._turn()
        half = max(min(float(np.abs(z).max()) * 1.04, WIDEST), NARROWEST, 2 * abs(turn))  # the bend is always seen
        drawn = palette.thinned(len(z), max_points, truths)
        self._place(ax)
        self._draw_curve(half, line_kwargs)
        self._draw_threshold(half, turn, threshold_kwargs)
        self.sticks_ = self._draw_sticks(z[drawn], truths[drawn], half, stick_kwargs) if residuals else None
        self.points_ = self._draw_samples(z[drawn], truths[drawn], half, len(drawn), scatter_kwargs)
        wrong = drawn[(z[drawn] > turn) != truths[drawn]]
        on_top = {"zorder": 3.1} | (scatter_kwargs or {}) | {"label": None}
        self.wrong_ = self._draw_samples(z[wrong], truths[wrong], half, len(drawn), on_top)
        self.beyond_ = [*self._count_beyond(z, truths, half, -1), *self._count_beyond(z, truths, half, 1)]
        self._name(half, self._remarks(len(drawn)))
        return self

    def _turn(self):
        """The score at which the belief is the threshold."""
        if not 0 < self.threshold < 1:
            raise ValueError(f"threshold must be a belief between 0 and 1, both excluded; got {self.threshold!r}.")
        return float(np.log(self.threshold) - np.log1p(-self.threshold))

    def _draw_curve(self, half, given):
        z = np.linspace(-half, half, 401)
        ours = {"color": palette.INK, "linewidth": 2.2, "zorder": 2, "solid_capstyle": "butt"}
        (self.line_,) = self.ax_.plot(z, sigmoid(z), **styled("lines.Line2D", ours, given))

    def _draw_threshold(self, half, turn, given):
        style = styled("lines.Line2D", palette.GUIDE, given)
        self.threshold_ = [self.ax_.axhline(self.threshold, **style), self.ax_.axvline(turn, **style)]
        self.ax_.axvspan(-half, turn, color=palette.YELLOW, alpha=0.09, linewidth=0, zorder=0)
        self.ax_.axvspan(turn, half, color=palette.PURPLE, alpha=0.07, linewidth=0, zorder=0)
        words = {"ha": "center", "va": "center", "color": palette.INK, "fontsize": 9.5}
        middles = (turn - half) / 2, (turn + half) / 2
        self.sides_ = [self.ax_.text(x, 1.1, called, **words) for x, called in zip(middles, self._called, strict=True)]
        side, ha = (1, "right") if self.threshold < 0.5 else (-1, "left")  # where the curve is not
        place = side * 0.98 * half, self.threshold + 0.015
        self.ax_.text(*place, f"threshold {self.threshold:g}", ha=ha, va="bottom", **LABEL)

    @property
    def _called(self):
        """What this neuron alone calls a sample, below and above the threshold."""
        who = "this neuron alone:\n" if self._is_alone else "against the rest:\n" if self.in_a_layer else "called "
        return [f"{who}{plain(shortened(name, LONGEST_NAME))}" for name in self.class_names]

    @property
    def _axis(self):
        """What is on the axis of scores."""
        if not self.in_a_layer:
            return "linear score z = w·x + b"
        return plain(f"lead of {shortened(self.class_names[1], LONGEST_NAME)}: its z − log Σ exp(z of the others)")

    def _draw_sticks(self, z, truths, half, given):
        """Residuals of the samples that are drawn; if those are too many, the longest."""
        from matplotlib.collections import LineCollection

        margin = np.where(truths, z, -z)  # the less of it, the longer the stick
        drawn = np.sort(np.argsort(margin, kind="stable")[:STICKS])
        at, ends = np.clip(z[drawn], -half, half), (sigmoid(z[drawn]), truths[drawn])
        sticks = np.stack([np.column_stack([at, end]) for end in ends], axis=1)
        colors = [palette.class_color(int(truth)) for truth in truths[drawn]]
        label = "residual a − y" + (f", the {STICKS} longest" if len(drawn) < len(z) else "")
        ours = {"colors": colors, "linewidths": 1.2, "alpha": 0.7, "zorder": 1.5, "label": label}
        style = styled("collections.LineCollection", ours, given)
        return self.ax_.add_collection(LineCollection(list(sticks), **style))

    def _draw_samples(self, z, truths, half, n, given):
        return self._scatter(np.clip(z, -half, half), sigmoid(z), truths, n, given)

    def _count_beyond(self, z, truths, half, side):
        """A line of text if samples lie beyond the view on that side, at the height where the curve is not."""
        beyond = side * z > half
        if not beyond.any():
            return []
        counts = np.bincount(truths[beyond], minlength=2)
        named = [f"{shortened(self.class_names[k], LONGEST_NAME)}: {counts[k]:,}" for k in (0, 1) if counts[k]]
        symbol = "" if self.in_a_layer else "z = "
        farthest = f"beyond, to {symbol}{side * (side * z).max():.3g}".replace("-", "−")
        height, ha, va = (0.94, "right", "top") if side > 0 else (0.06, "left", "bottom")
        text = "\n".join(map(plain, [*named, farthest]))
        return [self.ax_.text(side * 0.97 * half, height, text, ha=ha, va=va, **LABEL)]

    def _name(self, half, remarks):
        self.ax_.set(
            xlim=(-half, half),
            ylim=(-0.06, 1.18),
            yticks=np.linspace(0, 1, 5),
            xlabel=self._axis,
            ylabel=self._believed("a" if self.in_a_layer else "a(z)"),
        )
        self.ax_.spines[["top", "right"]].set_visible(False)
        title = "The sigmoid makes beliefs of scores"
        if self.against_the_rest:
            who = "The layer on" if self.in_a_layer else "The neuron of"
            title = f"{who} {shortened(self.class_names[1], LONGEST_NAME)}, against the rest"
        self.legend_ = palette.legend_above(self.ax_, plain(title), remarks)
