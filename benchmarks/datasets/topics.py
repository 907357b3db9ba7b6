"""Sparse: words by the law of Zipf, in texts of several classes."""

from benchmark_utils import made
from benchopt import BaseDataset


class Dataset(BaseDataset):
    """Sparse: words by the law of Zipf, in texts of K classes."""

    name = "topics"
    parameters = {"n": [10_000], "p": [20_000], "words": [60], "K": [20], "dtype": ["float64"]}

    def get_data(self):
        """Examples and classes."""
        X, y = made.topics(self.n, self.p, self.words, self.K, self.dtype)
        return {"X": X, "y": y}
