"""All runs on disk, a line each, so that what was interrupted goes on."""

import pandas as pd

WORKLOAD = ["table", "dtype", "C"]
FILE = "runs.csv"


def read(folder):
    """Runs recorded in a folder, or None."""
    path = folder / FILE
    return pd.read_csv(path, keep_default_na=False, na_values={"tolerance": [""]}) if path.exists() else None


def append(folder, runs, **workload):
    """Record the runs of a workload."""
    path = folder / FILE
    frame = pd.DataFrame(runs).assign(**workload)
    frame.to_csv(path, mode="a", header=not path.exists(), index=False)


def done(folder, contenders):
    """Workloads on which all these contenders have been."""
    runs = read(folder)
    if runs is None:
        return set()
    names = runs.groupby(WORKLOAD)["contender"].agg(set)
    return {workload for workload, present in names.items() if set(contenders) <= present}
