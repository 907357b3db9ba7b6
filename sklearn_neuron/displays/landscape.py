"""Where does it walk? J over two parameters, a landscape with one valley, and the path that the neuron took.

A neuron has more parameters than a picture has directions, a layer still more. Two are chosen, and the others move with
them, in a plane through start, end and minimum (see :mod:`~sklearn_neuron.displays.tilted_plane`). What is drawn is J
itself on this plane, of all examples, penalty and weights included. Start and end stand on it. Between them the path
may leave it: a point that is seen from above on a ground of another height wears the colour of its own J.

Plain descent is slow where the valley is long and narrow. In whitened coordinates ``u = L' theta``, with ``H = L L'``
the Hessian of J, the same J is round at its floor, and the steepest way down is the way to go.

Reference: J. Nocedal and S. J. Wright, Numerical Optimization (2nd ed., 2006), section 2.2 (scaling), figure 2.7.
"""

from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from sklearn_neuron.displays import palette
from sklearn_neuron.displays.base import Display, styled
from sklearn_neuron.displays.ground import GRID
from sklearn_neuron.displays.names import plain, shortened
from sklearn_neuron.displays.valley import Landscape, Valley, counted

LEVELS = 14
LONGEST_NAME, LONGEST_CLASS = 48, 20  # beside an axis, in a title
TICKS = 5  # beneath the axes, or their numbers run into each other
MARKED = 30  # steps at most, ever rarer
COORDINATES = ("raw", "whitened", "both")
KINDS = ("contour", "surface")


