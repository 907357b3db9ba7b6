"""What does one neuron do? Features come in, are weighed, summed with a bias, and bent into a belief.

The whole of it is two lines, and the picture is these two lines from left to right::

    z = w_1 x_1 + ... + w_p x_p + b
    a = 1 / (1 + exp(-z))

A purple line speaks for the class and an amber line against it, and the wider it is the more it matters: the weight
times the standard deviation of its feature, if there are examples to tell it, for a weight alone depends on the unit.
With a sample its numbers flow through: its features in the inputs, products on the lines, its score, its belief. Then
the bias is a part of the score as every product is, and its line as wide as it is large.

Reference: F. Rosenblatt, The perceptron, Psychological Review 65 (1958), 386-408; a sigmoid in place of its
threshold.
"""

import re
from numbers import Integral
from typing import NamedTuple

import numpy as np

from sklearn_neuron._sklearn import check_matplotlib_support
from sklearn_neuron.displays import palette
from sklearn_neuron.displays.names import plain, shortened
from sklearn_neuron.displays.plants import spread_of
from sklearn_neuron.inspection.explanation import explain, largest_of, percent, spoken
from sklearn_neuron.inspection.subject import subject_of
from sklearn_neuron.neuron import sigmoid

AMBER = "#c98f00"  # the yellow of class 0, dark enough for a line on white
SIGNS = {1: palette.PURPLE, 0: palette.FAINT, -1: AMBER}
SIGN_WORDS = {1: palette.PURPLE, 0: palette.INK, -1: "#865f00"}  # the same, dark enough for a word
SHOWN_NEURONS = 10
LONGEST_NAME = 24
LONGEST_CLASS = 20

# All places and sizes are inches of a picture that is not zoomed, from the middle of the inputs; words are in points.
INPUT, SUM, ACTIVATION, BELL = 0.31, 0.42, 0.5, 0.27  # radii; the last of a neuron in a layer
SUM_AT, ACTIVATION_AT, OUTPUT_AT, LAYER_AT = 2.95, 4.9, 6.8, 3.7
BIAS_UP = 1.32
FEW = 3  # inputs, whose lines are far enough from each other to be written above, products and all
LABEL = {"facecolor": "white", "edgecolor": "none", "boxstyle": "round,pad=0.12"}  # of a number on a line
NAMES_AT = LAYER_AT + BELL + 0.14
PERCENT_ROOM = 1.0
CURVE = 0.7, 1.1  # half width and height of the sigmoid, in radii of its node
WORDS, SMALL, LARGE = 12.5, 11.5, 15
BOLD = 15  # what words of 13.5 points need in bold


