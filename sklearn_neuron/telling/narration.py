"""Watching the neuron learn, line by line: a callback that tells what is known at every step.

Lines are logged, by the logger "sklearn_neuron" at level INFO, if somebody listens there: after
``logging.basicConfig(level=logging.INFO)``, say. Otherwise they are printed on what is standard output at that moment.
So nothing has to be set up, every line is told once, and no handler and no level of anybody's is touched.
"""

import logging

import numpy as np

from sklearn_neuron.tables import six_places

LOGGER = logging.getLogger("sklearn_neuron")
SHOWN_WEIGHTS = 4


class Narrator:
    """Tell one line a step: J, the length of its gradient, the rate that led here, weights and bias of a neuron.

    Of several neurons and of a layer the weights are too many. Where examples are held out they are told of.

    After twenty steps only every tenth is told, after two hundred every hundredth, and so on; and the last. Where other
    steps are left out than before, there is a line of three dots. A stage on
    a sample of the examples is announced, and so are all of them after it.

    Parameters
    ----------
    has_bias : bool
        Whether the last parameter is a bias.
    feature_names : sequence of str, default=None
        Names of the features; None tells w1, w2 and so on.
    every_step : bool, default=False
        Tell every step.
    stream : file, default=None
        Where to print; None is the log if somebody listens there, or else standard output.
    bar : ProgressBar, default=None
        What is drawn under the lines while a fit is long; it sees every step too, unless the lines are logged: where
        those are seen nobody knows, and they would tear it.
    """

    def __init__(self, has_bias, feature_names=None, every_step=False, stream=None, bar=None):
        self.has_bias = has_bias
        self.feature_names = feature_names
        self.every_step = every_step
        self.stream = stream
        self.bar = bar
        self._share = None  # of the examples, that the last line was about
        self._told = self._stride = None  # number of the last step told, and how far after the one before
        self._untold = None  # a step that is told if it was the last, its J and slope, and what was held out

    def __call__(self, step, history) -> None:
        """Tell the line of a step; never asks to stop."""
        if self._share is None or step.rate is None:  # the first of a stage
            self._begin(step, history)
        held_out = [history.tail(name, 1).mean() for name in history.noted]
        self._untold = step, history.tail("loss", 1).mean(), history.tail("gradient_norm", 1).max(), held_out
        if self.every_step or is_told(step.iteration):
            self.finish()
        if self.bar is not None and not (self.stream is None and is_heard()):
            self.bar(step, history)

    def _begin(self, step, history):
        """Say what the lines to come are about."""
        self.finish()
        share = history.share[-1]
        if share == self._share:
            return
        self._told = self._stride = None
        if share < 1:
            self._print(f"On a sample, one of {1 / share:.3g} examples:")
        elif self._share is not None:
            self._print("On all examples:")
        if self._share is None:
            self._alone = step.here.weights.shape[1] == 1  # neither a class of several, nor a layer
            self._one_walk = self._alone or len(step.here.loss) == 1
            self._print(self._heading(step.here.weights, history.noted))
        self._share = share

    def finish(self) -> None:
        """Tell the last step, if it has not been told."""
        if self._untold is None:
            return
        iteration = self._untold[0].iteration
        if iteration == self._told:  # a stage began where the last one ended
            self._untold = None
            return
        stride = None if self._told is None else iteration - self._told
        if stride not in (None, 1, self._stride):
            self._print(f"{'...':>6}")
        self._print(self._line(*self._untold))
        self._told, self._stride, self._untold = iteration, stride, None

    def _heading(self, weights, noted):
        held_out = [name.replace("validation_", "valid. ") for name in noted]
        if not self._one_walk:
            return _row(["step", "mean J", "largest |dJ|", "learning rate", *held_out, "still walking"])
        if not self._alone:
            return _row(["step", "J", "|dJ|", "learning rate", *held_out])
        p = len(weights) - self.has_bias
        names = self.feature_names if self.feature_names is not None else [f"w{j + 1}" for j in range(p)]
        names = [f"w[{name}]" if name == "bias" and self.has_bias else name for name in names]
        return _row(["step", "J", "|dJ|", "learning rate", *held_out, *_shown(names, p), *["bias"] * self.has_bias])

    def _line(self, step, loss, slope, held_out):
        here = step.here
        rate = "" if step.rate is None else f"{np.max(step.rate):.4g}"
        told = [str(step.iteration), six_places(loss), f"{slope:.2e}", rate]
        told += ["" if np.isnan(value) else six_places(value) for value in held_out]
        if not self._alone:
            return _row([*told, *[str(len(step.walking))] * (not self._one_walk)])
        values = [f"{value:.4g}" for value in here.weights[:, 0]]
        p = len(values) - self.has_bias
        return _row([*told, *_shown(values[:p], p), *values[p:]])

    def _print(self, text):
        if self.bar is not None and self.bar.console is not None:
            self.bar.console.out(text, highlight=False)  # above the bar
        else:
            tell(text, self.stream)


def tell(line: str, stream=None) -> None:
    """Log a line if somebody listens; print it if nobody does, on standard output, or on the stream that is named."""
    if stream is None and is_heard():
        LOGGER.info(line)
    else:
        print(line, file=stream)


def is_heard() -> bool:
    """Whether what is logged at level INFO reaches a handler, of this logger or of one that it hands lines on to."""
    logger: logging.Logger | None = LOGGER if LOGGER.isEnabledFor(logging.INFO) else None
    while logger is not None:
        if any(_listens(handler) for handler in logger.handlers):
            return True
        logger = logger.parent if logger.propagate else None
    return False


def _listens(handler):
    return handler.level <= logging.INFO and not isinstance(handler, logging.NullHandler)


def is_told(iteration: int) -> bool:
    """Whether a step is told: all up to 20, then tens up to 200, hundreds up to 2,000, ..."""
    stride = 1
    while iteration > 20 * stride:
        stride *= 10
    return iteration % stride == 0


def tell_kept(steps) -> None:
    """Tell which steps (n_walks,) were gone back to."""
    least, most = steps.min(), steps.max()
    which = f"step {most:,}" if least == most else f"steps {least:,} to {most:,}, each neuron its own"
    tell(f"Kept: {which}, where what was held out was believed best.")


def tell_scores(Cs, scores, l1_ratios, C, l1_ratio) -> None:
    """Tell the average score over folds (folds, l1_ratios, Cs), its standard error, and where the chosen ones are."""
    several = len(l1_ratios) > 1
    tell(_row(["", *["l1_ratio"] * several, "C", "score", "std. error"]))
    for r, c in np.ndindex(len(l1_ratios), len(Cs)):
        of_folds, is_chosen = scores[:, r, c], Cs[c] == C and l1_ratios[r] == l1_ratio
        error = f"{of_folds.std(ddof=1) / np.sqrt(len(of_folds)):.2g}" if len(of_folds) > 1 else ""
        named = [*[f"{l1_ratios[r]:.4g}"] * several, f"{Cs[c]:.4g}"]
        tell(_row(["->" if is_chosen else "", *named, six_places(of_folds.mean()), error]))


def _shown(cells, p):
    return cells if p <= SHOWN_WEIGHTS else [*cells[:SHOWN_WEIGHTS], "..."]


def _row(cells):
    return f"{cells[0]:>6}" + "".join(f" {cell[:13]:>13}" for cell in cells[1:])
