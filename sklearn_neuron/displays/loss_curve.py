"""How did it learn? J at every step, and what made it stop.

A step too big and you trip, too small and you never arrive: a curve that falls and flattens has learned, one that
saws or climbs has tripped, one that is still falling at its end was stopped too early. Near the floor the gap tells
more than J itself. There ``J - J* <= (1 - m/L)^k (J_0 - J*)`` for gradient descent at rate 1/L, a straight line on a
log axis, and Newton's method doubles the correct digits at every step::

    J - J*  ~  decrement^2 / 2

The curves are drawn from the history of a fit. Nothing is fitted again.

Reference: S. Boyd, L. Vandenberghe, Convex Optimization (2004), equations 9.18 and 9.33.
"""

from typing import NamedTuple

import numpy as np

from sklearn_neuron._sklearn import check_matplotlib_support
from sklearn_neuron.displays import palette
from sklearn_neuron.objective import Objective
from sklearn_neuron.subject import subject_of

DRAWN = 2000  # steps of a line, at most
HELD_OUT = 200  # rows whose held-out loss is found, at most
LARGEST_PASS = 4_000_000  # held-out scores in memory at a time
MANY_STEPS = 50  # beyond which the first ones need a finer scale
NAMED = 10  # classes in the legend, at most
ALONG = {"iterations": "steps", "passes": "passes over X", "seconds": "seconds"}
QUANTITIES = {
    "loss": "J (nats)",
    "gradient_norm": "gradient norm",
    "decrement": "Newton decrement",
    "rate": "learning rate",
}
SCALES = ("linear", "log", "gap")
RUNS = (palette.PURPLE, "#e08a00", "#009e73", palette.INK, "#56b4e9", "#cc79a7")
DASHES: tuple = ("-", (0, (7, 1.5, 1.5, 1.5)), (0, (1.5, 1)), (0, (10, 2)), (0, (5, 1, 1, 1, 1, 1)))
HELD_OUT_DASH = (0, (3, 1.5))


class Run(NamedTuple):
    """One walk: of a neuron, or of K side by side.

    Parameters
    ----------
    name : str
        What to call it beside others.
    columns : dict of str to ndarray
        "iterations", "passes" and "seconds" of shape (rows,); "loss", "gradient_norm", "decrement" and "rate" of shape
        (rows, K).
    steps : ndarray of int of shape (K,)
        After how many steps each neuron stopped.
    stop_reason : str, default=""
        Why, in a sentence.
    class_names : tuple of str, default=()
        Whom the neurons speak for, if there are more than one.
    held_out_rows : ndarray of int of shape (m,) or None
        Rows at which there is a held-out loss.
    held_out : ndarray of shape (m, K) or None
        Mean log-loss there on examples that were not learned from, without the penalty, in nats.
    problem : tuple, default=()
        What J it walked on, as far as parameters tell; walks on different ones have no common floor.
    chosen : str, default=""
        Parameters that a search chose.
    """

    name: str
    columns: dict
    steps: np.ndarray
    stop_reason: str = ""
    class_names: tuple = ()
    held_out_rows: np.ndarray | None = None
    held_out: np.ndarray | None = None
    problem: tuple = ()
    chosen: str = ""

    @classmethod
    def of_history(cls, history, name="", class_names=None):
        """The walk of a history, which does not know why it ended."""
        columns = {"iterations": np.arange(len(history)), "passes": history.passes, "seconds": history.seconds}
        columns |= {quantity: getattr(history, quantity).reshape(len(history), -1) for quantity in QUANTITIES}
        K = columns["loss"].shape[1]
        names = range(K) if class_names is None else class_names
        if len(names) != K > 1:
            raise ValueError(f"class_names has {len(names)} names, but {K} neurons walked.")
        walked = columns["rate"] != 0  # who has arrived stays there, at rate 0
        steps = len(history) - 1 - walked[::-1].argmax(axis=0)
        return cls(name, columns, steps, class_names=tuple(map(str, names)) if K > 1 else ())

    @classmethod
    def of_estimator(cls, estimator, X_val=None, y_val=None, name="", class_names=None):
        """The walk of a fitted neuron, and how wrong it was at every step about other examples."""
        subject = subject_of(estimator)
        names = subject.class_names(class_names)
        neuron = subject.neuron
        run = cls.of_history(neuron.history_, name, names if len(names) > 2 else None)
        problem = (neuron.C, repr(neuron.class_weight), neuron.fit_intercept)
        run = run._replace(steps=neuron.n_iter_, stop_reason=neuron.stop_reason_, problem=problem)
        run = run._replace(chosen=_chosen(getattr(estimator, "best_params_", {})))
        if X_val is None and y_val is None:
            return run
        if X_val is None or y_val is None:
            raise ValueError("X_val and y_val go together; got only one of them.")
        rows, loss = _held_out_loss(neuron, subject.sees(X_val), y_val)
        return run._replace(held_out_rows=rows, held_out=loss)

    @property
    def stopped(self):
        """Where and why it stopped, in words."""
        least, most = self.steps.min(), self.steps.max()
        number = f"{most:,}" if least == most else f"{least:,} to {most:,}"
        words = f"{number} step{'' if most == 1 else 's'}"
        return f"{words}. {self.stop_reason}" if self.stop_reason else words


