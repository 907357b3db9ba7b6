"""Sparse: categorical features, one column a level."""

from benchmark_utils import made
from benchopt import BaseDataset


class Dataset(BaseDataset):
    """Sparse: categorical features, one column a level."""

    name = "one-hot"
    parameters = {"n": [100_000], "p": [2_000], "dtype": ["float64"]}

    def get_data(self):
        """Examples and classes."""
        X, y = made.one_hot(self.n, self.p, self.dtype)
        return {"X": X, "y": y}
