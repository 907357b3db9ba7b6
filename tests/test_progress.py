"""The bar: where it is drawn, what it tells, and that it leaves nothing behind."""

import builtins
import io
import os
import pickle
import re
import select
import signal
import subprocess
import sys
import time
from contextlib import redirect_stdout
from types import SimpleNamespace

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.datasets import load_iris

from sklearn_neuron import SigmoidNeuronClassifier
from sklearn_neuron.datasets import make_toxic_plants
from sklearn_neuron.telling.narration import Narrator
from sklearn_neuron.telling.progress import PATIENCE, PAUSE, ProgressBar, journey, share_of_way

SLOW = """
import time
from sklearn_neuron import SigmoidNeuronClassifier
from sklearn_neuron.datasets import make_toxic_plants

def slow(iteration):
    time.sleep(0.02)
    return 0.1

neuron = SigmoidNeuronClassifier(solver="gd", learning_rate=slow, tol=0.13, verbose=1)
print(neuron.fit(*make_toxic_plants(random_state=0, return_X_y=True)).n_iter_)
"""
HIDE_CURSOR, SHOW_CURSOR = "\x1b[?25l", "\x1b[?25h"


class Clock:
    """Tells the time that it is set to."""

    def __init__(self):
        self.seconds = 1000.0

    def __call__(self):
        return self.seconds


class Screen:
    """What is to be seen when all is written: lines, and how the cursor moved back and wiped them."""

    def __init__(self, written):
        self.lines, self.row, self.column, self.cursor = [""], 0, 0, True
        for plain, up, wiped, cursor in re.findall(r"([^\x1b])|\x1b\[(?:(\d+)A|(2K)|(\?25[lh])|[\d;]*m)", written):
            if plain:
                self.put(plain)
            self.row -= int(up or 0)
            if wiped:
                self.lines[self.row] = ""
            self.cursor = cursor == "?25h" if cursor else self.cursor

    def put(self, letter):
        if letter == "\n":
            self.row += 1
            self.lines += [""] * (self.row == len(self.lines))
        if letter in "\r\n":
            self.column = 0
            return
        line = self.lines[self.row].ljust(self.column)
        self.lines[self.row] = line[: self.column] + letter + line[self.column + 1 :]
        self.column += 1


@pytest.fixture
def terminal(monkeypatch):
    """A console that takes itself for a terminal."""
    console = pytest.importorskip("rich.console")
    monkeypatch.setenv("TERM", "xterm-256color")
    return console.Console(file=io.StringIO(), force_terminal=True, width=100)


@pytest.fixture
def clock():
    return Clock()


def seen(iteration, decrement=1.0, loss=0.5, weights=((2.0,), (-1.0,)), share=1.0):
    """A step, and a history whose last row it is."""
    row = {"decrement": decrement, "loss": loss, "gradient_norm": 5.0}
    history = SimpleNamespace(tail=lambda column, rows: np.atleast_2d(row[column]), share=np.array([share]), noted=())
    here, exact = SimpleNamespace(weights=np.array(weights)), SimpleNamespace(trust=1.0)
    return SimpleNamespace(iteration=iteration, here=here, rate=0.1, decrement=exact), history


def drawn(console):
    """Bars drawn so far: the text beside each."""
    return re.findall(r" +(\d+%  step .*?)(?=[\r\n\x1b]|$)", console.file.getvalue())


def test_j_of_a_sample_is_told_as_such(clock, terminal):
    with ProgressBar(1e-4, 100, console=terminal, clock=clock) as bar:
        clock.seconds += PATIENCE
        bar(*seen(3, share=1 / 32))
        clock.seconds += PAUSE
        bar(*seen(4))
    sampled, *_, whole = drawn(terminal)
    assert "step 3  J of 1 in 32 0.500000" in sampled
    assert "step 4  J 0.500000" in whole


def test_a_journey_counts_steps_on_all_rows_and_on_samples_apart():
    history = SimpleNamespace(share=np.array([0.03125] * 5 + [0.5] * 3 + [1.0] * 4), passes=np.array([3.25]))
    history.on_all = history.share == 1
    neuron = SimpleNamespace(n_iter_=np.array([3, 1]), history_=history)
    told = "3 steps after 2 on a sample of 1 in 2 rows after 4 on a sample of 1 in 32 rows, 3.25 passes over the rows"
    assert journey(neuron) == told


