"""What do the other neurons say? In a layer a belief is a share, and a decision is a matter between two classes.

Of a sample each neuron has a score, and what one is believed the others lack::

    a_k  =  exp(z_k) / sum_j exp(z_j),        a_k / a_j  =  exp(z_k - z_j)        the odds of one against another

so that where one feature turns the decision is where two scores tie, ``(w_k - w_j).x + b_k - b_j = 0``.
"""

from typing import NamedTuple

import numpy as np

from sklearn_neuron.tables import Column, Table, largest_of, unlike

SHOWN_NEURONS = 10
COLUMNS = [Column("<", before=""), Column(least=10), Column(least=15), Column(least=9)]


class SharedBelief(NamedTuple):
    """What all neurons of a layer say of one sample."""

    scores: np.ndarray  # (K,)
    weights: np.ndarray  # (K, n_features)
    beliefs: np.ndarray  # (K,)

    def table(self, names) -> Table:
        """Score, exponential and share of every class, the most probable ones of many, and their sums."""
        shown, others = largest_of(self.beliefs, SHOWN_NEURONS)
        e = np.exp(self.scores - self.scores.max())
        rows = [
            [names[k], score, f"{e[k]:.4g}", _share(self.beliefs[k])]
            for k, score in zip(shown, unlike(self.scores[shown]), strict=True)
        ]
        if len(others):
            rows.append(
                [f"... and {len(others):,} others", "", f"{e[others].sum():.4g}", _share(self.beliefs[others].sum())]
            )
        sums = ["all together", "", f"{e.sum():.4g}", "1"]
        return Table([["neuron of", "score z", "exp(z - max z)", "its share"], *rows, sums], COLUMNS)

    def rival(self, k, decided) -> int:
        """Number of the class that class k has to do with: the one decided for or, if it is that, the runner-up."""
        if k != decided:
            return decided
        return int(np.argmax(np.where(np.arange(len(self.scores)) == k, -np.inf, self.scores)))

    def odds(self, k, other) -> float:
        """How many times as probable class k is as another."""
        with np.errstate(over="ignore"):
            return float(np.exp(self.scores[k] - self.scores[other]))

    def nearest_tie(self, k, decided, values) -> tuple[int, int, float] | None:
        """A class, a feature and the change of it at which class k ties with that class.

        Of all features, and all classes if k is the one decided for, it is the change that is least relative to the
        value: on the way no other class comes first. None if no change does it.
        """
        others = np.delete(np.arange(len(self.scores)), k) if k == decided else np.array([decided])
        lead = (self.scores[k] - self.scores[others])[:, None]
        pushes = (self.weights[k] - self.weights[others]) * values
        if not pushes.any():
            return None
        with np.errstate(divide="ignore", invalid="ignore"):
            relative = np.where(pushes != 0, np.abs(lead / pushes), np.inf)
        i, j = np.unravel_index(np.argmin(relative), relative.shape)
        change = -lead[i, 0] / (self.weights[k] - self.weights[others[i]])[j]
        return int(others[i]), int(j), float(change)


def _share(belief):
    return "< 0.0001" if belief < 0.0001 else "> 0.9999" if belief > 0.9999 else f"{belief:.4f}"
