"""Why logarithms? The product of all probabilities sinks below what a float can hold; the sum of logarithms goes on.

The likelihood multiplies the plausibility of every truth::

    L = prod_i P(Y_i = y_i),        log L = sum_i log P(Y_i = y_i)

Each factor is less than 1, so the product shrinks with every sample until no float is small enough for it: first
digits are lost (below the smallest normal float), then it is 0 and says nothing any more, or it is stuck, for every
factor is rounded away. The logarithms of the same factors add up to a number of ordinary size.

Few samples, or very probable ones, leave a product that a float holds well. They are then taken again and again, as if
there were more like them, until it sinks; and where even a million factors do not get there, the picture says so.

Reference: D. Goldberg, What every computer scientist should know about floating-point arithmetic, ACM Computing Surveys
23 (1991), 5-48 (gradual underflow).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from sklearn.utils import column_or_1d

from sklearn_neuron.displays import palette
from sklearn_neuron.displays.base import Display, styled
from sklearn_neuron.displays.names import plain, shortened
from sklearn_neuron.homes.labels import codes_among
from sklearn_neuron.inspection.explanation import spoken

FLOATS = {"float32": palette.YELLOW, "float64": palette.PURPLE}
WIDTHS = {"float32": 5, "float64": 2}  # points, of the curves: they begin as one
FAR = 0.55  # of the picture, to the right: there is room for words above, but not beside
MOST_PLACES = 2000  # of a curve
FLOOR = 5e-324  # the smallest float64 above 0
DEPTH = 750  # nats: a product of this many is below it
MOST_FACTORS = 1_000_000  # to multiply, of samples that are taken again and again
LONGEST_CLASS = 20


@dataclass(kw_only=True, eq=False, repr=False)
class LikelihoodDisplay(Display):
    """The product of probabilities, in two kinds of floats, beside the sum of their logarithms.

    Parameters
    ----------
    log_probabilities : array-like of shape (n_samples,)
        Natural logarithm of the probability that the neuron gave to the truth of every sample, at most 0.
    codes : array-like of int of shape (n_samples,), default=None
        Class number of every truth; None: nothing is said of classes.
    class_names : sequence of str, default=()
        Names of the classes.

    Attributes
    ----------
    axes_, figure_ : ndarray of matplotlib Axes of shape (1, 2), and Figure
        Product and sum, after ever more samples.
    repeats_ : int
        How often all samples are taken, one round after another.
    products_ : list of matplotlib Line2D
        The product in float32 and in float64, as long as it is not 0.
    limits_ : list of matplotlib Line2D
        The smallest float32 and float64 with all digits.
    silences_ : list of matplotlib Annotation
        From which sample on a product is 0; none for one that is not.
    stuck_ : list of matplotlib Annotation
        From which sample on a product without digits is rounded back to what it was.
    sum_ : matplotlib Line2D
        The sum of logarithms.
    total_ : matplotlib Annotation
        What it comes to when every sample was taken once, and which class costs most.

    See Also
    --------
    LogLossDisplay : The logarithms, each by itself.

    Examples
    --------
    >>> from sklearn_neuron import SigmoidNeuronClassifier
    >>> from sklearn_neuron.datasets import make_toxic_plants
    >>> from sklearn_neuron.displays import LikelihoodDisplay
    >>> plants = make_toxic_plants(n_samples=3000, random_state=0)
    >>> neuron = SigmoidNeuronClassifier().fit(plants.data, plants.target)
    >>> display = LikelihoodDisplay.from_estimator(neuron, plants.data, plants.target)
    >>> [silence.get_text() for silence in display.silences_]
    ['0 from sample 278 on', '0 from sample 1,724 on']
    """

    log_probabilities: Any
    codes: Any = None
    class_names: Sequence[str] = ()

    @classmethod
    def from_estimator(cls, estimator, X, y, *, class_names=None, ax=None, line_kwargs=None) -> Self:
        """Ask a fitted neuron how plausible the truths are, and multiply.

        Parameters
        ----------
        y : array-like of shape (n_samples,)
            Class labels. What counts is the probability that `predict_proba` gives to each.

        Raises
        ------
        ValueError
            If the data do not fit the neuron.
        """
        subject = cls._subject_of(estimator)
        logs = -subject.losses(subject.sees(X), y)
        codes, names = codes_among(subject.neuron.classes_, column_or_1d(y)), subject.class_names(class_names)
        display = cls(log_probabilities=logs, codes=codes, class_names=names)
        return display.plot(ax, line_kwargs=line_kwargs)

    def plot(self, ax=None, *, line_kwargs=None) -> Self:
        """Draw product and sum.

        Raises
        ------
        ValueError
            If there is no sample, or a probability is above 1 or 0.
        """
        logs = self._checked()
        self._divide(ax, 1, 2, (9.6, 4.2))
        self.repeats_ = _repeats(logs)
        taken = np.tile(logs, self.repeats_)
        multiplied = {kind: products(taken, kind).astype(np.float64) for kind in FLOATS}
        seen = _seen(multiplied["float64"])
        self._draw_products(multiplied, seen, len(logs), line_kwargs)
        self._draw_sum(taken, len(logs), line_kwargs)
        self._name(seen, len(logs), multiplied["float64"][-1])
        return self

    def _checked(self):
        logs = np.asarray(self.log_probabilities, dtype=np.float64)
        if logs.ndim != 1 or not logs.size or not ((logs <= 0) & np.isfinite(logs)).all():
            raise ValueError(
                "log_probabilities must be finite logarithms of probabilities, at most 0, of one sample at least; "
                f"got shape {logs.shape}, from {logs.min(initial=np.inf):g} to {logs.max(initial=-np.inf):g}."
            )
        return logs

    def _draw_products(self, multiplied, seen, n, given):
        self.products_, self.limits_, self.silences_, self.stuck_ = [], [], [], []
        for kind in FLOATS:
            self._draw_product(kind, multiplied[kind], n, given)
            self._draw_limit(kind, multiplied[kind], seen)
            self._draw_end(kind, multiplied[kind], seen)

    def _draw_product(self, kind, product, n, given):
        alive = int(np.count_nonzero(product))
        ours = {"color": FLOATS[kind], "linewidth": WIDTHS[kind], "label": f"in {kind}", "solid_capstyle": "butt"}
        places = np.union1d(palette.evenly(alive, MOST_PLACES), min(n, alive) - 1) if alive else np.arange(0)
        self.products_ += self._panel(0).plot(places + 1, product[places], **styled("lines.Line2D", ours, given))

    def _draw_limit(self, kind, product, seen):
        """The smallest float that has all its digits, if the product comes below it."""
        smallest = float(np.finfo(kind).smallest_normal)
        above = int((product >= smallest).sum())
        if above == len(product):
            return
        panel = self._panel(0)
        self.limits_.append(panel.axhline(smallest, color=palette.FAINT, linewidth=1.2, linestyle=(0, (4, 3))))
        far = above > seen / 2  # the curve comes down at the right: there is room at the left
        place = {"xytext": (4, 3), "ha": "left"} if far else {"xytext": (0, 3), "ha": "right"}
        style = {"textcoords": "offset points", "fontsize": palette.SMALL, "color": palette.INK}
        style["xycoords"] = panel.get_yaxis_transform()
        panel.annotate(f"{kind} loses digits below", (0 if far else 1, smallest), **place, **style)

    def _draw_end(self, kind, product, seen):
        """A cross where a product is not 0 for the last time, or from where it stays as it is, and words."""
        alive, color = int(np.count_nonzero(product)), FLOATS[kind]
        if alive < len(product):
            beside = {"xytext": (9, 5), "textcoords": "offset points", "ha": "left"}
            place, words = (alive, product[alive - 1] if alive else 1.0), f"0 from sample {alive + 1:,} on"
            self.silences_.append(self._tell_end(place, words, None if alive > FAR * seen else beside, color))
        elif product[-1] < np.finfo(kind).smallest_normal:
            self._tell_stuck(product, seen, color)

    def _tell_stuck(self, product, seen, color):
        start = len(product) - int(np.argmax(np.append(product[::-1] != product[-1], True))) + 1
        if start == len(product):
            return
        far = start > FAR * seen
        beneath = {"xytext": (1, -6), "textcoords": ("axes fraction", "offset points"), "ha": "right"}
        words = f"stuck at {product[-1]:.2g}{chr(10) if far else ' '}from sample {start:,} on"
        self.stuck_.append(self._tell_end((start, product[-1]), words, None if far else beneath, color))

    def _tell_end(self, place, words, beside, color):
        """A cross at a place, and words: where they are told to be or, without that, above with an arrow."""
        cross = {"color": color, "markeredgecolor": palette.INK, "markersize": 8, "zorder": 4, "clip_on": False}
        self._panel(0).plot(*place, "X", **cross)
        above = {"xytext": (1, 0.72), "textcoords": "axes fraction", "ha": "right"}
        arrow = {"arrowstyle": "->", "color": palette.FAINT, "linewidth": 1.2, "shrinkB": 7, "relpos": (0.85, 0)}
        style = {"va": "top", "color": palette.INK, "bbox": {"facecolor": "white", "edgecolor": "none", "pad": 1}}
        return self._panel(0).annotate(words, place, **(beside or above | {"arrowprops": arrow}), **style)

    def _draw_sum(self, logs, n, given):
        total = np.cumsum(logs)
        ours = {"color": palette.INK, "linewidth": 2, "label": "in float64"}
        places = np.union1d(palette.evenly(len(logs), MOST_PLACES), n - 1)
        (self.sum_,) = self._panel(1).plot(places + 1, total[places], **styled("lines.Line2D", ours, given))
        words = f"log L = {_nats(total[n - 1])}" + " of all, once" * (self.repeats_ > 1)
        place = {"xytext": (0, -7), "ha": "right", "va": "top"}
        if self.repeats_ > 1:  # the curve goes on, to the right and down
            self._panel(1).plot(n, total[n - 1], "o", color=palette.INK, markersize=5)
            place = {"xytext": (7, 2), "ha": "left", "va": "bottom"}
        style = place | {"textcoords": "offset points", "color": palette.INK}
        self.total_ = self._panel(1).annotate("\n".join([words, *self._dearest(logs[:n])]), (n, total[n - 1]), **style)

    def _dearest(self, logs):
        """Whose truths cost most, in a list; nothing if nobody knows."""
        if self.codes is None or not logs.any():
            return []
        costs = np.bincount(self.codes, weights=-logs)
        k = int(costs.argmax())
        return [plain(f"{_nats(-costs[k])} of it for {shortened(spoken(self.class_names[k]), LONGEST_CLASS)}")]

    def _lowest(self):
        """Lower end of the products' axis: a little beyond all that is drawn, and still a float."""
        lowest = float(min(line.get_ydata()[-1] for line in self.products_ + self.limits_ if len(line.get_ydata())))
        return max(0.5 * lowest**1.05, FLOOR)

    def _panel(self, number):
        return self.axes_[0, number]

    def _name(self, seen, n, last):
        product, total = self.axes_[0]
        product.set(yscale="log", ylabel="product of probabilities L", ylim=(self._lowest(), 10))
        total.set(ylabel="sum of logarithms log L (nats)", ymargin=0.18)
        total.yaxis.set_major_formatter("{x:,.10g}")
        label = f"samples, all {n:,} of them {self.repeats_:,} times over" if self.repeats_ > 1 else "samples"
        for panel, until in ((product, seen), (total, n * self.repeats_)):
            panel.set(xlabel=label, xlim=(0, 1.03 * until))
            panel.xaxis.set_major_formatter("{x:,.0f}")
            panel.xaxis.get_major_locator().set_params(integer=True, nbins=6)
            panel.spines[["top", "right"]].set_visible(False)
            panel.spines["bottom"].set_position(("outward", 10))
        titles = "The product of probabilities sinks...", "... the sum of their logarithms goes on"
        if last >= np.finfo(np.float64).smallest_normal:
            titles = f"The product has not sunk: it is about {last:.3g}", "The sum of the logarithms"
        for panel, title in zip((product, total), titles, strict=True):
            palette.legend_above(panel, title)


