"""What does a neuron look for in an image? Its weights are one for each pixel, and so an image themselves.

A purple pixel speaks for the class when it is lit, an amber one against it. Of one sample x the picture is the sum::

    z = w_1 x_1 + ... + w_p x_p + b        sample  x  weights  =  products, pixel by pixel; they and b add up to z

and what is dark in the sample says nothing, whatever its weight. All of it is in the units that the neuron sees: behind
a scaler a pixel is as far from its average as it is from zero, and a dark pixel may speak.

A pixel that is always 0 has nothing to teach: its weight stays 0, it adds nothing to any score, and is hatched. That is
silence. White is doubt: a pixel that is lit at times and has hardly a weight.

Reference: T. Hastie, R. Tibshirani and J. Friedman, The Elements of Statistical Learning (2nd ed., 2009), section 18.3
(weights of classifiers seen in the domain of the features).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from textwrap import wrap
from typing import Any, NamedTuple, Self

import numpy as np
from sklearn.utils import check_array, check_consistent_length, column_or_1d

from sklearn_neuron.displays import palette
from sklearn_neuron.displays.base import Display, inches_across
from sklearn_neuron.displays.names import plain, shortened
from sklearn_neuron.displays.raster import PRODUCTS, SEEN, WEIGHTS, Raster, Scale, averages_of, dark_in
from sklearn_neuron.homes.labels import codes_among
from sklearn_neuron.inspection.explanation import Explanation, explain, spoken
from sklearn_neuron.neuron import linear_score
from sklearn_neuron.tables import added_up

MOST_NEURONS = 30
PANEL, NARROWEST, WIDEST = 1.35, 1.1, 7.5  # inches: a square panel, the narrowest, and all side by side
LEAST_ACROSS = 3.4  # inches of a picture, for words to be read
GAP, BAR_ROOM, TITLE_ROOM, LINE, SIGN_ROOM = 0.12, 0.95, 0.3, 0.18, 0.35  # inches
STACKED = 0.5  # height by width below which images stand under each other, pixel under pixel
NAME_SIZE = palette.SMALL  # points
LONGEST_CLASS, LONGEST_ABOVE, LONGEST_BEHIND = 20, 15, 11  # letters of a name, above an image, and there behind words
ALL_ARE_0 = "All weights drawn are 0: whatever the sample, the score is the bias."
PIXELS, FEATURES = "Pixels are those", "These need not be pixels of the image: they are the features, in their order,"
HATCHED, OR_DARK = "Hatched: silent, for its weight is 0", " or it is 0 in every example"
SIGNS = {SEEN: "", WEIGHTS: "\u00d7", PRODUCTS: "="}
SIGN: dict[str, Any] = {  # before its image
    "xycoords": "axes fraction",
    "textcoords": "offset points",
    "ha": "right",
    "va": "center",
    "fontsize": 18,
    "color": palette.INK,
}


class Tile(NamedTuple):
    """One image."""

    kind: str
    values: np.ndarray  # (n_features,)
    title: str = ""
    silent: np.ndarray | None = None  # (n_features,) booleans, of weights and products


class Row(NamedTuple):
    """Images side by side, what stands before them and under them."""

    tiles: list[Tile]
    label: str = ""
    words: tuple[str, ...] = ()
    is_sum: bool = False  # whether they are multiplied, and what comes out


@dataclass(kw_only=True, eq=False, repr=False)
class WeightImageDisplay(Display):
    """Weights of neurons as images, beside the average image of each class; or one sample, pixel by pixel.

    Parameters
    ----------
    weights : array-like of shape (n_neurons, n_features)
        Weights, a row a neuron, as in `coef_`.
    neuron_names : sequence of str of length n_neurons
        The class that each neuron speaks for.
    shape : pair of int, default=(8, 8)
        Rows and columns of the image; the features are its pixels, row after row.
    averages : array-like of shape (n_averages, n_features), default=None
        Average images: of every class in the order of the neurons, or of a single neuron of the samples that are not of
        its class and of those that are.
    average_names : sequence of str of length n_averages, default=()
        Whose averages these are.
    dark : array-like of bool of shape (n_features,), default=None
        Pixels that are 0 in every example; None: nobody knows.
    explanations : sequence of Explanation of length n_neurons, default=()
        What each neuron does with one sample, which is drawn instead of averages.
    steps_before : sequence of str, default=()
        What images go through before the neuron sees them.
    are_pixels : bool, default=True
        Whether the features are still the pixels, and in their order, after these steps.

    Attributes
    ----------
    axes_, figure_ : ndarray of matplotlib Axes of shape (rows, columns), and Figure
        Panels; those without an image are invisible.
    seen_images_, weight_images_, product_images_ : list of matplotlib AxesImage
        Averages or the sample, weights, and products, from left to right and then from top to bottom. Silent pixels are
        masked. Numbers too small or too large for matplotlib are held in a unit of their size; the scale tells theirs.
    bars_ : list of matplotlib Colorbar
        Scales; all images of a kind have the same.
    words_ : list of matplotlib Text
        What stands under each row of images.

    See Also
    --------
    NeuronDiagramDisplay : The features that matter most, as inputs of a neuron.
    sklearn_neuron.explain : The numbers of a sample as a table.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn.datasets import load_digits
    >>> from sklearn_neuron import SigmoidNeuronClassifier
    >>> from sklearn_neuron.displays import WeightImageDisplay
    >>> X, y = load_digits(return_X_y=True)
    >>> neurons = SigmoidNeuronClassifier().fit(X, y)
    >>> display = WeightImageDisplay.from_estimator(neurons, X, y)
    >>> len(display.seen_images_), len(display.weight_images_)
    (10, 10)
    >>> display = WeightImageDisplay.from_estimator(neurons, x=X[0], class_of_interest=0)
    >>> products = display.product_images_[0].get_array().filled(0)
    >>> bool(np.isclose(products.sum() + neurons.intercept_[0], neurons.decision_function(X[[0]])[0, 0]))
    True
    """

    weights: Any
    neuron_names: Sequence[str]
    shape: Sequence[int] = (8, 8)
    averages: Any = None
    average_names: Sequence[str] = ()
    dark: Any = None
    explanations: Sequence[Explanation] = ()
    steps_before: Sequence[str] = ()
    are_pixels: bool = True

    @classmethod
    def from_estimator(
        cls,
        estimator,
        X=None,
        y=None,
        *,
        x=None,
        truth=None,
        shape=(8, 8),
        class_of_interest=None,
        class_names=None,
        ax=None,
        image_kwargs=None,
    ) -> Self:
        """Draw the weights of a fitted neuron, or of several, in the units that it sees.

        Parameters
        ----------
        X : {array-like, sparse matrix} of shape (n_samples, n_features), default=None
            Samples, as the estimator takes them, to tell which pixels are always 0.
        y : array-like of shape (n_samples,), default=None
            Their class labels: with them, and without `x`, the average image of each class is drawn.
        x : {array-like, Series} of shape (n_features,), or a table of one row, default=None
            A sample, as the estimator takes it, to be multiplied by the weights: of more than two classes by those of
            the class predicted and, beneath, by those of the true class or, if that is the same or not known, of the
            next probable one.
        truth : label, default=None
            True class of `x`.
        class_of_interest : label, default=None
            Of more than two classes, the one whose neuron to draw alone.
        image_kwargs : dict, default=None
            Style of the images (Axes.imshow).

        Raises
        ------
        ValueError
            If the features do not fill the shape, `x` is not one sample, or something does not fit the neuron; the
            message says what.
        """
        subject = cls._subject_of(estimator)
        Raster.of(shape, subject.neuron.n_features_in_)
        seen, codes = _samples(subject, X, y)
        told = _told(subject, estimator, x, truth, class_of_interest, class_names)
        which, names = _neurons(subject, told, class_of_interest), subject.class_names(class_names)
        shift = len(names) == 2  # the one neuron speaks for the second class
        averages, whose = (None, ()) if codes is None or told else _averages(seen, codes, names, which)
        display = cls(
            weights=subject.neuron.coef_[which],
            neuron_names=[names[k + shift] for k in which],
            shape=shape,
            averages=averages,
            average_names=whose,
            dark=None if seen is None else dark_in(seen) & ~np.any([one.values != 0 for one in told], axis=0),
            explanations=told,
            steps_before=subject.steps_before,
            are_pixels=subject.keeps_features,
        )
        return display.plot(ax, image_kwargs=image_kwargs)

    def plot(self, ax=None, *, image_kwargs=None) -> Self:
        """Draw the images.

        Raises
        ------
        ValueError
            If the features do not fill the shape, names, averages or explanations do not fit the weights, or a weight,
            an average or a product is not finite.
        """
        weights = self._checked()
        raster = Raster.of(self.shape, weights.shape[1])
        rows = self._rows(weights, raster)
        across = _across(rows, raster)
        rows = [row._replace(words=_wrapped(row.words, across if ax is None else inches_across(ax))) for row in rows]
        scales = _scales(rows)
        self._divide(ax, len(rows), max(len(row.tiles) for row in rows), (across, _high(rows, raster)))
        drawn: dict[str, list[Any]] = {kind: [] for kind in SIGNS}
        self.bars_: list[Any] = []
        self.words_: list[Any] = []
        for row, panels in zip(rows, self.axes_, strict=True):
            self._draw_row(row, panels, raster, scales, drawn, image_kwargs)
        self.seen_images_, self.weight_images_, self.product_images_ = drawn[SEEN], drawn[WEIGHTS], drawn[PRODUCTS]
        _lay_out(self.figure_)
        return self

    def _checked(self):
        """Weights, (n_neurons, n_features), after a look whether all fits together."""
        weights = np.asarray(self.weights, dtype=np.float64)
        if weights.ndim != 2 or not np.isfinite(weights).all():
            raise ValueError(
                "weights must be finite, of shape (n_neurons, n_features), as coef_; a neuron that tripped too far has "
                f"no image. Got shape {weights.shape}."
            )
        n, p = weights.shape
        averages = None if self.averages is None else np.shape(self.averages)
        fitting = {
            "neuron_names": (len(self.neuron_names), n),
            "averages": (averages, None if averages is None else (2 if n == 1 else n, p)),
            "average_names": (len(self.average_names), 0 if averages is None else averages[0]),
            "dark": (None if self.dark is None else np.shape(self.dark), None if self.dark is None else (p,)),
            "explanations": (len(self.explanations), len(self.explanations) and n),
        }
        for name, (got, expected) in fitting.items():
            if got != expected:
                raise ValueError(f"{name} must be of size {expected}, to fit weights of shape {(n, p)}; got {got}.")
        return weights

    # What stands where ---------------------------------------------------------------------------------------

    def _rows(self, weights, raster):
        """Images in rows, with their words, each of which is a sentence."""
        dark = np.zeros(weights.shape[1], bool) if self.dark is None else np.asarray(self.dark, dtype=bool)
        silent = np.asarray((weights == 0) | dark)
        weighed = [Tile(WEIGHTS, w, silent=off) for w, off in zip(weights, silent, strict=True)]
        if self.explanations:
            rows = [self._journey(k, tile) for k, tile in enumerate(weighed)]
        elif len(weights) == 1:
            averages, titles = self._averages("average of ")
            tiles = [Tile(SEEN, average, title) for average, title in zip(averages, titles, strict=True)]
            rows = [Row([*tiles, weighed[0]._replace(title=f"weights of {self._name(0)}")])]
        else:
            rows = self._bands(weighed[:MOST_NEURONS], max(1, int(WIDEST // _width(raster))))
        if raster.rows < STACKED * raster.columns:
            rows = [part for row in rows for part in (_stacked(row) if row.is_sum or len(weights) == 1 else [row])]
        last = rows[-1]
        return [*rows[:-1], last._replace(words=(*last.words, *self._remarks(weights, silent)))]

    def _averages(self, before=""):
        """The average images, and what stands above each."""
        averages = np.zeros((0, 1)) if self.averages is None else np.asarray(self.averages, dtype=np.float64)
        names = [_called(name, LONGEST_BEHIND if before else LONGEST_ABOVE) for name in self.average_names]
        none: list[bool] = np.isnan(averages[:, 0]).tolist()  # all of it, or nothing
        return averages, ["none of " * off + before * (not off) + name for name, off in zip(names, none, strict=True)]

    def _journey(self, k, tile):
        """A sample through one neuron."""
        told = self.explanations[k]
        tiles = [
            Tile(SEEN, told.values, "sample x"),
            tile._replace(title=f"weights w of {self._name(k)}"),
            Tile(PRODUCTS, told.products, "products w x", tile.silent),
        ]
        return Row(tiles, words=_words(told, is_first=k == 0), is_sum=True)

    def _bands(self, weighed, across):
        """Neurons side by side, above each the average of its class."""
        averages, names = self._averages()
        names = names or [_called(name, LONGEST_ABOVE) for name in self.neuron_names]
        rows = []
        for start in range(0, len(weighed), across):
            part = slice(start, start + across)
            seen = [Tile(SEEN, one, name) for one, name in zip(averages[part], names[part], strict=False)]
            titles = names[part] if not seen else [""] * across
            tiles = [tile._replace(title=title) for tile, title in zip(weighed[part], titles, strict=False)]
            rows += [Row(seen, "average")] * bool(seen) + [Row(tiles, "weights")]
        return rows

    def _remarks(self, weights, silent):
        hatched = f"{HATCHED}{OR_DARK * (self.dark is not None)}." if weights.any() else ALL_ARE_0
        steps = f"{PIXELS if self.are_pixels else FEATURES} that the neuron sees, after {', '.join(self.steps_before)}."
        some = f"The first {MOST_NEURONS} of {len(weights):,} neurons are drawn."
        are_too_many = len(weights) > MOST_NEURONS
        return (*[hatched] * bool(silent.any()), *[steps] * bool(self.steps_before), *[some] * are_too_many)

    def _name(self, k):
        """The class of a neuron, behind other words."""
        return _called(self.neuron_names[k], LONGEST_BEHIND)

    # Drawing -------------------------------------------------------------------------------------------------

    def _draw_row(self, row, panels, raster, scales, drawn, given):
        for place, (tile, panel) in enumerate(zip(row.tiles, panels, strict=False)):
            image = raster.draw(panel, tile.values, scales[tile.kind], tile.silent, given)
            drawn[tile.kind].append(image)
            panel.set_title(tile.title and plain(tile.title), loc="left", fontsize=NAME_SIZE)
            panel.set_anchor("W")
            if place + 1 == len(row.tiles) or row.tiles[place + 1].kind != tile.kind:
                bar = scales[tile.kind].bar(image)
                bar.ax.set_in_layout(place + 1 == len(panels) or place + 1 < len(row.tiles))  # else there is room
                self.bars_.append(bar)
            if row.is_sum:
                panel.annotate(SIGNS[tile.kind], (0, 0.5), (-8, 0), **SIGN)
        for panel in panels[len(row.tiles) :]:
            panel.set_visible(False)
        panels[0].set_ylabel(row.label, fontsize=NAME_SIZE)
        self.words_.append(_write_under(panels[0], row.words))


# What it is made of -------------------------------------------------------------------------------------------


def _samples(subject, X, y):
    """Samples as the neuron sees them, and the number of the class of each; None of what is not given."""
    if X is None:
        if y is not None:
            raise ValueError("y are the labels of X: pass both, or neither.")
        return None, None
    seen = subject.sees(X)
    subject.neuron.decision_function(seen)  # looks whether they fit the neuron, names and all
    seen = check_array(seen, accept_sparse="csr", dtype=[np.float64, np.float32])
    if y is None:
        return seen, None
    y = column_or_1d(y)
    check_consistent_length(seen, y)
    return seen, codes_among(subject.neuron.classes_, y)


def _told(subject, estimator, x, truth, class_of_interest, class_names):
    """What is to be told of a sample: by the neuron asked for, or by the one that decides and its rival.

    That is the neuron of the truth, if it is another one; otherwise that of the next probable class.
    """
    if x is None:
        if truth is not None:
            raise ValueError("truth is the class of x: pass x too.")
        return []
    asked = {"truth": truth, "class_names": class_names}
    first = explain(estimator, x, class_of_interest=class_of_interest, **asked)
    if class_of_interest is not None or len(first.classes) == 2:
        return [first]
    rival = _runner_up(subject.neuron, first) if first.true in (None, first.decided) else first.true
    return [first, explain(estimator, x, class_of_interest=first.classes[rival], **asked)]


def _runner_up(neuron, told):
    """Number of the next probable class, by its score: beliefs of far-off samples are all 0, or all 1."""
    scores = linear_score(told.values, neuron.coef_.T.astype(np.float64), neuron.intercept_)
    return int(np.argmax(np.where(np.arange(len(scores)) == told.decided, -np.inf, scores)))


def _neurons(subject, told, class_of_interest):
    """Rows of `coef_`."""
    if len(subject.neuron.classes_) == 2:
        return [subject.column(class_of_interest)]
    if told:
        return [one.neuron for one in told]
    return list(range(len(subject.neuron.coef_))) if class_of_interest is None else [subject.column(class_of_interest)]


def _averages(seen, codes, names, which):
    """Average images and whose they are: of all classes, or of one of many and all the rest."""
    if len(names) == 2 or len(which) > 1:
        return averages_of(seen, codes, len(names)), names
    own = names[which[0]]
    return averages_of(seen, (codes == which[0]).astype(int), 2), ["the rest", own]


# How large it is, and what it says ----------------------------------------------------------------------------


def _width(raster):
    """Inches of a panel."""
    return max(NARROWEST, PANEL / raster.aspect**0.75)


def _across(rows, raster):
    """Inches of the widest row, with its scales and signs."""
    widths = [
        len(row.tiles) * (_width(raster) + GAP + SIGN_ROOM * row.is_sum)
        + len({tile.kind for tile in row.tiles}) * BAR_ROOM
        + 2 * LINE
        for row in rows
    ]
    return max(LEAST_ACROSS, *widths)


def _high(rows, raster):
    """Inches of all rows, one below the other."""
    image, numbers = _width(raster) * raster.aspect + GAP, 2 * LINE * (1 in raster)
    titles = [TITLE_ROOM * any(tile.title for tile in row.tiles) for row in rows]
    return sum(image + numbers + title + LINE * len(row.words) for row, title in zip(rows, titles, strict=True)) + GAP


def _write_under(panel, lines):
    """Words under a panel and those at its right: a layout would make its column as wide, so blank lines keep the room.

    They are a little higher than the words, which hang from their top.
    """
    blank = panel.set_xlabel("\n".join(" " for _ in lines), fontsize=palette.SMALL + 1)
    style = {"ha": "left", "va": "top", "fontsize": palette.SMALL, "color": palette.INK, "in_layout": False}
    place = {"xycoords": ("axes fraction", blank), "annotation_clip": False}
    return panel.annotate("\n".join(lines), (0, 1), **place, **style)


def _lay_out(figure):
    """A first time: a layout knows how wide a scale is once its panel has a place, and the first drawing counts."""
    engine = figure.get_layout_engine()
    if engine is not None:
        engine.execute(figure.figure)


def _wrapped(words, room):
    """Sentences in lines that fit into so many inches."""
    letters = max(20, int((room - 2 * LINE) * 72 / palette.LETTER))
    return tuple(line for sentence in words for line in wrap(sentence, letters))


def _stacked(row):
    """One below the other."""
    rows = [row._replace(tiles=[tile], words=()) for tile in row.tiles]
    return [*rows[:-1], rows[-1]._replace(words=row.words)]


def _scales(rows):
    """One scale for each kind of image."""
    tiles = [tile for row in rows for tile in row.tiles]
    kinds = {tile.kind for tile in tiles}
    return {kind: Scale.of(kind, np.array([tile.values for tile in tiles if tile.kind == kind])) for kind in kinds}


def _called(name, longest=LONGEST_CLASS):
    """A class in a picture."""
    return shortened(spoken(str(name)), longest)


def _words(told, is_first):
    """The sum of the products and what comes of it; of several neurons the first says what is decided."""
    told = replace(told, class_names=[_called(name) for name in told.class_names])
    _, total, bias, z = added_up([told.products.sum()], told.bias, told.z)
    words = [f"sum of products {total} + bias b {bias} = score z {z}", *told.beliefs, *[told.verdict] * is_first]
    return tuple(plain(sentence.replace(" -", " \u2212")) for sentence in words)
