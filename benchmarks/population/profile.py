"""The performance profile: the share of tables on which a contender is within a factor t of the soonest.

    ratio of a contender on a table = its time / the shortest time of anyone there,     share(t) = mean(ratio <= t)

At t = 1 it tells how often a contender is the soonest, far to the right on how many tables it arrives at all.

E. D. Dolan and J. J. More (2002), Benchmarking optimization software with performance profiles,
Math. Program. 91, 201-213.
"""

import numpy as np

from ..table import COMPARED
from .records import WORKLOAD


def times(runs, gap=COMPARED):
    """Seconds to a gap, a row a workload and a column a contender; infinite where it does not get there.

    Parameters
    ----------
    runs : DataFrame
        As recorded.
    gap : float, default=1e-6
        Relative gap (J - J*) / (J(0) - J*), J* the smallest of any run or reference.
    """
    there = runs["seconds"].where(gaps(runs) <= gap, np.inf)
    table = runs.assign(seconds=there).pivot_table("seconds", WORKLOAD, "contender", aggfunc="min", sort=False)
    return table.fillna(np.inf)


def gaps(runs):
    """Gap of each run."""
    by_workload = runs.groupby(WORKLOAD)
    lowest = np.minimum(by_workload["lowest"].transform("min"), by_workload["J"].transform("min"))
    return (runs["J"] - lowest) / (runs["start"] - lowest)


def ratios(times):
    """Times as multiples of the shortest on each workload; where nobody arrives, infinite."""
    return times.div(times.min(axis=1).where(np.isfinite, 1.0), axis=0)


def share_within(times, factor):
    """Share of workloads on which each contender is within a factor of the soonest."""
    return (ratios(times) <= factor).mean()
