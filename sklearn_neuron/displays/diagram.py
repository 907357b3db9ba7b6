"""What does one neuron do? Features come in, are weighed, summed with a bias, and bent into a belief.

The whole of it is two lines, and the picture is these two lines from left to right::

    z = w_1 x_1 + ... + w_p x_p + b
    a = 1 / (1 + exp(-z))

In a layer of softmax (:mod:`~sklearn_neuron.layer`) no neuron has a sigmoid of its own. One bar, the unit of belief, is
shared out among all of them by their scores: with a sample, in parts as large as what each class is given.

A purple line speaks for the class and an amber line against it, and the wider it is the more it matters: the weight
times the standard deviation of its feature, if there are examples to tell it, for a weight alone depends on the unit.
With a sample its numbers flow through: its features in the inputs, products on the lines, its score, its belief. Then
the bias is a part of the score as every product is, and its line as wide as it is large.

Reference: F. Rosenblatt, The perceptron, Psychological Review 65 (1958), 386-408; a sigmoid in place of its
threshold.
"""

from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from sklearn_neuron.displays import palette
from sklearn_neuron.displays.base import Display
from sklearn_neuron.displays.canvas import WORDS, Canvas, brief, fitting, room_of, width_of
from sklearn_neuron.displays.connections import LONGEST_CLASS, Connections, numbers_of
from sklearn_neuron.displays.names import plain, shortened
from sklearn_neuron.displays.table import spread_of
from sklearn_neuron.inspection.explanation import explain, percent, spoken
from sklearn_neuron.neuron import sigmoid

AMBER = "#c98f00"  # the yellow of class 0, dark enough for a line on white
SIGNS = {1: palette.PURPLE, 0: palette.FAINT, -1: AMBER}
SIGN_WORDS = {1: palette.PURPLE, 0: palette.INK, -1: "#865f00"}  # the same, dark enough for a word
DASHED = (0, (3, 2))

# All places and sizes are inches of a picture that is not zoomed, from the middle of the inputs; words are in points.
INPUT, SUM, ACTIVATION, SMALL_NODE = 0.31, 0.42, 0.5, 0.27  # radii; the last of the bias, and of a neuron in a layer
SUM_AT, ACTIVATION_AT, OUTPUT_AT, LAYER_AT = 2.95, 4.9, 6.8, 3.7
BIAS_UP = 1.32
FEW = 3  # inputs, whose lines are far enough from each other to be written above, products and all
NUMBER_BOX = {"facecolor": "white", "edgecolor": "none", "boxstyle": "round,pad=0.12"}  # of a number on a line
NAMES_AT = LAYER_AT + SMALL_NODE + 0.14
PERCENT_ROOM = 1.0
CURVE, FAR = (0.7, 1.1), 6  # half width and height of the sigmoid, in radii of its node; the score at its end
UNIT_AT, UNIT = 4.65, 0.36  # the unit of belief that a layer of softmax shares out, and its width
SMALL, LARGE = 11.5, 15
BOLD = 15  # what words of 13.5 points need in bold


