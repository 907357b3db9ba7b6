"""Where does it walk? J over two parameters, a landscape with one valley, and the path that the neuron took.

A neuron has more parameters than a picture has directions. Two are chosen; the others move with them. With H the
Hessian of J at the learned parameters, s the chosen ones and o the others, J is lowest (of a parabola, exactly) if ::

    d theta_o  =  -H_oo^-1 H_os  d theta_s  =  A d theta_s

and from there the plane is tilted about the learned parameters, no more than it takes to lead through the start::

    A  <-  A + (d0_o - A d0_s) d0_s' M / (d0_s' M d0_s)        d0: to the start,  M: curvature of J in the plane

(Broyden's formula), and through the minimum if it was not reached. What is drawn is J itself on this plane, of all
examples, penalty and weights included. Start and end stand on it. Between them the path may leave it: a point that is
seen from above on a ground of another height wears the colour of its own J.

Plain descent is slow where the valley is long and narrow. In whitened coordinates ``u = L' theta``, with ``H = L L'``,
the same J is round at its floor, and the steepest way down is the way to go.

Reference: J. Nocedal and S. J. Wright, Numerical Optimization (2nd ed., 2006), section 2.2 (scaling), figure 2.7 and
equation 11.13.
"""

from operator import attrgetter
from typing import Any, NamedTuple

import numpy as np
import scipy.sparse as sp
from sklearn.utils import check_consistent_length

from sklearn_neuron._sklearn import check_matplotlib_support, check_sample_weight, safe_indexing
from sklearn_neuron.displays import palette
from sklearn_neuron.displays.names import plain, shortened
from sklearn_neuron.displays.plants import spread_of
from sklearn_neuron.homes.labels import check_total
from sklearn_neuron.inspection.subject import subject_of
from sklearn_neuron.neuron import linear_score, residual, sigmoid_slope
from sklearn_neuron.objective import Needs
from sklearn_neuron.solvers.coordinates import Whitened

