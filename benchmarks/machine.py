"""What all of this was measured with, and who else was at work.

Where another process wants the cores, the threads of a contender wait for each other: a fit of 2 ms was seen to last
120, on two cores of which one was taken. Such times say nothing, and ours, which often runs in one thread, looks good
beside them. So every report says how much of the machine others took.
"""

import os
import platform
import time
from importlib import metadata
from pathlib import Path

from .benchmark_utils.threads import allowed, cores

PACKAGES = (
    "sklearn-neuron",
    "numpy",
    "scipy",
    "scikit-learn",
    "scikit-learn-intelex",
    "glum",
    "cyanure",
    "skglm",
    "celer",
    "liblinear-official",
    "snapml",
    "benchopt",
)


QUIET = 0.05  # share of the machine that others may take


def busy(seconds=1.0):
    """Share of all cores that processes take while this one waits; nan if psutil is not installed."""
    try:
        import psutil
    except ImportError:
        return float("nan")
    return psutil.cpu_percent(interval=seconds) / 100


class Others:
    """What share of all cores other processes took while the body ran; children that ended in it are not others."""

    def __enter__(self):
        self._start = self._clocks()
        return self

    def __exit__(self, *_):
        wall, everybody, mine = (now - before for now, before in zip(self._clocks(), self._start, strict=True))
        self.share = max(0.0, (everybody - mine) / (wall * (os.cpu_count() or 1)))

    @staticmethod
    def _clocks():
        """Seconds by the wall, of work by everybody, and of work by this process and its children."""
        times, mine = cpu_times(), os.times()
        idle = times.idle + getattr(times, "iowait", 0.0)
        return time.perf_counter(), sum(times) - idle, sum(mine[:4])


def cpu_times():
    """Seconds of all cores in every state, without what is counted twice."""
    import psutil

    times = psutil.cpu_times()
    return times._replace(**{name: 0.0 for name in ("guest", "guest_nice") if hasattr(times, name)})


def described(others=None):
    """Machine, threads, versions, and how much of the machine others took.

    Parameters
    ----------
    others : float, default=None
        Share of the machine that others took, as :func:`busy` tells; None: find out now.
    """
    others = busy() if others is None else others
    told = f"Other processes took {others:.0%} of the machine."
    if others > QUIET:
        told += (
            " **That is too much: times are not to be trusted**, least of all those of contenders with several threads,"
            " which wait for each other."
        )
    return f"{machine_and_versions()}\n{told}"


def machine_and_versions():
    """Machine, threads and versions."""
    return (
        f"{processor()}, {cores()} cores, {allowed()} threads a contender, {platform.system()} {platform.machine()}\n"
        f"Python {platform.python_version()}, {', '.join(filter(None, map(version, PACKAGES)))}"
    )


def processor():
    """Name of the processor, as far as it tells."""
    about = Path("/proc/cpuinfo")
    lines = about.read_text().splitlines() if about.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or "an unnamed processor"


def version(package):
    """Name and version of a package, or nothing if it is not installed."""
    try:
        return f"{package} {metadata.version(package)}"
    except metadata.PackageNotFoundError:
        if package != "sklearn-neuron":
            return ""
    import sklearn_neuron

    return f"{package} {sklearn_neuron.__version__}"
