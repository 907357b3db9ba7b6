"""J of a fitted neuron around its path: which examples, which parameters, and how far one sees."""

from typing import Any, NamedTuple

import numpy as np
from sklearn.utils import check_consistent_length

from sklearn_neuron._sklearn import check_sample_weight, safe_indexing
from sklearn_neuron.displays import palette
from sklearn_neuron.displays.ground import MOST_EXAMPLES, SAME, Examples
from sklearn_neuron.displays.table import spread_of
from sklearn_neuron.displays.tilted_plane import TiltedPlane
from sklearn_neuron.homes.labels import check_total
from sklearn_neuron.inspection.subject import Subject

MARGIN = 0.25  # of the range, around path and floor
OFF = 0.01  # of the range of J: what stands so far from the ground is seen to


class Landscape(NamedTuple):
    """J over a plane, and a path on it."""

    x: np.ndarray  # (rows, columns) places
    y: np.ndarray  # (rows, columns)
    loss: np.ndarray  # (rows, columns) J there, in nats
    end: tuple[float, float, float]  # where the neuron ended, or the best place that it saw, and J there
    path: np.ndarray | None  # (steps, 2)
    heights: np.ndarray | None  # (steps,) J along the path
    names: tuple[str, str]
    title: str
    remarks: tuple[str, ...] = ()  # small print
    is_whitened: bool = False  # and as wide as high
    ground: np.ndarray | None = None  # (steps,) J of the plane beneath the path
    on_all: np.ndarray | None = None  # (steps,) False where a step was on a sample of the examples; None: nowhere
    is_elsewhere: bool = False  # than where the path ends, the weights that were kept

    @property
    def leaves_the_plane(self) -> bool:
        """Whether some of the path is seen to stand elsewhere than on the ground."""
        if self.path is None or self.ground is None:
            return False
        heights = np.asarray(self.heights)
        return bool((np.abs(self.ground - heights) > OFF * max(np.ptp(heights), 1e-12)).any())


class Valley(NamedTuple):
    """One neuron, or a layer, J as it learned it, and where it walked."""

    examples: Examples  # all of them
    objective: Any  # J of one neuron, or of a layer, of those that tell the directions of a plane
    weights: np.ndarray  # (q, 1), learned; of a layer (K q, 1), neuron after neuron
    path: np.ndarray | None  # (q, steps), or (K q, steps)
    heights: np.ndarray | None  # (steps,)
    on_all: np.ndarray | None  # (steps,)
    remarks: tuple[str, ...]

    @classmethod
    def of(cls, subject: Subject, X, y, sample_weight, class_of_interest, with_path) -> "Valley":
        """That of a fitted neuron."""
        neuron, seen = subject.neuron, subject.sees(X)
        objective = subject.objective(seen, y, sample_weight, class_of_interest)
        examples = Examples.of(seen, objective)
        weights = subject.parameters(class_of_interest)
        recorded, remarks = subject.recorded(class_of_interest), []
        elsewhere = examples.elsewhere(weights, recorded, neuron.coef_.dtype.type)
        if elsewhere is not None:
            remarks.append(f"J of these examples; the fit recorded {elsewhere:.4g}")
        path, heights, on_all = None, None, None
        if with_path:
            rows, path, _ = subject.way(class_of_interest)
            heights, on_all = recorded[rows], neuron.history_.on_all[rows]
            again = np.flatnonzero(~on_all | (elsewhere is not None))  # J of these examples, all of them
            heights[again] = examples.losses(path[:, again])
        n = len(examples.truths)
        if n > MOST_EXAMPLES:
            remarks.append(f"ground: {MOST_EXAMPLES:,} of {n:,} examples, by chance")
            objective = objective.take(palette.thinned(n, MOST_EXAMPLES, examples.truths))
        return cls(examples, objective, weights, path, heights, on_all, tuple(remarks))

    def plane(self, two) -> TiltedPlane:
        """That of two parameters."""
        return TiltedPlane.of(self.objective, self.weights, self.path, two)

    def over(self, plane: TiltedPlane, names, title, is_whitened=False) -> Landscape:
        """J over a plane."""
        ground, path, end = self.examples.ground(np.hstack([self.weights, plane.along])), plane.path, plane.end
        to_floor, reach = ground.floor()
        low, high = _view(path, end, to_floor, reach, square=is_whitened)
        places = ground.mesh(low - end, high - end, steep=int(np.argmin(reach / (high - low))))
        x, y = places + end[:, None, None]
        loss = ground.losses(places.reshape(2, -1)).reshape(x.shape)
        if not np.isfinite(loss).all():
            raise ValueError("The path leads to where J is no finite number; fit with a smaller learning rate.")
        return Landscape(
            x=x,
            y=y,
            loss=loss,
            end=(*end.tolist(), float(ground.losses(np.zeros((2, 1)))[0])),
            path=path,
            heights=self.heights,
            names=names,
            title=title,
            remarks=self.remarks,
            is_whitened=is_whitened,
            ground=None if path is None else ground.losses((path - end).T),
            on_all=self.on_all,
            is_elsewhere=self._is_elsewhere(),
        )

    def _is_elsewhere(self):
        if self.path is None:
            return False
        away = np.linalg.norm(self.path[:, [-1]] - self.weights)
        return bool(away > SAME[np.float32] * np.linalg.norm(self.weights) or not np.isfinite(away))

    def positions(self, parameters, names, k=0) -> list[int]:
        """Numbers of two different parameters: those asked for, or those that move the score most.

        Names are those of one neuron's; in a layer they are of neuron k.
        """
        q = len(names)
        first = k * q
        if parameters is None:
            return [first + j for j in self._most_important(self.weights[first : first + q, 0])]
        found = [names.index(one) if one in names else one for one in parameters]
        if len(set(found)) != 2 or not all(isinstance(one, (int, np.integer)) and 0 <= one < q for one in found):
            raise ValueError(
                f"parameters must be two different ones, by number from 0 to {q - 1} or by name; got {parameters!r}."
            )
        return [first + int(one) for one in found]

    def _most_important(self, weights):
        """The weights of two features; if there is one feature only, its weight and the bias."""
        p = self.examples.X.shape[1]
        if len(weights) < 2:
            raise ValueError("A landscape needs two parameters; this neuron has one weight and no bias.")
        influence = np.abs(weights[:p]) * spread_of(self.examples.X)
        return [0, 1] if p < 2 else sorted(np.argsort(-influence, kind="stable")[:2].tolist())


def _view(path, end, to_floor, reach, square):
    """Lower left and upper right corner: path and floor, with a margin; without a path, where J rises by some nats."""
    floor = end + to_floor
    places = np.vstack([floor - reach, floor + reach, end] if path is None else [path, end, floor])
    low, high = places.min(axis=0), places.max(axis=0)
    if square:
        middle, half = (low + high) / 2, (high - low).max() / 2
        low, high = middle - half, middle + half
    margin = np.where(high > low, MARGIN * (high - low), np.minimum(reach, 1.0))
    return low - margin, high + margin


def counted(X, y, sample_weight=None) -> tuple[Any, Any, Any]:
    """X, y and sample_weight of the examples that count at all, those of weight 0 left out.

    Raises
    ------
    ValueError
        If they differ in length, a weight is negative, or none counts.
    """
    check_consistent_length(X, y)
    if sample_weight is None:
        return X, y, None
    weight = check_sample_weight(sample_weight, X, dtype=np.float64, ensure_non_negative=True)
    check_total(weight, "sample_weight")
    counts = weight > 0
    return (X, y, weight) if counts.all() else tuple(safe_indexing(one, counts) for one in (X, y, weight))