# How far --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "now", "goal", "share"),
    [
        (1.0, 1.0, 1e-4, 0.0),
        (1.0, 1e-3, 1e-4, 0.75),
        (100.0, 1e-1, 1e-4, 0.5),
        (1.0, 1e-4, 1e-4, 1.0),
        (1.0, 1e-9, 1e-4, 1.0),
        (1e-5, 1e-5, 1e-4, 1.0),  # there before the first step
        (1.0, 1e-9, 0.0, 0.0),
        (1.0, 0.0, 0.0, 1.0),
        (np.nan, 1.0, 1e-4, 0.0),
        (1.0, 10.0, 1e-4, -0.25),  # who goes back has come no further
        (1.0, np.inf, 1e-4, -np.inf),
        (1.0, np.nan, 1e-4, np.nan),
    ],
)
def test_the_way_is_told_in_decades(first, now, goal, share):
    assert share_of_way(first, now, goal) == pytest.approx(share, rel=1e-12, nan_ok=True)


def test_a_bar_only_moves_on(terminal, clock):
    assert shares_of(terminal, clock, enumerate([1.0, 1e-2, 1e-1, np.nan, np.inf, 1e-3, 1e-5])) == pytest.approx(
        [0, 0.5, 0.5, 0.5, 0.5, 0.75, 1], abs=1e-12
    )


def test_the_steps_count_where_they_are_further(terminal, clock):
    shares = shares_of(terminal, clock, [(0, 0.9), (300, 0.9), (2000, 0.9)])
    assert shares == pytest.approx([0, 0.3, 1], abs=0.02)


def shares_of(terminal, clock, steps):
    """How far the bar has come at each of some steps: number and decrement."""
    shares = []
    with ProgressBar(1e-4, 1000, console=terminal, clock=clock) as bar:
        for iteration, decrement in steps:
            bar(*seen(iteration, decrement))
            clock.seconds += PATIENCE
            bar(*seen(iteration, decrement))
            shares.append(bar.share)
    return shares


def test_the_slowest_of_many_neurons_counts(terminal, clock):
    with ProgressBar(1e-4, 1000, console=terminal, clock=clock) as bar:
        bar(*seen(0, [1.0, 0.5, 0.1]))
        clock.seconds += PATIENCE
        bar(*seen(0, [1e-9, 1e-2, 1e-5], loss=[0.1, 0.2, 0.6]))
    assert bar.share == pytest.approx(0.5)
    assert "J 0.300000" in drawn(terminal)[0]


def test_a_fit_of_no_steps_is_no_division(terminal, clock):
    with ProgressBar(0.0, 0, console=terminal, clock=clock) as bar:
        clock.seconds += PATIENCE
        bar(*seen(0))
    assert bar.share == 0


# When and what --------------------------------------------------------------------------------------------


def test_a_short_fit_has_no_bar(terminal, clock):
    with ProgressBar(1e-4, 1000, console=terminal, clock=clock) as bar:
        for iteration in range(100):
            clock.seconds += 0.9 * PATIENCE / 100
            bar(*seen(iteration))
    assert terminal.file.getvalue() == ""


def test_a_long_fit_tells_share_step_loss_and_time(terminal, clock):
    with ProgressBar(1e-4, 100_000, console=terminal, clock=clock) as bar:
        bar(*seen(0))
        assert bar.console is None
        clock.seconds += 75
        bar(*seen(12_345, 1e-2, loss=0.123456))
        assert bar.console is terminal
        assert not Screen(terminal.file.getvalue()).cursor
        assert re.fullmatch(
            r"━+╸?╺?━+ +50%  step 12,345  J 0.123456  0:01:15", Screen(terminal.file.getvalue()).lines[0]
        )
    assert bar.console is None
    screen = Screen(terminal.file.getvalue())
    assert "".join(screen.lines) == ""
    assert screen.cursor
    assert screen.row == 0


def test_it_is_drawn_some_times_a_second_not_at_every_step(terminal, clock):
    with ProgressBar(1e-4, 1000, console=terminal, clock=clock) as bar:
        for iteration in range(1000):
            bar(*seen(iteration))
            clock.seconds += 0.01  # ten seconds in all
    assert len(set(drawn(terminal))) == pytest.approx((10 - PATIENCE) / PAUSE, abs=9)


def test_lines_are_printed_above_the_bar_and_stay(terminal, clock):
    stream = io.StringIO()
    with ProgressBar(1e-4, 1000, stream=stream, console=terminal, clock=clock) as bar:
        narrator = Narrator(has_bias=True, stream=stream, every_step=True, bar=bar)
        for iteration in range(30):
            clock.seconds += 0.1
            assert not narrator(*seen(iteration))
    above = [line for line in Screen(terminal.file.getvalue()).lines if line]
    before = stream.getvalue().splitlines()
    assert len(before) > 5 < len(above)
    assert [int(line.split()[0]) for line in before[1:] + above] == list(range(30))
    assert {len(line) for line in before + above} == {len(before[0])}