@dataclass(kw_only=True, eq=False, repr=False)
class NeuronDiagramDisplay(Display):
    """A neuron, or a layer of them, drawn as inputs, weighted lines, sum, activation and output.

    Parameters
    ----------
    weights : array-like of shape (n_neurons, n_features)
        Weights, a row a neuron, as in `coef_`.
    bias : array-like of shape (n_neurons,) or None
        Biases, as in `intercept_`; None if there are none.
    feature_names : sequence of str of length n_features
        Names of the inputs.
    neuron_names : sequence of str of length n_neurons
        The class that each neuron speaks for.
    is_one_of_many : bool, default=False
        Whether the belief of a single neuron is divided by the sum of those of others, which are not drawn.
    is_softmax : bool, default=False
        Whether the neurons, or a single one and others that are not drawn, share one belief by their scores.
    spread : array-like of shape (n_features,), default=None
        Standard deviation of each feature: a line is then as wide as ``|w| spread``; None: as ``|w|``, which depends on
        the units.
    explanation : Explanation, default=None
        A sample whose numbers flow through; a line is then as wide as ``|w x|``, that of the bias as ``|b|``.

    Attributes
    ----------
    ax_, figure_ : matplotlib Axes and Figure
        Where it is drawn.
    shown_, shown_neurons_ : ndarray of int
        Numbers of the features that have an input of their own, and of the neurons drawn, from top to bottom.
    inputs_ : list of matplotlib Circle
        Inputs, and last, if there are more features, the one that stands for them.
    names_, input_texts_ : list of matplotlib Text
        Their names, empty if they are just x1, x2...; and what is written in them.
    lines_, bias_lines_ : list of matplotlib Line2D
        From the inputs to the neuron, of a layer to the first neuron, then to the second...; from the bias to each.
    weights_ : list of matplotlib Text
        Weights, or products with the sample, on the lines; empty for a layer.
    bias_, bias_text_ : matplotlib Circle and Text, or None
        Where the bias comes in, if there is one, and its value, which is not written in a layer.
    neurons_, curves_ : list of matplotlib Circle, and of Line2D
        The neurons of a layer, of a single one the sum; and the curve in each activation, none in a layer of softmax.
    shares_ : list of matplotlib Rectangle
        Parts of the unit of belief, from top to bottom, in a layer of softmax; one if there is no sample.
    sum_, activation_, output_ : matplotlib Circle or None
        Parts of a single neuron; None for a layer.
    point_ : matplotlib Circle or None
        The sample on its sigmoid, at the end if it is beyond; None without a sample and for a layer.
    score_text_, belief_text_ : matplotlib Text or None
        z after the sum and a after the activation, with their values if there is a sample; None for a layer.
    outputs_ : list of matplotlib Text
        What each neuron tells, such as ``P(toxic | x)``; with a sample each followed by how much, in percent.
    sentence_, remark_ : matplotlib Text
        The decision about the sample, None without one; what the widths mean, and if not all features are drawn, which.
    legend_ : matplotlib Legend
        What the colours mean.

    See Also
    --------
    sklearn_neuron.explain : The same numbers as a table.

    Examples
    --------
    >>> from sklearn_neuron import SigmoidNeuronClassifier
    >>> from sklearn_neuron.datasets import make_toxic_plants
    >>> from sklearn_neuron.displays import NeuronDiagramDisplay
    >>> plants = make_toxic_plants(random_state=0)
    >>> neuron = SigmoidNeuronClassifier().fit(plants.data, plants.target)
    >>> display = NeuronDiagramDisplay.from_estimator(neuron, x=[5.3, 2.6], class_names=plants.target_names)
    >>> print(display.sentence_.get_text())
    82 % sure
    it is toxic
    """

    weights: Any
    bias: Any
    feature_names: Any
    neuron_names: Any
    is_one_of_many: bool = False
    is_softmax: bool = False
    spread: Any = None
    explanation: Any = None

    @classmethod
    def from_estimator(
        cls,
        estimator,
        *,
        x=None,
        X=None,
        class_of_interest=None,
        feature_names=None,
        class_names=None,
        max_features=8,
        ax=None,
        node_kwargs=None,
        line_kwargs=None,
        text_kwargs=None,
    ) -> Self:
        """Draw a fitted neuron; of more than two classes, the layer of all neurons.

        Parameters
        ----------
        x : {array-like, Series} of shape (n_features,), or a table of one row, default=None
            A sample, as the estimator takes it, whose numbers flow through.
        X : {array-like, sparse matrix} of shape (n_samples, n_features), default=None
            Examples, as the estimator takes them, to tell how far each feature spreads. Weights of features in
            different units cannot be compared; weights times standard deviations can.
        class_of_interest : label, default=None
            Of more than two classes, the one whose neuron to draw alone.
        max_features : int, default=8
            Inputs to draw at most: those of the largest ``|w x|`` if there is a sample, otherwise of the largest
            ``|w|`` times standard deviation, or, without `X`, ``|w|``, and none where that is 0. One more stands for
            all others.
        ax : matplotlib Axes, default=None
            Axes to draw on; None makes a figure. The picture keeps its proportions, and its words and lines are zoomed
            with it.
        node_kwargs : dict, default=None
            Style of the nodes (Circle).
        line_kwargs : dict, default=None
            Style of the weighted lines (Line2D).
        text_kwargs : dict, default=None
            Style of the words (Text).

        Raises
        ------
        ValueError
            If `x` is not one sample, or something does not fit the neuron; the message says what.
        """
        subject = cls._subject_of(estimator)
        neuron, names = subject.neuron, subject.class_names(class_names)
        which, are_two = _neurons(subject, class_of_interest), len(names) == 2
        words = {"class_of_interest": class_of_interest, "feature_names": feature_names, "class_names": class_names}
        display = cls(
            weights=neuron.coef_[which],
            bias=neuron.intercept_[which] if neuron.fit_intercept else None,
            feature_names=subject.feature_names(feature_names),
            neuron_names=[names[k + are_two] for k in which],
            is_one_of_many=len(which) == 1 and not are_two,
            is_softmax=subject.is_layer,
            spread=None if X is None else spread_of(subject.sees(X)),
            explanation=None if x is None else explain(estimator, x, **words),
        )
        styles = {"node_kwargs": node_kwargs, "line_kwargs": line_kwargs, "text_kwargs": text_kwargs}
        return display.plot(ax, max_features=max_features, **styles)

    def plot(self, ax=None, *, max_features=8, node_kwargs=None, line_kwargs=None, text_kwargs=None) -> Self:
        """Draw the neuron.

        Raises
        ------
        ValueError
            If weights, biases, names and spreads differ in number, a weight is not finite, or `max_features` is below
            1.
        """
        drawn = Connections.of(self, max_features)
        frame = _frame(self, drawn)
        self._place(ax, frame.size)
        if ax is None:
            self.ax_.set_position([0, 0, 1, 1])  # a frame has its margins; a layout would shrink what is near its edges
        canvas = Canvas(self.ax_, 1.0 if ax is None else _zoom(frame, ax), node_kwargs, line_kwargs, text_kwargs)
        self.shown_, self.shown_neurons_ = drawn.features, drawn.neurons
        self._draw_inputs(canvas, drawn)
        self._draw_neurons(canvas, drawn)
        self._draw_bias(canvas, drawn)
        self._draw_lines(canvas, drawn)
        self._write_below(canvas, drawn, frame)
        self._draw_legend(canvas, drawn)
        self.ax_.set(xlim=frame.intervalx, ylim=frame.intervaly, aspect="equal")
        self.ax_.axis("off")
        return self

    def _draw_inputs(self, canvas, drawn):
        heights = _heights(drawn.inputs)
        self.inputs_ = [canvas.disc(0, y, INPUT) for y in heights]
        named = zip(heights, drawn.inputs, strict=True)
        self.names_ = [canvas.words(-INPUT - 0.12, y, name, ha="right") for y, name in named]
        numbers = numbers_of(self.feature_names)
        texts = [f"$x_{{{numbers[j]}}}$" for j in drawn.features]
        if self.explanation is not None:
            texts = [brief(value) for value in self.explanation.values[drawn.features]]
        if len(drawn.others):
            texts += ["\u22ee"]
            self.inputs_[-1].set(linestyle=DASHED, edgecolor=palette.FAINT)
        written = zip(heights, texts, strict=True)
        self.input_texts_ = [canvas.words(0, y, text, fitting(text, 1.6 * INPUT, WORDS + 1)) for y, text in written]

    # Neurons --------------------------------------------------------------------------------------------

    def _draw_neurons(self, canvas, drawn):
        self.sum_ = self.activation_ = self.output_ = self.score_text_ = self.belief_text_ = self.point_ = None
        self.curves_, self.shares_ = [], []
        if drawn.is_layer:
            self._draw_layer(canvas, drawn)
        else:
            self._draw_single(canvas, drawn)

    def _draw_single(self, canvas, drawn):
        sample, score, belief = self.explanation, "$z$", "$a$"
        self.sum_ = canvas.disc(SUM_AT, 0, SUM)
        self.neurons_ = [self.sum_]
        canvas.words(SUM_AT, 0, "\u03a3", 24)
        canvas.words(SUM_AT + 0.08, -SUM - 0.2, _score_equation(self.bias), va="top")
        self.activation_ = canvas.disc(ACTIVATION_AT, 0, ACTIVATION)
        self._draw_curve(canvas, ACTIVATION_AT, 0, ACTIVATION)
        if sample is not None:
            score, belief = f"$z$ = {brief(sample.z)}", f"$a$ {_belief(sample.a)}"
            place = self._on_curve(sample.z, ACTIVATION_AT, 0, ACTIVATION)
            style = {"facecolor": palette.belief_colormap()(sample.a), "linewidth": 1.2, "zorder": 5}
            self.point_ = canvas.disc(*place, 0.07, **style)
        formula = r"$a = e^z/$ sum of all $e^z$" if self.is_softmax else r"$a = 1\,/\,(1 + e^{-z})$"
        canvas.words(ACTIVATION_AT, -ACTIVATION - 0.12, formula, va="top")
        self.score_text_ = canvas.arrow(SUM_AT + SUM, ACTIVATION_AT - ACTIVATION, score)
        self.belief_text_ = canvas.arrow(ACTIVATION_AT + ACTIVATION, OUTPUT_AT - SUM, belief)
        self._draw_output(canvas, drawn)

    def _draw_curve(self, canvas, x, y, radius):
        """The sigmoid from z = -6 to 6, on its axes; of softmax the exponential."""
        width, height = CURVE[0] * radius, CURVE[1] * radius
        for ends in (([x - width, x + width], [y - height / 2] * 2), ([x, x], [y - height / 2, y + height / 2])):
            canvas.stroke(*ends, color=palette.FAINT, linewidth=0.8)
        points = self._on_curve(np.linspace(-FAR, FAR, 61), x, y, radius)
        self.curves_ += [canvas.stroke(*points, color=palette.INK, linewidth=1 + 3 * radius)]

    def _on_curve(self, z, x, y, radius):
        """Where a score is in a node, in which scores beyond its ends are at these."""
        z = np.clip(z, -FAR, FAR)
        height = np.exp((z - FAR) / 2) if self.is_softmax else sigmoid(z)
        return x + CURVE[0] * radius * z / FAR, y + CURVE[1] * radius * (height - 0.5)

    def _draw_output(self, canvas, drawn):
        self.outputs_ = [canvas.words(OUTPUT_AT, SUM + 0.14, drawn.outputs[0], WORDS + 1, va="bottom")]
        if self.explanation is None:
            self.output_ = canvas.disc(OUTPUT_AT, 0, SUM, facecolor="none")
            canvas.shade(self.output_)
            return
        probability = float(self.explanation.probabilities[self.explanation.neuron])
        color, text = palette.belief_colormap()(probability), _percent(probability)
        self.output_ = canvas.disc(OUTPUT_AT, 0, SUM, facecolor=color)
        self.outputs_ += [canvas.words(OUTPUT_AT, 0, text, fitting(text, 1.55 * SUM, LARGE), color=_ink_on(color))]

    def _draw_layer(self, canvas, drawn):
        sample, heights, self.neurons_, self.outputs_ = self.explanation, _heights(drawn.outputs), [], []
        names_at = _names_at(self)
        for k, y, name in zip(drawn.neurons, heights, drawn.outputs, strict=False):
            color = _blend(palette.class_color(k), 0.35 if sample is None else float(sample.probabilities[k]))
            self.neurons_ += [canvas.disc(LAYER_AT, y, SMALL_NODE, facecolor=color)]
            if self.is_softmax:
                canvas.words(LAYER_AT, y, "\u03a3", WORDS + 2, color=_ink_on(color))
                self._draw_score(canvas, k, y)
            else:
                self._draw_curve(canvas, LAYER_AT, y, SMALL_NODE)
            self.outputs_ += [canvas.words(names_at, y, name, ha="left", **_weight(sample, k))]
        if self.is_softmax:
            self._draw_unit(canvas, drawn, heights)
        right = names_at + _widest(drawn.outputs) + PERCENT_ROOM
        for k, y in zip(drawn.neurons if sample is not None else [], heights, strict=False):
            self.outputs_ += [
                canvas.words(right, y, _percent(sample.probabilities[k]), ha="right", **_weight(sample, k))
            ]
        for y, name in zip(heights[len(drawn.neurons) :], drawn.outputs[len(drawn.neurons) :], strict=True):
            canvas.words(names_at, y, name, ha="left")

    def _draw_score(self, canvas, k, y):
        """What goes from a neuron into the unit of belief, and comes out of it."""
        score = "$z$" if self.explanation is None else brief(self.explanation.shared.scores[k])
        room = UNIT_AT - LAYER_AT - SMALL_NODE
        canvas.words(UNIT_AT - room / 2, y + 0.05, score, fitting(score, room - 0.08, SMALL), va="bottom")
        for ends in ((LAYER_AT + SMALL_NODE, UNIT_AT), (UNIT_AT + UNIT, UNIT_AT + UNIT + 0.14)):
            canvas.stroke(ends, [y, y], color=palette.INK, linewidth=1.2, zorder=2)

    def _draw_unit(self, canvas, drawn, heights):
        """The unit of belief, shared out from top to bottom."""
        top, bottom = heights[0] + SMALL_NODE, heights[-1] - SMALL_NODE
        parts, colors = [1.0], ["white"]
        if self.explanation is not None:
            given = self.explanation.probabilities[drawn.neurons]
            parts = [*given, max(0.0, 1 - given.sum())]
            colors = [*(_blend(palette.class_color(k), 0.75) for k in drawn.neurons), palette.FAINT]
        lower = top - (top - bottom) * np.cumsum(parts)
        for part, y, color in zip(parts, lower, colors, strict=True):
            style = {"facecolor": color, "linewidth": 0, "zorder": 2.8}
            self.shares_ += [canvas.box(UNIT_AT, y, UNIT, part * (top - bottom), **style)]
        canvas.box(UNIT_AT, bottom, UNIT, top - bottom, facecolor="none")
        style = {"rotation": 90, "bbox": {"facecolor": "white", "alpha": 0.7, "edgecolor": "none", "pad": 1.5}}
        canvas.words(UNIT_AT + UNIT / 2, (top + bottom) / 2, "softmax", SMALL, **style)

    # Lines ----------------------------------------------------------------------------------------------

    def _draw_lines(self, canvas, drawn):
        starts, end = [(0, y) for y in _heights(drawn.inputs)], LAYER_AT if drawn.is_layer else SUM_AT
        self.lines_, self.weights_ = [], []
        for flows, widths, y in zip(drawn.flows, drawn.widths, _heights(drawn.outputs), strict=False):
            for start, flow, width in zip(starts, flows, widths, strict=False):
                self.lines_ += [_line(canvas, drawn, start, (end, y), flow, width)]
        for line in self.lines_[len(starts) - 1 :: len(starts)] if len(drawn.others) else []:
            line.set(linestyle=DASHED)
        if not drawn.is_layer:
            self._write_on_lines(canvas, drawn)

    def _write_on_lines(self, canvas, drawn):
        texts, are_few = self._products(drawn), len(drawn.inputs) <= FEW
        size = min(fitting(text, 1.45, SMALL) for text in texts)
        t = 0.46 if are_few else 0.38  # of the way, before the lines come together
        for text, line, flow, y in zip(texts, self.lines_, drawn.flows[0], _heights(drawn.inputs), strict=False):
            slope = np.arctan2(-y, SUM_AT)
            style = {"color": SIGN_WORDS[np.sign(flow)], "rotation": np.degrees(slope), "rotation_mode": "anchor"}
            above = (0.05 + line.get_linewidth() / canvas.zoom / 144) * are_few
            style |= {"va": "bottom"} if are_few else {"bbox": NUMBER_BOX, "zorder": 2.5}
            place = t * SUM_AT - above * np.sin(slope), (1 - t) * y + above * np.cos(slope)
            self.weights_ += [canvas.words(*place, text, size, **style)]

    def _products(self, drawn):
        """What is written on the lines to a single neuron: numbers, or what is multiplied if there are few."""
        flows = [brief(flow) for flow in drawn.flows[0]]
        if self.explanation is None:
            return flows[: len(drawn.features)]
        if len(flows) > FEW or len(drawn.others):
            return flows
        factors = zip(np.asarray(self.weights)[0], self.explanation.values, flows, strict=True)
        return [f"{brief(w)} \u00b7 {brief(x) if x >= 0 else f'({brief(x)})'} = {flow}" for w, x, flow in factors]

    def _draw_bias(self, canvas, drawn):
        self.bias_, self.bias_lines_, self.bias_text_ = None, [], None
        if self.bias is None:
            return
        biases = np.asarray(self.bias, dtype=np.float64)[drawn.neurons]
        x, y = (0, _heights(drawn.inputs)[-1] - _apart(len(drawn.inputs))) if drawn.is_layer else (SUM_AT, BIAS_UP)
        self.bias_ = canvas.disc(x, y, SMALL_NODE)
        canvas.words(x, y, "$b$", WORDS + 1)
        for neuron, b, width in zip(self.neurons_, biases, drawn.widths[:, -1], strict=True):
            self.bias_lines_ += [_line(canvas, drawn, (x, y), neuron.center, b, width)]
        if drawn.is_layer:
            canvas.words(-SMALL_NODE - 0.16, y, "biases", ha="right")
        else:
            canvas.words(SUM_AT + SMALL_NODE + 0.12, BIAS_UP, "bias", ha="left")
            place, style = (SUM_AT + 0.12, (BIAS_UP - SMALL_NODE + SUM) / 2), {"color": SIGN_WORDS[np.sign(biases[0])]}
            self.bias_text_ = canvas.words(*place, brief(biases[0]), SMALL, ha="left", **style)

    # Words ----------------------------------------------------------------------------------------------

    def _write_below(self, canvas, drawn, frame):
        self.sentence_, middle = None, (frame.x0 + frame.x1) / 2
        if drawn.is_layer:
            shared = r"$a = 1/(1 + e^{-z})$;  $P = a\,/$ sum of all $a$"
            if self.is_softmax:
                shared = r"$a = e^z/$ sum of all $e^z$"
            caption = f"each neuron: {_score_equation(self.bias)}, {shared}"
            canvas.words(middle, frame.y0 + 0.7, caption, SMALL)
        if self.explanation is not None:
            place = {"x": _middle_of(drawn.sentence), "y": -SUM - 0.16, "va": "top"}
            if drawn.is_layer:
                bottom = _heights(drawn.outputs)[-1] - SMALL_NODE - 0.35
                place = {"x": LAYER_AT - SMALL_NODE, "y": bottom, "ha": "left"}
            self.sentence_ = canvas.words(**place, text=drawn.sentence, size=WORDS + 1, fontweight="bold")
        self.remark_ = canvas.words(middle, frame.y0 + 0.36, drawn.remark, SMALL)

    def _draw_legend(self, canvas, drawn):
        from matplotlib.lines import Line2D

        who = "its class" if drawn.is_layer else shortened(spoken(str(self.neuron_names[0])), LONGEST_CLASS)
        words = {1: plain(f"speaks for {who}"), -1: "against it"}
        handles = [Line2D([], [], color=SIGNS[sign], linewidth=3 * canvas.zoom, label=words[sign]) for sign in words]
        style = {"loc": "lower center", "ncols": 2, "frameon": False, "fontsize": SMALL * canvas.zoom}
        self.legend_ = self.ax_.legend(handles=handles, borderaxespad=0, **style)


