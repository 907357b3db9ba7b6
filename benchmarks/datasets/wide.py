"""More features than examples, dense."""

from benchmark_utils import made
from benchopt import BaseDataset


class Dataset(BaseDataset):
    """More features than examples, dense."""

    name = "wide"
    parameters = {"n": [500], "p": [5_000], "dtype": ["float64"]}

    def get_data(self):
        """Examples and classes."""
        X, y = made.wide(self.n, self.p, self.dtype)
        return {"X": X, "y": y}