MARGIN = 0.25  # of the range, around path and floor
GRID = 61  # values of J along each side, and as many across the valley; an odd number, so that one is on its floor
HALVINGS = 16  # of a line, until its lowest place is found
LEVELS = 14
NEWTON_STEPS = 8  # in the plane, to have its floor in the view
MOST_EXAMPLES = 20_000  # whose J is the ground
MOST_NUMBERS = 4_000_000  # scores side by side, or numbers of X
NEAR_THE_END = 0.01  # of the longest way from the end, squared: no tilt is found from a start so near
ARRIVED = 0.01  # decrement: J is within 1e-4 of its minimum
OFF = 0.01  # of the range of J: what stands so far from the ground is seen to
SAME = {np.float32: 1e-3, np.float64: 1e-6}  # J up to the rounding of a fit
MOST_PARAMETERS = 1_000  # whose Hessian is formed
LONGEST_NAME, LONGEST_CLASS = 48, 20  # beside an axis, in a title
TICKS = 5  # beneath the axes, or their numbers run into each other
MARKED = 30  # steps at most, ever rarer
COORDINATES = ("raw", "whitened", "both")
KINDS = ("contour", "surface")


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
    def leaves_the_plane(self):
        """Whether some of the path is seen to stand elsewhere than on the ground."""
        if self.path is None or self.ground is None:
            return False
        heights = np.asarray(self.heights)
        return bool((np.abs(self.ground - heights) > OFF * max(np.ptp(heights), 1e-12)).any())


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
        class_names=None,
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
            Examples that it learned from. If their J is not what the fit recorded, theirs is drawn, and it is said.
        y : array-like of shape (n_samples,)
            Their class labels.
        sample_weight : array-like of shape (n_samples,), default=None
            Their weights, as in the fit: of 0 not at all.
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
            Whose neuron, if there are more than two classes.
        feature_names : sequence of str, default=None
            Names of the features; None are those that the estimator knows.
        class_names : sequence of str, default=None
            Names of the classes, in the order of `classes_`; None takes the labels.
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
        X, y, sample_weight = counted(X, y, sample_weight)
        seen = Seen.of(estimator, X, y, sample_weight, class_of_interest, path)
        names = [*seen.subject.feature_names(feature_names), "bias"][: len(seen.weights)]
        whose = _whose(seen.subject, class_of_interest, class_names)
        two = _positions(parameters, names, seen)
        wanted = ("raw", "whitened") if coordinates == "both" else (coordinates,)
        landscapes = [seen.landscape(two, names, whose, whitened=one == "whitened") for one in wanted]
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
        self.grounds_, self.paths_, self.own_heights_, self.starts_, self.ends_ = [], [], [], [], []
        self.colorbars_ = []
        ground = self._draw_contours if kind == "contour" else self._draw_surface
        for landscape, panel in zip(self.landscapes, self.axes_[0], strict=True):
            ground(panel, landscape, ground_kwargs)
            self._draw_path(panel, landscape, kind == "surface", path_kwargs)
            across, up = (plain(shortened(name, LONGEST_NAME)) for name in landscape.names)
            panel.set(xlabel=across, ylabel=up)
            if landscape.is_whitened:
                panel.set_aspect("equal")
            palette.legend_above(panel, plain(landscape.title), landscape.remarks)
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
        panel.locator_params(axis="x", nbins=TICKS)
        panel.contour(x, y, loss, levels=levels, colors=palette.PURPLE, linewidths=0.5, alpha=0.4)
        bar = panel.figure.colorbar(self.grounds_[-1], ax=panel, label="J (nats)", ticks=levels[::3], format="%.3g")
        self.colorbars_.append(bar)

    def _draw_surface(self, panel, landscape, given):
        levels = _levels(landscape)
        ours = {"cmap": _ground_colormap(), "norm": _by_level(levels), "linewidth": 0, "alpha": 0.85, "zorder": 1}
        size = {"rcount": GRID, "ccount": GRID, "antialiased": False}  # or its seams show
        ours |= size | (given or {})
        self.grounds_.append(panel.plot_surface(landscape.x, landscape.y, landscape.loss, **ours))
        panel.set_zlabel("J (nats)", labelpad=10)
        panel.xaxis.labelpad = panel.yaxis.labelpad = 8
        panel.set_box_aspect(None, zoom=0.9)
        panel.view_init(elev=34, azim=-62)

    def _draw_path(self, panel, landscape, solid, given):
        *end, height = landscape.end
        if landscape.path is not None:
            places = np.column_stack([landscape.path, *([landscape.heights] if solid else [])])
            self._draw_steps(panel, landscape, places, given)
            hollow = {"color": palette.INK, "markerfacecolor": "white", "markersize": 8, "zorder": 5, "label": "start"}
            if landscape.leaves_the_plane and not solid:
                hollow["markerfacecolor"] = self._draw_own_heights(panel, landscape)
            self.starts_ += panel.plot(*places[:1].T, "o", **hollow)
        star = {
            "color": palette.YELLOW,
            "markeredgecolor": palette.INK,
            "markersize": 14,
            "zorder": 6,
            "label": "kept, the best seen" if landscape.is_elsewhere else "end",
        }
        self.ends_ += panel.plot(*([value] for value in (*end, *([height] if solid else []))), "*", **star)

    def _draw_steps(self, panel, landscape, places, given):
        """The path on all examples and, before it, that on a sample of them."""
        from matplotlib.lines import Line2D

        ours = {"color": palette.INK, "linewidth": 1.6, "marker": ".", "markersize": 5, "zorder": 4}
        first = 0 if landscape.on_all is None else int(np.argmax(landscape.on_all))
        marked = palette.ever_rarer(len(places) - first, MARKED).tolist()
        steps = {"markevery": marked, "label": f"the path, {len(places) - 1 - first:,} steps"}
        self.paths_ += panel.plot(*places[first:].T, **palette.styled(Line2D, ours | steps, given))
        if first:
            steps = {"markevery": palette.ever_rarer(first + 1, MARKED).tolist(), "linestyle": ":"}
            steps["label"] = f"{first:,} steps on a sample"
            self.paths_ += panel.plot(*places[: first + 1].T, **palette.styled(Line2D, ours | steps, given))

    def _draw_own_heights(self, panel, landscape):
        """Points of the path in the colours of their own J; returns that of the start."""
        marked = palette.ever_rarer(len(landscape.path), MARKED)
        colors = {"cmap": self.grounds_[-1].cmap, "norm": self.grounds_[-1].norm}
        style = {"s": 26, "edgecolor": palette.INK, "linewidth": 0.8, "zorder": 4.5, "label": "own J at each step"}
        at = landscape.path[marked]
        self.own_heights_.append(panel.scatter(*at.T, c=landscape.heights[marked], **colors, **style))
        return colors["cmap"](colors["norm"](landscape.heights[0]))


