"""Which features and neurons does a diagram show, and how are they joined? With the words beside them."""

import re
from numbers import Integral
from typing import NamedTuple

import numpy as np

from sklearn_neuron.displays.names import plain, shortened
from sklearn_neuron.inspection.explanation import largest_of, spoken

SHOWN_NEURONS = 10
LONGEST_NAME, LONGEST_CLASS = 24, 20


class Connections(NamedTuple):
    """The inputs and neurons of a diagram, from top to bottom, and the lines between them."""

    features: np.ndarray  # numbers of those with an input of their own
    others: np.ndarray  # numbers of those for which one more input stands
    neurons: np.ndarray  # numbers
    flows: np.ndarray  # (neurons, inputs) what runs along each line: weights, or products with the sample
    widths: np.ndarray  # (neurons, inputs + 1) of each line, in [0, 1]; last that of the bias
    inputs: list[str]  # names, beside the inputs
    outputs: list[str]
    sentence: str  # the decision
    remark: str  # what the widths mean

    @classmethod
    def of(cls, display, max_features) -> "Connections":
        """Those of a NeuronDiagramDisplay."""
        weights, spread = _checked(display, max_features)
        sample = display.explanation
        flows = weights if sample is None else weights * sample.values
        sizes = np.abs(flows) * (spread if sample is None else 1)
        neurons = _most_probable(len(weights), sample)
        features, others = largest_of(sizes[neurons].max(axis=0), max_features)
        rest, bias = _other_parts(display, flows[neurons], neurons, others)
        parts = np.hstack([sizes[np.ix_(neurons, features)], np.abs(rest), np.abs(bias)])
        return cls(
            features,
            others,
            neurons,
            np.hstack([flows[np.ix_(neurons, features)], rest]),
            parts / (parts.max() or 1.0),
            _input_names(display, features, others),
            _output_names(display, neurons),
            _sentence(sample, len(weights) > 1),
            _remark(display, weights, sizes[neurons][:, others]),
        )

    @property
    def is_layer(self) -> bool:
        """Whether there is more than one neuron."""
        return len(self.neurons) > 1


def _checked(display, max_features):
    """Weights (n_neurons, n_features) and spreads (n_features,), after a look whether all fits together."""
    weights = np.asarray(display.weights, dtype=np.float64)
    if weights.ndim != 2:
        raise ValueError(f"weights must have shape (n_neurons, n_features), as coef_; got {weights.shape}.")
    if not (np.isfinite(weights).all() and (display.bias is None or np.isfinite(display.bias).all())):
        raise ValueError("weights and bias must be finite: a neuron that tripped so far computes nothing to draw.")
    n_neurons, p = weights.shape
    for name, expected in (("neuron_names", n_neurons), ("bias", n_neurons), ("feature_names", p)):
        given = getattr(display, name)
        if given is not None and len(given) != expected:
            raise ValueError(f"{name} must have {expected} elements, to fit weights; got {len(given)}.")
    spread = np.ones(p) if display.spread is None else np.asarray(display.spread, dtype=np.float64)
    if spread.shape != (p,) or not (np.isfinite(spread) & (spread >= 0)).all():
        raise ValueError(f"spread must hold {p} numbers, one a feature, finite and at least 0.")
    if not isinstance(max_features, Integral) or max_features < 1:
        raise ValueError(f"max_features must be an int of at least 1; got {max_features!r}.")
    return weights, spread


def _most_probable(n_neurons, sample):
    """Numbers of the neurons drawn: the first, or with a sample the most probable, in their order."""
    if n_neurons <= SHOWN_NEURONS or sample is None:
        return np.arange(min(n_neurons, SHOWN_NEURONS))
    return np.sort(np.argsort(-sample.probabilities, kind="stable")[:SHOWN_NEURONS])


def _other_parts(display, flows, neurons, others):
    """What the features that are not drawn add to each score, a column if there are any, and the bias, a column.

    Both are 0 without a sample: there is nothing to add up.
    """
    has_sample = display.explanation is not None
    rest = flows[:, others].sum(axis=1, keepdims=True)[:, : len(others)] * has_sample
    bias = np.zeros(len(display.weights)) if display.bias is None else np.asarray(display.bias, dtype=np.float64)
    return rest, bias[neurons, None] * has_sample


def numbers_of(names) -> list[int]:
    """Numbers of the features: those in their names, if these are but x and a number, or 1, 2, 3..."""
    found = [re.fullmatch(r"x(\d+)", str(name), re.ASCII) for name in names]
    return [int(match[1]) for match in found if match] if all(found) else list(range(1, len(names) + 1))


def _input_names(display, features, others):
    """Names left of the inputs; none if the features are just numbered and the inputs tell the numbers."""
    names = [str(name) for name in display.feature_names]
    is_numbered = display.explanation is None and names == [f"x{number}" for number in numbers_of(names)]
    return ["" if is_numbered else plain(shortened(names[j], LONGEST_NAME)) for j in features] + _and_others(
        len(others)
    )


def _output_names(display, neurons):
    """What a neuron tells, such as P(toxic | x), or the classes that the neurons of a layer speak for."""
    names = [shortened(spoken(str(display.neuron_names[k])), LONGEST_CLASS) for k in neurons]
    if len(names) == 1:
        is_divided = display.is_one_of_many and not display.is_softmax
        return [plain(f"P({names[0]} | x)" + " \u221d a" * is_divided)]
    return [plain(name) for name in names] + _and_others(len(display.neuron_names) - len(names))


def _and_others(count):
    return [f"\u2026 and {count:,} other{'s' * (count > 1)}"] * (count > 0)


def _sentence(sample, on_one_line):
    if sample is None:
        return ""
    sure, _, decided = sample.sentence.partition(" sure it is ")
    return f"{sure} sure{' ' if on_one_line else chr(10)}it is {plain(shortened(decided, LONGEST_CLASS))}"


def _remark(display, weights, others):
    if not weights.any():
        return "all weights are 0: every sample is told the same"
    width = "line width of weights: raw |w|, in the units that the neuron sees"
    if display.explanation is not None:
        width = "line width: what each adds to z"
    elif display.spread is not None:
        width = "line width of weights: |w| times standard deviation of the feature"
    drawn = "the largest are drawn; " if others.any() else "the others add nothing; "
    return drawn * (others.size > 0) + width
