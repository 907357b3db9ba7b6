"""Where does it walk? J over two parameters, a landscape with one valley, and the path that the neuron took.

A neuron has more parameters than a picture has directions. Two are chosen; the others stand at their optimum for these
two: with H the Hessian of J at the learned parameters, s the chosen ones and o the others, they move by ::

    d theta_o  =  -H_oo^-1 H_os  d theta_s

as one moves in the picture, which is where J is lowest, exactly so for a parabola. What is drawn is J itself on the
plane that this makes, penalty and weights of examples included, and the path is seen from above: its shadow on that
plane.

Plain descent is slow where the valley is long and narrow. In whitened coordinates ``u = L' theta``, with ``H = L L'``,
the same J is round at its floor, and the steepest way down is the way to go.

Reference: J. Nocedal and S. J. Wright, Numerical Optimization (2nd ed., 2006), section 2.2 (scaling) and figure 2.7.
"""

from typing import Any, NamedTuple

import numpy as np
from sklearn.utils import check_consistent_length

from sklearn_neuron._sklearn import check_matplotlib_support
from sklearn_neuron.coordinates import Whitened
from sklearn_neuron.displays import palette
from sklearn_neuron.moments import moments
from sklearn_neuron.subject import subject_of

MARGIN = 0.25  # of the range, around path and floor
GRID = 61  # values of J along each side
LEVELS = 14
NEWTON_STEPS = 8  # in the plane, to have its floor in the view
MOST_EXAMPLES = 20_000  # of which J is the mean
MOST_NUMBERS = 4_000_000  # scores side by side
MOST_PARAMETERS = 1_000  # whose Hessian is formed
MARKED = 30  # steps at most, ever rarer
COORDINATES = ("raw", "whitened", "both")
KINDS = ("contour", "surface")


class Landscape(NamedTuple):
    """J over a plane, and a path on it."""

    x: np.ndarray  # (columns,)
    y: np.ndarray  # (rows,)
    loss: np.ndarray  # (rows, columns), in nats
    end: tuple[float, float, float]  # where the neuron ended, or the best place that it saw, and J there
    path: np.ndarray | None  # (steps, 2)
    heights: np.ndarray | None  # (steps,) J along the path
    names: tuple[str, str]
    title: str
    remark: str = ""  # small print
    is_whitened: bool = False  # and as wide as high


