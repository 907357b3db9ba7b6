"""The path of weights along ten C, or the choice among them, beside everybody else, to the same gap at every C.

    python -m benchmarks.along_c [--datasets NAME ...] [--l1-ratio 0 0.5 1] [--no-bias] [--seconds 10] [--out here.md]
    python -m benchmarks.along_c --choice

Of more than two classes the smallest stands against the rest, but where C is chosen: there they are a layer. Without a
bias celer takes part, which learns none. See docs/benchmarks.rst.
"""

import argparse
import sys
from pathlib import Path

import numpy as np

from .. import loaded, machine
from ..benchmark_utils import keel
from .choosers import CHOOSERS, FOLDS
from .problem import Valleys, folds_of, posed
from .race import race
from .report import lines, markdown, summary
from .walkers import WALKERS

CS = np.logspace(-4, 4, 10)
PATHS = (
    "bundled[table=breast_cancer,scaling=raw]",
    "bundled[table=breast_cancer,scaling=standardised]",
    "bundled[table=digits,scaling=raw]",
    "keel[table=balanced/spambase]",
    "wide[n=500,p=5000,dtype=float64]",
    "mails[dtype=float64]",
)
CHOICES = (
    "bundled[table=breast_cancer,scaling=raw]",
    "keel[table=balanced/spambase]",
    "flights[columns=few,n=40000,dtype=float64]",
    "bundled[table=wine,scaling=raw]",
    "bundled[table=digits,scaling=raw]",
)


def parse(arguments):
    """Options of the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.along_c", description="The path along C.")
    parser.add_argument("--choice", action="store_true", help=f"of C, by {FOLDS} folds, instead of the path")
    parser.add_argument("--datasets", nargs="+", metavar="NAME", help="instead of the usual ones")
    parser.add_argument("--contenders", nargs="+", metavar="NAME", help="instead of all")
    parser.add_argument("--l1-ratio", nargs="+", type=float, default=[0.0], help="shares of the penalty that are L1")
    parser.add_argument("--Cs", nargs="+", type=float, default=CS, help="instead of ten from 1e-4 to 1e4")
    parser.add_argument("--no-bias", action="store_true", help="for nobody; paths only")
    parser.add_argument("--seconds", type=float, default=10.0, help="limit of a run along all C (default: 10)")
    parser.add_argument("--out", type=Path, help="file for the report, too")
    options = parser.parse_args(arguments)
    if options.choice and options.no_bias:
        parser.error("--no-bias is for paths, not for --choice")
    return options


def main(arguments=None):
    """Run, and show."""
    options = parse(arguments)
    everybody = CHOOSERS if options.choice else WALKERS
    contenders = {name: everybody[name] for name in options.contenders or everybody}
    parts, problems = [], {}
    with machine.Others() as at_work:
        for title, problem in asked(options):
            print(title, file=sys.stderr, flush=True)
            valleys = Valleys(problem, folds_of(problem, FOLDS) if options.choice else None)
            problems[title] = lines(race(contenders, problem, valleys, options.seconds), valleys)
            parts.append(markdown(title, problems[title]))
            print(parts[-1], end="\n\n", flush=True)
    ending = [summary(problems), machine.described(at_work.share)]
    print("\n\n".join(ending))
    if options.out:
        options.out.write_text("\n\n".join([*parts, *ending]) + "\n")


def asked(options):
    """Titles and problems, one after the other."""
    for name in options.datasets or (CHOICES if options.choice else PATHS):
        X, y = loaded.dataset(name)
        if X is None:
            print(f"{name} is not to be had", file=sys.stderr)
            continue
        y = y if options.choice or y.max() == 1 else keel.smallest(y)
        for l1_ratio in options.l1_ratio:
            bias = ", no bias" if options.no_bias else ""
            title = f"{name}, {len(y):,} x {X.shape[1]:,}, l1_ratio = {l1_ratio:g}{bias}"
            yield title, posed(X, y, np.asarray(options.Cs), l1_ratio, not options.no_bias)


if __name__ == "__main__":
    main()
