"""How did it learn? J at every step, and what made it stop.

The rate decides what becomes of a walk. A curve that falls and flattens has learned, one that saws or climbs has
tripped, one that is still falling at its end was stopped too early. Near the floor the gap tells more than J itself.
There ``J - J* <= (1 - m/L)^k (J_0 - J*)`` for gradient descent at rate 1/L, a straight line on a log axis, and
Newton's method doubles the correct digits at every step::

    J - J*  ~  decrement^2 / 2

The curves are drawn from the history of a fit. Nothing is fitted again. A fit may begin with steps on a sample of the
examples. The J of a sample is another one: its curve stands before that of all examples, thin, and is not joined to it.

Reference: S. Boyd, L. Vandenberghe, Convex Optimization (2004), equations 9.18 and 9.33.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Self

import numpy as np

from sklearn_neuron._sklearn import check_matplotlib_support
from sklearn_neuron.displays import palette
from sklearn_neuron.displays.base import Display, check_option, styled
from sklearn_neuron.displays.run_looks import (
    BEST,
    SAMPLE_DASH,
    best_style,
    entries_of,
    held_out_style,
    line_style,
    look_of,
    marker_style,
    sample_style,
)
from sklearn_neuron.displays.runs import QUANTITIES, Run

DRAWN = 2000  # steps of a line, at most
MANY_STEPS = 50  # beyond which the first ones need a finer scale
ALONG = {"iterations": "steps", "passes": "passes over X", "seconds": "seconds"}
SCALES = ("linear", "log", "gap")


class Trace(NamedTuple):
    """One line: a quantity of one neuron of one run, until it stopped."""

    x: np.ndarray
    y: np.ndarray
    look: dict


@dataclass(kw_only=True, eq=False, repr=False)
class LossCurveDisplay(Display):
    """J at every step of one walk or of several, and where and why they stopped.

    Parameters
    ----------
    runs : sequence of Run
        Walks, at least one.

    Attributes
    ----------
    axes_, figure_ : ndarray of matplotlib Axes of shape (n_quantities, 1), and Figure
        Panels, above each other.
    ax_ : matplotlib Axes
        The only panel, if there is one only.
    lines_ : list of list of matplotlib Line2D
        In every panel one line a neuron and run, about all examples, until it stopped.
    sampled_ : list of list of matplotlib Line2D
        In every panel the same about samples that were walked on before; none in one that shows the gap.
    stops_ : list of list of matplotlib Line2D
        Markers at their ends; on the lower border where a log axis has no place for a 0.
    held_out_ : list of matplotlib Line2D
        Held-out losses, if there are any: of examples given here, or of those that it was stopped early by.
    best_ : list of matplotlib Line2D
        In every panel a dotted upright line a neuron, at the step that was kept, if it was stopped early.
    legend_ : matplotlib Legend
        Who is who, and why it stopped.

    See Also
    --------
    LossLandscapeDisplay : The valley that the neuron walked through.

    Examples
    --------
    >>> from sklearn_neuron import SigmoidNeuronClassifier
    >>> from sklearn_neuron.datasets import make_toxic_plants
    >>> from sklearn_neuron.displays import LossCurveDisplay
    >>> plants = make_toxic_plants(random_state=0)
    >>> neuron = SigmoidNeuronClassifier(solver="newton").fit(plants.data, plants.target)
    >>> display = LossCurveDisplay.from_estimator(neuron)
    >>> print(display.legend_.get_texts()[0].get_text())
    3 steps. The gradient is small enough.
    """

    runs: Sequence[Run]

    @classmethod
    def from_estimator(
        cls,
        estimator,
        X=None,
        y=None,
        *,
        sample_weight=None,
        X_held_out=None,
        y_held_out=None,
        x="iterations",
        show=("loss",),
        scale="linear",
        class_names=None,
        ax=None,
        line_kwargs=None,
    ) -> Self:
        """Draw how a fitted neuron learned.

        Parameters
        ----------
        X : {array-like, sparse matrix} of shape (n_samples, n_features), default=None
            Samples that it learned from. What is drawn was recorded by the fit; if that is not the J of these, the
            picture says so.
        y : array-like of shape (n_samples,), default=None
            Their class labels.
        X_held_out : as `X`, default=None
            Samples that were not learned from. Their mean log-loss at every step needs a fit with ``record="path"``.
        x : {"iterations", "passes", "seconds"}, default="iterations"
            What to draw against: steps, readings of X or time.
        show : str or sequence of {"loss", "gradient_norm", "decrement", "rate"}, default=("loss",)
            What to draw, a panel each. The decrement is exact for "newton" and an estimate for most others.
        scale : {"linear", "log", "gap"}, default="linear"
            Axis of the loss; "gap" is J of all examples above its lowest of all runs, on a log axis, without the
            held-out loss and without J of samples.

        Raises
        ------
        ValueError
            If an option is unknown, the data do not fit the neuron or the weights of every step were not kept.
        """
        check_matplotlib_support(f"{cls.__name__}.from_estimator")
        given, held_out = (X, y, sample_weight), (X_held_out, y_held_out)
        display = cls(runs=[Run.of_estimator(estimator, given, held_out, class_names=class_names)])
        return display.plot(ax, x=x, show=show, scale=scale, line_kwargs=line_kwargs)

    @classmethod
    def from_estimators(
        cls,
        estimators,
        X=None,
        y=None,
        *,
        sample_weight=None,
        X_held_out=None,
        y_held_out=None,
        x="iterations",
        show=("loss",),
        scale="linear",
        class_names=None,
        ax=None,
        line_kwargs=None,
    ) -> Self:
        """Draw how several neurons learned, in one picture.

        Parameters
        ----------
        estimators : dict of str to estimator
            Names and fitted estimators, each as in :meth:`from_estimator`.
        """
        check_matplotlib_support(f"{cls.__name__}.from_estimators")
        if not hasattr(estimators, "items"):
            raise ValueError("estimators must be a dict, of names and fitted estimators.")
        data = (X, y, sample_weight), (X_held_out, y_held_out)
        runs = [Run.of_estimator(one, *data, str(name), class_names) for name, one in estimators.items()]
        return cls(runs=runs).plot(ax, x=x, show=show, scale=scale, line_kwargs=line_kwargs)

    @classmethod
    def from_history(
        cls, history, *, x="iterations", show=("loss",), scale="linear", class_names=None, ax=None, line_kwargs=None
    ) -> Self:
        """Draw a journey, `history_` of a neuron, which does not tell why it ended.

        Parameters
        ----------
        history : History
            The journey.
        class_names : sequence of str, default=None
            Whom the neurons speak for, if there are more than one; None numbers them.
        """
        check_matplotlib_support(f"{cls.__name__}.from_history")
        display = cls(runs=[Run.of_history(history, class_names=class_names)])
        return display.plot(ax, x=x, show=show, scale=scale, line_kwargs=line_kwargs)

    def plot(self, ax=None, *, x="iterations", show=("loss",), scale="linear", line_kwargs=None) -> Self:
        """Draw the curves.

        Raises
        ------
        ValueError
            If an option is unknown, or there is nothing to draw.
        """
        show = (show,) if isinstance(show, str) else tuple(show)
        _check(self.runs, x, show, scale)
        self._make_panels(ax, len(show))
        panels = list(zip(show, self.axes_[:, 0], strict=True))
        for quantity, panel in panels:
            _scale_y(panel, quantity, scale, self.runs)
        walks = [self._draw(panel, self._traces(x, quantity, scale), line_kwargs) for quantity, panel in panels]
        self.lines_, self.stops_ = map(list, zip(*walks, strict=True))
        self.sampled_ = [self._draw_sampled(panel, x, quantity, scale, line_kwargs) for quantity, panel in panels]
        losses = [panel for quantity, panel in panels if quantity == "loss" and scale != "gap"]
        self.held_out_ = [line for panel in losses for line in self._draw_held_out(panel, x, line_kwargs)]
        self.best_ = [line for _, panel in panels for line in self._draw_best(panel, x, line_kwargs)]
        self._finish(x)
        self.legend_ = palette.legend_above(self.axes_[0, 0], "How it learned", entries_of(self, show, line_kwargs))
        return self

    def _make_panels(self, ax, rows):
        vars(self).pop("ax_", None)
        if rows == 1:
            self._place(ax)
            self.axes_ = np.array([[self.ax_]])
            return
        self._divide(ax, rows, 1, (6.4, 2.0 + 2.1 * rows))
        for panel in self.axes_[1:, 0]:
            panel.sharex(self.axes_[0, 0])

    def _traces(self, x, quantity, scale):
        """All lines of one panel about all examples."""
        floor = _lowest(self.runs) if quantity == "loss" and scale == "gap" else None
        traces = []
        for number, run in enumerate(self.runs):
            for k in range(len(run.steps)):
                rows = run.rows_of(k)
                rows = rows[palette.ever_rarer(len(rows), DRAWN)]
                values = run.columns[quantity][rows, k] - (0 if floor is None else floor[k])
                traces.append(Trace(run.columns[x][rows], values, look_of(self.runs, number, k)))
        return traces

    def _draw(self, panel, traces, given):
        """Lines and their ends."""
        lines, stops = [], []
        for trace in traces:
            style = styled("lines.Line2D", line_style(trace.look), given)
            lines += panel.plot(trace.x, _drawable(panel, trace.y), **style)
            stops.append(_draw_end(panel, trace, lines[-1].get_color()))
        return lines, stops

    def _draw_sampled(self, panel, x, quantity, scale, given):
        """Thin lines about samples, which end before those about all examples begin."""
        lines: list = []
        for number, run in enumerate(self.runs if (quantity, scale) != ("loss", "gap") else ()):
            for k in range(len(run.steps)):
                ours = sample_style(look_of(self.runs, number, k))
                style = styled("lines.Line2D", ours, given) | {"linestyle": SAMPLE_DASH}  # never to be mixed up
                for rows in run.sampled(k):
                    values = _drawable(panel, run.columns[quantity][rows, k])
                    lines += panel.plot(run.columns[x][rows], values, **style)
        return lines

    def _draw_held_out(self, panel, x, given):
        for number, run in enumerate(self.runs):
            for k, (rows, loss) in enumerate(run.held_out_until_it_stopped):
                style = styled("lines.Line2D", held_out_style(self.runs, number, k), given)
                yield from panel.plot(run.columns[x][rows], _drawable(panel, loss), **style)

    def _draw_best(self, panel, x, given):
        """Where the steps are that were kept."""
        for number, run in enumerate(self.runs):
            for k, step in enumerate(run.best if run.best is not None and len(run.on_all) else ()):
                style = styled("lines.Line2D", best_style(look_of(self.runs, number, k)), given) | BEST
                yield panel.axvline(run.columns[x][run.rows_of(k)[step]], **style)

    def _finish(self, x):
        last = self.axes_[-1, 0]
        last.set_xlabel(ALONG[x])
        _scale_x(last, x, self.runs)
        for panel in self.axes_[:, 0]:
            panel.spines[["top", "right"]].set_visible(False)
            panel.tick_params(labelbottom=panel is last)
            _say_plainly(panel)
        self.figure_.align_ylabels(self.axes_[:, 0])


def _check(runs, x, show, scale):
    if not len(runs):
        raise ValueError("runs must hold at least one walk.")
    check_option("x", x, ALONG)
    if not show or not set(show) <= set(QUANTITIES):
        raise ValueError(f"show must name some of {list(QUANTITIES)}; got {show!r}.")
    check_option("scale", scale, SCALES)
    if scale == "gap" and len({run.problem for run in runs}) > 1:
        raise ValueError("scale='gap' needs walks on the same J: these differ in C, class_weight or fit_intercept.")
    if scale == "gap" and len({len(run.steps) for run in runs}) > 1:
        raise ValueError("scale='gap' compares neurons one by one: the runs must have the same classes.")


def _lowest(runs):
    """The lowest J of all examples of every neuron, in whichever run it came."""
    return np.min([np.nanmin(run.columns["loss"][run.on_all], axis=0, initial=np.inf) for run in runs], axis=0)


def _scale_y(panel, quantity, scale, runs):
    """A log axis for what shrinks by factors, and for rates that differ by more than ten."""
    panel.set_ylabel("J − lowest J (nats)" if (quantity, scale) == ("loss", "gap") else QUANTITIES[quantity])
    logarithmic = scale != "linear" if quantity == "loss" else quantity != "rate"
    if quantity == "rate":
        rates = np.concatenate([run.columns["rate"].ravel() for run in runs])
        rates = rates[rates > 0]
        logarithmic = bool(len(rates)) and rates.max() > 10 * rates.min()
    if logarithmic:
        panel.set_yscale("log")


def _scale_x(panel, x, runs):
    """Whole steps; or, if there are many, an axis on which the first ones keep their place."""
    from matplotlib.ticker import MaxNLocator, StrMethodFormatter

    if max(run.columns["iterations"][-1] for run in runs) <= MANY_STEPS:
        panel.xaxis.set_major_locator(MaxNLocator(integer=x != "seconds"))
        return
    first = min(run.columns[x][run.columns[x] > 0].min(initial=1.0) for run in runs)
    panel.set_xscale("symlog", linthresh=first if x == "seconds" else 1)
    panel.set_xlim(left=0)
    panel.xaxis.set_major_formatter(StrMethodFormatter("{x:g}" if x == "seconds" else "{x:,.0f}"))


def _say_plainly(panel):
    """On a log axis of few decades, plain numbers."""
    from matplotlib.ticker import NullFormatter, StrMethodFormatter

    low, high = panel.get_ylim()
    if panel.get_yscale() == "log" and high < 1000 * low:
        panel.yaxis.set_major_formatter(StrMethodFormatter("{x:g}"))
        panel.yaxis.set_minor_formatter(StrMethodFormatter("{x:g}") if high < 10 * low else NullFormatter())


def _drawable(panel, values):
    """Without what a log axis has no place for."""
    return np.where(values > 0, values, np.nan) if panel.get_yscale() == "log" else values


def _draw_end(panel, trace, color):
    """A marker where a line ends, if it has begun; a 0 that a log axis has no place for comes to its lower border."""
    style = marker_style(trace.look["marker"], color)
    if panel.get_yscale() == "log" and (trace.y[-1:] <= 0).any():
        style |= {"transform": panel.get_xaxis_transform(), "clip_on": False}
        (stop,) = panel.plot(trace.x[-1:], [0.0], **style)
    else:
        (stop,) = panel.plot(trace.x[-1:], trace.y[-1:], **style)
    return stop
