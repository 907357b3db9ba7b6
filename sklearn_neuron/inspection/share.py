"""How wrong is one sample? Its loss, and the share of that in the loss of all examples."""

from typing import Any, NamedTuple

import numpy as np
import scipy.sparse as sp

from sklearn_neuron.inspection.subject import Subject, number_of


class SampleLoss(NamedTuple):
    """Number of the true class of a sample, its loss, and its share among examples: as in an Explanation."""

    true: int
    loss: float
    share: float | None = None
    n_among: int | None = None
    reach: np.ndarray | None = None


def loss_of(subject: Subject, seen: Any, truth: Any, among: Any) -> SampleLoss:
    """The loss of a sample, as the neuron sees it, also among examples (X, y), as the estimator takes them."""
    classes = subject.neuron.classes_
    true = number_of(truth, classes)
    if true is None:
        raise ValueError(
            f"truth must be the class of x, one of {classes.tolist()}; got {truth!r}. "
            "(Its share among others needs it too.)"
        )
    loss = float(-subject.neuron.predict_log_proba(seen)[0, true])
    if among is None:
        return SampleLoss(true, loss)
    if not isinstance(among, tuple | list) or len(among) != 2:
        raise ValueError(f"among must be a pair (X, y), examples with their labels; got a {type(among).__name__}.")
    examples = subject.sees(among[0])
    everyone = subject.losses(examples, among[1])
    return SampleLoss(true, loss, _share(loss, everyone), len(everyone), _reach(examples))


def _share(loss, everyone):
    whole = float(everyone.sum(dtype=np.float64))
    if loss > whole * (1 + 1e-5):  # more than the rounding of float32
        raise ValueError(
            f"x must be one of the examples in among=(X, y), but its loss, {loss:.4g}, is more than all of theirs "
            f"together, {whole:.4g}: add it to them."
        )
    return min(loss / whole, 1.0) if whole > 0 else 0.0


def _reach(X):
    """Smallest and largest value of each feature."""
    X = X if sp.issparse(X) else np.asarray(X)
    ends = X.min(axis=0), X.max(axis=0)
    return np.array([end.toarray().ravel() if sp.issparse(end) else end for end in ends], dtype=np.float64)