class Trace(NamedTuple):
    """One line: a quantity of one neuron of one run, until it stopped."""

    x: np.ndarray
    y: np.ndarray
    look: dict


class LossCurveDisplay:
    """J at every step of one walk or of several, and where and why they stopped.

    Parameters
    ----------
    runs : sequence of Run
        Walks, at least one.

    Attributes
    ----------
    axes_ : ndarray of matplotlib Axes of shape (n_quantities, 1)
        Panels, above each other.
    ax_ : matplotlib Axes
        The only panel, if there is one only.
    figure_ : matplotlib Figure
        Their figure.
    lines_ : list of list of matplotlib Line2D
        In every panel one line a neuron and run, until it stopped.
    stops_ : list of list of matplotlib Line2D
        Markers at their ends; on the lower border where a log axis has no place for a 0.
    held_out_ : list of matplotlib Line2D
        Held-out losses, if there are any.
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
    4 steps. The gradient is small enough.
    """

    def __init__(self, *, runs):
        self.runs = runs

    @classmethod
    def from_estimator(
        cls,
        estimator,
        X_val=None,
        y_val=None,
        *,
        x="iterations",
        show=("loss",),
        scale="linear",
        class_names=None,
        ax=None,
        line_kwargs=None,
    ):
        """Draw how a fitted neuron learned.

        Parameters
        ----------
        estimator : SigmoidNeuronClassifier, Pipeline that ends with one, or search over one of these
            Fitted; of a search the best estimator.
        X_val : {array-like, sparse matrix} of shape (n_samples, n_features), default=None
            Samples that were not learned from. Their mean log-loss at every step needs a fit with ``record="path"``.
        y_val : array-like of shape (n_samples,), default=None
            Their class labels.
        x : {"iterations", "passes", "seconds"}, default="iterations"
            What to draw against: steps, readings of X or time.
        show : str or sequence of {"loss", "gradient_norm", "decrement", "rate"}, default=("loss",)
            What to draw, a panel each. The decrement is exact for "newton" and an estimate for most others.
        scale : {"linear", "log", "gap"}, default="linear"
            Axis of the loss; "gap" is J above the lowest J of all runs, on a log axis, without the held-out loss.
        class_names : sequence of str, default=None
            Names of the classes, in the order of `classes_`; None takes the labels.
        ax : matplotlib Axes, default=None
            Axes to draw on, or in whose place several panels come; None makes a figure.
        line_kwargs : dict, default=None
            Style of the lines (Line2D).

        Returns
        -------
        LossCurveDisplay

        Raises
        ------
        ValueError
            If an option is unknown, the data do not fit the neuron or the weights of every step were not kept.
        """
        check_matplotlib_support(f"{cls.__name__}.from_estimator")
        display = cls(runs=[Run.of_estimator(estimator, X_val, y_val, class_names=class_names)])
        return display.plot(ax, x=x, show=show, scale=scale, line_kwargs=line_kwargs)

    @classmethod
    def from_estimators(
        cls,
        estimators,
        X_val=None,
        y_val=None,
        *,
        x="iterations",
        show=("loss",),
        scale="linear",
        class_names=None,
        ax=None,
        line_kwargs=None,
    ):
        """Draw how several neurons learned, in one picture.

        Parameters
        ----------
        estimators : dict of str to estimator
            Names and fitted estimators, each as in :meth:`from_estimator`.
        X_val, y_val, x, show, scale, class_names, ax, line_kwargs
            As in :meth:`from_estimator`.

        Returns
        -------
        LossCurveDisplay
        """
        check_matplotlib_support(f"{cls.__name__}.from_estimators")
        if not hasattr(estimators, "items"):
            raise ValueError("estimators must be a dict, of names and fitted estimators.")
        runs = [Run.of_estimator(one, X_val, y_val, str(name), class_names) for name, one in estimators.items()]
        return cls(runs=runs).plot(ax, x=x, show=show, scale=scale, line_kwargs=line_kwargs)

    @classmethod
    def from_history(
        cls, history, *, x="iterations", show=("loss",), scale="linear", class_names=None, ax=None, line_kwargs=None
    ):
        """Draw a journey, `history_` of a neuron, which does not tell why it ended.

        Parameters
        ----------
        history : History
            The journey.
        x, show, scale
            As in :meth:`from_estimator`.
        class_names : sequence of str, default=None
            Whom the neurons speak for, if there are more than one; None numbers them.
        ax, line_kwargs
            As in :meth:`from_estimator`.

        Returns
        -------
        LossCurveDisplay
        """
        check_matplotlib_support(f"{cls.__name__}.from_history")
        display = cls(runs=[Run.of_history(history, class_names=class_names)])
        return display.plot(ax, x=x, show=show, scale=scale, line_kwargs=line_kwargs)

    def plot(self, ax=None, *, x="iterations", show=("loss",), scale="linear", line_kwargs=None):
        """Draw the curves.

        Parameters
        ----------
        ax : matplotlib Axes, default=None
            Axes to draw on, or in whose place several panels come; None makes a figure.
        x : {"iterations", "passes", "seconds"}, default="iterations"
            What to draw against.
        show : str or sequence of {"loss", "gradient_norm", "decrement", "rate"}, default=("loss",)
            What to draw, a panel each.
        scale : {"linear", "log", "gap"}, default="linear"
            Axis of the loss.
        line_kwargs : dict, default=None
            Style of the lines (Line2D).

        Returns
        -------
        LossCurveDisplay
            The display itself.

        Raises
        ------
        ValueError
            If an option is unknown, or there is nothing to draw.
        """
        check_matplotlib_support(f"{type(self).__name__}.plot")
        show = (show,) if isinstance(show, str) else tuple(show)
        _check(self.runs, x, show, scale)
        self._make_panels(ax, len(show))
        self.lines_, self.stops_, self.held_out_ = [], [], []
        for quantity, panel in zip(show, self.axes_[:, 0], strict=True):
            _scale_y(panel, quantity, scale, self.runs)
            self._draw(panel, self._traces(x, quantity, scale), line_kwargs)
            if quantity == "loss" and scale != "gap":
                self._draw_held_out(panel, x, line_kwargs)
        self._finish(x)
        self.legend_ = palette.legend_above(self.axes_[0, 0], "How it learned", self._entries(line_kwargs))
        return self

    def _make_panels(self, ax, rows):
        vars(self).pop("ax_", None)
        if rows == 1:
            self.figure_, self.ax_ = palette.axes(ax)
            self.axes_ = np.array([[self.ax_]])
            return
        self.figure_, self.axes_ = palette.panels(ax, rows, 1, (6.4, 2.0 + 2.1 * rows))
        for panel in self.axes_[1:, 0]:
            panel.sharex(self.axes_[0, 0])

    def _look(self, number, k):
        """Colour, dashes and final marker of a neuron of a run."""
        several = len(self.runs[number].steps) > 1
        return {
            "color": palette.class_color(k) if several else RUNS[number % len(RUNS)],
            "linestyle": DASHES[number % len(DASHES)],
            "marker": palette.class_marker(k if several else number),
        }

    def _traces(self, x, quantity, scale):
        """All lines of one panel."""
        floor = _lowest(self.runs) if quantity == "loss" and scale == "gap" else None
        traces = []
        for number, run in enumerate(self.runs):
            for k, steps in enumerate(run.steps):
                rows = palette.ever_rarer(steps + 1, DRAWN)
                values = run.columns[quantity][rows, k] - (0 if floor is None else floor[k])
                traces.append(Trace(run.columns[x][rows], values, self._look(number, k)))
        return traces

    def _draw(self, panel, traces, given):
        from matplotlib.lines import Line2D

        lines, stops = [], []
        for trace in traces:
            style = palette.styled(Line2D, _line_style(trace.look), given)
            lines += panel.plot(trace.x, _drawable(panel, trace.y), **style)
            stops.append(_draw_end(panel, trace, lines[-1].get_color()))
        self.lines_.append(lines)
        self.stops_.append(stops)

    def _draw_held_out(self, panel, x, given):
        from matplotlib.lines import Line2D

        for number, run in enumerate(self.runs):
            for k in range(0 if run.held_out is None else len(run.steps)):
                until = run.held_out_rows <= run.steps[k]
                style = palette.styled(Line2D, self._held_out_style(number, k), given)
                along = run.columns[x][run.held_out_rows[until]]
                self.held_out_ += panel.plot(along, _drawable(panel, run.held_out[until, k]), **style)

    def _held_out_style(self, number, k):
        """The colour of what is learned from, dashed; another one where there is only one."""
        alone = len(self.runs) == len(self.runs[0].steps) == 1
        color = RUNS[1] if alone else self._look(number, k)["color"]
        return {"color": color, "linestyle": HELD_OUT_DASH, "linewidth": 1.6, "zorder": 2}

    def _finish(self, x):
        last = self.axes_[-1, 0]
        last.set_xlabel(ALONG[x])
        _scale_x(last, x, self.runs)
        for panel in self.axes_[:, 0]:
            panel.spines[["top", "right"]].set_visible(False)
            panel.tick_params(labelbottom=panel is last)
            _say_plainly(panel)
        self.figure_.align_ylabels(self.axes_[:, 0])

    def _entries(self, given):
        """What stands in the legend: classes, kinds of loss, runs and remarks."""
        entries = [*self._entries_of_classes(given), *self._entries_of_losses(given), *self._entries_of_runs(given)]
        entries += [f"the best of a search: {run.chosen}" for run in self.runs if run.chosen]
        if any(not stop.get_clip_on() for stops in self.stops_ for stop in stops):
            entries.append("on the lower border: 0")
        return entries

    def _entries_of_classes(self, given):
        number = int(np.argmax([len(run.steps) for run in self.runs]))
        names = self.runs[number].class_names
        looks = [self._look(number, k) | {"linestyle": "-"} for k in range(len(names))]
        shown = [_entry(name, look, given) for name, look in zip(names[:NAMED], looks, strict=False)]
        return shown + ([f"and {len(names) - NAMED:,} more"] if len(names) > NAMED else [])

    def _entries_of_losses(self, given):
        if not self.held_out_:
            return []
        alone = len(self.lines_[0]) == 1
        learned = {"color": RUNS[0] if alone else palette.INK, "linestyle": "-", "marker": None}
        held_out = learned | {"linestyle": HELD_OUT_DASH} | ({"color": RUNS[1]} if alone else {})
        return [
            _entry("J, learned from", learned, given),
            _entry("log-loss, held out (without penalty)", held_out, given),
        ]

    def _entries_of_runs(self, given):
        """Names of several runs, and where each stopped; of a single one only that."""
        if len(self.runs) == 1:
            (run,) = self.runs
            alone = self._look(0, 0) | {"linestyle": "none"}
            return [run.stopped if run.class_names else _entry(run.stopped, alone, given)]
        looks = [self._look(number, 0) for number in range(len(self.runs))]
        of_all = {"color": palette.INK, "marker": None}  # the colours are those of the classes
        looks = [look | of_all if run.class_names else look for run, look in zip(self.runs, looks, strict=True)]
        return [_entry(f"{run.name}: {run.stopped}", look, given) for run, look in zip(self.runs, looks, strict=True)]