class Seen(NamedTuple):
    """One neuron, J as it learned it, and where it walked."""

    subject: Any
    objective: Any  # J of one neuron, in the units of X
    examples: Any  # Examples, all of them
    weights: np.ndarray  # (q, 1), learned
    path: np.ndarray | None  # (q, steps)
    heights: np.ndarray | None  # (steps,)
    on_all: np.ndarray | None  # (steps,)
    remarks: tuple[str, ...]

    @classmethod
    def of(cls, estimator, X, y, sample_weight, class_of_interest, with_path):
        """Find all of it in a fitted estimator."""
        subject = subject_of(estimator)
        k, neuron, seen = subject.column(class_of_interest), subject.neuron, subject.sees(X)
        objective = neuron.objective(seen, y, sample_weight).neurons([k])
        examples = Examples.of(seen, objective)
        coef, bias = subject.weights(class_of_interest)
        weights = np.append(coef, [bias] * neuron.fit_intercept)[:, None]
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
        if len(examples.truths) > MOST_EXAMPLES:
            remarks.append(f"ground: {MOST_EXAMPLES:,} of {len(examples.truths):,} examples, by chance")
            some = palette.thinned(len(examples.truths), MOST_EXAMPLES, examples.truths)
            objective = objective.take(some)  # for the directions of the plane, not for J
        return cls(subject, objective, examples, weights, path, heights, on_all, tuple(remarks))

    @property
    def tripped(self):
        """Whether something else was kept than the end of the path."""
        if self.path is None:
            return False
        away = np.linalg.norm(self.path[:, [-1]] - self.weights)
        return bool(away > SAME[np.float32] * np.linalg.norm(self.weights) or not np.isfinite(away))

    def name(self, names, j):
        """Name of a parameter; the bias comes after the weights."""
        return "bias b" if j == self.subject.neuron.n_features_in_ else f"weight of {names[j]}"

    def landscape(self, two, names, whose, whitened):
        """J over two of the parameters, or over the same plane in whitened coordinates."""
        view = self.plane(two)
        called = [self.name(names, j) for j in two]
        if whitened:
            view = view.whitened(self.objective)
            called = [f"whitened {called[0]}", f"whitened {called[1]}, without the other"]
        ground, path, end = self.examples.ground(np.hstack([self.weights, view.along])), view.path, view.end
        to_floor, reach = ground.floor()
        low, high = _view(path, end, to_floor, reach, square=whitened)
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
            names=(called[0], called[1]),
            title="The same valley, whitened" if whitened else f"The valley of J{whose}",
            remarks=self.remarks,
            is_whitened=whitened,
            ground=None if path is None else ground.losses((path - end).T),
            on_all=self.on_all,
            is_elsewhere=self.tripped,
        )

    def plane(self, two):
        """The plane of two of the parameters."""
        J, end = self.objective, self.weights
        along = _along(J, end, two)
        if self.path is None:
            return View(along, end[two, 0], None, end, None)
        along = _tilted(along, _curvature(J, end, along), self.path - end, _to_minimum(J, end), two)
        return View(along, end[two, 0], self.path[two].T, end, self.path)


