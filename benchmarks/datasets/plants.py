"""Leaf length and width of plants, some of them toxic: the smallest table."""

from benchopt import BaseDataset

from sklearn_neuron.datasets import make_toxic_plants


class Dataset(BaseDataset):
    """The plants of :func:`sklearn_neuron.datasets.make_toxic_plants`."""

    name = "plants"
    parameters = {"n": [200]}

    def get_data(self):
        """Examples and classes."""
        X, y = make_toxic_plants(self.n, random_state=0, return_X_y=True)
        return {"X": X, "y": y}