def _chosen(parameters):
    return ", ".join(f"{name.split('__')[-1]} = {value}" for name, value in parameters.items())


def _held_out_loss(neuron, X, y):
    """Rows, and the mean log-loss there of every neuron, many thetas side by side in few passes."""
    history = neuron.history_
    if "weights" not in history.columns:
        raise ValueError("A held-out loss at every step needs the weights there: fit with record='path'.")
    kept = palette.ever_rarer(len(history.weights_rows), HELD_OUT)
    weights = history.weights[kept]
    m, parameters, K = (*weights.shape, 1)[:3]
    theta = weights.reshape(m, parameters, K).transpose(1, 0, 2).reshape(parameters, m * K)
    objective = Objective(neuron.objective(X, y).rows, 0.0)
    whose = np.tile(np.arange(K), m)
    together = max(1, LARGEST_PASS // objective.rows.shape[0])
    with np.errstate(over="ignore", invalid="ignore"):  # a neuron that tripped may have been anywhere
        loss = [
            objective.neurons(whose[first : first + together]).at(theta[:, first : first + together]).loss
            for first in range(0, m * K, together)
        ]
    return history.weights_rows[kept], np.concatenate(loss).reshape(m, K)


def _check(runs, x, show, scale):
    if not len(runs):
        raise ValueError("runs must hold at least one walk.")
    if x not in ALONG:
        raise ValueError(f"x must be one of {list(ALONG)}; got {x!r}.")
    if not show or not set(show) <= set(QUANTITIES):
        raise ValueError(f"show must name some of {list(QUANTITIES)}; got {show!r}.")
    if scale not in SCALES:
        raise ValueError(f"scale must be one of {list(SCALES)}; got {scale!r}.")
    if scale == "gap" and len({run.problem for run in runs}) > 1:
        raise ValueError("scale='gap' needs walks on the same J: these differ in C, class_weight or fit_intercept.")
    if scale == "gap" and len({len(run.steps) for run in runs}) > 1:
        raise ValueError("scale='gap' compares neurons one by one: the runs must have the same classes.")


def _lowest(runs):
    """The lowest J of every neuron, in whichever run it came."""
    return np.min([np.nanmin(run.columns["loss"], axis=0) for run in runs], axis=0)


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

    if max(run.steps.max() for run in runs) <= MANY_STEPS:
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
    """A marker where a line ends; a 0 that a log axis has no place for comes to its lower border."""
    style = _marker_style(trace.look["marker"], color)
    if panel.get_yscale() == "log" and trace.y[-1] <= 0:
        style |= {"transform": panel.get_xaxis_transform(), "clip_on": False}
        (stop,) = panel.plot(trace.x[-1:], [0.0], **style)
    else:
        (stop,) = panel.plot(trace.x[-1:], trace.y[-1:], **style)
    return stop


def _line_style(look):
    return {"color": look["color"], "linestyle": look["linestyle"], "linewidth": 2.0, "zorder": 3}


def _marker_style(marker, color):
    edge = {"markeredgecolor": palette.INK, "markeredgewidth": 0.8, "markersize": 8}
    return {"linestyle": "none", "marker": marker, "color": color, "zorder": 4} | edge


def _entry(label, look, given):
    """An entry of the legend that looks like its line and end."""
    from matplotlib.lines import Line2D

    style = palette.styled(Line2D, _line_style(look), given)
    if look["linestyle"] == "none" or look["marker"] is None:
        style |= {"linestyle": look["linestyle"]}
    return Line2D([], [], **(_marker_style(look["marker"], style["color"]) | style | {"label": label}))
