"""Gap against time, one picture a workload."""

import re

from .table import OUR_NAMES, OURS

FLOOR = 1e-12  # gaps below are drawn there


def draw(workload, runs, folder):
    """Draw the lower envelope of every contender's runs, ours in thick lines; returns the path of the picture.

    Parameters
    ----------
    workload : Workload
        Heading and file name.
    runs : DataFrame
        Its runs, with gaps.
    folder : Path
        Where to put the picture.
    """
    import matplotlib as mpl

    mpl.use("Agg")
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(figsize=(8, 5), layout="constrained")
    for k, (name, group) in enumerate(runs.groupby("solver_name")):
        seconds, gaps = envelope(group)
        if seconds:
            axes.step(seconds, gaps, where="post", marker=".", **style(k, name))
    axes.set(xscale="log", yscale="log", xlabel="seconds", ylabel="(J - J*) / (J(0) - J*)", title=str(workload))
    axes.legend(loc="center left", bbox_to_anchor=(1, 0.5), fontsize="small")
    path = folder / (re.sub(r"[^\w.=-]+", "_", str(workload)) + ".png")
    figure.savefig(path, dpi=110)
    plt.close(figure)
    return path


def style(k, name):
    """How the line of the contender of that number is drawn: ours thick."""
    width = 3 if name == OURS else 2 if name.startswith(OUR_NAMES) else 1
    dashes = ("-", "--", ":", "-.")[k // 10 % 4]
    return {"label": name, "linewidth": width, "linestyle": dashes, "color": f"C{k % 10}"}


def envelope(runs):
    """Times and gaps of the runs that nobody quicker has bettered."""
    seconds, gaps = [], []
    for time, gap in sorted(zip(runs["time"], runs["gap"].clip(lower=FLOOR), strict=True)):
        if gap < (gaps[-1] if gaps else float("inf")):
            seconds.append(time)
            gaps.append(gap)
    return seconds, gaps
