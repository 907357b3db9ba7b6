"""The neuron beside its peers: time to a gap, passes and memory, as tables and pictures.

    python -m benchmarks [--config quick] [--datasets tall flights] [--solvers "neuron[auto]" glum] [--seconds 10]
    python -m benchmarks --config layers
    python -m benchmarks --config sparse

runs the benchmark with benchopt, prints one table a workload (a dataset with a loss and a C) and a summary, and draws
gap against time. ``--smoke`` is the smallest that shows that everything works. See docs/benchmarks.rst.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

from sklearn_neuron import SigmoidNeuronClassifier

from . import machine, memory, pictures, running, summary, table
from .loaded import FOLDER, check, dataset

MEASURED = (table.OURS, table.DEFAULT)  # whose memory is measured
CONFIGS = ("smoke", "quick", "names", "layers", "sparse", "full")


def parse(arguments):
    """Options of the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="The neuron beside its peers.")
    parser.add_argument("--config", default="quick", help=f"{', '.join(CONFIGS)}, or a YAML file (default: quick)")
    parser.add_argument("--smoke", action="store_const", const="smoke", dest="config", help="--config smoke")
    parser.add_argument("--datasets", nargs="+", metavar="NAME", help="instead of those of the configuration")
    parser.add_argument("--solvers", nargs="+", metavar="NAME", help="instead of those of the configuration")
    parser.add_argument("--C", nargs="+", type=float, help="instead of those of the configuration")
    parser.add_argument("--multi-class", choices=table.LOSSES, help="a neuron a class (ovr), or a layer (multinomial)")
    parser.add_argument("--l1-ratio", type=float, help="share of the penalty that is L1, 0 to 1")
    parser.add_argument("--seconds", type=int, help="limit of a fit; all of a contender on a workload: three times it")
    parser.add_argument("--out", type=Path, help="folder for results, logs, tables and pictures (default: a new one)")
    parser.add_argument("--no-notes", action="store_true", help="do not count passes, do not measure memory")
    return parser.parse_args(arguments)


def main(arguments=None):
    """Run, and show."""
    options = parse(arguments)
    config = FOLDER / "configs" / f"{options.config}.yml" if options.config in CONFIGS else Path(options.config)
    out = options.out or Path(tempfile.mkdtemp(prefix="sklearn_neuron_benchmarks_"))
    replaced = (options.datasets, options.solvers, options.C, options.seconds, options.multi_class, options.l1_ratio)
    plan = running.plan(config, *replaced)
    check(plan.datasets, plan.solvers)
    start = time.perf_counter()
    results = running.run(plan, out, tell=lambda line: print(line, file=sys.stderr, flush=True))
    report = shown(results, list(running.one_by_one(plan.solvers)), out, not options.no_notes)
    print(report)
    (out / "report.md").write_text(report + "\n")
    print(f"\n{time.perf_counter() - start:.0f} s; logs, results, report and pictures are in {out}", file=sys.stderr)


def shown(results, contenders, out, with_notes):
    """The report: machine, a table and a picture a workload, and the summary."""
    parts, verdicts = [machine.described(results.busy)], []
    for workload, runs in table.workloads(results.runs):
        notes = noted(workload, runs) if with_notes else {}
        missing = absent(contenders, runs, results.skipped.get(workload.dataset, {}))
        parts.append(table.markdown(workload, runs, notes, missing))
        verdicts.append(summary.judge(workload, runs))
        pictures.draw(workload, runs, out)
    return "\n\n".join([*parts, summary.markdown(verdicts)])


def absent(contenders, runs, skipped):
    """Contenders that did not take part on a workload, and why."""
    present = set(runs["solver_name"])
    return {name: skipped.get(name, "failed") for name in contenders if name not in present}


def noted(workload, runs):
    """Passes of ours, counted, and memory of ours and of the default beside X, all to the gap compared at."""
    notes = {}
    for name in MEASURED:
        tolerance = table.tolerance_for(table.COMPARED, runs[runs["solver_name"] == name])
        if tolerance is None:
            continue
        read = f"{passed(workload, tolerance):.3g}" if name == table.OURS else "-"
        notes[name] = (read, held(memory.beside(*workload, name, tolerance)))
    return notes


def passed(workload, tolerance):
    """Passes over X of ours."""
    X, y = dataset(workload.dataset)
    options = {"C": workload.C, "multi_class": workload.multi_class, "l1_ratio": workload.l1_ratio}
    neuron = SigmoidNeuronClassifier(**options, tol=tolerance).fit(X, y)
    return float(neuron.history_.passes[-1])


def held(peaks):
    """Peak memory beside X in megabytes, by the system and by Python, and X."""
    if peaks is None or peaks["failure"]:
        return "-"
    system, python, X = (peaks[key] / 1e6 for key in ("system", "python", "X"))
    return f"{system:.3g} (Python {python:.3g}; X {X:.3g}) MB"


if __name__ == "__main__":
    main()
