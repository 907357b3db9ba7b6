"""How did it learn? J at every step, and what made it stop.

A step too big and you trip, too small and you never arrive: a curve that falls and flattens has learned, one that
saws or climbs has tripped, one that is still falling at its end was stopped too early. Near the floor the gap tells
more than J itself. There ``J - J* <= (1 - m/L)^k (J_0 - J*)`` for gradient descent at rate 1/L, a straight line on a
log axis, and Newton's method doubles the correct digits at every step::

    J - J*  ~  decrement^2 / 2

The curves are drawn from the history of a fit. Nothing is fitted again. A fit may begin with steps on a sample of the
examples. The J of a sample is another one: its curve stands before that of all examples, thin, and is not joined to it.

Reference: S. Boyd, L. Vandenberghe, Convex Optimization (2004), equations 9.18 and 9.33.
"""

from typing import NamedTuple

import numpy as np

from sklearn_neuron._sklearn import check_matplotlib_support
from sklearn_neuron.displays import palette
from sklearn_neuron.displays.names import plain, shortened
from sklearn_neuron.inspection.subject import subject_of
from sklearn_neuron.objective import Objective

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
SAMPLE_DASH = (0, (1, 1))
LONGEST_NAME = 40
SAME = {np.float32: 1e-3, np.float64: 1e-6}  # J up to the rounding of what is kept


