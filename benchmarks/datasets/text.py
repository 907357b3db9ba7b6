"""Sparse: words by the law of Zipf."""

from benchmark_utils import made
from benchopt import BaseDataset


class Dataset(BaseDataset):
    """Sparse: words by the law of Zipf."""

    name = "text"
    parameters = {"n": [20_000], "p": [50_000], "words": [100], "dtype": ["float64"]}

    def get_data(self):
        """Examples and classes."""
        X, y = made.text(self.n, self.p, self.words, self.dtype)
        return {"X": X, "y": y}
