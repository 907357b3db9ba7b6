"""The plane in which a neuron decides, in every frame of its walk: either the boundary moves, or the samples do."""

from typing import NamedTuple

import numpy as np

from sklearn_neuron.displays.names import plain, shortened
from sklearn_neuron.displays.plane import Plane, boundary_line
from sklearn_neuron.displays.sides import UNIT, Spreads
from sklearn_neuron.neuron import linear_score, sigmoid

MARGIN = 0.08  # of the range, around the data
FIELD = 120  # beliefs along each side of the field
LONGEST_NAME = 48  # beside an axis


class Walk(NamedTuple):
    """One neuron's walk, at the steps that are shown, and some of the examples that it learned from."""

    rows: np.ndarray  # (F,) where they stand among the weights that were kept
    steps: np.ndarray  # (F,) their numbers
    weights: np.ndarray  # (p, F)
    bias: np.ndarray  # (F,)
    scores: np.ndarray  # (n, F) linear scores of the examples, at the steps shown
    truths: np.ndarray  # (n,) booleans
    examples: np.ndarray  # (n,) their numbers


class View(NamedTuple):
    """A plane between limits, and for every frame what is believed there and where the samples stand."""

    title: str
    remarks: list[str]
    names: list[str]
    x: tuple[float, float]
    y: tuple[float, float]
    beliefs: list[np.ndarray]  # (FIELD, FIELD)
    boundaries: list  # x and y of two points; both empty if the neuron hesitates nowhere, or everywhere
    places: list[np.ndarray]  # (n, 2)
    otherwise: list[np.ndarray] | None = None  # places of those of which the neuron says otherwise than a slice shows


def with_samples_fixed(plane: Plane, walk: Walk) -> View:
    """Two features: the samples stay, and the boundary turns."""
    x, y = _padded(plane.points[:, 0]), _padded(plane.points[:, 1])
    points, grid = plane.points[walk.examples], _grid(x, y)
    weights, bias = plane.seen_by(walk.weights, walk.bias)
    neurons = list(zip(weights.T, bias, strict=True))
    shown = [linear_score(points, w, b) > 0 for w, b in neurons]
    otherwise = [points[one != (z > 0)] for one, z in zip(shown, walk.scores.T, strict=True)]
    return View(
        title="Where it decides" + ": a slice" * plane.is_slice,
        remarks=["others at their median"] * plane.is_slice,
        names=[plain(shortened(name, LONGEST_NAME)) for name in plane.names],
        x=x,
        y=y,
        beliefs=[sigmoid(linear_score(grid, w, b)) for w, b in neurons],
        boundaries=[boundary_line(w, b, x, y) for w, b in neurons],
        places=[points] * len(neurons),
        otherwise=otherwise if plane.is_slice else None,
    )


def with_boundary_fixed(seen, walk: Walk) -> View:
    """The plane along the weights of every frame, and across those at the end: the boundary stays, the samples turn.

    Where nothing is weighed yet there is no boundary, and all of them stand in the middle; those far away stand at the
    edge of their side.
    """
    spreads = Spreads.of(seen)
    length = spreads.length(walk.weights)
    end = (spreads.spread * walk.weights[:, -1])[:, None]
    taken = end / np.linalg.norm(end) if length[-1] > 0 else end[:, :0]
    across = spreads.stand(seen, spreads.across(seen, taken))[walk.examples]
    distances = [z / one if one > 0 else np.zeros(len(z)) for z, one in zip(walk.scores.T, length, strict=True)]
    far = 1.5 * np.abs(distances[-1]).max() or 1.0
    x, y, edge = (-far, far), _padded(across), 0.98 * far
    along = _grid(x, y)[..., 0]
    beliefs = [sigmoid(one * along + (0.0 if one > 0 else b)) for one, b in zip(length, walk.bias, strict=True)]
    boundaries = [([0, 0], y) if one > 0 else ([], []) for one in length]
    places = [np.column_stack([np.clip(distance, -edge, edge), across]) for distance in distances]
    names = [f"from the boundary, {UNIT}", f"across w, {UNIT}"]
    return View("Where it decides", [], names, x, y, beliefs, boundaries, places)


def _grid(x, y):
    """Places of the field between limits, shape (FIELD, FIELD, 2)."""
    return np.stack(np.meshgrid(*(np.linspace(low, high, FIELD) for low, high in (x, y))), axis=-1)


def _padded(x):
    """Limits of an axis, with a margin around the data."""
    margin = MARGIN * np.ptp(x) or 1.0
    return x.min() - margin, x.max() + margin