def test_an_interrupted_fit_leaves_no_bar(terminal, clock):
    def interrupted():
        with ProgressBar(1e-4, 1000, console=terminal, clock=clock) as bar:
            clock.seconds += PATIENCE
            bar(*seen(0))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    screen = Screen(terminal.file.getvalue())
    assert drawn(terminal)
    assert screen.cursor
    assert "".join(screen.lines) == ""


@pytest.mark.parametrize("stream", [io.StringIO(), SimpleNamespace(), SimpleNamespace(isatty=lambda: False), None])
def test_where_there_is_no_terminal_there_is_no_bar(clock, stream, monkeypatch, capsys):
    monkeypatch.setenv("FORCE_COLOR", "1")  # which would make rich draw into a file
    with ProgressBar(1e-4, 1000, stream=stream, clock=clock) as bar:
        for iteration in range(3):
            clock.seconds += PATIENCE
            bar(*seen(iteration))
            assert bar.console is None
    assert capsys.readouterr() == ("", "")
    assert not isinstance(stream, io.StringIO) or stream.getvalue() == ""


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_on_a_stream_that_is_a_terminal_there_is_one(clock, monkeypatch):
    pytest.importorskip("rich")
    for term, expected in [("xterm-256color", True), ("dumb", False)]:
        monkeypatch.setenv("TERM", term)
        stream = Terminal()
        with ProgressBar(1e-4, 1000, stream=stream, clock=clock) as bar:
            clock.seconds += PATIENCE
            bar(*seen(7))
        assert ("step 7" in stream.getvalue()) == expected


@pytest.fixture
def asked_of_rich(monkeypatch):
    """What would be imported of rich, which is not installed."""
    really_import, asked = builtins.__import__, []

    def import_but_rich(name, *others, **named):
        if name.startswith("rich"):
            asked.append(name)
            raise ModuleNotFoundError("No module named 'rich'")
        return really_import(name, *others, **named)

    monkeypatch.setattr(builtins, "__import__", import_but_rich)
    return asked


@pytest.mark.parametrize(("stream", "asked"), [(Terminal(), True), (io.StringIO(), False)], ids=["terminal", "file"])
def test_without_rich_there_is_no_bar_and_without_a_terminal_nobody_looks_for_it(clock, asked_of_rich, stream, asked):
    with ProgressBar(1e-4, 1000, stream=stream, clock=clock) as bar:
        clock.seconds += PATIENCE
        bar(*seen(0))
    assert stream.getvalue() == ""
    assert bool(asked_of_rich) == asked


# A fit ----------------------------------------------------------------------------------------------------


class HurriedTime:
    """Every look at the clock takes a second."""

    seconds = 0.0

    @classmethod
    def monotonic(cls):
        cls.seconds += 1
        return cls.seconds


@pytest.fixture
def on_a_terminal(monkeypatch):
    """Standard output, to be redirected to, that is a terminal where everything takes long."""
    pytest.importorskip("rich")
    stream = Terminal()
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", "110")
    monkeypatch.setattr(ProgressBar.__init__, "__defaults__", (None, None, HurriedTime.monotonic))
    return stream


@pytest.mark.parametrize("solver", ["newton", "lbfgs", "gd"])
@pytest.mark.parametrize("K", [2, 3])
def test_a_fit_on_a_terminal_leaves_the_lines_of_one_that_is_not(on_a_terminal, solver, K):
    X, y = load_iris(return_X_y=True)
    y = y if K == 3 else y == 1
    with redirect_stdout(on_a_terminal):
        neuron = SigmoidNeuronClassifier(solver=solver, verbose=2, tol=0.1).fit(X, y)
    with redirect_stdout(io.StringIO()) as piped:
        again = clone(neuron).fit(X, y)
    assert HIDE_CURSOR in on_a_terminal.getvalue()
    assert [line for line in Screen(on_a_terminal.getvalue()).lines if line] == piped.getvalue().splitlines()
    assert "\x1b" not in piped.getvalue()
    np.testing.assert_array_equal(neuron.coef_, again.coef_)


