"""What does turning a weight do? Two dials for the slope of the boundary, one lever for its shift.

With two features the neuron hesitates on a line::

    w1 x1 + w2 x2 + b = 0        or        x2 = -(w1/w2) x1 - b/w2

Turn w1, and the line swings about the place where it meets the axis of x2; turn w2, and it swings about the other.
Move b, and it shifts parallel to itself.

Of more features two are turned, and the others are held at their median: the line is then that of a slice, shifted by
what these add to b, and a sample whose other features are elsewhere may stand on the other side of it than the neuron
puts it. The picture says so.

Reference: F. Rosenblatt, The perceptron, Psychological Review 65 (1958), 386-408.
"""

import numpy as np

from sklearn_neuron._sklearn import check_matplotlib_support
from sklearn_neuron.displays import palette
from sklearn_neuron.displays.diagram import brief
from sklearn_neuron.displays.names import plain, shortened
from sklearn_neuron.displays.plane import Plane, boundary_line
from sklearn_neuron.displays.plants import PlantsDisplay
from sklearn_neuron.displays.sigmoid_curve import answers_of
from sklearn_neuron.inspection.subject import subject_of
from sklearn_neuron.neuron import linear_score

TURNS = (0.5, 0.75, 1.5, 2.0)
LESS, MORE = ("#c9aedb", "#9468b4"), ("#d99a00", "#8a5c00")  # the nearest to the learned setting last, and first
SWEEP = np.deg2rad(135)  # that a dial turns to either side
LONGEST_NAME = 24
IN_A_ROW = 3  # values beneath a panel
FAINT_SAMPLES = {"alpha": 0.3, "linewidth": 0.3}