class NeuronDiagramDisplay:
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
    spread : array-like of shape (n_features,), default=None
        Standard deviation of each feature: a line is then as wide as ``|w| spread``; None: as ``|w|``, which depends on
        the units.
    explanation : Explanation, default=None
        A sample whose numbers flow through; a line is then as wide as ``|w x|``, that of the bias as ``|b|``.

    Attributes
    ----------
    ax_ : matplotlib Axes
        Axes drawn on.
    figure_ : matplotlib Figure
        Their figure.
    shown_ : ndarray of int
        Numbers of the features that have an input of their own, from top to bottom.
    shown_neurons_ : ndarray of int
        Numbers of the neurons drawn.
    inputs_ : list of matplotlib Circle
        Inputs, and last, if there are more features, the one that stands for them.
    names_ : list of matplotlib Text
        Their names; empty if they are just x1, x2...
    input_texts_ : list of matplotlib Text
        What is written in them.
    lines_ : list of matplotlib Line2D
        From the inputs to the neuron; of a layer, to the first neuron, then to the second...
    weights_ : list of matplotlib Text
        Weights, or products with the sample, on the lines; empty for a layer.
    bias_ : matplotlib Circle or None
        Where the bias comes in; None if there is none.
    bias_lines_ : list of matplotlib Line2D
        From there to every neuron.
    bias_text_ : matplotlib Text or None
        Its value; None for a layer.
    neurons_ : list of matplotlib Circle
        The neurons of a layer; of a single one the sum.
    sum_, activation_, output_ : matplotlib Circle or None
        Parts of a single neuron; None for a layer.
    curves_ : list of matplotlib Line2D
        The sigmoid, in each activation.
    point_ : matplotlib Circle or None
        The sample on it, at the end if it is beyond; None without a sample and for a layer.
    score_text_, belief_text_ : matplotlib Text or None
        z after the sum and a after the activation, with their values if there is a sample; None for a layer.
    outputs_ : list of matplotlib Text
        What each neuron tells, such as ``P(toxic | x)``; with a sample each followed by how much, in percent.
    sentence_ : matplotlib Text or None
        The decision about the sample.
    remark_ : matplotlib Text
        What the widths mean, and if not all features are drawn, which are.
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

    def __init__(
        self, *, weights, bias, feature_names, neuron_names, is_one_of_many=False, spread=None, explanation=None
    ):
        self.weights = weights
        self.bias = bias
        self.feature_names = feature_names
        self.neuron_names = neuron_names
        self.is_one_of_many = is_one_of_many
        self.spread = spread
        self.explanation = explanation

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
    ):
        """Draw a fitted neuron; of more than two classes, the layer of all neurons.

        Parameters
        ----------
        estimator : SigmoidNeuronClassifier, Pipeline that ends with one, or search over one of these
            Fitted.
        x : {array-like, Series} of shape (n_features,), or a table of one row, default=None
            A sample, as the estimator takes it, whose numbers flow through.
        X : {array-like, sparse matrix} of shape (n_samples, n_features), default=None
            Examples, as the estimator takes them, to tell how far each feature spreads. Weights of features in
            different units cannot be compared; weights times standard deviations can.
        class_of_interest : label, default=None
            Of more than two classes, the one whose neuron to draw alone.
        feature_names : sequence of str of length n_features, default=None
            Names of the features that the neuron sees; None takes what the estimator knows.
        class_names : sequence of str, default=None
            Names of the classes, in the order of `classes_`; None takes the labels.
        max_features : int, default=8
            Inputs to draw at most: those of the largest ``|w x|`` if there is a sample, otherwise of the largest
            ``|w|`` times standard deviation, or, without `X`, ``|w|``, and none where that is 0. One more stands for
            all others.
        ax : matplotlib Axes, default=None
            Axes to draw on; None makes a figure.
        node_kwargs : dict, default=None
            Style of the nodes (Circle).
        line_kwargs : dict, default=None
            Style of the weighted lines (Line2D).
        text_kwargs : dict, default=None
            Style of the words (Text).

        Returns
        -------
        NeuronDiagramDisplay

        Raises
        ------
        ValueError
            If `x` is not one sample, or something does not fit the neuron; the message says what.
        """
        check_matplotlib_support(f"{cls.__name__}.from_estimator")
        subject = subject_of(estimator)
        neuron, names = subject.neuron, subject.class_names(class_names)
        which, are_two = _neurons(subject, class_of_interest), len(names) == 2
        words = {"class_of_interest": class_of_interest, "feature_names": feature_names, "class_names": class_names}
        display = cls(
            weights=neuron.coef_[which],
            bias=neuron.intercept_[which] if neuron.fit_intercept else None,
            feature_names=subject.feature_names(feature_names),
            neuron_names=[names[k + are_two] for k in which],
            is_one_of_many=len(which) == 1 and not are_two,
            spread=None if X is None else spread_of(subject.sees(X)),
            explanation=None if x is None else explain(estimator, x, **words),
        )
        styles = {"node_kwargs": node_kwargs, "line_kwargs": line_kwargs, "text_kwargs": text_kwargs}
        return display.plot(ax, max_features=max_features, **styles)

    def plot(self, ax=None, *, max_features=8, node_kwargs=None, line_kwargs=None, text_kwargs=None):
        """Draw the neuron.

        Parameters
        ----------
        ax : matplotlib Axes, default=None
            Axes to draw on; None makes a figure. The picture keeps its proportions, and its words and lines are zoomed
            with it.
        max_features : int, default=8
            Inputs to draw at most.
        node_kwargs : dict, default=None
            Style of the nodes (Circle).
        line_kwargs : dict, default=None
            Style of the weighted lines (Line2D).
        text_kwargs : dict, default=None
            Style of the words (Text).

        Returns
        -------
        NeuronDiagramDisplay
            The display itself.

        Raises
        ------
        ValueError
            If weights, biases, names and spreads differ in number, a weight is not finite, or `max_features` is below
            1.
        """
        check_matplotlib_support(f"{type(self).__name__}.plot")
        wiring = Wiring.of(self, max_features)
        frame = Frame.around(self, wiring)
        self.figure_, self.ax_ = palette.axes(ax, frame.size)
        if ax is None:
            self.ax_.set_position([0, 0, 1, 1])  # a frame has its margins; a layout would shrink what is near its edges
        sheet = Sheet(self.ax_, 1.0 if ax is None else frame.zoom(ax), node_kwargs, line_kwargs, text_kwargs)
        self.shown_, self.shown_neurons_ = wiring.features, wiring.neurons
        self._draw_inputs(sheet, wiring)
        self._draw_neurons(sheet, wiring)
        self._draw_bias(sheet, wiring)
        self._draw_lines(sheet, wiring)
        self._draw_sentence(sheet, wiring, frame)
        self._draw_legend(sheet, wiring)
        self.remark_ = sheet.words((frame.left + frame.right) / 2, frame.bottom + 0.36, wiring.remark, SMALL)
        frame.set_on(self.ax_)
        return self

    def _draw_inputs(self, sheet, wiring):
        self.inputs_ = [sheet.disc(0, y, INPUT) for y in wiring.inputs]
        self.names_ = [
            sheet.words(-INPUT - 0.12, y, name, ha="right") for y, name in zip(wiring.inputs, wiring.names, strict=True)
        ]
        texts = [f"$x_{{{number}}}$" for number in wiring.numbers]
        if self.explanation is not None:
            texts = [brief(value) for value in self.explanation.values[wiring.features]]
        texts += ["\u22ee"] * (wiring.n_others > 0)
        self.input_texts_ = [
            sheet.words(0, y, text, fitting(text, 1.6 * INPUT, WORDS + 1))
            for y, text in zip(wiring.inputs, texts, strict=True)
        ]
        if wiring.n_others:
            self.inputs_[-1].set(linestyle=(0, (3, 2)), edgecolor=palette.FAINT)

    # Neurons --------------------------------------------------------------------------------------------

    def _draw_neurons(self, sheet, wiring):
        self.sum_ = self.activation_ = self.output_ = self.score_text_ = self.belief_text_ = self.point_ = None
        self.curves_ = []
        if wiring.is_layer:
            self._draw_layer(sheet, wiring)
        else:
            self._draw_single(sheet, wiring)

    def _draw_single(self, sheet, wiring):
        self.sum_ = sheet.disc(SUM_AT, 0, SUM)
        sheet.words(SUM_AT, 0, "\u03a3", 24)
        sheet.words(SUM_AT + 0.08, -SUM - 0.2, _score_equation(self.bias), va="top")
        self.activation_ = sheet.disc(ACTIVATION_AT, 0, ACTIVATION)
        self._draw_curve(sheet, ACTIVATION_AT, 0, ACTIVATION)
        self.point_ = None if self.explanation is None else self._draw_point(sheet)
        sheet.words(ACTIVATION_AT, -ACTIVATION - 0.12, r"$a = 1\,/\,(1 + e^{-z})$", va="top")
        score, belief = "$z$", "$a$"
        if self.explanation is not None:
            score, belief = f"$z$ = {brief(self.explanation.z)}", f"$a$ {_belief(self.explanation.a)}"
        self.score_text_ = sheet.flow(SUM_AT + SUM, ACTIVATION_AT - ACTIVATION, score)
        self.belief_text_ = sheet.flow(ACTIVATION_AT + ACTIVATION, OUTPUT_AT - SUM, belief)
        self._draw_output(sheet, wiring)
        self.neurons_ = [self.sum_]

    def _draw_curve(self, sheet, x, y, radius):
        """The sigmoid from z = -6 to 6, and the score of a single neuron on it."""
        z = np.linspace(-6, 6, 61)
        width, height = CURVE[0] * radius, CURVE[1] * radius
        for ends in (([x - width, x + width], [y - height / 2] * 2), ([x, x], [y - height / 2, y + height / 2])):
            sheet.stroke(*ends, color=palette.FAINT, linewidth=0.8)
        points = x + width * z / 6, y + height * (sigmoid(z) - 0.5)
        self.curves_ += [sheet.stroke(*points, color=palette.INK, linewidth=1 + 3 * radius)]

    def _draw_point(self, sheet):
        """Where the sample is on the curve; at its end if it is beyond."""
        z, width, height = np.clip(self.explanation.z, -6, 6), CURVE[0] * ACTIVATION, CURVE[1] * ACTIVATION
        color = palette.belief_colormap()(self.explanation.a)
        place = ACTIVATION_AT + width * z / 6, height * (sigmoid(z) - 0.5)
        return sheet.disc(*place, 0.07, facecolor=color, linewidth=1.2, zorder=5)

    def _draw_output(self, sheet, wiring):
        (name,) = wiring.outputs
        label = sheet.words(OUTPUT_AT, SUM + 0.14, name, WORDS + 1, va="bottom")
        self.outputs_ = [label]
        if self.explanation is None:
            self.output_ = sheet.disc(OUTPUT_AT, 0, SUM, facecolor="none")
            sheet.shade(self.output_)
            return
        k = self.explanation.neuron
        probability = float(self.explanation.probabilities[k])
        color = palette.belief_colormap()(probability)
        self.output_ = sheet.disc(OUTPUT_AT, 0, SUM, facecolor=color)
        text = _percent(probability)
        self.outputs_ += [sheet.words(OUTPUT_AT, 0, text, fitting(text, 1.55 * SUM, LARGE), color=_ink_on(color))]

    def _draw_layer(self, sheet, wiring):
        self.neurons_, self.outputs_ = [], []
        for k, y, name in zip(wiring.neurons, wiring.heights, wiring.outputs, strict=False):
            probability = 0.35 if self.explanation is None else float(self.explanation.probabilities[k])
            color = _blend(palette.class_color(k), probability)
            self.neurons_ += [sheet.disc(LAYER_AT, y, BELL, facecolor=color)]
            self._draw_curve(sheet, LAYER_AT, y, BELL)
            self.outputs_ += [sheet.words(NAMES_AT, y, name, ha="left", **_weight(self.explanation, k))]
        self._tell_probabilities(sheet, wiring)
        if len(wiring.outputs) > len(wiring.neurons):
            sheet.words(NAMES_AT, wiring.heights[-1], wiring.outputs[-1], ha="left")

    def _tell_probabilities(self, sheet, wiring):
        """What a sample makes of every neuron of a layer, right of the names."""
        if self.explanation is None:
            return
        right = NAMES_AT + max(width_of(name) for name in wiring.outputs) + PERCENT_ROOM
        for k, y in zip(wiring.neurons, wiring.heights, strict=False):
            text = _percent(self.explanation.probabilities[k])
            self.outputs_ += [sheet.words(right, y, text, ha="right", **_weight(self.explanation, k))]

    # Lines ----------------------------------------------------------------------------------------------

    def _draw_lines(self, sheet, wiring):
        self.lines_, self.weights_ = [], []
        end = LAYER_AT if wiring.is_layer else SUM_AT
        for flows, shares, y in zip(wiring.flows, wiring.shares, wiring.heights, strict=False):
            for flow, share, start in zip(flows, shares, wiring.inputs, strict=False):
                style = wiring.line_style(share)
                self.lines_ += [sheet.line([0, end], [start, y], color=SIGNS[int(np.sign(flow))], **style)]
        if wiring.n_others:
            for line in self.lines_[len(wiring.inputs) - 1 :: len(wiring.inputs)]:
                line.set(linestyle=(0, (3, 2)))
        if not wiring.is_layer:
            self._write_on_lines(sheet, wiring)

    def _write_on_lines(self, sheet, wiring):
        texts, are_few = wiring.line_texts(self), len(wiring.inputs) <= FEW
        size = min(fitting(text, 1.45, SMALL) for text in texts)
        t = 0.46 if are_few else 0.38  # of the way, before the lines come together
        for text, line, flow, y in zip(texts, self.lines_, wiring.flows[0], wiring.inputs, strict=False):
            slope = np.arctan2(-y, SUM_AT)
            style = {"color": SIGN_WORDS[int(np.sign(flow))], "rotation": np.degrees(slope), "rotation_mode": "anchor"}
            above = (0.05 + line.get_linewidth() / sheet.zoom / 144) * are_few
            style |= {"va": "bottom"} if are_few else {"bbox": LABEL, "zorder": 2.5}
            place = t * SUM_AT - above * np.sin(slope), (1 - t) * y + above * np.cos(slope)
            self.weights_ += [sheet.words(*place, text, size, **style)]

    def _draw_bias(self, sheet, wiring):
        self.bias_, self.bias_lines_, self.bias_text_ = None, [], None
        if self.bias is None:
            return
        biases = np.asarray(self.bias, dtype=np.float64)[wiring.neurons]
        start, end = (
            ((0, wiring.inputs[-1] - _apart(len(wiring.inputs))), LAYER_AT)
            if wiring.is_layer
            else ((SUM_AT, BIAS_UP), SUM_AT)
        )
        self.bias_ = sheet.disc(*start, BELL)
        sheet.words(*start, "$b$", WORDS + 1)
        for b, share, y in zip(biases, wiring.bias_shares, wiring.heights, strict=False):
            style = wiring.line_style(share)
            self.bias_lines_ += [sheet.line([start[0], end], [start[1], y], color=SIGNS[int(np.sign(b))], **style)]
        if wiring.is_layer:
            sheet.words(-BELL - 0.16, start[1], "biases", ha="right")
        else:
            color = SIGN_WORDS[int(np.sign(biases[0]))]
            sheet.words(SUM_AT + BELL + 0.12, BIAS_UP, "bias", ha="left")
            place = {"x": SUM_AT + 0.12, "y": (BIAS_UP - BELL + SUM) / 2}
            self.bias_text_ = sheet.words(**place, text=brief(biases[0]), size=SMALL, ha="left", color=color)

    # Words ----------------------------------------------------------------------------------------------

    def _draw_sentence(self, sheet, wiring, frame):
        self.sentence_ = None
        if wiring.is_layer:
            caption = rf"each neuron: {_score_equation(self.bias)}, $a = 1/(1 + e^{{-z}})$;  $P = a\,/$ sum of all $a$"
            sheet.words((frame.left + frame.right) / 2, frame.bottom + 0.7, caption, SMALL)
        if self.explanation is not None:
            place = {"x": _middle_of(wiring.sentence), "y": -SUM - 0.16, "va": "top"}
            if wiring.is_layer:
                place = {"x": LAYER_AT - BELL, "y": wiring.heights[-1] - BELL - 0.35, "ha": "left"}
            self.sentence_ = sheet.words(**place, text=wiring.sentence, size=WORDS + 1, fontweight="bold")

    def _draw_legend(self, sheet, wiring):
        from matplotlib.lines import Line2D

        who = "its class" if wiring.is_layer else shortened(spoken(str(self.neuron_names[0])), LONGEST_CLASS)
        words = {1: plain(f"speaks for {who}"), -1: "against it"}
        handles = [Line2D([], [], color=SIGNS[sign], linewidth=3 * sheet.zoom, label=words[sign]) for sign in words]
        style = {"loc": "lower center", "ncols": 2, "frameon": False, "fontsize": SMALL * sheet.zoom}
        self.legend_ = self.ax_.legend(handles=handles, borderaxespad=0, **style)


