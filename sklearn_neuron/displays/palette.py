"""How do the pictures look? One palette, how much of many samples is drawn, and legends that hide nothing.

Purple is class 1 (toxic) and yellow class 0; white is 0.5, and the deeper the colour the surer the neuron. The two
differ in lightness, so a grey print tells them apart, and each class has a marker of its own. The colours of further
classes are those of Okabe and Ito.

Reference: M. Okabe and K. Ito, Color universal design (2008), figure 16.
"""

from itertools import pairwise
from typing import Any

import numpy as np

from sklearn_neuron.displays.base import inches_across, styled
from sklearn_neuron.displays.names import plain, shortened

YELLOW = "#f2b50c"
PURPLE = "#5b2c83"
INK = "#262626"  # text, outlines, lines that matter
FAINT = "#8c8c8c"  # guides
GUIDE = {"color": FAINT, "linewidth": 1.2, "linestyle": (0, (4, 3)), "zorder": 1}
REMARK = "#5f5f5f"  # words that are the name of nothing
SMALL = 9  # points, the size of the legend's words
LETTER = 4.8  # points, about the width of one of its letters
LONGEST_NAME, SHORTEST_NAME = 40, 13  # of a class in a legend, of few and of many
CLASSES = (YELLOW, PURPLE, "#009e73", "#d55e00", "#56b4e9", "#cc79a7", "#0072b2", "#999933", "#882255", "#bbbbbb")
ABOVE: dict[str, Any] = {  # a legend, from its lower left corner
    "loc": "lower left",
    "bbox_to_anchor": (0, 1),
    "frameon": False,
    "fontsize": SMALL,
    "borderaxespad": 0.2,
    "borderpad": 0.2,
    "handlelength": 1.4,
    "handletextpad": 0.4,
    "columnspacing": 1.2,
    "labelspacing": 0.3,
}
MARKERS = ("o", "^", "s", "D", "v", "P", "X", "<", ">")  # nine, and ten colours: 90 pairs


def class_color(k) -> str:
    """Colour of class number k; after ten they come again, with other markers."""
    return CLASSES[k % len(CLASSES)]


def class_marker(k) -> str:
    """Marker of class number k; after nine they come again, in other colours."""
    return MARKERS[k % len(MARKERS)]


