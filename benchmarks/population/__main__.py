"""How often is the neuron the soonest, and how far behind where it is not? On KEEL's tables, hard ones and drawn ones.

    python -m benchmarks.population [--tables keel hard/sensors] [--sizes 0 20000] [--C 1] [--out here]
    python -m benchmarks.population --names
    python -m benchmarks.population --processors
    python -m benchmarks.population --multi-class multinomial
    python -m benchmarks.population --l1-ratio 1

``--names`` runs ours alone by every name, to judge how "auto" chooses; ``--processors`` all twice, the second time
without AVX-512. What was interrupted goes on in the same ``--out``. See docs/benchmarks.rst.
"""

import argparse
import itertools
import sys
import tempfile
from pathlib import Path

import numpy as np
import scipy.sparse as sp

from ..benchmark_utils import keel
from ..loaded import contender
from ..machine import Others
from ..table import LOSSES, OURS, problem
from . import processors, records
from .race import IN_THE_SPAN, race
from .report import report
from .tables import chosen, population

SECONDS = 5.0
PEERS = (
    "scikit-learn-default",
    *(f"scikit-learn[{solver}]" for solver in ("newton-cholesky", "lbfgs", "newton-cg", "liblinear")),
    "scikit-learn-intelex",
    "glum",
    "cyanure",
    "skglm",
    "liblinear-official",
    "snapml",
)
LASSOS = ("scikit-learn[saga]", "scikit-learn[liblinear]", "glum", "cyanure", "skglm", "liblinear-official")
NAMES = (*(f"neuron[{name}]" for name in ("newton", "lazy-newton", "lbfgs", "newton-cg")), *IN_THE_SPAN)


def parse(arguments):
    """Options of the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.population", description="The neuron on many tables.")
    parser.add_argument(
        "--tables", nargs="+", default=(), metavar="NAME", help="beginnings of names, or with wildcards"
    )
    parser.add_argument(
        "--sizes", nargs=2, type=float, default=(0, 1e12), metavar=("LEAST", "MOST"), help="numbers in X"
    )
    parser.add_argument("--limit", type=int, metavar="N", help="so many tables at most, evenly spread over the others")
    parser.add_argument(
        "--classes", default="two", choices=("two", "all"), help='"all": more than two, of tables that have them'
    )
    parser.add_argument(
        "--multi-class", default="ovr", choices=LOSSES, help="multinomial: layers, of all classes of each table"
    )
    parser.add_argument("--C", nargs="+", type=float, default=(1.0,))
    parser.add_argument("--l1-ratio", type=float, default=0.0, help="share of the penalty that is L1, 0 to 1")
    parser.add_argument("--dtype", nargs="+", default=("float64",), choices=("float64", "float32"))
    parser.add_argument("--names", action="store_true", help="ours alone, by every name")
    parser.add_argument("--contenders", nargs="+", metavar="NAME", help="beside neuron[auto], instead of all")
    parser.add_argument("--seconds", type=float, default=SECONDS, help=f"limit of a fit (default: {SECONDS:g})")
    parser.add_argument("--processors", action="store_true", help="as it is, and without AVX-512, one after the other")
    parser.add_argument("--out", type=Path, help="folder for runs, tables and pictures (default: a new one)")
    parser.add_argument("--list", action="store_true", help="the names of the tables, and nothing else")
    options = parser.parse_args(arguments)
    if options.multi_class == "multinomial":
        options.classes = "all"
    if options.l1_ratio and not options.contenders:
        options.contenders = LASSOS
    return options


def main(arguments=None):
    """Run what is not yet recorded, and show all that is."""
    arguments = sys.argv[1:] if arguments is None else arguments
    options = parse(arguments)
    try:
        tables = chosen(there(options.classes), options.tables, options.limit)
    except ValueError as error:
        sys.exit(f"python -m benchmarks.population: {error}")
    if options.list:
        print("\n".join(table.name for table in tables))
        return
    out = options.out or Path(tempfile.mkdtemp(prefix="sklearn_neuron_population_"))
    out.mkdir(parents=True, exist_ok=True)
    if options.processors:
        told = processors.run_each(alone(arguments), out)
    else:
        measure(tables, options, out)
        told = report(records.read(out), out)
    print(told)
    (out / "report.md").write_text(told + "\n")
    tell(f"runs, report and pictures are in {out}")


def alone(arguments):
    """The same options without those that say where, and on what processors."""
    at = arguments.index("--out") if "--out" in arguments else len(arguments)
    return [word for word in arguments[:at] + arguments[at + 2 :] if word != "--processors"]


def there(classes):
    """All tables that can be had; what is missing is told."""
    wheel = keel.wheel()
    if wheel is None:
        tell(f"Without the tables of KEEL: {keel.how_to_get()}.")
    return population(classes, wheel)


def measure(tables, options, out):
    """Run the contenders on every workload that is not yet recorded."""
    names = [OURS, *(options.contenders or (NAMES if options.names else PEERS))]
    contenders = {name: contender(name) for name in dict.fromkeys(names)}
    finished = records.done(out, contenders)
    asked = (options.multi_class, options.l1_ratio)
    for number, (table, dtype) in enumerate(itertools.product(tables, options.dtype)):
        open_ones = [C for C in options.C if (table.name, dtype, asked[0], C, asked[1]) not in finished]
        if not open_ones:
            continue
        X, y = table.load(dtype=dtype)
        if not is_wanted(X, y, options):
            continue
        for C in open_ones:
            at = f"{table.name}, {dtype}, {problem(asked[0], C, asked[1])}"
            tell(f"{number + 1} of {len(tables) * len(options.dtype)}: {at}")
            with Others() as at_work:
                runs, valley = race(contenders, X, y, C, options.seconds, *asked)
            records.append(out, runs, **described(table, dtype, X, valley), others=at_work.share)


def is_wanted(X, y, options):
    """Whether a table is of the size asked for, and has the classes."""
    least, most = options.sizes
    return least <= numbers(X) < most and (options.classes == "two" or (y.max() > 1 and np.bincount(y).min() > 1))


def described(table, dtype, X, valley):
    """What is recorded of a workload."""
    n, p = X.shape
    return {
        "table": table.name,
        "dtype": dtype,
        "multi_class": valley.multi_class,
        "C": valley.C,
        "l1_ratio": valley.l1_ratio,
        "rows": n,
        "features": p,
        "numbers": numbers(X),
        "neurons": valley.truths.shape[1],
        "start": valley.start,
        "lowest": valley.lowest,
    }


def numbers(X):
    """Numbers stored in X."""
    return X.nnz if sp.issparse(X) else X.size


def tell(line):
    """Say how far it is, beside the report."""
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
