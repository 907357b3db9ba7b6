"""How often does a fit read X? Counted by a home that wraps another, not reported by the solver.

Every kernel that is handed to the home is wrapped in one that counts the rows it is given. A pass is all rows of X.
"""

from contextlib import contextmanager
from unittest.mock import patch

from sklearn_neuron import SigmoidNeuronClassifier, classifier


class Counting:
    """A kernel that counts the rows it is given before it does its work."""

    def __init__(self, kernel, read):
        self.kernel, self.read = kernel, read

    def __call__(self, block):
        """Result of the kernel."""
        self.read.append(block.X.shape[0])
        return self.kernel(block)


@contextmanager
def counted():
    """Count rows in the body: a list that grows by the number of rows whenever a block is read."""
    read = []

    class Counting(classifier.InMemory):
        def fold(self, kernel):
            return super().fold(Counting(kernel, read))

        def map(self, kernel):
            return super().map(Counting(kernel, read))

    with patch.object(classifier, "InMemory", Counting):
        yield read


def of_a_fit(X, y, **options):
    """Passes over X that one fit takes.

    Parameters
    ----------
    X, y : arrays
        Examples.
    **options : parameters of SigmoidNeuronClassifier
        How to fit.

    Returns
    -------
    float
        Rows read, divided by the rows of X.
    """
    with counted() as read:
        SigmoidNeuronClassifier(**options).fit(X, y)
    return sum(read) / X.shape[0]