class LossLandscapeDisplay:
    """The valley of J over two parameters, with the path walked into it.

    Parameters
    ----------
    landscapes : list of Landscape
        One, or several side by side.

    Attributes
    ----------
    ax_ : matplotlib Axes
        Axes drawn on, of the first landscape.
    axes_ : ndarray of matplotlib Axes of shape (1, n_landscapes)
        All of them.
    figure_ : matplotlib Figure
        Their figure.
    grounds_ : list of matplotlib QuadContourSet or Poly3DCollection
        J, from above or as a surface.
    paths_ : list of matplotlib Line2D or Line3D
        Paths; none where none is drawn.
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
    >>> len(display.landscapes[0].path)  # the start, and four steps
    5
    """

    def __init__(self, *, landscapes):
        self.landscapes = landscapes

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
        ax=None,
        ground_kwargs=None,
        path_kwargs=None,
    ):
        """Look at J around the path of a fitted neuron.

        Parameters
        ----------
        estimator : SigmoidNeuronClassifier, Pipeline that ends with one, or search over one of these
            Fitted.
        X : {array-like, sparse matrix} of shape (n_samples, n_features)
            Examples that it learned from.
        y : array-like of shape (n_samples,)
            Their class labels.
        sample_weight : array-like of shape (n_samples,), default=None
            Their weights.
        parameters : pair of int or str, default=None
            Two parameters, by the number or name of a feature, or "bias". None are the weights of the two features of
            largest weight times spread; of one feature, its weight and the bias.
        coordinates : {"raw", "whitened", "both"}, default="raw"
            "raw" are the units of X. "whitened" are coordinates u, in which J is round at its floor: each is one of the
            parameters, and what those after it have in common with it. "both" draws them side by side.
        path : bool, default=True
            Whether to draw the path; it must have been recorded, with ``record="path"``.
        kind : {"contour", "surface"}, default="contour"
            From above, or in three dimensions.
        class_of_interest : label, default=None
            Whose neuron, if there are more than two classes.
        feature_names : sequence of str, default=None
            Names of the features; None are those that the estimator knows.
        ax : matplotlib Axes, default=None
            Axes to draw on, three-dimensional for a surface; for "both" they are divided. None makes a figure.
        ground_kwargs : dict, default=None
            Style of J (Axes.contourf, or Axes3D.plot_surface).
        path_kwargs : dict, default=None
            Style of the path (Line2D).

        Returns
        -------
        LossLandscapeDisplay

        Raises
        ------
        ValueError
            If the path was not recorded, there are no such parameters, or an option is unknown.
        """
        check_matplotlib_support(f"{cls.__name__}.from_estimator")
        _check_option("coordinates", coordinates, COORDINATES)
        check_consistent_length(X, y)
        seen = Seen.of(estimator, X, y, sample_weight, class_of_interest, path)
        names = [*seen.subject.feature_names(feature_names), "bias"][: len(seen.weights)]
        two = _positions(parameters, names, seen)
        wanted = ("raw", "whitened") if coordinates == "both" else (coordinates,)
        landscapes = [seen.landscape(two, names, whitened=one == "whitened") for one in wanted]
        return cls(landscapes=landscapes).plot(ax, kind=kind, ground_kwargs=ground_kwargs, path_kwargs=path_kwargs)

    def plot(self, ax=None, *, kind="contour", ground_kwargs=None, path_kwargs=None):
        """Draw the landscapes.

        Parameters
        ----------
        ax : matplotlib Axes, default=None
            Axes to draw on, three-dimensional for a surface; several landscapes divide them. None makes a figure.
        kind : {"contour", "surface"}, default="contour"
            From above, or in three dimensions.
        ground_kwargs : dict, default=None
            Style of J (Axes.contourf, or Axes3D.plot_surface).
        path_kwargs : dict, default=None
            Style of the path (Line2D).

        Returns
        -------
        LossLandscapeDisplay
            The display itself.

        Raises
        ------
        ValueError
            If `kind` is unknown, or a surface is to be drawn on flat axes.
        """
        check_matplotlib_support(f"{type(self).__name__}.plot")
        _check_option("kind", kind, KINDS)
        self.figure_, self.axes_ = self._make_axes(ax, kind)
        self.ax_ = self.axes_[0, 0]
        self.grounds_, self.paths_, self.starts_, self.ends_, self.colorbars_ = [], [], [], [], []
        ground = self._draw_contours if kind == "contour" else self._draw_surface
        for landscape, panel in zip(self.landscapes, self.axes_[0], strict=True):
            ground(panel, landscape, ground_kwargs)
            self._draw_path(panel, landscape, kind == "surface", path_kwargs)
            panel.set(xlabel=landscape.names[0], ylabel=landscape.names[1])
            if landscape.is_whitened:
                panel.set_aspect("equal")
            remarks = [landscape.remark] if landscape.remark else []
            palette.legend_above(panel, landscape.title, remarks)
        self.legend_ = self.ax_.get_legend()
        return self

    def _make_axes(self, ax, kind):
        import matplotlib.pyplot as plt

        count, flat = len(self.landscapes), kind == "contour"
        if not flat and ax is not None and (count > 1 or not hasattr(ax, "get_zlim")):
            raise ValueError(
                "A surface needs three-dimensional axes of its own: pass ax=plt.subplot(projection='3d') for one "
                "landscape, or leave ax=None."
            )
        if count == 1 and (flat or ax is not None):
            figure, ax = palette.axes(ax)
            return figure, np.array([[ax]])
        if flat:
            return palette.panels(ax, 1, count, (6.2 * count, 4.8))
        figure = plt.figure(figsize=(6.4 * count, 5.4), layout="constrained")
        solid = {"projection": "3d", "computed_zorder": False}  # what is drawn last is in front
        return figure, figure.subplots(1, count, squeeze=False, subplot_kw=solid)

    def _draw_contours(self, panel, landscape, given):
        levels = _levels(landscape)
        ours = {"levels": levels, "cmap": _ground_colormap(), "norm": _by_level(levels), "extend": "max"}
        x, y, loss = landscape.x, landscape.y, landscape.loss
        self.grounds_.append(panel.contourf(x, y, loss, **(ours | (given or {}))))
        panel.contour(x, y, loss, levels=levels, colors=palette.PURPLE, linewidths=0.5, alpha=0.4)
        bar = panel.figure.colorbar(self.grounds_[-1], ax=panel, label="J (nats)", ticks=levels[::3], format="%.3g")
        self.colorbars_.append(bar)

    def _draw_surface(self, panel, landscape, given):
        levels = _levels(landscape)
        x, y = np.meshgrid(landscape.x, landscape.y)
        ours = {"cmap": _ground_colormap(), "norm": _by_level(levels), "linewidth": 0, "alpha": 0.85, "zorder": 1}
        size = {"rcount": GRID, "ccount": GRID, "antialiased": False}  # or its seams show
        self.grounds_.append(panel.plot_surface(x, y, landscape.loss, **(ours | size | (given or {}))))
        panel.set_zlabel("J (nats)", labelpad=10)
        panel.xaxis.labelpad = panel.yaxis.labelpad = 8
        panel.set_box_aspect(None, zoom=0.9)
        panel.view_init(elev=34, azim=-62)

    def _draw_path(self, panel, landscape, solid, given):
        from matplotlib.lines import Line2D

        *end, height = landscape.end
        end = [[value] for value in (*end, *([height] if solid else []))]
        if landscape.path is not None:
            places = [*landscape.path.T, *([landscape.heights] if solid else [])]
            marked = palette.ever_rarer(len(landscape.path), MARKED)
            ours = {"color": palette.INK, "linewidth": 1.6, "marker": ".", "markersize": 5, "zorder": 4}
            ours |= {"markevery": marked.tolist(), "label": f"the path, {len(landscape.path) - 1:,} steps"}
            self.paths_ += panel.plot(*places, **palette.styled(Line2D, ours, given))
            hollow = {"color": palette.INK, "markerfacecolor": "white", "markersize": 8, "zorder": 5, "label": "start"}
            self.starts_ += panel.plot(*(place[:1] for place in places), "o", **hollow)
        star = {
            "color": palette.YELLOW,
            "markeredgecolor": palette.INK,
            "markersize": 14,
            "zorder": 6,
            "label": _end(landscape),
        }
        self.ends_ += panel.plot(*end, "*", **star)


