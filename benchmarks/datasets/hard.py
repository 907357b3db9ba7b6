"""Tables on which the default solver was slow, drawn to be like the real ones."""

from benchmark_utils import hard
from benchopt import BaseDataset


class Dataset(BaseDataset):
    """Raw units, heavy tails, or mostly zeros stored dense."""

    name = "hard"
    parameters = {"table": list(hard.TABLES), "dtype": ["float64"]}

    def get_data(self):
        """Examples and classes."""
        X, y = hard.TABLES[self.table](self.dtype)
        return {"X": X, "y": y}