@dataclass(kw_only=True, eq=False, repr=False)
class LossLandscapeDisplay(Display):
    """The valley of J over two parameters, with the path walked into it.

    Parameters
    ----------
    landscapes : list of Landscape
        One, or several side by side.

    Attributes
    ----------
    axes_, ax_, figure_ : ndarray of matplotlib Axes of shape (1, n_landscapes), its first, and their Figure
        Where it is drawn.
    grounds_ : list of matplotlib QuadContourSet or Poly3DCollection
        J, from above or as a surface.
    paths_ : list of matplotlib Line2D or Line3D
        Paths, and those on a sample of the examples after them; none where none is drawn.
    own_heights_ : list of matplotlib PathCollection
        Points of paths that leave the plane, in the colours of their own J.
    starts_, ends_ : list of matplotlib Line2D or Line3D
        Where each path begins; where the neuron ended.
    colorbars_ : list of matplotlib Colorbar
        What the colours of contours mean; none beside a surface.
    legend_ : matplotlib Legend
        Names of what is drawn, in the first landscape.

    See Also
    --------
    LossCurveDisplay : How high it stood at every step.

    Examples
    --------
    >>> from sklearn_neuron import SigmoidNeuronClassifier
    >>> from sklearn_neuron.datasets import make_toxic_plants
    >>> from sklearn_neuron.displays import LossLandscapeDisplay
    >>> plants = make_toxic_plants(random_state=0)
    >>> neuron = SigmoidNeuronClassifier(record="path").fit(plants.data, plants.target)
    >>> display = LossLandscapeDisplay.from_estimator(neuron, plants.data, plants.target)
    >>> len(display.landscapes[0].path)  # the start, and three steps
    4
    """

    landscapes: list[Landscape]

    @classmethod
    def from_estimator(
        cls,
        estimator,
        X,
        y,
        *,
        sample_weight=None,
        parameters=None,
        coordinates="raw",
        path=True,
        kind="contour",
        class_of_interest=None,
        feature_names=None,
        class_names=None,
        ax=None,
        ground_kwargs=None,
        path_kwargs=None,
    ) -> Self:
        """Look at J around the path of a fitted neuron.

        Parameters
        ----------
        X : {array-like, sparse matrix} of shape (n_samples, n_features)
            Examples that it learned from. If their J is not what the fit recorded, theirs is drawn, and it is said.
        parameters : pair of int or str, default=None
            Two parameters, by the number or name of a feature, or "bias". None are the weights of the two features of
            largest weight times spread; of one feature, its weight and the bias.
        coordinates : {"raw", "whitened", "both"}, default="raw"
            "raw" are the units of X. "whitened" is the same plane with the curvature of J as its measure, in which J is
            round at its floor: along one of the parameters, and along the other at right angles to it. "both" draws
            them side by side.
        path : bool, default=True
            Whether to draw the path; it must have been recorded, with ``record="path"``.
        kind : {"contour", "surface"}, default="contour"
            From above, or in three dimensions.
        class_of_interest : label, default=None
            Whose neuron, if there are more than two classes; of a layer, whose weights.
        ax : matplotlib Axes, default=None
            Axes to draw on, three-dimensional for a surface; several landscapes divide them. None makes a figure.
        ground_kwargs : dict, default=None
            Style of J (Axes.contourf, or Axes3D.plot_surface).
        path_kwargs : dict, default=None
            Style of the path (Line2D).

        Raises
        ------
        ValueError
            If the path was not recorded, there are no such parameters, or an option is unknown.
        """
        subject = cls._subject_of(estimator)
        _check_option("coordinates", coordinates, COORDINATES)
        k = subject.column(class_of_interest)
        valley = Valley.of(subject, *counted(X, y, sample_weight), class_of_interest, path)
        features, landscapes = subject.feature_names(feature_names), []
        two = valley.positions(
            parameters, [*features, *["bias"] * subject.neuron.fit_intercept], k if subject.is_layer else 0
        )
        plane, names = valley.plane(two), [*(f"weight of {name}" for name in features), "bias b"]
        across, up = (names[j % (len(features) + subject.neuron.fit_intercept)] for j in two)
        if coordinates != "whitened":
            title = f"The valley of J{_whose(subject, class_of_interest, class_names)}"
            landscapes.append(valley.over(plane, (across, up), title))
        if coordinates != "raw":
            whitened = f"whitened {across}", f"whitened {up}, without the other"
            landscapes.append(valley.over(plane.whitened(), whitened, "The same valley, whitened", is_whitened=True))
        return cls(landscapes=landscapes).plot(ax, kind=kind, ground_kwargs=ground_kwargs, path_kwargs=path_kwargs)

    def plot(self, ax=None, *, kind="contour", ground_kwargs=None, path_kwargs=None) -> Self:
        """Draw the landscapes.

        Raises
        ------
        ValueError
            If `kind` is unknown, or a surface is to be drawn on flat axes.
        """
        _check_option("kind", kind, KINDS)
        self._make_axes(ax, kind == "contour")
        draw_ground = self._draw_contours if kind == "contour" else self._draw_surface
        for landscape, panel in zip(self.landscapes, self.axes_[0], strict=True):
            draw_ground(panel, landscape, ground_kwargs)
            self._draw_path(panel, landscape, kind == "surface", path_kwargs)
            across, up = (plain(shortened(name, LONGEST_NAME)) for name in landscape.names)
            panel.set(xlabel=across, ylabel=up)
            if landscape.is_whitened:
                panel.set_aspect("equal")
            palette.legend_above(panel, plain(landscape.title), landscape.remarks)
        self.legend_ = self.ax_.get_legend()
        return self

    def _make_axes(self, ax, flat):
        count = len(self.landscapes)
        self.grounds_, self.colorbars_, self.paths_, self.own_heights_, self.starts_, self.ends_ = (
            [] for _ in range(6)
        )
        if not flat and ax is not None and (count > 1 or not hasattr(ax, "get_zlim")):
            raise ValueError(
                "A surface needs three-dimensional axes of its own: pass ax=plt.subplot(projection='3d') for one "
                "landscape, or leave ax=None."
            )
        if not flat and ax is None:
            self._make_solid_axes(count)
        elif count > 1:
            self._divide(ax, 1, count, (6.2 * count, 4.8))
        else:
            self._place(ax)
            self.axes_ = np.array([[self.ax_]])
        self.ax_ = self.axes_[0, 0]

    def _make_solid_axes(self, count):
        import matplotlib.pyplot as plt

        self.figure_ = plt.figure(figsize=(6.4 * count, 5.4), layout="constrained")
        solid = {"projection": "3d", "computed_zorder": False}  # what is drawn last is in front
        self.axes_ = self.figure_.subplots(1, count, squeeze=False, subplot_kw=solid)

    def _draw_contours(self, panel, landscape, given):
        levels, ours = _colors(landscape)
        where = landscape.x, landscape.y, landscape.loss
        self.grounds_.append(panel.contourf(*where, **(ours | {"levels": levels, "extend": "max"} | (given or {}))))
        panel.locator_params(axis="x", nbins=TICKS)
        panel.contour(*where, levels=levels, colors=palette.PURPLE, linewidths=0.5, alpha=0.4)
        bar = panel.figure.colorbar(self.grounds_[-1], ax=panel, label="J (nats)", ticks=levels[::3], format="%.3g")
        self.colorbars_.append(bar)

    def _draw_surface(self, panel, landscape, given):
        _, ours = _colors(landscape)
        ours |= {"linewidth": 0, "alpha": 0.85, "zorder": 1}
        ours |= {"rcount": GRID, "ccount": GRID, "antialiased": False}  # or its seams show
        self.grounds_.append(panel.plot_surface(landscape.x, landscape.y, landscape.loss, **(ours | (given or {}))))
        panel.set_zlabel("J (nats)", labelpad=10)
        panel.xaxis.labelpad = panel.yaxis.labelpad = 8
        panel.set_box_aspect(None, zoom=0.9)
        panel.view_init(elev=34, azim=-62)

    def _draw_path(self, panel, landscape, solid, given):
        if landscape.path is not None:
            places = np.column_stack([landscape.path, *([landscape.heights] if solid else [])])
            self._draw_steps(panel, landscape, places, given)
            hollow = {"color": palette.INK, "markerfacecolor": "white", "markersize": 8, "zorder": 5, "label": "start"}
            if landscape.leaves_the_plane and not solid:
                hollow["markerfacecolor"] = self._draw_own_heights(panel, landscape)
            self.starts_ += panel.plot(*places[:1].T, "o", **hollow)
        star = {"color": palette.YELLOW, "markeredgecolor": palette.INK, "markersize": 14, "zorder": 6}
        star["label"] = "kept, the best seen" if landscape.is_elsewhere else "end"
        self.ends_ += panel.plot(*([value] for value in landscape.end[: 3 if solid else 2]), "*", **star)

    def _draw_steps(self, panel, landscape, places, given):
        """The path on all examples and, before it, that on a sample of them."""
        first = 0 if landscape.on_all is None else int(np.argmax(landscape.on_all))
        self._draw_line(panel, places[first:], f"the path, {len(places) - 1 - first:,} steps", "-", given)
        if first:
            self._draw_line(panel, places[: first + 1], f"{first:,} steps on a sample", ":", given)

    def _draw_line(self, panel, places, label, linestyle, given):
        ours = {"color": palette.INK, "linewidth": 1.6, "marker": ".", "markersize": 5, "zorder": 4}
        ours |= {"markevery": palette.ever_rarer(len(places), MARKED).tolist(), "label": label, "linestyle": linestyle}
        self.paths_ += panel.plot(*places.T, **styled("lines.Line2D", ours, given))

    def _draw_own_heights(self, panel, landscape):
        """Points of the path in the colours of their own J; returns that of the start."""
        marked = palette.ever_rarer(len(landscape.path), MARKED)
        colors = {"cmap": self.grounds_[-1].cmap, "norm": self.grounds_[-1].norm}
        style = {"s": 26, "edgecolor": palette.INK, "linewidth": 0.8, "zorder": 4.5, "label": "own J at each step"}
        at = landscape.path[marked]
        self.own_heights_.append(panel.scatter(*at.T, c=landscape.heights[marked], **colors, **style))
        return colors["cmap"](colors["norm"](landscape.heights[0]))


def _whose(subject, class_of_interest, class_names):
    """Of which neuron J is, if there are several; of a layer, whose weights it is over."""
    names, k = subject.class_names(class_names), subject.column(class_of_interest)
    which = ", of the layer, over weights of" if subject.is_layer else ", of the neuron for"
    return f"{which} {shortened(names[k], LONGEST_CLASS)}" if len(names) > 2 else ""


def _colors(landscape) -> tuple[np.ndarray, dict[str, Any]]:
    """Heights of contours, from the floor up and closest together there, where the valley shows; each step a colour."""
    from matplotlib.colors import BoundaryNorm, LinearSegmentedColormap

    floor = min(landscape.loss.min(), landscape.end[2])
    rise = np.quantile(landscape.loss, 0.98) - floor
    levels = floor + np.append(0, np.geomspace(1e-3, 1, LEVELS)) * max(rise, 1e-12)
    colormap = LinearSegmentedColormap.from_list("ground", ["white", "#e6dcef", "#b79bcf", palette.PURPLE])
    return levels, {"cmap": colormap, "norm": BoundaryNorm(levels, 256, extend="max")}


def _check_option(name, value, options):
    if value not in options:
        raise ValueError(f"{name} must be one of {list(options)}; got {value!r}.")
