"""What does a neuron believe over a plane? Over a slice through two features, or where every sample is on its side."""

from functools import partial
from typing import Any, NamedTuple

import numpy as np

from sklearn_neuron.displays.plants import PlantsDisplay
from sklearn_neuron.displays.sides import sides_of
from sklearn_neuron.displays.slices import Slice, sample_of, stacked
from sklearn_neuron.displays.table import Samples
from sklearn_neuron.homes.labels import codes_among
from sklearn_neuron.inspection.subject import Subject


class Question(NamedTuple):
    """Who is asked, and about which class."""

    estimator: Any
    subject: Subject
    class_names: list[str]  # of what can be answered
    classes: np.ndarray
    k: int | None  # number of the class that is asked about; None asks about all
    is_one_of_many: bool  # asked about against the rest

    @classmethod
    def of(cls, estimator, subject, class_of_interest=None, class_names=None) -> "Question":
        """Of two classes the second is meant, of more all of them or the one of interest."""
        names, classes = subject.class_names(class_names), subject.neuron.classes_
        if len(names) == 2:
            return cls(estimator, subject, names, classes, subject.column(class_of_interest) + 1, False)
        if class_of_interest is None:
            return cls(estimator, subject, names, classes, None, False)
        k = subject.column(class_of_interest)
        return cls(estimator, subject, [f"not {names[k]}", names[k]], np.array([False, True]), k, True)

    def belief(self, X) -> np.ndarray:
        """Probability of the class, shape (n,), or of all, shape (n, K)."""
        probabilities = self.estimator.predict_proba(X)
        return probabilities if self.k is None else probabilities[:, self.k]

    def answered(self, X) -> np.ndarray:
        """What is predicted of samples."""
        return self.belief(X) > 0.5 if self.is_one_of_many else self.estimator.predict(X)

    def about(self, samples: Samples) -> Samples:
        """The samples in their classes, or the one asked about against the rest."""
        if not self.is_one_of_many:
            return samples
        return samples._replace(labels=codes_among(self.subject.neuron.classes_, samples.labels) == self.k)

    def shown(self, belief) -> np.ndarray:
        """Numbers of the answers that beliefs stand for, (n,) or (n, K)."""
        return (belief > 0.5).astype(int) if self.k is not None else belief.argmax(axis=1)


def over_features(question, samples, features, held_at, margin, resolution) -> dict[str, Any]:
    """What a DecisionFieldDisplay holds of a plane of two features; with others beside these it is a slice."""
    through = Slice.through(samples.tables[0], features, held_at)
    points = question.about(samples).display(
        PlantsDisplay, through.plane, question.classes, question.class_names, question.answered
    )
    x1, x2 = (_around(values, margin, resolution) for values in (points.x1, points.x2))
    shown, weights = None, None
    if through.note:
        shown = question.shown(through.ask(question.belief, np.column_stack([points.x1, points.x2])))
    elif question.subject.before is None and len(question.subject.neuron.coef_) == 1:
        weights = question.subject.neuron.coef_[0, through.plane]
    told = {"points": points, "weights": weights, "note": through.note, "shown": shown}
    names = {"feature_names": points.feature_names, "class_names": question.class_names}
    return _grid(x1, x2, partial(through.ask, question.belief)) | names | told


def over_sides(question, samples, features, held_at, margin, resolution) -> dict[str, Any]:
    """What a DecisionFieldDisplay holds of a plane in which every sample stands where it is put."""
    if sample_of(held_at, len(samples.tables[0].names)) is not None:
        raise ValueError("held_at says where a slice is: pass the two features= that it goes through as well.")
    names, tables, subject = question.class_names, [table.X for table in samples.tables], question.subject
    z = np.concatenate([question.estimator.decision_function(X) for X in tables])
    seen = stacked([subject.sees(X) for X in tables])
    sides = sides_of(subject, seen, z, question.k if question.is_one_of_many else None, names[-1])
    points = PlantsDisplay(
        x1=sides.points[:, 0],
        x2=sides.points[:, 1],
        codes=codes_among(question.classes, question.about(samples).labels),
        feature_names=sides.names,
        class_names=names,
        predicted=codes_among(question.classes, np.concatenate([question.answered(X) for X in tables])),
        held_out=samples.held_out,
    )
    x1, x2 = (_around(values, margin, resolution) for values in sides.points.T)
    if sides.lanes:
        x1, x2 = _lanes(len(names), resolution)
    told = {"points": points, "weights": sides.weights, "note": sides.note, "lanes": names if sides.lanes else None}
    return _grid(x1, x2, sides.believed) | {"feature_names": sides.names, "class_names": names} | told


def _grid(x1, x2, believed):
    """The field on a grid: belief of shape (len(x2), len(x1)) or with K at the end."""
    belief = believed(np.stack(np.meshgrid(x1, x2), axis=-1).reshape(-1, 2))
    return {"xx": x1, "yy": x2, "belief": belief.reshape(len(x2), len(x1), *belief.shape[1:])}


def _around(values, margin, n):
    """Even steps over the range of some values and a margin; over 1 if all are the same."""
    low, high = np.nanmin(values), np.nanmax(values)
    room = margin * (high - low) if high > low else 0.5
    return np.linspace(low - room, high + room, n)


def _lanes(K, resolution):
    """A grid of a row a class, over the probabilities that the most probable of K classes can have."""
    rows = K * -(-resolution // K)
    least = 1 / K + 1e-6
    return np.linspace(least, 1 + 0.03 * (1 - least), resolution), (np.arange(rows) + 0.5) * K / rows - 0.5
