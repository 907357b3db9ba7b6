"""Tighter and tighter: the tolerances that a contender is run with, and when enough has been seen.

Every contender is run with its tolerance at 1, 0.1, 0.01, ... A quick run is repeated, because its time is noisy. The
ladder ends when the target is reached, when the time is up or cannot suffice for another run, when a run fails, or
when tighter tolerances change nothing. One run may take a third of the time of the ladder.
"""

import time

from benchopt.stopping_criterion import StoppingCriterion

TARGET = 1e-9  # relative gap at which a contender is done
TOLERANCES = tuple(10.0**-k for k in range(17))
REPEATS = 7  # runs with one tolerance, at most
ENOUGH_SECONDS = 0.3  # a tolerance that took so long is not repeated
RUN_SHARE = 1 / 3  # of the time of a ladder that one run may take
PATIENCE = 4  # tolerances without progress
LOOSE = 1e-5  # a tolerance above it may be too loose to start at all: not a lack of progress


class Ladder(StoppingCriterion):
    """Walk down the tolerances of a contender, and tell it when its time is up.

    A curve is what benchopt has collected so far: one row a run.
    """

    def get_runner_instance(self, **of_the_run):
        """The ladder of one contender on one workload."""
        ladder = super().get_runner_instance(**of_the_run)
        ladder.rungs = list(getattr(ladder.solver, "tolerances", TOLERANCES))
        ladder.best_gaps = []
        return ladder

    def init_stop_val(self):
        """First tolerance; the clock starts."""
        if self.timeout is not None:
            self._deadline = time.time() + self.timeout
            self.solver.seconds = self.timeout * RUN_SHARE
        return self.rungs[0]

    def get_next_stop_val(self, tolerance):
        """Tolerance of the next run, chosen by :meth:`check_convergence`."""
        return self.rungs[0]

    def check_convergence(self, curve):
        """Whether enough has been seen; if not, step down or stay."""
        runs = [row for row in curve if row["stop_val"] == self.rungs[0]]
        last, progress = runs[-1], 1 - len(self.rungs) / len(TOLERANCES)
        if last["objective_failure"]:
            return True, 1.0
        if len(runs) < REPEATS and sum(row["time"] for row in runs) < ENOUGH_SECONDS:
            return False, progress
        self.best_gaps.append(min(row["objective_value"] for row in curve))
        self.rungs.pop(0)
        return not self.rungs or last["objective_value"] <= TARGET or self._is_hopeless(last), progress

    def _is_hopeless(self, last):
        """Whether no tighter tolerance will bring anything, or is likely to be over in time."""
        if self._deadline is not None and time.time() + last["time"] > self._deadline:
            return True
        if last["stop_val"] > LOOSE or len(self.best_gaps) <= PATIENCE:
            return False
        return self.best_gaps[-1] > 0.9 * self.best_gaps[-1 - PATIENCE]