def test_the_bar_fills_up_to_where_the_walk_ends_which_is_smaller_for_an_estimate(on_a_terminal):
    X, y = make_toxic_plants(random_state=0, return_X_y=True)
    for solver in ("newton", "lbfgs"):
        before = on_a_terminal.tell()
        with redirect_stdout(on_a_terminal):
            neuron = SigmoidNeuronClassifier(solver=solver, verbose=1, tol=1e-6).fit(X, y)
        shares = [int(share) for share in re.findall(r"(\d+)%", on_a_terminal.getvalue()[before:])]
        goal = 1e-6 if solver == "newton" else 1e-7
        decrements = neuron.history_.decrement
        way = np.maximum.accumulate([share_of_way(decrements[0], decrement, goal) for decrement in decrements])
        assert set(shares) == {round(100 * share) for share in way}
        assert shares == sorted(shares)


def test_a_silent_fit_draws_nothing(on_a_terminal):
    with redirect_stdout(on_a_terminal):
        SigmoidNeuronClassifier(solver="gd", tol=0.1).fit(*load_iris(return_X_y=True))
    assert on_a_terminal.getvalue() == ""


@pytest.mark.parametrize("error", [KeyboardInterrupt, ZeroDivisionError])
def test_a_fit_that_is_broken_off_leaves_no_bar(on_a_terminal, error):
    def rate(iteration):
        if iteration == 30:
            raise error
        return 0.01

    with redirect_stdout(on_a_terminal), pytest.raises(error):
        SigmoidNeuronClassifier(solver="gd", learning_rate=rate, verbose=1).fit(*load_iris(return_X_y=True))
    written = on_a_terminal.getvalue()
    screen = Screen(written)
    assert "step 29" in written
    assert screen.cursor
    assert not [line for line in screen.lines if "%" in line]


def test_an_estimator_that_has_drawn_a_bar_travels_and_clones(on_a_terminal):
    X, y = load_iris(return_X_y=True)
    with redirect_stdout(on_a_terminal):
        neuron = SigmoidNeuronClassifier(verbose=1).fit(X, y)
    assert HIDE_CURSOR in on_a_terminal.getvalue()
    again = pickle.loads(pickle.dumps(neuron))
    np.testing.assert_array_equal(again.predict_proba(X), neuron.predict_proba(X))
    assert "bar" not in " ".join(vars(neuron))


# A real terminal ------------------------------------------------------------------------------------------


def _as_in_the_foreground():
    """A shell starts what runs in its background deaf to interrupts, and so its children."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def on_pseudo_terminal(arguments, interrupt_at=None):
    """Run a program on a terminal of its own; what it wrote there, and how it ended."""
    pty = pytest.importorskip("pty", reason="there are no pseudo-terminals here")
    pytest.importorskip("rich")
    ours, theirs = pty.openpty()
    environment = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "110", "PYTHONIOENCODING": "utf8"}
    program = subprocess.Popen(
        [sys.executable, *arguments], stdout=theirs, stderr=theirs, env=environment, preexec_fn=_as_in_the_foreground
    )
    os.close(theirs)
    written, until = b"", time.monotonic() + 60
    while select.select([ours], [], [], max(0, until - time.monotonic()))[0]:
        try:
            piece = os.read(ours, 2**16)
        except OSError:  # how Linux says that nobody writes any more
            break
        if not piece:
            break
        written += piece
        if interrupt_at is not None and interrupt_at in written:
            program.send_signal(signal.SIGINT)
            interrupt_at = None
    os.close(ours)
    return written.decode("utf8"), program.wait(10)


def test_a_long_fit_on_a_real_terminal_shows_a_bar_that_leaves_no_trace_and_in_a_pipe_none():
    with subprocess.Popen([sys.executable, "-c", SLOW], stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as pipe:
        written, ended = on_pseudo_terminal(["-c", SLOW])
        piped = pipe.communicate(timeout=60)[0].decode("utf8")
    assert (ended, pipe.returncode) == (0, 0)
    shares = [int(share) for share in re.findall(r"(\d+)%  step [\d,]+  J 0\.\d{6}  0:00:0[1-9]", written)]
    assert shares == sorted(shares)
    assert len(set(shares)) > 3
    assert not re.search(r"[\x1b%━]", piped)
    screen = Screen(written)
    assert screen.cursor
    assert screen.lines == piped.split("\n")


def test_an_interrupt_on_a_real_terminal_gives_the_cursor_back():
    written, ended = on_pseudo_terminal(
        ["-m", "sklearn_neuron", "--solver", "gd", "--learning-rate", "0.02", "--tol", "0"], interrupt_at=b"%  step"
    )
    assert ended == 130
    assert "sklearn_neuron: interrupted" in written
    assert written.rindex(SHOW_CURSOR) > written.rindex("%  step")
    assert not [line for line in Screen(written).lines if "%  step" in line]
