"""Run benchopt, one process a dataset: a contender that crashes takes nobody else's results along.

If a process is killed or hangs, every contender gets a process of its own on that dataset, and the one that fails has
dashes in the table.
"""

import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from .loaded import FOLDER, each
from .machine import Others

MOST_RUNS = 10_000  # of a contender on a workload: out of the way
FITS = 3  # a contender may take so many times as long on a workload as one of its fits may (see benchmark_utils.ladder)
SPARE_SECONDS = 120  # beside the limit of a contender, for loading, warming up and the reference


class Plan(NamedTuple):
    """What to run."""

    datasets: list[str]
    solvers: list[str]
    Cs: list[float]
    multi_class: str
    l1_ratio: float
    timeout: int  # seconds of every contender on every workload
    repetitions: int


def plan(config, datasets=None, solvers=None, Cs=None, seconds=None, multi_class=None, l1_ratio=None):
    """A plan from a configuration file of benchopt, with parts of it replaced.

    Parameters
    ----------
    config : Path
        YAML file.
    datasets, solvers : list of str, default=None
        Names, with or without parameters. Datasets named without parameters are those of the configuration.
    Cs : list of float, default=None
        Inverse strengths of the penalty.
    seconds : int, default=None
        Limit of a fit.
    multi_class : {"ovr", "multinomial"}, default=None
        What more than two classes are.
    l1_ratio : float, default=None
        Share of the penalty that is paid for the size of weights.
    """
    import yaml

    said = yaml.safe_load(Path(config).read_text())
    listed = [name for entry in said["dataset"] for name in each(entry)]
    return Plan(
        chosen(datasets, listed) if datasets else listed,
        solvers or said["solver"],
        Cs or said["C"],
        multi_class or said.get("multi_class", "ovr"),
        said.get("l1_ratio", 0.0) if l1_ratio is None else l1_ratio,
        FITS * seconds if seconds else said["timeout"],
        said["n-repetitions"],
    )


def chosen(names, listed):
    """Datasets by name: those listed that are called so, or else the name as it is."""
    return [one for name in names for one in ([full for full in listed if full.startswith(name)] or [name])]


class Results(NamedTuple):
    """What benchopt recorded, and who was skipped on which dataset, and why."""

    runs: pd.DataFrame  # one row a run
    skipped: dict  # {dataset: {contender: reason}}
    busy: float  # largest share of the machine that others took during any dataset


def run(plan, out, tell=print):
    """Results of a plan.

    Parameters
    ----------
    plan : Plan
        What to run.
    out : Path
        Folder for results and logs.
    tell : callable, default=print
        Called with a line for every dataset.

    Raises
    ------
    RuntimeError
        If there are no results at all.
    """
    frames, skipped, others = [], {}, []
    for number, dataset in enumerate(plan.datasets):
        tell(f"{dataset} ({number + 1} of {len(plan.datasets)})")
        with Others() as at_work:
            found = on_dataset(dataset, plan, out / f"{number:02d}")
        others.append(at_work.share)
        if not found:
            tell(f"  nothing: {no_data(out / f'{number:02d}.log')}")
        why = {name: reason for log in out.glob(f"{number:02d}*.log") for name, reason in reasons(log).items()}
        for frame in found:
            frames.append(frame)
            skipped.update(dict.fromkeys(frame["dataset_name"].unique(), why))
    if not frames:
        raise RuntimeError(f"nobody learned anything: see the logs in {out}")
    return Results(pd.concat(frames, ignore_index=True), skipped, max(others))


def on_dataset(dataset, plan, stem):
    """Results of all contenders on one dataset: a list of one frame, of several, or of none."""
    try:
        together = benchopt(dataset, plan.solvers, plan, stem)
    except CrashedError:
        return list(alone(dataset, plan, stem))
    return [together] if together is not None else []


def alone(dataset, plan, stem):
    """Results of every contender in a process of its own."""
    for k, solver in enumerate(one_by_one(plan.solvers)):
        try:
            frame = benchopt(dataset, [solver], plan, stem.with_name(f"{stem.name}-{k:02d}"))
        except CrashedError:
            continue
        if frame is not None:
            yield frame


def reasons(log):
    """Why contenders were skipped, by what benchopt said."""
    return dict(re.findall(r"\|--(\S+): skip\s*Reason: (.+)", plain(log)))


def no_data(log):
    """Why a dataset brought nothing, by what benchopt said."""
    said = re.findall(r"Reason: (.+)", plain(log))
    return said[0].strip() if said else f"see {log}"


def plain(log):
    """A log without colours and overwritten lines."""
    return re.sub(r"\x1b\[[\d;]*m", "", log.read_text()).replace("\r", "\n")


def one_by_one(solvers):
    """``"a[b,c]"`` as ``"a[b]", "a[c]"``."""
    for solver in solvers:
        name, _, values = solver.rstrip("]").partition("[")
        yield from (f"{name}[{value.strip()}]" for value in values.split(",")) if values else (name,)


class CrashedError(Exception):
    """A process was killed, or hung."""


def benchopt(dataset, solvers, plan, stem):
    """What one process of benchopt recorded; None if there was nothing to record.

    Raises
    ------
    CrashedError
        If it was killed or hung.
    """
    stem.parent.mkdir(parents=True, exist_ok=True)
    result = stem.with_suffix(".parquet")
    limit = len(plan.Cs) * plan.repetitions * (len(list(one_by_one(solvers))) + 10) * (plan.timeout + SPARE_SECONDS)
    with stem.with_suffix(".log").open("w") as log:
        command = [*command_line(dataset, solvers, plan), "--output", str(result)]
        try:
            done = subprocess.run(command, cwd=FOLDER.parent, stdout=log, stderr=log, timeout=limit, check=False)
        except subprocess.TimeoutExpired:
            raise CrashedError from None
    if done.returncode < 0:
        raise CrashedError
    return pd.read_parquet(result) if result.exists() else None


def command_line(dataset, solvers, plan):
    """How benchopt is called."""
    words = [sys.executable, "-m", "benchopt", "run", str(FOLDER), "--no-cache", "--no-plot", "--no-display"]
    words += ["-d", dataset, "-n", str(MOST_RUNS), "-r", str(plan.repetitions), "--timeout", str(plan.timeout)]
    words += [word for solver in solvers for word in ("-s", solver)]
    told = f"multi_class={plan.multi_class},l1_ratio={plan.l1_ratio:g}"
    return words + [word for C in plan.Cs for word in ("-o", f"J[C={C:g},{told}]")]
