"""Many examples of few normal features."""

from benchmark_utils import made
from benchopt import BaseDataset


class Dataset(BaseDataset):
    """Many examples of few normal features."""

    name = "tall"
    parameters = {"n": [100_000], "p": [30], "dtype": ["float64"]}

    def get_data(self):
        """Examples and classes."""
        X, y = made.tall(self.n, self.p, self.dtype)
        return {"X": X, "y": y}
