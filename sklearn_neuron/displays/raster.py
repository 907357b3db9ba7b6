"""Features that are the pixels of an image: in which rows and columns they stand, and in which colours they are drawn.

An image has three kinds of numbers here, and each kind one scale for the whole picture, so that two images of it can be
compared. What the neuron sees is drawn in ink, or in teal below zero. Weights, and products with a sample, are centred
on zero: purple is for the class, amber against it, and white is zero.
"""

from math import prod
from numbers import Integral
from typing import Any, NamedTuple, Self

import numpy as np
import scipy.sparse as sp

from sklearn_neuron.displays import palette
from sklearn_neuron.displays.base import styled
from sklearn_neuron.displays.canvas import brief

SEEN, WEIGHTS, PRODUCTS = "seen", "weights", "products"
FLATTEST, STEEPEST = 1 / 4, 4  # height of a panel by its width: what is flatter is stretched
SHAPES_TOLD = 8
DRAWABLE = (1e-280, 1e300)  # matplotlib takes less for 0, and the distance of two that are more is infinite
COLOURS = (2, 3, 4)  # of a pixel: grey or red, green and blue, and how opaque it is
HATCHED = {"facecolor": "#e9e9e9", "edgecolor": "#9a9a9a", "hatch": "/////", "linewidth": 0}
BAR = (1.05, 0, 0.06, 1)  # beside its panel, in its widths and heights


class Raster(NamedTuple):
    """Rows and columns of an image, whose features come row after row."""

    rows: int
    columns: int

    @classmethod
    def of(cls, shape, p) -> Self:
        """The shape, after a look whether p features fill it.

        Raises
        ------
        ValueError
            If they do not, or it is no pair of whole numbers; the message says which shapes they would fill.
        """
        sizes = tuple(shape) if np.ndim(shape) == 1 else (shape,)
        if len(sizes) == 3 and sizes[2] in COLOURS:
            raise ValueError(
                f"shape must be rows and columns; got {sizes}. An image in {sizes[2]} colours is {sizes[2]} images: "
                f"draw each, the first as WeightImageDisplay(weights=neuron.coef_[:, 0::{sizes[2]}], ...)."
            )
        if len(sizes) != 2 or not all(isinstance(size, Integral) and int(size) > 0 for size in sizes):
            raise ValueError(f"shape must be two whole numbers above 0, rows and columns; got {shape!r}.")
        sizes = tuple(map(int, sizes))  # whose product no narrow type cuts
        if prod(sizes) != p:
            raise ValueError(
                f"shape={sizes} has {prod(sizes):,} pixels, but there are {p:,} features. "
                f"Shapes that they fill: {_shapes(p)}."
            )
        return cls(*sizes)

    @property
    def aspect(self) -> float:
        """Height of a panel by its width."""
        return float(np.clip(self.rows / self.columns, FLATTEST, STEEPEST))

    def draw(self, panel, values, scale, silent=None, given=None) -> Any:
        """An image in a panel; pixels that are silent are left out, and hatched behind. Places are counted from 1."""
        from matplotlib.colors import Normalize

        pixels = np.ma.masked_array(values / scale.unit, np.isnan(values) if silent is None else silent).reshape(self)
        extent = (0.5, self.columns + 0.5, self.rows + 0.5, 0.5)
        ours = {"cmap": scale.colors, "aspect": "auto", "extent": extent, "interpolation": "nearest"}
        if not isinstance((given or {}).get("norm"), Normalize):  # which has limits of its own
            ours |= {"vmin": scale.lowest, "vmax": scale.highest}
        image = panel.imshow(pixels, **styled("image.AxesImage", ours, given))
        panel.patch.set(**(HATCHED if silent is not None else {"facecolor": "white"}))
        panel.set_box_aspect(self.aspect)
        panel.spines[:].set(color=palette.FAINT, linewidth=0.8)
        self._number(panel)
        return image

    def _number(self, panel):
        """Numbers of the features along an image of one row or column; others need none."""
        for axis, along in ((panel.xaxis, self.rows == 1), (panel.yaxis, self.columns == 1 < self.rows)):
            if along:
                axis.get_major_locator().set_params(integer=True, nbins=6, min_n_ticks=1)
                axis.set_tick_params(labelsize=palette.SMALL, color=palette.FAINT)
            else:
                axis.set_ticks([])


