"""All runs on disk, a line each, so that what was interrupted goes on."""

import numpy as np
import pandas as pd

WORKLOAD = ["table", "dtype", "multi_class", "C", "l1_ratio"]
FILE = "runs.csv"
NUMBERS = ("tolerance", "time", "J", "start", "lowest")


def append(folder, runs, **workload):
    """Record the runs of a workload."""
    path = folder / FILE
    pd.DataFrame(runs).assign(**workload).to_csv(path, mode="a", header=not path.exists(), index=False)


def done(folder, contenders):
    """Workloads on which all these contenders have been."""
    if not (folder / FILE).exists():
        return set()
    present = read(folder).groupby(WORKLOAD)["solver_name"].agg(set)
    return {workload for workload, names in present.items() if set(contenders) <= names}


def read(folder):
    """All runs recorded in a folder.

    Returns
    -------
    DataFrame
        As recorded, and the ``gap`` of each: (J - J*) / (J(0) - J*), J* the smallest of any run or reference.

    Raises
    ------
    ValueError
        If there are none.
    """
    if not (folder / FILE).exists():
        raise ValueError(f"nothing is recorded in {folder}: is any table of the sizes and classes asked for?")
    empty = {name: ["", "nan"] for name in NUMBERS}  # who took no part, or found no number; elsewhere an empty text
    runs = pd.read_csv(folder / FILE, keep_default_na=False, na_values=empty)
    workloads = runs.groupby(WORKLOAD)
    lowest = np.minimum(workloads["lowest"].transform("min"), workloads["J"].transform("min"))
    return runs.assign(gap=(runs["J"] - lowest) / (runs["start"] - lowest))