class Run(NamedTuple):
    """One walk: of a neuron, or of K side by side.

    Parameters
    ----------
    name : str
        What to call it beside others.
    columns : dict of str to ndarray
        "iterations", "passes" and "seconds" of shape (rows,); "loss", "gradient_norm", "decrement" and "rate" of shape
        (rows, K).
    share : ndarray of shape (rows,)
        Share of the examples that these numbers are about.
    steps : ndarray of int of shape (K,)
        After how many steps on all examples each neuron stopped.
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
    elsewhere : str, default=""
        If the J that was recorded is not that of the examples given, a sentence that says so.
    """

    name: str
    columns: dict
    share: np.ndarray
    steps: np.ndarray
    stop_reason: str = ""
    class_names: tuple = ()
    held_out_rows: np.ndarray | None = None
    held_out: np.ndarray | None = None
    problem: tuple = ()
    chosen: str = ""
    elsewhere: str = ""

    @classmethod
    def of_history(cls, history, name="", class_names=None):
        """The walk of a history, which does not know why it ended."""
        turns = (
            np.diff(history.share, prepend=history.share[:1]) != 0
        )  # the same place, seen by other examples: no step
        columns = {"iterations": np.arange(len(history)) - np.cumsum(turns)}
        columns |= {"passes": history.passes, "seconds": history.seconds}
        columns |= {quantity: getattr(history, quantity).reshape(len(history), -1) for quantity in QUANTITIES}
        K = columns["loss"].shape[1]
        names = range(K) if class_names is None else class_names
        if len(names) != K > 1:
            raise ValueError(f"class_names has {len(names)} names, but {K} neurons walked.")
        steps = _last_that_walked(columns["rate"][history.share == 1])
        return cls(name, columns, history.share, steps, class_names=tuple(map(str, names)) if K > 1 else ())

    @classmethod
    def of_estimator(cls, estimator, given, held_out, name="", class_names=None):
        """The walk of a fitted neuron, on the examples given, and how wrong it was about others at every step."""
        subject = subject_of(estimator)
        names = subject.class_names(class_names)
        neuron = subject.neuron
        run = cls.of_history(neuron.history_, name, names if len(names) > 2 else None)
        problem = (neuron.C, repr(neuron.class_weight), neuron.fit_intercept)
        run = run._replace(steps=neuron.n_iter_, stop_reason=neuron.stop_reason_, problem=problem)
        run = run._replace(chosen=_chosen(getattr(estimator, "best_params_", {})))
        if _are_there("X", "y", *given[:2]):
            run = run._replace(elsewhere=_elsewhere(subject, *given))
        if not _are_there("X_held_out", "y_held_out", *held_out):
            return run
        rows, loss = _held_out_loss(neuron, subject.sees(held_out[0]), held_out[1])
        return run._replace(held_out_rows=rows, held_out=loss)

    @property
    def on_all(self):
        """Numbers of the rows about all examples."""
        return np.flatnonzero(self.share == 1)

    def rows_of(self, k):
        """Numbers of the rows about all examples in which a neuron walked; none if it never came so far."""
        return self.on_all[: self.steps[k] + 1]

    def sampled(self, k):
        """Numbers of the rows in which a neuron walked on a sample, one array a sample."""
        stages = np.split(np.arange(len(self.share)), np.flatnonzero(np.diff(self.share)) + 1)
        stages = [rows for rows in stages if self.share[rows[0]] != 1]
        return [rows[: _last_that_walked(self.columns["rate"][rows])[k] + 1] for rows in stages]

    @property
    def shares(self):
        """The samples that were walked on, in words."""
        return [_part(share) for share in dict.fromkeys(self.share.tolist()) if share != 1]

    @property
    def stopped(self):
        """Where and why it stopped, in words."""
        least, most = self.steps.min(), self.steps.max()
        number = f"{most:,}" if least == most else f"{least:,} to {most:,}"
        words = f"{number} step{'' if most == 1 else 's'}"
        if self.shares:
            words += f" on all examples, after {self._sample_steps:,} on a sample"
        return f"{words}. {self.stop_reason}" if self.stop_reason else words

    @property
    def _sample_steps(self):
        rows = self.on_all
        return int(self.columns["iterations"][rows[0] if len(rows) else -1])


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
        In every panel one line a neuron and run, about all examples, until it stopped.
    sampled_ : list of list of matplotlib Line2D
        In every panel the same about samples that were walked on before; none in one that shows the gap.
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
    ):
        """Draw how a fitted neuron learned.

        Parameters
        ----------
        estimator : SigmoidNeuronClassifier, Pipeline that ends with one, or search over one of these
            Fitted; of a search the best estimator.
        X : {array-like, sparse matrix} of shape (n_samples, n_features), default=None
            Samples that it learned from. What is drawn was recorded by the fit; if that is not the J of these, the
            picture says so.
        y : array-like of shape (n_samples,), default=None
            Their class labels.
        sample_weight : array-like of shape (n_samples,), default=None
            How much each counted: of 0 not at all.
        X_held_out : as `X`, default=None
            Samples that were not learned from. Their mean log-loss at every step needs a fit with ``record="path"``.
        y_held_out : as `y`, default=None
            Their class labels.
        x : {"iterations", "passes", "seconds"}, default="iterations"
            What to draw against: steps, readings of X or time.
        show : str or sequence of {"loss", "gradient_norm", "decrement", "rate"}, default=("loss",)
            What to draw, a panel each. The decrement is exact for "newton" and an estimate for most others.
        scale : {"linear", "log", "gap"}, default="linear"
            Axis of the loss; "gap" is J of all examples above its lowest of all runs, on a log axis, without the
            held-out loss and without J of samples.
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
    ):
        """Draw how several neurons learned, in one picture.

        Parameters
        ----------
        estimators : dict of str to estimator
            Names and fitted estimators, each as in :meth:`from_estimator`.
        X, y, sample_weight, X_held_out, y_held_out, x, show, scale, class_names, ax, line_kwargs
            As in :meth:`from_estimator`.

        Returns
        -------
        LossCurveDisplay
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
        self.lines_, self.stops_, self.sampled_, self.held_out_ = [], [], [], []
        for quantity, panel in zip(show, self.axes_[:, 0], strict=True):
            _scale_y(panel, quantity, scale, self.runs)
            self._draw(panel, self._traces(x, quantity, scale), line_kwargs)
            self._draw_sampled(panel, x, quantity, scale, line_kwargs)
            if quantity == "loss" and scale != "gap":
                self._draw_held_out(panel, x, line_kwargs)
        self._finish(x)
        self.legend_ = palette.legend_above(self.axes_[0, 0], "How it learned", self._entries(show, line_kwargs))
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
        """All lines of one panel about all examples."""
        floor = _lowest(self.runs) if quantity == "loss" and scale == "gap" else None
        traces = []
        for number, run in enumerate(self.runs):
            for k in range(len(run.steps)):
                rows = run.rows_of(k)
                rows = rows[palette.ever_rarer(len(rows), DRAWN)]
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

    def _draw_sampled(self, panel, x, quantity, scale, given):
        """Thin lines about samples, which end before those about all examples begin."""
        from matplotlib.lines import Line2D

        lines: list = []
        for number, run in enumerate(self.runs if (quantity, scale) != ("loss", "gap") else ()):
            for k in range(len(run.steps)):
                ours = _line_style(self._look(number, k)) | {"linewidth": 1.3, "zorder": 2.5}
                style = palette.styled(Line2D, ours, given) | {"linestyle": SAMPLE_DASH}  # never to be mixed up
                for rows in run.sampled(k):
                    values = _drawable(panel, run.columns[quantity][rows, k])
                    lines += panel.plot(run.columns[x][rows], values, **style)
        self.sampled_.append(lines)

    def _draw_held_out(self, panel, x, given):
        from matplotlib.lines import Line2D

        for number, run in enumerate(self.runs):
            for k in range(0 if run.held_out is None else len(run.steps)):
                until = run.held_out_rows <= (run.rows_of(k) if len(run.on_all) else np.arange(len(run.share)))[-1]
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

    def _entries(self, show, given):
        """What stands in the legend: classes, kinds of loss, runs and remarks."""
        entries = [*self._entries_of_classes(given), *self._entries_of_losses(given), *self._entries_of_runs(given)]
        entries += self._entries_of_samples(show, given)
        entries += [plain(f"the best of a search: {run.chosen}") for run in self.runs if run.chosen]
        entries += [plain(f"{_called(run)}{run.elsewhere}") for run in self.runs if run.elsewhere]
        if any(not stop.get_clip_on() for stops in self.stops_ for stop in stops):
            entries.append("on the lower border: 0")
        return entries

    def _entries_of_classes(self, given):
        number = int(np.argmax([len(run.steps) for run in self.runs]))
        names = self.runs[number].class_names
        looks = [self._look(number, k) | {"linestyle": "-"} for k in range(len(names))]
        called = [shortened(name, palette.longest_of(len(names))) for name in names[:NAMED]]
        shown = [_entry(name, look, given) for name, look in zip(called, looks, strict=False)]
        return shown + ([f"and {len(names) - NAMED:,} more"] if len(names) > NAMED else [])

    def _entries_of_samples(self, show, given):
        """What the thin lines are about."""
        if not any(self.sampled_):
            return []
        alone = len(self.lines_[0]) == 1
        look = {"color": RUNS[0] if alone else palette.INK, "linestyle": SAMPLE_DASH, "marker": None}
        parts = " and ".join(dict.fromkeys(part for run in self.runs for part in run.shares))
        label = f"{'J of' if show == ('loss',) else 'on'} a sample: {parts} of the examples"
        return [_entry(label, look, given)]

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
        names = [f"{_called(run)}{run.stopped}" for run in self.runs]
        return [_entry(name, look, given) for name, look in zip(names, looks, strict=True)]


