"""How does the time of a fit grow? As n, p and the non-zeros double, dense and sparse.

    python -m benchmarks.growth [--doublings 4] [--scale 1.0] [--seconds 2] [--out FOLDER]

prints one table a series: time, bytes of X, and how steeply both grow, as slopes of their logarithms against the
logarithm of what doubles. Slope 1 is in proportion. Draws both, log-log, relative to the first table: a fit that reads
X the same number of times, whatever its size, runs along the line of the bytes.
"""

import argparse
import tempfile
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np

from sklearn_neuron import SigmoidNeuronClassifier

from . import machine
from .benchmark_utils.made import tall, text
from .memory import size
from .turns import best_times, quiet


class Series(NamedTuple):
    """Tables that double in one respect."""

    name: str
    tables: list  # of functions that make X and y

    @classmethod
    def doubling(cls, name, make, first, doublings):
        """From a first size on, so many times twice as large."""
        return cls(name, [partial(make, first * 2**k) for k in range(doublings + 1)])


class Point(NamedTuple):
    """One fit."""

    shape: tuple
    stored: int  # numbers
    bytes: int
    seconds: float
    steps: int
    passes: float  # as the history tells


def all_series(doublings, scale):
    """What grows; `scale` makes everything smaller or larger."""
    n, m = max(100, int(50_000 * scale)), max(100, int(10_000 * scale))
    return [
        Series.doubling("dense, n doubles (p = 30)", lambda n: tall(n, 30), n, doublings),
        Series.doubling("dense, p doubles", lambda p: tall(n, p), 10, doublings),
        Series.doubling("sparse, n doubles (p = 20,000, 100 words)", lambda n: text(n, 20_000, 100), m, doublings),
        Series.doubling("sparse, p doubles (100 words)", lambda p: text(m, p, 100), 5_000, doublings),
        Series.doubling("sparse, words double (p = 20,000)", lambda words: text(m, 20_000, words), 25, doublings),
    ]


def measured(series, seconds):
    """One point a table."""
    for make in series.tables:
        X, y = make()
        neuron = SigmoidNeuronClassifier()
        (taken,) = best_times([quiet(lambda: neuron.fit(X, y))], seconds)  # noqa: B023 (called here)
        stored = X.size if isinstance(X, np.ndarray) else X.nnz
        yield Point(X.shape, stored, size(X), taken, int(neuron.n_iter_.max()), float(neuron.history_.passes[-1]))


def markdown(series, points):
    """Table of one series."""
    head = "| rows x features | numbers stored | MB | ms | steps | passes | slope of time | of bytes |"
    lines = [f"### {series.name}", "", head, "|---|---|---|---|---|---|---|---|"]
    for k, point in enumerate(points):
        grown = [f"{slope(points[k - 1 : k + 1], field):.2f}" if k else "-" for field in ("seconds", "bytes")]
        lines.append(
            f"| {point.shape[0]:,} x {point.shape[1]:,} | {point.stored:,} | {point.bytes / 1e6:.3g} "
            f"| {1e3 * point.seconds:.3g} | {point.steps} | {point.passes:.3g} | {' | '.join(grown)} |"
        )
    over_all = f"Over the series: time {slope(points, 'seconds'):.2f}, bytes {slope(points, 'bytes'):.2f}."
    return "\n".join([*lines, "", over_all])


def slope(points, field):
    """Doublings of a field for every doubling of the table, by least squares."""
    values = np.log2([getattr(point, field) for point in points])
    return float(np.polyfit(np.arange(len(values)), values, 1)[0]) if len(values) > 1 else np.nan


def draw(results, path):
    """Time (lines) and bytes of X (dotted) of every series, relative to its first table."""
    import matplotlib as mpl

    mpl.use("Agg")
    import matplotlib.pyplot as plt

    figure, rows = plt.subplots(1, len(results), figsize=(3 * len(results), 3.5), layout="constrained", squeeze=False)
    for axes, (series, points) in zip(rows[0], results, strict=True):
        factors = 2.0 ** np.arange(len(points))
        for field, style in (("seconds", "o-"), ("bytes", "k:")):
            values = np.array([getattr(point, field) for point in points], dtype=float)
            axes.plot(factors, values / values[0], style, label={"seconds": "time", "bytes": "bytes of X"}[field])
        axes.set_xscale("log", base=2)
        axes.set_yscale("log", base=2)
        axes.set_ylim(0.8, 1.25 * 2.0 ** (len(points) - 1) * 2)  # the same for all, or a slope says nothing
        axes.set_xlabel("what doubles, in units of the first")
        axes.set_title(series.name, fontsize="small", wrap=True)
    rows[0][0].set_ylabel("in units of the first")
    rows[0][0].legend(fontsize="small")
    figure.savefig(path, dpi=110)
    plt.close(figure)


def main():
    """Measure, print and draw."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.growth", description="Time of a fit as X grows.")
    parser.add_argument("--doublings", type=int, default=4)
    parser.add_argument("--scale", type=float, default=1.0, help="of the rows")
    parser.add_argument("--seconds", type=float, default=2.0, help="for every table, and three fits at least")
    parser.add_argument("--out", type=Path, help="folder for the picture (default: a new one)")
    options = parser.parse_args()
    out = options.out or Path(tempfile.mkdtemp(prefix="sklearn_neuron_growth_"))
    out.mkdir(parents=True, exist_ok=True)
    print(machine.described())
    results = []
    for series in all_series(options.doublings, options.scale):
        results.append((series, list(measured(series, options.seconds))))
        print(f"\n{markdown(*results[-1])}", flush=True)
    draw(results, out / "growth.png")
    print(f"\nPicture: {out / 'growth.png'}")


if __name__ == "__main__":
    main()
