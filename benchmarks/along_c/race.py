"""Who is soonest along C: everybody tightened until it arrives everywhere, and then timed in turns.

The race is that of the population (:mod:`benchmarks.population.race`); what is raced for is a gap at all C at once.
"""

import math
import warnings

import numpy as np

from ..benchmark_utils.limits import clocked
from ..population.race import Run, descend, in_turns, patience
from .walkers import excused

FEW = 20  # examples of each class that everybody warms up with


class Traveller:
    """A walker or chooser on its problem, with a clock around it.

    Attributes
    ----------
    seconds : float
        That one run may take.
    w, b, walked, failure, took
        What it learned last, what it says of it, why it failed, and the seconds it took.
    """

    seconds = math.inf

    def __init__(self, learn, problem):
        self.learn, self.problem = learn, problem

    def run(self, tolerance):
        """Learn at every C."""
        with warnings.catch_warnings(action="ignore"):
            learned, self.failure, self.took = clocked(lambda: self.learn(self.problem, tolerance), self.seconds)
        self.w, self.b, *chosen = learned or (None, None)
        self.walked = "".join(f"C = {C:.3g}" for C in chosen)


def race(walkers, problem, valleys, seconds):
    """Runs of all walkers on one problem; who does not take part has one, without time, that says why."""
    runs, ready = [], {}
    for name, walker in walkers.items():
        if why := excused(walker, problem):
            runs.append(Run(name, math.nan, math.inf, math.inf, why, ""))
            continue
        warm_up(walker, problem)
        ready[name] = Traveller(walker.learn, problem)
        ready[name].seconds = min(seconds, patience(runs, valleys))
        runs += descend(name, ready[name], valleys)
    return runs + in_turns(ready, runs, valleys)


def warm_up(walker, problem):
    """Learn from a few of the examples, so that everything is imported and compiled before the clock starts."""
    rows = np.concatenate([np.flatnonzero(problem.y == one)[:FEW] for one in np.unique(problem.y)])
    Traveller(walker.learn, problem.of(rows, problem.Cs[:1])).run(1e-2)
