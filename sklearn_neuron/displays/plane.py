"""The plane of two features: where the samples stand in it, and where a neuron hesitates.

It is a slice where the neuron sees more: features outside of the plane are held at their median, and what they add to
the score goes to the bias. The neuron judges a sample by all of them, and may put it on the other side.
"""

from typing import Any, NamedTuple

import numpy as np
import scipy.sparse as sp
from sklearn.utils.sparsefuncs import csc_median_axis_0

from sklearn_neuron.displays.table import Table, plane_of
from sklearn_neuron.inspection.subject import Subject
from sklearn_neuron.neuron import linear_score


class Plane(NamedTuple):
    """Two features of those that a neuron sees."""

    features: list[int]
    names: list[str]  # of the two
    points: np.ndarray  # (n_samples, 2)
    seen: Any  # (n_samples, n_features), array or sparse array: all that the neuron sees
    held: np.ndarray  # (n_features,), the median of the others, 0 in the plane

    @classmethod
    def of(cls, subject: Subject, X, features=None, feature_names=None) -> "Plane":
        """Two of the features that a subject sees of X; None are those of largest weight times spread.

        Raises
        ------
        ValueError
            If there are not two such features.
        """
        names = subject.feature_names(feature_names)
        seen: Any = subject.sees(X)
        seen = sp.csr_array(seen) if sp.issparse(seen) else np.asarray(seen, dtype=np.float64)
        two = plane_of(Table(seen, names), features, Subject(subject.neuron))
        if len(two) < 2:
            raise ValueError(f"A plane needs two features; the neuron sees {len(names)}, and features={features!r}.")
        points = seen[:, two].toarray() if sp.issparse(seen) else seen[:, two]
        held = csc_median_axis_0(sp.csc_array(seen)) if sp.issparse(seen) else np.median(seen, axis=0)
        held[two] = 0
        return cls(two, [names[j] for j in two], points, seen, held)

    @property
    def is_slice(self) -> bool:
        """Whether the neuron sees more features than these two."""
        return len(self.held) > 2

    def seen_by(self, weights, bias) -> tuple[np.ndarray, Any]:
        """Weights (2, ...) of the two features, and the bias (...) with what all others add, of weights (p, ...)."""
        return weights[self.features], linear_score(self.held, weights, bias)


def boundary_line(weights, bias, xlim, ylim) -> tuple[np.ndarray, np.ndarray]:
    """Two points of the line on which a neuron hesitates, ``w1 x1 + w2 x2 + b = 0``, on opposite edges of a view.

    Returns
    -------
    x1, x2 : ndarray of shape (2,)
        The line may pass beside the view. Both are empty if both weights are 0: then it hesitates nowhere, or
        everywhere.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn_neuron.displays.plane import boundary_line
    >>> boundary_line(np.array([1.0, 2.0]), -4.0, (0, 4), (0, 2))
    (array([0., 4.]), array([ 2., -0.]))
    """
    x, y = np.array(xlim, dtype=np.float64), np.array(ylim, dtype=np.float64)
    if not np.any(weights):
        return np.array([]), np.array([])
    if abs(weights[1]) * np.ptp(y) >= abs(weights[0]) * np.ptp(x):
        return x, -(weights[0] * x + bias) / weights[1]
    return -(weights[1] * y + bias) / weights[0], y