class Seen(NamedTuple):
    """One neuron, J as it learned it, and where it walked."""

    subject: Any
    objective: Any  # J of one neuron, in the units of X
    weights: np.ndarray  # (q, 1), learned
    path: np.ndarray | None  # (q, steps)
    heights: np.ndarray | None  # (steps,)
    remark: str

    @classmethod
    def of(cls, estimator, X, y, sample_weight, class_of_interest, with_path):
        """Find all of it in a fitted estimator."""
        subject = subject_of(estimator)
        k, neuron = subject.column(class_of_interest), subject.neuron
        objective = neuron.objective(subject.sees(X), y, sample_weight).neurons([k])
        n = len(objective.rows.y)
        stride = -(-n // MOST_EXAMPLES)
        remark = f"J of {-(-n // stride):,} of {n:,} examples" if stride > 1 else ""
        coef, bias = subject.weights(class_of_interest)
        weights = np.append(coef, [bias] * neuron.fit_intercept)[:, None]
        path, heights = _walked(neuron.history_, k) if with_path else (None, None)
        return cls(subject, objective.take(slice(None, None, stride)), weights, path, heights, remark)

    def landscape(self, two, names, whitened):
        """J over two of the parameters, or of the whitened coordinates."""
        J = Whitened()(self.objective, self.weights) if whitened else self.objective
        floor = J.from_weights(self.weights)
        path = None if self.path is None else _each_from_weights(J, self.path)[two].T
        along = _along(J, floor, two)
        to_floor, reach = _floor_of_plane(J, floor, along)
        x, y = _view(path, floor[two, 0], to_floor, reach, square=whitened)
        grid = np.stack(np.meshgrid(x, y)).reshape(2, -1) - floor[two]
        loss = _losses(J, floor + along @ grid).reshape(len(y), len(x))
        if not np.isfinite(loss).all():
            raise ValueError("The path leads to where J is no finite number; fit with a smaller learning rate.")
        end = (*floor[two, 0].tolist(), float(_losses(J, floor)[0]))
        called = [f"whitened coordinate u{j + 1}" if whitened else _parameter_name(names[j]) for j in two]
        title = "The same valley, whitened" if whitened else "The valley of J"
        return Landscape(x, y, loss, end, path, self.heights, (called[0], called[1]), title, self.remark, whitened)


def _walked(history, k):
    """Weights of a neuron along its way, shape (q, steps), and J there."""
    if "weights" not in history.columns:
        raise ValueError("The path was not recorded: fit with record='path', or pass path=False for J without it.")
    weights = history.weights
    path = weights.reshape(*weights.shape[:2], -1)[..., k]
    return path.T, history.loss.reshape(len(history), -1)[history.weights_rows, k]


def _side_by_side(J, count):
    """J of one neuron, for thetas of as many columns."""
    return J.neurons(np.zeros(count, dtype=int))


def _each_from_weights(J, weights):
    return _side_by_side(J, weights.shape[1]).from_weights(weights)


def _losses(J, thetas):
    """J at every column of thetas (q, m), some at a time."""
    most = max(1, MOST_NUMBERS // len(J.rows.y))
    parts = [thetas[:, start : start + most] for start in range(0, thetas.shape[1], most)]
    with np.errstate(over="ignore", invalid="ignore"):  # a neuron that tripped may have been anywhere
        return np.concatenate([_side_by_side(J, part.shape[1]).at(part).loss for part in parts])


def _along(J, floor, two):
    """How all parameters move as the two do, shape (q, 2): the others to where J is lowest, by its parabola."""
    q = len(floor)
    along = np.zeros((q, 2))
    along[two, [0, 1]] = 1
    others = np.setdiff1d(np.arange(q), two)
    if len(others) and q <= MOST_PARAMETERS:
        H = J.hessian(floor)[..., 0]
        along[others] = -np.linalg.pinv(H[np.ix_(others, others)], hermitian=True) @ H[np.ix_(others, two)]
    return along


def _parabola(J, place, along):
    """Slopes (2,) and curvatures (2, 2) of J in the plane."""
    bends = J.bends(place)
    products = np.hstack([J.hessian_product(along[:, [i]], bends) for i in (0, 1)])
    return along.T @ J.at(place).gradient[:, 0], along.T @ products


def _floor_of_plane(J, place, along):
    """The lowest place of the plane, by some Newton steps from a place in it, and how far J rises slowly from there."""
    steps = np.zeros(2)
    for _ in range(NEWTON_STEPS):
        slopes, H = _parabola(J, place + along @ steps[:, None], along)
        reach = 3 / np.sqrt(np.maximum(np.diagonal(H), np.finfo(float).tiny))
        steps += np.clip(-np.linalg.pinv(H, hermitian=True) @ slopes, -reach, reach)
    return steps, reach


def _view(path, end, to_floor, reach, square):
    """Coordinates of the grid: path and floor, with a margin; without a path, as far as J rises by some nats."""
    floor = end + to_floor
    places = np.vstack([floor - reach, floor + reach, end] if path is None else [path, end, floor])
    low, high = places.min(axis=0), places.max(axis=0)
    if square:
        middle, half = (low + high) / 2, (high - low).max() / 2
        low, high = middle - half, middle + half
    margin = np.where(high > low, MARGIN * (high - low), np.minimum(reach, 1.0))
    return np.linspace(low - margin, high + margin, GRID).T


def _end(landscape):
    """What the star is: where the path ends, or, of a neuron that tripped, what was kept."""
    tripped = landscape.path is not None and not np.array_equal(landscape.path[-1], landscape.end[:2])
    return "kept, the best seen" if tripped else "end"


def _levels(landscape):
    """Heights of contours, ever closer together near the floor, where the valley shows."""
    floor = min(landscape.loss.min(), landscape.end[2])
    rise = np.quantile(landscape.loss, 0.98) - floor
    return floor + np.geomspace(1e-3, 1, LEVELS) * max(rise, 1e-12)


def _by_level(levels):
    """Every step between levels is one of colour."""
    from matplotlib.colors import BoundaryNorm

    return BoundaryNorm(np.append(levels[0] - (levels[1] - levels[0]), levels), 256, extend="max")


def _ground_colormap():
    from matplotlib.colors import LinearSegmentedColormap

    return LinearSegmentedColormap.from_list("ground", ["white", "#e6dcef", "#b79bcf", palette.PURPLE])


def _parameter_name(name):
    return "bias b" if name == "bias" else f"weight of {name}"


def _positions(parameters, names, seen):
    """Numbers of two different parameters."""
    if parameters is None:
        return _most_important(seen)
    found = [names.index(one) if one in names else one for one in parameters]
    q = len(names)
    if len(set(found)) != 2 or not all(isinstance(one, (int, np.integer)) and 0 <= one < q for one in found):
        raise ValueError(
            f"parameters must be two different ones, by number from 0 to {q - 1} or by name; got {parameters!r}."
        )
    return [int(one) for one in found]


def _most_important(seen):
    """The weights of the features that move the score most; if there is one feature only, its weight and the bias."""
    p = seen.subject.neuron.n_features_in_
    if len(seen.weights) < 2:
        raise ValueError("A landscape needs two parameters; this neuron has one weight and no bias.")
    if p < 2:
        return [0, 1]
    influence = np.abs(seen.weights[:p, 0]) * moments(seen.objective.rows).spread
    return sorted(np.argsort(-influence, kind="stable")[:2].tolist())


def _check_option(name, value, options):
    if value not in options:
        raise ValueError(f"{name} must be one of {list(options)}; got {value!r}.")
