"""The performance profile: the share of tables on which a contender is within a factor t of the soonest.

    ratio of a contender on a table = its time / the shortest time of anyone there,     share(t) = mean(ratio <= t)

At t = 1 it tells how often a contender is the soonest, far to the right on how many tables it arrives at all.

E. D. Dolan and J. J. More (2002), Benchmarking optimization software with performance profiles,
Math. Program. 91, 201-213.
"""

import numpy as np

from .. import pictures
from ..table import COMPARED
from .race import FURTHEST
from .records import WORKLOAD

FACTORS = (1, 1.5, 2.5, 5, 10)


def times(runs, gap=COMPARED):
    """Seconds to a gap, a row a workload and a column a contender that took part; infinite where it does not arrive."""
    in_time = runs.assign(time=runs["time"].where(runs["gap"] <= gap, np.inf))
    table = in_time.pivot_table("time", WORKLOAD, "solver_name", aggfunc="min", sort=False).fillna(np.inf)
    return table[runs.loc[runs["tolerance"].notna(), "solver_name"].unique()]


def ratios(times):
    """Times as multiples of the shortest on each workload; infinite for all where nobody arrives."""
    shortest = times.min(axis=1)
    return times.div(shortest.where(np.isfinite(shortest), 1.0), axis=0)


def share_within(times, factor):
    """Share of the workloads on which each contender is within a factor of the soonest."""
    return (ratios(times) <= factor).mean()


def markdown(times):
    """The profile at a few factors, the best first."""
    shares = {factor: share_within(times, factor) for factor in FACTORS}
    names = sorted(times.columns, key=lambda name: [-shares[factor][name] for factor in FACTORS])
    lines = [f"| contender | soonest | {' | '.join(f'within {factor:g}' for factor in FACTORS[1:])} | arrives |"]
    lines += ["|---|" + "---|" * (len(FACTORS) + 1)]
    arrives = np.isfinite(times).mean()
    for name in names:
        cells = [*(shares[factor][name] for factor in FACTORS), arrives[name]]
        lines.append(f"| {name} | {' | '.join(f'{cell:.0%}' for cell in cells)} |")
    return "\n".join(lines)


def draw(times, path, title):
    """Draw the profiles of all contenders, ours in thick lines."""
    import matplotlib as mpl

    mpl.use("Agg")
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(figsize=(8, 5), layout="constrained")
    for k, (name, column) in enumerate(ratios(times).items()):
        reached = np.sort(column[column <= FURTHEST])
        factors = np.concatenate([[1.0], reached, [FURTHEST]])
        shares = np.concatenate([[0.0], np.arange(1, len(reached) + 1), [len(reached)]]) / len(column)
        axes.step(factors, shares, where="post", **pictures.style(k, name))
    axes.set(xscale="log", xlim=(1, FURTHEST), ylim=(0, 1.01), title=title)
    axes.set(xlabel="time, as a multiple of the soonest contender's", ylabel="share of tables")
    ticks = [1, 1.5, 2.5, 5, 10, 20, FURTHEST]
    axes.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
    axes.minorticks_off()
    axes.legend(loc="center left", bbox_to_anchor=(1, 0.5), fontsize="small")
    figure.savefig(path, dpi=110)
    plt.close(figure)
