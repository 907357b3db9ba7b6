"""The neuron beside the soonest of its peers: by size, and where it is furthest behind."""

import itertools

import numpy as np
import pandas as pd

from ..summary import geometric_mean, judge
from ..table import told
from .records import WORKLOAD

LIMITS = (2_000, 20_000, 200_000)  # numbers in X
WORST = 10
WITHIN = (1.0, 1.5, 2.5)


def verdicts(runs):
    """A row a workload: who is the soonest of the others, both times, the default's beside ours, and the size."""
    rows = [judge(workload, group)._asdict() for workload, group in runs.groupby(WORKLOAD, sort=False)]
    sizes = runs.groupby(WORKLOAD, sort=False)[["rows", "features", "neurons", "numbers"]].first().reset_index()
    table = pd.concat([pd.DataFrame(rows), sizes], axis=1)
    soonest = table[["ours", "theirs"]].min(axis=1)
    behind = (table["ours"] / soonest).where(np.isfinite(table["ours"]), np.inf)
    both = np.isfinite(table["ours"]) & np.isfinite(table["theirs"])
    return table.assign(behind=behind, factor=(table["theirs"] / table["ours"]).where(both))


def by_size(table):
    """The table by numbers in X, of verdicts."""
    lines = [
        "| numbers in X | tables | soonest | within 1.5 | within 2.5 | best peer / ours | default / ours |",
        "|---|---|---|---|---|---|---|",
    ]
    edges = (0, *LIMITS, np.inf)
    classes = [(name_of(*pair), pair) for pair in itertools.pairwise(edges)]
    classes += [(f"{LIMITS[1]:,} and more", (LIMITS[1], np.inf)), ("all", (0, np.inf))]
    for name, (least, most) in classes:
        some = table[(table["numbers"] >= least) & (table["numbers"] < most)]
        if len(some):
            shares = [f"{(some['behind'] <= factor).mean():.0%}" for factor in WITHIN]
            means = [told(geometric_mean(some[column])) for column in ("factor", "against_default")]
            lines.append(f"| {name} | {len(some)} | {' | '.join(shares + means)} |")
    return "\n".join(lines)


def name_of(least, most):
    """A class of sizes in words."""
    return f"fewer than {most:,}" if np.isfinite(most) else f"{least:,} and more"


def worst(table):
    """The workloads on which ours is furthest behind, who is the soonest there, and both times."""
    behind = table[table["behind"] > 1].sort_values("behind", ascending=False, kind="stable").head(WORST)
    lines = ["| table | size | ours, ms | soonest | ms | ours / theirs |", "|---|---|---|---|---|---|"]
    for row in behind.itertuples():
        size = f"{row.rows:,} x {row.features:,}" + (f", {row.neurons} neurons" if row.neurons > 1 else "")
        mine, theirs = told(row.ours * 1e3), told(row.theirs * 1e3)
        lines.append(f"| {row.workload[0]} | {size} | {mine} | {row.peer} | {theirs} | {told(row.behind)} |")
    return "\n".join(lines) if len(behind) else "On none is a peer sooner."
