"""Who is sooner, where, and by how much: one line a workload, and geometric means."""

from typing import NamedTuple

import numpy as np

from .table import COMPARED, DEFAULT, GAPS, OUR_NAMES, OURS, ratio, seconds_to, times, told


class Verdict(NamedTuple):
    """The best peer beside ours on one workload."""

    workload: object
    ours: float  # seconds to the gap compared at
    peer: str
    theirs: float
    best_of_ours: str  # which of our names is soonest
    against_default: float  # the default's time over ours to the gap that the default leaves


def judge(workload, runs):
    """Who is sooner on a workload.

    Parameters
    ----------
    workload : Workload
        Its name.
    runs : DataFrame
        Its runs, with gaps.
    """
    at = GAPS.index(COMPARED)
    seconds = {name: each[at] for name, each in times(runs).items()}
    there = {name: time for name, time in seconds.items() if np.isfinite(time)}
    peers = {name: time for name, time in there.items() if not name.startswith(OUR_NAMES)}
    ours = {name: time for name, time in there.items() if name.startswith(OUR_NAMES)}
    peer = min(peers, key=peers.get, default="-")
    best = min(ours, key=ours.get, default="-")
    return Verdict(workload, ours.get(OURS, np.inf), peer, peers.get(peer, np.inf), best, against_default(runs))


def against_default(runs):
    """How many times as long as ours LogisticRegression() takes to the gap that it leaves; nan if ours does not."""
    default = runs[runs["solver_name"] == DEFAULT]
    ours = runs[runs["solver_name"] == OURS]
    if default["gap"].notna().sum() == 0 or not np.isfinite(default["gap"]).any():
        return np.nan
    gap = max(default["gap"].min(), GAPS[-1])
    return ratio(float(default["time"].min()), seconds_to(gap, ours))


def markdown(verdicts):
    """The table of all workloads, geometric means, and where a peer is sooner."""
    lines = [
        f"## Summary: the best peer's time over ours, to a gap of {COMPARED:g}",
        "",
        "| workload | ours, s | best peer | its s | its time / ours | default LogisticRegression / ours, to its gap "
        "| soonest of ours |",
        "|---|---|---|---|---|---|---|",
    ]
    lines += [line(verdict) for verdict in verdicts]
    factors = [ratio(verdict.theirs, verdict.ours) for verdict in verdicts]
    defaults = [verdict.against_default for verdict in verdicts]
    lines += ["", f"Geometric mean, best peer / ours: {mean(factors)}."]
    lines += [f"Geometric mean, default LogisticRegression / ours to the gap that it leaves: {mean(defaults)}."]
    return "\n".join([*lines, "", sooner(verdicts)])


def line(verdict):
    """One workload."""
    return (
        f"| {verdict.workload} | {told(verdict.ours)} | {verdict.peer} | {told(verdict.theirs)} "
        f"| {told(ratio(verdict.theirs, verdict.ours))} | {told(verdict.against_default)} | {verdict.best_of_ours} |"
    )


def mean(factors):
    """Geometric mean of those that are known, and how many they are."""
    known = [factor for factor in factors if np.isfinite(factor) and factor > 0]
    if not known:
        return "not known"
    return f"{geometric_mean(known):.2f} over the {len(known)} of {len(factors)} workloads where both arrive"


def geometric_mean(factors):
    """Geometric mean of those that are finite; nan if none is."""
    known = np.asarray(factors, dtype=float)
    known = known[np.isfinite(known)]
    return float(np.exp(np.log(known).mean())) if len(known) else np.nan


def sooner(verdicts):
    """Workloads where a peer is sooner, or where ours does not arrive."""
    behind = [verdict for verdict in verdicts if not verdict.ours <= verdict.theirs]
    absent = [verdict for verdict in verdicts if not np.isfinite(verdict.ours)]
    lines = [f"A peer is sooner on {len(behind)} of {len(verdicts)} workloads{':' if behind else '.'}"]
    lines += [f"- {one.workload}: {one.peer}, in {told(ratio(one.theirs, one.ours))} of our time" for one in behind]
    lines += [f"- {one.workload}: ours does not arrive" for one in absent if one not in behind]
    return "\n".join(lines)
