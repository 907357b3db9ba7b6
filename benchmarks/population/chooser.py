"""How well does "auto" choose? Its time beside the soonest of our own names."""

import numpy as np

from ..summary import geometric_mean
from ..table import COMPARED, OUR_NAMES, OURS
from .records import WORKLOAD

ALLOWED = 1.15  # times the soonest of our own names


def markdown(runs):
    """Workloads on which "auto" takes too long, worst first, and how many they are."""
    table = beside_names(runs)
    behind = table[~(table["ratio"] <= ALLOWED)].sort_values("ratio", ascending=False)
    lines = [
        "### auto beside the soonest of our names",
        "",
        f"More than {ALLOWED:g} times as long: on {len(behind)} of {len(table)} ({len(behind) / len(table):.0%}), on "
        f"{behind['alike'].sum()} of these in the same steps to the same bits: what differs there is noise. Its time "
        f"over theirs: {geometric_mean(table['ratio']):.2f} in geometric mean, {table['ratio'].max():.2f} at most.",
        "",
        "| table | size | auto, ms | it walked | soonest name | ms | it walked | ratio |",
        "|---|---|---|---|---|---|---|---|",
    ]
    return "\n".join(lines + [line(workload, row) for workload, row in behind.iterrows()])


def beside_names(runs):
    """A row a workload: auto, the soonest name, their times and the ratio of these, and what they walked."""
    ours = at_their_best(runs[runs["solver_name"].str.startswith(OUR_NAMES)])
    auto = ours[ours["solver_name"] == OURS].set_index(WORKLOAD)
    names = ours[ours["solver_name"] != OURS].groupby(WORKLOAD, sort=False).head(1).set_index(WORKLOAD)
    both = auto.join(names.add_suffix("_name"))
    alike = (both["walked"] == both["walked_name"]) & (both["J"] == both["J_name"])
    return both.assign(ratio=both["time"] / both["time_name"], alike=alike)


def at_their_best(runs):
    """Of every contender on every workload the shortest run that arrives, or one without time; the soonest first."""
    timed = runs.assign(time=runs["time"].where(runs["gap"] <= COMPARED, np.inf)).sort_values("time", kind="stable")
    return timed.groupby([*WORKLOAD, "solver_name"], sort=False).head(1)


def line(workload, row):
    """One workload."""
    ours = f"{row['time'] * 1e3:.3g} | {row['walked']}"
    theirs = f"{row['solver_name_name']} | {row['time_name'] * 1e3:.3g} | {row['walked_name']}"
    note = " (noise)" if row["alike"] else ""
    return f"| {workload[0]} | {row['rows']:,} x {row['features']:,} | {ours} | {theirs} | {row['ratio']:.2f}{note} |"
