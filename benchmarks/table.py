"""From runs to times: how long each contender takes to each gap, and how that compares with ours.

The time to a gap is the shortest of any run, with any tolerance, that ends at most that far above J*. J* is the
smallest J that any run or the reference found.
"""

from typing import NamedTuple

import numpy as np

GAPS = (1e-3, 1e-6, 1e-9)
COMPARED = 1e-6  # the gap at which contenders are compared
OURS = "neuron[auto]"
DEFAULT = "scikit-learn-default"
OUR_NAMES = "neuron["
LOSSES = {"ovr": "sigmoid", "multinomial": "softmax"}  # in words: what each neuron has, or all together


class Workload(NamedTuple):
    """A dataset with a loss and a penalty."""

    dataset: str
    multi_class: str
    C: float
    l1_ratio: float = 0.0

    def __str__(self):
        return f"{self.dataset}, {problem(self.multi_class, self.C, self.l1_ratio)}"


def problem(multi_class, C, l1_ratio):
    """A loss and a penalty in words."""
    return f"{LOSSES[multi_class]}, C = {C:g}" + (f", l1_ratio = {l1_ratio:g}" if l1_ratio else "")


def workloads(runs):
    """Every workload with its runs, gaps measured from the smallest J of all.

    Parameters
    ----------
    runs : DataFrame
        What benchopt recorded.

    Yields
    ------
    workload : Workload
    runs : DataFrame
        Its runs, with a column ``gap``.
    """
    for names, group in runs.groupby(["dataset_name", "p_obj_multi_class", "p_obj_C", "p_obj_l1_ratio"], sort=False):
        lowest = min(group["objective_lowest"].min(), group["objective_J"].min())
        gap = (group["objective_J"] - lowest) / (group["objective_start"] - lowest)
        yield Workload(*names), group.assign(gap=gap)


def times(runs):
    """Seconds to each of the gaps: ``{contender: [seconds, ...]}``, infinite where it does not get there."""
    return {name: [seconds_to(gap, group) for gap in GAPS] for name, group in runs.groupby("solver_name", sort=False)}


def seconds_to(gap, runs):
    """Shortest time of a run that ends at most so far above J*."""
    there = runs.loc[runs["gap"] <= gap, "time"]
    return float(there.min()) if len(there) else np.inf


def tolerance_for(gap, runs):
    """Loosest tolerance at which a contender gets there; None if at none."""
    there = runs.loc[runs["gap"] <= gap, "stop_val"]
    return float(there.max()) if len(there) else None


def ratio(one, other):
    """How many times as long as the other; nan where either does not get there."""
    return one / other if np.isfinite(one) and np.isfinite(other) else np.nan


def markdown(workload, runs, notes, absent):
    """The table of one workload.

    Parameters
    ----------
    workload : Workload
        Its heading.
    runs : DataFrame
        Its runs, with gaps.
    notes : dict
        ``{contender: (passes, memory)}``, texts, for those of whom they are known.
    absent : dict
        ``{contender: reason}`` of those who did not take part.
    """
    seconds = times(runs)
    ours = seconds.get(OURS, [np.inf] * len(GAPS))[GAPS.index(COMPARED)]
    shape = runs.iloc[0]
    learners = neurons(shape["objective_neurons"], workload.multi_class)
    lines = [
        f"### {workload}",
        "",
        f"{shape['objective_rows']:,} x {shape['objective_features']:,}, {learners}",
        "",
        "| contender | s to 1e-3 | 1e-6 | 1e-9 | times ours | smallest gap | passes | memory beside X | note |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for name in sorted(seconds, key=lambda name: seconds[name][::-1][1:]):
        group = runs[runs["solver_name"] == name]
        compared = ratio(seconds[name][GAPS.index(COMPARED)], ours)
        cells = [name, *map(told, seconds[name]), f"{compared:.2f}" if np.isfinite(compared) else "-"]
        cells += [told_gap(group["gap"].min()), *notes.get(name, ("-", "-"))]
        lines.append("| " + " | ".join([*cells, group["objective_failure"].iloc[-1] or ""]) + " |")
    return "\n".join(lines + [f"| {name} |{' - |' * 7} {reason} |" for name, reason in absent.items()])


def neurons(count, multi_class):
    """How many neurons, in words."""
    told = f"{count} neurons" if count > 1 else "1 neuron"
    return f"a layer of {told}" if multi_class == "multinomial" else told


def told(seconds):
    """Seconds to three digits, or a dash."""
    return f"{seconds:.3g}" if np.isfinite(seconds) else "-"


def told_gap(gap):
    """A gap to one digit; below 1e-14 it is rounding."""
    if not np.isfinite(gap):
        return "-"
    return f"{gap:.0e}" if gap > 1e-14 else "< 1e-14"