def _neurons(subject, class_of_interest):
    """Numbers of the neurons to draw: one, or of more than two classes all of them."""
    if class_of_interest is None and len(subject.neuron.classes_) > 2:
        return list(range(len(subject.neuron.classes_)))
    return [subject.column(class_of_interest)]


class Wiring(NamedTuple):
    """Which features and neurons are drawn, how they are joined, and what they are called."""

    features: np.ndarray
    n_others: int
    neurons: np.ndarray
    flows: np.ndarray  # what runs along each line, (neurons, inputs): weights, or products with the sample
    shares: np.ndarray  # how wide each is, in [0, 1], (neurons, inputs)
    bias_shares: np.ndarray  # and the lines of the biases, (neurons,)
    numbers: list[int]  # of the features, as their names count them
    names: list[str]  # of the inputs
    outputs: list[str]
    sentence: str
    remark: str  # what the widths mean

    @classmethod
    def of(cls, display, max_features):
        """What to draw of a display."""
        weights, spread = _checked(display, max_features)
        sample = display.explanation
        flows = weights if sample is None else weights * sample.values
        sizes = np.abs(flows) * (spread if sample is None else 1)
        neurons = _most_probable(len(weights), sample)
        features, others = largest_of(sizes[neurons].max(axis=0), max_features)
        rest, bias = _other_parts(display, flows, neurons, others)
        parts = np.hstack([sizes[np.ix_(neurons, features)], np.abs(rest), np.abs(bias)])
        shares = parts / (parts.max() or 1.0)
        return cls(
            features=features,
            n_others=len(others),
            neurons=neurons,
            flows=np.hstack([flows[np.ix_(neurons, features)], rest]),
            shares=shares[:, :-1],
            bias_shares=shares[:, -1],
            numbers=[_numbers(display.feature_names)[j] for j in features],
            names=_input_names(display, features, others),
            outputs=_output_names(display, neurons),
            sentence=_sentence(sample, len(weights) > 1),
            remark=_remark(display, weights, sizes[neurons][:, others]),
        )

    @property
    def is_layer(self):
        """Whether there is more than one neuron."""
        return len(self.neurons) > 1

    @property
    def inputs(self):
        """Heights of the inputs, from top to bottom."""
        return _heights(self.flows.shape[1])

    @property
    def heights(self):
        """Heights of the neurons, and of the words that stand for others."""
        return _heights(len(self.outputs))

    def line_style(self, share):
        """How wide a line is, and in a layer how strong."""
        if self.is_layer:
            return {"linewidth": 1.0 + 2.6 * share, "alpha": 0.3 + 0.7 * share}
        return {"linewidth": 1.3 + 5.2 * share}

    def line_texts(self, display):
        """What is written on the lines to a single neuron: numbers, or a product if there are few."""
        flows = [brief(flow) for flow in self.flows[0]]
        if display.explanation is None:
            return flows[: len(self.features)]
        if len(flows) > FEW or self.n_others:
            return flows
        factors = zip(np.asarray(display.weights)[0], display.explanation.values, strict=True)
        pairs = (f"{brief(w)} \u00b7 {brief(x)}" if x >= 0 else f"{brief(w)} \u00b7 ({brief(x)})" for w, x in factors)
        return [f"{pair} = {flow}" for pair, flow in zip(pairs, flows, strict=True)]


