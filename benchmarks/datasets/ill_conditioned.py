"""Correlated features in wildly different units, far from zero."""

from benchmark_utils import made
from benchopt import BaseDataset


class Dataset(BaseDataset):
    """Correlated features in wildly different units, far from zero."""

    name = "ill-conditioned"
    parameters = {"n": [20_000], "p": [50], "dtype": ["float64"]}

    def get_data(self):
        """Examples and classes."""
        X, y = made.ill_conditioned(self.n, self.p, self.dtype)
        return {"X": X, "y": y}
