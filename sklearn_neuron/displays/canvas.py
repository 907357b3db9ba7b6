"""Axes to draw on in inches, with lines and words that are zoomed with them; and how wide words are."""

from typing import Any, NamedTuple

import numpy as np

from sklearn_neuron.displays import palette
from sklearn_neuron.displays.base import styled

WORDS = 12.5  # points
ZOOMED = ("linewidth", "fontsize", "mutation_scale")  # sizes that the picture takes along


class Canvas(NamedTuple):
    """Axes on which places are inches of a picture that is not zoomed, and sizes are points of it."""

    ax: Any
    zoom: float
    nodes: dict[str, Any] | None = None  # the user's style of circles,
    lines: dict[str, Any] | None = None  # of weighted lines
    texts: dict[str, Any] | None = None  # and of words

    def _styled(self, artist, ours, given=None):
        zoomed = {name: self.zoom * value if name in ZOOMED else value for name, value in ours.items()}
        return styled(artist, zoomed, given)

    def disc(self, x, y, radius, **ours) -> Any:
        """A node."""
        from matplotlib.patches import Circle

        ours = {"facecolor": "white", "edgecolor": palette.INK, "linewidth": 1.5, "zorder": 3} | ours
        return self.ax.add_patch(Circle((x, y), radius, **self._styled("patches.Circle", ours, self.nodes)))

    def box(self, x, y, width, height, **ours) -> Any:
        """A rectangle, from its lower left corner."""
        from matplotlib.patches import Rectangle

        ours = {"facecolor": "white", "edgecolor": palette.INK, "linewidth": 1.5, "zorder": 3} | ours
        return self.ax.add_patch(
            Rectangle((x, y), width, height, **self._styled("patches.Rectangle", ours, self.nodes))
        )

    def line(self, x, y, **ours) -> Any:
        """A weighted line, behind the nodes."""
        ours = {"solid_capstyle": "butt", "zorder": 1} | ours
        return self.ax.plot(x, y, **self._styled("lines.Line2D", ours, self.lines))[0]

    def stroke(self, x, y, **ours) -> Any:
        """A line inside a node."""
        ours = {"solid_capstyle": "round", "zorder": 4} | ours
        return self.ax.plot(x, y, **self._styled("lines.Line2D", ours))[0]

    def words(self, x, y, text, size=WORDS, **ours) -> Any:
        """Words around a place."""
        ours = {"fontsize": size, "ha": "center", "va": "center", "color": palette.INK, "zorder": 5} | ours
        return self.ax.text(x, y, text, **self._styled("text.Text", ours, self.texts))

    def arrow(self, start, end, text) -> Any:
        """An arrow to the right at height 0, with words above."""
        from matplotlib.patches import FancyArrowPatch

        style = {"arrowstyle": "-|>", "mutation_scale": 15, "shrinkA": 0, "shrinkB": 0, "zorder": 2}
        style = self._styled("patches.FancyArrowPatch", style | {"color": palette.INK, "linewidth": 1.6})
        self.ax.add_patch(FancyArrowPatch((start, 0), (end, 0), **style))
        return self.words((start + end) / 2, 0.1, text, fitting(text, end - start - 0.06), va="bottom")

    def shade(self, disc) -> None:
        """Fill a node with all beliefs, from sure of the other class below to sure of this one above."""
        (x, y), radius = disc.center, disc.radius
        style = {"cmap": palette.belief_colormap(), "origin": "lower", "aspect": "equal", "zorder": 2.9}
        style["extent"] = (x - radius, x + radius, y - radius, y + radius)
        self.ax.imshow(np.linspace(0, 1, 256)[:, None], interpolation="bilinear", **style).set_clip_path(disc)


def room_of(ax) -> Any:
    """The box, in pixels, that axes have without ticks; the figure's layout may not have been asked yet."""
    ax.axis("off")
    engine = ax.figure.get_layout_engine()
    if engine is not None:
        engine.execute(ax.figure.figure)
    return ax.bbox


def width_of(text, size=WORDS) -> float:
    """Width of words in inches, as they are drawn: the longest line."""
    from matplotlib.figure import Figure

    words = Figure().text(0, 0, text, size=size)
    return words.get_window_extent().width / words.figure.dpi


def fitting(text, room, size=WORDS) -> float:
    """The size of words, in points, at which they are no wider than the room, in inches."""
    return size * min(1.0, room / width_of(text, size))


def brief(number) -> str:
    """A number in three digits, with a true minus.

    Examples
    --------
    >>> from sklearn_neuron.displays.canvas import brief
    >>> [brief(number) for number in (0.74981, 1234.5, 2.5e7, 0.0)]
    ['0.75', '1234', '2.5e7', '0']
    """
    size = abs(number)
    if size == 0 or 1e-3 <= size < 999.5:
        text = f"{number:z.3g}"
    elif 999.5 <= size < 99999.5:
        text = f"{number:.0f}"
    else:
        mantissa, exponent = f"{number:.1e}".split("e")
        text = f"{mantissa.removesuffix('.0')}e{int(exponent)}"
    return text.replace("-", "\u2212")