class Frame(NamedTuple):
    """The edges of the picture, in inches from the middle of the inputs."""

    left: float
    right: float
    bottom: float
    top: float

    @classmethod
    def around(cls, display, wiring):
        """Room for all nodes and words."""
        left = -INPUT - 0.2 - max((width_of(name) for name in wiring.names), default=0)
        inputs = wiring.inputs[0] + INPUT + 0.06
        if wiring.is_layer:
            return cls._around_layer(display, wiring, left, inputs).wide_enough(wiring.remark)
        right = OUTPUT_AT + max(SUM, width_of(wiring.outputs[0], BOLD) / 2)
        right = max(right, _middle_of(wiring.sentence) + width_of(wiring.sentence, BOLD) / 2)
        top = 1.0 if display.bias is None else BIAS_UP + BELL + 0.06
        return cls(left, right + 0.06, -max(inputs, 1.05) - 0.65, max(inputs, top)).wide_enough(wiring.remark)

    @classmethod
    def _around_layer(cls, display, wiring, left, inputs):
        has_sample, has_bias = display.explanation is not None, display.bias is not None
        names = NAMES_AT + max(width_of(name) for name in wiring.outputs) + PERCENT_ROOM * has_sample
        right = max(names, LAYER_AT - BELL + width_of(wiring.sentence, BOLD)) + 0.1
        neurons = wiring.heights[0] + BELL + 0.06
        below = max(inputs + has_bias * _apart(len(wiring.inputs)), neurons + 0.5 * has_sample)
        left = min(left, (-BELL - 0.3 - width_of("biases")) * has_bias)
        return cls(left, right, -below - 0.95, max(inputs, neurons))

    def wide_enough(self, remark):
        """The same frame, with room for what is written in its middle."""
        lacking = max(0.0, width_of(remark, SMALL) + 0.2 - self.right + self.left) / 2
        return self._replace(left=self.left - lacking, right=self.right + lacking)

    @property
    def size(self):
        """Width and height of the picture, in inches."""
        return self.right - self.left, self.top - self.bottom

    def zoom(self, ax):
        """How many times as large the picture is on given axes."""
        width, height = self.size
        room = _room(ax)
        return min(room.width / width, room.height / height) / ax.figure.dpi

    def set_on(self, ax):
        """Nothing but the picture, and circles are circles."""
        ax.set(xlim=(self.left, self.right), ylim=(self.bottom, self.top), aspect="equal")
        ax.axis("off")


