"""How else can a score be bent? Activation functions and their slopes, beside the sigmoid.

The slope says how much of a correction comes through: where it is near 0, the neuron hardly learns.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from sklearn_neuron._sklearn import check_matplotlib_support
from sklearn_neuron.activations import ACTIVATIONS, sigmoid
from sklearn_neuron.displays import palette
from sklearn_neuron.displays.base import Display, styled

RHYTHMS = {
    "sigmoid": "sigmoid: a belief in (0, 1)",
    "tanh": "tanh: the same, from −1 to 1",
    "relu": "relu: silent, then linear",
    "leaky_relu": "leaky relu: it whispers, 0.01 z",
}


@dataclass(kw_only=True, eq=False, repr=False)
class ActivationCurveDisplay(Display):
    """Activation functions, each in a panel, with the sigmoid faint behind.

    Parameters
    ----------
    names : str or sequence of str, default=("sigmoid", "tanh", "relu", "leaky_relu")
        Which, of :data:`sklearn_neuron.activations.ACTIVATIONS`.
    reach : float, default=4.0
        Largest score drawn, above 0; the smallest is minus that.

    Attributes
    ----------
    axes_, figure_ : ndarray of matplotlib Axes of shape (rows, columns), and Figure
        Panels, in the order of `names`.
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
    >>> from sklearn_neuron.displays import ActivationCurveDisplay
    >>> display = ActivationCurveDisplay.from_activation(["tanh", "relu"], slopes=False)
    >>> display.lines_[0].get_label(), display.axes_.shape
    ('activation', (1, 2))
    """

    names: Sequence[str] = tuple(ACTIVATIONS)
    reach: float = 4.0

    @classmethod
    def from_activation(
        cls, names=tuple(ACTIVATIONS), *, slopes=True, ax=None, line_kwargs=None, slope_kwargs=None
    ) -> Self:
        """Draw activation functions, each in a panel.

        Parameters
        ----------
        slopes : bool, default=True
            Whether to draw their derivatives too, dashed.
        slope_kwargs : dict, default=None
            Style of their derivatives (Line2D).

        Raises
        ------
        ValueError
            If there is no activation of that name, or none at all.
        """
        check_matplotlib_support(f"{cls.__name__}.from_activation")
        display = cls(names=(names,) if isinstance(names, str) else tuple(names))
        return display.plot(ax, slopes=slopes, line_kwargs=line_kwargs, slope_kwargs=slope_kwargs)

    def plot(self, ax=None, *, slopes=True, line_kwargs=None, slope_kwargs=None) -> Self:
        """Draw them.

        Raises
        ------
        ValueError
            If there is no activation of that name, or none at all.
        """
        unknown = [name for name in self.names if name not in ACTIVATIONS]
        if unknown or not len(self.names):
            raise ValueError(f"names must be of {list(ACTIVATIONS)}; got {unknown or self.names!r}.")
        columns = len(self.names) if len(self.names) <= 3 else 2
        rows = -(-len(self.names) // columns)
        self._divide(ax, rows, columns, (3.3 * columns + 0.3, 2.9 * rows))
        self._draw_all(slopes, line_kwargs, slope_kwargs)
        self._name()
        return self

    def _draw_all(self, *options):
        self.lines_, self.slopes_, self.sigmoids_ = [], [], []
        for name, panel in zip(self.names, self.axes_.flat, strict=False):
            self._draw(panel, name, *options)

    def _draw(self, panel, name, slopes, line_given, slope_given):
        z = np.linspace(-self.reach, self.reach, 800)  # an even number: the corner at 0 falls between two
        if name != "sigmoid":
            self.sigmoids_ += panel.plot(z, sigmoid(z), color=palette.FAINT, linewidth=1.4, label="sigmoid, to compare")
        if slopes:
            dashed = {"color": palette.class_color(6), "linewidth": 1.6, "linestyle": (0, (4, 2)), "label": "its slope"}
            slope = _torn(ACTIVATIONS[name].slope(z))
            self.slopes_ += panel.plot(z, slope, **styled("lines.Line2D", dashed, slope_given))
        ours = {"color": palette.INK, "linewidth": 2.4, "label": "activation"}
        self.lines_ += panel.plot(z, ACTIVATIONS[name].function(z), **styled("lines.Line2D", ours, line_given))
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


def _torn(values):
    """The same, with a gap where it jumps: nothing is drawn there."""
    return np.where(np.abs(np.diff(values, append=values[-1])) > 0.5, np.nan, values)