class View(NamedTuple):
    """A plane of weights, and what is seen of a path from above."""

    along: np.ndarray  # (q, 2) how weights change along its axes
    end: np.ndarray  # (2,) where the learned weights stand
    path: np.ndarray | None  # (steps, 2)
    weights: np.ndarray  # (q, 1), learned
    walked: np.ndarray | None  # (q, steps)

    def whitened(self, objective):
        """The same plane, seen with the Hessian of an objective as its measure: there J is round at its floor."""
        J = Whitened()(objective, self.weights)
        axes, turned = np.linalg.qr(_each_from_weights(J, self.along))
        sign = np.where(np.diagonal(turned) < 0, -1.0, 1.0)
        axes, turned = axes * sign, sign[:, None] * turned
        path = None if self.walked is None else (axes.T @ _each_from_weights(J, self.walked)).T
        end = (axes.T @ _each_from_weights(J, self.weights))[:, 0]
        return self._replace(along=self.along @ np.linalg.pinv(turned), end=end, path=path)


class Examples(NamedTuple):
    """What J sums over, of one neuron: J of any weights, without slopes."""

    X: Any  # (n, p), array or sparse array
    truths: np.ndarray  # (n,)
    shares: np.ndarray  # (n,), which add up to 1
    penalty: float

    @classmethod
    def of(cls, X, objective):
        """The examples of an objective; X as the neuron sees them."""
        X = sp.csr_array(X) if sp.issparse(X) else np.asarray(X)
        X = X if X.dtype.kind == "f" else X.astype(np.float64)  # a table of numbers and truths, too
        truths, shares = (objective.home.map(attrgetter(name))[:, 0] for name in ("y", "shares"))
        shares = shares.astype(np.float64)
        return cls(X, truths, shares / shares.sum(), objective.penalty)

    def scores(self, weights):
        """Scores under weights (q, m), shape (n, m), in float64 and some examples at a time."""
        (n, p), K = self.X.shape, weights.shape[1]
        step = max(1, MOST_NUMBERS // max(p, K))
        bias = weights[p] if len(weights) > p else np.zeros(K)
        return np.concatenate([linear_score(self.X[a : a + step], weights[:p], bias) for a in range(0, n, step)])

    def losses(self, weights):
        """J under weights (q, m), shape (m,)."""
        most, p = max(1, MOST_NUMBERS // len(self.truths)), self.X.shape[1]
        parts = [weights[:, start : start + most] for start in range(0, weights.shape[1], most)]
        with np.errstate(over="ignore", invalid="ignore"):  # a neuron that tripped may have been anywhere
            means = [self.shares @ _log_loss(self.scores(part), self.truths) for part in parts]
            return np.concatenate([*means, []]) + self.penalty / 2 * (weights[:p] ** 2).sum(axis=0)

    def elsewhere(self, weights, recorded, dtype):
        """J that was recorded last, if that is not J of these examples at what was kept; otherwise None."""
        mine, last = self.losses(weights)[0], recorded[-1]
        close = np.isclose(mine, [last, np.nanmin(recorded)], rtol=SAME[dtype], atol=1e-12)
        return None if close.any() else last

    def ground(self, weights):
        """J over the plane ``weights @ [1, x, y]``, of all examples or of some that stand for them."""
        p = self.X.shape[1]
        prices = self.penalty * weights[:p].T @ weights[:p]
        scores = self.scores(weights)
        everyone = Ground(scores, self.truths, self.shares, prices)
        if len(scores) <= MOST_EXAMPLES:
            return everyone
        rows, times = np.unique(_by_chance(self.truths, self.shares, MOST_EXAMPLES), return_counts=True)
        some = Ground(scores[rows], self.truths[rows], times / MOST_EXAMPLES, prices)
        here = np.zeros((2, 1))
        return some._replace(more=float(everyone.losses(here)[0] - some.losses(here)[0]))


class Ground(NamedTuple):
    """J over a plane."""

    scores: np.ndarray  # (n, 3): z = scores @ [1, x, y]
    truths: np.ndarray  # (n,)
    shares: np.ndarray  # (n,)
    prices: np.ndarray  # (3, 3): the penalty is half of [1, x, y] @ prices @ [1, x, y]
    more: float = 0.0  # of J of all examples than of these, at x = y = 0

    def losses(self, places):
        """J at places (2, m), shape (m,)."""
        theta = np.vstack([np.ones(places.shape[1]), places])
        most = max(1, MOST_NUMBERS // len(self.truths))
        parts = [theta[:, start : start + most] for start in range(0, theta.shape[1], most)]
        with np.errstate(over="ignore", invalid="ignore"):
            means = [self.shares @ _log_loss(self.scores @ part, self.truths) for part in parts]
            return np.concatenate(means) + (theta * (self.prices @ theta)).sum(axis=0) / 2 + self.more

    def mesh(self, low, high, steep):
        """Places between low and high, (2, GRID, GRID), in lines along axis number `steep` that suit a narrow valley.

        They are even across the lines. On each of them the middle is the lowest place, and the others are closest
        together there.
        """
        along = np.linspace(low[1 - steep], high[1 - steep], GRID)
        floor = self.lowest(along, low[steep], high[steep], steep)
        apart = np.linspace(0, 1, GRID // 2 + 1)[:, None] ** 2
        line = np.vstack([floor + (low[steep] - floor) * apart[:0:-1], floor + (high[steep] - floor) * apart])
        across = np.broadcast_to(along, line.shape)
        return np.stack([across, line] if steep else [line.T, across.T])

    def lowest(self, along, low, high, steep):
        """Where J is least between low and high on lines along axis number `steep`, by halving; shape of `along`."""
        low, high = np.full(along.shape, low), np.full(along.shape, high)
        for _ in range(HALVINGS):
            middle = (low + high) / 2
            places = [along, middle] if steep else [middle, along]
            rises = self.slope(np.stack(places), steep) > 0
            low, high = np.where(rises, low, middle), np.where(rises, middle, high)
        return (low + high) / 2

    def slope(self, places, axis):
        """How J changes along an axis at places (2, m), shape (m,)."""
        theta, turned = np.vstack([np.ones(places.shape[1]), places]), self.shares * self.scores[:, 1 + axis]
        with np.errstate(over="ignore", invalid="ignore"):
            return turned @ residual(self.scores @ theta, self.truths[:, None]) + self.prices[1 + axis] @ theta

    def floor(self):
        """The lowest place, (2,), by some Newton steps from 0, and how far J rises slowly from there, (2,)."""
        place = np.zeros(2)
        for _ in range(NEWTON_STEPS):
            theta = np.array([1, *place])
            z, turned = self.scores @ theta, self.scores[:, 1:]
            slopes = (self.shares * residual(z, self.truths)) @ turned + self.prices[1:] @ theta
            H = turned.T @ ((self.shares * sigmoid_slope(z))[:, None] * turned) + self.prices[1:, 1:]
            reach = 3 / np.sqrt(np.maximum(np.diagonal(H), np.finfo(float).tiny))
            place = place + np.clip(-np.linalg.pinv(H, hermitian=True) @ slopes, -reach, reach)
        return place, reach


def counted(X, y, sample_weight=None):
    """The examples that count at all, those of weight 0 left out.

    Parameters
    ----------
    X : {array-like, sparse matrix} of shape (n_samples, n_features)
        Examples.
    y : array-like of shape (n_samples,)
        Their class labels.
    sample_weight : array-like of shape (n_samples,), default=None
        Their weights; None lets all count alike.

    Returns
    -------
    X, y, sample_weight
        The rows of them that count.

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
    return (X, y, weight) if counts.all() else [safe_indexing(one, counts) for one in (X, y, weight)]


def _whose(subject, class_of_interest, class_names):
    """Of which neuron J is, if there are several."""
    names, k = subject.class_names(class_names), subject.column(class_of_interest)
    return f", of the neuron for {shortened(names[k], LONGEST_CLASS)}" if len(names) > 2 else ""


def _log_loss(z, truths):
    """Loss of every example under scores (n, m): that of the neuron without its slope, in a fifth of the time."""
    return np.logaddexp(0, np.where(truths, -1.0, 1.0)[:, None] * z)


def _by_chance(truths, shares, count):
    """Numbers of examples that stand for all, each for as much: of every class its part, and heavy ones more often."""
    shuffled = np.random.default_rng(0).permutation(len(truths))
    order = shuffled[np.argsort(truths[shuffled], kind="stable")]
    heaped = np.cumsum(shares[order])
    return order[np.searchsorted(heaped, (np.arange(count) + 0.5) / count * heaped[-1])]


def _side_by_side(J, count):
    """J of one neuron, for thetas of as many columns."""
    return J.neurons(np.zeros(count, dtype=int))


def _each_from_weights(J, weights):
    return _side_by_side(J, weights.shape[1]).from_weights(weights)


def _along(J, floor, two):
    """How all parameters move as the two do, shape (q, 2): the others to where J is lowest, by its parabola."""
    q = len(floor)
    along = np.zeros((q, 2))
    along[two, [0, 1]] = 1
    others = np.setdiff1d(np.arange(q), two)
    if len(others) and q <= MOST_PARAMETERS:
        H = J.hessian(floor)[..., 0]
        along[others] = -_solved(H[np.ix_(others, others)], H[np.ix_(others, two)])
    return along


def _solved(H, b):
    """``H^-1 b`` of a Hessian that may be singular, whatever the units."""
    unit = 1 / np.sqrt(np.maximum(np.diagonal(H), np.finfo(float).tiny))[:, None]
    return unit * (np.linalg.pinv(unit * H * unit.T, hermitian=True) @ (unit * b))


def _curvature(J, place, along):
    """Curvature of J in the plane, (2, 2)."""
    hessian_weights = J.hessian_weights(place)
    return along.T @ np.hstack([J.hessian_product(along[:, [i]], hessian_weights) for i in (0, 1)])


def _to_minimum(J, place):
    """The way from a place to where J is least, (q,), by damped Newton steps; zeros if it is there, or too wide."""
    here = place
    for _ in range(NEWTON_STEPS if len(place) <= MOST_PARAMETERS else 0):
        seen = J.at(here, Needs.HESSIAN)
        step = -_solved(seen.hessian[..., 0], seen.gradient)
        decrement = np.sqrt(max(-float(np.vdot(seen.gradient, step)), 0.0))
        if decrement < ARRIVED:
            break
        here = here + step / (1 + decrement)
    return (here - place)[:, 0]


def _tilted(along, M, away, to_minimum, two):
    """The plane (q, 2) tilted to lead through the start, and the minimum; `away` from the end is the path."""
    start, least = away[:, 0], to_minimum
    far = np.einsum("is,ij,js->s", away[two], M, away[two])
    if not 0 < NEAR_THE_END * far.max() < far[0]:
        return along
    along = along + np.outer(start - along @ start[two], M @ start[two]) / far[0]
    aside = least[two] - start[two] * (start[two] @ M @ least[two]) / far[0]
    if aside @ M @ aside <= NEAR_THE_END * (least[two] @ M @ least[two]):
        return along
    return along + np.outer(least - along @ least[two], M @ aside) / (aside @ M @ aside)


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


def _levels(landscape):
    """Heights of contours, from the floor up and closest together there, where the valley shows."""
    floor = min(landscape.loss.min(), landscape.end[2])
    rise = np.quantile(landscape.loss, 0.98) - floor
    return floor + np.append(0, np.geomspace(1e-3, 1, LEVELS)) * max(rise, 1e-12)


def _by_level(levels):
    """Every step between levels is one of colour."""
    from matplotlib.colors import BoundaryNorm

    return BoundaryNorm(levels, 256, extend="max")


def _ground_colormap():
    from matplotlib.colors import LinearSegmentedColormap

    return LinearSegmentedColormap.from_list("ground", ["white", "#e6dcef", "#b79bcf", palette.PURPLE])


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
    influence = np.abs(seen.weights[:p, 0]) * spread_of(seen.examples.X)
    return sorted(np.argsort(-influence, kind="stable")[:2].tolist())


def _check_option(name, value, options):
    if value not in options:
        raise ValueError(f"{name} must be one of {list(options)}; got {value!r}.")