def _called(run):
    """The name of a run before what is said of it, if it has one."""
    return f"{shortened(run.name, LONGEST_NAME)}: " if run.name else ""


def _last_that_walked(rates):
    """For rates of shape (rows, K): the last row to which each neuron walked. Who has arrived stays, at rate 0."""
    if not len(rates):
        return np.zeros(rates.shape[1], dtype=int)
    return len(rates) - 1 - (rates[::-1] != 0).argmax(axis=0)


def _part(share):
    """A share of the examples in words: one in so many, or in percent."""
    one_in = 1 / share
    return f"1/{one_in:.0f}" if abs(one_in - round(one_in)) < 1e-6 * one_in else f"{100 * share:.3g} %"


def _are_there(X_name, y_name, X, y):
    """Whether there are examples with labels."""
    if (X is None) != (y is None):
        raise ValueError(f"{X_name} and {y_name} go together; got only one of them.")
    return X is not None


def _elsewhere(subject, X, y, sample_weight):
    """What to say if the J that was recorded is not that of these examples; nothing if it is."""
    neuron = subject.neuron
    theta = np.vstack([neuron.coef_.T, neuron.intercept_[None]])[: neuron.n_features_in_ + neuron.fit_intercept]
    here = neuron.objective(subject.sees(X), y, sample_weight).at(theta.astype(np.float64)).loss
    recorded = neuron.loss_curve_.reshape(-1, len(here))
    if not len(recorded):  # it was stopped before it saw all of them
        return ""
    ends = np.array([recorded[-1], np.nanmin(recorded, axis=0)])  # who tripped has kept the best that it saw
    if np.isclose(ends, here, rtol=SAME[neuron.coef_.dtype.type], atol=1e-12).any(axis=0).all():
        return ""
    ends_at = f"{here.mean():.4g}" + " on average" * (len(here) > 1)
    return f"not the J of the examples given, which ends at {ends_at}"


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
    objective = Objective(neuron.objective(X, y).home, 0.0)
    whose = np.tile(np.arange(K), m)
    together = max(1, LARGEST_PASS // objective.home.shape[0])
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
    style = _marker_style(trace.look["marker"], color)
    if panel.get_yscale() == "log" and (trace.y[-1:] <= 0).any():
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
    return Line2D([], [], **(_marker_style(look["marker"], style["color"]) | style | {"label": plain(label)}))