def _room(ax):
    """The box, in pixels, that axes have without ticks; the figure's layout may not have been asked yet."""
    ax.axis("off")
    engine = ax.figure.get_layout_engine()
    if engine is not None:
        engine.execute(ax.figure.figure)
    return ax.bbox


class Sheet:
    """Axes to draw on in inches, lines and words zoomed with them.

    Parameters
    ----------
    ax : matplotlib Axes
        Axes.
    zoom : float
        Times that the picture is larger than in inches.
    node_given, line_given, text_given : dict or None
        The user's style of circles, weighted lines and words.
    """

    def __init__(self, ax, zoom, node_given=None, line_given=None, text_given=None):
        self.ax = ax
        self.zoom = zoom
        self.node_given = node_given
        self.line_given = line_given
        self.text_given = text_given

    def disc(self, x, y, radius, facecolor="white", linewidth=1.5, zorder=3):
        """A node."""
        from matplotlib.patches import Circle

        ours = {"facecolor": facecolor, "edgecolor": palette.INK, "linewidth": linewidth * self.zoom, "zorder": zorder}
        return self.ax.add_patch(Circle((x, y), radius, **palette.styled(Circle, ours, self.node_given)))

    def line(self, x, y, color, linewidth, alpha=1.0):
        """A weighted line, behind the nodes."""
        from matplotlib.lines import Line2D

        ours = {
            "color": color,
            "linewidth": linewidth * self.zoom,
            "alpha": alpha,
            "solid_capstyle": "butt",
            "zorder": 1,
        }
        return self.ax.add_line(Line2D(x, y, **palette.styled(Line2D, ours, self.line_given)))

    def stroke(self, x, y, color, linewidth):
        """A line inside a node."""
        from matplotlib.lines import Line2D

        style = {"color": color, "linewidth": linewidth * self.zoom, "solid_capstyle": "round", "zorder": 4}
        return self.ax.add_line(Line2D(x, y, **style))

    def words(self, x, y, text, size=WORDS, **ours):
        """Words in the middle of a place, or as told; `size` in points."""
        from matplotlib.text import Text

        ours = {"fontsize": size * self.zoom, "ha": "center", "va": "center", "color": palette.INK, "zorder": 5} | ours
        return self.ax.text(x, y, text, **palette.styled(Text, ours, self.text_given))

    def flow(self, start, end, text):
        """An arrow to the right with words above."""
        from matplotlib.patches import FancyArrowPatch

        style = {"arrowstyle": "-|>", "mutation_scale": 15 * self.zoom, "shrinkA": 0, "shrinkB": 0, "zorder": 2}
        style |= {"color": palette.INK, "linewidth": 1.6 * self.zoom}
        self.ax.add_patch(FancyArrowPatch((start, 0), (end, 0), **style))
        size = fitting(text, end - start - 0.06, WORDS)
        return self.words((start + end) / 2, 0.1, text, size, va="bottom")

    def shade(self, disc):
        """Fill a node with all beliefs, from sure of the other class below to sure of this one above."""
        (x, y), radius = disc.center, disc.radius
        extent = (x - radius, x + radius, y - radius, y + radius)
        style = {"cmap": palette.belief_colormap(), "origin": "lower", "aspect": "equal", "zorder": 2.9}
        image = self.ax.imshow(np.linspace(0, 1, 256)[:, None], extent=extent, interpolation="bilinear", **style)
        image.set_clip_path(disc)