class Scale(NamedTuple):
    """Colours for one kind of numbers."""

    colors: Any
    lowest: float
    highest: float
    ends: tuple[str, str] = ("", "")  # words at the lower and the upper end
    unit: float = 1.0  # of both, and of what is drawn

    @classmethod
    def of(cls, kind, values) -> Self:
        """A scale for values of any shape: centred on 0, and of what is seen and never below 0 only the upper half."""
        largest = float(np.nanmax(np.abs(values), initial=0)) or 1.0
        if largest == np.inf:
            raise ValueError("What is to be drawn is more than a float can hold: take a larger unit for the features.")
        unit = 1.0 if DRAWABLE[0] < largest < DRAWABLE[1] else float(np.exp2(np.floor(np.log2(largest))))
        largest /= unit
        if kind != SEEN:
            return cls(palette.weight_colormap(), -largest, largest, (" against", " for"), unit)
        if np.nanmin(values, initial=0) >= 0:
            return cls(_inks("white", palette.INK), 0.0, largest, unit=unit)
        return cls(_inks("#00796b", "white", palette.INK), -largest, largest, unit=unit)

    def bar(self, image) -> Any:
        """A colour bar at the right of an image."""
        panel = image.axes
        bar = panel.figure.colorbar(image, cax=panel.inset_axes(BAR))
        ticks = [self.lowest, 0.0, self.highest] if self.lowest else [0.0, self.highest]
        words = [self.ends[0], "", self.ends[1]] if self.lowest else ["", ""]
        labels = [brief(tick * self.unit) + word for tick, word in zip(ticks, words, strict=True)]
        bar.set_ticks(ticks, labels=labels, fontsize=palette.SMALL)
        bar.ax.tick_params(length=2, color=palette.FAINT)
        bar.outline.set(edgecolor=palette.FAINT, linewidth=0.8)
        return bar


def averages_of(X, codes, K) -> np.ndarray:
    """The average sample of each class, float64 of shape (K, n_features); nan of a class that has none.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn_neuron.displays.raster import averages_of
    >>> averages_of(np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 5.0]]), np.array([0, 0, 1]), 2)
    array([[2., 3.],
           [5., 5.]])
    """
    counts = np.bincount(codes, minlength=K)
    sums = sp.csr_array((np.ones(len(codes)), (codes, np.arange(len(codes)))), shape=(K, len(codes))) @ X
    sums = np.asarray(sums.toarray() if sp.issparse(sums) else sums, dtype=np.float64)
    return np.divide(sums, counts[:, None], where=counts[:, None] > 0, out=np.full(sums.shape, np.nan))


def dark_in(X) -> np.ndarray:
    """Which features are 0 in every sample, booleans of shape (n_features,)."""
    largest = abs(X).max(axis=0)
    return (largest.toarray() if sp.issparse(largest) else np.asarray(largest)).ravel() == 0


def _shapes(p):
    """Pairs of whole numbers whose product is p, as text; of many those next to a square, which come first."""
    wide = [(rows, p // rows) for rows in range(int(np.sqrt(p)), 0, -1) if p % rows == 0]
    pairs = dict.fromkeys(pair for rows, columns in wide for pair in ((rows, columns), (columns, rows)))
    return ", ".join([*map(str, list(pairs)[:SHAPES_TOLD]), *["..."] * (len(pairs) > SHAPES_TOLD)])


def _inks(*colors):
    from matplotlib.colors import LinearSegmentedColormap

    return LinearSegmentedColormap.from_list("seen", list(colors))
