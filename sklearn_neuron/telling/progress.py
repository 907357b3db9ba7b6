"""How far has it come? A bar under the narrated lines, while a long fit is watched on a terminal.

How many steps a walk will take nobody knows before it has arrived. But most walks shrink the Newton decrement by about
the same factor in every step, and end when it is at most `tol`. So the share of the way is told in decades::

    share  =  log(first decrement / decrement) / log(first decrement / tol)

or as the share of `max_iter` that is spent, if that is more, for then the walk ends too. The bar only ever moves on: a
decrement that grows again, or is measured on more examples than before, leaves it where it was.

The bar is drawn by rich (``pip install '.[progress]'`` from the checkout), which is imported when there is one to be
drawn: a fit has lasted a second, and what is narrated goes to a terminal. Otherwise nothing is drawn, and nothing said.
J of a sample is told as such: the bar says which share of the examples it is about.
"""

import sys
import time
from datetime import timedelta
from math import inf, log
from typing import Any

import numpy as np

PATIENCE = 1.0  # seconds of a fit that need no bar
PAUSE = 0.1  # seconds between two drawings, at least


def share_of_way(first: float, now: float, goal: float) -> float:
    """How many of the decades between the first decrement and the goal lie behind.

    Parameters
    ----------
    first, now : float
        Largest decrement of the neurons before the first step, and now.
    goal : float
        The decrement to arrive at; 0 is never nearer.

    Returns
    -------
    float
        At most 1; below 0, or nan, where there is no progress.

    Examples
    --------
    >>> from sklearn_neuron.telling.progress import share_of_way
    >>> share_of_way(first=1.0, now=0.01, goal=1e-4)
    0.5
    """
    if now <= goal:
        return 1.0
    return (log(first) - log(now)) / (log(first) - log(goal)) if first > goal > 0 else 0.0


def journey(neuron: Any) -> str:
    """How far a neuron walked, in words: steps on all rows, those on a sample before them, and passes over the rows.

    Parameters
    ----------
    neuron : SigmoidNeuronClassifier
        Fitted.

    Returns
    -------
    str

    Examples
    --------
    >>> from sklearn_neuron import SigmoidNeuronClassifier
    >>> from sklearn_neuron.datasets import make_toxic_plants
    >>> from sklearn_neuron.telling.progress import journey
    >>> journey(SigmoidNeuronClassifier().fit(*make_toxic_plants(random_state=0, return_X_y=True)))
    '3 steps, 5 passes over the rows'
    """
    steps = int(neuron.n_iter_.max())
    told = [f"{steps:,} step{'s' * (steps != 1)}", *_steps_on_samples(neuron.history_)]
    return f"{' after '.join(told)}, {neuron.history_.passes[-1]:.4g} passes over the rows"


def _steps_on_samples(history):
    """What was walked on samples, the largest first; k steps leave k + 1 rows."""
    shares, rows = np.unique(history.share[~history.on_all], return_counts=True)
    for share, count in zip(shares[::-1], rows[::-1], strict=True):
        yield f"{count - 1:,} on a sample of {_one_in(share)} rows"


def _one_in(share):
    return f"1 in {1 / share:.3g}"


class ProgressBar:
    """A line that grows under the others until a fit ends; a context manager, and a callback of the walk.

    Parameters
    ----------
    tol : float
        Newton decrement at which the walk ends; an estimate of it must be smaller, by as much as it is trusted.
    max_iter : int
        Step at which it ends in any case.
    stream : file, default=None
        Where the lines are printed; None is standard output. There is no bar unless it is a terminal.
    console : rich.console.Console, default=None
        A terminal to draw on instead.
    clock : callable, default=time.monotonic
        Tells the seconds.

    Attributes
    ----------
    console : rich.console.Console or None
        Where to print while a bar is shown, so that it is not torn; None while there is none.
    share : float
        How far the walk has come when it was last looked at, between 0 and 1.
    """

    def __init__(self, tol, max_iter, stream=None, console=None, clock=time.monotonic):
        self.tol = tol
        self.max_iter = max_iter
        self.share = 0.0
        self.console = None
        self._terminal = console
        self._stream = stream
        self._clock = clock
        self._first: Any = None
        self._bar: Any = None

    def __enter__(self) -> "ProgressBar":
        self._began = self._clock()
        self._due = self._began + PATIENCE
        return self

    def __exit__(self, *why) -> None:
        """Leave no trace, whether the fit has ended, failed or was interrupted."""
        if self._bar is not None:
            self._bar.stop()
            self._bar = self.console = None

    def __call__(self, step, history) -> None:
        """Look at a step, and draw if it is time; never asks to stop."""
        if self._first is None:
            self._first = _largest_decrement(history)
        now = self._clock()
        if now < self._due:
            return
        if self._bar is None and not self._made():
            self._due = inf
            return
        self._due = now + PAUSE
        self._draw(step, history, now - self._began)

    def _made(self):
        """Make the bar; whether there is something to draw it on, and with."""
        terminal = self._terminal or _terminal(self._stream or sys.stdout)
        if terminal is None:
            return False
        from rich.progress import BarColumn, Progress, TextColumn

        columns = BarColumn(complete_style="medium_purple"), TextColumn("{task.description}")
        self._bar = Progress(
            *columns, console=terminal, transient=True, auto_refresh=False, redirect_stdout=False, redirect_stderr=False
        )
        self._bar.add_task("", total=1.0)
        return True

    def _draw(self, step, history, seconds):
        decades = share_of_way(self._first, _largest_decrement(history), self.tol * step.decrement.trust)
        self.share = max(self.share, decades, min(1.0, step.iteration / max(self.max_iter, 1)))  # a nan is never more
        share = history.share[-1]
        about = "" if share == 1 else f" of {_one_in(share)}"
        loss = history.tail("loss", 1).mean()
        told = f"{self.share:4.0%}  step {step.iteration:,}  J{about} {loss:.6f}  {timedelta(seconds=int(seconds))}"
        self._bar.update(self._bar.task_ids[0], completed=self.share, description=told)
        if self.console is None:
            self.console = self._bar.console
            self._bar.start()
        else:
            self._bar.refresh()


def _largest_decrement(history):
    return float(history.tail("decrement", 1).max())


def _terminal(stream):
    """A console on a stream, if that is a terminal and rich is installed."""
    if not (hasattr(stream, "isatty") and stream.isatty()):
        return None
    try:
        from rich.console import Console
    except ImportError:
        return None
    console = Console(file=stream)
    return console if console.is_terminal else None
