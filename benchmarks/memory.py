"""How much memory does a fit take beside X? Measured in a process of its own, with no clock running.

    python -m benchmarks.memory "tall[n=100000,p=30]" "neuron[auto]" --C 1 --tol 1e-4

Two fits: in the first the system's high-water mark of the process is read (what libraries allocate counts), in the
second Python's own (what NumPy allocates counts). Both are what is added to what was there before.
"""

import argparse
import json
import subprocess
import sys
import threading
import time
import tracemalloc
from pathlib import Path

from . import loaded
from .table import LOSSES

SECONDS = 600


def beside(dataset, multi_class, C, l1_ratio, contender, tolerance):
    """Peak bytes above X of one fit, by the system and by Python, and the bytes of X; None if it fails."""
    names = [dataset, contender, "--multi-class", multi_class, "--C", str(C), "--l1-ratio", str(l1_ratio)]
    names += ["--tol", str(tolerance)]
    try:
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.memory", *names],
            cwd=loaded.FOLDER.parent,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=True,
        )
        return json.loads(done.stdout.splitlines()[-1])
    except (subprocess.SubprocessError, ValueError, IndexError):
        return None


def measure(X, y, contender, C, multi_class, l1_ratio, tolerance):
    """Peaks of two fits in this process."""
    contender.set_objective(X, y, C, multi_class, l1_ratio)
    before = resident()
    with HighWater() as water:
        contender.run(tolerance)
    tracemalloc.start()
    start = tracemalloc.get_traced_memory()[0]
    contender.run(tolerance)
    peak = tracemalloc.get_traced_memory()[1] - start
    return {"system": max(0, water.mark - before), "python": peak, "X": size(X), "failure": contender.failure}


def size(X):
    """Bytes of X."""
    return int(X.nbytes if hasattr(X, "nbytes") else X.data.nbytes + X.indices.nbytes + X.indptr.nbytes)


def resident():
    """Bytes that this process holds now."""
    import psutil

    return psutil.Process().memory_info().rss


class HighWater:
    """The most that this process holds while the body runs: by the kernel's mark, or by looking very often."""

    def __enter__(self):
        self.mark = resident()
        try:
            Path("/proc/self/clear_refs").write_text("5")  # resets the mark
            self.watcher = None
        except OSError:
            self.running = True
            self.watcher = threading.Thread(target=self._watch)
            self.watcher.start()
        return self

    def _watch(self):
        while self.running:
            self.mark = max(self.mark, resident())
            time.sleep(0.001)

    def __exit__(self, *_):
        if self.watcher is None:
            lines = Path("/proc/self/status").read_text().splitlines()
            self.mark = next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM"))
        else:
            self.running = False
            self.watcher.join()


def main():
    """Measure what the command line names and print it as JSON."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.memory", description="Memory of a fit beside X.")
    parser.add_argument("dataset")
    parser.add_argument("contender")
    parser.add_argument("--C", type=float, default=1.0)
    parser.add_argument("--multi-class", default="ovr", choices=LOSSES)
    parser.add_argument("--l1-ratio", type=float, default=0.0)
    parser.add_argument("--tol", type=float, default=1e-4)
    options = parser.parse_args()
    contender = loaded.contender(options.contender)
    X, y = loaded.dataset(options.dataset)
    print(json.dumps(measure(X, y, contender, options.C, options.multi_class, options.l1_ratio, options.tol)))


if __name__ == "__main__":
    main()