# What is drawn --------------------------------------------------------------------------------------------


def _checked(display, max_features):
    """Weights (n_neurons, n_features) and spreads (n_features,), after a look whether all fits together."""
    weights = np.asarray(display.weights, dtype=np.float64)
    if weights.ndim != 2:
        raise ValueError(f"weights must have shape (n_neurons, n_features), as coef_; got {weights.shape}.")
    if not (np.isfinite(weights).all() and (display.bias is None or np.isfinite(display.bias).all())):
        raise ValueError("weights and bias must be finite: a neuron that tripped so far computes nothing to draw.")
    for name, expected in (("neuron_names", len(weights)), ("bias", len(weights)), ("feature_names", weights.shape[1])):
        given = getattr(display, name)
        if given is not None and len(given) != expected:
            raise ValueError(f"{name} must have {expected} elements, to fit weights; got {len(given)}.")
    spread = np.ones(weights.shape[1]) if display.spread is None else np.asarray(display.spread, dtype=np.float64)
    if spread.shape != weights.shape[1:] or not (np.isfinite(spread) & (spread >= 0)).all():
        raise ValueError(f"spread must hold {weights.shape[1]} numbers, one a feature, finite and at least 0.")
    if not isinstance(max_features, Integral) or max_features < 1:
        raise ValueError(f"max_features must be an int of at least 1; got {max_features!r}.")
    return weights, spread


