"""What does turning a weight do? Two dials for the slope of the boundary, one lever for its shift.

With two features the neuron hesitates on a line::

    w1 x1 + w2 x2 + b = 0        or        x2 = -(w1/w2) x1 - b/w2

Turn w1, and the line swings about the place where it meets the axis of x2; turn w2, and it swings about the other.
Move b, and it shifts parallel to itself.

Of more features two are turned, and the others are held at their median: the line is then that of a slice, shifted by
what these add to b, and a sample whose other features are elsewhere may stand on the other side of it than the neuron
puts it. The picture says so.

In a layer a boundary is a matter between two neurons. There is no dial for it.

Reference: F. Rosenblatt, The perceptron, Psychological Review 65 (1958), 386-408.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from sklearn_neuron.displays import palette
from sklearn_neuron.displays.answers import answers_of
from sklearn_neuron.displays.base import Display, styled
from sklearn_neuron.displays.diagram import brief
from sklearn_neuron.displays.names import plain, shortened
from sklearn_neuron.displays.plane import Plane, boundary_line
from sklearn_neuron.displays.plants import PlantsDisplay
from sklearn_neuron.neuron import linear_score

TURNS = (0.5, 0.75, 1.5, 2.0)
LESS, MORE = ("#c9aedb", "#9468b4"), ("#d99a00", "#8a5c00")  # the nearest to the learned setting last, and first
SWEEP = np.deg2rad(135)  # that a dial turns to either side
LONGEST_NAME = 24
IN_A_ROW = 3  # values beneath a panel
FAINT_SAMPLES = {"alpha": 0.3, "linewidth": 0.3}


@dataclass(kw_only=True, eq=False, repr=False)
class DialsDisplay(Display):
    """What the weights and the bias do to the boundary, one panel each.

    Parameters
    ----------
    x1, x2 : array-like of shape (n_samples,)
        Two features.
    truths : array-like of shape (n_samples,)
        1 or True where the sample is of the class that a high score speaks for, otherwise 0 or False.
    weights : array-like of shape (2,)
        Learned weights of the two.
    bias : float
        Learned bias.
    feature_names : sequence of two str
        Names of the features.
    class_names : sequence of two str
        Names of the classes 0 and 1.
    numbers : sequence of two int, default=(0, 1)
        Which weights of the neuron these are.
    n_held : int, default=0
        How many other features are held at their median.
    held : float, default=0.0
        What these add to the score.
    turns : sequence of float, default=(0.5, 0.75, 1.5, 2.0)
        What each weight is multiplied by, in increasing order, none of them 1. The bias is moved by as many steps, up
        and down, as far as the scores spread.

    Attributes
    ----------
    axes_, figure_ : ndarray of matplotlib Axes of shape (1, 3), and Figure
        Panels of w1, w2 and b.
    settings_ : list of ndarray
        Values of w1, of w2 and of b, in increasing order, the learned one among them.
    boundaries_ : list of list of matplotlib Line2D
        A boundary for every setting.
    points_ : list of PlantsDisplay
        The samples, in every panel.
    dials_ : list of matplotlib Axes
        Two dials and a lever, at the settings, in the colours of the boundaries.

    See Also
    --------
    DecisionFieldDisplay : What the neuron believes on either side of the line.

    Examples
    --------
    >>> from sklearn_neuron import SigmoidNeuronClassifier
    >>> from sklearn_neuron.datasets import make_toxic_plants
    >>> from sklearn_neuron.displays import DialsDisplay
    >>> plants = make_toxic_plants(random_state=0)
    >>> neuron = SigmoidNeuronClassifier().fit(plants.data, plants.target)
    >>> display = DialsDisplay.from_estimator(neuron, plants.data, plants.target, turns=(0.5, 2.0))
    >>> [len(boundaries) for boundaries in display.boundaries_]
    [3, 3, 3]
    """

    x1: Any
    x2: Any
    truths: Any
    weights: Any
    bias: float
    feature_names: Sequence[str]
    class_names: Sequence[str]
    numbers: Sequence[int] = (0, 1)
    n_held: int = 0
    held: float = 0.0
    turns: Sequence[float] = TURNS

    @classmethod
    def from_estimator(
        cls,
        estimator,
        X,
        y,
        *,
        features=None,
        turns=TURNS,
        class_of_interest=None,
        feature_names=None,
        class_names=None,
        max_points=2000,
        ax=None,
        line_kwargs=None,
        scatter_kwargs=None,
    ) -> Self:
        """Turn the dials of a fitted neuron, which sees two features or more.

        Parameters
        ----------
        features : pair of int or str, default=None
            Two features, by number or name, as the neuron sees them; None are those of largest weight times spread. The
            others are held at their median.

        Raises
        ------
        ValueError
            If the neuron sees fewer than two features, both weights are 0, or the data or `turns` cannot be used; or if
            it is one of a layer, where no boundary is its own.
        """
        subject = cls._subject_of(estimator)
        _refuse_layer(subject)
        answers = answers_of(subject, X, y, class_of_interest, class_names)
        plane = Plane.of(subject, X, features, feature_names)
        weights, bias = subject.weights(class_of_interest)
        x1, x2 = plane.points.T
        display = cls(
            x1=x1,
            x2=x2,
            truths=answers.truths,
            weights=weights[plane.features],
            bias=bias,
            feature_names=plane.names,
            class_names=answers.class_names,
            numbers=plane.features,
            n_held=subject.neuron.n_features_in_ - 2,
            held=float(linear_score(plane.held, weights, 0.0)),
            turns=turns,
        )
        return display.plot(ax, max_points=max_points, line_kwargs=line_kwargs, scatter_kwargs=scatter_kwargs)

    def plot(self, ax=None, *, max_points=2000, line_kwargs=None, scatter_kwargs=None) -> Self:
        """Draw the three panels.

        Raises
        ------
        ValueError
            If `turns` does not increase, or contains 1, or there is no line to turn: both weights are 0, or a parameter
            is not finite.
        """
        self.settings_ = self._settings()
        self._divide(ax, 1, 3, (11, 4.4))
        panels = self.axes_[0]
        self.points_ = [self._draw_samples(panel, max_points, scatter_kwargs) for panel in panels]
        self.boundaries_ = [self._draw_boundaries(panel, k, line_kwargs) for k, panel in enumerate(panels)]
        self.dials_ = [self._draw_dial(panel, k) for k, panel in enumerate(panels)]
        return self

    @property
    def _symbols(self):
        """What the three parameters are called."""
        return [*(f"w{j + 1}" for j in self.numbers), "b"]

    @property
    def _learned(self):
        return np.array([*self.weights, self.bias], dtype=np.float64)

    def _settings(self):
        """Values of every parameter; those of the bias lie as far apart as the scores spread."""
        turns, (*weights, bias) = self._checked(), self._learned
        spread = np.std(np.column_stack([self.x1, self.x2]) @ weights)
        less = (turns < 1).sum()
        shift = (np.arange(-less, len(turns) - less + 1)) * spread / max(less, len(turns) - less)
        return [*(np.sort(np.append(turns, 1.0) * weight) for weight in weights), bias + shift]

    def _checked(self):
        """The turns, as an array."""
        if not (np.isfinite(self._learned).all() and self._learned[:2].any()):
            raise ValueError(f"There is no line to turn: both weights are 0, or one is not finite; got {self.weights}.")
        turns = np.array(self.turns, dtype=np.float64)
        if turns.ndim != 1 or not (np.diff(turns) > 0).all() or 1 in turns:
            raise ValueError(f"turns must increase, without 1, which is the learned setting; got {self.turns!r}.")
        return turns

    def _styles(self, parameter):
        """Colour and line of every setting: dashed if smaller than the learned one, which is strong."""
        settings = self.settings_[parameter]
        learned = int(np.argmin(np.abs(settings - self._learned[parameter])))
        strong = [{"color": palette.INK, "linewidth": 2.6, "linestyle": "-", "zorder": 4}]
        less = [{"color": color, "linewidth": 1.8, "linestyle": "--"} for color in _shades(LESS, learned)]
        more = [
            {"color": color, "linewidth": 1.8, "linestyle": "-"} for color in _shades(MORE, len(settings) - learned - 1)
        ]
        return [*less, *strong, *more]

    def _draw_samples(self, panel, max_points, given):
        samples = PlantsDisplay(
            x1=self.x1,
            x2=self.x2,
            codes=np.asarray(self.truths, dtype=int),
            feature_names=self.feature_names,
            class_names=self.class_names,
        )
        samples.plot(panel, max_points=max_points, title=" ", scatter_kwargs=FAINT_SAMPLES | (given or {}))
        panel.autoscale_view()
        panel.autoscale(False)  # a boundary leaves the view, and does not widen it
        panel.label_outer()
        return samples

    def _draw_boundaries(self, panel, parameter, given):
        boundaries = []
        for value, ours in zip(self.settings_[parameter], self._styles(parameter), strict=True):
            turned = self._learned
            turned[parameter] = value
            line = boundary_line(turned[:2], turned[2] + self.held, panel.get_xlim(), panel.get_ylim())
            boundaries += panel.plot(*line, **styled("lines.Line2D", ours, given))
        return boundaries

    def _draw_dial(self, panel, parameter):
        """A dial, or a lever, with a hand at every setting; its name above and its values beneath the panel."""
        dial = panel.inset_axes((0.8, 1.03, 0.2, 0.2))
        dial.set(xlim=(-1.2, 1.2), ylim=(-1.2, 1.2), aspect="equal", anchor="SE")
        dial.axis("off")
        (_draw_lever if parameter == 2 else _draw_knob)(dial, self._styles(parameter))
        panel.set_title(plain(self._titles[parameter]), loc="left")
        panel.add_artist(panel.get_legend())  # the classes, beside the values
        self._name_settings(panel, parameter)
        return dial

    @property
    def _titles(self):
        one, two, b = self._symbols
        first, second = (shortened(name, LONGEST_NAME) for name in self.feature_names)
        lever = f"; {self.n_held:,} at median add {brief(self.held)}" if self.n_held else ", the bias"
        return [f"Turn {one}, {first}", f"Turn {two}, {second}", f"Move {b}{lever}"]

    def _name_settings(self, panel, parameter):
        symbol, values = self._symbols[parameter], _apart(self.settings_[parameter])
        panel.legend(
            handles=self.boundaries_[parameter],
            labels=[f"{symbol} = {value}" for value in values],
            fontsize=palette.SMALL,
            loc="upper center",
            bbox_to_anchor=(0.5, -0.16),
            ncols=IN_A_ROW,
            frameon=False,
            handlelength=1.4,
            handletextpad=0.4,
            columnspacing=0.9,
        )


def _refuse_layer(subject):
    if subject.is_layer:
        raise ValueError(
            "No neuron of a layer has a boundary of its own to turn: each lies between two classes, where their scores "
            "tie. DecisionFieldDisplay shows all of them; neurons that learn alone, multi_class='ovr', have one each."
        )


def _apart(settings):
    """Numbers in three digits, or as many as tell each from the others, with a true minus."""
    digits = next(d for d in range(3, 18) if d == 17 or len({f"{value:.{d}g}" for value in settings}) == len(settings))
    return [f"{value:z.{digits}g}".replace("-", "\u2212") for value in settings]


def _shades(pair, count):
    """Colours from the first of a pair to the second."""
    from matplotlib.colors import LinearSegmentedColormap

    ramp = LinearSegmentedColormap.from_list("turns", list(pair))
    return [ramp(share) for share in np.linspace(0, 1, count)]


def _draw_knob(dial, styles):
    """A circle with a hand for every setting."""
    around = np.linspace(0, 2 * np.pi, 100)
    dial.plot(np.sin(around), np.cos(around), color=palette.FAINT, linewidth=1.2)
    for turn, style in zip(np.linspace(-SWEEP, SWEEP, len(styles)), styles, strict=True):
        ends = np.array([0.25, 1.0])
        dial.plot(ends * np.sin(turn), ends * np.cos(turn), **(style | {"linestyle": "-"}))


def _draw_lever(dial, styles):
    """A slot with a handle at every setting."""
    dial.plot([0, 0], [-1, 1], color=palette.FAINT, linewidth=1.2)
    for height, style in zip(np.linspace(-0.9, 0.9, len(styles)), styles, strict=True):
        dial.plot([-0.45, 0.45], [height, height], **(style | {"linestyle": "-"}))
