"""What a race along C tells: a table a problem, and how ours stands beside the soonest of the others."""

import math
from typing import NamedTuple

from ..summary import geometric_mean
from ..table import COMPARED, OUR_NAMES, ratio, told, told_gap

OURS = ("neuron[path]", "neuron[cv]")


class Line(NamedTuple):
    """A contender on one problem."""

    name: str
    seconds: float  # to the gap compared at; infinite if it does not get there
    gap: float  # the smallest of its largest gaps
    note: str


def lines(runs, valleys):
    """A line a contender, the soonest first."""
    names = dict.fromkeys(run.solver_name for run in runs)
    found = [_line(name, [run for run in runs if run.solver_name == name], valleys) for name in names]
    return sorted(found, key=lambda line: (line.seconds, line.gap))


def _line(name, runs, valleys):
    gaps = [valleys.gap(run.J) for run in runs]
    there = [run for run, gap in zip(runs, gaps, strict=True) if gap <= COMPARED]
    last = min(there, key=lambda run: run.time, default=runs[-1])
    return Line(name, last.time if there else math.inf, min(gaps), last.failure or last.walked)


def markdown(title, found):
    """The table of one problem."""
    mine = seconds_of_ours(found)
    rows = [f"### {title}", "", f"| contender | s to {COMPARED:g} everywhere | times ours | largest gap | note |"]
    rows.append("|---|---|---|---|---|")
    for line in found:
        cells = [line.name, told(line.seconds), told(ratio(line.seconds, mine)), told_gap(line.gap), line.note]
        rows.append(f"| {' | '.join(cells)} |")
    return "\n".join(rows)


def seconds_of_ours(found):
    """Of the name that races for us."""
    return min((line.seconds for line in found if line.name in OURS), default=math.inf)


def best_peer(found):
    """The soonest of the others, and its time over ours; nan where either does not arrive."""
    peers = [line for line in found if not line.name.startswith(OUR_NAMES)]
    peer = min(peers, key=lambda line: line.seconds, default=Line("-", math.inf, math.inf, ""))
    return peer.name, ratio(peer.seconds, seconds_of_ours(found))


def summary(problems):
    """One line a problem and the geometric mean, of ``{title: lines}``."""
    rows = ["## Summary: the best peer's time over ours", "", "| problem | ours, s | best peer | its time / ours |"]
    rows.append("|---|---|---|---|")
    peers = {title: best_peer(found) for title, found in problems.items()}
    for title, (name, factor) in peers.items():
        rows.append(f"| {title} | {told(seconds_of_ours(problems[title]))} | {name} | {told(factor)} |")
    factors = [factor for _, factor in peers.values()]
    known = sum(map(math.isfinite, factors))
    return "\n".join([*rows, "", f"Geometric mean of {known} of {len(factors)}: {told(geometric_mean(factors))}."])
