"""How well does "auto" choose? Its time beside the soonest of our own names."""

import numpy as np

from ..table import COMPARED, OUR_NAMES, OURS
from .profile import gaps
from .records import WORKLOAD

ALLOWED = 1.15  # times the soonest of our own names


def markdown(runs):
    """Workloads on which "auto" takes too long, worst first, and how many they are."""
    table = beside_names(runs)
    behind = table[~(table["ratio"] <= ALLOWED)].sort_values("ratio", ascending=False)
    known = table["ratio"][np.isfinite(table["ratio"])]
    lines = [
        "## auto beside the soonest of our names, to a gap of 1e-6",
        "",
        f"More than {ALLOWED:g} times as long: on {len(behind)} of {len(table)} ({len(behind) / len(table):.0%}), on "
        f"{behind['alike'].sum()} of these in the same steps to the same bits: what differs there is noise. Its time "
        f"over theirs: {np.exp(np.log(known).mean()):.2f} in geometric mean, {known.max():.2f} at most.",
        "",
        "| table | type, C | size | auto, ms | it walked | soonest name | ms | it walked | ratio |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    return "\n".join(lines + [line(workload, row) for workload, row in behind.iterrows()])


def beside_names(runs):
    """A row a workload: auto, the soonest name, their times and the ratio of these, and what they walked."""
    ours = at_their_best(runs[runs["contender"].str.startswith(OUR_NAMES)])
    auto = ours[ours["contender"] == OURS].set_index(WORKLOAD)
    names = (
        ours[ours["contender"] != OURS].sort_values("seconds").groupby(WORKLOAD, sort=False).head(1).set_index(WORKLOAD)
    )
    both = auto.join(names, rsuffix="_name", how="left")
    alike = (both["walked"] == both["walked_name"]) & (both["J"] == both["J_name"])
    return both.assign(ratio=both["seconds"] / both["seconds_name"], alike=alike)


def at_their_best(runs):
    """Of every contender on every workload the shortest run that arrives; one without time if there is none."""
    timed = runs.assign(seconds=runs["seconds"].where(gaps(runs) <= COMPARED, np.inf))
    return timed.sort_values("seconds", kind="stable").groupby([*WORKLOAD, "contender"], sort=False).head(1)


def line(workload, row):
    """One workload."""
    table, dtype, C = workload
    ours = f"{row['seconds'] * 1e3:.3g} | {row['walked']}"
    theirs = f"{row['contender_name']} | {row['seconds_name'] * 1e3:.3g} | {row['walked_name']}"
    size = f"{row['rows']:,} x {row['features']:,}"
    note = " (noise)" if row["alike"] else ""
    return f"| {table} | {dtype}, {C:g} | {size} | {ours} | {theirs} | {row['ratio']:.2f}{note} |"