def _most_probable(n_neurons, sample):
    """Numbers of the neurons drawn: the first, or with a sample the most probable, in their order."""
    if n_neurons <= SHOWN_NEURONS or sample is None:
        return np.arange(min(n_neurons, SHOWN_NEURONS))
    return np.sort(np.argsort(-sample.probabilities, kind="stable")[:SHOWN_NEURONS])


def _other_parts(display, flows, neurons, others):
    """What all features that are not drawn add to each score, a column if there are any, and the bias, a column.

    Both are 0 without a sample: there is nothing to add up.
    """
    has_sample = display.explanation is not None
    rest = flows[neurons][:, others].sum(axis=1, keepdims=True)[:, : len(others)] * has_sample
    bias = np.zeros(len(flows)) if display.bias is None else np.asarray(display.bias, dtype=np.float64)
    return rest, bias[neurons, None] * has_sample


def _heights(count):
    """Heights of some nodes above each other around 0, from top to bottom."""
    return _apart(count) * ((count - 1) / 2 - np.arange(count))


def _apart(count):
    """How far nodes are apart, so many of them."""
    return 1.2 if count <= 3 else 0.95 if count <= 5 else 0.72


def _numbers(names):
    """Numbers of the features: those in their names, if these are but x and a number, or 1, 2, 3..."""
    found = [re.fullmatch(r"x(\d+)", str(name), re.ASCII) for name in names]
    return [int(match[1]) for match in found if match] if all(found) else list(range(1, len(names) + 1))


