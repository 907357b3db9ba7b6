"""How does a score become a belief? The sigmoid, with every sample on it.

The curve bends any real score softly into (0, 1)::

    a(z) = 1 / (1 + exp(-z)) = P(Y=1|x)

slow at first, fast in the middle, steady near the ends. A sample sits at (z, a). What it lacks to its truth, at the
bottom for class 0 and at the top for class 1, is the residual ``a - y``: the stick the neuron learns from.

Of more than two classes each has a neuron of its own, and its belief, class against rest, is what is drawn. What all of
them decide together is another matter: `predict_proba` divides each belief by the sum of all, and `predict` follows the
largest, which may be that of another neuron.

Reference: D. R. Cox, The regression analysis of binary sequences, J. R. Stat. Soc. B 20 (1958), 215-242.
"""

from typing import Any, NamedTuple

import numpy as np
from sklearn.utils import check_consistent_length, column_or_1d

from sklearn_neuron._sklearn import check_matplotlib_support
from sklearn_neuron.activations import ACTIVATIONS, sigmoid
from sklearn_neuron.displays import palette
from sklearn_neuron.displays.names import plain, shortened
from sklearn_neuron.homes.labels import codes_among
from sklearn_neuron.inspection.subject import subject_of

NARROWEST, WIDEST = 4.0, 12.0  # half of the view, in z: where a bend is seen, and where a is 0 or 1 to the eye
STICKS = 120  # more of them are a curtain
LONGEST_NAME = 20
OWN_BELIEF = "one neuron's own belief, not predict_proba"


class Answers(NamedTuple):
    """What one neuron said to every sample, and what was true."""

    linear_scores: Any  # array of shape (n,)
    truths: Any  # array of bool of shape (n,)
    class_names: tuple  # of False and of True
    against_the_rest: bool  # one class of many


def answers_of(subject, X, y, class_of_interest=None, class_names=None):
    """Ask the neuron of a class about samples whose truth is known.

    Parameters
    ----------
    subject : Subject
        Who is asked.
    X : {array-like, sparse matrix} of shape (n_samples, n_features)
        Samples, before the steps that precede the neuron.
    y : array-like of shape (n_samples,)
        Class labels.
    class_of_interest : label, default=None
        Whose neuron; None is the second of two classes.
    class_names : sequence of str, default=None
        Names of the classes, in the order of `classes_`.

    Returns
    -------
    Answers

    Raises
    ------
    ValueError
        If no neuron, or more than one, can be meant, a label is unknown, or `X` and `y` differ in length.
    """
    k, names, classes = subject.column(class_of_interest), subject.class_names(class_names), subject.neuron.classes_
    z = subject.neuron.decision_function(subject.sees(X))
    z = z.reshape(len(z), -1)[:, k]
    y = column_or_1d(y)
    check_consistent_length(z, y)
    many = len(classes) > 2
    spoken_for = k if many else 1
    pair = (f"not {names[k]}", names[k]) if many else (names[0], names[1])
    return Answers(z, codes_among(classes, y) == spoken_for, pair, many)