def _neurons(subject, class_of_interest):
    """Numbers of the neurons to draw: one, or of more than two classes all of them."""
    if class_of_interest is None and len(subject.neuron.classes_) > 2:
        return list(range(len(subject.neuron.classes_)))
    return [subject.column(class_of_interest)]


# Places ---------------------------------------------------------------------------------------------------


def _heights(nodes):
    """Heights of nodes above each other around 0, from top to bottom."""
    return _apart(len(nodes)) * ((len(nodes) - 1) / 2 - np.arange(len(nodes)))


def _apart(count):
    """How far nodes are apart, so many of them."""
    return 1.2 if count <= 3 else 0.95 if count <= 5 else 0.72


def _names_at(display):
    """Where the classes of a layer are named."""
    return UNIT_AT + UNIT + 0.24 if display.is_softmax else NAMES_AT


def _middle_of(sentence):
    """Where the decision is centred: under the output, or, if it is long, right of what is under the activation."""
    return max(OUTPUT_AT, ACTIVATION_AT + 0.85 + width_of(sentence, BOLD) / 2)


def _frame(display, drawn):
    """The edges of the picture, around all nodes and words."""
    from matplotlib.transforms import Bbox

    left = -INPUT - 0.2 - _widest(drawn.inputs)
    inputs = _heights(drawn.inputs)[0] + INPUT + 0.06
    edges = (_around_layer if drawn.is_layer else _around_single)(display, drawn, inputs)
    left = min(left, edges[0])
    lacking = max(0.0, width_of(drawn.remark, SMALL) + 0.2 - edges[2] + left) / 2
    return Bbox.from_extents(left - lacking, edges[1], edges[2] + lacking, edges[3])