def _input_names(display, features, others):
    """Names left of the inputs; none if the features are just numbered and the inputs tell the numbers."""
    names = [str(name) for name in display.feature_names]
    is_numbered = display.explanation is None and names == [f"x{number}" for number in _numbers(names)]
    shown = ["" if is_numbered else plain(shortened(names[j], LONGEST_NAME)) for j in features]
    rest = "other" if len(others) == 1 else "others"
    return shown + [f"\u2026 and {len(others):,} {rest}"] * (len(others) > 0)


def _output_names(display, neurons):
    """What a neuron tells, such as P(toxic | x), or the classes that the neurons of a layer speak for."""
    names = [shortened(spoken(str(display.neuron_names[k])), LONGEST_CLASS) for k in neurons]
    if len(names) == 1:
        return [plain(f"P({names[0]} | x)" + " \u221d a" * display.is_one_of_many)]
    n_others = len(display.neuron_names) - len(neurons)
    return [plain(name) for name in names] + [f"\u2026 and {n_others:,} other{'s' * (n_others > 1)}"] * (n_others > 0)


def _sentence(sample, on_one_line):
    """The decision, on one line or two; nothing without a sample."""
    if sample is None:
        return ""
    sure, _, decided = sample.sentence.partition(" sure it is ")
    return f"{sure} sure{' ' if on_one_line else chr(10)}it is {plain(shortened(decided, LONGEST_CLASS))}"


def _remark(display, weights, others):
    """What the widths of the lines mean, and what the sizes of the features that are not drawn."""
    if not weights.any():
        return "all weights are 0: every sample is told the same"
    width = "line width of weights: raw |w|, in the units that the neuron sees"
    if display.explanation is not None:
        width = "line width: what each adds to z"
    elif display.spread is not None:
        width = "line width of weights: |w| times standard deviation of the feature"
    drawn = "the largest are drawn; " if others.any() else "the others add nothing; "
    return drawn * (others.size > 0) + width


def _middle_of(sentence):
    """Where the decision is centred: under the output, or, if it is long, right of what is under the activation."""
    return max(OUTPUT_AT, ACTIVATION_AT + 0.85 + width_of(sentence, BOLD) / 2)


def _score_equation(bias):
    return r"$z = \mathbf{w} \cdot \mathbf{x}$" + r"$\, + b$" * (bias is not None)


def _weight(sample, k):
    return {"fontweight": "bold"} if sample is not None and sample.decided == k else {}


# Words and colours ----------------------------------------------------------------------------------------


def brief(number):
    """A number in three digits, with a true minus.

    Parameters
    ----------
    number : float
        Any.

    Returns
    -------
    str

    Examples
    --------
    >>> from sklearn_neuron.displays.diagram import brief
    >>> [brief(number) for number in (0.74981, 1234.5, 2.5e7, 0.0)]
    ['0.75', '1234', '2.5e7', '0']
    """
    size = abs(number)
    if size == 0 or 1e-3 <= size < 999.5:
        text = f"{number:z.3g}"
    elif 999.5 <= size < 99999.5:
        text = f"{number:.0f}"
    else:
        mantissa, exponent = f"{number:.1e}".split("e")
        text = f"{mantissa.removesuffix('.0')}e{int(exponent)}"
    return text.replace("-", "\u2212")


def width_of(text, size=WORDS):
    """Width of words in inches, as they are drawn: the longest line."""
    from matplotlib.figure import Figure

    words = Figure().text(0, 0, text, size=size)
    return words.get_window_extent().width / words.figure.dpi


def fitting(text, room, size):
    """The size of words, in points, at which they are no wider than the room, in inches."""
    return size * min(1.0, room / width_of(text, size))


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
