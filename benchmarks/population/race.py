"""One workload, many contenders: the loosest tolerance with which each arrives, and then its shortest time in turns."""

import math
from typing import NamedTuple

import scipy.sparse as sp

from ..benchmark_utils.valley import Valley
from ..running import FITS
from ..table import COMPARED, DEFAULT, GAPS, OURS
from ..turns import best_times

TOLERANCES = tuple(10.0**-k for k in range(1, 9))
LOOSER = tuple(10.0**k for k in range(5))  # for whom the first of these arrives already
SHORT_SECONDS = 1.0  # a fit that took longer is not repeated
TURNS_SECONDS = 1.5  # for all contenders of a workload; everyone has three turns at least
REFERENCE_FITS = 4  # as long as so many fits of a contender may the reference take
FURTHEST = 50  # times the soonest: who is later is told apart no more
LEAST_PATIENCE = 0.5  # seconds
IN_THE_SPAN = ("neuron[newton-gram]", "neuron[newton-cg-gram]")


class Run(NamedTuple):
    """One fit, or the shortest of several alike."""

    solver_name: str
    tolerance: float
    time: float  # in seconds
    J: float
    failure: str
    walked: str


def race(contenders, X, y, C, seconds, multi_class="ovr", l1_ratio=0.0):
    """Runs of all contenders on one workload.

    Parameters
    ----------
    contenders : dict of Contender
        By name.
    X : {ndarray, sparse array} of shape (n, p)
        Examples.
    y : ndarray of int of shape (n,)
        Classes, 0 to K - 1.
    C : float
        Inverse strength of the penalty.
    seconds : float
        Limit of a fit; less, a hundred times the soonest so far, where all are short. After three times as long a
        contender begins no other one.
    multi_class : {"ovr", "multinomial"}, default="ovr"
        What more than two classes are.
    l1_ratio : float, default=0.0
        Share of the penalty that is paid for the size of weights.

    Returns
    -------
    runs : list of Run
        Who does not take part has one, without time, that says why.
    valley : Valley
        With the smallest J that is known.
    """
    valley = Valley(X, y, C, multi_class, l1_ratio, reference_seconds=REFERENCE_FITS * seconds)
    runs, ready = [], {}
    for name, contender in contenders.items():
        if why := excused(name, contender, valley):
            runs.append(Run(name, math.nan, math.inf, math.inf, why, ""))
        else:
            contender.set_objective(X, y, C, multi_class, l1_ratio)
            contender.seconds = seconds if name == DEFAULT else min(seconds, patience(runs, valley))
            ready[name] = contender
            runs += descend(name, contender, valley)
    if OURS in ready and DEFAULT in ready:
        runs += as_low_as_default(ready[OURS], runs, valley)
    return runs + in_turns(ready, runs, valley), valley


def patience(runs, valley):
    """Seconds that a fit may take, by what the soonest so far has needed: later ones are nowhere in the profile."""
    soonest = min((run.time for run in runs if arrived(run, valley, COMPARED)), default=math.inf)
    return max(LEAST_PATIENCE, 2 * FURTHEST * soonest)


def excused(name, contender, valley):
    """Why a contender does not take part; nothing if it does."""
    X = valley.X
    numbers = X.nnz if sp.issparse(X) else X.size
    if name in IN_THE_SPAN and numbers <= X.shape[0] ** 2:
        return "walks in the span of the examples, which are many here"
    skipped, why = contender.skip(X, valley.y, valley.C, valley.multi_class, valley.l1_ratio)
    return why if skipped else ""


def descend(name, contender, valley):
    """Runs, tighter and tighter, until one arrives; if the first does, looser and looser until one does not."""
    tolerances = getattr(contender, "tolerances", TOLERANCES)
    runs = list(tighter(name, contender, valley, tolerances, COMPARED))
    if len(runs) == 1 < len(tolerances) and arrived(runs[0], valley, COMPARED):
        for tolerance in LOOSER:
            runs.append(attempt(name, contender, tolerance, valley))
            if not arrived(runs[-1], valley, COMPARED):
                break
    return runs


def tighter(name, contender, valley, tolerances, gap):
    """Runs with one tolerance after the other until one arrives, fails, or the time is up."""
    left = FITS * contender.seconds
    for tolerance in tolerances:
        run = attempt(name, contender, tolerance, valley)
        left -= run.time
        yield run
        if run.failure or left < 0 or arrived(run, valley, gap):
            return


def as_low_as_default(contender, runs, valley):
    """Runs of ours, tighter than hitherto, until one is as low as the default of scikit-learn, if none is yet."""
    mine = [run for run in runs if run.solver_name == OURS]
    gap = gap_of_default(runs, valley)
    if mine[-1].failure or any(arrived(run, valley, gap) for run in mine):
        return []
    tightest = min(run.tolerance for run in mine)
    return list(tighter(OURS, contender, valley, [tol for tol in TOLERANCES if tol < tightest], gap))


def gap_of_default(runs, valley):
    """Gap that the default of scikit-learn leaves, as far as ours is asked to follow; that asked of all if it fails."""
    left = min((valley.gap(run.J) for run in runs if run.solver_name == DEFAULT), default=math.inf)
    return max(left, GAPS[-1]) if math.isfinite(left) else COMPARED


def attempt(name, contender, tolerance, valley):
    """One fit."""
    contender.run(tolerance)
    return judged(name, contender, tolerance, contender.took, valley)


def judged(name, contender, tolerance, time, valley):
    """The last fit of a contender as a run; the valley learns of a J lower than any."""
    J = math.inf if contender.w is None else valley.height(contender.w, contender.b)
    valley.gap(J)
    return Run(name, tolerance, time, J, contender.failure, contender.walked)


def arrived(run, valley, gap):
    """Whether a run ends at most so far above the lowest J known."""
    return valley.gap(run.J) <= gap


def in_turns(contenders, runs, valley):
    """The runs that decide, repeated in turns: of each its shortest time."""
    again = sorted(set(deciding(runs, valley)))
    jobs = [Again(contenders[name], tolerance) for name, tolerance in again]
    times = best_times(jobs, TURNS_SECONDS) if jobs else []
    return [judged(name, job, tol, time, valley) for (name, tol), job, time in zip(again, jobs, times, strict=True)]


def deciding(runs, valley):
    """Contenders and the loosest tolerance with which they arrive, ours at the default's gap too; short fits only."""
    gaps = [(name, COMPARED) for name in {run.solver_name for run in runs}]
    gaps += [(name, gap_of_default(runs, valley)) for name in (DEFAULT, OURS)]
    for name, gap in gaps:
        there = [run for run in runs if run.solver_name == name and not run.failure and arrived(run, valley, gap)]
        loosest = max(there, key=lambda run: run.tolerance, default=None)
        if loosest and loosest.time < SHORT_SECONDS:
            yield name, loosest.tolerance


class Again:
    """A contender's fit with one tolerance, to be called; it remembers what it found last."""

    def __init__(self, contender, tolerance):
        self.contender, self.tolerance = contender, tolerance

    def __call__(self):
        """Fit."""
        self.contender.run(self.tolerance)
        self.w, self.b = self.contender.w, self.contender.b
        self.failure, self.walked = self.contender.failure, self.contender.walked
