"""The plane in which a neuron decides, in every frame of its walk: either the boundary moves, or the samples do.

Of a layer it is one class against the rest, and what stands for the score is its lead, whose sigmoid the belief is
(:mod:`~sklearn_neuron.inspection.layers`). The boundary, where the class is as probable as all others together, is a
curve then.
"""

from typing import Any, NamedTuple

import numpy as np

from sklearn_neuron.displays.names import plain, shortened
from sklearn_neuron.displays.plane import Plane, boundary_line
from sklearn_neuron.displays.sides import UNIT, Spreads
from sklearn_neuron.inspection.layers import lead
from sklearn_neuron.neuron import linear_score, sigmoid

MARGIN = 0.08  # of the range, around the data
FIELD = 120  # beliefs along each side of the field
LONGEST_NAME = 48  # beside an axis
LEADS = 3.0, 12.0  # half of the view of log-odds, at least and at most


class Walk(NamedTuple):
    """The walk of one neuron, or of a layer of K, at the steps shown, and some of the examples that it learned from."""

    rows: np.ndarray  # (F,) where they stand among the weights that were kept
    steps: np.ndarray  # (F,) their numbers
    weights: np.ndarray  # (p, F), or (p, F, K)
    bias: np.ndarray  # (F,), or (F, K)
    truths: np.ndarray  # (n,) booleans
    examples: np.ndarray  # (n,) their numbers
    k: int | None = None  # of a layer, the class against the rest

    @property
    def neurons(self) -> list[tuple[np.ndarray, np.ndarray]]:
        """Weights and bias of every frame."""
        return [(self.weights[:, i], self.bias[i]) for i in range(len(self.rows))]

    def scores(self, X) -> np.ndarray:
        """Scores of examples, or their leads in a layer, at the steps shown, (n, F)."""
        z = linear_score(X, self.weights.reshape(len(self.weights), -1), self.bias.ravel())
        return z if self.k is None else lead(z.reshape(len(z), *self.bias.shape).transpose(0, 2, 1), self.k)

    def score(self, places, weights, bias) -> np.ndarray:
        """Scores, or leads, of one frame at places (..., 2)."""
        z = linear_score(places, weights, bias)
        return z if self.k is None else lead(z.reshape(-1, z.shape[-1]), self.k).reshape(z.shape[:-1])


class View(NamedTuple):
    """A plane between limits, and for every frame what is believed there and where the samples stand."""

    title: str
    remarks: list[str]
    names: list[str]
    x: tuple[float, float]
    y: tuple[float, float]
    beliefs: list[np.ndarray]  # (FIELD, FIELD)
    boundaries: list  # x and y of two points, or of a curve; both empty if it hesitates nowhere, or everywhere
    places: list[np.ndarray]  # (n, 2)
    otherwise: list[np.ndarray] | None = None  # places of those of which the neuron says otherwise than a slice shows


def with_samples_fixed(plane: Plane, walk: Walk, scores) -> View:
    """Two features: the samples stay, and the boundary turns; `scores` (n, F) are those of the examples."""
    x, y = _padded(plane.points[:, 0]), _padded(plane.points[:, 1])
    points, grid = plane.points[walk.examples], _grid(x, y)
    weights, bias = plane.seen_by(walk.weights.reshape(len(walk.weights), -1), walk.bias.ravel())
    walk = walk._replace(weights=weights.reshape(2, *walk.bias.shape), bias=bias.reshape(walk.bias.shape))
    shown = [walk.score(points, *neuron) > 0 for neuron in walk.neurons]
    otherwise = [points[one != (z > 0)] for one, z in zip(shown, scores.T, strict=True)]
    fields = [walk.score(grid, *neuron) for neuron in walk.neurons]
    boundaries = [boundary_line(w, b, x, y) for w, b in walk.neurons] if walk.k is None else _curves(fields, x, y)
    return View(
        title="Where it decides" + ": a slice" * plane.is_slice,
        remarks=["others at their median"] * plane.is_slice,
        names=[plain(shortened(name, LONGEST_NAME)) for name in plane.names],
        x=x,
        y=y,
        beliefs=[sigmoid(field) for field in fields],
        boundaries=boundaries,
        places=[points] * len(fields),
        otherwise=otherwise if plane.is_slice else None,
    )


def with_boundary_fixed(seen, walk: Walk, scores) -> View:
    """The plane along the weights of every frame, and across those at the end: the boundary stays, the samples turn.

    Where nothing is weighed yet there is no boundary, and all of them stand in the middle; those far away stand at the
    edge of their side.
    """
    spreads = Spreads.of(seen)
    length = spreads.length(walk.weights)
    end = (spreads.spread * walk.weights[:, -1])[:, None]
    taken = end / np.linalg.norm(end) if length[-1] > 0 else end[:, :0]
    across = spreads.stand(seen, spreads.across(seen, taken))[walk.examples]
    distances = [z / one if one > 0 else np.zeros(len(z)) for z, one in zip(scores.T, length, strict=True)]
    far = 1.5 * np.abs(distances[-1]).max() or 1.0
    x, y, edge = (-far, far), _padded(across), 0.98 * far
    along = _grid(x, y)[..., 0]
    beliefs = [sigmoid(one * along + (0.0 if one > 0 else b)) for one, b in zip(length, walk.bias, strict=True)]
    boundaries = [([0, 0], y) if one > 0 else ([], []) for one in length]
    places = [np.column_stack([np.clip(distance, -edge, edge), across]) for distance in distances]
    names = [f"from the boundary, {UNIT}", f"across w, {UNIT}"]
    return View("Where it decides", [], names, x, y, beliefs, boundaries, places)


def with_lead_fixed(seen, walk: Walk, scores) -> View:
    """One class of a layer: along its lead, and across its weights at the end; the boundary stays, the samples move."""
    spreads = Spreads.of(seen)
    end = (spreads.spread * walk.weights[:, -1, walk.k])[:, None]
    length = np.linalg.norm(end)
    across = spreads.stand(seen, spreads.across(seen, end / length if length > 0 else end[:, :0]))[walk.examples]
    far = float(np.clip(1.5 * np.abs(scores[:, -1]).max(), *LEADS))
    x, y, edge = (-far, far), _padded(across), 0.98 * far
    belief, count = sigmoid(_grid(x, y)[..., 0]), len(walk.rows)
    places = [np.column_stack([np.clip(one, -edge, edge), across]) for one in scores.T]
    names = ["log-odds of the class", f"across its weights, {UNIT}"]
    return View("Where it decides", [], names, x, y, [belief] * count, [([0, 0], y)] * count, places)


def _curves(fields, x, y):
    """Where fields over a view are 0: one line each, in pieces, with a gap between them."""
    from contourpy import contour_generator

    (across, up), gap = (np.linspace(low, high, FIELD) for low, high in (x, y)), np.full((1, 2), np.nan)
    pieces: Any = [contour_generator(x=across, y=up, z=field).lines(0.0) for field in fields]
    lines = [np.vstack([part for one in some for part in (one, gap)] or [gap[:0]]) for some in pieces]
    return [tuple(line.T) for line in lines]


def _grid(x, y):
    """Places of the field between limits, shape (FIELD, FIELD, 2)."""
    return np.stack(np.meshgrid(*(np.linspace(low, high, FIELD) for low, high in (x, y))), axis=-1)


def _padded(x):
    """Limits of an axis, with a margin around the data."""
    margin = MARGIN * np.ptp(x) or 1.0
    return x.min() - margin, x.max() + margin