class SigmoidCurveDisplay:
    """The sigmoid, with samples at (z, a).

    Parameters
    ----------
    linear_scores : array-like of shape (n_samples,)
        Scores z.
    truths : array-like of shape (n_samples,)
        1 or True where the sample is of the class that a high score speaks for, otherwise 0 or False.
    class_names : sequence of two str, default=("0", "1")
        Names of the classes 0 and 1.
    threshold : float, default=0.5
        Belief above which a sample is called class 1, in (0, 1).
    against_the_rest : bool, default=False
        Whether the neuron is one of several, which decide together.

    Attributes
    ----------
    ax_ : matplotlib Axes
        Axes drawn on.
    figure_ : matplotlib Figure
        Their figure.
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

    def __init__(
        self,
        *,
        linear_scores,
        truths,
        class_names=("0", "1"),
        threshold=0.5,
        against_the_rest=False,
    ):
        self.linear_scores = linear_scores
        self.truths = truths
        self.class_names = class_names
        self.threshold = threshold
        self.against_the_rest = against_the_rest

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
    ):
        """Ask a fitted neuron about samples, and draw its answers.

        Parameters
        ----------
        estimator : SigmoidNeuronClassifier, Pipeline that ends with one, or search over one of these
            Fitted.
        X : {array-like, sparse matrix} of shape (n_samples, n_features)
            Samples.
        y : array-like of shape (n_samples,)
            Class labels.
        class_of_interest : label, default=None
            Whose neuron to draw, against the rest, if there are more than two classes.
        threshold : float, default=0.5
            Belief above which a sample is called that class, in (0, 1). `predict` draws the line at 0.5.
        residuals : bool, default=False
            Whether to draw sticks from samples to their truths, 120 at most: the longest.
        class_names : sequence of str, default=None
            Names of the classes, in the order of `classes_`; None takes the labels.
        max_points : int, default=2000
            Samples to draw at most.
        ax : matplotlib Axes, default=None
            Axes to draw on; None makes a figure.
        line_kwargs : dict, default=None
            Style of the curve (Line2D).
        scatter_kwargs : dict, default=None
            Style of the samples (Axes.scatter).
        stick_kwargs : dict, default=None
            Style of the residuals (LineCollection).
        threshold_kwargs : dict, default=None
            Style of the threshold's lines (Line2D).

        Returns
        -------
        SigmoidCurveDisplay

        Raises
        ------
        ValueError
            If the data do not fit the neuron, or `threshold` is not in (0, 1).
        """
        check_matplotlib_support(f"{cls.__name__}.from_estimator")
        answers = answers_of(subject_of(estimator), X, y, class_of_interest, class_names)
        display = cls(
            linear_scores=answers.linear_scores,
            truths=answers.truths,
            class_names=answers.class_names,
            threshold=threshold,
            against_the_rest=answers.against_the_rest,
        )
        return display.plot(
            ax,
            residuals=residuals,
            max_points=max_points,
            line_kwargs=line_kwargs,
            scatter_kwargs=scatter_kwargs,
            stick_kwargs=stick_kwargs,
            threshold_kwargs=threshold_kwargs,
        )

    @classmethod
    def from_activation(cls, names=tuple(ACTIVATIONS), *, slopes=True, ax=None, line_kwargs=None, slope_kwargs=None):
        """Draw other activation functions, each in a panel beside the sigmoid.

        Parameters
        ----------
        names : str or sequence of str, default=("sigmoid", "tanh", "relu", "leaky_relu")
            Which, of :data:`sklearn_neuron.activations.ACTIVATIONS`.
        slopes : bool, default=True
            Whether to draw their derivatives too, dashed.
        ax : matplotlib Axes, default=None
            Axes in whose place the panels come; None makes a figure.
        line_kwargs : dict, default=None
            Style of the activations (Line2D).
        slope_kwargs : dict, default=None
            Style of their derivatives (Line2D).

        Returns
        -------
        ActivationsDisplay

        Raises
        ------
        ValueError
            If there is no activation of that name.

        Examples
        --------
        >>> from sklearn_neuron.displays import SigmoidCurveDisplay
        >>> display = SigmoidCurveDisplay.from_activation(["tanh", "relu"], slopes=False)
        >>> display.axes_.shape
        (1, 2)
        """
        check_matplotlib_support(f"{cls.__name__}.from_activation")
        display = ActivationsDisplay(names=(names,) if isinstance(names, str) else tuple(names))
        return display.plot(ax, slopes=slopes, line_kwargs=line_kwargs, slope_kwargs=slope_kwargs)

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
    ):
        """Draw the curve, the samples and the threshold.

        Parameters
        ----------
        ax : matplotlib Axes, default=None
            Axes to draw on; None makes a figure.
        residuals : bool, default=False
            Whether to draw sticks from samples to their truths, 120 at most: the longest.
        max_points : int, default=2000
            Samples to draw at most.
        line_kwargs : dict, default=None
            Style of the curve (Line2D).
        scatter_kwargs : dict, default=None
            Style of the samples (Axes.scatter).
        stick_kwargs : dict, default=None
            Style of the residuals (LineCollection).
        threshold_kwargs : dict, default=None
            Style of the threshold's lines (Line2D).

        Returns
        -------
        SigmoidCurveDisplay
            The display itself.

        Raises
        ------
        ValueError
            If `threshold` is not in (0, 1), or there is not one truth, 0 or 1, a score.
        """
        check_matplotlib_support(f"{type(self).__name__}.plot")
        z, truths = told(self.linear_scores, self.truths)
        _check_threshold(self.threshold)
        turn = float(np.log(self.threshold) - np.log1p(-self.threshold))  # the score at which a is the threshold
        half = _half_view(z, turn)
        drawn = palette.thinned(len(z), max_points, truths)
        self.figure_, self.ax_ = palette.axes(ax)
        self._draw_curve(half, line_kwargs)
        self._draw_threshold(half, turn, threshold_kwargs)
        self.sticks_ = self._draw_sticks(z[drawn], truths[drawn], half, stick_kwargs) if residuals else None
        self.points_ = self._draw_samples(z[drawn], truths[drawn], half, len(drawn), scatter_kwargs)
        wrong = drawn[(z[drawn] > turn) != truths[drawn]]
        on_top = {"zorder": 3.1} | (scatter_kwargs or {}) | {"label": None}
        self.wrong_ = self._draw_samples(z[wrong], truths[wrong], half, len(drawn), on_top)
        self.beyond_ = [*self._count_beyond(z, truths, half, -1), *self._count_beyond(z, truths, half, 1)]
        self._name(half, [OWN_BELIEF] * self.against_the_rest + palette.if_thinned(len(drawn), len(z)))
        return self

    def _draw_curve(self, half, given):
        from matplotlib.lines import Line2D

        z = np.linspace(-half, half, 401)
        ours = {"color": palette.INK, "linewidth": 2.2, "zorder": 2, "solid_capstyle": "butt"}
        (self.line_,) = self.ax_.plot(z, sigmoid(z), **palette.styled(Line2D, ours, given))

    def _draw_threshold(self, half, turn, given):
        from matplotlib.lines import Line2D

        ours = {"color": palette.FAINT, "linewidth": 1.2, "linestyle": (0, (4, 3)), "zorder": 1}
        style = palette.styled(Line2D, ours, given)
        self.threshold_ = [self.ax_.axhline(self.threshold, **style), self.ax_.axvline(turn, **style)]
        self.ax_.axvspan(-half, turn, color=palette.YELLOW, alpha=0.09, linewidth=0, zorder=0)
        self.ax_.axvspan(turn, half, color=palette.PURPLE, alpha=0.07, linewidth=0, zorder=0)
        self.sides_ = [
            self.ax_.text((edge + turn) / 2, 1.1, words, ha="center", va="center", color=palette.INK, fontsize=9.5)
            for edge, words in zip((-half, half), self._called, strict=True)
        ]
        side = 1 if self.threshold < 0.5 else -1  # where the curve is not
        place = {"ha": "right" if side > 0 else "left", "va": "bottom"}
        self.ax_.text(side * 0.98 * half, self.threshold + 0.015, f"threshold {self.threshold:g}", **place, **_label())

    @property
    def _called(self):
        """What this neuron alone calls a sample, below and above the threshold."""
        who = "this neuron alone:\n" if self.against_the_rest else "called "
        return [f"{who}{plain(shortened(name, LONGEST_NAME))}" for name in self.class_names]

    def _draw_sticks(self, z, truths, half, given):
        """Residuals of the samples that are drawn; if those are too many, the longest."""
        from matplotlib.collections import LineCollection

        margin = np.where(truths, z, -z)  # the less of it, the longer the stick
        drawn = np.sort(np.argsort(margin, kind="stable")[:STICKS])
        at, belief = np.clip(z[drawn], -half, half), sigmoid(z[drawn])
        ends = np.stack([np.column_stack([at, belief]), np.column_stack([at, truths[drawn]])], axis=1)
        colors = [palette.class_color(int(truth)) for truth in truths[drawn]]
        label = "residual a − y" + (f", the {STICKS} longest" if len(drawn) < len(z) else "")
        ours = {"colors": colors, "linewidths": 1.2, "alpha": 0.7, "zorder": 1.5, "label": label}
        return self.ax_.add_collection(LineCollection(list(ends), **palette.styled(LineCollection, ours, given)))

    def _draw_samples(self, z, truths, half, n, given):
        return [
            self.ax_.scatter(
                np.clip(z[truths == k], -half, half),
                sigmoid(z[truths == k]),
                **(palette.sample_style(k, self.class_names[k], n, given) | {"clip_on": False}),
            )
            for k in (0, 1)
        ]

    def _count_beyond(self, z, truths, half, side):
        """A line of text if samples lie beyond the view on that side, at the height where the curve is not."""
        beyond = side * z > half
        if not beyond.any():
            return []
        counts = [int((beyond & (truths == k)).sum()) for k in (0, 1)]
        named = [
            f"{shortened(name, LONGEST_NAME)}: {count:,}"
            for name, count in zip(self.class_names, counts, strict=True)
            if count
        ]
        farthest = f"beyond, to z = {side * (side * z).max():.3g}".replace("-", "−")
        text = "\n".join(map(plain, [*named, farthest]))
        place = {"ha": "right", "va": "top"} if side > 0 else {"ha": "left", "va": "bottom"}
        height = 0.94 if side > 0 else 0.06
        return [self.ax_.text(side * 0.97 * half, height, text, **place, **_label())]

    def _name(self, half, remarks):
        self.ax_.set(
            xlim=(-half, half),
            ylim=(-0.06, 1.18),
            yticks=np.linspace(0, 1, 5),
            xlabel="linear score z = w·x + b",
            ylabel=belief_in(self.class_names[1], "a(z)", self.against_the_rest),
        )
        self.ax_.spines[["top", "right"]].set_visible(False)
        title = "The sigmoid turns scores into confidence"
        if self.against_the_rest:
            title = f"The neuron of {shortened(self.class_names[1], LONGEST_NAME)}, against the rest"
        self.legend_ = palette.legend_above(self.ax_, plain(title), remarks)


class ActivationsDisplay:
    """Activation functions, each in a panel, with the sigmoid faint behind.

    Parameters
    ----------
    names : sequence of str, default=("sigmoid", "tanh", "relu", "leaky_relu")
        Which, of :data:`sklearn_neuron.activations.ACTIVATIONS`.
    reach : float, default=4.0
        Largest score drawn, above 0; the smallest is minus that.

    Attributes
    ----------
    axes_ : ndarray of matplotlib Axes of shape (rows, columns)
        Panels, in the order of `names`.
    figure_ : matplotlib Figure
        Their figure.
    lines_ : list of matplotlib Line2D
        The activations.
    slopes_ : list of matplotlib Line2D
        Their derivatives; none unless asked for.
    sigmoids_ : list of matplotlib Line2D
        The sigmoid behind every other activation.
    legend_ : matplotlib Legend
        Names of the lines.

    See Also
    --------
    SigmoidCurveDisplay : The sigmoid with samples on it.

    Examples
    --------
    >>> from sklearn_neuron.displays.sigmoid_curve import ActivationsDisplay
    >>> display = ActivationsDisplay(names=["tanh"]).plot()
    >>> display.lines_[0].get_label(), display.axes_.shape
    ('activation', (1, 1))
    """

    def __init__(self, *, names=tuple(ACTIVATIONS), reach=4.0):
        self.names = names
        self.reach = reach

    def plot(self, ax=None, *, slopes=True, line_kwargs=None, slope_kwargs=None):
        """Draw them.

        Parameters
        ----------
        ax : matplotlib Axes, default=None
            Axes in whose place the panels come; None makes a figure.
        slopes : bool, default=True
            Whether to draw the derivatives too, dashed.
        line_kwargs : dict, default=None
            Style of the activations (Line2D).
        slope_kwargs : dict, default=None
            Style of the derivatives (Line2D).

        Returns
        -------
        ActivationsDisplay
            The display itself.

        Raises
        ------
        ValueError
            If there is no activation of that name, or none at all.
        """
        check_matplotlib_support(f"{type(self).__name__}.plot")
        _check_names(self.names)
        columns = len(self.names) if len(self.names) <= 3 else 2
        rows = -(-len(self.names) // columns)
        self.figure_, self.axes_ = palette.panels(ax, rows, columns, (3.3 * columns + 0.3, 2.9 * rows))
        self.lines_, self.slopes_, self.sigmoids_ = [], [], []
        for name, panel in zip(self.names, self.axes_.flat, strict=False):
            self._draw(panel, name, slopes, line_kwargs, slope_kwargs)
        self._name()
        return self

    def _draw(self, panel, name, slopes, line_given, slope_given):
        z = np.linspace(-self.reach, self.reach, 800)  # an even number: the corner at 0 falls between two
        if name != "sigmoid":
            self.sigmoids_ += panel.plot(z, sigmoid(z), color=palette.FAINT, linewidth=1.4, label="sigmoid, to compare")
        if slopes:
            self.slopes_ += panel.plot(z, _torn(ACTIVATIONS[name].slope(z)), **_slope_style(slope_given))
        self.lines_ += panel.plot(z, ACTIVATIONS[name].function(z), **_line_style(line_given))
        panel.set_title(RHYTHMS[name], fontsize=10.5)

    def _name(self):
        for panel in self.axes_.flat:
            panel.set(xlim=(-self.reach, self.reach), ylim=(-1.25, 2.25), yticks=[-1, 0, 1, 2])
            panel.axhline(0, color=palette.FAINT, linewidth=0.6, zorder=0)
            panel.axvline(0, color=palette.FAINT, linewidth=0.6, zorder=0)
            panel.spines[["top", "right"]].set_visible(False)
            panel.label_outer()
        for panel in self.axes_[-1]:
            panel.set_xlabel("linear score z")
        for panel in self.axes_[:, 0]:
            panel.set_ylabel("activation")
        telling = max(self.axes_.flat, key=lambda panel: len(panel.get_legend_handles_labels()[0]))
        self.legend_ = telling.legend(loc="upper left", frameon=False, fontsize=palette.SMALL, borderaxespad=0.1)


#: What each activation does, in a few words.
RHYTHMS = {
    "sigmoid": "sigmoid: a belief in (0, 1)",
    "tanh": "tanh: the same, from −1 to 1",
    "relu": "relu: silent, then linear",
    "leaky_relu": "leaky relu: it whispers, 0.01 z",
}


# What pictures of samples and beliefs have in common -----------------------------------------------------


def told(linear_scores, truths):
    """What a display was told, as arrays.

    Parameters
    ----------
    linear_scores : array-like of shape (n_samples,)
        Scores z.
    truths : array-like of shape (n_samples,)
        0 or 1, or booleans.

    Returns
    -------
    linear_scores : ndarray of shape (n_samples,)
        In their own float type.
    truths : ndarray of bool of shape (n_samples,)
        Whether the truth is 1.

    Raises
    ------
    ValueError
        If there is no sample, or not one truth, 0 or 1, a score.
    """
    z, truths = np.asarray(linear_scores), np.asarray(truths)
    if z.ndim != 1 or z.shape != truths.shape or not z.size:
        raise ValueError(
            "linear_scores and truths must have the same shape (n_samples,), with a sample at least; "
            f"got {z.shape} and {truths.shape}."
        )
    if np.isnan(z).any() or not np.isin(truths, (0, 1)).all():
        raise ValueError("linear_scores must be numbers, without nan, and truths 0 or 1.")
    return z, truths.astype(bool)


def belief_in(name, symbol, against_the_rest):
    """What an axis of beliefs says: a probability, or of one neuron of several what it alone believes.

    Parameters
    ----------
    name : str
        The class believed in.
    symbol : str
        Of the belief.
    against_the_rest : bool
        Whether there are other neurons.

    Returns
    -------
    str
        To be drawn as it is.
    """
    name = shortened(name, LONGEST_NAME)
    return plain(f"this neuron's belief {symbol} in {name}" if against_the_rest else f"belief {symbol} = P({name})")


def _label():
    """Style of small words, over the sticks but under the curve and its samples."""
    box = {"facecolor": "white", "alpha": 0.75, "edgecolor": "none", "pad": 1.5}
    return {"fontsize": palette.SMALL, "color": palette.INK, "bbox": box, "zorder": 1.8}


def _check_threshold(threshold):
    if not 0 < threshold < 1:
        raise ValueError(f"threshold must be a belief between 0 and 1, both excluded; got {threshold!r}.")


def _check_names(names):
    unknown = [name for name in names if name not in ACTIVATIONS]
    if unknown or not len(names):
        raise ValueError(f"names must be of {list(ACTIVATIONS)}; got {unknown or names!r}.")


def _half_view(z, turn):
    """Half the width of the view: as wide as the scores, but the bend and the threshold are always seen."""
    return max(min(float(np.abs(z).max()) * 1.04, WIDEST), NARROWEST, 2 * abs(turn))


def _line_style(given):
    from matplotlib.lines import Line2D

    return palette.styled(Line2D, {"color": palette.INK, "linewidth": 2.4, "label": "activation"}, given)


def _slope_style(given):
    from matplotlib.lines import Line2D

    ours = {"color": palette.class_color(6), "linewidth": 1.6, "linestyle": (0, (4, 2)), "label": "its slope"}
    return palette.styled(Line2D, ours, given)


def _torn(values):
    """The same, with a gap where it jumps: nothing is drawn there."""
    return np.where(np.abs(np.diff(values, append=values[-1])) > 0.5, np.nan, values)