def longest_of(K) -> int:
    """Letters of a name in a legend of K classes: the fewer, the more there are, or the legend outgrows the picture."""
    return int(np.clip(4 * LONGEST_NAME // K, SHORTEST_NAME, LONGEST_NAME))


def belief_colormap() -> Any:
    """From sure of class 0 (yellow) over doubt (white, at 0.5) to sure of class 1 (purple)."""
    from matplotlib.colors import LinearSegmentedColormap

    return LinearSegmentedColormap.from_list("belief", ["#f4c02c", "#fbe7ae", "white", "#c3aed9", "#7d52a8"])


def weight_colormap() -> Any:
    """From against a class (amber) over nothing (white, in the middle) to for it (purple), deeper than beliefs."""
    from matplotlib.colors import LinearSegmentedColormap

    colors = ["#b87d00", "#f4c02c", "#fbe7ae", "white", "#c3aed9", "#7d52a8", "#41195f"]
    return LinearSegmentedColormap.from_list("weight", colors)


def marker_size(n) -> float:
    """Area of each of n markers, in square points: the more of them, the smaller."""
    return 36 * min(1.0, np.sqrt(300 / max(n, 1)))


def sample_style(k, name, n, given=None) -> dict[str, Any]:
    """Keyword arguments of Axes.scatter for the samples of class number k, if n of all classes are drawn.

    What the user says, in `given`, wins.
    """
    ours = {
        "color": class_color(k),
        "marker": class_marker(k),
        "s": marker_size(n),
        "label": plain(shortened(name, LONGEST_NAME)),
    }
    outline = {"edgecolor": INK, "linewidth": 0.6, "alpha": 0.9, "zorder": 3}
    return styled("collections.PathCollection", ours | outline, given)


def thinned(n, at_most, kinds=None) -> np.ndarray:
    """Numbers of samples to draw: all n, or if those are too many, some of every kind by chance, the same every time.

    Chance, and no stride: rows may stand in turns or in periods, of which a stride sees one phase alone. Every kind, as
    `kinds` of shape (n,) tells, keeps its part, and one sample at least where there is room. In order, without repeats.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn_neuron.displays.palette import thinned
    >>> rare = np.arange(1000) == 77
    >>> rows = thinned(1000, 50, rare)
    >>> len(rows), rare[rows].sum().item()
    (50, 1)
    """
    if n <= at_most:
        return np.arange(n)
    _, codes, counts = np.unique(np.zeros(n) if kinds is None else kinds, return_inverse=True, return_counts=True)
    shuffled = np.random.default_rng(0).permutation(n)
    by_kind = shuffled[np.argsort(codes[shuffled], kind="stable")]
    turn = np.arange(n) - np.repeat(np.cumsum(counts) - counts, counts)  # 0, 1, 2... within each kind
    chosen = np.argsort(turn / np.repeat(counts, counts), kind="stable")[:at_most]  # the first of every kind come first
    return np.sort(by_kind[chosen])


def evenly(n, at_most) -> np.ndarray:
    """Places of a curve to draw: all n, or if those are too many, some at even distances, both ends among them."""
    return np.arange(n) if n <= at_most else np.linspace(0, n - 1, at_most).astype(int)


def ever_rarer(n, at_most) -> np.ndarray:
    """Numbers of steps to draw: all n, or if those are too many, the first, the last, and ever fewer between.

    Examples
    --------
    >>> from sklearn_neuron.displays.palette import ever_rarer
    >>> print(ever_rarer(1001, 8))
    [   0    2    6   18   51  138  372 1000]
    """
    return np.arange(n) if n <= at_most else np.unique(np.geomspace(1, n, at_most).round().astype(int)) - 1


def if_thinned(n_drawn, n) -> list[str]:
    """What to say if not every sample is drawn, in a list; otherwise nothing."""
    return [f"{n_drawn:,} of {n:,} drawn"] if n_drawn < n else []


MOST_NAMED, LAST_NAMED, SOME = 40, 3, "some"  # artists in a legend, and those of them at its end


def legend_above(ax, title, remarks=()) -> Any:
    """A legend in rows between the data and the title, at the left, where nothing is hidden and nothing cut.

    Labelled artists of `ax` are named in it, of very many the first and the last; remarks come after them: further
    artists, or words in italics.
    """
    from matplotlib.collections import LineCollection
    from matplotlib.lines import Line2D

    words = {one: Line2D([], [], linestyle="none", label=one) for one in remarks if isinstance(one, str)}
    labelled = ax.get_legend_handles_labels()[0]
    if len(labelled) > MOST_NAMED:  # more leave no room for what they name
        words[SOME] = Line2D([], [], linestyle="none", label=f"… {len(labelled) - MOST_NAMED} more …")
        labelled = [*labelled[: MOST_NAMED - LAST_NAMED], words[SOME], *labelled[-LAST_NAMED:]]
    handles = [*labelled, *(words.get(one, one) for one in remarks)]
    names = [handle.get_label() for handle in handles]
    columns = _columns_that_fit(ax, names)
    ax.set_title(title, loc="left", pad=10 + 14 * -(-len(names) // columns))
    handlers = {LineCollection: _InAllColors()} | dict.fromkeys(words.values(), _WithoutSymbol())
    legend = ax.legend(handles, names, ncols=columns, handler_map=handlers, **ABOVE)
    for handle, text in zip(handles, legend.get_texts(), strict=True):
        if handle in words.values():
            text.set(color=REMARK, style="italic")
    return legend


class _WithoutSymbol:
    """Words of a legend that are the name of nothing begin at its left."""

    def legend_artist(self, legend, handle, fontsize, handlebox):
        """Leave no room for a symbol."""
        handlebox.width = 0
        return handle


class _InAllColors:
    """Lines of a legend that differ in colour."""

    def legend_artist(self, legend, handle, fontsize, handlebox):
        """One line, a piece of it in each of the colours."""
        from matplotlib.collections import LineCollection

        colors = np.unique(handle.get_colors(), axis=0)
        ends, middle = np.linspace(0, handlebox.width, len(colors) + 1), handlebox.height / 2
        pieces = [[(left, middle), (right, middle)] for left, right in pairwise(ends)]
        line = LineCollection(pieces, colors=colors, linewidths=handle.get_linewidths())
        handlebox.add_artist(line)
        return line


def _columns_that_fit(ax, names):
    """In how many columns the names are no wider than the axes; each is filled before the next."""
    room = inches_across(ax) * 72
    widths = [len(name) * LETTER + 27 for name in names]
    for columns in range(len(names), 1, -1):
        if sum(max(column) for column in np.array_split(widths, columns)) <= room:
            return columns
    return 1