def _nats(number):
    """A sum of logarithms, with a true minus."""
    return (f"{number:,.1f}" if number <= -1 else f"{number:z.3g}").replace("-", "−")


def _repeats(logs):
    """How often to take all samples until their product is below all floats; once if it never comes so far."""
    depth = -float(logs.sum())
    if depth >= DEPTH or depth * MOST_FACTORS < 2 * DEPTH * len(logs):
        return 1
    return int(np.ceil(DEPTH / depth)) + 1  # once more, for a product gets stuck before 0 until a factor is below 1/2


def _seen(product):
    """How many samples to show of a product: all, or if it dies early, a silence twice as long as its life."""
    alive = int(np.count_nonzero(product))
    return len(product) if alive == len(product) else min(len(product), 3 * max(alive, 1))


def products(log_probabilities, dtype) -> np.ndarray:
    """Product of the first 1, 2, 3... probabilities, shape (n,), as floats of that dtype compute it: 0 from somewhere.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn_neuron.displays.likelihood import products
    >>> products(np.log([0.5, 0.5, 1e-50]), "float32")
    array([0.5 , 0.25, 0.  ], dtype=float32)
    """
    with np.errstate(under="ignore"):
        return np.multiply.accumulate(np.exp(log_probabilities).astype(dtype))