class DialsDisplay:
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
    axes_ : ndarray of matplotlib Axes of shape (1, 3)
        Panels of w1, w2 and b.
    figure_ : matplotlib Figure
        Their figure.
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

    def __init__(
        self,
        *,
        x1,
        x2,
        truths,
        weights,
        bias,
        feature_names,
        class_names,
        numbers=(0, 1),
        n_held=0,
        held=0.0,
        turns=TURNS,
    ):
        self.x1 = x1
        self.x2 = x2
        self.truths = truths
        self.weights = weights
        self.bias = bias
        self.feature_names = feature_names
        self.class_names = class_names
        self.numbers = numbers
        self.n_held = n_held
        self.held = held
        self.turns = turns

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
    ):
        """Turn the dials of a fitted neuron.

        Parameters
        ----------
        estimator : SigmoidNeuronClassifier, Pipeline that ends with one, or search over one of these
            Fitted, on two features or more.
        X : {array-like, sparse matrix} of shape (n_samples, n_features)
            Samples.
        y : array-like of shape (n_samples,)
            Class labels.
        features : pair of int or str, default=None
            Two features, by number or name, as the neuron sees them; None are those of largest weight times spread. The
            others are held at their median.
        turns : sequence of float, default=(0.5, 0.75, 1.5, 2.0)
            What each weight is multiplied by.
        class_of_interest : label, default=None
            Whose neuron, if there are more than two classes.
        feature_names, class_names : sequence of str, default=None
            Names; None are those that the estimator knows.
        max_points : int, default=2000
            Samples to draw at most.
        ax : matplotlib Axes, default=None
            Axes in whose place the three panels come; None makes a figure.
        line_kwargs : dict, default=None
            Style of the boundaries (Line2D).
        scatter_kwargs : dict, default=None
            Style of the samples (Axes.scatter).

        Returns
        -------
        DialsDisplay

        Raises
        ------
        ValueError
            If the neuron sees fewer than two features, both weights are 0, or the data or `turns` cannot be used.
        """
        check_matplotlib_support(f"{cls.__name__}.from_estimator")
        subject = subject_of(estimator)
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

    def plot(self, ax=None, *, max_points=2000, line_kwargs=None, scatter_kwargs=None):
        """Draw the three panels.

        Parameters
        ----------
        ax : matplotlib Axes, default=None
            Axes in whose place they come; None makes a figure.
        max_points : int, default=2000
            Samples to draw at most.
        line_kwargs : dict, default=None
            Style of the boundaries (Line2D).
        scatter_kwargs : dict, default=None
            Style of the samples (Axes.scatter).

        Returns
        -------
        DialsDisplay
            The display itself.

        Raises
        ------
        ValueError
            If `turns` does not increase, or contains 1, or there is no line to turn: both weights are 0, or a parameter
            is not finite.
        """
        check_matplotlib_support(f"{type(self).__name__}.plot")
        self.settings_ = self._settings()
        self.figure_, self.axes_ = palette.panels(ax, 1, 3, (11, 4.4))
        self.points_, self.boundaries_, self.dials_ = [], [], []
        for parameter, panel in enumerate(self.axes_[0]):
            self._draw_samples(panel, max_points, scatter_kwargs)
            self._draw_boundaries(panel, parameter, line_kwargs)
            self._draw_dial(panel, parameter)
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
        if not (np.isfinite(self._learned).all() and self._learned[:2].any()):
            raise ValueError(f"There is no line to turn: both weights are 0, or one is not finite; got {self.weights}.")
        turns = np.array(self.turns, dtype=np.float64)
        if turns.ndim != 1 or not (np.diff(turns) > 0).all() or 1 in turns:
            raise ValueError(f"turns must increase, without 1, which is the learned setting; got {self.turns!r}.")
        spread = np.std(np.column_stack([self.x1, self.x2]) @ self._learned[:2])
        less = (turns < 1).sum()
        shift = (np.arange(-less, len(turns) - less + 1)) * spread / max(less, len(turns) - less)
        weights = [np.sort(np.append(turns, 1.0) * weight) for weight in self._learned[:2]]
        return [*weights, self.bias + shift]

    def _position(self, parameter):
        """Place of the learned value among the settings."""
        return int(np.argmin(np.abs(self.settings_[parameter] - self._learned[parameter])))

    def _styles(self, parameter):
        """Colour and line of every setting: dashed if smaller than the learned one, which is strong."""
        learned = self._position(parameter)
        n = len(self.settings_[parameter])
        strong = [{"color": palette.INK, "linewidth": 2.6, "linestyle": "-", "zorder": 4}]
        less = [{"color": color, "linewidth": 1.8, "linestyle": "--"} for color in _shades(LESS, learned)]
        more = [{"color": color, "linewidth": 1.8, "linestyle": "-"} for color in _shades(MORE, n - learned - 1)]
        return [*less, *strong, *more]

    def _draw_samples(self, panel, max_points, given):
        cloud = PlantsDisplay(
            x1=self.x1,
            x2=self.x2,
            codes=np.asarray(self.truths, dtype=int),
            feature_names=self.feature_names,
            class_names=self.class_names,
        )
        style = FAINT_SAMPLES | (given or {})
        self.points_.append(cloud.plot(panel, max_points=max_points, title=" ", scatter_kwargs=style))
        panel.autoscale_view()
        panel.autoscale(False)  # a boundary leaves the view, and does not widen it
        panel.label_outer()

    def _draw_boundaries(self, panel, parameter, given):
        from matplotlib.lines import Line2D

        boundaries = []
        for value, ours in zip(self.settings_[parameter], self._styles(parameter), strict=True):
            turned = self._learned
            turned[parameter] = value
            line = boundary_line(turned[:2], turned[2] + self.held, panel.get_xlim(), panel.get_ylim())
            boundaries += panel.plot(*line, **palette.styled(Line2D, ours, given))
        self.boundaries_.append(boundaries)

    def _draw_dial(self, panel, parameter):
        """A dial, or a lever, with a hand at every setting; its name above and its values beneath the panel."""
        dial = panel.inset_axes((0.8, 1.03, 0.2, 0.2))
        dial.set(xlim=(-1.2, 1.2), ylim=(-1.2, 1.2), aspect="equal", anchor="SE")
        dial.axis("off")
        (_draw_lever if parameter == 2 else _draw_knob)(dial, self._styles(parameter))
        self.dials_.append(dial)
        panel.set_title(plain(self._titles[parameter]), loc="left")
        panel.add_artist(panel.get_legend())  # the classes, beside the values
        self._name_settings(panel, parameter)

    @property
    def _titles(self):
        one, two, b = self._symbols
        first, second = (shortened(name, LONGEST_NAME) for name in self.feature_names)
        lever = f"; {self.n_held:,} at median add {brief(self.held)}" if self.n_held else ", the bias"
        return [f"Turn {one}, {first}", f"Turn {two}, {second}", f"Move {b}{lever}"]

    def _name_settings(self, panel, parameter):
        """Tell all values."""
        settings, symbol = self.settings_[parameter], self._symbols[parameter]
        panel.legend(
            handles=self.boundaries_[parameter],
            labels=[f"{symbol} = {value}" for value in _told(settings)],
            fontsize=palette.SMALL,
            loc="upper center",
            bbox_to_anchor=(0.5, -0.16),
            ncols=IN_A_ROW,
            frameon=False,
            handlelength=1.4,
            handletextpad=0.4,
            columnspacing=0.9,
        )


def _told(settings):
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
        dial.plot(
            [0.25 * np.sin(turn), np.sin(turn)], [0.25 * np.cos(turn), np.cos(turn)], **(style | {"linestyle": "-"})
        )


def _draw_lever(dial, styles):
    """A slot with a handle at every setting."""
    dial.plot([0, 0], [-1, 1], color=palette.FAINT, linewidth=1.2)
    for height, style in zip(np.linspace(-0.9, 0.9, len(styles)), styles, strict=True):
        dial.plot([-0.45, 0.45], [height, height], **(style | {"linestyle": "-"}))