def _around_single(display, drawn, inputs):
    right = OUTPUT_AT + max(SUM, width_of(drawn.outputs[0], BOLD) / 2)
    right = max(right, _middle_of(drawn.sentence) + width_of(drawn.sentence, BOLD) / 2)
    top = 1.0 if display.bias is None else BIAS_UP + SMALL_NODE + 0.06
    return 0.0, -max(inputs, 1.05) - 0.65, right + 0.06, max(inputs, top)


def _around_layer(display, drawn, inputs):
    has_sample, has_bias = display.explanation is not None, display.bias is not None
    names = _names_at(display) + _widest(drawn.outputs) + PERCENT_ROOM * has_sample
    right = max(names, LAYER_AT - SMALL_NODE + width_of(drawn.sentence, BOLD)) + 0.1
    neurons = _heights(drawn.outputs)[0] + SMALL_NODE + 0.06
    below = max(inputs + has_bias * _apart(len(drawn.inputs)), neurons + 0.5 * has_sample)
    return (-SMALL_NODE - 0.3 - width_of("biases")) * has_bias, -below - 0.95, right, max(inputs, neurons)


def _zoom(frame, ax):
    """How many times as large the picture is on given axes."""
    room = room_of(ax)
    return min(room.width / frame.width, room.height / frame.height) / ax.figure.dpi


def _line(canvas, drawn, start, end, flow, width):
    """A line from node to node: its colour tells the sign, its width the size, and in a layer its strength too."""
    style = {"linewidth": 1.3 + 5.2 * width, "alpha": 1.0}
    if drawn.is_layer:
        style = {"linewidth": 1.0 + 2.6 * width, "alpha": 0.3 + 0.7 * width}
    return canvas.line([start[0], end[0]], [start[1], end[1]], color=SIGNS[np.sign(flow)], **style)


# Words and colours ----------------------------------------------------------------------------------------


def _widest(texts):
    return max(width_of(text) for text in texts)


def _score_equation(bias):
    return r"$z = \mathbf{w} \cdot \mathbf{x}$" + r"$\, + b$" * (bias is not None)


def _weight(sample, k):
    return {"fontweight": "bold"} if sample is not None and sample.decided == k else {}


def _percent(probability):
    return percent(probability).replace("more than", ">").replace("less than", "<")


def _belief(a):
    if a > 0.999:
        return "> 0.999"
    return "< 0.001" if a < 0.001 else f"= {a:.{2 if 0.01 <= a <= 0.99 else 3}f}"


def _blend(color, strength):
    """A colour mixed with white, the more of it the stronger."""
    from matplotlib.colors import to_rgb

    return tuple(1 - strength * (1 - channel) for channel in to_rgb(color))


def _ink_on(color):
    """What can be read on a colour: ink, or white on what is dark."""
    return palette.INK if np.dot(color[:3], [0.2126, 0.7152, 0.0722]) > 0.5 else "white"
